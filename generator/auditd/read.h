/*
 * read: audit rule files → detections, for `mews import auditd`.
 *
 * Each line is an item. Rules of the list exit become conditions (meaning.h); those of one key are one detection, since they
 * are one question to their author; a 64-bit rule and its 32-bit twin are one condition. A `never` rule becomes an exception
 * of the rules that it stands before, as the kernel's first match has it. What steers the kernel or leaves out records
 * (-b, -e, exclude, filesystem, task, user) is taken with a note of what it does: nothing to detect is lost with it.
 */
#ifndef MEWS_AUDITD_READ_H
#define MEWS_AUDITD_READ_H

#include "generator/import.h"

int auditd_read(struct import *import);
extern const char *const auditd_endings[];

#endif
