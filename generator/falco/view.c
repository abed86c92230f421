/* view: facets as Falco's events. */
#include "generator/falco/view.h"

#include "generator/falco/sense.h"

#include <string.h>

enum { COMM_MAX = 15, ID_MAX = 12 };

struct viewing {
	const struct registry *registry;
	struct arena *arena;
	const struct facet *facet;
	struct sight *sight;
	bool recorded;
};

/* --- fields of the facet --- */

static const struct values *values_of(const struct viewing *v, const char *field)
{
	unsigned number = registry_field(v->registry, text_of(field));

	return number != FIELD_NONE ? facet_get(v->facet, number) : NULL;
}

static struct text value_of(const struct viewing *v, const char *field)
{
	const struct values *values = values_of(v, field);

	return values != NULL && values->count > 0 ? values->items[0].text : TEXT("");
}

static bool holds(const struct viewing *v, const char *field, const char *value)
{
	const struct values *values = values_of(v, field);

	for (size_t i = 0; values != NULL && i < values->count; i++) {
		if (text_is(values->items[i].text, value))
			return true;
	}
	return false;
}

static void show(const struct viewing *v, const char *name, const char *field)
{
	sight_set(v->arena, v->sight, name, value_of(v, field));
}

static struct text cut(struct text text, size_t size)
{
	return text_slice(text, 0, size);
}

/* The values from `from` on, with `between` between them. */
static struct text joined(const struct viewing *v, const struct values *values, size_t from, const char *between)
{
	struct buffer out = {0};

	for (size_t i = from; values != NULL && i < values->count; i++) {
		buffer_string(&out, i > from ? between : "");
		buffer_text(&out, values->items[i].text);
	}
	struct text text = text_copy(v->arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* --- which system call --- */

static const struct {
	const char *category, *action, *call;
} calls[] = {
	{"process", "exec", "execve"},
	{"process", "fork", "clone"},
	{"process", "exit", "procexit"},
	{"process", "ptrace", "ptrace"},
	{"process", "setns", "setns"},
	{"process", "unshare", "unshare"},
	{"process", "capset", "capset"},
	{"process", "setuid", "setuid"},
	{"process", "kill", "kill"},
	{"network", "connect", "connect"},
	{"network", "accept", "accept4"},
	{"network", "bind", "bind"},
	{"network", "listen", "listen"},
	{"driver", "load", "finit_module"},
	{"driver", "unload", "delete_module"},
	{"file", "open", "openat"},
	{"file", "create", "openat"},
	{"file", "modify", "openat"},
	{"file", "delete", "unlinkat"},
	{"file", "rename", "renameat2"},
	{"file", "link", "linkat"},
	{"file", "chmod", "fchmodat"},
	{"file", "chown", "fchownat"},
	{"file", "mount", "mount"},
	{"file", "umount", "umount2"},
	{"file", "mknod", "mknodat"},
	{"file", "open_by_handle", "open_by_handle_at"},
	{"process", "bpf", "bpf"},
	{"process", "chroot", "chroot"},
	{"process", "memfd_create", "memfd_create"},
	{"container", "run", "execve"},
};

static bool is(const struct viewing *v, const char *category, const char *action)
{
	return text_is(v->registry->categories[v->facet->category].name, category)
		&& (action == NULL || text_is(v->registry->actions[v->facet->action].name, action));
}

static struct text call_of(const struct viewing *v)
{
	struct text native = value_of(v, "evt.type");

	if (native.length > 0)
		return native;
	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++) {
		if (is(v, calls[i].category, calls[i].action))
			return text_of(calls[i].call);
	}
	return TEXT("");
}

/* --- the actor --- */

static void show_outcome(const struct viewing *v)
{
	struct text outcome = value_of(v, "event.outcome");

	if (text_is(outcome, "success")) {
		sight_set(v->arena, v->sight, "evt.failed", TEXT("false"));
		sight_set(v->arena, v->sight, "evt.res", TEXT("SUCCESS"));
	} else if (text_is(outcome, "failure")) {
		sight_set(v->arena, v->sight, "evt.failed", TEXT("true"));
	}
}

static void show_user(const struct viewing *v)
{
	struct text login = value_of(v, "user.audit.id");

	show(v, "user.uid", "user.id");
	show(v, "user.name", "user.name");
	show(v, "user.loginname", "user.audit.name");
	show(v, "group.gid", "user.group.id");
	sight_set(v->arena, v->sight, "user.loginuid", login.length > 0 ? login : TEXT("-1"));
}

/* The task's own name: as it is told, else the file's name as exec cuts it. */
static struct text task_name(const struct viewing *v)
{
	struct text name = value_of(v, "process.thread.name");

