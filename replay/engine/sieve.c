/* sieve: triggers of a partition, and who stands under them (see sieve.h). */
#include "replay/engine/sieve.h"

#include <stdlib.h>
#include <string.h>

/* A unit under a trigger of the pool. */
struct pair {
	uint32_t trigger, unit;
};

struct pairs {
	struct pair *items;
	size_t count, capacity;
};

static void add_pair(struct pairs *pairs, struct pair pair)
{
	if (pairs->count == pairs->capacity) {
		pairs->capacity = pairs->capacity ? pairs->capacity * 2 : 256;
		pairs->items = mem_resize(pairs->items, pairs->capacity * sizeof *pairs->items);
	}
	pairs->items[pairs->count++] = pair;
}

static int compare_pairs(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	if (a->trigger != b->trigger)
		return a->trigger < b->trigger ? -1 : 1;
	return (a->unit > b->unit) - (a->unit < b->unit);
}

/* By trigger, then unit: one list of units, and where each trigger's begin. */
static void list_units(struct sieve *sieve, struct arena *arena, const struct trigger_pool *pool, const struct pairs *pairs)
{
	uint32_t *units = arena_array(arena, pairs->count + 1, sizeof *units);
	uint32_t *begin = arena_array(arena, pairs->count + 1, sizeof *begin);
	sieve->triggers = arena_array(arena, pairs->count + 1, sizeof *sieve->triggers);
	for (size_t i = 0; i < pairs->count; i++) {
		if (!i || pairs->items[i].trigger != pairs->items[i - 1].trigger) {
			begin[sieve->trigger_count] = (uint32_t)i;
			sieve->triggers[sieve->trigger_count++] = pool->items[pairs->items[i].trigger];
		}
		units[i] = pairs->items[i].unit;
	}
	begin[sieve->trigger_count] = (uint32_t)pairs->count;
	sieve->begin = begin;
	sieve->units = units;
}

void sieve_make(struct sieve *sieve, struct arena *arena, const struct trigger_choice *choice, enum choice_for purpose,
	const struct sieved *units, size_t count, const struct gram_counts *grams, enum simd_level level)
{
	struct pairs pairs = {0};
	struct chosen chosen = {0};
	uint32_t *always = arena_array(arena, count + 1, sizeof *always);
	*sieve = (struct sieve){.always = always};
	for (size_t i = 0; i < count; i++) {
		choice_take(choice, units[i].outline, purpose, &chosen);
		if (chosen.always)
			always[sieve->always_count++] = units[i].unit;
		for (size_t k = 0; k < chosen.count && !chosen.always; k++)
			add_pair(&pairs, (struct pair){chosen.triggers[k], units[i].unit});
	}
	if (pairs.count)
		qsort(pairs.items, pairs.count, sizeof *pairs.items, compare_pairs);
	list_units(sieve, arena, choice->pool, &pairs);
	sieve->index = trigger_index_make(arena, choice->pool->registry, sieve->triggers, sieve->trigger_count, grams, level);
	free(pairs.items);
	chosen_free(&chosen);
}

void sifting_make(struct sifting *sifting, const struct sieve *sieve, size_t unit_count)
{
	*sifting = (struct sifting){.scratch = trigger_scratch_new(sieve->index), .unit_count = unit_count};
	sifting->found = mem_alloc((sieve->trigger_count + 1) * sizeof *sifting->found);
	sifting->units = mem_alloc((unit_count + 1) * sizeof *sifting->units);
	sifting->seen = mem_alloc((unit_count + 1) * sizeof *sifting->seen);
	memset(sifting->seen, 0, (unit_count + 1) * sizeof *sifting->seen);
}

void sifting_free(struct sifting *sifting)
{
	if (sifting->scratch)
		trigger_scratch_free(sifting->scratch);
	free(sifting->found);
	free(sifting->units);
	free(sifting->seen);
	*sifting = (struct sifting){0};
}

void sieve_search(const struct sieve *sieve, struct sifting *sifting, const struct facet *facet)
{
	size_t found = sieve->trigger_count ? trigger_index_search(sieve->index, sifting->scratch, facet, sifting->found) : 0;
	uint32_t search = ++sifting->search;
	sifting->count = 0;
	if (!search) { /* four billion searches later: nothing may look as if it were seen */
		memset(sifting->seen, 0, sifting->unit_count * sizeof *sifting->seen);
		search = sifting->search = 1;
	}
	for (size_t i = 0; i < found; i++)
		for (uint32_t k = sieve->begin[sifting->found[i]]; k < sieve->begin[sifting->found[i] + 1]; k++) {
			uint32_t unit = sieve->units[k];
			if (sifting->seen[unit] == search)
				continue;
			sifting->seen[unit] = search;
			sifting->units[sifting->count++] = unit;
		}
	for (size_t i = 0; i < sieve->always_count; i++)
		sifting->units[sifting->count++] = sieve->always[i];
}
