/* store, store_catalog, migration: a catalog into SQLite and back; files that are no store. */
#include "catalog/migration.h"
#include "catalog/store.h"
#include "tests/unit/unit.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct fixture {
	struct arena arena;
	struct diagnostics d;
	struct catalog catalog;
	const char *folder, *path;
	struct store *store;
};

static void begin(struct fixture *f)
{
	*f = (struct fixture){0};
	f->folder = unit_folder(&f->arena);
	f->path = arena_printf(&f->arena, "%s/mews.db", f->folder);
	if (catalog_load(&f->catalog, "rulesets", &f->d))
		CU_FAIL("rulesets");
}

static void open_store(struct fixture *f)
{
	f->store = store_open(f->path, &f->d);
	if (!f->store)
		diagnostics_print(&f->d, stdout);
	CU_ASSERT_PTR_NOT_NULL_FATAL(f->store);
}

static void end(struct fixture *f)
{
	store_close(f->store);
	catalog_free(&f->catalog);
	diagnostics_free(&f->d);
	arena_free(&f->arena);
}

/* The first value of a query's first row, -1 where there is none. */
static int64_t ask(struct store *store, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int64_t answer = -1;
	if (sqlite3_prepare_v2(store_connection(store), sql, -1, &statement, NULL) == SQLITE_OK &&
		sqlite3_step(statement) == SQLITE_ROW)
		answer = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return answer;
}

static void execute(struct store *store, const char *sql)
{
	CHECK_LONG(sqlite3_exec(store_connection(store), sql, NULL, NULL, NULL), SQLITE_OK);
}

/* All rows of all tables, as one text: what may not change when a load fails. */
static struct text dump(struct fixture *f)
{
	struct buffer all = {0};
	sqlite3_stmt *tables = NULL, *rows = NULL;
	sqlite3 *connection = store_connection(f->store);
	sqlite3_prepare_v2(connection, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1, &tables, NULL);
	while (sqlite3_step(tables) == SQLITE_ROW) {
		const char *sql = arena_printf(&f->arena, "SELECT * FROM \"%s\" ORDER BY 1, 2", sqlite3_column_text(tables, 0));
		if (sqlite3_prepare_v2(connection, sql, -1, &rows, NULL) != SQLITE_OK) {
			sql = arena_printf(&f->arena, "SELECT * FROM \"%s\" ORDER BY 1", sqlite3_column_text(tables, 0));
			sqlite3_prepare_v2(connection, sql, -1, &rows, NULL);
		}
		while (sqlite3_step(rows) == SQLITE_ROW)
			for (int i = 0; i < sqlite3_column_count(rows); i++)
				buffer_printf(&all, "%s|", (const char *)sqlite3_column_text(rows, i));
		sqlite3_finalize(rows);
	}
	sqlite3_finalize(tables);
	struct text text = text_copy(&f->arena, buffer_view(&all));
	buffer_free(&all);
	return text;
}

static void check_same(const struct catalog *a, const struct catalog *b)
{
	struct buffer one = {0}, other = {0};
	CHECK_TEXT(text_of(a->revision), b->revision);
	CHECK_LONG(a->detection_count, b->detection_count);
	CHECK_LONG(a->organization_count, b->organization_count);
	CHECK_LONG(a->dialect_count, b->dialect_count);
	for (size_t i = 0; i < a->detection_count && i < b->detection_count; i++)
		for (size_t j = 0; j < a->detections[i]->condition_count; j++) {
			buffer_clear(&one);
			buffer_clear(&other);
			condition_print(a->detections[i]->conditions[j], &a->registry, &one);
			condition_print(b->detections[i]->conditions[j], &b->registry, &other);
			CHECK_TEXT(buffer_view(&one), other.data);
		}
	buffer_free(&one);
	buffer_free(&other);
}

static void test_round_trip(void)
{
	struct fixture f;
	struct catalog back = {0};
	bool added = false;
	char revision[65];
	begin(&f);
	open_store(&f);
	CHECK_LONG(store_current_revision(f.store, revision, &f.d), 0);
	CHECK_TEXT(text_of(revision), "");
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	CU_ASSERT_TRUE(added);
	store_close(f.store);
	open_store(&f);
	CHECK_LONG(store_current_revision(f.store, revision, &f.d), 0);
	CHECK_TEXT(text_of(revision), f.catalog.revision);
	CHECK_LONG(store_read_catalog(f.store, "", "rulesets", &back, &f.d), 0);
	check_same(&f.catalog, &back);
	CHECK_LONG(f.d.errors, 0);
	catalog_free(&back);
	end(&f);
}

