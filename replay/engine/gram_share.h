/*
 * gram_share: one gram for many literals that begin alike, where each by itself has one of its own.
 *
 *   IMPHASH=1ea135a6…  IMPHASH=96558a7b…  and some hundred more      each one's rarest gram is of its digits
 *                                                                     together they are looked for by "IMPH"
 *
 * A few grams go through the coarse sieve, which needs nothing but registers; several hundred do not (gram_scan.h). So where
 * literals are too many for it and enough of them share their first bytes, their gram is the rarest of those. It is met more
 * often than their own, but then one search tells all of them (literal_table.h).
 */
#ifndef MEWS_GRAM_SHARE_H
#define MEWS_GRAM_SHARE_H

#include "replay/engine/literal_table.h"

/* Literals of a field whose `before` are those of their rarest grams, GRAM_WIDTH bytes or more each. Changes nothing where
 * they are no more than `most` different grams, or still are more behind it, or are that many that it is not tried. */
void gram_share(struct literal_entry *entries, size_t count, size_t most, const struct gram_counts *counts, unsigned field);

#endif
