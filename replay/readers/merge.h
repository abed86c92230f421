/*
 * merge: several sources of one recording as one, by time.
 *
 * Each source is read in a thread of its own and waits until its next event is the earliest of all (of equal times,
 * that of the source that stands first): the order is the same in every run. An event without a time follows the one
 * before it in its source. A bounded number of events waits, so memory does not grow with the sources.
 */
#ifndef MEWS_MERGE_H
#define MEWS_MERGE_H

#include "replay/readers/corpus.h"

/* Reads all files of one source, one after the other. Not 0: what the sink returned, or -1 (reported). */
int source_read(const struct source *source, struct event_sink sink, struct ledger *ledger, struct diagnostics *d);

/* The sink is called by the thread that calls this. */
int sources_merge(const struct source *sources, size_t count, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);

/* What a thread that read a source counted and reported goes to the dataset's; both are freed. */
void source_account(struct ledger *account, struct diagnostics *reports, struct ledger *ledger, struct diagnostics *d);

#endif
