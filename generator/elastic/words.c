/* words: the tokens of Elastic's EQL. */
#include "generator/elastic/words.h"

#include <string.h>

static char at_of(struct text source, size_t at)
{
	return at < source.length ? source.data[at] : '\0';
}

static bool starts(struct text source, size_t at, const char *with)
{
	return text_starts(text_slice(source, at, source.length), text_of(with), false);
}

/* Behind a comment; comments of the second kind nest. false: it is not closed. */
static bool skip_comment(struct text source, size_t *at)
{
	size_t depth = 0;

	if (starts(source, *at, "//")) {
		while (*at < source.length && source.data[*at] != '\n')
			(*at)++;
		return true;
	}
	do {
		if (starts(source, *at, "/*")) {
			depth++;
			*at += 2;
		} else if (starts(source, *at, "*/")) {
			depth--;
			*at += 2;
		} else {
			(*at)++;
		}
	} while (depth > 0 && *at < source.length);
	return depth == 0;
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* *begun: where the last comment begins. */
static bool skip_blanks(struct text source, size_t *at, size_t *begun)
{
	for (;;) {
		while (is_blank(at_of(source, *at)))
			(*at)++;
		*begun = *at;
		if (!starts(source, *at, "//") && !starts(source, *at, "/*"))
			return true;
		if (!skip_comment(source, at))
			return false;
	}
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '@';
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* --- strings --- */

static void add_character(struct buffer *out, unsigned long number)
{
	if (number < 0x80) {
		buffer_char(out, (char)number);
	} else if (number < 0x800) {
		buffer_char(out, (char)(0xC0 | number >> 6));
		buffer_char(out, (char)(0x80 | (number & 0x3F)));
	} else if (number < 0x10000) {
		buffer_char(out, (char)(0xE0 | number >> 12));
		buffer_char(out, (char)(0x80 | (number >> 6 & 0x3F)));
		buffer_char(out, (char)(0x80 | (number & 0x3F)));
	} else {
		buffer_char(out, (char)(0xF0 | number >> 18));
		buffer_char(out, (char)(0x80 | (number >> 12 & 0x3F)));
		buffer_char(out, (char)(0x80 | (number >> 6 & 0x3F)));
		buffer_char(out, (char)(0x80 | (number & 0x3F)));
	}
}

/* \u{1F600}: 2 to 8 hexadecimal digits. */
static bool read_unicode(struct text source, size_t *at, struct buffer *out)
{
	size_t from = *at + 1, to = from;
	uint64_t number;

	while (at_of(source, to) != '}' && to < source.length)
		to++;
	if (at_of(source, *at) != '{' || !text_to_ulong_base(text_slice(source, from, to), 16, &number))
		return false;
	if (to - from > 8 || number > 0x10FFFF || (number >= 0xD800 && number < 0xE000) || number == 0)
		return false;
	add_character(out, (unsigned long)number);
	*at = to + 1;
	return true;
}

static bool read_escape(struct text source, size_t *at, struct buffer *out)
{
	static const char letters[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	char letter = at_of(source, (*at)++);
	const char *found = letter != '\0' ? strchr(letters, letter) : NULL;

	if (letter == 'u')
		return read_unicode(source, at, out);
	if (found != NULL)
		buffer_char(out, meanings[found - letters]);
	else if (letter == '"' || letter == '\'' || letter == '\\')
		buffer_char(out, letter);
	else
		return false;
	return true;
}

/* """…""": it ends at the last of its closing quotes, on the same line. */
static bool read_raw(struct text source, size_t *at, struct word *word, const char **error)
{
	size_t from = *at + 3, to = from;

	while (to < source.length && source.data[to] != '\n' && source.data[to] != '\r' && !starts(source, to, "\"\"\""))
		to++;
	*error = "a raw string is not closed";
	if (!starts(source, to, "\"\"\""))
		return false;
	while (at_of(source, to + 3) == '"')
		to++;
	word->text = text_slice(source, from, to);
	*at = to + 3;
	return true;
}

static bool read_string(struct arena *arena, struct text source, size_t *at, struct word *word, const char **error)
{
	struct buffer out = {0};
	bool fine = true;

	word->kind = WORD_STRING;
	if (starts(source, *at, "\"\"\""))
		return read_raw(source, at, word, error);
	*error = "a string is not closed";
	for ((*at)++; fine && *at < source.length && source.data[*at] != '"';) {
		char byte = source.data[(*at)++];

		if (byte == '\\')
			fine = read_escape(source, at, &out);
		else if (byte == '\n' || byte == '\r')
			break;
		else
			buffer_char(&out, byte);
	}
	word->text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	if (!fine)
		*error = "there is no such escape";
	return fine && at_of(source, (*at)++) == '"';
}

/* --- names, numbers, signs --- */

static bool read_quoted(struct arena *arena, struct text source, size_t *at, struct word *word, const char **error)
{
	struct buffer out = {0};

	for ((*at)++; *at < source.length; (*at)++) {
		if (source.data[*at] == '`') {
			if (at_of(source, *at + 1) != '`')
				break;
			(*at)++;
		}
		buffer_char(&out, source.data[*at]);
	}
	word->kind = WORD_NAME;
	word->quoted = true;
	word->text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	*error = "a name in backquotes is not closed";
	return at_of(source, (*at)++) == '`' && word->text.length > 0;
}

static void read_name(struct text source, size_t *at, struct word *word)
{
	size_t from = *at;

	while (is_letter(at_of(source, *at)) || is_digit(at_of(source, *at))
		|| (at_of(source, *at) == '.' && is_letter(at_of(source, *at + 1))))
		(*at)++;
	word->kind = WORD_NAME;
	word->text = text_slice(source, from, *at);
	if (at_of(source, *at) == '~') {
		word->fold = true;
		(*at)++;
	}
}

static void read_number(struct text source, size_t *at, struct word *word)
{
	size_t from = *at;

	(*at)++;
	while (is_digit(at_of(source, *at)) || at_of(source, *at) == '.')
		(*at)++;
	word->kind = WORD_NUMBER;
	word->text = text_slice(source, from, *at);
}

static bool read_sign(struct text source, size_t *at, struct word *word, const char **error)
{
	static const char *const signs[] = {"![", "==", "!=", "<=", ">=", "(", ")", "[", "]", ",", ":", "<", ">", "=", "|", "+",
		"-", "*", "/", "%"};

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (!starts(source, *at, signs[i]))
			continue;
		word->kind = WORD_SIGN;
		word->text = text_slice(source, *at, *at + strlen(signs[i]));
		*at += strlen(signs[i]);
		return true;
	}
	*error = at_of(source, *at) == '\'' ? "strings stand in double quotes" : "this character has no place here";
	return false;
}

bool word_next(struct arena *arena, struct text source, size_t *at, struct word *word, const char **error)
{
	*word = (struct word){.kind = WORD_END};
	if (!skip_blanks(source, at, &word->offset)) {
		*error = "a comment is not closed";
		return false;
	}
	word->offset = *at;
	if (*at >= source.length)
		return true;
	char byte = source.data[*at], next = at_of(source, *at + 1);

	if (byte == '?' && (is_letter(next) || next == '`')) {
		word->optional = true;
		byte = source.data[++(*at)];
	}
	if (byte == '"')
		return read_string(arena, source, at, word, error);
	if (byte == '`')
		return read_quoted(arena, source, at, word, error);
	if (is_letter(byte)) {
		read_name(source, at, word);
		return true;
	}
	if (is_digit(byte) || (byte == '-' && is_digit(next))) {
		read_number(source, at, word);
		return true;
	}
	return read_sign(source, at, word, error);
}
