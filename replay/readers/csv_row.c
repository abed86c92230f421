/*
 * csv_row: libcsv, and a short way for lines without a quote. See csv_row.h.
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

/* --- without a quote --- */

static enum csv_verdict cut_line(struct csv_row *row, struct text line)
{
	size_t from = 0;
	for (size_t word = 0; word < row->bits.words; word++)
		for (uint64_t marks = row->bits.slashes[word]; marks; marks &= marks - 1) {
			size_t at = word * 64 + (size_t)__builtin_ctzll(marks);
			add_field(row, from, at);
			from = at + 1;
		}
	add_field(row, from, line.length);
	row->text = line;
	return CSV_ROW_WHOLE;
}

enum csv_verdict csv_row_add(struct csv_row *row, struct text line)
{
	if (row->open)
		return parse_line(row, line);
	json_bits_mark(&row->bits, line, row->separator);
	return row->bits.quote ? parse_line(row, line) : cut_line(row, line);
}

struct text csv_row_field(const struct csv_row *row, size_t field)
{
	return text_slice(row->text, row->fields[field].from, row->fields[field].to);
}
