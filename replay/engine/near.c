/* near: sieves over what is still needed (see near.h). */
#include "replay/engine/near.h"

#include <stdlib.h>
#include <string.h>

/* The first sieve is over all detections. Then what was asked for is noted, and after so many searches a smaller one is made. */
enum { SEARCHES_FIRST = 256, SEARCHES_MORE = 4 };

struct near_partition {
	bool made;
	bool empty;        /* none of what it covers has a unit here */
	struct arena arena;
	struct sieve sieve;
	struct sifting sifting;
	uint64_t *covers;  /* detections that it was made for */
	size_t covered;    /* how many */
	uint64_t *recent;  /* what was needed since */
	uint64_t searches, period;
};

struct near {
	struct plan *plan;
	struct asker *asker;
	struct near_partition *partitions;
	size_t words;      /* of a set of detections */
	unsigned char *room;
	size_t room_size;
};

struct near *near_new(struct plan *plan, struct asker *asker)
{
	struct near *near = mem_alloc(sizeof *near);
	size_t size = (plan->partition_count + 1) * sizeof *near->partitions;
	*near = (struct near){plan, asker, mem_alloc(size), bits_words(plan->catalog->detection_count), NULL, 0};
	memset(near->partitions, 0, size);
	return near;
}

/* All but what it knows of how long a sieve lasts. */
static void forget(struct near_partition *own)
{
	uint64_t period = own->period;
	if (own->made && !own->empty)
		sifting_free(&own->sifting);
	arena_free(&own->arena);
	*own = (struct near_partition){.period = period};
}

void near_free(struct near *near)
{
	if (!near)
		return;
	for (size_t i = 0; i < near->plan->partition_count; i++)
		forget(&near->partitions[i]);
	free(near->partitions);
	free(near->room);
	free(near);
}

/* ---- sieves ---- */

static size_t count_bits(const uint64_t *bits, size_t words)
{
	size_t count = 0;
	for (size_t i = 0; i < words; i++)
		for (uint64_t word = bits[i]; word; word &= word - 1)
			count++;
	return count;
}

/* NULL: over all. */
static void make(struct near *near, struct plan_partition *partition, struct near_partition *own, const uint64_t *wanted)
{
	const struct plan *plan = near->plan;
	uint64_t *covers = mem_alloc((near->words + 1) * sizeof *covers);
	memset(covers, 0xff, (near->words + 1) * sizeof *covers);
	if (wanted)
		memcpy(covers, wanted, near->words * sizeof *covers);
	forget(own);
	own->made = true;
	own->covers = arena_array(&own->arena, near->words + 1, sizeof *covers);
	own->recent = arena_array(&own->arena, near->words + 1, sizeof *covers);
	memcpy(own->covers, covers, near->words * sizeof *covers);
	own->covered = count_bits(covers, near->words);
	free(covers);
	uint32_t *units = arena_array(&own->arena, partition->count + 1, sizeof *units);
	size_t count = 0;
	for (size_t i = 0; i < partition->count; i++) {
		const struct plan_unit *unit = &plan->units[partition->units[i]];
		if (unit->ends && bits_get(own->covers, plan->conditions[unit->condition].detection))
			units[count++] = partition->units[i];
	}
	own->empty = count == 0;
	if (own->empty)
		return;
	plan_near_sieve(near->plan, partition, units, count, &own->arena, &own->sieve);
	sifting_make(&own->sifting, &own->sieve);
}

/* A sieve that covers what is needed, and not much more. What is needed differs from event to event (a scope is part of it). */
static void make_good(struct near *near, struct plan_partition *partition, struct near_partition *own, const uint64_t *needed)
{
	uint64_t missing = 0;
	for (size_t i = 0; own->made && i < near->words; i++) {
		missing |= needed[i] & ~own->covers[i];
		own->recent[i] |= needed[i];
	}
	if (!own->made)
		own->period = SEARCHES_FIRST;
	if (!own->made || missing) {
		own->period *= SEARCHES_MORE;
		make(near, partition, own, NULL);
	} else if (++own->searches % own->period == 0) {
		if (2 * count_bits(own->recent, near->words) < own->covered)
			make(near, partition, own, own->recent);
		else
			memset(own->recent, 0, near->words * sizeof *own->recent);
	}
}

/* ---- asking ---- */

static bool has_failed(const struct facet *facet)
{
	return text_is(facet_text(facet, FIELD_OUTCOME), "failure");
}

static bool is_near(struct near *near, const struct plan_unit *unit, const struct facet *facet, bool failed)
{
	const struct plan *plan = near->plan;
	const struct condition *asked = unit->asked;
	if (!unit->ends || (asked->category != CATEGORY_ANY && asked->category != facet->category))
		return false;
	if (failed && !asked->names_outcome)
		return false;
	if (plan->questions.longest + 1 > near->room_size) {
		near->room_size = plan->questions.longest + 1;
		near->room = mem_resize(near->room, near->room_size);
	}
	return program_near(&plan->questions, unit->program, near->asker, near->room);
}

void near_find(struct near *near, const struct facet *facet, const uint64_t *needed, uint64_t *found)
{
	struct plan *plan = near->plan;
	struct plan_partition *partition = plan_partition_of(plan, facet->action);
	struct near_partition *own = &near->partitions[partition->number];
	make_good(near, partition, own, needed);
	if (own->empty)
		return;
	sieve_search(&own->sieve, &own->sifting, facet, (struct facet_form){0, 0}, NULL);
	bool failed = has_failed(facet);
	for (size_t i = 0; i < own->sifting.count; i++) {
		const struct plan_unit *unit = &plan->units[own->sifting.units[i]->unit];
		uint32_t detection = plan->conditions[unit->condition].detection;
		if (bits_get(needed, detection) && !bits_get(found, detection) && is_near(near, unit, facet, failed))
			bits_set(found, detection);
	}
}

bool near_is(struct near *near, const struct facet *facet, uint32_t detection)
{
	const struct plan *plan = near->plan;
	for (uint32_t i = plan->first[detection]; i < plan->first[detection + 1]; i++)
		for (uint32_t k = 0; k < plan->conditions[i].unit_count; k++)
			if (is_near(near, &plan->units[plan->conditions[i].first_unit + k], facet, has_failed(facet)))
				return true;
	return false;
}
