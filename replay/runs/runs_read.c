/* runs_read: the rows of a run → its results (see runs.h). replay/measure/rows_write.c wrote them, column by column. */
#include "replay/measure/columns.h"
#include "replay/measure/rows.h"
#include "replay/runs/parts.h"
#include "replay/runs/runs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows */

sqlite3_stmt *reading_select(struct reading *r, const char *table, const char *first, const struct column *columns,
	const char *rest)
{
	sqlite3_stmt *statement = store_prepare(r->store, columns_select(&r->scratch, table, first, columns, rest), r->d);
	if (!statement)
		r->failed = -1;
	else
		sqlite3_bind_int64(statement, 1, r->run->head.id);
	return statement;
}

bool reading_next(struct reading *r, sqlite3_stmt *statement, struct row *row)
{
	int code = statement ? sqlite3_step(statement) : SQLITE_DONE;
	*row = (struct row){statement, 0};
	if (code == SQLITE_ROW)
		return true;
	if (code != SQLITE_DONE && !r->failed)
		r->failed = store_fail(r->store, "read the run", r->d);
	sqlite3_finalize(statement);
	return false;
}

/* Names → what they name. What is not there any more was written by somebody else: the store is damaged. */

static void *lost(struct reading *r, const char *what, struct text name)
{
	if (!r->failed)
		r->failed = diagnostics_error(r->d, ((struct place){store_path(r->store), 0, 0}),
			"run %lld names the %s %.*s, which its catalog or corpus does not have", (long long)r->run->head.id, what,
			TEXT_ARGS(name));
	return NULL;
}

const struct detection *reading_detection(struct reading *r, struct text name)
{
	const struct detection *detection = catalog_detection(&r->run->catalog, name);
	return detection ? detection : lost(r, "detection", name);
}

const struct organization *reading_organization(struct reading *r, struct text name)
{
	if (!name.length)
		return NULL;
	const struct organization *organization = catalog_organization(&r->run->catalog, name);
	return organization ? organization : lost(r, "organization", name);
}

struct dataset_result *reading_dataset(struct reading *r, struct text name)
{
	struct results *results = r->run->results;
	if (r->newest && text_equal(r->newest->dataset->name, name))
		return r->newest;
	for (size_t i = 0; i < results->dataset_count; i++)
		if (text_equal(results->datasets[i].dataset->name, name))
			return r->newest = &results->datasets[i];
	return lost(r, "dataset", name);
}

const struct episode *reading_episode(struct reading *r, const struct dataset *dataset, struct text name)
{
	for (size_t i = 0; i < dataset->episode_count; i++)
		if (text_equal(dataset->episodes[i].name, name))
			return &dataset->episodes[i];
	return lost(r, "episode", name);
}

/* Figures */

static enum part part_from_name(struct text name)
{
	for (enum part part = 0; part < PART_COUNT; part++)
		if (text_is(name, part_name(part)))
			return part;
	return PART_ALL;
}

static enum reachability reachability_from_name(struct text name)
{
	for (enum reachability reach = REACH_BLIND; reach <= REACH_MEASURED; reach++)
		if (text_is(name, reachability_name(reach)))
			return reach;
	return REACH_BLIND;
}

/* Totals of older runs have no rates but these two. */
static void complete_total(struct total *total)
{
	uint64_t right = total->groups[OUTCOME_TP] + total->groups[OUTCOME_BTP];
	total->expected = rate_exact(total->expected.numerator, total->expected.denominator);
	total->precision = rate_exact(right, right + total->groups[OUTCOME_FP]);
}

static void count_organizations(struct reading *r)
{
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_total", "coalesce(max(position) + 1, 0)", NULL, "");
	while (reading_next(r, statement, &row))
		r->run->results->total_count = (size_t)row_count(&row);
}

static void read_totals(struct reading *r)
{
	struct results *results = r->run->results;
	struct row row;
	count_organizations(r);
	for (enum part part = 0; part < PART_COUNT; part++)
		results->parts[part].totals = arena_array(&results->arena, results->total_count + 1, sizeof(struct total));
	sqlite3_stmt *statement = reading_select(r, "run_total", "organization, use, position", total_columns, "");
	while (reading_next(r, statement, &row)) {
		const struct organization *organization = reading_organization(r, row_view(&row));
		enum part part = part_from_name(row_view(&row));
		size_t position = (size_t)row_count(&row);
		if (position >= results->total_count)
			continue;
		struct total *total = &results->parts[part].totals[position];
		columns_read(&row, total_columns, total);
		if (r->run->head.lacks)
			complete_total(total);
		total->observed = isnan(total->observed) ? 0 : total->observed;
		for (enum part each = 0; each < PART_COUNT; each++)
			results->parts[each].totals[position].organization = organization;
	}
}

