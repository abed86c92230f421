/*
 * test_report: the formats over one set of results: shapes that parse, widths, escaping, sorting, and what is
 * said where nothing is known.
 */
#include "replay/measure/json_write.h"
#include "replay/report/display.h"
#include "replay/report/grid.h"
#include "replay/report/html_page.h"
#include "replay/report/report.h"
#include "replay/report/show.h"
#include "tests/unit/world.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define HIT "process.exec process.name=docker process.args=a<b>&\"\xff.sock"

struct bench {
	struct world w;
	struct dataset dataset, *list[1];
	struct results *results;
};

static void bench_begin(struct bench *b)
{
	*b = (struct bench){0};
	world_begin(&b->w);
	world_detection(&b->w, "a-name-that-is-so-long-that-no-terminal-of-eighty-columns-has-room-for-it", "low",
		"a: process where process.name == \"agent\"");
	world_detection(&b->w, "quiet", "informational", "a: driver where driver.name == \"x\"");
	world_detection(&b->w, "socket", "critical", "a: process where process.name == \"docker\"");
	world_organization(&b->w, "shop", "title: A <b>shop</b>\nexceptions:\n"
		"  - {name: stale, detections: [socket], condition: 'user.name == \"x\"', reason: \"<i>why\", owner: o, expires: 2020-01-01}");
	world_load(&b->w);
}

static void fill(struct bench *b)
{
	const struct organization *one[] = {world_organization_of(&b->w, "shop")};
	b->dataset = (struct dataset){.name = TEXT("set"), .folder = "", .observed = 90000};
	b->dataset.label.otherwise = LABEL_BENIGN;
	struct episode episodes[] = {{.name = TEXT("attack"), .from = INT64_MIN, .to = INT64_MAX, .first_line = 10,
		.last_line = 19, .expects = world_names(&b->w, "socket quiet"), .label = {.otherwise = LABEL_MALICIOUS},
		.gap = TEXT("no <driver> here")}};
	b->dataset.episodes = arena_array(&b->w.arena, 1, sizeof *episodes);
	memcpy(b->dataset.episodes, episodes, sizeof episodes);
	b->dataset.episode_count = 1;
	b->list[0] = &b->dataset;
	struct measure_options options = {.catalog = &b->w.catalog, .engine = b->w.engine, .organizations = one,
		.organization_count = 1, .datasets = b->list, .dataset_count = 1, .as_of = TEXT("2026-01-01"),
		.keep_alerts = true};
	struct measurer *m = measurer_new(&options);
	measurer_begin(m, &b->dataset);
	measurer_take(m, world_event(&b->w, 1, 0, HIT), NULL);
	measurer_take(m, world_event(&b->w, 2, 3600, "process.exec process.name=cat process.args=x"), NULL);
	measurer_take(m, world_event(&b->w, 10, 7200, HIT), NULL);
	struct ledger part = {.lines = 6, .events = 3, .event_lines = 3, .blank = 1}, ledger = {0};
	ledger_reject(&part, "ev<e>nts.log", 4, "no \"end\" & more");
	/* Wide, joined, steering, and without a blank to break at. */
	ledger_reject(&part, "漢字/漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字.log", 5,
		"漢字漢字漢字e\xcc\x81漢字漢字\xf0\x9f\x90\xb3漢字漢字漢字漢字\x1b[2J漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字");
	ledger_unmapped(&part, TEXT("evt.type=close"));
	ledger_add_file(&ledger, &part, "ev<e>nts.log", "json", "falco");
	ledger_free(&part);
	measurer_end(m, &ledger);
	b->results = measurer_finish(m);
}

static void bench_end(struct bench *b)
{
	results_free(b->results);
	world_end(&b->w);
}

static struct text written(struct bench *b, const char *format, const struct report_options *options)
{
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	CU_ASSERT(report_find(text_of(format))->write(b->results, options, out) == 0);
	fclose(out);
	struct text text = text_copy(&b->w.arena, (struct text){data, size});
	free(data);
	return text;
}

static void test_formats(void)
{
	CU_ASSERT_PTR_NULL(report_find(TEXT("pdf")));
	for (const struct report *report = reports; report->name; report++)
		CU_ASSERT(report_find(text_of(report->name)) == report && report->about && report->write);
}

static long long whole(json_t *object, const char *key)
{
	json_t *value = json_object_get(object, key);
	CU_ASSERT(json_is_integer(value));
	return json_integer_value(value);
}

