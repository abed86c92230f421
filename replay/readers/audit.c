/*
 * audit: reads audit logs. Lines → records (audit_parse) → events (audit_event) → raw names (audit_record) →
 * the dialect's meaning.
 */
#include "replay/readers/audit_record.h"
#include "replay/readers/audit_stream.h"
#include "replay/readers/formats.h"

#include <stdlib.h>

enum { AUDIT_LINE_MAX = 1 << 20 };

struct audit_stream {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct audit_memo memo;
	struct arena kept;         /* tables and plans */
	struct audit_tables *tables, *whole; /* whole: of all names that the dialect asks for; made when first needed */
	const struct audit_event *event;     /* in hand */
	struct audit_events *events;
	struct arena arena;        /* of the event in hand */
};

/* All names of the event in hand, for whoever shows it. */
static void add_all(void *context, struct record *full)
{
	struct audit_stream *stream = context;
	if (!stream->whole) {
		const struct record_plan *plan = record_plan_make(&stream->kept, stream->options->dialect,
			&stream->options->catalog->registry, NULL, stream->options->label_name);
		stream->whole = audit_tables_new(&stream->kept, plan);
	}
	audit_record(stream->whole, stream->event, full->arena, stream->file, full);
}

static int take_event(void *context, const struct audit_event *event)
{
	struct audit_stream *stream = context;
	struct record record;
	arena_reset(&stream->arena);
	stream->event = event;
	audit_record(stream->tables, event, &stream->arena, stream->file, &record);
	record.again = add_all;
	record.again_context = stream;
	return reader_deliver(&record, stream->options, stream->sink, stream->ledger);
}

struct audit_stream *audit_stream_new(const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, const char *file)
{
	struct audit_stream *stream = mem_alloc(sizeof *stream);
	*stream = (struct audit_stream){.options = options, .sink = sink, .ledger = ledger, .file = file};
	const struct record_plan *plan = reader_plan(options);
	if (!plan)
		plan = record_plan_make(&stream->kept, options->dialect, &options->catalog->registry, options->wanted,
			options->label_name);
	stream->tables = audit_tables_new(&stream->kept, plan);
	stream->events = audit_events_new(take_event, stream);
	return stream;
}

void audit_stream_free(struct audit_stream *stream)
{
	if (!stream)
		return;
	audit_events_free(stream->events);
	arena_free(&stream->arena);
	arena_free(&stream->kept);
	free(stream);
}

int audit_stream_take(struct audit_stream *stream, struct text record, uint64_t line)
{
	struct audit_line parsed;
	const char *why = audit_head_next(&stream->memo, record, &parsed);
	if (!why)
		return audit_stream_add(stream, &parsed, line);
	ledger_reject(stream->ledger, stream->file, line, "no audit record: %s", why);
	return 0;
}

int audit_stream_add(struct audit_stream *stream, const struct audit_line *record, uint64_t line)
{
	enum audit_role role;
	int status = audit_events_add(stream->events, record, line, &role);
	if (role == AUDIT_ROLE_FIRST)
		stream->ledger->event_lines++;
	else
		stream->ledger->continued++;
	return status;
}

int audit_stream_end(struct audit_stream *stream)
{
	return audit_events_end(stream->events);
}

int audit_stream_flush(struct audit_stream *stream)
{
	return audit_events_end(stream->events);
}

static int take_line(struct audit_stream *stream, const struct input_line *line)
{
	struct ledger *ledger = stream->ledger;
	ledger->lines++;
	if (!text_trim(line->text).length) {
		ledger->blank++;
		return 0;
	}
	if (line->too_long || line->text.length > AUDIT_LINE_MAX) {
		ledger_reject(ledger, stream->file, line->number, "the line is longer than %d bytes", AUDIT_LINE_MAX);
		return 0;
	}
	return audit_stream_take(stream, line->text, line->number);
}

/* A log that is followed: an event does not wait for the next one to end it. */
struct audit_silence {
	struct audit_stream *stream;
	int status;
};

static int flush_silent(void *context)
{
	struct audit_silence *silence = context;
	return silence->status = audit_stream_flush(silence->stream);
}

int audit_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct audit_silence silence = {audit_stream_new(options, sink, ledger, input_name(input)), 0};
	struct input_line line;
	int status = 0, got = 1;
	input_when_silent(input, flush_silent, &silence);
	while (!status && (got = input_next(input, &line, d)) > 0)
		status = take_line(silence.stream, &line);
	input_when_silent(input, NULL, NULL);
	if (!status)
		status = silence.status;
	if (!status)
		status = audit_stream_end(silence.stream);
	audit_stream_free(silence.stream);
	return status ? status : got;
}

/* A record inside a JSON object is the object's: its text is escaped there. */
static bool is_record(struct text line)
{
	struct audit_line parsed;
	return line.length && line.data[0] != '{' && line.data[0] != '[' && audit_parse_line(line, &parsed) == NULL;
}

unsigned audit_fits(struct text sample)
{
	return reader_share(sample, is_record);
}
