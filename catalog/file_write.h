/*
 * file_write: a user's file gets new content, whole or not at all.
 *
 *   if (file_write(path, before, after, &d))
 *   	…reported; the file is as it was…
 *   if (file_put(path, content, &d))
 *   	…likewise, whatever stands there…
 *
 * The new content is written beside the file, flushed to the disk, and takes the file's place in one step. The file's
 * mode and, where that is allowed, its owner stay. A symbolic link stays one: what it points to is written.
 */
#ifndef MEWS_FILE_WRITE_H
#define MEWS_FILE_WRITE_H

#include "catalog/diagnostic.h"

/* The same for a file whose content does not matter, or that is not there yet (its mode is 0644 then). */
int file_put(const char *path, struct text content, struct diagnostics *d);

/* `before`: what was read; a file that holds something else by now is not touched, and that is an error. 0, or -1
 * reported at the file. */
int file_write(const char *path, struct text before, struct text after, struct diagnostics *d);

#endif
