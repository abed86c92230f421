/*
 * csv_row: libcsv, and a short way for simple lines. See csv_row.h.
 */
#include "replay/readers/csv_row.h"

#include <stdlib.h>
#include <string.h>

static void forget_parser(struct csv_row *row)
{
	if (row->made)
		csv_free(&row->parser);
	row->made = false;
}

void csv_row_begin(struct csv_row *row)
{
	if (row->open || row->why)
		forget_parser(row); /* it stands in the middle of a row */
	buffer_clear(&row->parsed);
	row->count = 0;
	row->open = row->ended = false;
	row->why = NULL;
}

void csv_row_free(struct csv_row *row)
{
	forget_parser(row);
	json_bits_free(&row->bits);
	buffer_free(&row->parsed);
	free(row->fields);
}

static void add_field(struct csv_row *row, size_t from, size_t to)
{
	if (row->count == row->capacity && row->count < CSV_FIELDS_MAX) {
		row->capacity = row->capacity ? row->capacity * 2 : 64;
		row->fields = mem_resize(row->fields, row->capacity * sizeof *row->fields);
	}
	if (row->count < CSV_FIELDS_MAX)
		row->fields[row->count] = (struct csv_field){(uint32_t)from, (uint32_t)to};
	row->count++;
}

/* --- by libcsv --- */

static void take_field(void *data, size_t length, void *context)
{
	struct csv_row *row = context;
	size_t from = row->parsed.length;
	buffer_text(&row->parsed, (struct text){data ? data : "", length});
	add_field(row, from, from + length);
}

static void take_end(int byte, void *context)
{
	struct csv_row *row = context;
	(void)byte;
	row->ended = true;
}

static int no_space(unsigned char byte)
{
	(void)byte;
	return 0;
}

static int ends_line(unsigned char byte)
{
	return byte == '\n';
}

static enum csv_verdict broken(struct csv_row *row, const char *why)
{
	row->why = why;
	return CSV_ROW_BROKEN;
}

static enum csv_verdict parse_line(struct csv_row *row, struct text line)
{
	if (!row->made && csv_init(&row->parser, CSV_STRICT | CSV_STRICT_FINI))
		return broken(row, "libcsv cannot start");
	if (!row->made) {
		csv_set_space_func(&row->parser, no_space);
		csv_set_term_func(&row->parser, ends_line);
		csv_set_delim(&row->parser, (unsigned char)row->separator);
		row->made = true;
	}
	size_t fed = line.length ? csv_parse(&row->parser, line.data, line.length, take_field, take_end, row) : 0;
	if (fed != line.length || csv_parse(&row->parser, "\n", 1, take_field, take_end, row) != 1)
		return broken(row, csv_error(&row->parser) == CSV_EPARSE
				? "a quote stands inside a value that does not begin with one, or text behind the quote that ends a value"
				: csv_strerror(csv_error(&row->parser)));
	row->open = !row->ended;
	row->text = buffer_view(&row->parsed);
	return row->open ? CSV_ROW_OPEN : CSV_ROW_WHOLE;
}

/* --- without it --- */

/* The marks of a line, one after the other. */
struct marks {
	const struct json_bits *bits;
	size_t base;   /* where the line begins */
	size_t word;
	uint64_t left; /* of the word */
};

/* The next mark's position in the line, or one behind it. */
static inline size_t next_mark(struct marks *marks)
{
	while (!marks->left) {
		if (++marks->word >= marks->bits->words)
			return SIZE_MAX;
		marks->left = marks->bits->marks[marks->word];
	}
	size_t at = marks->word * 64 + (size_t)__builtin_ctzll(marks->left) - marks->base;
	marks->left &= marks->left - 1;
	return at;
}

/* Fields without a quote, and such as stand whole between two; false: a quote that is libcsv's to judge. */
static bool cut_line(struct csv_row *row, struct text line, struct marks marks)
{
	for (size_t at = 0;;) {
		size_t mark = next_mark(&marks);
		if (mark >= line.length) {
			add_field(row, at, line.length);
			return true;
		}
		if (line.data[mark] != '"') {
			add_field(row, at, mark);
			at = mark + 1;
			continue;
		}
		if (mark != at)
			return false;
		while ((mark = next_mark(&marks)) < line.length && line.data[mark] != '"')
			;
		if (mark >= line.length)
			return false; /* it goes on in the next line */
		add_field(row, at + 1, mark);
		if (mark + 1 == line.length)
			return true;
		at = mark + 2;
		if (next_mark(&marks) != mark + 1 || line.data[mark + 1] == '"')
			return false; /* text stands behind it, or it is doubled */
	}
}

static enum csv_verdict add_line(struct csv_row *row, struct text line, const struct json_bits *bits, size_t base)
{
	struct marks marks = {bits, base, base / 64, bits->marks[base / 64] & (UINT64_MAX << base % 64)};
	row->text = line;
	if (cut_line(row, line, marks))
		return CSV_ROW_WHOLE;
	row->count = 0;
	return parse_line(row, line);
}

enum csv_verdict csv_row_add(struct csv_row *row, struct text line)
{
	if (row->open)
		return parse_line(row, line);
	json_bits_mark(&row->bits, line, row->separator, NULL);
	return add_line(row, line, &row->bits, 0);
}

enum csv_verdict csv_row_add_line(struct csv_row *row, const struct json_lines *lines)
{
	struct text line = json_lines_text(lines);
	return row->open ? parse_line(row, line) : add_line(row, line, &lines->bits, lines->from);
}

struct text csv_row_field(const struct csv_row *row, size_t field)
{
	return text_slice(row->text, row->fields[field].from, row->fields[field].to);
}
