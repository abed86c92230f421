/* inquest: see inquest.h. */
#include "replay/explain/inquest.h"

#include "replay/explain/chain.h"
#include "replay/explain/nearest.h"

#include <stdlib.h>

/* --- making --- */

static bool holds_name(const struct texts *names, struct text name)
{
	for (size_t i = 0; i < names->count; i++)
		if (text_equal(names->items[i], name))
			return true;
	return false;
}

/* Actions that the condition can be true of. */
static void list_actions(struct inquest *inquest, struct condition_scope *scope, const struct plan *plan, uint32_t condition)
{
	size_t count = inquest->question.catalog->registry.action_count;
	scope->actions = arena_array(&inquest->arena, count + 1, sizeof *scope->actions);
	for (unsigned action = 1; action < count; action++)
		if (plan_could_hold(plan, action, condition, PLAN_ANY_STEP))
			scope->actions[scope->action_count++] = action;
}

static void add_scope(struct inquest *inquest, struct detection_inquest *of, const struct condition *condition, uint32_t plan)
{
	of->scopes = arena_grow(&inquest->arena, of->scopes, of->scope_count, sizeof *of->scopes);
	struct condition_scope *scope = &of->scopes[of->scope_count++];
	*scope = (struct condition_scope){.condition = condition};
	list_actions(inquest, scope, engine_plan(accountant_engine(inquest->question.accountant)), plan);
}

/* The actions of a sequence's step: in the plan a sequence stands with those of all its steps. */
static void narrow_actions(struct inquest *inquest, struct condition_scope *scope, uint32_t condition, uint32_t step)
{
	const struct plan *plan = engine_plan(accountant_engine(inquest->question.accountant));
	size_t kept = 0;
	for (size_t i = 0; i < scope->action_count; i++)
		if (plan_could_hold(plan, scope->actions[i], condition, step))
			scope->actions[kept++] = scope->actions[i];
	scope->action_count = kept;
}

static void begin_scopes(struct inquest *inquest, struct detection_inquest *of)
{
	const struct plan *plan = engine_plan(accountant_engine(inquest->question.accountant));
	uint32_t first = plan->first[account_index(inquest->question.catalog, of->detection)];
	for (uint32_t i = 0; i < of->detection->condition_count; i++) {
		const struct sequence *sequence = of->detection->conditions[i]->sequence;
		if (sequence == NULL)
			add_scope(inquest, of, of->detection->conditions[i], first + i);
		for (uint32_t k = 0; sequence != NULL && k < sequence->count; k++) {
			add_scope(inquest, of, sequence->steps[k].condition, first + i);
			narrow_actions(inquest, &of->scopes[of->scope_count - 1], first + i, k);
		}
	}
}

static void begin_sides(struct inquest *inquest, struct detection_inquest *of)
{
	const struct episode *episode = &inquest->question.dataset->episodes[inquest->question.episode];
	const struct baseline *baselines;
	of->side_count = accountant_sides(inquest->question.accountant, &baselines);
	of->sides = arena_array(&inquest->arena, of->side_count, sizeof *of->sides);
	for (size_t i = 0; i < of->side_count; i++) {
		struct side_inquest *side = &of->sides[i];
		const struct organization *organization = baselines[i].organization;
		side->organization = organization;
		side->label = label_for(&episode->label, organization ? organization->name : TEXT(""));
		bool tolerated = side->label == LABEL_RISKY && organization && organization->tolerates_risky;
		side->expects = of->expected && !tolerated && (side->label == LABEL_MALICIOUS || side->label == LABEL_RISKY);
	}
}

static void begin_detection(struct inquest *inquest, const struct detection *detection)
{
	const struct episode *episode = &inquest->question.dataset->episodes[inquest->question.episode];
	struct detection_inquest *of = &inquest->detections[inquest->detection_count++];
	*of = (struct detection_inquest){
		.detection = detection,
		.expected = holds_name(&episode->expects, detection->name),
		.allowed = holds_name(&episode->allows, detection->name),
	};
	begin_scopes(inquest, of);
	chain_begin(inquest, of);
	begin_sides(inquest, of);
}

struct inquest *inquest_new(const struct inquest_question *question)
{
	struct inquest *inquest = mem_alloc(sizeof *inquest);
	const struct catalog *catalog = question->catalog;
	const struct texts *expects = &question->dataset->episodes[question->episode].expects;
	*inquest = (struct inquest){.question = *question, .first = INT64_MAX, .last = INT64_MIN};
	inquest->detections = arena_array(&inquest->arena, expects->count + 1, sizeof *inquest->detections);
	inquest->actions = arena_array(&inquest->arena, catalog->registry.action_count, sizeof *inquest->actions);
	if (question->detection != NULL)
		begin_detection(inquest, question->detection);
	for (size_t i = 0; question->detection == NULL && i < expects->count; i++) {
		const struct detection *detection = catalog_detection(catalog, expects->items[i]);
		if (detection != NULL)
			begin_detection(inquest, detection);
	}
	for (unsigned i = 0; i < catalog->registry.action_count; i++)
		inquest->actions[i].action = i;
	inquest->action_count = catalog->registry.action_count;
	engine_begin(accountant_engine(question->accountant));
	return inquest;
}

