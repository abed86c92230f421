/*
 * journal: what journald exports: an entry is a JSON object (journalctl -o json, json-seq, json-pretty) or a block of
 * fields (-o export). An entry's fields are raw names as they are (_CMDLINE, CONTAINER_NAME), beside the envelope's.
 *
 * A MESSAGE that is no text stands there as an array of bytes. Entries of the audit transport hold a record without its
 * head, which is put together again from _AUDIT_TYPE, _AUDIT_ID and the time that the kernel gave.
 */
#include "replay/readers/formats.h"
#include "replay/readers/json_record.h"
#include "replay/readers/log_clock.h"
#include "replay/readers/messages.h"

#include <stdlib.h>
#include <string.h>

enum { ENTRY_MAX = 16 << 20, FACILITY_UNKNOWN = 24, PRETTY_LINES_MAX = 4096 };

struct journal_run {
	struct input *input;
	struct ledger *ledger;
	const char *file;
	struct syslog_clock clock;
	struct messages *messages;
	struct json_names *names;
	struct buffer pretty;      /* an object over several lines */
	struct record *record;     /* an entry of fields that is open, or NULL */
	uint64_t begins, held;     /* its first line, and its lines that are not in the account */
	char *bytes;               /* a binary field */
	size_t capacity;
};

static struct text get(const struct record *record, const char *name)
{
	const struct raw_value *raw = record_get(record, NULL, text_of(name));
	return raw && raw->count ? raw->values[0] : TEXT("");
}

/* An array of numbers is the bytes of a text. */
static struct text message_of(struct record *record)
{
	const struct raw_value *raw = record_get(record, NULL, TEXT("MESSAGE"));
	if (!raw || !raw->count)
		return TEXT("");
	if (raw->count == 1)
		return raw->values[0];
	char *out = arena_alloc(record->arena, raw->count + 1);
	for (size_t i = 0; i < raw->count; i++) {
		uint64_t byte;
		if (!text_to_ulong_base(raw->values[i], 10, &byte) || byte > 255)
			return raw->values[0];
		out[i] = (char)byte;
	}
	return (struct text){out, raw->count};
}

static int64_t time_of(const struct record *record)
{
	static const char *const names[] = {"_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		int64_t microseconds;
		if (text_to_long(get(record, names[i]), &microseconds) && microseconds > 0 && microseconds < INT64_MAX / 1000)
			return microseconds * 1000;
	}
	return INT64_MIN;
}

static int priority_of(const struct record *record)
{
	uint64_t severity, facility;
	if (!text_to_ulong_base(get(record, "PRIORITY"), 10, &severity) || severity > 7)
		return -1;
	if (!text_to_ulong_base(get(record, "SYSLOG_FACILITY"), 10, &facility) || facility > FACILITY_UNKNOWN)
		facility = text_is(get(record, "_TRANSPORT"), "kernel") ? 0 : FACILITY_UNKNOWN;
	return (int)(facility * 8 + severity);
}

/* TYPE fields → type=NUMBER msg=audit(SECONDS.MILLISECONDS:ID): fields. What lacks its parts stays as it is. */
static struct text audit_message(struct record *record, struct text message, int64_t time)
{
	struct text type = get(record, "_AUDIT_TYPE"), id = get(record, "_AUDIT_ID");
	size_t blank = text_find(message, ' ');
	if (!text_is(get(record, "_TRANSPORT"), "audit") || !type.length || !id.length || time < 0)
		return message;
	struct text body = text_slice(message, blank + 1, message.length);
	int64_t milliseconds = time / 1000000;
	return text_of(arena_printf(record->arena, "type=%.*s msg=audit(%lld.%03d:%.*s): %.*s", TEXT_ARGS(type),
		(long long)(milliseconds / 1000), (int)(milliseconds % 1000), TEXT_ARGS(id), TEXT_ARGS(body)));
}

