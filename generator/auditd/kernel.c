/* kernel: the words of audit rules, and the tables that auditctl and the kernel share. */
#include "generator/auditd/kernel.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

#define ORDER KERNEL_ALLOWS_ORDER
#define NOT KERNEL_ALLOWS_NOT
static const struct kernel_field fields[] = {
	{"pid", KERNEL_PID, KERNEL_KIND_NUMBER, ORDER, false},
	{"uid", KERNEL_UID, KERNEL_KIND_USER, ORDER, false},
	{"euid", KERNEL_EUID, KERNEL_KIND_USER, ORDER, false},
	{"suid", KERNEL_SUID, KERNEL_KIND_USER, ORDER, false},
	{"fsuid", KERNEL_FSUID, KERNEL_KIND_USER, ORDER, false},
	{"gid", KERNEL_GID, KERNEL_KIND_GROUP, ORDER, false},
	{"egid", KERNEL_EGID, KERNEL_KIND_GROUP, ORDER, false},
	{"sgid", KERNEL_SGID, KERNEL_KIND_GROUP, ORDER, false},
	{"fsgid", KERNEL_FSGID, KERNEL_KIND_GROUP, ORDER, false},
	{"auid", KERNEL_AUID, KERNEL_KIND_USER, ORDER, false},
	{"loginuid", KERNEL_AUID, KERNEL_KIND_USER, ORDER, false},
	{"pers", KERNEL_PERSONALITY, KERNEL_KIND_NUMBER, KERNEL_ALLOWS_MASK, false},
	{"arch", KERNEL_ARCH, KERNEL_KIND_ARCH, NOT, false},
	{"msgtype", KERNEL_MSGTYPE, KERNEL_KIND_MSGTYPE, ORDER, false},
	{"subj_user", KERNEL_SUBJ_USER, KERNEL_KIND_TEXT, NOT, false},
	{"subj_role", KERNEL_SUBJ_ROLE, KERNEL_KIND_TEXT, NOT, false},
	{"subj_type", KERNEL_SUBJ_TYPE, KERNEL_KIND_TEXT, NOT, false},
	{"subj_sen", KERNEL_SUBJ_SEN, KERNEL_KIND_TEXT, ORDER, false},
	{"subj_clr", KERNEL_SUBJ_CLR, KERNEL_KIND_TEXT, ORDER, false},
	{"ppid", KERNEL_PPID, KERNEL_KIND_NUMBER, ORDER, true},
	{"obj_user", KERNEL_OBJ_USER, KERNEL_KIND_TEXT, NOT, true},
	{"obj_role", KERNEL_OBJ_ROLE, KERNEL_KIND_TEXT, NOT, true},
	{"obj_type", KERNEL_OBJ_TYPE, KERNEL_KIND_TEXT, NOT, true},
	{"obj_lev_low", KERNEL_OBJ_LOW, KERNEL_KIND_TEXT, ORDER, true},
	{"obj_lev_high", KERNEL_OBJ_HIGH, KERNEL_KIND_TEXT, ORDER, true},
	{"sessionid", KERNEL_SESSION, KERNEL_KIND_SESSION, ORDER, false},
	{"devmajor", KERNEL_DEVMAJOR, KERNEL_KIND_NUMBER, ORDER, true},
	{"devminor", KERNEL_DEVMINOR, KERNEL_KIND_NUMBER, KERNEL_ALLOWS_MASK, true},
	{"inode", KERNEL_INODE, KERNEL_KIND_NUMBER, NOT, true},
	{"exit", KERNEL_EXIT_CODE, KERNEL_KIND_EXIT, ORDER, true},
	{"success", KERNEL_SUCCESS, KERNEL_KIND_NUMBER, ORDER, true},
	{"path", KERNEL_PATH, KERNEL_KIND_PATH, KERNEL_ALLOWS_EQUAL, true},
	{"perm", KERNEL_PERM, KERNEL_KIND_PERM, KERNEL_ALLOWS_EQUAL, true},
	{"dir", KERNEL_DIR, KERNEL_KIND_PATH, KERNEL_ALLOWS_EQUAL, true},
	{"filetype", KERNEL_FILETYPE, KERNEL_KIND_FILETYPE, NOT, true},
	{"fstype", KERNEL_FSTYPE, KERNEL_KIND_FSTYPE, NOT, false},
	{"obj_uid", KERNEL_OBJ_UID, KERNEL_KIND_USER, ORDER, false},
	{"obj_gid", KERNEL_OBJ_GID, KERNEL_KIND_GROUP, ORDER, false},
	{"field_compare", KERNEL_COMPARE, KERNEL_KIND_NUMBER, NOT, false},
	{"a0", KERNEL_A0, KERNEL_KIND_SIGNED, KERNEL_ALLOWS_MASK, false},
	{"a1", KERNEL_A1, KERNEL_KIND_SIGNED, KERNEL_ALLOWS_MASK, false},
	{"a2", KERNEL_A2, KERNEL_KIND_SIGNED, KERNEL_ALLOWS_MASK, false},
	{"a3", KERNEL_A3, KERNEL_KIND_SIGNED, KERNEL_ALLOWS_MASK, false},
	{"key", KERNEL_KEY, KERNEL_KIND_TEXT, NOT, false},
	{"exe", KERNEL_EXE, KERNEL_KIND_PATH, NOT, false},
	{"saddr_fam", KERNEL_SADDR_FAM, KERNEL_KIND_FAMILY, ORDER, false},
};
#undef ORDER
#undef NOT

