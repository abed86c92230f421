/* detection, exception, detection_test: one detection's document, good and bad. */
#include "catalog/detection.h"
#include "tests/unit/unit.h"

#define HEAD \
	"id: 7C1F9A52-1b60-4c1e-9d5e-52a2f8f6f0a1\nname: a-name\ntitle: A Title\ndescription: What it is.\nstatus: stable\n" \
	"severity: high\ntechniques: [T1611, T1610.001]\nsurface: engine-api\nauthor: somebody\ndate: 2026-11-23\n"
#define CONDITION "conditions:\n  asked: container where container.name == \"web\"\n"
#define HIT "  - {name: hit, event: {event.category: container, event.action: run, container.name: web}, expect: match}\n"
#define MISS "  - {name: miss, event: {event.category: log, event.action: message}, expect: no-match}\n"
#define TESTS "tests:\n" HIT MISS

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

static const struct detection *load(struct fixture *f, const char *source)
{
	struct yaml *documents;
	size_t count;
	diagnostics_free(&f->d);
	if (yaml_parse(&f->arena, text_of(source), "detections/a-name.yaml", NULL, &f->d, &documents, &count) || count != 1)
		return NULL;
	const struct detection *detection = detection_load(&f->arena, &f->scope, documents, &f->d);
	diagnostics_sort(&f->d);
	f->printed = unit_printed(&f->arena, &f->d);
	return detection;
}

static void test_whole(void)
{
	struct fixture f;
	begin(&f);
	const struct detection *t = load(&f, HEAD "modified: 2026-11-24\nreferences: https://example.com/x\n"
		"false_positives: [CI, proxies]\noverlaps: {another: it sees the kernel's record alone}\nconditions:\n  first: container where container.name == \"web\"\n"
		"  second_one: any where user.name == \"ci\"\n"
		"exceptions:\n  - {name: known, condition: user.name == \"ci\", reason: it is known, expires: 2027-01-31,"
		" targets: {falco: user.name = ci}}\n"
		"targets: {falco: {condition: 'container where container.name == \"web\"'}, sigma: 'any where user.name == \"x\"'}\n" TESTS);
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	CHECK_LONG(f.d.count, 0);
	CHECK_TEXT(t->id, "7c1f9a52-1b60-4c1e-9d5e-52a2f8f6f0a1");
	CHECK_TEXT(t->name, "a-name");
	CHECK_TEXT(t->surface, "engine-api");
	CHECK_TEXT(t->modified, "2026-11-24");
	CHECK_LONG(t->status, STATUS_STABLE);
	CHECK_LONG(t->severity, SEVERITY_HIGH);
	CHECK_LONG(t->techniques.count, 2);
	CHECK_LONG(t->references.count, 1);
	CHECK_LONG(t->false_positives.count, 2);
	CHECK_LONG(t->overlap_count, 1);
	CHECK_TEXT(t->overlaps[0].detection, "another");
	CHECK_TEXT(t->overlaps[0].reason, "it sees the kernel's record alone");
	CHECK_LONG(t->condition_count, 2);
	CHECK_TEXT(t->conditions[1]->name, "second_one");
	CHECK_LONG(t->conditions[1]->category, CATEGORY_ANY);
	CHECK_LONG(t->exception_count, 1);
	CHECK_TEXT(t->exceptions[0].reason, "it is known");
	CHECK_TEXT(t->exceptions[0].condition->source, "user.name == \"ci\"");
	CHECK_TEXT(t->exceptions[0].targets[0], "user.name = ci");
	CHECK_LONG(t->exceptions[0].targets[1].length, 0);
	CHECK_LONG(t->target_count, 2);
	CHECK_TEXT(t->targets[0].text, "container where container.name == \"web\"");
	CHECK_TEXT(t->targets[0].condition->name, "falco");
	CHECK_LONG(t->targets[1].condition->category, CATEGORY_ANY);
	CHECK_LONG(t->test_count, 2);
	CHECK_LONG(t->tests[1].expect, EXPECT_NO_MATCH);
	CHECK_LONG(t->place.line, 1);
	end(&f);
}

