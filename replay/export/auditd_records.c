/*
 * auditd_records: SYSCALL and what belongs to it.
 */
#include "replay/export/auditd_put.h"

#include "catalog/audit_names.h"
#include "catalog/shape.h"

#include <arpa/inet.h>
#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
enum { EINPROGRESS_EXIT = -115 };

/* --- which call */

struct call {
	const char *category, *action, *name;
};
static const struct call calls[] = {
	{"process", "exec", "execve"}, {"process", "fork", "clone"}, {"process", "exit", "exit_group"}, {"process",
		"ptrace", "ptrace"},
	{"process", "setns", "setns"}, {"process", "unshare", "unshare"}, {"process", "capset", "capset"},
	{"process", "setuid", "setuid"}, {"process", "kill", "kill"}, {"network", "connect", "connect"},
	{"network", "accept", "accept4"}, {"network", "bind", "bind"}, {"network", "listen", "listen"},
	{"driver", "load", "finit_module"}, {"driver", "unload", "delete_module"}, {"file", "create", "openat"},
	{"file", "modify", "openat"}, {"file", "open", "openat"}, {"file", "delete", "unlink"}, {"file", "rename", "rename"},
	{"file", "link", "link"}, {"file", "chmod", "chmod"}, {"file", "chown", "chown"}, {"file", "mount", "mount"},
	{"file", "umount", "umount2"}, {"file", "mknod", "mknod"}, {"file", "open_by_handle", "open_by_handle_at"},
	{"file", "setxattr", "setxattr"}, {"process", "bpf", "bpf"}, {"process", "chroot", "chroot"},
	{"process", "perf_event_open", "perf_event_open"}, {"process", "io_uring", "io_uring_setup"},
	{"process", "reboot", "reboot"}, {"process", "memfd_create", "memfd_create"},
	{"process", "process_vm_write", "process_vm_writev"}, {"process", "keyctl", "keyctl"},
};

static const char *call_of(const struct auditd_writer *w, const struct facet *facet)
{
	struct text category = w->registry->categories[facet->category].name;
	struct text action = w->registry->actions[facet->action].name;
	for (size_t i = 0; i < COUNT_OF(calls); i++)
		if (text_is(category, calls[i].category) && text_is(action, calls[i].action))
			return calls[i].name;
	return NULL;
}

static bool is_action(const struct auditd_writer *w, const struct facet *facet, const char *action)
{
	return text_is(w->registry->actions[facet->action].name, action);
}

struct bit {
	const char *name;
	unsigned long long bit;
};
static const struct bit namespaces[] = {{"time", 0x80}, {"mnt", 0x20000}, {"cgroup", 0x2000000}, {"uts", 0x4000000},
	{"ipc", 0x8000000}, {"user", 0x10000000}, {"pid", 0x20000000}, {"net", 0x40000000}};
static const struct bit mount_flags[] = {{"MS_RDONLY", 1}, {"MS_NOSUID", 2}, {"MS_NODEV", 4}, {"MS_NOEXEC", 8},
	{"MS_SYNCHRONOUS", 16},
	{"MS_REMOUNT", 32}, {"MS_MANDLOCK", 64}, {"MS_DIRSYNC", 128}, {"MS_NOATIME", 1024}, {"MS_NODIRATIME", 2048},
		{"MS_BIND", 4096},
	{"MS_MOVE", 8192}, {"MS_REC", 16384}, {"MS_SILENT", 32768}, {"MS_POSIXACL", 1 << 16}, {"MS_UNBINDABLE", 1 << 17},
	{"MS_PRIVATE", 1 << 18}, {"MS_SLAVE", 1 << 19}, {"MS_SHARED", 1 << 20}, {"MS_RELATIME", 1 << 21},
		{"MS_STRICTATIME", 1 << 24}};

static unsigned long long bits_of(const struct values *values, const struct bit *bits, size_t count)
{
	unsigned long long sum = 0;
	for (size_t i = 0; values && i < values->count; i++)
		for (size_t k = 0; k < count; k++)
			if (text_is(values->items[i].text, bits[k].name))
				sum |= bits[k].bit;
	return sum;
}

static struct text hex(struct auditd_writer *w, unsigned long long number)
{
	return text_of(arena_printf(&w->arena, "%llx", number));
}

