/*
 * scap_follow: processes and descriptors as calls change them.
 */
#include "replay/readers/scap_follow.h"

#include "replay/readers/scap_bytes.h"
#include "replay/readers/scap_container.h"
#include "replay/readers/scap_head.h"
#include "replay/readers/scap_names.h"

#include <string.h>

enum { EXECVEAT_BEGIN = 330, EXECVE_END = 293, STALE = 2000000000, EINPROGRESS_RESULT = -115 };
static const uint64_t all_capabilities = (UINT64_C(1) << 41) - 1;

struct follow {
	struct scap_state *state;
	struct scap_event *event;
	struct arena *arena;
	struct scap_seen *seen;
	int64_t result;
	bool returned; /* `result` is known */
};

static int64_t number_or(const struct scap_event *event, const char *name, int64_t otherwise)
{
	int64_t number;
	return scap_value_number(event, name, &number) ? number : otherwise;
}

static struct scap_fd *find_fd(const struct follow *f, int64_t number)
{
	return f->seen->process ? scap_fd_find(f->seen->process, number) : NULL;
}

static struct scap_fd *add_fd(const struct follow *f, int64_t number)
{
	return f->seen->process && number >= 0 ? scap_fd_add(f->state, f->seen->process, number) : NULL;
}

static void show(const struct follow *f, const struct scap_fd *fd)
{
	if (fd)
		f->seen->fd = *fd;
}

struct text scap_base(const struct scap_thread *process, int64_t descriptor)
{
	if (descriptor == SCAP_AT_FDCWD)
		return buffer_view(&process->directory);
	const struct scap_fd *fd = scap_fd_find(process, descriptor);
	return fd ? scap_fd_name(fd) : TEXT("");
}

/* A directory with its slash; false: it is not known. */
static bool base_of(const struct follow *f, int64_t descriptor, struct text *base)
{
	*base = f->seen->process ? scap_base(f->seen->process, descriptor) : TEXT("");
	if (!base->length)
		return false;
	if (base->data[base->length - 1] != '/')
		*base = text_of(arena_printf(f->arena, "%.*s/", TEXT_ARGS(*base)));
	return true;
}

/* Processes */

static void take_cgroups(const struct follow *f, struct scap_thread *thread)
{
	struct text cgroups;
	if (scap_value(f->event, "cgroups", &cgroups))
		scap_text_set(f->state, &thread->container, scap_container_of(cgroups));
}

static void take_program(const struct follow *f, struct scap_thread *thread)
{
	struct text args = TEXT(""), comm = scap_until_nul(scap_value_text(f->event, "comm"));
	scap_value(f->event, "args", &args);
	scap_text_set(f->state, &thread->exe, scap_value_text(f->event, "exe"));
	scap_text_set(f->state, &thread->comm, comm.length ? comm : buffer_view(&thread->exe));
	scap_text_set(f->state, &thread->args, args);
}

/* The file that was executed: the kernel's own word for it, else what the call was given. */
static void take_file(const struct follow *f, struct scap_thread *thread)
{
	struct text trusted = scap_value_text(f->event, "trusted_exepath"), base;
	struct text name = scap_value_text(f->event, "filename"), path = scap_value_text(f->event, "pathname");
	if (trusted.length) {
		scap_text_set(f->state, &thread->exepath, trusted);
		return;
	}
	if (name.length) {
		scap_text_set(f->state, &thread->exepath, scap_path_join(f->arena, buffer_view(&f->seen->process->directory), name));
		return;
	}
	int64_t descriptor = number_or(f->event, "dirfd", INT64_MIN);
	bool based = base_of(f, descriptor, &base);
	if (path.length && (path.data[0] == '/' || based))
		scap_text_set(f->state, &thread->exepath, scap_path_join(f->arena, base, path));
	else if (based && !path.length && descriptor != SCAP_AT_FDCWD) /* AT_EMPTY_PATH */
		scap_text_set(f->state, &thread->exepath, scap_path_join(f->arena, TEXT(""), base));
	else
		scap_text_set(f->state, &thread->exepath, TEXT(""));
}

static void take_sets(const struct follow *f, struct scap_thread *thread)
{
	int64_t effective;
	if (!scap_value_number(f->event, "cap_effective", &effective))
		return;
	thread->inheritable = (uint64_t)number_or(f->event, "cap_inheritable", 0);
	thread->permitted = (uint64_t)number_or(f->event, "cap_permitted", 0);
	thread->effective = (uint64_t)effective;
	thread->capabilities = true;
}

