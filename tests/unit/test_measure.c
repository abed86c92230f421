/*
 * test_measure: every figure by hand, on a few events: outcomes, misses and their causes, tolerant
 * organizations, labels that differ, parts, scope, reachability, days, exceptions, samples.
 */
#include "replay/measure/measure.h"
#include "tests/unit/world.h"

#include <math.h>

/* What the detection `socket` matches; what one changed predicate would make match; what is in scope only. */
#define HIT "process.exec process.name=docker process.args=a.sock"
#define NEAR "process.exec process.name=docker process.args=a"
#define FAR "process.exec process.name=cat process.args=a"
#define AGENT "process.exec process.name=agent"
#define OUT_OF_SCOPE "file.open file.path=/x"
#define DAY 86400

struct bench {
	struct world w;
	struct dataset datasets[4];
	struct dataset *list[4];
	size_t dataset_count;
	struct measurer *m;
	struct results *results;
	const char *as_of;
	bool keep_alerts;
};

static void bench_begin(struct bench *b)
{
	*b = (struct bench){.as_of = "2026-06-01"};
	world_begin(&b->w);
	world_detection(&b->w, "agent", "low", "a: process where event.action == \"exec\" and process.name == \"agent\"");
	world_detection(&b->w, "socket", "high",
		"a: process where event.action == \"exec\" and process.name == \"docker\" and process.args like \"*.sock\"");
}

static struct dataset *add_dataset(struct bench *b, const char *name, enum dataset_use use, enum label label)
{
	struct dataset *dataset = &b->datasets[b->dataset_count];
	b->list[b->dataset_count++] = dataset;
	*dataset = (struct dataset){.name = text_of(name), .folder = "", .use = use, .observed = -1};
	dataset->label.otherwise = label;
	dataset->episodes = arena_array(&b->w.arena, 8, sizeof *dataset->episodes);
	return dataset;
}

static struct episode *add_episode(struct bench *b, struct dataset *dataset, const char *name, uint64_t first,
	uint64_t last, enum label label, const char *expects, const char *allows)
{
	struct episode *episode = &dataset->episodes[dataset->episode_count++];
	*episode = (struct episode){.name = text_of(name), .from = INT64_MIN, .to = INT64_MAX, .first_line = first,
		.last_line = last, .expects = world_names(&b->w, expects), .allows = world_names(&b->w, allows)};
	episode->label.otherwise = label;
	return episode;
}

static void start(struct bench *b, const struct organization **organizations, size_t count)
{
	struct measure_options options = {.catalog = &b->w.catalog, .engine = b->w.engine, .organizations = organizations,
		.organization_count = count, .datasets = b->list, .dataset_count = b->dataset_count,
		.as_of = text_of(b->as_of), .keep_alerts = b->keep_alerts};
	b->m = measurer_new(&options);
}

static void take(struct bench *b, uint64_t line, long seconds, const char *facets)
{
	CHECK_LONG(measurer_take(b->m, world_event(&b->w, line, seconds, facets), NULL), 0);
}

static void end_dataset(struct bench *b)
{
	struct ledger ledger = {.lines = 1, .events = 1};
	measurer_end(b->m, &ledger);
}

static void bench_end(struct bench *b)
{
	results_free(b->results);
	world_end(&b->w);
}

static const struct measure *part_measure(const struct bench *b, enum part part, size_t organization, const char *name)
{
	const struct results *results = b->results;
	size_t count = b->w.catalog.detection_count;
	for (size_t i = 0; i < count; i++)
		if (text_is(b->w.catalog.detections[i]->name, name))
			return &results->parts[part].measures[organization * count + i];
	CU_FAIL("no such detection");
	return &results->measures[0];
}

static const struct measure *measure_of(const struct bench *b, size_t organization, const char *name)
{
	return part_measure(b, b->results->headline, organization, name);
}

static void check_alerts(const struct measure *measure, const uint64_t expected[OUTCOME_COUNT])
{
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		CHECK_LONG(measure->alerts[i], expected[i]);
}

static void check_rate(const struct rate *rate, uint64_t numerator, uint64_t denominator)
{
	CHECK_LONG(rate->numerator, numerator);
	CHECK_LONG(rate->denominator, denominator);
	CU_ASSERT(denominator ? fabs(rate->value - (double)numerator / (double)denominator) < 1e-12 : isnan(rate->value));
}

