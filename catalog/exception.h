/*
 * exception: what makes no alert although a condition holds; shipped with a detection, or one of an
 * organization's. What an exception means to others stands in catalog/detection.h.
 */
#ifndef MEWS_EXCEPTION_H
#define MEWS_EXCEPTION_H

#include "catalog/load.h"

/* Loads the sequence `exceptions:` of a document. `shipped` names the detection that it is shipped with;
 * empty for an organization's, which has to say what it is for and whose it is. */
int exceptions_load(struct arena *arena, const struct scope *scope, const struct yaml *document,
	struct text shipped, struct diagnostics *d, const struct exception **exceptions, size_t *count);

#endif
