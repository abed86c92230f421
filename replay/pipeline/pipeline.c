/* pipeline: batches, their stages, and the threads that run them (see pipeline.h). */
#include "replay/pipeline/cutter.h"
#include "replay/pipeline/stitcher.h"
#include "replay/pipeline/stream.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES_A_JOB = 2, DIRECT_EVENTS = 1024 };

static const bool ordered[STAGE_COUNT] = {[STAGE_TAKE] = true, [STAGE_DERIVE] = true, [STAGE_MEASURE] = true};

struct pipeline {
	struct pipeline_options options;
	struct worker *workers;    /* [jobs] */
	struct batch *batches;     /* BATCHES_A_JOB of each worker; of one job, one */
	struct batch **under_way;  /* a ring: number n stands at n % room */
	size_t room;               /* as there are batches */
	/* the dataset at hand */
	const struct dataset *dataset;
	const struct source *source;
	struct ledger *ledger;
	struct diagnostics *d;
	struct cutter cutter;      /* of the stage take */
	struct stream *stream;     /* of the same; NULL: none is at work */
	bool streamed;             /* the dataset, in one piece */
	struct stitcher stitcher;  /* of the stage derive */
	int failed, stopped;       /* of the stage measure: as pipeline_run returns */
	uint64_t direct;           /* events that came one by one */
	/* Below the lock. */
	pthread_mutex_t lock;
	pthread_cond_t moved;      /* a stage of some batch is done */
	uint64_t taken, done;      /* batches */
	uint64_t turn[STAGE_COUNT]; /* of ordered stages: the batch that comes next */
	bool taking, ended, stop;
	pthread_t *threads;        /* [jobs - 1] */
	size_t started;
	unsigned waiting;
};

/* Stages */

/* Where no thread can be made to read what cannot be cut. */
static bool fail_thread(struct batch *batch)
{
	batch->kind = BATCH_EVENTS;
	batch->first = batch->last = true;
	batch->status = diagnostics_error(&batch->diagnostics, ((struct place){.file = batch->path}),
		"no thread could be made to read it");
	return true;
}

static void take_from_stream(struct pipeline *p, struct batch *batch)
{
	stream_take(p->stream, batch);
	batch->position += p->cutter.before;
	if (!batch->last)
		return;
	stream_free(p->stream);
	p->stream = NULL;
	if (p->cutter.input)
		cutter_done(&p->cutter);
}

/* false: the dataset has ended. */
static bool take(struct pipeline *p, struct batch *batch)
{
	if (!p->stream && p->streamed && batch->number)
		return false;
	if (!p->stream && !p->streamed) {
		enum cut cut = cutter_take(&p->cutter, batch);
		if (cut != CUT_WHOLE)
			return cut == CUT_BATCH;
	}
	if (!p->stream)
		p->stream = stream_new(p->dataset, p->source, p->cutter.file, p->cutter.input);
	if (!p->stream)
		return fail_thread(batch);
	take_from_stream(p, batch);
	return true;
}

static void read_batch(struct pipeline *p, struct batch *batch, struct worker *worker)
{
	if (batch->kind != BATCH_EVENTS && batch->ahead)
		batch_read(batch, worker, p->source, p->options.deriver);
	for (size_t i = 0; batch->kind == BATCH_EVENTS && i < batch->count; i++)
		derive_alone(p->options.deriver, batch->events[i], &batch->actors[i]);
}

static void ask(struct batch *batch, struct worker *worker)
{
	for (size_t i = 0; i < batch->count; i++)
		engine_ask(worker->engine, batch->events[i], &batch->answers[i]);
}

static void report(struct pipeline *p, struct diagnostics *reports)
{
	for (size_t i = 0; i < reports->count; i++)
		diagnostics_add(p->d, reports->items[i].severity, reports->items[i].place, "%s", reports->items[i].message);
	diagnostics_free(reports);
	*reports = (struct diagnostics){0};
}

static void measure(struct pipeline *p, struct batch *batch)
{
	const struct pipeline_options *options = &p->options;
	for (size_t i = 0; i < batch->count && !p->stopped; i++)
		p->stopped = options->take(options->context, batch->events[i], &batch->answers[i]);
	if (p->stopped)
		return;
	report(p, &batch->diagnostics);
	p->failed |= batch->status;
	p->stopped = options->moved(options->context, batch->position);
}

static void run_stage(struct pipeline *p, struct batch *batch, struct worker *worker)
{
	switch (batch->stage) {
	case STAGE_READ:
		read_batch(p, batch, worker);
		break;
	case STAGE_DERIVE:
		stitcher_take(&p->stitcher, batch, worker);
		break;
	case STAGE_ASK:
		ask(batch, worker);
		break;
	case STAGE_MEASURE:
		measure(p, batch);
		break;
	case STAGE_TAKE:
	case STAGE_COUNT:
		break;
	}
}

