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
	bool off;  /* whatever the cause: these organizations have the detection disabled, or below their minimum severity */
	bool open; /* somebody has to mend it: an attack's, neither known as a gap nor of what is off */
};

struct misses {
	struct miss *items;
	size_t count;
};

struct misses misses_of(struct arena *arena, const struct results *results);
/* "build-farm, web-shop" */
const char *misses_organizations(struct arena *arena, const struct miss *miss);
/* Of one organization, the same as `open`. */
bool misses_is_open(const struct episode_result *episode, const struct missed *missed);

#endif