	if (name.length == 0)
		name = value_of(v, "process.name");
	return cut(name.length > 0 ? name : path_name(value_of(v, "process.executable")), COMM_MAX);
}

/* proc.exeline is the arguments as they are; proc.cmdline has the task's name in the place of the first. */
static void show_arguments(const struct viewing *v)
{
	const struct values *args = values_of(v, "process.args");
	struct text line = value_of(v, "process.command_line"), first, rest, comm = task_name(v);
	bool more;

	if (args != NULL && args->count > 0) {
		first = args->items[0].text;
		rest = joined(v, args, 1, " ");
		more = args->count > 1;
	} else {
		size_t blank = text_find(line, ' ');

		first = text_slice(line, 0, blank);
		rest = text_slice(line, blank + 1, line.length);
		more = blank < line.length;
	}
	if (first.length == 0 && !more)
		return;
	sight_set(v->arena, v->sight, "proc.exe", first);
	sight_set(v->arena, v->sight, "proc.args", rest);
	sight_set(v->arena, v->sight, "proc.exeline",
		text_of(arena_printf(v->arena, "%.*s %.*s", TEXT_ARGS(first), TEXT_ARGS(rest))));
	if (comm.length == 0)
		comm = cut(path_name(first), COMM_MAX);
	sight_set(v->arena, v->sight, "proc.cmdline",
		text_of(arena_printf(v->arena, "%.*s%s%.*s", TEXT_ARGS(comm), more ? " " : "", TEXT_ARGS(rest))));
}

static void show_parent(const struct viewing *v)
{
	struct text line = value_of(v, "process.parent.command_line"), name = cut(value_of(v, "process.parent.name"), COMM_MAX);
	size_t blank = text_find(line, ' ');

	show(v, "proc.ppid", "process.parent.pid");
	show(v, "proc.pexepath", "process.parent.executable");
	sight_set(v->arena, v->sight, "proc.pname", name);
	if (line.length == 0)
		return;
	if (name.length == 0)
		name = cut(path_name(text_slice(line, 0, blank)), COMM_MAX);
	sight_set(v->arena, v->sight, "proc.pcmdline",
		text_of(arena_printf(v->arena, "%.*s%.*s", TEXT_ARGS(name), TEXT_ARGS(text_slice(line, blank, line.length)))));
}

static void show_capabilities(const struct viewing *v, const char *name, const char *field)
{
	sight_set(v->arena, v->sight, name, joined(v, values_of(v, field), 0, " "));
}

static void show_all_capabilities(const struct viewing *v, const char *name)
{
	struct buffer out = {0};

	for (unsigned bit = 0; capability_name(bit) != NULL; bit++)
		buffer_printf(&out, "%s%s", bit > 0 ? " " : "", capability_name(bit));
	sight_set(v->arena, v->sight, name, text_copy(v->arena, buffer_view(&out)));
	buffer_free(&out);
}

static void show_process(const struct viewing *v)
{
	struct text directory = value_of(v, "process.working_directory");

	show(v, "proc.name", "process.thread.name");
	show(v, "proc.exepath", "process.executable");
	show(v, "proc.pid", "process.pid");
	if (directory.length > 0) /* always with a slash behind it */
		sight_set(v->arena, v->sight, "proc.cwd",
			text_ends(directory, TEXT("/"), false) ? directory
				: text_of(arena_printf(v->arena, "%.*s/", TEXT_ARGS(directory))));
	show_arguments(v);
	show_parent(v);
	show_capabilities(v, "thread.cap_effective", "process.thread.capabilities.effective");
	show_capabilities(v, "thread.cap_permitted", "process.thread.capabilities.permitted");
	if (text_is(value_of(v, "process.capabilities.full"), "true"))
		show_all_capabilities(v, "thread.cap_permitted");
}

/* --- the container that the actor runs in --- */

/* source:destination:mode:rdwr:propagation, with commas between. */
static void show_mounts(const struct viewing *v)
{
	const struct values *mounts = values_of(v, "container.mounts");
	struct buffer out = {0};

	for (size_t i = 0; mounts != NULL && i < mounts->count; i++) {
		struct text mount = mounts->items[i].text, mode = mount;
		size_t parts = 0;

		for (size_t at = 0; at < mount.length && parts < 2; at++) {
			if (mount.data[at] == ':' && ++parts == 2)
				mode = text_slice(mount, at + 1, mount.length);
		}
		bool only_read = parts == 2 && text_is(mode, "ro");
		struct text paths = parts == 2 ? text_slice(mount, 0, mount.length - mode.length - 1) : mount;

		buffer_printf(&out, "%s%.*s:%s:%s:rprivate", i > 0 ? "," : "", TEXT_ARGS(paths), only_read ? "ro" : "",
			only_read ? "false" : "true");
	}
	sight_set(v->arena, v->sight, "container.mounts", text_copy(v->arena, buffer_view(&out)));
	buffer_free(&out);
}

static void show_container(const struct viewing *v)
{
	struct text id = value_of(v, "container.id"), inside = value_of(v, "process.in_container");

	if (id.length > 0)
		sight_set(v->arena, v->sight, "container.id", cut(id, ID_MAX));
	else if (text_is(inside, "false") || (inside.length == 0 && v->recorded))
		sight_set(v->arena, v->sight, "container.id", TEXT("host"));
	else if (text_is(inside, "true")) /* it has one, which the record does not say */
		sight_set(v->arena, v->sight, "container.id", TEXT("000000000000"));
	show(v, "container.name", "container.name");
	show(v, "container.type", "container.runtime");
	show(v, "container.image.repository", "container.image.name");
	show(v, "container.image.tag", "container.image.tag");
	show(v, "container.privileged", "container.security_context.privileged");
	show(v, "k8s.ns.name", "orchestrator.namespace");
	show(v, "k8s.pod.name", "orchestrator.resource.name");
	show_mounts(v);
	if (!is(v, "container", NULL))
		return;
	sight_set(v->arena, v->sight, "proc.vpid", TEXT("1"));
	if (text_is(value_of(v, "container.security_context.privileged"), "true")
		|| holds(v, "container.capabilities.added", "ALL"))
		show_all_capabilities(v, "thread.cap_permitted");
	show_capabilities(v, "thread.cap_permitted", "container.capabilities.added");
	sight_set(v->arena, v->sight, "container.host_pid", holds(v, "container.namespaces.host", "pid") ? TEXT("true") : TEXT(""));
	sight_set(v->arena, v->sight, "container.host_network",
		holds(v, "container.namespaces.host", "network") ? TEXT("true") : TEXT(""));
}

/* --- files --- */

/* Paths of acts are shown where they succeeded; of an open, where its result is no -1, which EPERM is. */
static bool shows_paths(const struct viewing *v)
{
	bool opens = is(v, "file", "open") || is(v, "file", "create") || is(v, "file", "modify");

	return !text_is(value_of(v, "event.outcome"), "failure") || (opens && !text_is(value_of(v, "audit.exit"), "-1"));
}

static void show_opened(const struct viewing *v, struct text path)
{
	struct text name = value_of(v, "file.name");
	size_t slash = path.length - path_name(path).length;

	sight_set(v->arena, v->sight, "fd.name", path);
	if (!text_is(value_of(v, "event.outcome"), "failure"))
		sight_set(v->arena, v->sight, "fd.filename", name.length > 0 ? name : path_name(path));
	if (slash > 0)
		sight_set(v->arena, v->sight, "fd.directory", slash > 1 ? text_slice(path, 0, slash - 1) : TEXT("/"));
	show(v, "fd.directory", "file.directory");
	if (is(v, "file", "create"))
		sight_set(v->arena, v->sight, "evt.is_open_create", TEXT("true"));
	if (is(v, "file", "modify") || is(v, "file", "create")) /* what is made is opened for writing */
		sight_set(v->arena, v->sight, "evt.is_open_write", TEXT("true"));
}

/* RDONLY|BIND, as evt.arg.flags shows them. */
static void show_mount_flags(const struct viewing *v)
{
	const struct values *flags = values_of(v, "file.mount.flags");
	struct buffer out = {0};

	for (size_t i = 0; flags != NULL && i < flags->count; i++) {
		struct text flag = flags->items[i].text;

		buffer_string(&out, out.length > 0 ? "|" : "");
		buffer_text(&out, text_starts(flag, TEXT("MS_"), false) ? text_slice(flag, 3, flag.length) : flag);
	}
	if (text_is(value_of(v, "file.mount.bind"), "true") && !holds(v, "file.mount.flags", "MS_BIND"))
		buffer_string(&out, out.length > 0 ? "|BIND" : "BIND");
	sight_set(v->arena, v->sight, "evt.arg.flags", text_copy(v->arena, buffer_view(&out)));
	buffer_free(&out);
}

static void show_mount(const struct viewing *v, struct text path)
{
	sight_set(v->arena, v->sight, "evt.arg.dir", path);
	show(v, "evt.arg.dev", "file.mount.source");
	if (shows_paths(v)) {
		sight_set(v->arena, v->sight, "fs.path.target", path);
		show(v, "fs.path.source", "file.mount.source");
	}
	show(v, "evt.arg.type", "file.mount.type");
	show_mount_flags(v);
}

static void show_file(const struct viewing *v)
{
	struct text path = value_of(v, "file.path");

	if (is(v, "file", "mount")) {
		show_mount(v, path);
	} else if (is(v, "file", "rename") || is(v, "file", "link")) { /* of a link, the source is the new name */
		if (shows_paths(v)) {
			sight_set(v->arena, v->sight, "fs.path.source", path);
			show(v, "fs.path.target", "file.target_path");
		}
	} else if (is(v, "file", "mknod")) {
		sight_set(v->arena, v->sight, "evt.arg.path", path);
	} else {
		if (shows_paths(v))
			sight_set(v->arena, v->sight, "fs.path.name", path);
		if (is(v, "file", "open") || is(v, "file", "create") || is(v, "file", "modify"))
			show_opened(v, path);
		if (is(v, "file", "umount"))
			sight_set(v->arena, v->sight, "evt.arg.name", path);
		if (is(v, "file", "open_by_handle"))
			sight_set(v->arena, v->sight, "fd.name", path);
	}
}

/* --- sockets --- */

static struct text either(struct text first, struct text second)
{
	return first.length > 0 ? first : second;
}

static struct text port_of(const struct viewing *v, const char *field)
{
	return either(value_of(v, field), TEXT("0"));
}

/* A tuple names both ends; a socket of unix shows the kernel's addresses before the path. Of a connection that failed the
 * engine knows no end. */
static void show_socket(const struct viewing *v)
{
	if (is(v, "network", "connect") && text_is(value_of(v, "event.outcome"), "failure"))
		return;
	struct text address = value_of(v, "destination.address"), ip = value_of(v, "destination.ip");
	struct text source = either(value_of(v, "source.ip"), TEXT("0.0.0.0"));
	struct ip parsed;
	bool bound = is(v, "network", "bind"), by_ip = ip.length > 0 || (address.length > 0 && ip_parse(address, &parsed));

	show(v, "fd.l4proto", "network.transport");
	show(v, "fd.cip", "source.ip");
	show(v, "fd.cnet", "source.ip");
	show(v, "fd.cport", "source.port");
	if (by_ip) {
		ip = either(ip, address);
		sight_set(v->arena, v->sight, "fd.sip", ip);
		sight_set(v->arena, v->sight, "fd.snet", ip);
		sight_set(v->arena, v->sight, "fd.rip", ip);
		sight_set(v->arena, v->sight, "fd.rnet", ip);
		show(v, "fd.sport", "destination.port");
		sight_set(v->arena, v->sight, "fd.typechar", text_find(ip, ':') < ip.length ? TEXT("6") : TEXT("4"));
		sight_set(v->arena, v->sight, "fd.name", bound
				? text_of(arena_printf(v->arena, "%.*s:%.*s", TEXT_ARGS(ip), TEXT_ARGS(port_of(v, "destination.port"))))
				: text_of(arena_printf(v->arena, "%.*s:%.*s->%.*s:%.*s", TEXT_ARGS(source), TEXT_ARGS(port_of(v, "source.port")),
					  TEXT_ARGS(ip), TEXT_ARGS(port_of(v, "destination.port")))));
	} else if (address.length > 0) {
		show(v, "fd.sport", "destination.port");
		sight_set(v->arena, v->sight, "fd.typechar", TEXT("u"));
		sight_set(v->arena, v->sight, "fd.name",
			bound ? address : text_of(arena_printf(v->arena, "ffff8c0112e0a000->ffff8c0112e0b400 %.*s", TEXT_ARGS(address))));
	} else {
		show(v, "fd.sport", "destination.port");
	}
}

/* --- the rest --- */

static void show_namespaces(const struct viewing *v)
{
	static const struct {
		const char *name, *flag;
	} kinds[] = {{"mnt", "CLONE_NEWNS"}, {"pid", "CLONE_NEWPID"}, {"net", "CLONE_NEWNET"}, {"ipc", "CLONE_NEWIPC"},
		{"uts", "CLONE_NEWUTS"}, {"user", "CLONE_NEWUSER"}, {"cgroup", "CLONE_NEWCGROUP"}};
	struct buffer out = {0};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (holds(v, "process.namespaces.flags", kinds[i].name))
			buffer_printf(&out, "%s%s", out.length > 0 ? "|" : "", kinds[i].flag);
	}
	sight_set(v->arena, v->sight, is(v, "process", "setns") ? "evt.arg.nstype" : "evt.arg.flags",
		text_copy(v->arena, buffer_view(&out)));
	buffer_free(&out);
}

