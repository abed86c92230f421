/* auditd: the writer of auditd packs; a row of generator/target.c. */
#ifndef MEWS_AUDITD_WRITE_H
#define MEWS_AUDITD_WRITE_H

#include "generator/rule.h"

struct pack;

/* Tests that the kernel takes as we mean them: numbers, path and dir, exe, masks of a0 to a3, names of calls that
 * auditctl 3.0.9 knows. Results (exit) are only compared with =: the kernel orders them without sign. */
bool auditd_accepts(const struct rule_test *test);
/* No number is a word, and no path is relative: what a log has for "missing" stands in no rule. */
bool auditd_never(struct text name, struct text value);
/* Negation has a form for comparisons, not for masks, watches and calls. */
bool auditd_negates(const struct rule_test *test);
int auditd_write(struct pack *pack, struct diagnostics *d);

#endif
