/*
 * results: the figures of one run (DESIGN section 8). Reports read them, the store keeps them.
 */
#ifndef MEWS_RESULTS_H
#define MEWS_RESULTS_H

#include "replay/measure/interval.h"
#include "replay/readers/corpus.h"

/* Could a false positive have been seen? docs/measures.md, "Reachability". */
enum reachability { REACH_BLIND, REACH_THIN, REACH_BRIEF, REACH_MEASURED };
enum outcome { OUTCOME_TP, OUTCOME_BTP, OUTCOME_FP, OUTCOME_UNATTRIBUTED, OUTCOME_UNKNOWN, OUTCOME_COUNT };
enum miss_cause { MISS_NO_EVENT, MISS_UNMATCHED, MISS_EXCEPTED, MISS_DISABLED, MISS_BELOW_SEVERITY };
const char *reachability_name(enum reachability reachability);
const char *outcome_name(enum outcome outcome);
const char *miss_cause_name(enum miss_cause cause);

/* Which datasets figures are from. An organization's own datasets and everybody's are split by use;
 * PART_ALL is both uses together; PART_OTHERS are the datasets of other organizations' normal. */
enum part { PART_HOLD_OUT, PART_DEVELOP, PART_ALL, PART_OTHERS, PART_COUNT };
const char *part_name(enum part part);

/* Attacks a day for which the predictive value is given. */
#define ATTACKS_PER_DAY 1.0
/* No figure a day from less. */
#define LEAST_OBSERVED (6 * 3600.0)

struct measure {
	const struct organization *organization; /* NULL: no baseline */
	const struct detection *detection;
	enum severity severity;
	bool disabled, below;
	uint64_t alerts[OUTCOME_COUNT], groups[OUTCOME_COUNT];
	uint64_t fn, fn_without_baseline;
	uint64_t benign_in_scope, fp_events, matches, excepted;
	uint64_t predicates;         /* that were asked for it, over all events of the run: what it costs, whatever the machine */
	uint64_t limited;            /* facets × conditions where its regex hit the match limit and counted as no match */
	uint64_t extra, missed;      /* of deployed rules: alerts that the detection would not give, and that it alone would */
	struct rate recall, recall_without_baseline, risky_recall, false_positive_rate, precision;
	double groups_per_day;       /* outside malicious episodes; NAN: less than six hours observed */
	double false_groups_per_day; /* FP groups; NAN likewise */
	double false_groups_per_hour; /* of what was recorded; NAN: less than one hour */
	double predictive_value;     /* for ATTACKS_PER_DAY; NAN: recall or groups a day are not known */
	double budget;               /* < 0: none */
	enum reachability reachability;
};

struct missed {
	const struct detection *detection;
	enum miss_cause cause;
	struct text gap;             /* a known gap, in the corpus's words, or empty */
};

struct episode_result {
	const struct organization *organization;
	bool foreign;                /* of a dataset of another organization's normal */
	const struct dataset *dataset;
	const struct episode *episode;
	enum label label;
	uint64_t events;
	const struct detection **alerted;
	size_t alerted_count;
	struct missed *missed;
	size_t missed_count;
};

struct alert {
	const struct organization *organization;
	const struct detection *detection;
	struct text conditions;      /* names, joined by ", " */
	const struct dataset *dataset;
	const struct episode *episode; /* NULL: outside */
	enum label label;
	enum outcome outcome;
	enum severity severity;
	const char *file;
	uint64_t line;
	int64_t time;
	struct text entity, event;   /* event: normalised, as JSON */
	struct text fields;          /* by which it matched, for people (matched.h) */
	struct text id;              /* the event's name for `mews label`, where somebody asked for it; else empty */
	uint64_t group;              /* its alert group's number, from 1, within organization and detection; 0: not known */
	uint64_t moment;             /* alerts of one event have the same; rises */
	size_t position;             /* of the organization in the run */
	bool sample;                 /* it is one of results.samples */
	bool first;                  /* it is one of results.firsts */
	bool whole;                  /* event and fields are there; else they are empty, and can be made of the source again */
};

