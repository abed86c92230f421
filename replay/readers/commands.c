/*
 * commands: shell command lines: scripts, histories (bash with or without times, zsh), sessions with prompts, tables with
 * a column of commands. Each command is an event.
 *
 * Lines are gathered until the shell would run them (a quote, a here-document, `if` … may take several). Where that does
 * not happen within GATHER_MAX bytes or before the next entry of a history begins, the first line is rejected and the next
 * one is tried.
 */
#include "replay/readers/commands.h"

#include "replay/readers/commands_form.h"
#include "replay/readers/formats.h"

#include <stdlib.h>
#include <string.h>

enum { GATHER_MAX = 64 << 10, OFTEN = 4096, COLUMNS_MAX = 256 };

struct commands {
	const struct reader_options *options;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct commands_form form;
	struct arena names;       /* columns */
	struct arena arena;       /* of the lines in hand */
	struct arena event;
	struct text *columns;
	size_t column_count, command_column;
	bool escaped;             /* the column's newlines are written \n */
	struct text *fields;      /* of the row in hand */
	size_t field_count;
	struct buffer text;       /* lines that wait, without prompts and times */
	size_t *ends;             /* where each of them ends in `text` */
	size_t waiting, capacity;
	uint64_t first_line;
	char awaits[64];          /* no use to try before this came; empty: any line may do */
	size_t tried;             /* bytes that waited when it was last tried */
	struct text time;         /* of the entry, in `stamp` */
	struct command_folder folder; /* where the shell is, in the two buffers */
	struct buffer now, before;
	char stamp[24];
	bool any;                 /* a command came before: lines without a prompt are what it printed */
};

static void begin_record(struct commands *c, struct record *record, uint64_t line)
{
	arena_reset(&c->event);
	record_begin(record, &c->event, c->file, line);
	const struct record_plan *plan = c->options->watch ? NULL : reader_plan(c->options);
	if (plan)
		record_use(record, plan);
	for (size_t i = 0; i < c->field_count && i < c->column_count; i++)
		if (c->fields[i].length)
			record_add(record, c->columns[i], c->fields[i]);
	if (c->time.length)
		record_add(record, TEXT("time"), c->time);
}

static int deliver_all(struct commands *c, struct text text, const struct command_line *line, uint64_t first, bool lines)
{
	struct command_pipe *pipes;
	struct record record;
	int status = 0;
	for (size_t i = 0; i < line->count && !status; i++) {
		begin_record(c, &record, first + (lines ? line->commands[i].line : 0));
		commands_record(&record, text, &line->commands[i]);
		status = reader_deliver(&record, c->options, c->sink, c->ledger);
	}
	size_t count = command_pipes_find(&c->arena, text, line, &pipes);
	for (size_t i = 0; i < count && !status; i++) {
		begin_record(c, &record, first + (lines ? line->commands[pipes[i].first].line : 0));
		commands_record_pipe(&record, text, line, &pipes[i]);
		status = reader_deliver(&record, c->options, c->sink, c->ledger);
	}
	return status;
}

/* Takes the first `lines` of those that wait off. */
static void drop(struct commands *c, size_t lines)
{
	size_t bytes = lines == c->waiting ? c->text.length : c->ends[lines - 1];
	if (c->text.length > bytes)
		memmove(c->text.data, c->text.data + bytes, c->text.length - bytes);
	c->text.length -= bytes;
	c->waiting -= lines;
	for (size_t i = 0; i < c->waiting; i++)
		c->ends[i] = c->ends[i + lines] - bytes;
	c->first_line += lines;
	c->awaits[0] = '\0';
}

static size_t lines_within(const struct commands *c, size_t bytes)
{
	size_t lines = 0;
	while (lines < c->waiting && c->ends[lines] <= bytes)
		lines++;
	return lines ? lines : 1;
}

static void keep_awaits(struct commands *c, struct text awaits)
{
	size_t length = awaits.length < sizeof c->awaits ? awaits.length : 0;
	if (length)
		memcpy(c->awaits, awaits.data, length);
	c->awaits[length] = '\0';
}

