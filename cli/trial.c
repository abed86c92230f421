/* trial: see trial.h. */
#include "cli/trial.h"

#include "catalog/made.h"

#include <stdlib.h>
#include <string.h>

/* --- making --- */

static const struct pack_text *find_fidelity(const struct pack_text *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(files[i].name, "fidelity.json"))
			return &files[i];
	return NULL;
}

static struct trial *give_up(struct trial *trial)
{
	trial_free(trial);
	return NULL;
}

struct trial *trial_new(const struct pack_request *request, const struct pack_text *files, size_t count,
	struct diagnostics *d)
{
	const struct pack_text *fidelity = find_fidelity(files, count);
	struct trial *trial = mem_alloc(sizeof *trial);
	*trial = (struct trial){.catalog = request->catalog, .target = request->target, .organization = request->organization};
	trial->evaluator = evaluator_new();
	trial->dialect = catalog_dialect(request->catalog, text_of(request->target->dialect));
	if (request->target->judging == NULL) {
		diagnostics_error(d, ((struct place){NULL, 0, 0}), "packs of %s cannot be judged", request->target->name);
		return give_up(trial);
	}
	if (fidelity == NULL) {
		diagnostics_error(d, ((struct place){NULL, 0, 0}), "the pack has no fidelity.json, so it claims nothing");
		return give_up(trial);
	}
	if (claims_read(&trial->arena, request->catalog, request->organization, fidelity->content, "fidelity.json", &trial->claims,
		    d) != 0)
		return give_up(trial);
	trial->judge = request->target->judging->open(&trial->arena, request->catalog, files, count, d);
	if (trial->judge == NULL)
		return give_up(trial);
	trial->rows = arena_array(&trial->arena, trial->claims.count + 1, sizeof *trial->rows);
	for (size_t i = 0; i < trial->claims.count; i++)
		trial->rows[i].claim = &trial->claims.items[i];
	trial_narrow(trial, NULL);
	return trial;
}

/* --- which rows are asked --- */

static void list_row(struct trial *trial, struct row_list *list, size_t row)
{
	list->items = arena_grow(&trial->asked, list->items, list->count, sizeof *list->items);
	list->items[list->count++] = (uint32_t)row;
}

/* A derived row is asked about the exec of a client. */
static void list_by_action(struct trial *trial, size_t row)
{
	const struct claim *claim = trial->rows[row].claim;
	const struct registry *registry = &trial->catalog->registry;
	bool found;
	if (claim->derived) {
		unsigned process = registry_category(registry, TEXT("process"), &found);
		list_row(trial, &trial->of_action[registry_action(registry, process, TEXT("exec"))], row);
		return;
	}
	for (unsigned action = 0; claim->any && action < registry->action_count; action++)
		list_row(trial, &trial->of_action[action], row);
	for (size_t i = 0; !claim->any && i < claim->action_count; i++)
		list_row(trial, &trial->of_action[claim->actions[i]], row);
}

/* Rules of the detections whose rows are asked. */
static void narrow_judges(struct trial *trial, const struct detection *detection)
{
	const struct judging *judging = trial->target->judging;
	const struct claims *claims = &trial->claims;
	struct text *names = NULL;
	size_t count = 0;
	if (judging->only == NULL)
		return;
	for (size_t i = 0; i < claims->count && (detection != NULL || trial->partly); i++) {
		bool asked = claims->items[i].detection == detection;
		for (size_t k = 0; k < claims->count && !asked && detection == NULL; k++)
			asked = claims->items[k].detection == claims->items[i].detection && !trial->rows[k].left_out;
		if (!asked || claims->items[i].rule.length == 0)
			continue;
		names = arena_grow(&trial->asked, names, count, sizeof *names);
		names[count++] = claims->items[i].rule;
	}
	judging->only(trial->judge, names, count);
	if (trial->made != NULL)
		judging->only(trial->made, names, count);
}

