/* rows_write: see rows_write.h. Each table is one function: it writes all its rows through the statement that it is handed. */
#include "replay/measure/rows_write.h"
#include "replay/measure/columns.h"

struct writing {
	struct store *store;
	int64_t run;
	const struct results *results;
	struct diagnostics *d;
	sqlite3_stmt *statement;
	struct row row;
	int failed;
};

struct text rows_name(const struct organization *organization)
{
	return organization ? organization->name : TEXT("");
}

/* A row begins with its run. */
static struct row *begin(struct writing *w)
{
	w->row = (struct row){w->statement, 1};
	row_bind_count(&w->row, (uint64_t)w->run);
	return &w->row;
}

static void end(struct writing *w)
{
	int code = sqlite3_step(w->statement);
	sqlite3_reset(w->statement);
	if (code != SQLITE_DONE && !w->failed)
		w->failed = store_fail(w->store, "write the run's rows", w->d);
}

/* Datasets and what was read of them */

static void write_datasets(struct writing *w)
{
	for (size_t i = 0; i < w->results->dataset_count; i++) {
		const struct dataset_result *result = &w->results->datasets[i];
		const struct dataset *dataset = result->dataset;
		struct row *row = begin(w);
		row_bind_text(row, dataset->name);
		row_bind_text(row, text_of(dataset_format(dataset)));
		row_bind_text(row, text_of(result->hash));
		row_bind_text(row, text_of(label_name(dataset->label.otherwise)));
		row_bind_text(row, text_of(dataset_use_name(dataset->use)));
		row_bind_count(row, i);
		row_bind_text(row, dataset->title);
		row_bind_text(row, text_of(dataset->folder));
		row_bind_text(row, text_of(dataset->place.file));
		row_bind_count(row, dataset->place.line);
		row_bind_count(row, dataset->place.column);
		row_bind_text(row, result->description);
		row_bind_real(row, result->observed);
		row_bind_time(row, result->first);
		row_bind_time(row, result->last);
		columns_bind(row, ledger_columns, &result->ledger);
		end(w);
	}
}

static void write_dataset_organizations(struct writing *w)
{
	for (size_t i = 0; i < w->results->dataset_count; i++) {
		const struct dataset *dataset = w->results->datasets[i].dataset;
		for (size_t k = 0; k < dataset->organizations.count; k++) {
			struct row *row = begin(w);
			row_bind_text(row, dataset->name);
			row_bind_count(row, k);
			row_bind_text(row, dataset->organizations.items[k]);
			end(w);
		}
	}
}

static void write_files(struct writing *w)
{
	for (size_t i = 0; i < w->results->dataset_count; i++) {
		const struct ledger *ledger = &w->results->datasets[i].ledger;
		for (size_t k = 0; k < ledger->file_count; k++) {
			const struct ledger *file = &ledger->files[k];
			struct row *row = begin(w);
			row_bind_text(row, w->results->datasets[i].dataset->name);
			row_bind_count(row, k);
			row_bind_text(row, text_of(file->file));
			row_bind_text(row, text_of(file->reader));
			if (file->dialect)
				row_bind_text(row, text_of(file->dialect));
			else
				sqlite3_bind_null(row->statement, row->at++);
			columns_bind(row, ledger_columns, file);
			end(w);
		}
	}
}

enum { WHOLE = -1 }; /* the account of all the dataset's files */

static void bind_account(struct row *row, long account)
{
	if (account == WHOLE)
		sqlite3_bind_null(row->statement, row->at++);
	else
		row_bind_count(row, (uint64_t)account);
}

static void reject_rows(struct writing *w, struct text dataset, long account, const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->first_count; i++) {
		struct row *row = begin(w);
		row_bind_text(row, dataset);
		row_bind_text(row, text_of(ledger->first[i].file));
		row_bind_count(row, ledger->first[i].line);
		row_bind_text(row, text_of(ledger->first[i].reason));
		bind_account(row, account);
		end(w);
	}
}

static void kind_rows(struct writing *w, struct text dataset, long account, const struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->kind_count; i++) {
		struct row *row = begin(w);
		row_bind_text(row, dataset);
		row_bind_text(row, ledger->kinds[i].kind);
		row_bind_count(row, ledger->kinds[i].count);
		bind_account(row, account);
		end(w);
	}
}

/* The dataset's own rows, then those of each file. */
static void for_accounts(struct writing *w, void (*write)(struct writing *, struct text, long, const struct ledger *))
{
	for (size_t i = 0; i < w->results->dataset_count; i++) {
		const struct ledger *ledger = &w->results->datasets[i].ledger;
		struct text name = w->results->datasets[i].dataset->name;
		write(w, name, WHOLE, ledger);
		for (size_t k = 0; k < ledger->file_count; k++)
			write(w, name, (long)k, &ledger->files[k]);
	}
}

