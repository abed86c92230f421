/*
 * ways: how else an act could have reached the kernel.
 *
 * A made event does not say which call it was, and the view takes the usual one: file.modify is openat(2) of a 64-bit
 * program. A pack has lines for the other calls, and for 32-bit programs, too. So verify asks them as well:
 *
 *   way 0: audit.arch i386                          the usual call, of a 32-bit program
 *   way 1: audit.syscall open, audit.a1 1           another call, whose flags stand in another argument
 *   way 2: audit.syscall open, audit.a1 1, audit.arch i386
 *   …
 */
#ifndef MEWS_AUDITD_WAYS_H
#define MEWS_AUDITD_WAYS_H

#include "catalog/event.h"

/* Makes the event's calls those of the n-th other way. False: there is none; or the event says itself which call it was. */
bool auditd_vary(struct event *event, size_t n);

#endif
