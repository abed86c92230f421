/*
 * causes: false positives → what made them, put together by what they have in common.
 *
 * Sightings that differ in numbers alone are one already. Here those are joined, nearest first,
	that differ in little else: the
 * user, the host, a word of a path or of a command line. Likeness is weighed by what a field says about a cause (aspect.h).
 * Whatever the detections: one act that alerts twice is one cause.
 *
 *   causes_find(&arena, observations, taken, NEARNESS, &causes);   taken[i]: sighting i is looked at
 */
#ifndef MEWS_TUNE_CAUSES_H
#define MEWS_TUNE_CAUSES_H

#include "replay/tune/observe.h"

enum { CAUSE_ITEMS_MAX = 1500 };

struct cause {
	const struct sighting **sightings;
	size_t count;
	uint64_t alerts;
};

struct causes {
	struct cause *items; /* what alerts most first */
	size_t count;
	size_t left_out;     /* kinds of sightings beyond CAUSE_ITEMS_MAX, the rarest */
};

/* Causes that are farther apart than `distance` (0 … 1) stay apart. */
void causes_find(struct arena *arena, const struct observations *observations, const bool *taken, double distance,
	struct causes *causes);

#endif
