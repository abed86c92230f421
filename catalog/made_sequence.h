/*
 * made_sequence: events made for the purpose of asking a sequence: a list that ends in a match, and the same list
 * without its first event, which does not.
 *
 *   sequence by user.name with maxspan=1m [process where process.name == "a"] [process where process.name == "b"]
 *     {process.name: a, user.name: key, @timestamp: …:01Z}  {process.name: b, user.name: key, @timestamp: …:02Z}
 *
 * Each step's event is one that made_match finds for its question; keys are made equal, what distinct counts is made
 * different, and the list is believed only if the oracle (catalog/sequence.h) says that it matches. Everything lives in
 * the arena of `making`.
 */
#ifndef MEWS_MADE_SEQUENCE_H
#define MEWS_MADE_SEQUENCE_H

#include "catalog/made.h"

enum { MADE_CHAIN_MOST = 64 };

struct made_chain {
	struct test_event *events; /* in order of time; each is one facet with an @timestamp */
	size_t count;
	bool misses;               /* without its first event the list does not match */
};

/* false: none was found, or it would be longer than MADE_CHAIN_MOST. */
bool made_chain(const struct making *making, const struct condition *condition, struct made_chain *chain);
/* Does the condition, a sequence or not, match the events? */
bool made_matches(const struct making *making, const struct condition *condition, const struct test_event *events,
	size_t count);

#endif
