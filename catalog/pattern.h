/*
 * pattern: wildcards. `*` is any run of characters, `?` one character (UTF-8), `\` escapes the next.
 */
#ifndef MEWS_PATTERN_H
#define MEWS_PATTERN_H

#include "catalog/text.h"

/* Linear in the text for each star; no recursion. */
bool pattern_match(struct text pattern, struct text text, bool fold);

/* A pattern cut at its wildcards. "/run/docker.sock:*" → LITERAL "/run/docker.sock:", ANY. */
enum pattern_part_kind { PATTERN_LITERAL, PATTERN_ANY, PATTERN_ONE };
struct pattern_part {
	enum pattern_part_kind kind;
	struct text text; /* of a LITERAL, unescaped */
};
size_t pattern_parts(struct arena *arena, struct text pattern, struct pattern_part **parts);

bool pattern_has_wildcard(struct text pattern);
struct text pattern_unescape(struct arena *arena, struct text pattern); /* of one without wildcards */
struct text pattern_escape(struct arena *arena, struct text literal);   /* literal → pattern */
/* The pattern as an anchored-by-full-match regular expression of our subset. */
struct text pattern_to_regex(struct arena *arena, struct text pattern);

#endif
