/*
 * test_condition: what parses to what, what does not parse and where, and that printing is the way back.
 */
#include "catalog/sequence.h"
#include "tests/unit/cases.h"
#include "tests/unit/random_tree.h"
#include "tests/unit/unit.h"

#include <string.h>

void suite_condition(void);

static const char source_name[] = "case";

static struct condition *parse(const struct cases *cases, struct arena *arena, const char *source, struct diagnostics *d)
{
	return condition_parse(arena, &cases->scope, text_of(source), (struct place){source_name, 1, 1}, 0,
		(struct text){0}, d);
}

/* ---- errors ---- */

static bool first_error(const struct diagnostics *d, const struct diagnostic **first)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].severity == DIAGNOSTIC_ERROR) {
			*first = &d->items[i];
			return true;
		}
	return false;
}

static bool check_error(const struct cases *cases, const struct yaml *item)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	const struct yaml *source = yaml_get(item, "condition"), *count = yaml_get(item, "count");
	struct place place = {source_name, 1, 1};
	struct condition *condition = yaml_get(item, "expression") != NULL
		? condition_parse_expression(&arena, &cases->scope, source->text, place, 0, (struct text){0}, &d)
		: condition_parse(&arena, &cases->scope, source->text, place, 0, (struct text){0}, &d);
	const struct diagnostic *first = NULL;
	struct buffer at = {0};
	int64_t errors = 1;
	bool good = condition == NULL && first_error(&d, &first);

	if (count != NULL)
		text_to_long(count->text, &errors);
	if (first != NULL)
		buffer_printf(&at, "%u:%u", first->place.line, first->place.column);
	good = good && d.errors == (size_t)errors && text_equal(buffer_view(&at), yaml_get(item, "at")->text) &&
		text_contains(text_of(first->message), yaml_get(item, "message")->text, false);
	if (!good)
		fprintf(stderr, "\ntests/cases/errors.yaml:%u: %.*s\n  got %zu errors, the first at %s: %s\n", item->place.line,
			TEXT_ARGS(source->text), d.errors, at.data != NULL ? at.data : "nowhere", first != NULL ? first->message : "");
	buffer_free(&at);
	diagnostics_free(&d);
	arena_free(&arena);
	return good;
}

static void test_errors(void)
{
	struct cases cases;
	cases_load(&cases, "tests/cases/errors.yaml");
	CU_ASSERT_TRUE(cases.items->count >= 60);
	for (size_t i = 0; i < cases.items->count; i++)
		CU_ASSERT_TRUE(check_error(&cases, &cases.items->items[i]));
	cases_free(&cases);
}

static void test_place(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct text document = TEXT("one\ntwo\n    process where\n      x.y == 1\n");

	cases_load(&cases, "tests/cases/errors.yaml");
	CU_ASSERT_PTR_NULL(condition_parse(&arena, &cases.scope, TEXT("process where\n  x.y == 1"),
		(struct place){"file.yaml", 3, 5}, 4, document, &d));
	CU_ASSERT_EQUAL_FATAL(d.count, 1);
	CU_ASSERT_STRING_EQUAL(d.items[0].place.file, "file.yaml");
	CU_ASSERT_EQUAL(d.items[0].place.line, 4);
	CU_ASSERT_EQUAL(d.items[0].place.column, 7);
	CU_ASSERT_STRING_EQUAL(d.items[0].source_line, "      x.y == 1");
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

/* ---- bounds ---- */

static void repeat(struct buffer *out, const char *part, size_t times)
{
	for (size_t i = 0; i < times; i++)
		buffer_string(out, part);
}

static bool parses_wrapped(const struct cases *cases, const char *before, const char *core, const char *after,
	size_t times, const char *expected)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct buffer source = {0};

	buffer_string(&source, "process where ");
	repeat(&source, before, times);
	buffer_string(&source, core);
	repeat(&source, after, times);
	bool parsed = parse(cases, &arena, source.data, &d) != NULL;
	if (!parsed)
		CU_ASSERT_TRUE(d.errors == 1 && text_contains(text_of(d.items[0].message), text_of(expected), false));
	buffer_free(&source);
	diagnostics_free(&d);
	arena_free(&arena);
	return parsed;
}

