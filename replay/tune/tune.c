/* tune: see tune.h. Observe, choose, prove. */
#include "replay/tune/tune.h"

#include "replay/tune/choose.h"
#include "replay/tune/propose.h"
#include "replay/tune/prove.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400.0

struct tuning {
	const struct tune_options *options;
	struct diagnostics *d;
	struct observations *o;
	struct describer *describer;
	struct arena arena;        /* the proposals' */
	struct aim *aims;          /* [detection_count] */
	uint64_t *groups;          /* [detection_count]: FP groups now */
	bool *taken;               /* [sighting_count] */
	struct proposals *proposals;
};

const char *stability_name(enum stability stability)
{
	static const char *const names[] = {"stable", "unstable", "unknown"};
	return names[stability];
}

/* --- what is noisy --- */

static const struct measure *measure_of(const struct tuning *t, size_t detection)
{
	return &t->o->results->parts[PART_ALL].measures[detection];
}

static double budget_of(const struct tuning *t)
{
	const struct organization *organization = t->options->organization;
	return t->options->budget >= 0 ? t->options->budget : organization ? organization->budget : -1;
}

/* Groups outside attacks that the budget has to bear and no exception of ours takes away. */
static double unavoidable(const struct measure *measure)
{
	return (double)(measure->groups[OUTCOME_BTP] + measure->groups[OUTCOME_UNKNOWN]);
}

static bool is_wanted(const struct tuning *t, size_t detection)
{
	const char *only = t->options->only;
	return only == NULL || text_is(t->o->catalog->detections[detection]->name, only);
}

static void set_aims(struct tuning *t)
{
	const struct catalog *catalog = t->o->catalog;
	double observed = t->o->results->parts[PART_ALL].totals[0].observed, budget = budget_of(t);
	t->aims = arena_array(&t->arena, catalog->detection_count + 1, sizeof *t->aims);
	t->groups = arena_array(&t->arena, catalog->detection_count + 1, sizeof *t->groups);
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct measure *measure = measure_of(t, i);
		t->groups[i] = measure->groups[OUTCOME_FP];
		if (measure->alerts[OUTCOME_FP] == 0 || !is_wanted(t, i))
			continue;
		bool daily = budget >= 0 && observed >= LEAST_OBSERVED;
		double allowed = daily ? budget * observed / DAY - unavoidable(measure) : 0;
		t->aims[i].groups = allowed > 0 ? allowed : 0;
		t->aims[i].noisy = t->options->all || !daily || (double)measure->groups[OUTCOME_FP] > t->aims[i].groups;
	}
}

/* Mined from are the datasets that are for tuning; those held out only where there are no others. */
static void set_taken(struct tuning *t)
{
	const struct observations *o = t->o;
	t->taken = arena_array(&t->arena, o->sighting_count + 1, sizeof *t->taken);
	for (size_t i = 0; i < o->sighting_count; i++) {
		const struct sighting *sighting = &o->sightings[i];
		t->taken[i] = sighting->own && sighting->outcome == OUTCOME_FP && t->aims[sighting->detection].noisy &&
			(!sighting->held_out || !o->develops);
	}
}

/* --- proposals --- */

/* One that loses an attack after all goes; then what is left is counted anew. */
static int prove_all(struct tuning *t, struct choice *choice, struct proof **proofs, struct proof_left **left)
{
	for (;;) {
		*proofs = arena_array(&t->arena, choice->count + 1, sizeof **proofs);
		*left = arena_array(&t->arena, t->o->catalog->detection_count + 1, sizeof **left);
		if (prove(t->options->replay, t->o->catalog, choice->items, choice->count, *proofs, *left, t->d) != 0)
			return -1;
		size_t kept = 0;
		for (size_t i = 0; i < choice->count; i++)
			if ((*proofs)[i].lost == 0)
				choice->items[kept++] = choice->items[i];
		if (kept == choice->count)
			return 0;
		choice->count = kept;
	}
}

