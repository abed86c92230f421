/*
 * csv: rows as records, by libcsv (csv_row.h). The first row names the columns, or the options do. Columns that nobody asks for
 * are passed over.
 *
 * A quote that never ends is given up after ROW_MAX bytes.
 */
#include "replay/readers/csv_row.h"
#include "replay/readers/formats.h"
#include "replay/readers/recipes.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_MAX = 1 << 20 };

struct csv_state {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct csv_row row;
	struct json_lines block;   /* of lines, in hand */
	struct arena own[2];       /* without a chunk */
	struct arena *names;       /* of column names */
	struct arena *arena;       /* of the row in hand */
	const char *from;          /* where its first line stands */
	const struct record_plan *plan; /* NULL: all columns are taken */
	struct recipes *recipes;   /* NULL: rows become records first */
	struct found_list found;
	struct text *columns;
	uint16_t *numbers;         /* beside columns: of the name in the plan; 0: nobody asks for it */
	size_t column_count;
	size_t row_bytes;
	uint64_t first_line, lines; /* of the row in hand */
};

static void begin_row(struct csv_state *csv)
{
	if (!csv->options->chunk)
		arena_reset(csv->arena);
	csv_row_begin(&csv->row);
	csv->row_bytes = 0;
	csv->lines = 0;
}

static void reject_row(struct csv_state *csv, const char *why)
{
	if (!csv->lines)
		return;
	ledger_reject(csv->ledger, csv->file, csv->first_line, "%s", why);
	csv->ledger->rejected += csv->lines - 1;
}

static void number_columns(struct csv_state *csv)
{
	csv->numbers = arena_array(csv->names, csv->column_count + 1, sizeof *csv->numbers);
	for (size_t i = 0; i < csv->column_count && csv->plan; i++)
		csv->numbers[i] = (uint16_t)record_plan_name(csv->plan, csv->columns[i]);
}

static void take_header(struct csv_state *csv)
{
	csv->column_count = csv->row.count < CSV_FIELDS_MAX ? csv->row.count : CSV_FIELDS_MAX;
	csv->columns = arena_array(csv->names, csv->column_count, sizeof *csv->columns);
	for (size_t i = 0; i < csv->column_count; i++)
		csv->columns[i] = text_copy(csv->names, text_trim(csv_row_field(&csv->row, i)));
	number_columns(csv);
	csv->ledger->blank++; /* the header says what the rest means, and is no event */
	csv->ledger->continued += csv->lines - 1;
}

/* A row for whoever asks for all of it. */
struct whole_row {
	const struct text *columns;
	size_t count;
	struct text text;
	const struct csv_field *fields;
};

static void take_all(const struct whole_row *row, struct record *record)
{
	for (size_t i = 0; i < row->count; i++)
		if (row->fields[i].from < row->fields[i].to)
			record_add(record, row->columns[i], text_slice(row->text, row->fields[i].from, row->fields[i].to));
}

static void take_again(void *context, struct record *full)
{
	take_all(context, full);
}

/* Rows of a chunk outlive what they are read with. */
static struct whole_row *whole_row(struct csv_state *csv)
{
	struct whole_row *row = arena_alloc(csv->arena, sizeof *row);
	struct csv_field *fields = csv->row.fields;
	if (csv->options->chunk) {
		fields = arena_array(csv->arena, csv->column_count + 1, sizeof *fields);
		memcpy(fields, csv->row.fields, csv->column_count * sizeof *fields);
	}
	*row = (struct whole_row){csv->columns, csv->column_count, csv->row.text, fields};
	return row;
}

static void take_wanted(const struct csv_state *csv, struct record *record)
{
	record_use(record, csv->plan);
	for (size_t i = 0; i < csv->column_count; i++)
		if (csv->numbers[i] && csv->row.fields[i].from < csv->row.fields[i].to)
			record_add_number(record, NULL, csv->numbers[i], csv_row_field(&csv->row, i));
}

