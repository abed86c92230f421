/* figures: what was counted → rates, reachability, totals (see state.h; docs/measures.md). */
#include "replay/measure/state.h"

#include <math.h>
#include <string.h>

#define DAY 86400.0
#define HOUR 3600.0

static double per_day(uint64_t count, double observed)
{
	return observed >= LEAST_OBSERVED ? (double)count / (observed / DAY) : NAN;
}

/* Of recordings of an hour or a few: what was seen in an hour of them, no forecast. */
static double per_hour(uint64_t count, double observed)
{
	return observed >= HOUR ? (double)count / (observed / HOUR) : NAN;
}

/* "No FP in three times as long as the budget allows for one" is what 3/days above the budget means: the
 * upper 95 % bound of a rate of which nothing was seen is 3/days. */
static enum reachability reach_of(const struct tally *tally, double budget, double observed)
{
	if (!tally->benign_in_scope)
		return REACH_BLIND;
	if (tally->alerts[OUTCOME_FP])
		return REACH_MEASURED;
	bool too_short = budget >= 0 && (observed <= 0 || 3 / (observed / DAY) > budget);
	if (!tally->near)
		return REACH_THIN;
	return too_short ? REACH_BRIEF : REACH_MEASURED;
}

static struct rate precision_of(const uint64_t groups[OUTCOME_COUNT])
{
	uint64_t right = groups[OUTCOME_TP] + groups[OUTCOME_BTP];
	return rate_exact(right, right + groups[OUTCOME_FP]);
}

static struct rate rate_of_hours(const struct tally *tally)
{
	struct arena scratch = {0};
	struct hour_list hours = tally_hours(tally, &scratch);
	struct rate rate = rate_by_hours(hours.items, hours.count);
	arena_free(&scratch);
	return rate;
}

static void measure_fill(struct measure *measure, const struct side *side, const struct tally *tally, double observed)
{
	memcpy(measure->alerts, tally->alerts, sizeof measure->alerts);
	memcpy(measure->groups, tally->groups, sizeof measure->groups);
	measure->fn = tally->expected - tally->caught;
	measure->fn_without_baseline = tally->expected - tally->matched;
	measure->benign_in_scope = tally->benign_in_scope;
	measure->fp_events = tally->fp_events;
	measure->matches = tally->matches;
	measure->excepted = tally->excepted;
	measure->extra = tally->extra;
	measure->missed = tally->missed;
	measure->recall = rate_exact(tally->caught, tally->expected);
	measure->recall_without_baseline = rate_exact(tally->matched, tally->expected);
	measure->risky_recall = rate_exact(tally->risky_caught, tally->risky_expected);
	measure->false_positive_rate = rate_of_hours(tally);
	measure->precision = precision_of(tally->groups);
	measure->groups_per_day = per_day(tally->daily_groups, observed);
	measure->false_groups_per_day = per_day(tally->daily_fp_groups, observed);
	measure->false_groups_per_hour = per_hour(tally->daily_fp_groups, observed);
	measure->predictive_value = predictive_value(ATTACKS_PER_DAY, measure->recall.value, measure->false_groups_per_day);
	measure->budget = side->organization ? side->organization->budget : -1;
	measure->reachability = reach_of(tally, measure->budget, observed);
}

static void add_to_total(struct total *total, const struct tally *tally, uint64_t *daily, uint64_t *daily_false)
{
	for (size_t i = 0; i < OUTCOME_COUNT; i++) {
		total->alerts[i] += tally->alerts[i];
		total->groups[i] += tally->groups[i];
	}
	total->fn += tally->expected - tally->caught;
	total->excepted += tally->excepted;
	total->expected.numerator += tally->caught;
	total->expected.denominator += tally->expected;
	*daily += tally->daily_groups;
	*daily_false += tally->daily_fp_groups;
}

static void total_fill(struct total *total, const struct measurer *m, const struct tally *tallies)
{
	const struct tally *pack = &tallies[m->detections];
	uint64_t daily = 0, daily_false = 0;
	for (size_t i = 0; i < m->detections; i++)
		add_to_total(total, &tallies[i], &daily, &daily_false);
	total->expected = rate_exact(total->expected.numerator, total->expected.denominator);
	total->recall = rate_exact(pack->caught, pack->expected);
	total->recall_without_baseline = rate_exact(pack->matched, pack->expected);
	total->precision = precision_of(total->groups);
	total->benign_events = pack->benign_in_scope;
	total->fp_events = pack->fp_events;
	total->false_positive_rate = rate_of_hours(pack);
	total->groups_per_day = per_day(daily, total->observed);
	total->false_groups_per_day = per_day(daily_false, total->observed);
	total->false_groups_per_hour = per_hour(daily_false, total->observed);
}

