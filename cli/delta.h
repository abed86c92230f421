/*
 * delta: the smallest part of some changes that still shows what all of them together show (delta debugging; Zeller and
 * Hildebrandt 2002).
 *
 *   count = delta_minimise(items, count, shows, context);     items[0 … count): no single one of them can be left out
 *
 * `shows` is asked about parts of the list; all of it shows. A part that cannot be tried does not show. The asking is at most
 * quadratic in `count`, and logarithmic where one change is the cause.
 */
#ifndef MEWS_DELTA_H
#define MEWS_DELTA_H

#include <stdbool.h>
#include <stddef.h>

typedef bool delta_shows(void *context, const size_t *items, size_t count);

size_t delta_minimise(size_t *items, size_t count, delta_shows *shows, void *context);

#endif
