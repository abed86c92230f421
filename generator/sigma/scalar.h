/*
 * scalar: one value of a Sigma rule: what YAML 1.1 makes of it, and Sigma's escapes.
 *
 *   '5'  a text           5, 0x10, 010   numbers: 5, 16, 8        yes, True   a truth
 *   2024-01-01            an error: a date; texts that look like one are quoted
 *   C:\\*.exe  and  C:\*.exe   the first has a wildcard, in the second the star is itself
 */
#ifndef MEWS_SIGMA_SCALAR_H
#define MEWS_SIGMA_SCALAR_H

#include "catalog/yaml.h"

enum scalar_kind { SCALAR_NULL, SCALAR_TEXT, SCALAR_NUMBER, SCALAR_FRACTION, SCALAR_TRUTH };
struct scalar {
	enum scalar_kind kind;
	struct text text; /* NUMBER: canonical decimal; TRUTH: true or false; else as written */
};

/* false: *error is a sentence (a date, a number beyond 64 bits, or no scalar at all). */
bool scalar_read(struct arena *arena, const struct yaml *node, struct scalar *scalar, const char **error);

/* A text with Sigma's wildcards and escapes → a pattern of ours (catalog/pattern.h). */
struct text scalar_pattern(struct arena *arena, struct text text);

#endif
