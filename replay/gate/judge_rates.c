/* judge_rates: bounds on what one run measured: recall, false-positive rate, alerts a day, alerts that nobody judged. */
#include "replay/gate/gates.h"

#include <math.h>
#include <string.h>

#define DAY 86400.0
enum { SHOWN = 5 };

/* Names that a message lists, each once. */
struct listed {
	struct text *items;
	size_t count;
};

static void list_name(struct judging *j, struct listed *listed, struct text name)
{
	for (size_t i = 0; i < listed->count; i++)
		if (text_equal(listed->items[i], name))
			return;
	listed->items = arena_grow(&j->to->arena, listed->items, listed->count, sizeof *listed->items);
	listed->items[listed->count++] = name;
}

static const char *names_of(struct arena *arena, const struct listed *listed)
{
	const char *all = "";
	if (listed->count <= SHOWN)
		return gate_names(arena, listed->items, listed->count);
	for (size_t i = 0; i < SHOWN; i++)
		all = arena_printf(arena, "%s%s%.*s", all, i > 0 ? ", " : "", TEXT_ARGS(listed->items[i]));
	return arena_printf(arena, "%s and %zu more", all, listed->count - SHOWN);
}

/* Does the interval break the bound, by the gate's way of judging? `low` and `high` are the interval's. */
static bool breaks_least(const struct gate *gate, struct gate_bounds bounds, double least)
{
	return gate->not_refuted ? bounds.high < least : bounds.low < least;
}

static bool breaks_most(const struct gate *gate, struct gate_bounds bounds, double most)
{
	return gate->not_refuted ? bounds.low > most : bounds.high > most;
}

/* --- recall --- */

struct pool {
	uint64_t caught, all; /* episodes */
	const struct episode_result *first; /* that was missed */
	const struct missed *missed;
};

static bool in_headline(const struct results *results, const struct episode_result *episode)
{
	return !episode->foreign && episode->label == LABEL_MALICIOUS &&
		(results->headline != PART_HOLD_OUT || episode->dataset->use == USE_HOLD_OUT);
}

/* Is the detection one that the limit speaks of, in that organization? */
static bool is_meant(const struct judging *j, const struct gate_limit *limit, const struct organization *organization,
	const struct detection *detection)
{
	if (detection == NULL || gate_excepts(j->gate, detection))
		return false;
	const struct measure *measure = gate_measure(j->results, organization, detection);
	return measure != NULL && (limit->name.length == 0 || measure->severity == limit->severity);
}

static void add_episode(const struct judging *j, const struct gate_limit *limit, const struct episode_result *episode,
	struct pool *pool)
{
	const struct missed *missed = NULL;
	bool meant = false;
	for (size_t i = 0; i < episode->episode->expects.count && !meant; i++)
		meant = is_meant(j, limit, episode->organization,
			catalog_detection(j->results->catalog, episode->episode->expects.items[i]));
	for (size_t i = 0; meant && i < episode->missed_count && missed == NULL; i++)
		if (is_meant(j, limit, episode->organization, episode->missed[i].detection))
			missed = &episode->missed[i];
	pool->all += meant;
	pool->caught += meant && missed == NULL;
	if (missed != NULL && pool->first == NULL) {
		pool->first = episode;
		pool->missed = missed;
	}
}

/* Under the reference run's baselines a bound that was broken before is no news: an alert of the severity has to be lost. */
static bool lost_some(const struct judging *j, const struct gate_limit *limit, const struct organization *organization)
{
	for (size_t i = 0; i < j->comparison->episode_count; i++) {
		const struct episode_change *change = &j->comparison->episodes[i];
		if (!change->gained && change->organization != NULL && organization != NULL &&
			text_equal(change->organization->name, organization->name) &&
			(limit->name.length == 0 || is_meant(j, limit, organization, change->detection)))
			return true;
	}
	return false;
}

static const char *recall_words(const struct judging *j, const struct gate_limit *limit,
	const struct organization *organization)
{
	return arena_printf(&j->to->arena, "%s%s%.*s", gate_organization(organization), limit->name.length > 0 ? ", severity " : "",
		TEXT_ARGS(limit->name));
}