const struct kernel_field *kernel_field_named(struct text name)
{
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (text_equal_fold(name, text_of(fields[i].name)))
			return &fields[i];
	}
	return NULL;
}

const struct kernel_field *kernel_field_numbered(enum kernel_field_number number)
{
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (fields[i].number == number)
			return &fields[i];
	}
	return NULL;
}

const char *kernel_operator_name(enum kernel_operator op)
{
	switch (op) {
	case KERNEL_MASK: return "&";
	case KERNEL_MASK_ALL: return "&=";
	case KERNEL_LESS: return "<";
	case KERNEL_GREATER: return ">";
	case KERNEL_NOT_EQUAL: return "!=";
	case KERNEL_EQUAL: return "=";
	case KERNEL_LESS_EQUAL: return "<=";
	case KERNEL_GREATER_EQUAL: return ">=";
	}
	return "";
}

static const struct {
	const char *name;
	enum kernel_list list;
} lists[] = {
	{"task", KERNEL_TASK}, {"exit", KERNEL_EXIT}, {"user", KERNEL_USER}, {"exclude", KERNEL_EXCLUDE},
	{"filesystem", KERNEL_FILESYSTEM}, {"io_uring", KERNEL_URING},
};

const char *kernel_list_name(enum kernel_list list)
{
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (lists[i].list == list)
			return lists[i].name;
	}
	return "";
}

enum kernel_list kernel_list_named(struct text name)
{
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		if (text_is(name, lists[i].name))
			return lists[i].list;
	}
	return KERNEL_NO_LIST;
}

bool kernel_compare(uint32_t left, enum kernel_operator op, uint32_t right)
{
	switch (op) {
	case KERNEL_MASK: return (left & right) != 0;
	case KERNEL_MASK_ALL: return (left & right) == right;
	case KERNEL_LESS: return left < right;
	case KERNEL_GREATER: return left > right;
	case KERNEL_NOT_EQUAL: return left != right;
	case KERNEL_EQUAL: return left == right;
	case KERNEL_LESS_EQUAL: return left <= right;
	case KERNEL_GREATER_EQUAL: return left >= right;
	}
	return false;
}

/* --- rules --- */

bool kernel_rule_calls(const struct kernel_rule *rule, unsigned number)
{
	return rule->every_call
		|| (number < KERNEL_CALLS_MAX && (rule->calls[number / 32] >> (number % 32) & 1) != 0);
}

const struct kernel_test *kernel_rule_test(const struct kernel_rule *rule, enum kernel_field_number field)
{
	for (size_t i = 0; i < rule->count; i++) {
		if (rule->tests[i].field == field)
			return &rule->tests[i];
	}
	return NULL;
}

static bool equal_tests(const struct kernel_test *a, const struct kernel_test *b)
{
	return a->field == b->field && a->op == b->op && a->number == b->number && a->named == b->named
		&& text_equal(a->text, b->text);
}

bool kernel_rule_equal(const struct kernel_rule *a, const struct kernel_rule *b)
{
	if (a->list != b->list || a->action != b->action || a->count != b->count || a->every_call != b->every_call
			|| memcmp(a->calls, b->calls, sizeof(a->calls)) != 0)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!equal_tests(&a->tests[i], &b->tests[i]))
			return false;
	}
	return true;
}

const struct kernel_field *kernel_rule_contradiction(const struct kernel_rule *rule)
{
	for (size_t i = 0; i < rule->count; i++) {
		const struct kernel_test *a = &rule->tests[i];

		for (size_t k = 0; k < i && a->op == KERNEL_EQUAL && !a->named && a->text.length == 0; k++) {
			const struct kernel_test *b = &rule->tests[k];

			if (b->field == a->field && b->op == KERNEL_EQUAL && !b->named && b->number != a->number
				&& a->field != KERNEL_COMPARE)
				return kernel_field_numbered(a->field);
		}
	}
	return NULL;
}

