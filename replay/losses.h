/*
 * losses: is what was read worth the figures? Judged per dataset, since a large sound file must not hide a broken one
 * that is not its like; files are named.
 */
#ifndef MEWS_LOSSES_H
#define MEWS_LOSSES_H

#include "replay/measure/results.h"

/* An error for each dataset of whose lines more than this share were rejected, and for each that has events but none
 * that its dialect understands; a warning for a file of a kind that the others of its dataset are not, and for one
 * without events. 0, or -1 where there was an error; those datasets are `refused` then. */
int losses_check(struct results *results, double max_rejected, struct diagnostics *d);

#endif
