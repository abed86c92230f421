/*
 * stitcher: batches in their order, put right for what does not depend on where they were cut.
 *
 * Chunks are read before it is known whether the one before ended inside of an event. Where it did (torn), its open
 * end is carried to the next one, and both are read again:
 *
 *   read      {"a":1}⏎{"b":⏎ | 2}⏎{"c":3}⏎       the first is torn at {"b":, the second begins with what is no event
 *   derive    {"a":1}⏎ | {"b":⏎2}⏎{"c":3}⏎      the open end and the second chunk are one
 *
 * Lines become those of the file, accounts are added up, files get their account in the dataset's ledger, and what the
 * events before say of an event (derive_in_order) is filled in.
 */
#ifndef MEWS_STITCHER_H
#define MEWS_STITCHER_H

#include "replay/pipeline/batch.h"
#include "replay/readers/join.h"

struct stitcher {
	const struct source *source;
	struct deriver *deriver;
	struct ledger *ledger;  /* of the dataset */
	struct ledger account;  /* of the file at hand */
	uint64_t lines;         /* of it, before what is open or, without that, before the next batch */
	struct buffer open;     /* the end of the batches before */
	bool first;             /* it is the beginning of the file */
	bool resumes;           /* it begins within a line that is in the account */
	size_t next_try;        /* bytes that are there when it is read again */
	struct joiner joiner;   /* of records that are one event */
	_Atomic unsigned torn;  /* up with each chunk that was, down with each that was not */
};

void stitcher_begin(struct stitcher *stitcher, const struct source *source, struct deriver *deriver, struct ledger *ledger);
void stitcher_take(struct stitcher *stitcher, struct batch *batch, struct worker *worker);
void stitcher_end(struct stitcher *stitcher);

#endif
