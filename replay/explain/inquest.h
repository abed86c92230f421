/*
 * inquest: what a detection saw of an episode, and why nothing fired in it (or why it did).
 *
 *   struct inquest *inquest = inquest_new(&question);
 *   dataset_read(dataset, (struct event_sink){take, …})   take: derive_event, inquest_take
 *   inquest_print(inquest_end(inquest), stdout)            (tell.h)
 *
 * Told are: events of the episode; those in scope; the nearest ones, each with the predicates whose answer
 * would have to change; what each organization made of the matches; and, where no event was in scope, what
 * the recording lacks. Memory grows with detections and organizations, not with events.
 */
#ifndef MEWS_EXPLAIN_INQUEST_H
#define MEWS_EXPLAIN_INQUEST_H

#include "catalog/sequence.h"
#include "replay/explain/account.h"
#include "replay/measure/results.h"

enum { INQUEST_NEAREST = 3 }; /* kinds of near events that are told */

/* Where an event stands, and what it was. */
struct sighting {
	const char *file;
	uint64_t line;
	int64_t time;
	const char *kind; /* container run */
	const char *what; /* its command line, path or address */
};

struct near_line {
	const struct predicate *predicate;
	bool wanted;      /* what it would have to be: false under a `not` */
	struct because because;
};

/* Events that are the same predicates away from one condition. */
struct near_miss {
	const struct condition *condition;
	uint64_t events;
	struct sighting first;
	struct near_line *lines;
	size_t count;     /* the distance */
};

struct lacking_field {
	unsigned field;
	uint64_t facets;
};

enum { INQUEST_CHAIN_MAX = 2000 }; /* events that are kept to see how far a sequence got */

/* What the episode has of a step of a sequence. */
struct step_inquest {
	const struct sequence_step *step;
	bool until;
	uint64_t fits;          /* events that fit it */
	uint64_t keyless;       /* of these: that lack a field of the key */
	struct sighting first;
	struct near_miss near[INQUEST_NEAREST + 1];
	size_t near_count;
};

/* How far a sequence got. */
struct chain_inquest {
	const struct condition *condition;
	struct step_inquest *steps; /* `until` behind the last */
	size_t step_count;
	const struct event **events; /* that fit a step, kept whole */
	size_t event_count;
	bool cut;               /* there were more than INQUEST_CHAIN_MAX */
	size_t reached;         /* steps of the longest beginning that was completed */
	struct sighting furthest; /* the event that completed it, the first time */
};

/* What the episode has of what a condition asks for. */
struct condition_scope {
	const struct condition *condition;
	unsigned *actions;      /* that it can be true of */
	size_t action_count;
	uint64_t facets, scoped, failed; /* of these actions; in scope; of acts that failed, which it does not ask for */
	struct lacking_field *lacking;   /* fields that facets out of scope lack */
	size_t lacking_count;
};

struct exception_tally {
	const struct exception *exception;
	bool shipped, expired;  /* expired: would have held */
	uint64_t events;
	struct sighting first;
	struct asked *asked;    /* of the first; no facets in them */
	size_t asked_count;
};

struct side_inquest {
	const struct organization *organization;
	enum label label;
	bool expects;           /* the episode expects the detection, of this organization too */
	struct baseline_decision decision;
	bool overridden;
	uint64_t alerts;
	struct sighting first;  /* alert */
	struct exception_tally *exceptions;
	size_t exception_count;
	enum miss_cause cause;  /* where there is no alert */
};

struct detection_inquest {
	const struct detection *detection;
	bool expected, allowed;
	uint64_t in_scope, matched;
	struct sighting first_match;
	const char *conditions; /* names of those that matched first */
	struct near_miss near[INQUEST_NEAREST + 1]; /* the nearest first; one more while events pass */
	size_t near_count;
	struct condition_scope *scopes; /* of conditions that ask one event, and of each step of the others */
	size_t scope_count;
	struct chain_inquest *chains;
	size_t chain_count;
	struct side_inquest *sides;
	size_t side_count;
};

struct action_tally {
	unsigned action;
	uint64_t facets;
};

struct inquest_question {
	const struct catalog *catalog;
	const struct dataset *dataset;
	size_t episode;
	const struct detection *detection; /* NULL: those that the episode expects */
	struct accountant *accountant;
};

struct inquest {
	struct arena arena;
	struct inquest_question question;
	uint64_t events;
	int64_t first, last;             /* INT64_MAX, INT64_MIN: no times */
	struct action_tally *actions;    /* of the episode's facets, in the order of the registry */
	size_t action_count;
	struct detection_inquest *detections;
	size_t detection_count;
};

struct inquest *inquest_new(const struct inquest_question *question);
/* The event was derived; events of other episodes are asked by sequences only. */
void inquest_take(struct inquest *inquest, const struct event *event);
/* Causes are found. Returns how many expected alerts did not come, over all organizations. */
size_t inquest_end(struct inquest *inquest);
void inquest_free(struct inquest *inquest);

#endif
