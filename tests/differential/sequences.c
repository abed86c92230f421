/*
 * sequences: sequences over recorded events, file by file: the automata, as events come, must find what the oracle finds
 * over the whole list. Recorded audit times really go backwards now and then. What comes later than the automata promise to
 * put in order (SEQUENCER_LAG: a call that waited has the time when it began) is given to neither, and counted.
 * Of a file, the first 30,000 events; FULL=1 for all.
 *
 *   sequences CATALOG CORPUS…      one line a sequence: matches, differences; totals at the end
 */
#include "replay/derive/derive.h"
#include "replay/engine/engine.h"
#include "replay/engine/sequencer.h"
#include "replay/readers/corpus.h"
#include "tests/differential/sample.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const questions[] = {
	"sequence with maxspan=10s [process where event.action == \"exec\"] with runs=5",
	"sequence by process.parent.pid with maxspan=1m [process where event.action == \"exec\" and process.name like \"*sh\"]"
	" [process where event.action == \"exec\" and not process.name like \"*sh\"]",
	"sequence with maxspan=5s [process where event.action == \"exec\"] by process.pid [process where true] by process.parent.pid",
	"sequence by session.id with maxspan=2m [process where event.action == \"exec\"] with distinct(process.name)=6",
	"sequence by user.id with maxspan=30s [process where event.action == \"exec\"] with distinct(process.args)=12 [file where true]",
	"sequence with maxspan=2s [process where event.action == \"exec\"] by process.pid ![process where event.action == \"exec\"]"
	" by process.parent.pid",
	"sequence by session.id with maxspan=20s ![process where process.name == \"sudo\"] [process where event.action == \"exec\"]"
	" [file where true] until [session where true]",
	"sequence by process.args with maxspan=10s [process where event.action == \"exec\"] with runs=3",
	"sample by session.id with maxspan=5s [process where process.name like \"*sh\"] [file where true] [container where true]",
	"sample with maxspan=1s [process where event.action == \"exec\"] [any where user.id != \"0\"]",
};
enum { QUESTIONS = sizeof(questions) / sizeof(questions[0]) };

struct comparing {
	struct catalog catalog, asked; /* the second has the questions for its only detection */
	struct arena arena;        /* of the conditions */
	struct condition *conditions[QUESTIONS];
	struct detection all, *detections[1];
	struct engine *engine;
	struct deriver *deriver;
	struct evaluator *evaluator;
	struct arena kept;         /* of the file at hand */
	struct event **events;
	size_t count;
	const char *file;
	bool *found[QUESTIONS];    /* by the engine; [capacity] */
	size_t capacity;
	int64_t newest;            /* time in the file */
	bool alone;                /* the file is the dataset's only one */
	struct sample sample;
	uint64_t matches[QUESTIONS], differences[QUESTIONS], total, files, backwards, overdue;
};

static void note_settled(struct comparing *c)
{
	const struct settled *settled;
	while ((settled = engine_settled(c->engine)) != NULL)
		for (size_t i = 0; i < settled->matches.count; i++)
			for (size_t k = 0; k < settled->matches.items[i].count; k++)
				c->found[settled->matches.items[i].hits[k].condition][settled->event->unfilled] = true;
}

static void end_file(struct comparing *c)
{
	bool *ends = mem_alloc((c->count + 1) * sizeof(*ends));

	engine_finish(c->engine);
	note_settled(c);
	for (size_t q = 0; q < QUESTIONS && c->count > 0; q++) {
		c->matches[q] += sequence_evaluate(c->evaluator, c->conditions[q]->sequence, (const struct event *const *)c->events,
			c->count, ends);
		for (size_t i = 0; i < c->count; i++)
			c->differences[q] += ends[i] != c->found[q][i];
	}
	free(ends);
	c->files += c->count > 0;
	c->total += c->count;
	c->count = 0;
	c->events = NULL;
	c->newest = INT64_MIN;
	arena_reset(&c->kept);
	engine_begin(c->engine);
}

static void grow(struct comparing *c)
{
	if (c->count < c->capacity)
		return;
	c->capacity = c->capacity ? c->capacity * 2 : 4096;
	for (size_t q = 0; q < QUESTIONS; q++)
		c->found[q] = mem_resize(c->found[q], c->capacity * sizeof(bool));
}

