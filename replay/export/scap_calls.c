/*
 * scap_calls: the table, and one letter for each kind of parameter.
 */
#include "replay/export/scap_calls.h"

#include <string.h>

enum { EACCES_RESULT = -13, DESCRIPTOR = 3, FILE_DESCRIPTOR = 7, CHILDREN = 1 << 22 };
enum { FAMILY_UNIX = 1, FAMILY_IPV4 = 2, FAMILY_IPV6 = 10 };

/* Parameters:
 *   r what it returned    f the descriptor that it returned    d that of a socket    s that of a file
 *   D the working directory    p file.path    q file.target_path    m mode    F flags of opening
 *   n flags of mounting    S what is mounted    y its type    N namespaces    c three capability sets
 *   R request of ptrace    Y its data    u user    t pid    g signal    a address    T both addresses
 *   B waiting connections    Q two numbers of a queue    M name of a driver    E what it exited with
 *   b no bytes    e no text    x 0 8 nothing, in 8, 32, 64 bits
 */
static const struct call {
	const char *category, *action, *name;
	uint16_t begin;
	const char *begins, *ends; /* parameters of the two events; `ends` NULL: there is but one */
} calls[] = {
	{"process", "exit", "exit", 186, "EEgx", NULL},
	{"process", "ptrace", "ptrace", 168, "Rt", "rYY"},
	{"process", "setns", "setns", 240, "sN", "r"},
	{"process", "unshare", "unshare", 284, "N", "r"},
	{"process", "capset", "capset", 352, "", "rc"},
	{"process", "setuid", "setresuid", 192, "uuu", "r"},
	{"process", "setuid", "setuid", 198, "u", "r"},
	{"process", "kill", "tkill", 130, "tg", "r"},
	{"process", "kill", "tgkill", 132, "ttg", "r"},
	{"process", "kill", "kill", 128, "tg", "r"},
	{"network", "connect", "connect", 22, "da", "rT"},
	{"network", "bind", "bind", 20, "d", "ra"},
	{"network", "listen", "listen", 24, "dB", "r"},
	{"network", "accept", "accept", 246, "", "fTxQ"},
	{"driver", "load", "init_module", 410, "", "rb8e"},
	{"driver", "load", "finit_module", 412, "", "rse0"},
	{"driver", "unload", "delete_module", 424, "", "rM0"},
	{"file", "create", "mkdir", 276, "m", "rp"},
	{"file", "create", "mkdirat", 304, "", "rDpm"},
	{"file", "mknod", "mknod", 414, "", "rpm0"},
	{"file", "mknod", "mknodat", 416, "", "rDpm0"},
	{"file", "create", "open", 2, "pFm", "fpFm0"},
	{"file", "create", "openat", 306, "DpFm", "fDpFm0"},
	{"file", "modify", "open", 2, "pFm", "fpFm0"},
	{"file", "modify", "openat", 306, "DpFm", "fDpFm0"},
	{"file", "open", "open", 2, "pFm", "fpFm0"},
	{"file", "open", "openat", 306, "DpFm", "fDpFm0"},
	{"file", "delete", "rmdir", 278, "", "rp"},
	{"file", "delete", "unlink", 300, "", "rp"},
	{"file", "delete", "unlinkat", 302, "", "rDp0"},
	{"file", "rename", "rename", 174, "", "rpq"},
	{"file", "rename", "renameat", 176, "", "rDpDq"},
	{"file", "rename", "renameat2", 318, "", "rDpDq0"},
	{"file", "link", "link", 308, "", "rqp"},
	{"file", "link", "symlink", 178, "", "rqp"},
	{"file", "link", "symlinkat", 180, "", "rqDp"},
	{"file", "link", "linkat", 310, "", "rDqDp0"},
	{"file", "chmod", "chmod", 314, "", "rpm"},
	{"file", "chmod", "fchmodat", 312, "", "rDpm"},
	{"file", "chown", "chown", 378, "", "rp00"},
	{"file", "chown", "lchown", 380, "", "rp00"},
	{"file", "chown", "fchownat", 384, "", "rDp000"},
	{"file", "mount", "mount", 256, "n", "rSpy"},
	{"file", "umount", "umount", 258, "0", "rp"},
};

static const struct call *call_of(const struct scap_actor *actor)
{
	const struct facet *facet = actor->facet;
	struct text category = facet->registry->categories[facet->category].name;
	struct text action = facet->registry->actions[facet->action].name, name = scap_said(actor, actor->numbers->syscall);
	const struct call *found = NULL;
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		if (!text_is(category, calls[i].category) || !text_is(action, calls[i].action))
			continue;
		found = &calls[i];
		if (text_is(name, found->name))
			break;
	}
	return found;
}

