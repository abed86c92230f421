/*
 * lower: from a condition to what a target can say (DESIGN section 6).
 *
 * For each action of the condition's category event.action is fixed and the tree simplified; what is not
 * false becomes a rule for that action's events in each group of the dialect that has them (native), and,
 * for container requests, for the exec of a client in each group that has process.exec (derived).
 * For each predicate the dialect gives an upper bound (implied by it) and a lower bound (implies it).
 * Under an even number of negations the upper bound is used, under an odd number the lower one. So a rule
 * matches at least what the condition matches; it is exact only where both bounds coincide everywhere.
 *
 * (The helper who writes lower.c puts a worked example here.)
 */
#ifndef MEWS_LOWER_H
#define MEWS_LOWER_H

#include "catalog/catalog.h"

enum fidelity { FIDELITY_EXACT, FIDELITY_WIDER, FIDELITY_APPROXIMATE, FIDELITY_COLLECTS, FIDELITY_UNSUPPORTED };
const char *fidelity_name(enum fidelity fidelity);

/* What a rule says about one raw name of the target. */
enum test_operator {
	TEST_PRESENT, TEST_EQUAL, TEST_LESS, TEST_LESS_EQUAL, TEST_GREATER, TEST_GREATER_EQUAL,
	TEST_LIKE, TEST_REGEX, TEST_STARTS, TEST_ENDS, TEST_CONTAINS, TEST_CIDR, TEST_MASK,
	TEST_OPERATOR_COUNT
};
struct rule_test {
	struct text name;            /* raw name */
	enum test_operator op;
	bool fold;                   /* ASCII folding is wanted (or, where the target always folds, tolerated) */
	bool number;                 /* values are numbers, not text */
	const struct text *values;   /* any of them */
	size_t count;
	const struct dialect_field *field; /* the row it came from; NULL: from an event's match or a gate */
};

enum rule_kind { RULE_FALSE, RULE_TRUE, RULE_AND, RULE_OR, RULE_NOT, RULE_TEST };
struct rule_node {
	enum rule_kind kind;
	struct rule_node **children;
	size_t count;
	struct rule_test test;
};

/* Which tests a target can write, each exactly / only folded / only case-sensitive / not at all. */
enum ability { ABLE_NOT, ABLE_FOLDED, ABLE_CASED, ABLE_BOTH };
struct target_abilities {
	enum ability test[TEST_OPERATOR_COUNT];
	bool boolean;   /* and, or, not nest freely; else lower gives disjunctive normal form without or */
	bool negation;
	bool collects;  /* may record a whole event kind for replay to decide */
};

struct target;

struct rule {
	const struct detection *detection;
	const struct condition *condition;
	const struct dialect_group *group;
	unsigned category;
	unsigned *actions;           /* merged where renderings are equal */
	size_t action_count;
	bool derived;                /* from a client's command line */
	struct rule_node *events;    /* which events: the event map (and gate) as tests */
	struct rule_node *node;      /* what of the condition (without exceptions) */
	struct rule_node *exceptions; /* what is excluded (a lower bound), or NULL */
	enum fidelity fidelity;
	struct text *reasons;        /* sentences, each once */
	size_t reason_count;
};

struct lowered {
	struct rule *rules;          /* none: unsupported */
	size_t count;
	struct text *reasons;        /* why parts are unsupported */
	size_t reason_count;
};

struct lower_exception { const struct exception *exception; enum fidelity fidelity; /* EXACT, WIDER = narrowed, UNSUPPORTED = lost */ };

int lower_condition(struct arena *arena, const struct catalog *catalog, const struct target *target,
	const struct detection *detection, const struct condition *condition, const struct exception *const *exceptions,
	size_t exception_count, struct lower_exception *applied, struct lowered *lowered);

#endif
