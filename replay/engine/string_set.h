/*
 * string_set: a few strings of which one stands in a text; what analysis of expressions computes with.
 *
 * Sets are bounded: STRING_SET_MAX strings, STRING_SET_BYTES bytes in all. What would be larger fails and leaves its result
 * alone. A string that folds stands for every spelling of its letters; joined with one that does not, the whole folds,
 * which asks for less and is still true. All memory is the arena's.
 */
#ifndef MEWS_STRING_SET_H
#define MEWS_STRING_SET_H

#include "catalog/text.h"

enum { STRING_SET_MAX = 128, STRING_SET_BYTES = 2048 };

struct string {
	struct text text;
	bool fold;
};

struct string_set {
	struct string *items;
	size_t count;
};

struct string_set string_set_of(struct arena *arena, struct text text, bool fold);
/* Each of `a` followed by each of `b`. */
bool string_set_join(struct arena *arena, struct string_set a, struct string_set b, struct string_set *joined);
/* All of both, each once. */
bool string_set_add(struct arena *arena, struct string_set a, struct string_set b, struct string_set *sum);

/* Strings that have another one of the set at their beginning, at their end or anywhere go: that one holds where they do. */
enum string_side { STRING_SIDE_START, STRING_SIDE_END, STRING_SIDE_ANY };
void string_set_reduce(struct string_set *set, enum string_side side);

/* A guess at the share of values in which one of them stands, from letters and from words that stand everywhere. */
double string_share(struct string string);
double string_set_share(struct string_set set);

#endif
