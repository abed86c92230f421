/*
 * dialect_table: what `mews dialect check` found, for people and as JSON.
 */
#ifndef MEWS_DIALECT_TABLE_H
#define MEWS_DIALECT_TABLE_H

#include "replay/readers/dialect_check.h"

#include <stdio.h>

/* `all`: every row and name, not just the first ones. 80 columns wide. */
void dialect_table_print(const struct dialect_check *check, bool all, FILE *out);
void dialect_table_json(const struct dialect_check *check, FILE *out);

#endif
