/* techniques, demands: ATT&CK's ids, and what a detection owes. */
#include "catalog/demands.h"
#include "tests/unit/unit.h"

#define FILE_HEAD "attack: \"18.1\"\ntechniques:\n  T1053: Scheduled Task/Job\n  T1053.007: Container Orchestration Job\n" \
	"  T1498: Network Denial of Service\nrevoked: [T1064]\n"

struct fixture {
	struct catalog catalog;
	struct diagnostics d;
	struct attack_techniques techniques;
};

static void load(struct fixture *f, const char *source)
{
	struct yaml *documents;
	size_t count;
	*f = (struct fixture){0};
	CU_ASSERT_EQUAL_FATAL(yaml_parse(&f->catalog.arena, text_of(source), "techniques.yaml", NULL, &f->d, &documents, &count), 0);
	techniques_load(&f->techniques, &f->catalog.arena, documents, &f->d);
	diagnostics_sort(&f->d);
}

static void end(struct fixture *f)
{
	diagnostics_free(&f->d);
	arena_free(&f->catalog.arena);
}

static void test_reading(void)
{
	struct fixture f;
	load(&f, FILE_HEAD "containers:\n  T1053.007: {tactics: [execution, persistence]}\n"
		"  T1498: {tactics: [impact], untraced: no event knows packets}\n");
	CHECK_LONG(f.d.count, 0);
	CHECK_LONG(f.techniques.count, 3);
	const struct attack_technique *it = techniques_find(&f.techniques, TEXT("T1498"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(it);
	CU_ASSERT_TRUE(it->containers);
	CHECK_TEXT(it->untraced, "no event knows packets");
	CHECK_LONG(it->place.line, 9);
	CU_ASSERT_FALSE(techniques_find(&f.techniques, TEXT("T1053"))->containers);
	CU_ASSERT_PTR_NULL(techniques_find(&f.techniques, TEXT("T1064")));
	CU_ASSERT_TRUE(techniques_revoked(&f.techniques, TEXT("T1064")));
	CHECK_TEXT(technique_title(&f.catalog.arena, &f.techniques, TEXT("T1053.007")),
		"Scheduled Task/Job: Container Orchestration Job");
	CHECK_TEXT(technique_title(&f.catalog.arena, &f.techniques, TEXT("T1498")), "Network Denial of Service");
	CHECK_TEXT(technique_title(&f.catalog.arena, &f.techniques, TEXT("T9999.001")), "T9999.001");
	end(&f);
}

static void test_words(void)
{
	struct arena arena = {0};
	CHECK_TEXT(technique_link(&arena, TEXT("T1053")), "https://attack.mitre.org/techniques/T1053/");
	CHECK_TEXT(technique_link(&arena, TEXT("T1053.007")), "https://attack.mitre.org/techniques/T1053/007/");
	CU_ASSERT_TRUE(technique_within(TEXT("T1053.007"), TEXT("T1053")));
	CU_ASSERT_TRUE(technique_within(TEXT("T1053"), TEXT("T1053")));
	CU_ASSERT_FALSE(technique_within(TEXT("T1053"), TEXT("T1053.007")));
	CU_ASSERT_FALSE(technique_within(TEXT("T1053.007"), TEXT("T105")));
	arena_free(&arena);
}

static void test_faults(void)
{
	static const struct {
		const char *source, *expected;
	} faults[] = {
		{"attack: \"18\"\n", "lacks the key `techniques`"},
		{"- T1053\n", "techniques.yaml is a mapping"},
		{FILE_HEAD "containers: {T1611: {tactics: [impact]}}\n", ":7:14: error: T1611 is not among `techniques`"},
		{FILE_HEAD "containers: {T1498: {tactics: [impacts]}}\n", "\"impacts\" is no tactic of ATT&CK"},
		{FILE_HEAD "containers: {T1498: impact}\n", "T1498 must be a mapping with tactics"},
		{"attack: \"18\"\ntechniques: {1053: Scheduled}\n", ":2:14: error: \"1053\" is no technique like T1611"},
		{"attack: \"18\"\ntechniques: {T1053: ' '}\n", "T1053 is empty"},
	};
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct fixture f;
		load(&f, faults[i].source);
		CHECK_CONTAINS(unit_printed(&f.catalog.arena, &f.d), faults[i].expected);
		CHECK_LONG(f.d.errors, 1);
		end(&f);
	}
}

/* A detection that owes all, one that owes nothing, and one of which nothing is asked. */
static void test_demands(void)
{
	struct fixture f;
	struct text t1498 = TEXT("T1498"), t1064 = TEXT("T1064"), t1111 = TEXT("T1111"), some = TEXT("https://example.com/");
	const struct text gone[] = {t1064, t1111};
	const struct detection_test tests[] = {{.expect = EXPECT_MATCH}, {.expect = EXPECT_MATCH}, {.expect = EXPECT_NO_MATCH},
		{.expect = EXPECT_TODO_NO_MATCH}, {.expect = EXPECT_NO_MATCH}};
	struct detection poor = {.name = TEXT("poor"), .status = STATUS_TEST, .techniques = {gone, 2}, .tests = tests,
		.test_count = 4};
	struct detection rich = {.name = TEXT("rich"), .status = STATUS_TEST, .title = some, .description = some, .surface = some,
		.techniques = {&t1498, 1}, .references = {&some, 1}, .false_positives = {&some, 1}, .tests = tests, .test_count = 5};
	struct detection young = {.name = TEXT("young"), .status = STATUS_EXPERIMENTAL};
	struct detection *all[] = {&poor, &rich, &young};
	load(&f, FILE_HEAD "containers:\n  T1053.007: {tactics: [execution]}\n  T1498: {tactics: [impact], untraced: so}\n");
	f.catalog.techniques = f.techniques;
	f.catalog.detections = all;
	f.catalog.detection_count = 3;
	CHECK_LONG(catalog_demands(&f.catalog, false, &f.d), 0);
	CHECK_LONG(f.d.errors, 0);
	struct text printed = unit_printed(&f.catalog.arena, &f.d);
	CHECK_CONTAINS(printed, "warning: the detection names nothing to read about the act (references)");
	CHECK_CONTAINS(printed, "warning: the detection does not say what looks alike (false_positives)");
	CHECK_CONTAINS(printed, "warning: the detection has fewer than two tests that expect no-match");
	CHECK_CONTAINS(printed, "warning: ATT&CK took the technique T1064 back");
	CHECK_CONTAINS(printed, "warning: ATT&CK has no technique T1111");
	CHECK_CONTAINS(printed, "warning: no detection covers T1053.007 (Container Orchestration Job), and nothing says why");
	CHECK_CONTAINS(printed, "warning: T1498 is said to be untraced, and rich covers it");
	CHECK_LONG(f.d.count, 7);
	diagnostics_free(&f.d);
	CHECK_LONG(catalog_demands(&f.catalog, true, &f.d), -1);
	CHECK_LONG(f.d.errors, 8); /* description and surface, too; of the reason that is stale it only warns */
	end(&f);
}

static void test_many(void)
{
	struct catalog catalog = {0};
	struct diagnostics d = {0};
	struct detection poor[7];
	struct detection *all[7];
	for (size_t i = 0; i < 7; i++) {
		poor[i] = (struct detection){.status = STATUS_TEST};
		all[i] = &poor[i];
	}
	catalog.detections = all;
	catalog.detection_count = 7;
	CHECK_LONG(catalog_demands(&catalog, false, &d), 0);
	CHECK_CONTAINS(unit_printed(&catalog.arena, &d), "this and 6 more detections name nothing to read");
	CHECK_LONG(d.count, 4);
	diagnostics_free(&d);
	arena_free(&catalog.arena);
}

void suite_techniques(void);
void suite_techniques(void)
{
	CU_pSuite suite = unit_suite("techniques");
	UNIT_TEST(suite, test_reading);
	UNIT_TEST(suite, test_words);
	UNIT_TEST(suite, test_faults);
	UNIT_TEST(suite, test_demands);
	UNIT_TEST(suite, test_many);
}
