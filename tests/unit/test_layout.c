/* layout: one for the same places, found and followed by any thread; and facets that share one. */
#include "tests/unit/unit.h"

#include <pthread.h>
#include <string.h>

enum { FIELDS = 40, THREADS = 4, STEPS = 30 };

/* Fields in the order of their letters in the text; a is field 1. */
static void place(uint16_t *position, const char *letters)
{
	memset(position, 0, FIELDS * sizeof *position);
	for (size_t i = 0; letters[i]; i++)
		position[letters[i] - 'a' + 1] = (uint16_t)(i + 1);
}

static const struct layout *get(struct layouts *layouts, const char *letters)
{
	uint16_t position[FIELDS];
	place(position, letters);
	return layouts_get(layouts, position, FIELDS);
}

static void test_one_for_the_same(void)
{
	struct arena arena = {0};
	struct layouts *layouts = layouts_new(&arena);
	const struct layout *ab = get(layouts, "ab"), *ba = get(layouts, "ba");
	CU_ASSERT_PTR_NOT_NULL_FATAL(ab);
	CU_ASSERT_PTR_NOT_NULL_FATAL(ba);
	CU_ASSERT_PTR_NOT_EQUAL(ab, ba);
	CU_ASSERT(ab->number != ba->number && ab->number && ba->number);
	CU_ASSERT_PTR_EQUAL(get(layouts, "ab"), ab);
	CHECK_LONG(ab->position[1], 1);
	CHECK_LONG(ab->position[2], 2);
	CHECK_LONG(ab->position[3], 0);
	uint16_t position[FIELDS];
	place(position, "ab");
	CU_ASSERT_PTR_NULL(layouts_get(layouts, position, FIELDS - 1)); /* fields were added since */
	CU_ASSERT_PTR_NULL(layouts_get(NULL, position, FIELDS));
	arena_free(&arena);
}

static void test_follows(void)
{
	struct arena arena = {0};
	struct layouts *layouts = layouts_new(&arena);
	const struct layout *a = get(layouts, "a"), *abc = get(layouts, "abc");
	CU_ASSERT_PTR_NULL(layout_follow(a, 2)); /* nobody asked */
	const struct layout *ab = layouts_follow(layouts, a, 2, 2), *ac = layouts_follow(layouts, a, 3, 2);
	CU_ASSERT_PTR_EQUAL(ab, get(layouts, "ab"));
	CU_ASSERT_PTR_EQUAL(ac, get(layouts, "ac"));
	CU_ASSERT_PTR_EQUAL(layout_follow(a, 2), ab);
	CU_ASSERT_PTR_EQUAL(layout_follow(a, 3), ac);
	CU_ASSERT_PTR_EQUAL(layouts_follow(layouts, a, 2, 2), ab);
	CU_ASSERT_PTR_NULL(layout_follow(a, 4));
	CU_ASSERT_PTR_EQUAL(layouts_follow(layouts, ab, 3, 3), abc); /* it was there, and follows from now on */
	CU_ASSERT_PTR_EQUAL(layout_follow(ab, 3), abc);
	CU_ASSERT_PTR_NULL(layout_follow(ac, 2));
	CHECK_LONG(a->position[2], 0);
	arena_free(&arena);
}

static void test_there_are_so_many(void)
{
	struct arena arena = {0};
	struct layouts *layouts = layouts_new(&arena);
	uint16_t position[FIELDS] = {0};
	const struct layout *first = NULL, *last = NULL;
	for (unsigned i = 0; i < LAYOUTS_MAX; i++) {
		position[1] = (uint16_t)(i + 1);
		last = layouts_get(layouts, position, FIELDS);
		CU_ASSERT_PTR_NOT_NULL_FATAL(last);
		first = first ? first : last;
	}
	position[1] = LAYOUTS_MAX + 1;
	CU_ASSERT_PTR_NULL(layouts_get(layouts, position, FIELDS));
	CU_ASSERT_PTR_NULL(layouts_follow(layouts, first, 2, 2));
	CU_ASSERT_PTR_NULL(layouts_follow(layouts, first, 2, 2)); /* nor is it looked for again */
	position[1] = 1;
	CU_ASSERT_PTR_EQUAL(layouts_get(layouts, position, FIELDS), first);
	arena_free(&arena);
}

struct walk {
	struct layouts *layouts;
	const struct layout *from, *steps[STEPS];
};

/* By the same fields, each of which others may ask for at the same time. */
static void *walk(void *argument)
{
	struct walk *w = argument;
	const struct layout *at = w->from;
	for (unsigned i = 0; i < STEPS; i++) {
		const struct layout *follow = layout_follow(at, i + 2);
		w->steps[i] = at = follow ? follow : layouts_follow(w->layouts, at, i + 2, i + 2);
	}
	return NULL;
}

static void test_threads_find_the_same(void)
{
	struct arena arena = {0};
	struct layouts *layouts = layouts_new(&arena);
	struct walk walks[THREADS];
	pthread_t threads[THREADS];
	for (size_t i = 0; i < THREADS; i++) {
		walks[i] = (struct walk){.layouts = layouts, .from = get(layouts, "a")};
		CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, walk, &walks[i]), 0);
	}
	for (size_t i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (size_t i = 1; i < THREADS; i++)
		CU_ASSERT_EQUAL(memcmp(walks[i].steps, walks[0].steps, sizeof walks[0].steps), 0);
	for (unsigned i = 0; i < STEPS; i++)
		CHECK_LONG(walks[0].steps[i]->position[i + 2], i + 2);
	arena_free(&arena);
}

