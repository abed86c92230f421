/*
 * state: what measure.c, episodes.c and figures.c share. Nobody else includes it.
 */
#ifndef MEWS_MEASURE_STATE_H
#define MEWS_MEASURE_STATE_H

#include "replay/measure/baseline.h"
#include "replay/measure/groups.h"
#include "replay/measure/measure.h"
#include "replay/measure/tally.h"

/* Where an organization's figures of a dataset go; PART_ALL is their sum. */
enum slot { SLOT_HOLD_OUT, SLOT_DEVELOP, SLOT_OTHERS, SLOT_COUNT };

enum { SAMPLES = 3 }; /* alerts kept of each measure and outcome that somebody should look at */

/* One organization. Arrays by detection have one more at the end: all detections together. */
struct side {
	const struct organization *organization; /* NULL: none */
	struct text name;
	struct baseline baseline;
	uint64_t *monitored;              /* bits: neither disabled nor below the minimum */
	struct tally *tallies[SLOT_COUNT]; /* [detections + 1] */
	struct group_set *groups;         /* [detections] */
	unsigned char (*sampled)[OUTCOME_COUNT]; /* [detections]: samples taken of FP, unattributed and unknown alerts */
	double observed[SLOT_COUNT];      /* seconds */
	size_t datasets[SLOT_COUNT];
	enum slot slot;                   /* of the dataset at hand */
	struct hour_result *hours;        /* malloc'd, sorted */
	size_t hour_count, hour_capacity;
	uint64_t (*removed)[OUTCOME_COUNT]; /* [baseline.exception_count] */
};

/* An episode of the dataset at hand. Bits over detections. */
struct episode_state {
	uint64_t *expects, *allows, *in_scope, *matched;
	uint64_t *alerted;                /* [sides][words] */
	uint64_t events;
};

struct measurer {
	struct measure_options options;
	struct results *results;          /* in the making; its arena holds what lasts */
	size_t detections, words;
	struct side *sides;
	size_t side_count;
	struct group_fields group_fields;
	/* the dataset at hand */
	struct arena arena;
	const struct dataset *dataset;
	struct episode_state *episodes;
	int64_t first, last;
	/* the event at hand */
	uint64_t *false_positives;        /* bits: detections with an FP, for one side */
	uint64_t *written;                /* bits: detections that alert as they are written, for one side */
	unsigned char *nearness;          /* [detections]: 0 not known, 1 far, 2 near */
	struct buffer json, fields;
	uint64_t alerts;
};

size_t side_word(const struct measurer *m, size_t side); /* where a side's bits begin in episode_state.alerted */

/* episodes.c */
void episodes_begin(struct measurer *m);
void episodes_end(struct measurer *m);
/* figures.c */
void figures_make(struct measurer *m);

#endif
