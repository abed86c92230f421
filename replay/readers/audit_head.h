/*
 * audit_head: the head of an audit record: its type, host, time and serial; and where its fields begin.
 *
 *   node=web1 type=SYSCALL msg=audit(1604994496.155:92733): arch=c000003e syscall=59 …
 *
 * The same is found behind the head of a syslog line (RFC 3164, ISO time, RFC 5424: the host is taken from it) and in what
 * the kernel prints (`[   12.345] audit: type=1309 audit(…): …`, with numbers for types); UNKNOWN[1337] is a number, too.
 * What an enriched log adds stands behind a byte 0x1d, which syslog daemons write as #035: both are found. Nothing is
 * allocated and nothing copied: all texts point into the line, or are constant.
 */
#ifndef MEWS_AUDIT_HEAD_H
#define MEWS_AUDIT_HEAD_H

#include "catalog/audit_names.h"

#include <string.h>

enum audit_type {
	AUDIT_LOGIN = 1006, AUDIT_SYSCALL = 1300, AUDIT_PATH = 1302, AUDIT_SOCKADDR = 1306, AUDIT_CWD = 1307,
	AUDIT_EXECVE = 1309, AUDIT_EOE = 1320, AUDIT_CAPSET = 1322, AUDIT_PROCTITLE = 1327, AUDIT_OPENAT2 = 1337,
	AUDIT_KERNEL = 2000
};
/* The byte behind which an enriched log adds its interpretations. */
enum { AUDIT_ADDED = 0x1d };

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
	struct text added;  /* of an enriched log through syslog: what stood behind the mark; else it is in the body */
};

/* NULL, or why the line is no audit record (a phrase for `rejected`). */
const char *audit_parse_line(struct text text, struct audit_line *line);

/* Neighbours share stamps and types: what the line before had need not be read again. Begins as zeroes. */
struct audit_memo {
	char stamp[64];     /* `msg=audit(1.5:9):` */
	size_t stamp_length;
	size_t second_length; /* of it, up to and with the dot */
	int64_t seconds;
	unsigned milliseconds;
	uint64_t serial;
	struct audit_known_type {
		char name[24];
		size_t length;
		unsigned number;
	} types[64];
};
const char *audit_head_next(struct audit_memo *memo, struct text text, struct audit_line *line);

/* A record whose parts came apart (fields of a journal): `type` is a name, a number, or empty where `number` says it.
 * Sets type and number; false: it is no record type. */
bool audit_head_type(struct audit_line *line, struct text type);

#endif
