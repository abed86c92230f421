/*
 * tune_organization: the organization as it would be with the proposed exceptions, in memory.
 */
#ifndef MEWS_TUNE_ORGANIZATION_H
#define MEWS_TUNE_ORGANIZATION_H

#include "catalog/catalog.h"
#include "replay/tune/tune.h"

/* A copy in the arena whose exceptions are the organization's, then the proposals in their order. NULL: reported. */
const struct organization *tune_organization(struct arena *arena, const struct catalog *catalog,
	const struct proposals *proposals,
	struct diagnostics *d);

/* The same, but each clause of each proposal is an exception of its own, and the organization's are left out. */
const struct organization *tune_organization_of_parts(struct arena *arena, const struct catalog *catalog,
	const struct proposals *proposals, struct diagnostics *d);

/* Names that no other exception of the organization has: build-farm, build-farm-2 … */
void tune_name_apart(struct proposals *proposals);

#endif
