/*
 * dialect_plan: what can be known of a group before the first record is read.
 *
 * A record that says SYSCALL.syscall=openat can be none of the rows that ask for another call. The plan
 * chooses the raw name whose value tells most rows apart, and lists for each value the rows that are left, in
 * their order; and for each row the fields that its events carry.
 */
#ifndef MEWS_DIALECT_PLAN_H
#define MEWS_DIALECT_PLAN_H

#include "catalog/dialect.h"

/* Rows of the group's `events` that a record can be: those that do not ask for `key`, and those that ask
 * for its value. */
struct dialect_rows {
	const unsigned *items;
	size_t count;
};

/* Fields that are read for an event, in the order of the group. */
struct dialect_carried {
	const struct dialect_field *const *items;
	size_t count;
};

struct dialect_plan {
	bool reads;                      /* false: the group is for writing only */
	struct text key;                 /* raw name; empty: no name tells rows apart */
	const struct text *values;       /* that rows ask of it, sorted */
	const struct dialect_rows *rows; /* beside values */
	size_t value_count;
	struct dialect_rows all, rest;   /* all that are read; those that do not ask for `key` */
	const struct dialect_carried *carried; /* beside the group's events */
	struct dialect_carried other;    /* of CATEGORY.other, where the group has it */
};

const struct dialect_plan *dialect_plan_make(struct arena *arena, const struct registry *registry,
	const struct dialect_group *group);
/* The rows for a record whose `key` has this value. */
struct dialect_rows dialect_plan_rows(const struct dialect_plan *plan, struct text value);

#endif