/* A file that was found below a folder and is nothing that mews reads. */
struct skipped_file {
	const char *file, *reason;
};

struct dataset_result {
	const struct dataset *dataset;
	struct ledger ledger;        /* freed by results_free */
	char hash[65];               /* of its files (fingerprint.h); empty: not known */
	struct text description;     /* its labels and how it is read, in words that compare (fingerprint.h) */
	int64_t first, last;
	double observed;             /* seconds */
	bool refused;                /* so much of it was rejected or not understood that the run failed (replay/losses.h) */
};

/* Totals of one organization: groups and rates over all its detections. */
struct total {
	const struct organization *organization;
	size_t datasets;
	uint64_t alerts[OUTCOME_COUNT], groups[OUTCOME_COUNT], fn, excepted;
	uint64_t benign_events, fp_events; /* benign events in scope of a monitored detection; those with an FP */
	struct rate recall, recall_without_baseline; /* of malicious episodes: was at least one expected alert there? */
	struct rate expected;        /* of expected alerts (episode × detection): fn = denominator - numerator */
	struct rate precision, false_positive_rate;
	double groups_per_day, false_groups_per_day;
	double false_groups_per_hour; /* of what was recorded; NAN: less than one hour */
	double observed;             /* seconds, over the datasets with a time */
};

struct part_result {
	struct measure *measures;    /* [measure_count], in the order of results.measures */
	struct total *totals;        /* [total_count] */
};

/* What an exception did. Alerts that several would remove are counted for the first. */
struct exception_result {
	const struct organization *organization;
	const struct detection *detection; /* that it was shipped with, or NULL: the organization's */
	const struct exception *exception;
	bool expired;
	uint64_t removed[OUTCOME_COUNT]; /* alerts that there would be, by the outcome that they would have */
};

/* Alerts of an organization in one hour of the clock (UTC). */
struct hour_result {
	const struct organization *organization;
	int64_t hour;                /* since 1970 */
	uint64_t alerts[OUTCOME_COUNT];
};

/* How a target can say a condition: the best that one of its rules claims. Words are the generator's; `rank` orders them,
 * 0 is the best. Filled by whoever knows the generator (cli/fidelity.h). */
struct fidelity_result {
	const struct organization *organization;
	const struct detection *detection;
	const struct condition *condition;
	const char *target, *fidelity; /* exact, wider, approximate, collects, unsupported */
	unsigned rank;
	struct text reason;          /* why it is no better; empty for exact */
};

struct results {
	struct arena arena;
	const struct catalog *catalog;
	int64_t run;                 /* row in the store, or 0 */
	char corpus_hash[65];
	struct text as_of;
	const char *target;          /* whose rules were measured; NULL: the detections themselves */
	struct dataset_result *datasets;
	size_t dataset_count;
	const struct skipped_file *skipped; /* whoever chose the files says so; not freed here */
	size_t skipped_count;
	enum part headline;          /* hold-out where such datasets were replayed, else all */
	struct part_result parts[PART_COUNT];
	size_t part_datasets[PART_COUNT]; /* hold-out, develop, all: of the run; others: of any organization */
	struct measure *measures;    /* of the headline: organization by organization, detections in the catalog's order */
	size_t measure_count;
	struct total *totals;        /* of the headline, an organization each */
	size_t total_count;
	struct episode_result *episodes;
	size_t episode_count;
	struct alert *alerts;        /* with keep_alerts */
	size_t alert_count;
	struct alert *samples;       /* always: the first few FP, unattributed and unknown alerts of each measure */
	size_t sample_count;
	struct alert *firsts;        /* always: each detection's first alert in each episode, for each organization */
	size_t first_count;
	struct exception_result *exceptions; /* organization by organization */
	size_t exception_count;
	struct hour_result *hours;   /* by organization, then hour */
	size_t hour_count;
	struct fidelity_result *fidelity; /* by organization, detection, condition, target; none where nobody asked */
	size_t fidelity_count;
	double seconds;              /* of the run */
	uint64_t events, bytes;      /* bytes: of the files, as they lie on the disk */
};

void results_free(struct results *results);

#endif