void trial_narrow(struct trial *trial, const struct detection *detection)
{
	arena_reset(&trial->asked);
	trial->of_action = arena_array(&trial->asked, trial->catalog->registry.action_count, sizeof *trial->of_action);
	trial->over_events = (struct row_list){NULL, 0};
	for (size_t i = 0; i < trial->claims.count; i++) {
		const struct claim *claim = trial->rows[i].claim;
		if (trial->rows[i].left_out || (detection != NULL && claim->detection != detection))
			continue;
		if (claim->over_events)
			list_row(trial, &trial->over_events, i);
		else
			list_by_action(trial, i);
	}
	narrow_judges(trial, detection);
}

int trial_compare(struct trial *trial, const struct pack_text *files, size_t count, struct diagnostics *d)
{
	const struct pack_text *fidelity = find_fidelity(files, count);
	if (fidelity == NULL || claims_read(&trial->arena, trial->catalog, trial->organization, fidelity->content, "fidelity.json",
					&trial->made_claims, d) != 0)
		return -1;
	trial->made = trial->target->judging->open(&trial->arena, trial->catalog, files, count, d);
	return trial->made != NULL ? 0 : -1;
}

void trial_free(struct trial *trial)
{
	if (trial == NULL)
		return;
	evaluator_free(trial->evaluator);
	arena_free(&trial->recording);
	arena_free(&trial->asked);
	arena_free(&trial->arena);
	free(trial);
}

void trial_reset(struct trial *trial)
{
	if (trial->target->judging->reset == NULL)
		return;
	trial->target->judging->reset(trial->judge);
	if (trial->made != NULL)
		trial->target->judging->reset(trial->made);
}

void trial_ask_only(struct trial *trial, const struct text *names, size_t count)
{
	trial->partly = count > 0;
	for (size_t i = 0; i < trial->claims.count; i++) {
		const struct claim *claim = trial->rows[i].claim;
		trial->rows[i].left_out = count > 0 && !text_among(names, count, claim->detection->name) &&
			!text_among(names, count, claim->condition->name) && !text_among(names, count, claim->rule);
	}
	trial_narrow(trial, NULL);
}

/* --- one event --- */

struct looking {
	struct trial *trial;
	const struct trial_event *what;
	const struct event *event;
	struct arena *scratch;
	struct sights sights;
	struct judgements judgements;
	struct judgements made; /* of the pack that the catalog makes, where the two are compared */
};

/* What both sides say of one row and one facet. */
struct verdict {
	const struct facet *facet; /* that the condition was asked of */
	const struct sight *sight; /* one that shows it */
	bool holds;                /* the condition, without exceptions */
	const struct claimed_exception *excepted; /* NULL: none holds */
	bool fires;
	bool worse;                /* not so the rule that the catalog makes, and that is right */
};

/* Of those that rules are written for. */
static bool is_group(const struct dialect *dialect, struct text name)
{
	for (size_t i = 0; dialect != NULL && i < dialect->group_count; i++) {
		const struct dialect_group *group = &dialect->groups[i];
		for (size_t k = 0; text_equal(group->name, name) && k < group->event_count; k++)
			if ((group->events[k].use & USE_WRITE) != 0)
				return true;
	}
	return false;
}

/* A log source that is no group, or a group's of another system: linux//cron, process_creation_windows. */
static bool names_other(const struct dialect *dialect, struct text kind)
{
	for (size_t i = 0; dialect != NULL && i < dialect->group_count; i++) {
		const struct text name = dialect->groups[i].name;
		if (kind.length > name.length && text_starts(kind, name, false) && kind.data[name.length] == '_')
			return true;
	}
	return text_find(kind, '/') < kind.length;
}

/* Does the sight belong to what the row speaks of? Where sights name a group, to the row's. */
static bool shows(const struct looking *l, const struct claim *claim, const struct sight *sight, const struct facet *facet)
{
	if (sight->facet != facet)
		return false;
	const struct dialect *dialect = l->trial->dialect;
	return claim->group.length == 0 || text_equal(sight->kind, claim->group) ||
		!(is_group(dialect, sight->kind) || names_other(dialect, sight->kind));
}

