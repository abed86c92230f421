/* sieve: triggers of a partition, and who stands under them (see sieve.h). */
#include "replay/engine/sieve.h"

#include <stdlib.h>
#include <string.h>

/* What stands under a trigger of the pool: a unit's number, or a predicate. */
struct pair {
	uint32_t trigger, item;
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
	return (a->item > b->item) - (a->item < b->item);
}

static void sort_pairs(struct pairs *pairs)
{
	size_t kept = 0;
	if (!pairs->count)
		return;
	qsort(pairs->items, pairs->count, sizeof *pairs->items, compare_pairs);
	for (size_t i = 0; i < pairs->count; i++)
		if (!kept || compare_pairs(&pairs->items[kept - 1], &pairs->items[i]) != 0)
			pairs->items[kept++] = pairs->items[i];
	pairs->count = kept;
}

/* By trigger, then unit: one list of units, and where each trigger's begin. `from`: the triggers' indices in the pool. */
static void list_units(struct sieve *sieve, struct arena *arena, const struct trigger_pool *pool, const struct pairs *pairs,
	uint32_t *from)
{
	uint32_t *units = arena_array(arena, pairs->count + 1, sizeof *units);
	uint32_t *begin = arena_array(arena, pairs->count + 1, sizeof *begin);
	sieve->triggers = arena_array(arena, pairs->count + 1, sizeof *sieve->triggers);
	for (size_t i = 0; i < pairs->count; i++) {
		if (!i || pairs->items[i].trigger != pairs->items[i - 1].trigger) {
			begin[sieve->trigger_count] = (uint32_t)i;
			from[sieve->trigger_count] = pairs->items[i].trigger;
			sieve->triggers[sieve->trigger_count++] = pool->items[pairs->items[i].trigger];
		}
		units[i] = pairs->items[i].item;
	}
	begin[sieve->trigger_count] = (uint32_t)pairs->count;
	sieve->begin = begin;
	sieve->units = units;
}

/* What is known of every facet that will be searched. */
static void list_certain(struct sieve *sieve, struct arena *arena, uint64_t *decided, const unsigned char *known)
{
	uint64_t *certain = arena_array(arena, sieve->predicate_count / 64 + 1, sizeof *certain);
	for (size_t i = 0; known && i < sieve->predicate_count; i++) {
		decided[i / 64] |= (uint64_t)(known[i] != 0) << i % 64;
		certain[i / 64] |= (uint64_t)(known[i] == 1) << i % 64;
	}
	sieve->certain = certain;
}

/* The same of predicates; both lists are in the triggers' order. */
static void list_told(struct sieve *sieve, struct arena *arena, const struct pairs *pairs, const uint32_t *from,
	const struct trigger_choice *choice)
{
	size_t predicates = choice->predicates->count;
	uint32_t *told = arena_array(arena, pairs->count + 1, sizeof *told);
	uint32_t *begin = arena_array(arena, sieve->trigger_count + 1, sizeof *begin);
	uint64_t *decided = arena_array(arena, predicates / 64 + 1, sizeof *decided);
	size_t at = 0;
	for (size_t i = 0; i < sieve->trigger_count; i++) {
		begin[i] = (uint32_t)at;
		for (; at < pairs->count && pairs->items[at].trigger == from[i]; at++) {
			told[at] = pairs->items[at].item;
			decided[told[at] / 64] |= UINT64_C(1) << (told[at] % 64);
		}
	}
	begin[sieve->trigger_count] = (uint32_t)at;
	sieve->told_begin = begin;
	sieve->told = told;
	sieve->decided = decided;
	sieve->predicate_count = predicates;
	list_certain(sieve, arena, decided, choice->known);
}

/* All triggers of a predicate that is known by them. */
static void add_told(struct pairs *told, const struct trigger_pool *pool, uint32_t predicate)
{
	const struct predicate_triggers *of = &pool->of[predicate];
	for (size_t i = 0; i < of->literal_count; i++)
		add_pair(told, (struct pair){of->sets[of->first[i]].items[0], predicate});
}

/* Each unit's triggers; the caller's to free. */
static struct chosen *choose(struct trigger_choice *choice, enum choice_for purpose, const struct sieved *units, size_t count)
{
	struct chosen *all = mem_alloc((count + 1) * sizeof *all);
	const struct outline **roots = mem_alloc((count + 1) * sizeof(struct outline *));
	memset(all, 0, (count + 1) * sizeof *all);
	for (size_t i = 0; i < count; i++) {
		roots[i] = units[i].outline;
		choice_take(choice, roots[i], purpose, &all[i]);
	}
	if (choice->sampled && purpose == CHOICE_HOLDS)
		choice_spare(choice, roots, count, all);
	free(roots);
	return all;
}

