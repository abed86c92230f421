/*
 * gate: what a change of the catalog must not do, as a project writes it down (mews.yaml, key `gates`).
 *
 *   gates:
 *     minimum_recall: {critical: 0.9, high: 0.7}            # by severity, over attack episodes
 *     maximum_false_positive_rate: 0.001                    # of each detection in each organization
 *     maximum_alert_groups_per_day: budget                  # or a number, or {organizations: {web-shop: 5}}
 *     lost_episodes: 0                                      # against the reference run
 *     new_false_positives: {limit: 2%, except: [new-one]}   # a gate's long form: its limit and its options
 *
 * A bound on a rate or on alerts a day is judged by the interval, not by the point: `judge: supported` (default) passes
 * where the whole interval keeps the bound, `judge: not_refuted` fails only where the whole interval breaks it. What is
 * compared with the reference run is judged by counts: it is the same corpus, so there is nothing to estimate. A gate that
 * cannot be judged (no reference run, too little observed) is undecided, says so, and does not pass in silence
 * (docs/gates.md).
 *
 *   struct gates *gates = gates_read(&arena, node, &d);
 *   struct gate_results *verdicts = gates_judge(gates, &subject);
 *   gates_print(verdicts, 80, false, stdout);
 *   failed = !gate_results_fine(verdicts);
 *   gate_results_free(verdicts);
 */
#ifndef MEWS_GATE_H
#define MEWS_GATE_H

#include "catalog/yaml.h"
#include "replay/compare/compare.h"

extern const struct yaml_form gates_form; /* the mapping below `gates:`, as a table: catalog/yaml_form.h */

struct gates; /* as written */

/* `node`: the mapping below `gates:`. NULL: reported. Lives in the arena. */
struct gates *gates_read(struct arena *arena, const struct yaml *node, struct diagnostics *d);
/* What is judged where a project says nothing: no episode lost, no new false positive, no new blind detection, fidelity not
 * worse, no exception expired. */
struct gates *gates_default(struct arena *arena);
/* A warning for each name in them that neither the catalog nor the reference's (NULL: none) knows. */
void gates_check(const struct gates *gates, const struct catalog *catalog, const struct catalog *reference,
	struct diagnostics *d);
bool gates_compare(const struct gates *gates);      /* is there one that needs the reference run? */
bool gates_ask_fidelity(const struct gates *gates); /* … that needs results.fidelity, of both runs? */

enum gate_outcome { GATE_PASSED, GATE_FAILED, GATE_UNDECIDED };
const char *gate_outcome_name(enum gate_outcome outcome); /* passed, failed, undecided */

struct gate_result {
	const char *gate;          /* its key in mews.yaml: minimum_recall … */
	struct place place;        /* of that key; file NULL: one of gates_default */
	enum gate_outcome outcome;
	bool tolerated;            /* undecided, and the project says that this passes */
	bool notice;               /* passed, and yet worth reading */
	bool reference_baseline;   /* judged with the baselines of the reference run */
	const struct organization *organization; /* NULL: all, or several */
	const struct detection *detection;       /* NULL: all */
	double observed, bound;    /* NAN: no number */
	const char *message;       /* one sentence: which gate, by how much, why */
	const char *event;         /* dataset/episode or file:line of the event that decides; NULL: none does */
};

struct gate_results {
	struct arena arena;
	struct gate_result *items; /* failed first, then undecided, then passed; at least one a gate */
	size_t count, failed, undecided; /* undecided: without those that are tolerated */
};

/* What gates judge. */
struct gate_subject {
	const struct results *results;       /* of now */
	const struct comparison *comparison; /* with the reference run; NULL: there is none */
	/* The same detections under the reference run's baselines, compared with it; NULL: the baselines are the same. */
	const struct comparison *excused;
	struct text as_of;
	const char *no_comparison, *no_excused; /* why one is missing, in words; NULL: it is not, or is not needed */
};

/* gates NULL: gates_default. The results point into the subject. */
struct gate_results *gates_judge(const struct gates *gates, const struct gate_subject *subject);
void gate_results_free(struct gate_results *results); /* NULL is fine */
/* No gate failed, and none is undecided but those of which the project says that this passes. */
bool gate_results_fine(const struct gate_results *results);
/* For a terminal: failed gates first, each with what decides it. */
void gates_print(const struct gate_results *results, unsigned width, bool colour, FILE *out);

#endif
