/* lower: from a condition to what a target can say. */
#include "generator/lower.h"

#include "generator/derived.h"
#include "generator/target.h"

#include <string.h>

static const char *const fidelity_names[] = {
	[FIDELITY_EXACT] = "exact",
	[FIDELITY_WIDER] = "wider",
	[FIDELITY_APPROXIMATE] = "approximate",
	[FIDELITY_COLLECTS] = "collects",
	[FIDELITY_UNSUPPORTED] = "unsupported",
};

const char *fidelity_name(enum fidelity fidelity)
{
	return fidelity_names[fidelity];
}

void reason_add(struct arena *arena, struct texts *reasons, const char *reason)
{
	if (reason == NULL || *reason == '\0')
		return;
	for (size_t i = 0; i < reasons->count; i++) {
		if (text_is(reasons->items[i], reason))
			return;
	}
	struct text *items = arena_array(arena, reasons->count + 1, sizeof(*items));

	if (reasons->count)
		memcpy(items, reasons->items, reasons->count * sizeof(*items));
	items[reasons->count] = text_of(arena_printf(arena, "%s", reason));
	*reasons = (struct texts){items, reasons->count + 1};
}

/* Fields by which a condition names a log source itself (rules that were taken in and that no group maps). */
enum { LOGSOURCE_COUNT = 3 };
static const char *const logsource_fields[LOGSOURCE_COUNT] = {"logsource.product", "logsource.category", "logsource.service"};

/* --- one action in one group --- */

struct site {
	const struct lowering *l;
	struct evaluator *evaluator;
	const struct dialect_group *group; /* NULL: asks only whether the action can matter */
	const struct facet *fixed;         /* event.category, event.action, event.type, known outcome */
	unsigned category, action;
	struct deriving *deriving;         /* NULL: native */
	const unsigned *actions;           /* all actions of the category that the condition may ask for */
	size_t action_count;
	bool negated;                      /* rules are made of lower bounds */
	bool whole;                        /* a log source as it is: no category and no action are fixed */
	bool approximate;                  /* second pass: rows' approximate forms may be used */
	bool lost;
	const char *misses;
	struct texts reasons;
};

static bool fixed_field(const struct site *s, unsigned field)
{
	if (s->whole)
		return false;
	return field == FIELD_CATEGORY || field == FIELD_ACTION || field == FIELD_TYPE
		|| (field == FIELD_OUTCOME && facet_get(s->fixed, FIELD_OUTCOME) != NULL);
}

static unsigned row_action(const struct site *s, unsigned *category)
{
	const struct registry *registry = &s->l->catalog->registry;

	if (s->deriving == NULL) {
		*category = s->category;
		return s->action;
	}
	bool found;

	*category = registry_category(registry, TEXT("process"), &found);
	return registry_action(registry, *category, TEXT("exec"));
}

/* "0.44.1" against "0.40.0": is a there already in b? */
static bool version_reached(struct text since, const char *version)
{
	struct text have = text_of(version);

	while (since.length > 0) {
		size_t a = text_find(since, '.'), b = text_find(have, '.');
		int64_t need = 0, got = 0;

		if (!text_to_long(text_slice(since, 0, a), &need))
			return true;
		text_to_long(text_slice(have, 0, b), &got);
		if (need != got)
			return got > need;
		since = text_slice(since, a < since.length ? a + 1 : a, since.length);
		have = text_slice(have, b < have.length ? b + 1 : b, have.length);
	}
	return true;
}

static const char *no_field(const struct site *s, unsigned field)
{
	return arena_printf(s->l->arena, "%s has nothing that holds %.*s in %.*s events", s->l->target->name,
		TEXT_ARGS(s->l->catalog->registry.fields[field].name), TEXT_ARGS(s->group->name));
}

/* Other events of the group carry the field and this one does not: it is missing here. Where records have it
 * (a row for reading) and only rules cannot ask for it, it is not. */
static bool never_carried(const struct site *s, unsigned field, unsigned category, unsigned action)
{
	bool elsewhere = false;

	for (size_t i = 0; i < s->group->field_count; i++) {
		const struct dialect_field *row = &s->group->fields[i];

		if (row->field != field)
			continue;
		if (dialect_field_carries(row, category, action))
			return false;
		elsewhere = elsewhere || (row->use & USE_WRITE);
	}
	return elsewhere;
}