/* The number of a request's or a command's name, by the dialect's own map. */
static struct text request_number(const struct auditd_writer *w, enum auditd_field field, struct text name)
{
	for (size_t g = 0; w->dialect && g < w->dialect->group_count; g++) {
		const struct dialect_group *group = &w->dialect->groups[g];
		for (size_t i = 0; i < group->field_count; i++)
			for (size_t k = 0; group->fields[i].field == w->fields.number[field] &&
				k < group->fields[i].shape.map_count; k++)
				if (text_equal(group->fields[i].shape.map[k].value, name))
					return group->fields[i].shape.map[k].raw;
	}
	return (struct text){0};
}

/* What mknod makes: its type and mode, and the numbers of a device as the call takes them. */
static struct text node_argument(struct auditd_writer *w, const struct facet *facet, unsigned number)
{
	static const struct bit types[] = {{"fifo", 0x1000}, {"character", 0x2000}, {"block", 0x6000}, {"file", 0x8000},
		{"socket", 0xc000}};
	uint64_t mode = 0, major, minor;
	struct text device = auditd_text(w, facet, AUDITD_DEVICE);
	size_t colon = text_find(device, ':');
	if (number == 1) {
		const struct values *type = auditd_get(w, facet, AUDITD_FILE_TYPE);
		bool known = text_to_ulong_base(auditd_text(w, facet, AUDITD_MODE), 8, &mode);
		return type || known ? hex(w, bits_of(type, types, COUNT_OF(types)) | mode) : (struct text){0};
	}
	if (colon == device.length || !text_to_ulong_base(text_slice(device, 0, colon), 10, &major) ||
		!text_to_ulong_base(text_slice(device, colon + 1, device.length), 10, &minor))
		return (struct text){0};
	return hex(w, (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~UINT64_C(0xff)) << 12 | (major & ~UINT64_C(0xfff)) << 32);
}

/* What an argument must be for the event to be what it is, where the event does not name it. */
static struct text implied_argument(struct auditd_writer *w, const struct facet *facet, const char *call, unsigned number)
{
	const struct values *values = auditd_get(w, facet, AUDITD_NS_FLAGS);
	bool unshares = is_action(w, facet, "unshare") || is_action(w, facet, "fork");
	if (values && ((number == 0 && unshares) || (number == 1 && is_action(w, facet, "setns"))))
		return hex(w, bits_of(values, namespaces, COUNT_OF(namespaces)));
	if (number == 0 && is_action(w, facet, "ptrace"))
		return request_number(w, AUDITD_PTRACE, auditd_text(w, facet, AUDITD_PTRACE));
	if (number == 0 && is_action(w, facet, "bpf"))
		return request_number(w, AUDITD_BPF, auditd_text(w, facet, AUDITD_BPF));
	if (strcmp(call, "mknod") == 0 && (number == 1 || number == 2))
		return node_argument(w, facet, number);
	values = auditd_get(w, facet, AUDITD_EXIT_CODE);
	if (number == 0 && is_action(w, facet, "exit") && values)
		return hex(w, (unsigned long long)values->items[0].number);
	if (number == 3 && is_action(w, facet, "mount")) {
		const struct values *bind = auditd_get(w, facet, AUDITD_MOUNT_BIND);
		unsigned long long flags = bits_of(auditd_get(w, facet, AUDITD_MOUNT_FLAGS), mount_flags, COUNT_OF(mount_flags));
		return bind || flags ? hex(w, flags | (bind && bind->items[0].truth ? 0x1000u : 0)) : (struct text){0};
	}
	uint64_t mode;
	if (number == 1 && is_action(w, facet, "chmod") && text_to_ulong_base(auditd_text(w, facet, AUDITD_MODE), 8, &mode))
		return hex(w, mode);
	if (strcmp(call, "openat") != 0)
		return (struct text){0};
	if (number == 0)
		return TEXT("ffffff9c");
	if (number == 2)
		return is_action(w, facet, "create") ? TEXT("241") : is_action(w, facet, "modify") ? TEXT("1") : TEXT("0");
	return (struct text){0};
}

/* --- SYSCALL */

