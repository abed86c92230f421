/* rows_alerts: see rows_alerts.h. */
#include "replay/measure/rows_alerts.h"
#include "replay/measure/columns.h"
#include "replay/measure/dictionary.h"
#include "replay/measure/rows_write.h"

#include <stdlib.h>
#include <string.h>

enum {
	BATCH = 32,        /* rows a statement */
	BLOCK = 256,       /* alerts of a block */
	COLUMNS = 7,       /* of alert_match */
	MANY = 4096,       /* rows of a run, and a quarter of those that were there: then its index is better built anew */
};

/* Alerts of one detection and group by one event: the row that they will be. */
struct pending {
	struct alert alert;      /* the first of them; its conditions and file are copies */
	int64_t id;
	uint64_t entity;
	bool row;                /* it is looked at one by one: the others stand in blocks */
	bool whole;              /* its event is kept already */
	uint8_t *verdicts;       /* [positions]: 0: no alert, else a number for label, outcome and severity */
};

enum table { TABLE_KIND, TABLE_VERDICT, TABLE_ENTITY, TABLE_EVENT, TABLE_SAMPLE, TABLE_BLOCK, TABLE_COUNT };
static const char *const inserts[TABLE_COUNT] = {
	[TABLE_KIND] = "INSERT INTO alert_kind(run, id, detection, condition, dataset, episode, file, verdict)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
	[TABLE_VERDICT] = "INSERT INTO alert_verdict(run, id, position, organization, label, outcome, severity)"
		" VALUES (?, ?, ?, ?, ?, ?, ?)",
	[TABLE_ENTITY] = "INSERT INTO alert_entity(run, id, entity) VALUES (?, ?, ?)",
	[TABLE_EVENT] = "INSERT INTO alert_event(id, fields, event) VALUES (?, ?, ?)",
	[TABLE_SAMPLE] = "INSERT INTO alert_sample(id, position, sample) VALUES (?, ?, ?)",
	[TABLE_BLOCK] = "INSERT INTO alert_block(run, id, count, kind, moment, line, time, kinds, moments, entities, lines,"
		" times, groups) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
};

struct alert_rows {
	struct store *store;
	int64_t run, first, next; /* ids of alert_match */
	int64_t before;           /* rows that were there */
	int64_t kinds_before;     /* the newest one that was there */
	sqlite3_stmt *statements[TABLE_COUNT], *one, *many;
	int64_t batch[BATCH][COLUMNS];
	size_t batch_count;
	int64_t block[BLOCK][COLUMNS];
	size_t block_count;
	struct buffer numbers;
	char *index;              /* SQL of the one that was dropped */
	struct dictionary kinds, verdicts, entities;
	/* the event at hand */
	struct arena arena;
	struct buffer key;
	uint64_t moment;
	struct pending *pending;
	size_t pending_count, pending_capacity, cursor;
	size_t positions;         /* of organizations that had an alert: all are below */
	const struct organization **organizations; /* [positions] */
};

static int step(struct alert_rows *rows, sqlite3_stmt *statement, struct diagnostics *d)
{
	int code = sqlite3_step(statement);
	sqlite3_reset(statement);
	return code == SQLITE_DONE ? 0 : store_fail(rows->store, "write the run's alerts", d);
}

static struct row row_of(struct alert_rows *rows, enum table table)
{
	return (struct row){rows->statements[table], 1};
}

/* Beginning and ending */

static int ask_number(struct alert_rows *rows, const char *sql, int64_t *number, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(rows->store, sql, d);
	int failed = !statement || sqlite3_step(statement) != SQLITE_ROW;
	if (!failed)
		*number = sqlite3_column_int64(statement, 0);
	else if (statement)
		store_fail(rows->store, "write the run's alerts", d);
	sqlite3_finalize(statement);
	return failed ? -1 : 0;
}

static int prepare(struct alert_rows *rows, struct diagnostics *d)
{
	struct buffer sql = {0};
	buffer_string(&sql, "INSERT INTO alert_match(id, kind, moment, entity, line, time, alert_group) VALUES ");
	for (size_t i = 0; i < BATCH; i++) {
		buffer_string(&sql, i ? ", (?, ?, ?, ?, ?, ?, ?)" : "(?, ?, ?, ?, ?, ?, ?)");
		if (i == 0)
			rows->one = store_prepare(rows->store, arena_strndup(&rows->arena, sql.data, sql.length), d);
	}
	rows->many = rows->one ? store_prepare(rows->store, arena_strndup(&rows->arena, sql.data, sql.length), d) : NULL;
	buffer_free(&sql);
	for (size_t i = 0; rows->many && i < TABLE_COUNT; i++) {
		rows->statements[i] = store_prepare(rows->store, inserts[i], d);
		if (!rows->statements[i])
			return -1;
	}
	return rows->many ? 0 : -1;
}

