/* judge: every gate in turn, twice where this change brings baselines of its own (see gate.h). */
#include "replay/gate/gates.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static void (*const judges[GATE_KINDS])(struct judging *) = {
	[GATE_MINIMUM_RECALL] = judge_minimum_recall,
	[GATE_FALSE_POSITIVE_RATE] = judge_false_positive_rate,
	[GATE_GROUPS_PER_DAY] = judge_groups_per_day,
	[GATE_TOTAL_GROUPS_PER_DAY] = judge_total_groups_per_day,
	[GATE_UNJUDGED] = judge_unjudged,
	[GATE_LOST_EPISODES] = judge_lost_episodes,
	[GATE_NEW_FALSE_POSITIVES] = judge_new_alerts,
	[GATE_NEW_UNJUDGED] = judge_new_alerts,
	[GATE_NEW_BLIND] = judge_new_blind,
	[GATE_FIDELITY] = judge_fidelity,
	[GATE_EXCEPTIONS] = judge_exceptions,
	[GATE_COST] = judge_cost,
	[GATE_COST_GROWTH] = judge_cost_growth,
};

/* Baselines have a part in these: they are judged with the reference run's, too. */
static bool has_baseline(enum gate_number number)
{
	return number <= GATE_NEW_UNJUDGED;
}

const char *gate_outcome_name(enum gate_outcome outcome)
{
	static const char *const names[] = {"passed", "failed", "undecided"};
	return names[outcome];
}

const struct gate_limit *gate_limit_for(const struct gate *gate, const struct organization *organization)
{
	for (size_t i = 0; i < gate->limit_count; i++) {
		struct text name = gate->limits[i].name;
		if (name.length == 0 || (organization != NULL && text_equal(name, organization->name)))
			return &gate->limits[i];
	}
	return NULL;
}

bool gate_excepts(const struct gate *gate, const struct detection *detection)
{
	for (size_t i = 0; i < gate->except.count; i++)
		if (text_equal(gate->except.items[i], detection->name))
			return true;
	return false;
}

struct gate_result *gate_say(struct judging *j, enum gate_outcome outcome, const char *format, ...)
{
	struct arena *arena = &j->to->arena;
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	j->to->items = arena_grow(arena, j->to->items, j->to->count, sizeof *j->to->items);
	struct gate_result *result = &j->to->items[j->to->count++];
	*result = (struct gate_result){
		.gate = gate_name(j->gate->number),
		.place = j->gate->place,
		.outcome = outcome,
		.tolerated = outcome == GATE_UNDECIDED && j->gate->undecided_passes,
		.reference_baseline = j->excused,
		.observed = NAN,
		.bound = NAN,
		.message = message,
	};
	return result;
}

const char *gate_names(struct arena *arena, const struct text *names, size_t count)
{
	const char *all = "";
	for (size_t i = 0; i < count; i++)
		all = arena_printf(arena, "%s%s%.*s", all, i == 0 ? "" : i + 1 == count ? " and " : ", ", TEXT_ARGS(names[i]));
	return all;
}

const char *gate_organization(const struct organization *organization)
{
	return organization != NULL ? organization->name.data : "no organization";
}

static bool same_organization(const struct organization *a, const struct organization *b)
{
	return (a == NULL && b == NULL) || (a != NULL && b != NULL && text_equal(a->name, b->name));
}

const struct measure *gate_measure(const struct results *results, const struct organization *organization,
	const struct detection *detection)
{
	for (size_t i = 0; i < results->measure_count; i++) {
		const struct measure *measure = &results->measures[i];
		if (same_organization(measure->organization, organization) && text_equal_fold(measure->detection->id, detection->id))
			return measure;
	}
	return NULL;
}

/* --- under the reference run's baselines --- */

static bool same_verdict(const struct gate_result *a, const struct gate_result *b)
{
	bool detections = (a->detection == NULL) == (b->detection == NULL) &&
		(a->detection == NULL || text_equal_fold(a->detection->id, b->detection->id));
	bool events = (a->event == NULL) == (b->event == NULL) && (a->event == NULL || strcmp(a->event, b->event) == 0);
	return detections && events && same_organization(a->organization, b->organization);
}

/* What fails with today's baselines, too, is said once; what passes or is undecided with the old ones says nothing new. */
static void drop_repeated(struct judging *j, size_t first)
{
	size_t kept = first;
	for (size_t i = first; i < j->to->count; i++) {
		bool repeated = j->to->items[i].outcome != GATE_FAILED;
		for (size_t k = j->before; k < first && !repeated; k++)
			repeated = j->to->items[k].outcome == GATE_FAILED && same_verdict(&j->to->items[i], &j->to->items[k]);
		if (!repeated)
			j->to->items[kept++] = j->to->items[i];
	}
	j->to->count = kept;
}

