/* html_episodes: each episode once, whatever the number of organizations: what was expected and came, and what fired. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <stdlib.h>

enum { FIRED_MOST = 25, EPISODES_MOST = 600, EVENTS_MOST = 400,
	NAMES_BYTES = 330, EVENT_BYTES = 300 }; /* of an episode without its events, and of one of those */

struct row {
	const struct episode_result **of; /* [organizations]; NULL: another organization's normal, or not there */
	const struct episode_result *any;
	uint64_t missed;    /* over all organizations, in attacks */
	const struct alert **firsts; /* malloc-free: in the arena; of all organizations, in the order of events */
	size_t first_count;
};

static int compare_rows(const void *left, const void *right)
{
	const struct row *a = left, *b = right;
	bool attack_a = a->any->label == LABEL_MALICIOUS, attack_b = b->any->label == LABEL_MALICIOUS;
	if (a->missed != b->missed)
		return a->missed < b->missed ? 1 : -1;
	if (attack_a != attack_b)
		return attack_a ? -1 : 1;
	return a->any < b->any ? -1 : a->any > b->any;
}

static int compare_keys(const void *left, const void *right)
{
	const struct episode_result *a = *(const struct episode_result *const *)left;
	const struct episode_result *b = *(const struct episode_result *const *)right;
	if (a->episode != b->episode)
		return (uintptr_t)a->episode < (uintptr_t)b->episode ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* The results by episode. */
static struct row *rows_of(struct page *page, size_t *count)
{
	const struct results *results = page->results;
	const struct episode_result **sorted = arena_array(&page->arena, results->episode_count + 1, sizeof *sorted);
	struct row *rows = arena_array(&page->arena, results->episode_count + 1, sizeof *rows);
	size_t own = 0;
	for (size_t i = 0; i < results->episode_count; i++)
		if (!results->episodes[i].foreign)
			sorted[own++] = &results->episodes[i];
	qsort(sorted, own, sizeof(const struct episode_result *), compare_keys);
	*count = 0;
	for (size_t i = 0; i < own; i++) {
		if (!i || sorted[i]->episode != sorted[i - 1]->episode) {
			rows[*count].any = sorted[i];
			rows[(*count)++].of = arena_array(&page->arena, page->organizations + 1, sizeof *rows->of);
		}
		struct row *row = &rows[*count - 1];
		size_t organization = page_organization(page, sorted[i]->organization);
		if (organization < page->organizations)
			row->of[organization] = sorted[i];
		row->missed += sorted[i]->label == LABEL_MALICIOUS ? sorted[i]->missed_count : 0;
		if (sorted[i]->label > row->any->label)
			row->any = sorted[i];
	}
	return rows;
}

/* What fired */

static int compare_firsts(const void *left, const void *right)
{
	const struct alert *a = *(const struct alert *const *)left, *b = *(const struct alert *const *)right;
	if (a->episode != b->episode)
		return (uintptr_t)a->episode < (uintptr_t)b->episode ? -1 : 1;
	if (a->detection != b->detection)
		return text_compare(a->detection->name, b->detection->name);
	return a < b ? -1 : a > b;
}

/* The first alerts, by episode and detection. */
static const struct alert **firsts_of(struct page *page, size_t *count)
{
	const struct results *results = page->results;
	const struct alert **list = arena_array(&page->arena, results->first_count + 1, sizeof *list);
	*count = results->first_count;
	for (size_t i = 0; i < results->first_count; i++)
		list[i] = &results->firsts[i];
	qsort(list, *count, sizeof(const struct alert *), compare_firsts);
	return list;
}

static void give_firsts(struct page *page, struct row *rows, size_t count)
{
	size_t all, from = 0;
	const struct alert **list = firsts_of(page, &all);
	while (from < all) {
		size_t to = from;
		while (to < all && list[to]->episode == list[from]->episode)
			to++;
		for (size_t i = 0; i < count; i++)
			if (rows[i].any->episode == list[from]->episode) {
				rows[i].firsts = &list[from];
				rows[i].first_count = to - from;
			}
		from = to;
	}
}

/* "in web-shop, build-farm" where it is not all of them. */
static void write_whose(struct page *page, const struct row *row, const bool *whose)
{
	size_t there = 0, yes = 0;
	for (size_t i = 0; i < page->organizations; i++) {
		there += row->of[i] != NULL;
		yes += row->of[i] != NULL && whose[i];
	}
	if (yes == there)
		return;
	for (size_t i = 0, said = 0; i < page->organizations; i++)
		if (row->of[i] && whose[i]) {
			fputs(said++ ? ", " : " in ", page->out);
			html_cut(page->out, show_organization(row->of[i]->organization), 60);
		}
	fputs(yes < there ? " only" : "", page->out);
}

static const struct alert *first_of(const struct row *row, const struct detection *detection)
{
	for (size_t i = 0; i < row->first_count; i++)
		if (row->firsts[i]->detection == detection)
			return row->firsts[i];
	return NULL;
}

static void write_fired(struct page *page, const struct row *row, const struct detection *detection, size_t ahead)
{
	bool *whose = arena_array(&page->arena, page->organizations + 1, sizeof *whose);
	const struct alert *first = first_of(row, detection);
	for (size_t i = 0; i < page->organizations; i++)
		for (size_t k = 0; row->of[i] && k < row->of[i]->alerted_count; k++)
			whose[i] = whose[i] || row->of[i]->alerted[k] == detection;
	fputs("<li><strong>", page->out);
	html_cut(page->out, detection->name, 120);
	fputs("</strong>", page->out);
	write_whose(page, row, whose);
	if (first) {
		fprintf(page->out, " <span class=\"tag %s\">%s</span><br><small>",
			first->outcome == OUTCOME_TP ? "good" : first->outcome == OUTCOME_FP ? "warn" : first->outcome == OUTCOME_BTP ?
			"risk" : "ask", outcome_name(first->outcome));
		page_place(page, first->file, first->line);
		if (first->time != INT64_MIN)
			fprintf(page->out, ", %s", show_time(&page->arena, first->time));
		fputs("</small> ", page->out);
		page_event(page, first->conditions, first->fields, TEXT(""), ahead);
		page->events_told++;
	}
	fputs("</li>\n", page->out);
}

static bool fires(const struct page *page, const struct row *row, const struct detection *detection)
{
	for (size_t i = 0; i < page->organizations; i++)
		for (size_t k = 0; row->of[i] && k < row->of[i]->alerted_count; k++)
			if (row->of[i]->alerted[k] == detection)
				return true;
	return false;
}

static size_t count_fired(const struct page *page, const struct row *row)
{
	size_t count = 0;
	for (size_t i = 0; i < page->detections; i++)
		count += fires(page, row, page_measure(page, i, 0)->detection);
	return count;
}

static bool same_miss(const struct missed *a, const struct missed *b)
{
	return a->detection == b->detection && a->cause == b->cause && text_equal(a->gap, b->gap);
}

static const struct missed *miss_like(const struct episode_result *of, const struct missed *miss)
{
	for (size_t k = 0; of && k < of->missed_count; k++)
		if (same_miss(&of->missed[k], miss))
			return &of->missed[k];
	return NULL;
}

/* What was missed for the same reason by several organizations stands there once. */
static void write_miss(struct page *page, const struct row *row, const struct missed *missed, bool attack)
{
	bool *whose = arena_array(&page->arena, page->organizations + 1, sizeof *whose);
	for (size_t i = 0; i < page->organizations; i++)
		whose[i] = miss_like(row->of[i], missed) != NULL;
	fprintf(page->out, "<li><span class=\"tag %s\">%s</span> <strong>", attack ? "bad" : "off",
		attack ? "✕ missed" : "not seen");
	html_cut(page->out, missed->detection->name, 120);
	fputs("</strong>", page->out);
	write_whose(page, row, whose);
	fprintf(page->out, ": %s", miss_cause_name(missed->cause));
	if (missed->gap.length) {
		fputs("; known gap: ", page->out);
		html_cut(page->out, missed->gap, 300);
	}
	fputs("</li>\n", page->out);
}

static void write_missed(struct page *page, const struct row *row)
{
	for (size_t i = 0; i < page->organizations; i++)
		for (size_t k = 0; row->of[i] && k < row->of[i]->missed_count; k++) {
			const struct missed *missed = &row->of[i]->missed[k];
			bool said = false;
			for (size_t before = 0; before < i && !said; before++)
				said = miss_like(row->of[before], missed) != NULL;
			if (!said)
				write_miss(page, row, missed, row->of[i]->label == LABEL_MALICIOUS);
		}
}

/* A page has room for the events of the episodes that need attention most, which come first; of the others the names. */
static void name_fired(struct page *page, const struct row *row, size_t fired)
{
	size_t shown = 0;
	for (size_t i = 0; i < page->detections && shown < FIRED_MOST; i++) {
		const struct detection *detection = page_measure(page, i, 0)->detection;
		if (!fires(page, row, detection))
			continue;
		fputs(shown++ ? ", " : "", page->out);
		html_cut(page->out, detection->name, 120);
	}
	if (fired > shown)
		fprintf(page->out, " and %zu more", fired - shown);
	fputs("</td>", page->out);
}

/* `ahead`: bytes that the rows behind need. */
static void what_fired(struct page *page, const struct row *row, size_t ahead)
{
	size_t fired = count_fired(page, row), shown = 0;
	bool missed = false;
	for (size_t i = 0; i < page->organizations; i++)
		missed = missed || (row->of[i] && row->of[i]->missed_count);
	fputs("<td class=\"wrap\">", page->out);
	if (missed) {
		fputs("<ul class=\"plain fired\">", page->out);
		write_missed(page, row);
		fputs("</ul>", page->out);
	}
	if (!fired) {
		fputs(missed ? "</td>" : "<span class=\"zero\">nothing</span></td>", page->out);
		return;
	}
	if ((page->events_told >= EVENTS_MOST && !missed) || page_full(page, ahead + fired * EVENT_BYTES)) {
		name_fired(page, row, fired);
		return;
	}
	fputs("<details><summary>", page->out);
	page_count(page, fired, "detection fired", "detections fired");
	fputs("</summary><ul class=\"plain fired\">\n", page->out);
	for (size_t i = 0; i < page->detections && shown < FIRED_MOST; i++) {
		const struct detection *detection = page_measure(page, i, 0)->detection;
		if (!fires(page, row, detection))
			continue;
		write_fired(page, row, detection, ahead);
		shown++;
	}
	if (fired > shown)
		fprintf(page->out, "<li>and %zu more</li>", fired - shown);
	fputs("</ul></details></td>", page->out);
}

/* Rows */

static struct text outcome_cell(struct page *page, const struct episode_result *result)
{
	if (!result)
		return TEXT(" class=\"zero\">not its normal");
	size_t expected = result->episode->expects.count, came = expected - (result->missed_count < expected ?
		result->missed_count : expected);
	if (result->label != LABEL_MALICIOUS)
		return text_of(arena_printf(&page->arena, " class=\"%s\">%s: %zu fired", !result->alerted_count ? "" :
			result->label == LABEL_RISKY ? "risk" : "warn", label_name(result->label), result->alerted_count));
	if (expected)
		return text_of(arena_printf(&page->arena, " class=\"%s\">%s %zu/%zu came", came < expected ? "bad" : "good",
			came < expected ? "✕" : "✓", came, expected));
	return text_of(arena_printf(&page->arena, ">%zu fired", result->alerted_count));
}

static void episode_row(struct page *page, const struct row *row, size_t ahead)
{
	struct text *cells = arena_array(&page->arena, page->organizations + 1, sizeof *cells);
	FILE *out = page->out;
	const struct episode_result *any = row->any;
	fputs("<tr", out);
	page_row(page, SIZE_MAX, row->missed > 0);
	fputs("><th scope=\"row\">", out);
	html_cut(out, any->episode->name, 120);
	fputs("<small>", out);
	html_cut(out, any->dataset->name, 80);
	fprintf(out, ", %s</small></th><td>%s</td>", dataset_use_name(any->dataset->use), label_name(any->label));
	html_count(out, &page->arena, any->events, NULL);
	for (size_t i = 0; i < page->organizations; i++)
		cells[i] = outcome_cell(page, row->of[i]);
	page_across(page, cells);
	what_fired(page, row, ahead);
	fputs("</tr>\n", out);
}

void html_write_episodes(struct page *page)
{
	size_t count;
	struct row *rows = rows_of(page, &count);
	FILE *out = page->out;
	if (!count) {
		fputs("<p>The datasets have no episodes: nothing is labelled as an attack, so nothing can be missed.</p>\n", out);
		return;
	}
	qsort(rows, count, sizeof *rows, compare_rows);
	give_firsts(page, rows, count);
	html_table_begin(out, "stretches", "sort filter", "Episodes; those with a missing alert first, then attacks");
	html_column(out, "Episode", false);
	html_column(out, "Label", false);
	html_column(out, "Events", true);
	page_heads(page);
	html_column(out, "What fired", false);
	html_table_body(out);
	const size_t most = count < EPISODES_MOST ? count : EPISODES_MOST;
	size_t shown = 0;
	for (; shown < most && !page_full(page, 0); shown++)
		episode_row(page, &rows[shown], (most - shown) * NAMES_BYTES);
	html_table_end(out);
	page_left(page, count - shown, "--format json");
}