static void keep_folder(struct commands *c, const struct command_folder *folder)
{
	struct text now = text_copy(&c->arena, folder->now), before = text_copy(&c->arena, folder->before);
	c->now.length = c->before.length = 0;
	buffer_text(&c->now, now);
	buffer_text(&c->before, before);
	c->folder = (struct command_folder){buffer_view(&c->now), buffer_view(&c->before)};
}

/* Reads what is complete of the waiting lines. `last`: nothing follows that could complete the rest. */
static int read_waiting(struct commands *c, bool last)
{
	int status = 0;
	while (c->waiting && !status) {
		struct command_line line;
		arena_reset(&c->arena);
		struct text text = text_copy(&c->arena, buffer_view(&c->text));
		enum command_status parsed = command_line_next(&c->arena, text, &c->folder, &line);
		if (parsed == COMMAND_INCOMPLETE && !last && c->text.length < GATHER_MAX) {
			keep_awaits(c, line.awaits);
			return 0;
		}
		if (parsed != COMMAND_DONE) {
			ledger_reject(c->ledger, c->file, c->first_line, "no shell command: %s", line.reason);
			drop(c, 1);
			continue;
		}
		size_t lines = lines_within(c, line.consumed);
		c->ledger->event_lines += line.count > 0;
		c->ledger->blank += line.count ? 0 : lines;
		c->ledger->continued += line.count ? lines - 1 : 0;
		c->any = c->any || line.count;
		uint64_t first = c->first_line;
		status = deliver_all(c, text, &line, first, true);
		keep_folder(c, &line.folder);
		drop(c, lines);
	}
	return status;
}

/* One more line of commands. */
static int gather(struct commands *c, struct text text, uint64_t number)
{
	if (!c->waiting)
		c->first_line = number;
	if (c->waiting == c->capacity) {
		c->capacity = c->capacity ? c->capacity * 2 : 16;
		c->ends = mem_resize(c->ends, c->capacity * sizeof *c->ends);
	}
	buffer_text(&c->text, text);
	buffer_char(&c->text, '\n');
	c->ends[c->waiting++] = c->text.length;
	bool may = text_contains(text, text_of(c->awaits), false) && (c->text.length < OFTEN ||
		c->text.length > c->tried / 4 * 5);
	if (c->awaits[0] && c->text.length < GATHER_MAX && !may)
		return 0;
	c->tried = c->text.length;
	return read_waiting(c, false);
}

/* A line that stands between commands: a comment, a time, a blank one. Within a command that waits it is part of it, unless
 * it begins the next entry. */
static int end_entry(struct commands *c)
{
	return read_waiting(c, true);
}

static int take_plain(struct commands *c, const struct input_line *line)
{
	struct text text = line->text, time = {0};
	enum commands_line kind = commands_form_line(&c->form, &text, &time);
	int status = 0;
	if (kind != COMMANDS_TEXT && kind != COMMANDS_OUTPUT)
		status = end_entry(c);
	if (time.length && time.length < sizeof c->stamp) {
		memcpy(c->stamp, time.data, time.length);
		c->time = (struct text){c->stamp, time.length};
	}
	switch (kind) {
	case COMMANDS_BLANK:
		c->ledger->blank++;
		return status;
	case COMMANDS_OUTPUT:
		if (c->waiting)
			return gather(c, text, line->number);
		if (c->any)
			c->ledger->continued++;
		else
			c->ledger->blank++;
		return status;
	default:
		return status ? status : gather(c, text, line->number);
	}
}

/* \n, \t, \r and \\ as tables escape them. */
static struct text unescape(struct arena *arena, struct text text)
{
	static const char letters[] = "ntr\\", bytes[] = "\n\t\r\\";
	char *out = arena_alloc(arena, text.length + 1);
	size_t length = 0;
	for (size_t i = 0; i < text.length; i++) {
		const char *known = NULL;
		if (text.data[i] == '\\' && i + 1 < text.length && text.data[i + 1])
			known = strchr(letters, text.data[i + 1]);
		out[length++] = known ? bytes[known - letters] : text.data[i];
		i += known != NULL;
	}
	return (struct text){out, length};
}

