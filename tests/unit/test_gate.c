/* test_gate: gates are read with their places, and judged by interval or by exact counts. */
#include "replay/gate/gates.h"
#include "replay/gate/excused.h"
#include "tests/unit/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A run of two detections in two organizations, made by hand. */
struct bench {
	struct world w;
	struct diagnostics d;
	struct measure measures[4];
	struct total totals[2];
	struct dataset dataset;
	struct episode episodes[40];
	struct episode_result episode_results[80];
	struct missed missed[1];
	struct results results;
	struct gate_subject subject;
};

static struct rate rate_of(uint64_t k, uint64_t n)
{
	return rate_exact(k, n);
}

static void bench_begin(struct bench *b)
{
	memset(b, 0, sizeof *b);
	world_begin(&b->w);
	world_detection(&b->w, "module", "high", "a: driver where event.action == \"load\"");
	world_detection(&b->w, "socket", "critical", "a: process where process.name == \"docker\"");
	world_organization(&b->w, "farm", "budget: {alert_groups_per_day: 10}");
	world_organization(&b->w, "shop", "budget: {alert_groups_per_day: 2}");
	world_load(&b->w);
	for (size_t i = 0; i < 4; i++) {
		const struct organization *organization = world_organization_of(&b->w, i < 2 ? "farm" : "shop");
		b->measures[i] = (struct measure){.organization = organization, .detection = b->w.catalog.detections[i % 2],
			.severity = b->w.catalog.detections[i % 2]->severity, .budget = organization->budget,
			.false_positive_rate = {0, 0, 0.1, 0, 100}, .groups_per_day = 0, .reachability = REACH_MEASURED,
			.predicates = 100 * (i % 2 + 1)};
		b->totals[i / 2] = (struct total){.organization = organization, .observed = 10 * 86400,
			.benign_events = 100};
	}
	b->dataset = (struct dataset){.name = TEXT("lab"), .use = USE_DEVELOP};
	b->results = (struct results){.catalog = &b->w.catalog, .measures = b->measures, .measure_count = 4, .totals = b->totals,
		.total_count = 2, .headline = PART_ALL, .episodes = b->episode_results, .events = 100};
	b->results.parts[PART_ALL] = (struct part_result){b->measures, b->totals};
	b->subject = (struct gate_subject){.results = &b->results, .as_of = TEXT("2026-11-26")};
}

static void bench_end(struct bench *b)
{
	diagnostics_free(&b->d);
	world_end(&b->w);
}

/* Attack episodes that expect `socket`, in both organizations; the first `missed` of them have no alert in the shop. */
static void add_episodes(struct bench *b, size_t count, size_t missed)
{
	b->missed[0] = (struct missed){.detection = world_detection_of(&b->w, "socket"), .cause = MISS_UNMATCHED};
	for (size_t i = 0; i < count; i++) {
		b->episodes[i] = (struct episode){.name = text_of(arena_printf(&b->w.arena, "attack-%zu", i)),
			.expects = world_names(&b->w, "socket")};
		for (size_t k = 0; k < 2; k++)
			b->episode_results[b->results.episode_count++] = (struct episode_result){.dataset = &b->dataset,
				.episode = &b->episodes[i], .label = LABEL_MALICIOUS, .organization = b->totals[k].organization,
				.missed = b->missed, .missed_count = k == 1 && i < missed};
	}
}

