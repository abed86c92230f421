/*
 * lexer: the words of RainerScript. What a word is depends on where it stands, so the parser says what it wants.
 */
#ifndef MEWS_RSYSLOG_LEXER_H
#define MEWS_RSYSLOG_LEXER_H

#include "catalog/diagnostic.h"

struct rslexer {
	struct arena *arena;
	const char *file;
	struct text text;     /* as rsyslog hands it to its own lexer: lines joined and trimmed */
	size_t at;
	struct diagnostics *d;
	bool failed;
};

/* Joins lines that end in a backslash and takes blanks off their ends, as rsyslog does. */
void rslexer_begin(struct rslexer *lexer, struct arena *arena, const char *file, struct text text, struct diagnostics *d);
/* Reports once, at the place where the lexer stands. Always returns false. */
bool rslexer_fail(struct rslexer *lexer, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Blanks and comments; within an expression `#` begins none. */
void rslexer_skip(struct rslexer *lexer, bool expression);
bool rslexer_end(struct rslexer *lexer);
/* Is the next byte this one (after blanks)? Then it is taken. */
bool rslexer_byte(struct rslexer *lexer, char byte, bool expression);
bool rslexer_want(struct rslexer *lexer, char byte, bool expression);
/* The word that stands here (letters, digits, _), in any case; not taken. Empty: none. */
struct text rslexer_peek(struct rslexer *lexer, bool expression);
/* Is it this word? Then it is taken. */
bool rslexer_word(struct rslexer *lexer, const char *word, bool expression);
/* A text in quotes, unescaped. In an object's parameters quotes are double ones, a dollar sign stands for itself, and
 * there are further escapes. */
bool rslexer_string(struct rslexer *lexer, bool object, struct text *string);
/* $name, $!a!b, $.a!b, with the dollar sign. */
bool rslexer_variable(struct rslexer *lexer, struct text *name);
bool rslexer_number(struct rslexer *lexer, int64_t *number);
/* The name of a ruleset behind `call`. */
bool rslexer_name(struct rslexer *lexer, struct text *name);

#endif
