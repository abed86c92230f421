/* runs_datasets: a run's datasets as the store has them: what reports and comparisons ask of them, not how they are read. */
#include "replay/runs/parts.h"

#include <string.h>

static enum dataset_use use_from_name(struct text name)
{
	for (enum dataset_use use = USE_DEVELOP; use <= USE_NONE; use++)
		if (text_is(name, dataset_use_name(use)))
			return use;
	return USE_NONE;
}

static const char *name_or_null(struct text text)
{
	return text.length ? text.data : NULL;
}

static void read_heads(struct reading *r)
{
	struct results *results = r->run->results;
	struct arena *arena = &results->arena;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_dataset", "name, label, use, title, folder, file, line, \"column\", hash,"
		" description, observed_seconds, first, last", ledger_columns, "ORDER BY position, name");
	while (reading_next(r, statement, &row)) {
		results->datasets = arena_grow(arena, results->datasets, results->dataset_count, sizeof *results->datasets);
		struct dataset_result *result = &results->datasets[results->dataset_count++];
		struct dataset *dataset = arena_alloc(arena, sizeof *dataset);
		*result = (struct dataset_result){.dataset = dataset};
		dataset->name = row_text(&row, arena);
		label_from_name(row_view(&row), &dataset->label.otherwise);
		dataset->use = use_from_name(row_view(&row));
		dataset->title = row_text(&row, arena);
		dataset->folder = row_text(&row, arena).data;
		dataset->place.file = name_or_null(row_text(&row, arena));
		dataset->place.line = (unsigned)row_count(&row);
		dataset->place.column = (unsigned)row_count(&row);
		struct text hash = row_view(&row);
		snprintf(result->hash, sizeof result->hash, "%.*s", TEXT_ARGS(hash));
		result->description = row_text(&row, arena);
		result->observed = row_real(&row);
		dataset->observed = result->observed;
		result->first = row_time(&row);
		result->last = row_time(&row);
		columns_read(&row, ledger_columns, &result->ledger);
	}
}

/* The results' own dataset, which is filled here and const for everybody else. */
static struct dataset *filled(const struct dataset_result *result)
{
	return (struct dataset *)(uintptr_t)result->dataset;
}

static void add_name(struct arena *arena, struct texts *names, struct text name)
{
	struct text *items = (struct text *)(uintptr_t)names->items;
	items = arena_grow(arena, items, names->count, sizeof *items);
	items[names->count++] = name;
	names->items = items;
}

static void read_organizations(struct reading *r)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_dataset_organization", "dataset, organization", NULL, "ORDER BY position");
	while (reading_next(r, statement, &row)) {
		struct dataset_result *result = reading_dataset(r, row_view(&row));
		if (result)
			add_name(arena, &filled(result)->organizations, row_text(&row, arena));
	}
}

/* A source of its own for each file: so each keeps its reader. */
static void add_file(struct arena *arena, struct dataset *dataset, const char *file, const struct reader *reader)
{
	dataset->files = arena_grow(arena, dataset->files, dataset->file_count, sizeof *dataset->files);
	dataset->sources = arena_grow(arena, dataset->sources, dataset->source_count, sizeof *dataset->sources);
	dataset->files[dataset->file_count++] = arena_strdup(arena, file);
	struct source *source = &dataset->sources[dataset->source_count++];
	*source = (struct source){.reader = reader ? reader : readers, .file_count = 1};
	source->files = arena_array(arena, 1, sizeof *source->files);
	source->files[0] = dataset->files[dataset->file_count - 1];
}

static void read_files(struct reading *r)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_file", "dataset, file, reader, dialect", ledger_columns,
		"ORDER BY dataset, position");
	while (reading_next(r, statement, &row)) {
		struct dataset_result *result = reading_dataset(r, row_view(&row));
		if (!result)
			continue;
		struct ledger *ledger = &result->ledger;
		ledger->files = arena_grow(arena, ledger->files, ledger->file_count, sizeof *ledger->files);
		struct ledger *file = &ledger->files[ledger->file_count++];
		*file = (struct ledger){.file = row_text(&row, arena).data, .reader = row_text(&row, arena).data};
		file->dialect = name_or_null(row_text(&row, arena));
		columns_read(&row, ledger_columns, file);
		add_file(arena, filled(result), file->file, reader_find(text_of(file->reader)));
	}
	for (size_t i = 0; i < r->run->results->dataset_count; i++)
		if (!r->run->results->datasets[i].dataset->source_count)
			add_file(arena, filled(&r->run->results->datasets[i]), "", NULL);
}

