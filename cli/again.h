/*
 * again: what a stored run replayed, replayed again with the catalog at hand: the same datasets and files, the same
 * organizations where they are still there, the same target's rules.
 *
 *   struct again again = {.store = project->store};              NULL: nothing is stored
 *   if (again_replay(project, options, reference, &again) == 0)
 *   	compare_runs(reference->results, again.results, &d);
 *   again_free(&again);
 */
#ifndef MEWS_AGAIN_H
#define MEWS_AGAIN_H

#include "cli/datasets.h"
#include "cli/deployed.h"
#include "replay/runs/runs.h"

struct again {
	struct store *store;       /* the run is stored there; NULL: nowhere */
	const char *arguments;     /* of the stored run */
	bool quiet;                /* no progress */
	bool look;                 /* only whether catalog and corpus go together: nothing is replayed */
	struct text only;          /* this dataset alone; empty: all */
	struct results *results;   /* with all alerts */
	struct datasets datasets;
	struct deployment *deployment;
};

/* The project's catalog is open. --as-of of the options counts; else exceptions are judged as of today. -1: reported. */
int again_replay(struct project *project, const struct options *options, const struct stored_run *like, struct again *again);
void again_free(struct again *again);

#endif
