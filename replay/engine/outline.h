/*
 * outline: a condition's tree as a flat list, with numbers (predicates.h) for predicates.
 *
 *   (a or b) and not a     AND 2 · OR 2 · 7 · 9 · NOT 1 · 7      a node, then its children; `size` leads behind it
 */
#ifndef MEWS_OUTLINE_H
#define MEWS_OUTLINE_H

#include "replay/engine/predicates.h"

struct outline {
	enum node_kind kind;
	uint32_t count;     /* children */
	uint32_t size;      /* nodes, itself included */
	uint32_t predicate; /* of NODE_PREDICATE */
};

/* The root; in the arena. */
const struct outline *outline_make(struct arena *arena, struct predicates *predicates, const struct registry *registry,
	const struct node *root);

/* What asking all of it costs, roughly: 1 is an easy predicate. No answer depends on it. */
unsigned outline_cost(const struct predicates *predicates, const struct outline *node);

static inline const struct outline *outline_first(const struct outline *node)
{
	return node + 1;
}

static inline const struct outline *outline_next(const struct outline *child)
{
	return child + child->size;
}

#endif