void inquest_free(struct inquest *inquest)
{
	if (inquest == NULL)
		return;
	arena_free(&inquest->arena);
	free(inquest);
}

/* --- scope --- */

struct lack {
	struct inquest *inquest;
	struct condition_scope *scope;
	const struct facet *facet;
	const struct predicate *seen[64]; /* fields are counted once a facet */
	size_t seen_count;
};

static void note_lacking(const struct predicate *predicate, void *context)
{
	struct lack *lack = context;
	struct condition_scope *scope = lack->scope;
	if (predicate->op == OPERATOR_MISSING || facet_get(lack->facet, predicate->field) != NULL || lack->seen_count == 64)
		return;
	for (size_t i = 0; i < lack->seen_count; i++)
		if (lack->seen[i]->field == predicate->field)
			return;
	lack->seen[lack->seen_count++] = predicate;
	for (size_t i = 0; i < scope->lacking_count; i++)
		if (scope->lacking[i].field == predicate->field) {
			scope->lacking[i].facets++;
			return;
		}
	scope->lacking = arena_grow(&lack->inquest->arena, scope->lacking, scope->lacking_count, sizeof *scope->lacking);
	scope->lacking[scope->lacking_count++] = (struct lacking_field){predicate->field, 1};
}

static bool has_action(const struct condition_scope *scope, unsigned action)
{
	for (size_t i = 0; i < scope->action_count; i++)
		if (scope->actions[i] == action)
			return true;
	return false;
}

static void take_scope(struct inquest *inquest, struct condition_scope *scope, const struct facet *facet)
{
	struct evaluator *e = engine_evaluator(accountant_engine(inquest->question.accountant));
	if (!has_action(scope, facet->action))
		return;
	scope->facets++;
	if (evaluate_possible(e, scope->condition, facet).can_be_true) {
		scope->scoped++;
		return;
	}
	if (!scope->condition->names_outcome && text_is(facet_text(facet, FIELD_OUTCOME), "failure")) {
		scope->failed++;
		return;
	}
	struct lack lack = {.inquest = inquest, .scope = scope, .facet = facet};
	node_visit(scope->condition->root, note_lacking, &lack);
}

/* --- matches --- */

static struct exception_tally *tally_of(const struct side_inquest *side, const struct exception *exception)
{
	for (size_t i = 0; i < side->exception_count; i++)
		if (side->exceptions[i].exception == exception)
			return &side->exceptions[i];
	return NULL;
}

/* Its first event is kept whole. */
static void begin_exception(struct inquest *inquest, struct side_inquest *side, const struct exception_account *account,
	const struct sighting *sighting)
{
	side->exceptions = arena_grow(&inquest->arena, side->exceptions, side->exception_count, sizeof *side->exceptions);
	struct exception_tally *tally = &side->exceptions[side->exception_count++];
	*tally = (struct exception_tally){
		.exception = account->exception,
		.shipped = account->shipped,
		.expired = account->expired,
		.events = 1,
		.first = *sighting,
		.asked = account->asked,
		.asked_count = account->count,
	};
	for (size_t i = 0; i < tally->asked_count; i++)
		tally->asked[i].facet = NULL; /* the event goes */
}

/* The exception that decided, or an expired one that would have. */
static bool counts(const struct organization_account *account, const struct exception_account *one)
{
	return one == account->decided || (one->expired && one->holds && account->verdict == VERDICT_ALERT);
}

static void take_side(struct inquest *inquest, struct detection_inquest *of, size_t index, const struct event *event,
	const struct match *match)
{
	struct side_inquest *side = &of->sides[index];
	const struct facet *facet = event->facets[match->hits[0].facet];
	struct organization_account account, kept = {0};
	account_side(inquest->question.accountant, event->arena, index, event, match, &account);
	for (size_t i = 0; i < account.count; i++) {
		struct exception_tally *tally = tally_of(side, account.exceptions[i].exception);
		if (!counts(&account, &account.exceptions[i]))
			continue;
		if (tally != NULL) {
			tally->events++;
			continue;
		}
		if (kept.exceptions == NULL)
			account_side(inquest->question.accountant, &inquest->arena, index, event, match, &kept);
		struct sighting sighting = sighting_of(&inquest->arena, event, facet);
		begin_exception(inquest, side, &kept.exceptions[i], &sighting);
	}
	if (account.verdict == VERDICT_ALERT && side->alerts++ == 0)
		side->first = sighting_of(&inquest->arena, event, facet);
}

static const char *matched_names(struct arena *arena, const struct detection *detection, const struct match *match)
{
	const char *names = "";
	for (size_t i = 0; i < match->count; i++)
		if (i == 0 || match->hits[i].condition != match->hits[i - 1].condition)
			names = arena_printf(arena, "%s%s%.*s", names, i > 0 ? ", " : "",
				TEXT_ARGS(detection->conditions[match->hits[i].condition]->name));
	return names;
}

