/*
 * store: the SQLite file (mews.db) in which catalogs and measures are kept. Tables: docs/store.md.
 *
 * One connection, foreign keys on, WAL, STRICT tables, prepared statements only. The schema's version
 * stands in user_version; opening an older file migrates it in one transaction, opening a newer one is
 * an error. Everything returns 0, or -1 after reporting into `d` (the message names the file).
 */
#ifndef MEWS_STORE_H
#define MEWS_STORE_H

#include "catalog/catalog.h"

#include <sqlite3.h>

struct store; /* owns the connection */

struct store *store_open(const char *path, struct diagnostics *d); /* NULL: reported */
void store_close(struct store *store);
sqlite3 *store_connection(struct store *store);
const char *store_path(const struct store *store);

/* Catalog → store, in one transaction: all or nothing. A revision that is there already becomes current
 * without being written again. *added: was it new? */
int store_load_catalog(struct store *store, const struct catalog *catalog, bool *added, struct diagnostics *d);
/* The current revision (hex), or an empty text when none was loaded. Copies into `out`. */
int store_current_revision(struct store *store, char out[65], struct diagnostics *d);
/* Fills an empty catalog from the store: the documents of a revision ("" or a unique prefix: the current
 * one or that one), parsed. `folder` goes before paths in places. */
int store_read_catalog(struct store *store, const char *revision, const char *folder, struct catalog *catalog,
	struct diagnostics *d);

/* For modules that keep their own rows (runs, alerts): a prepared statement, reported when it fails. */
sqlite3_stmt *store_prepare(struct store *store, const char *sql, struct diagnostics *d);
int store_execute(struct store *store, const char *sql, struct diagnostics *d);
int store_begin(struct store *store, struct diagnostics *d);
int store_commit(struct store *store, struct diagnostics *d);
void store_rollback(struct store *store);
int store_bind_text(sqlite3_stmt *statement, int index, struct text text);
/* Reports the connection's last error in a sentence. Returns -1. */
int store_fail(struct store *store, const char *doing, struct diagnostics *d);

#endif
