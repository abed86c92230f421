/*
 * coverage: ATT&CK techniques by measured recall.
 *
 *   struct coverage coverage = coverage_of(&arena, results, 0);     of results->totals[0]'s organization
 *   for each coverage.items[i]: technique, recall (episodes pooled over its detections), state
 *
 * All own datasets count (both uses): a technique is seldom in the hold-out ones alone. A technique's episodes are those
 * that expect one of its detections, each counted with each of them. Detections that are disabled or below the minimum
 * severity are there and cover nothing.
 */
#ifndef MEWS_COVERAGE_H
#define MEWS_COVERAGE_H

#include "replay/measure/results.h"

enum coverage_state {
	COVERAGE_MEASURED, /* attacks expect it, and benign events could have shown a false positive */
	COVERAGE_BRIEF,    /* the same, but of fewer hours than its budget of a day asks for */
	COVERAGE_THIN,     /* attacks expect it; of what it costs little or nothing is known (thin, blind) */
	COVERAGE_UNTESTED, /* no attack of the corpus expects it; benign events are in scope */
	COVERAGE_BLIND,    /* neither attack nor benign event: nothing is known */
	COVERAGE_OFF,      /* all its detections are disabled or below the minimum severity */
};
const char *coverage_state_name(enum coverage_state state);

struct covered {
	struct text technique;
	const struct measure **measures; /* of its detections, in the catalog's order */
	size_t measure_count;
	struct rate recall;          /* 0/0: untested */
	uint64_t false_positives;
	enum reachability reachability; /* the best of its detections' */
	enum coverage_state state;
};

/* Of what attacks expect: how well its cost is known. */
enum coverage_state coverage_of_reach(enum reachability reachability);

struct coverage {
	struct covered *items;       /* sorted by technique */
	size_t count;
};

struct coverage coverage_of(struct arena *arena, const struct results *results, size_t total);

#endif
