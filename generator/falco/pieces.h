/*
 * pieces: long regular expressions as several short ones (generator/pieces.h).
 *
 * The engine keeps a value in at most 256 bytes, its end included, and refuses a rule that brings a longer one ("filter
 * parameter too long").
 */
#ifndef MEWS_FALCO_PIECES_H
#define MEWS_FALCO_PIECES_H

#include "generator/rule.h"

enum { FALCO_VALUE_MOST = 255 };

/* The pieces of a value of a REGEX test, in order; together they match what it matches. 0: it cannot be cut so. */
size_t falco_pieces(struct arena *arena, const struct rule_test *test, struct text regex, struct text **pieces);
/* Can it be written at all? */
bool falco_cuttable(const struct rule_test *test, struct text regex);

#endif