static struct gates *gates_of(struct bench *b, const char *yaml)
{
	struct gates *gates = gates_read(&b->w.arena, unit_yaml(&b->w.arena, yaml), &b->d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(gates);
	return gates;
}

/* The first result: "failed: message". The results live on in the bench's arena as text alone. */
static struct text verdict(struct bench *b, const char *yaml)
{
	struct gate_results *results = gates_judge(gates_of(b, yaml), &b->subject);
	CU_ASSERT_FATAL(results->count > 0);
	const struct gate_result *first = &results->items[0];
	struct text text = text_of(arena_printf(&b->w.arena, "%s: %s%s%s", gate_outcome_name(first->outcome), first->message,
		first->event != NULL ? " @" : "", first->event != NULL ? first->event : ""));
	CHECK_LONG(gate_results_fine(results), first->outcome == GATE_PASSED || first->tolerated);
	gate_results_free(results);
	return text;
}

static void test_bounds(void)
{
	struct gate_bounds all = gate_bounds_share(17, 17, 0.95), none = gate_bounds_count(0, 0.95), ten = gate_bounds_count(10, 0.95);
	CU_ASSERT_DOUBLE_EQUAL(all.low, 0.804935677031, 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(all.high, 1, 0);
	CU_ASSERT_DOUBLE_EQUAL(none.low, 0, 0);
	CU_ASSERT_DOUBLE_EQUAL(none.high, -log(0.025), 1e-9);
	CU_ASSERT_DOUBLE_EQUAL(ten.low, 4.795389, 1e-6);
	CU_ASSERT_DOUBLE_EQUAL(ten.high, 18.390356, 1e-6);
	struct gate_bounds many = gate_bounds_count(100000, 0.95);
	CU_ASSERT_DOUBLE_EQUAL(many.low, 99381.15, 0.5);
	CU_ASSERT_DOUBLE_EQUAL(many.high, 100621.7, 0.5);
	/* 36 of 36 is the first whose lower bound is 0.9: 0.025^(1/36) */
	CHECK_LONG(gate_bounds_more(10, 10, 0.95, 0.9), 26);
	CHECK_LONG(gate_bounds_more(36, 36, 0.95, 0.9), 0);
	CHECK_LONG(gate_bounds_none(0.95, 0.1), 36);
}

static void test_recall(void)
{
	struct bench b;
	bench_begin(&b);
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: 0.5}"), "undecided: farm: no attack episode expects");
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: 0.5, undecided: pass}"), "undecided");
	add_episodes(&b, 10, 0);
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: 0.6}"), "passed: supported in every organization; the lowest bound is 69.2 %");
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: {critical: 0.9}}"),
		"failed: farm, severity critical: 10 of 10 attack episodes, so recall is 69.2–100.0 % (95 % interval), and at least 90 % is "
		"not supported; 26 more caught episodes would support it, or ask for less");
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: {critical: 0.9, confidence: 0.5}}"), "failed");
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: {critical: 0.85, confidence: 0.5}}"), "passed");
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: {critical: 1, judge: not_refuted}}"), "passed: not refuted");
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: {high: 0.1}}"), "undecided: farm, severity high: no attack");
	b.results.episode_count = 0;
	add_episodes(&b, 10, 1);
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: {critical: 1, judge: not_refuted}}"),
		"failed: shop, severity critical: 9 of 10 attack episodes, so recall is 55.5–99.7 % (95 % interval), and at least 100 % is "
		"refuted; the first miss is socket in attack-0 (unmatched) @lab/attack-0");
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: {critical: 0.99, judge: not_refuted}}"), "passed");
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: {limit: 0.6, except: socket}}"), "undecided");
	b.results.headline = PART_HOLD_OUT;
	CHECK_CONTAINS(verdict(&b, "{minimum_recall: 0.1}"), "undecided");
	bench_end(&b);
}

static void test_rates(void)
{
	struct bench b;
	bench_begin(&b);
	CHECK_CONTAINS(verdict(&b, "{maximum_false_positive_rate: 0.2}"), "passed");
	CHECK_CONTAINS(verdict(&b, "{maximum_false_positive_rate: 5%}"),
		"failed: farm, module: 0 of 100 benign events in scope, so the rate is 0–10 % (95 % interval), and at most 5 % is not supported; "
		"hours are its units, and benign events of 72 hours without a false positive would support it");
	CHECK_CONTAINS(verdict(&b, "{maximum_false_positive_rate: {limit: 0.05, judge: not_refuted}}"), "passed");
	b.measures[3].false_positive_rate = (struct rate){0.5, 0.4, 0.6, 50, 100};
	CHECK_CONTAINS(verdict(&b, "{maximum_false_positive_rate: {limit: 0.05, judge: not_refuted}}"), "failed: shop, socket: 50 of 100");
	CHECK_CONTAINS(verdict(&b, "{maximum_false_positive_rate: {limit: 0.2, organizations: {shop: 0.7}}}"), "passed");
	CHECK_CONTAINS(verdict(&b, "{maximum_false_positive_rate: {limit: 0.2, except: [socket]}}"), "passed");
	b.measures[0].false_positive_rate = rate_of(0, 0);
	CHECK_CONTAINS(verdict(&b, "{maximum_false_positive_rate: {limit: 0.7}}"), "undecided: no benign event is in scope of module");
	bench_end(&b);
}

