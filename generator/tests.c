/* tests: events made of conditions, as tests of a detection. */
#include "generator/tests.h"

#include "catalog/made_sequence.h"

/* Conditions of one rule beyond these are shown by none: a file of a hundred events says no more than one of sixteen. */
enum { SHOWN_MOST = 8, MADE_FOR_ONE = 400 };

static void add(struct import *import, struct draft_tests *tests, struct detection_test test)
{
	struct detection_test *items = (struct detection_test *)(uintptr_t)tests->items;

	items = arena_grow(import->arena, items, tests->count, sizeof(*items));
	items[tests->count++] = test;
	tests->items = items;
}

static void add_test(struct import *import, struct draft_tests *tests, const char *name, const struct made *made,
	enum expectation expect)
{
	struct test_facet *facet = arena_alloc(import->arena, sizeof(*facet));

	*facet = made->facet;
	add(import, tests, (struct detection_test){.name = text_of(name), .facets = facet, .facet_count = 1, .expect = expect});
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

static bool list_matches_none(const struct making *making, const struct draft *draft, const struct test_event *events,
	size_t count)
{
	for (size_t i = 0; i < draft->condition_count; i++)
		if (made_matches(making, draft->conditions[i].condition, events, count))
			return false;
	return true;
}

/* A list of events that the sequence matches, and the list without its first event. Returns whether the latter is shown. */
static bool add_chain(struct import *import, const struct making *making, const struct draft *draft,
	const struct condition *condition, const char *name, struct draft_tests *tests, bool *whole)
{
	struct made_chain chain;

	if (!made_chain(making, condition, &chain)) {
		*whole = false;
		return false;
	}
	add(import, tests, (struct detection_test){.name = text_of(arena_printf(import->arena, "made: %s", name)),
		.events = chain.events, .event_count = chain.count, .expect = EXPECT_MATCH});
	if (!chain.misses || !list_matches_none(making, draft, chain.events + 1, chain.count - 1))
		return false;
	add(import, tests, (struct detection_test){.name = text_of(arena_printf(import->arena, "made: %s, just missed", name)),
		.events = chain.events + 1, .event_count = chain.count - 1, .expect = EXPECT_NO_MATCH});
	return true;
}

bool tests_make(struct import *import, const struct draft *draft, struct draft_tests *tests)
{
	struct making making = {.arena = import->arena, .registry = &import->catalog->registry, .evaluator = import->evaluator,
		.plain = true, .most = MADE_FOR_ONE};
	size_t misses = 0;
	bool whole = true;

	for (size_t i = 0; i < draft->condition_count && i < SHOWN_MOST; i++) {
		struct made_both made;
		const char *name = arena_printf(import->arena, "%.*s", TEXT_ARGS(draft->conditions[i].name));

		if (draft->conditions[i].condition->sequence != NULL) {
			misses += add_chain(import, &making, draft, draft->conditions[i].condition, name, tests, &whole);
			continue;
		}
		made_both(&making, draft->conditions[i].condition, &made);
		if (made.matches)
			add_test(import, tests, arena_printf(import->arena, "made: %s", name), &made.match, EXPECT_MATCH);
		else
			whole = false;
		if (made.misses && holds_nowhere(import, draft, &made.miss)) {
			add_test(import, tests, arena_printf(import->arena, "made: %s, just missed", name), &made.miss, EXPECT_NO_MATCH);
			misses++;
		}
	}
	if (misses == 0)
		add_plain_miss(import, draft, tests);
	return whole;
}
