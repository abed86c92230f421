/* html_detections: the figures of each detection in each organization, and coverage by technique. */
#include "replay/report/html_pack.h"
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS_BYTES = 140000 }; /* what needs attention most is there without scripts, too; the rest is packed (html_pack.h) */

static struct text reach_words(const struct measure *measure)
{
	if (measure->below || measure->disabled)
		return measure->below ? TEXT("off: below severity") : TEXT("off: disabled");
	switch (measure->reachability) {
	case REACH_BLIND: return TEXT("blind: no ordinary event that it looks at");
	case REACH_THIN: return TEXT("thin: ordinary events in scope, none close");
	case REACH_BRIEF: return TEXT("brief: some came close, too few hours for the budget");
	case REACH_MEASURED: break;
	}
	return TEXT("measured");
}

/* How much was in scope is the FP rate's denominator, and stands there. */
static struct html_cell reach_cell(const struct measure *measure)
{
	bool nothing = measure->below || measure->disabled || measure->reachability == REACH_BLIND;
	return (struct html_cell){.class_name = nothing ? "reach zero" : "reach", .words = reach_words(measure)};
}

static struct html_cell daily_cell(struct arena *arena, const struct measure *measure)
{
	bool over = measure->budget >= 0 && measure->groups_per_day > measure->budget;
	return (struct html_cell){.class_name = over ? "n warn" : isnan(measure->groups_per_day) ? "n zero" : "n",
		.words = text_of(show_daily(arena, measure->groups_per_day)),
		.small = over ? arena_printf(arena, "budget %s", show_daily(arena, measure->budget)) : NULL};
}

static struct html_cell predictive_cell(struct arena *arena, const struct measure *measure)
{
	return (struct html_cell){.class_name = isnan(measure->predictive_value) ? "n zero" : "n",
		.words = text_of(show_percent(arena, measure->predictive_value))};
}

/* Columns of counts; one that is nothing in every row is left out. */
enum count_column { COUNT_FN, COUNT_TP, COUNT_BTP, COUNT_FP, COUNT_UNATTRIBUTED, COUNT_UNKNOWN, COUNT_GROUPS, COUNT_EXCEPTED,
	COUNT_EXTRA, COUNT_MISSED, COUNT_DAILY, COUNT_PREDICTIVE, COUNTS };

static const struct {
	const char *head, *class_name;
} counts[COUNTS] = {[COUNT_FN] = {"FN", "bad"}, [COUNT_TP] = {"TP", NULL}, [COUNT_BTP] = {"BTP", NULL},
	[COUNT_FP] = {"FP", "warn"},
	[COUNT_UNATTRIBUTED] = {"Unattributed", "ask"}, [COUNT_UNKNOWN] = {"Unknown", "ask"}, [COUNT_GROUPS] = {"FP groups", NULL},
	[COUNT_EXCEPTED] = {"Excepted", NULL}, [COUNT_EXTRA] = {"Extra", "warn"}, [COUNT_MISSED] = {"Missed", "bad"},
	[COUNT_DAILY] = {"Groups a day", NULL}, [COUNT_PREDICTIVE] = {"Predictive value", NULL}};

static uint64_t count_of(const struct measure *measure, size_t column)
{
	switch (column) {
	case COUNT_FN: return measure->fn;
	case COUNT_TP: return measure->alerts[OUTCOME_TP];
	case COUNT_BTP: return measure->alerts[OUTCOME_BTP];
	case COUNT_FP: return measure->alerts[OUTCOME_FP];
	case COUNT_UNATTRIBUTED: return measure->alerts[OUTCOME_UNATTRIBUTED];
	case COUNT_UNKNOWN: return measure->alerts[OUTCOME_UNKNOWN];
	case COUNT_GROUPS: return measure->groups[OUTCOME_FP];
	case COUNT_EXCEPTED: return measure->excepted;
	case COUNT_EXTRA: return measure->extra;
	case COUNT_MISSED: return measure->missed;
	case COUNT_DAILY: return isnan(measure->groups_per_day) ? 0U : 1U;
	default: return isnan(measure->predictive_value) ? 0U : 1U;
	}
}

/* Which columns stand there. */
struct shown {
	bool counts[COUNTS];
};

static struct shown shown_of(const struct measure **list, size_t count)
{
	struct shown shown = {{[COUNT_FN] = true, [COUNT_TP] = true, [COUNT_FP] = true}};
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < COUNTS; k++)
			shown.counts[k] = shown.counts[k] || count_of(list[i], k);
	return shown;
}

enum { CELLS_MOST = 7 + COUNTS };

