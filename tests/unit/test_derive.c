/*
 * All derivations together, over a few events in order.
 */
#include "replay/derive/derive.h"
#include "tests/unit/unit.h"

#include <stdio.h>

struct world {
	struct catalog catalog;
	struct arena event_arena;
	struct event event;
	struct deriver *deriver;
};

static void world_make(struct world *world)
{
	*world = (struct world){0};
	struct arena *arena = &world->catalog.arena;
	world->catalog.registry = *unit_registry(arena);
	unit_clients(arena, &world->catalog.registry, &world->catalog.clients);
	world->deriver = deriver_new(&world->catalog);
}

static void world_free(struct world *world)
{
	deriver_free(world->deriver);
	arena_free(&world->event_arena);
	arena_free(&world->catalog.arena);
}

static struct facet *begin(struct world *world, const char *category, const char *action)
{
	const struct registry *r = &world->catalog.registry;
	arena_reset(&world->event_arena);
	event_begin(&world->event, &world->event_arena, r);
	world->event.time = INT64_C(5000000000);
	return event_add_facet(&world->event, unit_category(r, category), unit_action(r, category, action));
}

static void set(struct world *world, struct facet *facet, const char *field, const char *value)
{
	CU_ASSERT(facet_set_text(&world->event, facet, unit_field(&world->catalog.registry, field), text_of(value)));
}

static void set_args(struct world *world, struct facet *facet, const char *line)
{
	struct text *words;
	size_t count = text_split(&world->event_arena, text_of(line), ' ', &words);
	facet_set_texts(&world->event, facet, unit_field(&world->catalog.registry, "process.args"), words, count);
}

static struct text get(const struct world *world, const struct facet *facet, const char *field)
{
	return facet_text(facet, unit_field(&world->catalog.registry, field));
}

static void test_request_in_order(void)
{
	struct world world;
	world_make(&world);
	struct facet *facet = begin(&world, "process", "capset");
	set(&world, facet, "process.pid", "70");
	set(&world, facet, "process.thread.name", "runc:[2:INIT]");
	derive_event(world.deriver, &world.event);
	CU_ASSERT_EQUAL(world.event.facet_count, 1);
	facet = begin(&world, "process", "exec");
	set(&world, facet, "process.pid", "71");
	set(&world, facet, "process.parent.pid", "70");
	set(&world, facet, "process.executable", "/usr/bin/docker");
	set(&world, facet, "user.name", "ci");
	set_args(&world, facet, "docker run --privileged alpine");
	derive_event(world.deriver, &world.event);
	CU_ASSERT_EQUAL_FATAL(world.event.facet_count, 2);
	for (size_t i = 0; i < 2; i++) {
		const struct facet *f = world.event.facets[i];
		CHECK_TEXT(get(&world, f, "process.in_container"), "true");
		CHECK_TEXT(get(&world, f, "entity.id"), "container:70@5");
		CHECK_TEXT(get(&world, f, "process.name"), "docker");
		CHECK_TEXT(get(&world, f, "process.command_line"), "docker run --privileged alpine");
		CHECK_TEXT(get(&world, f, "process.args_count"), "4");
		CHECK_TEXT(get(&world, f, "user.name"), "ci");
		CU_ASSERT_EQUAL(f->derived, i == 1);
	}
	CHECK_TEXT(get(&world, world.event.facets[1], "container.security_context.privileged"), "true");
	CHECK_TEXT(get(&world, world.event.facets[0], "container.security_context.privileged"), "");
	deriver_reset(world.deriver, NULL);
	facet = begin(&world, "process", "other");
	set(&world, facet, "process.pid", "71");
	derive_event(world.deriver, &world.event);
	CHECK_TEXT(get(&world, facet, "process.in_container"), "");
	world_free(&world);
}

