/*
 * audit_parse: one line of an audit log → its head and, one by one, its fields.
 *
 *   node=web1 type=SYSCALL msg=audit(1604994496.155:92733): arch=c000003e syscall=59 …
 *
 * Also understood: the same through syslog (anything before `type=`), kernel printk (`audit: type=1309
 * audit(…): …` with numbers for types), UNKNOWN[1337], and what enriched logs add after 0x1d. Nothing is
 * allocated and nothing copied: all texts point into the line.
 */
#ifndef MEWS_AUDIT_PARSE_H
#define MEWS_AUDIT_PARSE_H

#include "catalog/audit_names.h"

#include <string.h>

enum audit_type {
	AUDIT_LOGIN = 1006, AUDIT_SYSCALL = 1300, AUDIT_PATH = 1302, AUDIT_SOCKADDR = 1306, AUDIT_CWD = 1307,
	AUDIT_EXECVE = 1309, AUDIT_EOE = 1320, AUDIT_CAPSET = 1322, AUDIT_PROCTITLE = 1327, AUDIT_OPENAT2 = 1337,
	AUDIT_KERNEL = 2000
};

/* Is the text that literal? Keys are compared by the million: no strlen. */
#define AUDIT_IS(text, literal) \
	((text).length == sizeof(literal) - 1 && memcmp((text).data, (literal), sizeof(literal) - 1) == 0)

struct audit_line {
	struct text type;   /* SYSCALL; for a number, its name where it is known */
	unsigned number;    /* 1300; 0: unknown name */
	struct text node;   /* or empty; through syslog the sending host */
	int64_t seconds;
	unsigned milliseconds;
	uint64_t serial;
	struct text body;   /* the fields */
};

/* NULL, or why the line is no audit record (a phrase for `rejected`). */
const char *audit_parse_line(struct text text, struct audit_line *line);

/* Goes through the fields of a body. */
struct audit_cursor {
	struct text body;
	size_t at;
	size_t quote;       /* where the nested msg='…' ends; 0: not inside one */
	bool enriched;      /* beyond 0x1d */
};
struct audit_field {
	struct text key;
	struct text value;  /* without quotes */
	bool quoted;        /* stood in double quotes: exactly this text, never hex */
	bool enriched;      /* an interpretation that auditd added (UID="root") */
};
void audit_fields(struct audit_cursor *cursor, struct text body);
bool audit_next(struct audit_cursor *cursor, struct audit_field *field); /* false: no more */

/* User-space messages (USER_AUTH, ADD_USER, …), which carry their fields in a nested msg. */
bool audit_type_is_user(unsigned number);

/* Hex digits (upper case, as the kernel writes untrusted strings) → bytes; false where it is no such text. */
bool audit_unhex(struct arena *arena, struct text hex, struct text *bytes);
#endif
