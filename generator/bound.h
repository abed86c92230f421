/*
 * bound: what a predicate on a field says about the raw value that holds the field.
 *
 * The upper bound is implied by the predicate, the lower one implies it; where nothing can be said they are
 * TRUE and FALSE. Both coincide where `exact`. This is the writing side of catalog/shape.h: a table with one
 * row for each shape, so that a value that the reader understands is a value that a rule can be asked for.
 *
 *   process.args == "--privileged"   JOINED proc.cmdline   upper: has the word; lower: FALSE
 *   process.name == "docker"         BASENAME Image        exact: is "docker" or ends with "/docker"
 *   file.path == "/run/docker.sock"  PLAIN fd.name         exact: is that or /var/run/docker.sock
 */
#ifndef MEWS_BOUND_H
#define MEWS_BOUND_H

#include "catalog/evaluate.h"
#include "generator/rule.h"

struct bounds {
	struct rule_node *upper, *lower;
	bool exact;
	const char *reason; /* a sentence: why it is not exact; NULL where it is */
	const char *misses; /* a sentence: what even the upper bound misses; NULL: nothing */
};

struct bounding {
	struct arena *arena;
	const struct registry *registry;
	const struct dialect *dialect;
	const struct dialect_field *row;
	const struct predicate *predicate;
	struct evaluator *evaluator;
	bool failed; /* the condition may hold on acts that failed */
};

struct bounds bounds_exact(struct rule_node *node);
struct bounds bounds_upper(struct rule_node *node, const char *reason); /* lower: FALSE */
struct bounds bounds_none(const char *reason);                         /* TRUE and FALSE */
struct bounds bounds_not(struct arena *arena, struct bounds bounds);

struct bounds bound_predicate(const struct bounding *bounding);
/* What may be asked where a sound bound says nothing: the row's `approximate` form, which can also miss.
 * FALSE: there is none. */
struct rule_node *bound_approximate(const struct bounding *bounding);

/* Name that rules use for a row. */
struct text bound_name(const struct dialect_field *row);

#endif