/* One job: no threads */

static int take_direct(void *context, struct event *event)
{
	struct pipeline *p = context;
	const struct pipeline_options *options = &p->options;
	struct answer answer;
	derive_event(options->deriver, event);
	engine_ask(p->options.engine, event, &answer);
	p->stopped = options->take(options->context, event, &answer);
	uint64_t position = p->cutter.before + (p->cutter.input ? input_position(p->cutter.input) : 0);
	if (!p->stopped && (++p->direct % DIRECT_EVENTS == 0 || p->dataset->live))
		p->stopped = options->moved(options->context, position);
	return p->stopped;
}

/* The file at hand, in one piece. */
static void read_direct(struct pipeline *p)
{
	const struct source *source = p->source;
	const struct dialect *dialect = reader_dialect(source->reader, &source->options);
	struct ledger account = {0};
	int status = reader_read(source->reader, p->cutter.input, &source->options, (struct event_sink){take_direct, p}, &account,
		p->d);
	ledger_add_file(p->ledger, &account, source->files[p->cutter.file], source->reader->name,
		dialect ? dialect->name.data : NULL);
	ledger_free(&account);
	p->failed |= status < 0 ? -1 : 0;
	cutter_done(&p->cutter);
	if (!p->stopped)
		p->stopped = p->options.moved(p->options.context, p->cutter.before);
}

static void run_alone(struct pipeline *p)
{
	struct batch *batch = &p->batches[0];
	struct worker *worker = &p->workers[0];
	p->workers[0].engine = p->options.engine;
	for (uint64_t number = 0; !p->stopped; number++) {
		batch_begin(batch, number);
		enum cut cut = cutter_take(&p->cutter, batch);
		if (cut == CUT_END)
			break;
		if (cut == CUT_WHOLE) {
			report(p, &batch->diagnostics); /* of the file's beginning */
			read_direct(p);
			continue;
		}
		for (batch->stage = STAGE_READ; batch->stage < STAGE_COUNT; batch->stage++)
			run_stage(p, batch, worker);
	}
	worker_end(worker);
}

/* Threads */

static bool may_run(const struct pipeline *p, const struct batch *batch)
{
	return !batch->busy && (!ordered[batch->stage] || p->turn[batch->stage] == batch->number);
}

/* The oldest batch that may go on, of the worker's or of the others'. */
static struct batch *find_batch(struct pipeline *p, const struct worker *worker, bool own)
{
	for (uint64_t number = p->done; number < p->taken; number++) {
		struct batch *batch = p->under_way[number % p->room];
		if ((batch->owner == worker) == own && may_run(p, batch))
			return batch;
	}
	return NULL;
}

/* What the worker does next; NULL: there is nothing for now. Its own batches stand in its processor's cache, so that it goes to
 * another's only where it would wait otherwise. */
static struct batch *next_batch(struct pipeline *p, struct worker *worker)
{
	struct batch *own = find_batch(p, worker, true);
	if (own)
		return own;
	if (!worker->spare || p->ended || p->taking)
		return find_batch(p, worker, false);
	struct batch *fresh = worker->spare;
	worker->spare = fresh->next;
	fresh->stage = STAGE_TAKE;
	return fresh;
}

/* The one that was used last is taken first. */
static void give_back(struct batch *batch)
{
	batch->next = batch->owner->spare;
	batch->owner->spare = batch;
}

static void wake(struct pipeline *p)
{
	if (p->waiting)
		pthread_cond_broadcast(&p->moved);
}

static void start_threads(struct pipeline *p);

/* The stage take, from below the lock and back. */
static void take_next(struct pipeline *p, struct batch *batch)
{
	uint64_t number = p->taken;
	p->taking = true;
	pthread_mutex_unlock(&p->lock);
	batch_begin(batch, number);
	bool more = take(p, batch);
	if (more && number == 1 && !p->started)
		start_threads(p);
	pthread_mutex_lock(&p->lock);
	p->taking = false;
	p->ended = !more;
	batch->stage = STAGE_READ;
	batch->busy = false;
	if (more)
		p->under_way[p->taken++ % p->room] = batch;
	else
		give_back(batch);
}

/* Any other stage, likewise. */
static void run_next(struct pipeline *p, struct batch *batch, struct worker *worker)
{
	batch->busy = true;
	pthread_mutex_unlock(&p->lock);
	run_stage(p, batch, worker);
	pthread_mutex_lock(&p->lock);
	p->turn[batch->stage]++;
	if (batch->stage == STAGE_MEASURE) {
		p->done++;
		p->stop = p->stop || p->stopped;
		give_back(batch);
	}
	batch->stage++;
	batch->busy = false;
}

