/*
 * difference: a comparison of two runs for a terminal, a program, a pull request (mews compare).
 *
 *   const struct difference_format *format = difference_find(TEXT("table"));
 *   struct difference_words words = {.before = "run 9 of 2026-11-25, the reference", .after = "run 12 of 2026-11-26"};
 *   format->write(comparison, &words, &how, out);
 */
#ifndef MEWS_DIFFERENCE_H
#define MEWS_DIFFERENCE_H

#include "replay/report/report.h"

/* The runs in words. */
struct difference_words {
	const char *before, *after;
};

struct difference_format {
	const char *name;
	int (*write)(const struct comparison *comparison, const struct difference_words *words, const struct report_options *how,
		FILE *out);
};
extern const struct difference_format difference_formats[]; /* ends with name NULL */
const struct difference_format *difference_find(struct text name); /* NULL: there is none */

/* Expected alerts that are lost, whatever else was gained. */
size_t difference_lost(const struct comparison *comparison);

/* For a terminal; `how.alerts` lists each alert. */
int difference_table(const struct comparison *comparison, const struct difference_words *words,
	const struct report_options *how, FILE *out);

#endif
