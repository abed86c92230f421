/*
 * mutate_corpus: mutants of recorded attacks: of the events of a dataset on which a detection alerted rightly, in a malicious
 * episode that expects or allows it.
 */
#ifndef MEWS_MUTATE_CORPUS_H
#define MEWS_MUTATE_CORPUS_H

#include "cli/project.h"
#include "replay/mutate/mutate.h"

enum { MUTATE_RECORDED = 10 }; /* events of one dataset for each detection: the first that differ */

/* `detections` and `mutations` beside each other. -1: reported. */
int mutate_corpus(struct project *project, const char *operand, const struct detection *const *detections,
	struct mutation *const *mutations, size_t count);

#endif
