/*
 * files: finding files: by a glob, below a folder.
 */
#ifndef MEWS_FILES_H
#define MEWS_FILES_H

#include "catalog/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Adds the files that a glob names, sorted, to a list in the arena. Returns how many it added. */
size_t files_expand(struct arena *arena, const char *pattern, char ***files, size_t *count);
/* A glob that names this path alone. */
const char *files_literal(struct arena *arena, const char *path);
/* Is it written as a glob (`*`, `?`, `[`)? */
bool files_is_glob(const char *operand);

struct found_file {
	const char *path;
	const char *skipped; /* why it is not to be read, or NULL */
};

/* Adds everything below a folder, in the order of paths. What is no ordinary file (a FIFO would be waited for), what is
 * hidden and what cannot be listed is there too, as skipped; folders that are links are not entered. */
void files_below(struct arena *arena, const char *folder, struct found_file **found, size_t *count);

#endif
