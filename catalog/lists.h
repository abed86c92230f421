/*
 * lists: named lists and macros, which conditions use by name (rulesets/lists.yaml; an organization's
 * own lists).
 */
#ifndef MEWS_LISTS_H
#define MEWS_LISTS_H

#include "catalog/load.h"

/* A mapping name → items. NULL or a mapping without keys gives no list. */
int lists_load(struct arena *arena, const struct registry *registry, const struct yaml *mapping,
	struct diagnostics *d, const struct named_list **lists, size_t *count);

/* lists.yaml: {lists: …, macros: …}, put into the scope, whose registry is set. Every macro is parsed
 * once, so that one that nobody uses cannot be wrong in silence. Names that are good are put there even
 * when others are not. */
int lists_load_document(struct arena *arena, struct scope *scope, const struct yaml *document, struct diagnostics *d);

#endif
