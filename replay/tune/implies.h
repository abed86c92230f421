/*
 * implies: does one condition hold wherever another does? Asked of events made for the purpose (catalog/made.h).
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

/* false, too, where no event could be made that `narrow` holds on (*asked is 0 then). */
bool condition_implies(const struct catalog *catalog, struct evaluator *evaluator, const struct condition *narrow,
	const struct condition *wide, size_t *asked);

#endif
