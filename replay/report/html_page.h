/*
 * html_page: what every page of ours is made of: head and foot, escaping, tables, rates, prose with glossary links.
 *
 * The page needs nothing from anywhere else: its policy (CSP) allows its own style and script by their hashes and no
 * request, and no attribute is a style or a script. It reads whole without its script, which only sorts, filters,
 * copies and switches colours. All text from data goes through html_text.
 */
#ifndef MEWS_HTML_PAGE_H
#define MEWS_HTML_PAGE_H

#include "replay/measure/results.h"

#include <stdio.h>

/* Pieces that make the whole when they are put behind one another; each list ends with NULL. */
extern const char *const html_style[];
extern const char *const html_script[];

void html_head(FILE *out, const char *title); /* up to <body> */
void html_foot(FILE *out);

/* Escaped, for content and for attributes in quotes. Bytes that are no UTF-8 and characters that HTML does not allow become
 * U+FFFD; control characters are shown as their pictures (␛), and what turns or hides text (bidirectional controls,
 * zero-width blanks) as ⟨U+202E⟩: a name must not look like another one. */
void html_text(FILE *out, struct text text);
void html_string(FILE *out, const char *string);
/* At most `most` characters of it, and … for the rest. */
void html_cut(FILE *out, struct text text, size_t most);
/* Our own words, never data: [recall] and [alert groups|group] are links into the glossary, `words` are code. */
void html_prose(FILE *out, const char *prose);

/* A table that scrolls by itself, and is sorted and filtered where its class says so. */
struct html_column {
	const char *head;
	bool number; /* stands at the right */
};
/* `id` is the table's; its caption says what it is. The columns end with head NULL. */
void html_table(FILE *out, const char *id, const char *class_name, const char *caption, const struct html_column *columns);
void html_table_end(FILE *out);
/* The pieces of it, for tables with columns from data. */
void html_table_begin(FILE *out, const char *id, const char *class_name, const char *caption);
void html_column(FILE *out, const char *head, bool number);
void html_table_body(FILE *out);

/* A cell as data: written at once, or packed for the script (html_pack.h). */
struct html_cell {
	bool head;              /* of its row */
	const char *class_name; /* NULL: none */
	struct text words;
	size_t most;            /* characters of the words that are shown; 0: all */
	const char *small;      /* less important words behind them; NULL: none */
	const char *bar;        /* from, to and mark in per cent of its width: "29 100 99"; NULL: none */
};
void html_put_cell(FILE *out, const struct html_cell *cell);
struct html_cell html_count_cell(struct arena *arena, uint64_t count, const char *class_name);

/* Cells. */
void html_cell(FILE *out, struct text text);
void html_count(FILE *out, struct arena *arena, uint64_t count, const char *class_name); /* the class where it is not 0 */
enum bar_scale { BAR_LINEAR, BAR_LOG }; /* 0 to 1; 10^-5 to 1 */
struct html_cell html_rate_cell(struct arena *arena, const struct rate *rate, enum bar_scale scale);
void html_rate(FILE *out, struct arena *arena, const struct rate *rate, enum bar_scale scale);
/* The same without a cell around it. */
void html_rate_words(FILE *out, struct arena *arena, const struct rate *rate, enum bar_scale scale);

#endif
