/* implies: see implies.h. */
#include "replay/tune/implies.h"

#include "catalog/made.h"

enum { EVENTS_MOST = 600 };

bool condition_implies(const struct catalog *catalog, struct evaluator *evaluator, const struct condition *narrow,
	const struct condition *wide, size_t *asked)
{
	struct arena arena = {0};
	struct made_list list = {0};
	struct making making = {.arena = &arena, .registry = &catalog->registry, .evaluator = evaluator, .most = EVENTS_MOST};
	bool holds = true;
	*asked = 0;
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
