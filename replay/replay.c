/* replay: the pass over the corpus (see replay.h). */
#include "replay/replay.h"
#include "replay/losses.h"
#include "replay/measure/measure.h"
#include "replay/measure/rows.h"
#include "replay/pipeline/pipeline.h"
#include "replay/prints.h"
#include "replay/wanted.h"
#include "replay/readers/labels.h"

#include <string.h>
#include <time.h>

struct replay {
	struct arena arena;
	struct prints prints;   /* as they were when the run began */
	const struct replay_options *options;
	struct diagnostics *d;
	struct deriver *deriver;
	struct measurer *measurer;
	struct rows *rows;
	struct pipeline *pipeline;
	bool broken;            /* a file could not be read whole */
	bool stopped;           /* somebody said so */
	uint64_t events, bytes; /* bytes: of the datasets before */
	uint64_t alerts;        /* of all organizations; known at the end */
};

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The way of an event */

static int show_progress(void *context, uint64_t bytes)
{
	struct replay *replay = context;
	const struct replay_options *options = replay->options;
	replay->stopped = replay->stopped || (options->stopped && options->stopped(options->stopped_context));
	if (options->progress)
		options->progress(options->progress_context, replay->bytes + bytes, replay->events, measurer_alerts(replay->measurer));
	return replay->stopped;
}

static int hand_on_alert(void *context, const struct alert *alert)
{
	struct replay *replay = context;
	if (replay->options->alert)
		replay->options->alert(replay->options->alert_context, alert);
	return replay->rows ? rows_alert(replay->rows, alert, replay->d) : 0;
}

static int take_event(void *context, struct event *event, const struct answer *answer)
{
	struct replay *replay = context;
	replay->events++;
	int stop = measurer_take(replay->measurer, event, answer);
	if (replay->options->event_done)
		replay->options->event_done(replay->options->alert_context);
	return stop;
}

static int run_dataset(struct replay *replay, const struct dataset *dataset)
{
	struct ledger ledger = {0};
	deriver_reset(replay->deriver, dataset);
	measurer_begin(replay->measurer, dataset);
	int failed = pipeline_run(replay->pipeline, dataset, &ledger, replay->d);
	if (failed > 0) {
		ledger_free(&ledger);
		return -1;
	}
	/* A file that broke does not hide what was read of it and of the others; the run has failed all the same. */
	replay->broken = replay->broken || failed;
	if (!failed)
		labels_check(dataset, replay->d);
	failed = measurer_end(replay->measurer, &ledger);
	if (replay->options->event_done)
		replay->options->event_done(replay->options->alert_context);
	for (size_t i = 0; i < dataset->file_count; i++)
		replay->bytes += input_size_of(dataset->files[i]);
	show_progress(replay, 0);
	return failed ? -1 : 0;
}

/* Rules as deployed may ask for any field that their product has. */
static void want_fields(struct replay *replay)
{
	const struct replay_options *options = replay->options;
	if (options->whole_events || options->deployed)
		return;
	uint8_t *wanted = wanted_fields(&replay->arena, options->catalog, options->datasets, options->dataset_count);
	for (size_t i = 0; i < options->organization_count; i++)
		wanted_of_organization(wanted, &options->catalog->registry, options->organizations[i]);
	for (size_t i = 0; i < options->dataset_count; i++)
		for (size_t k = 0; k < options->datasets[i]->source_count; k++)
			options->datasets[i]->sources[k].options.wanted = wanted;
}

static void want_all(struct replay *replay)
{
	const struct replay_options *options = replay->options;
	for (size_t i = 0; i < options->dataset_count; i++)
		for (size_t k = 0; k < options->datasets[i]->source_count; k++)
			options->datasets[i]->sources[k].options.wanted = NULL;
	arena_free(&replay->arena);
}

static int run_datasets(struct replay *replay)
{
	const struct replay_options *options = replay->options;
	int failed = 0;
	/* A dataset that cannot be read does not hide what is wrong with the next. */
	for (size_t i = 0; i < options->dataset_count && !replay->stopped; i++)
		failed |= run_dataset(replay, options->datasets[i]);
	return failed || replay->stopped ? -1 : 0;
}

static int finish(struct replay *replay, struct results **results, double started)
{
	replay->alerts = measurer_alerts(replay->measurer);
	*results = measurer_finish(replay->measurer);
	replay->measurer = NULL;
	(*results)->seconds = seconds_now() - started;
	for (size_t i = 0; i < replay->options->dataset_count; i++)
		for (size_t k = 0; k < replay->options->datasets[i]->file_count; k++)
			(*results)->bytes += input_size_of(replay->options->datasets[i]->files[k]);
	prints_add(&replay->prints, *results);
	int failed = replay->options->complete
		? replay->options->complete(replay->options->complete_context, *results, replay->d) : 0;
	if (losses_check(*results, replay->options->max_rejected, replay->d) || replay->broken || failed) {
		rows_abandon(replay->rows);
		return -1;
	}
	return replay->rows ? rows_finish(replay->rows, *results, replay->d) : 0;
}

