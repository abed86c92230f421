/* organization, lists: baselines and names, good and bad. */
#include "catalog/catalog.h"
#include "catalog/lists.h"
#include "tests/unit/unit.h"

struct fixture {
	struct arena arena;
	struct diagnostics d;
	struct scope scope;
	struct text printed;
};

static void begin(struct fixture *f)
{
	*f = (struct fixture){0};
	f->scope.registry = unit_registry(&f->arena);
}

static void end(struct fixture *f)
{
	diagnostics_free(&f->d);
	arena_free(&f->arena);
}

static const struct yaml *parse(struct fixture *f, const char *source, const char *file)
{
	struct yaml *documents;
	size_t count;
	diagnostics_free(&f->d);
	if (yaml_parse(&f->arena, text_of(source), file, NULL, &f->d, &documents, &count) || count != 1)
		CU_FAIL_FATAL("the test's YAML is wrong");
	return documents;
}

static const struct organization *load(struct fixture *f, const char *source)
{
	const struct organization *o = organization_load(&f->arena, &f->scope, parse(f, source, "x/acme.yaml"), &f->d);
	diagnostics_sort(&f->d);
	f->printed = unit_printed(&f->arena, &f->d);
	return o;
}

static int load_lists(struct fixture *f, const char *source)
{
	const struct yaml *document = parse(f, source, "lists.yaml");
	f->scope = (struct scope){.registry = f->scope.registry};
	int status = lists_load_document(&f->arena, &f->scope, document, &f->d);
	diagnostics_sort(&f->d);
	f->printed = unit_printed(&f->arena, &f->d);
	return status;
}

