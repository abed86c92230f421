/*
 * grid: a table of texts for a terminal, no wider than asked.
 *
 * Columns are as wide as their widest cell. Where the line would be too long, the first one gives way: its texts are cut in
 * their middle; where that does not do, columns that may be left out are, those of the highest rank first. Widths are
 * columns of the terminal (display.h), and nothing that is printed steers it.
 */
#ifndef MEWS_GRID_H
#define MEWS_GRID_H

#include "catalog/text.h"

#include <stdio.h>

enum { GRID_COLUMNS = 24 };

struct grid {
	struct arena *arena;
	const char *heads[GRID_COLUMNS];
	bool left[GRID_COLUMNS]; /* aligned at its left side; else at its right */
	unsigned char rank[GRID_COLUMNS]; /* 0: never left out */
	size_t columns;
	struct grid_row {
		const char *cells[GRID_COLUMNS];
		const char *colour; /* an escape sequence, or NULL */
	} *rows;
	size_t count;
};

void grid_column(struct grid *grid, const char *head, bool left);
void grid_column_ranked(struct grid *grid, const char *head, bool left, unsigned char rank);
struct grid_row *grid_row(struct grid *grid);          /* cells follow by grid_cell */
void grid_cell(struct grid *grid, const char *text);   /* the next free cell of the newest row */
void grid_print(const struct grid *grid, unsigned width, FILE *out);

/* Prints words with line breaks before `width`; blanks at its begin indent the first line, `indent` the others. A word that
 * is longer than a line is broken where the line ends. */
void grid_wrap(struct text text, unsigned width, unsigned indent, FILE *out);

#endif