/* Items that have names of their own are seen, those beyond are not: what holds for one of the former holds. */
static struct bounds lower_positional(const struct bounding *bounding, bool approximate, const char *reason)
{
	struct bounds seen = bound_predicate(bounding);

	if (bounding->predicate->op == OPERATOR_EXISTS || bounding->predicate->op == OPERATOR_MISSING)
		return seen;
	if (bounding->predicate->op == OPERATOR_NOT_EQUAL)
		return bounds_upper(seen.upper, reason);
	struct bounds bounds = {rule_true(), seen.lower, false, reason, NULL};

	if (approximate) {
		bounds.upper = seen.upper;
		bounds.misses = reason;
	}
	return bounds;
}

static struct rule_node *there(struct arena *arena, struct text name)
{
	struct rule_test test = {.name = name, .op = TEST_PRESENT};

	return rule_test(arena, &test);
}

/* The name of a field that stands in records just as it is; empty: it does not. */
static struct text plain_name(const struct site *s, unsigned field, unsigned category, unsigned action)
{
	const struct dialect_field *row = s->group ? dialect_field_of(s->group, field, category, action, USE_WRITE) : NULL;
	bool plain = row != NULL && row->shape.shape == SHAPE_PLAIN && row->approximate.length == 0 && row->missing_count == 0
		&& s->l->dialect->missing_count == 0 && version_reached(row->since, s->l->target->version);

	return plain && !(s->deriving != NULL && derived_field(&s->l->catalog->registry, field)) ? bound_name(row) : TEXT("");
}

/* Two fields compared with one another. */
static struct bounds lower_fields(struct site *s, const struct predicate *p, unsigned category, unsigned action)
{
	static const enum test_operator operators[] = {[OPERATOR_EQUAL] = TEST_EQUAL, [OPERATOR_NOT_EQUAL] = TEST_EQUAL,
		[OPERATOR_STARTS] = TEST_STARTS, [OPERATOR_ENDS] = TEST_ENDS, [OPERATOR_CONTAINS] = TEST_CONTAINS};
	struct arena *arena = s->l->arena;
	const struct field *field = &s->l->catalog->registry.fields[p->field];
	struct text name = plain_name(s, p->field, category, action), other = plain_name(s, p->other, category, action);
	bool able = p->op == OPERATOR_EQUAL || (p->op < sizeof(operators) / sizeof(*operators) && operators[p->op] != 0);

	if (!s->l->target->fields || !able || name.length == 0 || other.length == 0)
		return bounds_none(arena_printf(arena, "%s cannot compare these two fields", s->l->target->name));
	struct rule_test test = {.name = name, .other = other, .op = operators[p->op], .fold = p->fold || field->type != TYPE_KEYWORD};
	struct bounds equal = bounds_exact(rule_test(arena, &test));

	if (field->path) {
		equal.exact = false;
		equal.lower = rule_false();
		equal.misses = equal.reason = "a path that stands in another way on the other side is not seen as the same";
	}
	if (p->op != OPERATOR_NOT_EQUAL)
		return equal;
	struct rule_node *both = rule_both(arena, there(arena, name), there(arena, other));

	return (struct bounds){rule_both(arena, both, rule_not(arena, equal.lower)),
		field->path ? rule_false() : rule_both(arena, both, rule_not(arena, equal.upper)), equal.exact, equal.reason, NULL};
}

/* The raw bounds of a predicate, before the target's abilities. */
static struct bounds bounds_raw(struct site *s, const struct predicate *p)
{
	unsigned category, action = row_action(s, &category);
	const struct registry *registry = &s->l->catalog->registry;

	if (p->other != FIELD_NONE && !(fixed_field(s, p->field) && fixed_field(s, p->other)))
		return lower_fields(s, p, category, action);
	if (fixed_field(s, p->field))
		return bounds_exact(evaluate_predicate(s->evaluator, p, s->fixed) ? rule_true() : rule_false());
	if (s->group == NULL)
		return bounds_none(NULL);
	if (s->deriving != NULL && derived_field(registry, p->field))
		return derived_bound(s->deriving, p);
	const struct dialect_field *row = dialect_field_of(s->group, p->field, category, action, USE_WRITE);

