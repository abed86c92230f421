/*
 * json: JSON objects as records. One object a line, objects one after the other over several lines, or an
 * array of objects. Nested objects become dotted names (json_record.h).
 *
 * A small scanner finds where each top-level value begins and ends, so that only one value is held at a
 * time. A value that does not end (a log cut in the middle) is given up when a line stands alone as an object.
 */
#include "replay/readers/formats.h"
#include "replay/readers/json_source.h"
#include "replay/readers/record.h"

#include <string.h>

enum { VALUE_MAX = 8 << 20 };

struct json_run {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct arena arena;
	struct json_names *names;
	struct json_source *source;
	struct json_lines lines;
	struct record record;            /* of a line that may stand alone */
	/* The value that is being collected over lines. */
	struct buffer value;
	uint64_t begins;                 /* line of its first byte */
	const char *from;                /* of a chunk: that byte, or the beginning of its line */
	uint64_t first_held, held;       /* its lines that are not in the account yet */
	unsigned depth;
	bool in_string, escaped;
};

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void forget_value(struct json_run *run)
{
	buffer_clear(&run->value);
	run->depth = 0;
	run->held = 0;
	run->in_string = run->escaped = false;
}

/* All lines of the value in hand are rejected, the first with the reason. */
static void reject_value(struct json_run *run, const char *why)
{
	if (run->held) {
		ledger_reject(run->ledger, run->file, run->first_held, "%s", why);
		run->ledger->rejected += run->held - 1;
	}
	forget_value(run);
}

/* Moves the scanner over one byte; true: the value ended with it. */
static bool scan(struct json_run *run, char byte)
{
	if (run->in_string) {
		bool quote = byte == '"' && !run->escaped;
		run->escaped = byte == '\\' && !run->escaped;
		run->in_string = !quote;
		return false;
	}
	if (byte == '"')
		run->in_string = true;
	else if (byte == '{' || byte == '[')
		run->depth++;
	else if (byte == '}' || byte == ']')
		run->depth -= run->depth > 0;
	return !run->depth;
}

/* What a line was in the account. */
struct line_account {
	bool event, part, structure;
	const char *why;
};

/* A value ended at this line. Its earlier lines were held back until it was known to be good. */
static int finish_value(struct json_run *run, uint64_t number, struct line_account *account)
{
	const char *why = NULL;
	struct text value = buffer_view(&run->value);
	if (run->options->chunk)
		value = text_copy(run->options->chunk->arena, value);
	int status = json_source_take(run->source, value, run->begins, NULL, &why);
	if (why) {
		account->why = run->held ? "it ends a value that was rejected" : why;
		reject_value(run, why);
		return status;
	}
	if (run->held) {
		/* A value that began on a line with another event has no first line of its own. */
		bool first = run->first_held == run->begins;
		run->ledger->event_lines += first;
		run->ledger->continued += run->held - first;
	}
	account->event |= run->begins == number;
	account->part |= run->begins != number;
	forget_value(run);
	return status;
}

static int take_bytes(struct json_run *run, const struct input_line *line, struct line_account *account)
{
	struct text text = line->text;
	int status = 0;
	for (size_t i = 0; i < text.length && !status && !account->why; i++) {
		char byte = text.data[i];
		bool outside = !run->depth;
		if (outside && (is_space(byte) || byte == ',' || byte == '[' || byte == ']')) {
			account->structure |= !is_space(byte);
			continue;
		}
		if (outside && byte != '{') {
			account->why = "no JSON object begins here";
			break;
		}
		if (outside) {
			run->begins = line->number;
			run->from = text.data + i;
		}
		size_t from = i;
		while (i < text.length && !scan(run, text.data[i]))
			i++;
		buffer_add(&run->value, text.data + from, (i < text.length ? i + 1 : i) - from);
		if (i < text.length)
			status = finish_value(run, line->number, account);
	}
	if (run->depth)
		buffer_char(&run->value, '\n');
	return status;
}

/* Puts the line into the account. One that only holds a part of an open value is held back with it. */
static void settle(struct json_run *run, const struct input_line *line, const struct line_account *account)
{
	struct ledger *ledger = run->ledger;
	if (account->why)
		ledger_reject(ledger, run->file, line->number, "%s", account->why);
	else if (account->event)
		ledger->event_lines++;
	else if (account->part)
		ledger->continued++;
	else if (run->depth && run->held++ == 0)
		run->first_held = line->number;
	else if (!run->depth && account->structure)
		ledger->continued++;
	else if (!run->depth)
		ledger->blank++;
}

