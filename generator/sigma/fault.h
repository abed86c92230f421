/*
 * fault: why a Sigma document cannot be taken. The first fault of a document counts; the readers of its parts return
 * false or NULL after one, and leave it here.
 */
#ifndef MEWS_SIGMA_FAULT_H
#define MEWS_SIGMA_FAULT_H

#include "catalog/yaml.h"
#include "generator/rule.h"

/* Values for %name% (the modifier expand). */
struct placeholder {
	struct text name;
	const struct text *values;
	size_t count;
};
struct placeholders {
	const struct placeholder *items;
	size_t count;
};

struct sigma_reading {
	struct arena *arena;
	const struct placeholders *placeholders; /* NULL: none */
	const char *error;                       /* a sentence, or NULL */
	struct place place;
};

/* Always false. */
bool sigma_fault(struct sigma_reading *reading, struct place place, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif
