/*
 * test_cases: the tables of cases, in every way that a condition is asked: by the plain evaluator, by the engine over a
 * catalog of all of them, printed and parsed again, and as other trees that mean the same.
 */
#include "replay/engine/engine.h"
#include "tests/unit/cases.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

void suite_cases(void);

static const char *const tables[] = {"tests/cases/conditions.yaml", "tests/cases/systematic.yaml"};

struct table {
	struct cases cases;
	const char *path;
	struct arena arena;
	struct condition **conditions; /* [items->count] */
	struct evaluator *evaluator;
	struct engine *engine; /* with all conditions in one detection */
};

static void table_begin(struct table *t, const char *path)
{
	struct diagnostics d = {0};

	*t = (struct table){.path = path, .evaluator = evaluator_new()};
	cases_load(&t->cases, path);
	t->conditions = arena_array(&t->arena, t->cases.items->count, sizeof(struct condition *));
	for (size_t i = 0; i < t->cases.items->count; i++) {
		t->conditions[i] = cases_condition(&t->cases, &t->cases.items->items[i], &t->arena, &d);
		if (t->conditions[i] == NULL)
			cases_give_up(&d, path);
	}
	diagnostics_free(&d);
}

static void table_end(struct table *t)
{
	evaluator_free(t->evaluator);
	arena_free(&t->arena);
	cases_free(&t->cases);
}

/* How one condition answers one event. */
typedef bool asking(struct table *t, size_t index, const struct condition *condition, const struct event *event);

static bool ask_plainly(struct table *t, size_t index, const struct condition *condition, const struct event *event)
{
	bool holds = false;
	(void)index;
	for (size_t i = 0; i < event->facet_count; i++)
		holds = holds || evaluate_condition(t->evaluator, condition, event->facets[i]);
	return holds;
}

static size_t ask_side(struct table *t, size_t index, const struct condition *condition, const char *side, asking *ask, const char *who)
{
	const struct yaml *events = yaml_get(&t->cases.items->items[index], side);
	bool expected = strcmp(side, "true") == 0;
	size_t count = events != NULL ? events->count : 0;

	for (size_t i = 0; i < count; i++) {
		struct arena arena = {0};
		struct event event;
		cases_event(&t->cases, &events->items[i], condition->category, &arena, &event);
		bool holds = ask(t, index, condition, &event);
		if (holds != expected)
			fprintf(stderr, "\n%s:%u: %s: event %zu: expected %s: %.*s\n", t->path, events->items[i].place.line, who, i, side,
				TEXT_ARGS(t->conditions[index]->source));
		CU_ASSERT_EQUAL(holds, expected);
		arena_free(&arena);
	}
	return count;
}

static void ask_both(struct table *t, size_t index, const struct condition *condition, asking *ask, const char *who, size_t *events)
{
	*events += ask_side(t, index, condition, "true", ask, who);
	*events += ask_side(t, index, condition, "false", ask, who);
}

static void test_plain(void)
{
	size_t events = 0;
	for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]); k++) {
		struct table t;
		table_begin(&t, tables[k]);
		for (size_t i = 0; i < t.cases.items->count; i++)
			ask_both(&t, i, t.conditions[i], ask_plainly, "evaluator", &events);
		table_end(&t);
	}
	CU_ASSERT_TRUE(events > 5000);
}

/* `not` is plain negation, of a missing field too. */
static bool ask_negated(struct table *t, size_t index, const struct condition *condition, const struct event *event)
{
	struct condition negated = *condition;
	negated.root = node_not(&t->arena, condition->root);
	for (size_t i = 0; i < event->facet_count; i++) {
		bool asked = condition->category == CATEGORY_ANY || condition->category == event->facets[i]->category;
		bool failed = !condition->names_outcome && text_is(facet_text(event->facets[i], FIELD_OUTCOME), "failure");
		CU_ASSERT_EQUAL(evaluate_condition(t->evaluator, &negated, event->facets[i]),
			asked && !failed && !evaluate_condition(t->evaluator, condition, event->facets[i]));
	}
	return ask_plainly(t, index, condition, event);
}

static void test_negated(void)
{
	size_t events = 0;
	for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]); k++) {
		struct table t;
		table_begin(&t, tables[k]);
		for (size_t i = 0; i < t.cases.items->count; i++)
			ask_both(&t, i, t.conditions[i], ask_negated, "negated", &events);
		table_end(&t);
	}
}