/* A part without datasets has no rows: nothing was seen, so nothing is known. */
static struct measure blank(const struct organization *organization, const struct detection *detection)
{
	const struct rate none = rate_exact(0, 0);
	struct baseline_decision decision = catalog_decide(organization, detection);
	return (struct measure){.organization = organization, .detection = detection, .severity = decision.severity,
		.disabled = decision.disabled, .below = decision.below, .recall = none, .recall_without_baseline = none,
		.risky_recall = none, .false_positive_rate = none, .precision = none, .groups_per_day = NAN,
		.false_groups_per_day = NAN, .predictive_value = NAN, .budget = organization ? organization->budget : -1,
		.reachability = REACH_BLIND};
}

static void make_blanks(struct reading *r)
{
	struct results *results = r->run->results;
	const struct catalog *catalog = &r->run->catalog;
	results->measure_count = results->total_count * catalog->detection_count;
	for (enum part part = 0; part < PART_COUNT; part++) {
		struct part_result *figures = &results->parts[part];
		figures->measures = arena_array(&results->arena, results->measure_count + 1, sizeof *figures->measures);
		for (size_t i = 0; i < results->measure_count; i++)
			figures->measures[i] = blank(figures->totals[i / catalog->detection_count].organization,
				catalog->detections[i % catalog->detection_count]);
	}
}

static size_t place_of(struct reading *r, struct text organization, struct text detection)
{
	const struct results *results = r->run->results;
	const struct catalog *catalog = &r->run->catalog;
	for (size_t i = 0; i < results->total_count; i++) {
		const struct organization *here = results->parts[PART_ALL].totals[i].organization;
		if (!text_equal(here ? here->name : TEXT(""), organization))
			continue;
		for (size_t k = 0; k < catalog->detection_count; k++) {
			size_t at = (r->position + k) % catalog->detection_count; /* rows come in the catalog's order */
			if (!text_equal(catalog->detections[at]->name, detection))
				continue;
			r->position = at;
			return i * catalog->detection_count + at;
		}
	}
	lost(r, "detection", detection);
	return results->measure_count; /* one more is there */
}

static void read_measures(struct reading *r)
{
	struct results *results = r->run->results;
	struct row row;
	make_blanks(r);
	sqlite3_stmt *statement = reading_select(r, "measure", "use, organization, detection, severity, reachability",
		measure_columns, "");
	while (reading_next(r, statement, &row)) {
		enum part part = part_from_name(row_view(&row));
		struct text organization = row_view(&row);
		size_t place = place_of(r, organization, row_view(&row));
		struct measure *measure = &results->parts[part].measures[place];
		struct measure before = *measure;
		severity_from_name(row_view(&row), &measure->severity);
		measure->reachability = reachability_from_name(row_view(&row));
		columns_read(&row, measure_columns, measure);
		if (!r->run->head.lacks)
			continue;
		measure->disabled = before.disabled;
		measure->below = before.below;
		measure->budget = before.budget;
		measure->fn_without_baseline =
			measure->recall_without_baseline.denominator - measure->recall_without_baseline.numerator;
	}
}

/* What exceptions, hours and targets say */

static const struct exception *exception_called(const struct exception *list, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(list[i].name, name))
			return &list[i];
	return NULL;
}

static void read_exceptions(struct reading *r)
{
	struct results *results = r->run->results;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_exception", "organization, detection, exception, expired",
		outcome_columns, "ORDER BY position");
	while (reading_next(r, statement, &row)) {
		struct exception_result result = {.organization = reading_organization(r, row_view(&row))};
		struct text detection = row_view(&row), name = row_view(&row);
		result.detection = detection.length ? reading_detection(r, detection) : NULL;
		if (result.detection)
			result.exception = exception_called(result.detection->exceptions, result.detection->exception_count, name);
		else if (result.organization)
			result.exception = exception_called(result.organization->exceptions, result.organization->exception_count, name);
		if (!result.exception)
			lost(r, "exception", name);
		result.expired = row_count(&row) != 0;
		columns_read(&row, outcome_columns, result.removed);
		results->exceptions = arena_grow(&results->arena, results->exceptions, results->exception_count,
			sizeof *results->exceptions);
		results->exceptions[results->exception_count++] = result;
	}
}

static void read_hours(struct reading *r)
{
	struct results *results = r->run->results;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_hour h", "organization, hour", outcome_columns,
		"ORDER BY (SELECT min(position) FROM run_total t WHERE t.run = h.run AND t.organization = h.organization), hour");
	while (reading_next(r, statement, &row)) {
		struct hour_result hour = {.organization = reading_organization(r, row_view(&row))};
		hour.hour = (int64_t)row_count(&row);
		columns_read(&row, outcome_columns, hour.alerts);
		results->hours = arena_grow(&results->arena, results->hours, results->hour_count, sizeof *results->hours);
		results->hours[results->hour_count++] = hour;
	}
}

static const struct condition *condition_called(const struct detection *detection, struct text name)
{
	for (size_t i = 0; detection && i < detection->condition_count; i++)
		if (text_equal(detection->conditions[i]->name, name))
			return detection->conditions[i];
	return NULL;
}

