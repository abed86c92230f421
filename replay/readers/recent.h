/*
 * recent: was this text seen lately? For records of one happening that come several times.
 *
 * Remembers hashes of 64 bits of the last RECENT_MAX texts at least, and of twice as many at most; memory is taken once.
 */
#ifndef MEWS_RECENT_H
#define MEWS_RECENT_H

#include "catalog/text.h"

enum { RECENT_MAX = 16384 };

struct recent;

struct recent *recent_new(void);
void recent_free(struct recent *recent); /* NULL is fine */
/* true: seen before. It is remembered now. */
bool recent_seen(struct recent *recent, struct text text);

#endif
