/*
 * tune_report: proposals for people and programs: a table to read, JSON,
	and YAML as it would stand in the organization's file.
 */
#ifndef MEWS_TUNE_REPORT_H
#define MEWS_TUNE_REPORT_H

#include "replay/tune/review.h"
#include "replay/tune/tune.h"

#include <stdio.h>

void tune_report_table(const struct proposals *proposals, const char *next, FILE *out);
void tune_report_json(const struct proposals *proposals, const struct review *review, FILE *out); /* review: may be NULL */
void tune_report_yaml(const struct proposals *proposals, FILE *out);

#endif