struct alert_rows *alert_rows_begin(struct store *store, int64_t run, struct diagnostics *d)
{
	struct alert_rows *rows = mem_alloc(sizeof *rows);
	*rows = (struct alert_rows){.store = store, .run = run};
	int64_t newest = 0;
	if (ask_number(rows, "SELECT max(coalesce((SELECT max(id) FROM alert_match), 0),"
			" coalesce((SELECT max(id) + 255 FROM alert_block), 0))", &newest, d) ||
		ask_number(rows, "SELECT coalesce(max(id) - min(id) + 1, 0) FROM alert_match", &rows->before, d) ||
		ask_number(rows, "SELECT coalesce(max(id), 0) FROM alert_kind", &rows->kinds_before, d) || prepare(rows, d)) {
		alert_rows_free(rows);
		return NULL;
	}
	rows->first = rows->next = newest + 1;
	return rows;
}

static void free_pending(struct alert_rows *rows)
{
	for (size_t i = 0; i < rows->pending_capacity; i++)
		free(rows->pending[i].verdicts);
	free(rows->pending);
	free(rows->organizations);
}

void alert_rows_free(struct alert_rows *rows)
{
	if (!rows)
		return;
	for (size_t i = 0; i < TABLE_COUNT; i++)
		sqlite3_finalize(rows->statements[i]);
	sqlite3_finalize(rows->one);
	sqlite3_finalize(rows->many);
	dictionary_free(&rows->kinds);
	dictionary_free(&rows->verdicts);
	dictionary_free(&rows->entities);
	arena_free(&rows->arena);
	buffer_free(&rows->key);
	buffer_free(&rows->numbers);
	free(rows->index);
	free_pending(rows);
	free(rows);
}

/* Rows of numbers */

static void bind_row(sqlite3_stmt *statement, int at, const int64_t *row)
{
	for (int i = 0; i < COLUMNS; i++)
		sqlite3_bind_int64(statement, at + i, row[i]);
	if (row[COLUMNS - 2] == INT64_MIN) /* no time */
		sqlite3_bind_null(statement, at + COLUMNS - 2);
	if (row[COLUMNS - 1] == 0)
		sqlite3_bind_null(statement, at + COLUMNS - 1);
}

/* An index costs twice as much when it is looked after for each row. */
static int drop_index(struct alert_rows *rows, struct diagnostics *d)
{
	int64_t written = rows->next - rows->first;
	if (rows->index || written < MANY || 4 * written < rows->before)
		return 0;
	sqlite3_stmt *statement = store_prepare(rows->store, "SELECT sql FROM sqlite_schema WHERE name = 'alert_match_of'", d);
	if (!statement)
		return -1;
	const char *sql = sqlite3_step(statement) == SQLITE_ROW ? (const char *)sqlite3_column_text(statement, 0) : "";
	size_t size = strlen(sql ? sql : "") + 1;
	rows->index = memcpy(mem_alloc(size), sql ? sql : "", size);
	sqlite3_finalize(statement);
	return rows->index[0] ? store_execute(rows->store, "DROP INDEX alert_match_of", d) : 0;
}

static int write_batch(struct alert_rows *rows, struct diagnostics *d)
{
	int failed = 0;
	if (rows->batch_count == BATCH) {
		for (int i = 0; i < BATCH; i++)
			bind_row(rows->many, 1 + i * COLUMNS, rows->batch[i]);
		failed = step(rows, rows->many, d) || drop_index(rows, d);
	} else {
		for (size_t i = 0; !failed && i < rows->batch_count; i++) {
			bind_row(rows->one, 1, rows->batch[i]);
			failed = step(rows, rows->one, d);
		}
	}
	rows->batch_count = 0;
	return failed ? -1 : 0;
}

/* Blocks */

enum match_column { AT_ID, AT_KIND, AT_MOMENT, AT_ENTITY, AT_LINE, AT_TIME, AT_GROUP };