static void test_json(void)
{
	struct bench b;
	bench_begin(&b);
	fill(&b);
	struct text text = written(&b, "json", &(struct report_options){.alerts = true});
	json_t *root = json_loadb(text.data, text.length, 0, NULL);
	CU_ASSERT_PTR_NOT_NULL(root);
	json_t *dataset = json_array_get(json_object_get(root, "datasets"), 0);
	CHECK_LONG(whole(dataset, "lines"),
		whole(dataset, "event_lines") + whole(dataset, "continued") + whole(dataset, "blank") + whole(dataset, "rejected"));
	CU_ASSERT(json_is_null(json_object_get(root, "run")));
	CHECK_LONG(json_array_size(json_object_get(root, "results")), 3);
	json_t *socket = json_array_get(json_object_get(root, "results"), 2);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(socket, "detection")), "socket");
	CHECK_LONG(whole(socket, "tp"), 1);
	CHECK_LONG(whole(socket, "fp"), 1);
	CHECK_LONG(whole(json_object_get(socket, "false_positive_rate"), "denominator"), 2);
	json_t *nothing = json_object_get(json_array_get(json_object_get(root, "results"), 1), "precision");
	CU_ASSERT(json_is_null(json_object_get(nothing, "value")) && json_is_null(json_object_get(nothing, "low")));
	json_t *episode = json_array_get(json_object_get(root, "episodes"), 0);
	json_t *missed = json_array_get(json_object_get(episode, "missed"), 0);
	CU_ASSERT_STRING_EQUAL(json_string_value(json_object_get(missed, "cause")), "no event in scope");
	CHECK_LONG(json_array_size(json_object_get(episode, "expects")), 2);
	CHECK_LONG(json_array_size(json_object_get(episode, "alerted")), 1);
	json_t *alert = json_array_get(json_object_get(root, "alerts"), 1);
	CHECK_LONG(whole(alert, "line"), 10);
	CU_ASSERT(json_is_object(json_object_get(alert, "event")));
	json_decref(root);
	text = written(&b, "json", &(struct report_options){0});
	CU_ASSERT_FALSE(text_contains(text, TEXT("\"alerts\""), false));
	bench_end(&b);
}

static void check_width(struct text text, size_t most)
{
	while (text.length) {
		size_t end = text_find(text, '\n');
		CU_ASSERT(display_width(text_slice(text, 0, end)) <= most);
		text = text_slice(text, end + (end < text.length), text.length);
	}
}

static void test_table(void)
{
	struct bench b;
	bench_begin(&b);
	fill(&b);
	struct text text = written(&b, "table", &(struct report_options){0});
	check_width(text, 80);
	CHECK_CONTAINS(text, "a-name-that-");
	CHECK_CONTAINS(text, "  set / attack (malicious): quiet no event in scope [shop]; known gap: no");
	CHECK_CONTAINS(text, "\n    <driver> here\n");
	CHECK_CONTAINS(text, "line 4: no \"end\" & more");
	CHECK_CONTAINS(text, "stale expired on 2020-01-01");
	CHECK_CONTAINS(text, "Next: socket gives shop 1 false positive (`--alerts`");
	CU_ASSERT_FALSE(text_contains(text, TEXT("\033"), false));
	CU_ASSERT(text_contains(written(&b, "table", &(struct report_options){.colour = true}), TEXT("\033[31m"), false));
	text = written(&b, "table", &(struct report_options){.wide = true});
	CHECK_CONTAINS(text, "a-name-that-is-so-long-that-no-terminal-of-eighty-columns-has-room-for-it");
	CHECK_CONTAINS(text, "precision");
	static const unsigned widths[] = {40, 60, 80, 100, 120, 200};
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		struct report_options options = {.width = widths[i], .alerts = true};
		text = written(&b, "table", &options);
		check_width(text, widths[i]);
		CHECK_CONTAINS(text, "FN"); /* never left out */
		options.wide = true;
		check_width(written(&b, "table", &options), widths[i] < 200 ? 200 : widths[i]);
	}
	bench_end(&b);
}

static void test_html(void)
{
	struct bench b;
	bench_begin(&b);
	fill(&b);
	struct text text = written(&b, "html", &(struct report_options){0});
	CU_ASSERT(text_starts(text, TEXT("<!DOCTYPE html>"), false) && utf8_valid(text));
	CHECK_CONTAINS(text, "A &lt;b&gt;shop&lt;/b&gt;");
	CHECK_CONTAINS(text, "&lt;i&gt;why");
	CHECK_CONTAINS(text, "no &lt;driver&gt; here");
	CHECK_CONTAINS(text, "a&lt;b&gt;&amp;\\&quot;\\ufffd.sock");
	static const char *const never[] = {"<b>shop", "<driver>", "http://", "https://", "src=", "@import", "url("};
	for (size_t i = 0; i < sizeof never / sizeof *never; i++)
		CU_ASSERT_FALSE(text_contains(text, text_of(never[i]), false));
	bench_end(&b);
}

