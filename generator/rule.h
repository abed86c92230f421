/*
 * rule: what a target's rule says, as a tree of tests of raw names; built by lower.c, printed by writers.
 *
 * Nodes are shared and never changed. AND and OR have two or more children and none of their own kind;
 * TRUE and FALSE stand alone. A test holds if the raw value is there and one of `values` fits it.
 */
#ifndef MEWS_RULE_H
#define MEWS_RULE_H

#include "catalog/dialect.h"

enum test_operator {
	TEST_PRESENT,
	TEST_EQUAL, TEST_LESS, TEST_LESS_EQUAL, TEST_GREATER, TEST_GREATER_EQUAL,
	TEST_LIKE, TEST_REGEX, TEST_STARTS, TEST_ENDS, TEST_CONTAINS, TEST_CIDR,
	TEST_MASK,     /* a bit of one of the masks (decimal) is set */
	TEST_MASK_ALL, /* all bits of one of the masks are set */
	TEST_OPERATOR_COUNT
};

struct rule_test {
	struct text name;            /* raw name, as rules write it; empty: any value of the record (a keyword) */
	enum test_operator op;
	bool fold;                   /* without regard to ASCII case */
	bool closed;                 /* the raw name has a few known words only: its case needs no telling apart */
	bool act;                    /* says what the record is: the raw name has one value */
	bool number;                 /* values are decimal numbers (or true, false), not text */
	bool lines;                  /* REGEX: made by us, and `.` is any character, newlines too */
	bool hex;                    /* MASK: the raw value is text in hex */
	const struct text *values;   /* any of them; LIKE: patterns; REGEX: of the whole value */
	size_t count;
	struct text list;            /* the catalog's list that all values came from, or empty */
	struct text other;           /* raw name whose value is compared instead of `values` (count 0), or empty */
};

enum rule_kind { RULE_FALSE, RULE_TRUE, RULE_AND, RULE_OR, RULE_NOT, RULE_TEST };
struct rule_node {
	enum rule_kind kind;
	struct rule_node **children;
	size_t count;
	struct rule_test test;
};

/* Builders that keep the normal form; equal neighbours are written once, and tests of one name and
 * operator under an OR become one test of all their values. */
struct rule_node *rule_true(void);
struct rule_node *rule_false(void);
struct rule_node *rule_not(struct arena *arena, struct rule_node *child);
struct rule_node *rule_and(struct arena *arena, struct rule_node *const *children, size_t count);
struct rule_node *rule_or(struct arena *arena, struct rule_node *const *children, size_t count);
struct rule_node *rule_both(struct arena *arena, struct rule_node *a, struct rule_node *b);
struct rule_node *rule_either(struct arena *arena, struct rule_node *a, struct rule_node *b);
struct rule_node *rule_test(struct arena *arena, const struct rule_test *test);
/* A test of one value. */
struct rule_node *rule_one(struct arena *arena, struct text name, enum test_operator op, struct text value);

bool rule_equal(const struct rule_node *a, const struct rule_node *b);
bool rule_same_test(const struct rule_test *a, const struct rule_test *b);
void rule_visit(const struct rule_node *node, void (*visit)(const struct rule_test *, void *), void *context);
/* Tests in the tree; the raw values themselves are not counted. */
size_t rule_size(const struct rule_node *node);

/* Tests of many values as an OR of tests of one, but for those that `keep` says yes to. */
struct rule_node *rule_spread(struct arena *arena, struct rule_node *node, bool (*keep)(const struct rule_test *));

/* The tree without NOT above AND and OR, and then as OR of ANDs: `conjuncts` of tests or negated tests.
 * Returns their number, or SIZE_MAX where there would be more than `limit`. */
struct rule_literal {
	const struct rule_test *test;
	bool negated;
};
struct rule_conjunct {
	struct rule_literal *literals;
	size_t count;
};
size_t rule_dnf(struct arena *arena, const struct rule_node *node, size_t limit, struct rule_conjunct **conjuncts);

/* Literal text in a regular expression of the catalog's subset, without a backslash where that can be. */
void rule_regex_literal(struct buffer *out, struct text literal);
/* A wildcard pattern likewise: `any` stands for *, `one` for ?. */
void rule_regex_pattern(struct arena *arena, struct buffer *out, struct text pattern, const char *any, const char *one);
/* A hexadecimal number (any case, zeroes before it) in which bits of `mask` are set: all, or at least one. */
struct text rule_regex_bits(struct arena *arena, uint64_t mask, bool all);

#endif
