/*
 * test_evaluate: the oracle against the table of cases, and its properties on random trees and events.
 */
#include "catalog/evaluate.h"
#include "tests/unit/cases.h"
#include "tests/unit/random_tree.h"
#include "tests/unit/unit.h"

void suite_evaluate(void);

static bool holds_for_event(struct evaluator *e, const struct condition *condition, const struct event *event)
{
	for (size_t i = 0; i < event->facet_count; i++)
		if (evaluate_condition(e, condition, event->facets[i]))
			return true;
	return false;
}

/* ---- the table ---- */

static size_t check_events(const struct cases *cases, struct evaluator *e, const struct condition *condition,
	const struct yaml *events, bool expected)
{
	struct arena arena = {0};
	struct event event;

	for (size_t i = 0; events != NULL && i < events->count; i++) {
		cases_event(cases, &events->items[i], condition->category, &arena, &event);
		bool holds = holds_for_event(e, condition, &event);
		if (holds != expected)
			fprintf(stderr, "\ntests/cases/conditions.yaml:%u: event %zu: expected %s: %.*s\n", events->items[i].place.line, i,
				expected ? "true" : "false", TEXT_ARGS(condition->source));
		CU_ASSERT_EQUAL(holds, expected);
		arena_reset(&arena);
	}
	arena_free(&arena);
	return events != NULL ? events->count : 0;
}

static void test_table(void)
{
	struct cases cases;
	struct evaluator *e = evaluator_new();
	size_t events = 0;

	cases_load(&cases, "tests/cases/conditions.yaml");
	for (size_t i = 0; i < cases.items->count; i++) {
		struct arena arena = {0};
		struct diagnostics d = {0};
		const struct yaml *item = &cases.items->items[i];
		struct condition *condition = cases_condition(&cases, item, &arena, &d);
		if (condition == NULL) {
			fprintf(stderr, "\ntests/cases/conditions.yaml:%u:\n", item->place.line);
			diagnostics_print(&d, stderr);
		}
		CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
		CU_ASSERT_EQUAL(d.count, 0);
		events += check_events(&cases, e, condition, yaml_get(item, "true"), true);
		events += check_events(&cases, e, condition, yaml_get(item, "false"), false);
		diagnostics_free(&d);
		arena_free(&arena);
	}
	CU_ASSERT_TRUE(events >= 250);
	CU_ASSERT_EQUAL(evaluator_limited(e), 0);
	evaluator_free(e);
	cases_free(&cases);
}

/* ---- possible and distance ---- */

static const struct {
	const char *condition, *event; /* the event as YAML */
	bool can_be_true, can_be_false;
	size_t distance;
} scopes[] = {
	{"process where process.name == \"a\"", "{process.name: b}", true, true, 1},
	{"process where process.name == \"a\"", "{process.name: a}", true, true, 0},
	{"process where process.name == \"a\"", "{}", false, true, SIZE_MAX},
	{"process where process.name != \"a\"", "{}", false, true, SIZE_MAX},
	{"process where not process.name == \"a\"", "{}", true, false, 0},
	{"process where not process.name == \"a\"", "{process.name: a}", true, true, 1},
	{"process where process.name == null", "{process.name: a}", false, true, SIZE_MAX},
	{"process where process.name == null", "{}", true, false, 0},
	{"process where process.name != null", "{process.name: a}", true, false, 0},
	{"process where event.action == \"fork\" and process.name == \"a\"", "{process.name: a}", false, true, SIZE_MAX},
	{"process where event.action == \"exec\" and process.name == \"a\"", "{process.name: b}", true, true, 1},
	{"file where process.name == \"a\"", "{event.category: process, process.name: a}", false, true, SIZE_MAX},
	{"process where process.name == \"a\"", "{process.name: b, event.outcome: failure}", false, true, SIZE_MAX},
	{"process where event.outcome == \"failure\"", "{event.outcome: success}", false, true, SIZE_MAX},
	{"process where event.outcome == \"failure\" and process.name == \"a\"", "{event.outcome: failure, process.name: b}", true, true, 1},
	{"process where process.name == \"a\" and process.pid == 1", "{process.name: b, process.pid: 2}", true, true, 2},
	{"process where process.name == \"a\" and process.pid == 1", "{process.name: b}", false, true, SIZE_MAX},
	{"process where process.name == \"a\" or process.pid == 1", "{process.name: b}", true, true, 1},
	{"process where process.name == \"a\" or process.pid == 1", "{process.name: b, process.pid: 2}", true, true, 1},
	{"process where not (process.name == \"a\" or process.pid == 1)", "{process.name: a, process.pid: 1}", true, true, 2},
	{"process where not (process.name == \"a\" and process.pid == 1)", "{process.name: a, process.pid: 1}", true, true, 1},
	{"process where (process.name == \"a\" and process.pid == 1) or process.args == \"x\"",
		"{process.name: b, process.pid: 2, process.args: []}", true, true, 1},
	{"process where true", "{}", true, false, 0},
	{"process where false", "{}", false, true, SIZE_MAX},
};

