/*
 * matcher: the engine beside the plain evaluator on random catalogs and events near them, and on given catalogs: hits facet by
 * facet, scope, nearness, and conditions of no detection; at every level of instructions, with and without a sample, by
 * one thread and by two at once.
 *
 *   matcher [-n PAIRS] [-s SEED] [-w] CATALOG [CATALOG…]
 *
 * A pair is a condition and an event. The first catalog's fields are those of random conditions. -w shows that a difference is
 * found: the oracle is made to lie once. Ends with `N passed, N failed, 0 skipped`.
 */
#include "tests/differential/engine_random.h"
#include "tests/differential/engine_shrink.h"

#include <pthread.h>

enum { BATCH = 64, BESIDES = 24, WORDS = 80, SAMPLE = 200, MOST_DIFFERENCES = 3 };

struct totals {
	uint64_t pairs, events, holds, near, fits, conditions, differences, groups, compared;
	bool lie; /* the oracle is wrong once */
};

/* Conditions, and what is asked of them. */
struct group {
	struct arena arena;
	const struct catalog *catalog;
	struct condition *besides[BESIDES * 2];
	size_t besides_count;
	struct literals literals;
	const struct made *made; /* further events */
	size_t made_count;
	bool sampled;
	uint64_t state;
	const char *name;
};

/* An engine at a level, and one beside it. */
struct pair {
	struct engine *engines[2];
	uint32_t numbers[BESIDES * 2];
};

/* What one thread is to ask. */
struct task {
	struct engine *engine;
	const struct registry *registry;
	const struct test_event *specs;
	size_t count;
	bool backwards;
	struct besides besides;
	struct arena arena;
	struct said said[BATCH];
};

static void *run_task(void *context)
{
	struct task *task = context;
	for (size_t i = 0; i < task->count; i++) {
		size_t at = task->backwards ? task->count - 1 - i : i;
		struct event event;
		event_begin(&event, &task->arena, task->registry);
		test_event_make(&task->specs[at], &event);
		task->said[at] = engine_says(&task->arena, task->engine, &task->besides, &event);
	}
	return NULL;
}

/* ---- a batch ---- */

struct batch {
	struct group *group;
	struct arena arena;
	struct test_event specs[BATCH];
	struct event events[BATCH];
	struct said oracle[BATCH];
	size_t count;
	const struct event *const *sample;
	size_t sample_count;
};

static void make_spec(struct group *group, struct arena *arena, struct test_event *spec)
{
	if (group->made_count && random_below(&group->state, 2)) {
		size_t count = 1 + random_below(&group->state, 2);
		struct test_facet *facets = arena_array(arena, count, sizeof(*facets));
		for (size_t i = 0; i < count; i++)
			facets[i] = group->made[random_below(&group->state, group->made_count)].facet;
		*spec = (struct test_event){.facets = facets, .facet_count = count};
		return;
	}
	*spec = engine_event(&group->state, arena, &group->catalog->registry, &group->literals);
}

static void ask_oracle(struct batch *batch, struct evaluator *e, struct totals *totals)
{
	struct group *group = batch->group;
	size_t conditions = condition_count_of(group->catalog);
	struct besides besides = {.conditions = group->besides, .count = group->besides_count, .near = true};

	for (size_t i = 0; i < batch->count; i++) {
		struct event *event = &batch->events[i];
		make_spec(group, &batch->arena, &batch->specs[i]);
		event_begin(event, &batch->arena, &group->catalog->registry);
		test_event_make(&batch->specs[i], event);
		batch->oracle[i] = oracle_says(&batch->arena, e, group->catalog, &besides, event);
		totals->pairs += conditions;
		totals->events++;
		totals->holds += batch->oracle[i].hit_count;
		for (size_t d = 0; d < group->catalog->detection_count; d++)
			totals->near += bits_get(batch->oracle[i].near, d);
		for (size_t b = 0; b < group->besides_count; b++)
			totals->fits += bits_get(batch->oracle[i].fits, b * (event->facet_count + 1) + event->facet_count);
		if (totals->lie && event->facet_count > 0) {
			batch->oracle[i].hits[0] ^= 1;
			totals->lie = false;
		}
	}
}

static struct condition **all_conditions(struct arena *arena, const struct catalog *catalog, size_t *count)
{
	struct condition **all = NULL;
	*count = 0;
	for (size_t i = 0; i < catalog->detection_count; i++)
		for (size_t k = 0; k < catalog->detections[i]->condition_count; k++) {
			all = arena_grow(arena, all, *count, sizeof(*all));
			all[(*count)++] = catalog->detections[i]->conditions[k];
		}
	return all;
}

