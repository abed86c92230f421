/* chain: see chain.h. */
#include "replay/explain/chain.h"

#include "replay/explain/nearest.h"

#include <stdlib.h>
#include <string.h>

static void add_step(struct chain_inquest *chain, const struct sequence_step *step, bool until)
{
	chain->steps[chain->step_count++] = (struct step_inquest){.step = step, .until = until};
}

void chain_begin(struct inquest *inquest, struct detection_inquest *of)
{
	const struct detection *detection = of->detection;
	of->chains = arena_array(&inquest->arena, detection->condition_count + 1, sizeof *of->chains);
	for (size_t i = 0; i < detection->condition_count; i++) {
		const struct sequence *sequence = detection->conditions[i]->sequence;
		if (sequence == NULL)
			continue;
		struct chain_inquest *chain = &of->chains[of->chain_count++];
		chain->condition = detection->conditions[i];
		chain->steps = arena_array(&inquest->arena, sequence->count + 1, sizeof *chain->steps);
		for (size_t k = 0; k < sequence->count; k++)
			add_step(chain, &sequence->steps[k], false);
		if (sequence->until != NULL)
			add_step(chain, sequence->until, true);
	}
}

/* Does the event fit the step on some facet? */
static bool take_step(struct inquest *inquest, const struct sequence *sequence, struct step_inquest *step,
	const struct event *event)
{
	struct evaluator *e = engine_evaluator(accountant_engine(inquest->question.accountant));
	const struct facet *fitting = NULL, *near = NULL;
	size_t best = SIZE_MAX;
	bool keyed = false;
	for (size_t f = 0; f < event->facet_count; f++) {
		const struct facet *facet = event->facets[f];
		size_t away = evaluate_distance(e, step->step->condition, facet);
		if (evaluate_condition(e, step->step->condition, facet)) {
			fitting = fitting != NULL ? fitting : facet;
			keyed = keyed || sequence_fits(e, sequence, step->step, facet) > 0;
		} else if (away < best) {
			best = away;
			near = facet;
		}
	}
	if (fitting == NULL && near != NULL)
		nearest_add(inquest, step->near, &step->near_count, step->step->condition, event, near);
	if (fitting == NULL)
		return false;
	if (step->fits++ == 0)
		step->first = sighting_of(&inquest->arena, event, fitting);
	step->keyless += !keyed;
	return keyed;
}

void chain_take(struct inquest *inquest, struct chain_inquest *chain, const struct event *event)
{
	bool fits = false;
	for (size_t i = 0; i < chain->step_count; i++)
		fits = take_step(inquest, chain->condition->sequence, &chain->steps[i], event) || fits;
	if (!fits)
		return;
	chain->cut = chain->cut || chain->event_count == INQUEST_CHAIN_MAX;
	if (chain->event_count == INQUEST_CHAIN_MAX)
		return;
	chain->events = arena_grow(&inquest->arena, chain->events, chain->event_count, sizeof(struct event *));
	chain->events[chain->event_count++] = event_clone(event, &inquest->arena);
}

static void note_furthest(struct inquest *inquest, struct chain_inquest *chain, const bool *ends)
{
	size_t at = 0;
	while (at < chain->event_count && !ends[at])
		at++;
	if (at < chain->event_count && chain->events[at]->facet_count > 0)
		chain->furthest = sighting_of(&inquest->arena, chain->events[at], chain->events[at]->facets[0]);
}

void chain_end(struct inquest *inquest, struct chain_inquest *chain)
{
	struct evaluator *e = engine_evaluator(accountant_engine(inquest->question.accountant));
	struct sequence beginning = *chain->condition->sequence;
	bool *ends = mem_alloc((chain->event_count + 1) * sizeof *ends);
	for (size_t count = beginning.count; count > 0 && chain->reached == 0 && !beginning.sample; count--) {
		beginning.count = count;
		if (beginning.steps[count - 1].missing)
			continue; /* it is the beginning without it, further on */
		memset(ends, 0, chain->event_count * sizeof *ends);
		if (sequence_evaluate(e, &beginning, chain->events, chain->event_count, ends) == 0)
			continue;
		chain->reached = count;
		note_furthest(inquest, chain, ends);
	}
	free(ends);
}
