/*
 * eql: a query in Elastic's EQL, as a tree of what it says.
 *
 *   sequence by host.id with maxspan=5m
 *     [process where process.name : "docker" and not process.args in ("ps", "version")] with runs=2
 *     [any where true] by process.entity_id
 *
 * Read for itself, apart from the catalog's conditions and from what the writer knows: names are raw names, a test's
 * meaning is Elastic's (judge.c asks it with three answers, read.c makes a condition of it).
 */
#ifndef MEWS_ELASTIC_EQL_H
#define MEWS_ELASTIC_EQL_H

#include "catalog/text.h"

enum eql_operator {
	EQL_NULL,      /* f == null */
	EQL_THERE,     /* f != null */
	EQL_BARE,      /* f, a boolean alone */
	EQL_EQUAL,     /* ==, in */
	EQL_NOT_EQUAL, /* != */
	EQL_LESS, EQL_LESS_EQUAL, EQL_GREATER, EQL_GREATER_EQUAL,
	EQL_LIKE, EQL_REGEX,
	EQL_STARTS, EQL_ENDS, EQL_CONTAINS,
	EQL_CIDR
};

enum eql_value_kind { EQL_STRING, EQL_NUMBER, EQL_BOOLEAN };
struct eql_value {
	enum eql_value_kind kind;
	struct text text; /* of a string its content; else as written */
};

struct eql_test {
	struct text field;
	enum eql_operator op;
	bool fold;        /* without regard to case */
	bool length;      /* the length of the value is compared */
	const struct eql_value *values;
	size_t count;
	struct text other; /* a field whose value is compared instead of `values` (count 0), or empty */
	size_t offset;     /* in the source */
	const struct text *regexes; /* EQL_REGEX: the values in our notation, once elastic_prepare was called; else NULL */
};

enum eql_kind { EQL_FALSE, EQL_TRUE, EQL_AND, EQL_OR, EQL_NOT, EQL_TEST };
struct eql_node {
	enum eql_kind kind;
	struct eql_node **children; /* AND, OR: two or more; NOT: one */
	size_t count;
	struct eql_test test;
};

struct eql_step {
	struct text category;   /* empty: any */
	struct eql_node *where;
	const struct text *by;
	size_t by_count;
	bool missing;           /* ![ … ] */
	size_t runs;            /* 1 or more */
};

struct eql_query {
	enum { EQL_EVENT, EQL_SEQUENCE, EQL_SAMPLE } kind; /* EVENT: steps[0] alone */
	struct eql_step *steps;
	size_t count;
	struct eql_step *until; /* NULL: none */
	const struct text *by;  /* of all steps */
	size_t by_count;
	struct text maxspan;    /* as written (5m); empty: none */
};

enum { EQL_DEPTH_MAX = 200, EQL_STEPS_MAX = 100 };

/* NULL: *error is a sentence, *offset where. Everything lives in the arena. */
struct eql_query *eql_parse(struct arena *arena, struct text source, const char **error, size_t *offset);

#endif
