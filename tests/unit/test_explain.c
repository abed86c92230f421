/*
 * test_explain: why a predicate holds or not, in words; which predicates keep an event from a condition; what
 * an inquest counts. What the command prints is in tests/golden/explain.sh.
 */
#include "replay/explain/nearest.h"
#include "tests/unit/world.h"

#include <string.h>

static void begin(struct world *w, const char *condition)
{
	char line[512];
	snprintf(line, sizeof line, "a: %s", condition);
	world_begin(w);
	world_detection(w, "one", "high", line);
	world_load(w);
}

/* --- because --- */

struct reason {
	const char *condition, *event, *found, *why; /* why NULL: none */
	bool holds;
};

static const struct reason reasons[] = {
	{"process where process.name == \"docker\"", "process.exec process.name=docker", "docker", NULL, true},
	{"process where process.name == \"docker\"", "process.exec process.name=Docker", "Docker", "differs in case only", false},
	{"process where process.name == \"docker\"", "process.exec user.name=x", "(missing)",
		"a comparison on a missing field is false", false},
	{"process where process.name != \"docker\"", "process.exec user.name=x", "(missing)",
		"a comparison on a missing field is false", false},
	{"process where process.name != \"docker\"", "process.exec process.name=docker", "docker", "docker is it", false},
	{"process where process.name not in (\"a\", \"b\")", "process.exec process.name=c", "c",
		"is there, and none of these", true},
	{"process where process.name == \"dock*\"", "process.exec process.name=docker", "docker",
		"== and in know no wildcards; like does", false},
	{"process where process.name like \"d*\"", "process.exec process.name=docker", "docker", NULL, true},
	{"process where process.name like (\"x*\", \"d*\")", "process.exec process.name=docker", "docker", "docker fits d*", true},
	{"process where process.args like \"d*\"", "process.exec process.args=a,docker", "a | docker", "docker fits", true},
	{"process where process.args == \"b\"", "process.exec process.args=a,b", "a | b", "b is it", true},
	{"process where process.name regex \"ock\"", "process.exec process.name=docker", "docker",
		"a part of it fits, but regex asks for the whole value", false},
	{"process where process.name regex \"x+\"", "process.exec process.name=docker", "docker",
		"does not fit the expression", false},
	{"process where startswith(process.name, \"x\", \"y\")", "process.exec process.name=docker", "docker",
		"begins with none of these", false},
	{"process where length(process.name) > 9", "process.exec process.name=docker", "docker",
		"no value has that many characters", false},
	{"network where cidrmatch(destination.ip, \"10.0.0.0/8\")", "network.connect destination.ip=9.1.1.1", "9.1.1.1",
		"is not in that network", false},
	{"process where process.pid == 1", "process.exec process.pid=2", "2", "is another", false},
	{"process where process.name == null", "process.exec process.name=a", "a", "is there", false},
	{"process where process.name == null", "process.exec user.name=a", "(missing)", NULL, true},
};

static void test_because(void)
{
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
		const struct reason *reason = &reasons[i];
		struct world w;
		begin(&w, reason->condition);
		struct event *event = world_event(&w, 1, 0, reason->event);
		const struct node *root = w.catalog.detections[0]->conditions[0]->root;
		CU_ASSERT_EQUAL_FATAL(root->kind, NODE_PREDICATE);
		struct because because =
			because_of(engine_evaluator(w.engine), &w.event_arena, &root->predicate, event->facets[0]);
		CU_ASSERT_EQUAL(because.holds, reason->holds);
		CU_ASSERT_STRING_EQUAL(because.found, reason->found);
		CU_ASSERT_EQUAL((because.why == NULL), (reason->why == NULL));
		if (because.why != NULL && reason->why != NULL)
			CU_ASSERT_STRING_EQUAL(because.why, reason->why);
		world_end(&w);
	}
}

static void test_printable(void)
{
	struct arena arena = {0};
	CU_ASSERT_STRING_EQUAL(because_printable(&arena, TEXT("a\x1b[31m\n")), "a\\x1b[31m\\x0a");
	CU_ASSERT_STRING_EQUAL(because_printable(&arena, TEXT("\xc3\xa9\xff\xc2\x9b")), "\xc3\xa9\\xff\\xc2\\x9b");
	CU_ASSERT_STRING_EQUAL(because_printable(&arena, TEXT("")), "");
	arena_free(&arena);
}

/* --- blame --- */

struct blamed {
	const char *condition, *event;
	size_t count;
	bool first_wanted;
};

static const struct blamed blames[] = {
	{"process where process.name == \"a\" and user.name == \"b\"", "process.exec process.name=x user.name=b", 1, true},
	{"process where process.name == \"a\" and user.name == \"b\"", "process.exec process.name=x user.name=y", 2, true},
	{"process where process.name == \"a\" or (user.name == \"b\" and process.pid == 1)",
		"process.exec process.name=x user.name=y process.pid=1", 1, true},
	{"process where not process.name == \"a\"", "process.exec process.name=a", 1, false},
	{"process where not (process.name == \"a\" or user.name == \"b\")", "process.exec process.name=a user.name=b", 2, false},
	{"process where not (process.name == \"a\" and user.name == \"b\")", "process.exec process.name=a user.name=b", 1, false},
	{"process where process.name == \"a\"", "process.exec process.name=a", 0, false},
};

