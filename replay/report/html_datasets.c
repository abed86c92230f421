/* html_datasets: what was read, as what, and what became of each line. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

enum { FILES_MOST = 100 };

static void account_cells(struct page *page, const struct ledger *ledger)
{
	html_count(page->out, &page->arena, ledger->lines, NULL);
	html_count(page->out, &page->arena, ledger->events, NULL);
	html_count(page->out, &page->arena, ledger->continued, NULL);
	html_count(page->out, &page->arena, ledger->blank, NULL);
	html_count(page->out, &page->arena, ledger->rejected, "warn");
	html_count(page->out, &page->arena, ledger->unmapped, NULL);
	html_count(page->out, &page->arena, ledger->unfilled, NULL);
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

static void dataset_row(struct page *page, const struct dataset_result *result)
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
	account_cells(page, &result->ledger);
	fprintf(out, "<td class=\"n\">%s</td>", show_duration(&page->arena, result->observed));
	rejected_cell(page, &result->ledger);
	fputs("</tr>\n", out);
}

static void file_row(struct page *page, const struct ledger *file, struct text dataset)
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
	account_cells(page, file);
	rejected_cell(page, file);
	fputs("</tr>\n", out);
}

static void write_files(struct page *page)
{
	static const struct html_column columns[] = {{"File", false}, {"Reader", false}, {"Dialect", false}, {"Lines", true},
		{"Events", true}, {"Continued", true}, {"Blank", true}, {"Rejected", true}, {"Unmapped", true}, {"Unfilled", true},
		{"First rejected", false}, {0}};
	const struct results *results = page->results;
	size_t all = 0, shown = 0;
	for (size_t i = 0; i < results->dataset_count; i++)
		all += results->datasets[i].ledger.file_count;
	if (!all)
		return;
	fputs("<details class=\"fold\"><summary>", page->out);
	page_count(page, all, "file", "files");
	fputs(", one by one</summary>\n", page->out);
	html_table(page->out, "files", "sort filter", "Files, and what they were read as", columns);
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct dataset_result *result = &results->datasets[i];
		for (size_t k = 0; k < result->ledger.file_count && shown < FILES_MOST; k++, shown++)
			file_row(page, &result->ledger.files[k], result->dataset->name);
	}
	html_table_end(page->out);
	if (all > shown)
		fprintf(page->out, "<p class=\"soft\">%zu more are left out; <code>--format json</code> has all.</p>\n", all - shown);
	fputs("</details>\n", page->out);
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
	static const struct html_column columns[] = {{"Dataset", false}, {"Use", false}, {"Whose normal", false}, {"Lines", true},
		{"Events", true}, {"Continued", true}, {"Blank", true}, {"Rejected", true}, {"Unmapped", true}, {"Unfilled", true},
		{"Observed", true}, {"First rejected", false}, {0}};
	const struct results *results = page->results;
	if (results->dataset_count) {
		html_table(page->out, "accounts", "sort filter", "Datasets, and the account of their lines", columns);
		for (size_t i = 0; i < results->dataset_count; i++)
			dataset_row(page, &results->datasets[i]);
		html_table_end(page->out);
	} else {
		fputs("<p>No dataset was read.</p>\n", page->out);
	}
	write_files(page);
	write_skipped(page);
}
