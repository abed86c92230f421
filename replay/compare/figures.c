/* figures: episodes, rates and totals of two runs side by side (see compare.h). */
#include "replay/compare/pairs.h"

#include <string.h>

struct figures {
	struct comparing *c;
	const struct paired *groups; /* [organizations × detections] */
	struct paired *episodes;     /* likewise */
	struct paired *attacks;      /* [organizations]: was at least one expected alert there? */
	unsigned char *marks;        /* [detections], of the episode at hand */
};

enum mark { EXPECTED_BEFORE = 1, EXPECTED_AFTER = 2, ALERTED_BEFORE = 4, ALERTED_AFTER = 8 };

static void count_pair(struct paired *paired, bool before, bool after)
{
	paired->both += before && after;
	paired->first += before && !after;
	paired->second += after && !before;
	paired->neither += !before && !after;
}

/* Episodes */

static bool same_episode(const struct episode_result *a, const struct episode_result *b)
{
	return text_equal(a->episode->name, b->episode->name) && text_equal(a->dataset->name, b->dataset->name) &&
		pairs_same_name(a->organization, b->organization);
}

/* Both runs list episodes in nearly the same order: the search begins behind the newest one. */
static const struct episode_result *episode_before(const struct comparing *c, const struct episode_result *after, size_t *newest)
{
	for (size_t i = 0; i < c->before->episode_count; i++) {
		size_t at = (*newest + i) % c->before->episode_count;
		if (same_episode(&c->before->episodes[at], after)) {
			*newest = at + 1;
			return &c->before->episodes[at];
		}
	}
	return NULL;
}

static bool expectations_hold(const struct episode_result *result)
{
	bool tolerates = result->organization && result->organization->tolerates_risky;
	return result->label == LABEL_MALICIOUS || (result->label == LABEL_RISKY && !tolerates);
}

static void mark(struct figures *f, const struct results *run, const struct episode_result *result, enum mark expected,
	enum mark alerted)
{
	struct comparing *c = f->c;
	for (size_t i = 0; expectations_hold(result) && i < result->episode->expects.count; i++) {
		const struct detection *detection = catalog_detection(run->catalog, result->episode->expects.items[i]);
		if (detection)
			f->marks[pairs_detection(c, run, detection) - c->detections] |= (unsigned char)expected;
	}
	for (size_t i = 0; i < result->alerted_count; i++)
		f->marks[pairs_detection(c, run, result->alerted[i]) - c->detections] |= (unsigned char)alerted;
}

static const char *cause_of_loss(const struct detection_pair *pair, const struct episode_result *after)
{
	if (!pair->after)
		return "removed";
	for (size_t i = 0; i < after->missed_count; i++)
		if (after->missed[i].detection == pair->after)
			return miss_cause_name(after->missed[i].cause);
	return "no longer expected";
}

static void add_change(struct figures *f, const struct detection_pair *pair, const struct episode_result *before,
	const struct episode_result *after, bool gained)
{
	struct comparison *out = f->c->out;
	out->episodes = arena_grow(f->c->arena, out->episodes, out->episode_count, sizeof *out->episodes);
	out->episodes[out->episode_count++] = (struct episode_change){
		.gained = gained,
		.organization = after->organization,
		.detection = pair->after ? pair->after : pair->before,
		.before = before,
		.after = after,
		.cause = gained ? NULL : cause_of_loss(pair, after),
	};
}

static bool of_headline(const struct results *run, const struct dataset *dataset)
{
	return run->headline == PART_ALL || (dataset->use == USE_HOLD_OUT) == (run->headline == PART_HOLD_OUT);
}

/* Expectations that both runs have are pairs; what only one has can still be gained or lost. */
static void compare_episode(struct figures *f, size_t organization, const struct episode_result *before,
	const struct episode_result *after)
{
	const size_t count = f->c->detection_count;
	const bool attack = before->label == LABEL_MALICIOUS && after->label == LABEL_MALICIOUS &&
		of_headline(f->c->after, after->dataset);
	bool any = false, any_before = false, any_after = false;
	memset(f->marks, 0, count);
	mark(f, f->c->before, before, EXPECTED_BEFORE, ALERTED_BEFORE);
	mark(f, f->c->after, after, EXPECTED_AFTER, ALERTED_AFTER);
	for (size_t i = 0; i < count; i++) {
		const bool was = f->marks[i] & ALERTED_BEFORE, is = f->marks[i] & ALERTED_AFTER;
		const bool expected_before = f->marks[i] & EXPECTED_BEFORE, expected_after = f->marks[i] & EXPECTED_AFTER;
		if (!expected_before && !expected_after)
			continue;
		if (was != is)
			add_change(f, &f->c->detections[i], before, after, is);
		if (attack && expected_before && expected_after)
			count_pair(&f->episodes[organization * count + i], was, is);
		any = true;
		any_before = any_before || (was && expected_before);
		any_after = any_after || (is && expected_after);
	}
	if (any && attack)
		count_pair(&f->attacks[organization], any_before, any_after);
}