static void take_match(struct inquest *inquest, struct detection_inquest *of, const struct event *event,
	const struct match *match)
{
	if (of->matched++ == 0) {
		of->first_match = sighting_of(&inquest->arena, event, event->facets[match->hits[0].facet]);
		of->conditions = matched_names(&inquest->arena, of->detection, match);
	}
	for (size_t i = 0; i < of->side_count; i++)
		take_side(inquest, of, i, event, match);
}

static void take_matches(struct inquest *inquest, const struct event *event, const struct matches *matches)
{
	for (size_t k = 0; k < inquest->detection_count; k++) {
		struct detection_inquest *of = &inquest->detections[k];
		uint32_t index = account_index(inquest->question.catalog, of->detection);
		for (size_t i = 0; i < matches->count; i++)
			if (matches->items[i].detection == index)
				take_match(inquest, of, event, &matches->items[i]);
	}
}

static bool in_episode(struct inquest *inquest, const struct event *event)
{
	struct evaluator *e = engine_evaluator(accountant_engine(inquest->question.accountant));
	return dataset_episode(inquest->question.dataset, e, event) == (long)inquest->question.episode;
}

/* Earlier events whose sequences are decided by now. */
static void take_settled(struct inquest *inquest)
{
	const struct settled *settled;
	while ((settled = engine_settled(accountant_engine(inquest->question.accountant))) != NULL)
		if (in_episode(inquest, settled->event))
			take_matches(inquest, settled->event, &settled->matches);
}

static bool matched(const struct matches *matches, uint32_t detection)
{
	for (size_t i = 0; i < matches->count; i++)
		if (matches->items[i].detection == detection)
			return true;
	return false;
}

static void take_detection(struct inquest *inquest, struct detection_inquest *of, const struct event *event,
	const struct matches *matches, const uint64_t *scope)
{
	uint32_t index = account_index(inquest->question.catalog, of->detection);
	for (size_t f = 0; f < event->facet_count; f++)
		for (size_t i = 0; i < of->scope_count; i++)
			take_scope(inquest, &of->scopes[i], event->facets[f]);
	for (size_t i = 0; i < of->chain_count; i++)
		chain_take(inquest, &of->chains[i], event);
	bool scoped = bits_get(scope, index);
	of->in_scope += scoped;
	if (scoped && !matched(matches, index))
		nearest_take(inquest, of, event);
}

static void take_times(struct inquest *inquest, const struct event *event)
{
	if (event->time == INT64_MIN)
		return;
	inquest->first = event->time < inquest->first ? event->time : inquest->first;
	inquest->last = event->time > inquest->last ? event->time : inquest->last;
}

void inquest_take(struct inquest *inquest, const struct event *event)
{
	struct engine *engine = accountant_engine(inquest->question.accountant);
	struct matches matches;
	engine_match(engine, event, &matches);
	if (in_episode(inquest, event)) {
		inquest->events++;
		take_times(inquest, event);
		for (size_t f = 0; f < event->facet_count; f++)
			inquest->actions[event->facets[f]->action].facets++;
		const uint64_t *scope = engine_scope(engine, event);
		for (size_t i = 0; i < inquest->detection_count; i++)
			take_detection(inquest, &inquest->detections[i], event, &matches, scope);
		take_matches(inquest, event, &matches);
	}
	take_settled(inquest);
}

/* --- the end --- */

static enum miss_cause cause_of(const struct detection_inquest *of, const struct side_inquest *side)
{
	if (of->in_scope == 0)
		return MISS_NO_EVENT;
	if (of->matched == 0)
		return MISS_UNMATCHED;
	if (side->decision.below)
		return MISS_BELOW_SEVERITY;
	return side->decision.disabled ? MISS_DISABLED : MISS_EXCEPTED;
}

static void end_sides(struct inquest *inquest, struct detection_inquest *of, size_t *missed)
{
	static const struct event nothing;
	struct match none = {.detection = account_index(inquest->question.catalog, of->detection)};
	for (size_t i = 0; i < of->side_count; i++) {
		struct side_inquest *side = &of->sides[i];
		struct organization_account account;
		account_side(inquest->question.accountant, &inquest->arena, i, &nothing, &none, &account);
		side->decision = account.decision;
		side->overridden = account.overridden;
		side->cause = cause_of(of, side);
		*missed += side->expects && side->alerts == 0;
	}
}

size_t inquest_end(struct inquest *inquest)
{
	size_t missed = 0;
	engine_finish(accountant_engine(inquest->question.accountant));
	take_settled(inquest);
	for (size_t i = 0; i < inquest->detection_count; i++) {
		struct detection_inquest *of = &inquest->detections[i];
		for (size_t k = 0; of->matched == 0 && k < of->chain_count; k++)
			chain_end(inquest, &of->chains[k]);
		end_sides(inquest, of, &missed);
	}
	return missed;
}
