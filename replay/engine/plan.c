/* plan: units of the catalog's conditions, and the partitions of actions that they may be true of (see plan.h). */
#include "replay/engine/plan.h"

#include <stdlib.h>
#include <string.h>

/* ---- units ---- */

const struct sequence_step *plan_step_of(const struct sequence *sequence, size_t step)
{
	return step < sequence->count ? &sequence->steps[step] : sequence->until;
}

static uint32_t add_unit(struct plan *plan, const struct condition *asked, uint32_t condition)
{
	if (plan->unit_count == plan->unit_capacity) {
		plan->unit_capacity = plan->unit_capacity ? plan->unit_capacity * 2 : 64;
		plan->units = mem_resize(plan->units, plan->unit_capacity * sizeof *plan->units);
	}
	const struct outline *outline = outline_make(&plan->arena, &plan->predicates, &plan->catalog->registry, asked->root);
	plan->units[plan->unit_count] = (struct plan_unit){
		.program = program_make(&plan->questions, &plan->predicates, outline),
		.outline = outline,
		.asked = asked,
		.condition = condition,
		.ends = true,
	};
	return (uint32_t)plan->unit_count++;
}

static void add_steps(struct plan *plan, const struct sequence *sequence, uint32_t condition)
{
	size_t last = sequence->sample ? 0 : (size_t)(sequence_last(sequence) - sequence->steps);
	for (size_t i = 0; i < sequence->count + (sequence->until != NULL); i++) {
		uint32_t number = add_unit(plan, plan_step_of(sequence, i)->condition, condition);
		struct plan_unit *unit = &plan->units[number];
		unit->step = (uint32_t)i;
		unit->is_step = true;
		unit->ends = i < sequence->count && (sequence->sample || i == last);
	}
}

static void add_condition(struct plan *plan, const struct condition *condition, uint32_t detection, uint32_t index)
{
	uint32_t number = (uint32_t)plan->condition_count++, first = (uint32_t)plan->unit_count;
	plan->sequence_count += condition->sequence != NULL;
	if (condition->sequence)
		add_steps(plan, condition->sequence, number);
	else
		add_unit(plan, condition, number);
	plan->conditions[number] = (struct plan_condition){condition, detection, index, first, (uint32_t)plan->unit_count - first};
}

static void add_conditions(struct plan *plan)
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
			add_condition(plan, detection->conditions[k], (uint32_t)i, (uint32_t)k);
	}
	plan->first[catalog->detection_count] = (uint32_t)plan->condition_count;
	plan->own_unit_count = plan->unit_count;
}

uint32_t plan_register(struct plan *plan, const struct condition *condition)
{
	for (size_t i = plan->own_unit_count; i < plan->unit_count; i++)
		if (plan->units[i].asked == condition)
			return (uint32_t)i;
	uint32_t unit = add_unit(plan, condition, NO_CONDITION);
	trigger_pool_extend(&plan->pool, &plan->catalog->registry, &plan->predicates);
	return unit;
}

/* ---- partitions ---- */

struct partitioning {
	struct plan *plan;
	uint32_t *sorts;       /* predicates that are about category and action alone */
	size_t sort_count;
	unsigned char *known;  /* by predicate: 0: not known; 1: true; 2: false, of the action at hand */
	unsigned char *room;   /* of a program */
	struct asker asker;
	uint64_t *looks;       /* of each partition: bits over sorts: which are true */
	unsigned *categories;
	size_t look_words;
};

/* event.type follows from the action, but a source may say its own: it stays free. */
static bool is_sort(const struct interned *one)
{
	bool other = one->other == FIELD_NONE || one->other == FIELD_CATEGORY || one->other == FIELD_ACTION;
	return other && (one->field == FIELD_CATEGORY || one->field == FIELD_ACTION);
}

static void find_sorts(struct partitioning *p)
{
	const struct predicates *predicates = &p->plan->predicates;
	p->sorts = mem_alloc((predicates->count + 1) * sizeof *p->sorts);
	p->known = mem_alloc(predicates->count + 1);
	p->room = mem_alloc(p->plan->questions.longest + 1);
	memset(p->known, 0, predicates->count + 1);
	for (size_t i = 0; i < predicates->count; i++)
		if (is_sort(&predicates->items[i]))
			p->sorts[p->sort_count++] = (uint32_t)i;
	p->look_words = (p->sort_count + 63) / 64 + 1;
}

