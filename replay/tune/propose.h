/*
 * propose: what a proposal says to people: its name, its reason, its end, and its YAML.
 */
#ifndef MEWS_TUNE_PROPOSE_H
#define MEWS_TUNE_PROPOSE_H

#include "replay/tune/choose.h"
#include "replay/tune/tune.h"

/* Fills name, reason, owner, expires and parts; texts are the arena's. Names are new among the organization's exceptions
 * and the first `index` proposals. */
void propose(struct arena *arena, const struct observations *observations, const struct candidate *candidate,
	struct text as_of,
	struct proposals *proposals, size_t index);

#endif
