/* test_baseline: severity, disabling, exceptions and their expiry, in order. */
#include "replay/measure/baseline.h"
#include "tests/unit/world.h"

static const char *const shop =
	"monitor: {minimum_severity: medium, disable: [off], severity: {quiet: high, loud: low}}\n"
	"exceptions:\n"
	"  - {name: by-user, detections: [socket, quiet], condition: 'user.name == \"ci\"', reason: r, owner: o}\n"
	"  - {name: by-image, detections: [\"*\"], condition: 'container.image.name == \"builder\"', reason: r, owner: o}\n"
	"  - {name: by-name, detections: [T1611], condition: 'process.name == \"backup\"', reason: r, owner: o, expires: 2026-03-31}\n";

static void begin(struct world *w)
{
	world_begin(w);
	world_detection(w, "socket", "high", "command: process where process.name like \"*\"\n"
		"request: container where container.image.name like \"*\"");
	world_detection_with(w, "shipped", "high", "a: process where process.name like \"*\"",
		"exceptions:\n  - {name: own, condition: 'process.name == \"fine\"', reason: r, owner: o}");
	world_detection(w, "off", "critical", "a: process where process.name like \"*\"");
	world_detection(w, "loud", "critical", "a: process where process.name like \"*\"");
	world_detection(w, "quiet", "low", "a: process where process.name like \"*\"");
	world_organization(w, "shop", shop);
	world_load(w);
}

struct judged {
	bool matched;
	enum verdict verdict;
	const struct exception *exception;
};

static struct judged judge(struct world *w, const char *organization, const char *as_of, const char *detection,
	const char *facets)
{
	struct baseline baseline;
	struct matches matches;
	struct event *event = world_event(w, 1, 0, facets);
	struct judged answer = {0};
	uint32_t exception = 0;
	baseline_make(&baseline, &w->arena, &w->catalog, organization ? world_organization_of(w, organization) : NULL,
		text_of(as_of));
	engine_match(w->engine, event, &matches);
	for (size_t i = 0; i < matches.count; i++) {
		if (w->catalog.detections[matches.items[i].detection] != world_detection_of(w, detection))
			continue;
		answer.matched = true;
		answer.verdict = baseline_judge(&baseline, engine_evaluator(w->engine), event, &matches.items[i], &exception);
		if (answer.verdict == VERDICT_EXCEPTED)
			answer.exception = baseline.exceptions[exception].exception;
	}
	return answer;
}

static void check_verdict(struct judged answer, enum verdict verdict, const char *exception)
{
	CU_ASSERT(answer.matched);
	CHECK_LONG(answer.verdict, verdict);
	if (exception && answer.exception)
		CHECK_TEXT(answer.exception->name, exception);
	CU_ASSERT((exception != NULL) == (answer.exception != NULL));
}

static void test_severities(void)
{
	struct world w;
	begin(&w);
	const char *event = "process.exec process.name=x";
	check_verdict(judge(&w, "shop", "2026-01-01", "loud", event), VERDICT_BELOW_SEVERITY, NULL);
	check_verdict(judge(&w, "shop", "2026-01-01", "quiet", event), VERDICT_ALERT, NULL);
	check_verdict(judge(&w, "shop", "2026-01-01", "off", event), VERDICT_DISABLED, NULL);
	check_verdict(judge(&w, NULL, "2026-01-01", "off", event), VERDICT_ALERT, NULL);
	check_verdict(judge(&w, NULL, "2026-01-01", "loud", event), VERDICT_ALERT, NULL);
	world_end(&w);
}

static void test_shipped_first(void)
{
	struct world w;
	begin(&w);
	const char *event = "process.exec process.name=fine";
	check_verdict(judge(&w, "shop", "2026-01-01", "shipped", event), VERDICT_EXCEPTED, "own");
	check_verdict(judge(&w, NULL, "2026-01-01", "shipped", event), VERDICT_EXCEPTED, "own");
	check_verdict(judge(&w, "shop", "2026-01-01", "socket", event), VERDICT_ALERT, NULL);
	world_end(&w);
}

static void test_expiry(void)
{
	struct world w;
	begin(&w);
	const char *event = "process.exec process.name=backup";
	check_verdict(judge(&w, "shop", "2026-03-31", "socket", event), VERDICT_EXCEPTED, "by-name");
	check_verdict(judge(&w, "shop", "2026-04-01", "socket", event), VERDICT_ALERT, NULL);
	world_end(&w);
}

/* An exception that names fields of one facet must hold on every facet that matched. */
static void test_facets(void)
{
	struct world w;
	begin(&w);
	check_verdict(judge(&w, "shop", "2026-01-01", "socket", "container.run container.image.name=builder"),
		VERDICT_EXCEPTED, "by-image");
	check_verdict(judge(&w, "shop", "2026-01-01", "socket",
		"process.exec process.name=docker | container.run container.image.name=builder"), VERDICT_ALERT, NULL);
	check_verdict(judge(&w, "shop", "2026-01-01", "socket",
		"process.exec process.pid=3 | container.run container.image.name=builder"), VERDICT_EXCEPTED, "by-image");
	check_verdict(judge(&w, "shop", "2026-01-01", "socket",
		"container.run container.image.name=builder | container.create container.image.name=other"), VERDICT_ALERT, NULL);
	world_end(&w);
}

/* Shared fields are the event's, not a facet's. */
static void test_shared(void)
{
	struct world w;
	begin(&w);
	check_verdict(judge(&w, "shop", "2026-01-01", "socket",
		"process.exec process.name=docker user.name=ci | container.run container.image.name=x"), VERDICT_EXCEPTED, "by-user");
	check_verdict(judge(&w, "shop", "2026-01-01", "socket",
		"process.exec process.name=docker user.name=eve | container.run container.image.name=x"), VERDICT_ALERT, NULL);
	check_verdict(judge(&w, "shop", "2026-01-01", "quiet", "process.exec process.name=docker user.name=ci"),
		VERDICT_EXCEPTED, "by-user");
	check_verdict(judge(&w, "shop", "2026-01-01", "shipped", "process.exec process.name=docker user.name=ci"),
		VERDICT_ALERT, NULL);
	world_end(&w);
}

/* That an action means a successful one is the detection's affair, not the exception's. */
static void test_failed_acts(void)
{
	struct world w;
	world_begin(&w);
	world_detection(&w, "tries", "high", "a: process where process.name == \"x\" and event.outcome == \"failure\"");
	world_organization(&w, "shop", "exceptions:\n"
		"  - {name: known, detections: [tries], condition: 'user.name == \"ci\"', reason: r, owner: o}");
	world_load(&w);
	check_verdict(judge(&w, "shop", "2026-01-01", "tries",
		"process.exec process.name=x event.outcome=failure user.name=ci"), VERDICT_EXCEPTED, "known");
	world_end(&w);
}

void suite_baseline(void)
{
	CU_pSuite suite = unit_suite("baseline");
	UNIT_TEST(suite, test_severities);
	UNIT_TEST(suite, test_shipped_first);
	UNIT_TEST(suite, test_expiry);
	UNIT_TEST(suite, test_facets);
	UNIT_TEST(suite, test_shared);
	UNIT_TEST(suite, test_failed_acts);
}
