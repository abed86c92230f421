/*
 * show: figures as words, the same in every report that people read.
 *
 * All return texts in the arena. What is not known (a rate of 0 / 0, a daily figure from too short a
 * time) is `show_nothing`.
 */
#ifndef MEWS_SHOW_H
#define MEWS_SHOW_H

#include "replay/measure/results.h"

extern const char show_nothing[]; /* – */

const char *show_count(struct arena *arena, uint64_t count);           /* 12,345 */
const char *show_fraction(struct arena *arena, const struct rate *rate); /* 4/5 */
const char *show_percent(struct arena *arena, double share);           /* 80 %, 0.17 %, <0.01 % */
const char *show_interval(struct arena *arena, const struct rate *rate); /* 28–99 % */
const char *show_daily(struct arena *arena, double per_day);           /* 3.2 */
const char *show_duration(struct arena *arena, double seconds);        /* 26.3 h, 3 d */
const char *show_time(struct arena *arena, int64_t time);              /* RFC 3339 */
struct text show_organization(const struct organization *organization); /* its name, or "(no baseline)" */
/* `detection` that is disabled or below the minimum severity says so: "disabled", "below"; else its reachability. */
/* "every: its regex hit the match limit 12 times: such values count as no match"; NULL: it did not. */
const char *show_limited(struct arena *arena, const struct measure *measure);
const char *show_reach(const struct measure *measure);

/* What needs attention first: FN (of what is not switched off), FP, unattributed, unknown, then alerts, then the name. For
 * qsort over pointers to measures. */
int show_by_attention(const void *left, const void *right);
/* The measures of one organization's total, sorted so. `part` and `index` as in results. */
const struct measure **show_sorted(struct arena *arena, const struct results *results, enum part part, size_t index);

/* What to do next: one sentence, from what the figures say. */
struct text show_next_step(struct arena *arena, const struct results *results);

#endif
