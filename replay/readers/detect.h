/*
 * detect: telling a source's format from its beginning.
 *
 *   struct format_wish wish = {.reader = NULL, .dialect = NULL};   -- what the user said
 *   struct format_told told;
 *   format_tell(catalog, input, &wish, &arena, &told, &d);
 *   if (told.reader) printf("%s: %s\n", input_name(input), told.what);
 *
 * The readers say how well the beginning fits (reader.h), of those that fit best first the first one that can be used
 * is taken: one with a dialect of its own, or one for which a dialect of the catalog understands records
 * (dialect_choice.h). Nothing is taken from the input: the reader sees all of it.
 */
#ifndef MEWS_DETECT_H
#define MEWS_DETECT_H

#include "replay/readers/reader.h"

struct format_wish {
	const char *reader, *dialect; /* names, or NULL: told */
};

struct format_told {
	const struct reader *reader;   /* NULL: it cannot be told, `what` says why and what to do */
	const struct dialect *dialect; /* NULL: the reader's own, or none */
	char csv_separator;            /* what parts its columns; 0: it is no CSV, or a comma does */
	bool empty;                    /* there is nothing in it */
	const char *what;              /* "json, dialect falco (12 of 12 events understood)"; lives in the arena */
};

/* Are the names that the user gave known, and do they go together? 0, or -1 (reported). */
int format_wish_check(const struct catalog *catalog, const struct format_wish *wish, struct diagnostics *d);

/* 0, also where it cannot be told; -1: the source cannot be read (reported). */
int format_tell(const struct catalog *catalog, struct input *input, const struct format_wish *wish, struct arena *arena,
	struct format_told *told, struct diagnostics *d);

#endif
