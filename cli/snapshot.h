/*
 * snapshot: what a project is at one moment: its catalog with the tests' verdicts, and the figures of a replay.
 *
 *   struct snapshot *now = snapshot_take(&global, options, &how);
 *   if (now->outcome == SNAPSHOT_GOOD) compare_runs(before->results, now->results, …);
 *   snapshot_free(now);
 *
 * Nothing is stored. What is wrong stands in project.diagnostics; nothing is printed here.
 */
#ifndef MEWS_SNAPSHOT_H
#define MEWS_SNAPSHOT_H

#include "cli/datasets.h"
#include "cli/tally.h"
#include "replay/measure/results.h"

enum snapshot_outcome {
	SNAPSHOT_GOOD,
	SNAPSHOT_WRONG,   /* project file, catalog, corpus or request: see the diagnostics */
	SNAPSHOT_STOPPED, /* `stopped` said so */
};

struct snapshot {
	enum snapshot_outcome outcome;
	struct project project;
	struct datasets datasets;
	struct tally tally;
	struct results *results; /* SNAPSHOT_GOOD alone */
	const struct organization **organizations;
	size_t organization_count;
};

struct snapshot_options {
	bool (*stopped)(void *context); /* may be NULL */
	void *context;
	void (*progress)(void *context, uint64_t bytes, uint64_t events, uint64_t alerts); /* may be NULL */
};

struct snapshot *snapshot_take(const struct global *global, const struct options *options, const struct snapshot_options *how);
void snapshot_free(struct snapshot *snapshot); /* NULL is fine */

#endif
