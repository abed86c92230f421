/* test_rows: a run in the store: all of it or nothing, and its indexes afterwards. */
#include "replay/measure/rows.h"
#include "tests/unit/world.h"

struct bench {
	struct world w;
	struct diagnostics d;
	struct store *store;
	struct dataset dataset;
};

static void bench_begin(struct bench *b, bool load)
{
	bool added;
	*b = (struct bench){0};
	world_begin(&b->w);
	world_detection(&b->w, "socket", "high", "a: process where process.name == \"docker\"");
	world_load(&b->w);
	b->store = store_open(arena_printf(&b->w.arena, "%s/mews.db", b->w.folder), &b->d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->store);
	if (load)
		CHECK_LONG(store_load_catalog(b->store, &b->w.catalog, &added, &b->d), 0);
	b->dataset = (struct dataset){.name = TEXT("set"), .folder = ""};
}

static void bench_end(struct bench *b)
{
	store_close(b->store);
	diagnostics_free(&b->d);
	world_end(&b->w);
}

static int64_t count_of(struct bench *b, const char *sql)
{
	sqlite3_stmt *statement = store_prepare(b->store, sql, &b->d);
	int64_t count = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
	sqlite3_finalize(statement);
	return count;
}

static struct rows *begin_rows(struct bench *b)
{
	struct rows_head head = {&b->w.catalog, "c0ffee", TEXT("2026-01-01"), "replay"};
	return rows_begin(b->store, &head, &b->d);
}

static struct alert an_alert(struct bench *b)
{
	return (struct alert){.detection = b->w.catalog.detections[0], .conditions = TEXT("a"), .dataset = &b->dataset,
		.label = LABEL_BENIGN, .outcome = OUTCOME_FP, .severity = SEVERITY_HIGH, .file = "x'); DROP TABLE alert; --",
		.line = 7, .time = INT64_MIN, .entity = TEXT("host:h"), .event = TEXT("{}")};
}

static struct results *results_of(struct bench *b)
{
	struct measure_options options = {.catalog = &b->w.catalog, .engine = b->w.engine, .as_of = TEXT("2026-01-01"),
		.dataset_count = 1};
	struct measurer *m = measurer_new(&options);
	struct ledger ledger = {.lines = 2, .events = 1, .event_lines = 1};
	measurer_begin(m, &b->dataset);
	ledger_reject(&ledger, "f", 2, "odd");
	measurer_end(m, &ledger);
	return measurer_finish(m);
}

static const char indexes[] =
	"SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'alert_match' AND sql IS NOT NULL";

static void test_whole(void)
{
	struct bench b;
	bench_begin(&b, true);
	int64_t before = count_of(&b, indexes);
	for (int64_t run = 1; run <= 2; run++) {
		struct rows *rows = begin_rows(&b);
		struct results *results = results_of(&b);
		struct alert alert = an_alert(&b);
		CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
		CHECK_LONG(rows_alert(rows, &alert, &b.d), 0);
		alert.time = 0;
		alert.moment = 1;
		CHECK_LONG(rows_alert(rows, &alert, &b.d), 0);
		CHECK_LONG(rows_finish(rows, results, &b.d), 0);
		CHECK_LONG(results->run, run);
		results_free(results);
	}
	CHECK_LONG(count_of(&b, "SELECT count(*) FROM alert WHERE line = 7 AND file LIKE '%DROP TABLE%'"), 4);
	CHECK_LONG(count_of(&b, "SELECT count(*) FROM alert WHERE time = '1970-01-01T00:00:00Z'"), 2);
	CHECK_LONG(count_of(&b, "SELECT count(*) FROM measure WHERE use = 'all' AND reachability = 'blind' AND recall IS NULL"), 2);
	CHECK_LONG(count_of(&b, "SELECT sum(lines) FROM run_dataset"), 4);
	CHECK_LONG(count_of(&b, "SELECT count(*) FROM run_reject WHERE reason = 'odd'"), 2);
	CHECK_LONG(count_of(&b, "SELECT count(*) FROM run WHERE finished >= started"), 2);
	CHECK_LONG(count_of(&b, indexes), before);
	CHECK_LONG(b.d.errors, 0);
	bench_end(&b);
}

static void test_abandoned(void)
{
	struct bench b;
	bench_begin(&b, true);
	int64_t before = count_of(&b, indexes);
	struct rows *rows = begin_rows(&b);
	struct alert alert = an_alert(&b);
	CHECK_LONG(rows_alert(rows, &alert, &b.d), 0);
	rows_abandon(rows);
	rows_abandon(NULL);
	CHECK_LONG(count_of(&b, "SELECT count(*) FROM alert"), 0);
	CHECK_LONG(count_of(&b, "SELECT count(*) FROM run"), 0);
	CHECK_LONG(count_of(&b, indexes), before);
	bench_end(&b);
}

/* A revision that the store does not have cannot have runs. */
static void test_refused(void)
{
	struct bench b;
	bench_begin(&b, false);
	CU_ASSERT_PTR_NULL(begin_rows(&b));
	CHECK_LONG(b.d.errors, 1);
	CHECK_LONG(count_of(&b, "SELECT count(*) FROM run"), 0);
	bench_end(&b);
}

void suite_rows(void)
{
	CU_pSuite suite = unit_suite("rows");
	UNIT_TEST(suite, test_whole);
	UNIT_TEST(suite, test_abandoned);
	UNIT_TEST(suite, test_refused);
}
