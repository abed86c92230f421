/*
 * modifier: one item of a Sigma selection, `field|modifier|modifier: value(s)`, as tests.
 *
 *   Image|endswith: [/nc, /ncat]        ENDS Image, fold: /nc or /ncat
 *   CommandLine|contains|all: [a, b]    CONTAINS a and CONTAINS b
 *   User: null                          not PRESENT User
 *   |all: [a, 'b*c']                    keywords: the empty name CONTAINS a and is LIKE *b*c*
 *
 * A text is compared without regard to case, unless `cased` stands there; an expression of `re` with regard to it, unless
 * `i` does. An empty text stays EQUAL "": whether that is a missing value is for the user of the tree to say. `contains`
 * and so on of an empty text, and the value *, are PRESENT: they hold for whatever is there.
 */
#ifndef MEWS_SIGMA_MODIFIER_H
#define MEWS_SIGMA_MODIFIER_H

#include "generator/sigma/fault.h"

/* NULL: a fault was left. An empty key: keywords. */
struct rule_node *modifier_item(struct sigma_reading *reading, struct text key, struct place place, const struct yaml *value);

#endif
