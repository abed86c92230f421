/*
 * parts: what the files of this folder share while a run is read. Nobody else includes it.
 */
#ifndef MEWS_RUNS_PARTS_H
#define MEWS_RUNS_PARTS_H

#include "replay/measure/columns.h"
#include "replay/runs/runs.h"

struct reading {
	struct store *store;
	struct diagnostics *d;
	struct stored_run *run;
	enum run_depth depth;
	struct arena scratch;           /* SQL */
	struct dataset_result *newest;  /* that was asked for */
	size_t position;                /* of the newest detection in the catalog */
	int failed;                     /* reported; what is read from then on counts no more */
};

/* Rows of the run; `columns` may be NULL. NULL: reported. */
sqlite3_stmt *reading_select(struct reading *r, const char *table, const char *first, const struct column *columns,
	const char *rest);
/* The next row; after the last one the statement is gone. NULL gives none. */
bool reading_next(struct reading *r, sqlite3_stmt *statement, struct row *row);

/* NULL, and r->failed, where there is none; an organization '' is NULL. */
const struct detection *reading_detection(struct reading *r, struct text name);
const struct organization *reading_organization(struct reading *r, struct text name);
struct dataset_result *reading_dataset(struct reading *r, struct text name);
const struct episode *reading_episode(struct reading *r, const struct dataset *dataset, struct text name);

/* runs_datasets.c: datasets with their episodes, and the accounts of their files */
void reading_datasets(struct reading *r);
/* runs_alerts.c: what became of each episode; alerts and samples */
void reading_episodes(struct reading *r);
void reading_alerts(struct reading *r);

#endif
