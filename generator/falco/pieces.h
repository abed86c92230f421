/*
 * pieces: long regular expressions as several short ones (generator/pieces.h).
 *
 * The engine keeps a value in at most 256 bytes, its end included, and refuses a rule that brings a longer one ("filter
 * parameter too long").
 */
#ifndef MEWS_FALCO_PIECES_H
#define MEWS_FALCO_PIECES_H

#include "generator/bound.h"

enum { FALCO_VALUE_MOST = 255 };

/* The pieces of a value of a REGEX test, in order; together they match what it matches. 0: it cannot be cut so. */
size_t falco_pieces(struct arena *arena, const struct rule_test *test, struct text regex, struct text **pieces);
/* Can it be written so? */
bool falco_cuttable(const struct rule_test *test, struct text regex);
/* What can be written in place of a REGEX test of one value that cannot be cut (generator/loosen.h). */
struct bounds falco_loosen(struct arena *arena, const struct rule_test *test);

#endif