static void follow_exec(const struct follow *f)
{
	struct scap_thread *thread = f->seen->thread;
	if (f->result < 0 || !thread)
		return;
	take_program(f, thread);
	take_file(f, thread);
	take_cgroups(f, thread);
	take_sets(f, thread);
	if (thread->pid < 0) {
		thread->parent = number_or(f->event, "ptid", -1);
		thread->vtid = thread->vpid = thread->tid;
	}
	thread->pid = number_or(f->event, "pid", thread->pid);
	thread->tty = (uint32_t)number_or(f->event, "tty", thread->tty);
	thread->group = number_or(f->event, "vpgid", thread->group);
	thread->login = (uint32_t)number_or(f->event, "loginuid", thread->login);
	thread->uid = (uint32_t)number_or(f->event, "uid", thread->uid);
	thread->gid = (uint32_t)number_or(f->event, "gid", thread->gid);
	thread->flags &= SCAP_CLONE_INVERTED;
	f->seen->process = scap_leader(f->state, thread);
	scap_fds_exec(f->state, f->seen->process);
}

/* What a child has of the thread that made it, or of its process. */
static void inherit(const struct follow *f, struct scap_thread *child, struct scap_thread *from)
{
	scap_text_set(f->state, &child->exepath, buffer_view(&from->exepath));
	child->session = from->session;
	child->group = from->group;
	child->tty = from->tty;
	child->login = from->login;
	child->inheritable = from->inheritable;
	child->permitted = from->permitted;
	child->effective = from->effective;
	child->capabilities = from->capabilities;
	if (child->flags & SCAP_CLONE_THREAD)
		return;
	struct scap_thread *process = scap_leader(f->state, from);
	scap_text_set(f->state, &child->directory, buffer_view(&process->directory));
	scap_fds_copy(f->state, child, process);
}

static void take_clone(const struct follow *f, struct scap_thread *child)
{
	take_program(f, child);
	take_cgroups(f, child);
	child->uid = (uint32_t)number_or(f->event, "uid", UINT32_MAX);
	child->gid = (uint32_t)number_or(f->event, "gid", UINT32_MAX);
	child->born = true;
	child->time = (uint64_t)f->event->time;
}

static void follow_new(struct scap_state *state, struct scap_thread *child)
{
	struct scap_thread *leader = scap_leader(state, child);
	if (leader != child)
		leader->followers++;
}

/* A clone ended in the process that asked for it. In a pid namespace it does not know the child as others do, and after
 * vfork the child may be gone: then the child's own event is what counts. */
static void clone_caller(const struct follow *f)
{
	struct scap_thread *caller = f->seen->thread, *child = scap_thread_find(f->state, f->result);
	uint32_t flags = (uint32_t)number_or(f->event, "flags", 0);
	if (!caller)
		return;
	if (caller->pid < 0) {
		caller->pid = number_or(f->event, "pid", -1);
		caller->parent = number_or(f->event, "ptid", -1);
		caller->vtid = number_or(f->event, "vtid", caller->tid);
		caller->vpid = number_or(f->event, "vpid", -1);
		take_program(f, caller);
	}
	bool apart = flags & (SCAP_CLONE_IN_PIDNS | SCAP_CLONE_NEWPID | SCAP_CLONE_PARENT | SCAP_CLONE_VFORK);
	if (apart || (caller->vtid >= 0 && caller->tid != caller->vtid))
		return;
	if (text_is(text_of(f->event->own.kind->name), "vfork") || (child && child->flags & SCAP_CLONE_INVERTED))
		return;
	if (child == caller)
		return;
	child = scap_thread_add(f->state, f->result);
	if (!child)
		return;
	child->flags = flags;
	bool thread = flags & SCAP_CLONE_THREAD;
	child->pid = thread ? caller->pid : child->tid;
	child->parent = thread ? caller->parent : caller->tid;
	child->vtid = child->tid;
	child->vpid = child->pid;
	take_clone(f, child);
	inherit(f, child, caller);
	follow_new(f->state, child);
}

