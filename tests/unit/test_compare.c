/* test_compare: two runs side by side: what is the same, what changed, what came and went, and over which data. */
#include "replay/compare/compare.h"
#include "replay/compare/spell.h"
#include "tests/unit/world.h"

#include <math.h>
#include <string.h>

/* One run: a catalog and some events. */
struct side {
	struct world w;
	struct dataset dataset, *list[1];
	struct episode episodes[2];
	struct measurer *m;
	struct results *results;
};

struct bench {
	struct side before, after;
	struct diagnostics d;
	struct comparison *c;
};

static void side_begin(struct side *s)
{
	world_begin(&s->w);
	s->dataset = (struct dataset){.name = TEXT("set"), .folder = "data", .observed = 90000};
	s->dataset.label.otherwise = LABEL_BENIGN;
}

/* Lines 10 to 19 are an attack, 20 to 29 another. */
static void side_start(struct side *s, const char *expects)
{
	const struct organization **one = arena_array(&s->w.arena, 1, sizeof *one);
	world_load(&s->w);
	one[0] = world_organization_of(&s->w, "shop");
	static const char *const names[] = {"attack", "second"};
	for (size_t i = 0; i < 2; i++)
		s->episodes[i] = (struct episode){.name = text_of(names[i]), .from = INT64_MIN, .to = INT64_MAX,
			.first_line = 10 + 10 * i, .last_line = 19 + 10 * i, .expects = world_names(&s->w, expects),
			.label = {.otherwise = LABEL_MALICIOUS}};
	s->dataset.episodes = s->episodes;
	s->dataset.episode_count = 2;
	s->list[0] = &s->dataset;
	struct measure_options options = {.catalog = &s->w.catalog, .engine = s->w.engine, .organizations = one,
		.organization_count = 1, .datasets = s->list, .dataset_count = 1, .as_of = TEXT("2026-01-01"), .keep_alerts = true};
	s->m = measurer_new(&options);
	measurer_begin(s->m, &s->dataset);
}

static void side_event(struct side *s, uint64_t line, long seconds, const char *facets)
{
	CHECK_LONG(measurer_take(s->m, world_event(&s->w, line, seconds, facets), NULL), 0);
}

static void side_finish(struct side *s)
{
	struct ledger ledger = {0};
	measurer_end(s->m, &ledger);
	s->results = measurer_finish(s->m);
	s->results->datasets[0].description = TEXT("label: benign\n");
	memcpy(s->results->datasets[0].hash, "c0ffee", sizeof "c0ffee");
}

/* The same events for both: work of ci and of root, then two attacks by root and one by mallory. */
static void side_fill(struct side *s, const char *expects)
{
	side_start(s, expects);
	side_event(s, 1, 0, "process.exec process.name=docker user.name=ci");
	side_event(s, 2, 250, "process.exec process.name=docker user.name=root");
	side_event(s, 3, 500, "process.exec process.name=docker user.name=ci");
	side_event(s, 4, 4000, "process.exec process.name=cat user.name=ci");
	side_event(s, 10, 7200, "process.exec process.name=docker user.name=root");
	side_event(s, 20, 10800, "process.exec process.name=docker user.name=mallory");
	side_finish(s);
}

static void bench_begin(struct bench *b)
{
	*b = (struct bench){0};
	side_begin(&b->before);
	side_begin(&b->after);
}

static void bench_compare(struct bench *b)
{
	b->c = compare_runs(b->before.results, b->after.results, &b->d);
}

static void bench_end(struct bench *b)
{
	compare_free(b->c);
	diagnostics_free(&b->d);
	results_free(b->before.results);
	results_free(b->after.results);
	world_end(&b->before.w);
	world_end(&b->after.w);
}

static bool has_line(const struct texts *lines, const char *line)
{
	for (size_t i = 0; i < lines->count; i++)
		if (text_is(lines->items[i], line))
			return true;
	return false;
}

