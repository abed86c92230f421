/*
 * test_engine_beside: engines beside the first, in threads: the same answers, one account of what it cost, whoever asked; and
 * answers of another engine put in order by the first.
 */
#include "replay/engine/engine.h"
#include "tests/unit/world.h"

#include <pthread.h>
#include <string.h>

enum { THREADS = 3, EVENTS = 600, WORDS = 8 };

static const char *const words[WORDS] = {"docker", "podman", "sh", "nsenter", "cat", "dockerd", "run", "curl"};

static void catalog_of(struct world *w)
{
	world_begin(w);
	world_detection(w, "a", "high", "x: process where event.action == \"exec\" and process.name in (\"docker\", \"podman\")");
	world_detection(w, "b", "high", "x: process where process.command_line like \"*nsenter*--target*1*\"\n"
					"y: any where user.name == \"root\" and stringcontains~(process.command_line, \"CURL\")");
	world_detection(w, "c", "high", "x: process where not process.name == \"cat\" and process.command_line regex \".*(sh|cat) -c.*\"");
	world_detection(w, "d", "high", "x: sequence with maxspan=1m [process where process.name == \"sh\"] [process where process.name == \"curl\"]");
	world_load(w);
}

/* The same event for the same number. */
static void event_of(const struct registry *registry, struct arena *arena, unsigned number, struct event *event)
{
	const char *name = words[number % WORDS], *other = words[number / WORDS % WORDS];
	event_begin(event, arena, registry);
	for (unsigned i = 0; i <= number % 5 / 4; i++) {
		struct facet *facet = event_add_facet(event, unit_category(registry, "process"), unit_action(registry, "process", number % 3 ? "exec" : "fork"));
		facet_set_text(event, facet, unit_field(registry, "process.name"), text_of(name));
		facet_set_text(event, facet, unit_field(registry, "process.command_line"),
			text_of(arena_printf(arena, "%s --target %u %s -c", name, number % 4, other)));
		if (number % 2)
			facet_set_text(event, facet, unit_field(registry, "user.name"), TEXT("root"));
	}
	event->time = (int64_t)number * 1000000000;
	event->line = number + 1;
	event_share(event);
}

struct asking_thread {
	struct engine *engine;
	const struct registry *registry;
	struct arena arena;
	unsigned step, number, from, to; /* events from… to, in a order of its own */
	struct event events[EVENTS];
	struct answer answers[EVENTS];
};

static void *ask_all(void *context)
{
	struct asking_thread *asker = context;
	for (unsigned i = 0; i < EVENTS; i++) {
		unsigned at = (i * asker->step + asker->number * 97) % EVENTS;
		if (at < asker->from || at >= asker->to)
			continue;
		event_of(asker->registry, &asker->arena, at, &asker->events[at]);
		engine_ask(asker->engine, &asker->events[at], &asker->answers[at]);
	}
	return NULL;
}

