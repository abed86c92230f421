/*
 * automaton: one sequence or sample over events in order, key by key (catalog/sequence.h says what it means).
 *
 * A key has a lane: for each step and count of events of it, the newest beginning of a chain that stands there. One
 * is enough: of two chains at the same point both go on alike, and the later one has more time. So a lane is as large as
 * the sequence is long, however many events come, and takes time only when an event fits.
 *
 *   [A] with runs=2 [B]       a1 a2 b a3       lane after a2: 1 of step 1: a2, 2 of step 1: a1
 *                                              b ends the chain of a1; a2 stands; after a3: 1 of step 1: a3, 2: a2
 *
 * Lanes that nothing touched for maxspan are forgotten. There are at most `limit` places in all lanes together: beyond,
 * the lane touched longest ago is dropped, and its chains are counted in `dropped`. So are the oldest of more than
 * AUTOMATON_WAITS_MAX complete chains that wait for what must not come.
 *
 * Events must come in order; one that comes with an earlier time than a chain's beginning does not go on with it.
 */
#ifndef MEWS_AUTOMATON_H
#define MEWS_AUTOMATON_H

#include "catalog/sequence.h"

enum { AUTOMATON_WAITS_MAX = 8192 };

struct automaton;

/* What an event is to the sequence under one key. */
struct fit_value {
	size_t step;
	struct text text;
};
struct fit {
	struct text key;
	uint64_t steps;  /* bit i: it fits step i (one that counts values: and has one); bit `count`: until */
	const struct fit_value *values; /* of steps that count values */
	size_t value_count;
};

/* A wait (for ![ ] at the end) is over; `holds`: nothing came, so the ticket's event ends a chain. */
struct automaton_waits {
	void (*resolved)(void *context, void *ticket, bool holds);
	void *context;
};

struct automaton *automaton_new(const struct sequence *sequence, size_t limit, struct automaton_waits waits);
void automaton_free(struct automaton *automaton);
void automaton_reset(struct automaton *automaton); /* forgets everything; waits are not told */

/* The event is the last of a chain; or it is if nothing forbidden comes within maxspan, and `resolved` will say
 * so with its ticket. */
enum automaton_answer { AUTOMATON_NOTHING, AUTOMATON_ENDS, AUTOMATON_WAITS };
enum automaton_answer automaton_take(struct automaton *automaton, const struct fit *fit, int64_t time, void *ticket);
/* All events before `now` have been taken: resolves waits and forgets lanes that are over. */
void automaton_settle(struct automaton *automaton, int64_t now);
/* No more events: resolves all waits; nothing can come any more. */
void automaton_finish(struct automaton *automaton);

/* Could an event at this step be the last one of a chain? */
bool automaton_may_end(const struct sequence *sequence, size_t step);
size_t automaton_lanes(const struct automaton *automaton);
uint64_t automaton_dropped(const struct automaton *automaton);

#endif
