/* show: figures as words (see show.h). */
#include "replay/report/show.h"
#include "replay/report/misses.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char show_nothing[] = "–";

const char *show_count(struct arena *arena, uint64_t count)
{
	const char *digits = arena_printf(arena, "%llu", (unsigned long long)count);
	size_t length = strlen(digits), at = 0;
	char *out = arena_alloc(arena, length + length / 3 + 1);
	for (size_t i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = digits[i];
	}
	return out;
}

const char *show_fraction(struct arena *arena, const struct rate *rate)
{
	if (!rate->denominator)
		return show_nothing;
	return arena_printf(arena, "%llu/%llu", (unsigned long long)rate->numerator, (unsigned long long)rate->denominator);
}

/* Two significant digits, without a trailing ".0". */
static const char *percent_number(struct arena *arena, double share)
{
	double percent = share * 100;
	if (percent >= 9.95 || percent == 0)
		return arena_printf(arena, "%.0f", percent);
	if (percent < 0.01)
		return "<0.01";
	return arena_printf(arena, percent >= 0.995 ? "%.1f" : "%.2f", percent);
}

const char *show_percent(struct arena *arena, double share)
{
	return isnan(share) ? show_nothing : arena_printf(arena, "%s %%", percent_number(arena, share));
}

const char *show_interval(struct arena *arena, const struct rate *rate)
{
	if (!rate->denominator)
		return show_nothing;
	return arena_printf(arena, "%s–%s %%", percent_number(arena, rate->low), percent_number(arena, rate->high));
}

const char *show_daily(struct arena *arena, double per_day)
{
	if (isnan(per_day))
		return show_nothing;
	return arena_printf(arena, per_day >= 99.95 || per_day == 0 ? "%.0f" : "%.1f", per_day);
}

const char *show_duration(struct arena *arena, double seconds)
{
	static const struct { double least, unit; const char *name; } units[] = {
		{2 * 86400.0, 86400, "d"}, {2 * 3600.0, 3600, "h"}, {120, 60, "min"}, {0, 1, "s"}};
	for (size_t i = 0; seconds > 0 && i < sizeof units / sizeof *units; i++)
		if (seconds >= units[i].least)
			return arena_printf(arena, "%.1f %s", seconds / units[i].unit, units[i].name);
	return show_nothing;
}

const char *show_time(struct arena *arena, int64_t time)
{
	char text[40];
	if (time == INT64_MIN)
		return show_nothing;
	return arena_strndup(arena, text, date_format(time, text));
}

struct text show_organization(const struct organization *organization)
{
	return organization ? organization->name : TEXT("(no baseline)");
}

const char *show_reach(const struct measure *measure)
{
	if (measure->below)
		return "below";
	return measure->disabled ? "disabled" : reachability_name(measure->reachability);
}

const char *show_limited(struct arena *arena, const struct measure *measure)
{
	if (!measure->limited)
		return NULL;
	return arena_printf(arena, "%.*s: its regex hit the match limit %s time%s: such values count as no match",
		TEXT_ARGS(measure->detection->name), show_count(arena, measure->limited), measure->limited == 1 ? "" : "s");
}

static int compare_counts(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

/* Misses of what is switched off are wanted. */
static uint64_t unwanted_misses(const struct measure *measure)
{
	return measure->disabled || measure->below ? 0 : measure->fn;
}

int show_by_attention(const void *left, const void *right)
{
	const struct measure *a = *(const struct measure *const *)left, *b = *(const struct measure *const *)right;
	const uint64_t keys[][2] = {
		{unwanted_misses(a), unwanted_misses(b)},
		{a->alerts[OUTCOME_FP], b->alerts[OUTCOME_FP]},
		{a->alerts[OUTCOME_UNATTRIBUTED], b->alerts[OUTCOME_UNATTRIBUTED]},
		{a->alerts[OUTCOME_UNKNOWN], b->alerts[OUTCOME_UNKNOWN]},
		{a->fn, b->fn},
		{a->alerts[OUTCOME_BTP], b->alerts[OUTCOME_BTP]},
		{a->alerts[OUTCOME_TP], b->alerts[OUTCOME_TP]},
	};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i][0] != keys[i][1])
			return compare_counts(keys[i][0], keys[i][1]);
	return text_compare(a->detection->name, b->detection->name);
}

const struct measure **show_sorted(struct arena *arena, const struct results *results, enum part part, size_t index)
{
	size_t count = results->total_count ? results->measure_count / results->total_count : 0;
	const struct measure **sorted = arena_array(arena, count + 1, sizeof *sorted);
	for (size_t i = 0; i < count; i++)
		sorted[i] = &results->parts[part].measures[index * count + i];
	qsort(sorted, count, sizeof *sorted, show_by_attention);
	return sorted;
}

/* The next step */

