/* lucene: regular expressions of Lucene and of our subset. */
#include "generator/elastic/lucene.h"

#include <stdlib.h>
#include <string.h>

/* What a class stands for inside a set: ours (with form feed), and theirs. */
static const char *const digits = "0-9", *const words = "A-Za-z0-9_";
static const char *const our_blanks = " \t\n\f\r", *const their_blanks = " \t\n\r";

static const char *class_members(char letter, const char *blanks)
{
	switch (letter) {
	case 'd':
	case 'D':
		return digits;
	case 'w':
	case 'W':
		return words;
	case 's':
	case 'S':
		return blanks;
	default:
		return NULL;
	}
}

static bool negated_class(char letter)
{
	return letter == 'D' || letter == 'W' || letter == 'S';
}

/* --- ours → theirs --- */

static void write_literal(struct buffer *out, char byte, bool in_set)
{
	/* Their operators; in a set only what closes, negates, spans or escapes. */
	const char *special = in_set ? "\\]^-[\"&" : ".?+*|{}[]()\"\\#@&<>~";

	if (byte != '\0' && strchr(special, byte) != NULL)
		buffer_char(out, '\\');
	buffer_char(out, byte);
}

/* A character by its number; ours are at most 0xFF. */
static bool write_number(struct buffer *out, int number, bool in_set)
{
	if (number <= 0)
		return false;
	if (number < 0x80) {
		write_literal(out, (char)number, in_set);
		return true;
	}
	buffer_char(out, (char)(0xC0 | number >> 6));
	buffer_char(out, (char)(0x80 | (number & 0x3F)));
	return true;
}

/* The escape at `*at` (behind the backslash). */
static bool write_escape(struct buffer *out, struct text regex, size_t *at, bool in_set)
{
	char letter = regex.data[(*at)++];
	const char *members = class_members(letter, our_blanks);

	if (members != NULL) {
		if (in_set && negated_class(letter))
			return false;
		buffer_printf(out, in_set ? "%s" : negated_class(letter) ? "[^%s]" : "[%s]", members);
		return true;
	}
	switch (letter) {
	case 'n':
		buffer_char(out, '\n');
		return true;
	case 'r':
		buffer_char(out, '\r');
		return true;
	case 't':
		buffer_char(out, '\t');
		return true;
	case 'f':
		buffer_char(out, '\f');
		return true;
	case 'x': {
		int high = *at < regex.length ? text_hex_digit(regex.data[*at]) : -1;
		int low = *at + 1 < regex.length ? text_hex_digit(regex.data[*at + 1]) : -1;

		*at += 2;
		return high >= 0 && low >= 0 && write_number(out, high * 16 + low, in_set);
	}
	default:
		write_literal(out, letter, in_set);
		return true;
	}
}

/* Any character at all, as expressions of ours say it. */
static const struct text any_character = {"[\\s\\S]", 6}, any_alternative = {"(.|\\n)", 6};

static bool starts_any(struct text regex, size_t at)
{
	struct text rest = text_slice(regex, at, regex.length);

	return text_starts(rest, any_character, false) || text_starts(rest, any_alternative, false);
}

static bool write_set(struct buffer *out, struct text regex, size_t *at)
{
	size_t start = *at, i = start;

	buffer_char(out, '[');
	if (i < regex.length && regex.data[i] == '^') {
		buffer_char(out, '^');
		start = ++i;
	}
	while (i < regex.length && (regex.data[i] != ']' || i == start)) {
		if (regex.data[i] == '\\' && i + 1 < regex.length) {
			i++;
			if (!write_escape(out, regex, &i, true))
				return false;
			continue;
		}
		/* A dash between two characters spans; at an edge it is one. */
		if (regex.data[i] == '-' && i > start && i + 1 < regex.length && regex.data[i + 1] != ']')
			buffer_char(out, '-');
		else
			write_literal(out, regex.data[i], true);
		i++;
	}
	buffer_char(out, ']');
	*at = i + 1;
	return i < regex.length;
}

/* Behind a repetition of ours a question mark only means lazy. */
static size_t skip_lazy(struct text regex, size_t at)
{
	return at < regex.length && regex.data[at] == '?' ? at + 1 : at;
}

