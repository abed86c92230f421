/*
 * store: the connection to the SQLite file; opening, migrating, transactions, statements.
 */
#include "catalog/store.h"
#include "catalog/migration.h"

#include <stdlib.h>
#include <string.h>

enum { BUSY_MILLISECONDS = 2000 };

struct store {
	sqlite3 *connection;
	char *path;
};

sqlite3 *store_connection(struct store *store)
{
	return store->connection;
}

const char *store_path(const struct store *store)
{
	return store->path;
}

/* What the user can do about it, where SQLite's own words do not say it. */
static const char *advice(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOTADB: return "it is no mews store; another --store, or moving it away, helps";
	case SQLITE_CORRUPT: return "it is damaged; delete it and run `mews load` again";
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return "another program is writing to it; try again when it is done";
	case SQLITE_READONLY: return "it cannot be written to";
	case SQLITE_FULL: return "the disk is full";
	default: return NULL;
	}
}

static int fail_with(const char *path, sqlite3 *connection, const char *doing, struct diagnostics *d)
{
	struct place place = {.file = path};
	int code = connection ? sqlite3_errcode(connection) : SQLITE_NOMEM;
	const char *hint = advice(code);
	return diagnostics_error(d, place, "cannot %s: %s%s%s%s", doing,
		connection ? sqlite3_errmsg(connection) : "out of memory", hint ? " (" : "", hint ? hint : "", hint ? ")" : "");
}

int store_fail(struct store *store, const char *doing, struct diagnostics *d)
{
	return fail_with(store->path, store->connection, doing, d);
}

static int run_sql(struct store *store, const char *sql, const char *doing, struct diagnostics *d)
{
	if (sqlite3_exec(store->connection, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(store, doing, d);
	return 0;
}

int store_execute(struct store *store, const char *sql, struct diagnostics *d)
{
	return run_sql(store, sql, "use the store", d);
}

sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct diagnostics *d)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(store->connection, sql, -1, &statement, NULL) != SQLITE_OK) {
		store_fail(store, "use the store", d);
		return NULL;
	}
	return statement;
}

int store_bind_text(sqlite3_stmt *statement, int index, struct text text)
{
	return sqlite3_bind_text64(statement, index, text.length ? text.data : "", text.length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

int store_begin(struct store *store, struct diagnostics *d)
{
	return run_sql(store, "BEGIN IMMEDIATE", "write to the store", d);
}

int store_commit(struct store *store, struct diagnostics *d)
{
	return run_sql(store, "COMMIT", "write to the store", d);
}

void store_rollback(struct store *store)
{
	if (!sqlite3_get_autocommit(store->connection))
		sqlite3_exec(store->connection, "ROLLBACK", NULL, NULL, NULL);
}

/* The number that a query's first row gives. */
static int read_number(struct store *store, const char *sql, int64_t *number, struct diagnostics *d)
{
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(store->connection, sql, -1, &statement, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	else
		store_fail(store, "open the store", d);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW ? 0 : -1;
}

/* Refuses a newer store, and any other program's database, before a byte of it is changed. */
static int check_version(struct store *store, int64_t *version, struct diagnostics *d)
{
	struct place place = {.file = store->path};
	int64_t application, tables;
	if (read_number(store, "PRAGMA application_id", &application, d) ||
		read_number(store, "PRAGMA user_version", version, d) ||
		read_number(store, "SELECT count(*) FROM sqlite_schema", &tables, d))
		return -1;
	bool empty = !application && !*version && !tables;
	if (!empty && application != MIGRATION_APPLICATION_ID)
		return diagnostics_error(d, place, "is another program's database, not a mews store");
	if (*version > (int64_t)migration_count)
		return diagnostics_error(d, place, "was written by a newer mews (its schema is %lld, this one knows %zu)",
			(long long)*version, migration_count);
	return 0;
}

static int migrate_from(struct store *store, int64_t version, struct diagnostics *d)
{
	char pragma[64];
	for (size_t step = (size_t)version; step < migration_count; step++)
		for (const char *const *script = migrations[step]; *script; script++)
			if (run_sql(store, *script, "make the store's tables", d))
				return -1;
	sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA user_version = %d", (int)migration_count);
	if (run_sql(store, pragma, "make the store's tables", d))
		return -1;
	sqlite3_snprintf(sizeof pragma, pragma, "PRAGMA application_id = %d", MIGRATION_APPLICATION_ID);
	return run_sql(store, pragma, "make the store's tables", d);
}

/* The version is read again inside the transaction: another mews may have been faster. */
static int migrate(struct store *store, struct diagnostics *d)
{
	int64_t version;
	if (check_version(store, &version, d))
		return -1;
	if (version == (int64_t)migration_count)
		return 0;
	if (store_begin(store, d))
		return -1;
	if (check_version(store, &version, d) || migrate_from(store, version, d) || store_commit(store, d)) {
		store_rollback(store);
		return -1;
	}
	return 0;
}

static int prepare_connection(struct store *store, struct diagnostics *d)
{
	sqlite3 *connection = store->connection;
	sqlite3_extended_result_codes(connection, 1);
	sqlite3_busy_timeout(connection, BUSY_MILLISECONDS);
	sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	if (sqlite3_db_readonly(connection, "main") == 1)
		return diagnostics_error(d, (struct place){.file = store->path}, "the store cannot be written to");
	if (migrate(store, d))
		return -1;
	return run_sql(store, "PRAGMA foreign_keys = ON; PRAGMA synchronous = NORMAL; PRAGMA journal_mode = WAL",
		"open the store", d);
}

struct store *store_open(const char *path, struct diagnostics *d)
{
	struct store *store = mem_alloc(sizeof *store);
	size_t size = strlen(path) + 1;
	store->path = memcpy(mem_alloc(size), path, size);
	store->connection = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
	int failed = sqlite3_open_v2(path, &store->connection, flags, NULL) != SQLITE_OK;
	if (failed)
		store_fail(store, "open the store", d);
	if (failed || prepare_connection(store, d)) {
		store_close(store);
		return NULL;
	}
	return store;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	sqlite3_close(store->connection);
	free(store->path);
	free(store);
}
