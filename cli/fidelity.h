/*
 * fidelity: how well each target can say each condition, as figures of a run (results.fidelity).
 *
 *   how.complete = fidelity_complete;       -- replay_run fills it before the store keeps the run
 *   fidelity_fill(stored->results, &d);     -- or afterwards, of a run that came from the store without it
 *
 * A pack of every target is made in memory for every organization of the results, with their catalog and day, and nothing
 * of it is kept but the best that a rule claims for each condition, and why it is no better. Conditions of detections that
 * the organization does not run (disabled, below its severity) have no row.
 */
#ifndef MEWS_FIDELITY_H
#define MEWS_FIDELITY_H

#include "replay/measure/results.h"

/* What there is already is replaced. -1: reported; then there is none. */
int fidelity_fill(struct results *results, struct diagnostics *d);
/* The same as replay_options.complete; the context is not looked at. */
int fidelity_complete(void *context, struct results *results, struct diagnostics *d);

#endif
