/* judge: rsyslog packs, read back and run over the messages that an event would be. */
#ifndef MEWS_RSYSLOG_JUDGE_H
#define MEWS_RSYSLOG_JUDGE_H

#include "generator/judge.h"

extern const struct judging rsyslog_judging;

#endif