/* In the middle of a value: does this line stand alone, so that the value before was cut short? */
static bool stands_alone(struct json_run *run, struct text text)
{
	if (!run->depth || !text.length || text.data[0] != '{' || text.data[text.length - 1] != '}')
		return false;
	arena_reset(&run->arena);
	record_begin(&run->record, &run->arena, run->file, 0);
	return json_record(run->names, text, &run->record) == NULL;
}

static int take_line(struct json_run *run, const struct input_line *line)
{
	struct line_account account = {0};
	const char *why = NULL;
	run->ledger->lines++;
	if (line->too_long || run->value.length + line->text.length > VALUE_MAX) {
		reject_value(run, "the JSON value that begins here is larger than 8 MiB");
		ledger_reject(run->ledger, run->file, line->number, "the line is part of a JSON value larger than 8 MiB");
		return 0;
	}
	if (stands_alone(run, line->text))
		reject_value(run, "the JSON value that begins here does not end");
	/* Nearly always a line is an object. */
	if (!run->depth && line->text.length && line->text.data[0] == '{') {
		int status = json_source_take(run->source, line->text, line->number, &run->lines, &why);
		if (!why) {
			run->ledger->event_lines++;
			return status;
		}
	}
	int status = take_bytes(run, line, &account);
	settle(run, line, &account);
	if (account.why)
		forget_value(run);
	return status;
}

/* Lines that lie together. */
static int take_block(struct json_run *run, struct input *input, const struct input_line *block)
{
	struct input_line line = *block;
	int status = 0;
	if (block->too_long) {
		input_count(input, 1);
		return take_line(run, block);
	}
	json_lines_begin(&run->lines, block->text);
	for (; !status && json_lines_next(&run->lines); line.number++) {
		line.text = json_lines_text(&run->lines);
		line.too_long = line.text.length > INPUT_LINE_MAX;
		status = take_line(run, &line);
	}
	input_count(input, line.number - block->number);
	return status;
}

/* The rest of a line whose beginning the chunk before has in its account, and all of it with that. */
static int resume(struct json_run *run, struct input *input, struct diagnostics *d)
{
	struct line_account account = {0};
	struct input_line line;
	int got = input_next(input, &line, d);
	return got > 0 ? take_bytes(run, &line, &account) : got;
}

/* What a value that is open at the end of a chunk has in the account is taken back. */
static void leave_open(struct json_run *run, struct reader_chunk *chunk, const char *bytes)
{
	chunk->torn = true;
	chunk->resume = run->first_held != run->begins || !run->held;
	while (!chunk->resume && run->from > bytes && run->from[-1] != '\n')
		run->from--;
	chunk->whole = (size_t)(run->from - bytes);
	run->ledger->lines -= run->held;
	forget_value(run);
}

int json_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct json_run run = {.options = options, .sink = sink, .ledger = ledger, .file = input_name(input)};
	struct reader_chunk *chunk = options->chunk;
	struct input_line block;
	struct text begin = TEXT("");
	int status = 0, got = 1;
	struct json_names *own = NULL;
	if (chunk)
		run.file = arena_strdup(chunk->arena, run.file);
	run.names = reader_json_names(options);
	if (!run.names)
		run.names = own = json_names_new(options);
	run.lines.bits.level = simd_level_best();
	run.source = json_source_new(options, run.names, sink, ledger, run.file);
	if (chunk && input_peek(input, 1, &begin, d) == 0 && chunk->resumes)
		status = resume(&run, input, d);
	while (!status && (got = input_block(input, &block, d)) > 0)
		status = take_block(&run, input, &block);
	if (chunk && !chunk->last && run.depth)
		leave_open(&run, chunk, begin.data);
	reject_value(&run, "the JSON value that begins here does not end");
	json_source_free(run.source);
	json_lines_free(&run.lines);
	json_names_free(own);
	buffer_free(&run.value);
	arena_free(&run.arena);
	return status ? status : got;
}

/* In front of a line that begins an object. One that stands in a longer value makes the chunk before a torn one. */
size_t json_border(struct text bytes, size_t from)
{
	while (from < bytes.length) {
		bool line = !from || bytes.data[from - 1] == '\n';
		if (line && bytes.data[from] == '{')
			return from;
		const char *newline = memchr(bytes.data + from, '\n', bytes.length - from);
		from = newline ? (size_t)(newline - bytes.data) + 1 : bytes.length;
	}
	return from;
}

/* Objects, or the beginning of an array: only the first byte that is no blank tells. */
unsigned json_fits(struct text sample)
{
	struct text begin = text_trim(sample);
	if (!begin.length || (begin.data[0] != '{' && begin.data[0] != '['))
		return 0;
	begin = text_trim(text_slice(begin, 1, begin.length));
	return begin.length && (begin.data[0] == '"' || begin.data[0] == '{') ? 90 : 1;
}
