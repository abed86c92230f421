/*
 * dialect_new: the beginning of a dialect, guessed from a sample: `mews dialect new`.
 *
 * What tells the events apart is the raw name whose values other dialects know as events; fields are those under whose raw
 * names other dialects have them; all is written with an example beside it, and what nobody knows stands there as a comment.
 */
#ifndef MEWS_DIALECT_NEW_H
#define MEWS_DIALECT_NEW_H

#include "replay/readers/dialect_check.h"

#include <stdio.h>

/* A dialect of that format that asks for nothing, so that a check lists every name of a sample. */
const struct dialect *dialect_blank(struct arena *arena, const struct registry *registry, const char *reads);
/* Writes the skeleton of what such a check found. */
void dialect_new_print(const struct dialect_check *check, const char *name, const char *sample, FILE *out);

#endif
