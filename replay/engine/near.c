/* near: sieves over what is still needed (see near.h). */
#include "replay/engine/near.h"

#include <stdlib.h>
#include <string.h>

struct near_partition {
	bool made;
	struct arena arena;
	struct sieve sieve;
	struct sifting sifting;
	uint64_t *covers;  /* detections that it was made for */
	size_t covered;    /* how many */
	bool empty;        /* none of them has a unit here */
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

static void forget(struct near_partition *own)
{
	if (own->made)
		sifting_free(&own->sifting);
	arena_free(&own->arena);
	*own = (struct near_partition){0};
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

static bool is_good_for(const struct near *near, const struct near_partition *own, const uint64_t *needed)
{
	size_t kept = 0;
	if (!own->made)
		return false;
	if (memcmp(own->covers, needed, near->words * sizeof *needed) == 0)
		return true;
	for (size_t i = 0; i < near->words; i++)
		if (needed[i] & ~own->covers[i])
			return false;
	kept = count_bits(needed, near->words);
	return 2 * kept >= own->covered;
}

static void make(struct near *near, const struct plan_partition *partition, struct near_partition *own, const uint64_t *needed)
{
	const struct plan *plan = near->plan;
	forget(own);
	own->made = true;
	own->covers = arena_array(&own->arena, near->words + 1, sizeof *own->covers);
	memcpy(own->covers, needed, near->words * sizeof *needed);
	own->covered = count_bits(needed, near->words);
	uint32_t *units = arena_array(&own->arena, partition->count + 1, sizeof *units);
	size_t count = 0;
	for (size_t i = 0; i < partition->count; i++) {
		const struct plan_unit *unit = &plan->units[partition->units[i]];
		if (unit->ends && bits_get(needed, plan->conditions[unit->condition].detection))
			units[count++] = partition->units[i];
	}
	own->empty = count == 0;
	if (own->empty)
		return;
	plan_near_sieve(near->plan, partition, units, count, &own->arena, &own->sieve);
	sifting_make(&own->sifting, &own->sieve, plan->unit_count);
}

/* ---- asking ---- */

static bool is_near(struct near *near, const struct plan_unit *unit, const struct facet *facet)
{
	const struct plan *plan = near->plan;
	const struct condition *asked = unit->asked;
	if (!unit->ends || (asked->category != CATEGORY_ANY && asked->category != facet->category))
		return false;
	if (!asked->names_outcome && text_is(facet_text(facet, FIELD_OUTCOME), "failure"))
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
	const struct plan_partition *partition = plan_partition_of(plan, facet->action);
	struct near_partition *own = &near->partitions[partition->number];
	if (!is_good_for(near, own, needed))
		make(near, partition, own, needed);
	if (own->empty)
		return;
	sieve_search(&own->sieve, &own->sifting, facet, NULL);
	for (size_t i = 0; i < own->sifting.count; i++) {
		const struct plan_unit *unit = &plan->units[own->sifting.units[i]];
		uint32_t detection = plan->conditions[unit->condition].detection;
		if (bits_get(needed, detection) && !bits_get(found, detection) && is_near(near, unit, facet))
			bits_set(found, detection);
	}
}

bool near_is(struct near *near, const struct facet *facet, uint32_t detection)
{
	const struct plan *plan = near->plan;
	for (uint32_t i = plan->first[detection]; i < plan->first[detection + 1]; i++)
		for (uint32_t k = 0; k < plan->conditions[i].unit_count; k++)
			if (is_near(near, &plan->units[plan->conditions[i].first_unit + k], facet))
				return true;
	return false;
}
