/*
 * loosen: a regular expression that is too long for a target, and cannot be cut into pieces that say the same, as bounds
 * made of short ones.
 *
 * A chain is its beginning and its end, each with anything beyond; a group that is repeated is left out, or stands once
 * with anything behind it; alternatives are tried apart:
 *
 *   ((sudo|env)\s+)*nc -e   →   upper: nc -e, or both ((sudo|env)\s+).* and .*nc -e;   lower: nc -e
 *
 * What the expression matches the upper bound matches, too, and what the lower bound matches the expression does. Where no
 * part of it had to give way both are the same.
 */
#ifndef MEWS_LOOSEN_H
#define MEWS_LOOSEN_H

#include "generator/bound.h"
#include "generator/pieces.h"

/* The bounds of the limit's test with this expression as its value, in the arena; TRUE and FALSE where even so nothing can be
 * said. `reason` is their reason where they are not exact. */
struct bounds loosen(struct arena *arena, const struct pieces_limit *limit, struct text regex, const char *reason);

#endif