static void test_blame(void)
{
	for (size_t i = 0; i < sizeof blames / sizeof *blames; i++) {
		struct world w;
		begin(&w, blames[i].condition);
		struct event *event = world_event(&w, 1, 0, blames[i].event);
		const struct condition *condition = w.catalog.detections[0]->conditions[0];
		struct evaluator *e = engine_evaluator(w.engine);
		struct blame blame = blame_of(e, &w.event_arena, condition, event->facets[0]);
		CU_ASSERT_EQUAL(blame.count, blames[i].count);
		CU_ASSERT_EQUAL(blame.count, evaluate_distance(e, condition, event->facets[0]));
		if (blame.count > 0)
			CU_ASSERT_EQUAL(blame.wanted[0], blames[i].first_wanted);
		world_end(&w);
	}
}

/* --- inquests --- */

#define SEEN "process.exec process.name=docker user.name="

struct hearing {
	struct world w;
	struct dataset dataset;
	struct episode episode;
	struct accountant *accountant;
	struct inquest *inquest;
};

static void hear(struct hearing *h, const char *const *events, size_t count)
{
	world_begin(&h->w);
	world_detection(&h->w, "one", "high", "a: process where process.name == \"docker\" and user.name == \"ci\"");
	world_organization(&h->w, "farm", "exceptions:\n"
		"  - {name: fine, detections: [one], condition: 'process.pid == 7', reason: r, owner: o}\n"
		"  - {name: late, detections: [one], condition: 'process.pid == 8', reason: r, owner: o, expires: 2020-01-01}");
	world_load(&h->w);
	const struct organization *organizations[] = {world_organization_of(&h->w, "farm")};
	h->episode = (struct episode){.name = TEXT("e"), .from = INT64_MIN, .to = INT64_MAX,
		.label = {.otherwise = LABEL_MALICIOUS}, .expects = world_names(&h->w, "one")};
	h->dataset = (struct dataset){.name = TEXT("d"), .episodes = &h->episode, .episode_count = 1};
	h->accountant = accountant_new(&h->w.catalog, organizations, 1, TEXT("2026-01-01"));
	struct inquest_question question = {
		.catalog = &h->w.catalog, .dataset = &h->dataset, .accountant = h->accountant};
	h->inquest = inquest_new(&question);
	for (size_t i = 0; i < count; i++)
		inquest_take(h->inquest, world_event(&h->w, i + 1, (long)i, events[i]));
}

static void hear_end(struct hearing *h)
{
	inquest_free(h->inquest);
	accountant_free(h->accountant);
	world_end(&h->w);
}

static void test_inquest(void)
{
	static const char *const events[] = {SEEN "x process.pid=1", SEEN "y process.pid=1", "process.exec process.name=a user.name=b",
		SEEN "ci process.pid=7", SEEN "ci process.pid=7", SEEN "ci process.pid=8", "process.exec user.name=x", "driver.load driver.name=m"};
	struct hearing h;
	hear(&h, events, sizeof events / sizeof *events);
	CU_ASSERT_EQUAL(inquest_end(h.inquest), 0);
	const struct detection_inquest *of = &h.inquest->detections[0];
	const struct side_inquest *side = &of->sides[0];
	CU_ASSERT_EQUAL(h.inquest->events, 8);
	CU_ASSERT_EQUAL(of->in_scope, 6);
	CU_ASSERT_EQUAL(of->matched, 3);
	CU_ASSERT_EQUAL(of->near_count, 2);
	CU_ASSERT_EQUAL(of->near[0].count, 1);
	CU_ASSERT_EQUAL(of->near[0].events, 2);
	CU_ASSERT_EQUAL(of->near[1].count, 2);
	CU_ASSERT_EQUAL(of->scopes[0].lacking_count, 1);
	CU_ASSERT_EQUAL(side->alerts, 1);
	CU_ASSERT_EQUAL_FATAL(side->exception_count, 2);
	CU_ASSERT_EQUAL(side->exceptions[0].events, 2);
	CU_ASSERT_FALSE(side->exceptions[0].expired);
	CU_ASSERT_TRUE(side->exceptions[1].expired);
	hear_end(&h);
}

static void test_missed(void)
{
	static const char *const events[] = {SEEN "ci process.pid=7"};
	struct hearing h;
	hear(&h, events, 1);
	CU_ASSERT_EQUAL(inquest_end(h.inquest), 1);
	CU_ASSERT_EQUAL(h.inquest->detections[0].sides[0].cause, MISS_EXCEPTED);
	hear_end(&h);
	hear(&h, events, 0);
	CU_ASSERT_EQUAL(inquest_end(h.inquest), 1);
	CU_ASSERT_EQUAL(h.inquest->detections[0].sides[0].cause, MISS_NO_EVENT);
	hear_end(&h);
}

void suite_explain(void)
{
	CU_pSuite suite = unit_suite("explain");
	unit_add(suite, "because", test_because);
	unit_add(suite, "printable", test_printable);
	unit_add(suite, "blame", test_blame);
	unit_add(suite, "inquest", test_inquest);
	unit_add(suite, "missed", test_missed);
}
