/*
 * mutants_pass: attack events, and events of the normal causes, kept for mutants.c. Nobody else includes it.
 */
#ifndef MEWS_MUTANTS_PASS_H
#define MEWS_MUTANTS_PASS_H

#include "replay/tune/mutants.h"

enum { ATTACKS_KEPT = 120, DONORS_KEPT = 4, SHOWN_RECORDED = 3, SHOWN_MUTANTS = 2 };

/* An event with what a detection matched of it. */
struct kept_event {
	const struct event *event;
	struct match match;
	uint64_t hash;
	const struct dataset *dataset;
	const struct episode *episode;
};

struct kept_events {
	struct kept_event *items;
	size_t count;
};

/* One proposal, and what the pass found for it. */
struct spot {
	struct proposal *proposal;
	bool *covers;              /* [detection_count] */
	unsigned *fields;          /* that its condition names */
	size_t field_count;
	struct kept_events donors; /* false positives that it removes, of different values */
};

struct mutants {
	struct arena arena;
	struct proposals *proposals;
	const struct catalog *catalog;
	struct evaluator *evaluator;
	struct spot *spots;           /* [proposals->count] */
	struct kept_events *attacks;  /* [detection_count] */
	unsigned *fields;             /* that any proposal names */
	size_t field_count;
};

#endif
