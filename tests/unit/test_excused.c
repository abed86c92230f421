/* test_excused: today's detections with what was normal in the reference run. */
#include "replay/gate/excused.h"
#include "tests/unit/world.h"

#include <string.h>

struct bench {
	struct world then, now;
	struct diagnostics d;
	struct excused *excused;
};

static void detection(struct world *w, const char *name, const char *id, const char *more)
{
	const char *path = arena_printf(&w->arena, "detections/%s.yaml", name);
	world_file(w, path, arena_printf(&w->arena,
		"id: 00000000-0000-4000-8000-00000000000%s\nname: %s\ntitle: T\ndescription: d\nstatus: test\nseverity: high\n"
		"techniques: [T1611]\nsurface: host\nauthor: a\ndate: 2026-01-01\nconditions:\n  a: process where process.name == \"x\"\n"
		"%s\ntests:\n  - name: m\n    event: {event.category: process, event.action: exec, process.name: x}\n    expect: match\n"
		"  - name: n\n    event: {event.category: process, event.action: exec, process.name: y}\n    expect: no-match\n", id, name, more));
}

static void bench_begin(struct bench *b)
{
	memset(b, 0, sizeof *b);
	world_begin(&b->then);
	world_begin(&b->now);
}

static void bench_make(struct bench *b)
{
	world_load(&b->then);
	world_load(&b->now);
	b->excused = excused_make(&b->now.catalog, &b->then.catalog, &b->d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->excused);
}

static void bench_end(struct bench *b)
{
	excused_free(b->excused);
	excused_free(NULL);
	diagnostics_free(&b->d);
	world_end(&b->then);
	world_end(&b->now);
}

static const char organization[] =
	"monitor: {minimum_severity: low, disable: [%s], severity: {%s: low}}\n"
	"exceptions:\n  - {name: one, detections: [%s], condition: 'process.name in trusted', reason: r, owner: o}\n";

static void put_organization(struct world *w, const char *disabled, const char *other, const char *more)
{
	struct buffer text = {0};
	buffer_printf(&text, organization, disabled, other, disabled);
	buffer_printf(&text, "%s", more);
	world_organization(w, "shop", arena_printf(&w->arena, "%.*s", TEXT_ARGS(buffer_view(&text))));
	buffer_free(&text);
}

