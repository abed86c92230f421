/*
 * pieces: a regular expression that is too long for a target as several short ones.
 *
 * It is cut at its alternatives; each piece is an expression of the whole value, and together they match what it matches:
 *
 *   -v(/etc|/root|…):.*rw   →   -v(/etc|…):.*rw   or   -v(/root|…):.*rw
 *
 * A group that is repeated stays whole; (…)? is the group or nothing.
 */
#ifndef MEWS_PIECES_H
#define MEWS_PIECES_H

#include "generator/rule.h"

enum { PIECES_MOST = 256 };

/* How long an expression may be, as the target writes it. */
struct pieces_limit {
	size_t (*length)(const struct rule_test *test, struct text regex);
	bool (*fits)(const struct rule_test *test, struct text regex);
	size_t most;
	const struct rule_test *test; /* that the expression is a value of */
};

/* The pieces in order, in the arena; one where it fits. 0: it cannot be cut so, or into too many. */
size_t pieces_of(struct arena *arena, const struct pieces_limit *limit, struct text regex, struct text **pieces);

#endif
