/* columns: see columns.h. */
#include "replay/measure/columns.h"

#include <math.h>
#include <string.h>

#define COUNT(type, name, member) {name, COLUMN_COUNT, offsetof(struct type, member)}
#define RATE(type, member) {#member, COLUMN_RATE, offsetof(struct type, member)}
#define REAL(type, name, member) {name, COLUMN_REAL, offsetof(struct type, member)}
#define OUTCOME(name, outcome) {name, COLUMN_COUNT, (outcome) * sizeof(uint64_t)}
#define COUNTS_OF_ALERTS(type) \
	COUNT(type, "tp", alerts[OUTCOME_TP]), COUNT(type, "btp", alerts[OUTCOME_BTP]), COUNT(type, "fp", alerts[OUTCOME_FP]), \
	COUNT(type, "fn", fn), COUNT(type, "unattributed", alerts[OUTCOME_UNATTRIBUTED]), \
	COUNT(type, "unknown", alerts[OUTCOME_UNKNOWN]), COUNT(type, "tp_groups", groups[OUTCOME_TP]), \
	COUNT(type, "btp_groups", groups[OUTCOME_BTP]), COUNT(type, "fp_groups", groups[OUTCOME_FP]), \
	COUNT(type, "unattributed_groups", groups[OUTCOME_UNATTRIBUTED]), COUNT(type, "unknown_groups", groups[OUTCOME_UNKNOWN])

const struct column measure_columns[] = {
	{"disabled", COLUMN_FLAG, offsetof(struct measure, disabled)},
	{"below_severity", COLUMN_FLAG, offsetof(struct measure, below)},
	COUNTS_OF_ALERTS(measure),
	COUNT(measure, "fn_without_baseline", fn_without_baseline),
	COUNT(measure, "matches", matches),
	COUNT(measure, "excepted", excepted),
	COUNT(measure, "benign_in_scope", benign_in_scope),
	COUNT(measure, "fp_events", fp_events),
	COUNT(measure, "predicates", predicates),
	COUNT(measure, "limited", limited),
	COUNT(measure, "extra", extra),
	COUNT(measure, "missed", missed),
	RATE(measure, recall),
	RATE(measure, recall_without_baseline),
	RATE(measure, risky_recall),
	RATE(measure, false_positive_rate),
	RATE(measure, precision),
	REAL(measure, "groups_per_day", groups_per_day),
	REAL(measure, "false_groups_per_day", false_groups_per_day),
	REAL(measure, "false_groups_per_hour", false_groups_per_hour),
	REAL(measure, "predictive_value", predictive_value),
	{"budget", COLUMN_LIMIT, offsetof(struct measure, budget)},
	{NULL, COLUMN_COUNT, 0},
};

const struct column total_columns[] = {
	{"datasets", COLUMN_SIZE, offsetof(struct total, datasets)},
	COUNTS_OF_ALERTS(total),
	COUNT(total, "excepted", excepted),
	COUNT(total, "benign_in_scope", benign_events),
	COUNT(total, "fp_events", fp_events),
	RATE(total, recall),
	RATE(total, recall_without_baseline),
	RATE(total, expected),
	RATE(total, precision),
	RATE(total, false_positive_rate),
	REAL(total, "groups_per_day", groups_per_day),
	REAL(total, "false_groups_per_day", false_groups_per_day),
	REAL(total, "false_groups_per_hour", false_groups_per_hour),
	REAL(total, "observed_seconds", observed),
	{NULL, COLUMN_COUNT, 0},
};

const struct column ledger_columns[] = {
	COUNT(ledger, "lines", lines),
	COUNT(ledger, "events", events),
	COUNT(ledger, "event_lines", event_lines),
	COUNT(ledger, "continued", continued),
	COUNT(ledger, "blank", blank),
	COUNT(ledger, "rejected", rejected),
	COUNT(ledger, "unmapped", unmapped),
	COUNT(ledger, "unfilled", unfilled),
	{NULL, COLUMN_COUNT, 0},
};

const struct column outcome_columns[] = {
	OUTCOME("tp", OUTCOME_TP), OUTCOME("btp", OUTCOME_BTP), OUTCOME("fp", OUTCOME_FP),
	OUTCOME("unattributed", OUTCOME_UNATTRIBUTED), OUTCOME("unknown", OUTCOME_UNKNOWN),
	{NULL, COLUMN_COUNT, 0},
};

/* SQL */

static const char *const rate_parts[] = {"", "_low", "_high", "_numerator", "_denominator"};
enum { RATE_PARTS = sizeof rate_parts / sizeof *rate_parts };

static void put_names(struct buffer *sql, const char *first, const struct column *columns)
{
	buffer_string(sql, first);
	for (; columns && columns->name; columns++)
		for (size_t i = 0; i < (columns->kind == COLUMN_RATE ? RATE_PARTS : 1); i++)
			buffer_printf(sql, ", %s%s", columns->name, rate_parts[i]);
}

