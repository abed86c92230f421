/* view: see view.h. */
#include "generator/rsyslog/view.h"

#include <inttypes.h>
#include <string.h>

struct viewing {
	const struct event *event;
	const struct facet *facet;
	struct arena *arena;
	struct sights *sights;
};

/* --- what the facet holds --- */

static unsigned field_of(const struct viewing *v, const char *name)
{
	return registry_field(v->event->registry, text_of(name));
}

static const struct values *values_of(const struct viewing *v, const char *name)
{
	unsigned field = field_of(v, name);

	return field != FIELD_NONE ? facet_get(v->facet, field) : NULL;
}

static struct text text_in(const struct viewing *v, const char *name)
{
	const struct values *values = values_of(v, name);

	return values != NULL && values->count > 0 ? values->items[0].text : TEXT("");
}

static bool has_item(const struct viewing *v, const char *name, const char *item)
{
	const struct values *values = values_of(v, name);

	for (size_t i = 0; values != NULL && i < values->count; i++) {
		if (text_is(values->items[i].text, item))
			return true;
	}
	return false;
}

static bool is(const struct viewing *v, const char *category, const char *action)
{
	const struct registry *registry = v->event->registry;

	return text_is(registry->categories[v->facet->category].name, category)
		&& (action == NULL || text_is(registry->actions[v->facet->action].name, action));
}

static bool failed(const struct viewing *v)
{
	return text_is(text_in(v, "event.outcome"), "failure");
}

/* --- messages --- */

/* `kind`: the dialect's group. rsyslog writes control characters as #ooo when it takes a message in. */
static void say(const struct viewing *v, const char *kind, const char *program, const struct buffer *message)
{
	struct sight *sight = sight_add(v->arena, v->sights, v->facet, text_of(kind));
	struct buffer clean = {0};
	struct text text = buffer_view(message);

	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte < ' ' || byte == 127)
			buffer_printf(&clean, "#%03o", byte);
		else
			buffer_char(&clean, (char)byte);
	}
	sight_set(v->arena, sight, "programname", text_of(program));
	sight_set(v->arena, sight, "hostname", text_in(v, "host.name"));
	sight_set(v->arena, sight, "msg", text_copy(v->arena, buffer_view(&clean)));
	buffer_free(&clean);
}

static void begin_record(const struct viewing *v, struct buffer *out, const char *type)
{
	int64_t time = v->event->time != INT64_MIN && v->event->time > 0 ? v->event->time : 0;
	int64_t serial = 1;

	text_to_long(v->event->id, &serial);
	buffer_clear(out);
	buffer_printf(out, " type=%s msg=audit(%" PRId64 ".%03d:%" PRId64 "):", type, time / 1000000000,
		(int)(time / 1000000 % 1000), serial);
}

void rsyslog_audit_text(struct buffer *out, struct text text)
{
	bool plain = true;

	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		plain = plain && byte > ' ' && byte < 127 && byte != '"';
	}
	if (plain)
		buffer_printf(out, "\"%.*s\"", TEXT_ARGS(text));
	for (size_t i = 0; !plain && i < text.length; i++)
		buffer_printf(out, "%02X", (unsigned char)text.data[i]);
}

static void put_text(const struct viewing *v, struct buffer *out, const char *name, const char *field, const char *missing)
{
	struct text text = text_in(v, field);

	buffer_printf(out, " %s=", name);
	if (text.length > 0)
		rsyslog_audit_text(out, text);
	else
		buffer_string(out, missing);
}

static void put_plain(const struct viewing *v, struct buffer *out, const char *name, const char *field, const char *missing)
{
	struct text text = text_in(v, field);

	if (text.length > 0)
		buffer_printf(out, " %s=%.*s", name, TEXT_ARGS(text));
	else if (missing != NULL)
		buffer_printf(out, " %s=%s", name, missing);
}

/* --- the call --- */

