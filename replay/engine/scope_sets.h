/*
 * scope_sets: sets of detections that get a number, shared by all engines over one plan.
 *
 * Millions of events have a few scopes. A set that was met before has the number and the memory that it got then, so
 * that who counts events counts by number. There is room for ENGINE_SCOPE_SETS; any further set is a copy without a
 * number, in the arena of whoever asks. Numbers depend on which thread asked first: no result may.
 */
#ifndef MEWS_SCOPE_SETS_H
#define MEWS_SCOPE_SETS_H

#include "catalog/arena.h"

#include <stdint.h>

enum { ENGINE_SCOPE_SETS = 4096 };

struct scope_set {
	uint32_t number;      /* from 1, below ENGINE_SCOPE_SETS; 0: this set has none, and lives as long as the event */
	const uint64_t *bits; /* over detections */
};

struct scope_sets;

struct scope_sets *scope_sets_new(size_t words);
void scope_sets_free(struct scope_sets *sets);
/* The set with these bits; they are copied. Any thread may ask. */
const struct scope_set *scope_sets_get(struct scope_sets *sets, const uint64_t *bits, struct arena *arena);

#endif
