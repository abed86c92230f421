/*
 * verdicts: what every detection of a catalog says of a file's events, by four ways, each timed alone.
 *
 *   verdicts CATALOG FILE READER DIALECT SECONDS [WAY…]
 *
 * WAY read     bytes → events with the fields that the catalog asks for, in batches as the replay reads them, and nothing more
 *     engine   the replay's engine (replay/engine/engine.h), without measures, on events that stand in memory
 *     plain    the plain evaluator (catalog/evaluate.h) asks every event every condition of its category
 *     sql      a table of these fields in an in-memory SQLite, filled before, and a SELECT count(*) for each detection
 *
 * Each takes about SECONDS: `read` and `engine` go through as many events as they can, `plain` and `sql` through a sample, the
 * same of both, and then all three must have counted the same for every detection (1 is the status where they have not).
 * How long SQL takes is measured over a table of KEPT_MOST events, which no processor's cache holds: over a few thousand it takes
 * a third less, and corpora are larger. There it is asked ASKED_MOST detections or some more, every n-th of the catalog.
 * Prints one object of JSON; seconds are those of this thread's processor, for an event.
 */
#include "catalog/evaluate.h"
#include "catalog/regex.h"
#include "replay/engine/engine.h"
#include "replay/pipeline/cutter.h"
#include "replay/wanted.h"
#include "tests/bench/sql_form.h"

#include <inttypes.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REGEX_ROOM = 20000,
	KEPT_MOST = 100000,
	ASKED_MOST = 150,
	TRIED = 100 };

struct verdicts {
	struct catalog catalog;
	struct diagnostics d;
	double budget; /* seconds of a way */
	uint64_t *counts[3]; /* [detection_count]: by engine, plain, SQL */
	uint8_t *left_out; /* [detection_count]: what SQL does not say */
	struct evaluator *evaluator;
	struct engine *engine;
	uint64_t events; /* of the newest reading */
	struct arena arena; /* of the kept events */
	struct event **kept;
	size_t kept_count, sample;
	/* of SQL */
	uint8_t *asked, *filled, *many; /* [field_count] */
	size_t facets;
	bool failures; /* some facet's outcome is failure */
	sqlite3 *database;
	const struct regex **regexes;
	struct regex_match *match;
};

enum way { READ,
	ENGINE,
	PLAIN,
	SQL,
	WAYS };
static const char *const way_names[WAYS] = {"read", "engine", "plain", "sql"};

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Reading */

static int take_kept(void *context, struct event *event)
{
	struct verdicts *v = context;
	v->kept[v->kept_count++] = event_clone(event, &v->arena);
	return v->kept_count == KEPT_MOST;
}

static struct source source_of(struct verdicts *v, char **arguments)
{
	return (struct source){
		.reader = reader_find(text_of(arguments[2])),
		.options = {.catalog = &v->catalog, .csv_header = true, .dialect = catalog_dialect(&v->catalog, text_of(arguments[3])), .wanted = wanted_fields(&v->catalog.arena, &v->catalog, NULL, 0)},
		.files = &arguments[1],
		.file_count = 1,
	};
}

/* The kept ones, of a file that is read in one piece. */
static int keep_events(struct verdicts *v, char **arguments)
{
	struct ledger ledger = {0};
	struct source source = source_of(v, arguments);
	struct input *input = input_open(arguments[1], &v->d);
	if (!input || !source.reader)
		return -1;
	int status = reader_read(source.reader, input, &source.options, (struct event_sink){take_kept, v}, &ledger, &v->d);
	input_close(input);
	ledger_free(&ledger);
	return status < 0 ? -1 : 0;
}

