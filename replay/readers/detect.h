/*
 * detect: finding files, and telling a file's format from its name and content.
 */
#ifndef MEWS_DETECT_H
#define MEWS_DETECT_H

#include "replay/readers/reader.h"

/* Adds the files that a glob names, sorted, to a list in the arena. Returns how many it added. */
size_t files_expand(struct arena *arena, const char *pattern, char ***files, size_t *count);

/* The reader and the dialect (NULL where the reader needs none) that the beginning of a file asks for.
 * NULL: nothing fits, or the file cannot be read (reported). Standard input cannot be told: say so. */
const struct reader *format_detect(const struct catalog *catalog, const char *path, const char **dialect,
	struct diagnostics *d);

#endif
