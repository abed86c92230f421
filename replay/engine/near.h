/*
 * near: which detections at most one changed answer would make match (evaluate_distance ≤ 1).
 *
 * Asked until it is true once of each detection, so of fewer and fewer: there is a sieve of its own, by the triggers that
 * a near condition must have (triggers.h). It is made anew, smaller, when half of what it covers was not needed for a while.
 */
#ifndef MEWS_NEAR_H
#define MEWS_NEAR_H

#include "replay/engine/plan.h"

struct near;

/* What is wanted of all engines over a plan: one thread writes, the others read. */
struct near_wanted;
struct near_wanted *near_wanted_new(size_t words);
void near_wanted_free(struct near_wanted *wanted);
uint64_t near_wanted_set(struct near_wanted *wanted, const uint64_t *needed); /* see engine_want_near */
/* Into needed[]; the number of it, 0: nothing. */
uint64_t near_wanted_get(const struct near_wanted *wanted, uint64_t *needed);

struct near *near_new(struct plan *plan, struct asker *asker);
void near_free(struct near *near);
/* Sets the bits of needed detections that are near on the facet, which is at hand for the asker. */
void near_find(struct near *near, const struct facet *facet, const uint64_t *needed, uint64_t *found);
/* Is this one, of a facet that is at hand? */
bool near_is(struct near *near, const struct facet *facet, uint32_t detection);

#endif