/* One fault each; the place and the sentence must be these, and nothing else is reported. */
static const struct {
	const char *source, *expected;
} faults[] = {
	{"- a\n", "a-name.yaml:1:1: error: a detection must be a mapping"},
	{"id: 7c1f9a52\nname: a-name\ntitle: t\ndescription: d\nstatus: test\nseverity: low\ntechniques: []\nsurface: host\n"
		"author: a\ndate: 2026-01-01\n" CONDITION TESTS, ":1:5: error: id must be a UUID"},
	{HEAD CONDITION TESTS "modified: 2026-11-22\n", "modified (2026-11-22) is before date (2026-11-23)"},
	{HEAD CONDITION TESTS "modified: 2026-11-31\n", "error: modified must be a date like 2026-11-23, not \"2026-11-31\""},
	{HEAD CONDITION TESTS "references: [http://example.com]\n", ":16:14: error: references must be an https URL"},
	{HEAD CONDITION TESTS "references: [\"https://exam ple.com\"]\n", "references must be an https URL"},
	{HEAD CONDITION TESTS "false_positives: [a, a]\n", "false_positives names \"a\" twice"},
	{HEAD CONDITION TESTS "colour: red\n", "unknown key `colour`"},
	{HEAD CONDITION TESTS "overlaps: {a-name: both}\n", ":16:12: error: \"a-name\" is this detection itself"},
	{HEAD CONDITION TESTS "overlaps: {b: ' '}\n", ":16:15: error: b is empty"},
	{HEAD CONDITION TESTS "overlaps: {b: }\n", ":16:12: error: why both b and this are there must be a text"},
	{HEAD CONDITION TESTS "overlaps: [b]\n", "`overlaps` must be a mapping, not a list"},
	{HEAD "conditions: {}\n" TESTS, "a detection must have a condition"},
	{HEAD "conditions: {a.b: any where user.name == \"x\"}\n" TESTS, "\"a.b\" is no name for a condition"},
	{HEAD "conditions: {a: [x]}\n" TESTS, "a condition must be a text"},
	{HEAD "conditions: {a: ' '}\n" TESTS, "the condition is empty"},
	{HEAD CONDITION "tests:\n" HIT, "no test expects no-match"},
	{HEAD CONDITION "tests:\n" MISS, "no test expects a match"},
	{HEAD CONDITION "tests:\n" MISS "  - {name: gap, event: {event.category: log, event.action: message}, expect: todo-match}\n",
		"no test expects a match"},
	{HEAD CONDITION TESTS HIT, ":16:12: error: another test is named \"hit\" already"},
	{HEAD CONDITION TESTS "exceptions: [{name: a, detections: [b-c], condition: user.name == \"x\", reason: r}]\n",
		"an exception that is shipped with a-name cannot cover \"b-c\""},
	{HEAD CONDITION TESTS "exceptions: [{name: a, condition: user.name == \"x\"}]\n", "exception lacks the key `reason`"},
	{HEAD CONDITION TESTS "targets: {splunk: x}\n", "\"splunk\" is no target"},
	{HEAD CONDITION TESTS "targets: {falco: {condition: proc.name = web}}\n", ":16:"},
	{HEAD CONDITION TESTS "exceptions: [{name: a, condition: user.name == \"x\", reason: r, targets: {sigma: 'User: x'}}]\n",
		"an exception has no form of its own for sigma, only for falco"},
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

/* Facets of tests, put into HEAD CONDITION TESTS as a third test; NULL: it is fine. */
static const struct {
	const char *event, *expected;
} events[] = {
	{"{event.category: process, event.action: exec, process.args: [a, 1, true, null-ish]}", NULL},
	{"{event.category: process, event.action: exec, process.args: one}", NULL},
	{"{event.category: process, event.action: exec, process.args: []}", NULL},
	{"{event.category: process, event.action: exec, process.pid: '12', process.in_container: 'true'}", NULL},
	{"{event.category: process, event.action: exec, event.type: start, user.id: 0, process.name: null}", NULL},
	{"[{event.category: log, event.action: message}, {event.category: file, event.action: open}]", NULL},
	{"{event.action: exec}", "a test's event must have one event.category"},
	{"{event.category: process}", "a test's event must have one event.action"},
	{"{event.category: any, event.action: exec}", "\"any\" is no category of events"},
	{"{event.category: file, event.action: exec}", "\"exec\" is no action of file events"},
	{"{event.category: process, event.action: exec, event.type: end}", "event.type follows from the action: exec is \"start\""},
	{"{event.category: process, event.action: exec, process.nam: x}", "\"process.nam\" is no field; is it process.name?"},
	{"{event.category: process, event.action: exec, process.pid: many}", "process.pid is of type long, which \"many\" is not"},
	{"{event.category: process, event.action: exec, process.in_container: 1}", "process.in_container is of type boolean"},
	{"{event.category: network, event.action: connect, destination.ip: 1.2.3}", "destination.ip is of type ip"},
	{"{event.category: process, event.action: exec, process.name: [a, b]}", "process.name has one value, not a list"},
	{"{event.category: process, event.action: exec, process.args: [a, [b]]}", "a value of process.args must be"},
	{"{event.category: process, event.action: exec, process.name: {x: y}}", "not nested"},
	{"[]", "a test's event must have a facet"},
	{"text", "a test's event must be a mapping of fields"},
};

static void test_events(void)
{
	struct fixture f;
	begin(&f);
	for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
		const char *source = arena_printf(&f.arena, HEAD CONDITION TESTS "  - {name: third, expect: no-match, event: %s}\n",
			events[i].event);
		const struct detection *detection = load(&f, source);
		CU_ASSERT((detection != NULL) == (events[i].expected == NULL));
		if (events[i].expected)
			CHECK_CONTAINS(f.printed, events[i].expected);
		CHECK_LONG(f.d.errors, events[i].expected ? 1 : 0);
	}
	end(&f);
}