/* The event of a row, where rows like it are known; or NULL. */
static struct event *make_event(struct csv_state *csv)
{
	csv->found.count = 0;
	for (size_t i = 0; i < csv->column_count; i++)
		if (csv->numbers[i] && csv->row.fields[i].from < csv->row.fields[i].to)
			found_add(&csv->found, csv_row_field(&csv->row, i), csv->numbers[i], 0);
	return recipes_make(csv->recipes, csv->found.items, csv->found.count, NULL, 0, csv->arena, INT64_MIN);
}

/* A row is whole: the header, an event, or a row that does not fit. */
static int finish_row(struct csv_state *csv)
{
	struct record record;
	if (!csv->columns) {
		take_header(csv);
		return 0;
	}
	if (csv->row.count != csv->column_count) {
		char *why = arena_printf(csv->arena, "it has %zu fields, not %zu", csv->row.count, csv->column_count);
		reject_row(csv, why);
		return 0;
	}
	record_begin(&record, csv->arena, csv->file, csv->first_line);
	csv->ledger->event_lines++;
	csv->ledger->continued += csv->lines - 1;
	if (csv->options->chunk && csv->row.text.data == csv->row.parsed.data)
		csv->row.text = text_copy(csv->arena, csv->row.text);
	if (csv->plan) {
		record.again = take_again;
		record.again_context = whole_row(csv);
	}
	struct event *event = csv->recipes ? make_event(csv) : NULL;
	if (event)
		return reader_deliver_event(&record, event, csv->options, csv->sink, csv->ledger);
	if (csv->plan)
		take_wanted(csv, &record);
	else
		take_all(whole_row(csv), &record);
	return reader_deliver(&record, csv->options, csv->sink, csv->ledger);
}

/* `lines`: the line is the one at hand there, or NULL. */
static int take_line(struct csv_state *csv, const struct input_line *line, const struct json_lines *lines)
{
	int status = 0;
	csv->ledger->lines++;
	if (!csv->lines && (!line->text.length || line->text.data[0] <= ' ') && !text_trim(line->text).length) {
		csv->ledger->blank++;
		return 0;
	}
	if (!csv->lines++) {
		csv->first_line = line->number;
		csv->from = line->text.data;
	}
	csv->row_bytes += line->text.length + 1;
	if (line->too_long || csv->row_bytes > ROW_MAX) {
		reject_row(csv, "the row that begins here is longer than 1 MiB; a quote may lack its end");
		begin_row(csv);
		return 0;
	}
	switch (lines ? csv_row_add_line(&csv->row, lines) : csv_row_add(&csv->row, line->text)) {
	case CSV_ROW_OPEN:
		return 0;
	case CSV_ROW_WHOLE:
		status = finish_row(csv);
		break;
	case CSV_ROW_BROKEN:
		reject_row(csv, csv->row.why);
		break;
	}
	begin_row(csv);
	return status;
}

static void begin(struct csv_state *csv)
{
	const struct reader_options *options = csv->options;
	csv->names = options->chunk ? options->chunk->arena : &csv->own[0];
	csv->arena = options->chunk ? options->chunk->arena : &csv->own[1];
	csv->row.bits.level = simd_level_best();
	csv->row.separator = options->csv_separator ? options->csv_separator : ',';
	csv->block = (struct json_lines){.separator = csv->row.separator, .bits.level = csv->row.bits.level};
	csv->plan = reader_plan(options);
	csv->recipes = reader_recipes(options);
	if (!options->csv_header && options->column_count) {
		csv->columns = arena_array(csv->names, options->column_count, sizeof *csv->columns);
		memcpy(csv->columns, options->columns, options->column_count * sizeof *csv->columns);
		csv->column_count = options->column_count;
		number_columns(csv);
	}
}

static void end(struct csv_state *csv)
{
	csv_row_free(&csv->row);
	json_lines_free(&csv->block);
	free(csv->found.items);
	arena_free(&csv->own[0]);
	arena_free(&csv->own[1]);
}