#define SECOND_STEP "process.exec process.name=b user.name=u"

/* Alerts of sequences come later than their events, and count as if they had not. */
static void test_sequences(void)
{
	struct bench b;
	bench_begin(&b);
	world_detection(&b.w, "after", "high", "x: sequence by user.name with maxspan=1m [process where process.name == \"a\"]"
		" [process where process.name == \"b\"]");
	world_detection(&b.w, "alone", "high", "x: process where process.name == \"b\"");
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	add_episode(&b, d, "attack", 10, 19, LABEL_MALICIOUS, "after", "");
	add_episode(&b, d, "missed", 20, 29, LABEL_MALICIOUS, "after", "");
	b.keep_alerts = true;
	start(&b, NULL, 0);
	measurer_begin(b.m, d);
	take(&b, 1, 2, SECOND_STEP);                                /* FP: the beginning comes later, out of order */
	take(&b, 2, 1, "process.exec process.name=a user.name=u");
	take(&b, 3, 3, SECOND_STEP);                                /* the beginning is spent */
	take(&b, 4, 30, "process.exec process.name=a user.name=u"); /* an attack goes on from before */
	take(&b, 10, 40, SECOND_STEP);                              /* TP */
	take(&b, 20, 200, SECOND_STEP);                             /* no beginning: FN */
	take(&b, 30, 300, "process.exec process.name=a user.name=u");
	take(&b, 31, 301, SECOND_STEP);                             /* FP, decided when the dataset ends */
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	const struct measure *after = measure_of(&b, 0, "after");
	CHECK_LONG(after->alerts[OUTCOME_TP], 1);
	CHECK_LONG(after->alerts[OUTCOME_FP], 2);
	CHECK_LONG(after->fn, 1);
	CHECK_LONG(after->fp_events, 2);
	CHECK_LONG(after->benign_in_scope, 6);
	CHECK_LONG(measure_of(&b, 0, "alone")->alerts[OUTCOME_FP], 3);
	CHECK_LONG(b.results->totals[0].alerts[OUTCOME_FP], 5);
	CHECK_LONG(b.results->totals[0].false_positive_rate.numerator, 3); /* events, not alerts */
	CHECK_LONG(b.results->episodes[1].missed[0].cause, MISS_UNMATCHED);
	size_t late = 0;
	for (size_t i = 0; i < b.results->alert_count; i++) {
		const struct alert *alert = &b.results->alerts[i];
		if (!text_is(alert->detection->name, "after"))
			continue;
		CU_ASSERT_TRUE(alert->line == 1 || alert->line == 10 || alert->line == 31);
		CHECK_TEXT(text_of(alert->file), "events.log");
		CU_ASSERT_TRUE(text_contains(alert->event, TEXT("\"process.name\": \"b\""), false));
		late++;
	}
	CHECK_LONG(late, 3);
	bench_end(&b);
}

/* One dataset, one nameless organization. */
static void test_outcomes(void)
{
	struct bench b;
	bench_begin(&b);
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	add_episode(&b, d, "attack", 10, 19, LABEL_MALICIOUS, "socket", "");
	add_episode(&b, d, "attack-allows", 20, 29, LABEL_MALICIOUS, "", "socket");
	add_episode(&b, d, "attack-other", 30, 39, LABEL_MALICIOUS, "agent", "");
	add_episode(&b, d, "shortcut", 40, 49, LABEL_RISKY, "socket", "");
	add_episode(&b, d, "dark", 50, 59, LABEL_UNKNOWN, "", "");
	start(&b, NULL, 0);
	measurer_begin(b.m, d);
	take(&b, 1, 0, HIT);       /* FP */
	take(&b, 2, 10, FAR);
	take(&b, 3, 20, OUT_OF_SCOPE);
	take(&b, 10, 30, HIT);     /* TP */
	take(&b, 11, 31, HIT);     /* TP, same group */
	take(&b, 12, 400, HIT);    /* TP, next group */
	take(&b, 20, 410, HIT);    /* TP: allowed; another episode, another group */
	take(&b, 30, 420, HIT);    /* unattributed */
	take(&b, 40, 430, HIT);    /* BTP */
	take(&b, 50, 440, HIT);    /* unknown */
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	const struct measure *socket = measure_of(&b, 0, "socket");
	check_alerts(socket, (const uint64_t[OUTCOME_COUNT]){4, 1, 1, 1, 1});
	CHECK_LONG(socket->groups[OUTCOME_TP], 3);
	CHECK_LONG(socket->groups[OUTCOME_FP], 1);
	CHECK_LONG(socket->groups[OUTCOME_BTP], 1);
	CHECK_LONG(socket->fn, 0);
	CHECK_LONG(socket->matches, 8);
	check_rate(&socket->recall, 1, 1);
	check_rate(&socket->risky_recall, 1, 1);
	check_rate(&socket->precision, 4, 5);
	check_rate(&socket->false_positive_rate, 1, 2);
	const struct measure *agent = measure_of(&b, 0, "agent");
	CHECK_LONG(agent->fn, 1);
	check_rate(&agent->recall, 0, 1);
	check_rate(&agent->false_positive_rate, 0, 2);
	const struct total *total = &b.results->totals[0];
	CHECK_LONG(total->alerts[OUTCOME_TP], 4);
	CHECK_LONG(total->fn, 1);
	check_rate(&total->recall, 1, 2); /* attack-allows expects nothing */
	check_rate(&total->expected, 1, 2);
	check_rate(&total->false_positive_rate, 1, 2);
	CHECK_LONG(b.results->events, 10);
	bench_end(&b);
}