static void test_csv(void)
{
	struct bench b;
	bench_begin(&b);
	fill(&b);
	struct text text = written(&b, "csv", &(struct report_options){0});
	size_t lines = 0, columns = 0, expected = 0;
	for (size_t i = 0; i < text.length; i++) {
		columns += text.data[i] == ',';
		if (text.data[i] != '\n')
			continue;
		expected = lines++ ? expected : columns;
		CHECK_LONG(columns, expected);
		columns = 0;
	}
	CHECK_LONG(lines, 4);
	CHECK_CONTAINS(text, "\nshop,socket,all,critical,0,0,1,0,1,0,");
	text = written(&b, "csv", &(struct report_options){.alerts = true});
	CHECK_CONTAINS(text, "\nshop,socket,a,critical,tp,malicious,set,attack,events.log,10,2026-01-01T02:00:00Z,");
	CHECK_CONTAINS(text, "\"{\"\"event.category\"\": ");
	bench_end(&b);
}

static void test_order(void)
{
	struct bench b;
	bench_begin(&b);
	fill(&b);
	const struct measure **sorted = show_sorted(&b.w.arena, b.results, b.results->headline, 0);
	CHECK_TEXT(sorted[0]->detection->name, "quiet"); /* an FN before an FP */
	CHECK_TEXT(sorted[1]->detection->name, "socket");
	bench_end(&b);
}

static void test_figures(void)
{
	struct arena arena = {0};
	static const struct { uint64_t count; const char *shown; } counts[] = {
		{0, "0"}, {999, "999"}, {1000, "1,000"}, {1234567, "1,234,567"}};
	static const struct { double share; const char *shown; } shares[] = {{0, "0 %"}, {1, "100 %"}, {0.5, "50 %"},
		{0.0995, "10 %"}, {0.051, "5.1 %"}, {0.0017, "0.17 %"}, {0.00005, "<0.01 %"}, {NAN, "–"}};
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		CHECK_TEXT(text_of(show_count(&arena, counts[i].count)), counts[i].shown);
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++)
		CHECK_TEXT(text_of(show_percent(&arena, shares[i].share)), shares[i].shown);
	struct rate rate = rate_exact(4, 5), none = rate_exact(0, 0);
	CHECK_TEXT(text_of(show_fraction(&arena, &rate)), "4/5");
	CHECK_TEXT(text_of(show_interval(&arena, &rate)), "28–99 %");
	CHECK_TEXT(text_of(show_fraction(&arena, &none)), "–");
	CHECK_TEXT(text_of(show_interval(&arena, &none)), "–");
	CHECK_TEXT(text_of(show_daily(&arena, 3.25)), "3.2");
	CHECK_TEXT(text_of(show_daily(&arena, NAN)), "–");
	CHECK_TEXT(text_of(show_duration(&arena, 7200 * 3)), "6.0 h");
	CHECK_TEXT(text_of(show_duration(&arena, 0)), "–");
	arena_free(&arena);
}

static struct text json_of(struct arena *arena, void (*write)(struct json_write *))
{
	struct buffer buffer = {0};
	struct json_write json;
	jsonw_begin(&json, &buffer);
	write(&json);
	struct text text = text_copy(arena, buffer_view(&buffer));
	buffer_free(&buffer);
	return text;
}

static void write_strings(struct json_write *json)
{
	jsonw_open_flat(json, '[');
	jsonw_text(json, TEXT("\"\\\b\f\n\r\t\x01\x7f/é\xff\xc3"));
	jsonw_double(json, 0.1);
	jsonw_double(json, NAN);
	jsonw_double(json, 1.0 / 3);
	jsonw_signed(json, INT64_MIN);
	jsonw_unsigned(json, UINT64_MAX);
	jsonw_string(json, NULL);
	jsonw_open(json, '{');
	jsonw_close(json, '}');
	jsonw_close(json, ']');
}

