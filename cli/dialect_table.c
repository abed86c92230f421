/* dialect_table: see dialect_table.h. */
#include "cli/dialect_table.h"

#include "replay/report/grid.h"

#include <inttypes.h>
#include <jansson.h>

enum { WIDTH = 80, FIRST = 20 };

/* Why a row never gave a value; NULL: it did, or it was never asked for one. */
static const char *row_fault(struct arena *arena, const struct check_row *row)
{
	const struct dialect_field *field = row->row;
	if (row->filled)
		return NULL;
	if (row->unfit)
		return arena_printf(arena, "its value does not fit: \"%.*s\" (%s:%" PRIu64 ")", TEXT_ARGS(row->example),
			row->file, row->line);
	if (!row->asked)
		return "no event of the sample carries it";
	if (row->there)
		return "another row before it gave the value";
	struct text names = text_join(arena, field->names, field->name_count, ' ');
	if (row->marked)
		return arena_printf(arena, "%.*s says each time that there is none", TEXT_ARGS(names));
	return arena_printf(arena, "no such event has %.*s", TEXT_ARGS(names));
}

static const char *text(struct arena *arena, struct text text)
{
	return arena_strndup(arena, text.data ? text.data : "", text.length);
}

static const char *number(struct arena *arena, uint64_t number)
{
	return arena_printf(arena, "%" PRIu64, number);
}

/* On one line, whatever bytes the value holds. */
static const char *shown(struct arena *arena, struct text value)
{
	char *line = arena_strndup(arena, value.data ? value.data : "", value.length);
	for (size_t i = 0; i < value.length; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			line[i] = ' ';
	return line;
}

static void print_head(const struct dialect_check *check, FILE *out)
{
	const struct ledger *l = &check->ledger;
	fprintf(out, "Dialect %.*s: %" PRIu64 " of %" PRIu64 " events understood", TEXT_ARGS(check->dialect->name), check->understood,
		l->events);
	if (l->events > check->understood + l->unmapped + check->elsewhere)
		fprintf(out, ", %" PRIu64 " only as some other",
			l->events - check->understood - l->unmapped - check->elsewhere);
	if (l->unmapped)
		fprintf(out, ", %" PRIu64 " by no group", l->unmapped);
	if (check->elsewhere)
		fprintf(out, "; %" PRIu64 " of another dialect", check->elsewhere);
	fprintf(out, "\nLines: %" PRIu64 " read, %" PRIu64 " begin an event, %" PRIu64 " go on, %" PRIu64 " blank, %" PRIu64
		" rejected\n",
		l->lines, l->event_lines, l->continued, l->blank, l->rejected);
	for (size_t i = 0; i < l->first_count; i++)
		fprintf(out, "  %s:%" PRIu64 ": %s\n", l->first[i].file, l->first[i].line, l->first[i].reason);
}

static void print_events(const struct dialect_check *check, FILE *out)
{
	struct grid grid = {.arena = check->arena};
	const struct registry *registry = &check->catalog->registry;
	grid_column(&grid, "group", true);
	grid_column(&grid, "event", true);
	grid_column(&grid, "count", false);
	for (size_t i = 0; i < check->event_count; i++) {
		const struct check_event *event = &check->events[i];
		grid_row(&grid);
		grid_cell(&grid, text(check->arena, event->group->name));
		grid_cell(&grid, arena_printf(check->arena, "%.*s.%.*s%s", TEXT_ARGS(registry->categories[event->category].name),
			TEXT_ARGS(registry->actions[event->action].name), event->other ? " (no event fits)" : ""));
		grid_cell(&grid, number(check->arena, event->count));
	}
	fputc('\n', out);
	grid_print(&grid, WIDTH, out);
}

static void print_fields(const struct dialect_check *check, FILE *out)
{
	struct grid grid = {.arena = check->arena};
	grid_column(&grid, "example", true);
	grid_column(&grid, "field", true);
	grid_column(&grid, "count", false);
	for (size_t i = 0; i < check->field_count; i++) {
		const struct check_field *field = &check->fields[i];
		if (field->field == FIELD_CATEGORY || field->field == FIELD_ACTION || field->field == FIELD_TYPE)
			continue;
		grid_row(&grid);
		grid_cell(&grid, shown(check->arena, field->example));
		grid_cell(&grid, text(check->arena, check->catalog->registry.fields[field->field].name));
		grid_cell(&grid, number(check->arena, field->count));
	}
	fputs("\nFields that were filled\n", out);
	grid_print(&grid, WIDTH, out);
}

/* Rows of events that the sample does not hold say nothing about the dialect: they are only counted. */
static void print_rows(const struct dialect_check *check, bool all, FILE *out)
{
	size_t count = 0, elsewhere = 0;
	for (size_t i = 0; i < check->row_count; i++) {
		const struct check_row *row = &check->rows[i];
		const char *fault = row_fault(check->arena, row);
		if (!row->asked && !all) {
			elsewhere++;
			continue;
		}
		if (!fault || (count++ >= FIRST && !all))
			continue;
		if (count == 1)
			fputs("\nRows that never gave a value\n", out);
		grid_wrap(text_of(arena_printf(check->arena, "  %s:%u: %.*s: %s", row->row->place.file, row->row->place.line,
			TEXT_ARGS(check->catalog->registry.fields[row->row->field].name), fault)), WIDTH, 4, out);
	}
	if (count > FIRST && !all)
		fprintf(out, "  … and %zu more (--all)\n", count - FIRST);
	if (elsewhere)
		fprintf(out, "\n%zu rows belong to events that the sample has none of (--all)\n", elsewhere);
}

static void print_names(const struct dialect_check *check, bool all, FILE *out)
{
	struct grid grid = {.arena = check->arena};
	size_t shown_count = all || check->name_count < FIRST ? check->name_count : FIRST;
	if (!check->name_count)
		return;
	grid_column(&grid, "example", true);
	grid_column(&grid, "raw name", true);
	grid_column(&grid, "records", false);
	for (size_t i = 0; i < shown_count; i++) {
		grid_row(&grid);
		grid_cell(&grid, shown(check->arena, check->names[i].example));
		grid_cell(&grid, shown(check->arena, check->names[i].name));
		grid_cell(&grid, number(check->arena, check->names[i].count));
	}
	fputs("\nRaw names that nothing asks for\n", out);
	grid_print(&grid, WIDTH, out);
	for (size_t i = 0; i < shown_count; i++)
		if (check->names[i].hint.length)
			grid_wrap(text_of(arena_printf(check->arena, "  %s may be %.*s", shown(check->arena, check->names[i].name),
				TEXT_ARGS(check->names[i].hint))), WIDTH, 4, out);
	if (shown_count < check->name_count)
		fprintf(out, "… and %zu more (--all)\n", check->name_count - shown_count);
}

void dialect_table_print(const struct dialect_check *check, bool all, FILE *out)
{
	print_head(check, out);
	if (check->event_count)
		print_events(check, out);
	if (check->field_count)
		print_fields(check, out);
	print_rows(check, all, out);
	print_names(check, all, out);
}

/* --- JSON --- */

static json_t *string(struct text text)
{
	json_t *value = json_stringn(text.data ? text.data : "", text.length);
	return value ? value : json_string(""); /* no UTF-8 */
}

static json_t *ledger_json(const struct ledger *l)
{
	json_t *rejected = json_array();
	for (size_t i = 0; i < l->first_count; i++)
		json_array_append_new(rejected, json_pack("{s:s, s:I, s:s}", "file", l->first[i].file, "line",
			(json_int_t)l->first[i].line, "reason", l->first[i].reason));
	return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "lines", (json_int_t)l->lines, "event_lines",
		(json_int_t)l->event_lines, "continued", (json_int_t)l->continued, "blank", (json_int_t)l->blank, "rejected",
		(json_int_t)l->rejected, "unfilled",
		(json_int_t)l->unfilled, "first_rejected", rejected);
}

