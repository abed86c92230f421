/*
 * audit_tables: what a plan asks of audit records, as tables that are looked up while records are read: for each type of
 * record the keys that count, for each system call what its arguments and paths are.
 *
 * Made for a plan and one stream of records: what a call is, is found out when it is first met.
 */
#ifndef MEWS_AUDIT_TABLES_H
#define MEWS_AUDIT_TABLES_H

#include "catalog/audit_names.h"
#include "replay/readers/record_plan.h"

#include <string.h>

/* Names that the reader makes itself, or whose values it needs for others. */
#define AUDIT_MADE(X) \
	X(TYPE, "type") X(NODE, "node") X(ARCH, "SYSCALL.arch") X(CALL, "SYSCALL.syscall") X(NUMBER, "SYSCALL.number") \
	X(SUCCESS, "SYSCALL.success") X(EXIT, "SYSCALL.exit") X(A0, "SYSCALL.a0") X(A1, "SYSCALL.a1") \
	X(A2, "SYSCALL.a2") X(A3, "SYSCALL.a3") X(ARGC, "EXECVE.argc") X(ARGV, "EXECVE.argv") \
	X(TITLE, "PROCTITLE.proctitle") X(SOCKET_FAMILY, "SOCKADDR.family") X(SOCKET_ADDRESS, "SOCKADDR.address") \
	X(SOCKET_IP, "SOCKADDR.ip") X(SOCKET_PORT, "SOCKADDR.port") X(OPEN_FLAGS, "OPENAT2.oflag") \
	X(DIRECTORY, "CWD.cwd") X(PATHS, "PATHS.path") X(MOUNT_TARGET, "MOUNT.target") X(MOUNT_SOURCE, "MOUNT.source") \
	X(NEW_MODE, "CHMOD.mode") X(NODE_TYPE, "MKNOD.type") X(NODE_DEVICE, "MKNOD.device") \
	X(PATH_NAME, "PATH.name") X(PATH_PATH, "PATH.path") X(PATH_TYPE, "PATH.nametype") \
	X(PATH_MODE, "PATH.mode") X(PATH_INODE, "PATH.inode") X(PATH_OWNER, "PATH.ouid") X(PATH_GROUP, "PATH.ogid") \
	X(PATH_TARGET, "PATH.target")

/* clang-format off */
enum audit_made {
#define X(id, name) AUDIT_MADE_##id,
	AUDIT_MADE(X)
#undef X
	AUDIT_MADE_COUNT
};
/* clang-format on */

/* What a key of a record is. */
enum audit_key_kind {
	AUDIT_KEY_PLAIN,   /* a value of its own */
	AUDIT_KEY_KEYS,    /* key=: several joined by 0x01 */
	AUDIT_KEY_EXE,     /* a path that may say that it is deleted */
	AUDIT_KEY_ARCH, AUDIT_KEY_NUMBER, AUDIT_KEY_SUCCESS, AUDIT_KEY_EXIT, AUDIT_KEY_A0, AUDIT_KEY_A1, AUDIT_KEY_A2,
	AUDIT_KEY_A3, AUDIT_KEY_ADDED_NAME,
	AUDIT_KEY_PATH_NAME, AUDIT_KEY_PATH_TYPE, AUDIT_KEY_PATH_MODE, AUDIT_KEY_PATH_INODE, AUDIT_KEY_PATH_OWNER,
	AUDIT_KEY_PATH_GROUP,
};

struct audit_key {
	uint64_t head;     /* its first eight bytes */
	struct text key;
	unsigned number;   /* of the name TYPE.key in the plan; 0: only the reader needs it */
	enum audit_key_kind kind;
	bool encoded;      /* its values are untrusted: quoted, or hex */
	const struct audit_key *next;
};
enum { AUDIT_KEY_SLOTS = 64 };
struct audit_layouts;
struct audit_keys {
	const struct audit_key *slots[AUDIT_KEY_SLOTS];
	struct audit_layouts *layouts; /* orders of keys that were seen (audit_layout.h) */
};