static void test_whole(void)
{
	struct fixture f;
	begin(&f);
	CHECK_LONG(load_lists(&f, "lists: {trusted: [everybody], users: [root]}\n"), 0);
	const struct organization *o = load(&f, "name: acme\ntitle: ACME\ndescription: |\n  A farm.\n"
		"monitor: {minimum_severity: medium, disable: [a-b, c], severity: {a-b: critical}}\nrisky: tolerate\n"
		"budget: {alert_groups_per_day: 2.5}\nlists: {trusted: [acme/*]}\n"
		"exceptions:\n  - name: ci\n    detections: [a-b, T1611, '*']\n"
		"    condition: container.image.name like trusted and user.name in users\n"
		"    reason: builds\n    owner: platform\n    expires: 2028-02-29\n"
		"    targets: {falco: container.image startswith acme}\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(o);
	CHECK_LONG(f.d.count, 0);
	CHECK_TEXT(o->name, "acme");
	CHECK_TEXT(o->description, "A farm.");
	CHECK_LONG(o->minimum_severity, SEVERITY_MEDIUM);
	CHECK_LONG(o->disable.count, 2);
	CHECK_LONG(o->disable_places[1].column, 52);
	CHECK_LONG(o->severity_count, 1);
	CHECK_LONG(o->severities[0].severity, SEVERITY_CRITICAL);
	CU_ASSERT_TRUE(o->tolerates_risky);
	CU_ASSERT_DOUBLE_EQUAL(o->budget, 2.5, 0);
	CHECK_LONG(o->exception_count, 1);
	const struct exception *e = &o->exceptions[0];
	CHECK_LONG(e->detections.count, 3);
	CHECK_TEXT(e->expires, "2028-02-29");
	CHECK_TEXT(e->targets[0], "container.image startswith acme");
	/* Its own list shadows the catalog's; the catalog's others are still there. */
	CHECK_TEXT(e->condition->root->children[0]->predicate.values[0].text, "acme/*");
	CHECK_TEXT(e->condition->root->children[1]->predicate.values[0].text, "root");
	end(&f);
}

static void test_defaults(void)
{
	struct fixture f;
	begin(&f);
	const struct organization *o = load(&f, "name: acme\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(o);
	CHECK_LONG(o->minimum_severity, SEVERITY_INFORMATIONAL);
	CU_ASSERT_FALSE(o->tolerates_risky);
	CU_ASSERT_TRUE(o->budget < 0);
	CHECK_LONG(o->exception_count, 0);
	end(&f);
}

#define EXCEPTION(detections, condition, more) \
	"name: acme\nexceptions:\n  - {name: ci, detections: " detections ", condition: '" condition "', reason: r" more "}\n"

static const struct {
	const char *source, *expected;
} faults[] = {
	{"- acme\n", "an organization must be a mapping"},
	{"name: other\n", "the file of \"other\" must be named other.yaml"},
	{"name: acme\nrisk: low\n", "unknown key `risk`"},
	{"name: acme\nrisky: yes\n", ":2:8: error: risky must be alert or tolerate, not \"yes\""},
	{"name: acme\nmonitor: {minimum_severity: warn}\n", "minimum_severity must be informational, low"},
	{"name: acme\nmonitor: {disable: [A B]}\n", "disable must be the name of a detection, not \"A B\""},
	{"name: acme\nmonitor: {disable: [a, a]}\n", "disable names \"a\" twice"},
	{"name: acme\nmonitor: {severity: {a: worse}}\n", "a severity must be informational, low, medium, high or critical"},
	{"name: acme\nmonitor: {enable: [a]}\n", "unknown key `enable`"},
	{"name: acme\nbudget: {}\n", "lacks the key `alert_groups_per_day`"},
	{"name: acme\nbudget: {alert_groups_per_day: -1}\n", "alert_groups_per_day must be a number, 0 or more"},
	{"name: acme\nbudget: {alert_groups_per_day: 3 a day}\n", "alert_groups_per_day must be a number, 0 or more"},
	{"name: acme\nbudget: {alert_groups_per_day: .inf}\n", "alert_groups_per_day must be a number, 0 or more"},
	{"name: acme\nlists: {user.name: [a]}\n", ":2:9: error: a list cannot be named user.name, which is a field"},
	{"name: acme\nlists: {or: [a]}\n", "a list cannot be named or, which is a word of conditions"},
	{"name: acme\nlists: {a-b: [a]}\n", "\"a-b\" is no name for a list"},
	{"name: acme\nlists: {a: }\n", "the list a must be a list; an empty one is []"},
	{EXCEPTION("[a]", "user.name == \"x\"", ""), "exception lacks the key `owner`"},
	{EXCEPTION("[]", "user.name == \"x\"", ", owner: o"), "the exception covers no detection"},
	{EXCEPTION("[t1611]", "user.nam == \"x\"", ", owner: o"), ":3:49: error"},
	{EXCEPTION("[T16]", "user.name == \"x\"", ", owner: o"), "detections must be the name of a detection, a technique"},
	{EXCEPTION("[a]", "user.name in nowhere", ", owner: o"), "nowhere"},
	{EXCEPTION("[a]", "user.name == \"x\"", ", owner: o, expires: 2027-02-29"), "expires must be a date like 2027-03-31"},
	{EXCEPTION("[a]", "user.name == \"x\"", ", owner: o, expires: soon"), "expires must be a date like 2027-03-31"},
	{EXCEPTION("[a]", "user.name == \"x\"", ", owner: o, targets: {x: y}"), "\"x\" is no target"},
	{EXCEPTION("[a]", "user.name == \"x\"", ", owner: o") "  - {name: ci, detections: b, condition: user.id == \"1\", reason: r, "
		"owner: o}\n", ":4:12: error: another exception is named \"ci\" already"},
};

static void test_faults(void)
{
	struct fixture f;
	begin(&f);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		CU_ASSERT_PTR_NULL(load(&f, faults[i].source));
		CHECK_CONTAINS(f.printed, faults[i].expected);
		CHECK_LONG(f.d.errors, 1);
	}
	end(&f);
}

static void test_lists(void)
{
	struct fixture f;
	begin(&f);
	CHECK_LONG(load_lists(&f, "lists:\n  shells: [sh, 1, true]\n  one: bash\n  none: []\nmacros:\n"
		"  shell: process.name in shells\n  both: shell and user.name == \"a\"\n"), 0);
	CHECK_LONG(f.scope.list_count, 3);
	CHECK_LONG(f.scope.lists[0].count, 3);
	CHECK_TEXT(f.scope.lists[0].items[1], "1");
	CHECK_TEXT(f.scope.lists[1].items[0], "bash");
	CHECK_LONG(f.scope.lists[2].count, 0);
	CHECK_LONG(f.scope.macro_count, 2);
	CHECK_TEXT(f.scope.macros[0].source, "process.name in shells");
	CHECK_LONG(f.scope.macros[0].place.line, 6);
	CHECK_LONG(f.scope.macros[0].place.column, 10);
	end(&f);
}

/* A macro that nobody uses must be right all the same; and all faults are told. */
static void test_lists_faults(void)
{
	struct fixture f;
	begin(&f);
	CHECK_LONG(load_lists(&f, "lists: {a: [x], message: [y]}\nmacros:\n  a: user.name == \"x\"\n  b: user.nam == \"x\"\n"
		"  c: |\n    process.name == \"x\" and\n      nothing\n  length: user.name == \"x\"\n  d: [x]\nmore: 1\n"), -1);
	static const char *const sentences[] = {":1:17: error: a list cannot be named message, which is a field",
		":3:3: error: a is a list already", ":4:6: error", ":7:7: error",
		":8:3: error: a macro cannot be named length, which is a word of conditions",
		":9:6: error: a macro must be an expression", "unknown key `more`"};
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		CHECK_CONTAINS(f.printed, sentences[i]);
	CHECK_LONG(f.d.errors, sizeof sentences / sizeof *sentences);
	end(&f);
}

static void test_decide(void)
{
	struct text disabled[] = {TEXT("off")};
	struct severity_override overrides[] = {{.detection = TEXT("raised"), .severity = SEVERITY_HIGH},
		{.detection = TEXT("lowered"), .severity = SEVERITY_LOW}};
	struct organization o = {.minimum_severity = SEVERITY_MEDIUM, .disable = {disabled, 1}, .severities = overrides,
		.severity_count = 2};
	static const struct {
		const char *name;
		enum severity severity, decided;
		bool below, disabled;
	} cases[] = {
		{"plain", SEVERITY_MEDIUM, SEVERITY_MEDIUM, false, false},
		{"plain", SEVERITY_LOW, SEVERITY_LOW, true, false},
		{"raised", SEVERITY_LOW, SEVERITY_HIGH, false, false},
		{"lowered", SEVERITY_CRITICAL, SEVERITY_LOW, true, false},
		{"off", SEVERITY_CRITICAL, SEVERITY_CRITICAL, false, true},
		{"off", SEVERITY_LOW, SEVERITY_LOW, true, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct detection detection = {.name = text_of(cases[i].name), .severity = cases[i].severity};
		struct baseline_decision decision = catalog_decide(&o, &detection), plain = catalog_decide(NULL, &detection);
		CHECK_LONG(decision.severity, cases[i].decided);
		CU_ASSERT(decision.below == cases[i].below);
		CU_ASSERT(decision.disabled == cases[i].disabled);
		CHECK_LONG(plain.severity, cases[i].severity);
		CU_ASSERT_FALSE(plain.below || plain.disabled);
	}
}

void suite_organization(void);
void suite_organization(void)
{
	CU_pSuite suite = unit_suite("organization");
	UNIT_TEST(suite, test_whole);
	UNIT_TEST(suite, test_defaults);
	UNIT_TEST(suite, test_faults);
	UNIT_TEST(suite, test_lists);
	UNIT_TEST(suite, test_lists_faults);
	UNIT_TEST(suite, test_decide);
}