static const struct sight *sight_of(const struct looking *l, const struct claim *claim, const struct facet *facet)
{
	for (size_t i = 0; i < l->sights.count; i++)
		if (shows(l, claim, &l->sights.items[i], facet))
			return &l->sights.items[i];
	return NULL;
}

/* Packs that record: by whatever rule that is there for the detection. */
static bool records(const struct looking *l, const struct claim *claim, struct text rule)
{
	const struct claims *claims = &l->trial->claims;
	if (text_equal(rule, claim->rule))
		return true;
	for (size_t i = 0; claim->fidelity == FIDELITY_COLLECTS && i < claims->count; i++)
		if (claims->items[i].detection == claim->detection && text_equal(claims->items[i].rule, rule))
			return true;
	return false;
}

static bool is_among(const struct looking *l, const struct judgements *judgements, const struct claim *claim,
	const struct facet *facet)
{
	for (size_t i = 0; claim->rule.length > 0 && i < judgements->count; i++) {
		const struct judgement *judgement = &judgements->items[i];
		if ((facet == NULL || judgement->sight->facet == facet) && records(l, claim, judgement->rule))
			return true;
	}
	return false;
}

static bool fires_on(const struct looking *l, const struct claim *claim, const struct facet *facet)
{
	return is_among(l, &l->judgements, claim, facet);
}

static bool catalog_makes(const struct trial *trial, const struct claim *claim)
{
	for (size_t i = 0; i < trial->made_claims.count; i++) {
		const struct claim *made = &trial->made_claims.items[i];
		if (made->condition == claim->condition && text_equal(made->rule, claim->rule))
			return true;
	}
	return false;
}

/* What the rule does, beside what the catalog's does. */
static void ask_rule(const struct looking *l, const struct claim *claim, const struct facet *facet, struct verdict *verdict)
{
	bool wanted = verdict->holds && verdict->excepted == NULL;
	verdict->fires = fires_on(l, claim, facet);
	verdict->worse = l->trial->made != NULL && verdict->fires != wanted && is_among(l, &l->made, claim, facet) == wanted &&
		catalog_makes(l->trial, claim);
}

/* `unsupported`: does a rule of the same condition fire all the same? One that is approximate may do so by chance. */
static bool other_fires(const struct looking *l, const struct claim *claim, const struct facet *facet)
{
	const struct claims *claims = &l->trial->claims;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *other = &claims->items[i];
		if (other->detection == claim->detection && other->condition == claim->condition && other->derived == claim->derived &&
			other->fidelity != FIDELITY_APPROXIMATE && fires_on(l, other, facet))
			return true;
	}
	return false;
}

static bool speaks_of(const struct claim *claim, const struct facet *facet)
{
	for (size_t i = 0; i < claim->action_count; i++)
		if (claim->actions[i] == facet->action)
			return true;
	return claim->any;
}

static const struct claimed_exception *exception_on(const struct looking *l, const struct claim *claim,
	const struct facet *facet)
{
	for (size_t i = 0; i < claim->exception_count; i++) {
		const struct exception *exception = claim->exceptions[i]->exception;
		if (evaluate_node(l->trial->evaluator, exception->condition->root, facet))
			return claim->exceptions[i];
	}
	return NULL;
}

static void ask(const struct looking *l, const struct claim *claim, const struct facet *facet, struct verdict *verdict)
{
	verdict->facet = facet;
	verdict->holds = evaluate_condition(l->trial->evaluator, claim->condition, facet);
	verdict->excepted = verdict->holds ? exception_on(l, claim, facet) : NULL;
}

/* Is the difference against the claim? A rule that excludes less than a narrowed or lost exception is not. */
static bool is_wrong(const struct claim *claim, const struct verdict *verdict)
{
	if (verdict->fires && verdict->excepted != NULL)
		return verdict->excepted->fidelity == FIDELITY_EXACT && claim->fidelity != FIDELITY_COLLECTS;
	if (verdict->fires)
		return claim->fidelity == FIDELITY_EXACT;
	return claim->fidelity != FIDELITY_APPROXIMATE && claim->fidelity != FIDELITY_UNSUPPORTED;
}

