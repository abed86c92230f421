/*
 * audit_record: decodes the records of an event.
 */
#include "replay/readers/audit_record.h"

#include "replay/readers/audit_pieces.h"

#include <string.h>

enum { TYPES = 3000, EINPROGRESS_EXIT = 115 };

/* A raw name that the dialect asks for: SYSCALL.exe, split. */
struct wanted {
	struct text key, name;
	struct wanted *next;
};

enum { SLOTS = 32 };

struct wanted_table {
	struct wanted *slots[SLOTS];
};

struct audit_names {
	struct wanted_table *by_type[TYPES]; /* user messages: [0] */
};

/* One event on its way into a record. */
struct making {
	const struct audit_names *names;
	const struct audit_event *event;
	struct record *record;
	struct audit_pieces pieces;
};

/* Keys of one record type differ in length or at their ends. */
static size_t slot_of(struct text key)
{
	if (!key.length)
		return 0;
	return (key.length * 7 + (unsigned char)key.data[0] + (unsigned char)key.data[key.length - 1] * 5u) % SLOTS;
}

static const struct wanted *find_wanted(const struct wanted_table *table, struct text key)
{
	const struct wanted *wanted = table ? table->slots[slot_of(key)] : NULL;
	while (wanted && !text_equal(wanted->key, key))
		wanted = wanted->next;
	return wanted;
}

/* Names that the reader makes itself (type, node, MOUNT.source) are of no record type. */
static void want(struct audit_names *names, struct arena *arena, struct text name)
{
	size_t dot = text_find(name, '.');
	struct text type = text_slice(name, 0, dot), key = text_slice(name, dot + 1, name.length);
	bool user = AUDIT_IS(type, "USER");
	unsigned number = user ? 0 : audit_type_number(type);
	if ((!user && !number) || number >= TYPES)
		return;
	if (!names->by_type[number])
		names->by_type[number] = arena_alloc(arena, sizeof **names->by_type);
	struct wanted_table *table = names->by_type[number];
	if (find_wanted(table, key))
		return;
	struct wanted *wanted = arena_alloc(arena, sizeof *wanted);
	*wanted = (struct wanted){key, name, table->slots[slot_of(key)]};
	table->slots[slot_of(key)] = wanted;
}

static void want_matches(struct audit_names *names, struct arena *arena, const struct dialect_match *matches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		want(names, arena, matches[i].name);
}

static void want_group(struct audit_names *names, struct arena *arena, const struct dialect_group *group)
{
	want_matches(names, arena, group->when, group->when_count);
	for (size_t i = 0; i < group->event_count; i++) {
		want_matches(names, arena, group->events[i].matches, group->events[i].match_count);
		for (size_t k = 0; k < group->events[i].need_count; k++)
			want(names, arena, group->events[i].needs[k]);
	}
	for (size_t i = 0; i < group->field_count; i++)
		for (size_t k = 0; k < group->fields[i].name_count; k++)
			want(names, arena, group->fields[i].names[k]);
}

struct audit_names *audit_names_new(struct arena *arena, const struct dialect *dialect)
{
	struct audit_names *names = arena_alloc(arena, sizeof *names);
	for (size_t i = 0; i < dialect->group_count; i++)
		want_group(names, arena, &dialect->groups[i]);
	return names;
}

static void add(struct making *m, const char *name, struct text value)
{
	if (value.length)
		record_add(m->record, text_of(name), value);
}

/* Keys of rules: several are joined by 0x01. */
static void add_keys(struct making *m, struct text name, struct text value)
{
	struct text *keys;
	size_t count = text_split(m->record->arena, value, '\x01', &keys);
	for (size_t i = 0; i < count; i++)
		record_add(m->record, name, keys[i]);
}

static const struct wanted_table *table_of(const struct making *m, unsigned number)
{
	if (audit_type_is_user(number))
		return m->names->by_type[0];
	return number < TYPES ? m->names->by_type[number] : NULL;
}

