/*
 * to_judge: alerts on events that nobody labelled, for a terminal: the first few of each detection, each with the id that
 * `mews label` takes and the fields by which it matched.
 */
#ifndef MEWS_TO_JUDGE_H
#define MEWS_TO_JUDGE_H

#include "replay/report/report.h"

/* So many of the first samples hold all that are printed. */
size_t to_judge_count(const struct results *results);
/* Nothing where there are none. */
void to_judge_print(const struct results *results, unsigned width, struct arena *arena, FILE *out);

#endif
