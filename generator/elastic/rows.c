/* rows: the events that a rule is made for, in few words. */
#include "generator/elastic/rows.h"

#include <string.h>

static const struct text category_name = {"event.category", 14};

/* Told by the index that the rule is asked on. */
static bool told_by_index(const struct rule_test *test)
{
	return text_is(test->name, "data_stream.dataset") || text_is(test->name, "event.module");
}

static const struct rule_node *without(struct arena *arena, const struct rule_node *node, const struct text *category)
{
	struct rule_node **children;

	if (node->kind == RULE_TEST)
		return told_by_index(&node->test) || (category != NULL && text_equal(node->test.name, category_name))
			? rule_true()
			: node;
	if (node->kind != RULE_AND && node->kind != RULE_OR)
		return node;
	children = arena_array(arena, node->count, sizeof(struct rule_node *));
	for (size_t i = 0; i < node->count; i++)
		children[i] = (struct rule_node *)(uintptr_t)without(arena, node->children[i], category);
	return node->kind == RULE_AND ? rule_and(arena, children, node->count) : rule_or(arena, children, node->count);
}

struct category_of {
	struct text name;
	bool several;
};

static void find_category(const struct rule_test *test, void *context)
{
	struct category_of *found = context;

	if (!text_equal(test->name, category_name))
		return;
	if (test->count != 1 || (found->name.length > 0 && !text_equal(found->name, test->values[0])))
		found->several = true;
	else
		found->name = test->values[0];
}

/* Two conjunctions of equal tests of the same names that differ in one name only are one. */
static struct rule_node *merge_pair(struct arena *arena, const struct rule_node *a, const struct rule_node *b)
{
	size_t differ = SIZE_MAX;

	if (a->kind != RULE_AND || b->kind != RULE_AND || a->count != b->count)
		return NULL;
	for (size_t i = 0; i < a->count; i++) {
		const struct rule_node *x = a->children[i], *y = b->children[i];

		if (x->kind != RULE_TEST || y->kind != RULE_TEST)
			return NULL;
		if (rule_equal(x, y))
			continue;
		if (differ != SIZE_MAX || x->test.op != TEST_EQUAL || y->test.op != TEST_EQUAL
			|| !text_equal(x->test.name, y->test.name))
			return NULL;
		differ = i;
	}
	struct rule_node **children = arena_array(arena, a->count, sizeof(struct rule_node *));

	memcpy(children, a->children, a->count * sizeof(struct rule_node *));
	if (differ != SIZE_MAX)
		children[differ] = rule_either(arena, a->children[differ], b->children[differ]);
	return rule_and(arena, children, a->count);
}

static const struct rule_node *merge_rows(struct arena *arena, const struct rule_node *node)
{
	bool again = node->kind == RULE_OR;

	while (again) {
		again = false;
		for (size_t i = 0; i < node->count && !again && node->kind == RULE_OR; i++) {
			for (size_t k = i + 1; k < node->count && !again; k++) {
				struct rule_node *merged = merge_pair(arena, node->children[i], node->children[k]);
				struct rule_node **children;

				if (merged == NULL)
					continue;
				children = arena_array(arena, node->count, sizeof(struct rule_node *));
				memcpy(children, node->children, node->count * sizeof(struct rule_node *));
				children[i] = merged;
				children[k] = rule_false();
				node = rule_or(arena, children, node->count);
				again = true;
			}
		}
	}
	return node;
}

/* Rows stand inside the conjunction with the group's own condition. */
static const struct rule_node *merged_events(struct arena *arena, const struct rule_node *events)
{
	struct rule_node **children;

	if (events->kind != RULE_AND)
		return merge_rows(arena, events);
	children = arena_array(arena, events->count, sizeof(struct rule_node *));
	for (size_t i = 0; i < events->count; i++)
		children[i] = (struct rule_node *)(uintptr_t)merge_rows(arena, events->children[i]);
	return rule_and(arena, children, events->count);
}

/* --- which of them the tree leaves --- */

/* The test that a conjunction asks of the name, or NULL. */
static const struct rule_test *asked_of(const struct rule_node *node, struct text name)
{
	if (node->kind == RULE_TEST)
		return node->test.op == TEST_EQUAL && !node->test.number && text_equal(node->test.name, name) ? &node->test : NULL;
	for (size_t i = 0; node->kind == RULE_AND && i < node->count; i++) {
		const struct rule_test *test = asked_of(node->children[i], name);

		if (test != NULL)
			return test;
	}
	return NULL;
}

static bool meet(const struct rule_test *a, const struct rule_test *b)
{
	for (size_t i = 0; i < a->count; i++) {
		for (size_t k = 0; k < b->count; k++) {
			bool fold = a->fold || b->fold;

			if (fold ? text_equal_fold(a->values[i], b->values[k]) : text_equal(a->values[i], b->values[k]))
				return true;
		}
	}
	return false;
}

/* A type is one of several that an event has at once. */
static bool one_valued(const struct rule_test *test)
{
	return test->op == TEST_EQUAL && !text_is(test->name, "event.type");
}

/* The events that the tree does not rule out: FALSE where it rules out all. */
const struct rule_node *rows_left(struct arena *arena, const struct rule_node *events, const struct rule_node *node)
{
	struct rule_node **children;

	if (events->kind == RULE_TEST) {
		const struct rule_test *asked = one_valued(&events->test) ? asked_of(node, events->test.name) : NULL;

		return asked == NULL || meet(asked, &events->test) ? events : rule_false();
	}
	if (events->kind != RULE_AND && events->kind != RULE_OR)
		return events;
	children = arena_array(arena, events->count, sizeof(struct rule_node *));
	for (size_t i = 0; i < events->count; i++)
		children[i] = (struct rule_node *)(uintptr_t)rows_left(arena, events->children[i], node);
	return events->kind == RULE_AND ? rule_and(arena, children, events->count) : rule_or(arena, children, events->count);
}

const struct rule_node *rows_merged(struct arena *arena, const struct rule_node *events, struct text *category)
{
	struct category_of found = {{NULL, 0}, false};

	rule_visit(events, find_category, &found);
	*category = found.several ? TEXT("") : found.name;
	return merged_events(arena, without(arena, events, category->length > 0 ? &category_name : NULL));
}
