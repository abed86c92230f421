/* runs: which runs the store has, and which is the reference (see runs.h). What a run holds is read by runs_read.c. */
#include "replay/runs/runs.h"
#include "replay/measure/columns.h"
#include "replay/measure/rows.h"

#include <string.h>
#include <time.h>

/* The reference's own name first: a run may have several. */
static const char heads[] =
	"SELECT id, started, finished, revision, corpus_hash, as_of, mews_version, arguments, target, kept,"
	" coalesce((SELECT max(name) FROM reference r WHERE r.run = run.id), ''),"
	" EXISTS (SELECT 1 FROM reference r WHERE r.run = run.id AND r.name = '')"
	" FROM run WHERE finished IS NOT NULL ORDER BY id DESC";

static struct run_head read_head(sqlite3_stmt *statement, struct arena *arena)
{
	struct row row = {statement, 0};
	struct run_head head = {.id = (int64_t)row_count(&row)};
	struct text *const texts[] = {&head.started, &head.finished, &head.revision, &head.corpus_hash, &head.as_of, &head.version,
		&head.arguments, &head.target};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = row_text(&row, arena);
	if (row_count(&row) < ROWS_KEPT)
		head.lacks = "what its exceptions removed, the accounts of its files, its alert groups, the rates of its totals and the "
			"fingerprints of its datasets, since an older mews stored it";
	head.name = row_text(&row, arena);
	head.reference = row_count(&row) != 0;
	return head;
}

int runs_list(struct store *store, struct arena *arena, struct run_head **list, size_t *count, struct diagnostics *d)
{
	int step;
	sqlite3_stmt *statement = store_prepare(store, heads, d);
	*list = NULL;
	*count = 0;
	if (!statement)
		return -1;
	while ((step = sqlite3_step(statement)) == SQLITE_ROW) {
		*list = arena_grow(arena, *list, *count, sizeof **list);
		(*list)[(*count)++] = read_head(statement, arena);
	}
	sqlite3_finalize(statement);
	return step == SQLITE_DONE ? 0 : store_fail(store, "read the runs", d);
}

/* Finding */

static int nowhere(struct store *store, const char *name, const struct run_head *list, size_t count, struct diagnostics *d)
{
	const struct place place = {store_path(store), 0, 0};
	const char *wanted = strcmp(name, "reference") == 0 ? "no reference was set (mews reference set [RUN])" : NULL;
	if (!count)
		return diagnostics_error(d, place, "no run is stored yet (mews replay stores one)");
	if (wanted)
		return diagnostics_error(d, place, "%s", wanted);
	return diagnostics_error(d, place, "there is no run \"%s\"; there %s %zu, the newest is %lld (mews list runs)", name,
		count == 1 ? "is" : "are", count, (long long)list[0].id);
}

/* "latest" is 0, "latest~2" is 2; -1: it is something else. */
static long steps_back(const char *name)
{
	static const char latest[] = "latest";
	int64_t steps = 0;
	if (strncmp(name, latest, sizeof latest - 1) != 0)
		return -1;
	name += sizeof latest - 1;
	if (!*name)
		return 0;
	return *name == '~' && text_to_long(text_of(name + 1), &steps) && steps >= 0 && steps < 1000000 ? (long)steps : -1;
}

/* The run that a reference of this name is; 0: there is none. */
static int reference_named(struct store *store, const char *name, int64_t *id, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(store, "SELECT run FROM reference WHERE name = ?", d);
	*id = 0;
	if (!statement)
		return -1;
	store_bind_text(statement, 1, text_of(name));
	int code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*id = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE ? 0 : store_fail(store, "read the reference", d);
}

int runs_find(struct store *store, const char *name, int64_t *id, struct diagnostics *d)
{
	struct arena arena = {0};
	struct run_head *list;
	size_t count;
	int64_t number;
	const long back = steps_back(name);
	int failed = runs_list(store, &arena, &list, &count, d);
	*id = 0;
	if (back >= 0)
		*id = (size_t)back < count ? list[back].id : 0;
	else if (!text_to_long(text_of(name), &number))
		failed |= reference_named(store, strcmp(name, "reference") == 0 ? "" : name, id, d);
	for (size_t i = 0; back < 0 && !*id && i < count && text_to_long(text_of(name), &number); i++)
		*id = list[i].id == number ? number : 0;
	if (!failed && !*id)
		failed = nowhere(store, name, list, count, d);
	arena_free(&arena);
	return failed;
}

/* References */

static int run_with(struct store *store, const char *sql, const char *name, int64_t run, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(store, sql, d);
	if (!statement)
		return -1;
	store_bind_text(statement, 1, text_of(name));
	if (run)
		sqlite3_bind_int64(statement, 2, run);
	int code = sqlite3_step(statement);
	if ((code & 0xff) == SQLITE_CONSTRAINT) {
		sqlite3_finalize(statement);
		return diagnostics_error(d, ((struct place){store_path(store), 0, 0}), "there is no run %lld (mews list runs)",
			(long long)run);
	}
	int failed = code == SQLITE_DONE ? 0 : store_fail(store, "set the reference", d);
	sqlite3_finalize(statement);
	return failed;
}

int reference_set(struct store *store, int64_t id, const char *name, struct diagnostics *d)
{
	return run_with(store, "INSERT INTO reference(name, run, set_at) VALUES (?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"
		" ON CONFLICT (name) DO UPDATE SET run = excluded.run, set_at = excluded.set_at", name, id, d);
}

int reference_clear(struct store *store, const char *name, struct diagnostics *d)
{
	return run_with(store, "DELETE FROM reference WHERE name = ?", name, 0, d);
}

int reference_get(struct store *store, int64_t *id, struct diagnostics *d)
{
	return reference_named(store, "", id, d);
}
