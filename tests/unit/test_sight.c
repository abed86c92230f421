/* test_sight: records of raw names, and tests of rules on them. */
#include "generator/sight.h"

#include "catalog/regex_cache.h"
#include "tests/unit/unit.h"

struct bench {
	struct arena arena;
	struct registry registry;
	struct event event;
	struct sights sights;
	struct sight *sight;
	struct evaluator *evaluator;
};

static void bench_begin(struct bench *b)
{
	static const struct text arguments[] = {{"docker", 6}, {"", 0}, {"run", 3}};

	*b = (struct bench){.evaluator = evaluator_new()};
	b->registry = *unit_registry(&b->arena);
	event_begin(&b->event, &b->arena, &b->registry);
	struct facet *facet = event_add_facet(&b->event, unit_category(&b->registry, "process"),
		unit_action(&b->registry, "process", "exec"));

	b->sight = sight_add(&b->arena, &b->sights, facet, TEXT("process_creation"));
	sight_set(&b->arena, b->sight, "Image", TEXT("/usr/bin/Docker"));
	sight_set_number(&b->arena, b->sight, "pid", -7);
	sight_set_list(&b->arena, b->sight, "args", arguments, 3);
	sight_set_list(&b->arena, b->sight, "none", NULL, 0);
	sight_set(&b->arena, b->sight, "a2", TEXT("1A"));
	sight_set(&b->arena, b->sight, "ip", TEXT("10.1.2.3"));
}

static void bench_end(struct bench *b)
{
	evaluator_free(b->evaluator);
	arena_free(&b->arena);
}

/* One line a case: the test of these values holds, or does not. */
static bool asked(struct bench *b, struct rule_test test, const char *value)
{
	struct text values[] = {text_of(value), TEXT("never")};

	if (value != NULL && test.values == NULL) {
		test.values = values;
		test.count = test.number || test.op >= TEST_MASK ? 1 : 2;
	}
	return sight_test(b->evaluator, &test, b->sight);
}

#define ASK(name, operator, value, ...) asked(&b, (struct rule_test){TEXT(name), operator, __VA_ARGS__}, value)

static void test_setting(void)
{
	struct bench b;
	struct buffer out = {0};

	bench_begin(&b);
	sight_set(&b.arena, b.sight, "empty", TEXT(""));
	sight_set(&b.arena, b.sight, "pid", TEXT("another"));
	CU_ASSERT_PTR_NULL(sight_get(b.sight, TEXT("empty")));
	CHECK_LONG(sight_get(b.sight, TEXT("none"))->count, 0);
	sight_print(b.sight, &out);
	CHECK_TEXT(buffer_view(&out), "(process_creation)\nImage=/usr/bin/Docker\npid=-7\nargs=[docker, , run]\nnone=[]\na2=1A\n"
				      "ip=10.1.2.3\n");
	buffer_free(&out);
	bench_end(&b);
}

static void test_texts(void)
{
	struct bench b;

	bench_begin(&b);
	CU_ASSERT_TRUE(ASK("Image", TEST_EQUAL, "/usr/bin/Docker", .fold = false));
	CU_ASSERT_FALSE(ASK("Image", TEST_EQUAL, "/usr/bin/docker", .fold = false));
	CU_ASSERT_TRUE(ASK("Image", TEST_EQUAL, "/usr/bin/docker", .fold = true));
	CU_ASSERT_FALSE(ASK("Image", TEST_EQUAL, "/usr/bin/Docke", .fold = true));
	CU_ASSERT_TRUE(ASK("Image", TEST_STARTS, "/usr", .fold = false));
	CU_ASSERT_FALSE(ASK("Image", TEST_STARTS, "usr", .fold = false));
	CU_ASSERT_TRUE(ASK("Image", TEST_ENDS, "/docker", .fold = true));
	CU_ASSERT_FALSE(ASK("Image", TEST_ENDS, "/docker", .fold = false));
	CU_ASSERT_TRUE(ASK("Image", TEST_CONTAINS, "bin", .fold = false));
	CU_ASSERT_TRUE(ASK("Image", TEST_LIKE, "/*/Docke?", .fold = false));
	CU_ASSERT_FALSE(ASK("Image", TEST_LIKE, "/*/Docker?", .fold = false));
	CU_ASSERT_TRUE(ASK("Image", TEST_REGEX, ".*/[dD]ocker", .fold = false));
	CU_ASSERT_FALSE(ASK("Image", TEST_REGEX, "[dD]ocker", .fold = false));
	CU_ASSERT_TRUE(ASK("Image", TEST_REGEX, ".*/DOCKER", .fold = true));
	CU_ASSERT_FALSE(ASK("Image", TEST_REGEX, "(", .fold = true));
	CU_ASSERT_TRUE(ASK("args", TEST_EQUAL, "run", .fold = false));
	CU_ASSERT_TRUE(ASK("args", TEST_EQUAL, "", .fold = false));
	CU_ASSERT_FALSE(ASK("none", TEST_EQUAL, "", .fold = false));
	CU_ASSERT_FALSE(ASK("gone", TEST_EQUAL, "", .fold = false));
	bench_end(&b);
}

static void test_presence_and_keywords(void)
{
	struct bench b;

	bench_begin(&b);
	CU_ASSERT_TRUE(ASK("none", TEST_PRESENT, NULL, .fold = false));
	CU_ASSERT_FALSE(ASK("gone", TEST_PRESENT, NULL, .fold = false));
	CU_ASSERT_TRUE(ASK("", TEST_CONTAINS, "ocke", .fold = false));
	CU_ASSERT_TRUE(ASK("", TEST_EQUAL, "run", .fold = false));
	CU_ASSERT_FALSE(ASK("", TEST_EQUAL, "runs", .fold = false));
	CU_ASSERT_TRUE(ASK("Image", TEST_CONTAINS, NULL, .other = TEXT("Image")));
	CU_ASSERT_FALSE(ASK("Image", TEST_EQUAL, NULL, .other = TEXT("args")));
	CU_ASSERT_FALSE(ASK("Image", TEST_EQUAL, NULL, .other = TEXT("gone")));
	bench_end(&b);
}

