/* plan: the catalog's conditions by the actions that they can be true of (see plan.h). */
#include "replay/engine/plan.h"

#include <stdlib.h>

/* Could a tree be true, could it be false, with event.category and event.action known? */
static struct possible possible_of(struct evaluator *e, const struct node *node, const struct facet *facet);

/* event.type follows from the action, but a source may say its own: it stays free. */
static bool is_known(unsigned field)
{
	return field == FIELD_CATEGORY || field == FIELD_ACTION;
}

static struct possible possible_predicate(struct evaluator *e, const struct predicate *predicate,
	const struct facet *facet)
{
	if (!is_known(predicate->field) || (predicate->other != FIELD_NONE && !is_known(predicate->other)))
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
		for (size_t k = 0; k < detection->condition_count; k++) {
			plan->conditions[plan->condition_count++] = (struct plan_condition){
				.condition = detection->conditions[k], .detection = (uint32_t)i, .index = (uint32_t)k};
			plan->sequence_count += detection->conditions[k]->sequence != NULL;
		}
	}
	plan->first[catalog->detection_count] = (uint32_t)plan->condition_count;
}

const struct sequence_step *plan_step_of(const struct sequence *sequence, size_t step)
{
	return step < sequence->count ? &sequence->steps[step] : sequence->until;
}

struct partition_making {
	struct plan *plan;
	struct evaluator *evaluator;
	const struct facet *facet; /* NULL: anything could be */
	unsigned category;
	struct plan_step *steps;
	size_t step_count;
};

static bool could_hold(const struct partition_making *making, const struct condition *condition)
{
	return !making->facet || ((condition->category == CATEGORY_ANY || condition->category == making->category)
		&& possible_of(making->evaluator, condition->root, making->facet).can_be_true);
}

static bool could_step(struct partition_making *making, uint32_t index)
{
	const struct sequence *sequence = making->plan->conditions[index].condition->sequence;
	size_t before = making->step_count, count = sequence->count + (sequence->until != NULL);
	for (size_t i = 0; i < count; i++) {
		if (!could_hold(making, plan_step_of(sequence, i)->condition))
			continue;
		making->steps = arena_grow(&making->plan->arena, making->steps, making->step_count, sizeof *making->steps);
		making->steps[making->step_count++] = (struct plan_step){index, (uint32_t)i};
	}
	return making->step_count > before;
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
	struct partition_making making = {plan, evaluator, action ? event_add_facet(&event, category, action) : NULL, category,
		NULL, 0};
	for (size_t i = 0; i < plan->condition_count; i++) {
		const struct condition *condition = plan->conditions[i].condition;
		if (condition->sequence ? !could_step(&making, (uint32_t)i) : !could_hold(&making, condition))
			continue;
		list[count++] = (uint32_t)i;
		bits_set(members, i);
	}
	plan->partitions[action] = (struct plan_partition){list, count, members, making.steps, making.step_count};
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

static int compare_hits(const void *left, const void *right)
{
	const struct plan_hit *a = left, *b = right;
	if (a->condition != b->condition)
		return a->condition < b->condition ? -1 : 1;
	return (a->facet > b->facet) - (a->facet < b->facet);
}

void plan_matches(const struct plan *plan, struct plan_hit *hits, size_t count, struct arena *arena, struct matches *matches)
{
	struct hit *put = arena_array(arena, count + 1, sizeof *put);
	*matches = (struct matches){arena_array(arena, count + 1, sizeof *matches->items), 0};
	qsort(hits, count, sizeof *hits, compare_hits);
	for (size_t i = 0; i < count; i++) {
		const struct plan_condition *from = &plan->conditions[hits[i].condition];
		put[i] = (struct hit){from->index, hits[i].facet};
		if (!matches->count || matches->items[matches->count - 1].detection != from->detection)
			matches->items[matches->count++] = (struct match){.detection = from->detection, .hits = &put[i]};
		matches->items[matches->count - 1].count++;
	}
}

void plan_triggers_of(const struct plan *plan, uint32_t condition, size_t step, struct arena *arena,
	struct plan_triggers *triggers)
{
	(void)plan, (void)condition, (void)step, (void)arena;
	*triggers = (struct plan_triggers){.why = "the plain evaluator asks every condition"};
}

void plan_free(struct plan *plan)
{
	arena_free(&plan->arena);
}