static void read_fidelity(struct reading *r)
{
	struct results *results = r->run->results;
	struct row row;
	sqlite3_stmt *statement = reading_select(r, "run_fidelity",
		"organization, detection, condition, target, fidelity, rank, reason", NULL, "ORDER BY position");
	while (reading_next(r, statement, &row)) {
		struct fidelity_result result = {.organization = reading_organization(r, row_view(&row))};
		result.detection = reading_detection(r, row_view(&row));
		result.condition = condition_called(result.detection, row_view(&row));
		result.target = row_text(&row, &results->arena).data;
		result.fidelity = row_text(&row, &results->arena).data;
		result.rank = (unsigned)row_count(&row);
		result.reason = row_text(&row, &results->arena);
		results->fidelity = arena_grow(&results->arena, results->fidelity, results->fidelity_count, sizeof *results->fidelity);
		results->fidelity[results->fidelity_count++] = result;
	}
}

/* The run */

static int find_head(struct reading *r, int64_t id)
{
	struct run_head *list;
	size_t count;
	if (runs_list(r->store, &r->run->arena, &list, &count, r->d))
		return -1;
	for (size_t i = 0; i < count; i++)
		if (list[i].id == id)
			r->run->head = list[i];
	if (r->run->head.id == id)
		return 0;
	return diagnostics_error(r->d, ((struct place){store_path(r->store), 0, 0}), "there is no run %lld (mews list runs)",
		(long long)id);
}

/* Its warnings were said when it was loaded. */
static void read_catalog(struct reading *r, const char *folder)
{
	struct diagnostics again = {0};
	r->failed = store_read_catalog(r->store, r->run->head.revision.data, folder, &r->run->catalog, &again);
	for (size_t i = 0; r->failed && i < again.count; i++)
		if (again.items[i].severity == DIAGNOSTIC_ERROR)
			diagnostics_error(r->d, again.items[i].place, "%s (in the catalog of run %lld)", again.items[i].message,
				(long long)r->run->head.id);
	diagnostics_free(&again);
}

static void read_run(struct reading *r)
{
	struct results *results = r->run->results;
	struct text folder = TEXT("");
	struct row row;
	sqlite3_stmt *statement = store_prepare(r->store, "SELECT headline, catalog, seconds, events, bytes FROM run WHERE id = ?",
		r->d);
	if (statement)
		sqlite3_bind_int64(statement, 1, r->run->head.id);
	else
		r->failed = -1;
	while (reading_next(r, statement, &row)) {
		results->headline = part_from_name(row_view(&row));
		folder = row_text(&row, &results->arena);
		results->seconds = row_real(&row);
		results->events = row_count(&row);
		results->bytes = row_count(&row);
	}
	if (r->failed == 0)
		read_catalog(r, folder.data);
	results->run = r->run->head.id;
	results->as_of = r->run->head.as_of;
	results->target = r->run->head.target.length ? r->run->head.target.data : NULL;
	results->catalog = &r->run->catalog;
	snprintf(results->corpus_hash, sizeof results->corpus_hash, "%s", r->run->head.corpus_hash.data);
}

static void count_parts(struct results *results)
{
	results->part_datasets[PART_ALL] = results->dataset_count;
	for (size_t i = 0; i < results->dataset_count; i++)
		results->part_datasets[results->datasets[i].dataset->use == USE_HOLD_OUT ? PART_HOLD_OUT : PART_DEVELOP]++;
	for (size_t i = 0; i < results->total_count; i++)
		if (results->parts[PART_OTHERS].totals[i].datasets > results->part_datasets[PART_OTHERS])
			results->part_datasets[PART_OTHERS] = results->parts[PART_OTHERS].totals[i].datasets;
	results->measures = results->parts[results->headline].measures;
	results->totals = results->parts[results->headline].totals;
}

int runs_read_deep(struct store *store, int64_t id, enum run_depth depth, struct stored_run **out, struct diagnostics *d)
{
	static void (*const steps[])(struct reading *) = {read_run, reading_datasets, read_totals, read_measures,
		reading_episodes, read_exceptions, read_hours, read_fidelity, reading_alerts};
	struct stored_run *run = mem_alloc(sizeof *run);
	struct reading r = {.store = store, .d = d, .run = run, .depth = depth};
	*run = (struct stored_run){.results = mem_alloc(sizeof *run->results)};
	*run->results = (struct results){.run = id};
	r.failed = find_head(&r, id);
	for (size_t i = 0; !r.failed && i < sizeof steps / sizeof *steps; i++)
		steps[i](&r);
	if (!r.failed)
		count_parts(run->results);
	arena_free(&r.scratch);
	*out = r.failed ? NULL : run;
	if (r.failed)
		stored_run_free(run);
	return r.failed;
}

int runs_read(struct store *store, int64_t id, struct stored_run **run, struct diagnostics *d)
{
	return runs_read_deep(store, id, RUN_WHOLE, run, d);
}

void stored_run_free(struct stored_run *run)
{
	if (!run)
		return;
	results_free(run->results);
	catalog_free(&run->catalog);
	arena_free(&run->arena);
	free(run);
}