static void write_nested(struct json_write *json)
{
	jsonw_open(json, '{');
	jsonw_key(json, "a");
	jsonw_open(json, '[');
	jsonw_bool(json, true);
	jsonw_open_flat(json, '{');
	jsonw_key(json, "b");
	jsonw_null(json);
	jsonw_key(json, "c");
	jsonw_bool(json, false);
	jsonw_close(json, '}');
	jsonw_close(json, ']');
	jsonw_key(json, "d");
	jsonw_open(json, '[');
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void test_json_write(void)
{
	struct arena arena = {0};
	CHECK_TEXT(json_of(&arena, write_strings), "[\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u007f/é\\ufffd\\ufffd\", 0.1, null, "
		"0.333333333333, -9223372036854775808, 18446744073709551615, null, {}]");
	CHECK_TEXT(json_of(&arena, write_nested), "{\n  \"a\": [\n    true,\n    {\"b\": null, \"c\": false}\n  ],\n  \"d\": []\n}");
	arena_free(&arena);
}

static void test_grid(void)
{
	struct arena arena = {0};
	struct grid grid = {.arena = &arena};
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	grid_column(&grid, "name", true);
	grid_column(&grid, "n", false);
	grid_row(&grid);
	grid_cell(&grid, "0123456789é123456789");
	grid_cell(&grid, "5");
	grid_row(&grid);
	grid_cell(&grid, "x");
	grid_print(&grid, 40, out);
	grid_print(&grid, 14, out);
	fclose(out);
	CHECK_TEXT(((struct text){data, size}),
		"name                  n\n0123456789é123456789  5\nx                      \n"
		"name         n\n012345…56789 5\nx             \n");
	free(data);
	arena_free(&arena);
}

static void test_display(void)
{
	static const struct { const char *text; size_t width; } texts[] = {{"", 0}, {"abc", 3}, {"é", 1}, {"e\xcc\x81", 1},
		{"漢字", 4}, {"\xf0\x9f\x90\xb3", 2}, {"\x1b[31m", 5}, {"\xff\xfe", 2}, {"a\xe2\x80\xae" "b", 3}, {"–…", 2}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		CHECK_LONG(display_width(text_of(texts[i].text)), texts[i].width);
	CHECK_LONG(display_head(TEXT("漢字x"), 3), 3);
	CHECK_LONG(display_tail(TEXT("漢字x"), 2), 1);
	CHECK_LONG(display_tail(TEXT("xe\xcc\x81y"), 1), 1);
	CHECK_LONG(display_tail(TEXT("xe\xcc\x81y"), 2), 4);
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	display_put(TEXT("a\x1b[2J\xffé\xe2\x80\xae" "b\n"), out);
	fclose(out);
	CHECK_TEXT(((struct text){data, size}), "a?[2J?é?b?");
	free(data);
}

/* Columns of the highest rank go first; the first column is cut before that, but not to nothing. */
static void test_ranks(void)
{
	struct arena arena = {0};
	struct grid grid = {.arena = &arena};
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	grid_column(&grid, "name", true);
	grid_column_ranked(&grid, "first", false, 2);
	grid_column_ranked(&grid, "second", false, 1);
	grid_column(&grid, "FN", false);
	grid_row(&grid);
	static const char *const cells[] = {"漢字漢字漢字漢字漢字", "1", "2", "3"};
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
		grid_cell(&grid, cells[i]);
	grid_print(&grid, 36, out);
	grid_print(&grid, 24, out);
	grid_print(&grid, 16, out);
	grid_print(&grid, 9, out);
	fclose(out);
	CHECK_TEXT(((struct text){data, size}),
		"name                 first second FN\n漢字漢字漢字漢字漢字     1      2  3\n"
		"name     first second FN\n漢字…字      1      2  3\n"
		"name   second FN\n漢…字       2  3\n"
		"name   FN\n漢…字   3\n");
	free(data);
	arena_free(&arena);
}

static void test_wrap(void)
{
	char *data = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&data, &size);
	grid_wrap(TEXT("  one two éé three a-word-that-is-too-long x"), 12, 4, out);
	grid_wrap(TEXT(""), 12, 4, out);
	fclose(out);
	CHECK_TEXT(((struct text){data, size}), "  one two éé\n    three\n    a-word-t\n    hat-is-t\n    oo-long\n    x\n\n");
	free(data);
}

void suite_report(void)
{
	CU_pSuite suite = unit_suite("report");
	UNIT_TEST(suite, test_formats);
	UNIT_TEST(suite, test_json);
	UNIT_TEST(suite, test_table);
	UNIT_TEST(suite, test_html);
	UNIT_TEST(suite, test_csv);
	UNIT_TEST(suite, test_order);
	UNIT_TEST(suite, test_display);
	UNIT_TEST(suite, test_ranks);
	UNIT_TEST(suite, test_figures);
	UNIT_TEST(suite, test_json_write);
	UNIT_TEST(suite, test_grid);
	UNIT_TEST(suite, test_wrap);
}
