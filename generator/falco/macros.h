/*
 * macros: parts of conditions that several rules of a pack share, each written once.
 *
 *   two rules with `container.id exists and …` as one part of their top AND → macro mews_same_container_id
 *
 * Only whole parts of a top AND become macros, in the order of their first use. A macro's name is an identifier of the
 * language, so unlike a list's it cannot clash with data.
 */
#ifndef MEWS_FALCO_MACROS_H
#define MEWS_FALCO_MACROS_H

#include "generator/falco/condition.h"

struct falco_macro_part {
	const struct rule_node *node;
	size_t uses;
	struct text name; /* empty: it is written where it stands */
};
struct falco_macro_parts {
	struct arena *arena;
	struct falco_macro_part *items;
	size_t count;
};

/* Notes the parts of one rule's condition. */
void falco_macros_note(struct falco_macro_parts *parts, const struct rule_node *node);
/* After all rules: names those that are long, and used more than once. */
void falco_macros_name(struct falco_macro_parts *parts, const struct falco_lists *lists);
/* The macro that stands for the part, or an empty text. */
struct text falco_macro_of(const struct falco_macro_parts *parts, const struct rule_node *node);

#endif
