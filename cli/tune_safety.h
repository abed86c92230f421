/*
 * tune_safety: what makes a proposal safe, for people and programs: stability, blind spot, fidelity of each target.
 */
#ifndef MEWS_TUNE_SAFETY_H
#define MEWS_TUNE_SAFETY_H

#include "replay/measure/json_write.h"
#include "replay/tune/tune.h"

#include <stdio.h>

void tune_safety_table(const struct proposal *proposal, FILE *out);
/* Pairs of the proposal's object. */
void tune_safety_json(const struct proposal *proposal, struct json_write *json);

#endif