/* YAML's own types do not count: a field's type does. And null is missing, [] is there and empty. */
static void test_event_built(void)
{
	struct fixture f;
	begin(&f);
	const struct registry *registry = f.scope.registry;
	const struct detection *t = load(&f, HEAD CONDITION TESTS
		"  - name: typed\n    expect: no-match\n    event:\n"
		"      - {event.category: process, event.action: exec, user.id: 007, process.pid: 12, process.args: [yes, 1.0],"
		" process.name: null, '@timestamp': 2026-01-01T00:00:01Z}\n"
		"      - {event.category: container, event.action: run, container.capabilities.added: []}\n");
	CU_ASSERT_PTR_NOT_NULL_FATAL(t);
	struct event event;
	event_begin(&event, &f.arena, registry);
	detection_test_event(&t->tests[2], &event);
	CHECK_LONG(event.facet_count, 2);
	CHECK_LONG(event.unfilled, 0);
	CHECK_LONG(event.time, INT64_C(1767225601000000000));
	CHECK_TEXT(facet_text(event.facets[0], unit_field(registry, "user.id")), "007");
	CHECK_TEXT(facet_text(event.facets[1], unit_field(registry, "user.id")), "007");
	CHECK_TEXT(facet_text(event.facets[0], unit_field(registry, "event.type")), "start");
	CHECK_TEXT(facet_get(event.facets[0], unit_field(registry, "process.args"))->items[1].text, "1.0");
	CHECK_LONG(facet_get(event.facets[0], unit_field(registry, "process.pid"))->items[0].number, 12);
	CU_ASSERT_PTR_NULL(facet_get(event.facets[0], unit_field(registry, "process.name")));
	const struct values *added = facet_get(event.facets[1], unit_field(registry, "container.capabilities.added"));
	CU_ASSERT_PTR_NOT_NULL_FATAL(added);
	CHECK_LONG(added->count, 0);
	end(&f);
}

#define FIRST "{event.category: process, event.action: exec, '@timestamp': 2026-01-01T00:00:01Z}"
#define UNTIMED "{event.category: process, event.action: exec}"

static const struct {
	const char *test, *expected;
} event_lists[] = {
	{"events: [" FIRST ", [{event.category: container, event.action: run}, " FIRST "]]", NULL},
	{"events: [" FIRST ", " UNTIMED "]", "each of several events must have an @timestamp"},
	{"events: []", "a test must have an event"},
	{"events: " FIRST, "events"},
	{"events: [" FIRST "], event: " FIRST, "a test has either an event or events"},
	{"place: here", "unknown key"},
	{"events: [" FIRST ", {event.category: process, event.action: exec, process.nam: x}]", "is no field; is it process.name?"},
};

