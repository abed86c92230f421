/* describe: see describe.h. */
#include "replay/tune/describe.h"

#include "catalog/made.h"
#include "replay/tune/describing.h"

#include <stdlib.h>
#include <string.h>

enum { MADE_FEW = 300 };

struct known_clause {
	struct text text;
	struct condition *condition;
	double *rates;         /* [category_count]; < 0: not known yet */
	signed char *required; /* [detection_count]; -1: not known yet */
};

/* Facets that satisfy a detection, made once. */
struct made_facets {
	bool made;
	struct facet **items;
	size_t count;
	uint8_t *fields;       /* [field_count]: named by its conditions */
};

struct describer *describer_new(const struct observations *o, struct diagnostics *d)
{
	struct describer *w = mem_alloc(sizeof *w);
	*w = (struct describer){.o = o, .d = d, .evaluator = evaluator_new()};
	w->known.arena = &w->arena;
	w->scope = catalog_scope(o->catalog, o->organization);
	w->made = arena_array(&w->arena, o->catalog->detection_count + 1, sizeof *w->made);
	w->vocabulary = arena_array(&w->arena, o->catalog->registry.field_count, sizeof *w->vocabulary);
	w->vocabulary_count = arena_array(&w->arena, o->catalog->registry.field_count, sizeof *w->vocabulary_count);
	return w;
}

void describer_free(struct describer *w)
{
	if (w == NULL)
		return;
	evaluator_free(w->evaluator);
	arena_free(&w->arena);
	free(w);
}

struct evaluator *describer_evaluator(struct describer *w)
{
	return w->evaluator;
}

struct arena *describer_arena(struct describer *w)
{
	return &w->arena;
}

struct condition *describer_parse(struct describer *w, struct text expression)
{
	struct place nowhere = {"a proposed exception", 1, 1};
	return condition_parse_expression(&w->arena, &w->scope, expression, nowhere, 0, expression, w->d);
}

bool describer_holds(struct describer *w, const struct node *node, const struct sample *sample)
{
	for (size_t i = 0; i < sample->facet_count; i++)
		if (!evaluate_node(w->evaluator, node, sample->facets[i]))
			return false;
	return sample->facet_count > 0;
}

const struct values *sample_values(const struct sample *sample, unsigned field)
{
	const struct values *values = sample->facet_count > 0 ? facet_get(sample->facets[0], field) : NULL;
	for (size_t i = 1; values && i < sample->facet_count; i++) {
		const struct values *other = facet_get(sample->facets[i], field);
		if (!other || !values_equal(values, other))
			return NULL;
	}
	return values;
}

/* --- what is known of a clause --- */

static struct known_clause *known_of(struct describer *w, struct text text)
{
	size_t *number = text_map_at(&w->known, text);
	if (*number == 0) {
		const struct catalog *catalog = w->o->catalog;
		w->clauses = arena_grow(&w->arena, w->clauses, w->clause_count, sizeof *w->clauses);
		struct known_clause *known = &w->clauses[w->clause_count++];
		*number = w->clause_count;
		*known = (struct known_clause){.text = text, .condition = describer_parse(w, text)};
		known->rates = arena_array(&w->arena, catalog->registry.category_count + 1, sizeof *known->rates);
		known->required = arena_array(&w->arena, catalog->detection_count + 1, sizeof *known->required);
		for (size_t i = 0; i <= catalog->registry.category_count; i++)
			known->rates[i] = -1;
		memset(known->required, -1, catalog->detection_count + 1);
	}
	return &w->clauses[*number - 1];
}

/* Of all seen facets of the category; half an event more on each side, so that nothing is sure. */
static double rate_of(struct describer *w, struct known_clause *known, unsigned category)
{
	double holds = 0.5, all = 1;
	if (known->rates[category] >= 0)
		return known->rates[category];
	for (size_t i = 0; i < w->o->background_count; i++) {
		const struct facet *facet = w->o->background[i].facet;
		if (facet->category != category)
			continue;
		all++;
		holds += evaluate_node(w->evaluator, known->condition->root, facet);
	}
	return known->rates[category] = holds / all;
}

static void note_field(const struct predicate *predicate, void *context)
{
	uint8_t *fields = context;
	fields[predicate->field] = 1;
	fields[predicate->other] = 1;
}

