/*
 * selections: a rule's tree as Sigma search identifiers and the condition that joins them.
 *
 *   (a and b) and not c  →  selection: {a, b}   filter: {c}   condition: selection and not filter
 */
#ifndef MEWS_SIGMA_SELECTIONS_H
#define MEWS_SIGMA_SELECTIONS_H

#include "generator/rule.h"

struct selections {
	struct arena *arena;
	const char *indent;        /* before every line: "    " */
	bool plain;                /* every part is called selection, negated ones too */
	struct buffer definitions; /* "    selection:\n        Image|endswith: '/docker'\n" */
	unsigned selections, filters;
};

/* Writes the tree's parts into `definitions` and returns the expression; its outermost operator is *kind. */
struct text selections_print(struct selections *selections, const struct rule_node *node, bool filter, enum rule_kind *kind);
void selections_free(struct selections *selections);

#endif