static void test_daily(void)
{
	struct bench b;
	bench_begin(&b);
	CHECK_CONTAINS(verdict(&b, "{maximum_alert_groups_per_day: budget}"), "passed");
	b.measures[3].groups_per_day = 1.5; /* 15 in ten days: at most 24.7 */
	CHECK_CONTAINS(verdict(&b, "{maximum_alert_groups_per_day: budget}"),
		"failed: shop, socket: 15 alert groups in 10.00 days, so 0.84–2.47 a day (95 % interval), and at most 2 is not supported; "
		"12.4 days with no more of them would support it");
	CHECK_CONTAINS(verdict(&b, "{maximum_alert_groups_per_day: {limit: budget, judge: not_refuted}}"), "passed");
	CHECK_CONTAINS(verdict(&b, "{maximum_alert_groups_per_day: {limit: 0.8, judge: not_refuted}}"), "refuted");
	CHECK_CONTAINS(verdict(&b, "{maximum_alert_groups_per_day: {organizations: {shop: 3}}}"), "passed");
	b.totals[1].groups_per_day = 1.5;
	CHECK_CONTAINS(verdict(&b, "{maximum_total_alert_groups_per_day: 2}"), "failed: shop, all detections: 15 alert groups");
	b.measures[0].groups_per_day = NAN;
	CHECK_CONTAINS(verdict(&b, "{maximum_alert_groups_per_day: 4}"), "undecided: less than 6 hours were observed in farm");
	b.measures[2].alerts[OUTCOME_UNKNOWN] = 3;
	CHECK_CONTAINS(verdict(&b, "{maximum_unjudged_alerts: 2}"), "failed: shop: 3 alerts that nobody judged");
	CHECK_CONTAINS(verdict(&b, "{maximum_unjudged_alerts: 3}"), "passed");
	bench_end(&b);
}

/* --- against a reference run --- */

static void test_undecided(void)
{
	struct bench b;
	bench_begin(&b);
	CHECK_CONTAINS(verdict(&b, "{lost_episodes: 0}"), "undecided: there is no reference run");
	CHECK_CONTAINS(verdict(&b, "{lost_episodes: {limit: 0, undecided: pass}}"), "undecided");
	b.subject.no_comparison = "corpora differ";
	CHECK_CONTAINS(verdict(&b, "{fidelity: not_worse}"), "undecided: corpora differ");
	struct gate_results *results = gates_judge(NULL, &b.subject);
	CHECK_LONG(results->count, 5);
	CHECK_LONG(results->undecided, 4);
	CHECK_LONG(gate_results_fine(results), false);
	gate_results_free(results);
	bench_end(&b);
}

static void test_lost(void)
{
	struct bench b;
	bench_begin(&b);
	add_episodes(&b, 2, 1);
	const struct detection *socket = world_detection_of(&b.w, "socket");
	struct alert alert = {.organization = b.totals[1].organization, .detection = socket, .dataset = &b.dataset,
		.episode = &b.episodes[0], .file = "lab/a.log", .line = 7, .outcome = OUTCOME_TP};
	struct alert_change alerts[] = {{.alert = &alert, .cause = "excepted by ci-runner"}};
	struct episode_change lost[] = {
		{.organization = b.totals[0].organization, .detection = socket, .before = &b.episode_results[0], .cause = "unmatched"},
		{.organization = b.totals[1].organization, .detection = socket, .before = &b.episode_results[1], .cause = "unmatched"},
	};
	struct comparison comparison = {.before = &b.results, .after = &b.results, .episodes = lost, .episode_count = 2};
	b.subject.comparison = &comparison;
	CHECK_TEXT(verdict(&b, "{lost_episodes: 0}"), "failed: socket misses the attack lab/attack-0 that it caught before (unmatched), in "
		"farm and shop; 1 lost, 0 allowed @lab/attack-0");
	comparison.alerts = alerts;
	comparison.alert_count = 1;
	CHECK_TEXT(verdict(&b, "{lost_episodes: 0}"), "failed: socket misses the attack lab/attack-0 that it caught before (unmatched, excepted by "
		"ci-runner), in farm and shop; 1 lost, 0 allowed @lab/a.log:7");
	CHECK_CONTAINS(verdict(&b, "{lost_episodes: 1}"), "passed: 1 lost, 1 allowed; 2 attack episodes");
	CHECK_CONTAINS(verdict(&b, "{lost_episodes: {limit: 0, except: [socket]}}"), "passed");
	b.episode_results[0].label = b.episode_results[1].label = LABEL_RISKY; /* the other two episodes are attacks */
	CHECK_CONTAINS(verdict(&b, "{lost_episodes: 0}"), "passed: 0 lost");
	b.results.episode_count = comparison.episode_count = 0;
	CHECK_CONTAINS(verdict(&b, "{lost_episodes: 0}"), "passed: there is no attack episode in the corpus");
	bench_end(&b);
}

