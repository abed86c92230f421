/*
 * rewrite: puts new content in a file's place, whole or not at all.
 *
 * A file beside it is written, gets the mode of the one that was there (0644 where none was), and takes its name. A symbolic
 * link stays one: what it leads to is rewritten.
 */
#ifndef MEWS_REWRITE_H
#define MEWS_REWRITE_H

#include "catalog/diagnostic.h"

/* 0; -1 after an error that names the path. Nothing is left behind then. */
int file_rewrite(const char *path, struct text content, struct diagnostics *d);

#endif
