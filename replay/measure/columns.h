/*
 * columns: the columns of a run's tables in the store, and where their values stand in the results. What rows.c writes and
 * runs.c reads back is one table, so that neither can forget a figure.
 *
 *   char *sql = columns_insert(&arena, "run_total", "run, organization, use", total_columns);
 *   struct row row = {statement, 1};                  columns count from 1 where they are bound, from 0 where they are read
 *   row_bind_count(&row, run); … columns_bind(&row, total_columns, &total);
 */
#ifndef MEWS_COLUMNS_H
#define MEWS_COLUMNS_H

#include "catalog/store.h"
#include "replay/measure/results.h"

enum column_kind {
	COLUMN_COUNT, /* uint64_t */
	COLUMN_SIZE,  /* size_t */
	COLUMN_FLAG,  /* bool */
	COLUMN_REAL,  /* double; NULL is NAN */
	COLUMN_LIMIT, /* double; NULL is none, which is negative */
	COLUMN_RATE,  /* struct rate: the value and four more columns */
};

struct column {
	const char *name; /* NULL: the end */
	enum column_kind kind;
	size_t offset;
};

extern const struct column measure_columns[];   /* struct measure */
extern const struct column total_columns[];     /* struct total */
extern const struct column ledger_columns[];    /* struct ledger */
extern const struct column outcome_columns[];   /* uint64_t [OUTCOME_COUNT] */

/* "INSERT INTO table(first, …) VALUES (?, …)"; `first`: names, separated by ", "; columns may be NULL. In the arena. */
char *columns_insert(struct arena *arena, const char *table, const char *first, const struct column *columns);
/* "SELECT first, … FROM table WHERE run = ? rest" */
char *columns_select(struct arena *arena, const char *table, const char *first, const struct column *columns,
	const char *rest);

/* What `alert.sample` says of an alert. */
enum { ALERT_SAMPLE = 1, ALERT_FIRST = 2 };

/* One row: values in order. */
struct row {
	sqlite3_stmt *statement;
	int at;
};
void columns_bind(struct row *row, const struct column *columns, const void *object);
void row_bind_text(struct row *row, struct text text);
void row_bind_count(struct row *row, uint64_t number);
void row_bind_real(struct row *row, double number);    /* NAN is NULL */
void row_bind_time(struct row *row, int64_t time);     /* INT64_MIN is NULL */

void columns_read(struct row *row, const struct column *columns, void *object);
struct text row_text(struct row *row, struct arena *arena); /* a copy; NULL is empty */
struct text row_view(struct row *row);                 /* until the next step; NULL is empty */
uint64_t row_count(struct row *row);                   /* NULL is 0 */
double row_real(struct row *row);                      /* NULL is NAN */
int64_t row_time(struct row *row);                     /* NULL is INT64_MIN */

#endif