static void test_new_alerts(void)
{
	struct bench b;
	bench_begin(&b);
	struct alert made[4];
	struct alert_change changes[4];
	for (size_t i = 0; i < 4; i++) {
		made[i] = (struct alert){.organization = b.totals[1].organization, .detection = b.w.catalog.detections[i == 3],
			.file = "lab/a.log", .line = 10 + i, .outcome = OUTCOME_FP};
		changes[i] = (struct alert_change){.gained = i != 2, .alert = &made[i]};
	}
	struct results before = b.results;
	struct measure old[4];
	memcpy(old, b.measures, sizeof old);
	old[2].alerts[OUTCOME_FP] = 20;
	before.measures = before.parts[PART_ALL].measures = old;
	struct comparison comparison = {.before = &before, .after = &b.results, .alerts = changes, .alert_count = 4};
	b.subject.comparison = &comparison;
	/* module: two gained, one lost; socket: one gained */
	CHECK_TEXT(verdict(&b, "{new_false_positives: 0}"), "failed: module gives shop 1 false positive more than before (2 gained, 1 lost); "
		"2 new in all on top of 20 (+10 %), 0 allowed @lab/a.log:10");
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: 5%}"), "(+10 %), 5 % allowed");
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: 10%}"), "passed: 3 gained, 1 lost");
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: 2}"), "passed");
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: {limit: 0, organizations: {shop: 2}}}"), "passed");
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: {limit: 0, except: module}}"), "failed: socket gives shop 1 false positive");
	CHECK_CONTAINS(verdict(&b, "{new_unjudged_alerts: 0}"), "passed");
	made[3].outcome = OUTCOME_UNKNOWN;
	CHECK_CONTAINS(verdict(&b, "{new_unjudged_alerts: 0}"), "failed: socket gives shop 1 unjudged alert more");
	comparison.alert_count = b.totals[0].benign_events = b.totals[1].benign_events = 0;
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: 0}"), "passed: no event that a detection could match is labelled benign");
	bench_end(&b);
}

static void test_excused(void)
{
	struct bench b;
	bench_begin(&b);
	struct alert alert = {.organization = b.totals[1].organization, .detection = b.w.catalog.detections[0], .file = "lab/a.log",
		.line = 3, .outcome = OUTCOME_FP};
	struct alert_change gained = {.gained = true, .alert = &alert};
	struct baseline_change change = {.before = b.totals[1].organization, .after = b.totals[1].organization};
	struct comparison today = {.before = &b.results, .after = &b.results, .baselines = &change, .baseline_count = 1};
	struct comparison excused = {.before = &b.results, .after = &b.results, .alerts = &gained, .alert_count = 1};
	b.subject.comparison = &today;
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: 0}"), "passed");
	b.subject.excused = &excused;
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: 0}"),
		"0 allowed; what this change does to the baseline of shop hides it @lab/a.log:3");
	/* What fails anyway is said once. */
	today.alerts = &gained;
	today.alert_count = 1;
	struct gate_results *results = gates_judge(gates_of(&b, "{new_false_positives: 0}"), &b.subject);
	CHECK_LONG(results->count, 1);
	CHECK_LONG(results->items[0].reference_baseline, false);
	gate_results_free(results);
	/* A rate that was as bad before is no regression that something hides. */
	b.measures[0].false_positive_rate.high = 1;
	today.alert_count = 0;
	CHECK_CONTAINS(verdict(&b, "{maximum_false_positive_rate: {limit: 0.5, except: module}}"), "passed");
	b.subject.no_excused = "a stream";
	excused.alert_count = 0;
	CHECK_CONTAINS(verdict(&b, "{new_false_positives: 0}"), "undecided: not judged with the reference run's baselines: a stream");
	bench_end(&b);
}