static int take(void *context, struct event *event)
{
	struct comparing *c = context;
	struct matches matches;

	if (c->file == NULL || strcmp(c->file, event->file) != 0)
		end_file(c);
	if (!sample_takes(&c->sample, event))
		return c->alone; /* no more is read */
	derive_event(c->deriver, event);
	if (c->newest > INT64_MIN + SEQUENCER_LAG && event->time < c->newest - SEQUENCER_LAG) {
		c->overdue++;
		return 0;
	}
	c->newest = event->time > c->newest ? event->time : c->newest;
	grow(c);
	c->events = arena_grow(&c->kept, c->events, c->count, sizeof(struct event *));
	struct event *kept = c->events[c->count] = event_clone(event, &c->kept);
	c->file = kept->file;
	kept->unfilled = (unsigned)c->count; /* a place for its number, which the engine's copy keeps */
	for (size_t q = 0; q < QUESTIONS; q++)
		c->found[q][c->count] = false;
	c->backwards += c->count > 0 && kept->time < c->events[c->count - 1]->time;
	c->count++;
	engine_match(c->engine, kept, &matches);
	note_settled(c);
	return 0;
}

static void run(struct comparing *c, const struct dataset *dataset, struct diagnostics *d)
{
	struct ledger ledger = {0};
	struct event_sink sink = {take, c};

	deriver_reset(c->deriver, dataset);
	c->file = NULL;
	c->sample.file = NULL;
	c->alone = dataset->file_count == 1;
	engine_begin(c->engine);
	dataset_read(dataset, sink, &ledger, d);
	end_file(c);
	ledger_free(&ledger);
}

static bool begin(struct comparing *c, const char *folder, struct diagnostics *d)
{
	if (catalog_load(&c->catalog, folder, d) != 0)
		return false;
	for (size_t q = 0; q < QUESTIONS; q++) {
		c->conditions[q] = condition_parse(&c->arena, &c->catalog.scope, text_of(questions[q]),
			(struct place){"question", 1, 1}, 0, (struct text){0}, d);
		if (c->conditions[q] == NULL)
			return false;
	}
	c->all = (struct detection){.name = TEXT("all"), .conditions = c->conditions, .condition_count = QUESTIONS};
	c->detections[0] = &c->all;
	c->asked = c->catalog;
	c->asked.detections = c->detections;
	c->asked.detection_count = 1;
	c->sample = sample_of(30000, 0);
	c->newest = INT64_MIN;
	c->engine = engine_new(&c->asked);
	c->deriver = deriver_new(&c->catalog);
	c->evaluator = evaluator_new();
	return true;
}

static int report(const struct comparing *c)
{
	uint64_t different = 0, passed = 0;
	struct engine_losses losses = engine_losses(c->engine);

	for (size_t q = 0; q < QUESTIONS; q++) {
		printf("%6" PRIu64 " matches, %" PRIu64 " differences: %s\n", c->matches[q], c->differences[q], questions[q]);
		different += c->differences[q] > 0;
		passed += c->differences[q] == 0;
	}
	printf("%" PRIu64 " events of %" PRIu64 " files, times go backwards %" PRIu64 " times, %" PRIu64 " too late to be asked of, %" PRIu64
		" late, %" PRIu64 " dropped\n", c->total, c->files, c->backwards, c->overdue, losses.late, losses.dropped);
	if (c->sample.left_out > 0)
		printf("%" PRIu64 " files were cut after %" PRIu64 " events: FULL=1 reads them whole\n", c->sample.left_out, c->sample.first);
	different += losses.late + losses.dropped > 0; /* all that is given is in time */
	different += c->overdue * 10000 > c->total;    /* very few are not */
	printf("%" PRIu64 " passed, %" PRIu64 " failed, 0 skipped\n", passed, different);
	return different > 0 || c->total == 0;
}

int main(int count, char **arguments)
{
	struct comparing c = {.catalog = {.documents = NULL}};
	struct diagnostics d = {0};
	struct dataset **datasets;
	size_t found;
	int status = 2;

	if (count > 2 && begin(&c, arguments[1], &d)) {
		for (int i = 2; i < count; i++) {
			if (corpus_load(&c.arena, &c.catalog, arguments[i], &datasets, &found, &d) != 0)
				break;
			for (size_t k = 0; k < found; k++)
				run(&c, datasets[k], &d);
		}
		status = report(&c);
	}
	diagnostics_print(&d, stderr);
	for (size_t q = 0; q < QUESTIONS; q++)
		free(c.found[q]);
	engine_free(c.engine);
	deriver_free(c.deriver);
	evaluator_free(c.evaluator);
	arena_free(&c.kept);
	arena_free(&c.arena);
	catalog_free(&c.catalog);
	return status;
}
