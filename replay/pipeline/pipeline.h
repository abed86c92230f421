/*
 * pipeline: a dataset's bytes → events with their answers, in order, by as many threads as there are.
 *
 * What is read goes in batches through five stages. Those marked * are run in the batches' order, one batch at a time; the
 * others by any thread at any time:
 *
 *   take*     the next bytes of the source, unpacked, up to a border between events
 *   read      bytes → events in the batch's arena, and all derivation that an event allows by itself
 *   derive*   chunks are put together (batch.h), the account of lines; descent of processes
 *   ask       which conditions each event fits, by the thread's own engine
 *   measure*  the sink: measures, sequences, alerts, rows, progress
 *
 * A thread goes on with a batch of its own, whose bytes its processor's cache has, the oldest first; else it takes a new one
 * or, before it would wait, somebody else's. So ordered stages are turns that are waited for by going on with something else,
 * not locks. One job runs the same stages one after the other, without threads. There are a few batches a
 * thread, however large the source, so memory does not grow with it. Neither the number of jobs nor the size of batches
 * changes an event, its line, the account or a diagnostic.
 *
 * What cannot be cut (compose, manifests, captures, JSON whose dialect has `once`, several sources merged by time) is
 * read by one thread, and its events are copied into batches; what is followed comes event by event.
 *
 *   struct pipeline *p = pipeline_new(&options);
 *   for each dataset: pipeline_run(p, dataset, &ledger, d)
 *   pipeline_free(p)
 */
#ifndef MEWS_PIPELINE_H
#define MEWS_PIPELINE_H

#include "replay/derive/derive.h"
#include "replay/engine/engine.h"
#include "replay/readers/corpus.h"

enum { PIPELINE_BATCH = 128 << 10, PIPELINE_JOBS_MAX = 256 };

struct pipeline_options {
	const struct catalog *catalog;
	struct engine *engine;   /* the first; it is asked in the stage `measure` alone, unless there is one job */
	struct deriver *deriver; /* reset for each dataset by whoever runs it */
	unsigned jobs;           /* 0: pipeline_cpus() */
	size_t batch;            /* bytes of a batch; 0: PIPELINE_BATCH */
	bool timed;              /* engines take times (engine_time) */
	/* In the events' order, never twice at once, in any thread. The event lives until the call returns. Not 0: stop. */
	int (*take)(void *context, struct event *event, const struct answer *answer);
	/* Some events later: how many bytes of the dataset's files were used, as they stand there (packed). Not 0: stop. */
	int (*moved)(void *context, uint64_t bytes);
	void *context;
};

struct pipeline;

/* CPUs that this process may use: its affinity, and the limit of its control group. */
unsigned pipeline_cpus(void);
/* How many threads run where so many jobs are asked for (0: pipeline_cpus()). */
unsigned pipeline_jobs(unsigned asked);

struct pipeline *pipeline_new(const struct pipeline_options *options);
void pipeline_free(struct pipeline *pipeline);
/* As dataset_read: 0; what the sink returned; or -1, reported in the order of one pass (what could be read was). */
int pipeline_run(struct pipeline *pipeline, const struct dataset *dataset, struct ledger *ledger, struct diagnostics *d);

/* Calls engine_calibrate with the events at the beginning of the datasets. Which events they are depends on nothing but the
 * files. Before pipeline_new; `deriver` may have state from it afterwards. */
void pipeline_calibrate(struct engine *engine, struct deriver *deriver, struct dataset *const *datasets, size_t count);

#endif
