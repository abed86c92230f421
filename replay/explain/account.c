/* account: see account.h. */
#include "replay/explain/account.h"

#include "catalog/sequence.h"

#include <stdlib.h>
#include <string.h>

struct accountant {
	struct arena arena;
	const struct catalog *catalog;
	struct engine *engine;
	struct baseline *baselines;
	size_t count;
};

struct accountant *accountant_new(const struct catalog *catalog, const struct organization *const *organizations,
	size_t count, struct text as_of)
{
	struct accountant *a = mem_alloc(sizeof *a);
	*a = (struct accountant){.catalog = catalog, .engine = engine_new(catalog), .count = count > 0 ? count : 1};
	a->baselines = arena_array(&a->arena, a->count, sizeof *a->baselines);
	for (size_t i = 0; i < a->count; i++)
		baseline_make(&a->baselines[i], &a->arena, catalog, count > 0 ? organizations[i] : NULL, as_of);
	return a;
}

void accountant_free(struct accountant *a)
{
	if (a == NULL)
		return;
	engine_free(a->engine);
	arena_free(&a->arena);
	free(a);
}

struct engine *accountant_engine(struct accountant *a)
{
	return a->engine;
}

size_t accountant_sides(const struct accountant *a, const struct baseline **baselines)
{
	*baselines = a->baselines;
	return a->count;
}

uint32_t account_index(const struct catalog *catalog, const struct detection *detection)
{
	uint32_t index = 0;
	while (index < catalog->detection_count && catalog->detections[index] != detection)
		index++;
	return index;
}

/* --- trees --- */

struct asked account_ask(struct evaluator *e, struct arena *arena, const struct condition *condition,
	const struct facet *facet, size_t number)
{
	struct explained *explained = NULL;
	size_t count = evaluate_explain(e, arena, condition->root, facet, &explained);
	struct asked asked = {.condition = condition, .facet = facet, .number = number, .count = count};
	asked.lines = arena_array(arena, count + 1, sizeof *asked.lines);
	for (size_t i = 0; i < count; i++) {
		struct asked_line *line = &asked.lines[i];
		*line = (struct asked_line){explained[i].node, explained[i].depth, explained[i].holds, {0}};
		if (line->node->kind == NODE_PREDICATE)
			line->because = because_of(e, arena, &line->node->predicate, facet);
	}
	asked.holds = evaluate_condition(e, condition, facet);
	asked.failed_act = !asked.holds && count > 0 && asked.lines[0].holds;
	return asked;
}

static bool asks_category(const struct condition *condition, const struct facet *facet)
{
	return condition->category == CATEGORY_ANY || condition->category == facet->category;
}

static void ask_one(struct accountant *a, struct arena *arena, struct account *account, const struct condition *condition,
	size_t facet)
{
	const struct facet *asked = account->event->facets[facet];
	if (!asks_category(condition, asked))
		return;
	account->asked = arena_grow(arena, account->asked, account->count, sizeof *account->asked);
	account->asked[account->count++] = account_ask(engine_evaluator(a->engine), arena, condition, asked, facet);
}

/* The first field of the step's key that the facet lacks. */
static const char *lacking_key(struct arena *arena, const struct sequence *sequence, const struct sequence_step *step,
	const struct facet *facet)
{
	for (size_t i = 0; i < sequence->key_count; i++)
		if (facet_get(facet, step->by[i]) == NULL)
			return arena_printf(arena, "%.*s", TEXT_ARGS(facet->registry->fields[step->by[i]].name));
	return NULL;
}

static void ask_step(struct accountant *a, struct arena *arena, struct account *account, const struct sequence *sequence,
	const struct sequence_step *step, size_t facet)
{
	size_t before = account->count;
	ask_one(a, arena, account, step->condition, facet);
	if (account->count > before)
		account->asked[before].step = true;
	if (account->count > before && account->asked[before].holds)
		account->asked[before].no_key = lacking_key(arena, sequence, step, account->event->facets[facet]);
}

static void ask_conditions(struct accountant *a, struct arena *arena, struct account *account)
{
	const struct detection *detection = account->detection;
	for (size_t f = 0; f < account->event->facet_count; f++)
		for (size_t i = 0; i < detection->condition_count; i++) {
			const struct sequence *sequence = detection->conditions[i]->sequence;
			if (sequence == NULL) {
				ask_one(a, arena, account, detection->conditions[i], f);
				continue;
			}
			account->sequences = true;
			for (size_t k = 0; k < sequence->count; k++)
				ask_step(a, arena, account, sequence, &sequence->steps[k], f);
			if (sequence->until != NULL)
				ask_step(a, arena, account, sequence, sequence->until, f);
		}
}

/* --- several events --- */

/* The facet by which the event is the last of a chain. */
static uint32_t ending_facet(struct evaluator *e, const struct sequence *sequence, const struct event *event)
{
	uint32_t found = 0;
	bool any = false;
	for (size_t k = 0; k < sequence->count && !any; k++) {
		const struct sequence_step *step = &sequence->steps[k];
		if (step->missing || (!sequence->sample && step != sequence_last(sequence)))
			continue;
		for (size_t f = 0; f < event->facet_count && !any; f++) {
			any = sequence_fits(e, sequence, step, event->facets[f]) > 0;
			found = any ? (uint32_t)f : found;
		}
	}
	return found;
}

