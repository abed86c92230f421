/*
 * demands: what a catalog owes whoever relies on it, beyond being right: what each detection should say and prove, and that
 * its techniques are ATT&CK's. Asked by `mews check` alone; no rule and no replay needs it.
 *
 *   catalog_demands(&catalog, false, d);    warnings
 *   catalog_demands(&catalog, true, d);     errors: mews check --strict
 *
 * Detections that are experimental are not asked yet. Where many fail to say the same thing, one sentence stands for all.
 */
#ifndef MEWS_DEMANDS_H
#define MEWS_DEMANDS_H

#include "catalog/catalog.h"

enum { DEMANDED_TESTS = 2 }; /* that match, and as many that do not; known gaps (todo-) are not counted */

/* -1 after an error, which only `strict` gives. */
int catalog_demands(const struct catalog *catalog, bool strict, struct diagnostics *d);

/* A detection that covers the technique, or one below it; NULL: none does. Deprecated ones do not count. */
const struct detection *catalog_covers(const struct catalog *catalog, struct text technique);

#endif