enum audit_call_kind { AUDIT_CALL_OTHER, AUDIT_CALL_RENAME, AUDIT_CALL_LINK, AUDIT_CALL_MOUNT, AUDIT_CALL_UMOUNT,
	AUDIT_CALL_CONNECT, AUDIT_CALL_MKNOD,
	AUDIT_CALL_SOCKETCALL };
enum { AUDIT_NO_ARGUMENT = 4 };
struct audit_call_info {
	struct text name;
	enum audit_call_kind kind;
	unsigned char first, second; /* arguments with the directory of the first and second path; AUDIT_NO_ARGUMENT: none */
	unsigned char mode;          /* the argument with a new mode; behind it mknod has the device */
	bool ready;
	bool parts;                  /* the plan has an event for each of its paths, or asks for all paths */
	uint64_t asked;              /* a bit for each of enum audit_made: something may come of it in an event of the call */
};

/* How the newest PATH record of a parent ended, from its nametype on. Begins as zeroes. */
struct audit_parent {
	char tail[128];
	size_t length;
};

/* The newest title, as it was logged and as it is meant: a process has one for all its events. Begins as zeroes. */
struct audit_titled {
	char body[512], text[256];
	size_t body_length, length; /* body_length 0: there is none */
};

enum { AUDIT_TYPES = 3000, AUDIT_CALLS = 512, AUDIT_ARCHES = 3 };
struct audit_tables {
	const struct record_plan *plan;
	struct arena *arena;               /* what is learnt is kept here */
	unsigned made[AUDIT_MADE_COUNT];
	const struct audit_keys *keys[AUDIT_TYPES]; /* by type of record; user messages: [0]; NULL: nothing is asked for */
	struct audit_call_info calls[AUDIT_ARCHES][AUDIT_CALLS];
	struct audit_call_info other;      /* the newest call that no table has */
	bool types[AUDIT_TYPES];           /* is the type itself asked for? */
	bool any_type;                     /* all are */
	bool some_type;                    /* that there is a type is: the first record's, where none is asked for */
	bool names;                        /* those of paths are, or what is made of them */
	bool all;                          /* whatever the call is, all that the plan has a name for is asked for */
	struct audit_parent parent;
	struct audit_titled titled;
	int64_t seconds;                   /* that `second` is the text of */
	char second[TEXT_NUMBER_MAX + 8];
	size_t second_length;              /* 0: there is none yet */
};

/* The arena is the tables' own: nobody else allocates from it while they are in use. */
struct audit_tables *audit_tables_new(struct arena *arena, const struct record_plan *plan);
/* The architecture's code (c000003e) → its row of calls, or AUDIT_ARCHES. */
unsigned audit_tables_arch(struct text code);
/* What to know of the call of a name. */
const struct audit_call_info *audit_tables_describe(struct audit_tables *tables, struct audit_call_info *info,
	struct text name);
const struct audit_call_info *audit_tables_slow(struct audit_tables *tables, unsigned arch, uint64_t number);

/* The call of a number below AUDIT_CALLS; its name is empty where the architecture has none. */
static inline const struct audit_call_info *audit_tables_call(struct audit_tables *tables, unsigned arch, uint64_t number)
{
	const struct audit_call_info *info = &tables->calls[arch][number];
	return info->ready ? info : audit_tables_slow(tables, arch, number);
}

/* Can the bytes of this key's value be hex? (keys whose values are untrusted) */
bool audit_key_encoded(struct text key);

/* The key's row, or NULL. Eight bytes must be readable at key.data. */
static inline const struct audit_key *audit_key_find(const struct audit_keys *keys, struct text key)
{
	uint64_t head;
	memcpy(&head, key.data, sizeof head);
	if (key.length < sizeof head)
		head &= (UINT64_C(1) << 8 * key.length) - 1;
	const struct audit_key *row = keys->slots[(head * UINT64_C(0x9e3779b97f4a7c15)) >> 58];
	while (row && (row->head != head || row->key.length != key.length ||
		(key.length > sizeof head && memcmp(row->key.data, key.data, key.length) != 0)))
		row = row->next;
	return row;
}

#endif
