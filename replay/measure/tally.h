/*
 * tally: what is counted while events pass, for one detection in one organization.
 *
 * Hours of benign events in scope are counted elsewhere (benign.h) and come as a list when a dataset ends; what is
 * counted here are the false positives among them.
 */
#ifndef MEWS_TALLY_H
#define MEWS_TALLY_H

#include "replay/measure/results.h"

/* Benign events in scope of one dataset; shared by all that it is the same for. */
struct hour_list {
	const struct hour *items;
	size_t count;
};

struct tally {
	uint64_t alerts[OUTCOME_COUNT], groups[OUTCOME_COUNT];
	uint64_t matches, excepted;
	uint64_t extra, missed;
	uint64_t expected, caught, matched;     /* malicious episodes that expect it; with an alert; with a match */
	uint64_t risky_expected, risky_caught;
	uint64_t benign_in_scope, fp_events;
	uint64_t daily_groups, daily_fp_groups; /* outside malicious episodes, of datasets with a time */
	bool near;                              /* a benign event was at most one predicate away */
	const struct hour_list **lists;         /* in an arena: a dataset each */
	size_t list_count;
	struct hour *false_hours;               /* malloc'd: of the dataset at hand, only numerators */
	size_t false_count, false_capacity;
	size_t newest;                          /* the one that was counted in last */
	uint64_t pending_groups, pending_fp_groups; /* daily, of the dataset at hand */
};

/* An event that is counted as benign is a false positive; `key` is its hour (or its file's hash). */
void tally_false(struct tally *tally, int64_t key);
/* A dataset ends: does it count for figures a day? `benign` (may be NULL): its hours of benign events in scope. */
void tally_dataset_end(struct tally *tally, bool timed, const struct hour_list *benign, struct arena *arena);
/* Adds all of `from`, as of other datasets. */
void tally_add(struct tally *to, const struct tally *from, struct arena *arena);
/* All hours, one dataset after the other; made in the arena where there are several. */
struct hour_list tally_hours(const struct tally *tally, struct arena *arena);
void tally_free(struct tally *tally);

#endif
