/* html_fidelity: how well the rules of each target say the conditions. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <stdlib.h>
#include <string.h>

enum { TARGETS_MOST = 12, RANKS_MOST = 8, REASONS_MOST = 80, NAMED_MOST = 6 };

/* A condition in a target is counted by the worst that any organization's rule of it claims. */
struct fidelity_view {
	const char *targets[TARGETS_MOST], *names[RANKS_MOST];
	size_t target_count;
	const struct fidelity_result **worst; /* sorted by detection, condition, target: one each */
	size_t count;
};

static int compare_rows(const void *left, const void *right)
{
	const struct fidelity_result *a = *(const struct fidelity_result *const *)left;
	const struct fidelity_result *b = *(const struct fidelity_result *const *)right;
	int order = text_compare(a->detection->name, b->detection->name);
	order = order ? order : text_compare(a->condition->name, b->condition->name);
	order = order ? order : strcmp(a->target, b->target);
	if (order == 0 && a->rank != b->rank)
		order = a->rank > b->rank ? -1 : 1;
	return order ? order : a < b ? -1 : a > b;
}

static bool same_subject(const struct fidelity_result *a, const struct fidelity_result *b)
{
	return a->detection == b->detection && a->condition == b->condition && strcmp(a->target, b->target) == 0;
}

static void add_target(struct fidelity_view *view, const char *target)
{
	for (size_t i = 0; i < view->target_count; i++)
		if (strcmp(view->targets[i], target) == 0)
			return;
	if (view->target_count < TARGETS_MOST)
		view->targets[view->target_count++] = target;
}

static struct fidelity_view view_of(struct page *page)
{
	const struct results *results = page->results;
	struct fidelity_view view = {0};
	view.worst = arena_array(&page->arena, results->fidelity_count + 1, sizeof *view.worst);
	for (size_t i = 0; i < results->fidelity_count; i++) {
		const struct fidelity_result *row = &results->fidelity[i];
		view.worst[i] = row;
		add_target(&view, row->target);
		if (row->rank < RANKS_MOST)
			view.names[row->rank] = row->fidelity;
	}
	qsort(view.worst, results->fidelity_count, sizeof(const struct fidelity_result *), compare_rows);
	for (size_t i = 0; i < results->fidelity_count; i++)
		if (!view.count || !same_subject(view.worst[view.count - 1], view.worst[i]))
			view.worst[view.count++] = view.worst[i];
	return view;
}

static const char *class_of(unsigned rank, bool last)
{
	return rank == 0 ? "good" : last ? "bad" : "warn";
}

static bool last_rank(const struct fidelity_view *view, unsigned rank)
{
	for (size_t i = rank + 1; i < RANKS_MOST; i++)
		if (view->names[i])
			return false;
	return rank > 0 && rank < RANKS_MOST && view->names[rank] && strcmp(view->names[rank], "unsupported") == 0;
}

static void target_row(struct page *page, const struct fidelity_view *view, const char *target)
{
	uint64_t counts[RANKS_MOST] = {0}, all = 0;
	for (size_t i = 0; i < view->count; i++)
		if (strcmp(view->worst[i]->target, target) == 0 && view->worst[i]->rank < RANKS_MOST) {
			counts[view->worst[i]->rank]++;
			all++;
		}
	fputs("<tr><th scope=\"row\">", page->out);
	html_string(page->out, target);
	fputs("</th>", page->out);
	for (unsigned i = 0; i < RANKS_MOST; i++)
		if (view->names[i])
			html_count(page->out, &page->arena, counts[i], class_of(i, last_rank(view, i)));
	html_count(page->out, &page->arena, all, NULL);
	fputs("</tr>\n", page->out);
}