static const struct missed *first_miss(const struct results *results, const struct episode_result **episode)
{
	for (size_t i = 0; i < results->episode_count; i++) {
		*episode = &results->episodes[i];
		for (size_t k = 0; !(*episode)->foreign && k < (*episode)->missed_count; k++)
			if (misses_is_open(*episode, &(*episode)->missed[k]))
				return &(*episode)->missed[k];
	}
	return NULL;
}

/* Of the headline, so that the sentence says what the table above it says; of all where it has none. */
static const struct measure *noisiest(const struct results *results, enum outcome outcome)
{
	const struct measure *worst = NULL;
	const enum part parts[] = {results->headline, PART_ALL};
	for (size_t k = 0; !worst && k < sizeof parts / sizeof *parts; k++) {
		const struct measure *measures = results->parts[parts[k]].measures;
		for (size_t i = 0; i < results->measure_count; i++)
			if (measures[i].alerts[outcome] > (worst ? worst->alerts[outcome] : 0))
				worst = &measures[i];
	}
	return worst;
}

static size_t count_blind(const struct results *results)
{
	size_t blind = 0;
	for (size_t i = 0; i < results->measure_count; i++) {
		const struct measure *measure = &results->parts[PART_ALL].measures[i];
		blind += !measure->disabled && !measure->below && measure->reachability == REACH_BLIND;
	}
	return blind;
}

/* May it stand in a command as it is? */
static bool is_word(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9');
		if (!letter && !(byte && strchr("-_.", byte)))
			return false;
	}
	return text.length && text.data[0] != '-';
}

static struct text missed_step(struct arena *arena, const struct episode_result *episode, const struct missed *missed)
{
	static const char *const advice[] = {
		[MISS_NO_EVENT] = "record what it needs, or say in the episode's `gap` why that cannot be",
		[MISS_UNMATCHED] = "`mews explain` shows which predicate fails",
		[MISS_EXCEPTED] = "an exception hides it: narrow the exception",
		[MISS_DISABLED] = "", [MISS_BELOW_SEVERITY] = ""};
	struct text organization = show_organization(episode->organization);
	const char *what = advice[missed->cause];
	if (missed->cause == MISS_UNMATCHED && is_word(episode->dataset->name) && is_word(episode->episode->name))
		what = arena_printf(arena, "`mews explain --episode %.*s/%.*s %.*s` shows which predicate fails",
			TEXT_ARGS(episode->dataset->name), TEXT_ARGS(episode->episode->name), TEXT_ARGS(missed->detection->name));
	return text_of(arena_printf(arena, "Next: %.*s misses %.*s in episode %.*s of %.*s (%s); %s.", TEXT_ARGS(organization),
		TEXT_ARGS(missed->detection->name), TEXT_ARGS(episode->episode->name), TEXT_ARGS(episode->dataset->name),
		miss_cause_name(missed->cause), what));
}

static struct text noise_step(struct arena *arena, const struct measure *measure, enum outcome outcome)
{
	static const char *const names[OUTCOME_COUNT] = {
		[OUTCOME_FP] = "false positive", [OUTCOME_UNATTRIBUTED] = "alert", [OUTCOME_UNKNOWN] = "alert"};
	static const char *const advice[OUTCOME_COUNT] = {
		[OUTCOME_FP] = "(`--alerts` lists them): narrow the condition, or except what is normal there",
		[OUTCOME_UNATTRIBUTED] = "inside attacks that do not name it: judge them, and put it under the"
			" episode's `allows` where it is right",
		[OUTCOME_UNKNOWN] = "on unlabelled events: judge them (`mews label` lists them and stores what you decide)"};
	uint64_t count = measure->alerts[outcome];
	struct text organization = show_organization(measure->organization);
	const char *tune = outcome == OUTCOME_FP && measure->organization ? arena_printf(arena,
		" (`mews tune --org %.*s` proposes what)", TEXT_ARGS(organization)) : "";
	return text_of(arena_printf(arena, "Next: %.*s gives %.*s %s %s%s %s%s.", TEXT_ARGS(measure->detection->name),
		TEXT_ARGS(organization), show_count(arena, count), names[outcome], count == 1 ? "" : "s", advice[outcome], tune));
}

struct text show_next_step(struct arena *arena, const struct results *results)
{
	static const enum outcome order[] = {OUTCOME_FP, OUTCOME_UNATTRIBUTED, OUTCOME_UNKNOWN};
	const struct episode_result *episode;
	const struct missed *missed = first_miss(results, &episode);
	if (missed)
		return missed_step(arena, episode, missed);
	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		const struct measure *measure = noisiest(results, order[i]);
		if (measure)
			return noise_step(arena, measure, order[i]);
	}
	size_t blind = count_blind(results);
	if (blind)
		return text_of(arena_printf(arena, "Next: %zu of %zu detections × organizations are blind here: no benign event"
			" could have shown a false positive; replay a recording of ordinary work that has such events.",
			blind, results->measure_count));
	return TEXT("Nothing needs attention.");
}
