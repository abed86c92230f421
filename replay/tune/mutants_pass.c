/* mutants_pass: attack events, and events of the normal causes, kept for mutants.c (see mutants_pass.h). */
#include "replay/tune/mutants_pass.h"

#include <stdlib.h>

/* By what matched and the fields that matter: two that are equal there are mutated alike. */
static uint64_t hash_of(const struct event *event, const struct match *match, const unsigned *fields, size_t count)
{
	uint64_t hash = match->detection;
	for (size_t i = 0; i < match->count; i++) {
		const struct facet *facet = event->facets[match->hits[i].facet];
		hash = hash * 31 + match->hits[i].condition + 7u * facet->action;
		for (size_t k = 0; k < count; k++) {
			const struct values *values = facet_get(facet, fields[k]);
			hash = hash * UINT64_C(0x100000001b3) + k;
			for (size_t j = 0; values && j < values->count; j++)
				hash = hash * UINT64_C(0x9E3779B97F4A7C15) + text_hash(values->items[j].text);
		}
	}
	return hash;
}

static void keep(struct mutants *p, struct kept_events *list, size_t most, const struct observed_match *match,
	const struct event *event, uint64_t hash)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].hash == hash)
			return;
	if (list->count == most)
		return;
	struct hit *hits = arena_array(&p->arena, match->match->count + 1, sizeof *hits);
	for (size_t i = 0; i < match->match->count; i++)
		hits[i] = match->match->hits[i];
	list->items = arena_grow(&p->arena, list->items, list->count, sizeof *list->items);
	struct kept_event *kept = &list->items[list->count++];
	*kept = (struct kept_event){event_clone(event, &p->arena), *match->match, hash, match->at.dataset, match->at.episode};
	kept->match.hits = hits;
}

static void keep_hidden(struct mutants *p, struct proposal *proposal, const struct observed_match *match)
{
	struct arena *arena = &p->proposals->arena;
	proposal->hidden_recorded++;
	if (proposal->hidden_count == SHOWN_RECORDED)
		return;
	const char *what = match->alerts ? outcome_name(match->outcome) : "not monitored today";
	proposal->hidden = arena_grow(arena, proposal->hidden, proposal->hidden_count, sizeof *proposal->hidden);
	proposal->hidden[proposal->hidden_count++] = (struct hidden_event){
		.detection = p->catalog->detections[match->match->detection],
		.dataset = match->at.dataset,
		.episode = match->at.episode,
		.file = match->at.event->file ? arena_strdup(arena, match->at.event->file) : NULL,
		.line = match->at.event->line,
		.what = what,
		.malicious = match->at.label == LABEL_MALICIOUS,
	};
}

void mutants_see(struct mutants *p, const struct observed_match *match, const struct event *event, const bool *holds)
{
	uint32_t detection = match->match->detection;
	bool attack = match->outcome == OUTCOME_TP || match->outcome == OUTCOME_UNATTRIBUTED;
	bool donor = match->outcome == OUTCOME_FP && match->alerts && match->at.own;
	if (match->excepted)
		return;
	for (size_t i = 0; i < p->proposals->count; i++) {
		struct spot *spot = &p->spots[i];
		if (!holds[i])
			continue;
		if (donor)
			keep(p, &spot->donors, DONORS_KEPT, match, event, hash_of(event, match->match, spot->fields, spot->field_count));
		else if (match->outcome != OUTCOME_FP && (match->at.own || match->at.label == LABEL_MALICIOUS))
			keep_hidden(p, spot->proposal, match);
	}
	if (attack)
		keep(p, &p->attacks[detection], ATTACKS_KEPT, match, event, hash_of(event, match->match, p->fields, p->field_count));
}

static void add_field(struct arena *arena, unsigned **fields, size_t *count, unsigned field)
{
	for (size_t i = 0; i < *count; i++)
		if ((*fields)[i] == field)
			return;
	*fields = arena_grow(arena, *fields, *count, sizeof **fields);
	(*fields)[(*count)++] = field;
}

struct naming {
	struct mutants *pass;
	struct spot *spot;
};

/* What sort of event it is stays as it is. */
static void name_field(const struct predicate *predicate, void *context)
{
	struct naming *naming = context;
	struct arena *arena = &naming->pass->arena;
	if (predicate->field < FIELD_FIRST_OTHER)
		return;
	add_field(arena, &naming->spot->fields, &naming->spot->field_count, predicate->field);
	add_field(arena, &naming->pass->fields, &naming->pass->field_count, predicate->field);
}

struct mutants *mutants_new(struct proposals *proposals, const struct catalog *catalog, struct evaluator *evaluator)
{
	struct mutants *p = mem_alloc(sizeof *p);
	*p = (struct mutants){.proposals = proposals, .catalog = catalog, .evaluator = evaluator};
	p->spots = arena_array(&p->arena, proposals->count + 1, sizeof *p->spots);
	p->attacks = arena_array(&p->arena, catalog->detection_count + 1, sizeof *p->attacks);
	for (size_t i = 0; i < proposals->count; i++) {
		struct spot *spot = &p->spots[i];
		spot->proposal = &proposals->items[i];
		spot->covers = arena_array(&p->arena, catalog->detection_count + 1, sizeof *spot->covers);
		for (size_t k = 0; k < catalog->detection_count; k++)
			for (size_t j = 0; j < spot->proposal->detection_count; j++)
				spot->covers[k] = spot->covers[k] || spot->proposal->detections[j] == catalog->detections[k];
		node_visit(spot->proposal->node, name_field, &(struct naming){p, spot});
	}
	return p;
}

void mutants_free(struct mutants *p)
{
	if (!p)
		return;
	arena_free(&p->arena);
	free(p);
}
