/*
 * audit: reads audit logs. Lines → records (audit_parse) → events (audit_event) → raw names (audit_record) →
 * the dialect's meaning.
 */
#include "replay/readers/audit_lines.h"
#include "replay/readers/audit_reading.h"
#include "replay/readers/audit_stream.h"
#include "replay/readers/formats.h"

#include <stdlib.h>

struct audit_stream {
	struct audit_lines lines;
	const struct reader_options *options;
	struct event_sink sink;
	struct audit_reading *reading;
	struct arena arena; /* of the event in hand */
};

static int take_event(void *context, const struct audit_event *event)
{
	struct audit_stream *stream = context;
	arena_reset(&stream->arena);
	return audit_reading_take(stream->reading, event, &stream->arena, stream->options, stream->sink, stream->lines.ledger);
}

struct audit_stream *audit_stream_new(const struct reader_options *options, struct event_sink sink,
	struct ledger *ledger, const char *file)
{
	struct audit_stream *stream = mem_alloc(sizeof *stream);
	*stream = (struct audit_stream){.lines = {.ledger = ledger, .file = file}, .options = options, .sink = sink};
	stream->reading = audit_reading_new(options, file);
	stream->lines.events = audit_events_new(take_event, stream);
	return stream;
}

void audit_stream_free(struct audit_stream *stream)
{
	if (!stream)
		return;
	audit_events_free(stream->lines.events);
	audit_reading_free(stream->reading);
	arena_free(&stream->arena);
	free(stream);
}

int audit_stream_take(struct audit_stream *stream, struct text record, uint64_t line)
{
	return audit_lines_take(&stream->lines, record, line);
}

int audit_stream_add(struct audit_stream *stream, const struct audit_line *record, uint64_t line)
{
	return audit_lines_add(&stream->lines, record, line);
}

int audit_stream_end(struct audit_stream *stream)
{
	return audit_events_end(stream->lines.events);
}

int audit_stream_flush(struct audit_stream *stream)
{
	return audit_events_end(stream->lines.events);
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
	struct input_line block;
	int status = 0, got = 1;
	input_when_silent(input, flush_silent, &silence);
	while (!status && (got = input_block(input, &block, d)) > 0) {
		uint64_t number = block.number;
		status = audit_lines_block(&silence.stream->lines, block.text, &number);
		audit_events_keep(silence.stream->lines.events);
		input_count(input, number - block.number);
	}
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
