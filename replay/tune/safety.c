/* safety: what makes a proposal safe to take (see safety.h). */
#include "replay/tune/safety.h"

#include "replay/tune/excepting.h"
#include "replay/tune/mutants.h"
#include "replay/tune/stability.h"

struct looking {
	struct proposals *proposals;
	const struct catalog *catalog;
	struct evaluator *evaluator;
	struct mutants *mutants;
	struct halves *halves;
	bool *covers; /* [detection_count][proposals->count] */
	bool *holds;  /* [proposals->count]: of the match at hand */
};

static void see_match(void *context, const struct observed_match *match)
{
	struct looking *l = context;
	const bool *covers = l->covers + match->match->detection * l->proposals->count;
	bool any = false;
	for (size_t i = 0; i < l->proposals->count; i++)
		any = any || covers[i];
	if (!any)
		return;
	const struct event *event = event_complete(match->at.event);
	for (size_t i = 0; i < l->proposals->count; i++)
		l->holds[i] = covers[i] && excepting_holds(l->evaluator, l->proposals->items[i].node, event->facets, match->match);
	mutants_see(l->mutants, match, event, l->holds);
	stability_see(l->halves, match, l->holds);
}

static void begin(struct looking *l, struct arena *arena)
{
	size_t count = l->proposals->count;
	l->holds = arena_array(arena, count + 1, sizeof *l->holds);
	l->covers = arena_array(arena, l->catalog->detection_count * count + 1, sizeof *l->covers);
	for (size_t i = 0; i < l->catalog->detection_count; i++)
		for (size_t k = 0; k < count; k++)
			for (size_t j = 0; j < l->proposals->items[k].detection_count; j++)
				l->covers[i * count + k] |= l->proposals->items[k].detections[j] == l->catalog->detections[i];
	l->evaluator = evaluator_new();
	l->mutants = mutants_new(l->proposals, l->catalog, l->evaluator);
	l->halves = stability_new(l->proposals, l->catalog);
}

int safety_judge(const struct tune_options *options, struct proposals *proposals, struct diagnostics *d)
{
	struct arena arena = {0};
	struct looking looking = {.proposals = proposals, .catalog = options->replay->catalog};
	struct observer observer = {NULL, see_match, &looking};
	struct replay_options how = *options->replay;
	struct results *results = NULL;
	if (proposals->count == 0)
		return 0;
	begin(&looking, &arena);
	how.observer = &observer;
	how.store = NULL;
	int failed = replay_run(&how, &results, d);
	results_free(results);
	if (!failed) {
		mutants_judge(looking.mutants);
		failed = stability_judge(looking.halves, options, d);
	}
	mutants_free(looking.mutants);
	stability_free(looking.halves);
	evaluator_free(looking.evaluator);
	arena_free(&arena);
	return failed ? -1 : 0;
}
