/*
 * test_engine: the engine equals plain evaluation over all conditions, on random catalogs and events; scope
 * and nearness; what the plan's partitions hold.
 */
#include "replay/engine/engine.h"
#include "tests/unit/random_tree.h"
#include "tests/unit/world.h"

#include <stdlib.h>
#include <string.h>

enum { RANDOM_DETECTIONS = 70, RANDOM_EVENTS = 1500 };

static const char *const two_kinds =
	"command: process where event.action == \"exec\" and process.name == \"docker\"\n"
	"request: container where event.action in (\"create\", \"run\") and container.mounts like \"/etc:*\"";

static size_t partition_size(const struct world *w, const char *category, const char *action)
{
	unsigned number = unit_action(&w->catalog.registry, category, action);
	return plan_partition_of(engine_plan(w->engine), number)->count;
}

static void test_partitions(void)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "a", "high", two_kinds);
	world_detection(&w, "b", "high", "x: any where not event.action == \"exec\"");
	world_detection(&w, "c", "high", "x: file where event.action == \"open\" and not event.action == \"open\"");
	world_load(&w);
	CHECK_LONG(partition_size(&w, "process", "exec"), 1);
	CHECK_LONG(partition_size(&w, "process", "fork"), 1);
	CHECK_LONG(partition_size(&w, "container", "run"), 2);
	CHECK_LONG(partition_size(&w, "container", "exec"), 0);
	CHECK_LONG(partition_size(&w, "file", "open"), 1);
	CHECK_LONG(engine_plan(w.engine)->partitions[0].count, 4);
	CHECK_LONG(engine_plan(w.engine)->condition_count, 4);
	world_end(&w);
}

/* Another field may hold whatever the action is called. */
static void test_partition_of_pairs(void)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "a", "high", "x: session where event.action == event.reported_action");
	world_detection(&w, "b", "high", "x: session where event.category == event.action");
	world_load(&w);
	CHECK_LONG(partition_size(&w, "session", "open"), 1);
	CHECK_LONG(partition_size(&w, "process", "exec"), 0);
	world_end(&w);
}

static void test_hits(void)
{
	struct world w;
	struct matches matches;
	world_begin(&w);
	world_detection(&w, "a", "high", two_kinds);
	world_detection(&w, "b", "high", "x: container where container.image.name == \"alpine\"");
	world_load(&w);
	struct event *event = world_event(&w, 1, 0, "container.run container.mounts=/etc:/e:rw container.image.name=alpine"
		" | process.exec process.name=docker | container.create container.mounts=/etc:/e:ro");
	engine_match(w.engine, event, &matches);
	CHECK_LONG(matches.count, 2);
	CHECK_LONG(matches.items[0].detection, 0);
	CHECK_LONG(matches.items[0].count, 3);
	static const struct hit expected[] = {{0, 1}, {1, 0}, {1, 2}};
	for (size_t i = 0; i < 3 && i < matches.items[0].count; i++) {
		CHECK_LONG(matches.items[0].hits[i].condition, expected[i].condition);
		CHECK_LONG(matches.items[0].hits[i].facet, expected[i].facet);
	}
	CHECK_LONG(matches.items[1].count, 1);
	event = world_event(&w, 1, 0, "container.run container.mounts=/srv:/e:rw");
	engine_match(w.engine, event, &matches);
	CHECK_LONG(matches.count, 0);
	world_end(&w);
}

static bool scope_of(struct world *w, const char *facets, uint32_t detection)
{
	return bits_get(engine_scope(w->engine, world_event(w, 1, 0, facets)), detection);
}

static void test_scope(void)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "a", "high", "x: process where event.action == \"exec\" and process.name == \"docker\""
		" and user.name == \"root\"");
	world_detection(&w, "b", "high", "x: process where event.action == \"exec\" and user.name == null");
	world_load(&w);
	CU_ASSERT(scope_of(&w, "process.exec process.name=cat user.name=ann", 0));
	CU_ASSERT_FALSE(scope_of(&w, "process.exec process.name=cat user.name=ann", 1));
	CU_ASSERT_FALSE(scope_of(&w, "process.exec process.name=docker", 0));
	CU_ASSERT(scope_of(&w, "process.exec process.name=docker", 1));
	CU_ASSERT_FALSE(scope_of(&w, "process.fork process.name=docker user.name=root", 0));
	CU_ASSERT(scope_of(&w, "file.open file.path=/x | process.exec process.name=cat user.name=ann", 0));
	uint64_t misses = engine_scope_misses(w.engine);
	CU_ASSERT(scope_of(&w, "process.exec process.name=other user.name=bob", 0));
	CHECK_LONG(engine_scope_misses(w.engine), misses); /* the same signature */
	CU_ASSERT_FALSE(scope_of(&w, "process.exec process.name=x user.name=y event.outcome=failure", 0));
	CU_ASSERT(scope_of(&w, "process.exec process.name=x user.name=y event.outcome=success", 0));
	world_end(&w);
}