static const struct organization *shop(const struct bench *b)
{
	const struct organization *found = excused_organization(b->excused, TEXT("shop"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(found);
	return found;
}

static bool holds(const struct condition *condition, struct world *w, const char *facets)
{
	struct evaluator *e = evaluator_new();
	const struct event *event = world_event(w, 1, 60, facets);
	bool answer = evaluate_node(e, condition->root, event->facets[0]);
	evaluator_free(e);
	return answer;
}

/* Renamed detections are followed; the lists are the reference's; exceptions that came since are not there. */
static void test_renamed(void)
{
	struct bench b;
	bench_begin(&b);
	world_file(&b.then, "lists.yaml", "lists: {trusted: [cron]}\n");
	detection(&b.then, "old-name", "1", "");
	detection(&b.then, "other", "2", "");
	detection(&b.then, "gone", "3", "");
	put_organization(&b.then, "old-name", "other",
		"  - {name: two, detections: [gone], condition: 'process.name == \"z\"', reason: r, owner: o}\n"
		"  - {name: three, detections: [gone, T1611], condition: 'process.name == \"z\"', reason: r, owner: o}\n");
	world_file(&b.now, "lists.yaml", "lists: {trusted: [cron, anything]}\n");
	detection(&b.now, "new-name", "1", "");
	detection(&b.now, "other", "2", "");
	put_organization(&b.now, "other", "new-name",
		"  - {name: hides, detections: [new-name], condition: 'process.name == \"x\"', reason: r, owner: o}\n");
	bench_make(&b);
	const struct organization *o = shop(&b);
	CHECK_LONG(o->disable.count, 1);
	CHECK_TEXT(o->disable.items[0], "new-name");
	CHECK_LONG(o->severity_count, 1);
	CHECK_TEXT(o->severities[0].detection, "other");
	CHECK_LONG(o->exception_count, 2);
	CHECK_TEXT(o->exceptions[0].name, "one");
	CHECK_TEXT(o->exceptions[0].detections.items[0], "new-name");
	CU_ASSERT(holds(o->exceptions[0].condition, &b.now, "process.exec process.name=cron"));
	CU_ASSERT_FALSE(holds(o->exceptions[0].condition, &b.now, "process.exec process.name=anything"));
	CHECK_TEXT(o->exceptions[1].name, "three");
	CHECK_LONG(o->exceptions[1].detections.count, 1);
	CHECK_CONTAINS(unit_printed(&b.now.arena, &b.d), "all detections of the reference's exception two are gone");
	CHECK_LONG(b.d.errors, 0);
	CU_ASSERT_FALSE(excused_same(&b.now.catalog, &b.then.catalog));
	CU_ASSERT(excused_same(&b.now.catalog, &b.now.catalog));
	CHECK_LONG(excused_catalog(b.excused)->detection_count, 2);
	bench_end(&b);
}

/* What belongs to new detections alone is today's. */
static void test_new(void)
{
	struct bench b;
	bench_begin(&b);
	world_file(&b.then, "lists.yaml", "lists: {trusted: [cron]}\n");
	detection(&b.then, "first", "1", "");
	world_organization(&b.then, "shop", "monitor: {minimum_severity: high}\n");
	world_file(&b.now, "lists.yaml", "lists: {trusted: [cron]}\n");
	detection(&b.now, "first", "1", "");
	detection(&b.now, "second", "2", "");
	put_organization(&b.now, "second", "second",
		"  - {name: both, detections: [first, second], condition: 'process.name == \"x\"', reason: r, owner: o}\n");
	world_organization(&b.now, "farm", "");
	bench_make(&b);
	const struct organization *o = shop(&b);
	CHECK_LONG(o->minimum_severity, SEVERITY_HIGH);
	CHECK_LONG(o->disable.count, 1);
	CHECK_TEXT(o->disable.items[0], "second");
	CHECK_LONG(o->severity_count, 1);
	CHECK_LONG(o->exception_count, 1);
	CHECK_TEXT(o->exceptions[0].name, "one");
	CU_ASSERT_PTR_EQUAL(excused_organization(b.excused, TEXT("farm")), world_organization_of(&b.now, "farm"));
	CU_ASSERT_PTR_NULL(excused_organization(b.excused, TEXT("nobody")));
	bench_end(&b);
}

/* Exceptions that are shipped with a detection are the reference's, under its new name, too. */
static void test_shipped(void)
{
	struct bench b;
	bench_begin(&b);
	detection(&b.then, "old-name", "1",
		"exceptions:\n  - {name: kept, detections: [old-name], condition: 'process.name == \"a\"', reason: r}");
	detection(&b.then, "plain", "2", "");
	detection(&b.now, "new-name", "1", "exceptions:\n  - {name: came, condition: 'process.name == \"b\"', reason: r}");
	detection(&b.now, "plain", "2", "");
	detection(&b.now, "third", "3", "exceptions:\n  - {name: its-own, condition: 'process.name == \"c\"', reason: r}");
	bench_make(&b);
	const struct catalog *catalog = excused_catalog(b.excused);
	const struct detection *first = catalog_detection(catalog, TEXT("new-name"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(first);
	CHECK_LONG(first->exception_count, 1);
	CHECK_TEXT(first->exceptions[0].name, "kept");
	CU_ASSERT(exception_covers(&first->exceptions[0], first));
	CU_ASSERT_PTR_EQUAL(catalog_detection(catalog, TEXT("plain")), catalog_detection(&b.now.catalog, TEXT("plain")));
	CHECK_TEXT(catalog_detection(catalog, TEXT("third"))->exceptions[0].name, "its-own");
	CU_ASSERT_FALSE(excused_same(&b.now.catalog, &b.then.catalog));
	bench_end(&b);
}

/* A field that is gone takes the organization's exception with it, aloud. */
static void test_unreadable(void)
{
	struct bench b;
	bench_begin(&b);
	detection(&b.then, "first", "1", "");
	world_file(&b.then, "fields/own.yaml",
		"fields:\n  shop.till: {type: keyword, extension: true, about: the till}\n");
	world_organization(&b.then, "shop",
		"exceptions:\n  - {name: till, detections: [first], condition: 'shop.till == \"7\"', reason: r, owner: o}\n");
	detection(&b.now, "first", "1", "");
	world_organization(&b.now, "shop", "");
	world_load(&b.then);
	world_load(&b.now);
	CU_ASSERT_PTR_NULL(excused_make(&b.now.catalog, &b.then.catalog, &b.d));
	CHECK_CONTAINS(unit_printed(&b.now.arena, &b.d), "shop.till");
	CHECK_LONG(b.d.errors, 1);
	bench_end(&b);
}

void suite_excused(void)
{
	CU_pSuite suite = unit_suite("excused");
	UNIT_TEST(suite, test_renamed);
	UNIT_TEST(suite, test_new);
	UNIT_TEST(suite, test_shipped);
	UNIT_TEST(suite, test_unreadable);
}
