/*
 * safety: what makes a proposal safe to take: what it hides beside false positives, how much an attacker has to imitate
 * (mutants.h), and whether it holds on what it was not mined from (stability.h).
 */
#ifndef MEWS_SAFETY_H
#define MEWS_SAFETY_H

#include "replay/tune/tune.h"

/* Fills the proposals; what it adds lives in their arena. -1: reported. */
int safety_judge(const struct tune_options *options, struct proposals *proposals, struct diagnostics *d);

#endif
