/*
 * fidelity_table: what packs can say of each detection, in words: detections × targets, or row by row with reasons.
 *
 *   detection               falco       sigma       auditd
 *   privileged-container    3/3 ewe     3/3 wwe     1/3 --c
 *
 * k/n: conditions that some rule covers. A letter for each condition, in the detection's order: the best that a rule of it
 * claims (e exact, w wider, a approximate, c collects, - none).
 */
#ifndef MEWS_FIDELITY_TABLE_H
#define MEWS_FIDELITY_TABLE_H

#include "generator/pack.h"

#include <stdio.h>

struct fidelity_table {
	struct arena *arena;
	const struct catalog *catalog;
	const char **targets;  /* names, a column each */
	const char ***cells;   /* [target][detection]; NULL: the pack leaves the detection out */
	size_t count;
};

/* A column more; the summary may be freed then. */
void fidelity_table_add(struct fidelity_table *table, const char *target, const struct pack_summary *summary);
void fidelity_table_print(const struct fidelity_table *table, FILE *out);

/* Every row of a pack with its reasons. */
void fidelity_rows_print(const struct pack_summary *summary, FILE *out);

#endif
