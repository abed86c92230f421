/* cost: see cost.h. */
#include "cli/cost.h"

#include <string.h>

/* --- reasons --- */

static size_t characters(struct text text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.length; i++)
		count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
	return count;
}

static bool is_weak(const struct trigger *trigger)
{
	bool part = trigger->kind == TRIGGER_STARTS || trigger->kind == TRIGGER_ENDS || trigger->kind == TRIGGER_CONTAINS;
	return trigger->kind == TRIGGER_EXISTS || (part && characters(trigger->text) <= COST_WEAK);
}

struct sought {
	unsigned field;
	const struct predicate *found;
};

/* The predicate that most likely gave the trigger: a pattern or an expression before others. */
static void see_predicate(const struct predicate *predicate, void *context)
{
	struct sought *sought = context;
	bool pattern = predicate->op == OPERATOR_REGEX || predicate->op == OPERATOR_LIKE;
	if (predicate->field == sought->field && predicate->op != OPERATOR_MISSING && (sought->found == NULL || pattern))
		sought->found = predicate;
}

static const struct predicate *predicate_of(const struct node *root, unsigned field)
{
	struct sought sought = {.field = field};
	node_visit(root, see_predicate, &sought);
	return sought.found;
}

static const char *help_for(const struct predicate *predicate, const struct trigger *trigger)
{
	if (trigger->kind != TRIGGER_EXISTS)
		return "a longer word; or a second predicate that must hold, with a word of three characters or more";
	if (predicate == NULL)
		return "a predicate that names a value";
	switch (predicate->op) {
	case OPERATOR_REGEX:
		return "three characters or more that every match must hold, in the expression or in a stringcontains beside it";
	case OPERATOR_LIKE:
		return "three characters or more without a wildcard between them, in the pattern or in a predicate beside it";
	case OPERATOR_NOT_EQUAL:
		return "a predicate beside it that says what the value is, or what else must hold; `!=` only excludes";
	default:
		return "a predicate beside it that names a value: a program, a word of the command line, an address";
	}
}

/* --- finding --- */

static struct costly *add(struct cost *cost, const struct detection *detection, const struct condition *condition)
{
	cost->items = arena_grow(&cost->arena, cost->items, cost->count, sizeof *cost->items);
	struct costly *one = &cost->items[cost->count++];
	*one = (struct costly){.detection = detection, .condition = condition};
	return one;
}

static void add_none(struct cost *cost, struct costly *one, const struct plan_triggers *triggers)
{
	one->reason = arena_strdup(&cost->arena, triggers->why);
	one->help = "a predicate that must hold wherever it is true: a program's name, a word of the command line, a path, a number";
	cost->none++;
}

static void add_weak(struct cost *cost, struct costly *one, const struct registry *registry, const struct node *root,
	const struct trigger *trigger)
{
	const struct predicate *predicate = predicate_of(root, trigger->field);
	const struct text field = registry->fields[trigger->field].name;
	struct buffer said = {0};
	if (predicate != NULL)
		predicate_print(predicate, registry, &said);
	if (trigger->kind == TRIGGER_EXISTS)
		one->reason = arena_printf(&cost->arena, "all that is sure is that %.*s is there%s%.*s", TEXT_ARGS(field),
			predicate != NULL ? ": " : "", TEXT_ARGS(buffer_view(&said)));
	else
		one->reason = arena_printf(&cost->arena, "its best word is \"%.*s\", in %.*s", TEXT_ARGS(trigger->text),
			TEXT_ARGS(field));
	one->help = help_for(predicate, trigger);
	one->weak = true;
	cost->weak++;
	buffer_free(&said);
}

static void judge(struct cost *cost, struct engine *engine, const struct detection *detection, uint32_t condition, size_t step)
{
	const struct condition *asked = engine_plan(engine)->conditions[condition].condition;
	if (asked->sequence != NULL)
		asked = plan_step_of(asked->sequence, step)->condition;
	struct arena arena = {0};
	struct plan_triggers triggers;
	const struct trigger *weakest = NULL;
	cost->conditions++;
	plan_triggers_of(engine_plan(engine), condition, step, &arena, &triggers);
	for (size_t i = 0; i < triggers.count && weakest == NULL; i++)
		if (is_weak(&triggers.items[i]))
			weakest = &triggers.items[i];
	if (triggers.why != NULL)
		add_none(cost, add(cost, detection, asked), &triggers);
	else if (weakest != NULL)
		add_weak(cost, add(cost, detection, asked), &engine_plan(engine)->catalog->registry, asked->root, weakest);
	arena_free(&arena);
}

void cost_find(struct cost *cost, const struct catalog *catalog)
{
	struct engine *engine = engine_new(catalog);
	const struct plan *plan = engine_plan(engine);
	*cost = (struct cost){.count = 0};
	for (uint32_t i = 0; i < plan->condition_count; i++) {
		const struct sequence *sequence = plan->conditions[i].condition->sequence;
		const struct detection *detection = catalog->detections[plan->conditions[i].detection];
		const size_t steps = sequence != NULL ? sequence->count + (sequence->until != NULL) : 1;
		for (size_t step = 0; step < steps; step++)
			judge(cost, engine, detection, i, step);
	}
	engine_free(engine);
}

void cost_free(struct cost *cost)
{
	arena_free(&cost->arena);
}

/* --- telling --- */

static void print_kind(const struct cost *cost, bool weak, FILE *out)
{
	for (size_t i = 0; i < cost->count; i++) {
		const struct costly *one = &cost->items[i];
		if (one->weak != weak)
			continue;
		fprintf(out, "  %s:%u: %.*s: %s\n      would help: %s\n", one->condition->place.file, one->condition->place.line,
			TEXT_ARGS(one->condition->name), one->reason, one->help);
	}
}

void cost_print(const struct cost *cost, FILE *out)
{
	if (cost->none > 0) {
		fputs("No trigger: a replay looks at them for every event of their category and action\n", out);
		print_kind(cost, false, out);
	}
	if (cost->weak > 0) {
		fputs("A weak trigger: a replay looks at them for nearly as many\n", out);
		print_kind(cost, true, out);
	}
	fprintf(out, "Of %zu conditions %zu have no trigger and %zu a weak one%s\n", cost->conditions, cost->none, cost->weak,
		cost->count > 0 ? " (what it costs on your events: mews replay --stats)" : "");
}

static json_t *json_costly(const struct costly *one)
{
	return json_pack("{s:s%, s:s%, s:s, s:i, s:s, s:s, s:s}", "detection", one->detection->name.data,
		one->detection->name.length, "condition", one->condition->name.data, one->condition->name.length, "file",
		one->condition->place.file, "line", (int)one->condition->place.line, "trigger", one->weak ? "weak" : "none", "reason",
		one->reason, "help", one->help);
}

json_t *cost_json(const struct cost *cost)
{
	json_t *list = json_array();
	for (size_t i = 0; i < cost->count; i++)
		json_array_append_new(list, json_costly(&cost->items[i]));
	return json_pack("{s:I, s:I, s:I, s:o}", "conditions", (json_int_t)cost->conditions, "none", (json_int_t)cost->none, "weak",
		(json_int_t)cost->weak, "found", list);
}
