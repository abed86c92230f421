/*
 * csv_row: lines → the fields of one row of CSV (RFC 4180, strictly; csv.c reads files of such).
 *
 *   struct csv_row row = {.separator = ','};
 *   csv_row_add(&row, line)     CSV_ROW_WHOLE: row.fields; CSV_ROW_OPEN: a quoted field goes on in the next line
 *
 * Separators and quotes are found by bitmaps (json_bits.h). A field is quoted if its first byte is a quote; in it a doubled
 * quote is one, and separators and newlines are text. Elsewhere blanks belong to fields and a quote is a fault, as it is
 * behind a closing quote: so reads libcsv in its strict mode, with which this is compared.
 */
#ifndef MEWS_CSV_ROW_H
#define MEWS_CSV_ROW_H

#include "replay/readers/json_bits.h"

enum { CSV_FIELDS_MAX = 4096 };

enum csv_verdict { CSV_ROW_WHOLE, CSV_ROW_OPEN, CSV_ROW_BROKEN };

struct csv_field {
	uint32_t from, to; /* in the row's text, without the quotes */
	bool doubled;      /* it holds doubled quotes */
};

struct csv_row {
	char separator;
	struct json_bits bits;
	struct csv_field *fields; /* the first CSV_FIELDS_MAX */
	size_t count, capacity;   /* count: of all */
	struct buffer joined;     /* the lines so far, of a row that is open */
	struct text text;         /* of a row that is whole: the line itself, or the lines joined by newlines */
	bool open, doubled;
	size_t from;              /* where the open field's text begins */
	const char *why;          /* of a row that is broken */
};

void csv_row_begin(struct csv_row *row); /* a new row */
enum csv_verdict csv_row_add(struct csv_row *row, struct text line);
/* The field's text: a slice of the row's, or a copy in the arena. */
struct text csv_row_field(const struct csv_row *row, size_t field, struct arena *arena);
void csv_row_free(struct csv_row *row);

#endif
