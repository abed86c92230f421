/*
 * tune: false positives of an organization → the fewest, narrowest exceptions that bring each noisy detection within its
 * budget, each with its proof (DESIGN section 9, docs/tune.md).
 *
 *   struct proposals *p = tune_run(&options, &d);
 *   for each p->items[i]: condition, what it removes, what it loses (nothing), how it holds elsewhere, what it newly hides
 *   proposals_free(p);
 */
#ifndef MEWS_TUNE_H
#define MEWS_TUNE_H

#include "replay/replay.h"

/* Does an exception that was mined from one half of the observations (episodes, else days, else hours) remove false
 * positives of the other, too? */
enum stability {
	STABLE,
	UNSTABLE,
	STABILITY_UNKNOWN, /* too few units to tell; `stability_note` says how many */
};
const char *stability_name(enum stability stability);

/* An event that does not alert any more with the exception, and is no false positive. */
struct hidden_event {
	const struct detection *detection;
	const struct dataset *dataset;
	const struct episode *episode; /* NULL: outside */
	const char *file;
	uint64_t line;
	const char *what;              /* its outcome, or what it is, in words */
	const char *mutation;          /* how the event was changed ("user.name: root → ci"); NULL: it is as recorded */
	bool malicious;                /* by its label, or that of the event that it was made of */
};

/* How a target can say the exception: in the generator's words, filled by whoever knows it. */
struct said {
	const char *target, *fidelity, *reason; /* exact, narrowed, lost */
};

/* Proposals whose imitation distance is no number. */
enum { IMITATION_UNKNOWN = -1, IMITATION_NEVER = -2 };

struct observations; /* observe.h */
struct describer;    /* describe.h */

struct proposal {
	const struct organization *organization;
	const struct detection **detections;
	size_t detection_count;
	struct text name, condition, reason;      /* as they would stand in the organization's file */
	struct text owner, expires;               /* likewise: defaults, for somebody to change */
	const struct text *parts;                 /* the condition's clauses, joined by and */
	size_t part_count;
	const struct node *node;                  /* the condition, parsed */
	bool bare;                                /* this binary, or this user, alone: nothing narrower serves */
	uint64_t removed_alerts, removed_groups;  /* FP */
	uint64_t removed_benign, removed_unknown; /* BTP; alerts that nobody judged */
	uint64_t lost;                            /* labelled TP alerts: 0, always */
	uint64_t held_out_removed, held_out_all;  /* FP alerts of the part that it was not mined from */
	enum stability stability;
	const char *stability_note;               /* a sentence: how many units there were, and how many are needed */
	size_t stability_units;                   /* episodes, days or hours with its false positives */
	uint64_t mutants, mutants_hidden;         /* attack events moved into what the exception allows */
	uint64_t hidden_recorded;                 /* recorded events that it newly hides and that are no FP */
	uint64_t attacks;                         /* recorded attack events that mutants were made of */
	long imitation;                           /* fewest things that an attacker must imitate to be hidden; IMITATION_… */
	const char *imitation_note;               /* the same in words */
	struct hidden_event *hidden;              /* the first few, recorded ones first */
	size_t hidden_count;
	struct said *said;                        /* a target each; may be none */
	size_t said_count;
};

/* What tuning could do for one noisy detection. */
struct tuned {
	const struct detection *detection;
	uint64_t false_alerts, false_groups, left_alerts, left_groups;
	uint64_t held_out_alerts, held_out_left; /* of these: in datasets that are held out, and not mined */
	double budget; /* FP groups that are allowed in what was observed; < 0: none was said, or too little observed */
	double daily, left_daily;  /* groups a day that the budget speaks of; NAN: less than six hours observed */
	bool noisy;                /* above its budget: looked at */
	const char *note;          /* why something is left, or what is aimed at; NULL: nothing to say */
};

struct proposals {
	struct arena arena;
	const struct organization *organization;
	struct proposal *items;    /* what removes most first */
	size_t count;
	struct tuned *tuned;       /* detections with false positives, the most first */
	size_t tuned_count;
	bool hold_out;             /* proved on datasets of use hold-out */
	uint64_t overflow;         /* alerts of too many kinds to be looked at */
	double observed;           /* seconds */
	struct observations *observations; /* what it was mined from: for whoever looks closer */
	struct describer *describer;       /* evaluates nodes on observations */
};

struct tune_options {
	const struct replay_options *replay; /* catalog, datasets, as_of; its organization is the first of the list */
	const struct organization *organization;
	const char *only;          /* this detection alone; NULL: all */
	double budget;             /* alert groups a day, in place of the organization's; < 0: the organization's */
	size_t most;               /* proposals at most; 0: as many as it takes */
	bool all;                  /* also detections that are within their budget */
	bool quick;                /* figures alone: stability and blind spot are left out, which take further passes */
};

/* A proposal as an item of `exceptions:`, each line behind `indent` blanks. */
void proposal_yaml(const struct proposal *proposal, unsigned indent, struct buffer *out);

/* NULL: reported. What makes proposals safe is not asked here: safety.h. */
struct proposals *tune_run(const struct tune_options *options, struct diagnostics *d);
void proposals_free(struct proposals *proposals); /* NULL is fine */

#endif
