/*
 * measure: events that were matched → figures of every organization (DESIGN section 8, docs/measures.md).
 *
 * One pass serves all organizations: an event is matched once, its scope is found once, and each
 * organization's labels and baseline are applied to that. Memory grows with detections, organizations,
 * episodes and hours, not with events (alerts are kept only where that is asked for).
 *
 *   struct measurer *m = measurer_new(&options);
 *   for each dataset: measurer_begin, measurer_take for each event in order, measurer_end
 *   struct results *results = measurer_finish(m);
 */
#ifndef MEWS_MEASURE_H
#define MEWS_MEASURE_H

#include "replay/engine/engine.h"
#include "replay/measure/groups.h"
#include "replay/measure/results.h"

/* Rules as they are deployed, in place of the detections (mews replay --as TARGET). Whoever knows rules stands behind
 * this; organizations count as in measure_options. */
struct deployed {
	const char *target;
	bool collects; /* rules only record: what is recorded goes on to the detections and the baseline */
	void (*begin)(void *context); /* a dataset begins */
	void (*take)(void *context, const struct event *event); /* the event that is asked for next */
	bool (*records)(void *context, size_t organization);
	/* What the organization's rules match of it, in the event's arena. Exceptions are in the rules already. */
	void (*match)(void *context, size_t organization, struct matches *matches);
	void *context;
};

/* For whoever looks on (tuning): every event with the label that it has for an organization, and every match with what
 * became of it. Of an event that was held back for a sequence the match comes later than the event. */
struct observed {
	const struct event *event;       /* only fields that somebody asks for: event_complete */
	const struct organization *organization;
	const struct dataset *dataset;
	const struct episode *episode;   /* NULL: outside */
	enum label label;                /* as it was judged: risky is benign where that is tolerated */
	bool own;                        /* the dataset is the organization's, or everybody's */
};
struct observed_match {
	struct observed at;
	const struct match *match;
	enum outcome outcome;            /* of its alert, were there one */
	bool alerts;                     /* it survived the baseline */
	bool excepted;
	uint32_t exception;              /* of one that was excepted: index in the organization's baseline (baseline.h) */
	struct group_point point;        /* its outcome is filled in */
};
struct observer {
	void (*event)(void *context, const struct observed *observed);       /* before its matches; may be NULL */
	void (*match)(void *context, const struct observed_match *observed); /* may be NULL */
	void *context;
};

struct measure_options {
	const struct catalog *catalog;
	struct engine *engine;
	const struct organization **organizations; /* none: one nameless organization without a baseline */
	size_t organization_count;
	struct dataset **datasets;  /* all that will be replayed, in order */
	size_t dataset_count;
	struct text as_of;          /* YYYY-MM-DD */
	bool keep_alerts;
	int (*alert)(void *context, const struct alert *alert); /* each alert of own datasets; may be NULL; not 0: stop */
	size_t whole_alerts;        /* without keep_alerts so many of each organization and detection come whole to `alert`; 0: all.
	                             * Samples and first ones always do */
	void *alert_context;
	const struct deployed *deployed; /* NULL: the detections themselves */
	const struct observer *observer; /* NULL: nobody looks on */
};

struct measurer;

struct measurer *measurer_new(const struct measure_options *options);
void measurer_begin(struct measurer *measurer, const struct dataset *dataset);
/* What `alert` returned, or 0. `answer`: of whatever engine over the same plan; NULL: the measurer's engine asks. */
int measurer_take(struct measurer *measurer, const struct event *event, const struct answer *answer);
uint64_t measurer_alerts(const struct measurer *measurer); /* so far, of all organizations */
/* The dataset's account passes to the results. Alerts of sequences that are decided only now come here: what `alert`
 * returned, or 0. */
int measurer_end(struct measurer *measurer, const struct ledger *ledger);
struct results *measurer_finish(struct measurer *measurer); /* and frees the measurer */
void measurer_free(struct measurer *measurer);              /* without results */

#endif
