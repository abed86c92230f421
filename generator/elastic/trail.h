/*
 * trail: a sequence or a sample of Elastic's, followed through events in time order.
 *
 * Of each key one pending sequence stands in each state, as in Elasticsearch: an event that fits step k moves the one
 * that waits for it, and a younger one takes the place of an older. All of it lies within maxspan. A missing
 * step (![ ]) between two others ends what waits behind it; in front it must not have come within maxspan before the
 * last event.
 */
#ifndef MEWS_ELASTIC_TRAIL_H
#define MEWS_ELASTIC_TRAIL_H

#include "generator/elastic/eql.h"
#include "generator/sight.h"

struct trail;

/* The query is a sequence or a sample. Lives in the arena; what it learns is freed with it. */
struct trail *trail_new(struct arena *arena, const struct eql_query *query);
/* The event's sights that the rule is asked of; NULL where none is the last of a match, else that one. */
const struct sight *trail_take(
	struct trail *chain, struct evaluator *evaluator, const struct sight *const *sights, size_t count, int64_t time);
void trail_reset(struct trail *chain);

#endif
