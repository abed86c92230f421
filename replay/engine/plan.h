/*
 * plan: the catalog's conditions, prepared: what is asked of which events, and how it is found.
 *
 *   conditions → units → predicates, each once (predicates.h), and programs over them (program.h)
 *   actions    → partitions: the units that could be true of an action, under their triggers (triggers.h, sieve.h)
 *
 * A unit is what is asked of one facet: an event query, or a step of a sequence. An event facet has one action, and an
 * action belongs to one category. With event.category and event.action fixed to an action and everything else free, a unit
 * either could still be true or could not. The plan keeps, for each action, the units that could:
 *
 *   process.exec   → docker-socket-mount.requested, privileged-container.requested …
 *   container.run  → docker-socket-mount.requested …
 *   file.open      → (none)
 *
 * so that a facet is asked only what it could answer. Most actions stand in no condition: all such of a category are one
 * partition. Partition 0 (a facet without a known action) holds every unit. A sequence stands where one of its steps could be
 * true.
 *
 * Within a partition facets are told apart once more by a field that most units compare with a word (struct plan_guard).
 *
 * What a partition or a variant needs for matching is made when its first facet comes, by whichever thread, or by plan_calibrate.
 * From then on it is never changed.
 */
#ifndef MEWS_PLAN_H
#define MEWS_PLAN_H

#include "catalog/catalog.h"
#include "catalog/sequence.h"
#include "replay/engine/program.h"
#include "replay/engine/sieve.h"

#include <pthread.h>
#include <stdatomic.h>

struct plan_condition {
	const struct condition *condition;
	uint32_t detection; /* index in catalog->detections */
	uint32_t index;     /* of the condition in its detection */
	uint32_t first_unit, unit_count;
};

struct plan_unit {
	struct program program;
	const struct outline *outline;
	const struct condition *asked; /* the condition, or the step's */
	uint32_t condition;            /* index in plan.conditions; of a registered one: NO_CONDITION */
	uint32_t step;                 /* of a sequence: `until` is the one behind the last */
	bool is_step;
	bool ends;                     /* an alert could sit at it: no step, or one that may be the last (evaluate.h) */
};
#define NO_CONDITION UINT32_MAX

/* A field that most units of a partition compare with one of a few words, as rules do with the operating system:
 *
 *   host.os.type == "windows"    1,475 of 1,619 units: on other hosts they need not be looked for
 *
 * What it says of a facet is the facet's variant; each variant has a sieve of its own, over the units that could be true
 * of it, with triggers that were chosen among its facets. A facet with one word, but none of these, is GUARD_OTHER (Linux,
 * where the guard's words are windows and macos); one with several, or with one in other letters, is GUARD_ANY: all units. */
enum { GUARD_VALUES = 6, GUARD_ANY = 0, GUARD_MISSING = 1, GUARD_OTHER = 2, GUARD_FIRST = 3,
	GUARD_VARIANTS = GUARD_FIRST + GUARD_VALUES };
struct plan_guard {
	unsigned field;                  /* FIELD_NONE: there is none; all facets are GUARD_ANY */
	struct text values[GUARD_VALUES];
	uint64_t keys[GUARD_VALUES];     /* of words of four to eight bytes: all of them (plan_guard.c) */
	size_t count;
};

/* What matching needs of a partition. */
struct plan_ready {
	struct plan_guard guard;
	const struct sieve *_Atomic *sieves; /* [GUARD_VARIANTS], NULL: no facet came yet */
	struct trigger_sample sample;
	const uint16_t *signature; /* [field_count]: 1 + the bit of a field whose presence matters to some unit; 0: of none */
	size_t signature_words;
	const uint16_t *asked;     /* [asked_count]: the field of each bit */
	size_t asked_count;
};

struct plan_partition {
	uint32_t number;
	unsigned action;       /* one of those that it is for: all look alike to the units */
	const uint32_t *units; /* indices in plan.units, rising */
	size_t count;
	const struct plan_ready *_Atomic ready; /* NULL: nobody asked yet */
};

