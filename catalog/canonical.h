/*
 * canonical: one of our YAML files in its canonical form, comments kept.
 *
 *   struct buffer out = {0};
 *   if (canonical_write(source, "a.yaml", &detection_form, &out, &d) == 0) …
 *
 * The form (docs/editors.md says it for people): keys of a record in the order of its table, free keys and lists as they
 * stand; two blanks of indentation; block and flow as they are, flow in one line but for lists that are longer than
 * CANONICAL_WIDTH, which are filled; quotes only where they are needed; conditions in canonical spelling and layout
 * (eql_layout.h); at most one empty line between items; LF, one at the end. Writing the result again gives the same bytes.
 *
 * Nothing is given back that means something else: the result is parsed, its tree must be equal to the source's (order of a
 * record's keys aside), its conditions must be made of the same words, and the same comments must stand in it. Else, and
 * where the source is no YAML, it is an error at its place and -1.
 */
#ifndef MEWS_CANONICAL_H
#define MEWS_CANONICAL_H

#include "catalog/yaml_form.h"

enum { CANONICAL_WIDTH = 130 };

int canonical_write(struct text source, const char *file, const struct yaml_form *form, struct buffer *out,
	struct diagnostics *d);

/* A condition as the value of the key that stands in `out` already, `key: `; lines below it are indented by so much. For
 * whoever writes a file of ours in the form that `mews fmt` would give it. Ends the line. */
void canonical_condition(struct text source, size_t indent, struct buffer *out);

#endif
