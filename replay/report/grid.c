/* grid: a table of texts for a terminal (see grid.h). */
#include "replay/report/grid.h"

#include <string.h>

enum { FIRST_LEAST = 12 };

void grid_column(struct grid *grid, const char *head, bool left)
{
	grid->heads[grid->columns] = head;
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

static size_t characters(const char *text)
{
	size_t count = 0, left = strlen(text);
	while (left) {
		size_t step = utf8_step(text, left);
		text += step;
		left -= step;
		count++;
	}
	return count;
}

/* Bytes of the first `count` characters. */
static size_t bytes_of(const char *text, size_t count)
{
	size_t at = 0, length = strlen(text);
	while (count-- && at < length)
		at += utf8_step(text + at, length - at);
	return at;
}

static void print_cut(const char *text, size_t width, bool left, bool last, FILE *out)
{
	size_t count = characters(text);
	size_t pad = count < width ? width - count : 0;
	if (!left)
		fprintf(out, "%*s", (int)pad, "");
	if (count <= width) {
		fputs(text, out);
	} else {
		size_t head = width / 2, tail = width - head - 1;
		fwrite(text, 1, bytes_of(text, head), out);
		fputs("…", out);
		fputs(text + bytes_of(text, count - tail), out);
	}
	if (left && !last)
		fprintf(out, "%*s", (int)pad, "");
}

struct layout {
	size_t widths[GRID_COLUMNS];
	int gap;
};

static void print_row(const struct grid *grid, const struct layout *layout, const char *const *cells, FILE *out)
{
	for (size_t i = 0; i < grid->columns; i++) {
		if (i)
			fprintf(out, "%*s", layout->gap, "");
		print_cut(cells[i] ? cells[i] : "", layout->widths[i], grid->left[i], i + 1 == grid->columns, out);
	}
}

/* Two blanks between columns where there is room, else one; what then is too long, the first one loses. */
static void lay_out(const struct grid *grid, unsigned width, struct layout *layout)
{
	size_t all = 0, gaps = grid->columns - 1;
	for (size_t i = 0; i < grid->columns; i++) {
		size_t widest = characters(grid->heads[i]);
		for (size_t k = 0; k < grid->count; k++) {
			const char *cell = grid->rows[k].cells[i];
			size_t here = cell ? characters(cell) : 0;
			widest = here > widest ? here : widest;
		}
		layout->widths[i] = widest;
		all += widest;
	}
	layout->gap = all + 2 * gaps <= width ? 2 : 1;
	all += (size_t)layout->gap * gaps;
	if (all <= width)
		return;
	size_t over = all - width, *first = &layout->widths[0];
	*first = *first > over + FIRST_LEAST ? *first - over : FIRST_LEAST;
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

void grid_wrap(struct text text, unsigned width, unsigned indent, FILE *out)
{
	size_t at = 0;
	for (; text.length && text.data[0] == ' '; text = text_slice(text, 1, text.length), at++)
		fputc(' ', out);
	bool fresh = true;
	while (text.length) {
		struct text word = text_slice(text, 0, text_find(text, ' '));
		text = text_slice(text, word.length + (word.length < text.length), text.length);
		size_t length = 0;
		for (size_t i = 0; i < word.length; i += utf8_step(word.data + i, word.length - i))
			length++;
		if (!fresh && at + 1 + length > width) {
			fprintf(out, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!fresh) {
			fputc(' ', out);
			at++;
		}
		fwrite(word.data, 1, word.length, out);
		at += length;
		fresh = false;
	}
	fputc('\n', out);
}
