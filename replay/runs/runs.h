/*
 * runs: what the store keeps of a run, read back as the same figures (replay/measure/results.h), so that every report,
 * comparison and gate works on a run of today and on one of last month alike.
 *
 *   int64_t id = 0;
 *   struct stored_run *run = NULL;
 *   runs_find(store, "reference", &id, d); runs_read(store, id, &run, d);
 *   report_find(TEXT("html"))->write(run->results, &how, out);
 *   stored_run_free(run);
 *
 * A run is read with the catalog of its own revision. What only a run in progress knows (results.skipped, the kinds of
 * records without meaning) is not there; all counts, rates, episodes, alerts, samples, hours, exceptions are.
 */
#ifndef MEWS_RUNS_H
#define MEWS_RUNS_H

#include "catalog/store.h"
#include "replay/measure/results.h"

struct run_head {
	int64_t id;
	struct text started, finished, revision, corpus_hash, as_of, version, arguments, target; /* target: empty: detections */
	struct text name;        /* `mews reference set` may name it; else empty */
	bool reference;          /* the one that comparisons are made with */
};

struct stored_run {
	struct arena arena;
	struct run_head head;
	struct catalog catalog;  /* of the run's revision; results point into it */
	struct results *results;
};

/* All finished runs, newest first. The list is the arena's. */
int runs_list(struct store *store, struct arena *arena, struct run_head **heads, size_t *count, struct diagnostics *d);
/* `name`: a number, "latest", "latest~1" (the one before), "reference", or the name of a reference. -1: reported, with
 * what there is instead. */
int runs_find(struct store *store, const char *name, int64_t *id, struct diagnostics *d);
int runs_read(struct store *store, int64_t id, struct stored_run **run, struct diagnostics *d);
void stored_run_free(struct stored_run *run); /* NULL is fine */

/* The run becomes the reference (of that name; "": the project's only one). */
int reference_set(struct store *store, int64_t id, const char *name, struct diagnostics *d);
/* *id is 0 where none was set. */
int reference_get(struct store *store, int64_t *id, struct diagnostics *d);

#endif