	if (never_carried(s, p->field, category, action))
		return bounds_exact(p->op == OPERATOR_MISSING ? rule_true() : rule_false());
	if (row == NULL || !version_reached(row->since, s->l->target->version))
		return bounds_none(no_field(s, p->field));
	struct bounding bounding = {s->l->arena, registry, s->l->dialect, row, p, s->evaluator};

	if (row->approximate.length == 0)
		return bound_predicate(&bounding);
	struct rule_node *near = s->approximate ? bound_approximate(&bounding) : rule_false();
	struct bounds bounds = bounds_none(arena_printf(s->l->arena, "%.*s", TEXT_ARGS(row->approximate)));

	if (row->shape.shape == SHAPE_POSITIONAL)
		return lower_positional(&bounding, s->approximate, bounds.reason);

	if (near->kind != RULE_FALSE) {
		bounds.upper = near;
		bounds.misses = bounds.reason;
	}
	return bounds;
}

static struct bounds bounds_fitted(struct site *s, const struct predicate *p)
{
	struct bounds raw = bounds_raw(s, p);
	struct bounds upper = target_fit(s->l->arena, s->l->target, raw.upper);
	struct bounds lower = raw.exact ? upper : target_fit(s->l->arena, s->l->target, raw.lower);

	raw.upper = upper.upper;
	raw.lower = lower.lower;
	raw.exact = raw.exact && upper.exact;
	if (!upper.exact)
		raw.reason = upper.reason;
	return raw;
}

static struct bounds lower_predicate(struct site *s, const struct predicate *p)
{
	struct bounds bounds = bounds_fitted(s, p);

	if (!bounds.exact)
		reason_add(s->l->arena, &s->reasons, bounds.reason);
	if (bounds.misses != NULL) {
		reason_add(s->l->arena, &s->reasons, bounds.misses);
		s->misses = bounds.misses;
	}
	return bounds;
}

static struct bounds lower_node(struct site *s, const struct node *node);

static struct bounds lower_list(struct site *s, const struct node *node)
{
	struct arena *arena = s->l->arena;
	struct rule_node **upper = arena_array(arena, node->count, sizeof(struct rule_node *));
	struct rule_node **lower = arena_array(arena, node->count, sizeof(struct rule_node *));
	enum rule_kind absorbing = node->kind == NODE_AND ? RULE_FALSE : RULE_TRUE;
	bool exact = true, absorbed = false;

	for (size_t i = 0; i < node->count; i++) {
		struct bounds child = lower_node(s, node->children[i]);

		upper[i] = child.upper;
		lower[i] = child.lower;
		exact = exact && child.exact;
		absorbed = absorbed || (child.exact && child.upper->kind == absorbing);
		s->lost = s->lost || (node->kind == NODE_AND && !child.exact && child.upper->kind == RULE_TRUE);
	}
	bool and = node->kind == NODE_AND;

	return (struct bounds){
		and ? rule_and(arena, upper, node->count) : rule_or(arena, upper, node->count),
		and ? rule_and(arena, lower, node->count) : rule_or(arena, lower, node->count),
		exact || absorbed, NULL, NULL,
	};
}

static struct bounds lower_not(struct site *s, struct bounds child)
{
	struct bounds bounds = target_not(s->l->arena, s->l->target, child);

	if (child.exact && !bounds.exact)
		reason_add(s->l->arena, &s->reasons, bounds.reason);
	return bounds;
}

static struct bounds lower_node(struct site *s, const struct node *node)
{
	switch (node->kind) {
	case NODE_TRUE:
		return bounds_exact(rule_true());
	case NODE_FALSE:
		return bounds_exact(rule_false());
	case NODE_NOT:
		return lower_not(s, lower_node(s, node->children[0]));
	case NODE_PREDICATE:
		return lower_predicate(s, &node->predicate);
	default:
		return lower_list(s, node);
	}
}

/* An action means a successful one, unless the condition speaks of the outcome itself. */
static struct bounds lower_root(struct site *s, const struct condition *condition, bool judged)
{
	static const struct value failure[] = {{.text = {"failure", 7}}};
	struct predicate failed = {.field = FIELD_OUTCOME, .op = OPERATOR_EQUAL, .values = failure, .count = 1};
	struct bounds bounds = lower_node(s, condition->root);

	if (condition->names_outcome || judged || s->whole || bounds.upper->kind == RULE_FALSE)
		return bounds;
	struct bounds succeeded = bounds_not(s->l->arena, lower_predicate(s, &failed));

