/*
 * mine: what the miner would propose if it saw only some of the false positives.
 *
 *   struct fold fold = {takes_first_half, context};
 *   struct mined *mined = tune_mine(&options, &fold, &d);
 *   for each mined->items[i]: node, detections (indices in the catalog)
 *   mined_free(mined);
 *
 * What must stay visible (attacks, risky alerts) is seen whole, whatever the fold.
 */
#ifndef MEWS_MINE_H
#define MEWS_MINE_H

#include "replay/tune/tune.h"

struct fold {
	bool (*takes)(void *context, const struct observed_match *match); /* of a false positive of an own dataset */
	void *context;
};

struct mined_item {
	const struct node *node;
	const uint32_t *detections;
	size_t detection_count;
};

struct mined {
	struct mined_item *items;
	size_t count;
	struct observations *observations;
	struct describer *describer;
};

/* NULL: reported. */
struct mined *tune_mine(const struct tune_options *options, const struct fold *fold, struct diagnostics *d);
void mined_free(struct mined *mined); /* NULL is fine */

#endif
