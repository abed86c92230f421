/*
 * record_plan: what a dialect asks of records, with every name as a number, before the first record is read.
 *
 *   rows      process.pid: proc.pid          numbers   proc.pid = 1, evt.type = 2, evt.time = 3
 *             event process.exec, match: {evt.type: execve}
 *   record    evt.type=execve proc.pid=7     slots     [1] → second value, [2] → first, [3] → none
 *
 * A record in use by a plan (record_use) keeps its values by number, so that no row hashes a name again; and the
 * values that are there tell which rows can give a field, so that rows without a value cost nothing. Rows of fields that
 * nobody wants are left out, but for those that an event needs. One plan serves all records of one dialect, one set of
 * wanted fields and one label name; it is constant once it was made.
 */
#ifndef MEWS_RECORD_PLAN_H
#define MEWS_RECORD_PLAN_H

#include "catalog/dialect_plan.h"

enum { RECORD_NAMES_MAX = 60000 };

struct plan_test {
	const struct dialect_match *match;
	uint16_t name;
};

struct plan_row {
	const struct dialect_field *field;
	const uint16_t *names; /* numbers beside field->names */
	uint16_t base;         /* of the source's base */
	const struct plan_test *where; /* beside the source's */
};

/* The rows that one event carries, in order; and for each name the rows that read it:
 * by_name[first[number] … first[number + 1]) are positions in rows. */
struct plan_carried {
	const struct dialect_field *const *items; /* the dialect's own list, by which equal ones are found again */
	const struct plan_row *rows;
	size_t count;
	const uint32_t *first;
	const uint16_t *by_name;
	const uint16_t *always; /* rows that may have a value whatever names are there: constants, values of parts */
	size_t always_count;
};

/* Names that are all members of one: `labels.*`. The value of labels.app is added to it as `app=VALUE`, by record_add and
 * record_part_add: a reader that adds by number hands names with such a beginning to those. */
struct plan_members {
	struct text prefix; /* "labels."; ".labels." of `*.labels.*` */
	uint16_t number;
};

/* What an event cannot be without: a field, a raw name, or a kind of part. */
struct plan_need {
	unsigned field; /* FIELD_NONE: it is a name or a kind */
	uint16_t name;
	struct text kind;
};

struct plan_event {
	const struct dialect_event *event;
	const struct plan_test *tests;
	size_t test_count;
	const struct plan_need *needs;
	size_t need_count;
	const struct plan_carried *carried;
};

struct plan_group {
	const struct dialect_group *group;
	const struct plan_test *when;
	size_t when_count;
	uint16_t key;                     /* of group->plan; 0: none */
	const struct plan_event *events;  /* beside the group's events */
	const struct plan_carried *other; /* NULL: the group has none */
	unsigned other_action;
};

/* A made name, and its rows. */
struct plan_made {
	uint16_t name;
	const struct plan_row *rows;
	size_t row_count;
};

struct plan_names; /* name → number */

struct record_plan {
	const struct dialect *dialect;
	struct regex_match *match; /* for the dialect's expressions: of whoever uses the plan, as the dialect may be shared */
	const struct text *names;  /* [name_count + 1], by number; [0] is unused */
	size_t name_count;
	const struct plan_names *index;
	const struct text *kinds;  /* of parts that an event or a row is `each` of, that are pairs, or records of their own */
	size_t kind_count;
	const struct plan_made *made; /* beside the dialect's */
	bool starred;              /* some names are `*.x`: they stand among the others as `.x` */
	const uint16_t *also;      /* NULL, or by number: a name that is alike but begins with `*.`; it gets the value too */
	const struct plan_members *members;
	size_t member_count;
	const struct plan_group *groups; /* that are read */
	size_t group_count;
	const uint16_t *times;     /* beside the dialect's */
	uint16_t label, id, records; /* 0: none */
	unsigned dataset;          /* the field event.dataset, or FIELD_NONE */
};

/* `wanted` as in reader_options (NULL: all); `label` may be empty. All that the plan points to must live as long as it. */
const struct record_plan *record_plan_make(struct arena *arena, const struct dialect *dialect,
	const struct registry *registry, const uint8_t *wanted, struct text label);
/* The name's number; 0: nothing asks for it. */
unsigned record_plan_name(const struct record_plan *plan, struct text name);
/* Are the objects of that array records of their own? */
bool record_plan_splits(const struct record_plan *plan, struct text kind);

#endif