/* The order of values, operands, conditions and keys is no change; nor are comments. */
static void test_same(void)
{
	struct bench b;
	bench_begin(&b);
	world_detection(&b.before.w, "socket", "high",
		"a: process where process.name in (\"docker\", \"podman\") and user.name != null\nb: driver where driver.name == \"x\"");
	world_organization(&b.before.w, "shop", "risky: tolerate\nbudget: {alert_groups_per_day: 3}");
	world_detection_with(&b.after.w, "socket", "high",
		"b: driver where driver.name == \"x\"\na: process where user.name != null and process.name in (\"podman\", \"docker\")",
		"# a word");
	world_organization(&b.after.w, "shop", "budget: {alert_groups_per_day: 3}\nrisky: tolerate");
	side_fill(&b.before, "socket");
	side_fill(&b.after, "socket");
	bench_compare(&b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.c);
	CU_ASSERT(b.c->same);
	CHECK_LONG(b.c->detection_count + b.c->baseline_count + b.c->alert_count + b.c->episode_count + b.c->rate_count, 0);
	CHECK_LONG(b.c->total_count, 1);
	CHECK_LONG(b.c->totals[0].episodes.both, 2);
	CU_ASSERT(b.c->totals[0].episodes.p == 1);
	CHECK_LONG(b.d.count, 0);
	bench_end(&b);
}

/* Narrowed to root: an episode is lost, a false positive gone, another stays; groups are paired by the alerts they share. */
static void test_lost(void)
{
	struct bench b;
	bench_begin(&b);
	world_detection(&b.before.w, "socket", "high", "a: process where process.name == \"docker\"");
	world_organization(&b.before.w, "shop", "");
	world_detection(&b.after.w, "socket", "high", "a: process where process.name == \"docker\" and user.name == \"root\"");
	world_organization(&b.after.w, "shop", "");
	side_fill(&b.before, "socket");
	side_fill(&b.after, "socket");
	bench_compare(&b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.c);
	CHECK_LONG(b.c->detection_count, 1);
	CHECK_LONG(b.c->detections[0].kind, CHANGE_CONDITIONS);
	CU_ASSERT(has_line(&b.c->detections[0].lines, "+     and user.name == \"root\""));
	CHECK_LONG(b.c->episode_count, 1);
	CU_ASSERT_FALSE(b.c->episodes[0].gained);
	CHECK_TEXT(b.c->episodes[0].after->episode->name, "second");
	CHECK_TEXT(text_of(b.c->episodes[0].cause), "unmatched");
	CHECK_LONG(b.c->alert_count, 3);
	CHECK_LONG(b.c->alerts[0].alert->line, 1);
	CHECK_LONG(b.c->alerts[1].alert->line, 3);
	CHECK_LONG(b.c->alerts[2].alert->line, 20);
	CHECK_TEXT(text_of(b.c->alerts[2].cause), "its conditions changed");
	CHECK_LONG(b.c->rate_count, 1);
	CHECK_LONG(b.c->rates[0].episodes.both, 1);
	CHECK_LONG(b.c->rates[0].episodes.first, 1);
	/* Before: (1, 2) and (3). After: (2). The first is in both, the second was there before alone. */
	CHECK_LONG(b.c->rates[0].groups.both, 1);
	CHECK_LONG(b.c->rates[0].groups.first, 1);
	CHECK_LONG(b.c->rates[0].groups.second, 0);
	CU_ASSERT_FALSE(b.c->same);
	bench_end(&b);
}

/* Without its first alert a group begins later and takes in what was a group of its own: all of it is one unit. */
static void test_joined_groups(void)
{
	struct bench b;
	bench_begin(&b);
	world_detection(&b.before.w, "socket", "high", "a: process where process.name == \"docker\"");
	world_organization(&b.before.w, "shop", "");
	world_detection(&b.after.w, "socket", "high", "a: process where process.name == \"docker\" and process.pid != 1");
	world_organization(&b.after.w, "shop", "");
	for (int i = 0; i < 2; i++) {
		struct side *s = i ? &b.after : &b.before;
		side_start(s, "socket");
		side_event(s, 1, 0, "process.exec process.name=docker process.pid=1");
		side_event(s, 2, 250, "process.exec process.name=docker process.pid=2");
		side_event(s, 3, 500, "process.exec process.name=docker process.pid=3");
		side_finish(s);
	}
	CHECK_LONG(b.before.results->measures[0].groups[OUTCOME_FP], 2);
	CHECK_LONG(b.after.results->measures[0].groups[OUTCOME_FP], 1);
	bench_compare(&b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.c);
	CHECK_LONG(b.c->rates[0].groups.both, 1);
	CHECK_LONG(b.c->rates[0].groups.first + b.c->rates[0].groups.second, 0);
	CHECK_LONG(b.c->alert_count, 1);
	bench_end(&b);
}

