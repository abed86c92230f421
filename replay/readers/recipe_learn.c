/*
 * recipe_learn: a record by meaning.c, and what it chose as a recipe (recipe.h).
 */
#include "replay/readers/recipe.h"

#include <string.h>

void recipe_draft_add(struct recipe_draft *draft, const struct draft_facet *facet)
{
	draft->facets = arena_grow(draft->arena, draft->facets, draft->facet_count, sizeof *draft->facets);
	draft->facets[draft->facet_count++] = *facet;
}

void recipe_draft_drop(struct recipe_draft *draft, bool by_value)
{
	draft->facet_count--;
	draft->unfit = draft->unfit || by_value;
}

void recipe_record(const struct recipe_case *of, struct record *record, struct arena *arena)
{
	record_begin(record, arena, NULL, 0);
	record_use(record, of->plan);
	for (size_t i = 0; i < of->part_count; i++)
		record_add_part(record, of->plan->kinds[of->parts[i]]);
	for (size_t i = 0; i < of->run_count; i++) {
		const struct run *run = &of->runs[i];
		struct record_part *part = run->part ? &record->parts[run->part - 1] : NULL;
		for (size_t k = 0; k < (run->count ? run->count : 1); k++)
			record_add_number(record, part, run->number, of->found[run->from + k].value);
	}
}

/* 1 + the run of a name, in the part or in the record; 0: it is not there. */
static uint16_t run_of(const struct recipe_case *of, unsigned number, unsigned part)
{
	size_t found = 0;
	for (size_t i = 0; number && i < of->run_count; i++)
		if (of->runs[i].number == number && (of->runs[i].part == part || (!of->runs[i].part && !found)))
			found = i + 1;
	return (uint16_t)found;
}

static uint64_t missing_lengths(const struct text *missing, size_t count)
{
	uint64_t lengths = missing_length(TEXT(""));
	for (size_t i = 0; i < count; i++)
		lengths |= missing_length(missing[i]);
	return lengths;
}

static bool is_kind(unsigned field)
{
	return field == FIELD_CATEGORY || field == FIELD_ACTION || field == FIELD_TYPE;
}

static enum step_kind step_kind_of(const struct recipe_case *of, const struct dialect_field *row, size_t count)
{
	const struct field *field = &of->registry->fields[row->field];
	if (!shape_is_plain(row->shape.shape) || is_kind(row->field) || !count)
		return STEP_SHAPE;
	if (field->list && count > 1)
		return field->type == TYPE_KEYWORD && !field->path ? STEP_TEXTS : STEP_SHAPE;
	switch (field->type) {
	case TYPE_KEYWORD:
		return field->mount ? STEP_SHAPE : field->path ? STEP_PATH : STEP_TEXT;
	case TYPE_LONG:
		return STEP_NUMBER;
	case TYPE_DATE:
		return STEP_DATE;
	case TYPE_IP:
	case TYPE_BOOLEAN:
		break;
	}
	return STEP_SHAPE;
}

struct steps {
	const struct recipe_case *of;
	struct arena *arena;
	unsigned part;
	struct step *items;
	size_t count;
};

static void add_step(struct steps *steps, struct step step)
{
	steps->items = arena_grow(steps->arena, steps->items, steps->count, sizeof *steps->items);
	steps->items[steps->count++] = step;
}

/* A step for each of the row's names that is there: a later one counts where those before it give nothing. */
static void add_row(struct steps *steps, const struct plan_row *row, bool always)
{
	const struct dialect_field *field = row->field;
	const struct dialect *dialect = steps->of->plan->dialect;
	uint64_t missing = missing_lengths(dialect->missing, dialect->missing_count) |
		missing_lengths(field->missing, field->missing_count);
	struct step step = {.row = row, .field = (uint16_t)field->field, .missing = missing};
	bool there = always;
	for (size_t i = 0; i < field->name_count; i++) {
		uint16_t run = run_of(steps->of, row->names[i], steps->part);
		there = there || run;
		if (!run || field->source)
			continue;
		step.run = (uint16_t)(run - 1);
		step.kind = (uint8_t)step_kind_of(steps->of, field, steps->of->runs[run - 1].count);
		add_step(steps, step);
	}
	step.kind = STEP_SOURCE;
	if (there && field->source)
		add_step(steps, step);
}

static bool is_always(const struct plan_carried *carried, size_t row)
{
	for (size_t i = 0; i < carried->always_count; i++)
		if (carried->always[i] == row)
			return true;
	return false;
}

