/* lower: from a condition to what a target can say. */
#include "generator/lower.h"

#include "generator/lower_site.h"

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
		bool line = row != NULL && row->shape.shape == SHAPE_PLAIN && !registry->fields[field].list;

		if (line || (row != NULL && row->shape.shape == SHAPE_JOINED))
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
	unsigned category, exec = site_row_action(s, &category);
	struct rule_node *events = events_of(s->l, s->group, category, &exec, 1);
	struct rule_node *named = site_bounds(s, &client).upper;
	struct text *said = arena_array(arena, 1, sizeof(*said));
	struct rule_test saying = {.name = s->deriving->command_line, .op = TEST_REGEX, .lines = true, .values = said, .count = 1};

	said[0] = words;
	struct rule_node *worded = rule_test(arena, &saying);

	worded = target_fit(arena, s->l->target, worded).upper;
	return rule_both(arena, events, rule_both(arena, named, worded));
}

/* --- one rule --- */

static void lower_exceptions(struct site *s, struct rule *rule)
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
			bounds = site_root(&inner, exception->condition, true); /* what is normal may fail, too */
		*made = (struct rule_exception){exception, bounds.lower, bounds.exact, i < l->shipped_count, {NULL, 0}};
		if (target_names[target] != NULL && speaks && l->target->handwritten)
			made->written = exception->targets[target];
	}
}

static bool is_word_of(struct text words, struct text word)
{
	while (words.length > 0) {
		size_t blank = text_find(words, ' ');

		if (text_equal(text_slice(words, 0, blank), word))
			return true;
		words = text_slice(words, blank + (blank < words.length), words.length);
	}
	return false;
}

/* Could the tree hold with these fields missing? What is asked of other fields is not known. */
static bool holds_without(const struct registry *registry, struct text fields, const struct node *node, bool negated)
{
	const struct predicate *p = &node->predicate;
	bool all = (node->kind == NODE_AND) != negated;

	switch (node->kind) {
	case NODE_FALSE:
		return negated;
	case NODE_TRUE:
		return !negated;
	case NODE_NOT:
		return holds_without(registry, fields, node->children[0], !negated);
	case NODE_PREDICATE:
		return !is_word_of(fields, registry->fields[p->field].name) || (p->op == OPERATOR_MISSING) != negated;
	default:
		break;
	}
	for (size_t i = 0; i < node->count; i++) {
		if (holds_without(registry, fields, node->children[i], negated) != all)
			return !all;
	}
	return all;
}

/* The group's limit, where the condition comes up to it: `limit_without` names the fields that only events within it have. */
static struct text limit_of(const struct site *s, const struct condition *condition)
{
	struct text fields = dialect_attribute(s->group, "limit_without");

	if (fields.length > 0 && !holds_without(&s->l->catalog->registry, fields, condition->root, false))
		return (struct text){NULL, 0};
	return dialect_attribute(s->group, "limit");
}

static enum fidelity fidelity_of(struct site *s, const struct condition *condition, const struct bounds *bounds)
{
	struct text limit = limit_of(s, condition), wider = dialect_attribute(s->group, "wider");
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

/* The whole condition, and more than that the act succeeded: what is recorded is what is asked for. */
static bool says_all(const struct bounds *bounds, const struct bounds *outcome)
{
	return bounds->exact && !rule_equal(bounds->upper, outcome->upper);
}

/* Does whatever the node takes name the file? */
static bool names_file(const struct rule_node *node, struct text name)
{
	bool all = node->kind == RULE_OR && node->count > 0, some = false;

	if (node->kind == RULE_TEST)
		return text_equal(node->test.name, name);
	for (size_t i = 0; i < node->count && node->kind != RULE_NOT; i++) {
		bool names = names_file(node->children[i], name);

		all = all && names;
		some = some || (node->kind == RULE_AND && names);
	}
	return all || some;
}

static struct bounds outcome_only(const struct site *s, const struct condition *condition)
{
	struct node *always = node_true();
	struct condition empty = *condition;
	struct site inner = *s;

