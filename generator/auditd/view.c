/* view: events as the kernel's audit filter sees them. */
#include "generator/auditd/view.h"

#include "catalog/audit_names.h"

#include <stdio.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

enum { ARGUMENTS = 4, PATHS_MAX = 64 };
static const uint32_t UNSET = 4294967295U;

/* Flags of open(2) on all architectures here. */
enum { OPEN_WRITE = 1, OPEN_CREATE = 0100 };

struct looking {
	const struct registry *registry;
	const struct facet *facet;
	struct arena *arena;
	struct sight *sight;
};

/* The usual call of an act; -1 for an argument that the act says nothing of. */
static const struct usual {
	const char *category, *action, *call;
	int argument;
	uint32_t value;
} usuals[] = {
	{"process", "exec", "execve", -1, 0}, {"process", "fork", "clone", -1, 0}, {"process", "exit", "exit_group", -1, 0},
	{"process", "ptrace", "ptrace", -1, 0}, {"process", "setns", "setns", -1, 0}, {"process", "unshare", "unshare", -1, 0},
	{"process", "capset", "capset", -1, 0}, {"process", "setuid", "setuid", -1, 0}, {"process", "kill", "kill", -1, 0},
	{"process", "bpf", "bpf", -1, 0}, {"process", "chroot", "chroot", -1, 0},
	{"process", "perf_event_open", "perf_event_open", -1, 0}, {"process", "io_uring", "io_uring_setup", -1, 0},
	{"process", "reboot", "reboot", -1, 0}, {"process", "memfd_create", "memfd_create", -1, 0},
	{"process", "process_vm_write", "process_vm_writev", -1, 0}, {"process", "keyctl", "keyctl", -1, 0},
	{"network", "connect", "connect", -1, 0}, {"network", "accept", "accept4", -1, 0}, {"network", "bind", "bind", -1, 0},
	{"network", "listen", "listen", -1, 0}, {"driver", "load", "finit_module", -1, 0},
	{"driver", "unload", "delete_module", -1, 0}, {"file", "open", "openat", 2, 0},
	{"file", "create", "openat", 2, OPEN_CREATE | OPEN_WRITE}, {"file", "modify", "openat", 2, OPEN_WRITE},
	{"file", "delete", "unlinkat", -1, 0}, {"file", "rename", "renameat2", -1, 0}, {"file", "link", "linkat", -1, 0},
	{"file", "chmod", "fchmodat", -1, 0}, {"file", "chown", "fchownat", -1, 0}, {"file", "mount", "mount", -1, 0},
	{"file", "umount", "umount2", -1, 0}, {"file", "mknod", "mknodat", -1, 0},
	{"file", "open_by_handle", "open_by_handle_at", -1, 0}, {"file", "setxattr", "setxattr", -1, 0},
};

static const struct values *value_of(const struct looking *l, const char *name)
{
	unsigned field = registry_field(l->registry, text_of(name));

	return field != FIELD_NONE ? facet_get(l->facet, field) : NULL;
}

static struct text text_in(const struct looking *l, const char *name)
{
	const struct values *values = value_of(l, name);

	return values != NULL && values->count > 0 ? values->items[0].text : TEXT("");
}

static bool among(const struct values *values, const char *text)
{
	for (size_t i = 0; values != NULL && i < values->count; i++) {
		if (text_is(values->items[i].text, text))
			return true;
	}
	return false;
}

static const struct usual *usual_of(const struct looking *l)
{
	struct text category = l->registry->categories[l->facet->category].name;
	struct text action = l->registry->actions[l->facet->action].name;

	for (size_t i = 0; i < COUNT_OF(usuals); i++) {
		if (text_is(category, usuals[i].category) && text_is(action, usuals[i].action))
			return &usuals[i];
	}
	return NULL;
}

/* --- ids and outcome --- */

static void show_ids(const struct looking *l)
{
	static const struct {
		const char *name, *field;
		bool unset; /* missing means that the kernel has none */
	} ids[] = {
		{"uid", "process.real_user.id", false}, {"euid", "user.id", false}, {"suid", "process.saved_user.id", false},
		{"fsuid", "audit.fsuid", false}, {"gid", "process.real_group.id", false}, {"egid", "user.group.id", false},
		{"sgid", "process.saved_group.id", false}, {"fsgid", "audit.fsgid", false}, {"auid", "user.audit.id", true},
		{"sessionid", "session.id", true}, {"obj_uid", "file.uid", false}, {"obj_gid", "file.gid", false},
		{"subj", "audit.subject", false}, {"inode", "file.inode", false},
	};

	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct text id = text_in(l, ids[i].field);

		if (id.length > 0)
			sight_set(l->arena, l->sight, ids[i].name, id);
		else if (ids[i].unset)
			sight_set_number(l->arena, l->sight, ids[i].name, UNSET);
	}
}

static void show_number(const struct looking *l, const char *name, const char *field)
{
	const struct values *values = value_of(l, field);

	if (values != NULL && values->count > 0)
		sight_set_number(l->arena, l->sight, name, values->items[0].number);
}

