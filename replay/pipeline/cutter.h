/*
 * cutter: the files of a source, one after the other, in pieces that end at borders between events.
 *
 * A border is found by the reader (reader.h) near the end of what was read; what stands behind it begins the next piece. Where
 * none is found within a few times the size of a batch, any newline has to do. A line longer than INPUT_LINE_MAX is
 * cut as input.h does, so that no source can make a piece large.
 */
#ifndef MEWS_CUTTER_H
#define MEWS_CUTTER_H

#include "replay/pipeline/batch.h"

struct cutter {
	const struct source *source;
	size_t size;              /* of a batch */
	size_t file;              /* the one at hand or, where `input` is NULL, the next */
	struct input *input;
	bool own;                 /* the input was opened here */
	bool first;
	bool whole;               /* the file at hand cannot be cut */
	struct buffer begin;      /* what the reader has to know of its beginning */
	struct buffer rest;       /* what stands behind the last border */
	uint64_t before;          /* bytes of the files that were finished */
	void *gathering;          /* reader_gathering's state */
	struct ledger account;    /* of its lines */
	const _Atomic unsigned *torn; /* how often of late it was no use to read ahead (stitcher.h) */
};

enum cut {
	CUT_BATCH, /* the batch has something, be it that a file cannot be opened */
	CUT_WHOLE, /* the file at hand cannot be cut: `input` is for somebody else, who says cutter_done */
	CUT_END,   /* there is no further file */
};

void cutter_begin(struct cutter *cutter, const struct source *source, size_t size, const _Atomic unsigned *torn);
enum cut cutter_take(struct cutter *cutter, struct batch *batch);
void cutter_done(struct cutter *cutter);
void cutter_end(struct cutter *cutter);

#endif
