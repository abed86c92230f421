/*
 * report: the same figures for a terminal, a program, a browser. A format is one row and one file.
 */
#ifndef MEWS_REPORT_H
#define MEWS_REPORT_H

#include "replay/compare/compare.h"
#include "replay/gate/gate.h"
#include "replay/tune/tune.h"

/* What stands beside the figures where somebody made it; each may be NULL. */
struct report_beside {
	const struct comparison *comparison;  /* with the reference run */
	const struct gate_results *gates;
	const struct proposals *const *proposals; /* of organizations that were tuned */
	size_t proposal_count;
	const char *reference;                /* the reference run in words: "run 12 of 2026-11-25" */
};

struct report_options {
	bool wide, colour, alerts; /* alerts: list each of them too */
	unsigned width;            /* columns of the terminal; 0: 80 */
	struct report_beside beside;
};

/* Of alerts that somebody should judge (results.samples), how many a report shows with their ids. */
enum report_ids { IDS_NONE, IDS_FIRST /* to_judge_count */, IDS_ALL };

struct report {
	const char *name;  /* table, json, csv, junit, sarif, markdown, navigator, html */
	const char *about;
	int (*write)(const struct results *results, const struct report_options *options, FILE *out);
	bool fidelity;    /* shows what targets can say, where somebody filled it in (results.fidelity) */
	bool names_corpus; /* says which corpus it was, by its hash */
	bool every_alert; /* says more where results.alerts holds all (measure_options.keep_alerts) */
	enum report_ids ids;
};
extern const struct report reports[]; /* ends with name NULL */
const struct report *report_find(struct text name);

/* One alert as a JSON object on one line, as the JSON report has it in `alerts`. */
void report_json_alert(const struct alert *alert, FILE *out);

#endif