static void test_several_events(void)
{
	struct fixture f;
	begin(&f);
	for (size_t i = 0; i < sizeof event_lists / sizeof *event_lists; i++) {
		const struct detection *t = load(&f, arena_printf(&f.arena,
			HEAD CONDITION TESTS "  - {name: third, expect: no-match, %s}\n", event_lists[i].test));
		CU_ASSERT((t != NULL) == (event_lists[i].expected == NULL));
		if (event_lists[i].expected)
			CHECK_CONTAINS(f.printed, event_lists[i].expected);
		if (!t)
			continue;
		struct event event;
		CHECK_LONG(t->tests[2].event_count, 2);
		CHECK_LONG(t->tests[2].facet_count, 0);
		event_begin(&event, &f.arena, f.scope.registry);
		test_event_make(&t->tests[2].events[1], &event);
		CHECK_LONG(event.facet_count, 2);
		CHECK_LONG(event.time, INT64_C(1767225601000000000));
	}
	end(&f);
}

/* The fault is always the unknown field `nobody`; where it is told to be must be where it stands. */
static const struct {
	const char *conditions, *place;
} places[] = {
	{"conditions:\n  a: any where nobody == \"x\"\n", ":12:16: "},
	{"conditions: {a: 'any where nobody == \"x\"'}\n", ":11:28: "},
	{"conditions:\n  a: |\n    any where\n      nobody == \"x\"\n", ":14:7: "},
	{"conditions:\n  a: |\n\n\n    any where nobody == \"x\"\n", ":15:15: "},
	{"conditions:\n  a: |2\n      any where\n    nobody == \"x\"\n", ":14:5: "},
	{"conditions:\n  a: >-\n    any where\n    user.name == \"ü\" and nobody == \"x\"\n", ":14:26: "},
	{"conditions:\n  a: >\n    any where\n\n      nobody == \"x\"\n    or user.name == \"y\"\n", ":15:7: "},
	{"conditions:\n  a: any where user.name == \"x\"\n      and nobody == \"x\"\n", ":13:11: "},
	{"conditions:\n  a: \"any where\n      nobody == null\"\n", ":13:7: "},
	/* A comment that ends with the line would end elsewhere when folded: the line is all that is sure. */
	{"conditions:\n  a: >-\n    any where nobody == \"x\" // not\n    more\n", ":13:15: "},
};

static void test_places(void)
{
	struct fixture f;
	begin(&f);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		CU_ASSERT_PTR_NULL(load(&f, arena_printf(&f.arena, HEAD "%s" TESTS, places[i].conditions)));
		CHECK_CONTAINS(f.printed, places[i].place);
		CHECK_CONTAINS(f.printed, "nobody");
		CHECK_LONG(f.d.errors, 1);
	}
	end(&f);
}

static void test_crlf(void)
{
	struct fixture f;
	begin(&f);
	CU_ASSERT_PTR_NULL(load(&f, HEAD "conditions:\r\n  a: |\r\n    any where\r\n      nobody == \"x\"\r\n" TESTS));
	CHECK_CONTAINS(f.printed, ":14:7: ");
	end(&f);
}

static void test_all_faults(void)
{
	struct fixture f;
	begin(&f);
	CU_ASSERT_PTR_NULL(load(&f, "id: x\nname: A\nstatus: new\nseverity: 5\ntechniques: [1611]\nsurface: sea\ndate: 2026\n"
		"conditions:\n  a: any where nobody == 1\n  b: any where user.name > 1\ntests: []\ntitle: ''\n"));
	static const char *const sentences[] = {":1:5: error: id must", ":2:7: error: name must", ":3:9: error: status must",
		":4:11: error: severity must", ":5:14: error: techniques must", ":6:10: error: surface must",
		":7:7: error: date must", ":9:16: error", ":10:", "no test expects a match", "no test expects no-match",
		":12:8: error: title is empty"};
	for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++)
		CHECK_CONTAINS(f.printed, sentences[i]);
	end(&f);
}

