/*
 * scap_fields: the groups of names, one function each.
 */
#include "replay/readers/scap_fields.h"

#include "catalog/shape.h"
#include "replay/readers/scap_bytes.h"
#include "replay/readers/scap_names.h"

#include <string.h>

enum { VALUE_MAX = 64 << 10 };

static void add(struct record *record, const char *name, struct text value)
{
	if (value.length && value.length <= VALUE_MAX)
		record_add(record, text_of(name), value);
}

static void add_copy(struct record *record, const char *name, const struct buffer *value)
{
	if (value->length)
		add(record, name, text_copy(record->arena, buffer_view(value)));
}

static void add_number(struct record *record, const char *name, int64_t number)
{
	add(record, name, text_of(arena_printf(record->arena, "%lld", (long long)number)));
}

/* evt.* */

/* Of -2 ENOENT; NULL: none is so far below zero. */
static const char *error_name(int64_t result)
{
	return result < 0 && result > -4096 ? scap_errno_name(-result) : NULL;
}

static void add_result(struct record *record, const struct scap_event *event)
{
	int64_t result;
	if (!scap_result(event, &result))
		return;
	const char *name = result < 0 ? error_name(result) : "SUCCESS";
	if (name)
		add(record, "evt.res", text_of(name));
	else
		add_number(record, "evt.res", result);
	add_number(record, "evt.rawres", result);
	add(record, "evt.failed", result < 0 ? TEXT("true") : TEXT("false"));
}

/* creat has no flags: it creates or empties, and writes. */
static void add_opening(struct record *record, const struct scap_event *event)
{
	int64_t flags = 0, result = -1;
	enum scap_act act = event->own.kind->act;
	if (act != SCAP_OPEN && act != SCAP_OPENAT && act != SCAP_OPEN_HANDLE)
		return;
	bool creat = text_is(text_of(event->own.kind->name), "creat");
	scap_result(event, &result);
	if (!scap_value_number(event, "flags", &flags) && !creat)
		return;
	bool created = flags & SCAP_O_CREATED || (flags & SCAP_O_TMPFILE && result >= 0);
	add(record, "evt.is_open_read", flags & SCAP_O_RDONLY ? TEXT("true") : TEXT("false"));
	add(record, "evt.is_open_write", flags & SCAP_O_WRONLY || creat ? TEXT("true") : TEXT("false"));
	add(record, "evt.is_open_create", created ? TEXT("true") : TEXT("false"));
}

static struct text number_text(struct arena *arena, const char *format, struct text value)
{
	int64_t number;
	return scap_number(value, false, &number) ? text_of(arena_printf(arena, format, (unsigned long long)number)) : TEXT("");
}

static struct text signed_text(struct arena *arena, struct text value)
{
	int64_t number;
	return scap_number(value, true, &number) ? text_of(arena_printf(arena, "%lld", (long long)number)) : TEXT("");
}

/* A number by its name, else in digits. */
static struct text named_text(struct arena *arena, struct text value, bool sign, const char *(*name_of)(int64_t))
{
	int64_t number;
	if (!scap_number(value, sign, &number))
		return TEXT("");
	const char *name = name_of(number);
	return name ? text_of(name) : signed_text(arena, value);
}

static struct text id_text(struct arena *arena, struct text value)
{
	int64_t id;
	if (!scap_number(value, false, &id))
		return TEXT("");
	return (uint32_t)id == UINT32_MAX ? TEXT("-1") : text_of(arena_printf(arena, "%llu", (unsigned long long)id));
}

static struct text flags_text(struct arena *arena, const struct scap_parameter *parameter, struct text value)
{
	int64_t bits;
	if (!scap_number(value, false, &bits))
		return TEXT("");
	struct text names = scap_flags_text(arena, parameter->names, (uint32_t)bits, parameter->form == SCAP_ENUM);
	return names.length ? names : text_of(arena_printf(arena, "%llu", (unsigned long long)bits));
}

static struct text path_text(const struct scap_seen *seen, struct arena *arena, struct text path, struct text base)
{
	if (!path.length || text_is(path, "<NA>") || path.data[0] == '/' || !seen->process)
		return path;
	return scap_path_join(arena, base, path);
}

/* The directory that the parameter at `at` is relative to. */
static struct text base_text(const struct scap_part *part, uint32_t at, const struct scap_seen *seen, struct arena *arena)
{
	int64_t descriptor = SCAP_AT_FDCWD;
	if (!seen->process)
		return TEXT("");
	if (part->kind->parameters[at].form == SCAP_RELATIVE && at && !scap_number(part->values[at - 1], true, &descriptor))
		return TEXT("<UNKNOWN>/");
	struct text base = scap_base(seen->process, descriptor);
	if (!base.length)
		return descriptor == SCAP_AT_FDCWD ? TEXT("") : TEXT("<UNKNOWN>");
	return base.data[base.length - 1] == '/' ? base : text_of(arena_printf(arena, "%.*s/", TEXT_ARGS(base)));
}

