/*
 * parser: tokens → tree. Internal to condition.c, parser.c, predicate.c and sequence_syntax.c.
 *
 * After a fault of grammar the parser stops; after a fault of meaning (an unknown field, a wrong type) it reports,
 * puts `false` there and goes on, so that one run shows them all.
 */
#ifndef MEWS_PARSER_H
#define MEWS_PARSER_H

#include "catalog/condition.h"
#include "catalog/lexer.h"

enum {
	PARSER_DEPTH_MAX = 200,
	PARSER_PREDICATES_MAX = 10000 /* after macros were expanded: macros of macros grow fast */
};

struct parser {
	struct arena *arena, *scratch; /* scratch: tokens, as long as parsing takes */
	const struct scope *scope;
	const struct registry *registry;
	struct diagnostics *d;
	struct text source, document;
	struct place place; /* of source's first character */
	unsigned indent;
	struct place known; /* of source[known_offset]: places are mostly asked in order */
	size_t known_offset;
	struct tokens tokens;
	size_t at;
	unsigned category;
	unsigned depth;
	size_t *predicates;
	const struct named_macro *macro; /* that is being read, or NULL */
	const struct parser *user; /* who named the macro */
	bool sequence, step; /* reading a sequence; inside the brackets of one of its steps */
	bool failed, stopped;
};

/* Lexes the source. What the lexer refuses is reported when the parser arrives there. */
void parser_begin(struct parser *parser);
struct node *parser_expression(struct parser *parser); /* up to the end; false after an error */
struct node *parser_part(struct parser *parser);       /* the same, up to what does not belong to it */
/* `CATEGORY where`, into parser->category. */
void parser_category(struct parser *parser);
/* Everything from the word sequence or sample on; NULL after an error. */
struct sequence *parser_sequence(struct parser *parser);
/* Is the token the first word of a sequence or a sample (and no field, macro or category of that name)? */
bool parser_at_sequence(const struct parser *parser);

const struct token *parser_token(const struct parser *parser, size_t ahead);
const struct token *parser_take(struct parser *parser); /* the token at hand, and goes on behind it */
bool parser_take_kind(struct parser *parser, enum token_kind kind);
bool parser_is_word(const struct token *token, const char *word);
/* The field that the token names; one that the registry lacks is adopted with the type, where the scope takes such.
 * FIELD_NONE: reported. Adopting may move registry->fields. */
unsigned parser_field(struct parser *parser, const struct token *token, enum value_type type);
struct place parser_place(struct parser *parser, size_t offset);
void parser_error(struct parser *parser, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4))); /* of meaning */
void parser_stop(struct parser *parser, size_t offset, const char *format, ...)
	__attribute__((format(printf, 3, 4))); /* of grammar; only the first is reported */

const struct named_list *scope_list(const struct scope *scope, struct text name);
const struct named_macro *scope_macro(const struct scope *scope, struct text name);

/* One comparison as it was written, before it means anything. */
struct literal {
	enum literal_kind { LITERAL_STRING,
		LITERAL_NUMBER,
		LITERAL_BOOLEAN,
		LITERAL_NULL,
		LITERAL_LIST,
		LITERAL_FIELD } kind;
	const struct token *token;
	const struct named_list *list;
};

struct comparison {
	const struct token *field, *operator;
	enum predicate_operator op;
	bool fold, length, number;
	struct literal *literals;
	size_t count;
};

/* Checks it and makes a node; false after an error. */
struct node *comparison_check(struct parser *parser, const struct comparison *comparison);

#endif
