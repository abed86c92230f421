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
 * A run is read with the catalog of its own revision. All that a report says is there. What is not: the ids of alerts
 * (mews label), which are made again from the files where they still stand (labels_ids), and of datasets how their episodes
 * are told apart. A run that was stored by a version that kept less says so in `head.lacks`.
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
	const char *lacks;       /* what was not kept of it, as the end of a sentence; NULL: nothing */
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
/* The same for those who need not see each alert: results.alerts is empty (RUN_FIGURES), or alerts have no event and no fields
 * (RUN_PLACES), which is what a comparison needs. runs_read is RUN_WHOLE. */
enum run_depth { RUN_FIGURES, RUN_PLACES, RUN_WHOLE };
int runs_read_deep(struct store *store, int64_t id, enum run_depth depth, struct stored_run **run, struct diagnostics *d);
void stored_run_free(struct stored_run *run); /* NULL is fine */

/* The run becomes the reference (of that name; "": the project's only one). */
int reference_set(struct store *store, int64_t id, const char *name, struct diagnostics *d);
int reference_clear(struct store *store, const char *name, struct diagnostics *d); /* fine where there is none */
/* *id is 0 where none was set. */
int reference_get(struct store *store, int64_t *id, struct diagnostics *d);

#endif