	bounds.upper = rule_both(s->l->arena, bounds.upper, succeeded.upper);
	bounds.lower = rule_both(s->l->arena, bounds.lower, succeeded.lower);
	bounds.exact = bounds.exact && succeeded.exact;
	return bounds;
}

/* --- events --- */

static struct rule_node *match_test(struct arena *arena, const struct dialect_match *match)
{
	struct rule_test test = {.name = match->name, .values = match->values, .count = match->count};
	struct text *mask = arena_array(arena, 1, sizeof(*mask));

	switch (match->kind) {
	case MATCH_EQUAL:
		test.op = TEST_EQUAL;
		return rule_test(arena, &test);
	case MATCH_MASK:
		mask[0] = text_of(arena_printf(arena, "%llu", (unsigned long long)match->mask));
		test.op = TEST_MASK;
		test.values = mask;
		test.count = 1;
		return rule_test(arena, &test);
	default:
		test.op = TEST_PRESENT;
		test.count = 0;
		return match->kind == MATCH_PRESENT ? rule_test(arena, &test) : rule_not(arena, rule_test(arena, &test));
	}
}

static struct rule_node *matches_all(struct arena *arena, const struct dialect_match *matches, size_t count)
{
	struct rule_node *node = rule_true();

	for (size_t i = 0; i < count; i++)
		node = rule_both(arena, node, match_test(arena, &matches[i]));
	return node;
}

/* What no row of the group is: its records that are none of its events. */
static bool is_other(const struct lowering *l, const struct dialect_group *group, unsigned category, unsigned action)
{
	return l->target->others && group->other && category == group->other_category
		&& text_is(l->catalog->registry.actions[action].name, "other");
}

static struct rule_node *other_events(struct arena *arena, const struct dialect_group *group)
{
	struct rule_node *node = rule_false();

	for (size_t i = 0; i < group->event_count; i++)
		node = rule_either(arena, node, matches_all(arena, group->events[i].matches, group->events[i].match_count));
	return rule_not(arena, node);
}

static bool has_event(const struct lowering *l, const struct dialect_group *group, unsigned category, unsigned action)
{
	if (is_other(l, group, category, action))
		return true;
	for (size_t i = 0; i < group->event_count; i++) {
		const struct dialect_event *event = &group->events[i];

		if (event->category == category && event->action == action && (event->use & USE_WRITE))
			return true;
	}
	return false;
}

/* The group's own condition, and which of its records are one of these actions. */
static struct rule_node *events_of(const struct lowering *l, const struct dialect_group *group, unsigned category,
	const unsigned *actions, size_t count)
{
	struct arena *arena = l->arena;
	struct rule_node *node = rule_false();

	for (size_t k = 0; k < count; k++) {
		if (is_other(l, group, category, actions[k]))
			node = rule_either(arena, node, other_events(arena, group));
		for (size_t i = 0; i < group->event_count; i++) {
			const struct dialect_event *event = &group->events[i];

			if (event->category == category && event->action == actions[k] && (event->use & USE_WRITE))
				node = rule_either(arena, node, matches_all(arena, event->matches, event->match_count));
		}
	}
	return rule_both(arena, matches_all(arena, group->when, group->when_count), node);
}

/* --- derived rules --- */

static struct text command_line_name(const struct lowering *l, const struct dialect_group *group, unsigned category,
	unsigned action)
{
	static const char *const names[] = {"process.command_line", "process.args"};
	const struct registry *registry = &l->catalog->registry;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		unsigned field = registry_field(registry, text_of(names[i]));
		const struct dialect_field *row = dialect_field_of(group, field, category, action, USE_WRITE);

		/* A list of arguments is no line. */
		if (row != NULL && (row->shape.shape == SHAPE_JOINED || (row->shape.shape == SHAPE_PLAIN && !registry->fields[field].list)))
			return bound_name(row);
	}
	return TEXT("");
}

/* An exec of a client that can ask for one of the actions. */
static struct rule_node *derived_gate(struct site *s, const unsigned *actions, size_t count)
{
	struct arena *arena = s->l->arena;
	const struct catalog *catalog = s->l->catalog;
	struct text *names, words = derived_words(arena, &catalog->clients, actions, count);
	size_t name_count = derived_names(arena, &catalog->clients, actions, count, &names);
	struct value *values = arena_array(arena, name_count + 1, sizeof(*values));
	struct predicate client = {
		.field = registry_field(&catalog->registry, TEXT("process.name")), .op = OPERATOR_EQUAL, .values = values,
		.count = name_count};