static void clone_child(const struct follow *f)
{
	struct scap_thread *child = f->seen->thread;
	if (child && child->born && (uint64_t)f->event->time - child->time < STALE)
		return;
	child = scap_thread_add(f->state, f->event->tid);
	f->seen->thread = f->seen->process = child;
	if (!child)
		return;
	child->pid = number_or(f->event, "pid", -1);
	child->parent = number_or(f->event, "ptid", -1);
	child->vtid = number_or(f->event, "vtid", child->tid);
	child->vpid = number_or(f->event, "vpid", -1);
	child->flags = (uint32_t)number_or(f->event, "flags", 0) | SCAP_CLONE_INVERTED;
	take_clone(f, child);
	int64_t from = child->flags & SCAP_CLONE_THREAD ? child->pid : child->parent;
	struct scap_thread *lookup = scap_thread_find(f->state, from);
	if (lookup && lookup != child)
		inherit(f, child, lookup);
	follow_new(f->state, child);
}

static void follow_clone(const struct follow *f)
{
	if (!f->returned || f->result < 0)
		return;
	if (f->result == 0)
		clone_child(f);
	else
		clone_caller(f);
	f->seen->process = f->seen->thread ? scap_leader(f->state, f->seen->thread) : NULL;
}

/* Descriptors */

static void opened(const struct follow *f, struct text path, uint32_t flags)
{
	f->seen->path = path;
	f->seen->fd = (struct scap_fd){.number = f->result, .type = flags & SCAP_O_DIRECTORY ? SCAP_FD_DIRECTORY : SCAP_FD_FILE_2};
	struct scap_fd *fd = add_fd(f, f->result);
	if (!fd)
		return;
	fd->type = f->seen->fd.type;
	fd->flags = flags;
	scap_fd_rename(f->state, fd, path);
	show(f, fd);
}

/* What the call was given when it began is what was opened, whatever became of it meanwhile; what the kernel adds to the
 * flags stands at the end. */
static void follow_open(const struct follow *f)
{
	struct text name, begun;
	bool known = scap_part_value(&f->event->own, "name", &name);
	uint32_t flags = (uint32_t)number_or(f->event, "flags", 0);
	if (scap_part_value(&f->event->begun, "name", &begun) && !text_is(scap_until_nul(begun), "<NA>"))
		name = begun;
	else if (!known)
		return;
	name = scap_until_nul(name);
	bool called_at = f->event->own.kind->act == SCAP_OPENAT;
	struct text base = f->seen->process ? buffer_view(&f->seen->process->directory) : TEXT("");
	if (f->event->own.kind->act == SCAP_OPEN_HANDLE)
		base = TEXT("");
	else if (called_at && name.length && name.data[0] != '/' &&
		!base_of(f, number_or(f->event, "dirfd", INT64_MIN), &base))
		name = TEXT("<NA>"); /* seen from a place that is not known */
	opened(f, text_is(name, "<NA>") ? TEXT("") : scap_path_join(f->arena, base, name), flags);
}

static void follow_open_handle(const struct follow *f)
{
	struct text path = scap_value_text(f->event, "path");
	opened(f, path, (uint32_t)number_or(f->event, "flags", 0));
}

static uint8_t protocol_of(int64_t type, int64_t protocol)
{
	enum { STREAM = 1, DATAGRAM = 2, RAW = 3, IP = 0, ICMP = 1, TCP = 6, UDP = 17, RAW_IP = 255 };
	bool raw = (type & 0xf) == RAW;
	switch (protocol) {
	case IP:
		return (type & 0xff) == STREAM ? SCAP_L4_TCP : (type & 0xff) == DATAGRAM ? SCAP_L4_UDP : SCAP_L4_UNKNOWN;
	case TCP:
		return raw ? SCAP_L4_RAW : SCAP_L4_TCP;
	case UDP:
		return raw ? SCAP_L4_RAW : SCAP_L4_UDP;
	case ICMP:
		return raw ? SCAP_L4_RAW : SCAP_L4_ICMP;
	default:
		return protocol == RAW_IP ? SCAP_L4_RAW : SCAP_L4_UNKNOWN;
	}
}

static void follow_socket(const struct follow *f)
{
	enum { UNIX = 1, IPV4 = 2, IPV6 = 10 };
	int64_t family = number_or(f->event, "domain", 0);
	struct scap_fd *fd = add_fd(f, f->result);
	if (!fd)
		return;
	fd->type = family == UNIX ? SCAP_FD_UNIX : family == IPV4 ? SCAP_FD_IPV4 : family == IPV6 ? SCAP_FD_IPV6 : SCAP_FD_UNKNOWN;
	fd->flags = (uint32_t)number_or(f->event, "flags", 0);
	if (family == IPV4 || family == IPV6)
		fd->protocol = protocol_of(number_or(f->event, "type", 0), number_or(f->event, "proto", 0));
	show(f, fd);
}

