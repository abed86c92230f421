/*
 * regex_cache: expressions that were compiled once, found again by their text.
 *
 * For rules that are read back from text and asked of many records. Bounded: when REGEX_CACHE_MAX expressions are
 * held, all are forgotten and compiling begins anew.
 */
#ifndef MEWS_REGEX_CACHE_H
#define MEWS_REGEX_CACHE_H

#include "catalog/regex.h"

enum { REGEX_CACHE_MAX = 4096 };

struct regex_cache;

struct regex_cache *regex_cache_new(void);
void regex_cache_free(struct regex_cache *cache); /* NULL is fine */
/* NULL: it is none of the subset. Lives until the next question. */
const struct regex *regex_cache_get(struct regex_cache *cache, struct text pattern, bool fold);

#endif