static int take_entry(struct journal_run *run, struct record *record)
{
	struct envelope envelope = {.time = time_of(record), .priority = priority_of(record)};
	struct text identifier = get(record, "SYSLOG_IDENTIFIER"), pid = get(record, "_PID");
	envelope.host = get(record, "_HOSTNAME");
	envelope.program = identifier.length ? identifier : get(record, "_COMM");
	envelope.pid = pid.length ? pid : get(record, "SYSLOG_PID");
	envelope.message = audit_message(record, message_of(record), envelope.time);
	return messages_take(run->messages, &envelope);
}

static const char no_entry[] = "it has neither a MESSAGE nor a __REALTIME_TIMESTAMP";

static int take_object(struct journal_run *run, struct text object, uint64_t number)
{
	struct record *record = messages_begin(run->messages, number);
	const char *why = json_record(run->names, object, record);
	if (!why && !record_get(record, NULL, TEXT("__REALTIME_TIMESTAMP")) && !record_get(record, NULL, TEXT("MESSAGE")))
		why = no_entry;
	if (!why)
		return take_entry(run, record);
	ledger_reject(run->ledger, run->file, number, "no entry of a journal: %s", why);
	return 0;
}

/* The lines of an object that does not end. */
static void give_up(struct journal_run *run)
{
	if (run->held) {
		ledger_reject(run->ledger, run->file, run->begins, "the object that begins here does not end");
		run->ledger->rejected += run->held - 1;
	}
	run->held = 0;
	buffer_clear(&run->pretty);
}

/* A line of an object over several lines. */
static int take_pretty(struct journal_run *run, struct text text, uint64_t number)
{
	if (!run->held)
		run->begins = number;
	run->held++;
	buffer_text(&run->pretty, text);
	buffer_char(&run->pretty, '\n');
	if (!text_is(text, "}")) {
		if (run->held > PRETTY_LINES_MAX || run->pretty.length > ENTRY_MAX)
			give_up(run);
		return 0;
	}
	run->ledger->continued += run->held - 1;
	run->held = 0;
	int status = take_object(run, buffer_view(&run->pretty), run->begins);
	buffer_clear(&run->pretty);
	return status;
}

/* The open entry of fields ends. */
static int end_fields(struct journal_run *run)
{
	struct record *record = run->record;
	if (!record)
		return 0;
	run->record = NULL;
	run->ledger->continued += run->held - 1;
	run->held = 0;
	if (record_get(record, NULL, TEXT("__REALTIME_TIMESTAMP")) || record_get(record, NULL, TEXT("MESSAGE")))
		return take_entry(run, record);
	ledger_reject(run->ledger, run->file, record->line, "no entry of a journal: %s", no_entry);
	return 0;
}

static bool is_field_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		char byte = name.data[i];
		if (!(byte >= 'A' && byte <= 'Z') && !(byte >= '0' && byte <= '9') && byte != '_')
			return false;
	}
	return name.length > 0 && name.length <= 64;
}

/* A field whose value is no line: its length in 8 bytes, little-endian, the value and a newline. 0: it is read; 1: it is
 * broken. */
static int take_binary(struct journal_run *run, struct text name, struct diagnostics *d)
{
	unsigned char head[8];
	uint64_t length = 0;
	struct arena *arena = run->record->arena;
	name = text_copy(arena, name);
	ssize_t got = input_take(run->input, head, sizeof head, d);
	if (got != sizeof head)
		return 1; /* an input that breaks off here says so when the next line is asked for */
	for (size_t i = sizeof head; i-- > 0;)
		length = length << 8 | head[i];
	if (length > ENTRY_MAX)
		return 1;
	if (run->capacity < length + 1) {
		run->capacity = length + 1;
		run->bytes = mem_resize(run->bytes, run->capacity);
	}
	got = input_take(run->input, run->bytes, length + 1, d);
	if (got < 0 || (size_t)got < length)
		return 1;
	record_add(run->record, name, text_copy(arena, (struct text){run->bytes, length}));
	return 0;
}

