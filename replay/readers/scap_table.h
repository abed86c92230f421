/*
 * scap_table: what stands in captures (.scap): numbers of blocks and events, parameters, flags.
 *
 * Facts of a format that others define. The reader and the writer use the
 * same tables, so that they cannot drift apart. An event's parameters carry their own lengths, so only those that
 * somebody looks at need be known by name; what a later version appends is passed over.
 *
 *   const struct scap_kind *kind = scap_kind(293);   // the end of execve
 *   kind->name, kind->act, scap_parameter(kind, "comm")  → 13
 */
#ifndef MEWS_SCAP_TABLE_H
#define MEWS_SCAP_TABLE_H

#include "catalog/text.h"

enum {
	SCAP_BLOCK_SECTION = 0x0a0d0d0a,
	SCAP_MAGIC = 0x1a2b3c4d,
	SCAP_BLOCK_MACHINE = 0x201,
	SCAP_BLOCK_PROCESSES_1 = 0x202, /* without its second size */
	SCAP_BLOCK_DESCRIPTORS = 0x203,
	SCAP_BLOCK_EVENT = 0x204, /* without a number of parameters */
	SCAP_BLOCK_INTERFACES = 0x205,
	SCAP_BLOCK_USERS = 0x206,
	SCAP_BLOCK_PROCESSES_2 = 0x207,
	SCAP_BLOCK_EVENT_FLAGS = 0x208,
	SCAP_BLOCK_PROCESSES_3 = 0x209,
	SCAP_BLOCK_PROCESSES_4 = 0x210, /* … 9 = 0x215 */
	SCAP_BLOCK_PROCESSES_9 = 0x215,
	SCAP_BLOCK_EVENT_2 = 0x216,
	SCAP_BLOCK_EVENT_FLAGS_2 = 0x217,
	SCAP_BLOCK_DESCRIPTORS_2 = 0x218,
	SCAP_BLOCK_INTERFACES_2 = 0x219,
	SCAP_BLOCK_USERS_2 = 0x220,
	SCAP_BLOCK_EVENT_LARGE = 0x221,
	SCAP_BLOCK_EVENT_FLAGS_LARGE = 0x222,

	SCAP_PARAMETERS = 32, /* of an event, at most */
	SCAP_TYPES = 454,     /* event numbers below it are known */

	SCAP_AT_FDCWD = -100,
	SCAP_STATE_ONLY = 1, /* flag of an event: for the tables of whoever reads, never shown */
};

/* Types of descriptors. */
enum scap_fd_type {
	SCAP_FD_UNKNOWN = 0, SCAP_FD_FILE = 1, SCAP_FD_DIRECTORY = 2, SCAP_FD_IPV4 = 3, SCAP_FD_IPV6 = 4,
	SCAP_FD_IPV4_SERVER = 5, SCAP_FD_IPV6_SERVER = 6, SCAP_FD_FIFO = 7, SCAP_FD_UNIX = 8, SCAP_FD_FILE_2 = 16,
	SCAP_FD_MEMFD = 20, SCAP_FD_LAST = 21,
};

/* Bits of flags that the state needs. */
enum {
	SCAP_O_RDONLY = 1, SCAP_O_WRONLY = 2, SCAP_O_CREAT = 4, SCAP_O_TRUNC = 0x100, SCAP_O_DIRECTORY = 0x400,
	SCAP_O_CLOEXEC = 0x1000, SCAP_O_TMPFILE = 0x2000, SCAP_O_CREATED = 0x4000,
	SCAP_CLONE_NEWPID = 1 << 6, SCAP_CLONE_PARENT = 1 << 8, SCAP_CLONE_THREAD = 1 << 13, SCAP_CLONE_INVERTED = 1 << 16,
	SCAP_CLONE_NEWUSER = 1 << 20, SCAP_CLONE_VFORK = 1 << 27, SCAP_CLONE_IN_PIDNS = 1 << 29,
};

/* What an event does to the state of whoever reads. */
enum scap_act {
	SCAP_QUIET, /* no row: says nothing that is read here */
	SCAP_ENTER, /* a call begins: kept for its end */
	SCAP_NONE,
	SCAP_EXEC, SCAP_CLONE, SCAP_EXIT,
	SCAP_OPEN, SCAP_OPENAT, SCAP_OPEN_HANDLE, SCAP_CLOSE, SCAP_SOCKET, SCAP_BIND, SCAP_CONNECT, SCAP_ACCEPT, SCAP_DUP,
	SCAP_FCNTL, SCAP_PAIR, SCAP_MEMFD,
	SCAP_CHDIR, SCAP_FCHDIR, SCAP_SETUID, SCAP_SETGID, SCAP_CAPSET, SCAP_NAMESPACE, SCAP_SETSID, SCAP_SETPGID,
	SCAP_CONTAINER, SCAP_ACCOUNT,
};

/* How a parameter is written out. */
enum scap_form {
	SCAP_ERRNO = 'e', SCAP_FD = 'f', SCAP_PID = 'p', SCAP_STRING = 's', SCAP_BYTES = 'b', SCAP_PATH = 'P',
	SCAP_RELATIVE = 'R', /* to the descriptor that stands before it */
	SCAP_UNSIGNED = 'u', SCAP_SIGNED = 'd', SCAP_HEX = 'x', SCAP_OCTAL = 'o', SCAP_FLAGS = 'F', SCAP_ENUM = 'E',
	SCAP_ADDRESS = 'a', SCAP_TUPLE = 't', SCAP_SIGNAL = 'g', SCAP_ID = 'i', SCAP_DYNAMIC = 'y',
};

struct scap_name {
	uint32_t value;
	const char *name;
};

struct scap_parameter {
	struct text name;
	char form;
	const struct scap_name *names; /* of flags and enumerations; ends with name NULL */
};

struct scap_kind {
	uint16_t type;
	const char *name;    /* evt.type; NULL: no row */
	enum scap_act act;
	bool told;           /* it is an event of its own for a dialect */
	uint8_t count;
	const struct scap_parameter *parameters;
};

/* All kinds by number, [SCAP_TYPES], made in the arena. */
const struct scap_kind *scap_kinds_make(struct arena *arena);
int scap_parameter(const struct scap_kind *kind, const char *name); /* position, or -1 */

/* `O_RDONLY|O_CLOEXEC`: the names of the bits in the table's order, as sysdig writes them. */
struct text scap_flags_text(struct arena *arena, const struct scap_name *names, uint32_t value, bool exact);
/* The bits of such a text, or the number of one name; words that the table lacks are passed over. */
uint32_t scap_flags_value(const char *table, struct text words, char separator);
const char *scap_errno_name(int64_t number); /* 2 → "ENOENT"; NULL: none */
const char *scap_signal_name(int64_t number);
int64_t scap_signal_number(struct text name); /* -1: none */

#endif