static size_t write_repetition(struct buffer *out, struct text regex, size_t at)
{
	if (regex.data[at] != '{') {
		buffer_char(out, regex.data[at]);
		return skip_lazy(regex, at + 1);
	}
	while (at < regex.length && regex.data[at] != '}')
		buffer_char(out, regex.data[at++]);
	buffer_char(out, '}');
	return skip_lazy(regex, at + 1);
}

bool lucene_write(struct buffer *out, struct text regex)
{
	size_t i = 0;

	if (!utf8_valid(regex))
		return false;
	while (i < regex.length) {
		char byte = regex.data[i];

		if (starts_any(regex, i)) {
			buffer_char(out, '.');
			i += any_character.length;
		} else if (byte == '\\' && i + 1 < regex.length) {
			i++;
			if (!write_escape(out, regex, &i, false))
				return false;
		} else if (byte == '[') {
			i++;
			if (!write_set(out, regex, &i))
				return false;
		} else if (byte == '.') {
			buffer_string(out, "[^\n]");
			i++;
		} else if (byte == '*' || byte == '+' || byte == '?' || byte == '{') {
			i = write_repetition(out, regex, i);
		} else if (byte == '(' || byte == ')' || byte == '|') {
			buffer_char(out, byte);
			i++;
			if (byte == '(' && text_starts(text_slice(regex, i, regex.length), TEXT("?:"), false))
				i += 2;
		} else {
			write_literal(out, byte, false);
			i++;
		}
	}
	return true;
}

/* --- theirs → ours --- */

struct reading {
	struct buffer *out;
	struct text regex;
	size_t at;
	size_t atom;      /* where in `out` the last atom begins */
	bool has_atom;    /* there is one that a repetition can stand behind */
	bool repeated;    /* it has one already */
	const char *error;
};

static bool fail(struct reading *r, const char *error)
{
	r->error = error;
	return false;
}

