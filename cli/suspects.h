/*
 * suspects: the documents that differ between two catalogs, and catalogs that have some of these changes.
 *
 *   struct suspects suspects;
 *   suspects_find(&suspects, &arena, good, bad);
 *   suspects_compose(&suspects, items, count, folder, &catalog, &d);   the good catalog with these changes
 *
 * A detection that moved to another file (it was renamed) is one change: its id cannot stand twice. Documents point into the
 * two catalogs, which must outlive what is composed.
 */
#ifndef MEWS_SUSPECTS_H
#define MEWS_SUSPECTS_H

#include "catalog/catalog.h"

struct suspect {
	const struct document *before, *after; /* one may be NULL: was not, is not there */
};

struct suspects {
	const struct catalog *good, *bad;
	struct suspect *items;
	size_t count;
};

void suspects_find(struct suspects *suspects, struct arena *arena, const struct catalog *good, const struct catalog *bad);
/* -1: these changes do not go together (reported). The catalog is to be freed all the same. */
int suspects_compose(const struct suspects *suspects, const size_t *items, size_t count, const char *folder,
	struct catalog *catalog, struct diagnostics *d);
const char *suspect_path(const struct suspect *suspect);

#endif
