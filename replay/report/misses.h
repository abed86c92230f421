/*
 * misses: expected alerts that did not come, each once with the organizations that miss it.
 *
 *   struct misses misses = misses_of(&arena, results);
 *   for each misses.items[i]: item.missed->detection, in item.episode, for misses_organizations(&arena, &item)
 *
 * Misses of own datasets alone, in the order of the results; the arrays are the arena's.
 */
#ifndef MEWS_MISSES_H
#define MEWS_MISSES_H

#include "replay/measure/results.h"

struct miss {
	const struct episode_result *episode; /* of the first organization; label and cause are the same for all */
	const struct missed *missed;
	const struct organization **organizations; /* NULL: without a baseline */
	size_t organization_count;
};

struct misses {
	struct miss *items;
	size_t count;
};

struct misses misses_of(struct arena *arena, const struct results *results);
/* "build-farm, web-shop" */
const char *misses_organizations(struct arena *arena, const struct miss *miss);
/* What somebody has to mend: an attack's, neither known as a gap nor wanted (disabled, below the minimum severity). */
bool misses_is_open(enum label label, const struct missed *missed);

#endif
