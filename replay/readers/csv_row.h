/*
 * csv_row: lines → the fields of one row of CSV (RFC 4180, strictly; csv.c reads files of such).
 *
 *   struct csv_row row = {.separator = ','};
 *   csv_row_begin(&row)
 *   csv_row_add(&row, line)     CSV_ROW_WHOLE: row.fields; CSV_ROW_OPEN: a quoted field goes on in the next line
 *
 * libcsv reads, in its strict mode. A line whose fields hold no quote, or stand whole between two, needs no parser: it is
 * cut at its separators, found by bitmaps (json_bits.h), and its fields are slices of it. Doubled quotes, fields over several
 * lines and all that is wrong are libcsv's. Blanks belong to fields; so does a carriage return within a line.
 */
#ifndef MEWS_CSV_ROW_H
#define MEWS_CSV_ROW_H

#include "replay/readers/json_lines.h"

#include <csv.h>

enum { CSV_FIELDS_MAX = 4096 };

enum csv_verdict { CSV_ROW_WHOLE, CSV_ROW_OPEN, CSV_ROW_BROKEN };

struct csv_field {
	uint32_t from, to; /* in the row's text */
};

struct csv_row {
	char separator;
	struct json_bits bits;    /* of a line by itself */
	struct csv_parser parser;
	bool made;                /* the parser is there */
	struct csv_field *fields; /* the first CSV_FIELDS_MAX */
	size_t count, capacity;   /* count: of all */
	struct buffer parsed;     /* what libcsv made of the fields, one behind the other */
	struct text text;         /* of a row that is whole: the line itself, or what libcsv made */
	bool open, ended;
	const char *why;          /* of a row that is broken */
};

void csv_row_begin(struct csv_row *row); /* a new row */
enum csv_verdict csv_row_add(struct csv_row *row, struct text line);
/* The same of the line at hand; the lines' separator is the row's. */
enum csv_verdict csv_row_add_line(struct csv_row *row, const struct json_lines *lines);
struct text csv_row_field(const struct csv_row *row, size_t field); /* a slice of the row's text */
void csv_row_free(struct csv_row *row);

#endif