static void make_facets(struct describer *w, const struct detection *detection, struct made_facets *made)
{
	const struct registry *registry = &w->o->catalog->registry;
	struct making making = {.arena = &w->arena, .registry = registry, .evaluator = w->evaluator, .plain = true,
		.most = MADE_FEW};
	made->made = true;
	made->fields = arena_array(&w->arena, registry->field_count + 1, 1);
	for (size_t i = 0; i < detection->condition_count; i++) {
		struct made_list list = {0};
		if (detection->conditions[i]->sequence)
			continue;
		condition_visit(detection->conditions[i], note_field, made->fields);
		made_events(&making, detection->conditions[i], &list);
		for (size_t k = 0; k < list.count; k++) {
			if (!list.items[k].holds || list.items[k].derived)
				continue;
			struct event event;
			event_begin(&event, &w->arena, registry);
			made_event(&list.items[k], &event);
			made->items = arena_grow(&w->arena, made->items, made->count, sizeof *made->items);
			made->items[made->count++] = event.facets[0];
		}
	}
}

/* Does the clause hold on whatever satisfies the detection? Only what the detection asks itself is looked at. */
static bool is_required(struct describer *w, struct known_clause *known, unsigned field, uint32_t detection)
{
	struct made_facets *made = &w->made[detection];
	if (known->required[detection] >= 0)
		return known->required[detection] == 1;
	if (!made->made)
		make_facets(w, w->o->catalog->detections[detection], made);
	bool holds = made->count > 0 && made->fields[field];
	for (size_t i = 0; holds && i < made->count; i++)
		holds = evaluate_node(w->evaluator, known->condition->root, made->items[i]);
	known->required[detection] = holds;
	return holds;
}

/* --- all fields --- */

static bool is_single(const struct looking *l)
{
	for (size_t i = 0; i < l->count; i++)
		if (sample_values(l->samples[i].sample, l->field)->count != 1)
			return false;
	return true;
}

static void word_field(struct looking *l)
{
	enum value_type type = l->w->o->catalog->registry.fields[l->field].type;
	for (size_t i = 0; i < l->count; i++)
		if (sample_values(l->samples[i].sample, l->field) == NULL)
			return;
	if (!is_single(l)) {
		if (type == TYPE_KEYWORD)
			word_list(l);
		return;
	}
	if (type == TYPE_KEYWORD)
		word_single(l);
	else if (type == TYPE_IP)
		word_address(l);
	else
		word_plain(l);
	if (l->out.length > 0 && l->w->o->catalog->registry.fields[l->field].list)
		shut_out(l);
}

static void finish_clause(struct looking *l, const uint32_t *detections, size_t detection_count,
	struct description *description)
{
	struct describer *w = l->w;
	struct known_clause *known = known_of(w, text_copy(&w->arena, buffer_view(&l->out)));
	if (known->condition == NULL)
		return;
	for (size_t i = 0; i < l->count; i++) /* a pattern that misses one of its own says less than none */
		if (!describer_holds(w, known->condition->root, l->samples[i].sample))
			return;
	bool required = detection_count > 0;
	for (size_t i = 0; i < detection_count && required; i++)
		required = is_required(w, known, l->field, detections[i]);
	description->clauses[description->count++] = (struct clause){
		.field = l->field,
		.kind = w->o->aspects.items[l->field].kind,
		.text = known->text,
		.node = known->condition->root,
		.narrow = l->narrow,
		.closed = l->closed,
		.rate = rate_of(w, known, l->samples[0].sample->facets[0]->category),
		.required = required,
	};
}

void describe(struct describer *w, const struct weighed_sample *samples, size_t count, const uint32_t *detections,
	size_t detection_count, struct description *description)
{
	const struct facet *facet = samples[0].sample->facets[0];
	*description = (struct description){.clauses = arena_array(&w->arena, facet->count + 1, sizeof *description->clauses)};
	for (size_t i = 0; i < facet->count; i++) {
		struct looking l = {.w = w, .samples = samples, .count = count, .field = facet->entries[i].field, .closed = true};
		if (w->o->aspects.items[l.field].use == ASPECT_SKIPPED)
			continue;
		word_field(&l);
		if (l.out.length > 0)
			finish_clause(&l, detections, detection_count, description);
		buffer_free(&l.out);
		arena_free(&l.scratch);
	}
}