static void tell(const struct batch *batch, size_t at, enum simd_level level, unsigned thread, const struct difference *difference)
{
	struct group *group = batch->group;
	struct shrinking s = {.registry = &group->catalog->registry, .level = level, .sample = batch->sample,
		.sample_count = batch->sample_count, .event = batch->specs[at], .kind = difference->kind};

	printf("DIFFERENT (%s, level %s, thread %u): %s: %s expected; condition %zu, facet %zu\n", group->name, simd_level_name(level),
		thread, difference_names[difference->kind], difference->expected ? "yes" : "no", difference->condition, difference->facet);
	s.conditions = all_conditions(&s.arena, group->catalog, &s.count);
	s.besides = group->besides;
	s.besides_count = group->besides_count;
	shrink(&s);
	arena_free(&s.arena);
}

static void compare(const struct batch *batch, const struct task *task, enum simd_level level, unsigned thread, struct totals *totals)
{
	struct difference difference;
	for (size_t i = 0; i < batch->count; i++) {
		totals->compared++;
		if (said_agree(batch->group->catalog, &task->besides, &batch->oracle[i], &task->said[i], &difference))
			continue;
		if (totals->differences++ < MOST_DIFFERENCES)
			tell(batch, i, level, thread, &difference);
	}
}

static void ask_engines(struct batch *batch, struct pair *pair, enum simd_level level, bool two, struct totals *totals)
{
	struct group *group = batch->group;
	size_t words = bits_words(group->catalog->detection_count) + 1;
	uint64_t *needed = arena_array(&batch->arena, words, sizeof(*needed));
	struct task tasks[2];
	pthread_t other;

	for (size_t i = 0; i < words; i++)
		needed[i] = random_below(&group->state, 3) ? UINT64_MAX : random_next(&group->state);
	for (size_t i = group->catalog->detection_count; i < words * 64; i++)
		needed[i / 64] &= ~(UINT64_C(1) << i % 64);
	uint64_t wanted = random_below(&group->state, 2) ? engine_want_near(pair->engines[0], needed) : 0;
	for (size_t i = 0; i < 2; i++) {
		tasks[i] = (struct task){.engine = pair->engines[i], .registry = &group->catalog->registry, .specs = batch->specs,
			.count = batch->count, .backwards = i == 1};
		tasks[i].besides = (struct besides){.conditions = group->besides, .numbers = pair->numbers, .count = group->besides_count,
			.near = random_below(&group->state, 4) > 0, .needed = random_below(&group->state, 3) ? needed : NULL,
			.turn = random_below(&group->state, 2)};
		if (wanted != 0) {
			tasks[i].besides.needed = needed;
			tasks[i].besides.wanted = wanted;
		}
	}
	if (two && pthread_create(&other, NULL, run_task, &tasks[1]) != 0)
		abort();
	run_task(&tasks[0]);
	if (two)
		pthread_join(other, NULL);
	for (unsigned i = 0; i < 1 + (unsigned)two; i++) {
		compare(batch, &tasks[i], level, i + 1, totals);
		arena_free(&tasks[i].arena);
	}
}

/* ---- a group ---- */

static const struct event **make_sample(struct group *group, size_t count)
{
	const struct event **sample = arena_array(&group->arena, count, sizeof(*sample));
	for (size_t i = 0; i < count; i++) {
		struct test_event spec;
		struct event *event = arena_alloc(&group->arena, sizeof(*event));
		make_spec(group, &group->arena, &spec);
		event_begin(event, &group->arena, &group->catalog->registry);
		test_event_make(&spec, event);
		sample[i] = event;
	}
	return sample;
}

static void make_pairs(struct batch *batch, struct pair *pairs, enum simd_level levels)
{
	struct group *group = batch->group;
	for (enum simd_level level = SIMD_PLAIN; level < levels; level++) {
		struct engine *first = pairs[level].engines[0] = engine_new_at(group->catalog, level);
		const bool late = batch->sample_count % 2; /* as a replay does, which knows its sample first */
		if (batch->sample && late)
			engine_calibrate(first, batch->sample, batch->sample_count);
		for (size_t i = 0; i < group->besides_count; i++)
			pairs[level].numbers[i] = engine_register(first, group->besides[i]);
		if (batch->sample && !late)
			engine_calibrate(first, batch->sample, batch->sample_count);
		pairs[level].engines[1] = engine_beside(first);
	}
}

