/* lexer: the tokens of Falco's condition language. */
#include "generator/falco/lexer.h"

#include <string.h>

static bool letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool hex_digit(char byte)
{
	return digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static char byte_at(const struct falco_lexer *lexer, size_t at)
{
	return at < lexer->text.length ? lexer->text.data[at] : '\0';
}

char falco_lex_at(const struct falco_lexer *lexer)
{
	return byte_at(lexer, lexer->at);
}

void falco_lex_fail(struct falco_lexer *lexer, const char *what)
{
	enum { SHOWN = 40 };
	struct text left = text_slice(lexer->text, lexer->at, lexer->at + SHOWN);

	if (lexer->error != NULL)
		return;
	for (size_t i = 0; i < left.length; i++) {
		if (left.data[i] == '\n' || left.data[i] == '\r')
			left.length = i;
	}
	while (left.length > 0 && !utf8_valid(left))
		left.length--;
	if (left.length > 0)
		lexer->error = arena_printf(lexer->arena, "the condition %s near `%.*s`", what, TEXT_ARGS(left));
	else
		lexer->error = arena_printf(lexer->arena, "the condition %s at its end", what);
}

bool falco_lex_blank(struct falco_lexer *lexer)
{
	size_t before = lexer->at;

	while (falco_lex_at(lexer) != '\0' && memchr(" \t\b\r\n", falco_lex_at(lexer), 5) != NULL)
		lexer->at++;
	return lexer->at > before;
}

bool falco_lex_string(struct falco_lexer *lexer, const char *string)
{
	struct text rest = text_slice(lexer->text, lexer->at, lexer->text.length);

	if (!text_starts(rest, text_of(string), false))
		return false;
	lexer->at += strlen(string);
	return true;
}

bool falco_lex_word(struct falco_lexer *lexer, const char *word)
{
	size_t before = lexer->at;

	if (falco_lex_string(lexer, word) && falco_lex_blank(lexer))
		return true;
	lexer->at = before;
	return false;
}

static bool took(struct falco_lexer *lexer, size_t end, struct text *token)
{
	if (end == lexer->at)
		return false;
	*token = text_slice(lexer->text, lexer->at, end);
	lexer->at = end;
	return true;
}

static size_t name_end(const struct falco_lexer *lexer, size_t at)
{
	if (!letter(byte_at(lexer, at)))
		return at;
	while (letter(byte_at(lexer, at)) || digit(byte_at(lexer, at)) || byte_at(lexer, at) == '_')
		at++;
	return at;
}

bool falco_lex_identifier(struct falco_lexer *lexer, struct text *token)
{
	return took(lexer, name_end(lexer, lexer->at), token);
}

bool falco_lex_field(struct falco_lexer *lexer, struct text *token)
{
	size_t end = name_end(lexer, lexer->at), first = end;

	while (end > lexer->at && byte_at(lexer, end) == '.') {
		size_t next = name_end(lexer, end + 1);

		if (next == end + 1)
			break;
		end = next;
	}
	return end > first && took(lexer, end, token);
}

static bool take_until(struct falco_lexer *lexer, const char *stops, struct text *token)
{
	size_t end = lexer->at;

	while (end < lexer->text.length && !is_space(byte_at(lexer, end)) && strchr(stops, byte_at(lexer, end)) == NULL)
		end++;
	return took(lexer, end, token);
}

bool falco_lex_argument(struct falco_lexer *lexer, struct text *token)
{
	return take_until(lexer, "[]\"'", token);
}

bool falco_lex_bare(struct falco_lexer *lexer, struct text *token)
{
	return take_until(lexer, "()\"'=,", token);
}

bool falco_lex_number(struct falco_lexer *lexer, struct text *token)
{
	size_t at = lexer->at, digits;

	if (byte_at(lexer, at) == '0' && (byte_at(lexer, at + 1) | 0x20) == 'x' && hex_digit(byte_at(lexer, at + 2))) {
		for (at += 2; hex_digit(byte_at(lexer, at)); at++)
			;
		return took(lexer, at, token);
	}
	at += byte_at(lexer, at) == '+' || byte_at(lexer, at) == '-';
	for (digits = at; digit(byte_at(lexer, at)); at++)
		;
	if (at == digits)
		return false;
	if (byte_at(lexer, at) == '.') {
		for (at++; digit(byte_at(lexer, at)); at++)
			;
	}
	char sign = byte_at(lexer, at + 1);

	if ((byte_at(lexer, at) | 0x20) == 'e' && (sign == '+' || sign == '-') && digit(byte_at(lexer, at + 2))) {
		for (at += 2; digit(byte_at(lexer, at)); at++)
			;
	}
	return took(lexer, at, token);
}

/* --- texts in quotes --- */

static bool hex_byte(struct text inner, size_t at, char *byte)
{
	uint64_t code;

	if (at + 2 > inner.length || !hex_digit(inner.data[at]) || !hex_digit(inner.data[at + 1])
		|| !text_to_ulong_base(text_slice(inner, at, at + 2), 16, &code))
		return false;
	*byte = (char)code;
	return true;
}

/* One escape, from behind its backslash; returns its length, or 0. */
static size_t escape(struct buffer *out, struct text inner, size_t at, char quote)
{
	static const char letters[] = "bfnrt\\/ ", meanings[] = "\b\f\n\r\t\\/\\";
	const char *found = memchr(letters, inner.data[at], sizeof(letters) - 1);
	char byte;

	if (found != NULL) {
		buffer_char(out, meanings[found - letters]);
		return 1;
	}
	if (inner.data[at] == quote) {
		buffer_char(out, quote);
		return 1;
	}
	if (inner.data[at] == 'x' && hex_byte(inner, at + 1, &byte)) {
		buffer_char(out, byte);
		return 3;
	}
	return 0;
}

static bool unescape(struct falco_lexer *lexer, struct text inner, char quote, struct text *token)
{
	struct buffer out = {0};
	bool good = true;

	for (size_t i = 0; good && i < inner.length; i++) {
		if (inner.data[i] != '\\') {
			buffer_char(&out, inner.data[i]);
			continue;
		}
		if (++i == inner.length) /* the engine drops a backslash that is left over */
			break;
		size_t length = escape(&out, inner, i, quote);

		good = length > 0;
		i += length - 1;
	}
	*token = text_copy(lexer->arena, buffer_view(&out));
	buffer_free(&out);
	if (!good)
		falco_lex_fail(lexer, "has an escape that the engine does not know");
	return good;
}

bool falco_lex_quoted(struct falco_lexer *lexer, struct text *token)
{
	char quote = falco_lex_at(lexer);

	if (quote != '"' && quote != '\'')
		return false;
	for (size_t end = lexer->at + 1; end < lexer->text.length; end++) {
		if (byte_at(lexer, end) != quote || byte_at(lexer, end - 1) == '\\')
			continue;
		struct text inner = text_slice(lexer->text, lexer->at + 1, end);

		if (!unescape(lexer, inner, quote, token))
			return false;
		lexer->at = end + 1;
		return true;
	}
	return false;
}

/* --- words --- */

static const char *const transformers[] = {"tolower(", "toupper(", "b64(", "basename(", "len(", "join(", "concat(", "getopt("};

bool falco_lex_transformer(struct falco_lexer *lexer, struct text *token)
{
	for (size_t i = 0; i < sizeof(transformers) / sizeof(*transformers); i++) {
		if (falco_lex_string(lexer, transformers[i])) {
			*token = (struct text){transformers[i], strlen(transformers[i]) - 1};
			return true;
		}
	}
	return false;
}

bool falco_lex_list_follows(struct falco_lexer *lexer)
{
	static const char *const words[] = {"and", "or", "not"};
	struct text rest = text_slice(lexer->text, lexer->at, lexer->text.length);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		char next = byte_at(lexer, lexer->at + strlen(words[i]));

		if (text_starts(rest, text_of(words[i]), false) && !letter(next) && !digit(next))
			return false;
	}
	return falco_lex_at(lexer) == '(' || letter(falco_lex_at(lexer));
}