/* What the call returned: in audit records as it was, else 0 or EACCES; after EPERM Falco shows no path of an open. */
static int64_t result_of(const struct scap_actor *actor)
{
	bool failed = text_is(scap_said(actor, actor->numbers->outcome), "failure");
	int64_t known = scap_said_number(actor, actor->numbers->exit, failed ? EACCES_RESULT : 0);
	return failed && known >= 0 ? EACCES_RESULT : known;
}

/* Values of parameters */

static uint32_t opening_of(const struct scap_actor *actor, const struct event *event)
{
	uint32_t flags = 0;
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *facet = event->facets[i];
		struct text action = facet->registry->actions[facet->action].name;
		struct text path = facet_text(facet, actor->numbers->path);
		if (facet->derived || !text_equal(path, facet_text(actor->facet, actor->numbers->path)))
			continue;
		if (text_is(action, "create"))
			flags |= SCAP_O_CREAT | SCAP_O_WRONLY | (result_of(actor) >= 0 ? SCAP_O_CREATED : 0);
		else if (text_is(action, "modify"))
			flags |= SCAP_O_WRONLY;
		else if (text_is(action, "open"))
			flags |= SCAP_O_RDONLY;
	}
	return flags;
}

static const struct {
	const char *ours;
	const char *theirs;
} namespaces[] = {{"mnt", "CLONE_NEWNS"}, {"pid", "CLONE_NEWPID"}, {"net", "CLONE_NEWNET"}, {"ipc", "CLONE_NEWIPC"},
	{"uts", "CLONE_NEWUTS"}, {"user", "CLONE_NEWUSER"}, {"cgroup", "CLONE_NEWCGROUP"}};

static uint32_t namespaces_of(const struct scap_actor *actor)
{
	const struct values *values = facet_get(actor->facet, actor->numbers->namespaces);
	uint32_t flags = 0;
	for (size_t i = 0; values && i < values->count; i++)
		for (size_t k = 0; k < sizeof namespaces / sizeof *namespaces; k++)
			if (text_is(values->items[i].text, namespaces[k].ours))
				flags |= scap_flags_value("clone", text_of(namespaces[k].theirs), '|');
	return flags;
}

/* MS_BIND → BIND */
static uint32_t mounting_of(const struct scap_actor *actor)
{
	const struct values *values = facet_get(actor->facet, actor->numbers->mount_flags);
	uint32_t flags = text_is(scap_said(actor, actor->numbers->bind), "true") ? scap_flags_value("mount", TEXT("BIND"), '|') : 0;
	for (size_t i = 0; values && i < values->count; i++)
		if (text_starts(values->items[i].text, TEXT("MS_"), false))
			flags |= scap_flags_value("mount", text_slice(values->items[i].text, 3, values->items[i].text.length), '|');
	return flags;
}

static uint32_t mode_of(const struct scap_actor *actor)
{
	struct text mode = scap_said(actor, actor->numbers->mode);
	uint64_t number;
	return text_to_ulong_base(mode, 8, &number) ? (uint32_t)(number & 07777) : 0;
}

static uint64_t argument_of(const struct scap_actor *actor, unsigned field, uint64_t otherwise)
{
	uint64_t number;
	struct text text = scap_said(actor, field);
	return text.length && text_to_ulong_base(text, 16, &number) ? number : otherwise;
}

/* setuid's user: the first argument, where the record has it. */
static uint32_t user_of(const struct scap_actor *actor)
{
	uint64_t id = argument_of(actor, actor->numbers->a0, UINT64_MAX);
	if (scap_said(actor, actor->numbers->syscall).length && id != UINT64_MAX)
		return (uint32_t)id;
	return (uint32_t)scap_said_number(actor, actor->numbers->user, UINT32_MAX);
}

static void put_ip(struct buffer *packed, const struct ip *ip, bool ipv6, int64_t port)
{
	buffer_add(packed, (const char *)ip->bytes + (ipv6 ? 0 : 12), ipv6 ? 16 : 4);
	buffer_char(packed, (char)(port & 0xff));
	buffer_char(packed, (char)(port >> 8 & 0xff));
}

static bool is_ipv6(const struct ip *ip)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	return memcmp(ip->bytes, mapped, sizeof mapped) != 0;
}

