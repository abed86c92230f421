/*
 * rows: a run in the store. Counts always, a row for each alert of an organization's own datasets.
 *
 * All in one transaction: rows_begin opens it and writes the run's row, alerts go in while events pass,
 * rows_finish writes all else that the results hold, and commits. The catalog's revision must
 * be in the store. Tables: docs/store.md. What is written here, replay/runs/runs.h reads back.
 *
 * An alert costs as little as an event: its row is numbers. Its event and fields are written only where alert.whole says
 * so (results.h); of the others the row has file and line, and they are made of the source again when somebody looks.
 */
#ifndef MEWS_ROWS_H
#define MEWS_ROWS_H

#include "catalog/store.h"
#include "replay/measure/results.h"

/* How much of a run is kept, in the column run.kept: 2: all that a report says. Of runs with 1 there are the measures, the
 * episodes' detections and the alerts alone. */
enum { ROWS_KEPT = 2 };

/* Alerts of each organization and detection that are kept whole, beside samples and first ones. */
enum { ROWS_WHOLE_ALERTS = 1000 };

struct rows;

/* What is known of a run before it begins. */
struct rows_head {
	const struct catalog *catalog;
	const char *corpus_hash; /* hex */
	struct text as_of;
	const char *arguments;
};

struct rows *rows_begin(struct store *store, const struct rows_head *head, struct diagnostics *d); /* NULL: reported */
int rows_alert(struct rows *rows, const struct alert *alert, struct diagnostics *d);
/* Writes the rest, commits, frees; results->run is set. */
int rows_finish(struct rows *rows, struct results *results, struct diagnostics *d);
void rows_abandon(struct rows *rows); /* rolls back and frees; NULL is fine */

#endif
