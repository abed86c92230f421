/* implies: see implies.h. */
#include "replay/tune/implies.h"

#include "catalog/made.h"

enum { EVENTS_MOST = 600 };

/* An event that the one holds on, and the other does not: looked for, not stumbled upon. */
static bool has_counterexample(const struct making *making, const struct condition *narrow, const struct condition *wide)
{
	struct condition both = *narrow;
	struct made made;
	struct node *halves[] = {narrow->root, node_not(making->arena, wide->root)};
	if (wide->category != CATEGORY_ANY && narrow->category == CATEGORY_ANY)
		return true;
	both.root = node_and(making->arena, halves, 2);
	return made_match(making, &both, &made) && !made.derived && made.holds;
}

bool condition_implies(const struct catalog *catalog, struct evaluator *evaluator, const struct condition *narrow,
	const struct condition *wide, size_t *asked)
{
	struct arena arena = {0};
	struct made_list list = {0};
	struct making making = {.arena = &arena, .registry = &catalog->registry, .evaluator = evaluator, .most = EVENTS_MOST};
	bool holds = true;
	*asked = 0;
	if (has_counterexample(&making, narrow, wide)) {
		arena_free(&arena);
		return false;
	}
	made_events(&making, narrow, &list);
	for (size_t i = 0; i < list.count && holds; i++) {
		struct arena room = {0};
		struct event event;
		if (list.items[i].derived || !list.items[i].holds)
			continue;
		event_begin(&event, &room, &catalog->registry);
		made_event(&list.items[i], &event);
		const struct facet *facet = event.facets[0];
		bool fits = wide->category == CATEGORY_ANY || wide->category == facet->category;
		holds = fits && evaluate_node(evaluator, wide->root, facet);
		(*asked)++;
		arena_free(&room);
	}
	arena_free(&arena);
	return holds && *asked > 0;
}