/* The account that a row belongs to: a file's, or the dataset's where the column is NULL. It is the newest column read. */
static struct ledger *account_of(struct dataset_result *result, struct row *row)
{
	bool whole = sqlite3_column_type(row->statement, row->at) == SQLITE_NULL;
	size_t file = (size_t)row_count(row);
	if (!result)
		return NULL;
	if (whole)
		return &result->ledger;
	return file < result->ledger.file_count ? &result->ledger.files[file] : NULL;
}

static void read_rejects(struct reading *r)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_reject", "dataset, account, file, line, reason", NULL, "ORDER BY rowid");
	while (reading_next(r, statement, &row)) {
		struct dataset_result *result = reading_dataset(r, row_view(&row));
		struct ledger *ledger = account_of(result, &row);
		if (!ledger || ledger->first_count == LEDGER_FIRST)
			continue;
		struct rejected_line *line = &ledger->first[ledger->first_count++];
		line->file = row_text(&row, arena).data;
		line->line = row_count(&row);
		line->reason = row_text(&row, arena).data;
	}
}

static void read_kinds(struct reading *r)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_unmapped", "dataset, account, kind, events", NULL, "ORDER BY rowid");
	while (reading_next(r, statement, &row)) {
		struct dataset_result *result = reading_dataset(r, row_view(&row));
		struct ledger *ledger = account_of(result, &row);
		if (!ledger || ledger->kind_count == LEDGER_KINDS)
			continue;
		struct unmapped_kind *kind = &ledger->kinds[ledger->kind_count++];
		kind->kind = row_text(&row, arena);
		kind->count = row_count(&row);
	}
}

static void read_skipped(struct reading *r)
{
	struct results *results = r->run->results;
	struct skipped_file *list = NULL;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_skipped", "file, reason", NULL, "ORDER BY position");
	while (reading_next(r, statement, &row)) {
		list = arena_grow(&results->arena, list, results->skipped_count, sizeof *list);
		struct skipped_file *file = &list[results->skipped_count++];
		file->file = row_text(&row, &results->arena).data;
		file->reason = row_text(&row, &results->arena).data;
	}
	results->skipped = list;
}

static void read_episodes(struct reading *r)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_dataset_episode", "dataset, episode, gap, file, line, \"column\"", NULL,
		"ORDER BY dataset, position");
	while (reading_next(r, statement, &row)) {
		struct dataset_result *result = reading_dataset(r, row_view(&row));
		if (!result)
			continue;
		struct dataset *dataset = filled(result);
		dataset->episodes = arena_grow(arena, dataset->episodes, dataset->episode_count, sizeof *dataset->episodes);
		struct episode *episode = &dataset->episodes[dataset->episode_count++];
		*episode = (struct episode){.from = INT64_MIN, .to = INT64_MAX, .name = row_text(&row, arena)};
		episode->gap = row_text(&row, arena);
		episode->place.file = name_or_null(row_text(&row, arena));
		episode->place.line = (unsigned)row_count(&row);
		episode->place.column = (unsigned)row_count(&row);
	}
}

static void read_names(struct reading *r)
{
	struct arena *arena = &r->run->results->arena;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_episode_name", "dataset, episode, says, detection", NULL,
		"ORDER BY dataset, episode, says, position");
	while (reading_next(r, statement, &row)) {
		struct dataset_result *result = reading_dataset(r, row_view(&row));
		const struct episode *found = result ? reading_episode(r, result->dataset, row_view(&row)) : NULL;
		if (!found)
			continue;
		struct episode *episode = &filled(result)->episodes[found - result->dataset->episodes];
		bool expects = text_is(row_view(&row), "expects");
		add_name(arena, expects ? &episode->expects : &episode->allows, row_text(&row, arena));
	}
}

void reading_datasets(struct reading *r)
{
	read_heads(r);
	read_organizations(r);
	read_files(r);
	read_rejects(r);
	read_kinds(r);
	read_skipped(r);
	read_episodes(r);
	read_names(r);
}
