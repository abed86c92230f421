/*
 * json: JSON objects as records. One object a line, objects one after the other over several lines, or an
 * array of objects. Nested objects become dotted names; jansson parses.
 *
 * A small scanner finds where each top-level value begins and ends, so that only one value is held at a
 * time. A value that does not end (a log cut in the middle) is given up when a line stands alone as an object.
 */
#include "replay/readers/formats.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VALUE_MAX = 8 << 20, DEPTH_MAX = 64, NAME_MAX = 1024 };

struct json_run {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct arena arena;
	struct record record;
	size_t left;                     /* values that may still be looked at: arrays in arrays double them */
	/* The value that is being collected over lines. */
	struct buffer value;
	uint64_t begins;                 /* line of its first byte */
	uint64_t first_held, held;       /* its lines that are not in the account yet */
	unsigned depth;
	bool in_string, escaped;
};

/* Dotted name under way. */
struct path {
	char text[NAME_MAX];
	size_t length;
};

static void add_value(struct json_run *run, const struct path *path, struct text value)
{
	struct text name = {arena_strndup(&run->arena, path->text, path->length), path->length};
	record_add(&run->record, name, value);
}

/* Shortest decimal that reads back as the same number. */
static struct text real_text(struct arena *arena, double real)
{
	char text[40];
	if (real == floor(real) && fabs(real) < 1e15)
		return text_of(arena_printf(arena, "%.0f", real));
	for (int digits = 15; digits <= 17; digits++) {
		int length = snprintf(text, sizeof text, "%.*g", digits, real);
		if (length > 0 && strtod(text, NULL) == real)
			break;
	}
	return text_of(arena_strdup(arena, text));
}

/* Texts of scalars; false for null, objects and arrays. */
static bool scalar_text(struct json_run *run, const json_t *value, struct text *text)
{
	struct arena *arena = &run->arena;
	switch (json_typeof(value)) {
	case JSON_STRING:
		*text = text_copy(arena, (struct text){json_string_value(value), json_string_length(value)});
		return true;
	case JSON_INTEGER:
		*text = text_of(arena_printf(arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
		return true;
	case JSON_REAL:
		*text = real_text(arena, json_real_value(value));
		return true;
	case JSON_TRUE:
		*text = TEXT("true");
		return true;
	case JSON_FALSE:
		*text = TEXT("false");
		return true;
	default:
		return false;
	}
}

static bool push_name(struct path *path, struct text name)
{
	if (path->length + name.length + 1 >= sizeof path->text)
		return false;
	if (path->length)
		path->text[path->length++] = '.';
	memcpy(path->text + path->length, name.data, name.length);
	path->length += name.length;
	return true;
}

static const char *flatten(struct json_run *run, json_t *value, struct path *path, unsigned depth);

static const char *flatten_object(struct json_run *run, json_t *object, struct path *path, unsigned depth)
{
	const char *key, *why = NULL;
	json_t *value;
	json_object_foreach(object, key, value) {
		size_t before = path->length;
		bool root = !depth && text_is(run->options->dialect->root, key) && json_is_object(value);
		if (!root && !push_name(path, text_of(key)))
			return "a name in it is too long";
		why = flatten(run, value, path, depth + 1);
		path->length = before;
		if (why)
			return why;
	}
	return NULL;
}

/* Items count as several values of one name; objects among them also by their index. */
static const char *flatten_array(struct json_run *run, json_t *array, struct path *path, unsigned depth)
{
	const char *why = NULL;
	size_t index;
	json_t *item;
	json_array_foreach(array, index, item) {
		size_t before = path->length;
		char number[24];
		why = flatten(run, item, path, depth + 1);
		if (!why && json_is_object(item)) {
			int length = snprintf(number, sizeof number, "%zu", index);
			if (!push_name(path, (struct text){number, (size_t)length}))
				return "a name in it is too long";
			why = flatten(run, item, path, depth + 1);
		}
		path->length = before;
		if (why)
			return why;
	}
	return NULL;
}

static const char *flatten(struct json_run *run, json_t *value, struct path *path, unsigned depth)
{
	struct text text;
	if (depth > DEPTH_MAX)
		return "it is nested deeper than 64";
	if (!run->left--)
		return "its arrays are nested too deep";
	if (json_is_object(value))
		return flatten_object(run, value, path, depth);
	if (json_is_array(value))
		return flatten_array(run, value, path, depth);
	if (scalar_text(run, value, &text))
		add_value(run, path, text);
	return NULL;
}

/* NULL and *value, or the reason. Integers beyond 64 bits become real numbers. */
static const char *parse(struct json_run *run, struct text text, json_t **value)
{
	json_error_t error;
	*value = json_loadb(text.data, text.length, JSON_ALLOW_NUL, &error);
	if (!*value && json_error_code(&error) == json_error_numeric_overflow)
		*value = json_loadb(text.data, text.length, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);
	return *value ? NULL : arena_printf(&run->arena, "no JSON: %s", error.text);
}

/* One object → one event. Counts the event, not its lines. *why: set where it is none. */
static int deliver(struct json_run *run, struct text text, uint64_t line, const char **why)
{
	struct path path = {.length = 0};
	json_t *value = NULL;
	int status = 0;
	arena_reset(&run->arena);
	*why = parse(run, text, &value);
	if (*why)
		return 0;
	record_begin(&run->record, &run->arena, run->file, line);
	run->left = 1024 + 16 * text.length;
	*why = flatten(run, value, &path, 0);
	if (!*why)
		status = reader_deliver(&run->record, run->options, run->sink, run->ledger);
	json_decref(value);
	return status;
}

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
	int status = deliver(run, buffer_view(&run->value), run->begins, &why);
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
		if (outside)
			run->begins = line->number;
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
	json_t *value = NULL;
	if (!run->depth || !text.length || text.data[0] != '{' || text.data[text.length - 1] != '}')
		return false;
	arena_reset(&run->arena);
	bool alone = !parse(run, text, &value);
	json_decref(value);
	return alone;
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
		int status = deliver(run, line->text, line->number, &why);
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

int json_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct json_run run = {.options = options, .sink = sink, .ledger = ledger, .file = input_name(input)};
	struct input_line line;
	int status = 0, got = 1;
	while (!status && (got = input_next(input, &line, d)) > 0)
		status = take_line(&run, &line);
	reject_value(&run, "the JSON value that begins here does not end");
	buffer_free(&run.value);
	arena_free(&run.arena);
	return status ? status : got;
}