/* An event that was exported with its derived facet, and read back: the facet is not made a second time. */
static void test_not_twice(void)
{
	struct world world;
	struct arena kept = {0};
	world_make(&world);
	struct facet *facet = begin(&world, "process", "exec");
	set(&world, facet, "process.pid", "71");
	set(&world, facet, "process.executable", "/usr/bin/docker");
	set_args(&world, facet, "docker run -v /:/h alpine");
	derive_event(world.deriver, &world.event);
	CU_ASSERT_EQUAL_FATAL(world.event.facet_count, 2);
	struct event *again = event_clone(&world.event, &kept);
	again->facets[1]->derived = false; /* a reader does not know */
	derive_event(world.deriver, again);
	CU_ASSERT_EQUAL(again->facet_count, 2);
	CU_ASSERT(again->facets[1]->derived);
	/* One that asks for something else is another container. */
	again->facets[1]->derived = false;
	facet_set_text(again, again->facets[1], registry_field(again->registry, TEXT("container.user")), TEXT("7"));
	facet_unset(&kept, again->facets[1], registry_field(again->registry, TEXT("container.mounts")));
	derive_event(world.deriver, again);
	CU_ASSERT_EQUAL(again->facet_count, 3);
	CU_ASSERT(again->facets[2]->derived);
	arena_free(&kept);
	world_free(&world);
}

/* Only what is missing is filled; what the source said stands. */
static void test_additions(void)
{
	static const struct {
		const char *path, *name, *directory;
	} cases[] = {
		{"/etc/cron.d/job", "job", "/etc/cron.d"}, {"/job", "job", "/"}, {"/var/run/x", "x", "/run"}, {"job", "", ""},
		{"/", "", "/"},
	};
	struct world world;
	world_make(&world);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct facet *facet = begin(&world, "file", "modify");
		set(&world, facet, "file.path", cases[i].path);
		derive_event(world.deriver, &world.event);
		CHECK_TEXT(get(&world, facet, "file.name"), cases[i].name);
		CHECK_TEXT(get(&world, facet, "file.directory"), cases[i].directory);
	}
	struct facet *facet = begin(&world, "process", "exec");
	set(&world, facet, "process.name", "said");
	set(&world, facet, "process.executable", "/bin/x");
	set(&world, facet, "process.command_line", "said too");
	set(&world, facet, "process.args_count", "9");
	set_args(&world, facet, "a b");
	derive_event(world.deriver, &world.event);
	CHECK_TEXT(get(&world, facet, "process.name"), "said");
	CHECK_TEXT(get(&world, facet, "process.command_line"), "said too");
	CHECK_TEXT(get(&world, facet, "process.args_count"), "9");
	CHECK_TEXT(get(&world, facet, "process.in_container"), "");
	world_free(&world);
}

/* A failed exec asks for nothing, a container event of an engine is no command line. */
static void test_no_request(void)
{
	struct world world;
	world_make(&world);
	struct facet *facet = begin(&world, "process", "exec");
	set(&world, facet, "event.outcome", "failure");
	set_args(&world, facet, "docker run alpine");
	derive_event(world.deriver, &world.event);
	CU_ASSERT_EQUAL(world.event.facet_count, 1);
	facet = begin(&world, "container", "exec");
	set_args(&world, facet, "docker run alpine");
	derive_event(world.deriver, &world.event);
	CU_ASSERT_EQUAL(world.event.facet_count, 1);
	event_begin(&world.event, &world.event_arena, &world.catalog.registry);
	derive_event(world.deriver, &world.event); /* no facet at all */
	CU_ASSERT_EQUAL(world.event.facet_count, 0);
	deriver_free(NULL);
	world_free(&world);
}

void suite_derive(void)
{
	CU_pSuite suite = unit_suite("derive");
	UNIT_TEST(suite, test_request_in_order);
	UNIT_TEST(suite, test_not_twice);
	UNIT_TEST(suite, test_additions);
	UNIT_TEST(suite, test_no_request);
}