static void side_part(const struct measurer *m, const struct side *side, const struct tally *tallies,
	struct measure *measures, struct total *total)
{
	for (size_t i = 0; i < m->detections; i++) {
		const struct baseline_decision *decision = &side->baseline.rows[i].decision;
		measures[i] = (struct measure){
			.organization = side->organization,
			.detection = m->options.catalog->detections[i],
			.severity = decision->severity,
			.disabled = decision->disabled,
			.below = decision->below,
		};
		measure_fill(&measures[i], side, &tallies[i], total->observed);
		struct engine_cost cost;
		engine_cost_of(m->options.engine, (uint32_t)i, &cost);
		measures[i].predicates = cost.verified;
		measures[i].limited = cost.limited;
	}
	total_fill(total, m, tallies);
}

/* The tallies of both uses together, in the dataset's arena. */
static struct tally *sum_of_uses(struct measurer *m, const struct side *side)
{
	struct tally *sum = arena_array(&m->arena, m->detections + 1, sizeof *sum);
	for (size_t i = 0; i <= m->detections; i++) {
		tally_add(&sum[i], &side->tallies[SLOT_HOLD_OUT][i], &m->arena);
		tally_add(&sum[i], &side->tallies[SLOT_DEVELOP][i], &m->arena);
	}
	return sum;
}

static const enum slot part_slots[PART_COUNT] = {
	[PART_HOLD_OUT] = SLOT_HOLD_OUT, [PART_DEVELOP] = SLOT_DEVELOP, [PART_OTHERS] = SLOT_OTHERS};

static void part_make(struct measurer *m, enum part part)
{
	struct results *results = m->results;
	struct part_result *made = &results->parts[part];
	made->measures = arena_array(&results->arena, m->side_count * m->detections + 1, sizeof *made->measures);
	made->totals = arena_array(&results->arena, m->side_count, sizeof *made->totals);
	for (size_t i = 0; i < m->side_count; i++) {
		struct side *side = &m->sides[i];
		struct total *total = &made->totals[i];
		total->organization = side->organization;
		if (part != PART_ALL) {
			total->observed = side->observed[part_slots[part]];
			total->datasets = side->datasets[part_slots[part]];
			side_part(m, side, side->tallies[part_slots[part]], made->measures + i * m->detections, total);
			continue;
		}
		struct tally *sum = sum_of_uses(m, side);
		total->observed = side->observed[SLOT_HOLD_OUT] + side->observed[SLOT_DEVELOP];
		total->datasets = side->datasets[SLOT_HOLD_OUT] + side->datasets[SLOT_DEVELOP];
		side_part(m, side, sum, made->measures + i * m->detections, total);
	}
}

static void count_parts(struct measurer *m)
{
	struct results *results = m->results;
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct dataset *dataset = results->datasets[i].dataset;
		results->part_datasets[PART_ALL]++;
		results->part_datasets[dataset->use == USE_HOLD_OUT ? PART_HOLD_OUT : PART_DEVELOP]++;
	}
	for (size_t i = 0; i < m->side_count; i++)
		if (m->sides[i].datasets[SLOT_OTHERS] > results->part_datasets[PART_OTHERS])
			results->part_datasets[PART_OTHERS] = m->sides[i].datasets[SLOT_OTHERS];
}

static void list_exceptions(struct measurer *m, const struct side *side)
{
	struct results *results = m->results;
	for (size_t i = 0; i < side->baseline.exception_count; i++) {
		const struct baseline_exception *from = &side->baseline.exceptions[i];
		results->exceptions = arena_grow(&results->arena, results->exceptions, results->exception_count,
			sizeof *results->exceptions);
		struct exception_result *to = &results->exceptions[results->exception_count++];
		*to = (struct exception_result){side->organization, from->detection, from->exception, from->expired, {0}};
		memcpy(to->removed, side->removed[i], sizeof to->removed);
	}
}

static void list_hours(struct measurer *m)
{
	struct results *results = m->results;
	size_t count = 0;
	for (size_t i = 0; i < m->side_count; i++)
		count += m->sides[i].hour_count;
	results->hours = arena_array(&results->arena, count + 1, sizeof *results->hours);
	for (size_t i = 0; i < m->side_count; i++) {
		const struct side *side = &m->sides[i];
		if (side->hour_count)
			memcpy(results->hours + results->hour_count, side->hours, side->hour_count * sizeof *side->hours);
		results->hour_count += side->hour_count;
	}
}

void figures_make(struct measurer *m)
{
	struct results *results = m->results;
	count_parts(m);
	results->measure_count = m->side_count * m->detections;
	results->total_count = m->side_count;
	arena_reset(&m->arena);
	for (enum part part = 0; part < PART_COUNT; part++)
		part_make(m, part);
	results->headline = results->part_datasets[PART_HOLD_OUT] ? PART_HOLD_OUT : PART_ALL;
	results->measures = results->parts[results->headline].measures;
	results->totals = results->parts[results->headline].totals;
	for (size_t i = 0; i < m->side_count; i++)
		list_exceptions(m, &m->sides[i]);
	list_hours(m);
}
