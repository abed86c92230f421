/* plan: the catalog's conditions by the actions that they can be true of (see plan.h). */
#include "replay/engine/plan.h"

/* Could a tree be true, could it be false, with event.category and event.action known? */
static struct possible possible_of(struct evaluator *e, const struct node *node, const struct facet *facet);

static struct possible possible_predicate(struct evaluator *e, const struct predicate *predicate,
	const struct facet *facet)
{
	/* event.type follows from the action, but a source may say its own: it stays free. */
	if (predicate->field != FIELD_CATEGORY && predicate->field != FIELD_ACTION)
		return (struct possible){true, true};
	bool holds = evaluate_predicate(e, predicate, facet);
	return (struct possible){holds, !holds};
}

static struct possible possible_many(struct evaluator *e, const struct node *node, const struct facet *facet)
{
	bool conjunction = node->kind == NODE_AND;
	struct possible all = {conjunction, !conjunction};
	for (size_t i = 0; i < node->count; i++) {
		struct possible child = possible_of(e, node->children[i], facet);
		if (conjunction) {
			all.can_be_true = all.can_be_true && child.can_be_true;
			all.can_be_false = all.can_be_false || child.can_be_false;
		} else {
			all.can_be_true = all.can_be_true || child.can_be_true;
			all.can_be_false = all.can_be_false && child.can_be_false;
		}
	}
	return all;
}

static struct possible possible_of(struct evaluator *e, const struct node *node, const struct facet *facet)
{
	struct possible child;
	switch (node->kind) {
	case NODE_FALSE:
		return (struct possible){false, true};
	case NODE_TRUE:
		return (struct possible){true, false};
	case NODE_NOT:
		child = possible_of(e, node->children[0], facet);
		return (struct possible){child.can_be_false, child.can_be_true};
	case NODE_PREDICATE:
		return possible_predicate(e, &node->predicate, facet);
	case NODE_AND:
	case NODE_OR:
		break;
	}
	return possible_many(e, node, facet);
}

static void list_conditions(struct plan *plan)
{
	const struct catalog *catalog = plan->catalog;
	size_t count = 0;
	for (size_t i = 0; i < catalog->detection_count; i++)
		count += catalog->detections[i]->condition_count;
	plan->conditions = arena_array(&plan->arena, count + 1, sizeof *plan->conditions);
	plan->first = arena_array(&plan->arena, catalog->detection_count + 1, sizeof *plan->first);
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct detection *detection = catalog->detections[i];
		plan->first[i] = (uint32_t)plan->condition_count;
		for (size_t k = 0; k < detection->condition_count; k++)
			plan->conditions[plan->condition_count++] = (struct plan_condition){
				.condition = detection->conditions[k], .detection = (uint32_t)i, .index = (uint32_t)k};
	}
	plan->first[catalog->detection_count] = (uint32_t)plan->condition_count;
}

static void make_partition(struct plan *plan, unsigned action, struct evaluator *evaluator, struct arena *scratch)
{
	const struct registry *registry = &plan->catalog->registry;
	uint32_t *list = arena_array(&plan->arena, plan->condition_count + 1, sizeof *list);
	uint64_t *members = arena_array(&plan->arena, bits_words(plan->condition_count) + 1, sizeof *members);
	size_t count = 0;
	struct event event;
	event_begin(&event, scratch, registry);
	unsigned category = action ? registry->actions[action].category : CATEGORY_ANY;
	const struct facet *facet = action ? event_add_facet(&event, category, action) : NULL;
	for (size_t i = 0; i < plan->condition_count; i++) {
		const struct condition *condition = plan->conditions[i].condition;
		bool fits = !facet || ((condition->category == CATEGORY_ANY || condition->category == category)
			&& possible_of(evaluator, condition->root, facet).can_be_true);
		if (!fits)
			continue;
		list[count++] = (uint32_t)i;
		bits_set(members, i);
	}
	plan->partitions[action] = (struct plan_partition){list, count, members};
}

void plan_make(struct plan *plan, const struct catalog *catalog, struct evaluator *evaluator)
{
	*plan = (struct plan){.catalog = catalog};
	list_conditions(plan);
	size_t actions = catalog->registry.action_count;
	plan->partitions = arena_array(&plan->arena, actions + 1, sizeof *plan->partitions);
	struct arena scratch = {0};
	for (unsigned action = 0; action < actions; action++) {
		make_partition(plan, action, evaluator, &scratch);
		arena_reset(&scratch);
	}
	arena_free(&scratch);
}

void plan_free(struct plan *plan)
{
	arena_free(&plan->arena);
}