	for (size_t i = 0; i < name_count; i++)
		values[i].text = names[i];
	unsigned category, exec = row_action(s, &category);
	struct rule_node *events = events_of(s->l, s->group, category, &exec, 1);
	struct rule_node *named = bounds_fitted(s, &client).upper;
	struct rule_node *worded = rule_one(arena, s->deriving->command_line, TEST_REGEX, words);

	worded = target_fit(arena, s->l->target, worded).upper;
	return rule_both(arena, events, rule_both(arena, named, worded));
}

/* --- one rule --- */

static void lower_exceptions(struct site *s, const struct condition *condition, struct rule *rule)
{
	const struct lowering *l = s->l;
	size_t target = 0;

	while (target_names[target] != NULL && strcmp(target_names[target], l->target->name) != 0)
		target++;
	rule->exceptions = arena_array(l->arena, l->exception_count + 1, sizeof(*rule->exceptions));
	for (size_t i = 0; i < l->exception_count; i++) {
		const struct exception *exception = l->exceptions[i];
		struct rule_exception *made = &rule->exceptions[rule->exception_count++];
		unsigned category = exception->condition->category;
		bool speaks = category == CATEGORY_ANY || category == s->category;
		struct site inner = *s;
		struct bounds bounds = bounds_exact(rule_false());

		if (speaks)
			bounds = lower_root(&inner, exception->condition, !condition->names_outcome);
		*made = (struct rule_exception){exception, bounds.lower, bounds.exact, i < l->shipped_count, {NULL, 0}};
		if (target_names[target] != NULL && speaks && l->target->handwritten)
			made->written = exception->targets[target];
	}
}

static enum fidelity fidelity_of(struct site *s, const struct bounds *bounds)
{
	struct text limit = dialect_attribute(s->group, "limit"), wider = dialect_attribute(s->group, "wider");
	bool collects = text_is(dialect_attribute(s->group, "collects"), "true");

	if (limit.length)
		reason_add(s->l->arena, &s->reasons, arena_printf(s->l->arena, "%.*s", TEXT_ARGS(limit)));
	if (bounds->upper->kind == RULE_TRUE && !bounds->exact && !collects)
		return FIDELITY_UNSUPPORTED;
	if (s->misses != NULL || limit.length)
		return FIDELITY_APPROXIMATE;
	if (bounds->upper->kind == RULE_TRUE && !bounds->exact)
		return FIDELITY_COLLECTS;
	if (wider.length)
		reason_add(s->l->arena, &s->reasons, arena_printf(s->l->arena, "%.*s", TEXT_ARGS(wider)));
	return bounds->exact && wider.length == 0 ? FIDELITY_EXACT : FIDELITY_WIDER;
}

/* Only what says that the act succeeded: nothing of the condition itself. */
static bool says_nothing(const struct bounds *bounds, const struct bounds *outcome)
{
	return !bounds->exact && rule_equal(bounds->upper, outcome->upper);
}

static struct bounds outcome_only(const struct site *s, const struct condition *condition)
{
	struct node *always = node_true();
	struct condition empty = *condition;
	struct site inner = *s;

	empty.root = always;
	return lower_root(&inner, &empty, false);
}

/* Sound bounds first; approximate ones where those say nothing. */
static enum fidelity lower_twice(struct site *s, const struct condition *condition, struct bounds *bounds)
{
	struct bounds outcome = outcome_only(s, condition);

	*bounds = lower_root(s, condition, false);
	if (bounds->upper->kind == RULE_FALSE)
		return FIDELITY_EXACT;
	if (says_nothing(bounds, &outcome) && s->deriving == NULL && !s->negated) {
		struct site again = *s;

		again.approximate = true;
		again.lost = false;
		again.reasons = (struct texts){NULL, 0};
		struct bounds near = lower_root(&again, condition, false);

		if (!says_nothing(&near, &outcome)) {
			*s = again;
			*bounds = near;
		}
	}
	if (!says_nothing(bounds, &outcome))
		return fidelity_of(s, bounds);
	struct bounds nothing = bounds_none(NULL);
	enum fidelity fidelity = fidelity_of(s, &nothing);

	return fidelity;
}

struct result {
	struct lowered *lowered;
	const struct detection *detection;
	const struct condition *condition;
};

