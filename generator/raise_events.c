/*
 * raise_events: which events a rule asks for, from the tests of the names that tell them apart. Declared in raise.h.
 *
 * A dialect says of each event which raw values make it (evt.type in (open, openat), evt.is_open_write = true). For each
 * row these are facts: tests of those names are decided, the tree gets simpler, and what is not false is what the rule asks of
 * that event. Of each category the first row whose match holds gives the facet, so a row also knows that those before it
 * did not hold:
 *
 *   (evt.type in (open, openat) and evt.is_open_write = true) or evt.type = mkdir, and fd.name startswith /etc/
 *     file.create  by open:  evt.is_open_write = true (kept: creation says nothing of it) and fd.name …
 *                  by mkdir: fd.name …
 *     file.modify  fd.name startswith /etc/
 *     file.open    false: were it opened for writing, it would be file.modify
 */
#include "generator/raise.h"

#include <string.h>

/* What is known of one raw name: its value is one of `values`, or none of them. */
struct fact {
	const struct dialect_match *match;
	bool holds;
};

struct facts {
	struct fact *items;
	size_t count;
};

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_OPEN };

static bool has_value(const struct text *values, size_t count, struct text value)
{
	for (size_t i = 0; i < count; i++) {
		if (text_equal(values[i], value))
			return true;
	}
	return false;
}

/* How many of `a` are among `b`. */
static size_t overlap(const struct text *a, size_t a_count, const struct text *b, size_t b_count)
{
	size_t both = 0;

	for (size_t i = 0; i < a_count; i++)
		both += has_value(b, b_count, a[i]);
	return both;
}

static enum answer equal_under(const struct fact *fact, const struct rule_test *test)
{
	const struct dialect_match *match = fact->match;

	if (match->kind == MATCH_ABSENT)
		return fact->holds ? ANSWER_NO : ANSWER_OPEN;
	if (match->kind != MATCH_EQUAL)
		return ANSWER_OPEN;
	if (!fact->holds) /* none of the match's values: a test that asks for those alone is false */
		return overlap(test->values, test->count, match->values, match->count) == test->count ? ANSWER_NO : ANSWER_OPEN;
	size_t both = overlap(match->values, match->count, test->values, test->count);

	return both == 0 ? ANSWER_NO : both == match->count ? ANSWER_YES : ANSWER_OPEN;
}

static enum answer present_under(const struct fact *fact)
{
	bool absent = fact->match->kind == MATCH_ABSENT;

	if (fact->match->kind == MATCH_EQUAL)
		return fact->holds ? ANSWER_YES : ANSWER_OPEN;
	return fact->holds != absent ? ANSWER_YES : ANSWER_NO;
}

static struct rule_node *decide(const struct facts *facts, const struct rule_node *node)
{
	const struct rule_test *test = &node->test;

	for (size_t i = 0; i < facts->count; i++) {
		enum answer answer = ANSWER_OPEN;

		if (!text_equal(facts->items[i].match->name, test->name) || test->other.length > 0)
			continue;
		if (test->op == TEST_EQUAL)
			answer = equal_under(&facts->items[i], test);
		else if (test->op == TEST_PRESENT)
			answer = present_under(&facts->items[i]);
		if (answer != ANSWER_OPEN)
			return answer == ANSWER_YES ? rule_true() : rule_false();
	}
	return NULL;
}

static struct rule_node *under(struct arena *arena, const struct facts *facts, const struct rule_node *node)
{
	if (node->kind == RULE_TEST) {
		struct rule_node *decided = decide(facts, node);

		return decided != NULL ? decided : rule_test(arena, &node->test);
	}
	if (node->kind == RULE_NOT)
		return rule_not(arena, under(arena, facts, node->children[0]));
	if (node->kind == RULE_TRUE || node->kind == RULE_FALSE)
		return node->kind == RULE_TRUE ? rule_true() : rule_false();
	struct rule_node **children = arena_array(arena, node->count, sizeof(*children));

	for (size_t i = 0; i < node->count; i++)
		children[i] = under(arena, facts, node->children[i]);
	return node->kind == RULE_AND ? rule_and(arena, children, node->count) : rule_or(arena, children, node->count);
}

/* --- missing markers --- */

/* The group's row of this name that has words of its own for "missing" (container.id: host), or NULL. There the raw
 * value always stands, and says so where there is none. */
static const struct dialect_field *marked_row(const struct dialect_group *group, struct text name)
{
	for (size_t i = 0; i < group->field_count; i++) {
		const struct dialect_field *row = &group->fields[i];

		if (row->missing_count > 0 && row->name_count > 0 && text_equal(row->names[0], name))
			return row;
	}
	return NULL;
}

