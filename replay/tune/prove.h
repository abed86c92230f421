/*
 * prove: the exact figures of proposals, by a second pass over the same datasets: what each removes by outcome, in alerts
 * and groups, and what is left of each detection when all apply. Mining looks at samples; this looks at everything.
 */
#ifndef MEWS_TUNE_PROVE_H
#define MEWS_TUNE_PROVE_H

#include "replay/tune/choose.h"

struct proof {
	uint64_t removed[OUTCOME_COUNT];       /* alerts of own datasets */
	uint64_t lost;                         /* TP or unattributed, of any dataset */
	uint64_t groups_removed;               /* FP */
	uint64_t held_out_removed, held_out_all; /* FP alerts of hold-out datasets, of its detections */
};

struct proof_left {
	uint64_t alerts, groups;               /* FP, when all proposals apply */
	uint64_t held_out_before, held_out;    /* FP alerts of hold-out datasets: all of them, and what is left */
};

/* proofs: [count]; left: [detection_count]. -1: reported. */
int prove(const struct replay_options *options, const struct catalog *catalog, struct candidate *const *items, size_t count,
	struct proof *proofs, struct proof_left *left, struct diagnostics *d);

#endif