static void run_group(struct group *group, size_t events, struct totals *totals)
{
	enum simd_level levels = simd_level_best() + 1;
	struct pair pairs[SIMD_LEVELS];
	struct batch batch = {.group = group};
	struct evaluator *e = evaluator_new();

	if (group->sampled) {
		batch.sample_count = 1 + random_below(&group->state, SAMPLE);
		batch.sample = make_sample(group, batch.sample_count);
	}
	make_pairs(&batch, pairs, levels);
	for (size_t done = 0; done < events && totals->differences < MOST_DIFFERENCES; done += batch.count) {
		batch.count = events - done < BATCH ? events - done : BATCH;
		ask_oracle(&batch, e, totals);
		for (enum simd_level level = SIMD_PLAIN; level < levels; level++)
			ask_engines(&batch, &pairs[level], level, random_below(&group->state, 2), totals);
		arena_reset(&batch.arena);
	}
	for (enum simd_level level = SIMD_PLAIN; level < levels; level++)
		engine_free(pairs[level].engines[0]);
	totals->groups++;
	totals->conditions += condition_count_of(group->catalog);
	evaluator_free(e);
	arena_free(&batch.arena);
}

static void note_conditions(struct group *group)
{
	size_t count;
	struct condition **all = all_conditions(&group->arena, group->catalog, &count);
	group->literals.arena = &group->arena;
	for (size_t i = 0; i < count; i++)
		condition_visit(all[i], note_literals, &group->literals);
	for (size_t i = 0; i < group->besides_count; i++)
		condition_visit(group->besides[i], note_literals, &group->literals);
}

/* A random catalog of so many conditions, one to three a detection. */
static void run_random(const struct catalog *fields, size_t conditions, size_t events, uint64_t seed, struct totals *totals)
{
	struct group group = {.state = seed, .sampled = seed % 3 != 0};
	struct random_making m = {.arena = &group.arena, .registry = &fields->registry, .scope = &fields->scope, .state = seed};
	struct catalog catalog = {.registry = fields->registry};

	static const char *const guards[] = {NULL, "host.os.type", "user.name", "process.executable"};
	m.guard = RANDOM_OF(&m.state, guards);
	m.word_count = 1 + random_below(&m.state, WORDS);
	m.words = arena_array(&group.arena, WORDS, sizeof(*m.words));
	for (size_t i = 0; i < m.word_count; i++)
		m.words[i] = random_word(&m.state, &group.arena);
	catalog.detections = arena_array(&group.arena, conditions + 1, sizeof(*catalog.detections));
	for (size_t left = conditions; left > 0;) {
		struct detection *detection = catalog.detections[catalog.detection_count++] = arena_alloc(&group.arena, sizeof(*detection));
		size_t count = 1 + random_below(&m.state, 3);
		count = count < left ? count : left;
		detection->conditions = arena_array(&group.arena, count, sizeof(*detection->conditions));
		detection->condition_count = count;
		for (size_t k = 0; k < count; k++)
			detection->conditions[k] = engine_condition(&m);
		left -= count;
	}
	group.besides_count = random_below(&m.state, BESIDES);
	for (size_t i = 0; i < group.besides_count; i++)
		group.besides[i] = engine_condition(&m);
	group.catalog = &catalog;
	group.name = arena_printf(&group.arena, "%zu random conditions, seed %" PRIu64, conditions, seed);
	note_conditions(&group);
	run_group(&group, events, totals);
	arena_free(&group.arena);
}

/* ---- given catalogs ---- */

static void add_exceptions(struct group *group, const struct exception *exceptions, size_t count)
{
	for (size_t i = 0; i < count && group->besides_count < BESIDES * 2; i++)
		if (exceptions[i].condition->sequence == NULL)
			group->besides[group->besides_count++] = exceptions[i].condition;
}

/* A catalog of a folder, and events that meet and just miss each of its conditions. */
struct given {
	const char *folder;
	struct catalog catalog;
	struct arena arena;
	struct made *made;
	size_t made_count;
};

static void add_made(struct given *given, bool found, const struct made *made)
{
	if (!found)
		return;
	given->made = arena_grow(&given->arena, given->made, given->made_count, sizeof(*given->made));
	given->made[given->made_count++] = *made;
}

static bool begin_given(struct given *given, struct diagnostics *d)
{
	if (catalog_load(&given->catalog, given->folder, d) != 0)
		return false;
	struct making making = {.arena = &given->arena, .registry = &given->catalog.registry, .evaluator = evaluator_new()};
	size_t conditions;
	struct condition **all = all_conditions(&given->arena, &given->catalog, &conditions);

	for (size_t i = 0; i < conditions; i++) {
		struct made_both both;
		if (all[i]->sequence)
			continue;
		made_both(&making, all[i], &both);
		add_made(given, both.matches, &both.match);
		add_made(given, both.misses, &both.miss);
	}
	evaluator_free(making.evaluator);
	return true;
}

