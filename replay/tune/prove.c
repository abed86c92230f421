/* prove: see prove.h. */
#include "replay/tune/prove.h"

#include "replay/measure/groups.h"

#include <stdlib.h>
#include <string.h>

/* FP groups of one detection: as they are, with all proposals, and with each alone that speaks of it. */
struct before_after {
	struct group_set before, after;
};

struct single {
	struct group_set *left;   /* [detection_count of the candidate] */
	uint64_t *before, *stays; /* groups likewise */
};

struct proving {
	struct candidate *const *items;
	size_t count;
	struct proof *proofs;
	struct proof_left *left;
	struct before_after *groups; /* [detection_count] */
	uint64_t *before;            /* [detection_count] */
	struct single *singles;      /* [count] */
	size_t detections;
	struct evaluator *evaluator;
	const struct dataset *dataset;
	const struct event *last, *whole;
	uint64_t last_line;
};

static long place_of(const struct candidate *candidate, uint32_t detection)
{
	for (size_t i = 0; i < candidate->detection_count; i++)
		if (candidate->detections[i] == detection)
			return (long)i;
	return -1;
}

static const struct event *whole_of(struct proving *p, const struct event *event)
{
	if (p->last != event || p->last_line != event->line || p->whole == NULL) {
		p->last = event;
		p->last_line = event->line;
		p->whole = event_complete(event);
	}
	return p->whole;
}

static bool holds(struct proving *p, const struct candidate *candidate, const struct event *event,
	const struct match *match)
{
	for (size_t i = 0; i < match->count; i++)
		if (!evaluate_node(p->evaluator, candidate->node, event->facets[match->hits[i].facet]))
			return false;
	return match->count > 0;
}

static void clear_groups(struct proving *p)
{
	for (size_t i = 0; i < p->detections; i++) {
		group_clear(&p->groups[i].before);
		group_clear(&p->groups[i].after);
	}
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; k < p->items[i]->detection_count; k++)
			group_clear(&p->singles[i].left[k]);
}

static void see_event(void *context, const struct observed *observed)
{
	struct proving *p = context;
	p->last = NULL;
	p->whole = NULL;
	(void)observed;
}

static void count_hit(struct proof *proof, const struct observed_match *match)
{
	if (match->outcome == OUTCOME_TP || match->outcome == OUTCOME_UNATTRIBUTED)
		proof->lost++;
	if (!match->at.own)
		return;
	proof->removed[match->outcome]++;
	proof->held_out_removed += match->outcome == OUTCOME_FP && match->at.dataset->use == USE_HOLD_OUT;
}

static void see_match(void *context, const struct observed_match *match)
{
	struct proving *p = context;
	const uint32_t detection = match->match->detection;
	bool excepted = false, fp = match->outcome == OUTCOME_FP && match->at.own;
	if (!match->alerts)
		return;
	if (match->at.dataset != p->dataset) {
		clear_groups(p);
		p->dataset = match->at.dataset;
	}
	const bool held_out = match->at.dataset->use == USE_HOLD_OUT;
	const struct event *event = whole_of(p, match->at.event);
	p->left[detection].held_out_before += fp && held_out;
	if (fp)
		p->before[detection] += group_add(&p->groups[detection].before, &match->point);
	for (size_t i = 0; i < p->count; i++) {
		long place = place_of(p->items[i], detection);
		if (place < 0)
			continue;
		bool hit = holds(p, p->items[i], event, match->match);
		p->proofs[i].held_out_all += fp && held_out;
		if (hit)
			count_hit(&p->proofs[i], match);
		else if (fp)
			p->singles[i].stays[place] += group_add(&p->singles[i].left[place], &match->point);
		excepted = excepted || hit;
	}
	if (!fp || excepted)
		return;
	p->left[detection].alerts++;
	p->left[detection].held_out += held_out;
	p->left[detection].groups += group_add(&p->groups[detection].after, &match->point);
}

static void begin(struct proving *p, struct arena *arena)
{
	p->groups = arena_array(arena, p->detections + 1, sizeof *p->groups);
	p->before = arena_array(arena, p->detections + 1, sizeof *p->before);
	p->singles = arena_array(arena, p->count + 1, sizeof *p->singles);
	for (size_t i = 0; i < p->count; i++) {
		p->singles[i].left = arena_array(arena, p->items[i]->detection_count + 1, sizeof *p->singles[i].left);
		p->singles[i].stays = arena_array(arena, p->items[i]->detection_count + 1, sizeof *p->singles[i].stays);
	}
}

static void end(struct proving *p)
{
	for (size_t i = 0; i < p->detections; i++) {
		group_free(&p->groups[i].before);
		group_free(&p->groups[i].after);
	}
	for (size_t i = 0; i < p->count; i++)
		for (size_t k = 0; k < p->items[i]->detection_count; k++) {
			p->proofs[i].groups_removed += p->before[p->items[i]->detections[k]] - p->singles[i].stays[k];
			group_free(&p->singles[i].left[k]);
		}
}

int prove(const struct replay_options *options, const struct catalog *catalog, struct candidate *const *items, size_t count,
	struct proof *proofs, struct proof_left *left, struct diagnostics *d)
{
	struct arena arena = {0};
	struct proving p = {.items = items, .count = count, .proofs = proofs, .left = left,
		.detections = catalog->detection_count};
	struct observer observer = {see_event, see_match, &p};
	struct replay_options how = *options;
	struct results *results = NULL;
	p.evaluator = evaluator_new();
	how.observer = &observer;
	begin(&p, &arena);
	int failed = replay_run(&how, &results, d);
	end(&p);
	results_free(results);
	evaluator_free(p.evaluator);
	arena_free(&arena);
	return failed ? -1 : 0;
}
