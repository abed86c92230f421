/* mutate_corpus: see mutate_corpus.h. */
#include "cli/mutate_corpus.h"

#include "cli/place.h"
#include "replay/derive/derive.h"
#include "replay/engine/engine.h"

struct taking {
	struct project *project;
	const struct dataset *dataset;
	const struct detection *const *detections;
	struct mutation *const *mutations;
	size_t count;
	size_t *taken; /* beside them */
	struct engine *engine;
	struct deriver *deriver;
};

static bool names(const struct texts *texts, struct text name)
{
	for (size_t i = 0; i < texts->count; i++)
		if (text_equal(texts->items[i], name))
			return true;
	return false;
}

static void take_match(struct taking *t, const struct event *event, const struct episode *episode,
	const struct detection *detection)
{
	struct arena arena = {0};
	for (size_t i = 0; i < t->count; i++) {
		if (t->detections[i] != detection || t->taken[i] == MUTATE_RECORDED)
			continue;
		const char *origin = arena_printf(&arena, "%.*s/%.*s, %s:%llu", TEXT_ARGS(t->dataset->name), TEXT_ARGS(episode->name),
			event->file != NULL ? event->file : "-", (unsigned long long)event->line);
		t->taken[i] += mutation_event(t->mutations[i], event_complete(event), origin);
	}
	arena_free(&arena);
}

static int take(void *context, struct event *event)
{
	struct taking *t = context;
	struct matches matches;
	derive_event(t->deriver, event);
	const long number = dataset_episode(t->dataset, engine_evaluator(t->engine), event);
	if (number < 0 || label_for(&t->dataset->episodes[number].label, TEXT("")) != LABEL_MALICIOUS)
		return 0;
	const struct episode *episode = &t->dataset->episodes[number];
	engine_match(t->engine, event, &matches);
	for (size_t i = 0; i < matches.count; i++) {
		const struct detection *detection = t->project->catalog.detections[matches.items[i].detection];
		if (names(&episode->expects, detection->name) || names(&episode->allows, detection->name))
			take_match(t, event, episode, detection);
	}
	return 0;
}

int mutate_corpus(struct project *project, const char *operand, const struct detection *const *detections,
	struct mutation *const *mutations, size_t count)
{
	struct taking t = {.project = project, .detections = detections, .mutations = mutations, .count = count};
	struct ledger ledger = {0};
	t.dataset = place_dataset(project, operand);
	if (t.dataset == NULL)
		return -1;
	t.taken = arena_array(&project->arena, count + 1, sizeof *t.taken);
	t.engine = engine_new(&project->catalog);
	t.deriver = deriver_new(&project->catalog);
	deriver_reset(t.deriver, t.dataset);
	const int failed = dataset_read(t.dataset, (struct event_sink){take, &t}, &ledger, &project->diagnostics);
	ledger_free(&ledger);
	deriver_free(t.deriver);
	engine_free(t.engine);
	return failed;
}
