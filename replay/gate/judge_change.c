/* judge_change: what a change did to alerts, by exact counts: both runs saw the same events. */
#include "replay/gate/gates.h"

#include <math.h>
#include <string.h>

/* --- lost episodes --- */

static bool is_lost(const struct judging *j, const struct episode_change *change)
{
	return !change->gained && change->before != NULL && change->before->label == LABEL_MALICIOUS && !change->before->foreign &&
		!gate_excepts(j->gate, change->detection);
}

static bool same_loss(const struct episode_change *a, const struct episode_change *b)
{
	return text_equal_fold(a->detection->id, b->detection->id) &&
		text_equal(a->before->dataset->name, b->before->dataset->name) &&
		text_equal(a->before->episode->name, b->before->episode->name);
}

/* The same loss in an organization that came earlier: it is said there. */
static bool said_before(const struct judging *j, size_t index)
{
	const struct episode_change *changes = j->comparison->episodes;
	for (size_t i = 0; i < index; i++)
		if (is_lost(j, &changes[i]) && same_loss(&changes[i], &changes[index]))
			return true;
	return false;
}

/* The alert that was lost; where there is none to show, NULL. */
static const struct alert_change *lost_alert(const struct judging *j, const struct episode_change *change)
{
	for (size_t i = 0; i < j->comparison->alert_count; i++) {
		const struct alert_change *alert = &j->comparison->alerts[i];
		if (!alert->gained && alert->alert->episode != NULL &&
			text_equal_fold(alert->alert->detection->id, change->detection->id) &&
			text_equal(alert->alert->episode->name, change->before->episode->name) &&
			text_equal(alert->alert->dataset->name, change->before->dataset->name))
			return alert;
	}
	return NULL;
}

static const char *place_of(struct arena *arena, const struct alert *alert)
{
	return arena_printf(arena, "%s:%llu", alert->file != NULL ? alert->file : "-", (unsigned long long)alert->line);
}

static const char *organizations_of(const struct judging *j, const struct episode_change *change, size_t *count)
{
	struct arena *arena = &j->to->arena;
	struct text *names = arena_array(arena, j->comparison->episode_count + 1, sizeof *names);
	*count = 0;
	for (size_t i = 0; i < j->comparison->episode_count; i++)
		if (is_lost(j, &j->comparison->episodes[i]) && same_loss(&j->comparison->episodes[i], change))
			names[(*count)++] = text_of(gate_organization(j->comparison->episodes[i].organization));
	return gate_names(arena, names, *count);
}

/* Why no alert came, and what of the change did it. */
static const char *cause_of(struct judging *j, const struct episode_change *change, const struct alert_change *alert)
{
	const char *miss = change->cause != NULL ? change->cause : "no alert any more";
	const char *what = alert != NULL && alert->cause != NULL ? alert->cause : "";
	if (what[0] == '\0' || strcmp(what, miss) == 0)
		return miss;
	return strncmp(what, miss, strlen(miss)) == 0 ? what : arena_printf(&j->to->arena, "%s, %s", miss, what);
}

static void say_lost(struct judging *j, const struct episode_change *change, size_t all, double allowed)
{
	struct arena *arena = &j->to->arena;
	const struct alert_change *alert = lost_alert(j, change);
	size_t organizations = 0;
	const char *names = organizations_of(j, change, &organizations), *cause = cause_of(j, change, alert);
	struct gate_result *result = gate_say(j, GATE_FAILED,
		"%.*s misses the attack %.*s/%.*s that it caught before (%s), in %s; %zu lost, %.0f allowed",
		TEXT_ARGS(change->detection->name), TEXT_ARGS(change->before->dataset->name),
		TEXT_ARGS(change->before->episode->name), cause, names, all, allowed);
	result->organization = organizations == 1 ? change->organization : NULL;
	result->detection = change->detection;
	result->observed = (double)all;
	result->bound = allowed;
	result->event = alert != NULL ? place_of(arena, alert->alert)
		: arena_printf(arena, "%.*s/%.*s", TEXT_ARGS(change->before->dataset->name), TEXT_ARGS(change->before->episode->name));
}

static size_t count_attacks(const struct results *results)
{
	size_t count = 0;
	for (size_t i = 0; i < results->episode_count; i++)
		count += results->episodes[i].label == LABEL_MALICIOUS && !results->episodes[i].foreign &&
			results->episodes[i].organization == results->episodes[0].organization;
	return count;
}