static struct text value_text(const struct scap_part *part, uint32_t at, const struct scap_seen *seen, struct arena *arena)
{
	const struct scap_parameter *parameter = &part->kind->parameters[at];
	struct text value = part->values[at];
	switch ((enum scap_form)parameter->form) {
	case SCAP_ERRNO: return named_text(arena, value, true, error_name);
	case SCAP_SIGNAL: return named_text(arena, value, false, scap_signal_name);
	case SCAP_FD:
	case SCAP_PID:
	case SCAP_SIGNED: return signed_text(arena, value);
	case SCAP_STRING: return scap_until_nul(value);
	case SCAP_PATH:
	case SCAP_RELATIVE: return path_text(seen, arena, scap_until_nul(value), base_text(part, at, seen, arena));
	case SCAP_UNSIGNED: return number_text(arena, "%llu", value);
	case SCAP_HEX: return number_text(arena, "%llX", value);
	case SCAP_OCTAL: return number_text(arena, "%#llo", value);
	case SCAP_FLAGS:
	case SCAP_ENUM: return flags_text(arena, parameter, value);
	case SCAP_ADDRESS: return scap_address_text(arena, value);
	case SCAP_TUPLE: return scap_tuple_text(arena, value);
	case SCAP_ID: return id_text(arena, value);
	case SCAP_DYNAMIC: return number_text(arena, "%llX", text_slice(value, 1, value.length)); /* behind its kind */
	default: return TEXT("");
	}
}

/* evt.arg.NAME, of the end and then what only the beginning has. */
static void add_arguments(struct record *record, const struct scap_part *part, const struct scap_seen *seen)
{
	for (uint32_t i = 0; part->kind && i < part->count && i < part->kind->count; i++) {
		struct text name = part->kind->parameters[i].name;
		if (!part->values[i].length)
			continue;
		struct text full = text_of(arena_printf(record->arena, "evt.arg.%.*s", TEXT_ARGS(name)));
		struct text value = value_text(part, i, seen, record->arena);
		if (value.length && value.length <= VALUE_MAX && !record_get(record, NULL, full))
			record_add(record, full, value);
	}
}

/* fs.path.*: the paths that calls are about */

static const struct {
	const char *call;
	const char *name, *source, *target; /* arguments */
} paths[] = {
	{"mkdir", "path", NULL, NULL}, {"mkdirat", "path", NULL, NULL}, {"rmdir", "path", NULL, NULL},
	{"unlink", "path", NULL, NULL}, {"unlinkat", "name", NULL, NULL}, {"open", "name", NULL, NULL},
	{"openat", "name", NULL, NULL}, {"openat2", "name", NULL, NULL}, {"chmod", "filename", NULL, NULL},
	{"fchmodat", "filename", NULL, NULL}, {"chown", "path", NULL, NULL}, {"lchown", "path", NULL, NULL},
	{"fchownat", "pathname", NULL, NULL},
	{"rename", NULL, "oldpath", "newpath"}, {"renameat", NULL, "oldpath", "newpath"},
	{"renameat2", NULL, "oldpath", "newpath"}, {"link", NULL, "newpath", "oldpath"}, {"linkat", NULL, "newpath", "oldpath"},
	{"symlink", NULL, "linkpath", "target"}, {"symlinkat", NULL, "linkpath", "target"}, {"mount", NULL, "dev", "dir"},
	{"umount", "name", NULL, NULL}, {"umount2", "name", NULL, NULL},
};

static void add_path(struct record *record, const char *name, const char *argument, const struct scap_seen *seen)
{
	if (!argument)
		return;
	const struct raw_value *raw = record_get(record, NULL, text_of(arena_printf(record->arena, "evt.arg.%s", argument)));
	if (!raw || text_is(raw->values[0], "<NA>") || text_starts(raw->values[0], TEXT("<UNKNOWN>"), false))
		return;
	struct text base = seen->process ? buffer_view(&seen->process->directory) : TEXT("");
	add(record, name, scap_path_join(record->arena, base, raw->values[0]));
}

static void add_paths(struct record *record, const struct scap_event *event, const struct scap_seen *seen)
{
	struct text call = text_of(event->own.kind->name);
	if (text_is(call, "fchmod") || text_is(call, "fchown"))
		add(record, "fs.path.name", text_copy(record->arena, seen->fd.number >= 0 ? scap_fd_name(&seen->fd) : TEXT("")));
	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		if (!text_is(call, paths[i].call))
			continue;
		enum scap_act act = event->own.kind->act;
		if (act == SCAP_OPEN || act == SCAP_OPENAT)
			add(record, "fs.path.name", seen->path);
		else
			add_path(record, "fs.path.name", paths[i].name, seen);
		add_path(record, "fs.path.source", paths[i].source, seen);
		add_path(record, "fs.path.target", paths[i].target, seen);
	}
}