static void say_recall(struct judging *j, const struct gate_limit *limit, const struct organization *organization,
	const struct pool *pool)
{
	struct arena *arena = &j->to->arena;
	struct gate_bounds bounds = gate_bounds_share(pool->caught, pool->all, j->gate->confidence);
	const char *advice = "", *first = "";
	uint64_t more = j->gate->not_refuted ? 0 : gate_bounds_more(pool->caught, pool->all, j->gate->confidence, limit->value);
	if (pool->first != NULL)
		first = arena_printf(arena, "; the first miss is %.*s in %.*s (%s)", TEXT_ARGS(pool->missed->detection->name),
			TEXT_ARGS(pool->first->episode->name), miss_cause_name(pool->missed->cause));
	if (more > 0)
		advice = arena_printf(arena, "; %llu more caught episode%s would support it%s", (unsigned long long)more,
			more == 1 ? "" : "s", pool->first == NULL ? ", or ask for less" : "");
	struct gate_result *result = gate_say(j, GATE_FAILED,
		"%s: %llu of %llu attack episodes, so recall is %.1f–%.1f %% (%.4g %% interval), and at least %.4g %% is %s%s%s",
		recall_words(j, limit, organization), (unsigned long long)pool->caught, (unsigned long long)pool->all,
		100 * bounds.low, 100 * bounds.high, 100 * j->gate->confidence, 100 * limit->value,
		j->gate->not_refuted ? "refuted" : "not supported", first, advice);
	result->organization = organization;
	result->observed = j->gate->not_refuted ? bounds.high : bounds.low;
	result->bound = limit->value;
	if (pool->first != NULL) {
		result->detection = pool->missed->detection;
		result->event = arena_printf(arena, "%.*s/%.*s", TEXT_ARGS(pool->first->dataset->name),
			TEXT_ARGS(pool->first->episode->name));
	}
}

/* The bound that decides, or NAN where the gate did not pass. */
static double judge_recall_of(struct judging *j, const struct gate_limit *limit, const struct organization *organization)
{
	struct pool pool = {0};
	for (size_t i = 0; i < j->results->episode_count; i++)
		if (j->results->episodes[i].organization == organization && in_headline(j->results, &j->results->episodes[i]))
			add_episode(j, limit, &j->results->episodes[i], &pool);
	struct gate_bounds bounds = gate_bounds_share(pool.caught, pool.all, j->gate->confidence);
	if (pool.all == 0) {
		gate_say(j, GATE_UNDECIDED, "%s: no attack episode expects such a detection", recall_words(j, limit, organization))
			->organization = organization;
		return NAN;
	}
	if (!breaks_least(j->gate, bounds, limit->value) || (j->excused && !lost_some(j, limit, organization)))
		return j->gate->not_refuted ? bounds.high : bounds.low;
	say_recall(j, limit, organization, &pool);
	return NAN;
}

void judge_minimum_recall(struct judging *j)
{
	double lowest = 1;
	for (size_t i = 0; i < j->results->total_count; i++)
		for (size_t k = 0; k < j->gate->limit_count; k++) {
			double bound = judge_recall_of(j, &j->gate->limits[k], j->results->totals[i].organization);
			if (isnan(bound) || bound < lowest)
				lowest = bound; /* once not a number, it stays so */
		}
	if (isnan(lowest))
		return;
	if (j->gate->not_refuted)
		gate_say(j, GATE_PASSED, "not refuted in any organization")->observed = lowest;
	else
		gate_say(j, GATE_PASSED, "supported in every organization; the lowest bound is %.1f %%", 100 * lowest)->observed = lowest;
}

/* --- false-positive rate --- */

static bool is_worse(const struct judging *j, const struct measure *measure)
{
	const struct measure *before = gate_measure(j->comparison->before, measure->organization, measure->detection);
	return before == NULL || measure->fp_events > before->fp_events;
}

static const char *sample_place(const struct judging *j, const struct measure *measure, enum outcome outcome)
{
	for (size_t i = 0; i < j->results->sample_count; i++) {
		const struct alert *alert = &j->results->samples[i];
		if (alert->detection == measure->detection && alert->organization == measure->organization &&
			alert->outcome == outcome)
			return arena_printf(&j->to->arena, "%s:%llu", alert->file != NULL ? alert->file : "-",
				(unsigned long long)alert->line);
	}
	return NULL;
}

