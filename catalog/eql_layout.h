/*
 * eql_layout: a condition's source in its canonical spelling and layout, names of lists and macros kept.
 *
 *   struct eql_lines lines;
 *   if (eql_layout(&arena, source, 120, &lines))   -- false: it holds comments, or is no EQL: leave it as it is
 *
 * Words are as they were, with one blank between them and none inside parentheses; strings are spelt as condition_print
 * spells them ("…", or """…""" where backslashes or quotes would need escapes). Line breaks are the writer's where they stand
 * before `and`, `or`, a step or `until`, behind `(`, `,` or `where` (one behind `and` or `or` goes before it); others go.
 * A line that is longer than the width is broken at the outermost of those places. Further lines are indented by two blanks,
 * and two more for each parenthesis that is open.
 */
#ifndef MEWS_EQL_LAYOUT_H
#define MEWS_EQL_LAYOUT_H

#include "catalog/text.h"

struct eql_lines {
	struct text *items;
	size_t count;
};

bool eql_layout(struct arena *arena, struct text source, size_t width, struct eql_lines *lines);
/* Are the two the same words, whatever the blanks and the spelling of strings between them? Then they mean the same. */
bool eql_same_words(struct arena *arena, struct text one, struct text other);

#endif
