/*
 * test_report_beside: what stands beside the figures (gates, a comparison, proposals) in every format that says it, made by
 * hand here; and how findings are made and numbered.
 */
#include "replay/report/coverage.h"
#include "replay/report/findings.h"
#include "replay/report/markdown_text.h"
#include "replay/report/misses.h"
#include "replay/report/report.h"
#include "replay/report/xml_text.h"
#include "tests/unit/world.h"

#include <expat.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HOSTILE "a|b `c` <d> @all \\| ]]> https://x.example"

struct bench {
	struct world w;
	struct dataset dataset, *list[1];
	struct results *results;
	struct gate_result gates[4];
	struct gate_results verdicts;
	struct comparison comparison;
	struct proposal proposal;
	struct proposals proposals;
	const struct proposals *proposed[1];
	struct report_options options;
};

static void run(struct bench *b)
{
	const struct organization *both[] = {world_organization_of(&b->w, "farm"), world_organization_of(&b->w, "shop")};
	b->dataset = (struct dataset){.name = TEXT("set"), .folder = "", .observed = 90000};
	b->dataset.label.otherwise = LABEL_BENIGN;
	const struct label_rule malicious = {.otherwise = LABEL_MALICIOUS};
	struct episode episodes[] = {
		{.name = TEXT("attack"), .from = INT64_MIN, .to = INT64_MAX, .first_line = 10, .last_line = 19,
			.expects = world_names(&b->w, "socket quiet"), .label = malicious, .place = {"corpus.yaml", 7, 5}},
		{.name = TEXT("gap"), .from = INT64_MIN, .to = INT64_MAX, .first_line = 20, .last_line = 29,
			.expects = world_names(&b->w, "quiet"), .label = malicious, .gap = TEXT(HOSTILE)}};
	b->dataset.episodes = arena_array(&b->w.arena, 2, sizeof *episodes);
	memcpy(b->dataset.episodes, episodes, sizeof episodes);
	b->dataset.episode_count = 2;
	b->list[0] = &b->dataset;
	struct measure_options options = {.catalog = &b->w.catalog, .engine = b->w.engine, .organizations = both,
		.organization_count = 2, .datasets = b->list, .dataset_count = 1, .as_of = TEXT("2026-01-01"), .keep_alerts = true};
	struct measurer *m = measurer_new(&options);
	struct ledger ledger = {.lines = 4, .events = 4, .event_lines = 4};
	measurer_begin(m, &b->dataset);
	measurer_take(m, world_event(&b->w, 1, 0, "process.exec process.name=docker"), NULL);
	measurer_take(m, world_event(&b->w, 2, 3600, "process.exec process.name=docker user.name=x"), NULL);
	measurer_take(m, world_event(&b->w, 10, 7200, "process.exec process.name=docker"), NULL);
	measurer_take(m, world_event(&b->w, 20, 7300, "process.exec process.name=cat"), NULL);
	measurer_end(m, &ledger);
	b->results = measurer_finish(m);
}

static void make_gates(struct bench *b)
{
	const struct organization *shop = world_organization_of(&b->w, "shop");
	const struct detection *socket = world_detection_of(&b->w, "socket");
	const struct gate_result gates[] = {
		{.gate = "lost_episodes", .place = {"mews.yaml", 9, 3}, .outcome = GATE_FAILED, .organization = shop,
			.detection = socket, .observed = 1, .bound = 0, .message = "1 lost " HOSTILE, .event = "set/attack"},
		{.gate = "minimum_recall", .place = {"mews.yaml", 10, 3}, .outcome = GATE_UNDECIDED, .observed = NAN, .bound = 0.9,
			.message = "too little"},
		{.gate = "maximum_cost", .place = {"mews.yaml", 11, 3}, .outcome = GATE_UNDECIDED, .tolerated = true, .observed = NAN,
			.bound = NAN, .message = "nothing measured"},
		{.gate = "fidelity", .outcome = GATE_PASSED, .observed = NAN, .bound = NAN, .message = "as before"},
	};
	memcpy(b->gates, gates, sizeof gates);
	b->verdicts = (struct gate_results){.items = b->gates, .count = 4, .failed = 1, .undecided = 1};
}