/* Any record: each wanted field under its own name. */
static void add_plain(struct making *m, const struct audit_stored *stored)
{
	const struct wanted_table *table = table_of(m, stored->number);
	struct audit_cursor cursor;
	struct audit_field field;
	audit_fields(&cursor, stored->body);
	while (table && audit_next(&cursor, &field)) {
		const struct wanted *wanted = find_wanted(table, field.key);
		struct text value;
		if (!wanted || !audit_value(m->record->arena, &field, &value))
			continue;
		if (AUDIT_IS(field.key, "key"))
			add_keys(m, wanted->name, value);
		else
			record_add(m->record, wanted->name, value);
	}
}

/* The calls behind i386's socketcall, by its first argument. */
static struct text socketcall_name(struct text a0)
{
	static const char *const calls[] = {NULL, "socket", "bind", "connect", "listen", "accept", "getsockname", "getpeername",
		"socketpair", "send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg",
		"accept4", "recvmmsg", "sendmmsg"};
	uint64_t number;
	if (!text_to_ulong_base(a0, 16, &number) || number >= sizeof calls / sizeof *calls || !calls[number])
		return TEXT("socketcall");
	return text_of(calls[number]);
}

static struct text named_syscall(const struct making *m)
{
	const struct audit_call *call = &m->pieces.call;
	struct text arch = audit_arch_name(call->arch), name = {0};
	uint64_t number;
	if (text_to_ulong_base(call->number, 10, &number))
		name = audit_syscall_name(arch, number);
	if (!name.length)
		name = call->added_name.length ? call->added_name : call->number;
	return AUDIT_IS(name, "socketcall") ? socketcall_name(call->arguments[0]) : name;
}

static struct text outcome_of(const struct audit_call *call)
{
	int64_t code;
	bool failed = AUDIT_IS(call->success, "no") && text_to_long(call->exit, &code);
	/* A socket that does not block connects in the background: nobody knows yet whether it will. */
	if (failed && code == -EINPROGRESS_EXIT && AUDIT_IS(call->name, "connect"))
		return TEXT("pending");
	return call->success;
}

static struct text not_deleted(struct text path)
{
	struct text mark = TEXT(" (deleted)");
	return text_ends(path, mark, false) ? text_slice(path, 0, path.length - mark.length) : path;
}

/* The SYSCALL record. Its plain fields go into the record at once, the decoded ones at the end. */
static void take_call(struct making *m, const struct audit_stored *stored)
{
	const struct wanted_table *table = table_of(m, AUDIT_SYSCALL);
	struct audit_cursor cursor;
	struct audit_field field;
	struct text value;
	audit_fields(&cursor, stored->body);
	while (audit_next(&cursor, &field)) {
		bool kept = audit_call_field(&m->pieces.call, &field);
		const struct wanted *wanted = kept ? NULL : find_wanted(table, field.key);
		if (!wanted || !audit_value(m->record->arena, &field, &value))
			continue;
		if (AUDIT_IS(field.key, "key"))
			add_keys(m, wanted->name, value);
		else
			record_add(m->record, wanted->name, AUDIT_IS(field.key, "exe") ? not_deleted(value) : value);
	}
	struct audit_call *call = &m->pieces.call;
	struct text arch = audit_arch_name(call->arch);
	call->there = true;
	call->name = named_syscall(m);
	add(m, "SYSCALL.arch", arch.length ? arch : call->arch);
	add(m, "SYSCALL.syscall", call->name);
	add(m, "SYSCALL.number", call->number);
	add(m, "SYSCALL.success", outcome_of(call));
	add(m, "SYSCALL.exit", call->exit);
	static const char *const names[] = {"SYSCALL.a0", "SYSCALL.a1", "SYSCALL.a2", "SYSCALL.a3"};
	for (size_t i = 0; i < 4; i++)
		add(m, names[i], call->arguments[i]);
}

