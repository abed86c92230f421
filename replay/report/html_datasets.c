/* html_datasets: what was read, as what, and what became of each line. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <stddef.h>

enum { FILES_MOST = 100 };

/* Columns of counts; one that is nothing in every row is left out. */
static const struct {
	const char *head, *class_name;
	size_t offset;
} counts[] = {{"Lines", NULL, offsetof(struct ledger, lines)}, {"Events", NULL, offsetof(struct ledger, events)},
	{"Continued", NULL, offsetof(struct ledger, continued)}, {"Blank", NULL, offsetof(struct ledger, blank)},
	{"Rejected", "warn", offsetof(struct ledger, rejected)}, {"Unmapped", NULL, offsetof(struct ledger, unmapped)},
	{"Unfilled", NULL, offsetof(struct ledger, unfilled)}};
enum { COUNTS = sizeof counts / sizeof *counts, KEPT = 2 }; /* lines and events stand there always */

static uint64_t count_of(const struct ledger *ledger, size_t column)
{
	return *(const uint64_t *)(const void *)((const char *)ledger + counts[column].offset);
}

struct shown {
	bool counts[COUNTS];
};

static struct shown shown_of(const struct results *results)
{
	struct shown shown = {{0}};
	for (size_t k = 0; k < COUNTS; k++) {
		shown.counts[k] = k < KEPT;
		for (size_t i = 0; i < results->dataset_count; i++)
			shown.counts[k] = shown.counts[k] || count_of(&results->datasets[i].ledger, k);
	}
	return shown;
}

static void account_heads(struct page *page, const struct shown *shown)
{
	for (size_t k = 0; k < COUNTS; k++)
		if (shown->counts[k])
			html_column(page->out, counts[k].head, true);
}

static void account_cells(struct page *page, const struct ledger *ledger, const struct shown *shown)
{
	for (size_t k = 0; k < COUNTS; k++)
		if (shown->counts[k])
			html_count(page->out, &page->arena, count_of(ledger, k), counts[k].class_name);
}

static void say_left_out(struct page *page, const struct shown *shown)
{
	size_t said = 0;
	for (size_t k = 0; k < COUNTS; k++)
		if (!shown->counts[k])
			fprintf(page->out, "%s%s", said++ ? ", " : "<p class=\"soft\">Columns without any figure are not shown (",
				counts[k].head);
	fputs(said ? ").</p>\n" : "", page->out);
}

static void rejected_cell(struct page *page, const struct ledger *ledger)
{
	if (!ledger->first_count) {
		fputs("<td class=\"zero\">none</td>", page->out);
		return;
	}
	fputs("<td class=\"wrap\"><details><summary>", page->out);
	page_count(page, ledger->rejected, "line", "lines");
	fputs("</summary><ul class=\"plain\">", page->out);
	for (size_t i = 0; i < ledger->first_count; i++) {
		fputs("<li>", page->out);
		page_place(page, ledger->first[i].file, ledger->first[i].line);
		fputs(": ", page->out);
		html_cut(page->out, text_of(ledger->first[i].reason), 300);
		fputs("</li>", page->out);
	}
	fputs("</ul></details></td>", page->out);
}

static void dataset_row(struct page *page, const struct dataset_result *result, const struct shown *shown)
{
	FILE *out = page->out;
	fputs("<tr", out);
	page_row(page, SIZE_MAX, result->ledger.rejected > 0);
	fputs("><th scope=\"row\">", out);
	html_cut(out, result->dataset->name, 120);
	if (result->dataset->title.length) {
		fputs("<small>", out);
		html_cut(out, result->dataset->title, 110);
		fputs("</small>", out);
	}
	fprintf(out, "</th><td>%s</td><td class=\"name\">", dataset_use_name(result->dataset->use));
	for (size_t i = 0; i < result->dataset->organizations.count; i++) {
		fputs(i ? ", " : "", out);
		html_cut(out, result->dataset->organizations.items[i], 60);
	}
	fputs(result->dataset->organizations.count ? "</td>" : "everybody</td>", out);
	account_cells(page, &result->ledger, shown);
	fprintf(out, "<td class=\"n\">%s</td>", show_duration(&page->arena, result->observed));
	rejected_cell(page, &result->ledger);
	fputs("</tr>\n", out);
}

static void file_row(struct page *page, const struct ledger *file, struct text dataset, const struct shown *columns)
{
	FILE *out = page->out;
	fputs("<tr", out);
	page_row(page, SIZE_MAX, file->rejected > 0);
	fputs("><th scope=\"row\">", out);
	html_cut(out, text_of(file->file), 200);
	fputs("<small>", out);
	html_cut(out, dataset, 80);
	fputs("</small></th>", out);
	html_cell(out, text_of(file->reader));
	html_cell(out, file->dialect ? text_of(file->dialect) : TEXT("–"));
	account_cells(page, file, columns);
	rejected_cell(page, file);
	fputs("</tr>\n", out);
}

static void write_files(struct page *page, const struct shown *columns)
{
	const struct results *results = page->results;
	FILE *out = page->out;
	size_t all = 0, shown = 0;
	for (size_t i = 0; i < results->dataset_count; i++)
		all += results->datasets[i].ledger.file_count;
	if (!all)
		return;
	fputs("<details class=\"fold\"><summary>", out);
	page_count(page, all, "file", "files");
	fputs(", one by one</summary>\n", out);
	html_table_begin(out, "files", "sort filter", "Files, and what they were read as");
	html_column(out, "File", false);
	html_column(out, "Reader", false);
	html_column(out, "Dialect", false);
	account_heads(page, columns);
	html_column(out, "First rejected", false);
	html_table_body(out);
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct dataset_result *result = &results->datasets[i];
		for (size_t k = 0; k < result->ledger.file_count && shown < FILES_MOST && !page_full(page, 0); k++, shown++)
			file_row(page, &result->ledger.files[k], result->dataset->name, columns);
	}
	html_table_end(out);
	page_left(page, all - shown, "--format json");
	fputs("</details>\n", out);
}

static void write_skipped(struct page *page)
{
	const struct results *results = page->results;
	if (!results->skipped_count)
		return;
	fputs("<h3>Not read</h3>\n<ul>\n", page->out);
	for (size_t i = 0; i < results->skipped_count && i < FILES_MOST; i++) {
		fputs("<li>", page->out);
		html_cut(page->out, text_of(results->skipped[i].file), 200);
		fputs(": ", page->out);
		html_cut(page->out, text_of(results->skipped[i].reason), 200);
		fputs("</li>\n", page->out);
	}
	fputs("</ul>\n", page->out);
}

void html_write_datasets(struct page *page)
{
	const struct results *results = page->results;
	const struct shown shown = shown_of(results);
	FILE *out = page->out;
	size_t told = 0;
	if (results->dataset_count) {
		html_table_begin(out, "accounts", "sort filter", "Datasets, and the account of their lines");
		html_column(out, "Dataset", false);
		html_column(out, "Use", false);
		html_column(out, "Whose normal", false);
		account_heads(page, &shown);
		html_column(out, "Observed", true);
		html_column(out, "First rejected", false);
		html_table_body(out);
		for (; told < results->dataset_count && !page_full(page, 0); told++)
			dataset_row(page, &results->datasets[told], &shown);
		html_table_end(out);
		page_left(page, results->dataset_count - told, "--format json");
		say_left_out(page, &shown);
	} else {
		fputs("<p>No dataset was read.</p>\n", out);
	}
	write_files(page, &shown);
	write_skipped(page);
}
