/*
 * trial: one pack's rules against the conditions that they claim to mean, event by event (DESIGN section 6).
 *
 * The pack's text is read by the target's own judge. An event is rendered as the target sees it, the judge says which
 * rules fire, the plain evaluator says which conditions hold; both are compared row by row of fidelity.json:
 *
 *   row: privileged-container, requested, container.run, derived, wider, rule R
 *   event: exec of docker run --privileged …   condition holds, R fires          agrees
 *          exec of docker run -e A=--privileged …  does not hold, R fires         rule only: `wider` may
 *          exec of podman run --privileged …       holds, R does not fire         condition only: a wrong claim
 *
 * A row is judged on facets that the target's sensor sees (the view is not empty); a derived row on the exec whose
 * command line asks for the container.
 */
#ifndef MEWS_TRIAL_H
#define MEWS_TRIAL_H

#include "generator/claims.h"

enum { DIFFERENCES_KEPT = 3 }; /* of each row and direction */

struct difference {
	bool rule_only;   /* else condition only */
	bool wrong;       /* against the claim */
	struct text origin;  /* dataset and file:line, or what it was made for */
	struct text event;   /* as YAML that `mews explain` takes */
	struct text predicates; /* a line each: what it saw in the event, and the sight's values for its field */
	struct text sight;   /* all that the target shows of it */
};

/* An event on which a sequence ends, or its rule fires. */
struct sequence_end {
	uint64_t key;             /* of the event: file, line and time */
	bool excepted;
	struct text origin, event, sight;
};
struct sequence_ends {
	struct sequence_end *items; /* in the recording's arena */
	size_t count;
};

struct row_trial {
	const struct claim *claim;
	uint64_t events, both, rule_only, condition_only; /* events: judged; the rest is neither */
	uint64_t wrong;         /* of them, against the claim */
	uint64_t worse;         /* of these, within the claim, but the rule that the catalog makes is right there */
	bool left_out;          /* not asked: trial_ask_only */
	uint64_t fires_anyway;  /* `unsupported`: a rule of the same condition fires where it holds */
	struct difference *differences;
	size_t difference_count;
	struct sequence_ends fired, ended; /* of the recording at hand, where the row is over several events */
};

/* Rows that speak of an action, by their index; those of all actions are in every one. */
struct row_list {
	uint32_t *items;
	size_t count;
};

struct trial {
	struct arena arena;
	const struct catalog *catalog;
	const struct target *target;
	const struct organization *organization;
	const struct dialect *dialect;
	struct judge *judge;
	struct claims claims;
	struct judge *made;        /* of the pack that the catalog makes, where this one was written before; else NULL */
	struct claims made_claims; /* of that pack */
	struct row_trial *rows; /* beside claims.items */
	struct row_list *of_action; /* rows that are asked about a facet of it; [registry's action_count], in the arena `asked` */
	struct row_list over_events; /* and those of several events */
	struct arena asked;
	struct evaluator *evaluator;
	struct arena recording; /* what lives as long as the recording at hand */
	uint64_t *unseen;       /* keys of its events of which the target sees nothing: no row speaks of a sequence that ends there */
	size_t unseen_count;
	uint64_t events;        /* of which a row speaks, and the target sees anything */
	bool partly;            /* not all rows are asked */
};

struct trial_event {
	const struct event *event; /* derived */
	const char *origin;        /* "recording" or "made for …"; its file and line are added */
};

/* Reads the pack. NULL: reported. Free with trial_free. */
struct trial *trial_new(const struct pack_request *request, const struct pack_text *files, size_t count,
	struct diagnostics *d);
/* Holds the pack against the one that the catalog makes, too: where its rule is wrong about an event and the other one of
 * that name is right, this is wrong, whatever is claimed. -1: reported. */
int trial_compare(struct trial *trial, const struct pack_text *files, size_t count, struct diagnostics *d);
void trial_free(struct trial *trial);
void trial_reset(struct trial *trial); /* a new recording begins */
/* Only rows of detections, conditions or rules of these names; before the first event. None: all. */
void trial_ask_only(struct trial *trial, const struct text *names, size_t count);
/* From now on only rows of this detection are judged, and only its rules are asked where they can be asked alone; NULL: all. */
void trial_narrow(struct trial *trial, const struct detection *detection);
/* A sequence or sample ends on the event, one of those that were taken: the engine knows it later than the rule. */
void trial_sequence_ends(struct trial *trial, const struct condition *condition, const struct trial_event *event);
/* The recording is over: what sequences did is compared. */
void trial_end(struct trial *trial);
/* `scratch` lives as long as the event. */
void trial_take(struct trial *trial, const struct trial_event *event, struct arena *scratch);

/* The same of an event that was there before, but for what rules over several events do with it. */
void trial_take_again(struct trial *trial, const struct trial_event *what, struct arena *scratch);

/* After all events: is the row's claim wrong? */
bool row_wrong(const struct row_trial *row);
/* One sentence that says what of the claim is wrong; NULL: nothing. */
const char *row_fault(const struct row_trial *row);

#endif
