/* proof: see proof.h. */
#include "replay/report/proof.h"

#include <stdlib.h>
#include <string.h>

static bool is_on(const struct proof_measure *it)
{
	return !it->measure->disabled && !it->measure->below;
}

static enum coverage_state state_of(const struct proof_measure *it)
{
	const enum reachability reach = it->measure->reachability;
	if (it->tested.denominator || it->measure->risky_recall.denominator)
		return is_on(it) ? coverage_of_reach(reach) : COVERAGE_THIN;
	return reach == REACH_BLIND ? COVERAGE_BLIND : COVERAGE_UNTESTED;
}

static void add_measures(struct arena *arena, const struct results *results, size_t detection, struct proof *proof)
{
	const size_t measures = results->total_count ? results->measure_count / results->total_count : 0;
	struct proof_measure *all = arena_array(arena, results->total_count + 1, sizeof *all);
	for (size_t i = 0; i < results->total_count; i++) {
		struct proof_measure *it = &all[i];
		it->measure = &results->parts[PART_ALL].measures[i * measures + detection];
		it->tested = is_on(it) ? rate_exact(it->measure->recall.numerator + it->measure->risky_recall.numerator,
			it->measure->recall.denominator + it->measure->risky_recall.denominator) : it->measure->recall_without_baseline;
		it->observed = results->parts[PART_ALL].totals[i].observed;
		it->state = state_of(it);
		proof->off = proof->off && !is_on(it);
	}
	for (size_t i = 0; i < results->total_count; i++) {
		const struct proof_measure *it = &all[i];
		if (!is_on(it) && !proof->off)
			continue;
		if (it->state < proof->state)
			proof->state = it->state;
		if (it->tested.denominator && (!proof->recall || it->tested.value < proof->recall->tested.value))
			proof->recall = it;
		if (!is_on(it))
			continue;
		const struct rate *rate = &it->measure->false_positive_rate;
		if (rate->denominator && (!proof->rate || rate->value > proof->rate->measure->false_positive_rate.value))
			proof->rate = it;
	}
	proof->measures = all;
	proof->measure_count = results->total_count;
}

static bool expects(const struct episode *episode, const struct detection *detection)
{
	for (size_t i = 0; i < episode->expects.count; i++)
		if (text_equal(episode->expects.items[i], detection->name))
			return true;
	return false;
}

static bool alerted(const struct episode_result *result, const struct detection *detection)
{
	for (size_t i = 0; i < result->alerted_count; i++)
		if (result->alerted[i] == detection)
			return true;
	return false;
}

/* What is known of an episode that expects the detection, in the making. */
struct tested {
	const struct episode **episodes;
	const struct dataset **datasets;
	bool *seen;
	enum label *labels;
	size_t count;
};

static size_t tested_place(struct arena *arena, struct tested *tested, const struct episode_result *result)
{
	for (size_t i = 0; i < tested->count; i++)
		if (tested->episodes[i] == result->episode && tested->datasets[i] == result->dataset)
			return i;
	tested->episodes = arena_grow(arena, tested->episodes, tested->count, sizeof(const struct episode *));
	tested->datasets = arena_grow(arena, tested->datasets, tested->count, sizeof(const struct dataset *));
	tested->seen = arena_grow(arena, tested->seen, tested->count, sizeof *tested->seen);
	tested->labels = arena_grow(arena, tested->labels, tested->count, sizeof *tested->labels);
	tested->episodes[tested->count] = result->episode;
	tested->datasets[tested->count] = result->dataset;
	tested->seen[tested->count] = false;
	tested->labels[tested->count] = result->label;
	return tested->count++;
}

static void add_episodes(struct arena *arena, const struct results *results, struct proof *proof)
{
	struct tested tested = {0};
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *result = &results->episodes[i];
		if ((result->label != LABEL_MALICIOUS && result->label != LABEL_RISKY) || !expects(result->episode, proof->detection))
			continue;
		const size_t at = tested_place(arena, &tested, result);
		tested.seen[at] |= alerted(result, proof->detection);
		if (result->label == LABEL_MALICIOUS)
			tested.labels[at] = LABEL_MALICIOUS;
	}
	proof->episodes = tested.episodes;
	proof->datasets = tested.datasets;
	proof->seen = tested.seen;
	proof->labels = tested.labels;
	proof->episode_count = tested.count;
}

static void add_evidence(struct arena *arena, const struct results *results, struct proof *proof)
{
	const struct detection *detection = proof->detection;
	struct proof_evidence *all = arena_array(arena, detection->condition_count + 1, sizeof *all);
	for (size_t i = 0; i < detection->condition_count; i++)
		all[i] = (struct proof_evidence){.condition = detection->conditions[i],
			.kinds = evidence_of(detection->conditions[i], &results->catalog->registry)};
	proof->evidence = all;
	proof->evidence_count = detection->condition_count;
}

