/*
 * trial_report: what trials found, in words and as JSON.
 */
#ifndef MEWS_TRIAL_REPORT_H
#define MEWS_TRIAL_REPORT_H

#include "cli/trial.h"

#include <stdio.h>

/* Totals by fidelity, rows that differ, and wrong claims with their first differing events. `all`: every row, and what
 * differs within the claims too. */
void trial_print(const struct trial *trial, bool all, FILE *out);
/* One object a trial; an array where there are several. */
void trials_json(struct trial *const *trials, size_t count, FILE *out);
/* Rows whose claim is wrong. */
size_t trial_wrong(const struct trial *trial);

#endif
