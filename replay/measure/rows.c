/* rows: runs, measures and alerts in the store (see rows.h). */
#include "replay/measure/rows.h"
#include "catalog/version.h"

#include <math.h>
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

/* One row: binds in order, steps, resets. */
struct bind {
	sqlite3_stmt *statement;
	int at;
};

static void bind_text(struct bind *bind, struct text text)
{
	store_bind_text(bind->statement, bind->at++, text);
}

static void bind_count(struct bind *bind, uint64_t number)
{
	sqlite3_bind_int64(bind->statement, bind->at++, (sqlite3_int64)number);
}

static void bind_real(struct bind *bind, double number)
{
	if (isfinite(number))
		sqlite3_bind_double(bind->statement, bind->at++, number);
	else
		sqlite3_bind_null(bind->statement, bind->at++);
}

static void bind_rate(struct bind *bind, const struct rate *rate)
{
	bind_real(bind, rate->value);
	bind_real(bind, rate->low);
	bind_real(bind, rate->high);
	bind_real(bind, (double)rate->numerator);
	bind_real(bind, (double)rate->denominator);
}

static int step(struct rows *rows, sqlite3_stmt *statement, struct diagnostics *d)
{
	int code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : store_fail(rows->store, "write the run's rows", d);
}

static struct text name_of(const struct organization *organization)
{
	return organization ? organization->name : TEXT("");
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
		"INSERT INTO run(started, revision, corpus_hash, as_of, mews_version, arguments) VALUES (?, ?, ?, ?, ?, ?)", d);
	if (!statement)
		return -1;
	struct bind bind = {statement, 1};
	bind_text(&bind, time_now(&rows->arena));
	bind_text(&bind, text_of(head->catalog->revision));
	bind_text(&bind, text_of(head->corpus_hash));
	bind_text(&bind, head->as_of);
	bind_text(&bind, text_of(MEWS_VERSION));
	bind_text(&bind, text_of(head->arguments));
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
		" label, outcome, file, line, time, entity, severity, event) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", d);
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
	char time[40];
	struct bind bind = {rows->alert, 1};
	bind_count(&bind, (uint64_t)rows->run);
	bind_text(&bind, name_of(alert->organization));
	bind_text(&bind, alert->detection->name);
	bind_text(&bind, alert->conditions);
	bind_text(&bind, alert->dataset->name);
	bind_text(&bind, alert->episode ? alert->episode->name : TEXT(""));
	bind_text(&bind, text_of(label_name(alert->label)));
	bind_text(&bind, text_of(outcome_name(alert->outcome)));
	bind_text(&bind, text_of(alert->file));
	bind_count(&bind, alert->line);
	if (alert->time != INT64_MIN)
		bind_text(&bind, (struct text){time, date_format(alert->time, time)});
	else
		sqlite3_bind_null(rows->alert, bind.at++);
	bind_text(&bind, alert->entity);
	bind_text(&bind, text_of(severity_name(alert->severity)));
	bind_text(&bind, alert->event);
	return step(rows, rows->alert, d);
}

/* The end: what is known when all events have passed. */

static void bind_dataset(struct bind *bind, const struct dataset_result *result)
{
	const struct dataset *dataset = result->dataset;
	const struct ledger *ledger = &result->ledger;
	bind_text(bind, dataset->name);
	bind_text(bind, text_of(dataset_format(dataset)));
	bind_text(bind, text_of(label_name(dataset->label.otherwise)));
	bind_text(bind, text_of(dataset_use_name(dataset->use)));
	bind_count(bind, ledger->lines);
	bind_count(bind, ledger->events);
	bind_count(bind, ledger->continued);
	bind_count(bind, ledger->blank);
	bind_count(bind, ledger->rejected);
	bind_count(bind, ledger->unmapped);
	bind_count(bind, ledger->unfilled);
	bind_real(bind, result->observed);
}

static int write_rejects(struct rows *rows, sqlite3_stmt *statement, const struct dataset_result *result,
	struct diagnostics *d)
{
	for (size_t i = 0; i < result->ledger.first_count; i++) {
		const struct rejected_line *line = &result->ledger.first[i];
		struct bind bind = {statement, 1};
		bind_count(&bind, (uint64_t)rows->run);
		bind_text(&bind, result->dataset->name);
		bind_text(&bind, text_of(line->file));
		bind_count(&bind, line->line);
		bind_text(&bind, text_of(line->reason));
		if (step(rows, statement, d))
			return -1;
	}
	return 0;
}

/* Runs `write` with a statement of this SQL. */
static int with_statement(struct rows *rows, const char *sql, const struct results *results, struct diagnostics *d,
	int (*write)(struct rows *, sqlite3_stmt *, const struct results *, struct diagnostics *))
{
	sqlite3_stmt *statement = store_prepare(rows->store, sql, d);
	int failed = statement ? write(rows, statement, results, d) : -1;
	sqlite3_finalize(statement);
	return failed;
}

static int write_datasets(struct rows *rows, sqlite3_stmt *statement, const struct results *results,
	struct diagnostics *d)
{
	for (size_t i = 0; i < results->dataset_count; i++) {
		struct bind bind = {statement, 1};
		bind_count(&bind, (uint64_t)rows->run);
		bind_dataset(&bind, &results->datasets[i]);
		if (step(rows, statement, d))
			return -1;
	}
	return 0;
}

static int write_all_rejects(struct rows *rows, sqlite3_stmt *statement, const struct results *results,
	struct diagnostics *d)
{
	for (size_t i = 0; i < results->dataset_count; i++)
		if (write_rejects(rows, statement, &results->datasets[i], d))
			return -1;
	return 0;
}

