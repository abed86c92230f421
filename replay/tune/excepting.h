/*
 * excepting: does an exception's condition hold on all facets that matched?
 */
#ifndef MEWS_EXCEPTING_H
#define MEWS_EXCEPTING_H

#include "catalog/evaluate.h"
#include "replay/engine/engine.h"

/* `facets`: the event's, all fields filled. */
static inline bool excepting_holds(struct evaluator *evaluator, const struct node *node, struct facet *const *facets,
	const struct match *match)
{
	for (size_t i = 0; i < match->count; i++)
		if (!evaluate_node(evaluator, node, facets[match->hits[i].facet]))
			return false;
	return match->count > 0;
}

#endif