static int take_field(struct journal_run *run, struct text text, uint64_t number, struct diagnostics *d)
{
	size_t equals = text_find(text, '=');
	struct text name = text_slice(text, 0, equals);
	if (!is_field_name(name)) {
		ledger_reject(run->ledger, run->file, number, "no field of a journal's entry: it has no NAME=");
		return 0;
	}
	if (!run->record) {
		run->record = messages_begin(run->messages, number);
		run->begins = number;
	}
	run->held++;
	if (equals < text.length) {
		struct arena *arena = run->record->arena;
		record_add(run->record, text_copy(arena, name), text_copy(arena, text_slice(text, equals + 1, text.length)));
		return 0;
	}
	int status = take_binary(run, name, d);
	if (status > 0) {
		ledger_reject(run->ledger, run->file, number, "the length of this field's value is beyond the end or 16 MiB");
		run->held--;
		if (!run->held)
			run->record = NULL;
	}
	return status < 0 ? -1 : 0;
}

/* json-seq has a mark before each object. */
static struct text unmarked(struct text text)
{
	return text_slice(text, text.length && text.data[0] == '\x1e', text.length);
}

static int take_line(struct journal_run *run, const struct input_line *line, struct diagnostics *d)
{
	struct text text = line->text;
	run->ledger->lines++;
	if (line->too_long) {
		ledger_reject(run->ledger, run->file, line->number, "the line is longer than %u bytes", INPUT_LINE_MAX);
		return 0;
	}
	text = unmarked(text);
	if (!text_trim(text).length && !run->pretty.length) {
		run->ledger->blank++;
		return end_fields(run);
	}
	bool object = text.length && text.data[0] == '{' && text.data[text.length - 1] == '}';
	if (object && run->pretty.length)
		give_up(run);
	if (object || run->pretty.length || text_is(text, "{")) {
		int status = end_fields(run);
		return status ? status : object ? take_object(run, text, line->number) : take_pretty(run, text, line->number);
	}
	return take_field(run, text, line->number, d);
}

int journal_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct journal_run run = {.input = input, .ledger = ledger, .file = input_name(input)};
	struct reader_options all = *options;
	struct input_line line;
	int status = 0, got = 1;
	if (log_clock(&run.clock, input, options, d))
		return -1;
	all.dialect = NULL;
	run.names = json_names_new(&all);
	run.messages = messages_new(options, sink, ledger, run.file, &run.clock);
	messages_follow(run.messages, input);
	while (!status && (got = input_next(input, &line, d)) > 0)
		status = take_line(&run, &line, d);
	if (!status && !run.record)
		give_up(&run);
	if (!status)
		status = end_fields(&run);
	if (!status)
		status = messages_end(run.messages);
	messages_free(run.messages);
	json_names_free(run.names);
	buffer_free(&run.pretty);
	free(run.bytes);
	return status ? status : got;
}

static bool is_entry(struct text line)
{
	line = unmarked(line);
	return line.length && line.data[0] == '{' && (text_contains(line, TEXT("\"__REALTIME_TIMESTAMP\""), false) ||
													 text_contains(line, TEXT("\"_SOURCE_REALTIME_TIMESTAMP\""), false));
}

unsigned journal_fits(struct text sample)
{
	struct text begin = unmarked(text_trim(sample));
	if (text_starts(begin, TEXT("__CURSOR="), false) || text_starts(begin, TEXT("__REALTIME_TIMESTAMP="), false))
		return 100;
	if (begin.length && begin.data[0] == '{' && text_find(text_slice(begin, 0, 3), '\n') < 3)
		return text_contains(begin, TEXT("\"__REALTIME_TIMESTAMP\""), false) ? 95 : 0;
	return begin.length && begin.data[0] == '{' ? reader_share(sample, is_entry) : 0;
}
