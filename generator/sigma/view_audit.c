/* view_audit: what the kernel's audit writes of an act: one record each of its call, arguments, paths and addresses. */
#include "generator/sigma/viewing.h"

#include <string.h>

/* --- the call --- */

static const struct {
	const char *category, *action, *call;
} calls[] = {
	{"process", "exec", "execve"}, {"process", "ptrace", "ptrace"}, {"process", "setns", "setns"},
	{"process", "unshare", "unshare"}, {"process", "capset", "capset"}, {"process", "setuid", "setuid"},
	{"process", "kill", "kill"}, {"process", "fork", "clone"}, {"process", "exit", "exit_group"},
	{"file", "open", "openat"}, {"file", "create", "openat"}, {"file", "modify", "openat"}, {"file", "delete", "unlinkat"},
	{"file", "rename", "renameat2"}, {"file", "link", "linkat"}, {"file", "chmod", "fchmodat"}, {"file", "chown", "fchownat"},
	{"file", "mount", "mount"}, {"file", "umount", "umount2"}, {"network", "connect", "connect"},
	{"network", "bind", "bind"}, {"network", "accept", "accept4"}, {"network", "listen", "listen"},
	{"driver", "load", "finit_module"}, {"driver", "unload", "delete_module"}, {"process", "bpf", "bpf"},
	{"process", "chroot", "chroot"}, {"process", "perf_event_open", "perf_event_open"}, {"process", "io_uring", "io_uring_setup"},
	{"process", "reboot", "reboot"}, {"process", "memfd_create", "memfd_create"},
	{"process", "process_vm_write", "process_vm_writev"}, {"process", "keyctl", "keyctl"}, {"file", "mknod", "mknodat"},
	{"file", "open_by_handle", "open_by_handle_at"}, {"file", "setxattr", "setxattr"},
};

static const struct {
	const char *name, *field;
} call_names[] = {
	{"exe", "process.executable"}, {"comm", "process.thread.name"}, {"pid", "process.pid"}, {"ppid", "process.parent.pid"},
	{"euid", "user.id"}, {"uid", "process.real_user.id"}, {"egid", "user.group.id"}, {"gid", "process.real_group.id"},
	{"auid", "user.audit.id"}, {"ses", "session.id"}, {"tty", "process.tty.name"}, {"key", "audit.key"},
	{"a0", "audit.a0"}, {"a1", "audit.a1"}, {"a2", "audit.a2"}, {"a3", "audit.a3"}, {"exit", "audit.exit"},
	{"fsuid", "audit.fsuid"}, {"fsgid", "audit.fsgid"}, {"subj", "audit.subject"},
};

static const struct flag {
	const char *name;
	uint64_t bit;
} namespaces[] = {
	{"mnt", 0x20000}, {"cgroup", 0x2000000}, {"uts", 0x4000000}, {"ipc", 0x8000000}, {"user", 0x10000000},
	{"pid", 0x20000000}, {"net", 0x40000000},
}, mounts[] = {
	{"MS_RDONLY", 1}, {"MS_NOSUID", 2}, {"MS_NODEV", 4}, {"MS_NOEXEC", 8}, {"MS_SYNCHRONOUS", 16}, {"MS_REMOUNT", 32},
	{"MS_MANDLOCK", 64}, {"MS_DIRSYNC", 128}, {"MS_NOSYMFOLLOW", 256}, {"MS_NOATIME", 1024}, {"MS_NODIRATIME", 2048},
	{"MS_BIND", 4096}, {"MS_MOVE", 8192}, {"MS_REC", 16384}, {"MS_SILENT", 32768}, {"MS_POSIXACL", 1 << 16},
	{"MS_UNBINDABLE", 1 << 17}, {"MS_PRIVATE", 1 << 18}, {"MS_SLAVE", 1 << 19}, {"MS_SHARED", 1 << 20},
	{"MS_RELATIME", 1 << 21}, {"MS_KERNMOUNT", 1 << 22}, {"MS_I_VERSION", 1 << 23}, {"MS_STRICTATIME", 1 << 24},
	{"MS_LAZYTIME", 1 << 25},
};

