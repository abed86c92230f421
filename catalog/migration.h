/*
 * migration: the schema of the store, as the steps that lead from an empty file to it.
 *
 * Step n (from 1) brings a file from version n-1 to version n. A step that was released is never
 * changed; what comes later is a step of its own. docs/store.md describes the tables for users.
 */
#ifndef MEWS_MIGRATION_H
#define MEWS_MIGRATION_H

#include <stddef.h>

enum { MIGRATION_APPLICATION_ID = 0x6d657773 }; /* "mews", in the file's header */

extern const char *const *const migrations[]; /* each a list of scripts, which ends with NULL */
extern const size_t migration_count; /* the newest version */

#endif