static void follow_bind(const struct follow *f)
{
	struct scap_fd *fd = find_fd(f, number_or(f->event, "fd", -1));
	struct text address;
	if (!fd || !scap_value(f->event, "addr", &address))
		return;
	struct scap_fd asked = *fd;
	if (f->result >= 0 && f->returned) {
		scap_fd_bind(fd, address);
		scap_fd_rename(f->state, fd, scap_address_text(f->arena, address));
		show(f, fd);
	} else {
		asked.name = NULL;
		scap_fd_bind(&asked, address);
		f->seen->fd = asked;
		f->seen->path = scap_address_text(f->arena, address);
	}
}

/* The name of the far end, as sysdig gives it. */
static void name_connected(const struct follow *f, struct scap_fd *fd, struct text tuple)
{
	struct text name = fd->type == SCAP_FD_UNIX ? scap_tuple_text(f->arena, tuple) : scap_socket_name(f->arena, fd);
	scap_fd_rename(f->state, fd, name);
}

static void follow_connect(const struct follow *f)
{
	struct scap_fd *fd = find_fd(f, number_or(f->event, "fd", -1));
	struct text tuple = TEXT(""), address = TEXT("");
	scap_value(f->event, "tuple", &tuple);
	scap_value(f->event, "addr", &address);
	bool done = f->returned && (f->result >= 0 || f->result == EINPROGRESS_RESULT);
	if (!fd || !done) { /* what was asked for, and did not come to be */
		struct scap_fd asked = fd ? *fd : (struct scap_fd){.number = number_or(f->event, "fd", -1)};
		asked.name = NULL;
		asked.role = SCAP_CLIENT;
		if (!scap_fd_connect(&asked, tuple))
			scap_fd_connect_to(&asked, address);
		f->seen->fd = asked;
		f->seen->path = tuple.length ? scap_tuple_text(f->arena, tuple) : scap_address_text(f->arena, address);
		return;
	}
	if (scap_fd_connect(fd, tuple)) {
		name_connected(f, fd, tuple);
		fd->role = fd->role == SCAP_ROLE_NONE ? SCAP_CLIENT : fd->role;
	} else if (!scap_fd_connect_to(fd, address) && address.length) {
		scap_fd_rename(f->state, fd, scap_address_text(f->arena, address));
	}
	show(f, fd);
}

static void follow_accept(const struct follow *f)
{
	struct text tuple;
	if (!scap_value(f->event, "tuple", &tuple) || f->result < 0)
		return;
	struct scap_fd made = {.number = f->result, .role = SCAP_SERVER, .protocol = SCAP_L4_TCP};
	if (!scap_fd_connect(&made, tuple))
		return;
	if (made.type == SCAP_FD_UNIX)
		made.protocol = SCAP_L4_UNKNOWN;
	f->seen->fd = made;
	f->seen->path = scap_tuple_text(f->arena, tuple);
	struct scap_fd *fd = add_fd(f, f->result);
	if (!fd)
		return;
	scap_fd_assign(f->state, fd, &made);
	scap_fd_rename(f->state, fd, f->seen->path);
	show(f, fd);
}

static void copy_fd(const struct follow *f, int64_t from)
{
	struct scap_fd *old = find_fd(f, from);
	if (!old || f->result < 0 || f->result == from)
		return;
	struct scap_fd kept = {.number = -1};
	scap_fd_assign(f->state, &kept, old);
	struct scap_fd *fd = add_fd(f, f->result);
	if (fd) {
		scap_fd_assign(f->state, fd, &kept);
		fd->flags &= ~(uint32_t)SCAP_O_CLOEXEC;
		show(f, fd);
	}
	scap_fd_drop(f->state, &kept);
}

static void follow_dup(const struct follow *f)
{
	copy_fd(f, number_or(f->event, "oldfd", number_or(f->event, "fd", -1)));
	struct scap_fd *fd = find_fd(f, f->result);
	if (fd && number_or(f->event, "flags", 0) & SCAP_O_CLOEXEC)
		fd->flags |= SCAP_O_CLOEXEC;
}

static void follow_fcntl(const struct follow *f)
{
	enum { DUPFD = 1, SETFD = 3, DUPFD_CLOEXEC = 26 };
	int64_t command = number_or(f->event, "cmd", 0), descriptor = number_or(f->event, "fd", -1);
	struct scap_fd *fd = find_fd(f, descriptor);
	if (command == DUPFD || command == DUPFD_CLOEXEC) {
		copy_fd(f, descriptor);
		fd = find_fd(f, f->result);
		if (fd && command == DUPFD_CLOEXEC)
			fd->flags |= SCAP_O_CLOEXEC;
	} else if (command == SETFD && fd && f->result >= 0 && f->event->own.count > 3) {
		fd->flags &= ~(uint32_t)SCAP_O_CLOEXEC;
		if (number_or(f->event, "arg", 0) & 1)
			fd->flags |= SCAP_O_CLOEXEC;
	}
}

