/*
 * join: several records that are one event → that event.
 *
 * A dialect with `records:` (ecs: mews.facets) says of each record in how many of them its event stands. Those that
 * follow each other with the same id become one event, with the facets of all, at the place of the first:
 *
 *   {"event": {"id": "7", …process…}, "mews": {"facet": 1, "facets": 2}}      ┐
 *   {"event": {"id": "7", …container…}, "mews": {"facet": 2, "facets": 2}}    ┘ one event of two facets
 *
 * Where records are missing, what is there is the event. The lines of further records count as continued.
 */
#ifndef MEWS_JOIN_H
#define MEWS_JOIN_H

#include "replay/readers/reader.h"

/* Begin with all zeroes save `sink`, whom events go on to, and `ledger`. */
struct joiner {
	struct event_sink sink;
	struct ledger *ledger;
	struct arena *within; /* joiner_move; NULL: `arena` */
	struct arena arena;
	struct event *event; /* that waits for its further records; NULL: none does */
	size_t awaited;
	uint64_t line;       /* of its newest record */
};

/* A sink that joins what it is given. */
struct event_sink joiner_sink(struct joiner *joiner);
/* Does an event wait for further records? */
bool joiner_open(const struct joiner *joiner);
/* From here on events are joined in that arena, and stay; the one that waits moves there. NULL: an arena of the joiner's own,
 * where each lives until the sink returns. */
void joiner_move(struct joiner *joiner, struct arena *within);
/* What still waits goes on, unless reading failed or was stopped (`status`). Returns the status. */
int joiner_end(struct joiner *joiner, int status);

#endif
