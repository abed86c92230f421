/*
 * tune_proposals: proposals with all that makes them safe: mined (tune.h), judged (safety.h), and asked of each target
 * (tune_said.h). For every verb that shows proposals.
 */
#ifndef MEWS_TUNE_PROPOSALS_H
#define MEWS_TUNE_PROPOSALS_H

#include "replay/tune/tune.h"

/* NULL: reported. Freed by proposals_free. */
struct proposals *tune_propose(const struct tune_options *options, struct diagnostics *d);

#endif
