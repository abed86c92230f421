/* regex: between the catalog's subset and RE2's POSIX syntax. */
#include "generator/falco/regex.h"

#include "catalog/regex.h"

#include <string.h>

struct span {
	unsigned first, last;
};

static bool letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static char at(struct text text, size_t position)
{
	return position < text.length ? text.data[position] : '\0';
}

static bool among(char byte, const char *bytes)
{
	return byte != '\0' && strchr(bytes, byte) != NULL;
}

/* --- writing --- */

/* Any character. White space stands as it is: the engine counts bytes (pieces.h), and an escape is two. */
#define ANYTHING "(.|\n)"

static const struct {
	char letter;
	const char *alone, *inside;
} sets[] = {
	{'d', "[0-9]", "0-9"},
	{'D', "[^0-9]", "\\x00-/:-\\x{10ffff}"},
	{'w', "[[:word:]]", "[:word:]"},
	{'W', "[^[:word:]]", "\\x00-/:-@\\[-\\^`\\{-\\x{10ffff}"},
	{'s', "[\t\n\f\r ]", "\t\n\f\r "},
	{'S', "[^\t\n\f\r ]", "\\x00-\\x08\\x0b\\x0e-\\x1f!-\\x{10ffff}"},
};

/* Bytes of one character of an expression: an escape, or itself. */
static size_t unit_length(struct text regex, size_t position)
{
	if (at(regex, position) != '\\')
		return utf8_step(regex.data + position, regex.length - position);
	if (at(regex, position + 1) == 'x')
		return 4;
	return position + 1 < regex.length ? 2 : 1;
}

static const char *set_of(struct text regex, size_t position, bool inside)
{
	for (size_t i = 0; at(regex, position) == '\\' && i < sizeof(sets) / sizeof(*sets); i++) {
		if (sets[i].letter == at(regex, position + 1))
			return inside ? sets[i].inside : sets[i].alone;
	}
	return NULL;
}

/* The code of a character; escapes of letters have their own meaning. */
static unsigned unit_code(struct text regex, size_t position)
{
	uint64_t code = 0;
	unsigned char byte = (unsigned char)at(regex, position);

	if (byte != '\\')
		return byte;
	byte = (unsigned char)at(regex, position + 1);
	if (byte == 'x' && text_to_ulong_base(text_slice(regex, position + 2, position + 4), 16, &code))
		return (unsigned)code;
	return byte == 'n' ? '\n' : byte == 't' ? '\t' : byte == 'r' ? '\r' : byte == 'f' ? '\f' : byte;
}

static void put_folded_range(struct buffer *out, struct span span, unsigned from, unsigned to)
{
	unsigned first = span.first > from ? span.first : from, last = span.last < to ? span.last : to;

	if (first <= last)
		buffer_printf(out, "%c-%c", (int)(first ^ 0x20u), (int)(last ^ 0x20u));
}

/* One character or range of a class; returns its length. */
static size_t write_class_item(struct buffer *out, struct text regex, size_t position, bool fold)
{
	const char *set = set_of(regex, position, true);
	size_t length = unit_length(regex, position);

	if (set != NULL) {
		buffer_string(out, set);
		return length;
	}
	struct span span = {unit_code(regex, position), unit_code(regex, position)};

	if (at(regex, position + length) == '-' && at(regex, position + length + 1) != ']') {
		span.last = unit_code(regex, position + length + 1);
		length += 1 + unit_length(regex, position + length + 1);
	}
	buffer_text(out, text_slice(regex, position, position + length));
	if (fold) {
		put_folded_range(out, span, 'a', 'z');
		put_folded_range(out, span, 'A', 'Z');
	}
	return length;
}

static size_t write_class(struct buffer *out, struct text regex, size_t position, bool fold)
{
	static const char *const all[] = {"[\\s\\S]", "[\\S\\s]", "[\\d\\D]", "[\\D\\d]", "[\\w\\W]", "[\\W\\w]"};
	size_t start = position++;

	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (text_starts(text_slice(regex, start, regex.length), text_of(all[i]), false)) {
			buffer_string(out, ANYTHING);
			return strlen(all[i]);
		}
	}
	buffer_char(out, '[');
	if (at(regex, position) == '^') {
		buffer_char(out, '^');
		position++;
	}
	while (position < regex.length && at(regex, position) != ']')
		position += write_class_item(out, regex, position, fold);
	buffer_char(out, ']');
	return position + 1 - start;
}

