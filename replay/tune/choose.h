/*
 * choose: causes → exceptions.
 *
 * Each cause gives one candidate: the conjunction of what is stable in it, up to CLAUSES_MOST clauses of different aspects,
 * program and object first. None may hold on an alert that is a TP, unattributed in an attack, or a BTP that the
 * organization wants to see: then further clauses are added, and where that does not help the cause falls apart into nearer
 * ones. Of the candidates those are taken that remove most, until each noisy detection is within its budget and nine of
 * ten of its false positives are gone (the aim), and no more.
 */
#ifndef MEWS_TUNE_CHOOSE_H
#define MEWS_TUNE_CHOOSE_H

#include "replay/tune/causes.h"
#include "replay/tune/describe.h"

enum { CLAUSES_MOST = 6 };

struct candidate {
	const struct clause **clauses;
	size_t clause_count;
	/* The same actor alerts in several ways (a program that reads a file, and then connects): what its alerts have in
	 * common stands in `clauses`, and one of these beside it. None: there is one way. */
	struct text *ways;
	size_t way_count;
	const struct candidate **branches; /* that it was joined of; none: it stands by itself */
	size_t branch_count;
	struct text condition;
	struct node *node;
	uint32_t *detections;
	size_t detection_count;
	struct cause cause;
	double *share;     /* [sighting_count]: of each sighting's alerts, how many it removes (0 … 1) */
	double width;      /* share of all that was seen that it would hold on, were its clauses independent */
	bool bare;         /* one program or one user alone */
};

/* What is wanted of one detection. */
struct aim {
	bool noisy;
	double groups;     /* FP groups that may stay */
};

struct choosing {
	const struct observations *observations;
	struct describer *describer;
	const bool *taken;       /* [sighting_count]: mined from */
	const struct aim *aims;  /* [detection_count] */
	const uint64_t *groups;  /* [detection_count]: FP groups now, all of them */
	size_t most;             /* 0: as many as it takes */
};

struct choice {
	struct candidate **items; /* in the order in which they were taken: what removes most first */
	size_t count;
	double *left;             /* [detection_count]: FP alerts of what was mined from that stay */
};

/* In the describer's arena. */
void choose(const struct choosing *choosing, struct choice *choice);

#endif
