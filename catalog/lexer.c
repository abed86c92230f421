/*
 * lexer: source → tokens. It stops at the first thing that is no word of the language.
 */
#include "catalog/lexer.h"

#include <string.h>

struct lexer {
	struct arena *arena, *scratch;
	struct text source;
	size_t at;
	struct tokens *tokens;
};

static bool fail(struct lexer *lexer, size_t offset, const char *error)
{
	lexer->tokens->error = error;
	lexer->tokens->error_offset = offset;
	return false;
}

static char peek(const struct lexer *lexer, size_t ahead)
{
	size_t at = lexer->at + ahead;
	return at < lexer->source.length ? lexer->source.data[at] : '\0';
}

static bool ahead_is(const struct lexer *lexer, const char *word)
{
	return text_starts(text_slice(lexer->source, lexer->at, lexer->source.length), text_of(word), false);
}

static struct token *add(struct lexer *lexer, enum token_kind kind, size_t offset)
{
	struct tokens *tokens = lexer->tokens;
	tokens->items = arena_grow(lexer->scratch, tokens->items, tokens->count, sizeof(*tokens->items));
	struct token *token = &tokens->items[tokens->count++];
	*token = (struct token){.kind = kind, .offset = offset, .length = lexer->at - offset};
	token->text = text_slice(lexer->source, offset, lexer->at);
	return token;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool begins_name(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' || byte == '@';
}

/* ---- blanks and comments ---- */

static bool skip_comment(struct lexer *lexer)
{
	size_t start = lexer->at;

	if (peek(lexer, 1) == '/') {
		while (lexer->at < lexer->source.length && peek(lexer, 0) != '\n')
			lexer->at++;
		return true;
	}
	for (lexer->at += 2; lexer->at < lexer->source.length; lexer->at++)
		if (ahead_is(lexer, "*/")) {
			lexer->at += 2;
			return true;
		}
	return fail(lexer, start, "the comment is not closed with */");
}

static bool skip_blanks(struct lexer *lexer)
{
	while (lexer->at < lexer->source.length) {
		char byte = peek(lexer, 0);
		if (byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r')
			lexer->at++;
		else if (ahead_is(lexer, "//") || ahead_is(lexer, "/*")) {
			if (!skip_comment(lexer))
				return false;
		} else
			break;
	}
	return true;
}

/* ---- strings ---- */

static const char escapes[][2] = {{'n', '\n'}, {'r', '\r'}, {'t', '\t'}, {'b', '\b'}, {'f', '\f'}, {'"', '"'},
	{'\'', '\''}, {'\\', '\\'}};

static size_t put_utf8(char *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3
							  : 4;
	for (size_t i = length - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80u | (code & 0x3Fu));
	out[0] = (char)((0xF00u >> length & 0xFFu) | code);
	return length;
}

/* An escape that begins at source[at]: how many bytes it takes and gives. 0: it is none. */
static size_t read_escape(struct text source, size_t at, char out[4], size_t *given)
{
	char letter = at + 1 < source.length ? source.data[at + 1] : '\0';
	uint64_t code;

	for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
		if (escapes[i][0] == letter) {
			out[0] = escapes[i][1];
			*given = 1;
			return 2;
		}
	if (letter != 'u' || at + 2 >= source.length || source.data[at + 2] != '{')
		return 0;
	struct text digits = text_slice(source, at + 3, source.length);
	digits.length = text_find(digits, '}');
	if (at + 3 + digits.length >= source.length || digits.length == 0 || digits.length > 8 ||
		!text_to_ulong_base(digits, 16, &code))
		return 0;
	if (code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		return 0;
	*given = put_utf8(out, (uint32_t)code);
	return 4 + digits.length;
}

/* Where the string that begins at source[at] ends: its closing quote, a newline or the end. */
static size_t string_end(struct text source, size_t at)
{
	for (at++; at < source.length && source.data[at] != '"' && source.data[at] != '\n'; at++)
		if (source.data[at] == '\\')
			at++;
	return at < source.length ? at : source.length;
}

static bool has_escape(struct text source, size_t from, size_t to)
{
	return memchr(source.data + from, '\\', to - from) != NULL;
}

static bool read_string(struct lexer *lexer)
{
	size_t start = lexer->at, end = string_end(lexer->source, start), length = 0, given = 0;
	if (end < lexer->source.length && lexer->source.data[end] == '"' && !has_escape(lexer->source, start, end)) {
		lexer->at = end + 1;
		add(lexer, TOKEN_STRING, start)->text = text_slice(lexer->source, start + 1, end);
		return true;
	}
	/* An escape never gives more than it takes. */
	char *content = arena_alloc(lexer->arena, end - start + 1);

	lexer->at++;
	while (lexer->at < lexer->source.length && peek(lexer, 0) != '"' && peek(lexer, 0) != '\n') {
		if (peek(lexer, 0) != '\\') {
			content[length++] = peek(lexer, 0);
			lexer->at++;
			continue;
		}
		char bytes[4];
		size_t taken = read_escape(lexer->source, lexer->at, bytes, &given);
		if (taken == 0)
			return fail(lexer, lexer->at, "unknown escape: a string knows \\\" \\\\ \\n \\r \\t \\b \\f and \\u{…}; "
						      "a backslash itself is \\\\, or write the string as \"\"\"…\"\"\"");
		for (size_t i = 0; i < given; i++)
			content[length++] = bytes[i];
		lexer->at += taken;
	}
	if (peek(lexer, 0) != '"')
		return fail(lexer, start, "the string is not closed with \"");
	lexer->at++;
	add(lexer, TOKEN_STRING, start)->text = (struct text){content, length};
	return true;
}

static bool read_raw_string(struct lexer *lexer)
{
	size_t start = lexer->at;

	lexer->at += 3;
	while (lexer->at < lexer->source.length && peek(lexer, 0) != '\n' && !ahead_is(lexer, "\"\"\""))
		lexer->at++;
	if (!ahead_is(lexer, "\"\"\""))
		return fail(lexer, start, "the raw string is not closed with \"\"\"");
	/* Up to two quotes may end the content: """say "no"""" is `say "no"`. */
	for (unsigned more = 0; more < 2 && peek(lexer, 3) == '"'; more++)
		lexer->at++;
	struct text content = text_slice(lexer->source, start + 3, lexer->at);
	lexer->at += 3;
	struct token *token = add(lexer, TOKEN_STRING, start);
	token->text = content;
	token->raw = true;
	return true;
}

size_t lexer_string_offset(const struct token *token, struct text source, size_t at)
{
	if (token->raw)
		return token->offset + 3 + at;
	size_t position = token->offset + 1, given = 1;
	char bytes[4];
	for (size_t seen = 0; seen < at && position < token->offset + token->length - 1; seen += given) {
		given = 1;
		size_t taken = source.data[position] == '\\' ? read_escape(source, position, bytes, &given) : 1;
		if (seen + given > at)
			break;
		position += taken;
	}
	return position;
}

/* ---- names and numbers ---- */

static bool read_name(struct lexer *lexer)
{
	size_t start = lexer->at;
	bool optional = peek(lexer, 0) == '?';

	if (optional)
		lexer->at++;
	if (optional && !begins_name(peek(lexer, 0)))
		return fail(lexer, start, "a field name follows ?");
	while (begins_name(peek(lexer, 0)) || is_digit(peek(lexer, 0)) ||
		(peek(lexer, 0) == '.' && begins_name(peek(lexer, 1))))
		lexer->at++;
	struct token *token = add(lexer, TOKEN_NAME, start);
	token->optional = optional;
	if (optional)
		token->text = text_slice(token->text, 1, token->text.length);
	if (peek(lexer, 0) == '~') {
		lexer->at++;
		token->fold = true;
		token->length++;
	}
	return true;
}

static bool read_quoted_name(struct lexer *lexer)
{
	size_t start = lexer->at++;
	while (lexer->at < lexer->source.length && peek(lexer, 0) != '`' && peek(lexer, 0) != '\n')
		lexer->at++;
	if (peek(lexer, 0) != '`')
		return fail(lexer, start, "the field name is not closed with `");
	lexer->at++;
	struct token *token = add(lexer, TOKEN_NAME, start);
	token->text = text_slice(lexer->source, start + 1, lexer->at - 1);
	token->quoted = true;
	return true;
}

/* The letters behind a number of a duration. */
static size_t unit_length(const struct lexer *lexer)
{
	static const char *const units[] = {"ms", "s", "m", "h", "d"};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t length = text_of(units[i]).length;
		if (ahead_is(lexer, units[i]) && !begins_name(peek(lexer, length)) && !is_digit(peek(lexer, length)))
			return length;
	}
	return 0;
}

/* Fractions and exponents are read too, so that the parser can say what is wrong with them. */
static bool read_number(struct lexer *lexer)
{
	size_t start = lexer->at++;
	while (is_digit(peek(lexer, 0)) || (peek(lexer, 0) == '.' && is_digit(peek(lexer, 1))))
		lexer->at++;
	if ((peek(lexer, 0) | 0x20) == 'e' &&
		(is_digit(peek(lexer, 1)) || ((peek(lexer, 1) == '-' || peek(lexer, 1) == '+') && is_digit(peek(lexer, 2))))) {
		lexer->at += 2;
		while (is_digit(peek(lexer, 0)))
			lexer->at++;
	}
	size_t unit = unit_length(lexer);
	lexer->at += unit;
	if (unit == 0 && begins_name(peek(lexer, 0)))
		return fail(lexer, start, "a number ends before a letter: text is written in \"quotes\"");
	add(lexer, unit > 0 ? TOKEN_DURATION : TOKEN_NUMBER, start);
	return true;
}

/* ---- symbols ---- */

static const struct {
	const char *spelling;
	enum token_kind kind;
	const char *error; /* instead of a kind: what to write */
} symbols[] = {
	{"==", TOKEN_EQUAL, NULL},
	{"=~", TOKEN_END, "=~ is not in the language: write : or like~ or regex~"},
	{"!=", TOKEN_NOT_EQUAL, NULL},
	{"<=", TOKEN_LESS_EQUAL, NULL},
	{">=", TOKEN_GREATER_EQUAL, NULL},
	{"<", TOKEN_LESS, NULL},
	{">", TOKEN_GREATER, NULL},
	{"(", TOKEN_OPEN, NULL},
	{")", TOKEN_CLOSE, NULL},
	{",", TOKEN_COMMA, NULL},
	{":", TOKEN_COLON, NULL},
	{"=", TOKEN_ASSIGN, NULL},
	{"&", TOKEN_END, "& is not in the language: write and"},
	{"||", TOKEN_END, "|| is not in the language: write or"},
	{"|", TOKEN_END, "pipes are not part of a condition"},
	{"![", TOKEN_MISSING_OPEN, NULL},
	{"!", TOKEN_END, "! is not in the language: write not"},
	{"~", TOKEN_END, "~ stands directly behind in, like, regex or a function's name"},
	{"'", TOKEN_END, "strings stand in double quotes"},
	{"[", TOKEN_BRACKET_OPEN, NULL},
	{"]", TOKEN_BRACKET_CLOSE, NULL},
	{"+", TOKEN_END, "arithmetic is not in the language"},
	{"-", TOKEN_END, "arithmetic is not in the language"},
	{"*", TOKEN_END, "* stands only in the strings of like and :"},
	{"/", TOKEN_END, "a path is a string: it stands in \"quotes\""},
};

static bool read_symbol(struct lexer *lexer)
{
	for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++) {
		if (!ahead_is(lexer, symbols[i].spelling))
			continue;
		if (symbols[i].error != NULL)
			return fail(lexer, lexer->at, symbols[i].error);
		size_t start = lexer->at;
		lexer->at += text_of(symbols[i].spelling).length;
		add(lexer, symbols[i].kind, start);
		return true;
	}
	return fail(lexer, lexer->at, "this character is not in the language");
}

static bool read_token(struct lexer *lexer)
{
	char byte = peek(lexer, 0);

	if (ahead_is(lexer, "\"\"\""))
		return read_raw_string(lexer);
	if (byte == '"')
		return read_string(lexer);
	if (byte == '`')
		return read_quoted_name(lexer);
	if (begins_name(byte) || byte == '?')
		return read_name(lexer);
	if (is_digit(byte) || (byte == '-' && is_digit(peek(lexer, 1))))
		return read_number(lexer);
	return read_symbol(lexer);
}

static bool check_bytes(struct lexer *lexer)
{
	struct text source = lexer->source;
	for (size_t at = 0; at < source.length;) {
		size_t step = utf8_step(source.data + at, source.length - at);
		if (step == 1 && (unsigned char)source.data[at] >= 0x80)
			return fail(lexer, at, "the condition is not UTF-8");
		if (source.data[at] == '\0')
			return fail(lexer, at, "the condition contains a NUL byte");
		at += step;
	}
	return true;
}

void lexer_run(struct arena *arena, struct arena *scratch, struct text source, struct tokens *tokens)
{
	struct lexer lexer = {.arena = arena, .scratch = scratch, .source = source, .tokens = tokens};
	bool good;

	*tokens = (struct tokens){0};
	good = check_bytes(&lexer);
	while (good && skip_blanks(&lexer) && lexer.at < source.length)
		good = read_token(&lexer);
	add(&lexer, TOKEN_END, lexer.at);
}
