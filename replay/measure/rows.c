/* rows: runs, measures and alerts in the store (see rows.h). */
#include "replay/measure/rows.h"
#include "catalog/version.h"
#include "replay/measure/columns.h"
#include "replay/measure/rows_alerts.h"
#include "replay/measure/rows_write.h"

#include <stdlib.h>
#include <time.h>

struct rows {
	struct arena arena;
	struct store *store;
	struct alert_rows *alerts;
	int64_t run;
};

static int step(struct rows *rows, sqlite3_stmt *statement, struct diagnostics *d)
{
	int code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : store_fail(rows->store, "write the run's rows", d);
}

static struct text time_now(struct arena *arena)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	char text[40];
	size_t length = date_format((int64_t)now.tv_sec * 1000000000, text);
	return text_of(arena_strndup(arena, text, length));
}

/* Beginning */

static int insert_run(struct rows *rows, const struct rows_head *head, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(rows->store,
		"INSERT INTO run(started, revision, corpus_hash, as_of, mews_version, arguments, catalog, kept)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)", d);
	if (!statement)
		return -1;
	struct row row = {statement, 1};
	row_bind_text(&row, time_now(&rows->arena));
	row_bind_text(&row, text_of(head->catalog->revision));
	row_bind_text(&row, text_of(head->corpus_hash));
	row_bind_text(&row, head->as_of);
	row_bind_text(&row, text_of(MEWS_VERSION));
	row_bind_text(&row, text_of(head->arguments));
	row_bind_text(&row, text_of(head->catalog->folder));
	row_bind_count(&row, ROWS_KEPT);
	int failed = step(rows, statement, d);
	rows->run = sqlite3_last_insert_rowid(store_connection(rows->store));
	sqlite3_finalize(statement);
	return failed;
}

struct rows *rows_begin(struct store *store, const struct rows_head *head, struct diagnostics *d)
{
	struct rows *rows = mem_alloc(sizeof *rows);
	*rows = (struct rows){.store = store};
	if (store_begin(store, d)) {
		free(rows);
		return NULL;
	}
	if (!insert_run(rows, head, d))
		rows->alerts = alert_rows_begin(store, rows->run, d);
	if (!rows->alerts) {
		rows_abandon(rows);
		return NULL;
	}
	return rows;
}

void rows_abandon(struct rows *rows)
{
	if (!rows)
		return;
	alert_rows_free(rows->alerts);
	store_rollback(rows->store);
	arena_free(&rows->arena);
	free(rows);
}

int rows_alert(struct rows *rows, const struct alert *alert, struct diagnostics *d)
{
	return alert_rows_add(rows->alerts, alert, d);
}

static int write_end(struct rows *rows, const struct results *results, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(rows->store, "UPDATE run SET finished = ?, target = ?, headline = ?, seconds = ?,"
		" events = ?, bytes = ? WHERE id = ?", d);
	if (!statement)
		return -1;
	struct row row = {statement, 1};
	row_bind_text(&row, time_now(&rows->arena));
	row_bind_text(&row, text_of(results->target));
	row_bind_text(&row, text_of(part_name(results->headline)));
	row_bind_real(&row, results->seconds);
	row_bind_count(&row, results->events);
	row_bind_count(&row, results->bytes);
	row_bind_count(&row, (uint64_t)rows->run);
	int failed = step(rows, statement, d);
	sqlite3_finalize(statement);
	return failed;
}

int rows_finish(struct rows *rows, struct results *results, struct diagnostics *d)
{
	int failed = alert_rows_finish(rows->alerts, d) || rows_write(rows->store, rows->run, results, d) ||
		write_end(rows, results, d) ? -1 : 0;
	if (!failed)
		failed = store_commit(rows->store, d);
	if (!failed)
		results->run = rows->run;
	rows_abandon(rows); /* after a commit there is nothing to roll back */
	return failed;
}