static void put_ids(struct auditd_writer *w, const struct facet *facet)
{
	static const struct {
		const char *key;
		enum auditd_field field;
	} ids[] = {{"ppid", AUDITD_PPID}, {"pid", AUDITD_PID}, {"auid", AUDITD_AUID}, {"uid", AUDITD_UID}, {"gid",
		AUDITD_GID},
		{"euid", AUDITD_EUID}, {"suid", AUDITD_SUID}, {"fsuid", AUDITD_FSUID}, {"egid", AUDITD_EGID}, {"sgid",
			AUDITD_SGID},
		{"fsgid", AUDITD_FSGID}};
	for (size_t i = 0; i < COUNT_OF(ids); i++) {
		struct text value = auditd_text(w, facet, ids[i].field);
		auditd_put_bare(w, ids[i].key, ids[i].field == AUDITD_AUID && !value.length ? TEXT("4294967295") : value);
	}
}

static const struct auditd_name call_names[] = {{"AUID", AUDITD_AUDIT_USER}, {"UID", AUDITD_REAL_USER}, {"GID",
	AUDITD_REAL_GROUP},
	{"EUID", AUDITD_USER}};

static void put_keys(struct auditd_writer *w, const struct facet *facet)
{
	const struct values *keys = auditd_get(w, facet, AUDITD_KEY);
	struct buffer joined = {0};
	for (size_t i = 0; keys && i < keys->count; i++) {
		if (i)
			buffer_char(&joined, '\x01');
		buffer_text(&joined, keys->items[i].text);
	}
	if (joined.length)
		auditd_put_untrusted(w, "key", text_copy(&w->arena, buffer_view(&joined)));
	else
		buffer_string(&w->text, " key=(null)");
	buffer_free(&joined);
}

static void put_outcome(struct auditd_writer *w, const struct facet *facet)
{
	struct text outcome = auditd_text(w, facet, AUDITD_OUTCOME), code = auditd_text(w, facet, AUDITD_EXIT);
	int64_t number;
	bool pending = !outcome.length && text_to_long(code, &number) && number == EINPROGRESS_EXIT;
	if (text_is(outcome, "success"))
		buffer_string(&w->text, " success=yes");
	else if (text_is(outcome, "failure") || pending)
		buffer_string(&w->text, " success=no");
	else if (outcome.length)
		w->lost = "its outcome is neither success nor failure";
	auditd_put_bare(w, "exit", code);
}

/* The call's number, and its architecture: false where neither the event nor its action names one. */
static bool find_call(struct auditd_writer *w, const struct facet *facet, const char **name, struct text *number,
	struct text *arch)
{
	unsigned known;
	struct text asked = auditd_text(w, facet, AUDITD_CALL);
	*number = auditd_text(w, facet, AUDITD_NUMBER);
	*arch = auditd_text(w, facet, AUDITD_ARCH);
	if (!arch->length)
		*arch = TEXT("x86_64");
	const char *implied = call_of(w, facet);
	*name = asked.length ? text_copy(&w->arena, asked).data : implied;
	if (number->length)
		return *name != NULL;
	if (!*name || !audit_syscall_number(*arch, text_of(*name), &known))
		return false;
	*number = text_of(arena_printf(&w->arena, "%u", known));
	return true;
}

static bool write_syscall(struct auditd_writer *w, const struct facet *facet)
{
	static const enum auditd_field arguments[] = {AUDITD_A0, AUDITD_A1, AUDITD_A2, AUDITD_A3};
	const char *call;
	struct text number, arch;
	if (!find_call(w, facet, &call, &number, &arch))
		return false;
	auditd_record_begin(w, "SYSCALL");
	uint32_t code = audit_arch_number(arch);
	if (code)
		buffer_printf(&w->text, " arch=%lx", (unsigned long)code);
	else
		auditd_put_bare(w, "arch", arch);
	auditd_put_bare(w, "syscall", number);
	put_outcome(w, facet);
	for (unsigned i = 0; i < 4; i++) {
		struct text value = auditd_text(w, facet, arguments[i]);
		auditd_put_bare(w, ((const char *const[]){"a0", "a1", "a2", "a3"})[i], value.length ? value : implied_argument(w,
			facet, call, i));
	}
	put_ids(w, facet);
	struct text tty = auditd_text(w, facet, AUDITD_TTY), session = auditd_text(w, facet, AUDITD_SESSION);
	struct text exe = auditd_text(w, facet, AUDITD_EXE);
	auditd_put_bare(w, "tty", tty.length ? tty : TEXT("(none)"));
	auditd_put_bare(w, "ses", session.length ? session : TEXT("4294967295"));
	if (auditd_text(w, facet, AUDITD_COMM).length)
		auditd_put_untrusted(w, "comm", auditd_text(w, facet, AUDITD_COMM));
	if (exe.length)
		auditd_put_untrusted(w, "exe", exe);
	if (!text_equal(path_name(exe), auditd_text(w, facet, AUDITD_NAME)))
		w->lost = "its process has a name that is not its program's";
	auditd_put_bare(w, "subj", auditd_text(w, facet, AUDITD_SUBJECT));
	put_keys(w, facet);
	auditd_put_names(w, facet, call_names, COUNT_OF(call_names));
	auditd_record_end(w);
	return true;
}

