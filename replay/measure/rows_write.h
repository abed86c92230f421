/*
 * rows_write: what is known of a run when all events have passed, into the store. Only rows.c calls it.
 */
#ifndef MEWS_ROWS_WRITE_H
#define MEWS_ROWS_WRITE_H

#include "catalog/store.h"
#include "replay/measure/results.h"

/* All tables of the run but `run` and `alert`, within the transaction at hand. */
int rows_write(struct store *store, int64_t run, const struct results *results, struct diagnostics *d);
/* The organization's name; '' where there is no baseline. */
struct text rows_name(const struct organization *organization);

#endif