static void say_rate(struct judging *j, const struct measure *measure, double most)
{
	struct arena *arena = &j->to->arena;
	const struct rate *rate = &measure->false_positive_rate;
	const char *advice = "";
	if (rate->numerator == 0 && !j->gate->not_refuted)
		advice = arena_printf(arena,
			"; hours are its units, and benign events of %llu hours without a false positive would support it",
			(unsigned long long)gate_bounds_none(j->gate->confidence, most));
	struct gate_result *result = gate_say(j, GATE_FAILED,
		"%s, %.*s: %llu of %llu benign events in scope, so the rate is %.3g–%.3g %% (95 %% interval), and at most %.4g %% is "
		"%s%s",
		gate_organization(measure->organization), TEXT_ARGS(measure->detection->name),
		(unsigned long long)rate->numerator, (unsigned long long)rate->denominator, 100 * rate->low, 100 * rate->high, 100 * most,
		j->gate->not_refuted ? "refuted" : "not supported", advice);
	result->organization = measure->organization;
	result->detection = measure->detection;
	result->observed = j->gate->not_refuted ? rate->low : rate->high;
	result->bound = most;
	result->event = sample_place(j, measure, OUTCOME_FP);
}

void judge_false_positive_rate(struct judging *j)
{
	size_t wrong = 0;
	struct listed blind = {NULL, 0};
	for (size_t i = 0; i < j->results->measure_count; i++) {
		const struct measure *measure = &j->results->measures[i];
		const struct gate_limit *limit = gate_limit_for(j->gate, measure->organization);
		const struct rate *rate = &measure->false_positive_rate;
		if (limit == NULL || measure->disabled || measure->below || gate_excepts(j->gate, measure->detection))
			continue;
		if (rate->denominator == 0) {
			list_name(j, &blind, measure->detection->name);
		} else if (breaks_most(j->gate, (struct gate_bounds){rate->low, rate->high}, limit->value) &&
			(!j->excused || is_worse(j, measure))) {
			say_rate(j, measure, limit->value);
			wrong++;
		}
	}
	if (blind.count > 0 && !j->gate->not_refuted)
		gate_say(j, GATE_UNDECIDED, "no benign event is in scope of %s", names_of(&j->to->arena, &blind));
	else if (wrong == 0)
		gate_say(j, GATE_PASSED, "%s for every detection that benign events could have set off",
			j->gate->not_refuted ? "not refuted" : "supported");
}

/* --- alert groups a day --- */

struct daily {
	const struct organization *organization;
	const struct detection *detection; /* NULL: all */
	double groups_per_day, observed, most;
	const char *place;
};

static bool judge_daily(struct judging *j, const struct daily *daily)
{
	struct arena *arena = &j->to->arena;
	double days = daily->observed / DAY;
	uint64_t groups = (uint64_t)llround(daily->groups_per_day * days);
	struct gate_bounds count = gate_bounds_count(groups, j->gate->confidence);
	struct gate_bounds bounds = {count.low / days, count.high / days};
	const char *advice = "";
	if (!breaks_most(j->gate, bounds, daily->most))
		return true;
	if (!j->gate->not_refuted && daily->groups_per_day <= daily->most)
		advice = arena_printf(arena, "; %.1f days with no more of them would support it", count.high / daily->most);
	struct gate_result *result = gate_say(j, GATE_FAILED,
		"%s, %.*s: %llu alert groups in %.2f days, so %.3g–%.3g a day (%.4g %% interval), and at most %.4g is %s%s",
		gate_organization(daily->organization),
		TEXT_ARGS(daily->detection != NULL ? daily->detection->name : TEXT("all detections")),
		(unsigned long long)groups, days, bounds.low, bounds.high, 100 * j->gate->confidence, daily->most,
		j->gate->not_refuted ? "refuted" : "not supported", advice);
	result->organization = daily->organization;
	result->detection = daily->detection;
	result->observed = j->gate->not_refuted ? bounds.low : bounds.high;
	result->bound = daily->most;
	result->event = daily->place;
	return false;
}

static const struct total *total_of(const struct results *results, const struct organization *organization)
{
	for (size_t i = 0; i < results->total_count; i++)
		if (strcmp(gate_organization(results->totals[i].organization), gate_organization(organization)) == 0)
			return &results->totals[i];
	return NULL;
}

static bool more_groups(const struct judging *j, const struct measure *measure)
{
	const struct measure *before = gate_measure(j->comparison->before, measure->organization, measure->detection);
	return before == NULL || !(measure->groups_per_day <= before->groups_per_day);
}

static bool more_in_total(const struct judging *j, const struct total *total)
{
	const struct total *before = total_of(j->comparison->before, total->organization);
	return before == NULL || !(total->groups_per_day <= before->groups_per_day);
}

static void say_observed(struct judging *j, const struct listed *short_ones, size_t wrong)
{
	if (short_ones->count > 0)
		gate_say(j, GATE_UNDECIDED, "less than %.0f hours were observed in %s, and that gives no figure a day",
			LEAST_OBSERVED / 3600, names_of(&j->to->arena, short_ones));
	else if (wrong == 0)
		gate_say(j, GATE_PASSED, "%s in every organization", j->gate->not_refuted ? "not refuted" : "supported");
}