/* The bits of the names that the field holds. false: one is no name of a bit, so no call had it. */
static bool bits_of(const struct viewing *v, const char *field, const struct flag *flags, size_t count, uint64_t *bits)
{
	const struct values *values = viewing_values(v, field);

	*bits = 0;
	for (size_t i = 0; values != NULL && i < values->count; i++) {
		size_t k = 0;

		while (k < count && !text_is(values->items[i].text, flags[k].name))
			k++;
		if (k == count)
			return false;
		*bits |= flags[k].bit;
	}
	return true;
}

static void put_hex(const struct viewing *v, struct sight *sight, const char *name, uint64_t number)
{
	sight_set(v->arena, sight, name, text_of(arena_printf(v->arena, "%llx", (unsigned long long)number)));
}

/* What no record can show: 01000 is no way in which the kernel writes a number, and only a mount has flags of one. */
static bool is_impossible(const struct viewing *v)
{
	struct text user = viewing_text(v, "user.id");

	if (user.length > 1 && user.data[0] == '0')
		return true;
	return !viewing_is(v, "file", "mount")
		&& (viewing_values(v, "file.mount.flags") != NULL || viewing_values(v, "file.mount.bind") != NULL);
}

/* Arguments of the call, where fields tell what they were. false: there is no such call. */
static bool put_arguments(const struct viewing *v, struct sight *sight)
{
	const struct values *bind = viewing_values(v, "file.mount.bind");
	uint64_t spaces, flags;

	if (!bits_of(v, "process.namespaces.flags", namespaces, sizeof(namespaces) / sizeof(*namespaces), &spaces)
		|| !bits_of(v, "file.mount.flags", mounts, sizeof(mounts) / sizeof(*mounts), &flags))
		return false;
	if (viewing_is(v, "process", "unshare") && viewing_values(v, "process.namespaces.flags") != NULL)
		put_hex(v, sight, "a0", spaces);
	if (viewing_is(v, "process", "setns") && viewing_values(v, "process.namespaces.flags") != NULL)
		put_hex(v, sight, "a1", spaces);
	if (viewing_is(v, "file", "mount") && (viewing_values(v, "file.mount.flags") != NULL || bind != NULL))
		put_hex(v, sight, "a3", flags | (bind != NULL && bind->items[0].truth ? 4096 : 0));
	return true;
}

static void view_call(const struct viewing *v, const char *call)
{
	struct sight *sight = viewing_add(v, "auditd_syscall");
	struct text outcome = facet_text(v->facet, FIELD_OUTCOME), named = viewing_text(v, "audit.syscall");

	sight_set(v->arena, sight, "type", TEXT("SYSCALL"));
	sight_set(v->arena, sight, "SYSCALL", named.length ? named : text_of(call));
	if (text_is(outcome, "success"))
		sight_set(v->arena, sight, "success", TEXT("yes"));
	else if (text_is(outcome, "failure") || viewing_is(v, "network", "connect")) /* one still under way says no */
		sight_set(v->arena, sight, "success", TEXT("no"));
	if (!put_arguments(v, sight)) {
		v->sights->count--;
		return;
	}
	for (size_t i = 0; i < sizeof(call_names) / sizeof(*call_names); i++)
		viewing_put(v, sight, call_names[i].name, call_names[i].field);
	viewing_natives(v, sight);
}

/* --- further records --- */

static struct sight *add_record(const struct viewing *v, const char *kind, const char *type)
{
	struct sight *sight = viewing_add(v, kind);

	sight_set(v->arena, sight, "type", text_of(type));
	return sight;
}