/* What the numbers of a column are differences to; unsigned, since the difference of two times may be anything. */
static uint64_t base_of(const struct alert_rows *rows, int column)
{
	return column == AT_ENTITY || column == AT_GROUP ? 0 : (uint64_t)rows->block[0][column];
}

static uint64_t size_of(int64_t number)
{
	return number < 0 ? -(uint64_t)number : (uint64_t)number;
}

static size_t width_of(uint64_t size)
{
	size_t width = 1;
	while (size >= 10) {
		size /= 10;
		width++;
	}
	return width;
}

/* To the right of `width` bytes, blanks before it. */
static void put_digits(int64_t number, size_t width, char *out)
{
	char *at = out + width;
	uint64_t rest = size_of(number);
	do
		*--at = (char)('0' + rest % 10);
	while (rest /= 10);
	if (number < 0)
		*--at = '-';
	while (at > out)
		*--at = ' ';
}

/* A column of the block: numbers of one width. */
static void put_column(struct alert_rows *rows, int column)
{
	char digits[BLOCK * 24];
	int64_t numbers[BLOCK];
	uint64_t largest = 0, smallest = 0; /* of those that are not below 0, and of those that are, without their sign */
	const uint64_t base = base_of(rows, column);
	for (size_t i = 0; i < rows->block_count; i++) {
		const int64_t number = numbers[i] = (int64_t)((uint64_t)rows->block[i][column] - base);
		uint64_t *most = number < 0 ? &smallest : &largest;
		*most = size_of(number) > *most ? size_of(number) : *most;
	}
	const size_t above = width_of(largest), below = smallest ? 1 + width_of(smallest) : 0, width = above > below ? above : below;
	for (size_t i = 0; i < rows->block_count; i++)
		put_digits(numbers[i], width, digits + i * width);
	buffer_clear(&rows->numbers);
	buffer_text(&rows->numbers, (struct text){digits, rows->block_count * width});
}

static int write_block(struct alert_rows *rows, struct diagnostics *d)
{
	const int64_t *first = rows->block[0];
	if (!rows->block_count)
		return 0;
	struct row row = row_of(rows, TABLE_BLOCK);
	row_bind_count(&row, (uint64_t)rows->run);
	row_bind_count(&row, (uint64_t)first[AT_ID]);
	row_bind_count(&row, rows->block_count);
	for (int i = AT_KIND; i <= AT_TIME; i++)
		if (i != AT_ENTITY)
			sqlite3_bind_int64(row.statement, row.at++, first[i]);
	if (first[AT_TIME] == INT64_MIN) /* of all that are in the block */
		sqlite3_bind_null(row.statement, row.at - 1);
	for (int i = AT_KIND; i <= AT_GROUP; i++) {
		put_column(rows, i);
		sqlite3_bind_blob64(row.statement, row.at++, rows->numbers.data, rows->numbers.length, SQLITE_TRANSIENT);
	}
	rows->block_count = 0;
	return step(rows, row.statement, d);
}

static int add_place(struct alert_rows *rows, const int64_t *numbers, struct diagnostics *d)
{
	const bool timed = numbers[AT_TIME] != INT64_MIN;
	if (rows->block_count == BLOCK || (rows->block_count && timed != (rows->block[0][AT_TIME] != INT64_MIN)))
		if (write_block(rows, d))
			return -1;
	memcpy(rows->block[rows->block_count], numbers, sizeof *rows->block);
	if (rows->block_count++ == 0) {
		rows->block[0][AT_ID] = rows->next;
		rows->next += BLOCK;
	}
	return 0;
}

/* What they share */

static int entity_number(struct alert_rows *rows, struct text entity, uint64_t *number, struct diagnostics *d)
{
	bool added;
	*number = dictionary_number(&rows->entities, entity, &added);
	if (!added)
		return 0;
	struct row row = row_of(rows, TABLE_ENTITY);
	row_bind_count(&row, (uint64_t)rows->run);
	row_bind_count(&row, *number);
	row_bind_text(&row, entity);
	return step(rows, row.statement, d);
}

enum { SEVERITIES = SEVERITY_CRITICAL + 1 };

static uint8_t code_of(const struct alert *alert)
{
	return (uint8_t)(1 + ((unsigned)alert->label * OUTCOME_COUNT + (unsigned)alert->outcome) * SEVERITIES +
		(unsigned)alert->severity);
}