/* --- what is kept of a difference --- */

static void print_seen(struct buffer *out, const struct explained *line)
{
	if (line->seen.items == NULL) {
		buffer_string(out, "(missing)");
		return;
	}
	for (size_t i = 0; i < line->seen.count; i++) {
		buffer_string(out, i > 0 ? ", " : "");
		buffer_text(out, line->seen.items[i].text);
	}
	buffer_string(out, line->seen.count == 0 ? "(an empty list)" : "");
}

/* The sight's values under the names that the dialect's group has for the field. */
static void print_raw(const struct looking *l, const struct claim *claim, const struct verdict *verdict, unsigned field,
	struct buffer *out)
{
	const struct dialect *dialect = l->trial->dialect;
	const struct dialect_field *row = NULL;
	for (size_t i = 0; i < dialect->group_count && row == NULL; i++)
		if (text_equal(dialect->groups[i].name, claim->group))
			row = dialect_field_of(&dialect->groups[i], field, verdict->sight->facet->category,
				verdict->sight->facet->action, USE_WRITE);
	if (row == NULL)
		return;
	struct text name = row->rule.length > 0 ? row->rule : row->names[0];
	const struct sight_value *value = sight_get(verdict->sight, name);
	buffer_printf(out, "   %.*s", TEXT_ARGS(name));
	for (size_t i = 0; value != NULL && i < value->count; i++)
		buffer_printf(out, "%s%.*s", i > 0 ? ", " : " = ", TEXT_ARGS(value->values[i]));
	buffer_string(out, value == NULL ? " is not there" : "");
}