static void make_comparison(struct bench *b)
{
	static const struct text lines[] = {{"- process where false", 21}, {"+ process where ```true```", 26}};
	static struct detection_change changes[2];
	static struct alert_change alerts[2];
	static struct episode_change episodes[1];
	const struct detection *socket = world_detection_of(&b->w, "socket"), *quiet = world_detection_of(&b->w, "quiet");
	changes[0] = (struct detection_change){.kind = CHANGE_RENAMED, .before = quiet, .after = socket};
	changes[0].after = socket;
	changes[1] = (struct detection_change){.kind = CHANGE_CONDITIONS, .before = socket, .after = socket, .lines = {lines, 2}};
	alerts[0] = (struct alert_change){.gained = true, .alert = &b->results->alerts[0]};
	alerts[1] = (struct alert_change){.gained = false, .alert = &b->results->alerts[0], .cause = "excepted by " HOSTILE};
	episodes[0] = (struct episode_change){.organization = world_organization_of(&b->w, "shop"), .detection = socket,
		.before = &b->results->episodes[0], .after = &b->results->episodes[0], .cause = "unmatched"};
	b->comparison = (struct comparison){.before = b->results, .after = b->results, .detections = changes, .detection_count = 2,
		.alerts = alerts, .alert_count = 2, .episodes = episodes, .episode_count = 1};
}

static void bench_begin(struct bench *b)
{
	*b = (struct bench){0};
	world_begin(&b->w);
	world_detection(&b->w, "quiet", "informational", "a: driver where driver.name == \"x\"");
	world_detection(&b->w, "socket", "critical", "a: process where process.name == \"docker\"");
	world_organization(&b->w, "farm", "monitor: {disable: [quiet]}");
	world_organization(&b->w, "shop", "budget: {alert_groups_per_day: 0.5}\nexceptions:\n"
		"  - {name: mine, detections: [socket], condition: 'user.name == \"x\"', reason: r, owner: o, expires: 2026-01-11}");
	world_load(&b->w);
	run(b);
	make_gates(b);
	make_comparison(b);
	b->proposal = (struct proposal){.organization = world_organization_of(&b->w, "shop"), .name = TEXT("new-one"),
		.condition = TEXT("user.name == \"a|b\""), .removed_alerts = 1234, .stability = STABILITY_UNKNOWN};
	b->proposals = (struct proposals){.items = &b->proposal, .count = 1};
	b->proposed[0] = &b->proposals;
	b->options.beside = (struct report_beside){.comparison = &b->comparison, .gates = &b->verdicts, .proposals = b->proposed,
		.proposal_count = 1, .reference = "run 3 of <yesterday>"};
}

static void bench_end(struct bench *b)
{
	results_free(b->results);
	world_end(&b->w);
}

static struct text written(struct bench *b, const char *format)
{
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	CU_ASSERT(report_find(text_of(format))->write(b->results, &b->options, out) == 0);
	fclose(out);
	struct text text = text_copy(&b->w.arena, (struct text){data, size});
	free(data);
	CU_ASSERT(utf8_valid(text));
	return text;
}

static void test_junit(void)
{
	struct bench b;
	bench_begin(&b);
	struct text text = written(&b, "junit");
	CHECK_CONTAINS(text, "<testcase name=\"lost_episodes [shop/socket]\" classname=\"mews.gates\"");
	CHECK_CONTAINS(text, "<failure type=\"gate\" message=\"1 lost a|b `c` &lt;d&gt; @all \\| ]]&gt; https://x.example\">");
	CHECK_CONTAINS(text, "<failure type=\"undecided\" message=\"undecided: too little\">");
	CHECK_CONTAINS(text, "<skipped>undecided, which passes here: nothing measured</skipped>");
	CHECK_CONTAINS(text, "<testcase name=\"fidelity\" classname=\"mews.gates\" time=\"0.000\"/>");
	/* The gate that names the detection fails it, too, beside what it misses and its budget. */
	CHECK_CONTAINS(text, "<testcase name=\"socket\" classname=\"mews.shop\" time=\"0.000\">\n      <failure type=\"gate\"");
	CHECK_CONTAINS(text, "set/attack: decides gate lost_episodes");
	CHECK_CONTAINS(text, "<testcase name=\"quiet\" classname=\"mews.shop\" time=\"0.000\">\n      <failure type=\"missed\" "
		"message=\"episode attack of set missed (no event in scope)\">");
	CHECK_CONTAINS(text, "corpus.yaml:7:5: episode attack of set missed");
	CHECK_CONTAINS(text, "<skipped>disabled in this organization</skipped>");
	bench_end(&b);
}

