/*
 * scap_state: what is known at a point of a capture: threads with their descriptors, users, groups, containers.
 *
 * A capture begins with tables of what ran, and each event changes them: the state machine of sysdig, without its
 * guesses. Threads share the descriptors and the working directory of their process; a process that forks gives a copy
 * of them to its child.
 *
 *   struct scap_state *state = scap_state_new();
 *   struct scap_thread *thread = scap_thread_add(state, 4711);
 *   scap_text_set(state, &thread->comm, TEXT("bash"));
 *   struct scap_fd *fd = scap_fd_add(state, scap_leader(state, thread), 3);
 *
 * Memory is bounded: SCAP_THREADS_MAX threads, SCAP_FDS_MAX descriptors of a process and SCAP_FDS_ALL of all, and
 * SCAP_BYTES_MAX bytes of texts. What would go beyond is not kept; `dropped` counts it. Pointers to threads live until
 * the thread is removed, pointers to descriptors until the next one of that process is added or removed.
 */
#ifndef MEWS_SCAP_STATE_H
#define MEWS_SCAP_STATE_H

#include "catalog/text.h"

enum { SCAP_THREADS_MAX = 1 << 17, SCAP_FDS_MAX = 4096, SCAP_FDS_ALL = 1 << 20, SCAP_ACCOUNTS_MAX = 1 << 16,
	SCAP_CONTAINERS_MAX = 1 << 12, SCAP_BYTES_MAX = 256 << 20 };

enum scap_role { SCAP_ROLE_NONE, SCAP_CLIENT, SCAP_SERVER };
enum scap_protocol { SCAP_L4_UNKNOWN, SCAP_L4_TCP, SCAP_L4_UDP, SCAP_L4_ICMP, SCAP_L4_RAW };

struct scap_shared; /* a text with several owners */

struct scap_endpoint {
	uint8_t address[16]; /* IPv4: the first four bytes, in the order of the network */
	uint16_t port;
};

struct scap_fd {
	int64_t number;
	uint8_t type, role, protocol;
	uint32_t flags; /* of its opening */
	struct scap_endpoint source, destination;
	struct scap_shared *name;
};

struct scap_fds {
	struct scap_fd *items; /* by number */
	size_t count, capacity;
};

struct scap_thread {
	struct scap_thread *next; /* in its slot */
	int64_t tid, pid, parent; /* pid: -1 where nothing is known but the tid */
	int64_t session, group, vtid, vpid;
	uint32_t uid, gid, login, tty, flags;
	uint64_t inheritable, permitted, effective;
	bool capabilities; /* the three sets are known */
	bool born;         /* in the capture, at `time` */
	uint64_t time;
	struct buffer comm, exe, args, exepath, directory, container; /* args: each with its NUL */
	struct scap_fds fds; /* of a process; its threads have none */
	struct buffer begun; /* the call that it is in: payload of its first event */
	uint16_t begun_type; /* 0: none */
	uint32_t begun_count;
	unsigned followers;  /* threads of the process beside this one, its first */
	bool ended;          /* the first one ended, and others still run */
	uint64_t serial;     /* of its addition to the table */
};

struct scap_account { /* a user or a group */
	uint32_t id;
	struct scap_shared *name;
};
struct scap_accounts {
	struct scap_account *items; /* by id */
	size_t count, capacity;
};

struct scap_container {
	struct scap_container *next;
	struct arena arena;
	struct text id, name, type, repository, tag, mounts, pod, space;
	int privileged; /* -1: not known */
};

struct scap_state {
	struct scap_thread **slots;
	size_t size, threads, descriptors, bytes, containers;
	struct scap_thread *spare;
	struct scap_accounts users, groups;
	struct scap_container **container_slots;
	char host[129];
	uint64_t serial;
	uint64_t dropped; /* threads, descriptors, accounts, texts beyond the bounds */
};

struct scap_state *scap_state_new(void);
void scap_state_free(struct scap_state *state);
void scap_state_reset(struct scap_state *state); /* a new section begins */

struct scap_thread *scap_thread_find(const struct scap_state *state, int64_t tid); /* NULL: none */
/* A thread of that tid with nothing known; an older one goes. NULL: the table is full. */
struct scap_thread *scap_thread_add(struct scap_state *state, int64_t tid);
void scap_thread_remove(struct scap_state *state, struct scap_thread *thread);
/* Gives back the texts of a thread (zeroed when it began) that was never in the table. */
void scap_thread_forget(struct scap_state *state, struct scap_thread *thread);
/* The thread that holds what a process shares: the one of its pid, else itself. */
struct scap_thread *scap_leader(const struct scap_state *state, struct scap_thread *thread);
/* The process that started it; NULL: not known. */
struct scap_thread *scap_parent(const struct scap_state *state, struct scap_thread *thread);
void scap_text_set(struct scap_state *state, struct buffer *into, struct text text);

struct scap_fd *scap_fd_find(const struct scap_thread *process, int64_t number);
/* A descriptor with nothing but its number; what stood there goes. NULL: the table is full. */
struct scap_fd *scap_fd_add(struct scap_state *state, struct scap_thread *process, int64_t number);
void scap_fd_remove(struct scap_state *state, struct scap_thread *process, int64_t number);
void scap_fds_copy(struct scap_state *state, struct scap_thread *to, const struct scap_thread *from);
/* Those that are closed when another program begins. */
void scap_fds_exec(struct scap_state *state, struct scap_thread *process);
void scap_fd_rename(struct scap_state *state, struct scap_fd *fd, struct text name);
/* `to` gets all that `from` says but its number. */
void scap_fd_assign(struct scap_state *state, struct scap_fd *to, const struct scap_fd *from);
void scap_fd_drop(struct scap_state *state, struct scap_fd *fd); /* the name of one that stands in no table */
struct text scap_fd_name(const struct scap_fd *fd);

void scap_account_set(struct scap_state *state, struct scap_accounts *accounts, uint32_t id, struct text name);
struct text scap_account_name(const struct scap_accounts *accounts, uint32_t id); /* empty: not known */

struct scap_container *scap_container_find(const struct scap_state *state, struct text id);
/* A container with nothing but its id; an older one goes. NULL: the table is full. */
struct scap_container *scap_container_add(struct scap_state *state, struct text id);

#endif
