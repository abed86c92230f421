/*
 * mutants: the blind spot that a proposal opens: what it hides beside false positives, and how little an attacker has to
 * imitate to be hidden by it.
 *
 *   struct mutants *mutants = mutants_new(proposals, catalog, evaluator);
 *   …a pass: mutants_see for each match…
 *   mutants_judge(mutants);
 *   proposals->items[i].hidden_recorded, .mutants, .mutants_hidden, .imitation, .imitation_note, .hidden[]
 *
 * Recorded events: alerts that are no false positives (risky, unknown, unattributed), and matches that do not alert today
 * since their detection is disabled or below the organization's minimum.
 *
 * Mutants: each labelled attack event that the detections match is moved into what the exception allows, as an attacker
 * would who mimics the normal cause: the values of the fields that the exception names are taken from recorded false
 * positives, one field alone, then two, and so on. Fields that tell the same thing (a program's path and its name) change
 * together. A mutant counts only if the detection still matches: else the attack is gone, not hidden. What a smaller
 * change hides is not tried with a larger one. The fewest changes that hide an attack are the imitation distance.
 */
#ifndef MEWS_MUTANTS_H
#define MEWS_MUTANTS_H

#include "replay/tune/tune.h"

struct mutants;

struct mutants *mutants_new(struct proposals *proposals, const struct catalog *catalog, struct evaluator *evaluator);
void mutants_free(struct mutants *mutants); /* NULL is fine */
/* `event`: whole; `holds[i]`: proposal i excepts it. */
void mutants_see(struct mutants *mutants, const struct observed_match *match, const struct event *event, const bool *holds);
/* Fills the proposals; what it adds lives in their arena. */
void mutants_judge(struct mutants *mutants);

#endif
