/* auditd: the writer of auditd packs; a row of generator/target.c. */
#ifndef MEWS_AUDITD_WRITE_H
#define MEWS_AUDITD_WRITE_H

#include "generator/rule.h"

struct pack;

/* Tests that the kernel takes as we mean them: numbers, path and dir, exe, masks of a0 to a3. */
bool auditd_accepts(const struct rule_test *test);
/* Negation has a form for comparisons, not for masks, watches and calls. */
bool auditd_negates(const struct rule_test *test);
int auditd_write(struct pack *pack, struct diagnostics *d);

#endif
