/*
 * tune_proposals: proposals with all that makes them safe: mined (tune.h), judged (safety.h), and asked of each target
 * (tune_said.h). For every verb that shows proposals.
 */
#ifndef MEWS_TUNE_PROPOSALS_H
#define MEWS_TUNE_PROPOSALS_H

#include "replay/tune/tune.h"

/* NULL: reported. Freed by proposals_free. */
struct proposals *tune_propose(const struct tune_options *options, struct diagnostics *d);

/* A copy, in the proposals' arena, that holds only those named, and with `stable` of these (of all, where none is named)
 * only those that were proved stable. NULL: a name that none has (reported). It is not freed by itself. */
struct proposals *tune_take(struct proposals *proposals, const char *const *names, size_t count, bool stable,
	struct diagnostics *d);

#endif
