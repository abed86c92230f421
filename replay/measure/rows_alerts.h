/*
 * rows_alerts: alerts into the store at the pace of the replay. Only rows.c calls it.
 *
 * The organizations that a match alerts in one group share a row of numbers; what many matches share is in rows beside it
 * (docs/store.md). Rows are written in batches, and an index that would be looked after for every row is dropped
 * when many come, and built when all are there. Alerts that do not come whole stand in blocks, hundreds a row.
 */
#ifndef MEWS_ROWS_ALERTS_H
#define MEWS_ROWS_ALERTS_H

#include "catalog/store.h"
#include "replay/measure/results.h"

struct alert_rows;

/* Within the transaction at hand. NULL: reported. */
struct alert_rows *alert_rows_begin(struct store *store, int64_t run, struct diagnostics *d);
int alert_rows_add(struct alert_rows *rows, const struct alert *alert, struct diagnostics *d);
/* All have come. */
int alert_rows_finish(struct alert_rows *rows, struct diagnostics *d);
void alert_rows_free(struct alert_rows *rows); /* NULL is fine */

#endif