/* container.id = host → not there; container.id exists → true. */
static struct rule_node *without_marker(const struct raising *r, const struct dialect_field *row, const struct rule_test *test)
{
	struct arena *arena = r->import->arena;
	struct rule_test rest = *test, there = {.name = test->name, .op = TEST_PRESENT};
	struct text *values = arena_array(arena, test->count + 1, sizeof(*values));

	if (test->op == TEST_PRESENT)
		return rule_true();
	rest.values = values;
	rest.count = 0;
	for (size_t i = 0; i < test->count; i++) {
		if (!dialect_field_is_missing(r->import->dialect, row, test->values[i]))
			values[rest.count++] = test->values[i];
	}
	if (test->op != TEST_EQUAL || test->other.length > 0 || rest.count == test->count)
		return rule_test(arena, test);
	return rule_either(arena, rule_not(arena, rule_test(arena, &there)), rule_test(arena, &rest));
}

static struct rule_node *without_markers(const struct raising *r, const struct rule_node *node)
{
	struct arena *arena = r->import->arena;

	if (node->kind == RULE_TEST) {
		const struct dialect_field *row = marked_row(r->group, node->test.name);

		return row != NULL ? without_marker(r, row, &node->test) : rule_test(arena, &node->test);
	}
	if (node->kind == RULE_NOT)
		return rule_not(arena, without_markers(r, node->children[0]));
	if (node->kind == RULE_TRUE || node->kind == RULE_FALSE)
		return node->kind == RULE_TRUE ? rule_true() : rule_false();
	struct rule_node **children = arena_array(arena, node->count, sizeof(*children));

	for (size_t i = 0; i < node->count; i++)
		children[i] = without_markers(r, node->children[i]);
	return node->kind == RULE_AND ? rule_and(arena, children, node->count) : rule_or(arena, children, node->count);
}

/* --- rows --- */

struct row {
	const struct dialect_event *event;
	struct rule_node *node; /* under its facts; FALSE: the rule does not ask for it */
};

struct rising {
	const struct raising *r;
	const struct rule_node *tree;
	struct text name;
	struct row *rows;
	size_t count;
	size_t added;
};

static void fact_add(struct arena *arena, struct facts *facts, const struct dialect_match *match, bool holds)
{
	facts->items = arena_grow(arena, facts->items, facts->count, sizeof(*facts->items));
	facts->items[facts->count++] = (struct fact){match, holds};
}

/* Do the facts of `event` make this match hold? */
static bool implies(const struct dialect_event *event, const struct dialect_match *match)
{
	for (size_t i = 0; i < event->match_count; i++) {
		const struct dialect_match *known = &event->matches[i];

		if (!text_equal(known->name, match->name))
			continue;
		if (match->kind == MATCH_PRESENT)
			return known->kind != MATCH_ABSENT;
		if (match->kind == MATCH_EQUAL && known->kind == MATCH_EQUAL)
			return overlap(known->values, known->count, match->values, match->count) == known->count;
	}
	return false;
}

/* The one match of `other` that `event` leaves open, where there is just one; NULL: none, or several. */
static const struct dialect_match *open_match(const struct dialect_event *event, const struct dialect_event *other)
{
	const struct dialect_match *open = NULL;

	for (size_t i = 0; i < other->match_count; i++) {
		if (implies(event, &other->matches[i]))
			continue;
		if (open != NULL)
			return NULL;
		open = &other->matches[i];
	}
	return open;
}

static struct facts facts_of(const struct rising *rising, const struct dialect_event *event)
{
	struct arena *arena = rising->r->import->arena;
	const struct dialect_group *group = rising->r->group;
	struct facts facts = {NULL, 0};

	for (size_t i = 0; i < group->when_count; i++)
		fact_add(arena, &facts, &group->when[i], true);
	for (size_t i = 0; i < event->match_count; i++)
		fact_add(arena, &facts, &event->matches[i], true);
	for (const struct dialect_event *before = group->events; before < event; before++) {
		const struct dialect_match *open = before->category == event->category ? open_match(event, before) : NULL;

		if (open != NULL)
			fact_add(arena, &facts, open, false);
	}
	return facts;
}