/* What the rows say is what the catalog says. */
static void test_rows(void)
{
	struct fixture f;
	bool added;
	begin(&f);
	open_store(&f);
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM current_detection"), f.catalog.detection_count);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM current_organization"), f.catalog.organization_count);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM field"), f.catalog.registry.field_count - 1);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM revision_document"), f.catalog.document_count);
	int64_t conditions = 0, tests = 0;
	for (size_t i = 0; i < f.catalog.detection_count; i++) {
		conditions += (int64_t)f.catalog.detections[i]->condition_count;
		tests += (int64_t)f.catalog.detections[i]->test_count;
	}
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM current_condition"), conditions);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM detection_test"), tests);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM condition c WHERE NOT EXISTS (SELECT 1 FROM condition_field f"
		" WHERE f.revision = c.revision AND f.detection = c.detection AND f.condition = c.name)"), 0);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM exception_detection WHERE organization = 'build-farm'"
		" AND exception = 'runners-get-the-socket' AND detection = 'docker-socket-mount'"), 1);
	CHECK_LONG(ask(f.store, "SELECT rank FROM current_detection JOIN severity s ON s.name = severity"
		" WHERE current_detection.name = 'docker-socket-mount'"), SEVERITY_HIGH);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
		" AND sql NOT LIKE '%STRICT%'"), 0);
	end(&f);
}

/* docs/store.md names every table, view and column. */
static void test_documented(void)
{
	struct fixture f;
	struct text page;
	sqlite3_stmt *rows = NULL;
	size_t count = 0;
	begin(&f);
	open_store(&f);
	CHECK_LONG(file_read(&f.arena, "docs/store.md", 1 << 20, &f.d, &page), 0);
	CHECK_LONG(sqlite3_prepare_v2(store_connection(f.store), "SELECT s.name, c.name FROM sqlite_schema s,"
		" pragma_table_info(s.name) c WHERE s.name NOT LIKE 'sqlite%'", -1, &rows, NULL), SQLITE_OK);
	static const char *const rates[] = {"_low", "_high", "_numerator", "_denominator"};
	for (; sqlite3_step(rows) == SQLITE_ROW; count++) {
		struct text column = text_of((const char *)sqlite3_column_text(rows, 1));
		CHECK_CONTAINS(page, arena_printf(&f.arena, "`%s`", sqlite3_column_text(rows, 0)));
		for (size_t i = 0; i < 4; i++) /* these stand behind each rate's name */
			if (text_ends(column, text_of(rates[i]), false))
				column.length -= strlen(rates[i]);
		CU_ASSERT(text_contains(page, column, false));
	}
	CU_ASSERT(count > 150);
	sqlite3_finalize(rows);
	end(&f);
}

static void test_two_revisions(void)
{
	struct fixture f;
	struct catalog other = {0}, back = {0};
	bool added;
	begin(&f);
	open_store(&f);
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	int64_t documents = ask(f.store, "SELECT count(*) FROM document");
	/* The same documents but one. */
	for (size_t i = 0; i < f.catalog.document_count; i++) {
		other.documents = arena_grow(&other.arena, other.documents, i, sizeof *other.documents);
		other.documents[other.document_count++] = f.catalog.documents[i];
	}
	struct document *first = &other.documents[0];
	first->content = text_of(arena_printf(&other.arena, "%.*s# more\n", TEXT_ARGS(first->content)));
	sha256_hex(first->content, first->hash);
	catalog_revise(&other);
	CHECK_LONG(catalog_parse(&other, "", &f.d), 0);
	CHECK_LONG(store_load_catalog(f.store, &other, &added, &f.d), 0);
	CU_ASSERT_TRUE(added);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM document"), documents + 1);
	/* By a prefix; and back to the first without writing it again. */
	char prefix[9];
	snprintf(prefix, sizeof prefix, "%.8s", f.catalog.revision);
	CHECK_LONG(store_read_catalog(f.store, prefix, "", &back, &f.d), 0);
	CHECK_TEXT(text_of(back.revision), f.catalog.revision);
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	CU_ASSERT_FALSE(added);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM revision"), 2);
	char current[65];
	CHECK_LONG(store_current_revision(f.store, current, &f.d), 0);
	CHECK_TEXT(text_of(current), f.catalog.revision);
	catalog_free(&other);
	catalog_free(&back);
	end(&f);
}