/* The address that the call names, and of `pair` the own one before it. Nothing where none is known. */
static void put_address(const struct scap_actor *actor, bool pair)
{
	const struct scap_field_numbers *n = actor->numbers;
	struct text address = scap_said(actor, n->destination_ip), path = scap_said(actor, n->address);
	struct text source = scap_said(actor, n->source_ip);
	struct buffer packed = {0};
	struct ip far, own = {{0}};
	if (ip_parse(address.length ? address : path, &far)) {
		bool ipv6 = is_ipv6(&far);
		if (!source.length || !ip_parse(source, &own) || is_ipv6(&own) != ipv6)
			memset(&own, 0, sizeof own);
		buffer_char(&packed, ipv6 ? FAMILY_IPV6 : FAMILY_IPV4);
		if (pair)
			put_ip(&packed, &own, ipv6, scap_said_number(actor, n->source_port, 0));
		put_ip(&packed, &far, ipv6, scap_said_number(actor, n->destination_port, 0));
	} else if (path.length) {
		buffer_char(&packed, FAMILY_UNIX);
		if (pair)
			buffer_add(&packed, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16); /* the two sockets in the kernel */
		buffer_text(&packed, path);
		buffer_char(&packed, '\0');
	}
	scap_put_bytes(actor->writer, buffer_view(&packed));
	buffer_free(&packed);
}

static struct text or_none(struct text type)
{
	return type.length ? type : TEXT("none");
}

/* By letter. */
static void put(struct scap_actor *actor, const struct event *event, char what, int64_t result)
{
	const struct scap_field_numbers *n = actor->numbers;
	struct scap_writer *w = actor->writer;
	switch (what) {
	case 'r': scap_put_number(w, 8, (uint64_t)result); return;
	case 'f': scap_put_number(w, 8, (uint64_t)(result < 0 ? result : result ? result : DESCRIPTOR)); return;
	case 'd': scap_put_number(w, 8, DESCRIPTOR); return;
	case 's': scap_put_number(w, 8, argument_of(actor, n->a0, FILE_DESCRIPTOR)); return;
	case 'D': scap_put_number(w, 8, (uint64_t)(int64_t)SCAP_AT_FDCWD); return;
	case 'p': scap_put_text(w, scap_said(actor, n->path)); return;
	case 'q': scap_put_text(w, scap_said(actor, n->target)); return;
	case 'm': scap_put_number(w, 4, mode_of(actor)); return;
	case 'F': scap_put_number(w, 4, opening_of(actor, event)); return;
	case 'n': scap_put_number(w, 4, mounting_of(actor)); return;
	case 'S': scap_put_text(w, scap_said(actor, n->mount_source)); return;
	case 'y': scap_put_text(w, or_none(scap_said(actor, n->mount_type))); return;
	case 'N': scap_put_number(w, 4, namespaces_of(actor)); return;
	case 'c':
		scap_put_number(w, 8, 0);
		scap_put_number(w, 8, scap_set_of(actor, n->permitted));
		scap_put_number(w, 8, scap_set_of(actor, n->effective));
		return;
	case 'R': scap_put_number(w, 2, scap_flags_value("ptrace", scap_said(actor, n->request), '|')); return;
	case 'Y': scap_put_bytes(w, (struct text){"\0\0\0\0\0\0\0\0\0", 9}); return;
	case 'u': scap_put_number(w, 4, user_of(actor)); return;
	case 't': scap_put_number(w, 8, argument_of(actor, n->a0, 0)); return;
	case 'g': scap_put_number(w, 1, argument_of(actor, n->a1, 0) & 0x7f); return;
	case 'a': put_address(actor, false); return;
	case 'T': put_address(actor, true); return;
	case 'B': scap_put_number(w, 4, 0); return;
	case 'Q':
		scap_put_number(w, 4, 0);
		scap_put_number(w, 4, 0);
		return;
	case 'M': scap_put_text(w, scap_said(actor, n->driver)); return;
	case 'E': scap_put_number(w, 8, (uint64_t)scap_said_number(actor, n->exit_code, 0)); return;
	case 'b': scap_put_bytes(w, TEXT("")); return;
	case 'e': scap_put_text(w, TEXT("")); return;
	case 'x': scap_put_number(w, 1, 0); return;
	case '0': scap_put_number(w, 4, 0); return;
	default: scap_put_number(w, 8, 0); return;
	}
}

static void write_event(struct scap_actor *actor, const struct event *event, uint16_t type, const char *parameters,
	int64_t result, enum scap_sight sight)
{
	scap_call_begin(actor->writer, type);
	for (const char *at = parameters; *at; at++)
		put(actor, event, *at, result);
	scap_call_end(actor->writer, actor->pid, sight);
}

