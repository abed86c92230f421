/*
 * deployed (deployment_): packs of one target, as replay sees them: what their rules match of each event (mews replay --as).
 */
#ifndef MEWS_DEPLOYED_H
#define MEWS_DEPLOYED_H

#include "cli/packs.h"
#include "replay/measure/measure.h"

struct deployment;

/* A pack for each organization (none: the plain one), made in memory and read back by the target's judge. NULL: reported. */
struct deployment *deployment_new(struct project *project, const char *target, const struct organization **organizations,
	size_t organization_count, struct text as_of);
const struct deployed *deployment_deployed(const struct deployment *deployment);
void deployment_free(struct deployment *deployment); /* NULL is fine */

#endif
