/*
 * html_sections: what the writers of the one page share. A section is a row of html.c's table and writes what stands below
 * its heading; nobody outside of html*.c includes this.
 */
#ifndef MEWS_HTML_SECTIONS_H
#define MEWS_HTML_SECTIONS_H

#include "replay/report/html_page.h"
#include "replay/report/report.h"

struct page {
	const struct results *results;
	const struct report_beside *beside;
	struct arena arena;
	FILE *out;
	size_t detections, organizations; /* rows and columns of the measures */
	size_t until; /* bytes of the page where the section that is being written has to end (page_full) */
	size_t events_told; /* of alerts in episodes (html_episodes) */
};

void html_write_lead(struct page *page);  /* three sentences */
void html_write_next(struct page *page);  /* what to do next, by organization */
void html_write_tiles(struct page *page); /* a few figures */
void html_write_gates(struct page *page);
void html_write_changes(struct page *page);
void html_write_map(struct page *page);
void html_write_organizations(struct page *page);
void html_write_detections(struct page *page);
void html_write_episodes(struct page *page);
void html_write_volume(struct page *page);
void html_write_judge(struct page *page);
void html_write_proposals(struct page *page);
void html_write_exceptions(struct page *page);
void html_write_fidelity(struct page *page);
void html_write_coverage(struct page *page);
void html_write_datasets(struct page *page);
void html_write_glossary(struct page *page);

/* What several of them ask. */
const struct measure *page_measure(const struct page *page, size_t detection, size_t organization); /* of the headline */
size_t page_organization(const struct page *page, const struct organization *organization);
bool page_needs(const struct measure *measure);   /* an FN, an FP, or something to judge */
bool page_quiet(const struct measure *measure);   /* nothing alerted, nothing was expected, nothing was excepted */
size_t page_unjudged(const struct page *page);    /* alerts to judge in the headline's totals */
/* Did an attack go without an alert that it expects, since this exception, or one like it, took it? */
bool page_hides_attack(const struct page *page, const struct exception_result *exception);
/* Expected alerts of attacks that did not come in the headline's datasets: those that nobody chose, and those that are switched
 * off, below the severity that is monitored, or a gap that is known. */
size_t page_misses(const struct page *page, size_t *chosen);
/* Detections by the worst that any organization says of them; the quiet ones are those behind *loud. */
const size_t *page_order(struct page *page, size_t *loud);
/* " data-o=…" for the filter, and data-s where the row asks for nothing. */
void page_row(struct page *page, size_t organization, bool needs);
void page_heads(struct page *page); /* a column's head for each organization */
void page_count(struct page *page, uint64_t count, const char *one, const char *many); /* "1 event", "12 events" */
void page_place(struct page *page, const char *file, uint64_t line); /* file:line */
/* Bytes of the page so far. */
size_t page_written(struct page *page);
/* Is the section at its end, if so many bytes more are written? Each has a share of the page, and what those before it left. */
bool page_full(struct page *page, size_t bytes);
/* What organizations say, each in a cell: one cell over all columns where it is the same. The cells' tags begin after "<td". */
void page_across(struct page *page, const struct text *cells);
bool page_same(const struct page *page, const struct text *cells);
/* "N more are left out; `where` has all.", where some are. */
void page_left(struct page *page, size_t left, const char *where);
/* What of an event has room: the fields, and itself, folded. `ahead`: bytes that stand behind it in its section. */
void page_event(struct page *page, struct text conditions, struct text fields, struct text event, size_t ahead);

#endif