static bool near(struct world *w, const char *facets)
{
	return engine_near(w->engine, world_event(w, 1, 0, facets), 0);
}

static void test_nearness(void)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "a", "high", "x: process where event.action == \"exec\" and process.name == \"docker\""
		" and user.name == \"root\"");
	world_load(&w);
	CU_ASSERT(near(&w, "process.exec process.name=docker user.name=root"));
	CU_ASSERT(near(&w, "process.exec process.name=docker user.name=ann"));
	CU_ASSERT(near(&w, "process.exec process.name=cat user.name=root"));
	CU_ASSERT_FALSE(near(&w, "process.exec process.name=cat user.name=ann"));
	CU_ASSERT_FALSE(near(&w, "process.exec process.name=docker"));
	CU_ASSERT_FALSE(near(&w, "process.fork process.name=docker user.name=root"));
	world_end(&w);
}

/* Random catalogs */

struct random_world {
	struct arena arena;
	struct cases cases;
	struct catalog catalog;
};

static void random_begin(struct random_world *w, uint64_t seed)
{
	*w = (struct random_world){0};
	cases_load(&w->cases, "tests/cases/conditions.yaml");
	w->catalog.registry = w->cases.registry;
	w->catalog.detection_count = RANDOM_DETECTIONS;
	w->catalog.detections = arena_array(&w->arena, RANDOM_DETECTIONS, sizeof *w->catalog.detections);
	for (size_t i = 0; i < RANDOM_DETECTIONS; i++) {
		struct detection *detection = arena_alloc(&w->arena, sizeof *detection);
		detection->condition_count = 1 + i % 3;
		detection->conditions = arena_array(&w->arena, 3, sizeof *detection->conditions);
		for (size_t k = 0; k < detection->condition_count; k++)
			detection->conditions[k] = random_condition(&w->arena, &w->cases, seed * 1000 + i * 3 + k);
		w->catalog.detections[i] = detection;
	}
}

static void random_end(struct random_world *w)
{
	arena_free(&w->arena);
	cases_free(&w->cases);
}

static size_t plain_hits(struct evaluator *e, const struct detection *detection, const struct event *event)
{
	size_t count = 0;
	for (size_t k = 0; k < detection->condition_count; k++)
		for (size_t f = 0; f < event->facet_count; f++)
			count += evaluate_condition(e, detection->conditions[k], event->facets[f]);
	return count;
}

static bool plain_scope(struct evaluator *e, const struct detection *detection, const struct event *event)
{
	bool any = false;
	for (size_t k = 0; k < detection->condition_count; k++)
		for (size_t f = 0; f < event->facet_count; f++)
			any = any || evaluate_possible(e, detection->conditions[k], event->facets[f]).can_be_true;
	return any;
}

static bool plain_near(struct evaluator *e, const struct detection *detection, const struct event *event)
{
	bool any = false;
	for (size_t k = 0; k < detection->condition_count; k++)
		for (size_t f = 0; f < event->facet_count; f++)
			any = any || evaluate_distance(e, detection->conditions[k], event->facets[f]) <= 1;
	return any;
}

/* Every hit that is reported holds; and as many are reported as there are. */
static size_t check_event(struct engine *engine, const struct catalog *catalog, const struct event *event)
{
	struct evaluator *e = engine_evaluator(engine);
	struct matches matches;
	size_t next = 0, wrong = 0;
	engine_match(engine, event, &matches);
	const uint64_t *scope = engine_scope(engine, event);
	for (uint32_t i = 0; i < catalog->detection_count; i++) {
		const struct detection *detection = catalog->detections[i];
		bool found = next < matches.count && matches.items[next].detection == i;
		wrong += plain_hits(e, detection, event) != (found ? matches.items[next].count : 0);
		for (size_t k = 0; found && k < matches.items[next].count; k++) {
			const struct hit *hit = &matches.items[next].hits[k];
			wrong += !evaluate_condition(e, detection->conditions[hit->condition], event->facets[hit->facet]);
		}
		next += found;
		wrong += bits_get(scope, i) != plain_scope(e, detection, event);
		wrong += engine_near(engine, event, i) != plain_near(e, detection, event);
	}
	return wrong + (next != matches.count);
}