static void run_given(const struct given *given, size_t events, uint64_t seed, struct totals *totals)
{
	const struct catalog *catalog = &given->catalog;
	struct group group = {.state = seed, .sampled = seed % 2, .catalog = catalog, .name = given->folder, .made = given->made,
		.made_count = given->made_count};

	for (size_t i = 0; i < catalog->organization_count; i++)
		add_exceptions(&group, catalog->organizations[i]->exceptions, catalog->organizations[i]->exception_count);
	for (size_t i = 0; i < catalog->detection_count; i++)
		add_exceptions(&group, catalog->detections[i]->exceptions, catalog->detections[i]->exception_count);
	note_conditions(&group);
	run_group(&group, events, totals);
	arena_free(&group.arena);
}

/* ---- all ---- */

struct request {
	uint64_t pairs, seed;
	struct given *given;
	size_t given_count;
};

static const struct {
	size_t conditions, events, times;
} sizes[] = {{1, 300, 24}, {2, 300, 12}, {7, 400, 12}, {70, 600, 4}, {300, 700, 1}, {2000, 128, 1}};

static void run_all(const struct request *request, struct totals *totals)
{
	for (uint64_t round = 0; totals->pairs < request->pairs && totals->differences < MOST_DIFFERENCES; round++) {
		uint64_t seed = request->seed + round * 1000;
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			for (size_t k = 0; k < sizes[i].times; k++)
				run_random(&request->given[0].catalog, sizes[i].conditions, sizes[i].events, seed + i * 100 + k, totals);
		for (size_t i = 0; i < request->given_count; i++)
			run_given(&request->given[i], 700, seed + i, totals);
	}
}

static int report(const struct totals *totals)
{
	printf("%" PRIu64 " pairs of %" PRIu64 " conditions in %" PRIu64 " catalogs and %" PRIu64 " events: %" PRIu64 " hold, %" PRIu64
	       " near, %" PRIu64 " exceptions hold; %" PRIu64 " answers compared, levels plain to %s\n",
		totals->pairs, totals->conditions, totals->groups, totals->events, totals->holds, totals->near, totals->fits, totals->compared,
		simd_level_name(simd_level_best()));
	/* They must meet, and not always, or nothing was shown. */
	bool vain = totals->holds < totals->pairs / 200 || totals->holds > totals->pairs * 3 / 4;
	if (vain)
		puts("conditions and events hardly meet, or always do");
	size_t failed = totals->differences + vain;
	printf("%d passed, %zu failed, 0 skipped\n", failed == 0, failed);
	return failed != 0;
}

static bool read_request(struct request *request, struct totals *totals, int count, char **arguments)
{
	int i = 1;
	for (; i < count && arguments[i][0] == '-'; i++)
		if (strcmp(arguments[i], "-w") == 0)
			totals->lie = true;
		else if (strcmp(arguments[i], "-n") == 0 && i + 1 < count)
			request->pairs = strtoull(arguments[++i], NULL, 10);
		else if (strcmp(arguments[i], "-s") == 0 && i + 1 < count)
			request->seed = strtoull(arguments[++i], NULL, 10);
		else
			return false;
	request->given_count = (size_t)(count - i);
	request->given = mem_alloc((request->given_count + 1) * sizeof(*request->given));
	for (size_t k = 0; k < request->given_count; k++)
		request->given[k] = (struct given){.folder = arguments[i + (int)k]};
	return count > i;
}

int main(int count, char **arguments)
{
	struct request request = {.pairs = 1000000, .seed = 1};
	struct totals totals = {0};
	struct diagnostics d = {0};
	int status = 2;

	setvbuf(stdout, NULL, _IOLBF, 0);
	bool good = read_request(&request, &totals, count, arguments);
	if (!good)
		fputs("matcher [-n PAIRS] [-s SEED] [-w] CATALOG [CATALOG…]\n", stderr);
	for (size_t i = 0; good && i < request.given_count; i++)
		good = begin_given(&request.given[i], &d);
	if (good) {
		run_all(&request, &totals);
		status = report(&totals);
	}
	diagnostics_print(&d, stderr);
	diagnostics_free(&d);
	for (size_t i = 0; i < request.given_count; i++) {
		arena_free(&request.given[i].arena);
		catalog_free(&request.given[i].catalog);
	}
	free(request.given);
	return status;
}