static size_t cells_of(struct page *page, const struct shown *shown, const struct measure *measure,
	struct html_cell cells[CELLS_MOST])
{
	struct arena *arena = &page->arena;
	size_t count = 0;
	cells[count++] = (struct html_cell){.head = true, .words = measure->detection->name, .most = 120,
		.small = measure->limited ? arena_printf(arena, "%s regex matches hit the match limit: no match",
			show_count(arena, measure->limited)) : NULL};
	cells[count++] = (struct html_cell){.class_name = "name", .words = show_organization(measure->organization), .most = 60};
	cells[count++] = (struct html_cell){.words = text_of(severity_name(measure->severity))};
	cells[count++] = html_rate_cell(arena, &measure->recall, BAR_LINEAR);
	cells[count++] = html_rate_cell(arena, &measure->precision, BAR_LINEAR);
	cells[count++] = html_rate_cell(arena, &measure->false_positive_rate, BAR_LOG);
	cells[count++] = reach_cell(measure);
	for (size_t k = 0; k < COUNT_DAILY; k++)
		if (shown->counts[k])
			cells[count++] = html_count_cell(arena, count_of(measure, k), counts[k].class_name);
	if (shown->counts[COUNT_DAILY])
		cells[count++] = daily_cell(arena, measure);
	if (shown->counts[COUNT_PREDICTIVE])
		cells[count++] = predictive_cell(arena, measure);
	return count;
}

struct figures {
	size_t written, packed; /* rows */
};

static void detection_row(struct page *page, const struct shown *shown, const struct measure *measure, struct html_pack *pack)
{
	struct html_cell cells[CELLS_MOST];
	size_t count = cells_of(page, shown, measure, cells);
	size_t index = (size_t)(measure - page->results->measures), organization = index / page->detections;
	const char *id = arena_printf(&page->arena, "r%zu.%zu", organization, index % page->detections);
	if (pack) {
		const char *whose = page->organizations > 1 ? arena_printf(&page->arena, "%zu", organization) : NULL;
		html_pack_row(pack, id, whose, page_needs(measure), cells, count);
		return;
	}
	fprintf(page->out, "<tr id=\"%s\"", id);
	page_row(page, organization, page_needs(measure));
	fputs(">", page->out);
	for (size_t i = 0; i < count; i++)
		html_put_cell(page->out, &cells[i]);
	fputs("</tr>\n", page->out);
}

static const struct measure **sorted_all(struct page *page, size_t *count)
{
	const struct results *results = page->results;
	const struct measure **list = arena_array(&page->arena, results->measure_count + 1, sizeof *list);
	*count = 0;
	for (size_t i = 0; i < results->measure_count; i++)
		if (!page_quiet(&results->measures[i]))
			list[(*count)++] = &results->measures[i];
	qsort(list, *count, sizeof *list, show_by_attention);
	return list;
}

static void detection_columns(struct page *page, const struct shown *shown)
{
	static const char *const heads[] = {"Detection", "Organization", "Severity", "Recall", "Precision (groups)",
		"FP rate (log scale)", "Could it be noisy here?"};
	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		html_column(page->out, heads[i], false);
	for (size_t k = 0; k < COUNTS; k++)
		if (shown->counts[k])
			html_column(page->out, counts[k].head, true);
}

static void below_detections(struct page *page, const struct shown *shown, size_t count, const struct figures *figures)
{
	FILE *out = page->out;
	if (figures->packed) {
		fputs("<p class=\"soft\" data-rest=\"figures\">", out);
		page_count(page, figures->packed, "more row, which needs", "more rows, which need");
		fputs(" attention least, stand there where scripts may run; <code>--format csv</code> has them, too.</p>\n", out);
	}
	fputs("<p class=\"soft\">", out);
	if (count > figures->written + figures->packed)
		fprintf(out, "%zu rows are left out, those that need attention least. ", count - figures->written - figures->packed);
	page_count(page, page->results->measure_count - count, "row", "rows");
	fputs(" without an alert, an expectation or an exception’s work and columns without a figure are not shown", out);
	size_t said = 0;
	for (size_t k = 0; k < COUNTS; k++)
		if (!shown->counts[k] && (page->results->target || (k != COUNT_EXTRA && k != COUNT_MISSED)))
			fprintf(out, "%s%s", said++ ? ", " : " (", counts[k].head);
	fprintf(out, "%s; <code>--format csv</code> has all.</p>\n", said ? ")" : "");
}

static struct figures write_rows(struct page *page, const struct shown *shown, const struct measure **list, size_t count)
{
	struct figures figures = {0};
	const size_t from = page_written(page);
	while (figures.written < count && page_written(page) - from < ROWS_BYTES && !page_full(page, 0))
		detection_row(page, shown, list[figures.written++], NULL);
	html_table_end(page->out);
	struct html_pack pack;
	html_pack_begin(&pack, &page->arena);
	while (figures.written + figures.packed < count && !page_full(page, html_pack_size(&pack)))
		detection_row(page, shown, list[figures.written + figures.packed++], &pack);
	html_pack_write(&pack, page->out, "figures");
	return figures;
}