struct call {
	const char *category, *action;
	unsigned number; /* on x86_64 */
};
static const struct call calls[] = {
	{"process", "exec", 59},
	{"process", "fork", 57},
	{"process", "exit", 231},
	{"process", "ptrace", 101},
	{"process", "setns", 308},
	{"process", "unshare", 272},
	{"process", "capset", 126},
	{"process", "setuid", 105},
	{"process", "kill", 62},
	{"network", "connect", 42},
	{"network", "accept", 288},
	{"network", "bind", 49},
	{"network", "listen", 50},
	{"driver", "load", 313},
	{"driver", "unload", 176},
	{"file", "mount", 165},
	{"file", "umount", 166},
	{"file", "open", 257},
	{"file", "create", 257},
	{"file", "modify", 257},
	{"file", "delete", 263},
	{"process", "bpf", 321},
	{"process", "chroot", 161},
	{"process", "perf_event_open", 298},
	{"process", "io_uring", 425},
	{"process", "reboot", 169},
	{"process", "memfd_create", 319},
	{"process", "process_vm_write", 311},
	{"process", "keyctl", 250},
	{"file", "open_by_handle", 304},
	{"file", "rename", 82},
	{"file", "chmod", 268},
	{"file", "chown", 260},
	{"file", "link", 86},
};

struct bit {
	const char *name;
	uint64_t bit;
};
static const struct bit namespaces[] = {
	{"mnt", 0x00020000}, {"cgroup", 0x02000000}, {"uts", 0x04000000}, {"ipc", 0x08000000}, {"user", 0x10000000},
	{"pid", 0x20000000}, {"net", 0x40000000}, {"time", 0x00000080},
};
static const struct bit mount_flags[] = {
	{"MS_RDONLY", 0x1}, {"MS_NOSUID", 0x2}, {"MS_NODEV", 0x4}, {"MS_NOEXEC", 0x8}, {"MS_REMOUNT", 0x20},
	{"MS_BIND", 0x1000}, {"MS_MOVE", 0x2000}, {"MS_REC", 0x4000}, {"MS_PRIVATE", 0x40000}, {"MS_SLAVE", 0x80000},
	{"MS_SHARED", 0x100000},
};

static uint64_t bits_in(const struct viewing *v, const char *field, const struct bit *bits, size_t count)
{
	uint64_t all = 0;

	for (size_t i = 0; i < count; i++)
		all |= has_item(v, field, bits[i].name) ? bits[i].bit : 0;
	return all;
}

/* What of the call's arguments the event tells: a0, a1, a3. */
static void put_arguments(const struct viewing *v, struct buffer *out)
{
	uint64_t flags = bits_in(v, "process.namespaces.flags", namespaces, sizeof(namespaces) / sizeof(*namespaces));
	uint64_t mount = bits_in(v, "file.mount.flags", mount_flags, sizeof(mount_flags) / sizeof(*mount_flags));
	bool first = is(v, "process", "unshare") || is(v, "process", "fork");

	buffer_printf(out, " a0=%" PRIx64 " a1=%" PRIx64 " a2=0", first ? flags : 0, first ? 0 : flags);
	if (values_of(v, "file.mount.flags") != NULL)
		buffer_printf(out, " a3=%" PRIx64, mount);
}

/* Both stand in one argument: an event that tells one of them, or one against the other, is none that audit saw. */
static bool recordable_mount(const struct viewing *v)
{
	struct text bind = text_in(v, "file.mount.bind");

	if ((values_of(v, "file.mount.flags") != NULL) != (bind.length > 0))
		return false;
	return bind.length == 0 || text_is(bind, "true") == has_item(v, "file.mount.flags", "MS_BIND");
}

static void say_call(const struct viewing *v, struct buffer *out)
{
	const struct call *call = NULL;

	if (!recordable_mount(v))
		return;

	for (size_t i = 0; i < sizeof(calls) / sizeof(*calls) && call == NULL; i++)
		call = is(v, calls[i].category, calls[i].action) ? &calls[i] : NULL;
	if (call == NULL)
		return;
	begin_record(v, out, "SYSCALL");
	buffer_printf(out, " arch=c000003e syscall=%u success=%s exit=0", call->number, failed(v) ? "no" : "yes");
	put_arguments(v, out);
	buffer_string(out, " items=1");
	put_plain(v, out, "ppid", "process.parent.pid", NULL);
	put_plain(v, out, "pid", "process.pid", NULL);
	put_plain(v, out, "auid", "user.audit.id", "4294967295");
	put_plain(v, out, "euid", "user.id", NULL);
	put_plain(v, out, "egid", "user.group.id", NULL);
	put_plain(v, out, "tty", "process.tty.name", "(none)");
	put_plain(v, out, "ses", "session.id", "4294967295");
	put_text(v, out, "comm", "process.thread.name", "(null)");
	put_text(v, out, "exe", "process.executable", "(null)");
	put_text(v, out, "key", "audit.key", "(null)");
	say(v, "syscall", "audisp-syslog", out);
}