static bool same_exceptions(const struct rule *a, const struct rule *b)
{
	for (size_t i = 0; i < a->exception_count; i++) {
		if (a->exceptions[i].exact != b->exceptions[i].exact || !rule_equal(a->exceptions[i].node, b->exceptions[i].node))
			return false;
	}
	return a->exception_count == b->exception_count;
}

/* Puts the action beside others that ask for the same, or makes a new rule. */
static void add_rule(struct site *s, struct result *result, struct rule rule)
{
	struct arena *arena = s->l->arena;
	struct lowered *lowered = result->lowered;

	for (size_t i = 0; i < lowered->count; i++) {
		struct rule *other = &lowered->rules[i];

		if (other->group == rule.group && other->category == rule.category && other->derived == rule.derived
			&& other->fidelity == rule.fidelity && rule_equal(other->node, rule.node) && same_exceptions(other, &rule)) {
			other->actions = arena_grow(arena, other->actions, other->action_count, sizeof(*other->actions));
			other->actions[other->action_count++] = s->action;
			other->events = s->deriving ? derived_gate(s, other->actions, other->action_count)
				: events_of(s->l, s->group, s->category, other->actions, other->action_count);
			return;
		}
	}
	rule.actions = arena_grow(arena, NULL, 0, sizeof(*rule.actions));
	rule.actions[0] = s->action;
	rule.action_count = 1;
	rule.events = s->whole ? rule_true() : s->deriving ? derived_gate(s, rule.actions, 1)
		: events_of(s->l, s->group, s->category, rule.actions, 1);
	lowered->rules = arena_grow(arena, lowered->rules, lowered->count, sizeof(*lowered->rules));
	lowered->rules[lowered->count++] = rule;
}

/* Does the tree ask for anything, and not only exclude? */
static bool asks(const struct rule_node *node)
{
	size_t asking = 0;

	if (node->kind == RULE_TEST)
		return true;
	for (size_t i = 0; node->kind != RULE_NOT && i < node->count; i++)
		asking += asks(node->children[i]);
	return node->kind == RULE_OR ? asking == node->count : asking > 0;
}

/* Of a record type that shows a part only: a rule of nothing but exclusions would match nearly every record. */
static bool only_excludes(struct site *s, const struct bounds *bounds)
{
	if (!s->lost || dialect_attribute(s->group, "one_of").length == 0 || asks(bounds->upper))
		return false;
	reason_add(s->l->arena, &s->reasons, arena_printf(s->l->arena, "%.*s records show only what the condition excludes",
		TEXT_ARGS(s->group->name)));
	return true;
}

/* 1: a rule; 0: the condition cannot hold here; -1: the target cannot say it (s->reasons). */
static int lower_site(struct site *s, struct result *result)
{
	struct bounds bounds;
	enum fidelity fidelity = lower_twice(s, result->condition, &bounds);

	if (bounds.upper->kind == RULE_FALSE)
		return 0;
	if (fidelity == FIDELITY_UNSUPPORTED || only_excludes(s, &bounds) || (s->negated && bounds.lower->kind == RULE_FALSE))
		return -1;
	struct rule rule = {
		.detection = result->detection, .condition = result->condition, .group = s->group, .category = s->category,
		.derived = s->deriving != NULL, .node = s->negated ? bounds.lower : bounds.upper, .fidelity = fidelity, .lost = s->lost};

	if (fidelity != FIDELITY_EXACT)
		rule.reasons = s->reasons;
	lower_exceptions(s, result->condition, &rule);
	add_rule(s, result, rule);
	return 1;
}

/* --- all groups, all actions --- */

static void add_gap(struct site *s, struct result *result, bool derived, struct texts reasons)
{
	struct lowered *lowered = result->lowered;

	lowered->gaps = arena_grow(s->l->arena, lowered->gaps, lowered->gap_count, sizeof(*lowered->gaps));
	lowered->gaps[lowered->gap_count++] = (struct gap){s->category, s->action, derived, reasons};
}

static void known_outcome(struct event *event, struct facet *facet, const struct dialect_group *group)
{
	struct text outcome = group ? dialect_attribute(group, "outcome") : TEXT("");

	facet_unset(facet, FIELD_OUTCOME);
	if (outcome.length)
		facet_set_text(event, facet, FIELD_OUTCOME, outcome);
}

