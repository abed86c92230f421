/*
 * reporting: results on standard output in the format that was asked for, and in files where --html and --also say so: what
 * replay and report share.
 *
 *   struct reporting reporting;
 *   if (reporting_begin(&reporting, &verb_report, options) != 0) return EXIT_WRONG;
 *   … reporting_write(project, &reporting, results);
 */
#ifndef MEWS_REPORTING_H
#define MEWS_REPORTING_H

#include "cli/project.h"
#include "replay/report/report.h"

enum { REPORTING_ALSO = 12 };

struct reporting {
	const struct report *report;
	struct report_options how;
	const char *html; /* a file, or NULL */
	struct reporting_file {
		const struct report *report;
		const char *path;
	} also[REPORTING_ALSO];
	size_t also_count;
};

/* The rows of a verb's options that it reads. */
#define REPORTING_OPTIONS \
	{"format", 'f', "FORMAT", "table (default), json, csv, junit, sarif, markdown, navigator or html (docs/reports.md)"}, \
	{"html", 0, "FILE", "also write the HTML report to FILE"}, \
	{"also", 0, "FORMAT=FILE", "also write this report to FILE, as junit=junit.xml; may be repeated"}, \
	{"alerts", 'a', NULL, "list every alert with its place (csv: instead of the figures; json: with its event)"}, \
	{"wide", 'w', NULL, "table: intervals and more columns"}

/* -1 after a sentence on standard error. */
int reporting_begin(struct reporting *reporting, const struct verb *verb, const struct options *options);
/* Does one of the reports list every alert, show what targets can say? */
bool reporting_lists_alerts(const struct reporting *reporting);
bool reporting_shows(const struct reporting *reporting, bool (*shows)(const struct report *report));
/* Alerts that somebody should judge get the ids that mews label takes, where their files still stand and a report shows them. */
int reporting_name_alerts(const struct reporting *reporting, struct results *results, struct diagnostics *d);
int reporting_write(struct project *project, const struct reporting *reporting, const struct results *results);


/* Columns of the terminal; 80 where there is none. */
unsigned reporting_width(void);
/* Is standard output a terminal that may be coloured (NO_COLOR)? */
bool reporting_colour(void);

#endif