void sieve_make(struct sieve *sieve, struct arena *arena, struct trigger_choice *choice, enum choice_for purpose,
	const struct sieved *units, size_t count, const struct gram_counts *grams, enum simd_level level)
{
	struct pairs pairs = {0}, told = {0};
	struct chosen *all = choose(choice, purpose, units, count);
	uint32_t *always = arena_array(arena, count + 1, sizeof *always);
	*sieve = (struct sieve){.always = always, .sieved = arena_array(arena, count + 1, sizeof *sieve->sieved), .count = count};
	if (count)
		memcpy(sieve->sieved, units, count * sizeof *units);
	for (size_t i = 0; i < count; i++) {
		struct chosen *chosen = &all[i];
		if (chosen->always)
			always[sieve->always_count++] = (uint32_t)i;
		for (size_t k = 0; k < chosen->count; k++)
			add_pair(&pairs, (struct pair){chosen->triggers[k], (uint32_t)i});
		for (size_t k = 0; k < chosen->exact_count; k++)
			add_told(&told, choice->pool, chosen->exact[k]);
		chosen_free(chosen);
	}
	free(all);
	sort_pairs(&pairs);
	sort_pairs(&told);
	uint32_t *from = mem_alloc((pairs.count + 1) * sizeof *from);
	list_units(sieve, arena, choice->pool, &pairs, from);
	list_told(sieve, arena, &told, from, choice);
	sieve->index = trigger_index_make(arena, choice->pool->registry, sieve->triggers, sieve->trigger_count, grams, level);
	free(from);
	free(pairs.items);
	free(told.items);
}

void sifting_make(struct sifting *sifting, const struct sieve *sieve)
{
	*sifting = (struct sifting){.scratch = trigger_scratch_new(sieve->index), .unit_count = sieve->count};
	sifting->found = mem_alloc((sieve->trigger_count + 1) * sizeof *sifting->found);
	sifting->units = mem_alloc((sieve->count + 1) * sizeof(struct sifted *));
	sifting->all = mem_lines((sieve->count + 1) * sizeof *sifting->all);
	for (size_t i = 0; i < sieve->count; i++) {
		const struct sieved *one = &sieve->sieved[i];
		sifting->all[i] = (struct sifted){.unit = one->unit, .category = one->category, .names_outcome = one->names_outcome,
			.own = one->own, .program = one->program};
	}
}

void sifting_free(struct sifting *sifting)
{
	if (sifting->scratch)
		trigger_scratch_free(sifting->scratch);
	free(sifting->found);
	free(sifting->units);
	free(sifting->all);
	*sifting = (struct sifting){0};
}

static void tell(const struct sieve *sieve, const struct sifting *sifting, size_t count, struct asker *asker)
{
	const uint32_t *found = sifting->found;
	for (size_t i = 0; i < count; i++)
		for (uint32_t k = sieve->told_begin[found[i]]; k < sieve->told_begin[found[i] + 1]; k++)
			asker_tell(asker, sieve->told[k]);
	asker->remembered = sieve->remembered;
	asker->recalled = trigger_scratch_recalled(sifting->scratch, &asker->search);
	asker->decided = sieve->decided;
	asker->certain = sieve->certain;
	asker->decided_count = sieve->predicate_count;
}

void sieve_search(const struct sieve *sieve, struct sifting *sifting, const struct facet *facet, struct facet_form form,
	struct asker *asker)
{
	size_t found = 0;
	if (sieve->trigger_count)
		found = trigger_index_search_form(sieve->index, sifting->scratch, facet, form, sifting->found);
	uint32_t search = ++sifting->search;
	sifting->count = 0;
	if (!search) { /* four billion searches later: nothing may look as if it were seen */
		for (size_t i = 0; i < sifting->unit_count; i++)
			sifting->all[i].search = 0;
		search = sifting->search = 1;
	}
	for (size_t i = 0; i < found; i++)
		for (uint32_t k = sieve->begin[sifting->found[i]]; k < sieve->begin[sifting->found[i] + 1]; k++) {
			struct sifted *unit = &sifting->all[sieve->units[k]];
			if (unit->search == search)
				continue;
			unit->search = search;
			sifting->units[sifting->count++] = unit;
		}
	if (asker)
		tell(sieve, sifting, found, asker);
	for (size_t i = 0; i < sieve->always_count; i++)
		sifting->units[sifting->count++] = &sifting->all[sieve->always[i]];
}