	empty.root = always;
	return site_root(&inner, &empty, false);
}

/* Sound bounds first; approximate ones where those say nothing. A group that watches paths names them wherever the condition
 * does: without them it would record every such call of the host. */
static enum fidelity lower_twice(struct site *s, const struct condition *condition, struct bounds *bounds)
{
	struct bounds outcome = outcome_only(s, condition);

	*bounds = site_root(s, condition, false);
	if (bounds->upper->kind == RULE_FALSE)
		return FIDELITY_EXACT;
	struct text watched = dialect_attribute(s->group, "watches");
	bool watches = watched.length > 0;

	if ((says_nothing(bounds, &outcome) || watches) && s->deriving == NULL && !s->negated) {
		struct site again = *s;

		again.approximate = true;
		again.lost = false;
		again.reasons = (struct texts){NULL, 0};
		struct bounds near = site_root(&again, condition, false);

		if (!says_nothing(&near, &outcome)) {
			*s = again;
			*bounds = near;
		}
	}
	bool asks = !says_nothing(bounds, &outcome);

	if (asks && (!watches || s->negated || names_file(bounds->upper, watched) || says_all(bounds, &outcome)))
		return fidelity_of(s, condition, bounds);
	if (asks)
		reason_add(s->l->arena, &s->reasons, arena_printf(s->l->arena,
			"it names no %.*s, and without one every such call of the host would be recorded", TEXT_ARGS(watched)));
	struct bounds nothing = bounds_none(NULL);
	return fidelity_of(s, condition, &nothing);
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
	lower_exceptions(s, &rule);
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

	facet_unset(event->arena, facet, FIELD_OUTCOME);
	if (outcome.length)
		facet_set_text(event, facet, FIELD_OUTCOME, outcome);
}

/* All groups that can show the action (derived: through an exec). */
static void lower_groups(struct site *s, struct result *result, struct event *event, struct facet *facet, bool derived)
{
	struct texts reasons = {NULL, 0};
	bool seen = false, refused = false;

	for (size_t i = 0; i < s->group_count; i++) {
		struct deriving deriving = {s->l->arena, &s->l->catalog->registry, &s->l->catalog->clients, {NULL, 0}, s->actions,
			s->action_count};
		struct site here = *s;
		unsigned category;

		here.deriving = derived ? &deriving : NULL;
		unsigned action = site_row_action(&here, &category);

		if (!events_known(s->l, s->groups[i], category, action))
			continue;
		here.group = s->groups[i];
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

	return site_node(&asking, condition->root).upper->kind != RULE_FALSE;
}

/* A derived rule's gate lets more through than the act, so it cannot say that the act did not come. */
static void skip_derived(struct site *s, struct result *result)
{
	struct texts reasons = {NULL, 0};

	reason_add(s->l->arena, &reasons, "that no command line asked for it cannot be said");
	add_gap(s, result, true, reasons);
}

static void lower_action(struct site *s, struct result *result, struct event *event, struct facet *facet)
{
	bool derivable = text_is(s->l->catalog->registry.categories[s->category].name, "container")
		&& derived_action(&s->l->catalog->clients, s->action);

	lower_groups(s, result, event, facet, false);
	if (derivable && s->negated)
		skip_derived(s, result);
	else if (derivable)
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
	struct site all = {.l = l, .evaluator = evaluator, .negated = negated};

	groups_of(l, condition, &all);
	for (unsigned category = 1; category < registry->category_count; category++) {
		struct site site = all;

		site.category = category;
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

struct bounds lower_part(const struct lowering *l, const struct dialect_group *group, unsigned category, unsigned action,
	const struct node *node)
{
	struct site site = {.l = l, .evaluator = evaluator_new(), .group = group, .category = category, .action = action};
	struct event event;

	event_begin(&event, l->arena, &l->catalog->registry);
	struct facet *facet = event_add_facet(&event, category, action);

	known_outcome(&event, facet, group);
	site.fixed = facet;
	struct bounds bounds = site_node(&site, node);

	evaluator_free(site.evaluator);
	return bounds;
}