/* --- numbers --- */

/* By number from 1; two have a second name. */
static const char *const errnos[] = {
	"EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD", "EAGAIN", "ENOMEM",
	"EACCES", "EFAULT", "ENOTBLK", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR", "EISDIR", "EINVAL", "ENFILE",
	"EMFILE", "ENOTTY", "ETXTBSY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS", "EMLINK", "EPIPE", "EDOM", "ERANGE", "EDEADLK",
	"ENAMETOOLONG", "ENOLCK", "ENOSYS", "ENOTEMPTY", "ELOOP", NULL, "ENOMSG", "EIDRM", "ECHRNG", "EL2NSYNC", "EL3HLT",
	"EL3RST", "ELNRNG", "EUNATCH", "ENOCSI", "EL2HLT", "EBADE", "EBADR", "EXFULL", "ENOANO", "EBADRQC", "EBADSLT", NULL,
	"EBFONT", "ENOSTR", "ENODATA", "ETIME", "ENOSR", "ENONET", "ENOPKG", "EREMOTE", "ENOLINK", "EADV", "ESRMNT", "ECOMM",
	"EPROTO", "EMULTIHOP", "EDOTDOT", "EBADMSG", "EOVERFLOW", "ENOTUNIQ", "EBADFD", "EREMCHG", "ELIBACC", "ELIBBAD",
	"ELIBSCN", "ELIBMAX", "ELIBEXEC", "EILSEQ", "ERESTART", "ESTRPIPE", "EUSERS", "ENOTSOCK", "EDESTADDRREQ", "EMSGSIZE",
	"EPROTOTYPE", "ENOPROTOOPT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "EOPNOTSUPP", "EPFNOSUPPORT", "EAFNOSUPPORT",
	"EADDRINUSE", "EADDRNOTAVAIL", "ENETDOWN", "ENETUNREACH", "ENETRESET", "ECONNABORTED", "ECONNRESET", "ENOBUFS",
	"EISCONN", "ENOTCONN", "ESHUTDOWN", "ETOOMANYREFS", "ETIMEDOUT", "ECONNREFUSED", "EHOSTDOWN", "EHOSTUNREACH",
	"EALREADY", "EINPROGRESS", "ESTALE", "EUCLEAN", "ENOTNAM", "ENAVAIL", "EISNAM", "EREMOTEIO", "EDQUOT", "ENOMEDIUM",
	"EMEDIUMTYPE", "ECANCELED", "ENOKEY", "EKEYEXPIRED", "EKEYREVOKED", "EKEYREJECTED", "EOWNERDEAD", "ENOTRECOVERABLE",
	"ERFKILL", "EHWPOISON",
};

int kernel_errno(struct text name)
{
	if (text_equal_fold(name, TEXT("EWOULDBLOCK")))
		return 11;
	if (text_equal_fold(name, TEXT("EDEADLOCK")))
		return 35;
	for (size_t i = 0; i < COUNT_OF(errnos); i++) {
		if (errnos[i] != NULL && text_equal_fold(name, text_of(errnos[i])))
			return (int)i + 1;
	}
	return 0;
}

/* The kernel's numbers of pairs (linux/audit.h), each for both orders. */
static const struct {
	enum kernel_field_number left, right;
	unsigned number;
} pairs[] = {
	{KERNEL_UID, KERNEL_OBJ_UID, 1}, {KERNEL_GID, KERNEL_OBJ_GID, 2}, {KERNEL_EUID, KERNEL_OBJ_UID, 3},
	{KERNEL_EGID, KERNEL_OBJ_GID, 4}, {KERNEL_AUID, KERNEL_OBJ_UID, 5}, {KERNEL_SUID, KERNEL_OBJ_UID, 6},
	{KERNEL_SGID, KERNEL_OBJ_GID, 7}, {KERNEL_FSUID, KERNEL_OBJ_UID, 8}, {KERNEL_FSGID, KERNEL_OBJ_GID, 9},
	{KERNEL_UID, KERNEL_AUID, 10}, {KERNEL_UID, KERNEL_EUID, 11}, {KERNEL_UID, KERNEL_FSUID, 12},
	{KERNEL_UID, KERNEL_SUID, 13}, {KERNEL_AUID, KERNEL_FSUID, 14}, {KERNEL_AUID, KERNEL_SUID, 15},
	{KERNEL_AUID, KERNEL_EUID, 16}, {KERNEL_EUID, KERNEL_SUID, 17}, {KERNEL_EUID, KERNEL_FSUID, 18},
	{KERNEL_SUID, KERNEL_FSUID, 19}, {KERNEL_GID, KERNEL_EGID, 20}, {KERNEL_GID, KERNEL_FSGID, 21},
	{KERNEL_GID, KERNEL_SGID, 22}, {KERNEL_EGID, KERNEL_FSGID, 23}, {KERNEL_EGID, KERNEL_SGID, 24},
	{KERNEL_SGID, KERNEL_FSGID, 25},
};

