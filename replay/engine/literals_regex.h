/* literals_regex: what literals.c and the reader of expressions share. See literals.h. */
#ifndef MEWS_LITERALS_REGEX_H
#define MEWS_LITERALS_REGEX_H

#include "replay/engine/literals.h"

/* Adds the set that one of the strings holds in that way, unless an empty one says nothing. */
void literal_sets_add(struct arena *arena, struct literal_sets *sets, enum trigger_kind kind, struct string_set strings);

#endif