/* An act without an outcome succeeded, but a connection may be under way: the kernel calls that failed, for now. */
static void show_outcome(const struct looking *l, const struct usual *usual)
{
	struct text outcome = text_in(l, "event.outcome");
	bool under_way = outcome.length == 0 && usual != NULL && strcmp(usual->action, "connect") == 0;

	sight_set_number(l->arena, l->sight, "success", !under_way && !text_is(outcome, "failure"));
	show_number(l, "exit", "audit.exit");
	show_number(l, "pid", "process.pid");
	show_number(l, "ppid", "process.parent.pid");
}

/* --- arguments --- */

static void show_argument(const struct looking *l, int number, uint32_t value)
{
	sight_set_number(l->arena, l->sight, arena_printf(l->arena, "a%d", number), value);
}

/* CLONE_NEW… of the namespaces that an unshare or setns names. */
static uint32_t namespace_flags(const struct values *names)
{
	static const struct {
		const char *name;
		uint32_t flag;
	} flags[] = {{"mnt", 0x20000}, {"cgroup", 0x2000000}, {"uts", 0x4000000}, {"ipc", 0x8000000}, {"user", 0x10000000},
		{"pid", 0x20000000}, {"net", 0x40000000}};
	uint32_t all = 0;

	for (size_t i = 0; i < COUNT_OF(flags); i++)
		all |= among(names, flags[i].name) ? flags[i].flag : 0;
	return all;
}

static uint32_t mount_flags(const struct looking *l)
{
	static const struct {
		const char *name;
		uint32_t flag;
	} flags[] = {{"MS_RDONLY", 1}, {"MS_NOSUID", 2}, {"MS_NODEV", 4}, {"MS_NOEXEC", 8}, {"MS_SYNCHRONOUS", 16},
		{"MS_REMOUNT", 32}, {"MS_MANDLOCK", 64}, {"MS_DIRSYNC", 128}, {"MS_NOATIME", 1024}, {"MS_NODIRATIME", 2048},
		{"MS_BIND", 4096}, {"MS_MOVE", 8192}, {"MS_REC", 16384}, {"MS_UNBINDABLE", 131072}, {"MS_PRIVATE", 262144},
		{"MS_SLAVE", 524288}, {"MS_SHARED", 1048576}, {"MS_RELATIME", 2097152}, {"MS_STRICTATIME", 16777216}};
	const struct values *names = value_of(l, "file.mount.flags"), *bind = value_of(l, "file.mount.bind");
	uint32_t all = bind != NULL && bind->count > 0 && bind->items[0].truth ? 4096 : 0;

	for (size_t i = 0; i < COUNT_OF(flags); i++)
		all |= among(names, flags[i].name) ? flags[i].flag : 0;
	return all;
}

/* Bytes of the address that the call was given; 0: not known. */
static uint32_t address_length(const struct looking *l)
{
	struct text ip = text_in(l, "destination.ip"), address = text_in(l, "destination.address");

	if (ip.length > 0 || value_of(l, "destination.port") != NULL) /* ports are of IP, and that is IPv4 unless it says more */
		return text_find(ip, ':') < ip.length ? 28 : 16;
	return address.length > 0 && (address.data[0] == '/' || address.data[0] == '@') ? 110 : 0;
}

/* What follows from the act, where the event does not give the arguments themselves. */
static void show_implied(const struct looking *l, const struct usual *usual)
{
	const struct values *namespaces = value_of(l, "process.namespaces.flags");
	uint32_t length = address_length(l);

	if (usual == NULL)
		return;
	if (usual->argument >= 0)
		show_argument(l, usual->argument, usual->value);
	if (namespaces != NULL && (strcmp(usual->action, "unshare") == 0 || strcmp(usual->action, "fork") == 0))
		show_argument(l, 0, namespace_flags(namespaces));
	if (namespaces != NULL && strcmp(usual->action, "setns") == 0)
		show_argument(l, 1, namespace_flags(namespaces));
	if (strcmp(usual->action, "mount") == 0)
		show_argument(l, 3, mount_flags(l));
	if (strcmp(usual->category, "network") == 0 && length > 0)
		show_argument(l, 2, length);
}

static void show_arguments(const struct looking *l, const struct usual *usual)
{
	static const char *const fields[ARGUMENTS] = {"audit.a0", "audit.a1", "audit.a2", "audit.a3"};
	bool given = false;

	for (int i = 0; i < ARGUMENTS; i++) {
		uint64_t value;

		if (!text_to_ulong_base(text_in(l, fields[i]), 16, &value))
			continue;
		show_argument(l, i, (uint32_t)value);
		given = true;
	}
	if (!given)
		show_implied(l, usual);
}