static void compare_episodes(struct figures *f)
{
	struct comparing *c = f->c;
	size_t newest = 0;
	for (size_t i = 0; i < c->after->episode_count; i++) {
		const struct episode_result *after = &c->after->episodes[i];
		size_t organization = pairs_organization(c, after->organization);
		const struct episode_result *before = organization == SIZE_MAX ? NULL : episode_before(c, after, &newest);
		if (before && !before->foreign && !after->foreign)
			compare_episode(f, organization, before, after);
	}
}

/* Rates */

static bool same_counts(const struct measure *a, const struct measure *b)
{
	const uint64_t pairs[][2] = {{a->fn, b->fn}, {a->excepted, b->excepted}, {a->benign_in_scope, b->benign_in_scope},
		{a->fp_events, b->fp_events}, {a->matches, b->matches}, {a->extra, b->extra}, {a->missed, b->missed},
		{a->recall.denominator, b->recall.denominator}, {a->risky_recall.numerator, b->risky_recall.numerator},
		{a->risky_recall.denominator, b->risky_recall.denominator}, {a->disabled, b->disabled}, {a->below, b->below}};
	bool same = memcmp(a->alerts, b->alerts, sizeof a->alerts) == 0 && memcmp(a->groups, b->groups, sizeof a->groups) == 0;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		same = same && pairs[i][0] == pairs[i][1];
	return same;
}

static const struct measure *measure_of(const struct results *run, size_t organization, size_t detection)
{
	return detection == SIZE_MAX ? NULL : &run->measures[organization * run->catalog->detection_count + detection];
}

static void compare_rate(struct figures *f, size_t organization, size_t detection)
{
	struct comparing *c = f->c;
	const struct organization_pair *where = &c->organizations[organization];
	const struct detection_pair *what = &c->detections[detection];
	const size_t at = organization * c->detection_count + detection;
	struct rate_change change = {.organization = where->after, .episodes = f->episodes[at], .groups = f->groups[at]};
	change.before = measure_of(c->before, where->before_at, what->before_at);
	change.after = measure_of(c->after, where->after_at, what->after_at);
	const bool moved = change.episodes.first || change.episodes.second || change.groups.first || change.groups.second;
	if (change.before && change.after && !moved && same_counts(change.before, change.after))
		return;
	paired_test(&change.episodes);
	paired_test(&change.groups);
	c->out->rates = arena_grow(c->arena, c->out->rates, c->out->rate_count, sizeof *c->out->rates);
	c->out->rates[c->out->rate_count++] = change;
}

static void compare_total(struct figures *f, size_t organization)
{
	struct comparing *c = f->c;
	const struct organization_pair *where = &c->organizations[organization];
	struct total_change *change = &c->out->totals[c->out->total_count++];
	*change = (struct total_change){.organization = where->after, .before = &c->before->totals[where->before_at],
		.after = &c->after->totals[where->after_at], .episodes = f->attacks[organization]};
	for (size_t i = 0; i < c->detection_count; i++) {
		const struct paired *groups = &f->groups[organization * c->detection_count + i];
		change->groups.both += groups->both;
		change->groups.first += groups->first;
		change->groups.second += groups->second;
	}
	paired_test(&change->episodes);
	paired_test(&change->groups);
}

void figures_find(struct comparing *c, const struct paired *groups)
{
	struct figures f = {.c = c, .groups = groups};
	f.episodes = arena_array(&c->scratch, c->organization_count * c->detection_count + 1, sizeof *f.episodes);
	f.attacks = arena_array(&c->scratch, c->organization_count + 1, sizeof *f.attacks);
	f.marks = arena_array(&c->scratch, c->detection_count + 1, sizeof *f.marks);
	c->out->totals = arena_array(c->arena, c->organization_count + 1, sizeof *c->out->totals);
	compare_episodes(&f);
	for (size_t i = 0; i < c->organization_count; i++) {
		for (size_t k = 0; k < c->detection_count; k++)
			compare_rate(&f, i, k);
		compare_total(&f, i);
	}
}