/* --- what belongs to a call */

static void write_arguments(struct auditd_writer *w, const struct facet *facet)
{
	const struct values *arguments = auditd_get(w, facet, AUDITD_ARGS);
	struct text line = auditd_text(w, facet, AUDITD_LINE);
	struct buffer joined = {0};
	if (arguments && arguments->count && is_action(w, facet, "exec")) {
		auditd_record_begin(w, "EXECVE");
		struct text count = auditd_text(w, facet, AUDITD_ARGC);
		if (count.length)
			auditd_put_bare(w, "argc", count);
		else
			buffer_printf(&w->text, " argc=%zu", arguments->count);
		for (size_t i = 0; i < arguments->count; i++) {
			auditd_put_untrusted(w, arena_printf(&w->arena, "a%zu", i), arguments->items[i].text);
			buffer_printf(&joined, "%s%.*s", i ? " " : "", TEXT_ARGS(arguments->items[i].text));
		}
		auditd_record_end(w);
		if (!text_equal(buffer_view(&joined), line))
			w->lost = "its command line is not its arguments";
	} else if (arguments && arguments->count) {
		w->lost = "arguments stand only with the exec";
	}
	buffer_free(&joined);
}

static void write_title(struct auditd_writer *w, const struct facet *facet)
{
	struct text line = auditd_text(w, facet, AUDITD_LINE);
	const struct values *arguments = auditd_get(w, facet, AUDITD_ARGS);
	if (!line.length || (arguments && arguments->count && is_action(w, facet, "exec")))
		return;
	auditd_record_begin(w, "PROCTITLE");
	auditd_put_untrusted(w, "proctitle", line);
	auditd_record_end(w);
	if (!text_equal(text_trim(line), line))
		w->lost = "blanks at a title's end are taken off";
}

/* A path of the call. `facet` NULL: it is there, and nothing more is known of it. */
static void write_path(struct auditd_writer *w, const struct facet *facet, struct text name, bool inode, const char *type)
{
	auditd_record_begin(w, "PATH");
	buffer_printf(&w->text, " item=%zu", w->item++);
	if (name.length)
		auditd_put_untrusted(w, "name", name);
	else
		buffer_string(&w->text, " name=(null)");
	struct text number = facet ? auditd_text(w, facet, AUDITD_INODE) : (struct text){0};
	if (number.length || inode)
		auditd_put_bare(w, "inode", number.length ? number : TEXT("0"));
	if (facet && !is_action(w, facet, "chmod") && !is_action(w, facet, "mknod")) /* theirs is an argument */
		auditd_put_bare(w, "mode", auditd_text(w, facet, AUDITD_MODE));
	if (facet) {
		auditd_put_bare(w, "ouid", auditd_text(w, facet, AUDITD_OWNER));
		auditd_put_bare(w, "ogid", auditd_text(w, facet, AUDITD_GROUP));
	}
	buffer_printf(&w->text, " nametype=%s", type);
	auditd_record_end(w);
}

static const char *path_type(const struct auditd_writer *w, const struct facet *facet)
{
	if (is_action(w, facet, "create") || is_action(w, facet, "link") || is_action(w, facet, "mknod"))
		return "CREATE";
	return is_action(w, facet, "delete") || is_action(w, facet, "rename") ? "DELETE" : "NORMAL";
}

static const char *target_type(const struct auditd_writer *w, const struct facet *facet)
{
	return is_action(w, facet, "rename") ? "CREATE" : "UNKNOWN";
}

static bool is_file(const struct auditd_writer *w, const struct facet *facet)
{
	return text_is(w->registry->categories[facet->category].name, "file");
}

/* Facets of files whose paths are still to be written. */
struct pending {
	const struct facet *const *facets;
	size_t count;
	bool *path, *target; /* it was written */
};

