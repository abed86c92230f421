/*
 * kernel: what auditctl hands to the kernel for one rule, and the words and tables that both know.
 *
 *   -a always,exit -F arch=b64 -S openat -F auid>=1000 -F auid!=unset -F dir=/etc -k etc
 *     list exit, action always, calls {257}, tests {arch = c000003e, auid >= 1000, auid != 4294967295, dir = "/etc", key = "etc"}
 *
 * Numbers of fields, operators and lists are the kernel's own (linux/audit.h): a test holds what the kernel gets, 32 bits
 * of number or a text, whatever stood in the rule file.
 */
#ifndef MEWS_AUDITD_KERNEL_H
#define MEWS_AUDITD_KERNEL_H

#include "catalog/audit_names.h"
#include "catalog/detection.h"

enum kernel_list {
	KERNEL_USER = 0, KERNEL_TASK = 1, KERNEL_EXIT = 4, KERNEL_EXCLUDE = 5, KERNEL_FILESYSTEM = 6, KERNEL_URING = 7,
	KERNEL_NO_LIST = 8
};
enum kernel_action { KERNEL_NEVER = 0, KERNEL_ALWAYS = 2, KERNEL_NO_ACTION = 3 };

enum kernel_field_number {
	KERNEL_PID = 0, KERNEL_UID, KERNEL_EUID, KERNEL_SUID, KERNEL_FSUID, KERNEL_GID, KERNEL_EGID, KERNEL_SGID, KERNEL_FSGID,
	KERNEL_AUID, KERNEL_PERSONALITY, KERNEL_ARCH, KERNEL_MSGTYPE, KERNEL_SUBJ_USER, KERNEL_SUBJ_ROLE, KERNEL_SUBJ_TYPE,
	KERNEL_SUBJ_SEN, KERNEL_SUBJ_CLR, KERNEL_PPID, KERNEL_OBJ_USER, KERNEL_OBJ_ROLE, KERNEL_OBJ_TYPE, KERNEL_OBJ_LOW,
	KERNEL_OBJ_HIGH, KERNEL_SESSION = 25, KERNEL_FSTYPE = 26,
	KERNEL_DEVMAJOR = 100, KERNEL_DEVMINOR, KERNEL_INODE, KERNEL_EXIT_CODE, KERNEL_SUCCESS, KERNEL_PATH, KERNEL_PERM,
	KERNEL_DIR, KERNEL_FILETYPE, KERNEL_OBJ_UID, KERNEL_OBJ_GID, KERNEL_COMPARE, KERNEL_EXE, KERNEL_SADDR_FAM,
	KERNEL_A0 = 200, KERNEL_A1, KERNEL_A2, KERNEL_A3, KERNEL_KEY = 210
};

/* The kernel's bits; `&` is a mask of which any bit counts, `&=` one of which all do. */
enum kernel_operator {
	KERNEL_MASK = 0x08000000, KERNEL_LESS = 0x10000000, KERNEL_GREATER = 0x20000000, KERNEL_NOT_EQUAL = 0x30000000,
	KERNEL_EQUAL = 0x40000000, KERNEL_MASK_ALL = 0x48000000, KERNEL_LESS_EQUAL = 0x50000000,
	KERNEL_GREATER_EQUAL = 0x60000000
};

/* What stands right of the operator. */
enum kernel_kind {
	KERNEL_KIND_USER, KERNEL_KIND_GROUP, KERNEL_KIND_NUMBER, KERNEL_KIND_SIGNED, KERNEL_KIND_EXIT, KERNEL_KIND_TEXT,
	KERNEL_KIND_PATH, KERNEL_KIND_ARCH, KERNEL_KIND_PERM, KERNEL_KIND_FILETYPE, KERNEL_KIND_FSTYPE, KERNEL_KIND_MSGTYPE,
	KERNEL_KIND_SESSION, KERNEL_KIND_FAMILY, KERNEL_KIND_NONE
};

/* Which operators the kernel takes. */
enum kernel_allows { KERNEL_ALLOWS_EQUAL, KERNEL_ALLOWS_NOT, KERNEL_ALLOWS_ORDER, KERNEL_ALLOWS_MASK };

