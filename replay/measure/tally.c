/* tally: the counters of a detection in an organization (see tally.h). */
#include "replay/measure/tally.h"

#include <stdlib.h>
#include <string.h>

/* Events come nearly in order, so the hour wanted is nearly always that of the last event, or (where a
 * second file covers the same hours) the one after it. */
static struct hour *hour_of(struct tally *tally, int64_t key)
{
	for (size_t i = tally->newest; i < tally->false_count && i < tally->newest + 2; i++)
		if (tally->false_hours[i].key == key)
			return &tally->false_hours[tally->newest = i];
	for (size_t i = 0; i < tally->false_count; i++)
		if (tally->false_hours[i].key == key)
			return &tally->false_hours[tally->newest = i];
	if (tally->false_count == tally->false_capacity) {
		tally->false_capacity = tally->false_capacity ? tally->false_capacity * 2 : 8;
		tally->false_hours = mem_resize(tally->false_hours, tally->false_capacity * sizeof *tally->false_hours);
	}
	tally->newest = tally->false_count++;
	tally->false_hours[tally->newest] = (struct hour){.key = key};
	return &tally->false_hours[tally->newest];
}

void tally_false(struct tally *tally, int64_t key)
{
	hour_of(tally, key)->numerator++;
	tally->fp_events++;
}

static int by_key(const void *left, const void *right)
{
	const struct hour *a = left, *b = right;
	return (a->key > b->key) - (a->key < b->key);
}

/* The list with the false positives of its hours. */
static const struct hour_list *with_false(struct tally *tally, const struct hour_list *benign, struct arena *arena)
{
	size_t count = benign ? benign->count : 0;
	struct hour *hours = arena_array(arena, count + tally->false_count, sizeof *hours);
	if (count)
		memcpy(hours, benign->items, count * sizeof *hours);
	qsort(tally->false_hours, tally->false_count, sizeof *tally->false_hours, by_key);
	for (size_t i = 0; i < count; i++) {
		struct hour *found = bsearch(&hours[i], tally->false_hours, tally->false_count, sizeof *found, by_key);
		if (!found)
			continue;
		hours[i].numerator = found->numerator;
		found->numerator = 0;
	}
	for (size_t i = 0; i < tally->false_count; i++)
		if (tally->false_hours[i].numerator)
			hours[count++] = tally->false_hours[i];
	struct hour_list *list = arena_alloc(arena, sizeof *list);
	*list = (struct hour_list){hours, count};
	return list;
}

static void add_list(struct tally *tally, const struct hour_list *list, struct arena *arena)
{
	tally->lists = arena_grow(arena, tally->lists, tally->list_count, sizeof(struct hour_list *));
	tally->lists[tally->list_count++] = list;
}

void tally_dataset_end(struct tally *tally, bool timed, const struct hour_list *benign, struct arena *arena)
{
	if (timed) {
		tally->daily_groups += tally->pending_groups;
		tally->daily_fp_groups += tally->pending_fp_groups;
	}
	tally->pending_groups = tally->pending_fp_groups = 0;
	for (size_t i = 0; benign && i < benign->count; i++)
		tally->benign_in_scope += benign->items[i].denominator;
	if (tally->false_count)
		benign = with_false(tally, benign, arena);
	if (benign)
		add_list(tally, benign, arena);
	tally->false_count = tally->newest = 0;
}

void tally_add(struct tally *to, const struct tally *from, struct arena *arena)
{
	for (size_t i = 0; i < OUTCOME_COUNT; i++) {
		to->alerts[i] += from->alerts[i];
		to->groups[i] += from->groups[i];
	}
	to->matches += from->matches;
	to->excepted += from->excepted;
	to->extra += from->extra;
	to->missed += from->missed;
	to->expected += from->expected;
	to->caught += from->caught;
	to->matched += from->matched;
	to->risky_expected += from->risky_expected;
	to->risky_caught += from->risky_caught;
	to->benign_in_scope += from->benign_in_scope;
	to->fp_events += from->fp_events;
	to->daily_groups += from->daily_groups;
	to->daily_fp_groups += from->daily_fp_groups;
	to->near = to->near || from->near;
	for (size_t i = 0; i < from->list_count; i++)
		add_list(to, from->lists[i], arena);
}

struct hour_list tally_hours(const struct tally *tally, struct arena *arena)
{
	size_t count = 0, at = 0;
	if (tally->list_count == 1)
		return *tally->lists[0];
	for (size_t i = 0; i < tally->list_count; i++)
		count += tally->lists[i]->count;
	struct hour *hours = arena_array(arena, count, sizeof *hours);
	for (size_t i = 0; i < tally->list_count; i++) {
		memcpy(hours + at, tally->lists[i]->items, tally->lists[i]->count * sizeof *hours);
		at += tally->lists[i]->count;
	}
	return (struct hour_list){hours, count};
}

void tally_free(struct tally *tally)
{
	free(tally->false_hours);
	*tally = (struct tally){0};
}
