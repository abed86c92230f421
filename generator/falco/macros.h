/*
 * macros: parts of conditions that several rules of a pack share, each written once.
 *
 *   two rules of container.run with the same clients as one part of their top AND → macro mews_clients_container_run
 *
 * Only whole parts of a top AND become macros, in the order of their first use; what the catalog has a name for has it
 * already (names.h). A macro is named after the acts where it says which those are, else after the first condition that has
 * it: mews_DETECTION_CONDITION. That is an identifier of the language, so unlike a list's it cannot clash with data.
 */
#ifndef MEWS_FALCO_MACROS_H
#define MEWS_FALCO_MACROS_H

#include "generator/falco/names.h"

struct falco_macro_part {
	const struct rule_node *node;
	size_t uses;
	const struct rule *rule; /* the first that has it */
	struct text name;        /* empty: it is written where it stands */
};
struct falco_macro_parts {
	struct arena *arena;
	struct falco_macro_part *items;
	size_t count;
};

/* Notes the parts of one rule's condition. */
void falco_macros_note(struct falco_macro_parts *parts, const struct rule *rule, const struct rule_node *node);
/* After all rules: names those that are long, and used more than once. */
void falco_macros_name(struct falco_macro_parts *parts, const struct pack *pack, const struct falco_lists *lists,
	const struct falco_names *names);
/* The macro that stands for the part, or an empty text. */
struct text falco_macro_of(const struct falco_macro_parts *parts, const struct rule_node *node);

#endif