size_t account_ends(struct evaluator *e, const struct detection *detection, const struct event *const *events, size_t count,
	size_t index, struct hit *hits)
{
	size_t found = 0;
	bool *ends = mem_alloc((count + 1) * sizeof *ends);
	for (size_t i = 0; i < detection->condition_count; i++) {
		const struct sequence *sequence = detection->conditions[i]->sequence;
		if (sequence == NULL)
			continue;
		memset(ends, 0, count * sizeof *ends);
		sequence_evaluate(e, sequence, events, count, ends);
		if (ends[index])
			hits[found++] = (struct hit){(uint32_t)i, ending_facet(e, sequence, events[index])};
	}
	free(ends);
	return found;
}

/* --- exceptions --- */

/* An exception's tree has no say about the outcome: baseline.h. */
static struct asked ask_exception(struct accountant *a, struct arena *arena, const struct condition *condition,
	const struct event *event, size_t facet)
{
	struct evaluator *e = engine_evaluator(a->engine);
	struct asked asked = account_ask(e, arena, condition, event->facets[facet], facet);
	asked.holds = asks_category(condition, event->facets[facet]) && evaluate_node(e, condition->root, event->facets[facet]);
	asked.failed_act = false;
	return asked;
}

static bool asked_already(const struct exception_account *account, size_t facet)
{
	for (size_t i = 0; i < account->count; i++)
		if (account->asked[i].number == facet)
			return true;
	return false;
}

/* On every facet that matched. */
static void ask_matched(struct accountant *a, struct arena *arena, const struct event *event, const struct match *match,
	struct exception_account *account)
{
	account->holds = match->count > 0;
	for (size_t i = 0; i < match->count; i++) {
		if (asked_already(account, match->hits[i].facet))
			continue;
		struct asked asked = ask_exception(a, arena, account->exception->condition, event, match->hits[i].facet);
		account->asked[account->count++] = asked;
		account->holds = account->holds && asked.holds;
	}
}

/* Of shared fields only: on any facet. */
static void ask_any(struct accountant *a, struct arena *arena, const struct event *event, struct exception_account *account)
{
	for (size_t f = 0; f < event->facet_count && !account->holds; f++) {
		struct asked asked = ask_exception(a, arena, account->exception->condition, event, f);
		if (f == 0 || asked.holds)
			account->asked[0] = asked;
		account->count = 1;
		account->holds = asked.holds;
	}
}

static bool speaks_of(const struct baseline_exception *exception, const struct detection *detection)
{
	if (exception->detection != NULL)
		return exception->detection == detection;
	return exception_covers(exception->exception, detection);
}

static bool overrides(const struct organization *organization, const struct detection *detection)
{
	for (size_t i = 0; organization != NULL && i < organization->severity_count; i++)
		if (text_equal(organization->severities[i].detection, detection->name))
			return true;
	return false;
}

void account_side(struct accountant *a, struct arena *arena, size_t side, const struct event *event,
	const struct match *match, struct organization_account *account)
{
	const struct baseline *baseline = &a->baselines[side];
	const struct detection *detection = a->catalog->detections[match->detection];
	uint32_t decided = 0;
	*account = (struct organization_account){
		.organization = baseline->organization,
		.decision = baseline->rows[match->detection].decision,
		.overridden = overrides(baseline->organization, detection),
	};
	account->exceptions = arena_array(arena, baseline->exception_count + 1, sizeof *account->exceptions);
	account->verdict = baseline_judge(baseline, engine_evaluator(a->engine), event, match, &decided);
	for (size_t i = 0; match->count > 0 && i < baseline->exception_count; i++) {
		const struct baseline_exception *from = &baseline->exceptions[i];
		if (!speaks_of(from, detection))
			continue;
		struct exception_account *one = &account->exceptions[account->count++];
		*one = (struct exception_account){
			.exception = from->exception, .shipped = from->detection != NULL, .expired = from->expired};
		one->asked = arena_array(arena, event->facet_count + 1, sizeof *one->asked);
		if (from->shared)
			ask_any(a, arena, event, one);
		else
			ask_matched(a, arena, event, match, one);
		if (account->verdict == VERDICT_EXCEPTED && i == decided)
			account->decided = one;
	}
}

/* What the event matches by itself, and as the last of sequences. */
static struct match match_of(struct accountant *a, struct arena *arena, const struct event *event, uint32_t detection,
	const struct surroundings *around)
{
	struct matches matches;
	struct match match = {.detection = detection}, own = match;
	engine_match(a->engine, event, &matches);
	for (size_t i = 0; i < matches.count; i++)
		if (matches.items[i].detection == detection)
			own = matches.items[i];
	struct hit *hits = arena_array(arena, own.count + around->count + 1, sizeof *hits);
	for (size_t i = 0; i < own.count; i++)
		hits[match.count++] = own.hits[i];
	for (size_t i = 0; i < around->count; i++) {
		bool known = false;
		for (size_t k = 0; k < own.count; k++)
			known = known || (own.hits[k].condition == around->hits[i].condition && own.hits[k].facet == around->hits[i].facet);
		if (!known)
			hits[match.count++] = around->hits[i];
	}
	match.hits = hits;
	return match;
}

void account_make(struct accountant *a, struct arena *arena, const struct event *event, const struct detection *detection,
	const struct surroundings *around, struct account *account)
{
	*account = (struct account){.event = event, .detection = detection, .alone = !around->known};
	struct match match = match_of(a, arena, event, account_index(a->catalog, detection), around);
	account->matches = match.count > 0;
	ask_conditions(a, arena, account);
	account->organization_count = a->count;
	account->organizations = arena_array(arena, a->count, sizeof *account->organizations);
	for (size_t i = 0; i < a->count; i++)
		account_side(a, arena, i, event, &match, &account->organizations[i]);
}
