/*
 * gates: what gate.c (reading), judge*.c and bounds.c share. Nobody else includes it.
 */
#ifndef MEWS_GATES_H
#define MEWS_GATES_H

#include "replay/gate/gate.h"

enum gate_number {
	GATE_MINIMUM_RECALL, GATE_FALSE_POSITIVE_RATE, GATE_GROUPS_PER_DAY, GATE_TOTAL_GROUPS_PER_DAY, GATE_UNJUDGED,
	GATE_LOST_EPISODES, GATE_NEW_FALSE_POSITIVES, GATE_NEW_UNJUDGED, GATE_NEW_BLIND, GATE_FIDELITY, GATE_EXCEPTIONS,
	GATE_COST, GATE_COST_GROWTH,
	GATE_KINDS
};

/* How a limit is written. */
enum gate_form {
	GATE_SHARE = 1 << 0,       /* 0.9 or 90% */
	GATE_NUMBER = 1 << 1,      /* 2.5 */
	GATE_COUNT = 1 << 2,       /* 3 */
	GATE_PERCENT = 1 << 3,     /* 2%: of what the reference run has */
	GATE_FACTOR = 1 << 4,      /* 1.5x: times what the reference run has */
	GATE_BUDGET = 1 << 5,      /* the word budget: the organization's own */
	GATE_NOT_WORSE = 1 << 6,   /* that word */
	GATE_NOT_EXPIRED = 1 << 7, /* that word */
};

enum gate_flag {
	GATE_INTERVAL = 1,   /* judged by one */
	GATE_COMPARES = 2,   /* needs the reference run */
	GATE_BY_SEVERITY = 4 /* limits may have the names of severities */
};

struct gate_kind {
	unsigned forms, flags;
	const struct yaml_shape *options; /* of its long form */
};

/* gate_form.c */
extern const struct gate_kind gate_kinds[GATE_KINDS];
extern const char *const gate_judge_names[], *const gate_undecided_names[]; /* end with NULL */
const char *gate_name(enum gate_number number);

struct gate_limit {
	struct text name;    /* severity or organization; empty: the gate's own */
	struct place place;
	enum severity severity;
	enum gate_form form;
	double value;
};

struct gate {
	enum gate_number number;
	struct place place;
	struct gate_limit *limits;
	size_t limit_count;
	bool not_refuted;
	double confidence;
	unsigned within;     /* days */
	struct texts except;
	const struct place *except_places;
	bool undecided_passes;
};

struct gates {
	struct gate *items;  /* in the order of enum gate_number */
	size_t count;
};

/* One gate being judged, with one comparison. */
struct judging {
	const struct gate *gate;
	const struct gate_subject *subject;
	const struct results *results;       /* of now; under the reference's baselines: those */
	const struct comparison *comparison; /* may be NULL */
	bool excused;                        /* under the reference's baselines */
	struct gate_results *to;
	size_t before;                       /* results there were, before this gate */
};

/* The limit for an organization (or NULL), where the gate has one for it. */
const struct gate_limit *gate_limit_for(const struct gate *gate, const struct organization *organization);
bool gate_excepts(const struct gate *gate, const struct detection *detection);
/* A result more, with the gate's name and place. */
struct gate_result *gate_say(struct judging *j, enum gate_outcome outcome, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
const char *gate_names(struct arena *arena, const struct text *names, size_t count); /* a, b and c */
const char *gate_organization(const struct organization *organization); /* its name, or "no organization" */
const struct measure *gate_measure(const struct results *results, const struct organization *organization,
	const struct detection *detection); /* the same organization by name and detection by id; or NULL */

/* judge_rates.c, judge_change.c, judge_catalog.c: a row each in judge.c's table */
void judge_minimum_recall(struct judging *j);
void judge_false_positive_rate(struct judging *j);
void judge_groups_per_day(struct judging *j);
void judge_total_groups_per_day(struct judging *j);
void judge_unjudged(struct judging *j);
void judge_lost_episodes(struct judging *j);
void judge_new_alerts(struct judging *j);
void judge_new_blind(struct judging *j);
void judge_fidelity(struct judging *j);
void judge_exceptions(struct judging *j);
void judge_cost(struct judging *j);
void judge_cost_growth(struct judging *j);

/* bounds.c */
struct gate_bounds {
	double low, high;
};
/* Clopper–Pearson of k of n. */
struct gate_bounds gate_bounds_share(uint64_t k, uint64_t n, double confidence);
/* Garwood: the mean of a Poisson count of which k was seen. */
struct gate_bounds gate_bounds_count(uint64_t k, double confidence);
/* How many units more, all of them caught, until the lower bound of the share is `least`; 0: it is already. */
uint64_t gate_bounds_more(uint64_t k, uint64_t n, double confidence, double least);
/* How many units without any would make the upper bound of their share `most`. */
uint64_t gate_bounds_none(double confidence, double most);

#endif