static void write_rejects(struct writing *w)
{
	for_accounts(w, reject_rows);
}

static void write_kinds(struct writing *w)
{
	for_accounts(w, kind_rows);
}

static void write_skipped(struct writing *w)
{
	for (size_t i = 0; i < w->results->skipped_count; i++) {
		struct row *row = begin(w);
		row_bind_count(row, i);
		row_bind_text(row, text_of(w->results->skipped[i].file));
		row_bind_text(row, text_of(w->results->skipped[i].reason));
		end(w);
	}
}

/* Figures. A part without datasets has none that are worth a row. */

static void write_measure(struct writing *w, enum part part, const struct measure *measure, const struct total *total)
{
	struct row *row = begin(w);
	row_bind_text(row, rows_name(measure->organization));
	row_bind_text(row, measure->detection->name);
	row_bind_text(row, text_of(w->results->target));
	row_bind_text(row, text_of(part_name(part)));
	row_bind_text(row, text_of(severity_name(measure->severity)));
	row_bind_real(row, total->observed / 86400);
	row_bind_text(row, text_of(reachability_name(measure->reachability)));
	columns_bind(row, measure_columns, measure);
	end(w);
}

static void write_measures(struct writing *w)
{
	const struct results *results = w->results;
	for (enum part part = 0; part < PART_COUNT; part++)
		for (size_t i = 0; results->part_datasets[part] && i < results->measure_count; i++)
			write_measure(w, part, &results->parts[part].measures[i],
				&results->parts[part].totals[i / results->catalog->detection_count]);
}

static void write_totals(struct writing *w)
{
	const struct results *results = w->results;
	for (enum part part = 0; part < PART_COUNT; part++)
		for (size_t i = 0; i < results->total_count; i++) {
			const struct total *total = &results->parts[part].totals[i];
			struct row *row = begin(w);
			row_bind_text(row, rows_name(total->organization));
			row_bind_text(row, text_of(part_name(part)));
			row_bind_count(row, i);
			columns_bind(row, total_columns, total);
			end(w);
		}
}

static void write_exceptions(struct writing *w)
{
	for (size_t i = 0; i < w->results->exception_count; i++) {
		const struct exception_result *result = &w->results->exceptions[i];
		struct row *row = begin(w);
		row_bind_count(row, i);
		row_bind_text(row, rows_name(result->organization));
		row_bind_text(row, result->detection ? result->detection->name : TEXT(""));
		row_bind_text(row, result->exception->name);
		row_bind_count(row, result->expired);
		columns_bind(row, outcome_columns, result->removed);
		end(w);
	}
}

static void write_hours(struct writing *w)
{
	for (size_t i = 0; i < w->results->hour_count; i++) {
		const struct hour_result *hour = &w->results->hours[i];
		struct row *row = begin(w);
		row_bind_text(row, rows_name(hour->organization));
		row_bind_count(row, (uint64_t)hour->hour);
		columns_bind(row, outcome_columns, hour->alerts);
		end(w);
	}
}

static void write_fidelity(struct writing *w)
{
	for (size_t i = 0; i < w->results->fidelity_count; i++) {
		const struct fidelity_result *result = &w->results->fidelity[i];
		struct row *row = begin(w);
		row_bind_count(row, i);
		row_bind_text(row, rows_name(result->organization));
		row_bind_text(row, result->detection->name);
		row_bind_text(row, result->condition ? result->condition->name : TEXT(""));
		row_bind_text(row, text_of(result->target));
		row_bind_text(row, text_of(result->fidelity));
		row_bind_count(row, result->rank);
		row_bind_text(row, result->reason);
		end(w);
	}
}

/* Episodes */

static void write_dataset_episodes(struct writing *w)
{
	for (size_t i = 0; i < w->results->dataset_count; i++) {
		const struct dataset *dataset = w->results->datasets[i].dataset;
		for (size_t k = 0; k < dataset->episode_count; k++) {
			const struct episode *episode = &dataset->episodes[k];
			struct row *row = begin(w);
			row_bind_text(row, dataset->name);
			row_bind_count(row, k);
			row_bind_text(row, episode->name);
			row_bind_text(row, episode->gap);
			row_bind_text(row, text_of(episode->place.file));
			row_bind_count(row, episode->place.line);
			row_bind_count(row, episode->place.column);
			end(w);
		}
	}
}

