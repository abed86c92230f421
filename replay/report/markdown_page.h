/*
 * markdown_page: a comment in the making, no longer than GitHub takes: rows that have no room are counted, and said.
 *
 *   markdown_begin(&page, "| gate | verdict |\n|---|---|\n", MARKDOWN_GATES);
 *   buffer_printf(&page.row, …); markdown_row(&page);
 *   markdown_end(&page, "gates");          "… and 12 more gates are left out (mews replay shows all)"
 */
#ifndef MEWS_MARKDOWN_PAGE_H
#define MEWS_MARKDOWN_PAGE_H

#include "replay/report/markdown_text.h"
#include "replay/report/report.h"

/* Bytes of the comment after which a section's rows are left out. GitHub takes 65,536 characters. */
enum { MARKDOWN_GATES = 16000, MARKDOWN_CHANGES = 40000, MARKDOWN_TOTALS = 48000, MARKDOWN_DETAILS = 64000 };

struct markdown_page {
	const struct results *results;
	const struct report_options *options;
	struct arena arena;
	struct buffer out, row;
	size_t limit, rows, left_out;
	const char *head;
};

/* `head`: stands before the first row; nothing is written where there is none. */
void markdown_begin(struct markdown_page *page, const char *head, size_t limit);
void markdown_row(struct markdown_page *page); /* page->row, and empties it */
void markdown_end(struct markdown_page *page, const char *what);

/* What changed since the reference run; nothing without one. */
void markdown_changes(struct markdown_page *page);

#endif