static void name_kind(struct recipe_facet *facet, uint16_t *position, unsigned field, struct text name)
{
	if (!name.length)
		return;
	facet->kinds[facet->kind_count] = (struct usual_kind){name, field};
	position[field] = (uint16_t)++facet->kind_count;
}

/* The event is named by its dialect where nothing in it names it. */
static void name_dataset(const struct recipe_case *of, struct recipe_facet *facet, uint16_t *position)
{
	unsigned field = of->plan->dataset;
	if (field == FIELD_NONE || position[field] || !dataset_is_plain(of))
		return;
	facet->dataset = of->plan->dialect->name;
	position[field] = (uint16_t)(facet->kind_count + facet->usual_count + 1);
}

/* The steps in front of the first that is no usual one, and where the fields of all of them stand. `first`: of the event. */
static void foresee(const struct recipe_case *of, struct recipe_facet *facet, bool first, struct arena *arena)
{
	const struct registry *registry = of->registry;
	uint16_t *position = arena_alloc(arena, recipe_positions(registry));
	struct usual_step *usual = arena_array(arena, facet->step_count + 1, sizeof *usual);
	name_kind(facet, position, FIELD_CATEGORY, registry->categories[facet->category].name);
	name_kind(facet, position, FIELD_ACTION, registry->actions[facet->action].name);
	name_kind(facet, position, FIELD_TYPE, registry->actions[facet->action].type);
	size_t at = 0, count = 0;
	for (; at < facet->step_count; at++) {
		const struct step *step = &facet->steps[at];
		if (position[step->field])
			continue;
		if (step->kind == STEP_SHAPE || step->kind == STEP_SOURCE)
			break;
		usual[count++] = (struct usual_step){step->missing, step->run, step->field, (uint16_t)at, step->kind};
		position[step->field] = (uint16_t)(facet->kind_count + count);
	}
	facet->usual = usual;
	facet->usual_count = count;
	facet->rest = at;
	facet->position = position;
	if (at < facet->step_count)
		return;
	if (first)
		name_dataset(of, facet, position);
	facet->layout = layouts_get(registry->layouts, position, registry->field_count);
}

static struct recipe_facet compile(const struct recipe_case *of, const struct draft_facet *draft, bool first,
	struct arena *arena)
{
	struct steps steps = {.of = of, .arena = arena, .part = draft->part};
	struct recipe_facet facet = {.category = draft->category, .action = draft->action, .part = draft->part};
	for (size_t i = 0; i < draft->carried->count; i++)
		add_row(&steps, &draft->carried->rows[i], is_always(draft->carried, i));
	for (size_t i = 0; draft->event && i < draft->event->need_count; i++)
		if (draft->event->needs[i].field != FIELD_NONE)
			facet.event = draft->event;
	facet.steps = steps.items;
	facet.step_count = steps.count;
	facet.values = steps.count + 4; /* category, action, type, dataset */
	foresee(of, &facet, first, arena);
	return facet;
}

static void compile_facets(const struct recipe_case *of, const struct recipe_draft *draft, struct recipe *recipe,
	struct arena *arena)
{
	struct recipe_facet *facets = arena_array(arena, draft->facet_count, sizeof *facets);
	for (size_t i = 0; i < draft->facet_count; i++) {
		facets[i] = compile(of, &draft->facets[i], i == 0, arena);
		for (size_t k = 0; k < facets[i].step_count; k++)
			recipe->record = recipe->record || facets[i].steps[k].kind == STEP_SOURCE;
	}
	recipe->facets = facets;
	recipe->facet_count = draft->facet_count;
}

void recipe_learn(const struct recipe_case *of, struct recipe *recipe, struct arena *arena, struct arena *scratch)
{
	const struct record_plan *plan = of->plan;
	struct recipe_draft draft = {.arena = scratch};
	struct record record;
	struct event event;
	recipe_record(of, &record, scratch);
	event_begin(&event, scratch, of->registry);
	recipe->general = meaning_draft(&record, plan, &event, &draft) || draft.unfit;
	if (recipe->general)
		return;
	uint16_t *times = arena_array(arena, plan->dialect->time_count + 1, sizeof *times);
	for (size_t i = 0; i < plan->dialect->time_count; i++)
		times[i] = run_of(of, plan->times[i], 0);
	recipe->times = times;
	recipe->id = run_of(of, plan->id, 0);
	recipe->records = run_of(of, plan->records, 0);
	recipe->label = run_of(of, plan->label, 0);
	recipe->missing = missing_lengths(plan->dialect->missing, plan->dialect->missing_count);
	recipe->other = event.other;
	compile_facets(of, &draft, recipe, arena);
}
