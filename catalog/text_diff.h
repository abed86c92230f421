/*
 * text_diff: which lines two texts share, and the rest as a unified diff that `patch` applies.
 *
 *   struct text_diff diff = text_diff(&arena, before, after);
 *   if (diff.removed + diff.added > 0) {
 *   	struct text_diff_style style = {.before = "a/acme.yaml", .after = "b/acme.yaml", .context = 3};
 *   	text_diff_print(&diff, &style, &buffer);
 *   }
 *   for (size_t i = 0; i < diff.count; i++)          or look at the lines themselves
 *   	if (diff.lines[i].kind == DIFF_ADDED) …
 *
 * The result is a shortest script (Myers); where thousands of lines differ it may be longer, never wrong: what is kept
 * and removed is the old text, what is kept and added is the new one. In a change removed lines stand before added ones.
 * A line ends at LF; a CR before it is part of the line. The list lies in the arena and points into the two texts.
 * Nothing can fail.
 */
#ifndef MEWS_TEXT_DIFF_H
#define MEWS_TEXT_DIFF_H

#include "catalog/text.h"

enum diff_kind { DIFF_KEPT, DIFF_REMOVED, DIFF_ADDED };

struct diff_line {
	enum diff_kind kind;
	bool open;              /* the last line of its text, which does not end in LF */
	struct text text;       /* without its LF */
	size_t before, after;   /* its number in the old and the new text, from 1; 0: it is not there */
};

struct text_diff {
	const struct diff_line *lines;
	size_t count, kept, removed, added;
};

struct text_diff text_diff(struct arena *arena, struct text before, struct text after);
/* The same of lists: each item is a line, whatever it holds. */
struct text_diff text_diff_lines(struct arena *arena, const struct text *before, size_t before_count,
	const struct text *after, size_t after_count);

struct text_diff_style {
	const char *before, *after; /* names for --- and +++; NULL: no such head */
	size_t context;             /* kept lines around each change; SIZE_MAX: all of them */
	bool colour;                /* escape sequences: for a terminal, where the user has nothing against it */
	bool safe;                  /* control characters and what is no UTF-8 as `?`: for a terminal; no patch any more */
};

/* Adds nothing where nothing differs. */
void text_diff_print(const struct text_diff *diff, const struct text_diff_style *style, struct buffer *out);

#endif