/* An exec with its places in a layout, as a recipe leaves it. */
static struct facet *shared_exec(struct event *event, struct arena *arena, const struct registry *registry)
{
	event_begin(event, arena, registry);
	struct facet *facet = event_add_facet(event, unit_category(registry, "process"), unit_action(registry, "process", "exec"));
	facet_set_text(event, facet, unit_field(registry, "user.name"), TEXT("root"));
	facet_set_text(event, facet, unit_field(registry, "process.name"), TEXT("sh"));
	facet->layout = layouts_get(registry->layouts, facet->position, registry->field_count);
	CU_ASSERT_PTR_NOT_NULL_FATAL(facet->layout);
	facet->position = facet->layout->position;
	return facet;
}

static void test_facets_share(void)
{
	struct arena arena = {0};
	const struct registry *registry = unit_registry(&arena);
	struct event events[3];
	struct facet *one = shared_exec(&events[0], &arena, registry), *two = shared_exec(&events[1], &arena, registry);
	struct facet *three = shared_exec(&events[2], &arena, registry);
	unsigned user = unit_field(registry, "user.name"), name = unit_field(registry, "process.name");
	unsigned pid = unit_field(registry, "process.pid");
	CU_ASSERT_PTR_EQUAL(one->position, two->position);
	facet_set_long(&events[0], one, pid, 4711);
	CHECK_TEXT(facet_text(one, pid), "4711");
	CU_ASSERT_PTR_NULL(facet_get(two, pid));
	facet_set_long(&events[1], two, pid, 7);
	CU_ASSERT_PTR_EQUAL(one->position, two->position);
	CHECK_TEXT(facet_text(two, pid), "7");
	facet_unset(&arena, two, user); /* no layout is without a field in the middle */
	CU_ASSERT_PTR_NULL(two->layout);
	CU_ASSERT_PTR_NULL(facet_get(two, user));
	CHECK_TEXT(facet_text(two, name), "sh");
	CHECK_TEXT(facet_text(two, pid), "7");
	CHECK_TEXT(facet_text(one, user), "root");
	facet_set_text(&events[1], two, user, TEXT("ada"));
	CHECK_TEXT(facet_text(two, user), "ada");
	CHECK_TEXT(facet_text(three, user), "root");
	CU_ASSERT_PTR_NULL(facet_get(three, pid));
	arena_free(&arena);
}

/* No room is left: a facet that gets one more field has places of its own. */
static void test_facets_without_room(void)
{
	struct arena arena = {0};
	const struct registry *registry = unit_registry(&arena);
	struct event event;
	struct facet *facet = shared_exec(&event, &arena, registry);
	uint16_t *position = arena_array(&arena, registry->field_count, sizeof *position);
	do
		position[1]++;
	while (layouts_get(registry->layouts, position, registry->field_count));
	unsigned pid = unit_field(registry, "process.pid"), user = unit_field(registry, "user.name");
	facet_set_long(&event, facet, pid, 12);
	CU_ASSERT_PTR_NULL(facet->layout);
	CHECK_TEXT(facet_text(facet, pid), "12");
	CHECK_TEXT(facet_text(facet, user), "root");
	arena_free(&arena);
}

static void test_copies_share(void)
{
	struct arena arena = {0}, kept = {0};
	const struct registry *registry = unit_registry(&arena);
	struct event event;
	struct facet *facet = shared_exec(&event, &arena, registry);
	unsigned user = unit_field(registry, "user.name"), pid = unit_field(registry, "process.pid");
	struct facet *copy = event_copy_facet(&event, facet, facet->category, facet->action);
	CU_ASSERT_PTR_EQUAL(copy->layout, facet->layout);
	facet_set_long(&event, copy, pid, 1);
	CU_ASSERT_PTR_NULL(facet_get(facet, pid));
	struct facet *other = event_copy_facet(&event, facet, facet->category, unit_action(registry, "process", "fork"));
	CHECK_TEXT(facet_text(other, FIELD_ACTION), "fork");
	CHECK_TEXT(facet_text(other, user), "root");
	struct event *clone = event_clone(&event, &kept);
	facet_unset(&kept, clone->facets[0], user);
	CHECK_TEXT(facet_text(facet, user), "root");
	CHECK_TEXT(facet_text(clone->facets[1], pid), "1");
	arena_free(&kept);
	arena_free(&arena);
}

void suite_layout(void)
{
	CU_pSuite suite = unit_suite("layout");
	UNIT_TEST(suite, test_one_for_the_same);
	UNIT_TEST(suite, test_follows);
	UNIT_TEST(suite, test_there_are_so_many);
	UNIT_TEST(suite, test_threads_find_the_same);
	UNIT_TEST(suite, test_facets_share);
	UNIT_TEST(suite, test_facets_without_room);
	UNIT_TEST(suite, test_copies_share);
}