/* Reads up to the header; how many bytes that takes. Where none stands there, there are no columns afterwards. */
static size_t take_begin(struct csv_state *csv, struct text bytes)
{
	struct input *input = input_over("", bytes);
	struct input_line line;
	struct ledger unsaid = {0}, *ledger = csv->ledger;
	size_t length = 0;
	csv->ledger = &unsaid;
	while (!csv->columns && input_next(input, &line, NULL) > 0) {
		const char *newline = memchr(line.text.data, '\n', (size_t)(bytes.data + bytes.length - line.text.data));
		length = newline ? (size_t)(newline + 1 - bytes.data) : bytes.length;
		take_line(csv, &line, NULL);
	}
	input_close(input);
	ledger_free(&unsaid);
	csv->ledger = ledger;
	return length;
}

bool csv_head(const struct reader_options *options, struct text bytes, size_t *length)
{
	struct csv_state csv = {.options = options, .file = ""};
	begin(&csv);
	*length = take_begin(&csv, bytes);
	bool found = csv.columns != NULL;
	end(&csv);
	return found;
}

size_t csv_border(struct text bytes, size_t from)
{
	const char *newline = from ? memchr(bytes.data + from - 1, '\n', bytes.length - from + 1) : NULL;
	return !from ? 0 : newline ? (size_t)(newline - bytes.data) + 1 : bytes.length;
}

/* What a row that is open at the end of a chunk has in the account is taken back. */
static void leave_open(struct csv_state *csv, struct reader_chunk *chunk, const char *bytes)
{
	chunk->torn = true;
	chunk->whole = (size_t)(csv->from - bytes);
	csv->ledger->lines -= csv->lines;
	csv->lines = 0;
}

/* Lines that lie together. */
static int take_block(struct csv_state *csv, struct input *input, const struct input_line *block)
{
	struct input_line line = *block;
	int status = 0;
	if (block->too_long) {
		input_count(input, 1);
		return take_line(csv, block, NULL);
	}
	json_lines_begin(&csv->block, block->text);
	for (; !status && json_lines_next(&csv->block); line.number++) {
		line.text = json_lines_text(&csv->block);
		line.too_long = line.text.length > INPUT_LINE_MAX;
		status = take_line(csv, &line, &csv->block);
	}
	input_count(input, line.number - block->number);
	return status;
}

int csv_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct csv_state csv = {.options = options, .sink = sink, .ledger = ledger, .file = input_name(input)};
	struct reader_chunk *chunk = options->chunk;
	struct input_line block;
	struct text bytes = TEXT("");
	int status = 0, got = 1;
	begin(&csv);
	if (chunk) {
		csv.file = arena_strdup(chunk->arena, csv.file);
		input_peek(input, 1, &bytes, d);
	}
	if (chunk && !chunk->first)
		take_begin(&csv, chunk->begin);
	while (!status && (got = input_block(input, &block, d)) > 0)
		status = take_block(&csv, input, &block);
	if (chunk && !chunk->last && csv.lines)
		leave_open(&csv, chunk, bytes.data);
	reject_row(&csv, "the row that begins here does not end: a quote lacks its end");
	end(&csv);
	return status ? status : got;
}

char csv_separator_of(struct text sample)
{
	static const char separators[] = ",;\t|";
	size_t counts[sizeof separators] = {0}, best = 0;
	bool quoted = false;
	for (size_t i = 0; i < sample.length && sample.data[i] != '\n'; i++) {
		const char *at = memchr(separators, sample.data[i], sizeof separators - 1);
		quoted ^= sample.data[i] == '"';
		if (at && !quoted)
			counts[at - separators]++;
	}
	for (size_t i = 1; i < sizeof separators - 1; i++)
		if (counts[i] > counts[best])
			best = i;
	return counts[best] ? separators[best] : '\0';
}

/* Nothing but a first line of at least two names says that it is CSV: what fits more has its way. */
unsigned csv_fits(struct text sample)
{
	const char *newline = memchr(sample.data, '\n', sample.length);
	struct text head = text_trim((struct text){sample.data, newline ? (size_t)(newline - sample.data) : sample.length});
	return head.length && csv_separator_of(head) ? 10 : 0;
}
