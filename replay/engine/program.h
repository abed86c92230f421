/*
 * program: a condition's tree as a list of questions, each of which says where to go on.
 *
 *   (a or b) and not c        0: a  → 2, else 1        What is true jumps over what needs not be asked; `not` only changes
 *                             1: b  → 2, else FALSE    the two ways with each other. All ways lead on, so that one pass
 *                             2: c  → FALSE, else TRUE from first to last finds all that can be reached.
 *
 * Three questions have the same answer as the tree's (catalog/evaluate.c): does it hold (evaluate_node: follow the answers),
 * could it (evaluate_possible: is TRUE reached if free predicates go both ways), is it near (evaluate_distance ≤ 1: is
 * TRUE reached if one free predicate goes the other way). That is so since every predicate of the tree stands in the list
 * once for each place in the tree, and they are taken as independent. Children of `and` and `or` are sorted, cheap ones first.
 *
 * A program that is made for some facets only (program_make_for) does not ask what is known of all of them, and asks
 * first what decides soonest: what costs little, and is mostly false (in `and`) or true (in `or`) on a sample of them.
 */
#ifndef MEWS_PROGRAM_H
#define MEWS_PROGRAM_H

#include "replay/engine/asker.h"
#include "replay/engine/outline.h"

enum { PROGRAM_TRUE = 0x7fffffff, PROGRAM_FALSE = 0x7ffffffe }; /* where to go on: an answer rather than a question */

struct question {
	uint32_t predicate;
	uint32_t on_true, on_false; /* index of a later question of the program, PROGRAM_TRUE or PROGRAM_FALSE */
};

struct program {
	uint32_t first; /* in the questions of all programs */
	uint32_t count;
	uint32_t entry; /* index in its own, or an answer */
};

/* The questions of all programs. */
struct questions {
	struct question *items;
	size_t count, capacity;
	uint32_t longest; /* program */
};

void questions_free(struct questions *questions);
/* The program's own, [program->count]; it may have none. */
static inline const struct question *questions_of(const struct questions *questions, const struct program *program)
{
	return program->count ? questions->items + program->first : questions->items;
}
/* Adds the tree's. */
struct program program_make(struct questions *questions, const struct predicates *predicates, const struct outline *root);
/* The same for facets of which something is known; for program_holds alone. */
struct program_facets {
	const unsigned char *known;   /* by predicate: 0: it may be either, 1: it holds, 2: it does not; NULL: nothing is known */
	const uint32_t *asked, *held; /* by predicate: of how many of them it was asked, on how many it held; NULL: of none */
};
struct program program_make_for(struct questions *questions, const struct predicates *predicates, const struct outline *root,
	const struct program_facets *facets);

/* Of the facet at hand. `asked`: predicates, which it adds to; *limited is set where one of them hit the match limit. */
bool program_holds(const struct questions *questions, struct program program, struct asker *asker, uint64_t *asked,
	bool *limited);
/* `room`: a byte for each question of the longest program. */
bool program_possible(const struct questions *questions, struct program program, struct asker *asker, unsigned char *room);
/* Could it hold on some facet? `known`, by predicate: 0: it may be either, 1: it holds, 2: it does not. */
bool program_could(const struct questions *questions, struct program program, const unsigned char *known, unsigned char *room);
bool program_near(const struct questions *questions, struct program program, struct asker *asker, unsigned char *room);

#endif
