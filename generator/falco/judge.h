/* judge: whole Falco packs, read from their text and evaluated with rule_matching: all; for a row of generator/target.c. */
#ifndef MEWS_FALCO_JUDGE_H
#define MEWS_FALCO_JUDGE_H

#include "generator/judge.h"

extern const struct judging falco_judging;

#endif