/* A file of its own, since world_detection makes the id of the name. */
static void write_detection(struct side *s, const char *name, const char *more)
{
	world_file(&s->w, arena_printf(&s->w.arena, "detections/%s.yaml", name), arena_printf(&s->w.arena,
		"id: 0b9f21ae-4ab0-4ad2-8d5b-1b4a8f0f8c11\nname: %s\ntitle: Test\nstatus: test\nseverity: high\ntechniques: [T1611]\n"
		"conditions: {a: process where process.name == \"docker\"}\n%stests:\n"
		"  - {name: x, event: {event.category: log, event.action: other}, expect: no-match}\n"
		"  - {name: y, event: {event.category: log, event.action: other}, expect: match}\n", name, more));
}

/* A new name and nothing else, though the corpus and the organization must say it, too. */
static void test_renamed(void)
{
	struct bench b;
	bench_begin(&b);
	write_detection(&b.before, "old", "");
	write_detection(&b.after, "new", "");
	static const char organization[] = "exceptions:\n"
		"  - {name: known, detections: [%s], condition: 'user.name == \"ci\"', reason: r, owner: o, expires: 2030-01-01}";
	world_organization(&b.before.w, "shop", arena_printf(&b.before.w.arena, organization, "old"));
	world_organization(&b.after.w, "shop", arena_printf(&b.after.w.arena, organization, "new"));
	side_fill(&b.before, "old");
	side_fill(&b.after, "new");
	bench_compare(&b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.c);
	CHECK_LONG(b.c->detection_count, 1);
	CHECK_LONG(b.c->detections[0].kind, CHANGE_RENAMED);
	CHECK_TEXT(text_of(change_kind_name(b.c->detections[0].kind)), "renamed");
	CU_ASSERT(has_line(&b.c->detections[0].lines, "- name: old") && has_line(&b.c->detections[0].lines, "+ name: new"));
	CHECK_LONG(b.c->alert_count + b.c->episode_count + b.c->baseline_count + b.c->rate_count, 0);
	bench_end(&b);
}

static void test_excepted(void)
{
	struct bench b;
	bench_begin(&b);
	write_detection(&b.before, "socket", "");
	write_detection(&b.after, "socket", "");
	world_organization(&b.before.w, "shop", "");
	world_organization(&b.after.w, "shop", "exceptions:\n  - {name: builders, detections: [socket],"
		" condition: 'user.name in (\"ci\", \"mallory\")', reason: r, owner: o, expires: 2030-01-01}");
	side_fill(&b.before, "socket");
	side_fill(&b.after, "socket");
	bench_compare(&b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.c);
	CHECK_LONG(b.c->detection_count, 0);
	CHECK_LONG(b.c->baseline_count, 1);
	CU_ASSERT(has_line(&b.c->baselines[0].lines, "+ exception builders"));
	CHECK_LONG(b.c->alert_count, 3);
	CHECK_TEXT(text_of(b.c->alerts[0].cause), "excepted by builders");
	CHECK_LONG(b.c->episode_count, 1);
	CHECK_TEXT(text_of(b.c->episodes[0].cause), "excepted");
	compare_free(b.c);
	/* The other way round. */
	b.c = compare_runs(b.after.results, b.before.results, &b.d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.c);
	CHECK_TEXT(text_of(b.c->alerts[0].cause), "no longer excepted by builders");
	CU_ASSERT(b.c->episodes[0].gained && b.c->episodes[0].cause == NULL);
	CHECK_LONG(b.c->rates[0].episodes.second, 1);
	bench_end(&b);
}

/* Also what a detection is described by, whether it is switched off, and one that comes or goes. */
static void test_other_changes(void)
{
	struct bench b;
	bench_begin(&b);
	world_detection(&b.before.w, "gone", "low", "a: process where process.name == \"cat\"");
	write_detection(&b.before, "socket", "author: a\n");
	write_detection(&b.after, "socket", "author: b\nreferences: [\"https://example.org\"]\n");
	world_detection(&b.after.w, "fresh", "low", "a: process where process.name == \"cat\"");
	world_organization(&b.before.w, "shop", "");
	world_organization(&b.after.w, "shop", "monitor: {disable: [socket]}");
	side_fill(&b.before, "socket");
	side_fill(&b.after, "socket");
	bench_compare(&b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.c);
	CHECK_LONG(b.c->detection_count, 3);
	CHECK_LONG(b.c->detections[0].kind, CHANGE_ADDED);
	CHECK_LONG(b.c->detections[1].kind, CHANGE_REMOVED);
	CHECK_LONG(b.c->detections[2].kind, CHANGE_METADATA);
	CU_ASSERT(has_line(&b.c->detections[2].lines, "- author: a") && has_line(&b.c->detections[2].lines, "+ author: b"));
	for (size_t i = 0; i < b.c->alert_count; i++) {
		const struct alert_change *change = &b.c->alerts[i];
		const char *cause = text_is(change->alert->detection->name, "socket") ? "disabled"
			: change->gained ? "the detection was added" : "the detection was removed";
		CHECK_TEXT(text_of(change->cause), cause);
	}
	CHECK_LONG(b.c->alert_count, 7);
	CHECK_LONG(b.c->episode_count, 2);
	CHECK_LONG(b.c->rate_count, 3);
	CU_ASSERT_PTR_NULL(b.c->rates[0].before);
	CU_ASSERT_PTR_NULL(b.c->rates[1].after);
	bench_end(&b);
}

