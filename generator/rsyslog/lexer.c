/* lexer: see lexer.h. */
#include "generator/rsyslog/lexer.h"

#include <stdarg.h>
#include <string.h>

enum { LINE_MAX_BYTES = 10239 }; /* what rsyslog reads at a time */

static bool blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n' || byte == '\f' || byte == '\v';
}

static bool letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* One line without its blanks at the end; true: the next one belongs to it. */
static bool add_line(struct buffer *out, struct text line, bool continued)
{
	bool more = false;

	while (continued && line.length > 0 && blank(line.data[0]))
		line = text_slice(line, 1, line.length);
	while (line.length > 0 && blank(line.data[line.length - 1]))
		line.length--;
	if (line.length > 0 && line.data[line.length - 1] == '\\') {
		more = true;
		line.length--;
	}
	buffer_text(out, line);
	return more;
}

void rslexer_begin(struct rslexer *lexer, struct arena *arena, const char *file, struct text text, struct diagnostics *d)
{
	struct buffer out = {0};
	bool continued = false;
	size_t number = 1, owed = 0;

	*lexer = (struct rslexer){.arena = arena, .file = file, .d = d};
	for (size_t at = 0; at < text.length; number++) {
		struct text rest = text_slice(text, at, text.length), line = text_slice(rest, 0, text_find(rest, '\n'));

		if (line.length > LINE_MAX_BYTES && !lexer->failed) {
			lexer->failed = true;
			diagnostics_error(d, ((struct place){file, (unsigned)number, 0}), "the line is longer than rsyslog reads (%d bytes)",
				LINE_MAX_BYTES);
		}
		continued = add_line(&out, line, continued);
		owed++;
		for (; !continued && owed > 0; owed--) /* lines keep their numbers */
			buffer_char(&out, '\n');
		at += line.length + 1;
	}
	lexer->text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
}

bool rslexer_fail(struct rslexer *lexer, const char *format, ...)
{
	unsigned line = 1, column = 1;
	va_list arguments;

	if (lexer->failed)
		return false;
	lexer->failed = true;
	for (size_t i = 0; i < lexer->at && i < lexer->text.length; i++) {
		line += lexer->text.data[i] == '\n';
		column = lexer->text.data[i] == '\n' ? 1 : column + 1;
	}
	va_start(arguments, format);
	const char *message = arena_vprintf(lexer->arena, format, arguments);

	va_end(arguments);
	diagnostics_error(lexer->d, ((struct place){lexer->file, line, column}), "%s", message);
	diagnostics_show_line(lexer->d, lexer->text);
	return false;
}

static char byte_at(const struct rslexer *lexer, size_t ahead)
{
	return lexer->at + ahead < lexer->text.length ? lexer->text.data[lexer->at + ahead] : '\0';
}

static void skip_block(struct rslexer *lexer)
{
	size_t begun = lexer->at;

	lexer->at += 2;
	while (lexer->at < lexer->text.length && !(byte_at(lexer, 0) == '*' && byte_at(lexer, 1) == '/'))
		lexer->at++;
	if (lexer->at >= lexer->text.length) {
		lexer->at = begun;
		rslexer_fail(lexer, "the comment has no end");
		lexer->at = lexer->text.length;
		return;
	}
	lexer->at += 2;
}

void rslexer_skip(struct rslexer *lexer, bool expression)
{
	while (lexer->at < lexer->text.length) {
		char byte = byte_at(lexer, 0);

		if (blank(byte))
			lexer->at++;
		else if (byte == '/' && byte_at(lexer, 1) == '*')
			skip_block(lexer);
		else if (byte == '#' && !expression)
			lexer->at += text_find(text_slice(lexer->text, lexer->at, lexer->text.length), '\n');
		else
			return;
	}
}

bool rslexer_end(struct rslexer *lexer)
{
	rslexer_skip(lexer, false);
	return lexer->at >= lexer->text.length;
}

bool rslexer_byte(struct rslexer *lexer, char byte, bool expression)
{
	rslexer_skip(lexer, expression);
	if (lexer->at >= lexer->text.length || byte_at(lexer, 0) != byte)
		return false;
	lexer->at++;
	return true;
}

bool rslexer_want(struct rslexer *lexer, char byte, bool expression)
{
	return rslexer_byte(lexer, byte, expression) || rslexer_fail(lexer, "a `%c` is wanted here", byte);
}

struct text rslexer_peek(struct rslexer *lexer, bool expression)
{
	size_t length = 0;

	rslexer_skip(lexer, expression);
	while (letter(byte_at(lexer, length)) || (length > 0 && (digit(byte_at(lexer, length)) || byte_at(lexer, length) == '_')))
		length++;
	return text_slice(lexer->text, lexer->at, lexer->at + length);
}

bool rslexer_word(struct rslexer *lexer, const char *word, bool expression)
{
	struct text next = rslexer_peek(lexer, expression);

	if (!text_equal_fold(next, text_of(word)))
		return false;
	lexer->at += next.length;
	return true;
}

/* --- texts --- */

