/*
 * statistics: `mews replay --stats`: what the replay cost, told on standard error; `--stats=FILE`: as JSON in a file.
 *
 * The report on standard output is the same with and without.
 */
#ifndef MEWS_STATISTICS_H
#define MEWS_STATISTICS_H

#include "cli/options.h"
#include "replay/stats.h"

/* `file` NULL: for people, on `out`. 0, or -1 after a report. */
int statistics_write(const struct stats *stats, const char *file, FILE *out, struct diagnostics *d);

#endif