struct plan {
	struct arena arena;
	const struct catalog *catalog;
	enum simd_level level;
	struct plan_condition *conditions;
	size_t condition_count;
	size_t sequence_count;            /* of these: sequences */
	uint32_t *first;                  /* [detection_count + 1]: where a detection's conditions begin */
	struct plan_unit *units;          /* those of the conditions, in order; then registered ones */
	size_t unit_count, unit_capacity, own_unit_count;
	size_t own_predicate_count; /* predicates that partitions were made by; later ones are of registered conditions */
	struct predicates predicates;
	struct questions questions;
	struct trigger_pool pool;
	struct plan_partition *partitions;
	size_t partition_count;
	uint32_t *partition_of;           /* [action_count]: index in partitions */
	pthread_mutex_t lock;             /* of making what is ready */
	struct evaluator *evaluator;      /* for making */
	struct trigger_choice *shown;             /* of plan_triggers_of; NULL: nobody asked yet */
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

/* A step of a sequence that a facet fits, whatever its keys. */
struct plan_step {
	uint32_t condition; /* index in plan.conditions */
	uint32_t step;      /* `until` is the one behind the last */
	uint32_t facet;
};

void plan_make(struct plan *plan, const struct catalog *catalog, enum simd_level level);
void plan_free(struct plan *plan);
/* Adds a unit for a condition of none of the detections; its index. While no thread asks. */
uint32_t plan_register(struct plan *plan, const struct condition *condition);
/* Makes the partitions of the sample's facets ready; triggers are chosen by what held on them. Before anything is asked. */
void plan_calibrate(struct plan *plan, const struct event *const *events, size_t count);

/* By action; one that is not registered has partition 0. */
static inline struct plan_partition *plan_partition_of(const struct plan *plan, unsigned action)
{
	return &plan->partitions[action < plan->catalog->registry.action_count ? plan->partition_of[action] : 0];
}

/* Any thread. */
const struct plan_ready *plan_ready_of(struct plan *plan, struct plan_partition *partition);
/* One more word. It must outlive the guard, which has room for it. */
void plan_guard_add(struct plan_guard *guard, struct text word);
/* The variant of a facet of the partition, and its sieve. Any thread. */
size_t plan_variant_by(const struct plan_guard *guard, const struct facet *facet);
static inline size_t plan_variant_of(const struct plan_ready *ready, const struct facet *facet)
{
	return ready->guard.field == FIELD_NONE ? (size_t)GUARD_ANY : plan_variant_by(&ready->guard, facet);
}
const struct sieve *plan_sieve_of(struct plan *plan, const struct plan_partition *partition, const struct plan_ready *ready,
	size_t variant);
/* The field that tells most of a partition's units apart, if there is one. */
void plan_guard_find(const struct plan *plan, const struct plan_partition *partition, struct plan_guard *guard);
/* What is known of all facets of a variant: [predicates.count], in the arena; NULL: nothing (see trigger_choice.known). */
const unsigned char *plan_guard_known(const struct plan *plan, const struct plan_partition *partition,
	const struct plan_guard *guard, size_t variant, struct arena *arena);
/* Makes the sieve's own programs of units that it lets through on some of the facets, which are a sample of what comes to it.
 * `known`: as plan_guard_known has it. With the lock held. */
void plan_programs_make(struct plan *plan, struct sieve *sieve, const unsigned char *known, const struct facet *const *facets,
	size_t count);
/* A sieve over some of the partition's units, for nearness. In the arena; freed by sieve_free. Any thread. */
void plan_near_sieve(struct plan *plan, struct plan_partition *partition, const uint32_t *units, size_t count,
	struct arena *arena, struct sieve *sieve);

/* Could the condition be true of an event with that action? Of a sequence: its step, or (PLAN_ANY_STEP) one of them. */
#define PLAN_ANY_STEP UINT32_MAX
bool plan_could_hold(const struct plan *plan, unsigned action, uint32_t condition, uint32_t step);

/* Sorts the hits and puts them together; in the arena. */
void plan_matches(const struct plan *plan, struct plan_hit *hits, size_t count, struct arena *arena, struct matches *matches);
/* A step of a sequence, `until` behind the last. */
const struct sequence_step *plan_step_of(const struct sequence *sequence, size_t step);

/* How a condition is found: one of the triggers holds on every facet on which it does. */
struct plan_triggers {
	const struct trigger *items;
	size_t count;
	const char *why; /* NULL: it has triggers; else a phrase: why it is asked of every event ("a negation is all there is") */
};
/* As chosen without a sample. Of a sequence: of its step (`until` behind the last), else `step` is 0. In the arena. */
void plan_triggers_of(struct plan *plan, uint32_t condition, size_t step, struct arena *arena, struct plan_triggers *triggers);

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
