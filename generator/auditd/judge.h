/*
 * judge: an auditd pack's rule text, evaluated as the kernel does; a row of generator/target.c.
 *
 * Files whose name ends in .rules are loaded in the order of their names, line by line (parse.h). A call is recorded by the
 * first rule of the list exit that it fits, unless that one says `never`; only that rule's key stands in the log. A
 * rule of the pack is known by its file and key ("10-mews.rules mews_exec"): every such rule that fits a recorded call has
 * collected it, and the first of them gives the key.
 */
#ifndef MEWS_AUDITD_JUDGE_H
#define MEWS_AUDITD_JUDGE_H

#include "generator/auditd/kernel.h"
#include "generator/judge.h"

extern const struct judging auditd_judging;

/* Does the rule fit what the kernel sees? Actions and lists aside. */
bool auditd_fits(const struct kernel_rule *rule, const struct sight *sight);
/* The rule that decides on it, or NULL: the first that fits. */
const struct kernel_rule *auditd_decides(const struct judge *judge, const struct sight *sight);

#endif
