/* tally: the counters of a detection in an organization (see tally.h). */
#include "replay/measure/tally.h"

#include <stdlib.h>
#include <string.h>

static void reserve(struct tally *tally, size_t count)
{
	if (tally->hour_count + count <= tally->hour_capacity)
		return;
	size_t capacity = tally->hour_capacity ? tally->hour_capacity * 2 : 8;
	tally->hour_capacity = capacity < tally->hour_count + count ? tally->hour_count + count : capacity;
	tally->hours = mem_resize(tally->hours, tally->hour_capacity * sizeof *tally->hours);
}

/* Events come nearly in order, so the hour wanted is nearly always that of the last event, or (where a
 * second file covers the same hours) the one after it. */
static struct hour *hour_of(struct tally *tally, int64_t key)
{
	for (size_t i = tally->newest; i < tally->hour_count && i < tally->newest + 2; i++)
		if (i >= tally->base && tally->hours[i].key == key)
			return &tally->hours[tally->newest = i];
	for (size_t i = tally->base; i < tally->hour_count; i++)
		if (tally->hours[i].key == key)
			return &tally->hours[tally->newest = i];
	reserve(tally, 1);
	tally->newest = tally->hour_count++;
	tally->hours[tally->newest] = (struct hour){.key = key};
	return &tally->hours[tally->newest];
}

void tally_benign(struct tally *tally, int64_t key, bool false_positive)
{
	struct hour *hour = hour_of(tally, key);
	hour->denominator++;
	hour->numerator += false_positive;
	tally->benign_in_scope++;
	tally->fp_events += false_positive;
}

void tally_turned_false(struct tally *tally, int64_t key)
{
	hour_of(tally, key)->numerator++;
	tally->fp_events++;
}

void tally_dataset_end(struct tally *tally, bool timed)
{
	if (timed) {
		tally->daily_groups += tally->pending_groups;
		tally->daily_fp_groups += tally->pending_fp_groups;
	}
	tally->pending_groups = tally->pending_fp_groups = 0;
	tally->base = tally->hour_count;
}

void tally_add(struct tally *to, const struct tally *from)
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
	if (!from->hour_count)
		return;
	reserve(to, from->hour_count);
	memcpy(to->hours + to->hour_count, from->hours, from->hour_count * sizeof *from->hours);
	to->hour_count += from->hour_count;
}

void tally_free(struct tally *tally)
{
	free(tally->hours);
	*tally = (struct tally){0};
}
