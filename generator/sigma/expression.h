/*
 * expression: the condition of a Sigma rule over its search identifiers.
 *
 *   selection and not 1 of filter_*      all of them      1 of sel*      any of sel*
 *
 * `not` binds tighter than `and`, that tighter than `or`. `them` and patterns leave out names that begin with `_`, unless
 * the pattern itself does. A name or a pattern that fits nothing is a fault, as is any other number than 1.
 */
#ifndef MEWS_SIGMA_EXPRESSION_H
#define MEWS_SIGMA_EXPRESSION_H

#include "generator/sigma/fault.h"

struct identifiers {
	struct identifier {
		struct text name;
		struct rule_node *node;
	} *items;
	size_t count;
};

/* NULL: a fault was left. */
struct rule_node *expression_parse(struct sigma_reading *reading, const struct identifiers *identifiers, struct text source,
	struct place place);

#endif