static void test_catalog(void)
{
	struct bench b;
	bench_begin(&b);
	struct results before = b.results;
	struct measure old[4];
	memcpy(old, b.measures, sizeof old);
	before.measures = old;
	struct comparison comparison = {.before = &before, .after = &b.results};
	b.subject.comparison = &comparison;
	CHECK_CONTAINS(verdict(&b, "{new_blind: 0}"), "passed: 0 new");
	b.measures[0].reachability = b.measures[2].reachability = REACH_BLIND;
	CHECK_CONTAINS(verdict(&b, "{new_blind: 0}"), "failed: module is blind in farm and shop (was measured)");
	before.measure_count = 0;
	CHECK_CONTAINS(verdict(&b, "{new_blind: 0}"), "failed: module is blind in farm and shop (a new detection)");
	before.measure_count = 4;
	CHECK_CONTAINS(verdict(&b, "{maximum_cost: 1.5}"), "failed: socket asks 2 predicates per event, at most 1.5 allowed");
	CHECK_CONTAINS(verdict(&b, "{maximum_cost: 2}"), "passed: the dearest is socket, 2 predicates");
	CHECK_CONTAINS(verdict(&b, "{maximum_cost_growth: 1.5x}"), "passed");
	b.measures[1].predicates = 320;
	CHECK_CONTAINS(verdict(&b, "{maximum_cost_growth: 1.5x}"), "failed: socket asks 3.2 predicates per event, after 2: 1.6 times");
	struct fidelity_result then = {.organization = b.totals[0].organization, .detection = b.w.catalog.detections[1],
		.condition = b.w.catalog.detections[1]->conditions[0], .target = "falco", .fidelity = "exact"}, now = then;
	CHECK_CONTAINS(verdict(&b, "{fidelity: not_worse}"), "undecided: it is not known");
	before.fidelity = &then;
	b.results.fidelity = &now;
	before.fidelity_count = b.results.fidelity_count = 1;
	CHECK_CONTAINS(verdict(&b, "{fidelity: not_worse}"), "passed");
	now.rank = 2;
	now.fidelity = "approximate";
	now.reason = TEXT("names are cut");
	CHECK_CONTAINS(verdict(&b, "{fidelity: not_worse}"),
		"failed: falco says socket's condition a only as approximate, and said it as exact before: names are cut (farm)");
	bench_end(&b);
}

static void test_exceptions(void)
{
	struct bench b;
	bench_begin(&b);
	struct exception exception = {.name = TEXT("ci"), .owner = TEXT("platform"), .expires = TEXT("2026-12-06"),
		.detections = world_names(&b.w, "socket"), .place = {"o.yaml", 9, 5}};
	struct exception_result made = {.organization = b.totals[1].organization, .exception = &exception};
	b.results.exceptions = &made;
	b.results.exception_count = 1;
	CHECK_CONTAINS(verdict(&b, "{exceptions: not_expired}"), "passed: none of 1 has expired");
	CHECK_CONTAINS(verdict(&b, "{exceptions: {limit: not_expired, within: 10d}}"),
		"passed: ci of shop expires in 10 days, on 2026-12-06 (platform) @o.yaml:9");
	CHECK_CONTAINS(verdict(&b, "{exceptions: {limit: not_expired, within: 9d}}"), "passed: none");
	made.expired = true;
	CHECK_CONTAINS(verdict(&b, "{exceptions: not_expired}"), "failed: ci of shop expired on 2026-12-06 (platform)");
	CHECK_CONTAINS(verdict(&b, "{exceptions: {limit: not_expired, except: socket}}"), "passed");
	bench_end(&b);
}

/* --- reading --- */