/* Is `event` a special case of `general`, and does the rule ask for just that? Then the general row gives way to it. */
static bool only_special(const struct rising *rising, const struct dialect_event *general, const struct dialect_event *special)
{
	struct arena *arena = rising->r->import->arena;
	bool special_case = special->match_count > general->match_count;

	for (size_t i = 0; i < general->match_count && special_case; i++)
		special_case = implies(special, &general->matches[i]);
	if (!special_case)
		return false;
	for (size_t i = 0; i < special->match_count; i++) {
		struct facts facts = {NULL, 0};

		if (implies(general, &special->matches[i]))
			continue;
		for (size_t k = 0; k < general->match_count; k++)
			fact_add(arena, &facts, &general->matches[k], true);
		fact_add(arena, &facts, &special->matches[i], false);
		if (under(arena, &facts, rising->tree)->kind != RULE_FALSE)
			return false;
	}
	return true;
}

/* Rows of other categories that are special cases (the exec that starts a container): either they stand for the general
 * row, or the general row says it all. */
static void settle(struct rising *rising)
{
	for (size_t i = 0; i < rising->count; i++) {
		for (size_t k = 0; k < rising->count; k++) {
			const struct dialect_event *general = rising->rows[i].event, *special = rising->rows[k].event;
			bool covers = special->match_count > general->match_count && general->category != special->category;

			for (size_t m = 0; m < general->match_count && covers; m++)
				covers = implies(special, &general->matches[m]);
			if (!covers || rising->rows[i].node->kind == RULE_FALSE || rising->rows[k].node->kind == RULE_FALSE)
				continue;
			rising->rows[only_special(rising, general, special) ? i : k].node = rule_false();
		}
	}
}

/* --- values that no row knows --- */

static bool known_value(const struct dialect_group *group, struct text name, struct text value)
{
	for (size_t i = 0; i < group->event_count; i++) {
		for (size_t k = 0; k < group->events[i].match_count; k++) {
			const struct dialect_match *match = &group->events[i].matches[k];

			if (text_equal(match->name, name) && match->kind == MATCH_EQUAL && has_value(match->values, match->count, value))
				return true;
		}
	}
	return false;
}

struct unknown_values {
	const struct dialect_group *group;
	struct arena *arena;
	struct text name;    /* of the first such test */
	struct text *values;
	size_t count;
};

/* Do values of this name tell the group's events apart? */
static bool tells_apart(const struct dialect_group *group, struct text name)
{
	for (size_t i = 0; i < group->event_count; i++) {
		for (size_t k = 0; k < group->events[i].match_count; k++) {
			if (group->events[i].matches[k].kind == MATCH_EQUAL && text_equal(group->events[i].matches[k].name, name))
				return true;
		}
	}
	return false;
}

static void gather_unknown(const struct rule_test *test, void *context)
{
	struct unknown_values *u = context;

	if (test->op != TEST_EQUAL || !tells_apart(u->group, test->name) || (u->name.length > 0 && !text_equal(u->name, test->name)))
		return;
	for (size_t i = 0; i < test->count; i++) {
		if (known_value(u->group, test->name, test->values[i]) || has_value(u->values, u->count, test->values[i]))
			continue;
		u->name = test->name;
		u->values = arena_grow(u->arena, u->values, u->count, sizeof(*u->values));
		u->values[u->count++] = test->values[i];
	}
}

/* --- conditions --- */

/* An action means a successful one; where the group also records others, the rule asks for them too. */
static struct node *with_outcome(const struct raising *r, struct node *node)
{
	static const char any[] = "event.outcome == null or event.outcome != null";
	const char *error = NULL;

	if (r->group == NULL || text_is(dialect_attribute(r->group, "outcome"), "success"))
		return node;
	if (import_condition(r->import, CATEGORY_ANY, node)->names_outcome)
		return node;
	struct node *both[] = {node, import_expression(r->import, TEXT(any), &error)};

	return node_and(r->import->arena, both, 2);
}

static struct node *actions_are(const struct rising *rising, const unsigned *actions, size_t count)
{
	struct import *import = rising->r->import;
	const struct registry *registry = &import->catalog->registry;
	struct value *values = arena_array(import->arena, count, sizeof(*values));
	struct predicate p = {.field = FIELD_ACTION, .op = OPERATOR_EQUAL, .values = values, .count = count};

	for (size_t i = 0; i < count; i++)
		values[i].text = registry->actions[actions[i]].name;
	return node_predicate(import->arena, &p);
}

static void add_condition(struct rising *rising, unsigned category, struct node *root)
{
	struct import *import = rising->r->import;
	struct text name = rising->name;
	bool first = rising->added++ == 0;

	if (root->kind == NODE_FALSE || rising->r->item->draft == NULL)
		return;
	if (!first)
		name = text_of(arena_printf(import->arena, "%.*s-%.*s", TEXT_ARGS(name),
			TEXT_ARGS(import->catalog->registry.categories[category].name)));
	draft_add_condition(import->arena, rising->r->item->draft, name, import_condition(import, category, root));
}

