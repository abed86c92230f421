/* condition: a rule's tree in Falco's filter language, every part in parentheses. */
#ifndef MEWS_FALCO_CONDITION_H
#define MEWS_FALCO_CONDITION_H

#include "generator/rule.h"

/* Lists that conditions name instead of their values: "mews_" and the catalog's name. */
struct falco_list {
	struct text name; /* mews_engine_clients */
	const struct text *items;
	size_t count;
};
struct falco_lists {
	struct arena *arena;
	struct falco_list *items;
	size_t count;
};
/* Notes the lists that the tree's tests came from; a list whose values differ from an earlier use, or that could
 * not be pasted unquoted, is left out, and its values are written where they are tested. */
void falco_lists_add(struct falco_lists *lists, const struct rule_node *node);

void falco_print(struct buffer *out, const struct rule_node *node, const struct falco_lists *lists);
/* The same with `between` (" or ", or a line's end and that) between the alternatives that it is made of. */
void falco_print_lines(struct buffer *out, const struct rule_node *node, const struct falco_lists *lists, const char *between);

#endif
