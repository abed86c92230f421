/*
 * gate: what a change of the catalog must not do, as a project writes it down (mews.yaml, key `gates`).
 *
 *   gates:
 *     minimum_recall: {critical: 1.0, high: 0.9}        # by severity
 *     maximum_false_positive_rate: 0.001                # of each detection in each organization
 *     maximum_alert_groups_per_day: {web-shop: 5}       # or one number for all
 *     lost_episodes: 0
 *     …
 *
 * A bound on a rate or on alerts is judged by the interval, not by the point (docs/gates.md says by which end and why). A
 * gate that cannot be judged (no reference run, nothing observed) says so and does not pass in silence.
 */
#ifndef MEWS_GATE_H
#define MEWS_GATE_H

#include "catalog/yaml.h"
#include "replay/compare/compare.h"

struct gates; /* as written; gate.c's own */

/* `node`: the mapping below `gates:`. NULL: reported. Lives in the arena. */
struct gates *gates_read(struct arena *arena, const struct yaml *node, struct diagnostics *d);

enum gate_outcome { GATE_PASSED, GATE_FAILED, GATE_UNDECIDED };

struct gate_result {
	const char *gate;          /* its key in mews.yaml: minimum_recall … */
	struct place place;        /* of that key */
	enum gate_outcome outcome;
	bool reference_baseline;   /* judged with the baselines of the reference run */
	const struct organization *organization; /* NULL: all */
	const struct detection *detection;       /* NULL: all */
	double observed, bound;    /* NAN: no number */
	const char *message;       /* one sentence: which gate, by how much, why */
	const char *event;         /* dataset/episode or file:line of the event that decides; NULL: none does */
};

struct gate_results {
	struct arena arena;
	struct gate_result *items; /* failed first, then undecided */
	size_t count, failed, undecided;
};

/* What gates judge. */
struct gate_subject {
	const struct results *results;       /* of now */
	const struct comparison *comparison; /* with the reference run; NULL: there is none */
	/* The same detections under the reference run's baselines, compared with it; NULL: the baselines are the same. */
	const struct comparison *excused;
	struct text as_of;
};

struct gate_results *gates_judge(const struct gates *gates, const struct gate_subject *subject);
void gate_results_free(struct gate_results *results); /* NULL is fine */
/* For a terminal: failed gates first, each with what decides it. */
void gates_print(const struct gate_results *results, unsigned width, bool colour, FILE *out);

#endif
