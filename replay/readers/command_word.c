/*
 * command_word: quotes, expansions that are left, braces.
 */
#include "replay/readers/command_word.h"

#include <string.h>

enum { QUOTED = 'q', PLAIN = '.', LEFT = 'e', NEST_MAX = 200 };

void command_wrong(struct command_source *source, const char *reason)
{
	if (source->reason)
		return;
	source->reason = reason;
	source->noticed = source->at;
}

void command_incomplete(struct command_source *source, const char *reason, const char *awaits)
{
	if (source->reason)
		return;
	command_wrong(source, reason);
	source->incomplete = true;
	source->awaits = text_of(awaits);
}

/* A word that is being read. */
struct reading {
	struct command_source *source;
	struct arena *arena;
	struct command_word *word;
	size_t begin; /* of it in source->value */
};

static void put(struct reading *r, const char *data, size_t length, char mark)
{
	buffer_add(&r->source->value, data, length);
	for (size_t i = 0; i < length; i++)
		buffer_char(&r->source->marks, mark);
	if (mark == LEFT)
		r->word->left = true;
}

static bool is_at(const struct command_source *source, const char *what)
{
	size_t length = strlen(what);
	return (size_t)(source->end - source->at) >= length && memcmp(source->at, what, length) == 0;
}

static void read_single(struct reading *r)
{
	struct command_source *source = r->source;
	const char *start = ++source->at;
	const char *close = memchr(start, '\'', (size_t)(source->end - start));
	r->word->quoted = true;
	source->at = close ? close + 1 : source->end;
	if (!close)
		command_incomplete(source, "a ' is not closed", "'");
	else
		put(r, start, (size_t)(close - start), QUOTED);
}

static void put_code(struct reading *r, unsigned long code)
{
	char bytes[4];
	size_t count = 1;
	if (code < 0x80) {
		bytes[0] = (char)code;
	} else if (code < 0x800) {
		bytes[0] = (char)(0xc0 | code >> 6);
		count = 2;
	} else if (code < 0x10000) {
		bytes[0] = (char)(0xe0 | code >> 12);
		count = 3;
	} else {
		bytes[0] = (char)(0xf0 | (code >> 18 & 7));
		count = 4;
	}
	for (size_t i = 1; i < count; i++)
		bytes[i] = (char)(0x80 | (code >> 6 * (count - 1 - i) & 0x3f));
	put(r, bytes, count, QUOTED);
}

/* Digits of a base, at most `most`; false: none. */
static bool take_digits(struct command_source *source, unsigned base, size_t most, unsigned long *code)
{
	const char *start = source->at;
	*code = 0;
	while (source->at < source->end && (size_t)(source->at - start) < most) {
		int digit = text_hex_digit(*source->at);
		if (digit < 0 || (unsigned)digit >= base)
			break;
		*code = *code * base + (unsigned long)digit;
		source->at++;
	}
	return source->at > start;
}

/* Behind the backslash of $'…'. */
static void read_escape(struct reading *r)
{
	static const char letters[] = "abefnrtvE\\'\"?";
	static const char values[] = "\a\b\033\f\n\r\t\v\033\\'\"?";
	struct command_source *source = r->source;
	char letter = *source->at++;
	const char *known = letter ? strchr(letters, letter) : NULL;
	unsigned long code = 0;
	if (known) {
		put(r, &values[known - letters], 1, QUOTED);
	} else if (letter >= '0' && letter <= '7') {
		source->at--;
		take_digits(source, 8, 3, &code);
		char byte = (char)code;
		put(r, &byte, byte != 0, QUOTED);
	} else if (letter == 'x' && take_digits(source, 16, 2, &code)) {
		char byte = (char)code;
		put(r, &byte, byte != 0, QUOTED);
	} else if ((letter == 'u' || letter == 'U') && take_digits(source, 16, letter == 'u' ? 4 : 8, &code)) {
		if (code)
			put_code(r, code);
	} else if (letter == 'c' && source->at < source->end) {
		char byte = (char)(*source->at++ & 0x1f);
		put(r, &byte, byte != 0, QUOTED);
	} else {
		put(r, source->at - 2, 2, QUOTED);
	}
}

