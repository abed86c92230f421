/*
 * tune_said: how each target can say the proposed exceptions: the organization's pack is built with them, and what it says
 * of them is taken over.
 */
#ifndef MEWS_TUNE_SAID_H
#define MEWS_TUNE_SAID_H

#include "catalog/catalog.h"
#include "replay/tune/tune.h"

/* Fills said and said_count of each proposal, a target each, in the proposals' arena. -1: reported. */
int tune_said(const struct catalog *catalog, struct text as_of, struct proposals *proposals, struct diagnostics *d);

#endif
