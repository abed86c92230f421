/* runs_events: see runs_events.h. */
#include "replay/runs/runs_events.h"
#include "replay/derive/derive.h"
#include "replay/measure/json_write.h"
#include "replay/measure/matched.h"
#include "replay/readers/plain.h"

#include <stdlib.h>
#include <string.h>

struct filling {
	struct stored_run *run;
	struct alert **alerts;      /* of the dataset at hand that have no event, by file, line and time */
	size_t count, filled;
	struct deriver *deriver;
	struct evaluator *evaluator;
	struct arena arena;         /* the datasets as they are read */
	struct buffer json, fields;
};

static int by_place(const void *left, const void *right)
{
	const struct alert *a = *(struct alert *const *)left, *b = *(struct alert *const *)right;
	const int files = strcmp(a->file ? a->file : "", b->file ? b->file : "");
	if (files != 0)
		return files;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->time > b->time) - (a->time < b->time);
}

/* The first alert at the event's place. */
static size_t place_of(const struct filling *f, const struct event *event)
{
	const struct alert wanted = {.file = event->file, .line = event->line, .time = event->time}, *key = &wanted;
	size_t low = 0, high = f->count;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (by_place(&f->alerts[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Is the condition among the alert's ("a, b")? */
static bool names_condition(const struct alert *alert, struct text name)
{
	struct text rest = alert->conditions;
	while (rest.length > 0) {
		const size_t comma = text_find(rest, ',');
		if (text_equal(text_trim(text_slice(rest, 0, comma)), name))
			return true;
		rest = text_slice(rest, comma < rest.length ? comma + 1 : comma, rest.length);
	}
	return false;
}

/* Fills the fields by which the event matches; false: not all that the alert names holds on it. */
static bool find_fields(struct filling *f, const struct alert *alert, const struct event *event)
{
	const struct detection *detection = alert->detection;
	buffer_clear(&f->fields);
	for (size_t i = 0; i < detection->condition_count; i++) {
		const struct condition *condition = detection->conditions[i];
		bool holds = condition->sequence != NULL; /* of an event alone nobody can tell */
		if (!names_condition(alert, condition->name))
			continue;
		for (size_t k = 0; k < event->facet_count; k++)
			if (evaluate_condition(f->evaluator, condition, event->facets[k])) {
				matched_fields(&f->fields, f->evaluator, condition, event->facets[k]);
				holds = true;
			}
		if (!holds)
			return false;
	}
	return true;
}

static int take(void *context, struct event *event)
{
	struct filling *f = context;
	struct arena *arena = &f->run->results->arena;
	struct text whole = {NULL, 0};
	derive_event(f->deriver, event);
	const struct alert here = {.file = event->file, .line = event->line, .time = event->time}, *place = &here;
	for (size_t i = place_of(f, event); i < f->count && by_place(&f->alerts[i], &place) == 0; i++) {
		struct alert *alert = f->alerts[i];
		if (alert->whole || !find_fields(f, alert, event))
			continue;
		if (whole.data == NULL) {
			struct json_write json;
			buffer_clear(&f->json);
			jsonw_begin(&json, &f->json);
			jsonw_event(&json, event_complete(event));
			whole = text_copy(arena, buffer_view(&f->json));
		}
		alert->event = whole;
		alert->fields = text_copy(arena, buffer_view(&f->fields));
		alert->whole = true;
		f->filled++;
	}
	return f->filled == f->count; /* then nobody needs the rest */
}

static size_t collect(struct filling *f, const struct dataset *dataset)
{
	struct results *results = f->run->results;
	f->count = f->filled = 0;
	for (size_t i = 0; i < results->alert_count; i++)
		if (!results->alerts[i].whole && results->alerts[i].dataset == dataset)
			f->alerts[f->count++] = &results->alerts[i];
	qsort(f->alerts, f->count, sizeof(struct alert *), by_place);
	return f->count;
}

static void read_dataset(struct filling *f, const struct dataset *dataset, struct diagnostics *d)
{
	struct ledger ledger = {0};
	deriver_reset(f->deriver, dataset);
	(void)dataset_read(dataset, (struct event_sink){take, f}, &ledger, d);
	ledger_free(&ledger);
}

/* A dataset of a corpus is read as its description says, plain files as they were read then. */
static void read_again(struct filling *f, const struct dataset_result *result, struct diagnostics *d)
{
	const struct dataset *stored = result->dataset;
	if (stored->use != USE_NONE) {
		const struct dataset *dataset = dataset_load(&f->arena, &f->run->catalog, stored->folder, d);
		if (dataset != NULL)
			read_dataset(f, dataset, d);
		return;
	}
	for (size_t i = 0; i < result->ledger.file_count && f->filled < f->count; i++) {
		const struct ledger *account = &result->ledger.files[i];
		const struct format_wish wish = {account->reader, account->dialect};
		const struct dataset *dataset = strcmp(account->file, "-") == 0 ? NULL
			: plain_dataset(&f->arena, &f->run->catalog, account->file, &wish, d);
		if (dataset != NULL)
			read_dataset(f, dataset, d);
	}
}

static void say_missing(const struct filling *f, const struct dataset_result *result, struct diagnostics *d)
{
	const struct alert *first = NULL;
	for (size_t i = 0; i < f->count && first == NULL; i++)
		first = f->alerts[i]->whole ? NULL : f->alerts[i];
	if (first != NULL)
		diagnostics_warning(d, ((struct place){first->file, (unsigned)first->line, 0}),
			"%zu alert%s of %.*s %s listed without %s: run %lld kept no event, and the file no longer has it there",
			f->count - f->filled, f->count - f->filled == 1 ? "" : "s", TEXT_ARGS(result->dataset->name),
			f->count - f->filled == 1 ? "is" : "are", f->count - f->filled == 1 ? "its event" : "their events",
			(long long)f->run->head.id);
}

void runs_events(struct stored_run *run, struct diagnostics *d)
{
	struct filling f = {.run = run, .alerts = mem_alloc((run->results->alert_count + 1) * sizeof(struct alert *))};
	for (size_t i = 0; i < run->results->dataset_count; i++) {
		const struct dataset_result *result = &run->results->datasets[i];
		struct diagnostics again = {0}; /* what is wrong with the files was said when they were replayed */
		if (collect(&f, result->dataset) == 0)
			continue;
		f.deriver = f.deriver ? f.deriver : deriver_new(&run->catalog);
		f.evaluator = f.evaluator ? f.evaluator : evaluator_new();
		read_again(&f, result, &again);
		say_missing(&f, result, d);
		diagnostics_free(&again);
	}
	if (f.deriver != NULL)
		deriver_free(f.deriver);
	if (f.evaluator != NULL)
		evaluator_free(f.evaluator);
	arena_free(&f.arena);
	buffer_free(&f.json);
	buffer_free(&f.fields);
	free(f.alerts);
}