static void read_ansi(struct reading *r)
{
	struct command_source *source = r->source;
	source->at += 2;
	r->word->quoted = true;
	while (source->at < source->end && *source->at != '\'') {
		if (*source->at == '\\' && source->at + 1 < source->end) {
			source->at++;
			read_escape(r);
		} else {
			put(r, source->at++, 1, QUOTED);
		}
	}
	if (source->at == source->end)
		command_incomplete(source, "a $' is not closed", "'");
	else
		source->at++;
}

/* ` `: backslashes before ` \ $ (and, within "…", before ") are taken off before it is read as text. */
static void skip_backquotes(struct reading *r, bool in_quotes)
{
	struct command_source *source = r->source;
	const char *start = source->at++;
	struct buffer script = {0};
	while (source->at < source->end && *source->at != '`') {
		if (*source->at == '\\' && source->at + 1 < source->end &&
			(strchr("`\\$", source->at[1]) || (in_quotes && source->at[1] == '"')) && source->at[1])
			source->at++;
		buffer_char(&script, *source->at++);
	}
	if (source->at == source->end) {
		command_incomplete(source, "a ` is not closed", "`");
	} else {
		source->at++;
		source->apart(source, text_copy(r->arena, buffer_view(&script)), start);
		r->word->substitutes = true;
	}
	buffer_free(&script);
}

static void skip_double(struct reading *r);
static void skip_dollar(struct reading *r);

/* ${…}: up to its brace; quotes and expansions within it count. */
static void skip_braces(struct reading *r)
{
	struct command_source *source = r->source;
	source->at += 2;
	while (source->at < source->end && !source->reason && *source->at != '}') {
		switch (*source->at) {
		case '\\':
			source->at += source->at + 1 < source->end ? 2 : 1;
			break;
		case '\'': {
			const char *close = memchr(source->at + 1, '\'', (size_t)(source->end - source->at - 1));
			source->at = close ? close + 1 : source->at + 1; /* an apostrophe within "${x:-don't}" is one */
			break;
		}
		case '"':
			skip_double(r);
			break;
		case '`':
			skip_backquotes(r, false);
			break;
		case '$':
			skip_dollar(r);
			break;
		default:
			source->at++;
		}
	}
	if (source->at < source->end && !source->reason)
		source->at++;
	else
		command_incomplete(source, "a ${ is not closed", "}");
}

bool command_is_arithmetic(const struct command_source *source, const char *open)
{
	size_t depth = 2;
	for (const char *at = open; at < source->end; at++) {
		depth += *at == '(';
		depth -= *at == ')';
		if (*at == ')' && depth == 1)
			return at + 1 >= source->end || at[1] == ')';
	}
	return true;
}

/* Goes over an expansion at `$`, whose commands are read; what stands there is the caller's. */
static void skip_dollar(struct reading *r)
{
	struct command_source *source = r->source;
	if (source->depth >= NEST_MAX) {
		command_wrong(source, "substitutions are nested too deeply");
		return;
	}
	source->depth++;
	if (is_at(source, "$((") && command_is_arithmetic(source, source->at + 3)) {
		source->at += 3;
		command_word_skip(source, r->arena, "))");
		r->word->substitutes = true;
	} else if (is_at(source, "$(")) {
		source->at += 2;
		source->inside(source);
		r->word->substitutes = true;
	} else if (is_at(source, "${")) {
		skip_braces(r);
	} else {
		source->at++;
	}
	source->depth--;
}

/* From one " to the other. */
static void skip_double(struct reading *r)
{
	struct command_source *source = r->source;
	source->at++;
	while (source->at < source->end && !source->reason && *source->at != '"') {
		if (*source->at == '\\')
			source->at += source->at + 1 < source->end ? 2 : 1;
		else if (*source->at == '`')
			skip_backquotes(r, true);
		else if (*source->at == '$')
			skip_dollar(r);
		else
			source->at++;
	}
	if (source->at < source->end && !source->reason)
		source->at++;
	else
		command_incomplete(source, "a \" is not closed", "\"");
}

