/*
 * view: an event as the kernel's audit filter sees it when the system call returns.
 *
 *   file.modify, file.path /etc/passwd, user.id 0, audit.syscall openat, audit.a2 241
 *     → syscall openat, arch x86_64, a2 577, euid 0, auid 4294967295, success 1, path (/etc/passwd), exe …
 *
 * Numbers are decimal, 32 bits. Where the event does not say which call it was (it was made, or came from elsewhere), the
 * usual call of its act stands for it, with the arguments that follow from the act. Ids that are missing because no login
 * is known are the kernel's 4294967295. What the event does not say is not there, and no test of it holds.
 *
 * A rule follows inodes, not names: what a container calls /etc/passwd is another file. So the paths and the program of an
 * actor in a container are not there, and paths are those that the host has.
 */
#ifndef MEWS_AUDITD_VIEW_H
#define MEWS_AUDITD_VIEW_H

#include "generator/sight.h"

/* One sight for each facet that is a system call, and for those that were derived from one. All paths of the event
 * are in each: a rule asks them all. */
void auditd_view(const struct event *event, struct arena *arena, struct sights *sights);

#endif
