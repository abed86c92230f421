/*
 * recorded: the engine beside the plain evaluator on recorded events: hits facet by facet, scope, exceptions and, of some
 * events, nearness; at every level of instructions, by two threads at once.
 *
 *   recorded CATALOG PATH…      files, and all files below folders, as they are
 *
 * Of events that are alike but for their numbers, the first and each two hundredth (alike.h); derivation sees them all.
 * The first batch of events is the sample that engines are calibrated by. Ends with `N passed, N failed, 0 skipped`: one a format.
 */
#include "replay/derive/derive.h"
#include "replay/readers/plain.h"
#include "tests/differential/alike.h"
#include "tests/differential/engine_shrink.h"

#include <inttypes.h>
#include <pthread.h>

enum { BATCH = 256, BESIDES = 60, MOST_DIFFERENCES = 3, NEAR_ONE_IN = 8, FIRST = 1, EVERY = 200 };

struct side {
	struct engine *engine;
	struct arena arena;
	struct event *events[BATCH];
	struct said said[BATCH];
	struct besides besides;
	size_t count;
};

struct recorded {
	struct catalog catalog;
	struct arena arena;      /* of datasets */
	struct deriver *deriver;
	struct evaluator *evaluator;
	struct engine *engines[SIMD_LEVELS][2];
	uint32_t numbers[SIMD_LEVELS][BESIDES];
	struct condition *besides[BESIDES];
	size_t besides_count;
	bool begun;              /* engines are there */
	struct side sides[2];
	size_t count;            /* of the batch */
	struct alike alike;
	uint64_t batches, events, facets, holds, fits, differences, limited;
};

static void *run_side(void *context)
{
	struct side *side = context;
	for (size_t i = 0; i < side->count; i++)
		side->said[i] = engine_says(&side->arena, side->engine, &side->besides, side->events[i]);
	return NULL;
}

static void make_engines(struct recorded *r)
{
	for (enum simd_level level = SIMD_PLAIN; level <= simd_level_best(); level++) {
		struct engine *first = r->engines[level][0] = engine_new_at(&r->catalog, level);
		for (size_t i = 0; i < r->besides_count; i++)
			r->numbers[level][i] = engine_register(first, r->besides[i]);
		engine_calibrate(first, (const struct event *const *)r->sides[0].events, r->count);
		r->engines[level][1] = engine_beside(first);
	}
	r->begun = true;
}

static void tell(const struct recorded *r, const struct event *event, enum simd_level level, const struct difference *difference)
{
	struct buffer out = {0};
	const struct condition *condition = r->besides[difference->kind == DIFFERENCE_FITS ? difference->condition : 0];
	size_t index = 0;
	for (size_t i = 0; difference->kind != DIFFERENCE_FITS && i < r->catalog.detection_count; i++)
		for (size_t k = 0; k < r->catalog.detections[i]->condition_count; k++, index++)
			if (index == difference->condition)
				condition = r->catalog.detections[i]->conditions[k];
	printf("DIFFERENT at level %s, %s:%" PRIu64 ", facet %zu: %s: %s expected\n", simd_level_name(level), event->file, event->line,
		difference->facet, difference_names[difference->kind], difference->expected ? "yes" : "no");
	if (condition)
		condition_print(condition, &r->catalog.registry, &out);
	printf("  condition: %.*s\n", TEXT_ARGS(buffer_view(&out)));
	for (size_t f = 0; f < event->facet_count; f++) {
		buffer_clear(&out);
		made_print_facet(event->facets[f], &out);
		printf("  facet: %.*s\n", TEXT_ARGS(buffer_view(&out)));
	}
	buffer_free(&out);
}

static void compare(struct recorded *r, const struct said *oracle, const struct side *side, enum simd_level level)
{
	struct difference difference;
	for (size_t i = 0; i < r->count; i++)
		if (!said_agree(&r->catalog, &side->besides, &oracle[i], &side->said[i], &difference) &&
			r->differences++ < MOST_DIFFERENCES)
			tell(r, side->events[i], level, &difference);
}

static void ask_level(struct recorded *r, const struct said *oracle, enum simd_level level, bool near)
{
	pthread_t other;
	for (size_t i = 0; i < 2; i++) {
		r->sides[i].engine = r->engines[level][i];
		r->sides[i].count = r->count;
		r->sides[i].besides = (struct besides){.conditions = r->besides, .numbers = r->numbers[level], .count = r->besides_count,
			.near = near, .turn = i};
	}
	if (pthread_create(&other, NULL, run_side, &r->sides[1]) != 0)
		abort();
	run_side(&r->sides[0]);
	pthread_join(other, NULL);
	for (size_t i = 0; i < 2; i++)
		compare(r, oracle, &r->sides[i], level);
}

