/* judge_catalog: what a change did to detections and exceptions themselves: reach, fidelity, age, cost. */
#include "replay/gate/gates.h"

#include <string.h>

#define DAY_NS (INT64_C(86400) * 1000000000)
/* Growth from next to nothing to little is no matter: predicates per event below which nobody asks. */
#define COST_FLOOR 0.1

static const char *place_words(struct judging *j, struct place place)
{
	return place.file == NULL ? NULL : arena_printf(&j->to->arena, "%s:%u", place.file, place.line);
}

/* --- blind --- */

static bool has_organization(const struct results *results, const struct organization *organization)
{
	for (size_t i = 0; i < results->total_count; i++)
		if (strcmp(gate_organization(results->totals[i].organization), gate_organization(organization)) == 0)
			return true;
	return false;
}

static bool is_newly_blind(const struct judging *j, const struct measure *measure)
{
	const struct results *before = j->comparison->before;
	const struct measure *old = gate_measure(before, measure->organization, measure->detection);
	return measure->reachability == REACH_BLIND && !gate_excepts(j->gate, measure->detection) &&
		has_organization(before, measure->organization) && (old == NULL || old->reachability != REACH_BLIND);
}

/* The organizations in which it is; the first of them says it. */
static size_t blind_in(struct judging *j, const struct measure *measure, struct text *names)
{
	size_t count = 0;
	for (size_t i = 0; i < j->results->measure_count; i++) {
		const struct measure *other = &j->results->measures[i];
		if (other->detection != measure->detection || !is_newly_blind(j, other))
			continue;
		if (count == 0 && other != measure)
			return 0;
		names[count++] = text_of(gate_organization(other->organization));
	}
	return count;
}

static void say_blind(struct judging *j, const struct measure *measure, const struct text *names, size_t count, size_t all)
{
	const struct measure *old = gate_measure(j->comparison->before, measure->organization, measure->detection);
	double allowed = j->gate->limits[0].value;
	struct gate_result *result = gate_say(j, GATE_FAILED,
		"%.*s is blind in %s%s: no benign event is in its scope, so \"0 false positives\" would say nothing; %zu new, %.0f "
		"allowed", TEXT_ARGS(measure->detection->name), gate_names(&j->to->arena, names, count),
		old == NULL ? " (a new detection)" :
			arena_printf(&j->to->arena, " (was %s)", reachability_name(old->reachability)), all, allowed);
	result->organization = count == 1 ? measure->organization : NULL;
	result->detection = measure->detection;
	result->observed = (double)all;
	result->bound = allowed;
	result->event = place_words(j, measure->detection->place);
}

void judge_new_blind(struct judging *j)
{
	double allowed = j->gate->limits[0].value;
	struct text *names = arena_array(&j->to->arena, j->results->total_count + 1, sizeof *names);
	size_t all = 0;
	for (int pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < j->results->measure_count; i++) {
			const struct measure *measure = &j->results->measures[i];
			size_t count = is_newly_blind(j, measure) ? blind_in(j, measure, names) : 0;
			if (pass == 0)
				all += count > 0;
			else if (count > 0 && (double)all > allowed)
				say_blind(j, measure, names, count, all);
		}
	if ((double)all <= allowed)
		gate_say(j, GATE_PASSED, "%zu new, %.0f allowed", all, allowed)->notice = all > 0;
}

/* --- fidelity --- */

/* Both runs have them in much the same order: the next one is looked for behind the one before (*at). */
static const struct fidelity_result *fidelity_before(const struct judging *j, const struct fidelity_result *now, size_t *at)
{
	const struct results *before = j->comparison->before;
	for (size_t i = 0; i < before->fidelity_count; i++) {
		size_t place = (*at + i) % before->fidelity_count;
		const struct fidelity_result *old = &before->fidelity[place];
		if (strcmp(old->target, now->target) == 0 && text_equal_fold(old->detection->id, now->detection->id) &&
			text_equal(old->condition->name, now->condition->name) &&
			strcmp(gate_organization(old->organization), gate_organization(now->organization)) == 0) {
			*at = place + 1;
			return old;
		}
	}
	return NULL;
}

