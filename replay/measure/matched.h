/*
 * matched: the fields by which a condition holds, for people: `container.mounts=/run/docker.sock:/x:rw user.name=ci`.
 *
 * Only those that speak for the match: predicates under a negation and branches that do not hold are left out, and so is
 * what sort of event it is. Long values are cut.
 */
#ifndef MEWS_MATCHED_H
#define MEWS_MATCHED_H

#include "catalog/evaluate.h"

/* Adds the fields of one facet that are not there yet. */
void matched_fields(struct buffer *out, struct evaluator *evaluator, const struct condition *condition,
	const struct facet *facet);

#endif
