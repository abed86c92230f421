/*
 * compare: two runs over the same corpus, event by event.
 *
 * Detections are the same by their id (not their name), alerts by organization, detection, dataset, file and line, episodes
 * by dataset and name. So a renamed detection is one that changed its name, and nothing else. The order of keys, of values, of
 * operands and of lists that are sets is no change.
 *
 * Alert groups have no name of their own. Within an organization and detection, groups of both runs that share an alert are
 * one unit, and so are groups that are joined like that over several steps: a unit is there before if a group of the older
 * run is in it, and after if one of the newer run is. Both runs need their alerts (keep_alerts, or a stored run).
 *
 * The corpora are the same when they have the same datasets, with the same files, read and labelled in the same way. What
 * episodes expect may change with the detections: a pair is an expectation that both runs have.
 *
 *   struct comparison *c = compare_runs(before, after, &d);      NULL: the corpora differ; reported, and which dataset
 *   for each c->alerts[i]: gained or lost, with its label and place
 *   compare_free(c);
 *
 * The comparison points into both runs, which must outlive it.
 */
#ifndef MEWS_COMPARE_H
#define MEWS_COMPARE_H

#include "replay/measure/paired.h"
#include "replay/measure/results.h"

enum change_kind {
	CHANGE_ADDED, CHANGE_REMOVED, CHANGE_RENAMED,
	CHANGE_CONDITIONS,  /* what it matches; `lines` is the difference of its conditions */
	CHANGE_EXCEPTIONS,  /* those that are shipped with it */
	CHANGE_METADATA,    /* severity, status, techniques, title …; never what it matches */
};
const char *change_kind_name(enum change_kind kind);

struct detection_change {
	enum change_kind kind; /* one detection may have several changes, one row each */
	const struct detection *before, *after; /* NULL: was not, is not there */
	struct texts lines;    /* for people, each with "- ", "+ " or "  " in front */
};

/* An organization's own file: monitor, budget, lists, exceptions. */
struct baseline_change {
	const struct organization *before, *after; /* NULL: was not, is not there */
	struct texts lines;
};

struct alert_change {
	bool gained;               /* else lost */
	const struct alert *alert; /* of `after` where gained, of `before` where lost */
	const char *cause;         /* of a loss or gain, where known: "excepted by NAME", "below severity", …; else NULL */
};

/* An expected detection in an episode that alerted in one run and not in the other. */
struct episode_change {
	bool gained;
	const struct organization *organization;
	const struct detection *detection; /* of `after`, where it is there; else of `before` */
	const struct episode_result *before, *after;
	const char *cause;         /* of a loss: miss_cause_name, "removed" or "no longer expected" */
};

/* The rates of one detection in one organization, side by side. */
struct rate_change {
	const struct organization *organization;
	const struct measure *before, *after; /* NULL: not there */
	/* `first` counts what was there in the older run alone, `second` in the newer alone. */
	struct paired episodes;    /* malicious episodes in which both runs expect it: alerted before and after */
	struct paired groups;      /* alert groups that are no attack (FP, BTP, unknown): there before and after */
};

/* All detections of an organization together; organization NULL: the run without a baseline. */
struct total_change {
	const struct organization *organization;
	const struct total *before, *after;
	struct paired episodes, groups;
};

struct comparison {
	struct arena arena;
	const struct results *before, *after;
	bool same;                 /* no alert, episode or detection differs */
	struct detection_change *detections;
	size_t detection_count;
	struct baseline_change *baselines;
	size_t baseline_count;
	struct alert_change *alerts;   /* by organization, detection, file and line */
	size_t alert_count;
	struct episode_change *episodes;
	size_t episode_count;
	struct rate_change *rates;     /* of the headline; those alone that differ in any count */
	size_t rate_count;
	struct total_change *totals;
	size_t total_count;
};

struct comparison *compare_runs(const struct results *before, const struct results *after, struct diagnostics *d);
void compare_free(struct comparison *comparison); /* NULL is fine */

#endif
