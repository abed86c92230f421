/*
 * tune_safety: what makes a proposal safe, for people: stability, blind spot, fidelity of each target.
 */
#ifndef MEWS_TUNE_SAFETY_H
#define MEWS_TUNE_SAFETY_H

#include "replay/tune/tune.h"

#include <stdio.h>

void tune_safety_table(const struct proposal *proposal, FILE *out);

#endif