struct worse {
	const struct fidelity_result *now, *before;
	struct text *organizations;
	size_t count;
};

/* The same answer for several organizations is one. */
static void add_worse(struct judging *j, const struct fidelity_result *now, const struct fidelity_result *before,
	struct worse **list, size_t *count)
{
	struct arena *arena = &j->to->arena;
	struct worse *found = NULL;
	for (size_t i = 0; i < *count && found == NULL; i++) {
		const struct fidelity_result *other = (*list)[i].now;
		if (other->condition == now->condition && strcmp(other->target, now->target) == 0 && other->rank == now->rank &&
			(*list)[i].before->rank == before->rank)
			found = &(*list)[i];
	}
	if (found == NULL) {
		*list = arena_grow(arena, *list, *count, sizeof **list);
		found = &(*list)[(*count)++];
		*found = (struct worse){now, before, arena_array(arena, j->results->total_count + 1, sizeof *found->organizations), 0};
	}
	if (found->count < j->results->total_count)
		found->organizations[found->count++] = text_of(gate_organization(now->organization));
}

static void say_worse(struct judging *j, const struct worse *worse)
{
	const struct fidelity_result *now = worse->now;
	struct gate_result *result = gate_say(j, GATE_FAILED,
		"%s says %.*s's condition %.*s only as %s, and said it as %s before%s%.*s (%s)", now->target,
		TEXT_ARGS(now->detection->name), TEXT_ARGS(now->condition->name), now->fidelity, worse->before->fidelity,
		now->reason.length > 0 ? ": " : "", TEXT_ARGS(now->reason),
		gate_names(&j->to->arena, worse->organizations, worse->count));
	result->organization = worse->count == 1 ? now->organization : NULL;
	result->detection = now->detection;
	result->observed = now->rank;
	result->bound = worse->before->rank;
	result->event = place_words(j, now->detection->place);
}

void judge_fidelity(struct judging *j)
{
	struct worse *list = NULL;
	size_t count = 0, compared = 0, at = 0;
	if (j->results->fidelity_count == 0 || j->comparison->before->fidelity_count == 0) {
		gate_say(j, GATE_UNDECIDED, "it is not known what the targets could say in %s",
			j->results->fidelity_count == 0 ? "this run" : "the reference run");
		return;
	}
	for (size_t i = 0; i < j->results->fidelity_count; i++) {
		const struct fidelity_result *now = &j->results->fidelity[i], *before = fidelity_before(j, now, &at);
		compared += before != NULL;
		if (before != NULL && now->rank > before->rank && !gate_excepts(j->gate, now->detection))
			add_worse(j, now, before, &list, &count);
	}
	for (size_t i = 0; i < count; i++)
		say_worse(j, &list[i]);
	if (count == 0)
		gate_say(j, GATE_PASSED, "no worse for any of %zu (condition, target, organization)", compared);
}

/* --- exceptions --- */

static bool said_exception(const struct results *results, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (results->exceptions[i].exception == results->exceptions[index].exception)
			return true;
	return false;
}

static bool exception_excepted(const struct judging *j, const struct exception_result *exception)
{
	if (exception->detection != NULL)
		return gate_excepts(j->gate, exception->detection);
	bool all = exception->exception->detections.count > 0;
	for (size_t i = 0; i < exception->exception->detections.count; i++) {
		const struct detection *detection = catalog_detection(j->results->catalog, exception->exception->detections.items[i]);
		all = all && detection != NULL && gate_excepts(j->gate, detection);
	}
	return all;
}

static bool ends_within(const struct judging *j, struct text day, long *days)
{
	int64_t end = 0, now = 0;
	if (day.length == 0 || !date_parse(day, &end) || !date_parse(j->subject->as_of, &now))
		return false;
	*days = (long)((end - now) / DAY_NS);
	return *days <= (long)j->gate->within;
}

static struct text owner_of(const struct exception *exception)
{
	return exception->owner.length > 0 ? exception->owner : TEXT("nobody owns it");
}

