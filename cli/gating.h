/*
 * gating: a run beside the reference run: the comparison, the gates of mews.yaml, exceptions that tuning proposes; what
 * reports show beside the figures.
 *
 *   gating_begin(&gating, &verb_replay, options)             -- what was asked for; wrong use is said
 *   gating_open(&gating, project, options, &how)             -- before the replay: the reference run is read
 *   … replay_run(&how, &results, d) …
 *   gating_judge(&gating, project, &how, results)            -- compares and judges
 *   gating_suggest(&gating, &how, d)
 *   reporting.how.beside = gating_beside(&gating)
 *   … report …
 *   gating_print(&gating, width, colour, out); gating_fine(&gating)
 *   gating_end(&gating)
 *
 * The whole corpus of a project is compared with the reference run by itself, where one was set. Where a comparison cannot be
 * made (the corpora differ) that is said in a line on standard error, and gates that need it are undecided.
 */
#ifndef MEWS_GATING_H
#define MEWS_GATING_H

#include "cli/project.h"
#include "replay/gate/excused.h"
#include "replay/replay.h"
#include "replay/report/report.h"
#include "replay/runs/runs.h"

struct gating {
	bool judges, suggests;       /* --gate, --suggest */
	bool whole;                  /* the project's whole corpus, for all its organizations: may become the reference run */
	const char *asked;           /* --compare RUN, or NULL */
	const char *gates_file;      /* --gates FILE, or NULL */
	const struct gates *gates;   /* NULL: gates_default */
	struct arena arena;
	struct stored_run *reference;
	struct comparison *comparison;
	struct excused *baselines;   /* the reference's */
	struct results *excused_results;
	struct comparison *excused;
	struct gate_results *verdicts;
	struct proposals **proposals;
	size_t proposal_count;
	const char *no_comparison, *no_excused, *words;
};

#define GATING_OPTIONS \
	{"gate", 'g', NULL, "judge the gates of mews.yaml; exit status 1 where one fails or cannot be judged (docs/gates.md)"}, \
	{"gates", 0, "FILE", "judge the gates of this project file instead: those of the branch that a change goes into"}, \
	{"compare", 'c', "RUN", "compare with this run (default: the reference run, where one is set)"}, \
	{"suggest", 0, NULL, "propose exceptions for what is noisy, as mews tune does"}

int gating_begin(struct gating *gating, const struct verb *verb, const struct options *options);
/* Asks of the replay what the comparison and the gates need. -1: reported. */
int gating_open(struct gating *gating, struct project *project, const struct options *options, struct replay_options *how);
/* Do gates ask what targets can say, of this run or, where it is stored, of a later one that is compared with it? After
 * gating_open. */
bool gating_asks_fidelity(const struct gating *gating, bool stored);
int gating_judge(struct gating *gating, struct project *project, const struct replay_options *how, const struct results *results);
/* Exceptions for each organization, where --suggest asked for them. */
int gating_suggest(struct gating *gating, const struct replay_options *how, struct diagnostics *d);
struct report_beside gating_beside(const struct gating *gating);
/* Verdicts for people; nothing where none was asked for. */
void gating_print(const struct gating *gating, unsigned width, bool colour, FILE *out);
bool gating_fine(const struct gating *gating);
void gating_end(struct gating *gating);

#endif
