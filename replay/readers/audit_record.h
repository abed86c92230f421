/*
 * audit_record: an audit event → a record with raw names TYPE.key and decoded values.
 *
 * Values are decoded as the kernel wrote them: quotes are gone, hex strings are bytes, (null), (none) and ?
 * are no values at all. Interpretations of enriched logs keep their upper-case key (SYSCALL.EUID → root). User
 * messages of all types carry the prefix USER. (USER.acct). Beside what stands in the log there are names
 * that put pieces together:
 *
 *   type              the types of all records      node              the host, if the log names it
 *   SYSCALL.arch      x86_64                        SYSCALL.syscall   execve (socketcall: what it calls)
 *   SYSCALL.number    59, as logged
 *   SYSCALL.exe       without " (deleted)"          SYSCALL.key       one value a key
 *   SYSCALL.success   also `pending`: a connect that goes on in the background
 *   EXECVE.argv       the arguments, put together   PROCTITLE.proctitle  blanks for NULs
 *   SOCKADDR.family   unix, inet, inet6, netlink …  SOCKADDR.address  path (abstract: @name) or IP
 *   SOCKADDR.ip  SOCKADDR.port                      OPENAT2.oflag     in hex, as arguments are
 *   MOUNT.target  MOUNT.source                      the paths of a mount
 *   PATHS.path        of all PATH records that have an inode, PARENT ones among them
 *   CHMOD.mode        the mode that chmod or mknod asks for, in octal
 *   MKNOD.type        what mknod makes: block, character, fifo, socket, file   MKNOD.device  8:1
 * and parts PATH (all PATH records but PARENT ones): PATH.name as logged, PATH.path absolute (relative names
 * after CWD; not where they are relative to another directory), PATH.mode four octal digits, PATH.nametype,
 * PATH.inode, PATH.ouid, PATH.ogid, PATH.target (rename: the new name; link: what is linked to).
 *
 * Only names that the plan asks for are kept, and only what they come from is read: the rest costs nothing. Parts are made
 * of calls for which the dialect has an event of each path.
 */
#ifndef MEWS_AUDIT_RECORD_H
#define MEWS_AUDIT_RECORD_H

#include "replay/readers/audit_event.h"
#include "replay/readers/audit_tables.h"
#include "replay/readers/found.h"
#include "replay/readers/record.h"

/* What was found in an event: what is its own, then what is of each part. The list is used again for the next one. */
struct audit_findings {
	struct found_list list;
	size_t parts; /* all of the kind PATH */
	struct text id;
	int64_t time;
};
void audit_findings_free(struct audit_findings *findings);

/* All texts are in the arena or in the event. */
void audit_find(struct audit_tables *tables, const struct audit_event *event, struct arena *arena,
	struct audit_findings *findings);
/* Begins a record, in use by the tables' plan, and fills it with what was found. */
void audit_record(const struct audit_tables *tables, const struct audit_event *event, const struct audit_findings *findings,
	struct arena *arena, const char *file, struct record *record);

#endif
