/*
 * lexer: the words of a condition, with their places. Internal to condition.c, parser.c and predicate.c.
 */
#ifndef MEWS_LEXER_H
#define MEWS_LEXER_H

#include "catalog/text.h"

enum token_kind {
	TOKEN_END,
	TOKEN_NAME, /* user.name, like, in~ (then `fold`), ?user.name (then `optional`), `a.b-c` (then `quoted`) */
	TOKEN_STRING, /* text is the content, escapes resolved */
	TOKEN_NUMBER, /* text as written, with its sign */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_COLON,
	TOKEN_EQUAL,
	TOKEN_NOT_EQUAL,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
	/* only in sequences */
	TOKEN_DURATION, /* 10m */
	TOKEN_ASSIGN, /* = */
	TOKEN_BRACKET_OPEN,
	TOKEN_BRACKET_CLOSE,
	TOKEN_MISSING_OPEN /* ![ */
};

struct token {
	enum token_kind kind;
	struct text text;
	size_t offset, length; /* where it stands in the source */
	bool fold; /* a `~` follows the name at once */
	bool optional, quoted;
	bool raw; /* """…""" */
};

struct tokens {
	struct token *items; /* the last one is END */
	size_t count;
	const char *error; /* a sentence, or NULL; the items before it are good */
	size_t error_offset;
};

/* Texts point into `source` or into the arena; the tokens themselves are in `scratch`, which may be the same arena. Always
 * gives at least the END. */
void lexer_run(struct arena *arena, struct arena *scratch, struct text source, struct tokens *tokens);

/* Where in the source the byte `at` of a string token's content stands. */
size_t lexer_string_offset(const struct token *token, struct text source, size_t at);

#endif