static void test_tolerance(void)
{
	struct bench b;
	bench_begin(&b);
	world_organization(&b.w, "lax", "risky: tolerate");
	world_organization(&b.w, "strict", "risky: alert");
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	add_episode(&b, d, "shortcut", 10, 19, LABEL_RISKY, "socket agent", "");
	const struct organization *both[] = {world_organization_of(&b.w, "lax"), world_organization_of(&b.w, "strict")};
	start(&b, both, 2);
	measurer_begin(b.m, d);
	take(&b, 10, 0, HIT);
	take(&b, 11, 1, FAR);
	take(&b, 1, 2, FAR);
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	const struct measure *lax = measure_of(&b, 0, "socket"), *strict = measure_of(&b, 1, "socket");
	check_alerts(lax, (const uint64_t[OUTCOME_COUNT]){0, 0, 1, 0, 0});
	check_alerts(strict, (const uint64_t[OUTCOME_COUNT]){0, 1, 0, 0, 0});
	check_rate(&lax->risky_recall, 0, 0);
	check_rate(&strict->risky_recall, 1, 1);
	check_rate(&measure_of(&b, 1, "agent")->risky_recall, 0, 1);
	CHECK_LONG(strict->fn, 0); /* FN are of attacks */
	CHECK_LONG(measure_of(&b, 1, "agent")->fn, 0);
	CHECK_LONG(lax->benign_in_scope, 3);
	CHECK_LONG(strict->benign_in_scope, 1);
	check_rate(&lax->precision, 0, 1);
	check_rate(&strict->precision, 1, 1);
	CHECK_LONG(b.results->episode_count, 2);
	CHECK_LONG(b.results->episodes[0].missed_count, 0);
	CHECK_LONG(b.results->episodes[1].missed_count, 1);
	CHECK_LONG(b.results->episodes[1].missed[0].cause, MISS_UNMATCHED);
	bench_end(&b);
}

static const char *const causes_organization =
	"monitor: {minimum_severity: low, disable: [off], severity: {below: informational}}\n"
	"exceptions:\n  - {name: known, detections: [hidden], condition: 'process.name == \"agent\"', reason: r, owner: o}";