static void check_refused(const char *yaml, const char *message)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	CU_ASSERT_PTR_NULL(gates_read(&arena, unit_yaml(&arena, yaml), &d));
	CHECK_CONTAINS(unit_printed(&arena, &d), message);
	diagnostics_free(&d);
	arena_free(&arena);
}

static void test_read(void)
{
	check_refused("[lost_episodes]", "gates is a mapping");
	check_refused("{}", "no gate stands here");
	check_refused("{undecided: pass}", "no gate stands here");
	check_refused("{undecided: maybe, lost_episodes: 0}", "undecided must be fail or pass");
	check_refused("{lost_episode: 0}", "did you mean `lost_episodes`?");
	check_refused("{lost_episodes: 1.5}", "lost_episodes takes a whole number");
	check_refused("{lost_episodes: [0]}", "lost_episodes");
	check_refused("{lost_episodes: {except: [a]}}", "lacks the key `limit`");
	check_refused("{minimum_recall: 1.2}", "a share from 0 to 1");
	check_refused("{minimum_recall: {critical: 0x9}}", "a share from 0 to 1");
	check_refused("{minimum_recall: {judge: not_refuted}}", "minimum_recall limits nothing");
	check_refused("{minimum_recall: 1}", "no number of episodes supports a recall of 1");
	check_refused("{minimum_recall: {limit: 0.9, confidence: 1}}", "confidence is a share from 0.5");
	check_refused("{lost_episodes: 1e3}", "lost_episodes takes a whole number");
	check_refused("{maximum_cost: 0x10}", "maximum_cost takes a number");
	check_refused("{maximum_cost: 1.2.3}", "maximum_cost takes a number");
	check_refused("{maximum_false_positive_rate: 0}", "no observation supports that nothing ever comes");
	check_refused("{maximum_alert_groups_per_day: budgets}", "the word budget");
	check_refused("{maximum_cost: budget}", "maximum_cost takes a number");
	check_refused("{maximum_cost_growth: 0.9x}", "a factor of 1 or more");
	check_refused("{exceptions: {limit: not_expired, within: 2 weeks}}", "a number of days");
	check_refused("{fidelity: {limit: not_worse, judge: supported}}", "unknown key `judge`");
	struct bench b;
	bench_begin(&b);
	gates_check(gates_of(&b, "{lost_episodes: {limit: 0, except: [socket, sokcet]}, new_false_positives: {organizations: {nobody: 1}}}"),
		&b.w.catalog, NULL, &b.d);
	CHECK_CONTAINS(unit_printed(&b.w.arena, &b.d), "there is no detection \"sokcet\"");
	CHECK_CONTAINS(unit_printed(&b.w.arena, &b.d), "there is no organization \"nobody\"");
	CHECK_LONG(b.d.count, 2);
	bench_end(&b);
}

static void test_print(void)
{
	struct bench b;
	char *text = NULL;
	size_t length = 0;
	bench_begin(&b);
	struct gate_results *results = gates_judge(NULL, &b.subject);
	FILE *out = open_memstream(&text, &length);
	gates_print(results, 40, false, out);
	fclose(out);
	CHECK_CONTAINS(text_of(text), "\nGates: 0 failed, 4 undecided, 1 passed\nWhat is undecided fails, unless mews.yaml says `undecided: pass`.\nUNDECIDED lost_episodes,\n          new_false_positives,");
	for (const char *line = strstr(text, "UNDECIDED"); *line != '\0'; line += strcspn(line, "\n") + 1)
		CU_ASSERT(strcspn(line, "\n") <= 40);
	free(text);
	gate_results_free(results);
	gate_results_free(NULL);
	bench_end(&b);
}

void suite_gate(void)
{
	CU_pSuite suite = unit_suite("gate");
	UNIT_TEST(suite, test_bounds);
	UNIT_TEST(suite, test_recall);
	UNIT_TEST(suite, test_rates);
	UNIT_TEST(suite, test_daily);
	UNIT_TEST(suite, test_undecided);
	UNIT_TEST(suite, test_lost);
	UNIT_TEST(suite, test_new_alerts);
	UNIT_TEST(suite, test_excused);
	UNIT_TEST(suite, test_catalog);
	UNIT_TEST(suite, test_exceptions);
	UNIT_TEST(suite, test_read);
	UNIT_TEST(suite, test_print);
}