/* --- records beside the call --- */

static void say_arguments(const struct viewing *v, struct buffer *out)
{
	const struct values *arguments = values_of(v, "process.args");

	if (!is(v, "process", "exec") || arguments == NULL || arguments->count == 0)
		return;
	begin_record(v, out, "EXECVE");
	buffer_printf(out, " argc=%zu", arguments->count);
	for (size_t i = 0; i < arguments->count; i++) {
		buffer_printf(out, " a%zu=", i);
		rsyslog_audit_text(out, arguments->items[i].text);
	}
	say(v, "execve", "audisp-syslog", out);
}

static void say_path(const struct viewing *v, struct buffer *out)
{
	struct text path = text_in(v, "file.path");

	if (!is(v, "file", NULL) || path.length == 0 || is(v, "file", "mount") || is(v, "file", "umount"))
		return;
	begin_record(v, out, "PATH");
	buffer_string(out, " item=0 name=");
	rsyslog_audit_text(out, path);
	buffer_printf(out, " inode=1 dev=00:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=%s",
		is(v, "file", "create") ? "CREATE" : is(v, "file", "delete") ? "DELETE" : "NORMAL");
	say(v, "path", "audisp-syslog", out);
}

static void put_hex(struct buffer *out, const void *bytes, size_t count)
{
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%02X", byte[i]);
}

static void put_internet(const struct viewing *v, const unsigned char *bytes, struct buffer *out)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	bool four = memcmp(bytes, mapped, sizeof(mapped)) == 0;
	int64_t port = 0;

	text_to_long(text_in(v, "destination.port"), &port);
	buffer_printf(out, " saddr=%s00%04X%s", four ? "02" : "0A", (unsigned)port & 0xffff, four ? "" : "00000000");
	put_hex(out, four ? bytes + 12 : bytes, four ? 4 : 16);
	buffer_string(out, four ? "0000000000000000" : "00000000");
}

/* struct sockaddr_un, _in and _in6, the family in the machine's order, the port in the network's. One names a path, or an
 * address and a port: an event with other parts is none that audit saw. */
static void say_address(const struct viewing *v, struct buffer *out)
{
	const struct values *ip = values_of(v, "destination.ip");
	struct text path = text_in(v, "destination.address");
	bool port = values_of(v, "destination.port") != NULL;

	if (!is(v, "network", "connect") && !is(v, "network", "bind"))
		return;
	begin_record(v, out, "SOCKADDR");
	if (ip != NULL && ip->count > 0 && port && text_equal(path, ip->items[0].text)) {
		put_internet(v, ip->items[0].ip.bytes, out);
	} else if (ip == NULL && !port && path.length > 0 && path.data[0] == '/') {
		buffer_string(out, " saddr=0100");
		put_hex(out, path.data, path.length);
		buffer_string(out, "00");
	} else {
		return;
	}
	say(v, "sockaddr", "audisp-syslog", out);
}

static uint64_t capabilities_in(const struct viewing *v, const char *field)
{
	const struct values *names = values_of(v, field);
	uint64_t mask = 0;

	for (size_t k = 0; names != NULL && k < names->count; k++) {
		int bit = capability_bit(names->items[k].text);

		mask |= bit >= 0 ? UINT64_C(1) << bit : 0;
	}
	return mask;
}

/* The set and whether it is whole are one number: an event that tells one of them, or one against the other, is none that
 * audit saw. */
static void say_capabilities(const struct viewing *v, struct buffer *out)
{
	const char *permitted = "process.thread.capabilities.permitted", *effective = "process.thread.capabilities.effective";
	struct text full = text_in(v, "process.capabilities.full");
	uint64_t mask = capabilities_in(v, permitted);

	if (!is(v, "process", "capset") || (values_of(v, permitted) != NULL) != (full.length > 0)
		|| (full.length > 0 && text_is(full, "true") != capability_mask_full(mask)))
		return;
	begin_record(v, out, "CAPSET");
	put_plain(v, out, "pid", "process.pid", "1");
	buffer_string(out, " cap_pi=0000000000000000");
	if (full.length > 0)
		buffer_printf(out, " cap_pp=%016" PRIx64, mask);
	if (values_of(v, effective) != NULL)
		buffer_printf(out, " cap_pe=%016" PRIx64, capabilities_in(v, effective));
	say(v, "capset", "audisp-syslog", out);
}

