/*
 * overlap: which detections always fire together: one of the two is padding, unless somebody says why (overlaps).
 *
 *   struct overlaps overlaps = {0};
 *   overlaps_tests(&overlaps, &catalog);                every detection over the events of all tests
 *   overlaps_alerts(&overlaps, run->results);           and what a replay of the same catalog alerted
 *   overlaps_find(&overlaps, &arena);                   overlaps.pairs, worst first
 *   overlaps_free(&overlaps);
 *
 * An event counts for a detection once, whatever the organizations and conditions. Two detections that fire at the very same
 * events are `same`; one that never fires without the other, which also fires alone, is `within` it. Nothing is said of a
 * pair that no event brought together.
 */
#ifndef MEWS_OVERLAP_H
#define MEWS_OVERLAP_H

#include "replay/measure/results.h"

#include <jansson.h>

struct overlap_pair {
	const struct detection *one, *other; /* `within`: one never fires without the other */
	bool within;
	size_t together, alone;  /* events of both; of the other alone */
	struct text reason;      /* what one of them says; empty: nothing */
};

struct overlaps {
	const struct catalog *catalog;
	uint32_t *together;      /* [detections × detections]; the diagonal: of the detection */
	size_t events, recorded; /* looked at: of tests; with an alert, of recordings */
	struct overlap_pair *pairs;
	size_t pair_count;
};

void overlaps_tests(struct overlaps *overlaps, const struct catalog *catalog);
void overlaps_alerts(struct overlaps *overlaps, const struct results *results);
void overlaps_find(struct overlaps *overlaps, struct arena *arena);
void overlaps_free(struct overlaps *overlaps);

/* Pairs that are the same without a reason; `strictly`: also those within another. */
size_t overlaps_owed(const struct overlaps *overlaps, bool strictly);
void overlaps_print(const struct overlaps *overlaps, FILE *out);
json_t *overlaps_json(const struct overlaps *overlaps);

#endif