static void fill_figures(struct proposal *proposal, const struct proof *proof)
{
	proposal->removed_alerts = proof->removed[OUTCOME_FP];
	proposal->removed_groups = proof->groups_removed;
	proposal->removed_benign = proof->removed[OUTCOME_BTP];
	proposal->removed_unknown = proof->removed[OUTCOME_UNKNOWN];
	proposal->lost = proof->lost;
	proposal->held_out_removed = proof->held_out_removed;
	proposal->held_out_all = proof->held_out_all;
	proposal->stability = STABILITY_UNKNOWN;
}

static int by_removed(const void *a, const void *b)
{
	const struct proposal *left = a, *right = b;
	if (left->removed_alerts != right->removed_alerts)
		return left->removed_alerts < right->removed_alerts ? 1 : -1;
	return text_compare(left->name, right->name);
}

static void fill_items(struct tuning *t, const struct choice *choice, const struct proof *proofs)
{
	struct proposals *p = t->proposals;
	p->items = arena_array(&p->arena, choice->count + 1, sizeof *p->items);
	for (size_t i = 0; i < choice->count; i++) {
		propose(&p->arena, t->o, choice->items[i], t->options->replay->as_of, p, i);
		fill_figures(&p->items[i], &proofs[i]);
	}
	p->count = choice->count;
	qsort(p->items, p->count, sizeof *p->items, by_removed);
}

static const char *note_of(struct tuning *t, const struct tuned *tuned, const struct measure *measure)
{
	double budget = budget_of(t), observed = t->proposals->observed;
	const struct results *results = t->o->results;
	const struct measure *tuned_on = &results->parts[PART_DEVELOP].measures[measure - results->parts[PART_ALL].measures];
	if (!tuned->noisy)
		return "within its budget: left alone";
	if (tuned->left_alerts > 0 && results->part_datasets[PART_DEVELOP] > 0 && tuned_on->alerts[OUTCOME_FP] == 0)
		return "only datasets held out have these: they are kept to prove with, and not mined";
	if (tuned->left_alerts > 0 && t->options->most > 0)
		return "no more proposals were wanted";
	if (tuned->left_alerts > 0 && tuned->left_alerts == tuned->held_out_left)
		return "what is left stands in held-out datasets, of which nothing is mined (--use hold-out does)";
	if (tuned->left_alerts > 0 && measure->alerts[OUTCOME_TP] + measure->alerts[OUTCOME_UNATTRIBUTED] > 0)
		return "what is left is rare, or could not be told from attacks";
	if (tuned->left_alerts > 0)
		return "what is left is rare, or has nothing in common";
	if (budget >= 0 && observed < LEAST_OBSERVED)
		return "less than six hours were observed: no daily figure, so all false positives are aimed at";
	if (budget < 0)
		return "no budget was said: all false positives are aimed at";
	return NULL;
}

static int by_false(const void *a, const void *b)
{
	const struct tuned *left = a, *right = b;
	if (left->noisy != right->noisy)
		return left->noisy ? -1 : 1;
	if (left->false_alerts != right->false_alerts)
		return left->false_alerts < right->false_alerts ? 1 : -1;
	return text_compare(left->detection->name, right->detection->name);
}