static bool punctuation(char byte)
{
	return byte > ' ' && byte < 127 && !((byte >= '0' && byte <= '9') || ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'));
}

/* A character that stands for itself. */
static void read_literal(struct reading *r, char byte, bool in_set)
{
	const char *special = in_set ? "\\]^-[&" : "\\.?+*|{}[]()^$";

	switch (byte) {
	case '\n':
		buffer_string(r->out, "\\n");
		return;
	case '\r':
		buffer_string(r->out, "\\r");
		return;
	case '\t':
		buffer_string(r->out, "\\t");
		return;
	case '\f':
		buffer_string(r->out, "\\f");
		return;
	default:
		if (punctuation(byte) && strchr(special, byte) != NULL)
			buffer_char(r->out, '\\');
		buffer_char(r->out, byte);
	}
}

static void begin_atom(struct reading *r)
{
	r->atom = r->out->length;
	r->has_atom = true;
	r->repeated = false;
}

/* Members of \s there are one fewer than ours. */
static void read_class(struct reading *r, char letter, bool in_set)
{
	bool blank = (letter | 0x20) == 's';

	if (!blank) {
		buffer_printf(r->out, "\\%c", letter);
		return;
	}
	buffer_string(r->out, in_set ? " \\t\\n\\r" : letter == 'S' ? "[^ \\t\\n\\r]" : "[ \\t\\n\\r]");
}

static bool read_escape(struct reading *r, bool in_set)
{
	if (++r->at >= r->regex.length)
		return fail(r, "it ends in a backslash");
	char letter = r->regex.data[r->at++];

	if (class_members(letter, their_blanks) == NULL) {
		read_literal(r, letter, in_set);
		return true;
	}
	if (in_set && letter == 'S')
		return fail(r, "\\S inside a set has no equal here");
	read_class(r, letter, in_set);
	return true;
}

static bool read_set(struct reading *r)
{
	struct text regex = r->regex;
	size_t start = ++r->at;

	buffer_char(r->out, '[');
	if (r->at < regex.length && regex.data[r->at] == '^') {
		buffer_char(r->out, '^');
		start = ++r->at;
	}
	while (r->at < regex.length && regex.data[r->at] != ']') {
		char byte = regex.data[r->at];

		if (byte == '\\') {
			if (!read_escape(r, true))
				return false;
			continue;
		}
		if (byte == '-' && r->at > start && r->at + 1 < regex.length && regex.data[r->at + 1] != ']')
			buffer_char(r->out, '-');
		else
			read_literal(r, byte, true);
		r->at++;
	}
	if (r->at >= regex.length || r->at == start)
		return fail(r, "a set of characters is not closed");
	r->at++;
	buffer_char(r->out, ']');
	return true;
}

/* "text" is literal text. */
static bool read_quoted(struct reading *r)
{
	buffer_string(r->out, "(?:");
	for (r->at++; r->at < r->regex.length && r->regex.data[r->at] != '"'; r->at++)
		read_literal(r, r->regex.data[r->at], false);
	buffer_char(r->out, ')');
	return r->at++ < r->regex.length || fail(r, "a quoted part is not closed");
}

/* A repetition of a repetition: what was repeated goes into a group. */
static void wrap_atom(struct reading *r)
{
	size_t length = r->out->length - r->atom;
	char *old = mem_alloc(length + 1);

	memcpy(old, r->out->data + r->atom, length);
	r->out->length = r->atom;
	buffer_string(r->out, "(?:");
	buffer_add(r->out, old, length);
	buffer_char(r->out, ')');
	free(old);
}

static bool read_repetition(struct reading *r)
{
	size_t from = r->at;

	if (!r->has_atom)
		return fail(r, "a repetition stands behind nothing");
	if (r->repeated)
		wrap_atom(r);
	if (r->regex.data[r->at] == '{') {
		while (r->at < r->regex.length && r->regex.data[r->at] != '}')
			r->at++;
		if (r->at >= r->regex.length)
			return fail(r, "a repetition is not closed");
	}
	r->at++;
	buffer_text(r->out, text_slice(r->regex, from, r->at));
	r->repeated = true;
	return true;
}

/* A group's atom begins at its bracket: those that are open are kept in the caller's stack. */
enum { DEPTH_MAX = 100 };

static bool read_group(struct reading *r, size_t *open, size_t *depth)
{
	char byte = r->regex.data[r->at++];

	if (byte == '(') {
		if (*depth == DEPTH_MAX)
			return fail(r, "its groups are nested too deeply");
		open[(*depth)++] = r->out->length;
		buffer_char(r->out, '(');
		r->has_atom = r->repeated = false;
		return true;
	}
	if (byte == '|') {
		buffer_char(r->out, '|');
		r->has_atom = r->repeated = false;
		return true;
	}
	if (*depth == 0)
		return fail(r, "a group is closed that was not opened");
	buffer_char(r->out, ')');
	r->atom = open[--(*depth)];
	r->has_atom = true;
	r->repeated = false;
	return true;
}

static bool read_one(struct reading *r, size_t *open, size_t *depth)
{
	char byte = r->regex.data[r->at];

	switch (byte) {
	case '(':
	case ')':
	case '|':
		return read_group(r, open, depth);
	case '*':
	case '+':
	case '?':
	case '{':
		return read_repetition(r);
	case '~':
	case '&':
	case '#':
	case '<':
		return fail(r, "complement, intersection, empty language and number intervals of Lucene have no equal here");
	default:
		break;
	}
	begin_atom(r);
	if (byte == '\\')
		return read_escape(r, false);
	if (byte == '[')
		return read_set(r);
	if (byte == '"')
		return read_quoted(r);
	r->at++;
	if (byte == '.')
		buffer_text(r->out, any_character);
	else if (byte == '@')
		buffer_printf(r->out, "(?:%.*s*)", TEXT_ARGS(any_character));
	else
		read_literal(r, byte, false);
	/* The bytes of one character are one atom. */
	for (size_t left = utf8_step(r->regex.data + r->at - 1, r->regex.length - r->at + 1); left > 1; left--)
		buffer_char(r->out, r->regex.data[r->at++]);
	return true;
}

bool lucene_read(struct buffer *out, struct text regex, const char **error)
{
	struct reading r = {.out = out, .regex = regex};
	size_t open[DEPTH_MAX], depth = 0;

	while (r.at < regex.length) {
		if (!read_one(&r, open, &depth)) {
			*error = r.error;
			return false;
		}
	}
	if (depth > 0)
		*error = "a group is not closed";
	return depth == 0;
}