/* Until its time is over, or the file. */
static int read_batches(struct verdicts *v, char **arguments)
{
	_Atomic unsigned torn = 0;
	struct source source = source_of(v, arguments);
	struct batch batch = {0};
	struct worker worker = {0};
	struct cutter cutter;
	enum cut cut = CUT_BATCH;
	double until = seconds_now() + v->budget;
	if (!source.reader)
		return -1;
	cutter_begin(&cutter, &source, PIPELINE_BATCH, &torn);
	for (uint64_t number = 0; !batch.status && cut == CUT_BATCH && seconds_now() < until; number++) {
		batch_begin(&batch, number);
		if ((cut = cutter_take(&cutter, &batch)) == CUT_BATCH)
			batch_read(&batch, &worker, &source, NULL);
		v->events += batch.count;
		ledger_free(&batch.ledger);
	}
	int status = batch.status || cut == CUT_WHOLE ? -1 : 0;
	worker_end(&worker);
	cutter_end(&cutter);
	batch_free(&batch);
	return status;
}

/* Ways that go event by event */

static bool holds(struct verdicts *v, const struct detection *detection, const struct event *event)
{
	for (size_t c = 0; c < detection->condition_count; c++)
		for (size_t f = 0; f < event->facet_count; f++)
			if (!detection->conditions[c]->sequence && evaluate_condition(v->evaluator, detection->conditions[c], event->facets[f]))
				return true;
	return false;
}

static void run_plain(struct verdicts *v, size_t count)
{
	for (size_t e = 0; e < count; e++)
		for (size_t i = 0; i < v->catalog.detection_count; i++)
			v->counts[PLAIN - 1][i] += holds(v, v->catalog.detections[i], v->kept[e]);
}

