/*
 * implies: does one condition hold wherever another does? An event that the one holds on and the other does not is looked
 * for (catalog/made.h), and then all events that are made for the one are asked of the other.
 *
 *   size_t asked;
 *   if (condition_implies(catalog, evaluator, narrow, wide, &asked))   on all `asked` events that `narrow` holds on
 *
 * "Yes" is what these events say, not a proof; "no" has a counterexample.
 */
#ifndef MEWS_IMPLIES_H
#define MEWS_IMPLIES_H

#include "catalog/catalog.h"
#include "catalog/evaluate.h"

/* false, too, where no event could be made that `narrow` holds on. *asked is 0 where a counterexample was found at once. */
bool condition_implies(const struct catalog *catalog, struct evaluator *evaluator, const struct condition *narrow,
	const struct condition *wide, size_t *asked);

#endif
