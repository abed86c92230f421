/*
 * made_regex: a text that a regular expression of the subset matches.
 *
 * Of alternatives the `turn`-th is taken, optional parts are left out on even turns and there on odd ones, so that
 * a few turns give different texts. Whoever asks checks the text with the expression: a sample of something that
 * cannot match is no match.
 */
#ifndef MEWS_MADE_REGEX_H
#define MEWS_MADE_REGEX_H

#include "catalog/text.h"

struct text made_regex(struct arena *arena, struct text pattern, unsigned turn);

#endif
