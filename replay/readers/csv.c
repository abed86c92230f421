/*
 * csv: rows as records, by libcsv. The first row names the columns, or the options do.
 *
 * Lines are fed one by one, so that a row over several lines (a newline in quotes) is accounted for. A quote
 * that never ends is given up after ROW_MAX bytes.
 */
#include "replay/readers/formats.h"

#include <csv.h>
#include <string.h>

enum { ROW_MAX = 1 << 20, COLUMNS_MAX = 4096 };

struct csv_state {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct csv_parser parser;
	struct arena names;        /* column names */
	struct arena arena;        /* of the row in hand */
	struct text *columns;
	size_t column_count;
	struct text *fields;
	size_t field_count;
	size_t row_bytes;
	uint64_t first_line, lines; /* of the row in hand */
	bool ended;                /* a row ended with the line that was fed */
};

/* Blanks belong to the values. */
static int no_space(unsigned char byte)
{
	(void)byte;
	return 0;
}

static void take_field(void *data, size_t length, void *context)
{
	struct csv_state *csv = context;
	if (csv->field_count >= COLUMNS_MAX)
		return;
	csv->fields = arena_grow(&csv->arena, csv->fields, csv->field_count, sizeof *csv->fields);
	csv->fields[csv->field_count++] = text_copy(&csv->arena, (struct text){data ? data : "", length});
}

static void take_row(int byte, void *context)
{
	struct csv_state *csv = context;
	(void)byte;
	csv->ended = true;
}

static void begin_row(struct csv_state *csv)
{
	arena_reset(&csv->arena);
	csv->fields = NULL;
	csv->field_count = 0;
	csv->row_bytes = 0;
	csv->lines = 0;
	csv->ended = false;
}

static int restart(struct csv_state *csv, struct diagnostics *d)
{
	if (csv_init(&csv->parser, CSV_STRICT | CSV_STRICT_FINI))
		return diagnostics_error(d, ((struct place){.file = csv->file}), "libcsv cannot start");
	csv_set_space_func(&csv->parser, no_space);
	csv_set_delim(&csv->parser, (unsigned char)(csv->options->csv_separator ? csv->options->csv_separator : ','));
	begin_row(csv);
	return 0;
}

static void reject_row(struct csv_state *csv, const char *why)
{
	if (!csv->lines)
		return;
	ledger_reject(csv->ledger, csv->file, csv->first_line, "%s", why);
	csv->ledger->rejected += csv->lines - 1;
}

static void take_header(struct csv_state *csv)
{
	csv->columns = arena_array(&csv->names, csv->field_count, sizeof *csv->columns);
	csv->column_count = csv->field_count;
	for (size_t i = 0; i < csv->field_count; i++)
		csv->columns[i] = text_copy(&csv->names, text_trim(csv->fields[i]));
	csv->ledger->blank++; /* the header says what the rest means, and is no event */
	csv->ledger->continued += csv->lines - 1;
}

/* A row is whole: the header, an event, or a row that does not fit. */
static int finish_row(struct csv_state *csv)
{
	struct record record;
	if (!csv->columns) {
		take_header(csv);
		return 0;
	}
	if (csv->field_count != csv->column_count) {
		char *why = arena_printf(&csv->arena, "it has %zu fields, not %zu", csv->field_count, csv->column_count);
		reject_row(csv, why);
		return 0;
	}
	record_begin(&record, &csv->arena, csv->file, csv->first_line);
	for (size_t i = 0; i < csv->column_count; i++)
		if (csv->fields[i].length)
			record_add(&record, csv->columns[i], csv->fields[i]);
	csv->ledger->event_lines++;
	csv->ledger->continued += csv->lines - 1;
	return reader_deliver(&record, csv->options, csv->sink, csv->ledger);
}

static int fail_row(struct csv_state *csv, const char *why, struct diagnostics *d)
{
	reject_row(csv, why);
	csv_free(&csv->parser);
	return restart(csv, d);
}

static int take_line(struct csv_state *csv, const struct input_line *line, struct diagnostics *d)
{
	csv->ledger->lines++;
	if (!csv->lines && !text_trim(line->text).length) {
		csv->ledger->blank++;
		return 0;
	}
	if (!csv->lines++)
		csv->first_line = line->number;
	csv->row_bytes += line->text.length + 1;
	if (line->too_long || csv->row_bytes > ROW_MAX)
		return fail_row(csv, "the row that begins here is longer than 1 MiB; a quote may lack its end", d);
	size_t fed = line->text.length ? csv_parse(&csv->parser, line->text.data, line->text.length, take_field, take_row, csv) : 0;
	if (fed != line->text.length || csv_parse(&csv->parser, "\n", 1, take_field, take_row, csv) != 1)
		return fail_row(csv, csv_strerror(csv_error(&csv->parser)), d);
	if (!csv->ended)
		return 0;
	int status = finish_row(csv);
	begin_row(csv);
	return status;
}

int csv_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct csv_state csv = {.options = options, .sink = sink, .ledger = ledger, .file = input_name(input)};
	struct input_line line;
	int status = restart(&csv, d), got = 1;
	if (status)
		return status;
	if (!options->csv_header && options->column_count) {
		csv.columns = arena_array(&csv.names, options->column_count, sizeof *csv.columns);
		memcpy(csv.columns, options->columns, options->column_count * sizeof *csv.columns);
		csv.column_count = options->column_count;
	}
	while (!status && (got = input_next(input, &line, d)) > 0)
		status = take_line(&csv, &line, d);
	reject_row(&csv, "the row that begins here does not end: a quote lacks its end");
	csv_free(&csv.parser);
	arena_free(&csv.arena);
	arena_free(&csv.names);
	return status ? status : got;
}

/* Nothing but a first line of at least two names says that it is CSV: what fits more has its way. */
unsigned csv_fits(struct text sample)
{
	const char *newline = memchr(sample.data, '\n', sample.length);
	struct text head = text_trim((struct text){sample.data, newline ? (size_t)(newline - sample.data) : sample.length});
	return head.length && memchr(head.data, ',', head.length) != NULL ? 10 : 0;
}
