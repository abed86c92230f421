/* grid: a table of texts for a terminal (see grid.h). */
#include "replay/report/grid.h"
#include "replay/report/display.h"

#include <string.h>

/* The first column keeps this share of the line before others are left out; and so many columns where none are left. */
enum { FIRST_TENTHS = 3, FIRST_LEAST = 4 };

void grid_column(struct grid *grid, const char *head, bool left)
{
	grid_column_ranked(grid, head, left, 0);
}

void grid_column_ranked(struct grid *grid, const char *head, bool left, unsigned char rank)
{
	grid->heads[grid->columns] = head;
	grid->rank[grid->columns] = rank;
	grid->left[grid->columns++] = left;
}

struct grid_row *grid_row(struct grid *grid)
{
	grid->rows = arena_grow(grid->arena, grid->rows, grid->count, sizeof *grid->rows);
	struct grid_row *row = &grid->rows[grid->count++];
	memset(row, 0, sizeof *row);
	return row;
}

void grid_cell(struct grid *grid, const char *text)
{
	struct grid_row *row = &grid->rows[grid->count - 1];
	size_t at = 0;
	while (at < grid->columns && row->cells[at])
		at++;
	if (at < grid->columns)
		row->cells[at] = text;
}

static void blanks(size_t count, FILE *out)
{
	while (count--)
		fputc(' ', out);
}

static void print_cut(struct text text, size_t width, bool left, bool last, FILE *out)
{
	size_t columns = display_width(text), taken = columns;
	if (columns > width) {
		size_t head = display_head(text, width / 2), tail = display_tail(text, width - width / 2 - 1);
		struct text first = text_slice(text, 0, head), end = text_slice(text, text.length - tail, text.length);
		taken = display_width(first) + 1 + display_width(end);
		if (!left)
			blanks(width - taken, out);
		display_put(first, out);
		fputs("…", out);
		display_put(end, out);
	} else {
		if (!left)
			blanks(width - taken, out);
		display_put(text, out);
	}
	if (left && !last)
		blanks(width - taken, out);
}

struct layout {
	size_t widths[GRID_COLUMNS];
	bool out[GRID_COLUMNS]; /* left out */
	size_t gap, last;
};

static void print_row(const struct grid *grid, const struct layout *layout, const char *const *cells, FILE *out)
{
	for (size_t i = 0; i < grid->columns; i++) {
		if (layout->out[i])
			continue;
		blanks(i ? layout->gap : 0, out);
		print_cut(text_of(cells[i] ? cells[i] : ""), layout->widths[i], grid->left[i], i == layout->last, out);
	}
}

/* Columns of the line, with gaps of that width. */
static size_t line_width(const struct grid *grid, const struct layout *layout, size_t gap)
{
	size_t all = 0;
	for (size_t i = 0; i < grid->columns; i++)
		if (!layout->out[i])
			all += layout->widths[i] + (i ? gap : 0);
	return all;
}

/* The column that goes next; 0: none may. */
static size_t dispensable(const struct grid *grid, const struct layout *layout)
{
	size_t found = 0;
	for (size_t i = 1; i < grid->columns; i++)
		if (!layout->out[i] && grid->rank[i] > (found ? grid->rank[found] : 0))
			found = i;
	return found;
}

static void measure(const struct grid *grid, struct layout *layout)
{
	for (size_t i = 0; i < grid->columns; i++) {
		layout->widths[i] = display_width(text_of(grid->heads[i]));
		for (size_t k = 0; k < grid->count; k++) {
			const char *cell = grid->rows[k].cells[i];
			size_t here = cell ? display_width(text_of(cell)) : 0;
			layout->widths[i] = here > layout->widths[i] ? here : layout->widths[i];
		}
	}
}

/* Two blanks between columns where there is room, else one; what then is too long, the first one loses. */
static void lay_out(const struct grid *grid, unsigned width, struct layout *layout)
{
	*layout = (struct layout){.gap = 2};
	measure(grid, layout);
	size_t share = width * FIRST_TENTHS / 10, wanted = layout->widths[0] < share ? layout->widths[0] : share;
	if (line_width(grid, layout, 2) > width)
		layout->gap = 1;
	size_t all = line_width(grid, layout, layout->gap), next;
	while (all - layout->widths[0] + wanted > width && (next = dispensable(grid, layout)) != 0) {
		layout->out[next] = true;
		all = line_width(grid, layout, layout->gap);
	}
	if (all > width) {
		size_t over = all - width;
		layout->widths[0] = layout->widths[0] > over + FIRST_LEAST ? layout->widths[0] - over : FIRST_LEAST;
	}
	for (size_t i = 0; i < grid->columns; i++)
		if (!layout->out[i])
			layout->last = i;
}

void grid_print(const struct grid *grid, unsigned width, FILE *out)
{
	struct layout layout;
	lay_out(grid, width, &layout);
	print_row(grid, &layout, grid->heads, out);
	fputc('\n', out);
	for (size_t i = 0; i < grid->count; i++) {
		const struct grid_row *row = &grid->rows[i];
		if (row->colour)
			fputs(row->colour, out);
		print_row(grid, &layout, row->cells, out);
		fputs(row->colour ? "\033[0m\n" : "\n", out);
	}
}

/* A word that no line has room for. Returns the column after it. */
static size_t break_word(struct text word, size_t at, unsigned width, unsigned indent, FILE *out)
{
	while (word.length) {
		size_t head = display_head(word, at < width ? width - at : 0);
		if (!head && at <= indent)
			head = utf8_step(word.data, word.length);
		display_put(text_slice(word, 0, head), out);
		at += display_width(text_slice(word, 0, head));
		word = text_slice(word, head, word.length);
		if (word.length) {
			fputc('\n', out);
			blanks(indent, out);
			at = indent;
		}
	}
	return at;
}

void grid_wrap(struct text text, unsigned width, unsigned indent, FILE *out)
{
	size_t at = 0;
	for (; text.length && text.data[0] == ' '; text = text_slice(text, 1, text.length), at++)
		fputc(' ', out);
	bool fresh = true;
	while (text.length) {
		struct text word = text_slice(text, 0, text_find(text, ' '));
		text = text_slice(text, word.length + (word.length < text.length), text.length);
		size_t length = display_width(word);
		if (!fresh && at + 1 + length > width) {
			fputc('\n', out);
			blanks(indent, out);
			at = indent;
		} else if (!fresh) {
			fputc(' ', out);
			at++;
		}
		at = break_word(word, at, width, indent, out);
		fresh = false;
	}
	fputc('\n', out);
}