static bool is_name_byte(char byte, bool first)
{
	return byte == '_' || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (!first && byte >= '0' &&
		byte <= '9');
}

/* Does the `$` begin an expansion? */
static bool is_expansion(const struct command_source *source)
{
	if (source->at + 1 >= source->end)
		return false;
	char next = source->at[1];
	return next && (is_name_byte(next, false) || strchr("({@*#?$!-", next));
}

/* An expansion: kept as it is written. */
static void read_dollar(struct reading *r)
{
	struct command_source *source = r->source;
	const char *start = source->at;
	if (!is_expansion(source)) {
		put(r, source->at++, 1, PLAIN);
		return;
	}
	if (is_at(source, "$(") || is_at(source, "${")) {
		skip_dollar(r);
	} else if (is_name_byte(source->at[1], true)) {
		source->at += 2;
		while (source->at < source->end && is_name_byte(*source->at, false))
			source->at++;
	} else {
		source->at += 2;
	}
	if (!source->reason)
		put(r, start, (size_t)(source->at - start), LEFT);
}

static void read_backquotes(struct reading *r, bool in_quotes)
{
	const char *start = r->source->at;
	skip_backquotes(r, in_quotes);
	if (!r->source->reason)
		put(r, start, (size_t)(r->source->at - start), LEFT);
}

static void read_double(struct reading *r)
{
	struct command_source *source = r->source;
	source->at++;
	r->word->quoted = true;
	while (source->at < source->end && !source->reason && *source->at != '"') {
		char next = source->at + 1 < source->end ? source->at[1] : '\0';
		if (*source->at == '\\' && next == '\n') {
			source->at += 2;
		} else if (*source->at == '\\' && next && strchr("$`\"\\", next)) {
			put(r, source->at + 1, 1, QUOTED);
			source->at += 2;
		} else if (*source->at == '`') {
			read_backquotes(r, true);
		} else if (*source->at == '$' && is_expansion(source)) {
			read_dollar(r);
		} else {
			put(r, source->at++, 1, QUOTED);
		}
	}
	if (source->at < source->end && !source->reason)
		source->at++;
	else
		command_incomplete(source, "a \" is not closed", "\"");
}

/* <( ) and >( ): a word that is left, with commands in it. */
static void read_process(struct reading *r)
{
	struct command_source *source = r->source;
	const char *start = source->at;
	source->at += 2;
	source->inside(source);
	r->word->substitutes = true;
	if (!source->reason)
		put(r, start, (size_t)(source->at - start), LEFT);
}

/* {{ … }} of a template or a placeholder: what a shell would take apart at its blanks or bars stays one piece. */
static bool read_template(struct reading *r)
{
	struct command_source *source = r->source;
	if (!is_at(source, "{{"))
		return false;
	for (const char *at = source->at + 2; at + 1 < source->end && *at != '\n' && *at != '{'; at++) {
		if (*at != '}')
			continue;
		if (at[1] != '}')
			return false;
		put(r, source->at, (size_t)(at + 2 - source->at), LEFT);
		source->at = at + 2;
		return true;
	}
	return false;
}

/* The pattern within ?( ) and its like. */
static void read_group(struct reading *r)
{
	struct command_source *source = r->source;
	const char *start = source->at++;
	command_word_skip(source, r->arena, ")");
	if (!source->reason)
		put(r, start, (size_t)(source->at - start), LEFT);
}

static void read_plain(struct reading *r)
{
	struct command_source *source = r->source;
	char byte = *source->at;
	size_t so_far = source->value.length - r->begin;
	bool glob = strchr("*?[", byte) != NULL;
	if (byte == '{' && read_template(r))
		return;
	if (strchr("?*+@!", byte) && source->at + 1 < source->end && source->at[1] == '(') {
		put(r, source->at++, 1, LEFT);
		read_group(r);
		return;
	}
	bool home = byte == '~' && (!so_far || strchr("=:", source->value.data[source->value.length - 1]));
	r->word->braces = r->word->braces || byte == '{';
	put(r, source->at++, 1, glob || home ? LEFT : PLAIN);
}