static int name_corpus(struct replay *replay)
{
	const struct replay_options *options = replay->options;
	if (!options->store && !options->name_corpus)
		return 0;
	return prints_make(&replay->prints, options->catalog, options->datasets, options->dataset_count, options->store, replay->d);
}

static int begin_rows(struct replay *replay)
{
	const struct replay_options *options = replay->options;
	if (!options->store)
		return 0;
	struct rows_head head = {options->catalog, replay->prints.corpus, options->as_of, options->arguments};
	replay->rows = rows_begin(options->store, &head, replay->d);
	return replay->rows ? 0 : -1;
}

static void begin_measurer(struct replay *replay, struct engine *engine)
{
	const struct replay_options *options = replay->options;
	struct measure_options measure = {
		.catalog = options->catalog,
		.engine = engine,
		.organizations = options->organizations,
		.organization_count = options->organization_count,
		.datasets = options->datasets,
		.dataset_count = options->dataset_count,
		.as_of = options->as_of,
		.keep_alerts = options->keep_alerts,
		.alert = replay->rows || options->alert ? hand_on_alert : NULL,
		.alert_context = replay,
		.whole_alerts = options->alert || options->whole_alerts ? 0 : ROWS_WHOLE_ALERTS,
		.deployed = options->deployed,
		.observer = options->observer,
	};
	replay->measurer = measurer_new(&measure);
	engine_time(engine, options->stats != NULL);
	replay->pipeline = pipeline_new(&(struct pipeline_options){.catalog = options->catalog, .engine = engine,
		.deriver = replay->deriver, .jobs = options->jobs, .batch = options->batch, .take = take_event, .moved = show_progress,
		.context = replay, .timed = options->stats != NULL});
}

/* Command lines stay command lines then: half of what detections ask for is never there. */
static void warn_of_derivation(const struct catalog *catalog, struct diagnostics *d)
{
	if (!catalog->clients.count)
		diagnostics_warning(d, (struct place){0},
			"the catalog has no clients.yaml: no container request is derived from command lines (docs/derive.md)");
}

static void warn_of_losses(const struct engine *engine, struct diagnostics *d)
{
	struct engine_losses losses = engine_losses(engine);
	struct place nowhere = {0};
	if (losses.dropped)
		diagnostics_warning(d, nowhere, "%llu beginnings of sequences were dropped for want of room, the oldest first",
			(unsigned long long)losses.dropped);
	if (losses.late)
		diagnostics_warning(d, nowhere, "%llu events of sequences came more than %d s late and were taken as they came",
			(unsigned long long)losses.late, (int)(SEQUENCER_LAG / 1000000000));
}

static void warn_of_limits(const struct catalog *catalog, const struct engine *engine, struct diagnostics *d)
{
	for (size_t i = 0; i < catalog->detection_count; i++) {
		struct engine_cost cost;
		engine_cost_of(engine, (uint32_t)i, &cost);
		if (cost.limited)
			diagnostics_warning(d, catalog->detections[i]->place, "a regex of %.*s hit the match limit %llu time%s: such values"
				" count as no match", TEXT_ARGS(catalog->detections[i]->name), (unsigned long long)cost.limited,
				cost.limited == 1 ? "" : "s");
	}
}

static void take_stats(struct replay *replay, struct engine *engine, const struct results *results)
{
	struct stats *stats = replay->options->stats;
	stats_take(stats, replay->options->catalog, engine);
	stats->bytes = results->bytes;
	stats->events = results->events;
	stats->alerts = replay->alerts;
	stats->seconds = results->seconds;
	stats->jobs = pipeline_jobs(replay->options->jobs);
}

int replay_run(const struct replay_options *options, struct results **results, struct diagnostics *d)
{
	struct replay replay = {.options = options, .d = d};
	double started = seconds_now();
	*results = NULL;
	if (name_corpus(&replay) || begin_rows(&replay)) {
		prints_free(&replay.prints);
		return -1;
	}
	struct engine *engine = engine_new(options->catalog);
	replay.deriver = deriver_new(options->catalog);
	want_fields(&replay);
	pipeline_calibrate(engine, replay.deriver, options->datasets, options->dataset_count);
	begin_measurer(&replay, engine);
	int failed = run_datasets(&replay);
	pipeline_free(replay.pipeline);
	want_all(&replay);
	if (failed)
		rows_abandon(replay.rows);
	else
		failed = finish(&replay, results, started);
	if (options->stats && *results)
		take_stats(&replay, engine, *results);
	warn_of_losses(engine, d);
	warn_of_derivation(options->catalog, d);
	warn_of_limits(options->catalog, engine, d);
	measurer_free(replay.measurer);
	deriver_free(replay.deriver);
	engine_free(engine);
	prints_free(&replay.prints);
	return failed;
}