/* proc.* */

static struct text arguments_text(struct arena *arena, const struct buffer *args)
{
	struct text text = text_copy(arena, buffer_view(args));
	char *bytes = arena_strndup(arena, text.data, text.length);
	if (text.length && !bytes[text.length - 1]) /* each ends in one; an empty last one keeps the blank before it */
		text.length--;
	for (size_t i = 0; i < text.length; i++)
		if (!bytes[i])
			bytes[i] = ' ';
	return (struct text){bytes, text.length};
}

/* Its name, or its program's, with the arguments behind. */
static struct text line_of(struct arena *arena, const struct buffer *first, const struct buffer *args, bool always)
{
	struct text joined = arguments_text(arena, args);
	if (!joined.length && !always)
		return text_copy(arena, buffer_view(first));
	return text_of(arena_printf(arena, "%.*s %.*s", TEXT_ARGS(buffer_view(first)), TEXT_ARGS(joined)));
}

static void add_words(struct record *record, const struct scap_thread *thread)
{
	struct text rest = text_copy(record->arena, buffer_view(&thread->args));
	if (!thread->exe.length)
		return;
	record_add(record, TEXT("proc.argv"), text_copy(record->arena, buffer_view(&thread->exe)));
	while (rest.length) {
		size_t end = text_find(rest, '\0');
		record_add(record, TEXT("proc.argv"), text_slice(rest, 0, end));
		rest = text_slice(rest, end + 1, rest.length);
	}
}

/* CAP_CHOWN CAP_SYS_ADMIN */
static void add_set(struct record *record, const char *name, uint64_t set)
{
	struct buffer names = {0};
	for (unsigned bit = 0; capability_name(bit); bit++)
		if (set >> bit & 1)
			buffer_printf(&names, "%s%s", names.length ? " " : "", capability_name(bit));
	add(record, name, text_copy(record->arena, buffer_view(&names)));
	buffer_free(&names);
}

static bool is_known(const struct scap_thread *thread)
{
	return thread->comm.length && !text_is(buffer_view(&thread->comm), "<NA>");
}

static void add_process(struct record *record, const struct scap_thread *thread, const struct scap_thread *process)
{
	add_number(record, "thread.tid", thread->tid);
	if (thread->pid >= 0)
		add_number(record, "proc.pid", thread->pid);
	if (thread->vpid >= 0)
		add_number(record, "proc.vpid", thread->vpid);
	if (thread->session >= 0)
		add_number(record, "proc.sid", thread->session);
	if (thread->group >= 0)
		add_number(record, "proc.vpgid", thread->group);
	if (thread->capabilities) {
		add_set(record, "thread.cap_permitted", thread->permitted);
		add_set(record, "thread.cap_effective", thread->effective);
		add_set(record, "thread.cap_inheritable", thread->inheritable);
	}
	if (!is_known(thread))
		return;
	add_copy(record, "proc.name", &thread->comm);
	add_copy(record, "proc.exe", &thread->exe);
	add_copy(record, "proc.exepath", &thread->exepath);
	add(record, "proc.args", arguments_text(record->arena, &thread->args));
	add(record, "proc.cmdline", line_of(record->arena, &thread->comm, &thread->args, false));
	add(record, "proc.exeline", line_of(record->arena, &thread->exe, &thread->args, true));
	add_words(record, thread);
	add_copy(record, "proc.cwd", &process->directory);
	add_number(record, "proc.tty", thread->tty);
}

static void add_parent(struct record *record, const struct scap_state *state, struct scap_thread *thread)
{
	struct scap_thread *leader = scap_leader(state, thread), *parent = scap_parent(state, thread);
	if (leader->parent > 0)
		add_number(record, "proc.ppid", parent && parent->pid > 0 ? parent->pid : leader->parent);
	if (!parent || !is_known(parent))
		return;
	add_copy(record, "proc.pname", &parent->comm);
	add_copy(record, "proc.pexe", &parent->exe);
	add_copy(record, "proc.pexepath", &parent->exepath);
	add(record, "proc.pcmdline", line_of(record->arena, &parent->comm, &parent->args, false));
}

/* user.*, group.* */

static void add_account(struct record *record, const struct scap_accounts *accounts, uint32_t id, const char *number,
	const char *name)
{
	if (id == UINT32_MAX)
		return;
	add_number(record, number, id);
	add(record, name, text_copy(record->arena, scap_account_name(accounts, id)));
}

