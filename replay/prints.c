/* prints: see prints.h. */
#include "replay/prints.h"
#include "replay/readers/fingerprint.h"

#include <string.h>

enum { REMEMBERED = 1024 }; /* datasets; the oldest are forgotten */

static bool recall(sqlite3_stmt *statement, const char *stamp, char hash[65])
{
	store_bind_text(statement, 1, text_of(stamp));
	const bool known = sqlite3_step(statement) == SQLITE_ROW && sqlite3_column_bytes(statement, 0) == 64;
	if (known)
		memcpy(hash, sqlite3_column_text(statement, 0), 65);
	sqlite3_finalize(statement);
	return known;
}

static int remember(struct store *store, const char *stamp, const char *hash, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(store, "INSERT OR REPLACE INTO dataset_hash(stamp, hash) VALUES (?, ?)", d);
	if (!statement)
		return -1;
	store_bind_text(statement, 1, text_of(stamp));
	store_bind_text(statement, 2, text_of(hash));
	int failed = sqlite3_step(statement) == SQLITE_DONE ? 0 : store_fail(store, "remember a dataset's hash", d);
	sqlite3_finalize(statement);
	char forget[96];
	snprintf(forget, sizeof forget, "DELETE FROM dataset_hash WHERE rowid <= %lld",
		(long long)sqlite3_last_insert_rowid(store_connection(store)) - REMEMBERED);
	return failed ? failed : store_execute(store, forget, d);
}

static int hash_dataset(const struct dataset *dataset, struct store *store, char out[65], struct diagnostics *d)
{
	char stamp[65];
	const bool settled = store && fingerprint_stamp(dataset, stamp);
	sqlite3_stmt *known = settled ? store_prepare(store, "SELECT hash FROM dataset_hash WHERE stamp = ?", d) : NULL;
	if (settled && !known)
		return -1;
	if (known && recall(known, stamp, out))
		return 0;
	fingerprint_files(dataset, out);
	return settled ? remember(store, stamp, out, d) : 0;
}

int prints_make(struct prints *prints, const struct catalog *catalog, struct dataset *const *datasets, size_t count,
	struct store *store, struct diagnostics *d)
{
	struct buffer all = {0};
	int failed = 0;
	prints->items = arena_array(&prints->arena, count + 1, sizeof *prints->items);
	prints->count = count;
	for (size_t i = 0; i < count && !failed; i++) {
		struct print *print = &prints->items[i];
		failed = hash_dataset(datasets[i], store, print->hash, d);
		print->description = fingerprint_description(&prints->arena, datasets[i], &catalog->registry);
		buffer_printf(&all, "%.*s %s\n", TEXT_ARGS(datasets[i]->name), print->hash);
		buffer_text(&all, print->description);
	}
	sha256_hex(buffer_view(&all), prints->corpus);
	buffer_free(&all);
	return failed;
}

void prints_add(const struct prints *prints, struct results *results)
{
	memcpy(results->corpus_hash, prints->corpus, sizeof results->corpus_hash);
	for (size_t i = 0; i < results->dataset_count && i < prints->count; i++) {
		memcpy(results->datasets[i].hash, prints->items[i].hash, sizeof results->datasets[i].hash);
		results->datasets[i].description = text_copy(&results->arena, prints->items[i].description);
	}
}

void prints_free(struct prints *prints)
{
	arena_free(&prints->arena);
}