/* All groups that can show the action (derived: through an exec). */
static void lower_groups(struct site *s, struct result *result, struct event *event, struct facet *facet, bool derived)
{
	const struct dialect *dialect = s->l->dialect;
	struct texts reasons = {NULL, 0};
	bool seen = false, refused = false;

	for (size_t i = 0; i < dialect->group_count; i++) {
		struct deriving deriving = {s->l->arena, &s->l->catalog->registry, &s->l->catalog->clients, {NULL, 0}, s->actions,
			s->action_count};
		struct site here = *s;
		unsigned category;

		here.deriving = derived ? &deriving : NULL;
		unsigned action = row_action(&here, &category);

		if (!has_event(s->l, &dialect->groups[i], category, action))
			continue;
		here.group = &dialect->groups[i];
		deriving.command_line = command_line_name(s->l, here.group, category, action);
		if (derived && deriving.command_line.length == 0 && !text_is(dialect_attribute(here.group, "collects"), "true"))
			continue;
		known_outcome(event, facet, here.group);
		int made = lower_site(&here, result);

		seen = seen || made == 1;
		refused = refused || made == -1;
		for (size_t k = 0; made == -1 && k < here.reasons.count; k++)
			reason_add(s->l->arena, &reasons, arena_printf(s->l->arena, "%.*s", TEXT_ARGS(here.reasons.items[k])));
	}
	known_outcome(event, facet, NULL);
	if (!seen && !refused && !derived)
		reason_add(s->l->arena, &reasons, arena_printf(s->l->arena, "%s sees no such event", s->l->target->name));
	if (!seen && (refused || !derived))
		add_gap(s, result, derived, reasons);
}

/* Can the condition hold for the action, whatever the fields are? */
static bool may_ask(struct site *s, const struct condition *condition)
{
	struct site asking = *s;

	return lower_node(&asking, condition->root).upper->kind != RULE_FALSE;
}

static void lower_action(struct site *s, struct result *result, struct event *event, struct facet *facet)
{
	lower_groups(s, result, event, facet, false);
	if (text_is(s->l->catalog->registry.categories[s->category].name, "container")
		&& derived_action(&s->l->catalog->clients, s->action))
		lower_groups(s, result, event, facet, true);
}

static void lower_category(struct site *s, struct result *result)
{
	const struct category *category = &s->l->catalog->registry.categories[s->category];
	struct facet **facets = arena_array(s->l->arena, category->action_count, sizeof(struct facet *));
	unsigned *actions = arena_array(s->l->arena, category->action_count, sizeof(*actions));
	struct event event;

	event_begin(&event, s->l->arena, &s->l->catalog->registry);
	s->actions = actions;
	for (unsigned i = 0; i < category->action_count; i++) {
		s->action = category->first_action + i;
		s->fixed = facets[s->action_count] = event_add_facet(&event, s->category, s->action);
		if (may_ask(s, result->condition))
			actions[s->action_count++] = s->action;
	}
	for (size_t i = 0; i < s->action_count; i++) {
		struct site site = *s;

		site.action = actions[i];
		site.fixed = facets[i];
		lower_action(&site, result, &event, facets[i]);
	}
}

/* --- conditions of a log source --- */

/* Does the predicate name the log source? Which of LOGSOURCE_FIELDS: its place there, or LOGSOURCE_COUNT. */
static size_t logsource_part(const struct registry *registry, const struct node *node)
{
	const struct predicate *p = &node->predicate;
	size_t part = 0;

	if (node->kind != NODE_PREDICATE || p->op != OPERATOR_EQUAL || p->count != 1 || p->length || p->other != FIELD_NONE)
		return LOGSOURCE_COUNT;
	while (part < LOGSOURCE_COUNT && !text_is(registry->fields[p->field].name, logsource_fields[part]))
		part++;
	return part;
}

/* The log source that the condition is of; *rest: what else it asks. false: it names none. */
static bool logsource_of(const struct lowering *l, const struct condition *condition, struct text named[LOGSOURCE_COUNT],
	struct node **rest)
{
	const struct registry *registry = &l->catalog->registry;
	const struct node *root = condition->root, *const *children = (const struct node *const *)root->children;
	size_t count = root->kind == NODE_AND ? root->count : 1, kept = 0;
	struct node **others = arena_array(l->arena, count, sizeof(*others));
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		const struct node *child = root->kind == NODE_AND ? children[i] : root;
		size_t part = condition->category == CATEGORY_ANY ? logsource_part(registry, child) : LOGSOURCE_COUNT;

