#!/bin/sh
# Prints audit_syscalls.h: the system call tables of x86_64, i386 and aarch64, as an X-macro file, from the
# kernel's own headers (Debian: linux-libc-dev) and, for calls newer than those, from the list below, whose
# numbers are the same on all architectures.
#   sh catalog/audit_syscalls.sh > catalog/audit_syscalls.h
set -eu
include=${INCLUDE:-/usr/include}
asm=${ASM:-$include/x86_64-linux-gnu/asm}

newer='451 cachestat
452 fchmodat2
453 map_shadow_stack
454 futex_wake
455 futex_wait
456 futex_requeue
457 statmount
458 listmount
459 lsm_get_self_attr
460 lsm_set_self_attr
461 lsm_list_modules
462 mseal
463 setxattrat
464 getxattrat
465 listxattrat
466 removexattrat
467 open_tree_attr
468 file_getattr
469 file_setattr'

# table NAME < lines of "number name"
table() {
	sort -n -u -k1,1 | while read -r number name; do
		printf 'SYSCALL(%s, %s, "%s")\n' "$1" "$number" "$name"
	done
}

headers() {
	awk '/^#define __NR_[a-z0-9_]+[ \t]+[0-9]+/ { sub("__NR_", "", $2); print $3, $2 }' "$1"
	printf '%s\n' "$newer"
}

# The generic table names some calls by their 64-bit forms (__NR3264_fcntl, which is fcntl there).
generic() {
	awk '/^#define __NR(3264)?_[a-z0-9_]+[ \t]+[0-9]+/ { sub("__NR(3264)?_", "", $2); print $3, $2 }' \
		"$include/asm-generic/unistd.h" | grep -v -E ' (syscalls|arch_specific_syscall)$' |
		awk '$1 < 403 || $1 > 423'
	printf '%s\n' "$newer"
}

printf '/* System calls by architecture: SYSCALL(table, number, name). Made by audit_syscalls.sh. */\n'
headers "$asm/unistd_64.h" | table x86_64
headers "$asm/unistd_32.h" | table i386
generic | table aarch64
