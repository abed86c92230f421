/*
 * coverage: `mews list --coverage`: what the newest run proves of each detection, what needs work first.
 *
 *   struct coverage_request request = {.format = "text", .surface = "host"};
 *   coverage_list(&project, &request);       0, or -1 (reported)
 *
 * The run is one that the store has: figures that nobody measured are not made up, and a replay is not started unasked. Where
 * the catalog has changed since, a warning says so.
 */
#ifndef MEWS_COVERAGE_LIST_H
#define MEWS_COVERAGE_LIST_H

#include "cli/project.h"
#include "replay/report/proof.h"

struct coverage_request {
	const char *format;               /* text, json or markdown */
	const char *surface, *technique, *state; /* only these; NULL: all */
};

int coverage_list(struct project *project, const struct coverage_request *request);
/* "measured, thin, …": what `state` may be; NULL: it may. */
const char *coverage_no_state(const char *state);

#endif