static void take_socket(struct making *m, const struct audit_stored *stored)
{
	struct audit_socket socket;
	if (!audit_socket(m->record->arena, stored->body, &socket))
		return;
	add(m, "SOCKADDR.family", socket.family);
	add(m, "SOCKADDR.address", socket.address);
	add(m, "SOCKADDR.ip", socket.ip);
	add(m, "SOCKADDR.port", socket.port);
}

static void take_record(struct making *m, const struct audit_stored *stored)
{
	record_add(m->record, TEXT("type"), stored->type);
	switch (stored->number) {
	case AUDIT_SYSCALL:
		take_call(m, stored);
		return;
	case AUDIT_EXECVE:
		audit_take_arguments(&m->pieces, m->record->arena, stored->body);
		return;
	case AUDIT_PATH:
		audit_take_path(&m->pieces, m->record->arena, stored->body);
		return;
	case AUDIT_CWD:
		audit_take_directory(&m->pieces, m->record->arena, stored->body);
		return;
	case AUDIT_SOCKADDR:
		take_socket(m, stored);
		return;
	case AUDIT_OPENAT2:
		add(m, "OPENAT2.oflag", audit_open_flags(m->record->arena, stored->body));
		return;
	case AUDIT_PROCTITLE:
		add(m, "PROCTITLE.proctitle", audit_title(m->record->arena, stored->body));
		return;
	default:
		add_plain(m, stored);
	}
}

static void add_arguments(struct making *m)
{
	const struct audit_pieces *pieces = &m->pieces;
	add(m, "EXECVE.argc", pieces->argc);
	for (size_t i = 0; i < pieces->argument_count; i++)
		if (pieces->arguments[i].there)
			record_add(m->record, TEXT("EXECVE.argv"), pieces->arguments[i].text);
}

static void part_add(struct making *m, struct record_part *part, const char *name, struct text value)
{
	if (value.length)
		record_part_add(m->record, part, text_of(name), value);
}

static void add_paths(struct making *m)
{
	struct audit_pieces *pieces = &m->pieces;
	audit_resolve(pieces, m->record->arena);
	for (size_t i = 0; i < pieces->path_count; i++) {
		const struct audit_path *path = &pieces->paths[i];
		if (path->inode.length)
			add(m, "PATHS.path", path->path);
		if (AUDIT_IS(path->nametype, "PARENT"))
			continue;
		struct record_part *part = record_add_part(m->record, TEXT("PATH"));
		part_add(m, part, "PATH.name", path->name);
		part_add(m, part, "PATH.path", path->path);
		part_add(m, part, "PATH.nametype", path->nametype);
		part_add(m, part, "PATH.mode", path->mode);
		part_add(m, part, "PATH.inode", path->inode);
		part_add(m, part, "PATH.ouid", path->owner);
		part_add(m, part, "PATH.ogid", path->group);
		part_add(m, part, "PATH.target", path->target);
	}
	add(m, "CWD.cwd", pieces->directory);
	add(m, "MOUNT.target", pieces->mount_target);
	add(m, "MOUNT.source", pieces->mount_source);
	add(m, "CHMOD.mode", pieces->new_mode);
}

void audit_record(const struct audit_names *names, const struct audit_event *event, struct arena *arena,
	const char *file, struct record *record)
{
	struct making making = {.names = names, .event = event, .record = record};
	record_begin(record, arena, file, event->count ? event->records[0].line : 0);
	record->time = (event->seconds * 1000 + event->milliseconds) * 1000000;
	record->id = text_of(arena_printf(arena, "%lld.%03u:%llu", (long long)event->seconds, event->milliseconds,
		(unsigned long long)event->serial));
	if (event->node.length)
		record_add(record, TEXT("node"), event->node);
	for (size_t i = 0; i < event->count; i++)
		take_record(&making, &event->records[i]);
	add_arguments(&making);
	add_paths(&making);
}
