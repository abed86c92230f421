/*
 * triggers: how a condition is found without being asked.
 *
 * With thousands of detections most conditions are false on an event for a dull reason: no such word stands in it. So each
 * condition is put under a few words (triggers), one of which must be there wherever it holds. An index
 * (trigger_index.h) finds the words that are there, whatever their number, and only the conditions that stand under them are
 * verified.
 *
 * Which words? For each part of a condition's tree there is a set of triggers such that one of them holds wherever the part does:
 *
 *   predicate   one trigger a literal: equal, starts, ends, contains; of wildcards and regexes the literals that a value
 *               must hold; of numbers a range, of networks the network. Or one: that the field is there.
 *               != and two fields: that the field is there. `f == null`: none
 *   not         the tree's negation is what counts: not (a or not b) is not a and b; of predicates only not f == null has one
 *   or          the union of its children's: none, if one child has none
 *   and         the set of one child, whichever: the cheapest
 *
 * A set costs what its triggers cost together, and a trigger costs what follows if it holds: conditions that are verified
 * in vain. That is measured: all candidate triggers are looked for on a sample of events (engine_calibrate), and one that held
 * on h of n facets costs COST_HIT × h / n, the more the dearer the condition is (hundreds of words), plus a little by its
 * kind and length, which also decides where there is no sample.
 * Words that many conditions ask for are taken for common ones (rules are about what attackers use, and so does
 * everybody else). Worked example:
 *
 *   process where host.os.type == "windows" and event.action == "exec"
 *     and (endswith~(process.executable, "\reg.exe") or process.pe.original_file_name == "reg.exe")
 *     and stringcontains~(process.command_line, "save", "export")
 *     and not startswith~(process.parent.executable, "C:\Program Files\")
 *
 *     host.os.type == "windows"      held on 1,000 of 1,000 sampled events           → 1000.5
 *     event.action == "exec"         true of all events that are asked (plan.h)      → no use
 *     \reg.exe or reg.exe            held on 2 and 2                                 → 2 + 1 + 2 + 0.5 = 5.5    ← taken
 *     save or export                 held on 9 and 4                                 → 9 + 3 + 4 + 3  = 19
 *     not …                          none
 *
 *   so it stands under two triggers: [ends \reg.exe, process.executable] and [equal reg.exe, process.pe.original_file_name].
 *   On 996 of 1,000 events it costs nothing at all.
 *
 * One more thing costs: that words are looked for inside of a field's values at all (trigger_spare.c). What two conditions alone
 * look for in process.working_directory, they may as well do without.
 *
 * Near. A condition is near if at most one answer has to change (evaluate_distance ≤ 1). There are sets for that too:
 *
 *   predicate   that its field is there; of what cannot change (presence, what sort of event it is) what it takes to hold
 *   or          the union of its children's
 *   and         either the near set of one child (each is near, if the whole is), or the sets of two children together
 *               (of two children one holds): the cheapest of these
 *
 *   Of the example: `\reg.exe or reg.exe` and `save or export` together, 24.5.
 */
#ifndef MEWS_TRIGGERS_H
#define MEWS_TRIGGERS_H

#include "replay/engine/asker.h"
#include "replay/engine/outline.h"
#include "replay/engine/trigger_index.h"

/* The triggers of all predicates, each once. */
struct trigger_pool {
	struct arena arena;
	const struct registry *registry;
	struct trigger *items;
	size_t count, capacity;
	struct slots slots; /* indices, by hash */
	struct predicate_triggers *of; /* by predicate */
	size_t predicate_count, predicate_capacity;
};

/* Indices in the pool: one of them holds. */
struct trigger_set {
	const uint32_t *items;
	size_t count;
};

/* Of one predicate. */
struct predicate_triggers {
	/* For each of its literals some sets, each of which holds where a value fits the literal. A predicate that
	 * holds fits one literal, so one set of each literal together make one of the predicate. */
	const struct trigger_set *sets;
	const uint32_t *first;    /* [literal_count + 1]: where a literal's sets begin */
	size_t literal_count;     /* 0: nothing is known of what a value must hold */
	bool exact;               /* the predicate holds wherever one of these triggers does */
	uint32_t exists;          /* that the field is there; NO_TRIGGER: it need not be */
	uint32_t other;           /* the same of its other field */
};
#define NO_TRIGGER UINT32_MAX

void trigger_pool_free(struct trigger_pool *pool);
/* Adds those of the predicates that have none yet. */
void trigger_pool_extend(struct trigger_pool *pool, const struct registry *registry, const struct predicates *predicates);

/* What the triggers cost to the conditions of a partition, and room for choosing. */
struct trigger_choice {
	const struct trigger_pool *pool;
	const struct predicates *predicates;
	const unsigned char *known; /* by predicate, of all facets that will be asked: 0: it may be either, 1: it holds, 2: it does
				     * not; NULL: nothing is known */
	double *costs;      /* by trigger: what looking for it costs */
	double *shares;     /* by trigger: COST_HIT, if it always holds */
	double weight;      /* of the condition at hand: how dear verifying it is */
	uint32_t *uses;     /* by trigger: conditions that have it as a candidate */
	uint32_t *noted;    /* by trigger: the condition that was counted for it last */
	uint32_t conditions;
	bool sampled;       /* costs were set by a sample */
};

void choice_begin(struct trigger_choice *choice, const struct trigger_pool *pool, const struct predicates *predicates,
	const unsigned char *known);
void choice_end(struct trigger_choice *choice);
/* First every condition's candidates are counted, then costs are set, then each condition chooses. */
void choice_count(struct trigger_choice *choice, const struct outline *root);
/* What a sample of facets says: on how many of them each trigger held, of the first `count` of the pool. */
struct trigger_sample {
	const uint32_t *hits; /* NULL: there is no sample */
	size_t count;
	uint32_t facets;
};
void choice_set_costs(struct trigger_choice *choice, const struct trigger_sample *sample);

/* Indices in the pool, rising; `always`: there is no set, so the condition must be asked of every facet. */
struct chosen {
	uint32_t *triggers; /* malloc'd, and used again: start with zeroes */
	size_t count, capacity;
	bool always;
	uint32_t *exact; /* predicates that hold if, and only if, one of the triggers does that stand for them here */
	size_t exact_count, exact_capacity;
};
enum choice_for { CHOICE_HOLDS, CHOICE_NEAR };
void choice_take(struct trigger_choice *choice, const struct outline *root, enum choice_for purpose, struct chosen *chosen);
void chosen_free(struct chosen *chosen);
/* What the set costs that choice_take takes for CHOICE_HOLDS; infinity: there is none. */
double choice_cost(struct trigger_choice *choice, const struct outline *root);

/* Looking through a field for words of one width is one pass over its values, however few they are. Where only some conditions
 * want it and other triggers of theirs cost little more, they take those instead. Chooses again for them. */
void choice_spare(struct trigger_choice *choice, const struct outline *const *roots, size_t count, struct chosen *chosen);

#endif