void html_write_detections(struct page *page)
{
	size_t count;
	const struct measure **list = sorted_all(page, &count);
	if (!count) {
		fputs("<p>No detection alerted, and none was expected to.</p>\n", page->out);
		return;
	}
	struct shown shown = shown_of(list, count);
	html_table_begin(page->out, "figures", "sort filter", "Figures of each detection in each organization, what"
		" needs attention first");
	detection_columns(page, &shown);
	html_table_body(page->out);
	struct figures figures = write_rows(page, &shown, list, count);
	below_detections(page, &shown, count, &figures);
}

/* Coverage: a detection counts for each technique that it names. */

struct technique {
	struct text name;
	size_t detections;
	struct rate *rates;     /* [organizations]: sums; intervals follow */
};

static int compare_techniques(const void *left, const void *right)
{
	return text_compare(((const struct technique *)left)->name, ((const struct technique *)right)->name);
}

static struct technique *technique_of(struct page *page, struct technique **list, size_t *count, struct text name)
{
	for (size_t i = 0; i < *count; i++)
		if (text_equal((*list)[i].name, name))
			return &(*list)[i];
	*list = arena_grow(&page->arena, *list, *count, sizeof **list);
	struct technique *made = &(*list)[(*count)++];
	made->name = name;
	made->rates = arena_array(&page->arena, page->organizations + 1, sizeof *made->rates);
	return made;
}

static struct technique *techniques_of(struct page *page, size_t *count)
{
	struct technique *list = NULL;
	*count = 0;
	for (size_t i = 0; i < page->detections; i++) {
		const struct texts *names = &page_measure(page, i, 0)->detection->techniques;
		for (size_t n = 0; n < names->count; n++) {
			struct technique *technique = technique_of(page, &list, count, names->items[n]);
			technique->detections++;
			for (size_t k = 0; k < page->organizations; k++) {
				technique->rates[k].numerator += page_measure(page, i, k)->recall.numerator;
				technique->rates[k].denominator += page_measure(page, i, k)->recall.denominator;
			}
		}
	}
	if (*count)
		qsort(list, *count, sizeof *list, compare_techniques);
	return list;
}

static struct text coverage_cell(struct page *page, const struct rate *rate)
{
	if (!rate->denominator)
		return TEXT(" class=\"zero\">–");
	bool whole = rate->numerator == rate->denominator;
	return text_of(arena_printf(&page->arena, " class=\"%s\">%s %s", whole ? "good" : rate->numerator ? "warn" : "bad",
		whole ? "✓" : "✕", show_fraction(&page->arena, rate)));
}

static void coverage_row(struct page *page, const struct technique *technique)
{
	struct text *cells = arena_array(&page->arena, page->organizations + 1, sizeof *cells);
	bool needs = false;
	for (size_t k = 0; k < page->organizations; k++) {
		needs = needs || technique->rates[k].numerator < technique->rates[k].denominator;
		cells[k] = coverage_cell(page, &technique->rates[k]);
	}
	fputs("<tr", page->out);
	page_row(page, SIZE_MAX, needs);
	fputs("><th scope=\"row\">", page->out);
	html_cut(page->out, technique->name, 40);
	fputs("</th>", page->out);
	html_count(page->out, &page->arena, technique->detections, NULL);
	page_across(page, cells);
	fputs("</tr>\n", page->out);
}

void html_write_coverage(struct page *page)
{
	size_t count, unmeasured = 0;
	const struct technique *list = page->organizations ? techniques_of(page, &count) : NULL;
	if (!list) {
		fputs("<p>No detection names a technique.</p>\n", page->out);
		return;
	}
	bool *measured = arena_array(&page->arena, count, sizeof *measured);
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < page->organizations; k++)
			measured[i] = measured[i] || list[i].rates[k].denominator;
		unmeasured += !measured[i];
	}
	if (unmeasured < count) {
		html_table_begin(page->out, "techniques", "sort filter", "Expected alerts that came, of those expected");
		html_column(page->out, "Technique", false);
		html_column(page->out, "Detections", true);
		page_heads(page);
		html_table_body(page->out);
		for (size_t i = 0; i < count; i++)
			if (measured[i] && !page_full(page, 0))
				coverage_row(page, &list[i]);
		html_table_end(page->out);
	}
	if (!unmeasured)
		return;
	fputs("<details class=\"fold\"><summary>", page->out);
	page_count(page, unmeasured, "technique has", "techniques have");
	fputs(" detections, and no recorded attack that expects them</summary>\n<ul class=\"cols\">", page->out);
	for (size_t i = 0; i < count; i++)
		if (!measured[i]) {
			fputs("<li>", page->out);
			html_cut(page->out, list[i].name, 40);
			fprintf(page->out, " <small>%zu</small></li>\n", list[i].detections);
		}
	fputs("</ul></details>\n", page->out);
}
