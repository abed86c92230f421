/*
 * command_braces: {a,b} and {1..9} of a word, as bash expands them before all else.
 *
 *   /etc/{passwd,shadow}  → /etc/passwd /etc/shadow        f{08..10} → f08 f09 f10
 *
 * Braces that were quoted or hold neither a comma nor a range stay. A word that would become more than
 * COMMAND_BRACES_MAX words, or has more than 64 braces, stays as it is.
 */
#ifndef MEWS_COMMAND_BRACES_H
#define MEWS_COMMAND_BRACES_H

#include "replay/readers/command_word.h"

/* The words that come of it, in the arena; at least one unless it was empty. `whole`: false where it stayed for its size. */
struct text *command_braces(struct arena *arena, const struct command_word *word, size_t *count, bool *whole);

#endif