static json_t *loaded(struct text text)
{
	json_error_t error;
	json_t *root = json_loadb(text.data, text.length, 0, &error);
	CU_ASSERT_PTR_NOT_NULL_FATAL(root);
	return root;
}

static const char *string_of(json_t *object, const char *key)
{
	const char *string = json_string_value(json_object_get(object, key));
	return string ? string : "";
}

static void test_sarif(void)
{
	struct bench b;
	bench_begin(&b);
	json_t *root = loaded(written(&b, "sarif")), *results, *result, *rules, *rule;
	size_t i, gates = 0, missed = 0, accepted = 0, expiring = 0;
	json_t *one = json_array_get(json_object_get(root, "runs"), 0);
	results = json_object_get(one, "results");
	rules = json_object_get(json_object_get(json_object_get(one, "tool"), "driver"), "rules");
	json_array_foreach(results, i, result) {
		const char *id = string_of(result, "ruleId");
		json_t *place = json_object_get(json_array_get(json_object_get(result, "locations"), 0), "physicalLocation");
		rule = json_array_get(rules, (size_t)json_integer_value(json_object_get(result, "ruleIndex")));
		CU_ASSERT_STRING_EQUAL(string_of(rule, "id"), id);
		if (strncmp(id, "gate.", 5) == 0) {
			gates++;
			CU_ASSERT_STRING_EQUAL(string_of(json_object_get(place, "artifactLocation"), "uri"), "mews.yaml");
			CU_ASSERT(json_integer_value(json_object_get(json_object_get(place, "region"), "startLine")) >= 9);
		}
		missed += strstr(string_of(json_object_get(result, "message"), "text"), "misses the attack") != NULL;
		accepted += json_object_get(result, "suppressions") != NULL;
		expiring += strcmp(id, "exception.expiring") == 0;
	}
	CHECK_LONG(gates, 3);    /* the one that passed is none */
	CHECK_LONG(missed, 2);   /* attack of the shop alone (disabled at the farm); and the known gap, once for both */
	CHECK_LONG(accepted, 1);
	CHECK_LONG(expiring, 1); /* ten days */
	CU_ASSERT_STRING_EQUAL(string_of(json_array_get(results, 0), "level"), "error");
	rule = json_array_get(rules, 1);
	CU_ASSERT_STRING_EQUAL(string_of(rule, "id"), "socket");
	json_decref(root);
	bench_end(&b);
}

static void test_json(void)
{
	struct bench b;
	bench_begin(&b);
	json_t *root = loaded(written(&b, "json")), *gates = json_object_get(root, "gates");
	CHECK_LONG(json_integer_value(json_object_get(gates, "failed")), 1);
	json_t *first = json_array_get(json_object_get(gates, "results"), 0);
	CU_ASSERT_STRING_EQUAL(string_of(first, "message"), "1 lost " HOSTILE);
	CU_ASSERT_STRING_EQUAL(string_of(first, "detection"), "socket");
	CU_ASSERT(json_is_null(json_object_get(json_array_get(json_object_get(gates, "results"), 1), "observed")));
	json_t *comparison = json_object_get(root, "comparison");
	CU_ASSERT(json_is_false(json_object_get(comparison, "same")));
	CHECK_LONG(json_array_size(json_object_get(comparison, "alerts")), 2);
	CU_ASSERT_STRING_EQUAL(string_of(json_array_get(json_object_get(comparison, "detections"), 0), "change"), "renamed");
	CU_ASSERT_STRING_EQUAL(string_of(json_array_get(json_object_get(comparison, "episodes"), 0), "change"), "lost");
	json_t *proposal = json_array_get(json_object_get(root, "proposals"), 0);
	CU_ASSERT_STRING_EQUAL(string_of(proposal, "condition"), "user.name == \"a|b\"");
	CU_ASSERT_STRING_EQUAL(string_of(root, "reference"), "run 3 of <yesterday>");
	CU_ASSERT(json_array_size(json_object_get(root, "hours")) > 0);
	json_decref(root);
	b.options.beside = (struct report_beside){0};
	root = loaded(written(&b, "json"));
	CU_ASSERT(json_is_null(json_object_get(root, "gates")) && json_is_null(json_object_get(root, "comparison")));
	CHECK_LONG(json_array_size(json_object_get(root, "proposals")), 0);
	json_decref(root);
	bench_end(&b);
}