static void write_targets(struct page *page, const struct fidelity_view *view)
{
	html_table_begin(page->out, "targets", "sort", "Conditions by target, each by the worst that any organization’s"
		" rule claims");
	html_column(page->out, "Target", false);
	for (size_t i = 0; i < RANKS_MOST; i++)
		if (view->names[i]) {
			fputs("<th scope=\"col\" class=\"n\">", page->out);
			html_string(page->out, view->names[i]);
			fputs("</th>", page->out);
		}
	html_column(page->out, "Conditions", true);
	html_table_body(page->out);
	for (size_t i = 0; i < view->target_count; i++)
		target_row(page, view, view->targets[i]);
	html_table_end(page->out);
}

/* Detections that some target says less than exactly: what targets say of a detection is the worst of its conditions, and those
 * of which all say the same stand in one row. */

struct saying {
	const struct fidelity_result *worst[TARGETS_MOST]; /* NULL: nothing is said */
	const struct detection *detection;
};

static struct saying saying_of(const struct fidelity_view *view, size_t from, size_t to)
{
	struct saying saying = {.detection = view->worst[from]->detection};
	for (size_t i = from; i < to; i++)
		for (size_t k = 0; k < view->target_count; k++) {
			const struct fidelity_result **worst = &saying.worst[k];
			if (strcmp(view->worst[i]->target, view->targets[k]) == 0 && (!*worst || view->worst[i]->rank > (*worst)->rank))
				*worst = view->worst[i];
		}
	return saying;
}

static int compare_words(const struct saying *a, const struct saying *b)
{
	for (size_t k = 0; k < TARGETS_MOST; k++) {
		long left = a->worst[k] ? (long)a->worst[k]->rank : -1, right = b->worst[k] ? (long)b->worst[k]->rank : -1;
		if (left != right)
			return left > right ? -1 : 1;
	}
	return 0;
}

static int compare_sayings(const void *left, const void *right)
{
	const struct saying *a = left, *b = right;
	int order = compare_words(a, b);
	order = order ? order : text_compare(a->detection->name, b->detection->name);
	return order ? order : a < b ? -1 : a > b;
}

static void saying_row(struct page *page, const struct fidelity_view *view, const struct saying *sayings, size_t count)
{
	fputs("<tr><th scope=\"row\">", page->out);
	page_count(page, count, "detection", "detections");
	fputs("</th>", page->out);
	for (size_t i = 0; i < view->target_count; i++) {
		const struct fidelity_result *worst = sayings->worst[i];
		if (!worst)
			fputs("<td class=\"zero\">–</td>", page->out);
		else {
			fprintf(page->out, "<td class=\"%s\">", class_of(worst->rank, last_rank(view, worst->rank)));
			html_string(page->out, worst->fidelity);
			fputs("</td>", page->out);
		}
	}
	fputs("<td class=\"wrap\">", page->out);
	for (size_t i = 0; i < count; i++) {
		if (page_full(page, 400)) {
			fprintf(page->out, " and %zu more", count - i);
			break;
		}
		fputs(i ? ", " : "", page->out);
		html_cut(page->out, sayings[i].detection->name, 120);
	}
	fputs("</td></tr>\n", page->out);
}

static void write_sayings(struct page *page, const struct fidelity_view *view, struct saying *sayings, size_t count)
{
	if (!count)
		return;
	qsort(sayings, count, sizeof *sayings, compare_sayings);
	fputs("<details class=\"fold\"><summary>which detections some target says less than exactly</summary>\n", page->out);
	html_table_begin(page->out, "fidelity-by", "sort filter", "What targets say of a detection, the worst of its conditions");
	html_column(page->out, "Of", false);
	for (size_t i = 0; i < view->target_count; i++) {
		fputs("<th scope=\"col\">", page->out);
		html_string(page->out, view->targets[i]);
		fputs("</th>", page->out);
	}
	html_column(page->out, "Detections", false);
	html_table_body(page->out);
	for (size_t from = 0, to; from < count; from = to) {
		for (to = from + 1; to < count && compare_words(&sayings[from], &sayings[to]) == 0; to++) {
		}
		saying_row(page, view, &sayings[from], to - from);
	}
	html_table_end(page->out);
	fputs("</details>\n", page->out);
}

/* Why: each reason once, with the detections of which it is given. */

