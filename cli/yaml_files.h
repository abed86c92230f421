/*
 * yaml_files: the YAML files below a folder, in the order of their names.
 *
 * Hidden files and folders, and folders that are symbolic links, are passed over; at most 16 folders deep.
 */
#ifndef MEWS_YAML_FILES_H
#define MEWS_YAML_FILES_H

#include "catalog/diagnostic.h"

struct yaml_files {
	const char **items;
	size_t count;
};

/* Adds to the list. -1: a folder could not be read (reported); what was found stays. */
int yaml_files_find(struct yaml_files *files, struct arena *arena, const char *folder, struct diagnostics *d);

#endif
