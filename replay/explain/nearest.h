/*
 * nearest: which predicates keep an event from a condition, and the nearest events so far.
 */
#ifndef MEWS_EXPLAIN_NEAREST_H
#define MEWS_EXPLAIN_NEAREST_H

#include "replay/explain/inquest.h"

/* Predicates that would have to change: the fewest; SIZE_MAX of them: no change of values would do. */
struct blame {
	const struct predicate **predicates;
	bool *wanted;
	size_t count;
};
struct blame blame_of(struct evaluator *e, struct arena *arena, const struct condition *condition, const struct facet *facet);

/* Takes an event in scope that does not match into the detection's nearest ones. */
void nearest_take(struct inquest *inquest, struct detection_inquest *of, const struct event *event);
/* A list of the nearest: [INQUEST_NEAREST + 1], the nearest first. Takes an event that does not fit the condition on
 * this facet. */
void nearest_add(struct inquest *inquest, struct near_miss *list, size_t *count, const struct condition *condition,
	const struct event *event, const struct facet *facet);
/* What and where an event is, kept in the inquest's arena. */
struct sighting sighting_of(struct arena *arena, const struct event *event, const struct facet *facet);

#endif
