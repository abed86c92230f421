/*
 * lower: from a condition to what a target can say (DESIGN section 6, docs/generator.md).
 *
 * For each action of the condition's category event.action is fixed and the tree simplified; what is not
 * false becomes a rule for that action's events in each group of the dialect that has them (native) and, for
 * container requests, for the exec of a client in each group that has process.exec (derived).
 * For each predicate the dialect gives an upper bound (implied by it) and a lower bound (implies it).
 * Under an even number of negations the upper bound is used, under an odd number the lower one. So a rule
 * matches at least what the condition matches; it is exact only where both bounds coincide everywhere.
 *
 *   file where event.action == "modify" and file.path == "/run/docker.sock" and not process.args == "ls"
 *   falco, file.modify:
 *     events   evt.type in (open, openat, openat2) and evt.is_open_write = true
 *     node     fd.name in (/run/docker.sock, /var/run/docker.sock)     exact
 *              not FALSE = TRUE                                        an argument of a joined line has no lower bound
 *     → wider, with that reason
 */
#ifndef MEWS_LOWER_H
#define MEWS_LOWER_H

#include "catalog/catalog.h"
#include "catalog/sequence.h"
#include "generator/bound.h"

enum fidelity { FIDELITY_EXACT, FIDELITY_WIDER, FIDELITY_APPROXIMATE, FIDELITY_COLLECTS, FIDELITY_UNSUPPORTED };
const char *fidelity_name(enum fidelity fidelity);

struct target;

/* An exception folded into one rule: what it excludes (a lower bound). */
struct rule_exception {
	const struct exception *exception;
	struct rule_node *node; /* FALSE: excludes nothing */
	bool exact;
	bool shipped;           /* comes with the detection, not with the organization */
	struct text written;    /* a hand-written form for this target instead of node, or empty */
};

struct rule {
	const struct detection *detection;
	const struct condition *condition;
	const struct dialect_group *group;
	unsigned category;
	unsigned *actions;            /* with the same node */
	size_t action_count;
	bool derived;                 /* from a client's command line */
	struct rule_node *events;     /* which events: the event map, and the gate of a derived rule */
	struct rule_node *node;       /* what of the condition */
	struct rule_exception *exceptions;
	size_t exception_count;
	enum fidelity fidelity;
	bool lost;                    /* a whole part of an `and` could not be asked: the rule is informational */
	struct texts reasons;         /* sentences, each once */
};

/* An action that the condition asks for and that no rule covers. */
struct gap {
	unsigned category, action;
	bool derived;
	struct texts reasons;
};

struct lowered {
	struct rule *rules;
	size_t count;
	struct gap *gaps;
	size_t gap_count;
	const struct sequence *sequence; /* of the condition; NULL: it asks one event, and there are no steps */
	struct lowered *steps;           /* each step by itself, as the target can say it; last `until`, if there is one */
	size_t step_count;
};

struct lowering {
	struct arena *arena;
	const struct catalog *catalog;
	const struct target *target;
	const struct dialect *dialect;
	const struct exception *const *exceptions; /* that apply: shipped ones first */
	size_t exception_count, shipped_count;
};
void lower_condition(const struct lowering *lowering, const struct detection *detection, const struct condition *condition,
	struct lowered *lowered);
/* The same where the question stands negated (![ … ] and until of a sequence): a rule matches at most what the
 * condition matches, and a rule that would match nothing is not made. Exceptions are not folded in. */
void lower_negated(const struct lowering *lowering, const struct detection *detection, const struct condition *condition,
	struct lowered *lowered);

/* What an expression alone comes to for one act in one group, natively. */
struct bounds lower_part(const struct lowering *lowering, const struct dialect_group *group, unsigned category, unsigned action,
	const struct node *node);

/* A sequence or a sample: `steps` are filled, `rules` are none. lower_condition comes here by itself. What the steps
 * ask for is the rules of each (several rules of a step: any of them); ![ ] and until are lowered as negated;
 * exceptions are folded into the last step's rules only, since they are judged on its event. A target without
 * `sequences` gets one gap (category 0, action 0) whose reasons say so, and what each step would be alone. */
void lower_sequence(const struct lowering *lowering, const struct detection *detection, const struct condition *condition,
	struct lowered *lowered);
/* How the sequence as a whole relates to the condition, if all steps' rules are written: the worst of them,
 * UNSUPPORTED where a step that must be there has no rule. Sentences go to *reasons. */
enum fidelity lowered_fidelity(struct arena *arena, const struct lowered *lowered, struct texts *reasons);

/* Adds a sentence where it is not there yet. */
void reason_add(struct arena *arena, struct texts *reasons, const char *reason);

#endif