static void test_miss_causes(void)
{
	static const char *const names[] = {"below", "blind", "hidden", "off", "unmatched"};
	static const enum miss_cause causes[] = {MISS_BELOW_SEVERITY, MISS_NO_EVENT, MISS_EXCEPTED, MISS_DISABLED,
		MISS_UNMATCHED};
	struct bench b;
	bench_begin(&b);
	for (size_t i = 0; i < 5; i++)
		world_detection(&b.w, names[i], "high", i == 1 ? "a: driver where driver.name == \"x\""
			: i == 4 ? "a: process where process.name == \"never\"" : "a: process where process.name == \"agent\"");
	world_organization(&b.w, "org", causes_organization);
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	struct episode *episode = add_episode(&b, d, "attack", 1, 9, LABEL_MALICIOUS,
		"below blind hidden off unmatched agent", "");
	episode->gap = TEXT("not recorded");
	const struct organization *one[] = {world_organization_of(&b.w, "org")};
	start(&b, one, 1);
	measurer_begin(b.m, d);
	take(&b, 1, 0, AGENT);
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	const struct episode_result *result = &b.results->episodes[0];
	CHECK_LONG(result->missed_count, 5);
	for (size_t i = 0; i < 5 && i < result->missed_count; i++) {
		CHECK_TEXT(result->missed[i].detection->name, names[i]);
		CHECK_LONG(result->missed[i].cause, causes[i]);
		CHECK_TEXT(result->missed[i].gap, "not recorded");
		const struct measure *measure = measure_of(&b, 0, names[i]);
		CHECK_LONG(measure->fn, 1);
		CHECK_LONG(measure->fn_without_baseline, causes[i] == MISS_NO_EVENT || causes[i] == MISS_UNMATCHED);
		check_rate(&measure->recall, 0, 1);
		check_rate(&measure->recall_without_baseline, causes[i] != MISS_NO_EVENT && causes[i] != MISS_UNMATCHED, 1);
	}
	CHECK_LONG(result->alerted_count, 1);
	CHECK_LONG(result->events, 1);
	CHECK_LONG(measure_of(&b, 0, "hidden")->excepted, 1);
	CHECK_LONG(measure_of(&b, 0, "off")->excepted, 0);
	CU_ASSERT(measure_of(&b, 0, "off")->disabled && measure_of(&b, 0, "below")->below);
	check_rate(&b.results->totals[0].recall, 1, 1);
	check_rate(&b.results->totals[0].expected, 1, 6);
	bench_end(&b);
}

static void test_labels(void)
{
	static const struct text organizations[] = {{"lab", 3}};
	static const enum label labels[] = {LABEL_BENIGN};
	struct bench b;
	bench_begin(&b);
	world_organization(&b.w, "lab", "");
	world_organization(&b.w, "shop", "");
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_UNKNOWN);
	struct episode *episode = add_episode(&b, d, "runner", 1, 9, LABEL_MALICIOUS, "socket", "");
	episode->label = (struct label_rule){LABEL_MALICIOUS, organizations, labels, 1};
	const struct organization *both[] = {world_organization_of(&b.w, "lab"), world_organization_of(&b.w, "shop")};
	start(&b, both, 2);
	measurer_begin(b.m, d);
	take(&b, 1, 0, HIT);
	struct event *labelled = world_event(&b.w, 2, 1, HIT); /* the event's own label wins */
	labelled->label = TEXT("risky");
	CHECK_LONG(measurer_take(b.m, labelled, NULL), 0);
	take(&b, 20, 2, HIT);
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	check_alerts(measure_of(&b, 0, "socket"), (const uint64_t[OUTCOME_COUNT]){0, 1, 1, 0, 1});
	check_alerts(measure_of(&b, 1, "socket"), (const uint64_t[OUTCOME_COUNT]){1, 1, 0, 0, 1});
	check_rate(&measure_of(&b, 0, "socket")->recall, 0, 0);
	check_rate(&measure_of(&b, 1, "socket")->recall, 1, 1);
	bench_end(&b);
}

/* Hold-out figures are the headline; other organizations' datasets stand apart. */
static void test_parts(void)
{
	struct bench b;
	bench_begin(&b);
	world_organization(&b.w, "lab", "");
	world_organization(&b.w, "shop", "");
	world_load(&b.w);
	add_dataset(&b, "dev", USE_DEVELOP, LABEL_BENIGN);
	add_dataset(&b, "held", USE_HOLD_OUT, LABEL_BENIGN);
	add_dataset(&b, "labs", USE_HOLD_OUT, LABEL_BENIGN)->organizations = world_names(&b.w, "lab");
	const struct organization *both[] = {world_organization_of(&b.w, "lab"), world_organization_of(&b.w, "shop")};
	b.keep_alerts = true;
	start(&b, both, 2);
	for (size_t i = 0; i < 3; i++) {
		measurer_begin(b.m, b.list[i]);
		for (size_t k = 0; k <= i; k++)
			take(&b, k + 1, (long)k * 1000, HIT);
		end_dataset(&b);
	}
	b.results = measurer_finish(b.m);
	CHECK_LONG(b.results->headline, PART_HOLD_OUT);
	static const uint64_t expected[2][PART_COUNT] = {
		{[PART_HOLD_OUT] = 5, [PART_DEVELOP] = 1, [PART_ALL] = 6, [PART_OTHERS] = 0},
		{[PART_HOLD_OUT] = 2, [PART_DEVELOP] = 1, [PART_ALL] = 3, [PART_OTHERS] = 3}};
	for (size_t i = 0; i < 2; i++)
		for (enum part part = 0; part < PART_COUNT; part++) {
			CHECK_LONG(part_measure(&b, part, i, "socket")->alerts[OUTCOME_FP], expected[i][part]);
			CHECK_LONG(part_measure(&b, part, i, "socket")->false_positive_rate.numerator, expected[i][part]);
		}
	CHECK_LONG(measure_of(&b, 0, "socket")->alerts[OUTCOME_FP], 5);
	CHECK_LONG(b.results->totals[0].datasets, 2);
	CHECK_LONG(b.results->totals[1].datasets, 1);
	CHECK_LONG(b.results->alert_count, 9); /* of own datasets */
	bench_end(&b);
}