static char *made(struct arena *arena, struct buffer *sql)
{
	char *text = arena_strndup(arena, sql->data, sql->length);
	buffer_free(sql);
	return text;
}

char *columns_insert(struct arena *arena, const char *table, const char *first, const struct column *columns)
{
	struct buffer sql = {0};
	buffer_printf(&sql, "INSERT INTO %s(", table);
	size_t from = sql.length, commas = 0;
	put_names(&sql, first, columns);
	for (size_t i = from; i < sql.length; i++)
		commas += sql.data[i] == ',';
	buffer_string(&sql, ") VALUES (?");
	for (size_t i = 0; i < commas; i++)
		buffer_string(&sql, ", ?");
	buffer_char(&sql, ')');
	return made(arena, &sql);
}

char *columns_select(struct arena *arena, const char *table, const char *first, const struct column *columns,
	const char *rest)
{
	struct buffer sql = {0};
	buffer_string(&sql, "SELECT ");
	put_names(&sql, first, columns);
	buffer_printf(&sql, " FROM %s WHERE run = ? %s", table, rest);
	return made(arena, &sql);
}

/* Writing */

void row_bind_text(struct row *row, struct text text)
{
	store_bind_text(row->statement, row->at++, text);
}

void row_bind_count(struct row *row, uint64_t number)
{
	sqlite3_bind_int64(row->statement, row->at++, (sqlite3_int64)number);
}

void row_bind_real(struct row *row, double number)
{
	if (isfinite(number))
		sqlite3_bind_double(row->statement, row->at++, number);
	else
		sqlite3_bind_null(row->statement, row->at++);
}

void row_bind_time(struct row *row, int64_t time)
{
	char text[40];
	if (time != INT64_MIN)
		row_bind_text(row, (struct text){text, date_format(time, text)});
	else
		sqlite3_bind_null(row->statement, row->at++);
}

static void bind_rate(struct row *row, const struct rate *rate)
{
	row_bind_real(row, rate->value);
	row_bind_real(row, rate->low);
	row_bind_real(row, rate->high);
	row_bind_real(row, (double)rate->numerator);
	row_bind_real(row, (double)rate->denominator);
}

void columns_bind(struct row *row, const struct column *columns, const void *object)
{
	for (; columns->name; columns++) {
		const void *place = (const char *)object + columns->offset;
		switch (columns->kind) {
		case COLUMN_COUNT: row_bind_count(row, *(const uint64_t *)place); break;
		case COLUMN_SIZE: row_bind_count(row, *(const size_t *)place); break;
		case COLUMN_FLAG: row_bind_count(row, *(const bool *)place); break;
		case COLUMN_REAL: row_bind_real(row, *(const double *)place); break;
		case COLUMN_LIMIT: row_bind_real(row, *(const double *)place < 0 ? NAN : *(const double *)place); break;
		case COLUMN_RATE: bind_rate(row, place); break;
		}
	}
}

/* Reading */

struct text row_view(struct row *row)
{
	const void *data = sqlite3_column_text(row->statement, row->at);
	size_t length = (size_t)sqlite3_column_bytes(row->statement, row->at++);
	return data ? (struct text){data, length} : TEXT("");
}

struct text row_text(struct row *row, struct arena *arena)
{
	return text_copy(arena, row_view(row));
}

uint64_t row_count(struct row *row)
{
	return (uint64_t)sqlite3_column_int64(row->statement, row->at++);
}

double row_real(struct row *row)
{
	bool none = sqlite3_column_type(row->statement, row->at) == SQLITE_NULL;
	double number = sqlite3_column_double(row->statement, row->at++);
	return none ? NAN : number;
}

int64_t row_time(struct row *row)
{
	int64_t time;
	struct text text = row_view(row);
	return text.length && date_parse(text, &time) ? time : INT64_MIN;
}

static struct rate read_rate(struct row *row)
{
	double parts[RATE_PARTS];
	for (size_t i = 0; i < RATE_PARTS; i++)
		parts[i] = row_real(row);
	return (struct rate){.value = parts[0], .low = parts[1], .high = parts[2],
		.numerator = isnan(parts[3]) ? 0 : (uint64_t)parts[3], .denominator = isnan(parts[4]) ? 0 : (uint64_t)parts[4]};
}

void columns_read(struct row *row, const struct column *columns, void *object)
{
	for (; columns->name; columns++) {
		void *place = (char *)object + columns->offset;
		double limit;
		switch (columns->kind) {
		case COLUMN_COUNT: *(uint64_t *)place = row_count(row); break;
		case COLUMN_SIZE: *(size_t *)place = (size_t)row_count(row); break;
		case COLUMN_FLAG: *(bool *)place = row_count(row) != 0; break;
		case COLUMN_REAL: *(double *)place = row_real(row); break;
		case COLUMN_LIMIT:
			limit = row_real(row);
			*(double *)place = isnan(limit) ? -1 : limit;
			break;
		case COLUMN_RATE: *(struct rate *)place = read_rate(row); break;
		}
	}
}