static void check_scope(const struct cases *cases, struct evaluator *e, size_t i)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct event event;
	struct yaml *documents;
	size_t count;
	struct condition *condition = condition_parse(&arena, &cases->scope, text_of(scopes[i].condition),
		(struct place){"scope", 1, 1}, 0, (struct text){0}, &d);

	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	CU_ASSERT_EQUAL_FATAL(yaml_parse(&arena, text_of(scopes[i].event), "scope", NULL, &d, &documents, &count), 0);
	cases_event(cases, &documents[0], condition->category, &arena, &event);
	struct possible possible = evaluate_possible(e, condition, event.facets[0]);
	CU_ASSERT_EQUAL(possible.can_be_true, scopes[i].can_be_true);
	CU_ASSERT_EQUAL(possible.can_be_false, scopes[i].can_be_false);
	CU_ASSERT_EQUAL(evaluate_distance(e, condition, event.facets[0]), scopes[i].distance);
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_scopes(void)
{
	struct cases cases;
	struct evaluator *e = evaluator_new();

	cases_load(&cases, "tests/cases/conditions.yaml");
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++)
		check_scope(&cases, e, i);
	evaluator_free(e);
	cases_free(&cases);
}

/* ---- properties ---- */

struct tally {
	size_t holds, fails;
};

static void check_properties(struct evaluator *e, const struct cases *cases, const struct condition *condition,
	const struct condition *again, const struct facet *facet, struct tally *tally)
{
	bool holds = evaluate_condition(e, condition, facet);
	struct possible possible = evaluate_possible(e, condition, facet);
	size_t distance = evaluate_distance(e, condition, facet);
	struct condition negated = *condition;
	struct arena arena = {0};
	struct explained *lines;

	(void)cases;
	CU_ASSERT_EQUAL(evaluate_condition(e, again, facet), holds);
	CU_ASSERT_TRUE(holds ? possible.can_be_true : possible.can_be_false);
	CU_ASSERT_EQUAL(distance == 0, holds);
	CU_ASSERT_EQUAL(distance != SIZE_MAX, possible.can_be_true);
	negated.root = node_not(&arena, condition->root);
	CU_ASSERT_EQUAL(evaluate_node(e, negated.root, facet), !evaluate_node(e, condition->root, facet));
	size_t count = evaluate_explain(e, &arena, condition->root, facet, &lines);
	CU_ASSERT_TRUE(count >= 1 && lines[0].node == condition->root && lines[0].depth == 0);
	CU_ASSERT_EQUAL(lines[0].holds, evaluate_node(e, condition->root, facet));
	tally->holds += holds;
	tally->fails += !holds;
	arena_free(&arena);
}