/* The first facet whose path (or target) it is and that has not been written. */
static size_t find_pending(const struct auditd_writer *w, const struct pending *pending, struct text path, bool target)
{
	const bool *done = target ? pending->target : pending->path;
	for (size_t i = 0; i < pending->count; i++)
		if (!done[i] && is_file(w, pending->facets[i]) &&
			text_equal(auditd_text(w, pending->facets[i], target ? AUDITD_TARGET : AUDITD_PATH), path))
			return i;
	return pending->count;
}

/* One of the paths that had an inode: a facet's own, its other end, or one that was on the way. */
static void write_known(struct auditd_writer *w, struct pending *pending, struct text path)
{
	size_t own = find_pending(w, pending, path, false), other = find_pending(w, pending, path, true);
	if (own < pending->count) {
		pending->path[own] = true;
		write_path(w, pending->facets[own], path, true, path_type(w, pending->facets[own]));
	} else if (other < pending->count) {
		pending->target[other] = true;
		write_path(w, NULL, path, true, target_type(w, pending->facets[other]));
	} else {
		write_path(w, NULL, path, true, "PARENT");
	}
}

static void write_rest(struct auditd_writer *w, const struct pending *pending)
{
	for (size_t i = 0; i < pending->count; i++) {
		const struct facet *facet = pending->facets[i];
		struct text path = auditd_text(w, facet, AUDITD_PATH), target = auditd_text(w, facet, AUDITD_TARGET);
		struct text source = auditd_text(w, facet, AUDITD_MOUNT_SOURCE);
		if (!is_file(w, facet))
			continue;
		if (!path.length)
			path = auditd_text(w, facet, AUDITD_FILE_NAME);
		bool ends = is_action(w, facet, "mount") || is_action(w, facet, "umount") ||
			(!target.length && (is_action(w, facet, "rename") || is_action(w, facet, "link")));
		if (!pending->path[i] && (path.length || !ends)) /* a path without a name is one all the same */
			write_path(w, facet, path, false, path_type(w, facet));
		size_t other = find_pending(w, pending, target, true);
		bool again = false; /* another facet has the same end */
		for (size_t k = 0; k < pending->count && target.length; k++)
			again = again || (k != i && pending->target[k] && text_equal(auditd_text(w, pending->facets[k],
				AUDITD_TARGET), target));
		if (other < pending->count)
			pending->target[other] = true;
		if (target.length && other < pending->count && !again)
			write_path(w, NULL, target, false, target_type(w, facet));
		if (source.length && !pending->path[i])
			write_path(w, NULL, source, false, "NORMAL");
	}
}

/* All paths that had an inode, in their order, among them those of the facets; then those that had none. The first path of
 * a mount is its target, and of others the second one is what it takes. */
static void write_paths(struct auditd_writer *w, const struct facet *const *facets, size_t count)
{
	const struct values *all = auditd_get(w, facets[0], AUDITD_PATHS);
	struct pending pending = {facets, count, arena_array(&w->arena, count + 1, 1), arena_array(&w->arena, count + 1, 1)};
	bool mounts = is_file(w, facets[0]) && (is_action(w, facets[0], "mount") || is_action(w, facets[0], "umount"));
	if (mounts && all && all->count && text_equal(all->items[0].text, auditd_text(w, facets[0], AUDITD_PATH))) {
		for (size_t i = 0; i < all->count; i++)
			write_path(w, NULL, all->items[i].text, true, "NORMAL");
		return;
	}
	for (size_t i = 0; i < (mounts || !all ? 0 : all->count); i++)
		write_known(w, &pending, all->items[i].text);
	write_rest(w, &pending);
	for (size_t i = 0; mounts && all && i < all->count; i++)
		write_path(w, NULL, all->items[i].text, true, "PARENT");
}

