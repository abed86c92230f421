/*
 * selection: a search identifier of a Sigma detection as a tree.
 *
 *   {Image: a, User: [b, c]}   a map: all of its items        [{…}, {…}]   a list of maps: one of them
 *   [one, two]                 keywords: one of them          one          a keyword
 */
#ifndef MEWS_SIGMA_SELECTION_H
#define MEWS_SIGMA_SELECTION_H

#include "generator/sigma/expression.h"

/* NULL: a fault was left. */
struct rule_node *selection_read(struct sigma_reading *reading, const struct yaml *definition);

/* Every identifier of `detection` but those named in `skip` (ends with NULL). false: a fault was left. */
bool selection_read_all(struct sigma_reading *reading, const struct yaml *detection, const char *const *skip,
	struct identifiers *identifiers);

#endif