static void test_differential(void)
{
	for (uint64_t seed = 1; seed <= 3; seed++) {
		struct random_world w;
		struct arena arena = {0};
		size_t wrong = 0, matched = 0;
		random_begin(&w, seed);
		struct engine *engine = engine_new(&w.catalog);
		for (uint64_t i = 0; i < RANDOM_EVENTS; i++) {
			struct event event;
			struct matches matches;
			random_event(&arena, &w.catalog.registry, seed * 100000 + i, &event);
			wrong += check_event(engine, &w.catalog, &event);
			engine_match(engine, &event, &matches);
			matched += matches.count;
			arena_reset(&arena);
		}
		CHECK_LONG(wrong, 0);
		CU_ASSERT(matched > RANDOM_EVENTS);                            /* they do meet */
		CU_ASSERT(matched < RANDOM_EVENTS * RANDOM_DETECTIONS * 9 / 10); /* and not always */
		engine_free(engine);
		arena_free(&arena);
		random_end(&w);
	}
}

/* Many signatures, and more sets than get a number: it stays right. */
static void test_many_signatures(void)
{
	struct random_world w;
	struct arena arena = {0};
	random_begin(&w, 4);
	struct engine *engine = engine_new(&w.catalog);
	const struct registry *registry = &w.catalog.registry;
	size_t wrong = 0;
	for (unsigned i = 0; i < 6000; i++) {
		struct event event;
		event_begin(&event, &arena, registry);
		struct facet *facet = event_add_facet(&event, 1, registry->categories[1].first_action);
		for (unsigned bit = 0; bit < 8; bit++) {
			unsigned field = registry_field(registry, text_of(random_fields[bit]));
			enum value_type type = registry->fields[field].type;
			if (i >> bit & 1)
				facet_set_text(&event, facet, field, type == TYPE_IP ? TEXT("::1") : type == TYPE_BOOLEAN ? TEXT("true") : TEXT("1"));
		}
		facet_set_text(&event, facet, FIELD_OUTCOME, text_of(arena_printf(&arena, "%u", i % 100)));
		const uint64_t *scope = engine_scope(engine, &event);
		for (uint32_t k = 0; i % 7 == 0 && k < RANDOM_DETECTIONS; k++)
			wrong += bits_get(scope, k) != plain_scope(engine_evaluator(engine), w.catalog.detections[k], &event);
		arena_reset(&arena);
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT(engine_scope_misses(engine) > 100);
	engine_free(engine);
	arena_free(&arena);
	random_end(&w);
}

/* Exceptions come when the plan is ready already: what an index found out says nothing of their predicates. */
static void test_registered_late(void)
{
	enum { LATE = 700 };
	struct world w;
	struct diagnostics d = {0};
	struct answer answer;
	uint32_t numbers[LATE], wrong = 0;
	world_begin(&w);
	for (unsigned i = 0; i < 60; i++)
		world_detection(&w, arena_printf(&w.arena, "d%u", i), "high",
			arena_printf(&w.arena, "x: process where process.name in (\"a%u\", \"b%u\") or process.args == \"c%u\"", i, i, i));
	world_load(&w);
	const struct scope scope = {.registry = &w.catalog.registry};
	const struct event *event = world_event(&w, 1, 0, "process.exec process.name=a7 process.args=x");
	engine_calibrate(w.engine, &event, 1);
	engine_ask(w.engine, event, &answer);
	for (unsigned i = 0; i < LATE; i++) {
		const char *text = arena_printf(&w.arena, "process where process.args != \"late-%u\"", i);
		numbers[i] = engine_register(w.engine, condition_parse(&w.arena, &scope, text_of(text), (struct place){0}, 0,
			text_of(text), &d));
	}
	engine_ask(w.engine, event, &answer);
	engine_ask(w.engine, event, &answer);
	engine_turn(w.engine, event, &answer);
	for (unsigned i = 0; i < LATE; i++)
		wrong += !engine_fits(w.engine, numbers[i], event, 0);
	CHECK_LONG(wrong, 0);
	diagnostics_free(&d);
	world_end(&w);
}

static void test_empty_catalog(void)
{
	struct world w;
	struct matches matches;
	world_begin(&w);
	world_load(&w);
	struct event *event = world_event(&w, 1, 0, "process.exec process.name=x");
	engine_match(w.engine, event, &matches);
	CHECK_LONG(matches.count, 0);
	CU_ASSERT(engine_scope(w.engine, event)[0] == 0);
	world_end(&w);
}

void suite_engine(void)
{
	CU_pSuite suite = unit_suite("engine");
	UNIT_TEST(suite, test_partitions);
	UNIT_TEST(suite, test_partition_of_pairs);
	UNIT_TEST(suite, test_hits);
	UNIT_TEST(suite, test_scope);
	UNIT_TEST(suite, test_nearness);
	UNIT_TEST(suite, test_differential);
	UNIT_TEST(suite, test_many_signatures);
	UNIT_TEST(suite, test_registered_late);
	UNIT_TEST(suite, test_empty_catalog);
}
