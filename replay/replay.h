/*
 * replay: recorded events → measures, through readers, derive, engine, measure.
 *
 * One pass over the corpus serves all organizations: matching once, baselines after. Results are the one
 * set of figures that every report prints and the store keeps.
 */
#ifndef MEWS_REPLAY_H
#define MEWS_REPLAY_H

#include "catalog/store.h"
#include "replay/measure/measure.h"
#include "replay/readers/corpus.h"
#include "replay/stats.h"

struct replay_options {
	const struct catalog *catalog;
	struct dataset **datasets;
	size_t dataset_count;
	const struct organization **organizations; /* none: one nameless organization without a baseline */
	size_t organization_count;
	struct text as_of;        /* YYYY-MM-DD: the day on which exceptions expire */
	bool keep_alerts;         /* results->alerts is filled (bounded memory otherwise: rows go to the store only) */
	struct store *store;      /* NULL: nothing is stored */
	bool whole_alerts;        /* the store keeps the event of every alert, not of the first ROWS_WHOLE_ALERTS (rows.h) alone */
	bool name_corpus;         /* results and datasets get their hashes, which takes time; stored runs always do */
	const char *arguments;    /* the command line, for the run's row */
	const struct deployed *deployed; /* rules in place of the detections; NULL: none */
	unsigned jobs;            /* threads; 0: as many as there are CPUs (pipeline.h) */
	size_t batch;             /* bytes of a batch, for tests; 0: pipeline.h's own */
	bool whole_events;        /* readers make every field of every event, not those alone that somebody asks for */
	double max_rejected;      /* share of lines; more is an error after the run */
	/* Each alert as it comes (of the organizations' own datasets), and that an event's alerts have all come; may be NULL. */
	void (*alert)(void *context, const struct alert *alert);
	void (*event_done)(void *context);
	void *alert_context;
	/* When all figures are known, before they are stored: adds what only the caller knows (results.skipped, .fidelity). Not 0:
	 * reported, and the run fails. May be NULL. */
	int (*complete)(void *context, struct results *results, struct diagnostics *d);
	void *complete_context;
	const struct observer *observer; /* NULL: nobody looks on */
	void (*progress)(void *context, uint64_t bytes, uint64_t events, uint64_t alerts);
	void *progress_context;
	/* Asked as often as progress is told; "yes" ends the run with -1, without a report and with nothing stored. May be NULL. */
	bool (*stopped)(void *context);
	void *stopped_context;
	struct stats *stats;      /* filled where the run came to its end; NULL: nobody asks what it cost */
};

/* 0 and *results (free with results_free; they point into the catalog and the datasets); -1 reported. On -1
 * *results is NULL, but where nothing failed save max_rejected, or a file that could not be read whole, so that the
 * account can be shown; such a run is not stored. */
int replay_run(const struct replay_options *options, struct results **results, struct diagnostics *d);

#endif