/* Organizations of the reference run that are gone: nothing is known of what they lost. One that is there and was not
 * replayed is another command's business (--org, another project file). */
static void judge_left_out(struct judging *j)
{
	const struct results *before = j->comparison->before;
	struct text *names = arena_array(&j->to->arena, before->total_count + 1, sizeof *names);
	size_t gone = 0;
	for (size_t i = 0; i < before->total_count; i++) {
		const struct organization *organization = before->totals[i].organization;
		if (organization != NULL && catalog_organization(j->results->catalog, organization->name) == NULL)
			names[gone++] = organization->name;
	}
	if (gone > 0)
		gate_say(j, GATE_UNDECIDED, "the reference run has %s, and the catalog has not any more: what is lost there is not known",
			gate_names(&j->to->arena, names, gone));
}

void judge_lost_episodes(struct judging *j)
{
	double allowed = j->gate->limits[0].value;
	size_t all = 0, attacks = count_attacks(j->results);
	judge_left_out(j);
	for (size_t i = 0; i < j->comparison->episode_count; i++)
		all += is_lost(j, &j->comparison->episodes[i]) && !said_before(j, i);
	if (attacks == 0 && all == 0) {
		gate_say(j, GATE_PASSED, "there is no attack episode in the corpus, so none could be lost")->notice = true;
		return;
	}
	if ((double)all <= allowed) {
		struct gate_result *result = gate_say(j, GATE_PASSED, "%zu lost, %.0f allowed; %zu attack episodes were compared", all,
			allowed, attacks);
		result->observed = (double)all;
		result->bound = allowed;
		result->notice = all > 0;
		return;
	}
	for (size_t i = 0; i < j->comparison->episode_count; i++)
		if (is_lost(j, &j->comparison->episodes[i]) && !said_before(j, i))
			say_lost(j, &j->comparison->episodes[i], all, allowed);
}

/* --- new false positives, new alerts that nobody judged --- */

static bool counts(const struct judging *j, const struct alert *alert)
{
	bool kind = j->gate->number == GATE_NEW_FALSE_POSITIVES ? alert->outcome == OUTCOME_FP
		: alert->outcome == OUTCOME_UNATTRIBUTED || alert->outcome == OUTCOME_UNKNOWN;
	return kind && !gate_excepts(j->gate, alert->detection);
}

/* One detection in one organization. */
struct growth {
	const struct alert *first; /* that was gained */
	const struct organization *organization;
	const struct detection *detection;
	uint64_t gained, lost;
};

static struct growth *growth_of(struct judging *j, const struct alert *alert, struct growth **growths, size_t *count)
{
	for (size_t i = 0; i < *count; i++) {
		struct growth *growth = &(*growths)[i];
		if (text_equal_fold(growth->detection->id, alert->detection->id) &&
			strcmp(gate_organization(growth->organization), gate_organization(alert->organization)) == 0)
			return growth;
	}
	*growths = arena_grow(&j->to->arena, *growths, *count, sizeof **growths);
	(*growths)[*count] = (struct growth){NULL, alert->organization, alert->detection, 0, 0};
	return &(*growths)[(*count)++];
}

/* What a detection gains is set off by what the same detection loses, not by what another one does. */
static size_t find_growths(struct judging *j, struct growth **growths)
{
	size_t count = 0;
	*growths = NULL;
	for (size_t i = 0; i < j->comparison->alert_count; i++) {
		const struct alert_change *change = &j->comparison->alerts[i];
		if (!counts(j, change->alert))
			continue;
		struct growth *growth = growth_of(j, change->alert, growths, &count);
		growth->gained += change->gained;
		growth->lost += !change->gained;
		if (change->gained && growth->first == NULL) {
			growth->first = change->alert;
			growth->detection = change->alert->detection;
		}
	}
	return count;
}

static uint64_t net(const struct growth *growth)
{
	return growth->gained > growth->lost ? growth->gained - growth->lost : 0;
}

/* What the reference run has, of the parts that are the organization's own: hold-out and develop. */
static uint64_t count_before(const struct judging *j, const struct organization *organization)
{
	const struct results *before = j->comparison->before;
	const struct measure *measures = before->parts[PART_ALL].measures;
	uint64_t count = 0;
	for (size_t i = 0; measures != NULL && i < before->measure_count; i++) {
		const struct measure *measure = &measures[i];
		if (strcmp(gate_organization(measure->organization), gate_organization(organization)) != 0 ||
			gate_excepts(j->gate, measure->detection))
			continue;
		count += j->gate->number == GATE_NEW_FALSE_POSITIVES ? measure->alerts[OUTCOME_FP]
			: measure->alerts[OUTCOME_UNATTRIBUTED] + measure->alerts[OUTCOME_UNKNOWN];
	}
	return count;
}

