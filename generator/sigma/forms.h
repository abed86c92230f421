/*
 * forms: a tree of tests in the forms that a Sigma map has for them.
 *
 *   CommandLine LIKE "*a*b*"     CONTAINS 'a*b'        modifiers instead of wildcards at the ends
 *   Image LIKE ("*x", "y*")      ENDS 'x' or STARTS 'y'
 *   Image LIKE "*"               PRESENT               written exists
 *   Name EQUAL "5*3"             REGEX 5\*3, fold      an escaped wildcard, a control character, or what YAML or a
 *                                                      backend takes for a number, is misread too easily
 *   keywords EQUAL "x"           REGEX x               a keyword is looked for anywhere
 *
 * Of EQUAL, STARTS, ENDS and CONTAINS the values are Sigma's then: `*` and `?` are wildcards, a backslash stands twice.
 * LIKE is gone. Values of EQUAL that are plain decimal numbers are to be written without quotes.
 */
#ifndef MEWS_SIGMA_FORMS_H
#define MEWS_SIGMA_FORMS_H

#include "generator/rule.h"

/* The raw name that stands for the whole record: tests of it are keywords. */
#define SIGMA_KEYWORDS "keywords"

struct rule_node *sigma_forms(struct arena *arena, const struct rule_node *node);
bool sigma_keyword(const struct rule_test *test);
/* 5, -3, but not 05, +5 or 5_000: what every YAML reader takes for the same number. */
bool sigma_number(struct text text);

#endif
