/*
 * tune_review: what review found about the exceptions that there are (replay/tune/review.h), for people and programs.
 */
#ifndef MEWS_TUNE_REVIEW_H
#define MEWS_TUNE_REVIEW_H

#include "replay/measure/json_write.h"
#include "replay/tune/review.h"

#include <stdio.h>

/* Each finding with its place, what the exception removes, and what to do. */
void tune_review_table(const struct review *review, FILE *out);
/* The value of a key: {"exceptions": […], "findings": […]}. */
void tune_review_json(const struct review *review, struct json_write *json);

#endif