static void fill_tuned(struct tuning *t, const struct proof_left *left)
{
	struct proposals *p = t->proposals;
	double days = p->observed / DAY, budget = budget_of(t);
	bool daily = p->observed >= LEAST_OBSERVED;
	p->tuned = arena_array(&p->arena, t->o->catalog->detection_count + 1, sizeof *p->tuned);
	for (size_t i = 0; i < t->o->catalog->detection_count; i++) {
		const struct measure *measure = measure_of(t, i);
		if (measure->alerts[OUTCOME_FP] == 0 || !is_wanted(t, i))
			continue;
		struct tuned *tuned = &p->tuned[p->tuned_count++];
		*tuned = (struct tuned){
			.detection = measure->detection,
			.false_alerts = measure->alerts[OUTCOME_FP],
			.false_groups = measure->groups[OUTCOME_FP],
			.left_alerts = left[i].alerts,
			.left_groups = left[i].groups,
			.held_out_alerts = left[i].held_out_before,
			.held_out_left = left[i].held_out,
			.budget = budget >= 0 && daily ? t->aims[i].groups : -1,
			.daily = daily ? ((double)measure->groups[OUTCOME_FP] + unavoidable(measure)) / days : (double)NAN,
			.left_daily = daily ? ((double)left[i].groups + unavoidable(measure)) / days : (double)NAN,
			.noisy = t->aims[i].noisy,
		};
		tuned->note = note_of(t, tuned, measure);
	}
	qsort(p->tuned, p->tuned_count, sizeof *p->tuned, by_false);
}

static struct proposals *propose_all(struct tuning *t)
{
	struct choice choice;
	struct proof *proofs;
	struct proof_left *left;
	struct choosing choosing = {t->o, t->describer, t->taken, t->aims, t->groups, t->options->most};
	choose(&choosing, &choice);
	if (prove_all(t, &choice, &proofs, &left) != 0)
		return NULL;
	struct proposals *p = mem_alloc(sizeof *p);
	*p = (struct proposals){.organization = t->options->organization, .observations = t->o, .describer = t->describer};
	p->overflow = t->o->overflow;
	p->observed = t->o->results->parts[PART_ALL].totals[0].observed;
	for (size_t i = 0; i < t->options->replay->dataset_count; i++)
		p->hold_out = p->hold_out || t->options->replay->datasets[i]->use == USE_HOLD_OUT;
	t->proposals = p;
	fill_items(t, &choice, proofs);
	fill_tuned(t, left);
	return p;
}

struct proposals *tune_run(const struct tune_options *options, struct diagnostics *d)
{
	struct tuning t = {.options = options, .d = d};
	t.o = observe(options->replay, NULL, d);
	if (t.o == NULL)
		return NULL;
	t.describer = describer_new(t.o, d);
	set_aims(&t);
	set_taken(&t);
	struct proposals *proposals = propose_all(&t);
	arena_free(&t.arena);
	if (proposals == NULL) {
		describer_free(t.describer);
		observations_free(t.o);
	}
	return proposals;
}

/* --- what it would be with fewer false positives --- */

static void take_items(const struct choice *choice, struct mined *mined)
{
	mined->items = arena_array(describer_arena(mined->describer), choice->count + 1, sizeof *mined->items);
	for (size_t i = 0; i < choice->count; i++)
		mined->items[mined->count++] =
			(struct mined_item){choice->items[i]->node, choice->items[i]->detections, choice->items[i]->detection_count};
}

struct mined *tune_mine(const struct tune_options *options, const struct fold *fold, struct diagnostics *d)
{
	struct tuning t = {.options = options, .d = d};
	struct choice choice;
	t.o = observe(options->replay, fold, d);
	if (t.o == NULL)
		return NULL;
	t.describer = describer_new(t.o, d);
	set_aims(&t);
	set_taken(&t);
	struct choosing choosing = {t.o, t.describer, t.taken, t.aims, t.groups, 0};
	choose(&choosing, &choice);
	struct mined *mined = mem_alloc(sizeof *mined);
	*mined = (struct mined){.observations = t.o, .describer = t.describer};
	take_items(&choice, mined);
	arena_free(&t.arena);
	return mined;
}

void mined_free(struct mined *mined)
{
	if (mined == NULL)
		return;
	describer_free(mined->describer);
	observations_free(mined->observations);
	free(mined);
}

void proposals_free(struct proposals *proposals)
{
	if (proposals == NULL)
		return;
	describer_free(proposals->describer);
	observations_free(proposals->observations);
	arena_free(&proposals->arena);
	free(proposals);
}
