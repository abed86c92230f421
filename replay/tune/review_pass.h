/*
 * review_pass: what review asks of the events, in one pass. Nobody else includes it.
 */
#ifndef MEWS_REVIEW_PASS_H
#define MEWS_REVIEW_PASS_H

#include "replay/measure/baseline.h"
#include "replay/tune/aspect.h"
#include "replay/tune/review.h"

/* What all alerts that an exception removed have in common: a field that has the same one value in all of them. */
struct common {
	struct text *values; /* [field_count]; no data: it differs, or is missing somewhere */
	uint64_t seen;
};

/* Alerts of an attack that an exception removes: the first, and how many. */
struct excepted {
	size_t item;
	const struct detection *detection;
	const struct dataset *dataset;
	const struct episode *episode;
	const char *file;
	uint64_t line, count;
};

struct review_pass {
	struct review *review;
	struct baseline baseline;
	struct evaluator *evaluator;
	struct aspects aspects;
	uint64_t *both;         /* [count][count]: alerts that two of them remove */
	bool *wide;             /* [count]: asks for a program or a user alone */
	bool *present;          /* [count][field_count]: was the field there on some match that it speaks of? */
	struct common *commons; /* [count]: of wide ones */
	bool *holds;            /* [count]: of the match at hand */
	struct excepted *excepted; /* of attacks: first of each exception, episode and detection */
	size_t excepted_count;
};

/* Asks every event. NULL: reported. */
struct results *review_pass(struct review_pass *pass, const struct replay_options *options, struct diagnostics *d);

#endif