static void follow_pair(const struct follow *f)
{
	static const char *const ends[] = {"fd1", "fd2"};
	bool sockets = f->event->own.kind->name[0] == 's';
	for (size_t i = 0; i < 2 && f->result >= 0; i++) {
		struct scap_fd *fd = add_fd(f, number_or(f->event, ends[i], -1));
		if (fd)
			fd->type = sockets ? SCAP_FD_UNIX : SCAP_FD_FIFO;
	}
}

static void follow_memfd(const struct follow *f)
{
	struct scap_fd *fd = add_fd(f, f->result);
	if (!fd)
		return;
	fd->type = SCAP_FD_MEMFD;
	scap_fd_rename(f->state, fd, scap_value_text(f->event, "name"));
	show(f, fd);
}

static void follow_close(const struct follow *f)
{
	if (f->seen->process && (f->result >= 0 || !f->returned))
		scap_fd_remove(f->state, f->seen->process, number_or(f->event, "fd", -1));
}

/* The rest */

static void follow_directory(const struct follow *f)
{
	struct scap_thread *process = f->seen->process;
	struct text path = scap_value_text(f->event, "path");
	if (process && f->result >= 0 && path.length)
		scap_directory_change(f->state, process, path);
}

static void follow_directory_fd(const struct follow *f)
{
	struct scap_fd *fd = find_fd(f, number_or(f->event, "fd", -1));
	if (fd && f->result >= 0 && scap_fd_name(fd).length)
		scap_directory_change(f->state, f->seen->process, text_copy(f->arena, scap_fd_name(fd)));
}

/* setuid(uid), setresuid(ruid, euid, suid); `user`: it is not one of groups. */
static void follow_identity(const struct follow *f, bool user)
{
	int64_t id = number_or(f->event, user ? "uid" : "gid", number_or(f->event, user ? "euid" : "egid", UINT32_MAX));
	if (!f->seen->thread || f->result != 0 || id == UINT32_MAX)
		return;
	if (user)
		f->seen->thread->uid = (uint32_t)id;
	else
		f->seen->thread->gid = (uint32_t)id;
}

/* In a user namespace of its own a thread has all capabilities. */
static void follow_namespace(const struct follow *f)
{
	struct scap_thread *thread = f->seen->thread;
	int64_t flags = number_or(f->event, "nstype", number_or(f->event, "flags", 0));
	if (!thread || f->result < 0 || !(flags & SCAP_CLONE_NEWUSER))
		return;
	thread->inheritable = thread->permitted = thread->effective = all_capabilities;
	thread->capabilities = true;
}

static void follow_container(const struct follow *f)
{
	struct text json = scap_value_text(f->event, "json"), id = scap_value_text(f->event, "id"), name;
	if (text_is(text_of(f->event->own.kind->name), "asyncevent"))
		json = text_is(scap_value_text(f->event, "name"), "container") ? scap_value_text(f->event, "data") : TEXT("");
	if (json.length)
		scap_container_take(f->state, json);
	struct scap_container *container = id.length ? scap_container_add(f->state, id) : NULL;
	if (!container)
		return;
	name = scap_value_text(f->event, "image");
	container->name = text_copy(&container->arena, scap_value_text(f->event, "name"));
	container->type = scap_container_type(number_or(f->event, "type", -1));
	container->repository = text_copy(&container->arena, name);
}

/* Those of containers are not kept: ids are looked up among the host's, as older readers do. */
static void follow_account(const struct follow *f)
{
	bool user = f->event->own.kind->name[0] == 'u';
	struct text name = scap_value_text(f->event, "name");
	if (!scap_value_text(f->event, "container_id").length && name.length)
		scap_account_set(f->state, user ? &f->state->users : &f->state->groups,
			(uint32_t)number_or(f->event, user ? "uid" : "gid", UINT32_MAX), name);
}

