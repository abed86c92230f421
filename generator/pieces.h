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

/* The branches of an expression, in the arena; one where it has no `|` outside of groups. */
size_t pieces_branches(struct arena *arena, struct text regex, struct text **branches);
/* The byte behind the character, class or group that begins at `at`, and behind the repetition that may follow it. */
size_t pieces_atom(struct text regex, size_t at);

/* An expression of one branch by its longest group: before(inside)after, before(inside)?after or before(inside)*after. */
struct pieces_group {
	struct text before, inside, after;
	bool optional; /* it may be left out */
	bool repeated; /* it may stand more than once */
};
enum pieces_kind { PIECES_SINGLE, PIECES_ANY }; /* groups that are not repeated, or all */
/* false: it has no such group. */
bool pieces_group(struct text regex, enum pieces_kind kind, struct pieces_group *group);
/* before(branch|branch)after, without the brackets where it is one branch; in the arena. */
struct text pieces_joined(struct arena *arena, const struct pieces_group *group, const struct text *branches, size_t count);
/* How many of the branches fit into one piece, at least one. */
size_t pieces_fitting(struct arena *arena, const struct pieces_limit *limit, const struct pieces_group *group,
	const struct text *branches, size_t count);

#endif