static void say_module(const struct viewing *v, struct buffer *out)
{
	if (!is(v, "driver", NULL) || text_in(v, "driver.name").length == 0)
		return;
	begin_record(v, out, "KERN_MODULE");
	put_text(v, out, "name", "driver.name", "(null)");
	say(v, "module", "audisp-syslog", out);
}

static void say_report(const struct viewing *v, struct buffer *out)
{
	bool login = is(v, "authentication", "login");

	if (!login && !is(v, "authentication", "verify"))
		return;
	begin_record(v, out, login ? "USER_LOGIN" : "USER_AUTH");
	put_plain(v, out, "pid", "process.pid", "1");
	buffer_string(out, " uid=0");
	put_plain(v, out, "auid", "user.audit.id", "4294967295");
	put_plain(v, out, "ses", "session.id", "4294967295");
	buffer_string(out, " msg='op=login");
	put_text(v, out, "acct", "user.name", "?");
	put_text(v, out, "exe", "process.executable", "?");
	put_plain(v, out, "hostname", "source.ip", "?");
	put_plain(v, out, "addr", "source.ip", "?");
	buffer_printf(out, " terminal=ssh res=%s'", failed(v) ? "failed" : "success");
	say(v, login ? "user_login" : "user_auth", "audisp-syslog", out);
}

/* --- programs --- */

static void say_sudo(const struct viewing *v, struct buffer *out)
{
	const struct values *arguments = values_of(v, "process.args");
	struct text executable = text_in(v, "process.executable"), tty = text_in(v, "process.tty.name");
	struct text user = text_in(v, "user.name"), folder = text_in(v, "process.working_directory");

	if (!is(v, "process", "exec") || !text_is(text_in(v, "process.parent.name"), "sudo") || failed(v) || arguments == NULL
		|| arguments->count == 0)
		return;
	buffer_clear(out);
	buffer_printf(out, " operator : TTY=%.*s ; PWD=%.*s ; USER=%.*s ; COMMAND=",
		TEXT_ARGS(tty.length > 0 ? tty : TEXT("unknown")), TEXT_ARGS(folder.length > 0 ? folder : TEXT("/")),
		TEXT_ARGS(user.length > 0 ? user : TEXT("root")));
	buffer_text(out, executable.length > 0 ? executable : arguments->items[0].text);
	for (size_t i = 1; i < arguments->count; i++)
		buffer_printf(out, " %.*s", TEXT_ARGS(arguments->items[i].text));
	say(v, "sudo", "sudo", out);
}

static void say_sshd(const struct viewing *v, struct buffer *out)
{
	struct text user = text_in(v, "user.name"), from = text_in(v, "source.ip"), port = text_in(v, "source.port");

	if (!is(v, "authentication", "login") || user.length == 0 || from.length == 0)
		return;
	buffer_clear(out);
	buffer_printf(out, " %s publickey for %.*s from %.*s port %.*s ssh2", failed(v) ? "Failed" : "Accepted", TEXT_ARGS(user),
		TEXT_ARGS(from), TEXT_ARGS(port.length > 0 ? port : TEXT("0")));
	say(v, "sshd", "sshd", out);
}

void rsyslog_view(const struct event *event, struct arena *arena, struct sights *sights)
{
	static void (*const messages[])(const struct viewing *, struct buffer *) = {
		say_call, say_arguments, say_path, say_address, say_capabilities, say_module, say_report, say_sudo, say_sshd};
	struct buffer out = {0};

	for (size_t i = 0; i < event->facet_count; i++) {
		struct viewing viewing = {event, event->facets[i], arena, sights};

		if (event->facets[i]->derived)
			continue;
		for (size_t k = 0; k < sizeof(messages) / sizeof(*messages); k++)
			messages[k](&viewing, &out);
	}
	buffer_free(&out);
}