static int hex(char byte)
{
	if (digit(byte))
		return byte - '0';
	byte |= 0x20;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static bool octal(char byte)
{
	return byte >= '0' && byte <= '7';
}

/* \xHH, or octal digits: `least` of them at least. */
static bool escape_number(struct rslexer *lexer, struct buffer *out, size_t least)
{
	size_t digits = 0;
	int value = 0;

	if (byte_at(lexer, 0) == 'x' && hex(byte_at(lexer, 1)) >= 0 && hex(byte_at(lexer, 2)) >= 0) {
		buffer_char(out, (char)(hex(byte_at(lexer, 1)) * 16 + hex(byte_at(lexer, 2))));
		lexer->at += 3;
		return true;
	}
	while (digits < 3 && octal(byte_at(lexer, digits)))
		value = value * 8 + byte_at(lexer, digits++) - '0';
	if (digits < least)
		return rslexer_fail(lexer, "there is no such escape");
	buffer_char(out, (char)value);
	lexer->at += digits;
	return true;
}

/* What stands behind a backslash. */
static bool escape(struct rslexer *lexer, struct buffer *out, bool object)
{
	static const char letters[] = "bntr\"'\\$", meant[] = "\b\n\t\r\"'\\$";
	static const char object_letters[] = "bntr\"'\\?afv", object_meant[] = "\b\n\t\r\"'\\?\a\f\v";
	const char *from = object ? object_letters : letters;
	char byte = byte_at(lexer, 0);
	const char *known = byte != '\0' ? strchr(from, byte) : NULL;

	if (known == NULL)
		return escape_number(lexer, out, object ? 1 : 3);
	buffer_char(out, (object ? object_meant : meant)[known - from]);
	lexer->at++;
	return true;
}

static bool take_string(struct rslexer *lexer, char quote, bool object, struct buffer *out)
{
	for (lexer->at++; byte_at(lexer, 0) != quote;) {
		char byte = byte_at(lexer, 0);

		if (lexer->at >= lexer->text.length)
			return rslexer_fail(lexer, "the text has no closing quote");
		if (byte == '\\') {
			lexer->at++;
			if (!escape(lexer, out, object))
				return false;
		} else if (byte == '$' && quote == '"' && !object) {
			return rslexer_fail(lexer, "a dollar sign within double quotes needs a backslash");
		} else {
			buffer_char(out, byte);
			lexer->at++;
		}
	}
	lexer->at++;
	return true;
}

bool rslexer_string(struct rslexer *lexer, bool object, struct text *string)
{
	struct buffer out = {0};
	char quote = byte_at(lexer, 0);

	if (quote != '"' && (quote != '\'' || object))
		return rslexer_fail(lexer, "a text in quotes is wanted here");
	bool good = take_string(lexer, quote, object, &out);
	struct text whole = buffer_view(&out);

	/* Texts end at a NUL there. */
	*string = text_copy(lexer->arena, text_slice(whole, 0, text_find(whole, '\0')));
	buffer_free(&out);
	return good;
}

/* --- names and numbers --- */

static bool in_variable(char byte)
{
	return letter(byte) || digit(byte) || (byte != '\0' && strchr("!@-_.[]", byte) != NULL);
}

bool rslexer_variable(struct rslexer *lexer, struct text *name)
{
	size_t length = 1;

	if (byte_at(lexer, 0) != '$')
		return rslexer_fail(lexer, "a variable is wanted here");
	if (byte_at(lexer, 1) != '\0' && strchr("$!./", byte_at(lexer, 1)) != NULL)
		length++;
	if (!letter(byte_at(lexer, length)) && byte_at(lexer, length) != '_' && byte_at(lexer, length) != '@')
		return rslexer_fail(lexer, "the variable has no name");
	while (in_variable(byte_at(lexer, length)))
		length++;
	*name = text_slice(lexer->text, lexer->at, lexer->at + length);
	lexer->at += length;
	return true;
}

bool rslexer_number(struct rslexer *lexer, int64_t *number)
{
	size_t length = 0;
	uint64_t value = 0;
	int base = 10;

	if (byte_at(lexer, 0) == '0' && (byte_at(lexer, 1) | 0x20) == 'x') {
		base = 16;
		lexer->at += 2;
	} else if (byte_at(lexer, 0) == '0' && octal(byte_at(lexer, 1))) {
		base = 8;
	}
	while (base == 16 ? hex(byte_at(lexer, length)) >= 0 : digit(byte_at(lexer, length)))
		length++;
	struct text digits = text_slice(lexer->text, lexer->at, lexer->at + length);

	if (!text_to_ulong_base(digits, base, &value) || value > INT64_MAX)
		return rslexer_fail(lexer, "this is no number");
	*number = (int64_t)value;
	lexer->at += length;
	return true;
}

bool rslexer_name(struct rslexer *lexer, struct text *name)
{
	size_t length = 0;

	rslexer_skip(lexer, true);
	while (letter(byte_at(lexer, length)) || (length > 0 && in_variable(byte_at(lexer, length)) && byte_at(lexer, length) != '!'))
		length++;
	if (length == 0)
		return rslexer_fail(lexer, "the name of a ruleset is wanted here");
	*name = text_slice(lexer->text, lexer->at, lexer->at + length);
	lexer->at += length;
	return true;
}