/* A repetition without its lazy mark. */
static size_t write_repetition(struct buffer *out, struct text regex, size_t position)
{
	size_t length = 1;

	if (at(regex, position) == '{') {
		while (position + length < regex.length && at(regex, position + length - 1) != '}')
			length++;
	}
	buffer_text(out, text_slice(regex, position, position + length));
	return at(regex, position + length) == '?' ? length + 1 : length;
}

static size_t write_character(struct buffer *out, struct text regex, size_t position, bool fold)
{
	const char *set = set_of(regex, position, false);
	size_t length = unit_length(regex, position);
	bool coded = at(regex, position) != '\\' || at(regex, position + 1) == 'x';
	char code = coded ? (char)unit_code(regex, position) : '\0';

	if (set != NULL)
		buffer_string(out, set);
	else if (fold && letter(code) && (coded || length == 1))
		buffer_printf(out, "[%c%c]", code, code ^ 0x20);
	else
		buffer_text(out, text_slice(regex, position, position + length));
	return length;
}

/* Ends where more than `most` bytes stand there. */
static void write_until(struct buffer *out, struct text regex, bool fold, bool lines, size_t most)
{
	for (size_t position = 0; position < regex.length && out->length <= most;) {
		switch (regex.data[position]) {
		case '[':
			position += write_class(out, regex, position, fold);
			break;
		case '(':
			if (text_starts(text_slice(regex, position, regex.length), TEXT("(.|\\n)"), false)) {
				buffer_string(out, ANYTHING); /* says it already */
				position += strlen("(.|\\n)");
				break;
			}
			buffer_char(out, '(');
			position += text_starts(text_slice(regex, position, regex.length), TEXT("(?:"), false) ? 3 : 1;
			break;
		case '*':
		case '+':
		case '?':
		case '{':
			position += write_repetition(out, regex, position);
			break;
		case '.':
			buffer_string(out, lines ? ANYTHING : ".");
			position++;
			break;
		case ')':
		case '|':
			buffer_char(out, regex.data[position++]);
			break;
		default:
			position += write_character(out, regex, position, fold);
		}
	}
}

void falco_regex_write(struct buffer *out, struct text regex, bool fold, bool lines)
{
	write_until(out, regex, fold, lines, SIZE_MAX);
}

bool falco_regex_fits(struct text regex, bool fold, bool lines, size_t most)
{
	struct buffer out = {0};

	write_until(&out, regex, fold, lines, most);
	bool fits = out.length <= most;

	buffer_free(&out);
	return fits;
}

/* --- reading --- */

static const struct {
	const char *name, *inside;
} classes[] = {
	{"alnum", "0-9A-Za-z"}, {"alpha", "A-Za-z"}, {"ascii", "\\x00-\\x7f"}, {"blank", "\\t "}, {"cntrl", "\\x00-\\x1f\\x7f"},
	{"digit", "0-9"}, {"graph", "!-~"}, {"lower", "a-z"}, {"print", " -~"}, {"punct", "!-/:-@\\[-`{-~"},
	{"space", "\\t\\n\\x0b\\f\\r "}, {"upper", "A-Z"}, {"word", "0-9A-Za-z_"}, {"xdigit", "0-9A-Fa-f"},
};

struct regex_reading {
	struct text from;
	size_t at;
	struct buffer out;
	const char *error;
	bool class;     /* within brackets */
	bool item;      /* something to repeat stands before */
};

static void refuse(struct regex_reading *r, const char *error)
{
	r->error = r->error ? r->error : error;
}

static void put_code(struct regex_reading *r, uint64_t code)
{
	if (code < 0x80 && (letter((char)code) || digit((char)code))) {
		buffer_char(&r->out, (char)code);
	} else if (code < 0x80) {
		buffer_printf(&r->out, "\\x%02x", (unsigned)code);
	} else if (code < 0x800) {
		buffer_printf(&r->out, "%c%c", (int)(0xC0 | code >> 6), (int)(0x80 | (code & 0x3F)));
	} else if (code < 0x10000) {
		buffer_printf(&r->out, "%c%c%c", (int)(0xE0 | code >> 12), (int)(0x80 | (code >> 6 & 0x3F)), (int)(0x80 | (code & 0x3F)));
	} else {
		buffer_printf(&r->out, "%c%c%c%c", (int)(0xF0 | code >> 18), (int)(0x80 | (code >> 12 & 0x3F)),
			(int)(0x80 | (code >> 6 & 0x3F)), (int)(0x80 | (code & 0x3F)));
	}
}