static void split_row(struct commands *c, struct text text)
{
	c->fields = NULL;
	c->field_count = 0;
	while (c->field_count < COLUMNS_MAX) {
		size_t end = text_find(text, c->form.separator);
		c->fields = arena_grow(&c->arena, c->fields, c->field_count, sizeof *c->fields);
		c->fields[c->field_count++] = text_slice(text, 0, end);
		if (end == text.length)
			return;
		text = text_slice(text, end + 1, text.length);
	}
}

/* The columns' names: those of the options, of a first row that names the commands, or column1, column2 … */
static bool name_columns(struct commands *c)
{
	bool header = false;
	c->command_column = c->field_count - 1;
	c->column_count = c->options->column_count ? c->options->column_count : c->field_count;
	c->columns = arena_array(&c->names, c->column_count, sizeof *c->columns);
	for (size_t i = 0; i < c->field_count && !c->options->column_count; i++)
		header = header || commands_form_names(c->fields[i]);
	for (size_t i = 0; i < c->column_count; i++) {
		if (c->options->column_count)
			c->columns[i] = c->options->columns[i];
		else if (header)
			c->columns[i] = text_copy(&c->names, c->fields[i]);
		else
			c->columns[i] = text_of(arena_printf(&c->names, "column%zu", i + 1));
		if (commands_form_names(c->columns[i])) {
			c->command_column = i;
			c->escaped = text_contains(c->columns[i], TEXT("escaped"), true);
		}
	}
	return header;
}

static int take_row(struct commands *c, const struct input_line *line)
{
	struct command_line parsed;
	arena_reset(&c->arena);
	split_row(c, line->text);
	if (!c->columns && name_columns(c)) {
		c->ledger->blank++;
		return 0;
	}
	if (c->field_count != c->column_count) {
		ledger_reject(c->ledger, c->file, line->number, "it has %zu columns, not %zu", c->field_count, c->column_count);
		return 0;
	}
	struct text text = c->fields[c->command_column];
	if (c->escaped)
		text = unescape(&c->arena, text);
	if (command_line_parse(&c->arena, text, &parsed) != COMMAND_DONE) {
		ledger_reject(c->ledger, c->file, line->number, "no shell command: %s", parsed.reason);
		return 0;
	}
	c->ledger->event_lines += parsed.count > 0;
	c->ledger->blank += !parsed.count;
	return deliver_all(c, text, &parsed, line->number, false);
}

static int take_line(struct commands *c, const struct input_line *line)
{
	c->ledger->lines++;
	if (line->too_long || line->text.length > GATHER_MAX) {
		int status = end_entry(c);
		ledger_reject(c->ledger, c->file, line->number, "the line is longer than %d bytes", GATHER_MAX);
		return status;
	}
	if (!c->form.separator)
		return take_plain(c, line);
	if (text_trim(line->text).length)
		return take_row(c, line);
	c->ledger->blank++;
	return 0;
}

int commands_run(struct input *input, const struct reader_options *options, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct commands c = {.options = options, .sink = sink, .ledger = ledger, .file = input_name(input)};
	struct text sample;
	struct input_line line;
	int status = 0, got = 1;
	if (input_peek(input, READER_SAMPLE, &sample, d))
		return -1;
	commands_form_find(&c.form, sample);
	if (options->csv_separator || options->column_count)
		c.form.separator = options->csv_separator ? options->csv_separator : '\t';
	while (!status && (got = input_next(input, &line, d)) > 0)
		status = take_line(&c, &line);
	if (!status && !c.form.separator)
		status = end_entry(&c);
	arena_free(&c.names);
	arena_free(&c.arena);
	arena_free(&c.event);
	buffer_free(&c.text);
	buffer_free(&c.now);
	buffer_free(&c.before);
	free(c.ends);
	return status ? status : got;
}

unsigned commands_fits(struct text sample)
{
	return commands_form_fits(sample);
}
