/*
 * filter: the text of a Falco condition → a tree, as the engine's own parser reads it.
 *
 *   evt.type in (open, openat) and not proc.aname[2] startswith "sys" and is_shell
 *   → AND( evt.type IN {open, openat}, NOT( proc.aname[2] STARTSWITH {sys} ), macro is_shell )
 *
 * or binds weaker than and, and weaker than not. The lexer's habits are kept: a quote with a backslash right before it does
 * not end a text, `in(` needs no blank, `or(…)` takes the bracket alone, `!` is no word, `<` takes numbers only. Lists are
 * no matter of the language: their names were pasted over before (parse.h).
 */
#ifndef MEWS_FALCO_FILTER_H
#define MEWS_FALCO_FILTER_H

#include "catalog/detection.h"

enum filter_operator {
	FILTER_EXISTS, FILTER_EQUAL, FILTER_NOT_EQUAL, FILTER_LESS, FILTER_LESS_EQUAL, FILTER_GREATER, FILTER_GREATER_EQUAL,
	FILTER_CONTAINS, FILTER_ICONTAINS, FILTER_BCONTAINS, FILTER_STARTS, FILTER_BSTARTS, FILTER_ENDS, FILTER_GLOB, FILTER_IGLOB,
	FILTER_REGEX, FILTER_IN, FILTER_INTERSECTS, FILTER_PMATCH,
	FILTER_OPERATOR_COUNT
};
extern const char *const filter_operators[FILTER_OPERATOR_COUNT]; /* as they are written */

enum filter_modifier { FILTER_PLAIN, FILTER_ONEOF, FILTER_ANYOF, FILTER_ALLOF };

/* A field, a transformer of others, or a constant among a transformer's arguments. */
struct filter_operand {
	struct text name;          /* fd.name, tolower; empty: a constant, or a list of operands */
	bool transformer, constant, list;
	bool has_argument;
	struct text argument;      /* of fd.name[…] */
	struct text value;         /* of a constant */
	struct filter_operand **operands;
	size_t count;
	struct text text;          /* the whole, in canonical spelling: proc.aname[2], tolower(proc.name) */
};

enum filter_kind { FILTER_AND, FILTER_OR, FILTER_NOT, FILTER_CHECK, FILTER_MACRO };
struct filter {
	enum filter_kind kind;
	struct filter **children;  /* AND, OR: two or more; NOT: one; MACRO: one, once it is resolved */
	size_t count;
	size_t size;               /* checks in it, macros counted with what they stand for */
	size_t depth;              /* levels below, likewise: set when macros are put in */
	struct text macro;
	struct filter_operand *left;
	enum filter_operator op;
	enum filter_modifier modifier;
	struct texts values;       /* constants on the right */
	struct filter_operand *right; /* val(field) or a transformer; NULL: constants */
};

enum { FILTER_DEPTH_MAX = 300 };

/* NULL: *error is a sentence that names the place by the text around it. Texts of the tree live in the arena. */
struct filter *filter_parse(struct arena *arena, struct text text, const char **error);

#endif