/* openat2 has its flags in memory; the kernel looks there. */
static void show_open_flags(const struct looking *l, struct text call, const struct usual *usual)
{
	uint64_t flags;

	if (!text_is(call, "openat2"))
		return;
	if (text_to_ulong_base(text_in(l, "audit.open_flags"), 16, &flags))
		sight_set_number(l->arena, l->sight, "openat2.flags", (int64_t)flags);
	else if (usual != NULL && usual->argument == 2)
		sight_set_number(l->arena, l->sight, "openat2.flags", usual->value);
}

/* --- paths --- */

static bool in_container(const struct looking *l)
{
	const struct values *values = value_of(l, "process.in_container");

	return values != NULL && values->count > 0 && values->items[0].truth;
}

static void add_path(struct text *paths, size_t *count, struct text path)
{
	if (path.length > 0 && path.data[0] == '/' && *count < PATHS_MAX)
		paths[(*count)++] = path;
}

static void paths_of(struct looking l, struct text *paths, size_t *count)
{
	static const char *const fields[] = {"file.path", "file.target_path", "file.mount.source", "destination.address"};
	const struct usual *usual = usual_of(&l);
	const struct values *named = value_of(&l, "audit.paths");

	if (in_container(&l))
		return;
	for (size_t i = 0; named != NULL && i < named->count; i++)
		add_path(paths, count, named->items[i].text);
	/* A log says all there was; what a failed call did not find has no inode that a rule could follow. */
	if (value_of(&l, "audit.syscall_number") != NULL)
		return;
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		add_path(paths, count, text_in(&l, fields[i]));
	if (usual != NULL && strcmp(usual->action, "exec") == 0)
		add_path(paths, count, text_in(&l, "process.executable"));
}

/* Of all facets: a system call names them all. */
static void show_paths(const struct looking *l, const struct event *event)
{
	struct text *paths = arena_array(l->arena, PATHS_MAX, sizeof(*paths));
	size_t count = 0;
	struct looking one = *l;

	for (size_t i = 0; i < event->facet_count; i++) {
		one.facet = event->facets[i];
		if (!one.facet->derived)
			paths_of(one, paths, &count);
	}
	if (count > 0)
		sight_set_list(l->arena, l->sight, "path", paths, count);
	if (!in_container(l))
		sight_set(l->arena, l->sight, "exe", text_in(l, "process.executable"));
}

static void show_family(const struct looking *l)
{
	struct text type = text_in(l, "network.type"), transport = text_in(l, "network.transport");
	struct text ip = text_in(l, "destination.ip");

	if (text_is(transport, "unix"))
		sight_set_number(l->arena, l->sight, "saddr_fam", 1);
	else if (text_is(type, "ipv4") || (ip.length > 0 && text_find(ip, ':') == ip.length))
		sight_set_number(l->arena, l->sight, "saddr_fam", 2);
	else if (text_is(type, "ipv6") || ip.length > 0)
		sight_set_number(l->arena, l->sight, "saddr_fam", 10);
}

/* --- facets --- */

/* The facet whose call it is: its own, or for a derived one the exec that it was derived from. */
static const struct facet *acting(const struct event *event, const struct facet *facet)
{
	struct text exec = TEXT("exec");

	if (!facet->derived)
		return facet;
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *other = event->facets[i];

		if (!other->derived && text_equal(event->registry->actions[other->action].name, exec))
			return other;
	}
	return NULL;
}

/* Every call has a process, its parent, its program and its user: an event without them is none that the kernel shows. */
static bool has_actor(const struct looking *l)
{
	return text_in(l, "user.id").length > 0 && text_in(l, "process.executable").length > 0
		&& value_of(l, "process.pid") != NULL && value_of(l, "process.parent.pid") != NULL;
}

/* By its number where that is known: socketcall has the name of what it calls. */
static struct text call_of(const struct looking *l, struct text arch, const struct usual *usual)
{
	const struct values *number = value_of(l, "audit.syscall_number");
	struct text call = text_in(l, "audit.syscall");

	if (number != NULL && number->count > 0 && number->items[0].number >= 0) {
		struct text name = audit_syscall_name(arch, (uint64_t)number->items[0].number);

		call = name.length > 0 ? name : call;
	}
	return call.length == 0 && usual != NULL ? text_of(usual->call) : call;
}

void auditd_view(const struct event *event, struct arena *arena, struct sights *sights)
{
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = acting(event, event->facets[i]);
		struct looking l = {event->registry, facet, arena, NULL};

		if (facet == NULL)
			continue;
		const struct usual *usual = usual_of(&l);
		struct text arch = text_in(&l, "audit.arch"), call;

		if (!has_actor(&l))
			continue;
		arch = arch.length > 0 ? arch : TEXT("x86_64");
		call = call_of(&l, arch, usual);
		if (call.length == 0)
			continue;
		l.sight = sight_add(arena, sights, event->facets[i], TEXT("call"));
		sight_set(arena, l.sight, "syscall", call);
		sight_set(arena, l.sight, "arch", arch);
		show_ids(&l);
		show_outcome(&l, usual);
		show_arguments(&l, usual);
		show_open_flags(&l, call, usual);
		show_paths(&l, event);
		show_family(&l);
	}
}