static json_t *events_json(const struct dialect_check *check)
{
	const struct registry *registry = &check->catalog->registry;
	json_t *events = json_array();
	for (size_t i = 0; i < check->event_count; i++) {
		const struct check_event *event = &check->events[i];
		const char *name = arena_printf(check->arena, "%.*s.%.*s", TEXT_ARGS(registry->categories[event->category].name),
			TEXT_ARGS(registry->actions[event->action].name));
		json_array_append_new(events, json_pack("{s:o, s:s, s:b, s:I}", "group", string(event->group->name), "event", name,
			"other", (int)event->other, "count", (json_int_t)event->count));
	}
	return events;
}

static json_t *fields_json(const struct dialect_check *check)
{
	json_t *fields = json_array();
	for (size_t i = 0; i < check->field_count; i++)
		json_array_append_new(fields, json_pack("{s:o, s:I, s:o}", "field",
			string(check->catalog->registry.fields[check->fields[i].field].name),
			"count", (json_int_t)check->fields[i].count, "example", string(check->fields[i].example)));
	return fields;
}

static json_t *rows_json(const struct dialect_check *check)
{
	json_t *rows = json_array();
	for (size_t i = 0; i < check->row_count; i++) {
		const struct check_row *row = &check->rows[i];
		const char *fault = row_fault(check->arena, row);
		json_array_append_new(rows, json_pack("{s:o, s:I, s:I, s:I, s:I, s:s?}", "field",
			string(check->catalog->registry.fields[row->row->field].name), "line", (json_int_t)row->row->place.line, "asked",
			(json_int_t)row->asked, "filled", (json_int_t)row->filled, "unfit", (json_int_t)row->unfit, "fault", fault));
	}
	return rows;
}

static json_t *names_json(const struct dialect_check *check)
{
	json_t *names = json_array();
	for (size_t i = 0; i < check->name_count; i++)
		json_array_append_new(names, json_pack("{s:o, s:I, s:o, s:o}", "name", string(check->names[i].name), "records",
			(json_int_t)check->names[i].count, "example", string(check->names[i].example), "known_as",
			string(check->names[i].hint)));
	return names;
}

void dialect_table_json(const struct dialect_check *check, FILE *out)
{
	json_t *all = json_pack("{s:o, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:o}", "dialect", string(check->dialect->name), "events",
		(json_int_t)check->ledger.events, "understood", (json_int_t)check->understood, "unmapped",
		(json_int_t)check->ledger.unmapped, "ledger", ledger_json(&check->ledger), "by_event", events_json(check),
		"fields", fields_json(check), "rows", rows_json(check), "unread", names_json(check));
	json_dumpf(all, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(all);
}