static void run_askers(struct asking_thread *askers, size_t count)
{
	pthread_t threads[THREADS];
	for (size_t i = 0; i < count; i++)
		CHECK_LONG(pthread_create(&threads[i], NULL, ask_all, &askers[i]), 0);
	for (size_t i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
}

static size_t hits_differ(const struct answer *a, const struct answer *b)
{
	size_t wrong = a->count != b->count;
	for (size_t i = 0; i < a->count && !wrong; i++) {
		bool found = false;
		for (size_t k = 0; k < b->count; k++)
			found = found || (a->hits[i].condition == b->hits[k].condition && a->hits[i].facet == b->hits[k].facet);
		wrong += !found;
	}
	return wrong;
}

static void test_same_answers(void)
{
	static struct asking_thread askers[THREADS]; /* large */
	static const unsigned steps[THREADS] = {1, 7, EVENTS - 1};
	struct world w;
	size_t wrong = 0, hits = 0;

	catalog_of(&w);
	for (unsigned i = 0; i < THREADS; i++)
		askers[i] = (struct asking_thread){.engine = i == 0 ? w.engine : engine_beside(w.engine), .registry = &w.catalog.registry,
			.step = steps[i], .number = i, .to = EVENTS};
	run_askers(askers, THREADS);
	for (unsigned at = 0; at < EVENTS; at++) {
		hits += askers[0].answers[at].count;
		for (unsigned i = 1; i < THREADS; i++) {
			wrong += hits_differ(&askers[0].answers[at], &askers[i].answers[at]);
			wrong += askers[0].answers[at].scope != askers[i].answers[at].scope; /* one set, shared by all */
		}
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT(hits > EVENTS / 4);
	for (unsigned i = 0; i < THREADS; i++)
		arena_free(&askers[i].arena);
	world_end(&w);
}

/* What it cost follows from the events alone, not from who asked which. */
static void test_one_account(void)
{
	static struct asking_thread askers[THREADS];
	struct engine_sums sums[2];
	struct engine_cost costs[2][4];

	for (unsigned round = 0; round < 2; round++) {
		struct world w;
		unsigned count = round == 0 ? 1 : THREADS;
		catalog_of(&w);
		for (unsigned i = 0; i < count; i++)
			askers[i] = (struct asking_thread){.engine = i == 0 ? w.engine : engine_beside(w.engine), .registry = &w.catalog.registry,
				.step = 1, .from = EVENTS * i / count, .to = EVENTS * (i + 1) / count};
		run_askers(askers, count);
		engine_totals(w.engine, &sums[round]);
		for (uint32_t i = 0; i < 4; i++)
			engine_cost_of(w.engine, i, &costs[round][i]);
		for (unsigned i = 0; i < count; i++)
			arena_free(&askers[i].arena);
		world_end(&w);
	}
	CHECK_LONG(sums[0].events, EVENTS);
	CHECK_LONG(memcmp(&sums[0], &sums[1], sizeof(sums[0])), 0);
	for (size_t i = 0; i < 4; i++) {
		CHECK_LONG(costs[0][i].candidates, costs[1][i].candidates);
		CHECK_LONG(costs[0][i].verified, costs[1][i].verified);
		CHECK_LONG(costs[0][i].limited, costs[1][i].limited);
	}
}

static void tell_settled(struct engine *engine, struct buffer *out)
{
	const struct settled *settled;
	while ((settled = engine_settled(engine)) != NULL)
		for (size_t i = 0; i < settled->matches.count; i++)
			buffer_printf(out, "%u:%u ", (unsigned)settled->event->line, settled->matches.items[i].detection);
}

/* All matches, sequences too, of answers that `asking` gives. */
static struct text told(struct engine *first, struct engine *asking, const struct registry *registry, struct arena *arena)
{
	struct buffer out = {0};
	engine_begin(first);
	for (unsigned i = 0; i < EVENTS; i++) {
		struct arena own = {0};
		struct event event;
		struct answer answer;
		struct matches matches;
		event_of(registry, &own, i, &event);
		if (asking) {
			engine_ask(asking, &event, &answer);
			engine_order(first, &event, &answer, &matches);
		} else
			engine_match(first, &event, &matches);
		for (size_t k = 0; k < matches.count; k++)
			buffer_printf(&out, "%u-%u ", i + 1, matches.items[k].detection);
		tell_settled(first, &out);
		arena_free(&own);
	}
	engine_finish(first);
	tell_settled(first, &out);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static void test_answers_of_another(void)
{
	struct world w;
	catalog_of(&w);
	struct text alone = told(w.engine, NULL, &w.catalog.registry, &w.arena);
	CHECK_TEXT(told(w.engine, engine_beside(w.engine), &w.catalog.registry, &w.arena), alone.data);
	CHECK_TEXT(told(w.engine, w.engine, &w.catalog.registry, &w.arena), alone.data);
	CU_ASSERT(text_contains(alone, TEXT(":3 "), false)); /* the sequence matched */
	CU_ASSERT(text_contains(alone, TEXT("-0 "), false));
	world_end(&w);
}

/* What is wanted of nearness reaches every engine; answers say for what they were asked, and equal engine_near. */
static void test_near_wanted(void)
{
	struct world w;
	struct arena arena = {0};
	size_t wrong = 0, near = 0;
	catalog_of(&w);
	struct engine *second = engine_beside(w.engine);
	uint64_t number = engine_want_near(w.engine, &(uint64_t){3});
	for (unsigned i = 0; i < 80; i++) {
		struct event event;
		struct answer answer;
		uint64_t told = 0;
		event_of(&w.catalog.registry, &arena, i, &event);
		engine_ask(i % 2 ? second : w.engine, &event, &answer);
		for (size_t k = 0; k < answer.near_count; k++)
			bits_set(&told, answer.near[k]);
		wrong += answer.near_wanted != number || told >> 2;
		for (uint32_t k = 0; k < 2; k++)
			wrong += bits_get(&told, k) != engine_near(w.engine, &event, k);
		near += answer.near_count;
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT(near > 20 && near < 160);
	CU_ASSERT(engine_want_near(w.engine, &(uint64_t){1}) == number); /* fewer: whoever asked for both may go on */
	CU_ASSERT(engine_want_near(w.engine, &(uint64_t){5}) > number);
	CHECK_LONG(engine_want_near(w.engine, &(uint64_t){0}), 0);
	arena_free(&arena);
	world_end(&w);
}

void suite_engine_beside(void)
{
	CU_pSuite suite = unit_suite("engine_beside");
	UNIT_TEST(suite, test_same_answers);
	UNIT_TEST(suite, test_one_account);
	UNIT_TEST(suite, test_answers_of_another);
	UNIT_TEST(suite, test_near_wanted);
}
