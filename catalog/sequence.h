/*
 * sequence: conditions over several events, as EQL has them: what they are, and the oracle of what they mean.
 *
 *   sequence by host.name, user.name with maxspan=1m
 *     [authentication where event.outcome == "failure"] with runs=5
 *     ![session where event.action == "lock"]
 *     [authentication where event.outcome == "success"]
 *     until [session where event.action == "end"]
 *
 * A chain begins at each event that fits the first step. Each further step takes the first event behind the one
 * before that fits it and has the same key; from the first event to the last no more than maxspan may pass. The alert
 * sits at the chain's last event: each beginning is reported once, at the earliest event that completes it, and an event
 * that completes several chains matches once. In detail:
 *
 * - Key: the values of the `by` fields, those of `sequence by` first, then the step's own, which are as many in each
 *   step. An event that lacks one of them takes part in no chain. Without `by` all events have one key. A list stands
 *   for each of its values: the event has several keys, and takes part under each.
 * - An event fits a step if the step's condition holds on one of its facets; the key is that facet's. It fills one
 *   step of a chain at most.
 * - `with runs=N`: N events that fit, one after the other, as if the step stood there N times.
 * - `with distinct(FIELD)=N`: mews's own. The step takes events that fit and have the field, until they have
 *   shown N different values of it.
 * - `![ … ]`: between the events of the steps beside it none fits. In front: none within maxspan before the first
 *   event. At the end: none within maxspan behind the last (the alert still sits at that last event).
 * - `until`: an event that fits it ends all chains of its key that are under way; it may itself begin one.
 * - `sample`: the steps in any order. A chain begins at each event that fits any step, and is complete as soon as every
 *   step has been fitted since; one event may fit several. No ![ ], runs, distinct or until.
 *
 * Order is by time; events of one time are in the order of their ids where these are or end in numbers (audit's serials),
 * and else as they came. Events without a time take part in nothing. maxspan is required: it bounds what must be remembered.
 */
#ifndef MEWS_SEQUENCE_H
#define MEWS_SEQUENCE_H

#include "catalog/evaluate.h"

enum {
	SEQUENCE_STEPS_MAX = 32,
	SEQUENCE_KEYS_MAX = 16,
	SEQUENCE_KEYS_OF_ONE = 1000, /* keys that one facet can have through lists */
	SEQUENCE_RUNS_MAX = 1000 /* of runs and of distinct */
};

struct sequence_step {
	struct condition *condition; /* CATEGORY where EXPR; named "NAME, step 2" in a detection */
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

/* --- meaning --- */

/* How many keys the facet has at the step, at most SEQUENCE_KEYS_OF_ONE; 0: it lacks a field of the key. */
size_t sequence_keys(const struct sequence *sequence, const struct sequence_step *step, const struct facet *facet);
/* Does the facet fit the step? Then the number of its keys, else 0. */
size_t sequence_fits(struct evaluator *e, const struct sequence *sequence, const struct sequence_step *step,
	const struct facet *facet);
/* Puts one of these keys into the buffer, as bytes that are equal where all values are. */
void sequence_key(const struct sequence *sequence, const struct sequence_step *step, const struct facet *facet, size_t number,
	struct buffer *key);

/* Where an event stands among others; equal ones keep the order in which they came. */
struct sequence_order {
	int64_t time;
	uint64_t id;
};
struct sequence_order sequence_order_of(const struct event *event);
int sequence_order_compare(const struct sequence_order *a, const struct sequence_order *b);

/* The oracle: sets ends[i] where events[i] ends a chain, and returns how many do. Every chain is followed by itself,
 * over the whole list: simple, and quadratic. */
size_t sequence_evaluate(struct evaluator *e, const struct sequence *sequence, const struct event *const *events,
	size_t count, bool *ends);

/* Does a condition of either kind match one of the events? */
bool condition_matches(struct evaluator *e, const struct condition *condition, const struct event *const *events, size_t count);

/* --- spelling --- */

/* "10m" → nanoseconds: a whole number with ms, s, m, h or d, above 0 and at most 36500 days. */
bool duration_parse(struct text text, int64_t *nanoseconds);
/* With the largest unit that leaves a whole number. */
void duration_print(int64_t nanoseconds, struct buffer *out);

#endif
