/*
 * plan: the catalog's conditions, arranged by the events that they can be true of.
 *
 * An event facet has one action, and an action belongs to one category. With event.category and
 * event.action fixed to an action and everything else free, a condition either could still be true
 * or could not. The plan keeps, for each action, the conditions that could:
 *
 *   process.exec   → docker-socket-mount.requested, privileged-container.requested …
 *   container.run  → docker-socket-mount.requested …
 *   file.open      → (none)
 *
 * so that a facet is asked only what it could answer. Partition 0 (a facet without a known action) holds
 * every condition. A sequence stands where one of its steps could be true, and those steps beside it.
 */
#ifndef MEWS_PLAN_H
#define MEWS_PLAN_H

#include "catalog/catalog.h"
#include "catalog/sequence.h"
#include "replay/engine/trigger_index.h"

struct plan_condition {
	const struct condition *condition;
	uint32_t detection; /* index in catalog->detections */
	uint32_t index;     /* of the condition in its detection */
};

/* A step of a sequence; its `until` is the step behind the last. */
struct plan_step {
	uint32_t condition; /* index in plan.conditions */
	uint32_t step;
};

struct plan_partition {
	const uint32_t *conditions; /* indices into plan.conditions, rising: detection by detection */
	size_t count;
	const uint64_t *members;    /* the same as bits over plan.conditions */
	const struct plan_step *steps; /* of sequences: those that could be true */
	size_t step_count;
};

struct plan {
	struct arena arena;
	const struct catalog *catalog;
	struct plan_condition *conditions;
	size_t condition_count;
	size_t sequence_count;            /* of these: sequences */
	uint32_t *first;                  /* [detection_count + 1]: where a detection's conditions begin */
	struct plan_partition *partitions; /* [registry.action_count], by action */
};

/* A condition that holds on a facet of the event. */
struct hit {
	uint32_t condition; /* index in the detection's conditions */
	uint32_t facet;     /* index in the event's facets */
};

/* A detection that matches: once, whatever the number of its hits. */
struct match {
	uint32_t detection; /* index in catalog->detections */
	const struct hit *hits; /* by condition, then facet */
	size_t count;
};

struct matches {
	struct match *items; /* by detection */
	size_t count;
};

/* The same before it is known whose it is. */
struct plan_hit {
	uint32_t condition; /* index in plan.conditions */
	uint32_t facet;
};

/* Sorts the hits and puts them together; in the arena. */
void plan_matches(const struct plan *plan, struct plan_hit *hits, size_t count, struct arena *arena, struct matches *matches);
/* A step of a sequence, `until` behind the last. */
const struct sequence_step *plan_step_of(const struct sequence *sequence, size_t step);

void plan_make(struct plan *plan, const struct catalog *catalog, struct evaluator *evaluator);
void plan_free(struct plan *plan);

/* How a condition is found: one of the triggers holds on every facet on which it does. */
struct plan_triggers {
	const struct trigger *items;
	size_t count;
	const char *why; /* NULL: it has triggers; else a phrase: why it is asked of every event ("a negation is all there is") */
};
/* As chosen without a sample. Of a sequence: of its step (`until` behind the last), else `step` is 0. In the arena. */
void plan_triggers_of(const struct plan *plan, uint32_t condition, size_t step, struct arena *arena,
	struct plan_triggers *triggers);

/* Bits over detections or conditions. */
static inline size_t bits_words(size_t bits)
{
	return (bits + 63) / 64;
}

static inline void bits_set(uint64_t *bits, size_t bit)
{
	bits[bit / 64] |= UINT64_C(1) << (bit % 64);
}

static inline bool bits_get(const uint64_t *bits, size_t bit)
{
	return (bits[bit / 64] >> (bit % 64)) & 1;
}

static inline void bits_or(uint64_t *to, const uint64_t *from, size_t words)
{
	for (size_t i = 0; i < words; i++)
		to[i] |= from[i];
}

#endif
