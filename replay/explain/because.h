/*
 * because: why a predicate holds on a facet or does not, in words.
 *
 *   process.name == "docker"            found `Docker`, "differs in case only"
 *   container.mounts like "/etc*:*:rw"  found `/srv:/d:rw | /etc:/e:rw`, "/etc:/e:rw fits /etc*:*:rw"
 *   user.name != "root"                 found `(missing)`, "a comparison on a missing field is false"
 *
 * What it says never decides anything: `holds` is the evaluator's answer. Texts live in the arena and are
 * printable: bytes that are no characters of a line stand as \xHH.
 */
#ifndef MEWS_EXPLAIN_BECAUSE_H
#define MEWS_EXPLAIN_BECAUSE_H

#include "catalog/evaluate.h"

struct because {
	bool holds, missing;
	const char *found; /* the field's values, joined by " | " */
	const char *why;   /* half a sentence; NULL where the value says it all */
};

struct because because_of(struct evaluator *e, struct arena *arena, const struct predicate *predicate,
	const struct facet *facet);

/* Text without bytes that move the cursor of a terminal or are no UTF-8. */
const char *because_printable(struct arena *arena, struct text text);
/* A field's values in one line; `(missing)` and `(empty list)` where there are none. */
const char *because_values(struct arena *arena, const struct values *values);

#endif