/* Each event counts once over all conditions and facets; the pack's events once over all detections. */
static void test_scope_counts(void)
{
	struct bench b;
	bench_begin(&b);
	world_detection(&b.w, "two", "high", "a: process where process.name == \"docker\"\n"
		"b: process where process.args == \"x\"\nc: container where container.image.name == \"y\"");
	world_organization(&b.w, "org", "monitor: {disable: [two]}");
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	const struct organization *one[] = {world_organization_of(&b.w, "org")};
	start(&b, one, 1);
	measurer_begin(b.m, d);
	take(&b, 1, 0, FAR);
	take(&b, 2, 1, FAR " | container.run container.image.name=z");
	take(&b, 3, 2, "container.run container.image.name=z"); /* in scope of the disabled one only */
	take(&b, 4, 3, "container.run container.name=z");
	take(&b, 5, 4, HIT);
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	CHECK_LONG(measure_of(&b, 0, "two")->benign_in_scope, 4);
	CHECK_LONG(measure_of(&b, 0, "two")->fp_events, 0);
	CHECK_LONG(measure_of(&b, 0, "socket")->benign_in_scope, 3);
	CHECK_LONG(measure_of(&b, 0, "agent")->benign_in_scope, 3);
	check_rate(&b.results->totals[0].false_positive_rate, 1, 3);
	bench_end(&b);
}

static enum reachability reach(const char *organization, const char *facets, long observed)
{
	struct bench b;
	bench_begin(&b);
	world_organization(&b.w, "org", organization);
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	d->observed = (double)observed;
	const struct organization *one[] = {world_organization_of(&b.w, "org")};
	start(&b, one, 1);
	measurer_begin(b.m, d);
	take(&b, 1, 0, facets);
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	enum reachability reachability = measure_of(&b, 0, "socket")->reachability;
	bench_end(&b);
	return reachability;
}

static void test_reachability(void)
{
	const char *budget = "budget: {alert_groups_per_day: 1}";
	CHECK_LONG(reach("", OUT_OF_SCOPE, DAY), REACH_BLIND);
	CHECK_LONG(reach("", FAR, DAY), REACH_THIN);
	CHECK_LONG(reach("", NEAR, DAY), REACH_MEASURED);
	CHECK_LONG(reach("", HIT, 60), REACH_MEASURED);
	CHECK_LONG(reach(budget, NEAR, DAY), REACH_BRIEF);       /* 3/1 > 1 */
	CHECK_LONG(reach(budget, NEAR, 3 * DAY), REACH_MEASURED); /* 3/3 = 1 */
	CHECK_LONG(reach(budget, FAR, DAY), REACH_THIN);
	CHECK_LONG(reach(budget, NEAR, 0), REACH_BRIEF);
	CHECK_LONG(reach(budget, HIT, 60), REACH_MEASURED);
}