struct kernel_field {
	const char *name;
	enum kernel_field_number number;
	enum kernel_kind kind;
	enum kernel_allows allows; /* each includes those before it */
	bool exit_only;            /* only in the exit list (and io_uring) */
};
/* NULL: there is none. Two names (auid, loginuid) may be one field; by number the first is found. */
const struct kernel_field *kernel_field_named(struct text name);
const struct kernel_field *kernel_field_numbered(enum kernel_field_number number);
const char *kernel_operator_name(enum kernel_operator op);
const char *kernel_list_name(enum kernel_list list);
enum kernel_list kernel_list_named(struct text name);

enum { KERNEL_CALL_WORDS = 64, KERNEL_CALLS_MAX = KERNEL_CALL_WORDS * 32, KERNEL_TESTS_MAX = 64, KERNEL_KEY_MAX = 256,
	KERNEL_PATH_MAX = 4096 };

enum { KERNEL_PERM_EXEC = 1, KERNEL_PERM_WRITE = 2, KERNEL_PERM_READ = 4, KERNEL_PERM_ATTRIBUTE = 8 };

struct kernel_test {
	enum kernel_field_number field;
	enum kernel_operator op;
	uint32_t number;      /* of fields that are numbers; COMPARE: the kernel's number of the pair */
	struct text text;     /* of fields that are text; a user's or group's name that only the host can resolve */
	bool named;           /* `text` is such a name, and `number` nothing yet */
	enum kernel_field_number left, right; /* COMPARE */
	struct text written;  /* as it stands in the rule */
};

struct kernel_rule {
	enum kernel_list list;
	enum kernel_action action;
	bool prepend;
	bool watch;           /* written as -w */
	bool every_call;      /* no -S, or -S all */
	uint32_t calls[KERNEL_CALL_WORDS]; /* by number */
	struct text arch;     /* that the calls' names were looked up in: x86_64 … */
	bool arch_said;       /* by -F arch */
	struct kernel_test *tests; /* in the order in which the kernel gets them */
	size_t count;
	struct text key;      /* several joined by 0x01; also one of `tests` */
};

bool kernel_rule_calls(const struct kernel_rule *rule, unsigned number);
/* The first test of that field, or NULL. */
const struct kernel_test *kernel_rule_test(const struct kernel_rule *rule, enum kernel_field_number field);
/* Would the kernel take the second for the first ("rule exists")? */
bool kernel_rule_equal(const struct kernel_rule *a, const struct kernel_rule *b);

/* A field of which two different values are asked at once, so that the rule can never match; NULL: none. */
const struct kernel_field *kernel_rule_contradiction(const struct kernel_rule *rule);

/* Two values, as the kernel compares numbers: 32 bits, without sign. */
bool kernel_compare(uint32_t left, enum kernel_operator op, uint32_t right);

/* EACCES → 13; 0: unknown. */
int kernel_errno(struct text name);
/* The kernel's number of a pair of fields that -C may compare; 0: it compares no such pair. */
unsigned kernel_pair(enum kernel_field_number left, enum kernel_field_number right);
/* The letters of a set of permissions, as -p has them. */
struct text kernel_perm_letters(struct arena *arena, uint32_t perm);

/* Which permissions a call is counted under (audit_match_perm). Opening calls say by their flags; EXEC for execve. */
enum kernel_class { KERNEL_CLASS_NONE, KERNEL_CLASS_PLAIN, KERNEL_CLASS_OPEN, KERNEL_CLASS_OPENAT, KERNEL_CLASS_OPENAT2,
	KERNEL_CLASS_EXEC, KERNEL_CLASS_SOCKETCALL };
struct kernel_call_class {
	const char *name;
	enum kernel_class sort;
	uint32_t perm; /* PLAIN: those it counts under */
};
/* All of them; the last has no name. */
const struct kernel_call_class *kernel_call_classes(void);
const struct kernel_call_class *kernel_call_class(struct text name); /* NULL: under none */

#endif
