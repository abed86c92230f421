/*
 * tally: the tests that stand in detections, run; and those that did not come out as expected.
 *
 *   struct tally tally = {0};
 *   tally_run(&catalog, &arena, &tally);       -- lists live in the arena and point into the catalog
 */
#ifndef MEWS_TALLY_H
#define MEWS_TALLY_H

#include "catalog/catalog.h"

/* One test that did not come out as expected, or a known gap. */
struct verdict {
	const struct detection *detection;
	const struct detection_test *test;
	bool matched;
	struct text condition; /* that matched, or empty */
};

struct tally {
	struct verdict *failed, *gaps, *closed; /* closed: todo tests that pass by now */
	size_t failed_count, gap_count, closed_count, tests;
};

void tally_run(const struct catalog *catalog, struct arena *arena, struct tally *tally);
/* detection: "name" expects match, and it does not match */
const char *verdict_words(struct arena *arena, const struct verdict *verdict);

#endif