static int compare_reasons(const void *left, const void *right)
{
	const struct fidelity_result *a = *(const struct fidelity_result *const *)left;
	const struct fidelity_result *b = *(const struct fidelity_result *const *)right;
	int order = strcmp(a->target, b->target);
	if (order == 0 && a->rank != b->rank)
		order = a->rank > b->rank ? -1 : 1;
	order = order ? order : text_compare(a->reason, b->reason);
	order = order ? order : text_compare(a->detection->name, b->detection->name);
	return order ? order : a < b ? -1 : a > b;
}

static bool same_reason(const struct fidelity_result *a, const struct fidelity_result *b)
{
	return a->rank == b->rank && strcmp(a->target, b->target) == 0 && text_equal(a->reason, b->reason);
}

static void reason_row(struct page *page, const struct fidelity_result *const *rows, size_t count)
{
	FILE *out = page->out;
	size_t named = 0, all = 0;
	for (size_t i = 0; i < count; i++)
		all += i == 0 || rows[i]->detection != rows[i - 1]->detection;
	fputs("<tr><th scope=\"row\">", out);
	html_string(out, rows[0]->target);
	fputs("</th><td>", out);
	html_string(out, rows[0]->fidelity);
	fputs("</td><td class=\"wrap\">", out);
	html_cut(out, rows[0]->reason, 300);
	fputs("</td>", out);
	html_count(out, &page->arena, count, NULL);
	fputs("<td class=\"wrap\">", out);
	for (size_t i = 0; i < count && named < NAMED_MOST; i++)
		if (i == 0 || rows[i]->detection != rows[i - 1]->detection) {
			fputs(named++ ? ", " : "", out);
			html_cut(out, rows[i]->detection->name, 60);
		}
	if (all > named)
		fprintf(out, " and %zu more", all - named);
	fputs("</td></tr>\n", out);
}

static void write_reasons(struct page *page, const struct fidelity_view *view)
{
	static const struct html_column columns[] = {{"Target", false}, {"Fidelity", false}, {"Reason", false}, {"Conditions", true},
		{"Detections", false}, {0}};
	const struct fidelity_result **rows = arena_array(&page->arena, view->count + 1, sizeof *rows);
	size_t count = 0, shown = 0, from = 0;
	for (size_t i = 0; i < view->count; i++)
		if (view->worst[i]->rank && view->worst[i]->reason.length)
			rows[count++] = view->worst[i];
	if (!count)
		return;
	qsort(rows, count, sizeof(const struct fidelity_result *), compare_reasons);
	fputs("<details class=\"fold\"><summary>why, reason by reason</summary>\n", page->out);
	html_table(page->out, "reasons", "sort filter", "Why a target says it no better", columns);
	for (size_t to; from < count && shown < REASONS_MOST && !page_full(page, 600); from = to, shown++) {
		for (to = from + 1; to < count && same_reason(rows[from], rows[to]); to++) {
		}
		reason_row(page, &rows[from], to - from);
	}
	html_table_end(page->out);
	if (from < count)
		fputs("<p class=\"soft\">Others are left out; <code>mews generate</code> writes all to fidelity.json.</p>\n", page->out);
	fputs("</details>\n", page->out);
}

void html_write_fidelity(struct page *page)
{
	struct fidelity_view view = view_of(page);
	struct saying *sayings = arena_array(&page->arena, view.count + 1, sizeof *sayings);
	size_t less = 0, all = 0;
	write_targets(page, &view);
	for (size_t from = 0, to; from < view.count; from = to, all++) {
		bool exact = true;
		for (to = from; to < view.count && view.worst[to]->detection == view.worst[from]->detection; to++)
			exact = exact && view.worst[to]->rank == 0;
		if (!exact)
			sayings[less++] = saying_of(&view, from, to);
	}
	write_sayings(page, &view, sayings, less);
	write_reasons(page, &view);
	fprintf(page->out, "<p class=\"soft\">%zu of %zu detections are said exactly everywhere.</p>\n", all - less, all);
}
