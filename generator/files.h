/*
 * files: what a verb makes, brought to the disk all or nothing: written beside (NAME.new) and renamed.
 */
#ifndef MEWS_FILES_H
#define MEWS_FILES_H

#include "catalog/diagnostic.h"

struct made_file {
	struct text name; /* within the folder; may have folders before it */
	struct buffer content;
};

/* Puts the files below `folder`, making folders as needed. -1: reported, and nothing stands there that did not before. */
int files_store(struct arena *arena, const char *folder, struct made_file *const *files, size_t count, struct diagnostics *d);

#endif