/* The engine always shows these. Where they are fields of their own (rules that were taken in ask for them) and the event does
 * not tell them, it is none that the engine would have shown. */
static bool untold(const struct viewing *v)
{
	static const char *const names[] = {"proc.cmdline", "proc.exeline", "proc.args", "proc.exe"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		unsigned field = registry_field(v->registry, text_of(names[i]));
		bool own = field != FIELD_NONE && field_native(&v->registry->fields[field], TEXT("falco"));

		if (own && facet_get(v->facet, field) == NULL)
			return true;
	}
	return false;
}

static void view_facet(struct viewing *v, struct sights *sights)
{
	struct text call = call_of(v);

	if (call.length == 0 || v->facet->derived)
		return;
	if (!falco_sense(v->registry, v->facet, v->recorded) || untold(v))
		return;
	v->sight = sight_add(v->arena, sights, v->facet, TEXT("syscall"));
	sight_set(v->arena, v->sight, "evt.type", call);
	show_container(v);
	/* What was told under Falco's own names stands; those of containers are registered fields, too. */
	sight_set_natives(v->arena, v->sight, v->registry, TEXT("falco"));
	show_outcome(v);
	show_user(v);
	show_process(v);
	show(v, "evt.hostname", "host.name");
	if (is(v, "file", NULL))
		show_file(v);
	else if (is(v, "network", NULL))
		show_socket(v);
	if (is(v, "process", "setns") || is(v, "process", "unshare") || is(v, "process", "fork"))
		show_namespaces(v);
	show(v, "evt.arg.request", "process.ptrace.request");
	if (is(v, "process", "bpf"))
		show(v, "evt.arg.cmd", "process.bpf.command");
}

void falco_view(const struct registry *registry, const struct event *event, struct arena *arena, struct sights *sights)
{
	for (size_t i = 0; i < event->facet_count; i++) {
		struct viewing v = {registry, arena, event->facets[i], NULL, event->line > 0};

		view_facet(&v, sights);
	}
}
