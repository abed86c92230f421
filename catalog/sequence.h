/*
 * sequence: conditions over several events, as EQL has them: what they are, and the oracle of what they mean.
 *
 *   sequence by host.name, user.name with maxspan=1m
 *     [authentication where event.outcome == "failure"] with runs=5
 *     ![session where event.action == "lock"]
 *     [authentication where event.outcome == "success"]
 *     until [session where event.action == "end"]
 *
 * A sequence's **chain** begins at an event that fits the first step. Each further step takes the first event
 * behind the one before that fits it and has the same key; all of them lie within maxspan (from first to last,
 * both counted in). The chain's last event is where the alert sits. Several chains may end in one event: it
 * matches once. In detail:
 *
 * - Key: the values of the `by` fields, those of `sequence by` first, then the step's own, which are as many in each
 *   step. An event that lacks one of them takes part in no chain. Without `by` all events have one key.
 * - An event fits a step if the step's condition holds on one of its facets; the key is that facet's. It fills one
 *   step of a chain at most.
 * - `with runs=N`: N events in a row that fit, as if the step stood there N times.
 * - `with distinct(FIELD)=N`: mews's own. The step takes events that fit and have the field, until they have
 *   shown N different values of it.
 * - `![ … ]`: no event fits between the events of the steps beside it. In front: none within maxspan before the
 *   last event, up to the first. At the end: none within maxspan of the first event, behind the last (the
 *   alert then sits at the last event that is there).
 * - `until`: an event that fits it ends all chains of its key that are under way; it may itself begin one.
 * - `sample`: the steps in any order. An event is the last of a match if each other step has an event of its own
 *   before it, of the same key and within maxspan. No `![ ]`, runs, distinct or until.
 *
 * Order is by time; events of one time are in the order of their ids where both are numbers (audit serials), else as
 * they came. Events without a time take part in nothing. maxspan is required: memory is bounded by it.
 */
#ifndef MEWS_SEQUENCE_H
#define MEWS_SEQUENCE_H

#include "catalog/evaluate.h"

enum {
	SEQUENCE_STEPS_MAX = 32,
	SEQUENCE_KEYS_MAX = 16,
	SEQUENCE_RUNS_MAX = 1000 /* of runs and of distinct */
};

struct sequence_step {
	struct condition *condition; /* CATEGORY where EXPR; without a name */
	const unsigned *by;          /* [key_count] of the sequence: `sequence by` first, then the step's own */
	bool missing;                /* ![ … ] */
	size_t runs;                 /* 1 or more */
	unsigned distinct;           /* FIELD_NONE, or the field whose values are counted; then distinct_count ≥ 2 */
	size_t distinct_count;
};

struct sequence {
	bool sample;
	struct sequence_step *steps;
	size_t count;
	struct sequence_step *until; /* NULL: none */
	size_t key_count, shared_count; /* of `by`: the first shared_count stand behind `sequence by` */
	int64_t maxspan;             /* nanoseconds, above 0 */
};

/* The step at whose event the alert sits: the last one that is no ![ ]. (Of a sample it may be any.) */
const struct sequence_step *sequence_last(const struct sequence *sequence);

/* "10m" → nanoseconds: a whole number with ms, s, m, h or d, above 0 and at most 3650 days. */
bool duration_parse(struct text text, int64_t *nanoseconds);
/* With the largest unit that leaves a whole number. */
void duration_print(int64_t nanoseconds, struct buffer *out);

#endif