/* \x41, \x{1f600}, \101 */
static bool read_code(struct regex_reading *r, uint64_t *code)
{
	size_t start = r->at + 1, end = start;

	if (at(r->from, r->at) == 'x' && at(r->from, start) == '{') {
		end = start + 1 + text_find(text_slice(r->from, start + 1, r->from.length), '}');
		r->at = end + 1;
		return end < r->from.length && text_to_ulong_base(text_slice(r->from, start + 1, end), 16, code) && *code <= 0x10FFFF;
	}
	if (at(r->from, r->at) == 'x') {
		r->at = start + 2;
		return start + 2 <= r->from.length && text_to_ulong_base(text_slice(r->from, start, start + 2), 16, code);
	}
	while (end < start + 2 && at(r->from, end) >= '0' && at(r->from, end) <= '7')
		end++;
	bool octal = at(r->from, r->at) == '0' || end > start;
	bool good = octal && text_to_ulong_base(text_slice(r->from, r->at, end), 8, code);

	r->at = end;
	return good;
}

static void read_escape(struct regex_reading *r)
{
	char byte = at(r->from, ++r->at);
	uint64_t code;

	if (byte == 'n' || byte == 't' || byte == 'r' || byte == 'f') {
		buffer_printf(&r->out, "\\%c", byte);
		r->at++;
	} else if (byte == 'v' || byte == 'a') {
		buffer_string(&r->out, byte == 'v' ? "\\x0b" : "\\x07");
		r->at++;
	} else if (byte == 'x' || digit(byte)) {
		if (read_code(r, &code))
			put_code(r, code);
		else
			refuse(r, "the regular expression has a bad number behind a backslash");
	} else if ((unsigned char)byte >= 0x80 || letter(byte) || byte == '_' || r->at >= r->from.length) {
		refuse(r, "the engine's regular expressions have no such escape (POSIX syntax: no \\s, \\d, \\w, \\b)");
	} else {
		buffer_printf(&r->out, (unsigned char)byte > ' ' && byte != 127 ? "\\%c" : "\\x%02x", byte);
		r->at++;
	}
}

/* [:name:] within a class. */
static bool read_named(struct regex_reading *r)
{
	struct text rest = text_slice(r->from, r->at, r->from.length);

	if (!text_starts(rest, TEXT("[:"), false))
		return false;
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		struct text name = text_of(classes[i].name);

		if (text_starts(text_slice(rest, 2, rest.length), name, false)
			&& text_starts(text_slice(rest, 2 + name.length, rest.length), TEXT(":]"), false)) {
			buffer_string(&r->out, classes[i].inside);
			r->at += name.length + 4;
			return true;
		}
	}
	refuse(r, "the regular expression has a class of characters that is not known, or a negated one");
	return true;
}

static void read_class(struct regex_reading *r)
{
	r->at++;
	buffer_char(&r->out, '[');
	if (at(r->from, r->at) == '^') {
		buffer_char(&r->out, '^');
		r->at++;
	}
	for (bool first = true; r->error == NULL && (first || at(r->from, r->at) != ']'); first = false) {
		if (r->at >= r->from.length) {
			refuse(r, "the regular expression has a [ that is not closed");
		} else if (at(r->from, r->at) == '[' && read_named(r)) {
			continue;
		} else if (at(r->from, r->at) == '\\') {
			read_escape(r);
		} else {
			size_t length = utf8_step(r->from.data + r->at, r->from.length - r->at);

			if (among(at(r->from, r->at), "][")) /* a bracket by itself */
				buffer_char(&r->out, '\\');
			buffer_text(&r->out, text_slice(r->from, r->at, r->at + length));
			r->at += length;
		}
	}
	r->at++;
	buffer_char(&r->out, ']');
}

