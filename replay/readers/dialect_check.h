/*
 * dialect_check: what a dialect makes of recorded samples, row by row: the figures behind `mews dialect check`.
 *
 *   struct dialect_check *check = dialect_check_new(&arena, &catalog, dialect);
 *   dialect_check_file(check, reader_find(TEXT("json")), "sample.json", &options, &d);
 *   dialect_check_end(check);
 *   check->ledger.events, check->events, check->rows …
 *
 * All lives in the arena, but for the ledger, which dialect_check_free gives back. Texts are cut to EXAMPLE_LENGTH bytes.
 */
#ifndef MEWS_DIALECT_CHECK_H
#define MEWS_DIALECT_CHECK_H

#include "replay/readers/reader.h"

enum { EXAMPLE_LENGTH = 60, CHECK_VALUES_MAX = 24 };

struct check_event { /* facets of one action that one group gives */
	const struct dialect_group *group;
	unsigned category, action;
	bool other; /* because no event of the group fits */
	uint64_t count;
};

struct check_field {
	unsigned field;
	uint64_t count; /* facets that have it */
	struct text example;
};

struct check_row {
	const struct dialect_group *group;
	const struct dialect_field *row;
	uint64_t asked;  /* facets that carry it */
	uint64_t there;  /* in which a raw name of it has a value */
	uint64_t marked; /* in which it only says that there is none */
	uint64_t filled; /* in which the field is filled, and no earlier row could have done it */
	uint64_t unfit;  /* in which it is not, though the value is there */
	struct text example; /* the first unfit value */
	const char *file;
	uint64_t line;   /* where it stands */
};

struct check_value {
	struct text text;
	uint64_t count;
};

struct check_name { /* a raw name that the dialect never asks for */
	struct text name;
	uint64_t count;  /* records that have it */
	struct text example;
	struct text hint; /* who knows it: "process.pid (tetragon)"; or empty */
	unsigned field;   /* that the hint names, or FIELD_NONE */
	unsigned likeness; /* of the hint: 3 the same name, 2 the last two parts of it, 1 the last one */
	struct check_value *values; /* its first values, CHECK_VALUES_MAX at most; more: `many` */
	size_t value_count;
	bool many;
};

struct dialect_check {
	struct arena *arena;
	const struct catalog *catalog;
	const struct dialect *dialect;
	struct ledger ledger;
	uint64_t elsewhere;  /* records that went through another dialect: messages inside syslog */
	uint64_t understood; /* events that an event of the dialect names; the rest is other or unmapped */
	struct check_event *events;
	size_t event_count;
	struct check_field *fields;
	size_t field_count;
	struct check_row *rows;   /* all that read, in the dialect's order, without those that `registered` made */
	size_t row_count;
	struct check_name *names; /* most frequent first, after dialect_check_end */
	size_t name_count;
	struct check_state *state;
};

struct dialect_check *dialect_check_new(struct arena *arena, const struct catalog *catalog, const struct dialect *dialect);
/* Reads a sample; `options` as for reader_read (its dialect is the check's). -1: it cannot be read (reported). */
int dialect_check_file(struct dialect_check *check, const struct reader *reader, const char *path,
	const struct reader_options *options, struct diagnostics *d);
/* Sorts, and looks for hints. */
void dialect_check_end(struct dialect_check *check);
void dialect_check_free(struct dialect_check *check);

/* What other dialects of the catalog (not `but`), or the registry, make of a raw name: hint, field and likeness of
 * name->name. */
void dialect_hint(struct arena *arena, const struct catalog *catalog, const struct dialect *but, struct check_name *name);

#endif