static void test_days(void)
{
	struct bench b;
	bench_begin(&b);
	world_load(&b.w);
	struct dataset *timed = add_dataset(&b, "timed", USE_DEVELOP, LABEL_BENIGN);
	struct dataset *untimed = add_dataset(&b, "untimed", USE_DEVELOP, LABEL_BENIGN);
	add_episode(&b, timed, "attack", 50, 59, LABEL_MALICIOUS, "socket", "");
	start(&b, NULL, 0);
	measurer_begin(b.m, timed);
	take(&b, 1, 0, HIT);
	take(&b, 2, 299, HIT);
	take(&b, 3, 300, HIT);
	take(&b, 50, 4000, HIT);
	take(&b, 4, DAY / 2, FAR);
	end_dataset(&b);
	measurer_begin(b.m, untimed);
	take(&b, 1, WORLD_UNTIMED, HIT);
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	const struct measure *socket = measure_of(&b, 0, "socket");
	CHECK_LONG(socket->groups[OUTCOME_FP], 3);
	CU_ASSERT(fabs(socket->groups_per_day - 4) < 1e-9); /* two groups in half a day; the untimed one does not count */
	CU_ASSERT(fabs(socket->false_groups_per_day - 4) < 1e-9);
	CU_ASSERT(fabs(socket->false_groups_per_hour - 4 / 24.0) < 1e-9); /* of what was recorded: half a day is enough */
	CU_ASSERT(fabs(socket->predictive_value - 1.0 / 5) < 1e-9);
	CU_ASSERT(fabs(b.results->datasets[0].observed - DAY / 2.0) < 1e-6);
	CU_ASSERT(b.results->datasets[1].observed == 0 && b.results->datasets[1].first == INT64_MIN);
	bench_end(&b);
}

/* Hours are of one dataset, in whatever order their events come; files stand in for hours without a time. */
static void test_hours(void)
{
	static const long seconds[] = {0, 3600, 7200, 10, 3610, 7210, 3620, 20, WORLD_UNTIMED, WORLD_UNTIMED};
	struct bench b;
	bench_begin(&b);
	world_load(&b.w);
	add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	add_dataset(&b, "two", USE_DEVELOP, LABEL_BENIGN);
	start(&b, NULL, 0);
	for (size_t i = 0; i < 2; i++) {
		measurer_begin(b.m, b.list[i]);
		for (size_t k = 0; k < sizeof seconds / sizeof *seconds; k++)
			take(&b, k + 1, seconds[k], FAR);
		end_dataset(&b);
	}
	b.results = measurer_finish(b.m);
	/* 2 datasets × (3 hours and 1 file), none with an FP */
	struct rate expected = rate_exact(0, 8), got = measure_of(&b, 0, "socket")->false_positive_rate;
	CHECK_LONG(got.denominator, 20);
	CU_ASSERT(fabs(got.high - expected.high) < 1e-12);
	bench_end(&b);
}

static void test_short_time(void)
{
	struct bench b;
	bench_begin(&b);
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "short", USE_DEVELOP, LABEL_BENIGN);
	start(&b, NULL, 0);
	measurer_begin(b.m, d);
	take(&b, 1, 0, HIT);
	take(&b, 2, 6 * 3600 - 1, FAR);
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	CU_ASSERT(isnan(measure_of(&b, 0, "socket")->groups_per_day));
	CU_ASSERT(isnan(measure_of(&b, 0, "socket")->predictive_value));
	bench_end(&b);
}

static const char *const expiring =
	"exceptions:\n  - {name: old, detections: [socket], condition: 'user.name == \"ci\"', reason: r, owner: o, expires: 2026-05-31}\n"
	"  - {name: new, detections: [socket], condition: 'user.name == \"ops\"', reason: r, owner: o, expires: 2026-06-01}";

static void test_exceptions(void)
{
	struct bench b;
	bench_begin(&b);
	world_organization(&b.w, "org", expiring);
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	add_episode(&b, d, "attack", 10, 19, LABEL_MALICIOUS, "socket", "");
	const struct organization *one[] = {world_organization_of(&b.w, "org")};
	start(&b, one, 1);
	measurer_begin(b.m, d);
	take(&b, 1, 0, HIT " user.name=ci");
	take(&b, 2, 1, HIT " user.name=ops");
	take(&b, 10, 2, HIT " user.name=ops");
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	const struct measure *socket = measure_of(&b, 0, "socket");
	CHECK_LONG(socket->alerts[OUTCOME_FP], 1);
	CHECK_LONG(socket->excepted, 2);
	CHECK_LONG(b.results->exception_count, 2);
	CU_ASSERT(b.results->exceptions[0].expired && !b.results->exceptions[1].expired);
	CHECK_LONG(b.results->exceptions[0].removed[OUTCOME_FP], 0);
	CHECK_LONG(b.results->exceptions[1].removed[OUTCOME_FP], 1);
	CHECK_LONG(b.results->exceptions[1].removed[OUTCOME_TP], 1); /* it hides the attack */
	CHECK_LONG(b.results->episodes[0].missed[0].cause, MISS_EXCEPTED);
	bench_end(&b);
}