static bool ends_word(const struct command_source *source)
{
	switch (*source->at) {
	case ' ':
	case '\t':
	case '\n':
	case '\r':
	case ';':
	case '&':
	case '|':
	case '(':
	case ')':
		return true;
	case '<':
	case '>':
		return source->at + 1 >= source->end || source->at[1] != '(';
	default:
		return false;
	}
}

static void read_piece(struct reading *r)
{
	struct command_source *source = r->source;
	switch (*source->at) {
	case '\'':
		read_single(r);
		break;
	case '"':
		read_double(r);
		break;
	case '`':
		read_backquotes(r, false);
		break;
	case '$':
		if (is_at(source, "$'")) {
			read_ansi(r);
		} else if (is_at(source, "$\"")) {
			source->at++;
			read_double(r);
		} else {
			read_dollar(r);
		}
		break;
	case '<':
	case '>':
		read_process(r);
		break;
	case '\\':
		if (source->at + 1 == source->end && source->final) {
			put(r, source->at++, 1, QUOTED);
			r->word->quoted = true;
		} else if (source->at + 1 == source->end) {
			source->at++;
			command_incomplete(source, "a backslash stands at the end", "");
		} else {
			if (source->at[1] != '\n') {
				put(r, source->at + 1, 1, QUOTED);
				r->word->quoted = true;
			}
			source->at += 2;
		}
		break;
	default:
		if (*source->at)
			read_plain(r);
		else
			source->at++; /* shells drop NULs */
	}
}

bool command_word_read(struct command_source *source, struct arena *arena, struct command_word *word)
{
	size_t value = source->value.length, marks = source->marks.length;
	*word = (struct command_word){0};
	struct reading r = {source, arena, word, value};
	const char *start = source->at;
	while (source->at < source->end && !source->reason && !ends_word(source))
		read_piece(&r);
	bool there = source->at > start && !source->reason;
	if (there) {
		word->value = text_copy(arena, text_slice(buffer_view(&source->value), value, source->value.length));
		word->marks = text_copy(arena, text_slice(buffer_view(&source->marks), marks, source->marks.length));
		/* a backslash before a newline, and nothing else, is no word */
		there = word->value.length > 0 || word->quoted;
	}
	source->value.length = value;
	source->marks.length = marks;
	return there;
}

void command_word_scan(struct command_source *source, struct arena *arena, const char *to)
{
	struct command_word word = {0};
	struct reading r = {source, arena, &word, source->value.length};
	while (source->at < to && !source->reason) {
		if (*source->at == '\\' && source->at + 1 < to)
			source->at += 2;
		else if (*source->at == '`')
			skip_backquotes(&r, false);
		else if (*source->at == '$')
			skip_dollar(&r);
		else
			source->at++;
	}
}

void command_word_skip(struct command_source *source, struct arena *arena, const char *close)
{
	struct command_word word = {0};
	struct reading r = {source, arena, &word, source->value.length};
	size_t open = 0, value = source->value.length, marks = source->marks.length;
	while (source->at < source->end && !source->reason && (open || !is_at(source, close))) {
		switch (*source->at) {
		case '\\':
			source->at += source->at + 1 < source->end ? 2 : 1;
			break;
		case '\'':
			read_single(&r);
			break;
		case '"':
			skip_double(&r);
			break;
		case '`':
			skip_backquotes(&r, false);
			break;
		case '$':
			skip_dollar(&r);
			break;
		default:
			open += *source->at == '(';
			open -= *source->at == ')' && open;
			source->at++;
		}
	}
	source->value.length = value; /* of what stood in single quotes */
	source->marks.length = marks;
	if (source->at < source->end && !source->reason)
		source->at += strlen(close);
	else
		command_incomplete(source, "a bracket is not closed", close);
}