/* An episode that does not expect it any more, and does not see it: that is a loss, too. */
static void test_expectation_removed(void)
{
	struct bench b;
	bench_begin(&b);
	write_detection(&b.before, "socket", "");
	world_detection(&b.after.w, "other", "low", "a: process where process.name == \"cat\"");
	world_organization(&b.before.w, "shop", "");
	world_organization(&b.after.w, "shop", "");
	side_fill(&b.before, "socket");
	side_fill(&b.after, "");
	bench_compare(&b);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b.c);
	CHECK_LONG(b.c->episode_count, 2);
	CHECK_TEXT(text_of(b.c->episodes[0].cause), "removed");
	bench_end(&b);
}

static void refuse(struct bench *b, const char *sentence)
{
	struct diagnostics d = {0};
	CU_ASSERT_PTR_NULL(compare_runs(b->before.results, b->after.results, &d));
	CU_ASSERT(d.errors > 0);
	CHECK_CONTAINS(unit_printed(&b->before.w.arena, &d), sentence);
	diagnostics_free(&d);
}

/* Different data: what differs is named. */
static void test_refused(void)
{
	struct bench b;
	bench_begin(&b);
	write_detection(&b.before, "socket", "");
	write_detection(&b.after, "socket", "");
	world_organization(&b.before.w, "shop", "");
	world_organization(&b.after.w, "shop", "");
	side_fill(&b.before, "socket");
	side_fill(&b.after, "socket");
	struct dataset_result *result = &b.after.results->datasets[0];
	result->description = TEXT("label: risky\n");
	refuse(&b, "dataset set: its labels or how it is read changed: was \"label: benign\", is \"label: risky\"");
	memcpy(result->hash, "deadbeef", sizeof "deadbeef");
	refuse(&b, "its files are not those of the reference run; its labels");
	result->hash[0] = '\0';
	refuse(&b, "an older mews stored it without a fingerprint");
	b.after.dataset.name = TEXT("else");
	refuse(&b, "dataset else: the reference run does not have it");
	refuse(&b, "dataset set: the reference run has it, the newer one does not");
	b.after.results->target = "falco";
	refuse(&b, "one run measured the detections themselves, the other the rules for falco");
	bench_end(&b);
}

static void test_spelling(void)
{
	struct world w;
	struct buffer shown = {0};
	world_begin(&w);
	world_detection(&w, "a", "low", "a: process where not (process.name == \"a\\\"b\" or process.args like~ (\"x\", \"w\", \"v\", \"u\"))"
		" and length(user.name) > 3");
	world_load(&w);
	spell_conditions(w.catalog.detections[0], &w.catalog.registry, SPELL_SHOWN, &shown);
	CHECK_TEXT(buffer_view(&shown), "a: process where\n    not (\n      process.name == \"a\\\"b\"\n      or process.args like~ (\n"
		"        \"u\"\n        \"v\"\n        \"w\"\n        \"x\"\n      )\n    )\n    and length(user.name) > \"3\"\n");
	buffer_free(&shown);
	world_end(&w);
}

void suite_compare(void)
{
	CU_pSuite suite = unit_suite("compare");
	UNIT_TEST(suite, test_same);
	UNIT_TEST(suite, test_lost);
	UNIT_TEST(suite, test_joined_groups);
	UNIT_TEST(suite, test_renamed);
	UNIT_TEST(suite, test_excepted);
	UNIT_TEST(suite, test_other_changes);
	UNIT_TEST(suite, test_expectation_removed);
	UNIT_TEST(suite, test_refused);
	UNIT_TEST(suite, test_spelling);
}
