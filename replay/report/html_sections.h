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
	size_t room; /* bytes that events and their fields may still take: the page has to stay light (page_takes) */
	size_t events_told; /* of alerts in episodes (html_episodes) */
};

void html_write_summary(struct page *page);
void html_write_next(struct page *page);      /* what to do next, most urgent first */
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
/* Detections by the worst that any organization says of them; the quiet ones are those behind *loud. */
const size_t *page_order(struct page *page, size_t *loud);
/* " data-o=…" for the filter, and data-s where the row asks for nothing. */
void page_row(struct page *page, size_t organization, bool needs);
void page_count(struct page *page, uint64_t count, const char *one, const char *many); /* "1 event", "12 events" */
void page_place(struct page *page, const char *file, uint64_t line); /* file:line */
/* May these bytes still be written? They are taken from the room. */
bool page_takes(struct page *page, size_t bytes);
/* Bytes of the page so far. */
size_t page_written(struct page *page);
/* An event, folded. */
void page_event(struct page *page, struct text conditions, struct text fields, struct text event);

#endif
