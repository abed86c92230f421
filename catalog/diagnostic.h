/*
 * diagnostic: what is wrong, and where.
 *
 * Everything that reads what a user wrote reports into a `struct diagnostics` and goes on as far as
 * it can, so that ten faults give ten sentences in one run. Functions that report return 0 or, when
 * they reported an error, -1. Nothing here prints but diagnostics_print.
 */
#ifndef MEWS_DIAGNOSTIC_H
#define MEWS_DIAGNOSTIC_H

#include "catalog/arena.h"
#include "catalog/text.h"

#include <stdio.h>

/* A place in a file. Lines and columns count from 1; 0 is "not known". Columns count characters. */
struct place {
	const char *file; /* lives as long as the catalog (diagnostics keep a copy); NULL: no file */
	unsigned line, column;
};

enum severity_of_diagnostic { DIAGNOSTIC_ERROR, DIAGNOSTIC_WARNING, DIAGNOSTIC_NOTE };

struct diagnostic {
	enum severity_of_diagnostic severity;
	struct place place;
	const char *message;     /* one sentence without a final dot */
	const char *source_line; /* the line of the file, cut around the column where it is long; or NULL */
	unsigned caret;          /* characters of source_line before the caret */
};

struct diagnostics {
	struct arena arena;
	struct diagnostic *items; /* in the order of report */
	size_t count;
	size_t errors; /* how many of them are errors */
};

/* Always returns -1 for an error and 0 for warnings and notes, so that callers may `return` it. */
int diagnostics_add(struct diagnostics *d, enum severity_of_diagnostic severity, struct place place,
	const char *format, ...) __attribute__((format(printf, 4, 5)));
#define diagnostics_error(d, place, ...) diagnostics_add((d), DIAGNOSTIC_ERROR, (place), __VA_ARGS__)
#define diagnostics_warning(d, place, ...) diagnostics_add((d), DIAGNOSTIC_WARNING, (place), __VA_ARGS__)

/* Gives the newest diagnostic its source line: the line `place.line` of `document`. */
void diagnostics_show_line(struct diagnostics *d, struct text document);

/* Sorts by file, line, column (stable) and drops exact repetitions. */
void diagnostics_sort(struct diagnostics *d);

/* `file:line:col: error: message`, the source line and a caret below its column. */
void diagnostics_print(const struct diagnostics *d, FILE *out);
/* What a user's file holds must not steer the terminal: control characters (C0 save tab, DEL, C1) and bytes that are no
 * UTF-8 are printed as `?`. */
void diagnostic_print_safely(const char *string, FILE *out);
void diagnostics_free(struct diagnostics *d);

#endif