void judge_groups_per_day(struct judging *j)
{
	size_t wrong = 0;
	struct listed short_ones = {NULL, 0};
	for (size_t i = 0; i < j->results->measure_count; i++) {
		const struct measure *measure = &j->results->measures[i];
		const struct gate_limit *limit = gate_limit_for(j->gate, measure->organization);
		double most = limit == NULL ? NAN : limit->form == GATE_BUDGET ? measure->budget : limit->value;
		if (limit == NULL || gate_excepts(j->gate, measure->detection) || (limit->form == GATE_BUDGET && most < 0))
			continue;
		if (isnan(measure->groups_per_day)) {
			list_name(j, &short_ones, text_of(gate_organization(measure->organization)));
			continue;
		}
		struct daily daily = {measure->organization, measure->detection, measure->groups_per_day,
			total_of(j->results, measure->organization)->observed, most, sample_place(j, measure, OUTCOME_FP)};
		if (!j->excused || more_groups(j, measure))
			wrong += !judge_daily(j, &daily);
	}
	say_observed(j, &short_ones, wrong);
}

void judge_total_groups_per_day(struct judging *j)
{
	size_t wrong = 0;
	struct listed short_ones = {NULL, 0};
	for (size_t i = 0; i < j->results->total_count; i++) {
		const struct total *total = &j->results->totals[i];
		const struct gate_limit *limit = gate_limit_for(j->gate, total->organization);
		if (limit == NULL)
			continue;
		struct daily daily = {total->organization, NULL, total->groups_per_day, total->observed, limit->value, NULL};
		if (isnan(total->groups_per_day))
			list_name(j, &short_ones, text_of(gate_organization(total->organization)));
		else if (!j->excused || more_in_total(j, total))
			wrong += !judge_daily(j, &daily);
	}
	say_observed(j, &short_ones, wrong);
}

/* --- alerts that nobody judged --- */

static uint64_t unjudged_of(const struct measure *measure)
{
	return measure->alerts[OUTCOME_UNATTRIBUTED] + measure->alerts[OUTCOME_UNKNOWN];
}

/* Of one organization; *most is the measure that has most of them. */
static uint64_t count_unjudged(const struct judging *j, const struct results *results, const struct organization *organization,
	const struct measure **most)
{
	uint64_t count = 0;
	*most = NULL;
	for (size_t i = 0; i < results->measure_count; i++) {
		const struct measure *measure = &results->measures[i];
		if (strcmp(gate_organization(measure->organization), gate_organization(organization)) != 0 ||
			gate_excepts(j->gate, measure->detection))
			continue;
		count += unjudged_of(measure);
		if (*most == NULL || unjudged_of(measure) > unjudged_of(*most))
			*most = measure;
	}
	return count;
}

static bool judge_unjudged_of(struct judging *j, const struct organization *organization, const struct gate_limit *limit)
{
	const struct measure *most, *before;
	uint64_t count = count_unjudged(j, j->results, organization, &most);
	if (most == NULL || (double)count <= limit->value ||
		(j->excused && count <= count_unjudged(j, j->comparison->before, organization, &before)))
		return true;
	struct gate_result *result = gate_say(j, GATE_FAILED,
		"%s: %llu alerts that nobody judged (unattributed or on unknown events), %.0f allowed; %llu of them are %.*s's "
		"(mews label)",
		gate_organization(organization), (unsigned long long)count, limit->value, (unsigned long long)unjudged_of(most),
		TEXT_ARGS(most->detection->name));
	result->organization = organization;
	result->detection = most->detection;
	result->observed = (double)count;
	result->bound = limit->value;
	result->event = sample_place(j, most, most->alerts[OUTCOME_UNATTRIBUTED] > 0 ? OUTCOME_UNATTRIBUTED : OUTCOME_UNKNOWN);
	return false;
}

void judge_unjudged(struct judging *j)
{
	size_t wrong = 0;
	for (size_t i = 0; i < j->results->total_count; i++) {
		const struct gate_limit *limit = gate_limit_for(j->gate, j->results->totals[i].organization);
		if (limit != NULL)
			wrong += !judge_unjudged_of(j, j->results->totals[i].organization, limit);
	}
	if (wrong == 0)
		gate_say(j, GATE_PASSED, "no organization has more alerts that nobody judged");
}
