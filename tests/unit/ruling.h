/*
 * ruling: what the generator's unit tests share: raw records, and an evaluator of rules over them that is
 * written apart from the generator.
 */
#ifndef MEWS_TEST_RULING_H
#define MEWS_TEST_RULING_H

#include "generator/lower.h"
#include "generator/target.h"

/* A record: raw name → raw value. */
struct raw {
	const char *name;
	struct text value;
};
struct raw_record {
	struct raw items[32];
	size_t count;
};
void raw_set(struct raw_record *record, const char *name, struct text value);

/* Does the rule match? Texts are compared as the test asks (fold), as Falco does; always without regard
 * to case where `folds`, as Sigma does for all but regular expressions. */
bool ruling_holds(const struct rule_node *node, const struct raw_record *record, bool folds);
/* The rule's tree as text: Falco's spelling, which shows all tests. */
struct text ruling_print(struct arena *arena, const struct rule_node *node);

/* A catalog with nothing but the registry, and dialects from YAML. */
struct ruling {
	struct arena arena;
	struct catalog *catalog;
	struct dialect *dialect;
	struct diagnostics diagnostics;
};
void ruling_begin(struct ruling *ruling, const char *dialect);
void ruling_end(struct ruling *ruling);
struct condition *ruling_condition(struct ruling *ruling, const char *source);
/* All rules of one condition for a target of generator/target.c. */
struct lowered *ruling_lower(struct ruling *ruling, const char *target, const char *source, const char *except);

/* A small generator of numbers that is the same everywhere. */
uint64_t ruling_random(uint64_t *state);

#endif