static void test_numbers(void)
{
	struct bench b;

	bench_begin(&b);
	CU_ASSERT_TRUE(ASK("pid", TEST_EQUAL, "-07", .number = true));
	CU_ASSERT_FALSE(ASK("pid", TEST_EQUAL, "-07", .fold = false));
	CU_ASSERT_TRUE(ASK("pid", TEST_LESS, "-6", .number = true));
	CU_ASSERT_FALSE(ASK("pid", TEST_LESS, "-7", .number = true));
	CU_ASSERT_TRUE(ASK("pid", TEST_LESS_EQUAL, "-7", .number = true));
	CU_ASSERT_TRUE(ASK("pid", TEST_GREATER, "-8", .number = true));
	CU_ASSERT_FALSE(ASK("pid", TEST_GREATER_EQUAL, "-6", .number = true));
	CU_ASSERT_FALSE(ASK("Image", TEST_GREATER_EQUAL, "0", .number = true));
	CU_ASSERT_TRUE(ASK("a2", TEST_MASK, "3", .hex = true));
	CU_ASSERT_FALSE(ASK("a2", TEST_MASK_ALL, "3", .hex = true));
	CU_ASSERT_TRUE(ASK("a2", TEST_MASK_ALL, "18", .hex = true));
	CU_ASSERT_FALSE(ASK("a2", TEST_MASK, "2", .hex = false));
	CU_ASSERT_TRUE(ASK("ip", TEST_CIDR, "10.0.0.0/8", .fold = false));
	CU_ASSERT_FALSE(ASK("ip", TEST_CIDR, "10.0.0.0/16", .fold = false));
	CU_ASSERT_FALSE(ASK("Image", TEST_CIDR, "::/0", .fold = false));
	bench_end(&b);
}

static void test_trees(void)
{
	struct bench b;

	bench_begin(&b);
	struct rule_node *yes = rule_one(&b.arena, TEXT("args"), TEST_EQUAL, TEXT("run"));
	struct rule_node *no = rule_one(&b.arena, TEXT("gone"), TEST_EQUAL, TEXT("x"));

	CU_ASSERT_TRUE(sight_holds(b.evaluator, rule_true(), b.sight));
	CU_ASSERT_FALSE(sight_holds(b.evaluator, rule_false(), b.sight));
	CU_ASSERT_FALSE(sight_holds(b.evaluator, rule_both(&b.arena, yes, no), b.sight));
	CU_ASSERT_TRUE(sight_holds(b.evaluator, rule_both(&b.arena, yes, rule_not(&b.arena, no)), b.sight));
	CU_ASSERT_TRUE(sight_holds(b.evaluator, rule_either(&b.arena, no, yes), b.sight));
	CU_ASSERT_FALSE(sight_holds(b.evaluator, rule_either(&b.arena, no, rule_not(&b.arena, yes)), b.sight));
	bench_end(&b);
}

static void test_natives(void)
{
	struct bench b;
	static const struct text values[] = {{"a", 1}, {"b", 1}};

	bench_begin(&b);
	struct field field = {.name = TEXT("ScriptBlockText"), .type = TYPE_KEYWORD, .list = true};
	unsigned number = registry_add(&b.registry, &b.arena, &field);
	struct event event;

	registry_add_native(&b.registry, &b.arena, number, TEXT("sigma"));
	event_begin(&event, &b.arena, &b.registry);
	struct facet *facet = event_add_facet(&event, 1, b.registry.categories[1].first_action);

	facet_set_texts(&event, facet, number, values, 2);
	for (int i = 0; i < 2; i++) {
		struct sight *sight = sight_add(&b.arena, &b.sights, facet, TEXT(""));

		sight_set_natives(&b.arena, sight, &b.registry, i == 0 ? TEXT("sigma") : TEXT("falco"));
		CHECK_LONG(sight->count, i == 0);
		if (i == 0)
			CHECK_LONG(sight_get(sight, TEXT("ScriptBlockText"))->count, 2);
	}
	bench_end(&b);
}

/* More expressions than are kept: those that come back still answer as before. */
static void test_regex_cache(void)
{
	struct evaluator *evaluator = evaluator_new();
	struct arena arena = {0};

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < REGEX_CACHE_MAX + 10; i++) {
			struct text pattern = text_of(arena_printf(&arena, "x%d", i)), other = text_of(arena_printf(&arena, "X%d", i));

			if (!evaluate_regex(evaluator, pattern, false, pattern) || evaluate_regex(evaluator, pattern, false, other)
				|| !evaluate_regex(evaluator, pattern, true, other))
				CU_FAIL("an expression that was kept answers otherwise");
		}
	}
	evaluator_free(evaluator);
	arena_free(&arena);
}

void suite_sight(void)
{
	CU_pSuite suite = unit_suite("sight");

	UNIT_TEST(suite, test_setting);
	UNIT_TEST(suite, test_texts);
	UNIT_TEST(suite, test_presence_and_keywords);
	UNIT_TEST(suite, test_numbers);
	UNIT_TEST(suite, test_trees);
	UNIT_TEST(suite, test_natives);
	UNIT_TEST(suite, test_regex_cache);
}