static void work(struct pipeline *p, struct worker *worker)
{
	pthread_mutex_lock(&p->lock);
	while (!p->stop && !(p->ended && p->done == p->taken)) {
		struct batch *batch = next_batch(p, worker);
		if (!batch) {
			p->waiting++;
			pthread_cond_wait(&p->moved, &p->lock);
			p->waiting--;
			continue;
		}
		if (batch->stage == STAGE_TAKE)
			take_next(p, batch);
		else
			run_next(p, batch, worker);
		wake(p);
	}
	wake(p);
	pthread_mutex_unlock(&p->lock);
}

static void *run_worker(void *context)
{
	struct worker *worker = context;
	work(worker->pipeline, worker);
	return NULL;
}

/* Signals are for the thread that was there before. From here on each thread has an engine of its own. */
static void start_threads(struct pipeline *p)
{
	sigset_t all, before;
	for (unsigned i = 0; i < p->options.jobs; i++)
		if (!p->workers[i].beside)
			engine_time(p->workers[i].beside = engine_beside(p->options.engine), p->options.timed);
	for (unsigned i = 0; i < p->options.jobs; i++)
		p->workers[i].engine = p->workers[i].beside;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (p->started + 1 < p->options.jobs &&
		pthread_create(&p->threads[p->started], NULL, run_worker, &p->workers[p->started + 1]) == 0)
		p->started++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void share_out_batches(struct pipeline *p)
{
	for (size_t i = 0; i < p->options.jobs; i++)
		p->workers[i].spare = NULL;
	for (size_t i = 0; i < p->room; i++) {
		p->batches[i].owner = &p->workers[i / BATCHES_A_JOB];
		give_back(&p->batches[i]);
	}
}

static void run_together(struct pipeline *p)
{
	share_out_batches(p);
	p->taken = p->done = 0;
	p->taking = p->ended = p->stop = false;
	memset(p->turn, 0, sizeof p->turn);
	p->workers[0].engine = p->options.engine;
	work(p, &p->workers[0]);
	for (size_t i = 0; i < p->started; i++)
		pthread_join(p->threads[i], NULL);
	p->started = 0;
	stream_free(p->stream);
	p->stream = NULL;
	for (unsigned i = 0; i < p->options.jobs; i++)
		worker_end(&p->workers[i]);
}

unsigned pipeline_jobs(unsigned asked)
{
	unsigned jobs = asked ? asked : pipeline_cpus();
	return jobs > PIPELINE_JOBS_MAX ? PIPELINE_JOBS_MAX : jobs;
}

struct pipeline *pipeline_new(const struct pipeline_options *options)
{
	struct pipeline *p = mem_alloc(sizeof *p);
	*p = (struct pipeline){.options = *options};
	p->options.jobs = pipeline_jobs(options->jobs);
	p->options.batch = options->batch ? options->batch : PIPELINE_BATCH;
	p->room = p->options.jobs == 1 ? 1 : p->options.jobs * BATCHES_A_JOB;
	p->batches = mem_alloc(p->room * sizeof *p->batches);
	memset(p->batches, 0, p->room * sizeof *p->batches);
	p->under_way = mem_alloc(p->room * sizeof(struct batch *));
	p->workers = mem_alloc(p->options.jobs * sizeof *p->workers);
	memset(p->workers, 0, p->options.jobs * sizeof *p->workers);
	p->threads = mem_alloc(p->options.jobs * sizeof *p->threads);
	for (unsigned i = 0; i < p->options.jobs; i++)
		p->workers[i].pipeline = p;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->moved, NULL);
	return p;
}

void pipeline_free(struct pipeline *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->room; i++)
		batch_free(&p->batches[i]);
	pthread_cond_destroy(&p->moved);
	pthread_mutex_destroy(&p->lock);
	free(p->batches);
	free(p->under_way);
	free(p->workers);
	free(p->threads);
	free(p);
}

int pipeline_run(struct pipeline *p, const struct dataset *dataset, struct ledger *ledger, struct diagnostics *d)
{
	p->dataset = dataset;
	p->source = &dataset->sources[0];
	p->ledger = ledger;
	p->d = d;
	p->failed = p->stopped = 0;
	p->direct = 0;
	p->streamed = dataset->source_count != 1;
	cutter_begin(&p->cutter, p->source, p->options.batch, &p->stitcher.torn);
	stitcher_begin(&p->stitcher, p->source, p->options.deriver, ledger);
	if (dataset->live || (p->streamed && p->options.jobs == 1))
		p->failed = dataset_read(dataset, (struct event_sink){take_direct, p}, ledger, d) < 0 ? -1 : 0;
	else if (p->options.jobs == 1)
		run_alone(p);
	else
		run_together(p);
	cutter_end(&p->cutter);
	stitcher_end(&p->stitcher);
	return p->stopped ? p->stopped : p->failed;
}
