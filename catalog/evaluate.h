/*
 * evaluate: the plain evaluator, the oracle that every other engine is measured against.
 *
 * Two-valued. A predicate on a missing field is false, != and `not in` included; `not` is negation.
 * A predicate on several values holds if it holds for one of them (!= : for none of them equal). One that compares
 * two fields is false where either is missing.
 *
 * A sequence asks several events (catalog/sequence.h evaluates it). Of one facet: evaluate_condition is false;
 * evaluate_possible and evaluate_distance ask the last step, the one at whose event an alert would sit (of a sample:
 * any step).
 */
#ifndef MEWS_EVALUATE_H
#define MEWS_EVALUATE_H

#include "catalog/condition.h"

/* Room that evaluation needs (PCRE2 match data); one per thread. NULL is never returned. */
struct evaluator;
struct evaluator *evaluator_new(void);
void evaluator_free(struct evaluator *evaluator);
/* Regex matches that hit the match limit since it was made: they count as no match, and are reported. */
size_t evaluator_limited(const struct evaluator *evaluator);
/* Predicates asked since it was made: what evaluation costs, on whatever machine. */
uint64_t evaluator_asked(const struct evaluator *evaluator);
/* Does the whole text match an expression that is known only as text (of a rule that was read back)? It is compiled
 * once and kept. What is no expression of the subset matches nothing. */
bool evaluate_regex(struct evaluator *evaluator, struct text pattern, bool fold, struct text text);

bool evaluate_predicate(struct evaluator *e, const struct predicate *predicate, const struct facet *facet);
bool evaluate_node(struct evaluator *e, const struct node *node, const struct facet *facet);
/* Category, outcome rule and tree. */
bool evaluate_condition(struct evaluator *e, const struct condition *condition, const struct facet *facet);

/* Could the tree be true, and could it be false, with this facet's category, action and the presence
 * of its fields as they are, and all other values free? (DESIGN section 8, "in scope") What sort of event
 * it is stays: event.type and event.outcome are fixed too. Predicates are taken as independent of each
 * other, so what can be is never denied, but x == 1 and x == 2 counts as possible. */
struct possible {
	bool can_be_true, can_be_false;
};
struct possible evaluate_possible(struct evaluator *e, const struct condition *condition, const struct facet *facet);

/* The least number of predicates whose answer would have to change for the tree to hold; 0: it holds.
 * SIZE_MAX: no change of values would do it (event fields are fixed). */
size_t evaluate_distance(struct evaluator *e, const struct condition *condition, const struct facet *facet);

/* The same walk, written down: one line a node, indented, with what each predicate saw.
 *   and                                     no
 *     event.action in ("create", "run")     yes   run
 *     container.mounts like "/etc:*:rw"     no    /srv:/data:rw                                    */
struct explained {
	const struct node *node;
	unsigned depth;
	bool holds;
	struct values seen; /* of a predicate; items NULL: the field is missing */
	struct values other; /* of the predicate's other field, where it has one */
};
size_t evaluate_explain(struct evaluator *e, struct arena *arena, const struct node *node, const struct facet *facet,
	struct explained **lines);

#endif
