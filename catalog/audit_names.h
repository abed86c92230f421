/*
 * audit_names: what Linux audit calls its record types, architectures and system calls, and their numbers.
 * Logs are read with them (replay/readers/), rules are read and written with them (generator/auditd/).
 */
#ifndef MEWS_AUDIT_NAMES_H
#define MEWS_AUDIT_NAMES_H

#include "catalog/text.h"

/* Names of record types; 0 and an empty text where there is none. */
unsigned audit_type_number(struct text name);
struct text audit_type_name(unsigned number);

/* Architecture (c000003e) and system call number → names; empty where unknown. */
struct text audit_arch_name(struct text arch);
struct text audit_syscall_name(struct text arch_name, uint64_t number);
/* And back: false where the architecture has no such call, or where its calls are not known (audit_arch_known). */
bool audit_syscall_number(struct text arch_name, struct text name, unsigned *number);
/* Are the architecture's system calls in the table? x86_64, i386 and aarch64 are. */
bool audit_arch_known(struct text arch_name);
/* The kernel's number of an architecture, as rules and records have it (0xc000003e); 0: unknown. */
uint32_t audit_arch_number(struct text arch_name);
/* Does any architecture of the table have the call? */
bool audit_syscall_anywhere(struct text name);

#endif
