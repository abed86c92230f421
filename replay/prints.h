/*
 * prints: the fingerprints of a run's datasets (fingerprint.h), as they are when it begins.
 *
 * Hashing the bytes of a large corpus takes a good part of the time of replaying it. So a dataset's hash is kept in the store
 * beside what the file system says of its files, and taken from there while that is the same.
 */
#ifndef MEWS_PRINTS_H
#define MEWS_PRINTS_H

#include "catalog/store.h"
#include "replay/measure/results.h"

struct print {
	char hash[65];
	struct text description;
};

struct prints {
	struct arena arena;
	struct print *items; /* [count] */
	size_t count;
	char corpus[65];     /* of all datasets, in order; empty: nobody asked */
};

/* `store` NULL: nothing is remembered. -1: reported. */
int prints_make(struct prints *prints, const struct catalog *catalog, struct dataset *const *datasets, size_t count,
	struct store *store, struct diagnostics *d);
/* Into the results; without prints_make nothing happens. */
void prints_add(const struct prints *prints, struct results *results);
void prints_free(struct prints *prints);

#endif
