/* correlated: the `correlation` of a Sigma document. Internal to parse.c. */
#ifndef MEWS_SIGMA_CORRELATED_H
#define MEWS_SIGMA_CORRELATED_H

#include "generator/sigma/parse.h"

bool correlated_read(struct sigma_reading *reading, const struct yaml *document, struct sigma_document *out);

/* A list of words, or one; of parse.c. */
struct texts sigma_words(struct sigma_reading *reading, const struct yaml *node);

#endif