/* The rows of one category whose trees are equal give one part: their actions and the tree. */
static struct node *raise_alike(struct rising *rising, size_t first, bool *done)
{
	struct arena *arena = rising->r->import->arena;
	const struct row *row = &rising->rows[first];
	unsigned *actions = arena_array(arena, rising->count, sizeof(*actions));
	size_t count = 0;

	for (size_t i = first; i < rising->count; i++) {
		const struct row *other = &rising->rows[i];

		if (done[i] || other->event->category != row->event->category || !rule_equal(other->node, row->node))
			continue;
		done[i] = true;
		bool known = false;

		for (size_t k = 0; k < count && !known; k++)
			known = actions[k] == other->event->action;
		if (!known)
			actions[count++] = other->event->action;
	}
	struct raising site = *rising->r;

	site.category = row->event->category;
	site.action = actions[0];
	struct node *both[] = {actions_are(rising, actions, count), with_outcome(rising->r, raise_tree(&site, row->node))};

	return node_and(arena, both, 2);
}

static void raise_category(struct rising *rising, unsigned category)
{
	struct arena *arena = rising->r->import->arena;
	bool *done = arena_array(arena, rising->count + 1, sizeof(*done));
	struct node **parts = arena_array(arena, rising->count + 1, sizeof(*parts));
	size_t count = 0;

	for (size_t i = 0; i < rising->count; i++) {
		const struct row *row = &rising->rows[i];

		if (!done[i] && row->event->category == category && row->node->kind != RULE_FALSE)
			parts[count++] = raise_alike(rising, i, done);
	}
	if (count > 0)
		add_condition(rising, category, node_or(arena, parts, count));
}

/* Calls that no row knows are the group's other events, told apart by the raw name itself. */
static void raise_other(struct rising *rising)
{
	const struct raising *r = rising->r;
	struct arena *arena = r->import->arena;
	struct unknown_values u = {.group = r->group, .arena = arena};

	rule_visit(rising->tree, gather_unknown, &u);
	if (u.count == 0 || !r->group->other)
		return;
	struct dialect_match match = {.name = u.name, .kind = MATCH_EQUAL, .values = u.values, .count = u.count};
	struct rule_test asked = {.name = u.name, .op = TEST_EQUAL, .values = u.values, .count = u.count};
	struct fact fact = {&match, true};
	struct rule_node *node = under(arena, &(struct facts){&fact, 1}, rising->tree);

	if (node->kind == RULE_FALSE)
		return;
	struct raising site = *r;
	unsigned category = r->group->other_category;
	unsigned other = registry_action(&r->import->catalog->registry, category, TEXT("other"));

	site.category = category;
	site.action = other;
	struct node *parts[] = {actions_are(rising, &other, 1), raise_test(&site, &asked), with_outcome(r, raise_tree(&site, node))};

	add_condition(rising, category, node_and(arena, parts, 3));
}

/* A rule that asks for no event in particular asks all of them, where the group's records are more than its rows. */
static bool asks_all(const struct rising *rising)
{
	if (rising->count < 2 || !rising->r->group->other)
		return false;
	for (size_t i = 0; i < rising->count; i++) {
		if (!rule_equal(rising->rows[i].node, rising->tree))
			return false;
	}
	return true;
}

size_t raise_events(const struct raising *r, const struct rule_node *node, struct text name)
{
	struct arena *arena = r->import->arena;
	const struct rule_node *tree = r->group != NULL ? without_markers(r, node) : node;
	struct rising rising = {.r = r, .tree = tree, .name = name};

	if (r->group == NULL) {
		add_condition(&rising, CATEGORY_ANY, with_outcome(r, raise_tree(r, tree)));
		return rising.added;
	}
	rising.rows = arena_array(arena, r->group->event_count + 1, sizeof(*rising.rows));
	for (size_t i = 0; i < r->group->event_count; i++) {
		const struct dialect_event *event = &r->group->events[i];
		struct facts facts = facts_of(&rising, event);

		rising.rows[rising.count++] = (struct row){event, under(arena, &facts, tree)};
	}
	if (asks_all(&rising)) {
		struct raising site = *r;

		site.category = CATEGORY_ANY;
		site.action = 0;
		add_condition(&rising, CATEGORY_ANY, with_outcome(r, raise_tree(&site, tree)));
		return rising.added;
	}
	settle(&rising);
	for (unsigned category = 1; category < r->import->catalog->registry.category_count; category++)
		raise_category(&rising, category);
	raise_other(&rising);
	return rising.added;
}
