/* elastic: how packs of detection rules are read back and asked of events; a row of generator/target.c. */
#ifndef MEWS_ELASTIC_JUDGE_H
#define MEWS_ELASTIC_JUDGE_H

#include "generator/judge.h"

/* Rules of mews_rules.ndjson, each asked of the documents whose data stream fits one of its index patterns, with EQL's
 * three answers (ask.h). */
extern const struct judging elastic_judging;

#endif