static void name_rows(struct writing *w, const struct dataset *dataset, const struct episode *episode, const char *says,
	const struct texts *names)
{
	for (size_t i = 0; i < names->count; i++) {
		struct row *row = begin(w);
		row_bind_text(row, dataset->name);
		row_bind_text(row, episode->name);
		row_bind_text(row, text_of(says));
		row_bind_count(row, i);
		row_bind_text(row, names->items[i]);
		end(w);
	}
}

static void write_episode_names(struct writing *w)
{
	for (size_t i = 0; i < w->results->dataset_count; i++) {
		const struct dataset *dataset = w->results->datasets[i].dataset;
		for (size_t k = 0; k < dataset->episode_count; k++) {
			name_rows(w, dataset, &dataset->episodes[k], "expects", &dataset->episodes[k].expects);
			name_rows(w, dataset, &dataset->episodes[k], "allows", &dataset->episodes[k].allows);
		}
	}
}

static void write_episode_results(struct writing *w)
{
	for (size_t i = 0; i < w->results->episode_count; i++) {
		const struct episode_result *result = &w->results->episodes[i];
		struct row *row = begin(w);
		row_bind_count(row, i);
		row_bind_text(row, rows_name(result->organization));
		row_bind_text(row, result->dataset->name);
		row_bind_text(row, result->episode->name);
		row_bind_text(row, text_of(label_name(result->label)));
		row_bind_count(row, result->events);
		row_bind_count(row, result->foreign);
		end(w);
	}
}

static void episode_row(struct writing *w, const struct episode_result *episode, const struct detection *detection,
	const char *outcome, const char *cause)
{
	struct row *row = begin(w);
	row_bind_text(row, rows_name(episode->organization));
	row_bind_text(row, episode->dataset->name);
	row_bind_text(row, episode->episode->name);
	row_bind_text(row, text_of(label_name(episode->label)));
	row_bind_text(row, detection->name);
	row_bind_text(row, text_of(outcome));
	row_bind_text(row, text_of(cause));
	end(w);
}

static void write_episodes(struct writing *w)
{
	for (size_t i = 0; i < w->results->episode_count; i++) {
		const struct episode_result *episode = &w->results->episodes[i];
		for (size_t k = 0; k < episode->alerted_count; k++)
			episode_row(w, episode, episode->alerted[k], "alerted", "");
		for (size_t k = 0; k < episode->missed_count; k++)
			episode_row(w, episode, episode->missed[k].detection, "missed", miss_cause_name(episode->missed[k].cause));
	}
}

/* All of it */

static const struct table {
	const char *name, *first;
	const struct column *columns;
	void (*write)(struct writing *w);
} tables[] = {
	{"run_dataset", "run, name, format, hash, label, use, position, title, folder, file, line, \"column\", description,"
		" observed_seconds, first, last", ledger_columns, write_datasets},
	{"run_dataset_organization", "run, dataset, position, organization", NULL, write_dataset_organizations},
	{"run_file", "run, dataset, position, file, reader, dialect", ledger_columns, write_files},
	{"run_reject", "run, dataset, file, line, reason, account", NULL, write_rejects},
	{"run_unmapped", "run, dataset, kind, events, account", NULL, write_kinds},
	{"run_skipped", "run, position, file, reason", NULL, write_skipped},
	{"measure", "run, organization, detection, target, use, severity, observed_days, reachability", measure_columns,
		write_measures},
	{"run_total", "run, organization, use, position", total_columns, write_totals},
	{"run_exception", "run, position, organization, detection, exception, expired", outcome_columns, write_exceptions},
	{"run_hour", "run, organization, hour", outcome_columns, write_hours},
	{"run_fidelity", "run, position, organization, detection, condition, target, fidelity, rank, reason", NULL,
		write_fidelity},
	{"run_dataset_episode", "run, dataset, position, episode, gap, file, line, \"column\"", NULL, write_dataset_episodes},
	{"run_episode_name", "run, dataset, episode, says, position, detection", NULL, write_episode_names},
	{"run_episode_result", "run, position, organization, dataset, episode, label, events, others", NULL,
		write_episode_results},
	{"run_episode", "run, organization, dataset, episode, label, detection, outcome, cause", NULL, write_episodes},
};

int rows_write(struct store *store, int64_t run, const struct results *results, struct diagnostics *d)
{
	struct writing w = {.store = store, .run = run, .results = results, .d = d};
	struct arena arena = {0};
	for (size_t i = 0; !w.failed && i < sizeof tables / sizeof *tables; i++) {
		const struct table *table = &tables[i];
		w.statement = store_prepare(store, columns_insert(&arena, table->name, table->first, table->columns), d);
		if (w.statement)
			table->write(&w);
		else
			w.failed = -1;
		sqlite3_finalize(w.statement);
	}
	arena_free(&arena);
	return w.failed;
}
