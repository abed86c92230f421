/*
 * state: what the files of this folder share that make the figures. Nobody else includes it.
 *
 *   measure.c    the event at hand: what it matches, for every organization
 *   rulings.c    labels → for whom an event is benign, and how near it came
 *   verdict.c    a match → alert or not, for an organization
 *   raise.c      an alert: groups, hours, samples, who it is handed to
 *   deploy.c     rules as they are deployed, against the detections
 *   episodes.c   what was expected; figures.c: counters → figures
 */
#ifndef MEWS_MEASURE_STATE_H
#define MEWS_MEASURE_STATE_H

#include "replay/measure/baseline.h"
#include "replay/measure/benign.h"
#include "replay/measure/groups.h"
#include "replay/measure/measure.h"
#include "replay/measure/placing.h"
#include "replay/measure/tally.h"

/* Where an organization's figures of a dataset go; PART_ALL is their sum. */
enum slot { SLOT_HOLD_OUT, SLOT_DEVELOP, SLOT_OTHERS, SLOT_COUNT };

enum { SAMPLES = 3 }; /* alerts kept of each measure and outcome that somebody should look at */

/* One organization. Arrays by detection have one more at the end: all detections together. */
struct side {
	const struct organization *organization; /* NULL: none */
	struct text name;
	struct baseline baseline;
	uint32_t *registered;             /* [baseline.exception_count]: the engine's number of each that is in force */
	uint64_t *monitored;              /* bits: neither disabled nor below the minimum */
	struct tally *tallies[SLOT_COUNT]; /* [detections + 1] */
	struct group_set *groups;         /* [detections] */
	unsigned char (*sampled)[OUTCOME_COUNT]; /* [detections]: samples taken of FP, unattributed and unknown alerts */
	size_t *whole;                    /* [detections]: alerts that were handed on whole */
	double observed[SLOT_COUNT];      /* seconds */
	size_t datasets[SLOT_COUNT];
	enum slot slot;                   /* of the dataset at hand */
	struct hour_result *hours;        /* malloc'd, sorted */
	size_t hour_count, hour_capacity, newest_hour;
	uint64_t (*removed)[OUTCOME_COUNT]; /* [baseline.exception_count] */
};

/* An episode of the dataset at hand. Bits over detections. */
struct episode_state {
	uint64_t *expects, *allows, *in_scope, *matched;
	uint64_t *alerted;                /* [sides][words] */
	uint64_t events;
};

/* What a label rule means for each side. */
struct ruling {
	enum label *labels, *judged;      /* [sides]; judged: risky is benign where that is tolerated */
	uint32_t audience;                /* for whom it is benign (benign.h); 0: nobody */
};

/* Benign events of an audience: which detections was none of them near yet? */
struct far {
	uint64_t *bits;                   /* those that are asked about */
	bool any;
};

/* What is found once for an event and used for every organization. */
struct moment {
	const struct event *event;
	struct matches matches;
	const uint64_t *scope;
	const struct episode *episode;    /* NULL: outside */
	struct episode_state *state;
	const struct ruling *ruling;
	const struct decision *decision;  /* by somebody who looked at it, or NULL */
	struct group_point point;
	struct text entity;
	int64_t hour_key;
	bool settled;                     /* it came before; now what it matches of sequences is known */
	uint64_t *marks;                  /* bits by side: it was counted as a benign event with a false positive; may be NULL */
};

enum { LABELS = LABEL_MALICIOUS + 1 };

struct measurer {
	struct measure_options options;
	struct results *results;          /* in the making; its arena holds what lasts */
	size_t detections, words;
	struct side *sides;
	size_t side_count;
	struct group_fields group_fields;
	struct benign *benign;
	size_t registered;                /* above all numbers of exceptions */
	struct arena lasting;             /* hours of all datasets */
	/* the dataset at hand */
	struct arena arena;
	const struct dataset *dataset;
	bool plain;                       /* nothing but its own label tells one of its events from another until it matches */
	bool sequences;                   /* detections ask several events */
	struct episode_state *episodes;
	struct ruling outside, *within, own[LABELS]; /* the dataset's label; [episodes]; of events that carry a label */
	struct far *far;                  /* by audience */
	struct placing *placing;
	size_t audiences;
	uint64_t near_wanted;             /* the number of what was asked of the engines (engine_want_near) */
	int64_t first, last;
	/* the event at hand */
	uint32_t *false_positives;        /* detections with an FP, for one side */
	size_t false_count;
	uint64_t *written;                /* bits: detections that alert as they are written, for one side */
	uint64_t *asked, *near;           /* bits: a question and its answer */
	uint64_t *answers;                /* verdict.c: of exceptions, with the moment that they are of */
	size_t answer_capacity;
	struct buffer json, fields;
	uint64_t alerts, moment;
};

size_t side_word(const struct measurer *m, size_t side); /* where a side's bits begin in episode_state.alerted */

/* rulings.c */
void rulings_begin(struct measurer *m);
const struct ruling *ruling_of(struct measurer *m, const struct moment *now, bool labelled, enum label label);
void rulings_count(struct measurer *m, const struct moment *now, const struct answer *answer); /* if it is benign */
/* The side's false positives of a benign event. */
void rulings_false(struct measurer *m, struct side *side, const struct moment *now);
/* verdict.c */
void verdict_register(struct measurer *m, struct side *side);
/* `excepted`: exceptions are asked; *exception: the index of the one that holds. */
enum verdict verdict_of(struct measurer *m, const struct side *side, const struct moment *now, const struct match *match,
	bool excepted, uint32_t *exception);
/* raise.c: an alert of the side. What `alert` returned, or 0. */
int raise_alert(struct measurer *m, struct side *side, const struct moment *now, const struct match *match,
	const struct alert *outline);
int64_t hour_of_time(int64_t time);
/* deploy.c: what the detections would alert, against what the rules do: the moment's matches become the rules'. */
void deploy_match(struct measurer *m, struct side *side, struct moment *now);
/* episodes.c */
void episodes_begin(struct measurer *m);
void episodes_end(struct measurer *m);
/* figures.c */
void figures_make(struct measurer *m);

#endif