/* One word of "requested, bound". */
static bool names_condition(struct text conditions, struct text name)
{
	for (size_t from = 0; from < conditions.length;) {
		struct text rest = text_slice(conditions, from, conditions.length);
		const size_t length = text_find(rest, ',');
		if (text_equal(text_trim(text_slice(rest, 0, length)), name))
			return true;
		from += length + 1;
	}
	return false;
}

static void show_evidence(struct proof *proof, const struct alert *alert)
{
	for (size_t i = 0; i < proof->evidence_count; i++)
		if (!proof->evidence[i].shown && names_condition(alert->conditions, proof->evidence[i].condition->name))
			proof->evidence[i].shown = true;
}

static int rank_of(const struct proof *proof)
{
	static const int ranks[] = {[COVERAGE_BLIND] = 1, [COVERAGE_UNTESTED] = 2, [COVERAGE_THIN] = 3, [COVERAGE_BRIEF] = 4,
		[COVERAGE_MEASURED] = 5, [COVERAGE_OFF] = 6}; /* the last: of no organization at all */
	return proof_misses(proof) ? 0 : ranks[proof->state];
}

static int by_need(const void *left, const void *right)
{
	const struct proof *a = left, *b = right;
	if (rank_of(a) != rank_of(b))
		return rank_of(a) < rank_of(b) ? -1 : 1;
	if (a->detection->severity != b->detection->severity)
		return a->detection->severity > b->detection->severity ? -1 : 1;
	return text_compare(a->detection->name, b->detection->name);
}

struct proofs proofs_of(struct arena *arena, const struct results *results)
{
	const struct catalog *catalog = results->catalog;
	struct proofs proofs = {arena_array(arena, catalog->detection_count + 1, sizeof *proofs.items), catalog->detection_count};
	for (size_t i = 0; i < proofs.count; i++) {
		struct proof *proof = &proofs.items[i];
		*proof = (struct proof){.detection = catalog->detections[i], .state = COVERAGE_OFF, .off = true};
		add_measures(arena, results, i, proof);
		add_episodes(arena, results, proof);
		add_evidence(arena, results, proof);
	}
	for (size_t i = 0; i < results->alert_count; i++) {
		const struct alert *alert = &results->alerts[i];
		if (!alert->episode || !expects(alert->episode, alert->detection))
			continue;
		for (size_t k = 0; k < proofs.count; k++)
			if (proofs.items[k].detection == alert->detection)
				show_evidence(&proofs.items[k], alert);
	}
	if (proofs.count)
		qsort(proofs.items, proofs.count, sizeof *proofs.items, by_need);
	return proofs;
}

const struct proof *proofs_find(const struct proofs *proofs, const struct detection *detection)
{
	for (size_t i = 0; i < proofs->count; i++)
		if (proofs->items[i].detection == detection)
			return &proofs->items[i];
	return NULL;
}

bool proof_misses(const struct proof *proof)
{
	if (proof->off)
		return proof->recall && proof->recall->tested.numerator < proof->recall->tested.denominator;
	for (size_t i = 0; i < proof->episode_count; i++)
		if (!proof->seen[i] && !proof->episodes[i]->gap.length)
			return true;
	return false;
}

const char *proof_evidence_names(struct arena *arena, const struct proof *proof, bool shown)
{
	struct buffer out = {0};
	for (size_t i = 0; i < proof->evidence_count; i++)
		if (proof->evidence[i].shown == shown)
			buffer_printf(&out, "%s%.*s", out.length ? ", " : "", TEXT_ARGS(proof->evidence[i].condition->name));
	const char *names = arena_strndup(arena, out.data ? out.data : "", out.length);
	buffer_free(&out);
	return names;
}

const char *proof_kind_names(struct arena *arena, unsigned kinds)
{
	struct buffer out = {0};
	for (unsigned i = 0; i < EVIDENCE_COUNT; i++)
		if (kinds & 1u << i)
			buffer_printf(&out, "%s%s", out.length ? ", " : "", evidence_name((enum evidence)i));
	const char *names = arena_strndup(arena, out.data ? out.data : "", out.length);
	buffer_free(&out);
	return names;
}

const char *proof_kinds(struct arena *arena, const struct proof *proof, bool shown_only)
{
	unsigned kinds = 0;
	for (size_t i = 0; i < proof->evidence_count; i++)
		if (proof->evidence[i].shown || !shown_only)
			kinds |= proof->evidence[i].kinds;
	return proof_kind_names(arena, kinds);
}