static void test_wrong_revisions(void)
{
	struct fixture f;
	struct catalog back = {0};
	bool added;
	begin(&f);
	open_store(&f);
	CHECK_LONG(store_read_catalog(f.store, "", "", &back, &f.d), -1);
	CHECK_CONTAINS(text_of(f.d.items[0].message), "no catalog was loaded yet");
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	CHECK_LONG(store_read_catalog(f.store, "zz", "", &back, &f.d), -1);
	CHECK_CONTAINS(text_of(f.d.items[1].message), "there is no catalog revision zz");
	execute(f.store, "INSERT INTO revision SELECT substr(id, 1, 63) || CASE substr(id, 64) WHEN '0' THEN '1' ELSE '0' END,"
		" '', '' FROM revision");
	CHECK_LONG(store_read_catalog(f.store, (char[]){f.catalog.revision[0], 0}, "", &back, &f.d), -1);
	CHECK_CONTAINS(text_of(f.d.items[2].message), "several catalog revisions begin with");
	CHECK_LONG(f.d.count, 3);
	/* Changed behind our back. */
	execute(f.store, "UPDATE document SET content = content || ' ' WHERE hash = (SELECT min(hash) FROM document)");
	CHECK_LONG(store_read_catalog(f.store, "", "", &back, &f.d), -1);
	CHECK_CONTAINS(text_of(f.d.items[3].message), "are not those that were loaded");
	catalog_free(&back);
	end(&f);
}

/* A load that fails in the middle leaves everything as it was. */
static void test_all_or_nothing(void)
{
	struct fixture f;
	bool added;
	begin(&f);
	open_store(&f);
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	struct text before = dump(&f);
	CU_ASSERT(before.length > 10000);
	f.catalog.revision[0] = f.catalog.revision[0] == 'f' ? '0' : 'f';
	execute(f.store, "CREATE TEMP TRIGGER broken BEFORE INSERT ON main.organization"
		" BEGIN SELECT raise(ABORT, 'no more'); END");
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), -1);
	CU_ASSERT_FALSE(added);
	CHECK_LONG(f.d.count, 1);
	CHECK_CONTAINS(text_of(f.d.items[0].message), "cannot load the catalog: no more");
	CU_ASSERT(text_equal(before, dump(&f)));
	CU_ASSERT(sqlite3_get_autocommit(store_connection(f.store)) != 0);
	execute(f.store, "DROP TRIGGER broken");
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	CU_ASSERT_TRUE(added);
	end(&f);
}