/* A socket for what is done with one. */
static void tell_socket(struct scap_actor *actor, const struct event *event, bool bound)
{
	enum { SOCKET_BEGIN = 18, BIND_BEGIN = 20, STREAM = 1, DATAGRAM = 2 };
	const struct scap_field_numbers *n = actor->numbers;
	struct text ip = scap_said(actor, n->destination_ip), address = scap_said(actor, n->address);
	struct ip parsed;
	bool is_ip = ip_parse(ip.length ? ip : address, &parsed);
	uint32_t family = is_ip ? (is_ipv6(&parsed) ? FAMILY_IPV6 : FAMILY_IPV4) : FAMILY_UNIX;
	bool datagram = text_is(scap_said(actor, n->transport), "udp");
	scap_call_begin(actor->writer, SOCKET_BEGIN);
	scap_put_number(actor->writer, 4, family);
	scap_put_number(actor->writer, 4, datagram ? DATAGRAM : STREAM);
	scap_put_number(actor->writer, 4, 0);
	scap_call_end(actor->writer, actor->pid, SCAP_HIDDEN);
	scap_call_begin(actor->writer, SOCKET_BEGIN + 1);
	scap_put_number(actor->writer, 8, DESCRIPTOR);
	scap_call_end(actor->writer, actor->pid, SCAP_HIDDEN);
	if (!bound)
		return;
	write_event(actor, event, BIND_BEGIN, "d", 0, SCAP_HIDDEN);
	write_event(actor, event, BIND_BEGIN + 1, "ra", 0, SCAP_HIDDEN);
}

/* A clone ends in the process that asked for it, with a child of which nothing else is known. */
static void write_fork(struct scap_actor *actor, int64_t result)
{
	enum { CLONE_BEGIN = 222 };
	const struct scap_field_numbers *n = actor->numbers;
	struct scap_writer *w = actor->writer;
	const struct scap_thread *thread = scap_thread_find(w->state, actor->pid);
	struct arena *arena = &w->arena;
	if (!thread)
		return;
	int64_t child = result > 0 ? result : CHILDREN + (int64_t)(actor->pid & 0xfffff);
	struct text exe = text_copy(arena, buffer_view(&thread->exe)), args = text_copy(arena, buffer_view(&thread->args));
	struct text comm = text_copy(arena, buffer_view(&thread->comm));
	int64_t parent = thread->parent > 0 ? thread->parent : 0, vpid = thread->vpid;
	scap_call_begin(w, CLONE_BEGIN);
	scap_call_end(w, actor->pid, SCAP_SHOWN);
	scap_call_begin(w, CLONE_BEGIN + 1);
	scap_put_number(w, 8, (uint64_t)(result < 0 ? result : child));
	scap_put_text(w, exe);
	scap_put_bytes(w, args);
	scap_put_number(w, 8, (uint64_t)actor->pid);
	scap_put_number(w, 8, (uint64_t)actor->pid);
	scap_put_number(w, 8, (uint64_t)parent);
	scap_put_text(w, TEXT(""));
	for (size_t i = 0; i < 3; i++)
		scap_put_number(w, 8, 0);
	for (size_t i = 0; i < 3; i++)
		scap_put_number(w, 4, 0);
	scap_put_text(w, comm);
	scap_put_bytes(w, scap_cgroups(actor));
	scap_put_number(w, 4, namespaces_of(actor));
	scap_put_number(w, 4, (uint32_t)scap_said_number(actor, n->user, UINT32_MAX));
	scap_put_number(w, 4, (uint32_t)scap_said_number(actor, n->group, UINT32_MAX));
	scap_put_number(w, 8, (uint64_t)vpid);
	scap_put_number(w, 8, (uint64_t)vpid);
	scap_call_end(w, actor->pid, SCAP_SHOWN);
}

static bool facet_is(const struct facet *facet, const char *category, const char *action)
{
	return text_is(facet->registry->categories[facet->category].name, category) &&
		text_is(facet->registry->actions[facet->action].name, action);
}

bool scap_begins_program(const struct facet *facet)
{
	return facet_is(facet, "process", "exec");
}

/* Of a file nothing is said that has no path, of a connection nothing without an address. */
static const char *lacks(const struct scap_actor *actor)
{
	const struct scap_field_numbers *n = actor->numbers;
	struct text category = actor->facet->registry->categories[actor->facet->category].name;
	if (text_is(category, "file") && !scap_said(actor, n->path).length)
		return "the file's path is not known";
	return NULL;
}

bool scap_say(struct scap_actor *actor, const struct event *event, const char **reason)
{
	int64_t result = result_of(actor);
	const char *missing = lacks(actor);
	const struct call *call = call_of(actor);
	if (scap_begins_program(actor->facet)) {
		scap_tell_program(actor, result < 0 ? result : 0, SCAP_SHOWN);
		return true;
	}
	if (facet_is(actor->facet, "process", "fork")) {
		write_fork(actor, result);
		return true;
	}
	if (!call || missing) {
		*reason = missing ? missing : "no system call that captures have does that";
		return false;
	}
	if (text_is(text_of(call->category), "network") && !text_is(text_of(call->action), "accept"))
		tell_socket(actor, event, text_is(text_of(call->action), "listen"));
	write_event(actor, event, call->begin, call->begins, result, SCAP_SHOWN);
	if (call->ends)
		write_event(actor, event, (uint16_t)(call->begin + 1), call->ends, result, SCAP_SHOWN);
	return true;
}
