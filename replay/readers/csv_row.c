/*
 * csv_row: from mark to mark. See csv_row.h.
 */
#include "replay/readers/csv_row.h"

#include <stdlib.h>
#include <string.h>

void csv_row_begin(struct csv_row *row)
{
	buffer_clear(&row->joined);
	row->count = 0;
	row->open = row->doubled = false;
	row->why = NULL;
}

void csv_row_free(struct csv_row *row)
{
	json_bits_free(&row->bits);
	buffer_free(&row->joined);
	free(row->fields);
}

static void add_field(struct csv_row *row, size_t from, size_t to, bool doubled)
{
	if (row->count == row->capacity && row->count < CSV_FIELDS_MAX) {
		row->capacity = row->capacity ? row->capacity * 2 : 64;
		row->fields = mem_resize(row->fields, row->capacity * sizeof *row->fields);
	}
	if (row->count < CSV_FIELDS_MAX)
		row->fields[row->count] = (struct csv_field){(uint32_t)from, (uint32_t)to, doubled};
	row->count++;
}

/* The first mark from `at` on, or `length`. */
static inline size_t next_mark(const uint64_t *marks, const struct json_bits *bits, size_t at, size_t length)
{
	size_t word = at / 64;
	if (at >= length)
		return length;
	uint64_t left = marks[word] & (UINT64_MAX << (at % 64));
	while (!left) {
		if (++word >= bits->words)
			return length;
		left = marks[word];
	}
	return word * 64 + (size_t)__builtin_ctzll(left);
}

static enum csv_verdict broken(struct csv_row *row, const char *why)
{
	row->why = why;
	return CSV_ROW_BROKEN;
}

/* Goes on within a quoted field from `at`. True: it ended before *at; false: it goes on beyond the line. */
static bool close_field(struct csv_row *row, struct text line, size_t base, size_t *at)
{
	for (;;) {
		size_t quote = next_mark(row->bits.quotes, &row->bits, *at, line.length);
		if (quote == line.length)
			return false;
		*at = quote + 1;
		if (*at < line.length && line.data[*at] == '"') {
			row->doubled = true;
			++*at;
			continue;
		}
		add_field(row, row->from, base + quote, row->doubled);
		row->open = row->doubled = false;
		return true;
	}
}

static enum csv_verdict read_line(struct csv_row *row, struct text line, size_t base)
{
	for (size_t at = 0;; at++) { /* a field begins at `at`, or goes on there */
		if (row->open || (at < line.length && line.data[at] == '"')) {
			if (!row->open) {
				row->open = true;
				row->from = base + ++at;
			}
			if (!close_field(row, line, base, &at))
				return CSV_ROW_OPEN;
			if (at < line.length && line.data[at] != row->separator)
				return broken(row, "behind the quote that ends a value stands something else than a separator");
		} else {
			size_t end = next_mark(row->bits.slashes, &row->bits, at, line.length);
			if (row->bits.quote && next_mark(row->bits.quotes, &row->bits, at, line.length) < end)
				return broken(row, "a quote stands inside a value that does not begin with one");
			add_field(row, base + at, base + end, false);
			at = end;
		}
		if (at >= line.length)
			return CSV_ROW_WHOLE;
	}
}

enum csv_verdict csv_row_add(struct csv_row *row, struct text line)
{
	size_t base = row->joined.length;
	json_bits_mark(&row->bits, line, row->separator);
	enum csv_verdict verdict = read_line(row, line, base);
	row->text = line;
	if (base || verdict == CSV_ROW_OPEN)
		buffer_text(&row->joined, line);
	if (verdict == CSV_ROW_OPEN)
		buffer_char(&row->joined, '\n');
	else if (base)
		row->text = buffer_view(&row->joined);
	return verdict;
}

struct text csv_row_field(const struct csv_row *row, size_t field, struct arena *arena)
{
	const struct csv_field *f = &row->fields[field];
	struct text raw = text_slice(row->text, f->from, f->to);
	if (!f->doubled)
		return raw;
	char *copy = arena_alloc(arena, raw.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < raw.length; i++) {
		copy[length++] = raw.data[i];
		i += raw.data[i] == '"'; /* the second of two */
	}
	return (struct text){copy, length};
}
