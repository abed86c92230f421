/*
 * audit_parse: heads and fields of audit records.
 */
#include "replay/readers/audit_parse.h"

#include <string.h>

enum { ENRICHED_MARK = 0x1d };
#define SECONDS_MAX UINT64_C(9000000000) /* so that nanoseconds fit 64 bits */

struct cursor { /* over a line's head */
	const char *at, *end;
};

static bool skip(struct cursor *c, const char *word)
{
	size_t length = strlen(word);
	if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
		return false;
	c->at += length;
	return true;
}

/* Up to the next blank. */
static struct text take_word(struct cursor *c)
{
	const char *start = c->at;
	const char *blank = memchr(start, ' ', (size_t)(c->end - start));
	c->at = blank ? blank : c->end;
	return (struct text){start, (size_t)(c->at - start)};
}

static void skip_blanks(struct cursor *c)
{
	while (c->at < c->end && *c->at == ' ')
		c->at++;
}

static bool take_number(struct cursor *c, unsigned digits, uint64_t *number)
{
	const char *start = c->at;
	uint64_t value = 0;
	while (c->at < c->end && *c->at >= '0' && *c->at <= '9' && (size_t)(c->at - start) < digits)
		value = value * 10 + (uint64_t)(*c->at++ - '0');
	*number = value;
	return c->at > start;
}

/* audit(SECONDS.MILLISECONDS:SERIAL): */
static const char *take_stamp(struct cursor *c, struct audit_line *line)
{
	uint64_t seconds, milliseconds = 0;
	skip(c, "msg=");
	if (!skip(c, "audit("))
		return "it has no msg=audit(…)";
	if (!take_number(c, 10, &seconds) || !skip(c, ".") || !take_number(c, 3, &milliseconds) || !skip(c, ":") ||
		!take_number(c, 19, &line->serial) || !skip(c, ")") || seconds > SECONDS_MAX)
		return "its time and serial cannot be read";
	skip(c, ":");
	line->seconds = (int64_t)seconds;
	line->milliseconds = (unsigned)milliseconds;
	return NULL;
}

static bool is_type_byte(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' || byte == '[' || byte == ']' ||
		(byte >= 'a' && byte <= 'z') || byte == '-';
}

/* NAME, NUMBER or UNKNOWN[NUMBER]. */
static bool name_type(struct audit_line *line)
{
	struct text type = line->type;
	uint64_t number;
	for (size_t i = 0; i < type.length; i++)
		if (!is_type_byte(type.data[i]))
			return false;
	line->number = audit_type_number(type);
	if (text_starts(type, TEXT("UNKNOWN["), false) && type.data[type.length - 1] == ']')
		type = text_slice(type, 8, type.length - 1);
	if (!line->number && type.length <= 9 && text_to_ulong_base(type, 10, &number)) {
		struct text name = audit_type_name((unsigned)number);
		line->number = (unsigned)number;
		line->type = name.length ? name : line->type;
	}
	return type.length > 0;
}

static const char *take_head(struct cursor c, struct audit_line *line)
{
	if (skip(&c, "node=")) {
		line->node = take_word(&c);
		skip_blanks(&c);
	}
	if (!skip(&c, "type="))
		return "it does not begin with type=";
	line->type = take_word(&c);
	if (!name_type(line))
		return "its type is no record type";
	skip_blanks(&c);
	const char *why = take_stamp(&c, line);
	if (why)
		return why;
	skip_blanks(&c);
	line->body = (struct text){c.at, (size_t)(c.end - c.at)};
	return NULL;
}

/* The host of a syslog head: the word before the first one that ends in a colon (the program). */
static struct text syslog_host(struct text head)
{
	struct cursor c = {head.data, head.data + head.length};
	struct text before = {0};
	while (c.at < c.end) {
		struct text word = take_word(&c);
		if (word.length && word.data[word.length - 1] == ':')
			return before;
		if (word.length)
			before = word;
		skip_blanks(&c);
	}
	return TEXT("");
}

/* A record inside a syslog line: where ` type=` (or ` node=`) stands and what follows is a head. */
static const char *take_wrapped(struct text text, struct audit_line *line)
{
	static const char *const starts[] = {" node=", " type="};
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
		size_t length = strlen(starts[i]);
		for (size_t at = 0; at + length < text.length && at < 512; at++) {
			if (memcmp(text.data + at, starts[i], length) != 0)
				continue;
			*line = (struct audit_line){0};
			if (take_head((struct cursor){text.data + at + 1, text.data + text.length}, line))
				continue;
			if (!line->node.length)
				line->node = syslog_host(text_slice(text, 0, at));
			return NULL;
		}
	}
	return "it does not begin with type=";
}