static void end_batch(struct recorded *r)
{
	struct said oracle[BATCH];
	bool near = r->batches++ % NEAR_ONE_IN == 0;
	struct besides besides = {.conditions = r->besides, .count = r->besides_count, .near = near};

	if (r->count == 0)
		return;
	if (!r->begun)
		make_engines(r);
	for (size_t i = 0; i < r->count; i++) {
		const struct event *event = r->sides[0].events[i];
		oracle[i] = oracle_says(&r->sides[0].arena, r->evaluator, &r->catalog, &besides, event);
		r->holds += oracle[i].hit_count;
		r->facets += event->facet_count;
		for (size_t b = 0; b < r->besides_count; b++)
			r->fits += bits_get(oracle[i].fits, b * (event->facet_count + 1) + event->facet_count);
	}
	for (enum simd_level level = SIMD_PLAIN; level <= simd_level_best(); level++)
		ask_level(r, oracle, level, near);
	r->events += r->count;
	r->count = 0;
	arena_reset(&r->sides[0].arena);
	arena_reset(&r->sides[1].arena);
}

static int take(void *context, struct event *event)
{
	struct recorded *r = context;
	derive_event(r->deriver, event);
	if (!alike_takes(&r->alike, event))
		return 0;
	const struct event *whole = event_complete(event);
	for (size_t i = 0; i < 2; i++)
		r->sides[i].events[r->count] = event_clone(whole, &r->sides[i].arena);
	if (++r->count == BATCH)
		end_batch(r);
	return r->differences >= MOST_DIFFERENCES;
}

static void add_exceptions(struct recorded *r, const struct exception *exceptions, size_t count)
{
	for (size_t i = 0; i < count && r->besides_count < BESIDES; i++)
		if (exceptions[i].condition->sequence == NULL)
			r->besides[r->besides_count++] = exceptions[i].condition;
}

static void note_exceptions(struct recorded *r)
{
	for (size_t i = 0; i < r->catalog.organization_count; i++)
		add_exceptions(r, r->catalog.organizations[i]->exceptions, r->catalog.organizations[i]->exception_count);
	for (size_t i = 0; i < r->catalog.detection_count; i++)
		add_exceptions(r, r->catalog.detections[i]->exceptions, r->catalog.detections[i]->exception_count);
}

static void run_dataset(struct recorded *r, const struct dataset *dataset, struct diagnostics *d)
{
	struct ledger ledger = {0};
	struct event_sink sink = {take, r};
	uint64_t before = r->events;

	deriver_reset(r->deriver, dataset);
	dataset_read(dataset, sink, &ledger, d);
	end_batch(r);
	printf("%8" PRIu64 " events of %zu files, %s%s%s\n", r->events - before, dataset->file_count, dataset_format(dataset),
		dataset->sources[0].options.dialect ? " " : "",
		dataset->sources[0].options.dialect ? dataset->sources[0].options.dialect->name.data : "");
	ledger_free(&ledger);
}

static bool find(struct recorded *r, int count, char **paths, struct dataset ***datasets, size_t *found, struct diagnostics *d)
{
	struct plain plain = {.arena = &r->arena, .catalog = &r->catalog, .year = 2026};
	const struct format_wish wish = {NULL, NULL};

	for (int i = 0; i < count; i++)
		plain_add_below(&plain, paths[i]);
	return plain_tell(&plain, &wish, d) == 0 && plain_datasets(&plain, datasets, found, d) == 0;
}

int main(int count, char **arguments)
{
	static struct recorded r; /* large */
	struct diagnostics d = {0};
	struct dataset **datasets = NULL;
	size_t found = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (count < 3 || catalog_load(&r.catalog, arguments[1], &d) != 0 || !find(&r, count - 2, arguments + 2, &datasets, &found, &d)) {
		diagnostics_print(&d, stderr);
		return 2;
	}
	r.deriver = deriver_new(&r.catalog);
	r.evaluator = evaluator_new();
	r.alike = alike_of(FIRST, EVERY);
	note_exceptions(&r);
	for (size_t i = 0; i < found && r.differences < MOST_DIFFERENCES; i++)
		run_dataset(&r, datasets[i], &d);
	printf("%s: %" PRIu64 " events, %" PRIu64 " facets, %zu conditions: %" PRIu64 " hold, %zu exceptions: %" PRIu64 " hold\n",
		arguments[1], r.events, r.facets, condition_count_of(&r.catalog), r.holds, r.besides_count, r.fits);
	if (r.alike.left_out > 0)
		printf("%" PRIu64 " kinds; %" PRIu64 " events of known kinds were not asked of: FULL=1 asks of all\n", r.alike.known, r.alike.left_out);
	printf("%d passed, %" PRIu64 " failed, 0 skipped\n", r.differences == 0, r.differences);
	for (enum simd_level level = SIMD_PLAIN; level < SIMD_LEVELS; level++)
		engine_free(r.engines[level][0]);
	alike_free(&r.alike);
	evaluator_free(r.evaluator);
	deriver_free(r.deriver);
	arena_free(&r.sides[0].arena);
	arena_free(&r.sides[1].arena);
	arena_free(&r.arena);
	catalog_free(&r.catalog);
	diagnostics_free(&d);
	return r.differences > 0 || r.events == 0;
}