/* NULL: nothing is to be said of it. */
static struct gate_result *judge_exception(struct judging *j, const struct exception_result *result)
{
	const struct exception *e = result->exception;
	const char *whose = result->detection != NULL ? result->detection->name.data : gate_organization(result->organization);
	long days = 0;
	if (result->expired)
		return gate_say(j, GATE_FAILED, "%.*s of %s expired on %.*s (%.*s): what it excepts alerts again; remove it or renew it",
			TEXT_ARGS(e->name), whose, TEXT_ARGS(e->expires), TEXT_ARGS(owner_of(e)));
	if (j->gate->within == 0 || !ends_within(j, e->expires, &days))
		return NULL;
	struct gate_result *said = gate_say(j, GATE_PASSED, "%.*s of %s expires in %ld days, on %.*s (%.*s)", TEXT_ARGS(e->name),
		whose, days, TEXT_ARGS(e->expires), TEXT_ARGS(owner_of(e)));
	said->notice = true;
	return said;
}

void judge_exceptions(struct judging *j)
{
	size_t said = 0, all = 0;
	for (size_t i = 0; i < j->results->exception_count; i++) {
		const struct exception_result *exception = &j->results->exceptions[i];
		if (said_exception(j->results, i) || exception_excepted(j, exception))
			continue;
		all++;
		struct gate_result *result = judge_exception(j, exception);
		if (result == NULL)
			continue;
		said++;
		result->organization = exception->detection != NULL ? NULL : exception->organization;
		result->detection = exception->detection;
		result->event = place_words(j, exception->exception->place);
	}
	if (said == 0)
		gate_say(j, GATE_PASSED, "none of %zu has expired on %.*s", all, TEXT_ARGS(j->subject->as_of));
}

/* --- cost --- */

static double cost_of(const struct results *results, const struct measure *measure)
{
	return results->events > 0 ? (double)measure->predicates / (double)results->events : 0;
}

/* `before`: what it cost then; 0: the limit is absolute. */
static void say_cost(struct judging *j, const struct measure *measure, double now, double before)
{
	double limit = j->gate->limits[0].value;
	const char *was = before > 0 ? arena_printf(&j->to->arena, ", after %.3g: %.3g times as many, %.4g allowed", before,
		now / before, limit) : arena_printf(&j->to->arena, ", at most %.4g allowed", limit);
	struct gate_result *result = gate_say(j, GATE_FAILED, "%.*s asks %.3g predicates per event%s",
		TEXT_ARGS(measure->detection->name), now, was);
	result->detection = measure->detection;
	result->observed = now;
	result->bound = before > 0 ? limit * before : limit;
	result->event = place_words(j, measure->detection->place);
}

/* What a detection asks is the same for all organizations: the first has them all. */
static bool has_cost(const struct judging *j, const struct measure *measure)
{
	return measure->organization == j->results->measures[0].organization && !gate_excepts(j->gate, measure->detection);
}

static void say_dearest(struct judging *j, const struct measure *worst)
{
	if (worst == NULL)
		gate_say(j, GATE_PASSED, "no detection asked anything");
	else
		gate_say(j, GATE_PASSED, "the dearest is %.*s, %.3g predicates per event", TEXT_ARGS(worst->detection->name),
			cost_of(j->results, worst))->observed = cost_of(j->results, worst);
}

static void judge_costs(struct judging *j, bool growth)
{
	double limit = j->gate->limits[0].value;
	const struct measure *worst = NULL;
	size_t wrong = 0;
	for (size_t i = 0; i < j->results->measure_count; i++) {
		const struct measure *measure = &j->results->measures[i], *old = NULL;
		double now = cost_of(j->results, measure), before = 0;
		if (!has_cost(j, measure))
			continue;
		if (worst == NULL || measure->predicates > worst->predicates)
			worst = measure;
		if (growth) {
			old = gate_measure(j->comparison->before, measure->organization, measure->detection);
			before = old != NULL ? cost_of(j->comparison->before, old) : 0;
		}
		if (growth ? before <= 0 || now < COST_FLOOR || now <= limit * before : now <= limit)
			continue;
		say_cost(j, measure, now, before);
		wrong++;
	}
	if (wrong == 0)
		say_dearest(j, worst);
}

void judge_cost(struct judging *j)
{
	judge_costs(j, false);
}

void judge_cost_growth(struct judging *j)
{
	judge_costs(j, true);
}