static void view_arguments(const struct viewing *v)
{
	const struct values *args = viewing_values(v, "process.args");
	struct text line = viewing_command(v, "process.command_line", "process.args");

	if (args != NULL) {
		struct sight *sight = add_record(v, "auditd_execve", "EXECVE");

		sight_set_number(v->arena, sight, "argc", (int64_t)args->count);
		for (size_t i = 0; i < args->count; i++)
			sight_set(v->arena, sight, arena_printf(v->arena, "a%zu", i), args->items[i].text);
		viewing_natives(v, sight);
	}
	if (line.length > 0) {
		struct sight *sight = add_record(v, "auditd_proctitle", "PROCTITLE");

		sight_set(v->arena, sight, "proctitle", text_slice(line, 0, line.length < 127 ? line.length : 127));
	}
	if (viewing_text(v, "process.working_directory").length > 0)
		viewing_put(v, add_record(v, "auditd_cwd", "CWD"), "cwd", "process.working_directory");
}

static const struct {
	const char *action, *name, *nametype;
} paths[] = {
	{"create", "file.path", "CREATE"}, {"modify", "file.path", "NORMAL"}, {"open", "file.path", "NORMAL"},
	{"chmod", "file.path", "NORMAL"}, {"chown", "file.path", "NORMAL"}, {"delete", "file.path", "DELETE"},
	{"rename", "file.path", "DELETE"}, {"rename", "file.target_path", "CREATE"}, {"link", "file.target_path", "NORMAL"},
	{"link", "file.path", "CREATE"}, {"mount", "file.path", "NORMAL"}, {"umount", "file.path", "NORMAL"},
};

static void view_paths(const struct viewing *v)
{
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		if (!viewing_is(v, "file", paths[i].action) || viewing_text(v, paths[i].name).length == 0)
			continue;
		struct sight *sight = add_record(v, "auditd_path", "PATH");

		sight_set(v->arena, sight, "nametype", text_of(paths[i].nametype));
		viewing_put(v, sight, "name", paths[i].name);
		viewing_put(v, sight, "inode", "file.inode");
		viewing_put(v, sight, "ouid", "file.uid");
		viewing_put(v, sight, "ogid", "file.gid");
		viewing_put(v, sight, "mode", "file.mode");
	}
}

static void hex_bytes(struct buffer *out, const void *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%02X", ((const unsigned char *)bytes)[i]);
}

/* struct sockaddr as the kernel dumps it. */
static void view_address(const struct viewing *v)
{
	struct text address = viewing_text(v, "destination.address");
	const struct values *ips = viewing_values(v, "destination.ip"), *ports = viewing_values(v, "destination.port");
	static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
	unsigned port = ports != NULL ? (unsigned)(ports->items[0].number & 0xFFFF) : 0;
	struct buffer out = {0};

	struct ip named;

	if (ips != NULL && (!ip_parse(address, &named) || memcmp(named.bytes, ips->items[0].ip.bytes, sizeof(named.bytes)) != 0))
		return; /* one address has two fields */
	if (ips != NULL && memcmp(ips->items[0].ip.bytes, mapped, sizeof(mapped)) == 0) {
		buffer_printf(&out, "0200%04X", port);
		hex_bytes(&out, ips->items[0].ip.bytes + 12, 4);
		buffer_string(&out, "0000000000000000");
	} else if (ips != NULL) {
		buffer_printf(&out, "0A00%04X00000000", port);
		hex_bytes(&out, ips->items[0].ip.bytes, 16);
		buffer_string(&out, "00000000");
	} else if (address.length > 0 && (address.data[0] == '/' || address.data[0] == '@')) {
		bool abstract = address.data[0] == '@';

		buffer_string(&out, abstract ? "010000" : "0100");
		hex_bytes(&out, address.data + abstract, address.length - abstract);
		buffer_string(&out, abstract ? "" : "00");
	}
	if (out.length > 0)
		sight_set(v->arena, add_record(v, "auditd_sockaddr", "SOCKADDR"), "saddr", text_copy(v->arena, buffer_view(&out)));
	buffer_free(&out);
}