static void follow_act(const struct follow *f)
{
	struct scap_thread *thread = f->seen->thread;
	switch (f->event->own.kind->act) {
	case SCAP_EXEC: follow_exec(f); return;
	case SCAP_CLONE: follow_clone(f); return;
	case SCAP_OPEN:
	case SCAP_OPENAT: follow_open(f); return;
	case SCAP_OPEN_HANDLE: follow_open_handle(f); return;
	case SCAP_CLOSE: follow_close(f); return;
	case SCAP_SOCKET: follow_socket(f); return;
	case SCAP_BIND: follow_bind(f); return;
	case SCAP_CONNECT: follow_connect(f); return;
	case SCAP_ACCEPT: follow_accept(f); return;
	case SCAP_DUP: follow_dup(f); return;
	case SCAP_FCNTL: follow_fcntl(f); return;
	case SCAP_PAIR: follow_pair(f); return;
	case SCAP_MEMFD: follow_memfd(f); return;
	case SCAP_CHDIR: follow_directory(f); return;
	case SCAP_FCHDIR: follow_directory_fd(f); return;
	case SCAP_SETUID: follow_identity(f, true); return;
	case SCAP_SETGID: follow_identity(f, false); return;
	case SCAP_NAMESPACE: follow_namespace(f); return;
	case SCAP_CONTAINER: follow_container(f); return;
	case SCAP_ACCOUNT: follow_account(f); return;
	case SCAP_CAPSET:
		if (thread && f->result >= 0)
			take_sets(f, thread);
		return;
	case SCAP_SETSID:
		if (thread && f->result >= 0)
			thread->session = f->result;
		return;
	default:
		return;
	}
}

/* The call's beginning, where this is its end. An execveat that succeeds ends as execve. */
static void find_begun(struct scap_event *event, struct scap_thread *thread, const struct scap_kind *kinds)
{
	bool fits = thread->begun_type && (event->type == thread->begun_type + 1 ||
		(event->type == EXECVE_END && thread->begun_type == EXECVEAT_BEGIN));
	if (fits)
		scap_part_take(&event->begun, &kinds[thread->begun_type], thread->begun_count, buffer_view(&thread->begun), false);
	thread->begun_type = 0; /* what it began with is the end's, and no other's */
}

/* Events of threads that nobody has heard of are of a thread of which only the id is known. */
static struct scap_thread *thread_of(struct scap_state *state, const struct scap_event *event)
{
	enum scap_act act = event->own.kind->act;
	if (act == SCAP_CONTAINER || act == SCAP_ACCOUNT)
		return NULL;
	struct scap_thread *thread = scap_thread_find(state, event->tid);
	if (thread || act == SCAP_EXIT || act == SCAP_CLONE)
		return thread;
	thread = scap_thread_add(state, event->tid);
	if (thread)
		scap_text_set(state, &thread->comm, TEXT("<NA>"));
	return thread;
}

struct scap_seen scap_follow(struct scap_state *state, struct scap_event *event, struct arena *arena)
{
	struct scap_seen seen = {.fd = {.number = -1}};
	struct follow f = {state, event, arena, &seen, 0, false};
	seen.thread = thread_of(state, event);
	seen.process = seen.thread ? scap_leader(state, seen.thread) : NULL;
	if (event->own.kind->act == SCAP_ENTER) {
		if (seen.thread) {
			seen.thread->begun_type = event->type;
			seen.thread->begun_count = event->own.count;
			scap_text_set(state, &seen.thread->begun, event->packed);
		}
		return seen;
	}
	if (seen.thread)
		find_begun(event, seen.thread, event->own.kind - event->type);
	f.returned = scap_result(event, &f.result);
	int64_t descriptor;
	if (event->own.kind->told && scap_value_number(event, "fd", &descriptor)) {
		seen.fd.number = descriptor;
		show(&f, find_fd(&f, descriptor));
	}
	follow_act(&f);
	return seen;
}

void scap_settle(struct scap_state *state)
{
	for (size_t i = 0; i < state->size; i++)
		for (struct scap_thread *thread = state->slots[i]; thread; thread = thread->next)
			thread->followers = 0;
	for (size_t i = 0; i < state->size; i++)
		for (struct scap_thread *thread = state->slots[i]; thread; thread = thread->next)
			follow_new(state, thread);
}

void scap_follow_end(struct scap_state *state, const struct scap_seen *seen)
{
	struct scap_thread *thread = seen->thread;
	if (!thread)
		return;
	struct scap_thread *leader = scap_leader(state, thread);
	if (leader == thread && thread->followers) {
		thread->ended = true;
		return;
	}
	scap_thread_remove(state, thread);
	if (leader == thread || !leader->followers)
		return;
	if (!--leader->followers && leader->ended)
		scap_thread_remove(state, leader);
}