static void test_markdown(void)
{
	struct bench b;
	bench_begin(&b);
	struct text text = written(&b, "markdown");
	CHECK_CONTAINS(text, "### mews: 1 of 4 gates failed, others could not be judged\n");
	CHECK_CONTAINS(text, "| **failed** | `lost_episodes` | `shop` `socket` | 1 lost a\\|b");
	CHECK_CONTAINS(text, "| undecided, passes | `maximum_cost` |");
	CHECK_CONTAINS(text, "| **lost** | `socket` | `shop` | malicious `set/attack` | unmatched |");
	CHECK_CONTAINS(text, "| 1 gained on benign | `socket` |");
	CHECK_CONTAINS(text, "- `quiet` is now called `socket`\n");
	CHECK_CONTAINS(text, "````diff\n- process where false\n+ process where ```true```\n````\n");
	CHECK_CONTAINS(text, "| `shop` | `new-one` | `user.name == \"a\\|b\"` | 1,234 | 0 |");
	CHECK_CONTAINS(text, "compared with run 3 of \\<yesterday\\>.");
	CU_ASSERT_FALSE(text_contains(text, TEXT("@all"), false));
	bench_end(&b);
}

/* As many gates as no comment has room for: the others of the comment stand all the same. */
static void test_markdown_full(void)
{
	struct bench b;
	bench_begin(&b);
	enum { MANY = 2000 };
	struct gate_result *many = arena_array(&b.w.arena, MANY, sizeof *many);
	for (size_t i = 0; i < MANY; i++)
		many[i] = b.gates[0];
	b.verdicts = (struct gate_results){.items = many, .count = MANY, .failed = MANY};
	struct text text = written(&b, "markdown");
	CU_ASSERT(text.length < 65536);
	CHECK_CONTAINS(text, " more gates, left out for want of room");
	CHECK_CONTAINS(text, "#### Totals");
	CHECK_CONTAINS(text, "<summary>Datasets</summary>");
	bench_end(&b);
}

static void test_table(void)
{
	struct bench b;
	bench_begin(&b);
	struct text text = written(&b, "table");
	CHECK_CONTAINS(text, "Since run 3 of <yesterday>: 1 expected alert lost, 1 new false positive,");
	CHECK_CONTAINS(text, "shop: mine applies until 2026-01-11, 10 more days");
	CHECK_CONTAINS(text, "Over its budget: socket gives 1.0 alert groups a day");
	CHECK_CONTAINS(text, "shop, new-one: user.name == \"a|b\" (removes 1,234 false positives, loses no");
	b.comparison = (struct comparison){.same = true};
	CHECK_CONTAINS(written(&b, "table"), "no detection, episode or alert differs.");
	bench_end(&b);
}

static void test_navigator(void)
{
	struct bench b;
	bench_begin(&b);
	json_t *root = loaded(written(&b, "navigator"));
	CHECK_LONG(json_array_size(root), 2);
	json_t *techniques = json_object_get(json_array_get(root, 1), "techniques"), *technique = json_array_get(techniques, 0);
	CHECK_LONG(json_array_size(techniques), 1);
	CU_ASSERT_STRING_EQUAL(string_of(technique, "techniqueID"), "T1611");
	CHECK_LONG(json_integer_value(json_object_get(technique, "score")), 33); /* 1 of 3: socket once, quiet twice missed */
	technique = json_array_get(json_object_get(json_array_get(root, 0), "techniques"), 0);
	CHECK_LONG(json_integer_value(json_object_get(technique, "score")), 100); /* quiet is off at the farm */
	json_decref(root);
	bench_end(&b);
}

static void test_findings(void)
{
	struct bench b;
	struct arena arena = {0};
	bench_begin(&b);
	struct misses misses = misses_of(&arena, b.results);
	CHECK_LONG(misses.count, 4); /* two episodes, at the farm (off) and the shop */
	for (size_t i = 0; i < misses.count; i++)
		CHECK_TEXT(misses.items[i].missed->detection->name, "quiet");
	struct findings findings = findings_of(&arena, b.results, &b.options.beside);
	uint64_t events = 0;
	for (size_t i = 0; i < findings.count; i++) {
		const struct finding *finding = &findings.items[i];
		CU_ASSERT(!i || findings.items[i - 1].level <= finding->level);
		for (size_t k = 0; k < i; k++)
			CU_ASSERT(strcmp(findings.items[k].same, finding->same) != 0);
		if (finding->kind != FINDING_FALSE_POSITIVES)
			continue;
		events += finding->events;
		CHECK_LONG(finding->related_count, 2);
		CHECK_CONTAINS(text_of(finding->message), "socket gives 2 false positives for farm, shop in set");
	}
	CHECK_LONG(events, 2);
	arena_free(&arena);
	bench_end(&b);
}