static void check_seed(struct evaluator *e, const struct cases *cases, uint64_t seed, struct tally *tally)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct buffer out = {0};
	struct event event;
	struct condition *condition = random_condition(&arena, cases, seed);

	condition_print(condition, &cases->registry, &out);
	struct condition *again = condition_parse(&arena, &cases->scope, buffer_view(&out), (struct place){"again", 1, 1}, 0,
		(struct text){0}, &d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(again);
	for (uint64_t i = 0; i < 10; i++) {
		random_event(&arena, &cases->registry, seed * 31 + i, &event);
		for (size_t f = 0; f < event.facet_count; f++)
			check_properties(e, cases, condition, again, event.facets[f], tally);
	}
	buffer_free(&out);
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_properties(void)
{
	struct cases cases;
	struct evaluator *e = evaluator_new();
	struct tally tally = {0};

	cases_load(&cases, "tests/cases/conditions.yaml");
	for (uint64_t seed = 1; seed <= 1500; seed++)
		check_seed(e, &cases, seed, &tally);
	/* Both answers must be common, or the properties were hardly tested. */
	CU_ASSERT_TRUE(tally.holds > 2000 && tally.fails > 2000);
	evaluator_free(e);
	cases_free(&cases);
}

/* ---- explain, limits ---- */

static void test_explain(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct event event;
	struct explained *lines;
	struct evaluator *e = evaluator_new();
	struct text args[] = {TEXT("docker"), TEXT("run")};

	cases_load(&cases, "tests/cases/conditions.yaml");
	struct condition *condition = condition_parse(&arena, &cases.scope,
		TEXT("process where process.args == \"run\" and not process.name == \"a\" and process.capabilities.full"),
		(struct place){"explain", 1, 1}, 0, (struct text){0}, &d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	event_begin(&event, &arena, &cases.registry);
	struct facet *facet = event_add_facet(&event, condition->category, 1);
	facet_set_texts(&event, facet, registry_field(&cases.registry, TEXT("process.args")), args, 2);
	size_t count = evaluate_explain(e, &arena, condition->root, facet, &lines);
	CU_ASSERT_EQUAL_FATAL(count, 5);
	CU_ASSERT_FALSE(lines[0].holds);
	CU_ASSERT_TRUE(lines[1].holds && lines[1].depth == 1 && lines[1].seen.count == 2);
	CU_ASSERT_TRUE(lines[2].holds && lines[2].node->kind == NODE_NOT);
	CU_ASSERT_TRUE(!lines[3].holds && lines[3].depth == 2 && lines[3].seen.items == NULL);
	CU_ASSERT_TRUE(!lines[4].holds && lines[4].depth == 1);
	facet_set_texts(&event, facet, registry_field(&cases.registry, TEXT("process.args")), args, 0);
	evaluate_explain(e, &arena, condition->root, facet, &lines);
	CU_ASSERT_TRUE(lines[1].seen.items != NULL && lines[1].seen.count == 0);
	diagnostics_free(&d);
	arena_free(&arena);
	evaluator_free(e);
	cases_free(&cases);
}

static void test_limit(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct event event;
	struct evaluator *e = evaluator_new();

	cases_load(&cases, "tests/cases/conditions.yaml");
	struct condition *condition = condition_parse(&arena, &cases.scope, TEXT("process where process.name regex \"(a|aa|a?)+b\""),
		(struct place){"limit", 1, 1}, 0, (struct text){0}, &d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	event_begin(&event, &arena, &cases.registry);
	struct facet *facet = event_add_facet(&event, condition->category, 1);
	facet_set_text(&event, facet, registry_field(&cases.registry, TEXT("process.name")),
		TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaacb"));
	CU_ASSERT_FALSE(evaluate_condition(e, condition, facet));
	CU_ASSERT_EQUAL(evaluator_limited(e), 1);
	diagnostics_free(&d);
	arena_free(&arena);
	evaluator_free(e);
	cases_free(&cases);
}

void suite_evaluate(void)
{
	CU_pSuite suite = unit_suite("evaluate");
	unit_add(suite, "the table of cases", test_table);
	unit_add(suite, "what is in scope, and how far away", test_scopes);
	unit_add(suite, "properties on random trees and events", test_properties);
	unit_add(suite, "explain", test_explain);
	unit_add(suite, "the match limit is counted", test_limit);
}
