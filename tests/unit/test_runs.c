/* test_runs: stored runs: which there are, reading one back, references, and runs of an older store. */
#include "catalog/migration.h"
#include "replay/measure/rows.h"
#include "replay/runs/runs.h"
#include "tests/unit/world.h"

#include <math.h>
#include <string.h>

struct bench {
	struct world w;
	struct diagnostics d;
	struct store *store;
	struct dataset dataset, *list[1];
	struct episode episode;
};

static void bench_begin(struct bench *b)
{
	bool added;
	*b = (struct bench){0};
	world_begin(&b->w);
	world_detection(&b->w, "quiet", "low", "a: driver where driver.name == \"x\"");
	world_detection(&b->w, "socket", "high", "a: process where process.name == \"docker\"");
	world_organization(&b->w, "shop", "exceptions:\n  - {name: known, detections: [socket], condition: 'user.name == \"ci\"',"
		" reason: r, owner: o, expires: 2030-01-01}");
	world_organization(&b->w, "farm", "monitor: {disable: [quiet]}\nbudget: {alert_groups_per_day: 2}");
	world_load(&b->w);
	b->store = store_open(arena_printf(&b->w.arena, "%s/mews.db", b->w.folder), &b->d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(b->store);
	CHECK_LONG(store_load_catalog(b->store, &b->w.catalog, &added, &b->d), 0);
	b->dataset = (struct dataset){.name = TEXT("set"), .folder = "data", .title = TEXT("A set"), .observed = -1,
		.place = {.file = "data/corpus.yaml", .line = 1, .column = 1}};
	b->dataset.label.otherwise = LABEL_BENIGN;
	b->episode = (struct episode){.name = TEXT("attack"), .from = INT64_MIN, .to = INT64_MAX, .first_line = 10,
		.last_line = 19, .expects = world_names(&b->w, "socket quiet"), .allows = world_names(&b->w, "quiet"),
		.label = {.otherwise = LABEL_MALICIOUS}, .gap = TEXT("no driver here"),
		.place = {.file = "data/corpus.yaml", .line = 7, .column = 5}};
	b->dataset.episodes = &b->episode;
	b->dataset.episode_count = 1;
	b->list[0] = &b->dataset;
}

static void bench_end(struct bench *b)
{
	store_close(b->store);
	diagnostics_free(&b->d);
	world_end(&b->w);
}

static int take_row(void *context, const struct alert *alert)
{
	struct diagnostics d = {0};
	int failed = rows_alert(context, alert, &d);
	diagnostics_free(&d);
	return failed;
}

/* A stored run with a few events; its results. */
static struct results *run(struct bench *b)
{
	/* The order of organizations is the run's, not the catalog's. */
	const struct organization *two[] = {world_organization_of(&b->w, "shop"), world_organization_of(&b->w, "farm")};
	struct rows_head head = {&b->w.catalog, "c0ffee", TEXT("2026-01-01"), "replay --org shop"};
	struct rows *rows = rows_begin(b->store, &head, &b->d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(rows);
	struct measure_options options = {.catalog = &b->w.catalog, .engine = b->w.engine, .organizations = two,
		.organization_count = 2, .datasets = b->list, .dataset_count = 1, .as_of = TEXT("2026-01-01"), .keep_alerts = true,
		.alert = take_row, .alert_context = rows};
	struct measurer *m = measurer_new(&options);
	measurer_begin(m, &b->dataset);
	measurer_take(m, world_event(&b->w, 1, 0, "process.exec process.name=docker user.name=ci process.args=a,b"), NULL);
	measurer_take(m, world_event(&b->w, 2, 30000, "process.exec process.name=docker user.name=root container.id=c1"), NULL);
	measurer_take(m, world_event(&b->w, 10, 40000, "process.exec process.name=docker user.name=root"), NULL);
	struct ledger part = {.lines = 5, .events = 3, .event_lines = 3, .blank = 1}, ledger = {0};
	ledger_reject(&part, "events.log", 4, "no end");
	ledger_unmapped(&part, TEXT("evt.type=close"));
	ledger_add_file(&ledger, &part, "events.log", "json", "falco");
	ledger_free(&part);
	measurer_end(m, &ledger);
	struct results *results = measurer_finish(m);
	results->seconds = 1.25;
	results->bytes = 4711;
	results->datasets[0].description = TEXT("label: benign\n");
	static const struct skipped_file skipped[] = {{"data/program", "no records"}};
	results->skipped = skipped;
	results->skipped_count = 1;
	CHECK_LONG(rows_finish(rows, results, &b->d), 0);
	return results;
}

static bool same_double(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static void check_measures(const struct results *a, const struct results *b)
{
	CHECK_LONG(a->measure_count, b->measure_count);
	for (enum part part = 0; part < PART_COUNT; part++)
		for (size_t i = 0; i < a->measure_count; i++) {
			const struct measure *one = &a->parts[part].measures[i], *other = &b->parts[part].measures[i];
			CHECK_TEXT(one->detection->name, other->detection->name.data);
			CHECK_TEXT(one->organization->name, other->organization->name.data);
			CU_ASSERT(memcmp(one->alerts, other->alerts, sizeof one->alerts) == 0);
			CU_ASSERT(memcmp(one->groups, other->groups, sizeof one->groups) == 0);
			CHECK_LONG(one->matches, other->matches);
			CHECK_LONG(one->disabled, other->disabled);
			CHECK_LONG(one->reachability, other->reachability);
			CU_ASSERT(same_double(one->budget, other->budget) && same_double(one->groups_per_day, other->groups_per_day));
			CU_ASSERT(same_double(one->false_positive_rate.high, other->false_positive_rate.high));
			CU_ASSERT(same_double(one->recall.low, other->recall.low));
			CHECK_LONG(one->recall.denominator, other->recall.denominator);
		}
}

static void check_alerts(const struct results *a, const struct results *b)
{
	CHECK_LONG(a->alert_count, b->alert_count);
	CHECK_LONG(a->sample_count, b->sample_count);
	for (size_t i = 0; i < a->alert_count && i < b->alert_count; i++) {
		const struct alert *one = &a->alerts[i], *other = &b->alerts[i];
		CHECK_TEXT(one->conditions, other->conditions.data);
		CHECK_TEXT(one->entity, other->entity.data);
		CHECK_TEXT(one->fields, other->fields.data);
		CHECK_TEXT(one->event, other->event.data);
		CHECK_LONG(one->line, other->line);
		CHECK_LONG(one->time, other->time);
		CHECK_LONG(one->group, other->group);
		CHECK_LONG(one->outcome, other->outcome);
		CHECK_LONG(one->episode != NULL, other->episode != NULL);
	}
}

static void check_rest(const struct results *a, const struct results *b)
{
	CHECK_LONG(b->exception_count, a->exception_count);
	CHECK_TEXT(b->exceptions[0].exception->name, "known");
	CHECK_LONG(b->exceptions[0].removed[OUTCOME_FP], 1);
	CHECK_LONG(b->hour_count, a->hour_count);
	CHECK_LONG(b->hours[b->hour_count - 1].hour, a->hours[a->hour_count - 1].hour);
	CHECK_TEXT(b->hours[0].organization->name, "shop");
	CHECK_LONG(b->episode_count, a->episode_count);
	CHECK_LONG(b->episodes[0].missed_count, 1);
	CHECK_TEXT(b->episodes[0].missed[0].gap, "no driver here");
	CHECK_LONG(b->episodes[0].episode->expects.count, 2);
	CHECK_LONG(b->episodes[0].episode->allows.count, 1);
	CHECK_LONG(b->episodes[0].episode->place.column, 5);
	CHECK_LONG(b->skipped_count, 1);
	CHECK_TEXT(text_of(b->skipped[0].reason), "no records");
	CHECK_LONG(b->datasets[0].ledger.rejected, 1);
	CHECK_TEXT(text_of(b->datasets[0].ledger.files[0].first[0].reason), "no end");
	CHECK_TEXT(b->datasets[0].ledger.kinds[0].kind, "evt.type=close");
	CHECK_TEXT(b->datasets[0].description, "label: benign\n");
	CHECK_LONG(b->headline, a->headline);
	CHECK_LONG(b->bytes, 4711);
	CU_ASSERT(b->seconds == 1.25 && b->target == NULL);
}

static void test_read_back(void)
{
	struct bench b;
	struct stored_run *stored = NULL;
	bench_begin(&b);
	struct results *results = run(&b);
	CHECK_LONG(runs_read(b.store, results->run, &stored, &b.d), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(stored);
	CU_ASSERT_PTR_NULL(stored->head.lacks);
	check_measures(results, stored->results);
	check_alerts(results, stored->results);
	check_rest(results, stored->results);
	stored_run_free(stored);
	CHECK_LONG(runs_read_deep(b.store, results->run, RUN_FIGURES, &stored, &b.d), 0);
	CHECK_LONG(stored->results->alert_count, 0);
	CHECK_LONG(stored->results->sample_count, results->sample_count);
	stored_run_free(stored);
	stored_run_free(NULL);
	results_free(results);
	CHECK_LONG(b.d.count, 0);
	bench_end(&b);
}

/* Alerts that come late are not whole: they stand in blocks. */
static int take_few_whole(void *context, const struct alert *alert)
{
	struct alert most = *alert;
	most.whole = alert->sample || alert->first || alert->line % 100 == 0;
	return take_row(context, &most);
}

static void take_many(struct bench *b, struct measurer *m)
{
	static const char *const facets[] = {
		"process.exec process.name=docker user.name=ci host.name=a",     /* of the farm alone */
		"process.exec process.name=docker user.name=root host.name=b",
		"process.exec process.name=docker user.name=root | driver.load driver.name=x",
		"process.exec process.name=docker user.name=root container.id=c1"};
	measurer_begin(m, &b->dataset);
	for (uint64_t line = 1; line <= 700; line++)
		measurer_take(m, world_event(&b->w, line, line % 50 ? (long)(line * 37 % 4000) : WORLD_UNTIMED, facets[line / 3 % 4]), NULL);
	measurer_take(m, world_event(&b->w, 900, -1767225601 - 5, facets[1]), NULL); /* before 1970 */
	measurer_end(m, &(struct ledger){.lines = 701, .events = 701, .event_lines = 701});
}

static int64_t number_of(struct bench *b, const char *sql)
{
	sqlite3_stmt *statement = store_prepare(b->store, sql, &b->d);
	int64_t number = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
	sqlite3_finalize(statement);
	return number;
}

/* The view says of each alert what the results say. */
static void check_view(struct bench *b, const struct results *results)
{
	sqlite3_stmt *statement = store_prepare(b->store, "SELECT count(*) FROM alert WHERE run = 2 AND organization = ?"
		" AND detection = ? AND line = ? AND time IS ? AND entity = ? AND label = ? AND outcome = ?"
		" AND alert_group = ? AND condition = ? AND episode = ? AND file = ?", &b->d);
	size_t missing = 0;
	for (size_t i = 0; i < results->alert_count; i++) {
		const struct alert *alert = &results->alerts[i];
		char time[40];
		store_bind_text(statement, 1, alert->organization->name);
		store_bind_text(statement, 2, alert->detection->name);
		sqlite3_bind_int64(statement, 3, (int64_t)alert->line);
		if (alert->time == INT64_MIN)
			sqlite3_bind_null(statement, 4);
		else
			store_bind_text(statement, 4, (struct text){time, date_format(alert->time, time)});
		store_bind_text(statement, 5, alert->entity);
		store_bind_text(statement, 6, text_of(label_name(alert->label)));
		store_bind_text(statement, 7, text_of(outcome_name(alert->outcome)));
		sqlite3_bind_int64(statement, 8, (int64_t)alert->group);
		store_bind_text(statement, 9, alert->conditions);
		store_bind_text(statement, 10, alert->episode ? alert->episode->name : TEXT(""));
		store_bind_text(statement, 11, text_of(alert->file));
		missing += sqlite3_step(statement) != SQLITE_ROW || sqlite3_column_int64(statement, 0) != 1;
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
	CHECK_LONG(missing, 0);
}

static void test_many(void)
{
	struct bench b;
	struct stored_run *stored = NULL;
	bench_begin(&b);
	results_free(run(&b));
	const struct organization *two[] = {world_organization_of(&b.w, "shop"), world_organization_of(&b.w, "farm")};
	struct rows_head head = {&b.w.catalog, "c0ffee", TEXT("2026-01-01"), "replay"};
	struct rows *rows = rows_begin(b.store, &head, &b.d);
	struct measure_options options = {.catalog = &b.w.catalog, .engine = b.w.engine, .organizations = two,
		.organization_count = 2, .datasets = b.list, .dataset_count = 1, .as_of = TEXT("2026-01-01"), .keep_alerts = true,
		.alert = take_few_whole, .alert_context = rows};
	struct measurer *m = measurer_new(&options);
	take_many(&b, m);
	struct results *results = measurer_finish(m);
	CHECK_LONG(rows_finish(rows, results, &b.d), 0);
	CHECK_LONG(number_of(&b, "SELECT count(*) FROM alert WHERE run = 2"), results->alert_count);
	CU_ASSERT(number_of(&b, "SELECT count(*) FROM alert_block") > 2);
	check_view(&b, results);
	CHECK_LONG(runs_read(b.store, 2, &stored, &b.d), 0);
	for (size_t i = 0; i < results->alert_count && i < stored->results->alert_count; i++) {
		struct alert *alert = &results->alerts[i];
		CHECK_LONG(stored->results->alerts[i].whole, alert->sample || alert->first || alert->line % 100 == 0);
		if (!stored->results->alerts[i].whole)
			alert->fields = alert->event = TEXT("");
	}
	check_alerts(results, stored->results);
	stored_run_free(stored);
	CHECK_LONG(store_execute(b.store, "DELETE FROM run WHERE id = 2", &b.d), 0);
	CHECK_LONG(number_of(&b, "SELECT count(*) FROM alert WHERE run = 2"), 0);
	CHECK_LONG(number_of(&b, "SELECT (SELECT count(*) FROM alert_match) = 5 AND NOT EXISTS (SELECT 1 FROM alert_block)"), 1);
	CHECK_LONG(b.d.count, 0);
	results_free(results);
	bench_end(&b);
}

static int64_t find(struct bench *b, const char *name)
{
	struct diagnostics d = {0};
	int64_t id = -1;
	CHECK_LONG(runs_find(b->store, name, &id, &d), 0);
	diagnostics_free(&d);
	return id;
}

static void no_run(struct bench *b, const char *name, const char *sentence)
{
	struct diagnostics d = {0};
	int64_t id;
	CHECK_LONG(runs_find(b->store, name, &id, &d), -1);
	CHECK_CONTAINS(unit_printed(&b->w.arena, &d), sentence);
	diagnostics_free(&d);
}

static void test_names(void)
{
	struct bench b;
	int64_t id = 1;
	bench_begin(&b);
	no_run(&b, "latest", "no run is stored yet");
	for (int i = 0; i < 3; i++)
		results_free(run(&b));
	CHECK_LONG(find(&b, "latest"), 3);
	CHECK_LONG(find(&b, "latest~0"), 3);
	CHECK_LONG(find(&b, "latest~2"), 1);
	CHECK_LONG(find(&b, "2"), 2);
	no_run(&b, "latest~3", "there is no run \"latest~3\"; there are 3, the newest is 3");
	no_run(&b, "latest~", "there is no run");
	no_run(&b, "latest~x", "there is no run");
	no_run(&b, "7", "there is no run \"7\"");
	no_run(&b, "release", "there is no run \"release\"");
	no_run(&b, "reference", "no reference was set");
	CHECK_LONG(reference_get(b.store, &id, &b.d), 0);
	CHECK_LONG(id, 0);
	CHECK_LONG(reference_set(b.store, 1, "", &b.d), 0);
	CHECK_LONG(reference_set(b.store, 2, "", &b.d), 0);
	CHECK_LONG(reference_set(b.store, 2, "release", &b.d), 0);
	CHECK_LONG(reference_get(b.store, &id, &b.d), 0);
	CHECK_LONG(id, 2);
	CHECK_LONG(find(&b, "reference"), 2);
	CHECK_LONG(find(&b, "release"), 2);
	CHECK_LONG(reference_clear(b.store, "", &b.d), 0);
	no_run(&b, "reference", "no reference was set");
	CHECK_LONG(b.d.count, 0);
	CHECK_LONG(reference_set(b.store, 99, "", &b.d), -1);
	CHECK_CONTAINS(unit_printed(&b.w.arena, &b.d), "there is no run 99");
	bench_end(&b);
}

/* Rows that name what the catalog does not have were written by somebody else. */
static void test_damaged(void)
{
	struct bench b;
	struct stored_run *stored = NULL;
	bench_begin(&b);
	results_free(run(&b));
	CHECK_LONG(store_execute(b.store, "UPDATE alert_kind SET detection = 'nobody' WHERE id = 1", &b.d), 0);
	CHECK_LONG(runs_read(b.store, 1, &stored, &b.d), -1);
	CU_ASSERT_PTR_NULL(stored);
	CHECK_CONTAINS(unit_printed(&b.w.arena, &b.d), "run 1 names the detection nobody");
	CHECK_LONG(runs_read(b.store, 5, &stored, &b.d), -1);
	bench_end(&b);
}

/* A store as the first version left it, with one run of that time. */
static const char old_run[] =
	"INSERT INTO run VALUES (1, '2026-01-01T00:00:00Z', '2026-01-01T00:01:00Z', (SELECT id FROM revision), 'c0ffee',"
	" '2026-01-01', '0.4', 'old');"
	"INSERT INTO run_dataset(run, name, format, label, use, lines, events) VALUES (1, 'set', 'json', 'benign', 'develop', 9, 9);"
	"INSERT INTO measure(run, organization, detection, target, use, severity, tp, fp, fn, fp_groups, tp_groups, recall,"
	" recall_low, recall_high, recall_numerator, recall_denominator, observed_days, reachability)"
	" VALUES (1, 'shop', 'socket', '', 'all', 'high', 2, 3, 1, 3, 2, 0.5, 0.01, 0.99, 1, 2, 1.5, 'measured'),"
	" (1, 'farm', 'socket', '', 'all', 'high', 0, 0, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, 1.5, 'blind');"
	"INSERT INTO run_episode VALUES (1, 'shop', 'set', 'attack', 'malicious', 'socket', 'alerted', ''),"
	" (1, 'shop', 'set', 'attack', 'malicious', 'quiet', 'missed', 'unmatched');"
	"INSERT INTO alert(run, organization, detection, condition, dataset, episode, label, outcome, file, line, time, severity,"
	" event) VALUES (1, 'shop', 'socket', 'a', 'set', 'attack', 'malicious', 'tp', 'f', 10, '2026-01-01T01:00:00Z', 'high', '{}'),"
	" (1, 'shop', 'socket', 'a', 'set', '', 'benign', 'fp', 'f', 2, '2026-01-01T01:30:00Z', 'high', '{}');";

static const char *old_store(struct bench *b)
{
	const char *path = arena_printf(&b->w.arena, "%s/old.db", b->w.folder);
	sqlite3 *old = NULL;
	CHECK_LONG(sqlite3_open(path, &old), SQLITE_OK);
	for (const char *const *script = migrations[0]; *script; script++)
		CHECK_LONG(sqlite3_exec(old, *script, NULL, NULL, NULL), SQLITE_OK);
	/* The catalog's tables are the same in both versions. */
	const char *copy = arena_printf(&b->w.arena, "ATTACH '%s' AS newer; INSERT INTO document SELECT * FROM newer.document;"
		"INSERT INTO revision SELECT * FROM newer.revision; INSERT INTO revision_document SELECT * FROM newer.revision_document;"
		"DETACH newer; PRAGMA user_version = 1; PRAGMA application_id = %d", store_path(b->store), MIGRATION_APPLICATION_ID);
	CHECK_LONG(sqlite3_exec(old, copy, NULL, NULL, NULL), SQLITE_OK);
	CHECK_LONG(sqlite3_exec(old, old_run, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(old);
	return path;
}

static void test_older_store(void)
{
	struct bench b;
	struct stored_run *stored = NULL;
	bench_begin(&b);
	const char *path = old_store(&b);
	struct store *store = store_open(path, &b.d);
	CU_ASSERT_PTR_NOT_NULL_FATAL(store);
	CHECK_LONG(runs_read(store, 1, &stored, &b.d), 0);
	CU_ASSERT_PTR_NOT_NULL_FATAL(stored);
	const struct results *results = stored->results;
	CU_ASSERT_PTR_NOT_NULL(stored->head.lacks);
	CHECK_LONG(results->total_count, 2);
	CHECK_TEXT(results->totals[1].organization->name, "shop");
	CHECK_LONG(results->totals[1].alerts[OUTCOME_FP], 3);
	CHECK_LONG(results->totals[1].expected.denominator, 2);
	CU_ASSERT(results->totals[1].observed == 1.5 * 86400 && isnan(results->totals[1].recall.value));
	const struct measure *socket = &results->measures[3];
	CHECK_TEXT(socket->detection->name, "socket");
	CU_ASSERT(socket->recall.value == 0.5 && socket->alerts[OUTCOME_TP] == 2 && socket->reachability == REACH_MEASURED);
	CU_ASSERT(results->measures[0].disabled); /* by the catalog: the farm does not want quiet */
	CU_ASSERT(results->measures[1].budget == 2);
	CHECK_LONG(results->episode_count, 1);
	CHECK_LONG(results->episodes[0].alerted_count, 1);
	CHECK_LONG(results->episodes[0].missed[0].cause, MISS_UNMATCHED);
	CHECK_LONG(results->alert_count, 2);
	CHECK_LONG(results->sample_count, 1);
	CHECK_LONG(results->hour_count, 1);
	CHECK_LONG(results->hours[0].alerts[OUTCOME_TP] + results->hours[0].alerts[OUTCOME_FP], 2);
	CHECK_LONG(b.d.count, 0);
	stored_run_free(stored);
	store_close(store);
	bench_end(&b);
}

void suite_runs(void)
{
	CU_pSuite suite = unit_suite("runs");
	UNIT_TEST(suite, test_read_back);
	UNIT_TEST(suite, test_many);
	UNIT_TEST(suite, test_names);
	UNIT_TEST(suite, test_damaged);
	UNIT_TEST(suite, test_older_store);
}