static int write_verdict(struct alert_rows *rows, uint64_t number, size_t position, unsigned code,
	const struct organization *organization, struct diagnostics *d)
{
	struct row row = row_of(rows, TABLE_VERDICT);
	code--;
	row_bind_count(&row, (uint64_t)rows->run);
	row_bind_count(&row, number);
	row_bind_count(&row, position);
	row_bind_text(&row, rows_name(organization));
	row_bind_text(&row, text_of(label_name((enum label)(code / SEVERITIES / OUTCOME_COUNT))));
	row_bind_text(&row, text_of(outcome_name((enum outcome)(code / SEVERITIES % OUTCOME_COUNT))));
	row_bind_text(&row, text_of(severity_name((enum severity)(code % SEVERITIES))));
	return step(rows, row.statement, d);
}

/* The set of what the match is for each organization. */
static int verdict_number(struct alert_rows *rows, const struct pending *pending, uint64_t *number, struct diagnostics *d)
{
	bool added;
	int failed = 0;
	*number = dictionary_number(&rows->verdicts, (struct text){(const char *)pending->verdicts, rows->positions}, &added);
	for (size_t i = 0; added && !failed && i < rows->positions; i++)
		if (pending->verdicts[i])
			failed = write_verdict(rows, *number, i, pending->verdicts[i], rows->organizations[i], d);
	return failed;
}

static int write_kind(struct alert_rows *rows, uint64_t id, const struct alert *alert, uint64_t verdict, struct diagnostics *d)
{
	struct row row = row_of(rows, TABLE_KIND);
	row_bind_count(&row, (uint64_t)rows->run);
	row_bind_count(&row, id);
	row_bind_text(&row, alert->detection->name);
	row_bind_text(&row, alert->conditions);
	row_bind_text(&row, alert->dataset->name);
	row_bind_text(&row, alert->episode ? alert->episode->name : TEXT(""));
	row_bind_text(&row, text_of(alert->file));
	row_bind_count(&row, verdict);
	return step(rows, row.statement, d);
}

static int kind_number(struct alert_rows *rows, const struct pending *pending, int64_t *number, struct diagnostics *d)
{
	const struct alert *alert = &pending->alert;
	bool added;
	struct {
		const void *detection, *dataset, *episode;
		uint64_t verdict, conditions;
	} key = {alert->detection, alert->dataset, alert->episode, 0, alert->conditions.length};
	if (verdict_number(rows, pending, &key.verdict, d))
		return -1;
	buffer_clear(&rows->key);
	buffer_text(&rows->key, (struct text){(const char *)&key, sizeof key});
	buffer_text(&rows->key, alert->conditions);
	buffer_text(&rows->key, text_of(alert->file));
	uint64_t own = dictionary_number(&rows->kinds, buffer_view(&rows->key), &added);
	*number = rows->kinds_before + (int64_t)own;
	return added ? write_kind(rows, (uint64_t)*number, alert, key.verdict, d) : 0;
}

static int add_row(struct alert_rows *rows, const int64_t *row, struct diagnostics *d)
{
	memcpy(rows->batch[rows->batch_count++], row, sizeof *rows->batch);
	return rows->batch_count == BATCH ? write_batch(rows, d) : 0;
}

/* The event has no more alerts. */
static int flush(struct alert_rows *rows, struct diagnostics *d)
{
	int failed = 0;
	for (size_t i = 0; !failed && i < rows->pending_count; i++) {
		const struct pending *pending = &rows->pending[i];
		int64_t kind = 0;
		failed = kind_number(rows, pending, &kind, d);
		const int64_t row[COLUMNS] = {pending->id, kind, (int64_t)rows->moment, (int64_t)pending->entity,
			(int64_t)pending->alert.line, pending->alert.time, (int64_t)pending->alert.group};
		if (!failed)
			failed = pending->row ? add_row(rows, row, d) : add_place(rows, row, d);
	}
	rows->pending_count = rows->cursor = 0;
	arena_reset(&rows->arena);
	return failed ? -1 : 0;
}

/* Alerts */

static void enlarge_positions(struct alert_rows *rows, size_t count)
{
	rows->organizations = mem_resize(rows->organizations, count * sizeof(struct organization *));
	memset(rows->organizations + rows->positions, 0, (count - rows->positions) * sizeof(struct organization *));
	for (size_t i = 0; i < rows->pending_capacity; i++) {
		rows->pending[i].verdicts = mem_resize(rows->pending[i].verdicts, count);
		memset(rows->pending[i].verdicts + rows->positions, 0, count - rows->positions);
	}
	rows->positions = count;
}