static const char *changed_baselines(struct arena *arena, const struct comparison *comparison)
{
	struct text *names = arena_array(arena, comparison->baseline_count + comparison->detection_count + 1, sizeof *names);
	size_t count = 0;
	for (size_t i = 0; i < comparison->baseline_count; i++) {
		const struct baseline_change *change = &comparison->baselines[i];
		names[count++] = change->after != NULL ? change->after->name : change->before->name;
	}
	for (size_t i = 0; i < comparison->detection_count; i++)
		if (comparison->detections[i].kind == CHANGE_EXCEPTIONS && comparison->detections[i].after != NULL)
			names[count++] = comparison->detections[i].after->name;
	return count > 0 ? gate_names(arena, names, count) : "a list";
}

static void judge_excused(struct judging *j)
{
	size_t first = j->to->count;
	if (j->subject->excused == NULL)
		return;
	j->excused = true;
	j->comparison = j->subject->excused;
	j->results = j->comparison->after;
	judges[j->gate->number](j);
	drop_repeated(j, first);
	for (size_t i = first; i < j->to->count; i++) {
		struct gate_result *result = &j->to->items[i];
		result->message = arena_printf(&j->to->arena, "%s; what this change does to the baseline of %s hides it", result->message,
			changed_baselines(&j->to->arena, j->subject->comparison));
	}
}

/* --- all of them --- */

/* A gate that did not pass says that alone, save what is worth reading all the same. */
static void drop_passed(struct judging *j)
{
	size_t kept = j->before;
	bool passed = true;
	for (size_t i = j->before; i < j->to->count; i++)
		passed = passed && j->to->items[i].outcome == GATE_PASSED;
	for (size_t i = j->before; i < j->to->count; i++)
		if (passed || j->to->items[i].outcome != GATE_PASSED || j->to->items[i].notice)
			j->to->items[kept++] = j->to->items[i];
	j->to->count = kept;
}

static void judge_gate(struct judging *j)
{
	j->before = j->to->count;
	j->comparison = j->subject->comparison;
	j->results = j->subject->results;
	if ((gate_kinds[j->gate->number].flags & GATE_COMPARES) && j->comparison == NULL) {
		gate_say(j, GATE_UNDECIDED, "%s", j->subject->no_comparison != NULL ? j->subject->no_comparison
			: "there is no reference run to compare with");
		return;
	}
	judges[j->gate->number](j);
	if (has_baseline(j->gate->number) && j->comparison != NULL) {
		judge_excused(j);
		if (j->subject->no_excused != NULL)
			gate_say(j, GATE_UNDECIDED, "not judged with the reference run's baselines: %s", j->subject->no_excused);
	}
	drop_passed(j);
}

static int rank_of(const struct gate_result *result)
{
	return result->outcome == GATE_FAILED ? 0 : result->outcome == GATE_UNDECIDED ? 1 : 2;
}

/* Failed first, then undecided; all else stays in order. */
static void put_in_order(struct gate_results *results)
{
	struct gate_result *sorted = arena_array(&results->arena, results->count + 1, sizeof *sorted);
	size_t count = 0;
	for (int rank = 0; rank < 3; rank++)
		for (size_t i = 0; i < results->count; i++)
			if (rank_of(&results->items[i]) == rank)
				sorted[count++] = results->items[i];
	results->items = sorted;
}

struct gate_results *gates_judge(const struct gates *gates, const struct gate_subject *subject)
{
	struct gate_results *results = mem_alloc(sizeof *results);
	*results = (struct gate_results){.items = NULL};
	if (gates == NULL)
		gates = gates_default(&results->arena);
	for (size_t i = 0; i < gates->count; i++) {
		struct judging j = {.gate = &gates->items[i], .subject = subject, .to = results};
		judge_gate(&j);
	}
	put_in_order(results);
	for (size_t i = 0; i < results->count; i++) {
		results->failed += results->items[i].outcome == GATE_FAILED;
		results->undecided += results->items[i].outcome == GATE_UNDECIDED && !results->items[i].tolerated;
	}
	return results;
}

bool gate_results_fine(const struct gate_results *results)
{
	return results->failed == 0 && results->undecided == 0;
}

void gate_results_free(struct gate_results *results)
{
	if (results == NULL)
		return;
	arena_free(&results->arena);
	free(results);
}