static void test_migration(void)
{
	struct fixture f;
	begin(&f);
	/* From nothing, and from an empty file. */
	unit_file(&f.arena, f.folder, "mews.db", TEXT(""));
	open_store(&f);
	CHECK_LONG(ask(f.store, "PRAGMA user_version"), migration_count);
	CHECK_LONG(ask(f.store, "PRAGMA application_id"), MIGRATION_APPLICATION_ID);
	CHECK_LONG(ask(f.store, "PRAGMA foreign_keys"), 1);
	CHECK_LONG(ask(f.store, "SELECT count(*) FROM severity"), 5);
	CHECK_LONG(ask(f.store, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
	/* Opened again, nothing is done again. */
	int64_t schema = ask(f.store, "PRAGMA schema_version");
	store_close(f.store);
	open_store(&f);
	CHECK_LONG(ask(f.store, "PRAGMA schema_version"), schema);
	/* A newer one is left alone. */
	execute(f.store, "PRAGMA user_version = 999");
	store_close(f.store);
	f.store = store_open(f.path, &f.d);
	CU_ASSERT_PTR_NULL(f.store);
	CHECK_LONG(f.d.count, 1);
	CHECK_CONTAINS(text_of(f.d.items[0].message), "was written by a newer mews (its schema is 999");
	CHECK_TEXT(text_of(f.d.items[0].place.file), f.path);
	end(&f);
}

/* Each gives one diagnostic that names the file, and the file stays as it was. */
static void refuse(struct fixture *f, const char *path, const char *sentence)
{
	struct diagnostics d = {0};
	CU_ASSERT_PTR_NULL(store_open(path, &d));
	CHECK_LONG(d.count, 1);
	CHECK_CONTAINS(unit_printed(&f->arena, &d), arena_printf(&f->arena, "%s: error: ", path));
	CHECK_CONTAINS(unit_printed(&f->arena, &d), sentence);
	diagnostics_free(&d);
}

static void test_no_store(void)
{
	struct fixture f;
	struct text text = TEXT("This is a text that is longer than the header of a database, and is none, whatever its "
		"name says; SQLite looks at the first 16 bytes.\n"), after;
	begin(&f);
	const char *path = unit_file(&f.arena, f.folder, "text.db", text);
	refuse(&f, path, "file is not a database");
	CHECK_LONG(file_read(&f.arena, path, 1 << 20, &f.d, &after), 0);
	CHECK_TEXT(after, text.data);
	refuse(&f, f.folder, "unable to open database file");
	refuse(&f, "/nonexistent/folder/mews.db", "unable to open database file");
	sqlite3 *other = NULL;
	const char *foreign = arena_printf(&f.arena, "%s/other.db", f.folder);
	CHECK_LONG(sqlite3_open(foreign, &other), SQLITE_OK);
	CHECK_LONG(sqlite3_exec(other, "CREATE TABLE mine(a)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(other);
	refuse(&f, foreign, "is another program's database, not a mews store");
	end(&f);
}

static void test_damaged(void)
{
	struct fixture f;
	struct text content;
	bool added;
	begin(&f);
	open_store(&f);
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	store_close(f.store);
	f.store = NULL;
	CHECK_LONG(file_read(&f.arena, f.path, 64 << 20, &f.d, &content), 0);
	memset((char *)content.data + 100, 0xff, 4000);
	unit_file(&f.arena, f.folder, "mews.db", content);
	refuse(&f, f.path, "malformed");
	end(&f);
}

static void test_locked(void)
{
	struct fixture f;
	sqlite3 *other = NULL;
	bool added;
	begin(&f);
	open_store(&f);
	CHECK_LONG(sqlite3_open(f.path, &other), SQLITE_OK);
	CHECK_LONG(sqlite3_exec(other, "BEGIN EXCLUSIVE", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_busy_timeout(store_connection(f.store), 10);
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), -1);
	CHECK_LONG(f.d.count, 1);
	CHECK_CONTAINS(text_of(f.d.items[0].message), "another program is writing to it");
	sqlite3_close(other);
	CHECK_LONG(store_load_catalog(f.store, &f.catalog, &added, &f.d), 0);
	end(&f);
}

/* Root may write to everything, so as root the test becomes somebody else for a moment. */
static void test_read_only(void)
{
	struct fixture f;
	begin(&f);
	open_store(&f);
	store_close(f.store);
	f.store = NULL;
	CHECK_LONG(chmod(f.path, 0444), 0);
	CHECK_LONG(chmod(f.folder, 0555), 0);
	bool root = geteuid() == 0;
	CHECK_LONG(root ? seteuid(65534) : 0, 0);
	refuse(&f, f.path, "the store cannot be written to");
	refuse(&f, arena_printf(&f.arena, "%s/new.db", f.folder), "unable to open database file");
	CHECK_LONG(root ? seteuid(0) : 0, 0);
	CHECK_LONG(chmod(f.folder, 0755), 0);
	end(&f);
}

void suite_store(void);
void suite_store(void)
{
	CU_pSuite suite = unit_suite("store");
	UNIT_TEST(suite, test_round_trip);
	UNIT_TEST(suite, test_rows);
	UNIT_TEST(suite, test_documented);
	UNIT_TEST(suite, test_two_revisions);
	UNIT_TEST(suite, test_wrong_revisions);
	UNIT_TEST(suite, test_all_or_nothing);
	UNIT_TEST(suite, test_migration);
	UNIT_TEST(suite, test_no_store);
	UNIT_TEST(suite, test_damaged);
	UNIT_TEST(suite, test_locked);
	UNIT_TEST(suite, test_read_only);
}