static void write_socket(struct auditd_writer *w, const struct facet *facet)
{
	bool from = is_action(w, facet, "accept");
	struct text address = auditd_text(w, facet, from ? AUDITD_FROM_IP : AUDITD_TO_ADDRESS);
	struct text ip = auditd_text(w, facet, from ? AUDITD_FROM_IP : AUDITD_TO_IP);
	const struct values *ports = auditd_get(w, facet, from ? AUDITD_FROM_PORT : AUDITD_TO_PORT);
	unsigned port = ports && ports->count ? (unsigned)ports->items[0].number : 0;
	unsigned char bytes[16];
	if (!address.length)
		address = ip;
	if (!address.length && !text_is(auditd_text(w, facet, AUDITD_TRANSPORT), "unix"))
		return;
	const char *string = text_copy(&w->arena, address).data;
	auditd_record_begin(w, "SOCKADDR");
	bool mapped = text_is(auditd_text(w, facet, AUDITD_NETWORK), "ipv6") && inet_pton(AF_INET, string, bytes) == 1;
	if (mapped) /* a socket that speaks both shows IPv4 addresses so */
		string = arena_printf(&w->arena, "::ffff:%s", string);
	if (inet_pton(AF_INET, string, bytes) == 1) {
		buffer_printf(&w->text, " saddr=0200%04X%02X%02X%02X%02X0000000000000000", port & 0xffff, bytes[0], bytes[1],
			bytes[2], bytes[3]);
	} else if (inet_pton(AF_INET6, string, bytes) == 1) {
		buffer_printf(&w->text, " saddr=0A00%04X00000000", port & 0xffff);
		for (size_t i = 0; i < sizeof bytes; i++)
			buffer_printf(&w->text, "%02X", bytes[i]);
		buffer_string(&w->text, "00000000");
	} else {
		buffer_string(&w->text, " saddr=0100");
		for (size_t i = 0; i < address.length; i++) /* a socket without a name has nothing behind its family */
			buffer_printf(&w->text, "%02X", i == 0 && address.data[0] == '@' ? 0u
				: (unsigned)(unsigned char)address.data[i]);
		buffer_string(&w->text, !address.length || address.data[0] == '@' ? "" : "00");
	}
	auditd_record_end(w);
}

/* Whom a signal goes to, or who is traced. */
static void write_object(struct auditd_writer *w, const struct facet *facet)
{
	struct text pid = auditd_text(w, facet, AUDITD_OBJECT_PID), name = auditd_text(w, facet, AUDITD_OBJECT_NAME);
	if (!pid.length && !name.length)
		return;
	auditd_record_begin(w, "OBJ_PID");
	auditd_put_bare(w, "opid", pid);
	if (name.length)
		auditd_put_untrusted(w, "ocomm", name);
	auditd_record_end(w);
}

static void write_capabilities(struct auditd_writer *w, const struct facet *facet)
{
	static const struct {
		const char *key;
		enum auditd_field field;
	} sets[] = {{"cap_pp", AUDITD_CAPS_P}, {"cap_pe", AUDITD_CAPS_E}};
	if (!auditd_get(w, facet, AUDITD_CAPS_P) && !auditd_get(w, facet, AUDITD_CAPS_E))
		return;
	auditd_record_begin(w, "CAPSET");
	for (size_t i = 0; i < COUNT_OF(sets); i++) {
		const struct values *names = auditd_get(w, facet, sets[i].field);
		unsigned long long mask = 0;
		for (size_t k = 0; names && k < names->count; k++) {
			int bit = capability_bit(names->items[k].text);
			mask |= bit >= 0 ? 1ull << bit : 0;
		}
		if (names)
			buffer_printf(&w->text, " %s=%016llx", sets[i].key, mask);
	}
	auditd_record_end(w);
}

bool auditd_write_call(struct auditd_writer *w, const struct facet *const *facets, size_t count)
{
	const struct facet *facet = facets[0];
	if (!write_syscall(w, facet))
		return false;
	struct text module = auditd_text(w, facet, AUDITD_MODULE), flags = auditd_text(w, facet, AUDITD_OPEN_FLAGS);
	struct text directory = auditd_text(w, facet, AUDITD_CWD);
	uint64_t open_flags;
	write_arguments(w, facet);
	if (module.length) {
		auditd_record_begin(w, "KERN_MODULE");
		auditd_put_untrusted(w, "name", module);
		auditd_record_end(w);
	}
	write_capabilities(w, facet);
	write_object(w, facet);
	if (text_to_ulong_base(flags, 16, &open_flags)) {
		auditd_record_begin(w, "OPENAT2");
		buffer_printf(&w->text, " oflag=0%llo mode=0 resolve=0x0", (unsigned long long)open_flags);
		auditd_record_end(w);
	}
	write_socket(w, facet);
	if (directory.length) {
		auditd_record_begin(w, "CWD");
		auditd_put_untrusted(w, "cwd", directory);
		auditd_record_end(w);
	}
	write_paths(w, facets, count);
	write_title(w, facet);
	auditd_record_begin(w, "EOE");
	buffer_string(&w->text, " \n");
	return true;
}
