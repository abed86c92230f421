/* stats: see stats.h. */
#include "replay/stats.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static double seconds_of(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void take_process(struct stats *stats)
{
	struct rusage usage;
	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return;
	stats->peak = (uint64_t)usage.ru_maxrss * 1024;
	stats->processor = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

static void take_triggers(struct stats *stats, struct stats_detection *one, struct engine *first, uint32_t condition)
{
	struct arena arena = {0};
	const struct sequence *sequence = engine_plan(first)->conditions[condition].condition->sequence;
	const size_t steps = sequence != NULL ? sequence->count + (sequence->until != NULL) : 1;
	for (size_t step = 0; step < steps; step++) {
		struct plan_triggers triggers;
		plan_triggers_of(engine_plan(first), condition, step, &arena, &triggers);
		one->asked++;
		one->untriggered += triggers.why != NULL;
		if (one->why == NULL && triggers.why != NULL)
			one->why = arena_strdup(&stats->arena, triggers.why);
	}
	arena_free(&arena);
}

static int compare(const void *a, const void *b)
{
	const struct stats_detection *one = a, *other = b;
	const struct engine_cost *x = &one->cost, *y = &other->cost;
	if (x->nanoseconds != y->nanoseconds)
		return x->nanoseconds < y->nanoseconds ? 1 : -1;
	if (x->candidates != y->candidates)
		return x->candidates < y->candidates ? 1 : -1;
	return text_compare(one->detection->name, other->detection->name);
}

void stats_take(struct stats *stats, const struct catalog *catalog, struct engine *first)
{
	const struct plan *plan = engine_plan(first);
	take_process(stats);
	engine_totals(first, &stats->sums);
	stats->detection_count = catalog->detection_count;
	stats->detections = arena_array(&stats->arena, catalog->detection_count + 1, sizeof *stats->detections);
	for (size_t i = 0; i < catalog->detection_count; i++) {
		struct stats_detection *one = &stats->detections[i];
		one->detection = catalog->detections[i];
		engine_cost_of(first, (uint32_t)i, &one->cost);
		for (uint32_t c = plan->first[i]; c < plan->first[i + 1]; c++)
			take_triggers(stats, one, first, c);
		stats->nanoseconds += one->cost.nanoseconds;
		stats->asked += one->asked;
		stats->untriggered += one->untriggered;
	}
	qsort(stats->detections, stats->detection_count, sizeof *stats->detections, compare);
}

void stats_free(struct stats *stats)
{
	arena_free(&stats->arena);
	*stats = (struct stats){0};
}