static void test_printed(void)
{
	size_t events = 0;
	for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]); k++) {
		struct table t;
		struct buffer out = {0};
		struct diagnostics d = {0};
		table_begin(&t, tables[k]);
		for (size_t i = 0; i < t.cases.items->count; i++) {
			buffer_clear(&out);
			condition_print(t.conditions[i], &t.cases.registry, &out);
			struct condition *again = condition_parse(&t.arena, &t.cases.scope, buffer_view(&out),
				(struct place){"printed", 1, 1}, 0, (struct text){0}, &d);
			CU_ASSERT_PTR_NOT_NULL_FATAL(again);
			ask_both(&t, i, again, ask_plainly, "printed", &events);
		}
		diagnostics_free(&d);
		buffer_free(&out);
		table_end(&t);
	}
}

/* --- trees that mean the same --- */

static struct node *negation(struct arena *arena, struct node *node);

/* Negations only at the predicates; `in` as an `or` of equalities; ANDs and ORs the other way round. */
static struct node *turned(struct arena *arena, struct node *node)
{
	struct node **children = arena_array(arena, node->count + 1, sizeof(struct node *));

	switch (node->kind) {
	case NODE_NOT:
		return negation(arena, node->children[0]);
	case NODE_AND:
	case NODE_OR:
		for (size_t i = 0; i < node->count; i++)
			children[i] = turned(arena, node->children[node->count - 1 - i]);
		return (node->kind == NODE_AND ? node_and : node_or)(arena, children, node->count);
	case NODE_PREDICATE:
		break;
	default:
		return node;
	}
	const struct predicate *p = &node->predicate;
	if (p->count < 2 || p->op == OPERATOR_NOT_EQUAL)
		return node;
	children = arena_array(arena, p->count, sizeof(struct node *));
	for (size_t i = 0; i < p->count; i++) {
		struct predicate one = *p;
		one.values = &p->values[i];
		one.cidrs = p->cidrs != NULL ? &p->cidrs[i] : NULL;
		one.regexes = p->regexes != NULL ? &p->regexes[i] : NULL;
		one.count = 1;
		one.list = (struct text){0};
		children[i] = node_predicate(arena, &one);
	}
	return node_or(arena, children, p->count);
}

static struct node *negation(struct arena *arena, struct node *node)
{
	struct node **children = arena_array(arena, node->count + 1, sizeof(struct node *));

	if (node->kind == NODE_NOT)
		return turned(arena, node->children[0]);
	if (node->kind != NODE_AND && node->kind != NODE_OR)
		return node_not(arena, turned(arena, node));
	for (size_t i = 0; i < node->count; i++)
		children[i] = negation(arena, node->children[i]);
	return (node->kind == NODE_AND ? node_or : node_and)(arena, children, node->count);
}

static void test_turned(void)
{
	size_t events = 0;
	for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]); k++) {
		struct table t;
		table_begin(&t, tables[k]);
		for (size_t i = 0; i < t.cases.items->count; i++) {
			struct condition other = *t.conditions[i];
			other.root = turned(&t.arena, other.root);
			ask_both(&t, i, &other, ask_plainly, "turned", &events);
			other.root = node_not(&t.arena, negation(&t.arena, t.conditions[i]->root));
			ask_both(&t, i, &other, ask_plainly, "negated twice", &events);
		}
		table_end(&t);
	}
}

/* --- the engine --- */

static bool ask_engine(struct table *t, size_t index, const struct condition *condition, const struct event *event)
{
	struct matches matches;
	bool holds = false, possible = bits_get(engine_scope(t->engine, event), 0);

	(void)condition;
	engine_match(t->engine, event, &matches);
	for (size_t i = 0; i < matches.count; i++)
		for (size_t k = 0; k < matches.items[i].count; k++)
			holds = holds || matches.items[i].hits[k].condition == index;
	CU_ASSERT_TRUE(possible || !holds);
	return holds;
}

static void test_engine(void)
{
	size_t events = 0;
	for (size_t k = 0; k < sizeof(tables) / sizeof(tables[0]); k++) {
		struct table t;
		table_begin(&t, tables[k]);
		struct detection all = {.name = TEXT("all"), .conditions = t.conditions, .condition_count = t.cases.items->count};
		struct detection *detections[] = {&all};
		struct catalog catalog = {.registry = t.cases.registry, .detections = detections, .detection_count = 1};
		t.engine = engine_new(&catalog);
		for (size_t i = 0; i < t.cases.items->count; i++)
			ask_both(&t, i, t.conditions[i], ask_engine, "engine", &events);
		engine_free(t.engine);
		table_end(&t);
	}
}

void suite_cases(void)
{
	CU_pSuite suite = CU_add_suite("cases", NULL, NULL);
	unit_add(suite, "the plain evaluator", test_plain);
	unit_add(suite, "not", test_negated);
	unit_add(suite, "printed and parsed again", test_printed);
	unit_add(suite, "other trees that mean the same", test_turned);
	unit_add(suite, "the engine", test_engine);
}
