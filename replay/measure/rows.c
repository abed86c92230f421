/* rows: runs, measures and alerts in the store (see rows.h). */
#include "replay/measure/rows.h"
#include "catalog/version.h"
#include "replay/measure/columns.h"
#include "replay/measure/rows_write.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Up to so many alert rows that stand already, indexes are dropped and built again after the run's rows:
 * twice to four times as fast as keeping them while inserting. */
#define INDEX_ROWS "200000"

struct index_sql {
	struct text name, sql;
};

struct rows {
	struct arena arena;
	struct store *store;
	sqlite3_stmt *alert;
	int64_t run;
	struct index_sql *indexes; /* to be built again */
	size_t index_count;
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

static struct text column(struct arena *arena, sqlite3_stmt *statement, int at)
{
	const unsigned char *data = sqlite3_column_text(statement, at);
	return text_of(arena_strdup(arena, data ? (const char *)data : ""));
}

static int list_indexes(struct rows *rows, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(rows->store,
		"SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'alert' AND sql IS NOT NULL"
		" AND (SELECT coalesce(max(id), 0) FROM alert) < " INDEX_ROWS, d);
	if (!statement)
		return -1;
	while (sqlite3_step(statement) == SQLITE_ROW) {
		rows->indexes = arena_grow(&rows->arena, rows->indexes, rows->index_count, sizeof *rows->indexes);
		rows->indexes[rows->index_count++] = (struct index_sql){
			column(&rows->arena, statement, 0), column(&rows->arena, statement, 1)};
	}
	sqlite3_finalize(statement);
	return 0;
}

static int drop_indexes(struct rows *rows, struct diagnostics *d)
{
	if (list_indexes(rows, d))
		return -1;
	for (size_t i = 0; i < rows->index_count; i++) {
		const char *sql = arena_printf(&rows->arena, "DROP INDEX \"%.*s\"", TEXT_ARGS(rows->indexes[i].name));
		if (store_execute(rows->store, sql, d))
			return -1;
	}
	return 0;
}

struct rows *rows_begin(struct store *store, const struct rows_head *head, struct diagnostics *d)
{
	struct rows *rows = mem_alloc(sizeof *rows);
	*rows = (struct rows){.store = store};
	if (store_begin(store, d)) {
		free(rows);
		return NULL;
	}
	if (insert_run(rows, head, d) || drop_indexes(rows, d)) {
		rows_abandon(rows);
		return NULL;
	}
	rows->alert = store_prepare(store, "INSERT INTO alert(run, organization, detection, condition, dataset, episode,"
		" label, outcome, file, line, time, entity, severity, event, alert_group, sample, fields)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", d);
	if (!rows->alert) {
		rows_abandon(rows);
		return NULL;
	}
	return rows;
}

void rows_abandon(struct rows *rows)
{
	if (!rows)
		return;
	sqlite3_finalize(rows->alert);
	store_rollback(rows->store);
	arena_free(&rows->arena);
	free(rows);
}

int rows_alert(struct rows *rows, const struct alert *alert, struct diagnostics *d)
{
	struct row row = {rows->alert, 1};
	row_bind_count(&row, (uint64_t)rows->run);
	row_bind_text(&row, rows_name(alert->organization));
	row_bind_text(&row, alert->detection->name);
	row_bind_text(&row, alert->conditions);
	row_bind_text(&row, alert->dataset->name);
	row_bind_text(&row, alert->episode ? alert->episode->name : TEXT(""));
	row_bind_text(&row, text_of(label_name(alert->label)));
	row_bind_text(&row, text_of(outcome_name(alert->outcome)));
	row_bind_text(&row, text_of(alert->file));
	row_bind_count(&row, alert->line);
	row_bind_time(&row, alert->time);
	row_bind_text(&row, alert->entity);
	row_bind_text(&row, text_of(severity_name(alert->severity)));
	row_bind_text(&row, alert->event);
	if (alert->group)
		row_bind_count(&row, alert->group);
	else
		sqlite3_bind_null(rows->alert, row.at++);
	row_bind_count(&row, (alert->sample ? ALERT_SAMPLE : 0U) | (alert->first ? ALERT_FIRST : 0U));
	row_bind_text(&row, alert->fields);
	return step(rows, rows->alert, d);
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
	int failed = rows_write(rows->store, rows->run, results, d) || write_end(rows, results, d) ? -1 : 0;
	for (size_t i = 0; !failed && i < rows->index_count; i++)
		failed = store_execute(rows->store, rows->indexes[i].sql.data, d);
	if (!failed)
		failed = store_commit(rows->store, d);
	if (!failed)
		results->run = rows->run;
	rows_abandon(rows); /* after a commit there is nothing to roll back */
	return failed;
}
