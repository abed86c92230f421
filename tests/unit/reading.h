/*
 * reading: runs a reader over a text and writes its events down, for the tests of readers.
 *
 *   struct reading r;
 *   reading_of(&r, "auditd", "auditd", "type=…\n");
 *   CHECK_CONTAINS(r.events, "process.args=[ls][-l]");
 *   reading_end(&r);
 *
 * One line a facet: `LINE CATEGORY.ACTION @TIME FIELD=[value][value] …`, fields sorted by name. The account
 * of lines is checked to balance each time.
 */
#ifndef MEWS_UNIT_READING_H
#define MEWS_UNIT_READING_H

#include "replay/readers/formats.h"
#include "tests/unit/unit.h"

struct reading {
	struct arena arena;
	struct catalog catalog;
	struct reader_options options; /* set label_name, columns … before reading_run */
	struct diagnostics diagnostics;
	struct ledger ledger;
	struct buffer written;
	struct text events;            /* view of `written` */
	size_t taken, stop_after;      /* stop_after: the sink returns 7 after so many events; 0: never */
	int status;
};

/* `dialect`: the name of a file of rulesets/dialects, YAML text (with a newline), or NULL. */
void reading_begin(struct reading *r, const char *dialect);
/* One more into the catalog, for readers that hand records to other dialects. */
void reading_add_dialect(struct reading *r, const char *dialect);
void reading_run(struct reading *r, const char *format, struct text content);
void reading_file(struct reading *r, const char *format, const char *path);
/* reading_begin and reading_run. */
void reading_of(struct reading *r, const char *format, const char *dialect, const char *content);
void reading_end(struct reading *r);
/* events, first lines, continued, blank, rejected */
bool reading_counts(const struct reading *r, uint64_t events, uint64_t first, uint64_t continued, uint64_t blank,
	uint64_t rejected);

/* A text and what a reader must make of it. */
struct reading_case {
	const char *name, *content;
	uint64_t events, first, continued, blank, rejected;
	const char *expected; /* in the events; NULL: anything */
	const char *reason;   /* of the first rejected line; NULL: any */
};
/* Runs each, by the dialect ecs. */
void reading_check(const char *format, const struct reading_case *cases, size_t count);

#endif
