/*
 * selections: a rule's tree as Sigma search identifiers and the condition that joins them.
 *
 *   (a and b) and not c  →  selection: {a, b}   filter: {c}   condition: selection and not filter
 *
 * What can stand in one map does: a map holds a key (field and modifiers) once, and several texts that one field must
 * contain are one item (contains|all). Keywords, which have no field, are selections of their own. No list holds one item only
 * but those of keywords, for which Sigma knows no other form.
 */
#ifndef MEWS_SIGMA_SELECTIONS_H
#define MEWS_SIGMA_SELECTIONS_H

#include "generator/rule.h"

struct selections {
	struct arena *arena;
	const char *indent;        /* before every line: "    " */
	struct text some;          /* a raw name of the log source, for a rule that always holds: selection or not selection */
	bool plain;                /* every part is called selection, negated ones too */
	struct buffer definitions; /* "    selection:\n        Image|endswith: '/docker'\n" */
	unsigned selections, filters, keywords;
};

/* Writes the tree's parts into `definitions` and returns the expression; its outermost operator is *kind.
 * The tree is brought into Sigma's forms (forms.h) here. */
struct text selections_print(struct selections *selections, const struct rule_node *node, enum rule_kind *kind);
void selections_free(struct selections *selections);

#endif