static int write_measure(struct rows *rows, sqlite3_stmt *statement, const struct results *results,
	const struct measure *measure, const struct total *total, enum part part, struct diagnostics *d)
{
	struct bind bind = {statement, 1};
	bind_count(&bind, (uint64_t)rows->run);
	bind_text(&bind, name_of(measure->organization));
	bind_text(&bind, measure->detection->name);
	bind_text(&bind, text_of(results->target));
	bind_text(&bind, text_of(part_name(part)));
	bind_text(&bind, text_of(severity_name(measure->severity)));
	const uint64_t counts[] = {measure->alerts[OUTCOME_TP], measure->alerts[OUTCOME_BTP], measure->alerts[OUTCOME_FP],
		measure->fn, measure->alerts[OUTCOME_UNATTRIBUTED], measure->alerts[OUTCOME_UNKNOWN],
		measure->groups[OUTCOME_TP], measure->groups[OUTCOME_BTP], measure->groups[OUTCOME_FP], measure->excepted,
		measure->benign_in_scope, measure->fp_events};
	for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
		bind_count(&bind, counts[k]);
	bind_rate(&bind, &measure->recall);
	bind_rate(&bind, &measure->recall_without_baseline);
	bind_rate(&bind, &measure->risky_recall);
	bind_rate(&bind, &measure->false_positive_rate);
	bind_rate(&bind, &measure->precision);
	bind_real(&bind, measure->predictive_value);
	bind_real(&bind, measure->groups_per_day);
	bind_real(&bind, measure->false_groups_per_day);
	bind_real(&bind, total->observed / 86400);
	bind_text(&bind, text_of(reachability_name(measure->reachability)));
	return step(rows, statement, d);
}

/* A part without datasets has no figures worth a row. */
static int write_measures(struct rows *rows, sqlite3_stmt *statement, const struct results *results,
	struct diagnostics *d)
{
	for (int part = 0; part < PART_OTHERS; part++) {
		const struct part_result *figures = &results->parts[part];
		for (size_t i = 0; results->part_datasets[part] > 0 && i < results->measure_count; i++)
			if (write_measure(rows, statement, results, &figures->measures[i],
				    &figures->totals[i / results->catalog->detection_count], (enum part)part, d))
				return -1;
	}
	return 0;
}

static int write_episode(struct rows *rows, sqlite3_stmt *statement, const struct episode_result *episode,
	const struct detection *detection, const char *outcome, const char *cause, struct diagnostics *d)
{
	struct bind bind = {statement, 1};
	bind_count(&bind, (uint64_t)rows->run);
	bind_text(&bind, name_of(episode->organization));
	bind_text(&bind, episode->dataset->name);
	bind_text(&bind, episode->episode->name);
	bind_text(&bind, text_of(label_name(episode->label)));
	bind_text(&bind, detection->name);
	bind_text(&bind, text_of(outcome));
	bind_text(&bind, text_of(cause));
	return step(rows, statement, d);
}

static int write_episodes(struct rows *rows, sqlite3_stmt *statement, const struct results *results,
	struct diagnostics *d)
{
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *episode = &results->episodes[i];
		for (size_t k = 0; k < episode->alerted_count; k++)
			if (write_episode(rows, statement, episode, episode->alerted[k], "alerted", "", d))
				return -1;
		for (size_t k = 0; k < episode->missed_count; k++) {
			const char *cause = miss_cause_name(episode->missed[k].cause);
			if (write_episode(rows, statement, episode, episode->missed[k].detection, "missed", cause, d))
				return -1;
		}
	}
	return 0;
}

static int write_end(struct rows *rows, sqlite3_stmt *statement, const struct results *results, struct diagnostics *d)
{
	(void)results;
	struct bind bind = {statement, 1};
	bind_text(&bind, time_now(&rows->arena));
	bind_count(&bind, (uint64_t)rows->run);
	return step(rows, statement, d);
}

#define RATE(name) name ", " name "_low, " name "_high, " name "_numerator, " name "_denominator"
static const struct {
	const char *sql;
	int (*write)(struct rows *, sqlite3_stmt *, const struct results *, struct diagnostics *);
} tables[] = {
	{"INSERT INTO run_dataset(run, name, format, label, use, lines, events, continued, blank, rejected, unmapped,"
		" unfilled, observed_seconds) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", write_datasets},
	{"INSERT INTO run_reject(run, dataset, file, line, reason) VALUES (?, ?, ?, ?, ?)", write_all_rejects},
	{"INSERT INTO measure(run, organization, detection, target, use, severity, tp, btp, fp, fn, unattributed, unknown,"
		" tp_groups, btp_groups, fp_groups, excepted, benign_in_scope, fp_events, " RATE("recall") ", "
		RATE("recall_without_baseline") ", " RATE("risky_recall") ", " RATE("false_positive_rate") ", "
		RATE("precision") ", predictive_value, groups_per_day, false_groups_per_day, observed_days, reachability)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
		" ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", write_measures},
	{"INSERT INTO run_episode(run, organization, dataset, episode, label, detection, outcome, cause)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)", write_episodes},
	{"UPDATE run SET finished = ? WHERE id = ?", write_end},
};

int rows_finish(struct rows *rows, struct results *results, struct diagnostics *d)
{
	int failed = 0;
	for (size_t i = 0; !failed && i < sizeof tables / sizeof *tables; i++)
		failed = with_statement(rows, tables[i].sql, results, d, tables[i].write);
	for (size_t i = 0; !failed && i < rows->index_count; i++)
		failed = store_execute(rows->store, rows->indexes[i].sql.data, d);
	if (!failed)
		failed = store_commit(rows->store, d);
	if (!failed)
		results->run = rows->run;
	rows_abandon(rows); /* after a commit there is nothing to roll back */
	return failed;
}
