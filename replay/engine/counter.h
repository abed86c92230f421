/*
 * counter: chains that count different values of a field (`with distinct(f)=N`).
 *
 * Values are kept with when they were seen last, newest first. A chain that came in at some moment has seen as
 * many values as stand before that moment: so chains share the values, and two that have seen equally many have
 * seen the same, and the newer one is kept. N - 1 values and N - 1 chains are the most.
 */
#ifndef MEWS_COUNTER_H
#define MEWS_COUNTER_H

#include "catalog/text.h"

/* Where a chain began. `at` counts events of the automaton; 0: nowhere. */
struct mark {
	int64_t time;
	uint64_t at;
};

struct counted_value {
	char *data; /* malloc'd */
	size_t length;
	uint64_t seen;
};

struct counted_chain {
	struct mark begin;
	uint64_t came; /* it counts values that were seen later than this */
};

struct counter {
	struct counted_value *values; /* newest first */
	size_t value_count, value_capacity;
	struct counted_chain *chains; /* oldest first */
	size_t chain_count, chain_capacity;
};

void counter_enter(struct counter *counter, struct mark begin, uint64_t came);
void counter_see(struct counter *counter, struct text value, uint64_t now);
/* After all values of an event: takes out the chains that have seen `wanted` values; *done is the newest of them that
 * began at most `span` before `time` (at 0: none). Forgets chains that are over, and values that nobody needs. */
void counter_finish(struct counter *counter, size_t wanted, int64_t time, int64_t span, struct mark *done);
void counter_clear(struct counter *counter); /* and frees what it holds */

#endif