		if (part == LOGSOURCE_COUNT || named[part].length > 0) {
			others[kept++] = root->kind == NODE_AND ? root->children[i] : condition->root;
			continue;
		}
		named[part] = child->predicate.values[0].text;
		found = true;
	}
	*rest = kept > 0 ? node_and(l->arena, others, kept) : node_true();
	return found;
}

/* The dialect's group for any log source, as one for this log source. NULL: it has none. */
static const struct dialect_group *logsource_group(const struct lowering *l, const struct text named[LOGSOURCE_COUNT])
{
	static const char *const keys[LOGSOURCE_COUNT] = {"product", "category", "service"};
	const struct dialect_group *any = NULL;

	for (size_t i = 0; i < l->dialect->group_count && any == NULL; i++) {
		if (text_is(dialect_attribute(&l->dialect->groups[i], "logsource"), "any"))
			any = &l->dialect->groups[i];
	}
	if (any == NULL)
		return NULL;
	struct dialect_group *group = arena_alloc(l->arena, sizeof(*group));
	struct dialect_attribute *attributes = arena_array(l->arena, LOGSOURCE_COUNT, sizeof(*attributes));

	for (size_t i = 0; i < LOGSOURCE_COUNT; i++)
		attributes[i] = (struct dialect_attribute){text_of(keys[i]), named[i]};
	*group = *any;
	group->attributes = attributes;
	group->attribute_count = LOGSOURCE_COUNT;
	group->name = text_join(l->arena, named, LOGSOURCE_COUNT, '/');
	return group;
}

/* A condition that names its log source is asked of that, whatever its events are. */
static void lower_logsource(struct site *s, struct result *result, const struct text named[LOGSOURCE_COUNT], struct node *rest)
{
	const struct dialect_group *group = logsource_group(s->l, named);
	struct condition own = *result->condition;
	struct result inner = *result;
	struct texts reasons = {NULL, 0};
	struct event event;
	int made = 0;

	own.root = rest;
	inner.condition = &own;
	if (group != NULL) {
		event_begin(&event, s->l->arena, &s->l->catalog->registry);
		s->whole = true;
		s->group = group;
		s->fixed = event_add_facet(&event, 1, s->l->catalog->registry.categories[1].first_action);
		made = lower_site(s, &inner);
		reasons = s->reasons;
	} else {
		reason_add(s->l->arena, &reasons, arena_printf(s->l->arena, "%s has no log source that is named so", s->l->target->name));
	}
	for (size_t i = 0; made == 1 && i < result->lowered->count; i++)
		result->lowered->rules[i].condition = result->condition;
	if (made != 1)
		add_gap(s, result, false, reasons);
}

static void lower_events(const struct lowering *l, const struct detection *detection, const struct condition *condition,
	bool negated, struct lowered *lowered)
{
	const struct registry *registry = &l->catalog->registry;
	struct evaluator *evaluator = evaluator_new();
	struct result result = {lowered, detection, condition};

	struct text named[LOGSOURCE_COUNT] = {{NULL, 0}};
	struct node *rest;

	*lowered = (struct lowered){0};
	if (logsource_of(l, condition, named, &rest)) {
		struct site site = {.l = l, .evaluator = evaluator, .negated = negated};

		lower_logsource(&site, &result, named, rest);
		evaluator_free(evaluator);
		return;
	}
	for (unsigned category = 1; category < registry->category_count; category++) {
		struct site site = {.l = l, .evaluator = evaluator, .category = category, .negated = negated};

		if (condition->category == CATEGORY_ANY || condition->category == category)
			lower_category(&site, &result);
	}
	evaluator_free(evaluator);
}

void lower_condition(const struct lowering *l, const struct detection *detection, const struct condition *condition,
	struct lowered *lowered)
{
	if (condition->sequence != NULL)
		lower_sequence(l, detection, condition, lowered);
	else
		lower_events(l, detection, condition, false, lowered);
}

void lower_negated(const struct lowering *l, const struct detection *detection, const struct condition *condition,
	struct lowered *lowered)
{
	struct lowering plain = *l;

	plain.exception_count = plain.shipped_count = 0;
	lower_events(&plain, detection, condition, true, lowered);
}