/* Of all detections of an organization together. */
struct sum {
	uint64_t new_ones, before;
	double allowed;
	const char *percent, *tolerance;
};

static void say_growth(struct judging *j, const struct growth *growth, const struct sum *sum)
{
	bool false_ones = j->gate->number == GATE_NEW_FALSE_POSITIVES;
	bool one = net(growth) == 1;
	const char *lost = growth->lost > 0 ? arena_printf(&j->to->arena, " (%llu gained, %llu lost)",
		(unsigned long long)growth->gained, (unsigned long long)growth->lost) : "";
	struct gate_result *result = gate_say(j, GATE_FAILED,
		"%.*s gives %s %llu %s more than before%s; %llu new in all on top of %llu%s, %s allowed",
		TEXT_ARGS(growth->detection->name), gate_organization(growth->organization), (unsigned long long)net(growth),
		false_ones ? one ? "false positive" : "false positives" : one ? "unjudged alert" : "unjudged alerts",
		lost, (unsigned long long)sum->new_ones, (unsigned long long)sum->before, sum->percent, sum->tolerance);
	result->organization = growth->organization;
	result->detection = growth->detection;
	result->observed = (double)sum->new_ones;
	result->bound = sum->allowed;
	result->event = growth->first != NULL ? place_of(&j->to->arena, growth->first) : NULL;
}

static void fill_sum(struct judging *j, const struct organization *organization, const struct gate_limit *limit,
	struct sum *sum)
{
	struct arena *arena = &j->to->arena;
	sum->before = count_before(j, organization);
	sum->allowed = limit->form == GATE_PERCENT ? limit->value * (double)sum->before : limit->value;
	sum->percent = sum->before > 0
		? arena_printf(arena, " (+%.3g %%)", 100 * (double)sum->new_ones / (double)sum->before) : "";
	sum->tolerance = limit->form == GATE_PERCENT ? arena_printf(arena, "%.4g %%", 100 * limit->value)
		: arena_printf(arena, "%.0f", limit->value);
}

static bool judge_growth(struct judging *j, const struct organization *organization, const struct growth *growths, size_t count)
{
	const struct gate_limit *limit = gate_limit_for(j->gate, organization);
	struct sum sum = {.new_ones = 0};
	const char *name = gate_organization(organization);
	for (size_t i = 0; i < count; i++)
		if (strcmp(gate_organization(growths[i].organization), name) == 0)
			sum.new_ones += net(&growths[i]);
	if (limit == NULL || sum.new_ones == 0)
		return true;
	fill_sum(j, organization, limit, &sum);
	if ((double)sum.new_ones <= sum.allowed)
		return true;
	for (size_t i = 0; i < count; i++)
		if (strcmp(gate_organization(growths[i].organization), name) == 0 && net(&growths[i]) > 0)
			say_growth(j, &growths[i], &sum);
	return false;
}

/* Of unlabelled data nothing is a false positive. */
static bool has_benign_events(const struct results *results)
{
	const struct total *totals = results->parts[PART_ALL].totals;
	uint64_t count = 0;
	for (size_t i = 0; totals != NULL && i < results->total_count; i++)
		count += totals[i].benign_events;
	return count > 0;
}

void judge_new_alerts(struct judging *j)
{
	struct growth *growths = NULL;
	size_t count = find_growths(j, &growths), wrong = 0;
	uint64_t gained = 0, lost = 0;
	for (size_t i = 0; i < j->results->total_count; i++)
		wrong += !judge_growth(j, j->results->totals[i].organization, growths, count);
	for (size_t i = 0; i < count; i++) {
		gained += growths[i].gained;
		lost += growths[i].lost;
	}
	if (wrong == 0 && j->gate->number == GATE_NEW_FALSE_POSITIVES && !has_benign_events(j->results))
		gate_say(j, GATE_PASSED, "no event that a detection could match is labelled benign, so none could be a false positive "
			"(new_unjudged_alerts is for data without labels)")->notice = true;
	else if (wrong == 0)
		gate_say(j, GATE_PASSED, "%llu gained, %llu lost, over all organizations and datasets", (unsigned long long)gained,
			(unsigned long long)lost);
}