static struct pending *add_pending(struct alert_rows *rows, const struct alert *alert)
{
	if (rows->pending_count == rows->pending_capacity) {
		const size_t before = rows->pending_capacity;
		rows->pending_capacity = before ? 2 * before : 8;
		rows->pending = mem_resize(rows->pending, rows->pending_capacity * sizeof *rows->pending);
		for (size_t i = before; i < rows->pending_capacity; i++)
			rows->pending[i] = (struct pending){.verdicts = mem_alloc(rows->positions)};
	}
	struct pending *pending = &rows->pending[rows->pending_count++];
	memset(pending->verdicts, 0, rows->positions);
	pending->alert = *alert;
	pending->alert.conditions = text_copy(&rows->arena, alert->conditions);
	pending->alert.file = alert->file ? arena_strdup(&rows->arena, alert->file) : NULL;
	pending->row = pending->whole = false;
	return pending;
}

/* Organizations come one after the other, each with the event's matches in the same order. NULL: it is new. */
static struct pending *find_pending(struct alert_rows *rows, const struct alert *alert)
{
	for (size_t i = 0; i < rows->pending_count; i++) {
		size_t at = (rows->cursor + i) % rows->pending_count;
		struct pending *pending = &rows->pending[at];
		if (pending->alert.detection == alert->detection && pending->alert.group == alert->group &&
			pending->verdicts[alert->position] == 0) {
			rows->cursor = at + 1;
			return pending;
		}
	}
	return NULL;
}

static int write_beside(struct alert_rows *rows, struct pending *pending, const struct alert *alert, struct diagnostics *d)
{
	int failed = 0;
	if (!pending->row)
		pending->id = rows->next++;
	pending->row = true;
	if (alert->whole && !pending->whole) {
		struct row row = row_of(rows, TABLE_EVENT);
		row_bind_count(&row, (uint64_t)pending->id);
		row_bind_text(&row, alert->fields);
		row_bind_text(&row, alert->event);
		failed = step(rows, row.statement, d);
		pending->whole = true;
	}
	if (!failed && (alert->sample || alert->first)) {
		struct row row = row_of(rows, TABLE_SAMPLE);
		row_bind_count(&row, (uint64_t)pending->id);
		row_bind_count(&row, alert->position);
		row_bind_count(&row, (alert->sample ? ALERT_SAMPLE : 0U) | (alert->first ? ALERT_FIRST : 0U));
		failed = step(rows, row.statement, d);
	}
	return failed;
}

int alert_rows_add(struct alert_rows *rows, const struct alert *alert, struct diagnostics *d)
{
	if (rows->pending_count && rows->moment != alert->moment && flush(rows, d))
		return -1;
	rows->moment = alert->moment;
	if (alert->position >= rows->positions)
		enlarge_positions(rows, alert->position + 1);
	rows->organizations[alert->position] = alert->organization;
	struct pending *pending = find_pending(rows, alert);
	if (!pending) {
		pending = add_pending(rows, alert);
		if (entity_number(rows, alert->entity, &pending->entity, d))
			return -1;
	}
	pending->verdicts[alert->position] = code_of(alert);
	return alert->whole || alert->sample || alert->first ? write_beside(rows, pending, alert, d) : 0;
}

static int note_range(struct alert_rows *rows, struct diagnostics *d)
{
	sqlite3_stmt *statement = store_prepare(rows->store, "UPDATE run SET first_match = ?, last_match = ? WHERE id = ?", d);
	if (!statement)
		return -1;
	struct row row = {statement, 1};
	row_bind_count(&row, (uint64_t)rows->first);
	row_bind_count(&row, (uint64_t)rows->next - 1);
	row_bind_count(&row, (uint64_t)rows->run);
	int failed = step(rows, statement, d);
	sqlite3_finalize(statement);
	return failed;
}

int alert_rows_finish(struct alert_rows *rows, struct diagnostics *d)
{
	if (flush(rows, d) || write_batch(rows, d) || write_block(rows, d))
		return -1;
	if (rows->index && rows->index[0] && store_execute(rows->store, rows->index, d))
		return -1;
	return rows->next > rows->first ? note_range(rows, d) : 0;
}