static struct text predicates_of(const struct looking *l, const struct claim *claim, const struct verdict *verdict)
{
	struct explained *lines = NULL;
	struct buffer out = {0};
	size_t count = verdict->facet == NULL || claim->over_events ? 0
		: evaluate_explain(l->trial->evaluator, l->scratch, claim->condition->root, verdict->facet, &lines);
	for (size_t i = 0; i < count; i++) {
		if (lines[i].node->kind != NODE_PREDICATE)
			continue;
		buffer_printf(&out, "%-3s  ", lines[i].holds ? "yes" : "no");
		predicate_print(&lines[i].node->predicate, &l->trial->catalog->registry, &out);
		buffer_string(&out, "   ");
		print_seen(&out, &lines[i]);
		print_raw(l, claim, verdict, lines[i].node->predicate.field, &out);
		buffer_char(&out, '\n');
	}
	struct text text = text_copy(&l->trial->arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

/* The facets that a source gives: what is derived is derived again by whoever reads it. */
static struct text event_of(struct arena *arena, const struct event *event)
{
	struct buffer out = {0};
	size_t given = 0, printed = 0;
	for (size_t i = 0; i < event->facet_count; i++)
		given += !event->facets[i]->derived;
	buffer_string(&out, given > 1 ? "[" : "");
	for (size_t i = 0; i < event->facet_count; i++) {
		if (event->facets[i]->derived)
			continue;
		buffer_string(&out, printed++ > 0 ? ", " : "");
		made_print_facet(event->facets[i], &out);
	}
	buffer_string(&out, given > 1 ? "]" : "");
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static struct text origin_of(struct arena *arena, const struct trial_event *what)
{
	if (what->event->file == NULL)
		return text_of(arena_strdup(arena, what->origin));
	return text_of(arena_printf(arena, "%s, %s:%llu", what->origin, what->event->file, (unsigned long long)what->event->line));
}

static void keep(const struct looking *l, struct row_trial *row, const struct verdict *verdict, bool wrong)
{
	struct trial *trial = l->trial;
	struct buffer sight = {0};
	size_t same = 0;
	for (size_t i = 0; i < row->difference_count; i++)
		same += row->differences[i].rule_only == verdict->fires && row->differences[i].wrong == wrong;
	if (same >= DIFFERENCES_KEPT)
		return;
	if (verdict->sight != NULL)
		sight_print(verdict->sight, &sight);
	struct text origin = origin_of(&trial->arena, l->what);
	row->differences = arena_grow(&trial->arena, row->differences, row->difference_count, sizeof *row->differences);
	row->differences[row->difference_count++] = (struct difference){verdict->fires, wrong, origin,
		event_of(&trial->arena, l->event),
		predicates_of(l, row->claim, verdict), text_copy(&trial->arena, buffer_view(&sight))};
	buffer_free(&sight);
}

static void count(const struct looking *l, struct row_trial *row, const struct verdict *verdict)
{
	bool wanted = verdict->holds && verdict->excepted == NULL;
	row->events++;
	row->both += wanted && verdict->fires;
	row->rule_only += !wanted && verdict->fires;
	row->condition_only += wanted && !verdict->fires;
	if (wanted == verdict->fires)
		return;
	bool claimed = is_wrong(row->claim, verdict), wrong = claimed || verdict->worse;
	row->wrong += wrong;
	row->worse += wrong && !claimed;
	keep(l, row, verdict, wrong);
}

/* --- rows --- */

static void judge_native(const struct looking *l, struct row_trial *row, const struct facet *facet)
{
	const struct claim *claim = row->claim;
	struct verdict verdict = {.facet = facet, .sight = sight_of(l, claim, facet)};
	if (verdict.sight == NULL)
		return;
	ask(l, claim, facet, &verdict);
	ask_rule(l, claim, facet, &verdict);
	if (claim->fidelity == FIDELITY_UNSUPPORTED)
		row->fires_anyway += verdict.holds && other_fires(l, claim, facet);
	count(l, row, &verdict);
}

/* The exec of a client: the condition is asked of what it asks for. */
static void judge_derived(const struct looking *l, struct row_trial *row, const struct facet *exec)
{
	const struct claim *claim = row->claim;
	struct verdict verdict = {.facet = exec, .sight = sight_of(l, claim, exec)};
	if (verdict.sight == NULL)
		return;
	for (size_t k = 0; k < l->event->facet_count && !verdict.holds; k++)
		if (l->event->facets[k]->derived && speaks_of(claim, l->event->facets[k]))
			ask(l, claim, l->event->facets[k], &verdict);
	ask_rule(l, claim, exec, &verdict);
	if (claim->fidelity == FIDELITY_UNSUPPORTED)
		row->fires_anyway += verdict.holds && other_fires(l, claim, exec);
	count(l, row, &verdict);
}

/* --- several events: rule and condition are both judged on the last --- */

static uint64_t key_of(const struct event *event)
{
	uint64_t key = event->file != NULL ? text_hash(text_of(event->file)) : 0;
	return (key * 31 + event->line) * UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)event->time;
}

static bool has_key(const struct sequence_ends *ends, uint64_t key)
{
	for (size_t i = 0; i < ends->count; i++)
		if (ends->items[i].key == key)
			return true;
	return false;
}

static void note_end(struct trial *trial, struct sequence_ends *ends, const struct trial_event *what, bool excepted,
	const struct sight *seen)
{
	struct buffer sight = {0};
	if (has_key(ends, key_of(what->event)))
		return;
	if (seen != NULL)
		sight_print(seen, &sight);
	ends->items = arena_grow(&trial->recording, ends->items, ends->count, sizeof *ends->items);
	ends->items[ends->count++] = (struct sequence_end){key_of(what->event), excepted, origin_of(&trial->arena, what),
		event_of(&trial->arena, what->event), text_copy(&trial->arena, buffer_view(&sight))};
	buffer_free(&sight);
}

static void note_unseen(struct trial *trial, const struct event *event)
{
	if (trial->over_events.count == 0)
		return;
	trial->unseen = arena_grow(&trial->recording, trial->unseen, trial->unseen_count, sizeof *trial->unseen);
	trial->unseen[trial->unseen_count++] = key_of(event);
}

static bool is_unseen(const struct trial *trial, uint64_t key)
{
	for (size_t i = 0; i < trial->unseen_count; i++)
		if (trial->unseen[i] == key)
			return true;
	return false;
}

static void judge_sequence(const struct looking *l, struct row_trial *row)
{
	row->events++;
	if (fires_on(l, row->claim, NULL))
		note_end(l->trial, &row->fired, l->what, false, &l->sights.items[0]);
}

void trial_sequence_ends(struct trial *trial, const struct condition *condition, const struct trial_event *what)
{
	struct looking l = {.trial = trial};
	for (size_t i = 0; i < trial->over_events.count; i++) {
		struct row_trial *row = &trial->rows[trial->over_events.items[i]];
		if (row->claim->condition == condition)
			note_end(trial, &row->ended, what, exception_on(&l, row->claim, what->event->facets[0]) != NULL, NULL);
	}
}

static void keep_end(struct trial *trial, struct row_trial *row, const struct sequence_end *end, bool rule_only)
{
	bool wrong = row->claim->fidelity == FIDELITY_EXACT || (row->claim->fidelity == FIDELITY_WIDER && !rule_only);
	row->wrong += wrong;
	if (row->difference_count >= DIFFERENCES_KEPT * 2)
		return;
	row->differences = arena_grow(&trial->arena, row->differences, row->difference_count, sizeof *row->differences);
	row->differences[row->difference_count++] = (struct difference){rule_only, wrong, end->origin, end->event, TEXT(""),
		end->sight};
}

static void compare_ends(struct trial *trial, struct row_trial *row)
{
	for (size_t i = 0; i < row->fired.count; i++) {
		if (has_key(&row->ended, row->fired.items[i].key))
			continue;
		row->rule_only++;
		keep_end(trial, row, &row->fired.items[i], true);
	}
	for (size_t i = 0; i < row->ended.count; i++) {
		const struct sequence_end *end = &row->ended.items[i];
		if (is_unseen(trial, end->key))
			continue;
		bool fires = has_key(&row->fired, end->key);
		row->both += fires && !end->excepted;
		row->rule_only += fires && end->excepted;
		row->condition_only += !fires && !end->excepted;
		if (!fires && !end->excepted)
			keep_end(trial, row, end, false);
	}
}

void trial_end(struct trial *trial)
{
	for (size_t i = 0; i < trial->over_events.count; i++) {
		struct row_trial *row = &trial->rows[trial->over_events.items[i]];
		if (row->claim->rule.length > 0)
			compare_ends(trial, row);
		row->fired = row->ended = (struct sequence_ends){NULL, 0};
	}
	arena_reset(&trial->recording);
	trial->unseen = NULL;
	trial->unseen_count = 0;
}

/* At least as many entries as a new facet has room for: event.c counts on that. */
enum { ENTRIES_MORE = 64 };

static struct facet *facet_with(struct event *event, const struct facet *facet, unsigned field)
{
	struct facet *copy = arena_alloc(event->arena, sizeof *copy);
	*copy = *facet;
	uint16_t *position = arena_array(event->arena, event->registry->field_count, sizeof *position);
	copy->position = position;
	copy->layout = NULL;
	copy->entries = arena_growable(event->arena, facet->count + ENTRIES_MORE, sizeof *copy->entries);
	copy->count = 0;
	for (size_t i = 0; i < facet->count; i++) {
		if (facet->position[facet->entries[i].field] != i + 1)
			continue; /* it was taken back */
		copy->entries[copy->count++] = facet->entries[i];
		position[facet->entries[i].field] = (uint16_t)copy->count;
	}
	facet_set_bool(event, copy, field, false);
	return copy;
}

/* The event as the target's sensor knows it: with what that always tells. */
static const struct event *told(const struct trial *trial, const struct event *event, struct arena *scratch)
{
	const char *always = trial->target->judging->always;
	unsigned field = always != NULL ? registry_field(&trial->catalog->registry, text_of(always)) : FIELD_NONE;
	if (field == FIELD_NONE)
		return event;
	struct event *copy = arena_alloc(scratch, sizeof *copy);
	*copy = *event;
	copy->arena = scratch;
	copy->facets = arena_array(scratch, event->facet_count + 1, sizeof(struct facet *));
	for (size_t i = 0; i < event->facet_count; i++)
		copy->facets[i] = facet_get(event->facets[i], field) != NULL ? event->facets[i]
			: facet_with(copy, event->facets[i], field);
	return copy;
}

static void judge_facet(const struct looking *l, const struct facet *facet)
{
	const struct row_list *list = &l->trial->of_action[facet->action];
	for (size_t i = 0; i < list->count; i++) {
		struct row_trial *row = &l->trial->rows[list->items[i]];
		if (row->claim->derived)
			judge_derived(l, row, facet);
		else
			judge_native(l, row, facet);
	}
}

/* Does any row speak of what happened? Where none does, rules are not asked either. */
static bool asks_of(const struct trial *trial, const struct event *event)
{
	for (size_t i = 0; i < event->facet_count; i++)
		if (!event->facets[i]->derived && trial->of_action[event->facets[i]->action].count > 0)
			return true;
	return trial->over_events.count > 0;
}

/* What the target shows of the event, and which rules fire. False: it shows nothing. */
static bool look(struct looking *l)
{
	const struct judging *judging = l->trial->target->judging;
	judging->view(l->trial->judge, l->event, l->scratch, &l->sights);
	judging->fires(l->trial->judge, l->event, &l->sights, l->scratch, &l->judgements);
	if (l->trial->made != NULL) {
		struct sights sights = {0};
		judging->view(l->trial->made, l->event, l->scratch, &sights);
		judging->fires(l->trial->made, l->event, &sights, l->scratch, &l->made);
	}
	if (l->sights.count == 0)
		note_unseen(l->trial, l->event);
	return l->sights.count > 0;
}

static void judge_sequences(const struct looking *l)
{
	for (size_t i = 0; i < l->trial->over_events.count; i++)
		judge_sequence(l, &l->trial->rows[l->trial->over_events.items[i]]);
}

void trial_take(struct trial *trial, const struct trial_event *what, struct arena *scratch)
{
	if (!asks_of(trial, what->event))
		return;
	struct looking l = {.trial = trial, .what = what, .event = told(trial, what->event, scratch), .scratch = scratch};
	if (!look(&l))
		return;
	trial->events++;
	judge_sequences(&l);
	for (size_t i = 0; i < l.event->facet_count; i++)
		if (!l.event->facets[i]->derived)
			judge_facet(&l, l.event->facets[i]);
}

void trial_take_again(struct trial *trial, const struct trial_event *what, struct arena *scratch)
{
	const struct judging *judging = trial->target->judging;
	if (judging->chained == NULL || trial->over_events.count == 0)
		return;
	struct looking l = {.trial = trial, .what = what, .event = told(trial, what->event, scratch), .scratch = scratch};
	judging->chained(trial->judge, true);
	if (look(&l))
		judge_sequences(&l);
	judging->chained(trial->judge, false);
}

/* --- afterwards --- */

enum { FIRINGS_ENOUGH = 3 };

const char *row_fault(const struct row_trial *row)
{
	uint64_t holding = row->both + row->condition_only;
	if (row->claim->fidelity == FIDELITY_UNSUPPORTED)
		return row->fires_anyway >= FIRINGS_ENOUGH && row->fires_anyway == holding
			? "unsupported, yet a rule of the condition fires wherever it holds" : NULL;
	if (row->wrong == 0)
		return NULL;
	if (row->worse == row->wrong)
		return "the rule is not as the catalog makes it: it is wrong about events on which that one is right";
	if (row->claim->fidelity == FIDELITY_COLLECTS)
		return "collects, yet no rule records an event on which the condition holds";
	if (row->claim->fidelity == FIDELITY_WIDER)
		return "wider, yet it misses an event on which the condition holds, or fires on one that is excepted exactly";
	if (row->claim->fidelity == FIDELITY_APPROXIMATE)
		return "it fires on an event that is excepted exactly";
	return "exact, yet rule and condition differ";
}

bool row_wrong(const struct row_trial *row)
{
	return row_fault(row) != NULL;
}