static void add_accounts(struct record *record, const struct scap_state *state, const struct scap_thread *thread)
{
	add_account(record, &state->users, thread->uid, "user.uid", "user.name");
	add_account(record, &state->groups, thread->gid, "group.gid", "group.name");
	add_account(record, &state->users, thread->login, "user.loginuid", "user.loginname");
}

/* fd.* */

static bool is_file(const struct scap_fd *fd)
{
	return fd->type == SCAP_FD_FILE || fd->type == SCAP_FD_FILE_2;
}

static void add_file(struct record *record, const struct scap_fd *fd, struct text name)
{
	size_t slash = name.length;
	if (fd->type == SCAP_FD_DIRECTORY)
		add(record, "fd.directory", name);
	if (!is_file(fd) || !name.length)
		return;
	while (slash > 0 && name.data[slash - 1] != '/')
		slash--;
	add(record, "fd.filename", slash && slash < name.length ? text_slice(name, slash, name.length) : slash ? name : TEXT("/"));
	add(record, "fd.directory", slash > 1 ? text_slice(name, 0, slash - 1) : TEXT("/"));
}

static void add_ends(struct record *record, const struct scap_fd *fd)
{
	static const char *const protocols[] = {NULL, "tcp", "udp", "icmp", "raw"};
	bool pair = fd->type == SCAP_FD_IPV4 || fd->type == SCAP_FD_IPV6;
	bool listening = fd->type == SCAP_FD_IPV4_SERVER || fd->type == SCAP_FD_IPV6_SERVER;
	if (!pair && !listening)
		return;
	if (fd->protocol < 5 && protocols[fd->protocol])
		add(record, "fd.l4proto", text_of(protocols[fd->protocol]));
	if (pair && fd->role != SCAP_ROLE_NONE) {
		add(record, "fd.cip", scap_endpoint_ip(record->arena, fd, &fd->source));
		add_number(record, "fd.cport", fd->source.port);
	}
	if (fd->role != SCAP_ROLE_NONE) {
		add(record, "fd.sip", scap_endpoint_ip(record->arena, fd, &fd->destination));
		add_number(record, "fd.sport", fd->destination.port);
	}
}

static void add_descriptor(struct record *record, const struct scap_seen *seen)
{
	const struct scap_fd *fd = &seen->fd;
	struct text name = fd->name ? text_copy(record->arena, scap_fd_name(fd)) : seen->path;
	add(record, "fd.name", name);
	if (seen->path.length)
		name = fd->type == SCAP_FD_FILE_2 || fd->type == SCAP_FD_DIRECTORY ? seen->path : name;
	if (fd->number >= 0)
		add_number(record, "fd.num", fd->number);
	add_file(record, fd, name);
	add_ends(record, fd);
}

/* container.*, k8s.* */

static void add_container(struct record *record, const struct scap_state *state, const struct scap_thread *thread)
{
	static const char *const names[] = {"container.id", "container.name", "container.type"};
	if (!thread->container.length) {
		if (is_known(thread))
			for (size_t i = 0; i < 3; i++)
				add(record, names[i], TEXT("host"));
		return;
	}
	add_copy(record, "container.id", &thread->container);
	const struct scap_container *container = scap_container_find(state, buffer_view(&thread->container));
	if (!container)
		return;
	add(record, "container.name", text_copy(record->arena, container->name));
	add(record, "container.type", container->type);
	add(record, "container.image.repository", text_copy(record->arena, container->repository));
	add(record, "container.image.tag", text_copy(record->arena, container->tag));
	add(record, "container.mounts", text_copy(record->arena, container->mounts));
	add(record, "k8s.pod.name", text_copy(record->arena, container->pod));
	add(record, "k8s.ns.name", text_copy(record->arena, container->space));
	if (container->privileged >= 0)
		add(record, "container.privileged", container->privileged ? TEXT("true") : TEXT("false"));
}

void scap_fields(struct record *record, const struct scap_state *state, const struct scap_event *event,
	const struct scap_seen *seen)
{
	add(record, "evt.type", text_of(event->own.kind->name));
	add(record, "evt.dir", event->own.kind->act == SCAP_EXIT ? TEXT(">") : TEXT("<"));
	add_result(record, event);
	add_opening(record, event);
	add_arguments(record, &event->own, seen);
	add_arguments(record, &event->begun, seen);
	add_paths(record, event, seen);
	add(record, "evt.hostname", text_of(arena_strdup(record->arena, state->host)));
	if (seen->thread) {
		add_process(record, seen->thread, seen->process);
		add_parent(record, state, seen->thread);
		add_accounts(record, state, seen->thread);
		add_container(record, state, seen->thread);
	}
	add_descriptor(record, seen);
}
