/*
 * quote: texts as Sigma rules read them.
 *
 * In a plain value `*` and `?` are wildcards and `\` escapes them; a backslash of the text is written twice, which
 * every Sigma parser reads as one. A regular expression is searched for, so it is anchored here, and knows no
 * Sigma escapes. All of it then stands in YAML quotes.
 */
#ifndef MEWS_SIGMA_QUOTE_H
#define MEWS_SIGMA_QUOTE_H

#include "catalog/text.h"

void sigma_literal(struct buffer *out, struct text literal);
/* A wildcard pattern of ours. */
void sigma_pattern(struct arena *arena, struct buffer *out, struct text pattern);
/* An expression of the whole value, anchored: ".*a.*" is a, "a" is ^a$. */
void sigma_regex(struct buffer *out, struct text regex);
/* In single quotes; in double ones where it holds control characters. */
void sigma_yaml(struct buffer *out, struct text text);

#endif