const char *audit_parse_line(struct text text, struct audit_line *line)
{
	*line = (struct audit_line){0};
	struct cursor c = {text.data, text.data + text.length};
	if (!text.length)
		return "it is empty";
	if (text_starts(text, TEXT("type="), false) || text_starts(text, TEXT("node="), false))
		return take_head(c, line);
	return take_wrapped(text, line);
}

void audit_fields(struct audit_cursor *cursor, struct text body)
{
	*cursor = (struct audit_cursor){.body = body};
}

static bool is_break(char byte)
{
	return byte == ' ' || byte == ENRICHED_MARK || byte == '\n' || byte == '\t';
}

/* Goes over blanks and marks; inside a nested msg also over the quote that ends it. */
static void skip_breaks(struct audit_cursor *c)
{
	while (c->at < c->body.length) {
		char byte = c->body.data[c->at];
		if (c->quote && c->at == c->quote)
			c->quote = 0;
		else if (byte == ENRICHED_MARK)
			c->enriched = true;
		else if (byte != ' ' && byte != '\t' && byte != '\n')
			return;
		c->at++;
	}
}

/* msg='… : its fields are fields of the record. The last quote before the mark ends it. */
static bool enter_message(struct audit_cursor *c)
{
	struct text rest = text_slice(c->body, c->at + 1, c->body.length);
	const char *mark = memchr(rest.data, ENRICHED_MARK, rest.length);
	size_t end = mark ? (size_t)(mark - rest.data) : rest.length;
	if (c->quote)
		return false;
	while (end && rest.data[end - 1] != '\'')
		end--;
	if (!end)
		return false;
	c->quote = c->at + end;
	c->at++;
	return true;
}

/* The value that begins at the cursor and ends with `closing`, which is dropped like the opening byte. */
static bool take_enclosed(struct audit_cursor *c, char closing, struct audit_field *field)
{
	size_t from = c->at + 1;
	const char *end = memchr(c->body.data + from, closing, c->body.length - from);
	if (!end)
		return false;
	size_t to = (size_t)(end - c->body.data);
	field->value = text_slice(c->body, from, to);
	c->at = to + 1;
	return true;
}

static void take_bare(struct audit_cursor *c, struct audit_field *field)
{
	size_t from = c->at;
	size_t end = c->quote ? c->quote : c->body.length;
	while (c->at < end && !is_break(c->body.data[c->at]))
		c->at++;
	size_t to = c->at;
	/* Old records enclose and separate: (hostname=?, addr=?, res=success) */
	while (to > from && (c->body.data[to - 1] == ',' || (c->body.data[to - 1] == ')' && c->body.data[from] != '(') ||
						  (c->body.data[to - 1] == '"' && c->body.data[from] != '"')))
		to--;
	field->value = text_slice(c->body, from, to);
}

static void take_value(struct audit_cursor *c, struct audit_field *field)
{
	char first = c->at < c->body.length ? c->body.data[c->at] : ' ';
	field->quoted = first == '"' && take_enclosed(c, '"', field);
	if (field->quoted || (first == '{' && c->enriched && take_enclosed(c, '}', field)))
		return;
	take_bare(c, field);
}

/* The next word up to `=`; false: a word without one, which is skipped. */
static bool take_key(struct audit_cursor *c, struct text *key)
{
	size_t end = c->quote ? c->quote : c->body.length;
	while (c->at < end && c->body.data[c->at] == '(')
		c->at++;
	size_t from = c->at;
	while (c->at < end && !is_break(c->body.data[c->at])) {
		if (c->body.data[c->at] == '=' && c->at > from) {
			*key = text_slice(c->body, from, c->at++);
			return true;
		}
		c->at++;
	}
	return false;
}

bool audit_next(struct audit_cursor *c, struct audit_field *field)
{
	for (;;) {
		if (c->quote && c->at > c->quote)
			c->quote = 0;
		skip_breaks(c);
		if (c->at >= c->body.length)
			return false;
		*field = (struct audit_field){.enriched = c->enriched};
		if (!take_key(c, &field->key))
			continue;
		bool nested = c->at < c->body.length && c->body.data[c->at] == '\'' && text_is(field->key, "msg");
		if (nested && enter_message(c))
			continue;
		take_value(c, field);
		return true;
	}
}

bool audit_type_is_user(unsigned number)
{
	return (number >= 1100 && number <= 1299) || (number >= 2100 && number <= 2999);
}

static int digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

bool audit_unhex(struct arena *arena, struct text hex, struct text *bytes)
{
	if (!hex.length || hex.length % 2)
		return false;
	for (size_t i = 0; i < hex.length; i++)
		if (digit(hex.data[i]) < 0)
			return false;
	char *out = arena_alloc(arena, hex.length / 2 + 1);
	for (size_t i = 0; i < hex.length / 2; i++)
		out[i] = (char)(digit(hex.data[2 * i]) * 16 + digit(hex.data[2 * i + 1]));
	*bytes = (struct text){out, hex.length / 2};
	return true;
}