static void put_capabilities(const struct viewing *v, struct sight *sight, const char *name, const char *field, bool full)
{
	const struct values *values = viewing_values(v, field);
	uint64_t mask = full ? UINT64_C(0x1ffffffffff) : 0;

	for (size_t i = 0; values != NULL && i < values->count; i++) {
		int bit = capability_bit(values->items[i].text);

		mask |= bit >= 0 ? UINT64_C(1) << bit : 0;
	}
	if (values != NULL || full)
		sight_set(v->arena, sight, name, text_of(arena_printf(v->arena, "%016llx", (unsigned long long)mask)));
}

/* Every name is a capability's. */
static bool are_capabilities(const struct viewing *v, const char *field)
{
	const struct values *values = viewing_values(v, field);

	for (size_t i = 0; values != NULL && i < values->count; i++) {
		if (capability_bit(values->items[i].text) < 0)
			return false;
	}
	return true;
}

static void view_capabilities(const struct viewing *v)
{
	bool full = text_is(viewing_text(v, "process.capabilities.full"), "true");

	if (!are_capabilities(v, "process.thread.capabilities.permitted")
		|| !are_capabilities(v, "process.thread.capabilities.effective"))
		return;
	struct sight *sight = add_record(v, "auditd_capset", "CAPSET");

	viewing_put(v, sight, "pid", "process.pid");
	put_capabilities(v, sight, "cap_pp", "process.thread.capabilities.permitted", full);
	put_capabilities(v, sight, "cap_pe", "process.thread.capabilities.effective", false);
}

/* --- what programs report --- */

static const struct {
	const char *category, *action, *type;
} reports[] = {
	{"authentication", "login", "USER_LOGIN"}, {"authentication", "logout", "USER_LOGOUT"},
	{"authentication", "verify", "USER_AUTH"}, {"session", "open", "USER_START"}, {"session", "close", "USER_END"},
	{"iam", "create", "ADD_USER"}, {"iam", "delete", "DEL_USER"}, {"iam", "change", "USER_MGMT"},
};

static const struct {
	const char *name, *field;
} report_names[] = {
	{"acct", "user.name"}, {"uid", "user.id"}, {"auid", "user.audit.id"}, {"ses", "session.id"}, {"pid", "process.pid"},
	{"exe", "process.executable"}, {"terminal", "process.tty.name"}, {"addr", "source.ip"},
};

static bool view_report(const struct viewing *v)
{
	size_t row = 0;

	while (row < sizeof(reports) / sizeof(*reports) && !viewing_is(v, reports[row].category, reports[row].action))
		row++;
	if (row == sizeof(reports) / sizeof(*reports))
		return false;
	struct sight *sight = add_record(v, "auditd_user", reports[row].type);
	struct text outcome = facet_text(v->facet, FIELD_OUTCOME);

	if (outcome.length > 0)
		sight_set(v->arena, sight, "res", text_is(outcome, "success") ? TEXT("success") : TEXT("failed"));
	for (size_t i = 0; i < sizeof(report_names) / sizeof(*report_names); i++)
		viewing_put(v, sight, report_names[i].name, report_names[i].field);
	viewing_natives(v, sight);
	return true;
}

void view_audit(const struct viewing *v)
{
	struct text system = viewing_text(v, "host.os.type");
	size_t row = 0;

	if ((system.length > 0 && !text_is(system, "linux")) || is_impossible(v) || view_report(v))
		return;
	while (row < sizeof(calls) / sizeof(*calls) && !viewing_is(v, calls[row].category, calls[row].action))
		row++;
	if (row == sizeof(calls) / sizeof(*calls))
		return;
	bool failed = text_is(facet_text(v->facet, FIELD_OUTCOME), "failure");

	view_call(v, calls[row].call);
	if (viewing_is(v, "process", "exec") && !failed)
		view_arguments(v);
	if (viewing_is(v, "file", NULL) && !failed)
		view_paths(v);
	if (viewing_is(v, "network", "connect") || viewing_is(v, "network", "bind"))
		view_address(v);
	if (viewing_is(v, "process", "capset") && !failed)
		view_capabilities(v);
}
