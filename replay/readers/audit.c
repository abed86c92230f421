/*
 * audit: reads audit logs. Lines → records (audit_parse) → events (audit_event) → raw names (audit_record) →
 * the dialect's meaning.
 */
#include "replay/readers/audit_record.h"
#include "replay/readers/formats.h"

enum { AUDIT_LINE_MAX = 1 << 20 };

struct audit_run {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	const struct audit_names *names;
	struct arena arena; /* of the event in hand */
};

static int take_event(void *context, const struct audit_event *event)
{
	struct audit_run *run = context;
	struct record record;
	arena_reset(&run->arena);
	audit_record(run->names, event, &run->arena, run->file, &record);
	return reader_deliver(&record, run->options, run->sink, run->ledger);
}

static int take_line(struct audit_run *run, struct audit_events *events, const struct input_line *line)
{
	struct ledger *ledger = run->ledger;
	struct audit_line parsed;
	enum audit_role role;
	ledger->lines++;
	if (!text_trim(line->text).length) {
		ledger->blank++;
		return 0;
	}
	if (line->too_long || line->text.length > AUDIT_LINE_MAX) {
		ledger_reject(ledger, run->file, line->number, "the line is longer than %d bytes", AUDIT_LINE_MAX);
		return 0;
	}
	const char *why = audit_parse_line(line->text, &parsed);
	if (why) {
		ledger_reject(ledger, run->file, line->number, "no audit record: %s", why);
		return 0;
	}
	int status = audit_events_add(events, &parsed, line->number, &role);
	if (role == AUDIT_ROLE_FIRST)
		ledger->event_lines++;
	else
		ledger->continued++;
	return status;
}

int audit_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct arena kept = {0};
	struct audit_run run = {.options = options, .sink = sink, .ledger = ledger, .file = input_name(input)};
	struct audit_events *events = audit_events_new(take_event, &run);
	struct input_line line;
	int status = 0, got = 1;
	run.names = audit_names_new(&kept, options->dialect);
	while (!status && (got = input_next(input, &line, d)) > 0)
		status = take_line(&run, events, &line);
	if (!status)
		status = audit_events_end(events);
	audit_events_free(events);
	arena_free(&run.arena);
	arena_free(&kept);
	return status ? status : got;
}
