/*
 * canonical_proof: does a formatted file still mean what it meant?
 *
 * The trees must be equal (a record's keys may have changed places; a free mapping's may not), conditions must be made of the
 * same words, what a reader of YAML takes for a number or a truth must be quoted as it was, and the comments must be the same.
 */
#ifndef MEWS_CANONICAL_PROOF_H
#define MEWS_CANONICAL_PROOF_H

#include "catalog/yaml_form.h"

/* `before` is the tree of `source`. 0; -1 after an error that says what would have changed. */
int canonical_prove(struct arena *arena, struct text source, const struct yaml *before, struct text written, const char *file,
	const struct yaml_form *form, struct diagnostics *d);

#endif
