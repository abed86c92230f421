/*
 * sequencer: the catalog's sequences over the events of a dataset, as they come.
 *
 *   event and the steps that it fits (engine.h) → its keys → held for a while → in order of time → automata → settled
 *
 * Sources are a little out of order (audit: up to some seconds). So what an event is to the steps is held until an
 * event has come that is SEQUENCER_LAG later, and is then taken in order (sequence_order_of): the same events give
 * the same matches in whatever order they come within the lag. Only events that fit a step are held, and only those
 * that may be the last of a chain are copied, since an alert needs them.
 *
 * An event that may be the last of a chain is decided later than it comes: at once when its turn is there, or after
 * maxspan where a sequence ends in ![ ]. Until then all that it matches of the same detection is held back, so
 * that a detection still matches an event once.
 *
 * Another file, or an event from before the lag, restarts the clock: what is held is taken first. What comes
 * too late to be put in order is taken as it comes, and counted. Memory is bounded: SEQUENCER_HELD events, and
 * SEQUENCER_PLACES of each sequence; what is dropped is counted.
 */
#ifndef MEWS_SEQUENCER_H
#define MEWS_SEQUENCER_H

#include "replay/engine/plan.h"

#define SEQUENCER_LAG (INT64_C(10) * 1000000000) /* nanoseconds */
enum { SEQUENCER_HELD = 16384, SEQUENCER_PLACES = 1 << 20 };

struct sequencer;

struct sequencer *sequencer_new(const struct plan *plan, size_t mark_words); /* the plan must outlive it */
void sequencer_free(struct sequencer *sequencer);
void sequencer_reset(struct sequencer *sequencer); /* a dataset begins; losses go on being counted */

/* Takes the event with the steps that its facets fit (by facet, condition and step), and out of its hits those of detections
 * that are held back; returns how many are left. */
size_t sequencer_take(struct sequencer *sequencer, const struct event *event, const struct plan_step *steps, size_t step_count,
	struct plan_hit *hits, size_t count);
/* Room for its user's notes on the event that was taken last, zeroed: they come back with it. NULL: nothing of it is
 * held back. */
uint64_t *sequencer_marks(struct sequencer *sequencer);

/* An event of earlier with what it matches, which may be nothing new but what was held back. NULL: none is decided. */
struct settled {
	const struct event *event; /* a copy; good until the next call */
	struct matches matches;    /* at least one */
	uint64_t *marks;
};
const struct settled *sequencer_settled(struct sequencer *sequencer);
void sequencer_finish(struct sequencer *sequencer); /* no more events: everything is decided */

uint64_t sequencer_dropped(const struct sequencer *sequencer);
uint64_t sequencer_late(const struct sequencer *sequencer);

#endif
