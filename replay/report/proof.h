/*
 * proof: what a run proves of each detection: recall and false-positive rate where they are worst, by which kinds of
 * evidence it sees the act, and which of them recorded episodes have shown.
 *
 *   struct proofs proofs = proofs_of(&arena, results);     of a run that was read with its alerts (RUN_PLACES)
 *   for each proofs.items[i]: state, recall, false_positive_rate, evidence[k].shown
 *
 * All own datasets of each organization count, both uses, as for techniques (coverage.h). An episode of an attack or of bad
 * practice that expects the detection tests it. Items stand so that what needs work comes first: misses, then blind,
 * untested, thin, measured; the graver before the less grave.
 */
#ifndef MEWS_PROOF_H
#define MEWS_PROOF_H

#include "catalog/evidence.h"
#include "replay/report/coverage.h"

struct proof_evidence {
	const struct condition *condition;
	unsigned kinds;               /* evidence_of */
	bool shown;                   /* it held in an episode that expects the detection */
};

/* The detection in one organization. */
struct proof_measure {
	const struct measure *measure;
	/* Attack and risky episodes that expect it: with an alert / all. Where it is off: attacks, with a match / all. */
	struct rate tested;
	enum coverage_state state;
	double observed;              /* seconds, of the datasets that it was measured over */
};

struct proof {
	const struct detection *detection;
	enum coverage_state state;    /* the best proved of any organization's where it is on: what the corpus can say of it */
	bool off;                     /* on nowhere: recall is by matches, and of false positives nothing is known */
	const struct proof_measure *measures; /* an organization each */
	size_t measure_count;
	const struct proof_measure *recall, *rate; /* where they are worst; NULL: nowhere on, or not known */
	struct proof_evidence *evidence; /* a condition each */
	size_t evidence_count;
	const struct episode **episodes; /* that expect it, each once, in the run's order */
	const struct dataset **datasets; /* beside episodes */
	const bool *seen;             /* beside episodes: some organization had the alert */
	const enum label *labels;     /* beside episodes: the gravest that an organization gives it */
	size_t episode_count;
};

struct proofs {
	struct proof *items;
	size_t count;
};

struct proofs proofs_of(struct arena *arena, const struct results *results);
const struct proof *proofs_find(const struct proofs *proofs, const struct detection *detection);
/* Has it missed an episode that no known gap explains, somewhere where it is on? */
bool proof_misses(const struct proof *proof);
/* "requested, bound"; `shown`: those that were, else those that were not yet. "" where there are none. */
const char *proof_evidence_names(struct arena *arena, const struct proof *proof, bool shown);
/* "command, file": the kinds of all its conditions, or of those that were shown. */
const char *proof_kinds(struct arena *arena, const struct proof *proof, bool shown_only);
/* The same, of one condition. */
const char *proof_kind_names(struct arena *arena, unsigned kinds);

#endif