static void test_bounds(void)
{
	struct cases cases;
	const char *core = "process.pid == 1", *deep = "nested too deeply", *many = "more than 10000";

	cases_load(&cases, "tests/cases/conditions.yaml");
	CU_ASSERT_TRUE(parses_wrapped(&cases, "(", core, ")", 199, deep));
	CU_ASSERT_FALSE(parses_wrapped(&cases, "(", core, ")", 200, deep));
	CU_ASSERT_FALSE(parses_wrapped(&cases, "(", core, ")", 100000, deep));
	CU_ASSERT_TRUE(parses_wrapped(&cases, "not ", core, "", 199, deep));
	CU_ASSERT_FALSE(parses_wrapped(&cases, "not ", core, "", 100000, deep));
	CU_ASSERT_TRUE(parses_wrapped(&cases, "", core, " or process.pid == 2", 9999, many));
	CU_ASSERT_FALSE(parses_wrapped(&cases, "", core, " or process.pid == 2", 10000, many));
	cases_free(&cases);
}

/* Each macro names the one before it twice: 2^40 comparisons if nothing stopped it. */
static void test_macro_bomb(void)
{
	enum { LEVELS = 40 };
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct named_macro macros[LEVELS] = {{TEXT("m0"), TEXT("process.pid == 1"), {source_name, 1, 1}}};

	cases_load(&cases, "tests/cases/conditions.yaml");
	for (int i = 1; i < LEVELS; i++)
		macros[i] = (struct named_macro){text_of(arena_printf(&arena, "m%d", i)),
			text_of(arena_printf(&arena, "m%d or m%d", i - 1, i - 1)), {source_name, 1, 1}};
	struct scope scope = {&cases.registry, NULL, 0, macros, LEVELS, &cases.scope, NULL};
	CU_ASSERT_PTR_NULL(condition_parse(&arena, &scope, TEXT("process where m39"), (struct place){source_name, 1, 1}, 0,
		(struct text){0}, &d));
	CU_ASSERT_EQUAL(d.errors, 1);
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

static void test_scope(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct text items[] = {TEXT("fish")};
	struct named_list inner = {TEXT("shells"), items, 1, {0}};

	cases_load(&cases, "tests/cases/conditions.yaml");
	struct scope scope = {&cases.registry, &inner, 1, NULL, 0, &cases.scope, NULL};
	struct condition *condition = condition_parse(&arena, &scope,
		TEXT("process where process.name in shells and contained"), (struct place){source_name, 1, 1}, 0, (struct text){0}, &d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	CU_ASSERT_EQUAL(condition->root->children[0]->predicate.count, 1);
	CU_ASSERT_TRUE(text_is(condition->root->children[0]->predicate.values[0].text, "fish"));
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

/* A pattern that begins with a part of /var/run cannot be cleaned: it is warned of. */
static void test_warning(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};

	cases_load(&cases, "tests/cases/conditions.yaml");
	CU_ASSERT_PTR_NOT_NULL(parse(&cases, &arena, "file where file.path like \"/var/run*\"", &d));
	CU_ASSERT_EQUAL(d.errors, 0);
	CU_ASSERT_EQUAL_FATAL(d.count, 1);
	CU_ASSERT_EQUAL(d.items[0].place.column, 27);
	CU_ASSERT_PTR_NOT_NULL(parse(&cases, &arena, "file where file.path like \"/var/run/*\"", &d));
	CU_ASSERT_EQUAL(d.count, 1);
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

/* ---- printing ---- */

static const struct {
	const char *source, *printed;
} prints[] = {
	{"any where true", "any where true"},
	{"process where process.name : \"A*\"", "process where process.name like~ \"A*\""},
	{"process where process.name in (\"a\")", "process where process.name == \"a\""},
	{"process where process.name not in (\"a\")", "process where process.name != \"a\""},
	{"process where process.name in~ (\"a\")", "process where process.name in~ (\"a\")"},
	{"process where process.name not in~ (\"a\", \"b\")", "process where process.name not in~ (\"a\", \"b\")"},
	{"process where ?process.name==\"a\"", "process where process.name == \"a\""},
	{"process where process.in_container", "process where process.in_container == true"},
	{"process where not process.in_container", "process where not process.in_container == true"},
	{"process where process.name in (shells)", "process where process.name in shells"},
	{"process where process.name in (shells, \"x\")", "process where process.name in (\"bash\", \"sh\", \"zsh\", \"x\")"},
	{"process where process.name like shells", "process where process.name like shells"},
	{"process where contained and process.pid == 007", "process where process.in_container == true and process.pid == 7"},
	{"process where process.pid==1 and(process.pid==2 and process.pid==3)",
		"process where process.pid == 1 and process.pid == 2 and process.pid == 3"},
	{"process where process.pid == 1 or process.pid == 2 and process.pid == 3",
		"process where process.pid == 1 or (process.pid == 2 and process.pid == 3)"},
	{"process where not(process.pid == 1 or not process.pid == 2)",
		"process where not (process.pid == 1 or not process.pid == 2)"},
	{"process where true and process.pid == 1", "process where process.pid == 1"},
	{"process where process.pid == 1 or true", "process where true"},
	{"process where not true", "process where false"},
	{"process where process.name == null or process.name != null",
		"process where process.name == null or process.name != null"},
	{"process where startswith~(process.name,\"a\",\"b\")", "process where startswith~(process.name, \"a\", \"b\")"},
	{"network where cidrmatch(destination.ip, internal)", "network where cidrmatch(destination.ip, internal)"},
	{"process where length(process.name)in(1,2)", "process where length(process.name) in (1, 2)"},
	{"process where process.name == \"a\\\\b\"", "process where process.name == \"\"\"a\\b\"\"\""},
	{"process where process.name == \"a\\nb\\\"\"", "process where process.name == \"a\\nb\\\"\""},
	{"process where process.name == \"\"\"say \"no\"\"\"\"", "process where process.name == \"say \\\"no\\\"\""},
	{"process where process.name == \"\\u{1}\"", "process where process.name == \"\\u{1}\""},
	{"process where process.name == \"\"\"a\"\"\"", "process where process.name == \"a\""},
	{"file where file.path == \"/var/run//x/\"", "file where file.path == \"/run/x\""},
	{"process where @timestamp > \"2026-01-01\"", "process where @timestamp > \"2026-01-01T00:00:00Z\""},
	{"process where process.name in nobody", "process where false"},
	{"process where process.name not in nobody", "process where process.name != null"},
	{"process where 5 <= process.pid and \"a\" != process.name", "process where process.pid >= 5 and process.name != \"a\""},
	{"process where wildcard(process.name, \"a*\", \"?b\")", "process where process.name like~ (\"a*\", \"?b\")"},
	{"process where process.name==process.parent.name", "process where process.name == process.parent.name"},
	{"process where process.name in (process.parent.name)", "process where process.name == process.parent.name"},
	{"process where process.name : process.parent.name", "process where process.name in~ process.parent.name"},
	{"process where process.name in~ process.parent.name", "process where process.name in~ process.parent.name"},
	{"process where process.name not in process.parent.name", "process where process.name != process.parent.name"},
	{"process where process.name not in~ `process.parent.name`", "process where process.name not in~ process.parent.name"},
	{"process where process.pid < process.parent.pid", "process where process.pid < process.parent.pid"},
	{"process where startswith~(process.executable, ?process.name)", "process where startswith~(process.executable, process.name)"},
	{"sequence by host.name with maxspan=60s [process where true] [file where true]",
		"sequence by host.name with maxspan=1m [process where true] [file where true]"},
	{"sequence with maxspan = 1500ms [process where process.name:\"a\"] with runs = 3",
		"sequence with maxspan=1500ms [process where process.name like~ \"a\"] with runs=3"},
	{"sequence by user.name with maxspan=48h [any where true] by process.pid, process.name with distinct(process.args)=2"
	 " ![file where true] by process.parent.pid,file.name [process where true] with runs=1 by process.pid, process.name"
	 " until [process where contained] by process.pid, process.name",
		"sequence by user.name with maxspan=2d [any where true] by process.pid, process.name with distinct(process.args)=2"
		" ![file where true] by process.parent.pid, file.name [process where true] by process.pid, process.name"
		" until [process where process.in_container == true] by process.pid, process.name"},
	{"sample by host.name with maxspan=5m\n  [process where true]\n  [file where true] // end",
		"sample by host.name with maxspan=5m [process where true] [file where true]"},
	{"sequence with maxspan=1s ![any where true] [process where true]",
		"sequence with maxspan=1s ![any where true] [process where true]"},
};

static void test_print(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct buffer out = {0};

	cases_load(&cases, "tests/cases/conditions.yaml");
	for (size_t i = 0; i < sizeof(prints) / sizeof(prints[0]); i++) {
		struct condition *condition = parse(&cases, &arena, prints[i].source, &d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
		buffer_clear(&out);
		condition_print(condition, &cases.registry, &out);
		CHECK_TEXT(buffer_view(&out), prints[i].printed);
	}
	buffer_free(&out);
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

static void count_predicate(const struct predicate *predicate, void *sum)
{
	*(unsigned *)sum = *(unsigned *)sum * 10 + predicate->field;
}

/* What stands behind a sequence's words. */
static void test_sequence(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};

	cases_load(&cases, "tests/cases/conditions.yaml");
	struct condition *condition = parse(&cases, &arena, "sequence by user.name with maxspan=10m\n"
		"  [process where event.outcome == \"failure\"] by process.pid with runs=3\n"
		"  [file where true] by process.parent.pid\n  until [process where process.pid == 1] by process.pid", &d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
	const struct sequence *s = condition->sequence;
	CU_ASSERT_PTR_NOT_NULL_FATAL(s);
	CU_ASSERT_EQUAL(condition->root->kind, NODE_FALSE);
	CU_ASSERT_FALSE(s->sample);
	CU_ASSERT_EQUAL(s->count, 2);
	CU_ASSERT_EQUAL(s->key_count, 2);
	CU_ASSERT_EQUAL(s->shared_count, 1);
	CU_ASSERT_EQUAL(s->maxspan, INT64_C(600000000000));
	CU_ASSERT_EQUAL(s->steps[0].runs, 3);
	CU_ASSERT_EQUAL(s->steps[1].by[1], registry_field(&cases.registry, TEXT("process.parent.pid")));
	CU_ASSERT_TRUE(s->steps[0].condition->names_outcome);
	CU_ASSERT_FALSE(s->steps[1].condition->names_outcome);
	CU_ASSERT_EQUAL(s->steps[1].condition->place.line, 3);
	CU_ASSERT_EQUAL(s->steps[1].condition->place.column, 4);
	CHECK_TEXT(s->steps[1].condition->source, "file where true");
	CU_ASSERT_PTR_EQUAL(sequence_last(s), &s->steps[1]);
	unsigned seen = 0;
	condition_visit(condition, count_predicate, &seen);
	CU_ASSERT_TRUE(seen > 10);
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

static void test_durations(void)
{
	static const char *const good[] = {"1ms", "1500ms", "90s", "1m", "36h", "36500d"}, *const bad[] = {"", "5", "m", "0s", "36501d",
		"99999999999999999999s", "9223372036854775807d", "-1s", "1.5s", "1w", "1S", "1 s"};
	struct buffer out = {0};
	int64_t span;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CU_ASSERT_TRUE(duration_parse(text_of(good[i]), &span));
		buffer_clear(&out);
		duration_print(span, &out);
		CHECK_TEXT(buffer_view(&out), good[i]);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		CU_ASSERT_FALSE(duration_parse(text_of(bad[i]), &span));
	buffer_free(&out);
}

static void test_names_outcome(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};

	cases_load(&cases, "tests/cases/conditions.yaml");
	CU_ASSERT_FALSE(parse(&cases, &arena, "process where event.action == \"exec\"", &d)->names_outcome);
	CU_ASSERT_TRUE(parse(&cases, &arena, "process where not (true and event.outcome == null)", &d)->names_outcome);
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

/* ---- builders ---- */

static void test_builders(void)
{
	struct arena arena = {0};
	struct predicate p = {.field = 1, .op = OPERATOR_EXISTS}, q = {.field = 2, .op = OPERATOR_EXISTS};
	struct node *a = node_predicate(&arena, &p), *b = node_predicate(&arena, &q);
	struct node *ab[] = {a, b}, *with_true[] = {node_true(), a, node_true()}, *with_false[] = {a, node_false()};
	struct node *both = node_and(&arena, ab, 2), *nested[] = {both, a};
	struct node *inverse = node_not(&arena, both);
	unsigned seen = 0;

	CU_ASSERT_EQUAL(node_and(&arena, NULL, 0)->kind, NODE_TRUE);
	CU_ASSERT_EQUAL(node_or(&arena, NULL, 0)->kind, NODE_FALSE);
	CU_ASSERT_PTR_EQUAL(node_and(&arena, with_true, 3), a);
	CU_ASSERT_EQUAL(node_or(&arena, with_true, 3)->kind, NODE_TRUE);
	CU_ASSERT_EQUAL(node_and(&arena, with_false, 2)->kind, NODE_FALSE);
	CU_ASSERT_PTR_EQUAL(node_or(&arena, with_false, 2), a);
	CU_ASSERT_EQUAL(node_and(&arena, nested, 2)->count, 3);
	CU_ASSERT_EQUAL(node_or(&arena, nested, 2)->count, 2);
	CU_ASSERT_EQUAL(node_not(&arena, node_true())->kind, NODE_FALSE);
	CU_ASSERT_EQUAL(inverse->kind, NODE_NOT);
	CU_ASSERT_EQUAL(node_not(&arena, inverse)->kind, NODE_NOT);
	node_visit(inverse, count_predicate, &seen);
	CU_ASSERT_EQUAL(seen, 12);
	arena_free(&arena);
}

/* ---- properties ---- */

static void test_random_round_trip(void)
{
	struct cases cases;
	struct diagnostics d = {0};
	struct buffer first = {0}, second = {0};

	cases_load(&cases, "tests/cases/conditions.yaml");
	for (uint64_t seed = 1; seed <= 3000; seed++) {
		struct arena arena = {0};
		struct condition *condition = random_condition(&arena, &cases, seed);
		buffer_clear(&first);
		buffer_clear(&second);
		condition_print(condition, &cases.registry, &first);
		struct condition *again = parse(&cases, &arena, first.data, &d);
		if (again == NULL || !trees_equal(condition->root, again->root)) {
			fprintf(stderr, "\nseed %llu: %s\n", (unsigned long long)seed, first.data);
			diagnostics_print(&d, stderr);
		}
		CU_ASSERT_PTR_NOT_NULL_FATAL(again);
		CU_ASSERT_TRUE(trees_equal(condition->root, again->root));
		condition_print(again, &cases.registry, &second);
		CU_ASSERT_STRING_EQUAL(first.data, second.data);
		arena_free(&arena);
	}
	buffer_free(&first);
	buffer_free(&second);
	diagnostics_free(&d);
	cases_free(&cases);
}

/* ---- the manual ---- */

/* The examples of docs/conditions.md, each in a fence of its own, are conditions. */
static void test_manual(void)
{
	struct cases cases;
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct text page, networks[] = {TEXT("10.0.0.0/8")};
	const struct named_list list = {TEXT("internal_networks"), networks, 1, {0}};
	size_t examples = 0;

	cases_load(&cases, "tests/cases/conditions.yaml");
	const struct scope scope = {&cases.registry, &list, 1, NULL, 0, &cases.scope, NULL};
	CU_ASSERT_EQUAL_FATAL(file_read(&arena, "docs/conditions.md", 1 << 20, &d, &page), 0);
	const char *begin = strstr(page.data, "\n## Examples\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(begin);
	for (const char *fence = strstr(begin, "\n```\n"); fence != NULL; fence = strstr(fence + 5, "\n```\n")) {
		const char *end = strstr(fence + 5, "\n```\n");
		CU_ASSERT_PTR_NOT_NULL_FATAL(end);
		struct text source = {fence + 5, (size_t)(end - fence) - 5};
		CU_ASSERT_PTR_NOT_NULL(condition_parse(&arena, &scope, source, (struct place){"docs/conditions.md", 1, 1}, 0,
			(struct text){0}, &d));
		fence = end;
		examples++;
	}
	diagnostics_print(&d, stderr);
	CU_ASSERT_TRUE(examples >= 5);
	diagnostics_free(&d);
	arena_free(&arena);
	cases_free(&cases);
}

/* What the table of cases asks, printed and read again, is the same tree. */
static void test_table_round_trip(void)
{
	struct cases cases;
	struct diagnostics d = {0};
	struct buffer out = {0};

	cases_load(&cases, "tests/cases/conditions.yaml");
	for (size_t i = 0; i < cases.items->count; i++) {
		struct arena arena = {0};
		struct condition *condition = cases_condition(&cases, &cases.items->items[i], &arena, &d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(condition);
		buffer_clear(&out);
		condition_print(condition, &cases.registry, &out);
		struct condition *again = parse(&cases, &arena, out.data, &d);
		CU_ASSERT_PTR_NOT_NULL_FATAL(again);
		CU_ASSERT_TRUE(trees_equal(condition->root, again->root));
		CU_ASSERT_EQUAL(condition->category, again->category);
		CU_ASSERT_EQUAL(condition->names_outcome, again->names_outcome);
		arena_free(&arena);
	}
	buffer_free(&out);
	diagnostics_free(&d);
	cases_free(&cases);
}

void suite_condition(void)
{
	CU_pSuite suite = unit_suite("condition");
	unit_add(suite, "bad conditions and where they are bad", test_errors);
	unit_add(suite, "places in a document", test_place);
	unit_add(suite, "depth and number of comparisons are bounded", test_bounds);
	unit_add(suite, "macros of macros are bounded", test_macro_bomb);
	unit_add(suite, "an inner scope goes before the outer", test_scope);
	unit_add(suite, "a part of /var/run is warned of", test_warning);
	unit_add(suite, "canonical print", test_print);
	unit_add(suite, "sequences as they are parsed", test_sequence);
	unit_add(suite, "durations", test_durations);
	unit_add(suite, "event.outcome named", test_names_outcome);
	unit_add(suite, "builders keep the normal form", test_builders);
	unit_add(suite, "random trees print and parse back", test_random_round_trip);
	unit_add(suite, "the manual's examples", test_manual);
	unit_add(suite, "the table prints and parses back", test_table_round_trip);
}
