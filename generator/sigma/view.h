/*
 * view: an event as each Sigma log source shows it.
 *
 *   process.exec of docker, that went well
 *     process_creation   Image /usr/bin/docker, CommandLine "docker run …", User root, …      (as Sysmon for Linux)
 *     auditd_syscall     type SYSCALL, SYSCALL execve, exe /usr/bin/docker, success yes, …    (one record each)
 *     auditd_execve      type EXECVE, argc 3, a0 docker, a1 run, …
 *
 * A sight's kind is the name of the group in rulesets/dialects/sigma.yaml; of an event that names its log source by native
 * fields (logsource.product …) it is "product/category/service". Native fields stand in every sight under their own
 * names. This is told from what those sensors record, not from the dialect: `mews verify` compares both.
 */
#ifndef MEWS_SIGMA_VIEW_H
#define MEWS_SIGMA_VIEW_H

#include "generator/judge.h"
#include "generator/sigma/parse.h"

void view_event(const struct catalog *catalog, const struct event *event, struct arena *arena, struct sights *sights);

/* The log source of a sight, by its kind. */
struct sigma_logsource view_logsource(struct text kind);

#endif