unsigned kernel_pair(enum kernel_field_number left, enum kernel_field_number right)
{
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		if ((pairs[i].left == left && pairs[i].right == right) || (pairs[i].left == right && pairs[i].right == left))
			return pairs[i].number;
	}
	return 0;
}

/* --- permissions --- */

struct text kernel_perm_letters(struct arena *arena, uint32_t perm)
{
	return text_of(arena_printf(arena, "%s%s%s%s", perm & KERNEL_PERM_READ ? "r" : "", perm & KERNEL_PERM_WRITE ? "w" : "",
		perm & KERNEL_PERM_EXEC ? "x" : "", perm & KERNEL_PERM_ATTRIBUTE ? "a" : ""));
}

#define PLAIN KERNEL_CLASS_PLAIN
#define R KERNEL_PERM_READ
#define W KERNEL_PERM_WRITE
#define A KERNEL_PERM_ATTRIBUTE
/* asm-generic/audit_{dir_write,write,read,change_attr}.h, with the 32-bit names. */
static const struct kernel_call_class classes[] = {
	{"open", KERNEL_CLASS_OPEN, 0}, {"openat", KERNEL_CLASS_OPENAT, 0}, {"openat2", KERNEL_CLASS_OPENAT2, 0},
	{"execve", KERNEL_CLASS_EXEC, 0}, {"execveat", KERNEL_CLASS_EXEC, 0}, {"socketcall", KERNEL_CLASS_SOCKETCALL, 0},
	{"rename", PLAIN, W}, {"mkdir", PLAIN, W}, {"rmdir", PLAIN, W}, {"creat", PLAIN, W}, {"link", PLAIN, W | A},
	{"unlink", PLAIN, W}, {"symlink", PLAIN, W}, {"mknod", PLAIN, W}, {"mkdirat", PLAIN, W}, {"mknodat", PLAIN, W},
	{"unlinkat", PLAIN, W}, {"renameat", PLAIN, W}, {"linkat", PLAIN, W | A}, {"symlinkat", PLAIN, W},
	{"renameat2", PLAIN, W}, {"acct", PLAIN, W}, {"swapon", PLAIN, W}, {"quotactl", PLAIN, W | R},
	{"quotactl_fd", PLAIN, W | R}, {"truncate", PLAIN, W}, {"truncate64", PLAIN, W}, {"ftruncate", PLAIN, W},
	{"ftruncate64", PLAIN, W}, {"bind", PLAIN, W}, {"fallocate", PLAIN, W},
	{"readlink", PLAIN, R}, {"readlinkat", PLAIN, R}, {"listxattr", PLAIN, R}, {"listxattrat", PLAIN, R},
	{"llistxattr", PLAIN, R}, {"flistxattr", PLAIN, R}, {"getxattr", PLAIN, R}, {"getxattrat", PLAIN, R},
	{"lgetxattr", PLAIN, R}, {"fgetxattr", PLAIN, R}, {"file_getattr", PLAIN, R},
	{"chmod", PLAIN, A}, {"fchmod", PLAIN, A}, {"chown", PLAIN, A}, {"chown32", PLAIN, A}, {"fchown", PLAIN, A},
	{"fchown32", PLAIN, A}, {"lchown", PLAIN, A}, {"lchown32", PLAIN, A}, {"setxattr", PLAIN, A},
	{"setxattrat", PLAIN, A}, {"lsetxattr", PLAIN, A}, {"fsetxattr", PLAIN, A}, {"removexattr", PLAIN, A},
	{"removexattrat", PLAIN, A}, {"lremovexattr", PLAIN, A}, {"fremovexattr", PLAIN, A}, {"fchownat", PLAIN, A},
	{"fchmodat", PLAIN, A}, {"fchmodat2", PLAIN, A}, {"file_setattr", PLAIN, A},
	{NULL, KERNEL_CLASS_NONE, 0},
};

const struct kernel_call_class *kernel_call_classes(void)
{
	return classes;
}

const struct kernel_call_class *kernel_call_class(struct text name)
{
	for (const struct kernel_call_class *row = classes; row->name != NULL; row++) {
		if (text_is(name, row->name))
			return row;
	}
	return NULL;
}
