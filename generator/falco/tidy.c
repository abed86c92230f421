/* tidy: facts of one kind of event, values that cannot be, and what is always true. */
#include "generator/falco/tidy.h"

#include "generator/falco/fields.h"
#include "generator/falco/raw.h"

#include "catalog/value.h"

#include <stdio.h>

/* --- values that a field of its type never has --- */

static bool possible(const struct rule_test *test, struct text value)
{
	const struct falco_field *field = falco_opaque(test->name) || test->op != TEST_EQUAL ? NULL : falco_field(test->name);
	char canonical[24];
	int64_t number;
	struct ip ip;

	switch (field != NULL ? field->type : FALCO_UNKNOWN) {
	case FALCO_NUMBER:
		if (!text_to_long(value, &number))
			return false;
		snprintf(canonical, sizeof(canonical), "%lld", (long long)number);
		return text_is(value, canonical);
	case FALCO_TRUTH:
		return text_is(value, "true") || text_is(value, "false");
	case FALCO_ADDRESS:
		return ip_parse(value, &ip);
	case FALCO_NETWORK:
		return !text_is(value, "<NA>");
	default:
		return true;
	}
}

static struct rule_node *without_impossible(struct arena *arena, struct rule_node *node)
{
	struct rule_test test = node->test;
	struct text *values = arena_array(arena, test.count + 1, sizeof(*values));
	size_t count = 0;

	for (size_t i = 0; i < test.count; i++) {
		if (possible(&test, test.values[i]))
			values[count++] = test.values[i];
	}
	if (count == test.count || test.count == 0)
		return node;
	test.values = values;
	test.count = count;
	test.list = (struct text){NULL, 0};
	return count > 0 ? rule_test(arena, &test) : rule_false();
}

/* --- what the kind of event decides --- */

static bool has_value(const struct rule_test *test, struct text value)
{
	for (size_t i = 0; i < test->count; i++) {
		if (text_equal(test->values[i], value))
			return true;
	}
	return false;
}

static bool says_type(const struct rule_node *node)
{
	return node->kind == RULE_TEST && node->test.op == TEST_EQUAL && text_is(node->test.name, "evt.type") && node->test.count > 0;
}

/* The test of evt.type under another one that holds beside it. */
static struct rule_node *decided(struct arena *arena, struct rule_node *node, const struct rule_test *fact)
{
	struct rule_test left = node->test;
	struct text *values = arena_array(arena, left.count + 1, sizeof(*values));
	size_t both = 0;

	for (size_t i = 0; i < fact->count; i++)
		both += has_value(&node->test, fact->values[i]);
	if (both == 0)
		return rule_false();
	if (both == fact->count)
		return rule_true();
	left.count = 0;
	for (size_t i = 0; i < node->test.count; i++) {
		if (has_value(fact, node->test.values[i]))
			values[left.count++] = node->test.values[i];
	}
	left.values = values;
	return rule_test(arena, &left);
}

static struct rule_node *under(struct arena *arena, struct rule_node *node, const struct rule_test *fact)
{
	if (says_type(node))
		return decided(arena, node, fact);
	if (node->kind == RULE_NOT)
		return rule_not(arena, under(arena, node->children[0], fact));
	if (node->kind != RULE_AND && node->kind != RULE_OR)
		return node;
	struct rule_node **children = arena_array(arena, node->count, sizeof(*children));

	for (size_t i = 0; i < node->count; i++)
		children[i] = under(arena, node->children[i], fact);
	return node->kind == RULE_AND ? rule_and(arena, children, node->count) : rule_or(arena, children, node->count);
}

/* The parts of an AND under its narrowest test of evt.type. */
static struct rule_node *by_type(struct arena *arena, struct rule_node *node)
{
	const struct rule_node *fact = NULL;
	struct rule_node **children = arena_array(arena, node->count, sizeof(*children));

	for (size_t i = 0; i < node->count; i++) {
		if (says_type(node->children[i]) && (fact == NULL || node->children[i]->test.count < fact->test.count))
			fact = node->children[i];
	}
	if (fact == NULL)
		return node;
	for (size_t i = 0; i < node->count; i++)
		children[i] = node->children[i] == fact ? node->children[i] : under(arena, node->children[i], &fact->test);
	return rule_and(arena, children, node->count);
}

/* --- last components of paths --- */

/* Is `ends` the same values as `equal`, each behind a slash? */
static bool same_components(const struct rule_test *equal, const struct rule_test *ends)
{
	for (size_t i = 0; i < ends->count; i++) {
		struct text value = ends->values[i];

		if (value.length < 2 || value.data[0] != '/' || !has_value(equal, text_slice(value, 1, value.length)))
			return false;
	}
	return equal->count == ends->count;
}

/* f in (a, b) or f endswith /a or f endswith /b → basename(f) in (a, b) */
static struct rule_node *by_basename(struct arena *arena, struct rule_node *node)
{
	struct rule_node **children = arena_array(arena, node->count, sizeof(*children));
	size_t equal = node->count, ends = node->count, count = 0;

	for (size_t i = 0; i < node->count; i++) {
		for (size_t k = 0; k < node->count && equal == node->count; k++) {
			const struct rule_test *a = &node->children[i]->test, *b = &node->children[k]->test;
			bool tests = node->children[i]->kind == RULE_TEST && node->children[k]->kind == RULE_TEST;

			if (!tests || a->op != TEST_EQUAL || b->op != TEST_ENDS || a->fold || b->fold || a->number || a->other.length > 0)
				continue;
			if (text_equal(a->name, b->name) && same_components(a, b)) {
				equal = i;
				ends = k;
			}
		}
	}
	if (equal == node->count)
		return node;
	struct rule_test last = node->children[equal]->test;

	last.name = text_of(arena_printf(arena, "basename(%.*s)", TEXT_ARGS(last.name)));
	children[count++] = rule_test(arena, &last);
	for (size_t i = 0; i < node->count; i++) {
		if (i != equal && i != ends)
			children[count++] = node->children[i];
	}
	return rule_or(arena, children, count);
}

/* --- a part and its negation --- */

static bool opposite(const struct rule_node *a, const struct rule_node *b)
{
	return (a->kind == RULE_NOT && rule_equal(a->children[0], b)) || (b->kind == RULE_NOT && rule_equal(b->children[0], a));
}

static bool has_opposites(const struct rule_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		for (size_t k = i + 1; k < node->count; k++) {
			if (opposite(node->children[i], node->children[k]))
				return true;
		}
	}
	return false;
}

struct rule_node *falco_tidy(struct arena *arena, struct rule_node *node)
{
	if (node->kind == RULE_TEST)
		return without_impossible(arena, node);
	if (node->kind == RULE_NOT)
		return rule_not(arena, falco_tidy(arena, node->children[0]));
	if (node->kind != RULE_AND && node->kind != RULE_OR)
		return node;
	bool and = node->kind == RULE_AND;
	struct rule_node **children = arena_array(arena, node->count, sizeof(*children));

	for (size_t i = 0; i < node->count; i++)
		children[i] = falco_tidy(arena, node->children[i]);
	node = and ? rule_and(arena, children, node->count) : rule_or(arena, children, node->count);
	if (node->kind == RULE_AND)
		node = by_type(arena, node);
	if ((node->kind == RULE_AND || node->kind == RULE_OR) && has_opposites(node))
		return node->kind == RULE_OR ? rule_true() : rule_false();
	return node->kind == RULE_OR ? by_basename(arena, node) : node;
}