static void test_file_name(void)
{
	struct fixture f;
	begin(&f);
	CU_ASSERT_PTR_NULL(load(&f, "name: other-name\n"));
	CHECK_CONTAINS(f.printed, ":1:7: error: the file of \"other-name\" must be named other-name.yaml");
	end(&f);
}

static void test_covers(void)
{
	struct text techniques[] = {TEXT("T1611.001"), TEXT("T1059")};
	struct detection detection = {.name = TEXT("a-name"), .techniques = {techniques, 2}};
	static const struct {
		const char *selector;
		bool covers;
	} cases[] = {{"a-name", true}, {"a-nam", false}, {"*", true}, {"T1611", true}, {"T1611.001", true}, {"T1611.002", false},
		{"T1059.001", false}, {"T161", false}, {"T1059", true}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct text selector = text_of(cases[i].selector);
		struct exception exception = {.detections = {&selector, 1}};
		CU_ASSERT(exception_covers(&exception, &detection) == cases[i].covers);
	}
	struct exception shipped[2] = {{.name = TEXT("a")}, {.name = TEXT("b")}};
	detection.exceptions = &shipped[0];
	detection.exception_count = 1;
	CU_ASSERT_TRUE(exception_covers(&shipped[0], &detection));
	CU_ASSERT_FALSE(exception_covers(&shipped[1], &detection));
}

static void test_expires(void)
{
	struct exception exception = {.expires = TEXT("2027-03-31")};
	CU_ASSERT_FALSE(exception_expired(&exception, TEXT("2027-03-31")));
	CU_ASSERT_TRUE(exception_expired(&exception, TEXT("2027-04-01")));
	CU_ASSERT_FALSE(exception_expired(&exception, TEXT("2026-12-31")));
	exception.expires = (struct text){0};
	CU_ASSERT_FALSE(exception_expired(&exception, TEXT("9999-12-31")));
}

static void test_shared(void)
{
	struct fixture f;
	static const struct {
		const char *condition;
		bool shared;
	} cases[] = {{"user.name == \"a\" and not host.name like \"b*\"", true}, {"user.name == \"a\" or process.name == \"b\"", false},
		{"process where user.name == \"a\"", false}, {"/* any */ any where user.id in (\"0\")", true}};
	begin(&f);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const struct detection *t = load(&f, arena_printf(&f.arena, HEAD CONDITION TESTS
			"exceptions:\n  - name: a\n    reason: r\n    condition: >-\n      %s\n", cases[i].condition));
		CU_ASSERT_PTR_NOT_NULL_FATAL(t);
		CU_ASSERT(exception_shared_only(&t->exceptions[0], f.scope.registry) == cases[i].shared);
	}
	end(&f);
}

static void test_names(void)
{
	enum severity severity = SEVERITY_LOW;
	CU_ASSERT_TRUE(severity_from_name(TEXT("critical"), &severity));
	CHECK_LONG(severity, SEVERITY_CRITICAL);
	CU_ASSERT_FALSE(severity_from_name(TEXT("High"), &severity));
	CHECK_LONG(severity, SEVERITY_CRITICAL);
	CHECK_TEXT(text_of(severity_name(SEVERITY_INFORMATIONAL)), "informational");
	CHECK_TEXT(text_of(status_name(STATUS_DEPRECATED)), "deprecated");
	CHECK_TEXT(text_of(expectation_name(EXPECT_TODO_NO_MATCH)), "todo-no-match");
}

void suite_detection(void);
void suite_detection(void)
{
	CU_pSuite suite = unit_suite("detection");
	UNIT_TEST(suite, test_whole);
	UNIT_TEST(suite, test_faults);
	UNIT_TEST(suite, test_events);
	UNIT_TEST(suite, test_event_built);
	UNIT_TEST(suite, test_several_events);
	UNIT_TEST(suite, test_places);
	UNIT_TEST(suite, test_crlf);
	UNIT_TEST(suite, test_all_faults);
	UNIT_TEST(suite, test_file_name);
	UNIT_TEST(suite, test_covers);
	UNIT_TEST(suite, test_expires);
	UNIT_TEST(suite, test_shared);
	UNIT_TEST(suite, test_names);
}
