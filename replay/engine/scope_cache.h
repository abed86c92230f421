/*
 * scope_cache: which detections could match an event, looked up by what sort of event it is.
 *
 * With a facet's category, action and outcome and the presence of its fields as they are and all values free, a detection
 * either could match or not (evaluate_possible). That is the facet's signature: millions of facets have some dozens, so
 * the answer is worked out once for each and found by it afterwards. Only fields count that some predicate of
 * the partition asks for. event.type follows from the action. Of a facet whose form (facet_form.h) came before, not even the
 * signature's fields are looked at.
 *
 * One thread's; the sets are shared by all (scope_sets.h).
 */
#ifndef MEWS_SCOPE_CACHE_H
#define MEWS_SCOPE_CACHE_H

#include "replay/engine/plan.h"
#include "replay/engine/scope_sets.h"

struct scope_cache;

struct scope_cache *scope_cache_new(struct plan *plan, struct scope_sets *sets, struct asker *asker);
void scope_cache_free(struct scope_cache *scope);
/* Of one facet, which is at hand for the asker, and of that form. A set without a number lives in the arena. */
const struct scope_set *scope_cache_of_facet(struct scope_cache *scope, const struct facet *facet, struct facet_form form,
	const struct plan_partition *partition, const struct plan_ready *ready, struct arena *arena);
/* What stands in one or the other. */
const struct scope_set *scope_cache_union(struct scope_cache *scope, const struct scope_set *a,
	const struct scope_set *b, struct arena *arena);
const struct scope_set *scope_cache_none(struct scope_cache *scope, struct arena *arena); /* of no facet */
/* Signatures that were worked out. */
uint64_t scope_cache_misses(const struct scope_cache *scope);

#endif