static void test_alerts(void)
{
	struct bench b;
	bench_begin(&b);
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	b.keep_alerts = true;
	start(&b, NULL, 0);
	measurer_begin(b.m, d);
	for (uint64_t i = 1; i <= 5; i++)
		take(&b, i, (long)i, HIT " host.name=h | process.fork process.pid=7");
	end_dataset(&b);
	b.results = measurer_finish(b.m);
	CHECK_LONG(b.results->alert_count, 5);
	CHECK_LONG(b.results->sample_count, 3);
	const struct alert *alert = &b.results->alerts[4];
	CHECK_LONG(alert->line, 5);
	CHECK_TEXT(alert->conditions, "a");
	CHECK_TEXT(alert->entity, "host:h");
	CU_ASSERT(alert->episode == NULL && alert->outcome == OUTCOME_FP && alert->severity == SEVERITY_HIGH);
	CHECK_TEXT(alert->event, "[{\"event.category\": \"process\", \"event.action\": \"exec\", \"event.type\": \"start\", "
		"\"@timestamp\": \"2026-01-01T00:00:05Z\", \"host.name\": \"h\", \"process.name\": \"docker\", \"process.args\": [\"a.sock\"]}, "
		"{\"event.category\": \"process\", \"event.action\": \"fork\", \"event.type\": \"start\", "
		"\"@timestamp\": \"2026-01-01T00:00:05Z\", \"host.name\": \"h\", \"process.pid\": 7}]");
	CHECK_LONG(b.results->hour_count, 1);
	CHECK_LONG(b.results->hours[0].alerts[OUTCOME_FP], 5);
	CHECK_LONG(b.results->hours[0].hour, 1767225600 / 3600);
	bench_end(&b);
}

static int stop_at_three(void *context, const struct alert *alert)
{
	int *seen = context;
	CU_ASSERT_PTR_NOT_NULL(alert->detection);
	return ++*seen == 3 ? 7 : 0;
}

static void test_stopping(void)
{
	struct bench b;
	int seen = 0;
	bench_begin(&b);
	world_load(&b.w);
	struct dataset *d = add_dataset(&b, "one", USE_DEVELOP, LABEL_BENIGN);
	struct measure_options options = {.catalog = &b.w.catalog, .engine = b.w.engine, .datasets = b.list,
		.dataset_count = 1, .as_of = TEXT("2026-01-01"), .alert = stop_at_three, .alert_context = &seen};
	struct measurer *m = measurer_new(&options);
	measurer_begin(m, d);
	CHECK_LONG(measurer_take(m, world_event(&b.w, 1, 0, HIT), NULL), 0);
	CHECK_LONG(measurer_take(m, world_event(&b.w, 2, 0, HIT), NULL), 0);
	CHECK_LONG(measurer_take(m, world_event(&b.w, 3, 0, HIT), NULL), 7);
	CHECK_LONG(measurer_alerts(m), 3);
	measurer_free(m);
	world_end(&b.w);
}

static void test_nothing(void)
{
	struct bench b;
	bench_begin(&b);
	world_load(&b.w);
	start(&b, NULL, 0);
	b.results = measurer_finish(b.m);
	CHECK_LONG(b.results->headline, PART_ALL);
	check_rate(&measure_of(&b, 0, "socket")->recall, 0, 0);
	CHECK_LONG(measure_of(&b, 0, "socket")->reachability, REACH_BLIND);
	bench_end(&b);
}

void suite_measure(void)
{
	CU_pSuite suite = unit_suite("measure");
	UNIT_TEST(suite, test_outcomes);
	UNIT_TEST(suite, test_tolerance);
	UNIT_TEST(suite, test_miss_causes);
	UNIT_TEST(suite, test_labels);
	UNIT_TEST(suite, test_parts);
	UNIT_TEST(suite, test_scope_counts);
	UNIT_TEST(suite, test_reachability);
	UNIT_TEST(suite, test_days);
	UNIT_TEST(suite, test_hours);
	UNIT_TEST(suite, test_short_time);
	UNIT_TEST(suite, test_exceptions);
	UNIT_TEST(suite, test_alerts);
	UNIT_TEST(suite, test_stopping);
	UNIT_TEST(suite, test_nothing);
	UNIT_TEST(suite, test_sequences);
}