static void run_engine(struct verdicts *v, size_t from, size_t count)
{
	struct arena arena = {0};
	for (size_t e = from; e < from + count && e < v->kept_count; e++) {
		struct event event = *v->kept[e];
		struct answer answer;
		struct matches matches;
		event.arena = &arena; /* where answers go, and do not stay */
		engine_ask(v->engine, &event, &answer);
		engine_order(v->engine, &event, &answer, &matches);
		for (size_t i = 0; i < matches.count; i++)
			v->counts[ENGINE - 1][matches.items[i].detection]++;
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* SQL: the table */

static void see_predicate(const struct predicate *p, void *context)
{
	struct verdicts *v = context;
	v->asked[p->field] = 1;
	v->asked[p->other] = p->other != FIELD_NONE;
}

static void see_columns(struct verdicts *v, size_t count)
{
	size_t fields = v->catalog.registry.field_count;
	v->asked = arena_array(&v->arena, fields, 1);
	v->filled = arena_array(&v->arena, fields, 1);
	v->many = arena_array(&v->arena, fields, 1);
	for (size_t i = 0; i < v->catalog.detection_count; i++)
		for (size_t c = 0; c < v->catalog.detections[i]->condition_count; c++)
			condition_visit(v->catalog.detections[i]->conditions[c], see_predicate, v);
	v->facets = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t f = 0; f < v->kept[i]->facet_count; f++, v->facets++) {
			const struct facet *facet = v->kept[i]->facets[f];
			v->failures |= text_equal(facet_text(facet, FIELD_OUTCOME), TEXT("failure"));
			for (size_t k = 0; k < facet->count; k++) {
				const struct facet_entry *entry = &facet->entries[k];
				v->filled[entry->field] |= v->asked[entry->field];
				v->many[entry->field] |= entry->values.count > 1;
			}
		}
}

static bool run_sql(struct verdicts *v, const char *statement)
{
	char *problem = NULL;
	if (sqlite3_exec(v->database, statement, NULL, NULL, &problem) == SQLITE_OK)
		return true;
	fprintf(stderr, "SQLite: %s\n", problem ? problem : "no reason given");
	sqlite3_free(problem);
	return false;
}

static void bind_values(sqlite3_stmt *insert, int place, enum value_type type, const struct values *values)
{
	bool text = type == TYPE_KEYWORD || type == TYPE_IP;
	if (!values || !values->count)
		text ? sqlite3_bind_text(insert, place, "", 0, SQLITE_STATIC) : sqlite3_bind_null(insert, place);
	else if (text)
		sqlite3_bind_text(insert, place, values->items[0].text.data, (int)values->items[0].text.length, SQLITE_STATIC);
	else
		sqlite3_bind_int64(insert, place, type == TYPE_BOOLEAN ? values->items[0].truth : values->items[0].number);
}

static bool insert_facet(struct verdicts *v, sqlite3_stmt *insert, size_t number, const struct facet *facet)
{
	int place = 4;
	struct text outcome = facet_text(facet, FIELD_OUTCOME);
	sqlite3_bind_int64(insert, 1, (sqlite3_int64)number);
	sqlite3_bind_int64(insert, 2, facet->category);
	sqlite3_bind_int64(insert, 3, text_equal(outcome, TEXT("failure")));
	for (size_t field = 1; field < v->catalog.registry.field_count; field++)
		if (v->filled[field])
			bind_values(insert, place++, v->catalog.registry.fields[field].type, facet_get(facet, (unsigned)field));
	bool done = sqlite3_step(insert) == SQLITE_DONE;
	sqlite3_reset(insert);
	return done;
}

static bool fill_table(struct verdicts *v, size_t count)
{
	struct buffer create = {0}, insert = {0};
	sqlite3_stmt *statement = NULL;
	buffer_string(&create, "CREATE TABLE events (number, category, failed");
	buffer_string(&insert, "INSERT INTO events VALUES (?,?,?");
	for (size_t field = 1; field < v->catalog.registry.field_count; field++)
		if (v->filled[field]) {
			buffer_printf(&create, ",f%zu", field);
			buffer_string(&insert, ",?");
		}
	buffer_string(&create, ")");
	buffer_add(&insert, ")", 2);
	buffer_char(&create, '\0');
	bool fine = run_sql(v, buffer_view(&create).data) && run_sql(v, "BEGIN") &&
		sqlite3_prepare_v2(v->database, buffer_view(&insert).data, -1, &statement, NULL) == SQLITE_OK;
	for (size_t i = 0; i < count && fine; i++)
		for (size_t f = 0; f < v->kept[i]->facet_count && fine; f++)
			fine = insert_facet(v, statement, i, v->kept[i]->facets[f]);
	sqlite3_finalize(statement);
	fine = fine && run_sql(v, "COMMIT");
	buffer_free(&create);
	buffer_free(&insert);
	return fine;
}

/* SQL: the questions */

static void matches(sqlite3_context *context, int count, sqlite3_value **values)
{
	struct verdicts *v = sqlite3_user_data(context);
	bool limited = false;
	(void)count;
	const char *data = (const char *)sqlite3_value_text(values[1]);
	struct text text = {data ? data : "", (size_t)sqlite3_value_bytes(values[1])};
	sqlite3_result_int(context, text.length > 0 && regex_holds(v->regexes[sqlite3_value_int64(values[0])], v->match, text, &limited));
}

/* Detections whose conditions are all sequences are asked nothing here, and count none. */
static void say_detection(struct verdicts *v, struct sql_form *form, const struct detection *detection)
{
	buffer_string(form->out, detection->condition_count ? "" : "0");
	for (size_t c = 0; c < detection->condition_count; c++) {
		const struct condition *condition = detection->conditions[c];
		buffer_string(form->out, c ? " OR (" : "(");
		if (condition->category != CATEGORY_ANY)
			buffer_printf(form->out, "category=%u AND ", condition->category);
		if (!condition->names_outcome && v->failures)
			buffer_string(form->out, "NOT failed AND ");
		sql_node(form, condition->root);
		buffer_char(form->out, ')');
	}
}

static bool ask(struct verdicts *v, const char *question, uint64_t *count)
{
	sqlite3_stmt *statement = NULL;
	int status = sqlite3_prepare_v2(v->database, question, -1, &statement, NULL);
	if (status == SQLITE_OK && (status = sqlite3_step(statement)) == SQLITE_ROW)
		*count = (uint64_t)sqlite3_column_int64(statement, 0);
	else
		fprintf(stderr, "SQLite: %s: %.300s\n", sqlite3_errmsg(v->database), question);
	sqlite3_finalize(statement);
	return status == SQLITE_ROW;
}

/* Every `step`-th of them. How many were asked. */
static size_t ask_all(struct verdicts *v, size_t events, size_t step)
{
	struct buffer question = {0};
	struct sql_form form = {.registry = &v->catalog.registry, .filled = v->filled, .many = v->many, .out = &question, .regexes = v->regexes, .regex_room = REGEX_ROOM, .arena = &v->arena};
	const char *count = v->facets > events ? "count(DISTINCT number)" : "count(*)";
	size_t asked = 0;
	for (size_t i = 0; i < v->catalog.detection_count; i += step, asked++) {
		buffer_clear(&question);
		form.unsaid = false;
		buffer_printf(&question, "SELECT %s FROM events WHERE ", count);
		say_detection(v, &form, v->catalog.detections[i]);
		buffer_char(&question, '\0');
		v->left_out[i] = form.unsaid || !ask(v, buffer_view(&question).data, &v->counts[SQL - 1][i]);
	}
	buffer_free(&question);
	return asked;
}

/* The seconds of its questions alone, of all detections as those that are asked say: every `step`-th. */
static double run_sql_over(struct verdicts *v, size_t count, size_t step)
{
	double from = 0, took = 0;
	size_t asked = 0;
	v->match = regex_match_new();
	if (sqlite3_open(":memory:", &v->database) == SQLITE_OK) {
		sqlite3_create_function(v->database, "matches", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, v, matches, NULL, NULL);
		see_columns(v, count);
		if (fill_table(v, count)) {
			from = seconds_now();
			asked = ask_all(v, count, step);
			took = seconds_now() - from;
		}
	}
	sqlite3_close(v->database);
	regex_match_free(v->match);
	return asked ? took * (double)v->catalog.detection_count / (double)asked : 0;
}

/* The run */

static void forget_counts(struct verdicts *v)
{
	for (int i = 0; i < WAYS - 1; i++)
		memset(v->counts[i], 0, v->catalog.detection_count * sizeof *v->counts[i]);
}

static double time_of(struct verdicts *v, enum way way, size_t count)
{
	double from = seconds_now();
	if (way == SQL)
		return run_sql_over(v, count, 1);
	if (way == PLAIN)
		run_plain(v, count);
	else
		run_engine(v, 0, count);
	return seconds_now() - from;
}

static size_t differing(const struct verdicts *v)
{
	size_t count = 0;
	for (size_t i = 0; i < v->catalog.detection_count; i++) {
		uint64_t engine = v->counts[ENGINE - 1][i], plain = v->counts[PLAIN - 1][i], sql = v->counts[SQL - 1][i];
		if (engine == plain && (v->left_out[i] || sql == plain))
			continue;
		fprintf(stderr, "%.*s: engine %" PRIu64 ", plain %" PRIu64 ", SQL %" PRIu64 "%s\n", TEXT_ARGS(v->catalog.detections[i]->name),
			engine, plain, sql, v->left_out[i] ? " (left out)" : "");
		count++;
	}
	return count;
}

/* Over and over through the kept events until its time is over; its counts are not those of the sample. */
static double time_engine(struct verdicts *v)
{
	enum { STEP = 500 };
	double from = seconds_now(), now = from;
	size_t asked = 0;
	uint64_t *kept = v->counts[ENGINE - 1];
	v->counts[ENGINE - 1] = arena_array(&v->arena, v->catalog.detection_count + 1, sizeof *kept);
	while (v->kept_count && now - from < v->budget) {
		size_t at = asked % v->kept_count, step = v->kept_count - at < STEP ? v->kept_count - at : STEP;
		run_engine(v, at, step);
		asked += step;
		now = seconds_now();
	}
	v->counts[ENGINE - 1] = kept;
	return asked ? (now - from) / (double)asked : 0;
}

/* `sample`: so many events that the slower of plain and SQL takes as long as it may. */
static void time_ways(struct verdicts *v, const bool *wanted, double *took)
{
	size_t tried = v->kept_count < TRIED ? v->kept_count : TRIED;
	size_t step = 1 + v->catalog.detection_count / ASKED_MOST;
	double slowest = 1e-9, sql = wanted[SQL] ? run_sql_over(v, v->kept_count, step) / (double)v->kept_count : 0;
	for (enum way way = PLAIN; way <= SQL; way++)
		if (wanted[way] && (took[way] = time_of(v, way, tried)) > slowest)
			slowest = took[way];
	double most = v->budget / slowest * (double)tried;
	v->sample = most < (double)v->kept_count ? (size_t)most : v->kept_count;
	forget_counts(v);
	for (enum way way = PLAIN; way <= SQL; way++)
		if (wanted[way])
			took[way] = time_of(v, way, v->sample) / (double)v->sample;
	took[SQL] = sql;
	if (wanted[ENGINE]) {
		time_of(v, ENGINE, v->sample);
		took[ENGINE] = time_engine(v);
	}
}

static void print(const struct verdicts *v, const bool *wanted, const double *took, double load, double plan, size_t differ)
{
	uint64_t alerts = 0;
	size_t left_out = 0;
	for (size_t i = 0; i < v->catalog.detection_count; i++) {
		alerts += v->counts[ENGINE - 1][i];
		left_out += v->left_out[i];
	}
	printf("{\"detections\": %zu, \"events\": %" PRIu64 ", \"sample\": %zu, \"alerts\": %" PRIu64 ", \"left_out\": %zu, \"differ\": %zu, "
	       "\"load_seconds\": %.6f, \"plan_seconds\": %.6f",
		v->catalog.detection_count, v->events, v->sample, alerts, left_out, differ,
		load, plan);
	for (enum way way = READ; way < WAYS; way++)
		if (wanted[way])
			printf(", \"%s\": %.10f", way_names[way], took[way]);
	puts("}");
}

static int run(struct verdicts *v, char **arguments, const bool *wanted)
{
	double took[WAYS] = {0}, from = seconds_now();
	if (catalog_load(&v->catalog, arguments[0], &v->d))
		return -1;
	double load = seconds_now() - from;
	from = seconds_now();
	v->engine = engine_new(&v->catalog);
	double plan = seconds_now() - from;
	v->evaluator = evaluator_new();
	for (int i = 0; i < WAYS - 1; i++)
		v->counts[i] = arena_array(&v->arena, v->catalog.detection_count + 1, sizeof *v->counts[i]);
	v->left_out = arena_array(&v->arena, v->catalog.detection_count + 1, 1);
	v->regexes = arena_array(&v->arena, REGEX_ROOM, sizeof(struct regex *));
	v->kept = arena_array(&v->arena, KEPT_MOST, sizeof(struct event *));
	from = seconds_now();
	if (read_batches(v, arguments))
		return -1;
	took[READ] = v->events ? (seconds_now() - from) / (double)v->events : 0;
	if (wanted[ENGINE] || wanted[PLAIN] || wanted[SQL]) {
		if (keep_events(v, arguments))
			return -1;
		time_ways(v, wanted, took);
	}
	size_t differ = wanted[ENGINE] && wanted[PLAIN] && wanted[SQL] ? differing(v) : 0;
	print(v, wanted, took, load, plan, differ);
	return differ ? 1 : 0;
}

int main(int count, char **arguments)
{
	struct verdicts v = {.events = 0};
	bool wanted[WAYS] = {0};
	v.budget = count > 5 ? strtod(arguments[5], NULL) : 0;
	for (enum way way = READ; way < WAYS; way++)
		for (int i = 6; i < count || (count == 6 && i == 6); i++)
			wanted[way] |= count == 6 || strcmp(arguments[i], way_names[way]) == 0;
	if (v.budget <= 0) {
		fprintf(stderr, "usage: verdicts CATALOG FILE READER DIALECT SECONDS [read|engine|plain|sql]…\n");
		return 2;
	}
	int status = run(&v, arguments + 1, wanted);
	if (status < 0)
		diagnostics_print(&v.d, stderr);
	engine_free(v.engine);
	evaluator_free(v.evaluator);
	arena_free(&v.arena);
	catalog_free(&v.catalog);
	diagnostics_free(&v.d);
	return status < 0 ? 2 : status;
}
