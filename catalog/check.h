/*
 * check: what only the whole catalog can tell: names and ids that two entries share, names that nothing
 * has, exceptions that can never apply.
 */
#ifndef MEWS_CHECK_H
#define MEWS_CHECK_H

#include "catalog/catalog.h"

/* Errors and warnings about the catalog as a whole. Files that could not be loaded still count as
 * there, so that one fault does not look like two. Returns 0, or -1 after an error. */
int catalog_check(const struct catalog *catalog, struct diagnostics *d);

/* Gives the newest diagnostic, which stands at `place`, its source line. */
void catalog_show_line(const struct catalog *catalog, struct diagnostics *d, struct place place);

#endif