static void check_prose(const char *text, const char *expected)
{
	struct buffer out = {0};
	markdown_prose(&out, text_of(text), 0);
	CHECK_TEXT(buffer_view(&out), expected);
	buffer_free(&out);
}

#define WJ "\xe2\x81\xa0"
static void test_markdown_text(void)
{
	struct buffer out = {0};
	check_prose("plain words, 80 %.", "plain words, 80 %.");
	check_prose("a|b*c_d`e<f>&g", "a\\|b\\*c\\_d\\`e\\<f\\>\\&" WJ "g");
	check_prose("@me me@x.y #1 GH-2 !3", "@" WJ "me me@" WJ "x.y #" WJ "1 GH" WJ "-2 !" WJ "3");
	check_prose("http://x www.y", "http:" WJ "//x www" WJ ".y");
	check_prose("a\nb\x1b[0m\xff\xe2\x80\xae.", "a b \\[0m\xef\xbf\xbd .");
	markdown_code(&out, TEXT("a`b``c"), 0);
	CHECK_TEXT(buffer_view(&out), "```a`b``c```");
	buffer_clear(&out);
	markdown_code(&out, TEXT("`a|"), 0);
	CHECK_TEXT(buffer_view(&out), "`` `a| ``");
	buffer_clear(&out);
	markdown_code_cell(&out, TEXT("a|b\\|c"), 0);
	CHECK_TEXT(buffer_view(&out), "`a\\|b\\" WJ "\\|c`");
	buffer_clear(&out);
	markdown_code(&out, TEXT("äöüäöü"), 4);
	CHECK_TEXT(buffer_view(&out), "`äöü…`");
	buffer_free(&out);
}

static void test_xml_text(void)
{
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	xml_text(out, TEXT("<a b=\"c\">&'\t\r\n\x01\x7f\xc2\x85\xff\xef\xbf\xbe\xef\xbf\xbd" "é"));
	fclose(out);
	CHECK_TEXT(((struct text){data, size}), "&lt;a b=&quot;c&quot;&gt;&amp;'&#9;&#13;\n"
		"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" "é");
	free(data);
}

/* Whatever the bytes: XML that a parser takes, with nothing in it but text. */
static void count_element(void *count, const XML_Char *name, const XML_Char **attributes)
{
	(void)name;
	(void)attributes;
	++*(size_t *)count;
}

static void test_xml_any(void)
{
	static const char *const pieces[] = {"<", ">", "&", "\"", "'", "]]>", "&#0;", "<!--", "<?x", "\x01", "\xff", "\xc3", "é",
		"\xef\xbf\xbf", "\xed\xa0\x80", "\t", "\n", "\r", "a", " "};
	uint64_t random = 42;
	for (size_t round = 0; round < 3000; round++) {
		struct buffer text = {0};
		char *data = NULL;
		size_t size = 0, elements = 0;
		FILE *out = open_memstream(&data, &size);
		for (size_t i = 0; i < 12; i++) {
			random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
			buffer_string(&text, pieces[(random >> 33) % (sizeof pieces / sizeof *pieces)]);
		}
		fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"", out);
		xml_text(out, buffer_view(&text));
		fputs("\">", out);
		xml_text(out, buffer_view(&text));
		fputs("</a>", out);
		fclose(out);
		XML_Parser parser = XML_ParserCreate(NULL);
		XML_SetUserData(parser, &elements);
		XML_SetElementHandler(parser, count_element, NULL);
		CU_ASSERT(XML_Parse(parser, data, (int)size, 1) == XML_STATUS_OK);
		CHECK_LONG(elements, 1);
		XML_ParserFree(parser);
		free(data);
		buffer_free(&text);
	}
}

void suite_report_beside(void)
{
	CU_pSuite suite = unit_suite("report_beside");
	UNIT_TEST(suite, test_junit);
	UNIT_TEST(suite, test_sarif);
	UNIT_TEST(suite, test_json);
	UNIT_TEST(suite, test_markdown);
	UNIT_TEST(suite, test_markdown_full);
	UNIT_TEST(suite, test_table);
	UNIT_TEST(suite, test_navigator);
	UNIT_TEST(suite, test_findings);
	UNIT_TEST(suite, test_markdown_text);
	UNIT_TEST(suite, test_xml_text);
	UNIT_TEST(suite, test_xml_any);
}