static void add_partition(struct partitioning *p, unsigned action, const uint64_t *look, unsigned category)
{
	struct plan *plan = p->plan;
	uint32_t number = (uint32_t)plan->partition_count++;
	uint32_t *units = arena_array(&plan->arena, plan->own_unit_count + 1, sizeof *units);
	struct plan_partition *partition = &plan->partitions[number];
	partition->number = number;
	partition->action = action;
	partition->units = units;
	memcpy(p->looks + number * p->look_words, look, p->look_words * sizeof *look);
	p->categories[number] = category;
	for (size_t i = 0; i < plan->own_unit_count; i++) {
		const struct plan_unit *unit = &plan->units[i];
		bool fits = unit->asked->category == CATEGORY_ANY || unit->asked->category == category;
		if (!action || (fits && program_could(&plan->questions, unit->program, p->known, p->room)))
			units[partition->count++] = (uint32_t)i;
	}
}

/* The partition of what looks like the action to all units; made where there is none yet. */
static void place_action(struct partitioning *p, unsigned action, uint64_t *look)
{
	struct plan *plan = p->plan;
	unsigned category = action ? plan->catalog->registry.actions[action].category : CATEGORY_ANY;
	for (uint32_t i = 1; i < plan->partition_count; i++)
		if (p->categories[i] == category
			&& memcmp(p->looks + i * p->look_words, look, p->look_words * sizeof *look) == 0) {
			plan->partition_of[action] = i;
			return;
		}
	plan->partition_of[action] = (uint32_t)plan->partition_count;
	add_partition(p, action, look, category);
}

static void look_at(struct partitioning *p, unsigned action, struct arena *scratch, uint64_t *look)
{
	struct event event;
	memset(look, 0, p->look_words * sizeof *look);
	if (!action)
		return;
	event_begin(&event, scratch, &p->plan->catalog->registry);
	asker_begin(&p->asker, event_add_facet(&event, p->plan->catalog->registry.actions[action].category, action));
	for (size_t i = 0; i < p->sort_count; i++) {
		bool holds = asker_ask(&p->asker, p->sorts[i]) & ANSWER_HOLDS;
		p->known[p->sorts[i]] = holds ? 1 : 2;
		if (holds)
			bits_set(look, i);
	}
}

static void make_partitions(struct plan *plan)
{
	size_t actions = plan->catalog->registry.action_count + (plan->catalog->registry.action_count == 0);
	struct partitioning p = {.plan = plan};
	struct arena scratch = {0};
	plan->own_predicate_count = plan->predicates.count;
	find_sorts(&p);
	asker_make(&p.asker, &plan->predicates, plan->evaluator, plan->level);
	plan->partitions = arena_array(&plan->arena, actions, sizeof *plan->partitions);
	plan->partition_of = arena_array(&plan->arena, actions, sizeof *plan->partition_of);
	p.looks = mem_alloc((actions + 1) * p.look_words * sizeof *p.looks);
	p.categories = mem_alloc((actions + 1) * sizeof *p.categories);
	uint64_t *look = p.looks + actions * p.look_words;
	for (unsigned action = 0; action < actions; action++) {
		look_at(&p, action, &scratch, look);
		place_action(&p, action, look);
		arena_reset(&scratch);
	}
	arena_free(&scratch);
	asker_free(&p.asker);
	free(p.sorts);
	free(p.known);
	free(p.room);
	free(p.looks);
	free(p.categories);
}

bool plan_could_hold(const struct plan *plan, unsigned action, uint32_t condition, uint32_t step)
{
	const struct plan_partition *partition = plan_partition_of(plan, action);
	for (size_t i = 0; i < partition->count; i++) {
		const struct plan_unit *unit = &plan->units[partition->units[i]];
		if (unit->condition == condition && (step == PLAN_ANY_STEP || unit->step == step))
			return true;
	}
	return false;
}

/* ---- the plan ---- */

void plan_make(struct plan *plan, const struct catalog *catalog, enum simd_level level)
{
	*plan = (struct plan){.catalog = catalog, .level = level, .evaluator = evaluator_new()};
	pthread_mutex_init(&plan->lock, NULL);
	add_conditions(plan);
	trigger_pool_extend(&plan->pool, &catalog->registry, &plan->predicates);
	make_partitions(plan);
}

void plan_free(struct plan *plan)
{
	if (!plan->evaluator)
		return;
	pthread_mutex_destroy(&plan->lock);
	evaluator_free(plan->evaluator);
	if (plan->shown)
		choice_end(plan->shown);
	predicates_free(&plan->predicates);
	questions_free(&plan->questions);
	trigger_pool_free(&plan->pool);
	free(plan->units);
	arena_free(&plan->arena);
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
