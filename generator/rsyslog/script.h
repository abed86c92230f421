/*
 * script: RainerScript as trees: rulesets, statements, expressions.
 *
 * The part of the language that decides which messages go where: comments, objects with their parameters, set, unset, if,
 * call, stop, action, expressions with rsyslog's own precedence (`and` and `or` bind alike, from the left; `not`
 * binds tighter than comparisons). Selectors of the old form, foreach, include, tables and texts compared by order are not
 * read: they are errors.
 * All of it lives in the arena that it was parsed into; regular expressions are freed with that arena.
 */
#ifndef MEWS_RSYSLOG_SCRIPT_H
#define MEWS_RSYSLOG_SCRIPT_H

#include "catalog/diagnostic.h"

#include <regex.h>

enum script_operator {
	SCRIPT_AND, SCRIPT_OR, SCRIPT_NOT,
	SCRIPT_EQUAL, SCRIPT_NOT_EQUAL, SCRIPT_LESS, SCRIPT_LESS_EQUAL, SCRIPT_GREATER, SCRIPT_GREATER_EQUAL,
	SCRIPT_CONTAINS, SCRIPT_CONTAINS_I, SCRIPT_STARTS, SCRIPT_STARTS_I,
	SCRIPT_JOIN, SCRIPT_ADD, SCRIPT_SUBTRACT, SCRIPT_MULTIPLY, SCRIPT_DIVIDE, SCRIPT_REMAINDER, SCRIPT_NEGATE,
	SCRIPT_TEXT, SCRIPT_NUMBER, SCRIPT_LIST, SCRIPT_VARIABLE, SCRIPT_CALL
};

enum script_function {
	FUNCTION_RE_MATCH, FUNCTION_RE_MATCH_I, FUNCTION_RE_EXTRACT, FUNCTION_RE_EXTRACT_I, FUNCTION_REPLACE, FUNCTION_CNUM,
	FUNCTION_CSTR, FUNCTION_TOLOWER, FUNCTION_STRLEN, FUNCTION_COUNT
};

struct script_expression {
	enum script_operator op;
	struct script_expression *left, *right; /* NOT, NEGATE: right */
	struct text text;                       /* TEXT; VARIABLE: with its dollar sign */
	int64_t number;
	struct text *items;                     /* LIST */
	struct script_expression **arguments;   /* CALL */
	size_t count;
	enum script_function function;
	regex_t *regex;                         /* of the regular-expression functions */
};

enum script_kind { STATEMENT_SET, STATEMENT_UNSET, STATEMENT_IF, STATEMENT_CALL, STATEMENT_STOP, STATEMENT_ACTION };
struct script_statement {
	enum script_kind kind;
	struct text name;                       /* SET, UNSET: the variable; CALL: the ruleset */
	struct script_expression *expression;   /* SET, IF */
	struct script_statement *then, *otherwise; /* IF */
	bool passed_over;                       /* IF: as though it did not hold, and nothing else were there (judge.c) */
	struct script_statement *next;
};

struct script_ruleset {
	struct text name;
	struct script_statement *first;
};

struct script {
	struct script_ruleset *rulesets;
	size_t ruleset_count;
	struct script_statement *first;         /* outside of rulesets */
};

/* NULL: an error was reported with its place in `file`. */
struct script *script_parse(struct arena *arena, const char *file, struct text text, struct diagnostics *d);
const struct script_ruleset *script_ruleset(const struct script *script, struct text name);

#endif