/* * + ? or {…}. */
static void read_repetition(struct regex_reading *r)
{
	size_t length = 1;

	if (!r->item) {
		refuse(r, "the regular expression repeats nothing");
		return;
	}
	if (at(r->from, r->at) == '{') {
		while (digit(at(r->from, r->at + length)) || at(r->from, r->at + length) == ',')
			length++;
		if (at(r->from, r->at + length) != '}' || !digit(at(r->from, r->at + 1))) { /* no repetition: a brace */
			buffer_string(&r->out, "\\{");
			r->at++;
			return;
		}
		length++;
	}
	buffer_text(&r->out, text_slice(r->from, r->at, r->at + length));
	r->at += length;
	if (among(at(r->from, r->at), "*+?"))
		refuse(r, "the regular expression repeats a repetition");
}

static void read_anchor(struct regex_reading *r)
{
	bool first = r->at == 0, last = r->at + 1 == r->from.length;

	if (!(at(r->from, r->at) == '^' ? first : last))
		refuse(r, "the regular expression has an anchor inside");
	r->at++;
}

static void read_one(struct regex_reading *r)
{
	char byte = at(r->from, r->at);

	if (byte == '[') {
		read_class(r);
	} else if (byte == '\\') {
		read_escape(r);
	} else if (byte == '^' || byte == '$') {
		read_anchor(r);
		return;
	} else if (byte == '*' || byte == '+' || byte == '?' || (byte == '{' && r->item)) {
		read_repetition(r);
		return;
	} else {
		size_t length = utf8_step(r->from.data + r->at, r->from.length - r->at);

		if (among(byte, "{}]"))
			buffer_char(&r->out, '\\');
		buffer_text(&r->out, text_slice(r->from, r->at, r->at + length));
		r->at += length;
		r->item = byte != '(' && byte != '|';
		return;
	}
	r->item = true;
}

bool falco_regex_read(struct arena *arena, struct text regex, struct text *subset, const char **error)
{
	struct regex_reading r = {.from = regex};
	size_t offset;

	while (r.at < regex.length && r.error == NULL)
		read_one(&r);
	*subset = text_copy(arena, buffer_view(&r.out));
	buffer_free(&r.out);
	*error = r.error;
	if (r.error == NULL) {
		struct regex *compiled = regex_compile(*subset, false, error, &offset);

		if (compiled != NULL)
			regex_free(compiled);
		return compiled != NULL;
	}
	return false;
}

/* --- globs --- */

/* The end of a bracket expression, or `from` where it is none. */
static size_t bracket_end(struct text glob, size_t from)
{
	size_t end = from + 1;

	if (at(glob, end) == '!' || at(glob, end) == '^')
		end++;
	if (at(glob, end) == ']')
		end++;
	while (end < glob.length && at(glob, end) != ']')
		end++;
	return end < glob.length ? end + 1 : from;
}

static void put_bracket(struct buffer *out, struct text inner)
{
	bool negated = at(inner, 0) == '!' || at(inner, 0) == '^';

	buffer_string(out, negated ? "[^" : "[");
	for (size_t i = negated; i < inner.length; i++) {
		bool escaped = at(inner, i) == '\\' && i + 1 < inner.length;

		i += escaped;
		if (among(at(inner, i), "]\\[^") || (escaped && at(inner, i) == '-'))
			buffer_char(out, '\\');
		buffer_char(out, at(inner, i));
	}
	buffer_char(out, ']');
}

static void put_glob(struct buffer *out, struct text glob, const char *one, bool *plain)
{
	for (size_t i = 0; i < glob.length;) {
		size_t end = at(glob, i) == '[' ? bracket_end(glob, i) : i;

		if (end > i) {
			*plain = false;
			put_bracket(out, text_slice(glob, i + 1, end - 1));
			i = end;
			continue;
		}
		if (at(glob, i) == '*' || at(glob, i) == '?') {
			buffer_printf(out, "%s%s", one, at(glob, i) == '*' ? "*" : "");
			i++;
			continue;
		}
		i += at(glob, i) == '\\' && i + 1 < glob.length;
		size_t length = utf8_step(glob.data + i, glob.length - i);

		regex_escape(out, text_slice(glob, i, i + length));
		i += length;
	}
}

struct text falco_glob_regex(struct arena *arena, struct text glob, bool *plain)
{
	struct buffer out = {0};

	*plain = true;
	put_glob(&out, glob, "(.|\\n)", plain);
	struct text regex = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return regex;
}

void falco_glob_component(struct buffer *out, struct text component, bool glob)
{
	bool plain;

	if (glob)
		put_glob(out, component, "[^/]", &plain);
	else
		regex_escape(out, component);
}
