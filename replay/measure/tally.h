/*
 * tally: what is counted while events pass, for one detection in one organization.
 */
#ifndef MEWS_TALLY_H
#define MEWS_TALLY_H

#include "replay/measure/results.h"

struct tally {
	uint64_t alerts[OUTCOME_COUNT], groups[OUTCOME_COUNT];
	uint64_t matches, excepted;
	uint64_t extra, missed;
	uint64_t expected, caught, matched;     /* malicious episodes that expect it; with an alert; with a match */
	uint64_t risky_expected, risky_caught;
	uint64_t benign_in_scope, fp_events;
	uint64_t daily_groups, daily_fp_groups; /* outside malicious episodes, of datasets with a time */
	bool near;                              /* a benign event was at most one predicate away */
	struct hour *hours;                     /* malloc'd: benign events in scope, and those with an FP */
	size_t hour_count, hour_capacity;
	size_t base;                            /* hours of the dataset at hand begin here */
	size_t newest;                          /* the one that was counted in last */
	uint64_t pending_groups, pending_fp_groups; /* daily, of the dataset at hand */
};

/* Hours are looked for among those of the dataset at hand; `key` is the hour (or a file's hash). */
void tally_benign(struct tally *tally, int64_t key, bool false_positive);
/* An event that was counted as benign and not false turns out to be a false positive. */
void tally_turned_false(struct tally *tally, int64_t key);
/* A dataset ends: does it count for figures a day? */
void tally_dataset_end(struct tally *tally, bool timed);
/* Adds all of `from`, as of other datasets. */
void tally_add(struct tally *to, const struct tally *from);
void tally_free(struct tally *tally);

#endif
