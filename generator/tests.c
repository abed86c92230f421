/* tests: events made of conditions, as tests of a detection. */
#include "generator/tests.h"

#include "catalog/made.h"

/* Conditions of one rule beyond these are shown by none: a file of a hundred events says no more than one of sixteen. */
enum { SHOWN_MOST = 8, MADE_FOR_ONE = 400 };

static void add_test(struct import *import, struct draft_tests *tests, const char *name, const struct made *made,
	enum expectation expect)
{
	struct detection_test *items = (struct detection_test *)(uintptr_t)tests->items;
	struct test_facet *facet = arena_alloc(import->arena, sizeof(*facet));

	*facet = made->facet;
	items = arena_grow(import->arena, items, tests->count, sizeof(*items));
	items[tests->count++] = (struct detection_test){.name = text_of(name), .facets = facet, .facet_count = 1, .expect = expect};
	tests->items = items;
}

/* Does no condition of the draft hold on the event? A near miss of one may be a match of another. */
static bool holds_nowhere(struct import *import, const struct draft *draft, const struct made *made)
{
	struct arena arena = {0};
	struct event event;
	bool holds = false;

	event_begin(&event, &arena, &import->catalog->registry);
	made_event(made, &event);
	for (size_t i = 0; i < draft->condition_count && !holds; i++) {
		for (size_t k = 0; k < event.facet_count && !holds; k++)
			holds = evaluate_condition(import->evaluator, draft->conditions[i].condition, event.facets[k]);
	}
	arena_free(&arena);
	return !holds;
}

/* Something that no rule is about: an event with nothing in it. */
static void add_plain_miss(struct import *import, const struct draft *draft, struct draft_tests *tests)
{
	const struct registry *registry = &import->catalog->registry;

	for (unsigned action = 1; action < registry->action_count; action++) {
		struct made made = {.facet = {.category = registry->actions[action].category, .action = action}};

		if (text_is(registry->actions[action].name, "other") && holds_nowhere(import, draft, &made)) {
			add_test(import, tests, "another event", &made, EXPECT_NO_MATCH);
			return;
		}
	}
}

bool tests_make(struct import *import, const struct draft *draft, struct draft_tests *tests)
{
	struct making making = {.arena = import->arena, .registry = &import->catalog->registry, .evaluator = import->evaluator,
		.plain = true, .most = MADE_FOR_ONE};
	size_t misses = 0;
	bool whole = true;

	for (size_t i = 0; i < draft->condition_count && i < SHOWN_MOST; i++) {
		struct made made;
		const char *name = arena_printf(import->arena, "%.*s", TEXT_ARGS(draft->conditions[i].name));

		if (made_match(&making, draft->conditions[i].condition, &made))
			add_test(import, tests, arena_printf(import->arena, "made: %s", name), &made, EXPECT_MATCH);
		else
			whole = false;
		if (made_miss(&making, draft->conditions[i].condition, &made) && holds_nowhere(import, draft, &made)) {
			add_test(import, tests, arena_printf(import->arena, "made: %s, just missed", name), &made, EXPECT_NO_MATCH);
			misses++;
		}
	}
	if (misses == 0)
		add_plain_miss(import, draft, tests);
	return whole;
}
