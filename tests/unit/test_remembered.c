/* What a predicate answered on a value is remembered with the value: verdicts are those of the plain evaluator, whatever comes. */
#include "catalog/evaluate.h"
#include "replay/engine/engine.h"
#include "tests/unit/world.h"

enum { EVENTS = 3000, SAMPLE = 200, DETECTIONS = 5 };

static const char *const programs[] = {"/usr/bin/sh", "/usr/bin/bash", "/usr/sbin/sshd", "/opt/app/run.sh", "/tmp/x", "/usr/bin/env"};
static const char *const words[] = {"-c", "run.sh", "/etc/shadow", "x", "--all", "/opt/app", "-c,/etc/shadow", "x,run.sh", "-c,x,-c", "/etc/shadow,x", "run.sh,/opt/app"};
enum { PROGRAMS = sizeof programs / sizeof *programs, WORDS = sizeof words / sizeof *words };

/* Negations are asked of every event, and none of what they ask for is looked for by itself. The last two have both
 * fields searched. */
static void catalog_of(struct world *w)
{
	world_begin(w);
	world_detection(w, "a", "high", "x: process where event.action == \"exec\" and not endswith(process.executable, \".sh\") and not "
		"process.executable regex \".*/s[a-z]+\" and not stringcontains(process.args, \"shadow\")");
	world_detection(w, "b", "high", "x: process where event.action == \"exec\" and not stringcontains(process.executable, \"bin\")");
	world_detection(w, "c", "high", "x: process where not process.args like \"*un*\" and not startswith(process.args, \"-\")");
	world_detection(w, "d", "high", "x: process where startswith(process.executable, \"/usr\")");
	world_detection(w, "e", "high", "x: process where stringcontains(process.args, \"-c\")");
	world_load(w);
}

static struct event *event_of(struct world *w, unsigned number)
{
	unsigned turn = number * 2654435761u >> 8;
	const char *program = number % 11 ? arena_printf(&w->event_arena, "process.executable=%s", programs[turn % PROGRAMS]) : "";
	const char *args = number % 13 ? arena_printf(&w->event_arena, "process.args=%s", words[turn / 64 % WORDS]) : "";
	return world_event(w, number, (long)number, arena_printf(&w->arena, "process.exec %s %s", program, args));
}

static bool holds(struct evaluator *evaluator, const struct detection *detection, const struct event *event)
{
	bool any = false;
	for (size_t c = 0; c < detection->condition_count; c++)
		any |= evaluate_condition(evaluator, detection->conditions[c], event->facets[0]);
	return any;
}

static size_t remembered_count(struct world *w, const struct event *event)
{
	struct plan *plan = engine_plan(w->engine);
	struct plan_partition *partition = plan_partition_of(plan, event->facets[0]->action);
	const struct plan_ready *ready = plan_ready_of(plan, partition);
	const struct sieve *sieve = plan_sieve_of(plan, partition, ready, plan_variant_of(ready, event->facets[0]));
	size_t count = 0;
	for (size_t i = 0; sieve->remembered && i < sieve->predicate_count; i++)
		count += sieve->remembered[i] != 0;
	return count;
}

static void test_verdicts(void)
{
	struct world w;
	struct arena arena = {0};
	const struct event *sample[SAMPLE];
	size_t wrong = 0, held[DETECTIONS] = {0};
	catalog_of(&w);
	struct evaluator *evaluator = evaluator_new();
	for (unsigned i = 0; i < SAMPLE; i++)
		sample[i] = event_clone(event_of(&w, i), &arena);
	engine_calibrate(w.engine, sample, SAMPLE);
	CU_ASSERT(remembered_count(&w, sample[0]) >= 4);
	for (unsigned i = 0; i < EVENTS; i++) {
		const struct event *event = event_of(&w, i);
		struct matches matches;
		bool found[DETECTIONS] = {false};
		engine_match(w.engine, event, &matches);
		for (size_t k = 0; k < matches.count; k++)
			found[matches.items[k].detection] = true;
		for (size_t k = 0; k < DETECTIONS; k++) {
			held[k] += found[k];
			wrong += found[k] != holds(evaluator, w.catalog.detections[k], event);
		}
	}
	CU_ASSERT_EQUAL(wrong, 0);
	for (size_t k = 0; k < DETECTIONS; k++)
		CU_ASSERT(held[k] > EVENTS / 50);
	evaluator_free(evaluator);
	arena_free(&arena);
	world_end(&w);
}

void suite_remembered(void)
{
	CU_pSuite suite = unit_suite("remembered");
	UNIT_TEST(suite, test_verdicts);
}
