/* expand: from the texts that files brought to trees: lists pasted over, exceptions put behind, macros put in place. */
#ifndef MEWS_FALCO_EXPAND_H
#define MEWS_FALCO_EXPAND_H

#include "generator/falco/parse.h"

/* Fills `opened`, `filter`, `bare` and `error` of everything. */
void falco_expand(struct falco_rules *rules);
/* The text with the names of all lists replaced, as the engine does it. */
struct text falco_paste(const struct falco_rules *rules, struct text condition);
/* What an exception excludes as a text, or an empty one. NULL in *error: fine. */
struct text falco_exception_text(struct arena *arena, const struct falco_exception *exception, const char **error);

#endif
