/*
 * audit_record: decodes the records of an event.
 */
#include "replay/readers/audit_record.h"

#include "replay/readers/audit_layout.h"
#include "replay/readers/audit_pieces.h"

#include <stdlib.h>
#include <string.h>

enum { EINPROGRESS_EXIT = 115 };

/* One event on its way into a record. */
struct making {
	struct audit_tables *tables;
	const struct audit_event *event;
	struct arena *arena;
	struct audit_findings *findings;
	struct audit_pieces pieces;
	const struct audit_stored *directory; /* the CWD record, until somebody asks for what it says */
	uint64_t asked; /* a bit for each of enum audit_made */
	bool parts;     /* paths are asked for */
	bool whole;     /* nothing is passed over by what the SYSCALL record says */
	bool again;     /* something was, and it was not the only such record */
};

static inline void put(struct making *m, unsigned number, struct text value)
{
	found_add(&m->findings->list, value, number, 0);
}

static inline bool is_asked(const struct making *m, enum audit_made made)
{
	return m->tables->made[made] && (m->asked >> made & 1);
}

/* A name that the reader makes. */
static inline void add(struct making *m, enum audit_made made, struct text value)
{
	if (value.length && is_asked(m, made))
		put(m, m->tables->made[made], value);
}

/* Keys of rules: several are joined by 0x01. */
static void add_keys(struct making *m, unsigned number, struct text value)
{
	while (value.length) {
		size_t end = text_find(value, '\x01');
		if (end)
			put(m, number, text_slice(value, 0, end));
		value = text_slice(value, end + 1, value.length);
	}
}

static struct text not_deleted(struct text path)
{
	struct text mark = TEXT(" (deleted)");
	return text_ends(path, mark, false) ? text_slice(path, 0, path.length - mark.length) : path;
}

/* An old LOGIN says `old auid=… new auid=…`: the last one holds. */
static void add_last(struct making *m, unsigned number, struct text value)
{
	struct found_list *list = &m->findings->list;
	for (size_t i = list->count; i-- > 0;)
		if (list->items[i].number == number) {
			list->items[i].value = value;
			return;
		}
	put(m, number, value);
}

static void add_field(struct making *m, const struct audit_key *key, const struct audit_field *field)
{
	struct text value;
	if (!key->number || !audit_value(m->arena, field, key->encoded, &value))
		return;
	if (key->kind == AUDIT_KEY_KEYS)
		add_keys(m, key->number, value);
	else
		put(m, key->number, key->kind == AUDIT_KEY_EXE ? not_deleted(value) : value);
}

typedef void taker(struct making *m, const struct audit_key *key, const struct audit_field *field);

/* Hands each field that is asked for to `take`: by an order that was learnt, or one key after the other. */
static inline void take_fields(struct making *m, const struct audit_keys *keys, struct text body, taker *take)
{
	struct audit_found found[AUDIT_LAYOUT_FIELDS];
	struct audit_cursor cursor;
	struct audit_field field;
	int count = audit_layout_find(keys->layouts, body, found);
	for (int i = 0; i < count; i++)
		take(m, found[i].key, &found[i].field);
	if (count != AUDIT_LAYOUT_UNKNOWN)
		return;
	audit_layout_learn(keys->layouts, m->tables->arena, keys, body);
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field)) {
		const struct audit_key *key = audit_key_find(keys, field.key);
		if (key)
			take(m, key, &field);
	}
}

static void add_login(struct making *m, const struct audit_key *key, const struct audit_field *field)
{
	if (key->number)
		add_last(m, key->number, field->value);
}

/* Any record: each key that is asked for under its own name. */
static void add_plain(struct making *m, const struct audit_stored *stored)
{
	unsigned type = audit_type_is_user(stored->number) ? 0 : stored->number;
	const struct audit_keys *keys = type < AUDIT_TYPES && (type || stored->number) ? m->tables->keys[type] : NULL;
	if (keys)
		take_fields(m, keys, stored->body, stored->number == AUDIT_LOGIN ? add_login : add_field);
}

/* The calls behind i386's socketcall, by its first argument. */
static struct text socketcall_name(struct text a0)
{
	static const char *const calls[] = {NULL, "socket", "bind", "connect", "listen", "accept", "getsockname",
		"getpeername",
		"socketpair", "send", "recv", "sendto", "recvfrom", "shutdown", "setsockopt", "getsockopt", "sendmsg", "recvmsg",
		"accept4", "recvmmsg", "sendmmsg"};
	uint64_t number;
	if (!text_to_ulong_base(a0, 16, &number) || number >= sizeof calls / sizeof *calls || !calls[number])
		return TEXT("socketcall");
	return text_of(calls[number]);
}

/* Up to four digits, as calls have. */
static bool small_number(struct text text, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.length; i++) {
		unsigned digit = (unsigned)(unsigned char)text.data[i] - '0';
		if (digit > 9)
			return false;
		*number = *number * 10 + digit;
	}
	return text.length > 0 && text.length <= 4;
}

/* What the call is, by its architecture and number; else by the name that an enriched log has. */
static void name_call(struct making *m)
{
	struct audit_call *call = &m->pieces.call;
	unsigned arch = audit_tables_arch(call->arch);
	uint64_t number;
	bool known = small_number(call->number, &number) || text_to_ulong_base(call->number, 10, &number);
	if (known && arch == 0)
		number &= ~(uint64_t)0x40000000; /* x32 */
	if (known && arch < AUDIT_ARCHES && number < AUDIT_CALLS)
		call->info = audit_tables_call(m->tables, arch, number);
	if (!call->info || !call->info->name.length)
		call->info = audit_tables_describe(m->tables, &m->tables->other,
			call->added_name.length ? call->added_name : call->number);
	call->name = call->info->name;
	if (call->info->kind == AUDIT_CALL_SOCKETCALL) {
		call->name = socketcall_name(call->arguments[0]);
		call->info = audit_tables_describe(m->tables, &m->tables->other, call->name);
	}
}

static struct text outcome_of(const struct audit_call *call)
{
	int64_t code;
	/* A socket that does not block connects in the background: nobody knows yet whether it will. */
	if (call->info->kind == AUDIT_CALL_CONNECT && AUDIT_IS(call->success, "no") && text_to_long(call->exit, &code) &&
		code == -EINPROGRESS_EXIT)
		return TEXT("pending");
	return call->success;
}

static void take_call_field(struct making *m, const struct audit_key *key, const struct audit_field *field)
{
	struct audit_call *call = &m->pieces.call;
	switch (key->kind) {
	case AUDIT_KEY_ARCH:
		call->arch = field->value;
		return;
	case AUDIT_KEY_NUMBER:
		call->number = field->value;
		return;
	case AUDIT_KEY_SUCCESS:
		call->success = field->value;
		return;
	case AUDIT_KEY_EXIT:
		call->exit = field->value;
		return;
	case AUDIT_KEY_A0:
	case AUDIT_KEY_A1:
	case AUDIT_KEY_A2:
	case AUDIT_KEY_A3:
		call->arguments[key->kind - AUDIT_KEY_A0] = field->value;
		return;
	case AUDIT_KEY_ADDED_NAME:
		call->added_name = field->value;
		return;
	default:
		add_field(m, key, field);
	}
}

/* The SYSCALL record. Its plain fields go into the record at once, the decoded ones at the end. */
static void take_call(struct making *m, const struct audit_stored *stored)
{
	struct audit_call *call = &m->pieces.call;
	m->again = call->there && !m->whole;
	take_fields(m, m->tables->keys[AUDIT_SYSCALL], stored->body, take_call_field);
	call->there = true;
	name_call(m);
	m->parts = call->info->parts;
	m->asked = m->whole ? UINT64_MAX : call->info->asked;
	if (is_asked(m, AUDIT_MADE_ARCH)) {
		struct text arch = audit_arch_name(call->arch);
		add(m, AUDIT_MADE_ARCH, arch.length ? arch : call->arch);
	}
	add(m, AUDIT_MADE_CALL, call->name);
	add(m, AUDIT_MADE_NUMBER, call->number);
	add(m, AUDIT_MADE_SUCCESS, outcome_of(call));
	add(m, AUDIT_MADE_EXIT, call->exit);
	for (unsigned i = 0; i < 4; i++)
		add(m, AUDIT_MADE_A0 + i, call->arguments[i]);
}

static void take_socket(struct making *m, const struct audit_stored *stored)
{
	struct audit_socket socket;
	if (!audit_socket(m->arena, stored->body, &socket))
		return;
	add(m, AUDIT_MADE_SOCKET_FAMILY, socket.family);
	add(m, AUDIT_MADE_SOCKET_ADDRESS, socket.address);
	add(m, AUDIT_MADE_SOCKET_IP, socket.ip);
	add(m, AUDIT_MADE_SOCKET_PORT, socket.port);
}

static void take_path_field(struct making *m, const struct audit_key *key, const struct audit_field *field)
{
	audit_take_path_field(&m->pieces, m->arena, key->kind, field);
}

/* Does nothing come of the record? A parent is nothing to its call, but for mounts, of which the first paths count whatever
 * they are, and no others. */
static bool is_idle_path(const struct making *m, const struct audit_stored *stored)
{
	const struct audit_call *call = &m->pieces.call;
	if (m->whole || !call->there || is_asked(m, AUDIT_MADE_PATHS))
		return false;
	if (call->info->kind == AUDIT_CALL_MOUNT || call->info->kind == AUDIT_CALL_UMOUNT)
		return !m->parts && m->pieces.path_count >= (call->info->kind == AUDIT_CALL_MOUNT ? 2 : 1);
	return audit_is_parent(&m->tables->parent, stored->body);
}

static void take_path(struct making *m, const struct audit_stored *stored)
{
	struct audit_pieces *pieces = &m->pieces;
	if (is_idle_path(m, stored))
		return;
	audit_begin_path(pieces, m->arena);
	take_fields(m, m->tables->keys[AUDIT_PATH], stored->body, take_path_field);
	audit_learn_parent(&m->tables->parent, stored->body, &pieces->paths[pieces->path_count - 1]);
}

static void take_directory(struct making *m)
{
	if (m->directory)
		audit_take_directory(&m->pieces, m->arena, m->directory->body);
	m->directory = NULL;
}

/* Are paths needed: for parts, or to know a mount's ends? Where no SYSCALL record came before, all may be. */
static bool needs_paths(const struct making *m)
{
	const struct audit_call_info *info = m->pieces.call.info;
	bool mounts = info && (info->kind == AUDIT_CALL_MOUNT || info->kind == AUDIT_CALL_UMOUNT);
	return m->parts || !info || (mounts && (is_asked(m, AUDIT_MADE_MOUNT_TARGET) || is_asked(m,
		AUDIT_MADE_MOUNT_SOURCE)));
}

static void add_types(struct making *m)
{
	const struct audit_tables *tables = m->tables;
	const struct audit_event *event = m->event;
	size_t before = m->findings->list.count;
	for (size_t i = 0; i < event->count; i++) {
		unsigned number = event->records[i].number;
		if (tables->any_type || (number < AUDIT_TYPES && tables->types[number]))
			add(m, AUDIT_MADE_TYPE, event->records[i].type);
	}
	if (tables->some_type && m->findings->list.count == before && event->count)
		add(m, AUDIT_MADE_TYPE, event->records[0].type);
}

static struct text title_of(struct making *m, struct text body)
{
	struct audit_titled *titled = &m->tables->titled;
	if (body.length && body.length == titled->body_length && memcmp(body.data, titled->body, body.length) == 0) {
		char *copy = arena_room(m->arena, titled->length);
		memcpy(copy, titled->text, titled->length);
		return (struct text){copy, titled->length};
	}
	struct text title = audit_title(m->arena, body);
	titled->body_length = 0;
	if (body.length <= sizeof titled->body && title.length && title.length <= sizeof titled->text) {
		memcpy(titled->body, body.data, body.length);
		memcpy(titled->text, title.data, title.length);
		titled->body_length = body.length;
		titled->length = title.length;
	}
	return title;
}

static void take_record(struct making *m, const struct audit_stored *stored)
{
	struct arena *arena = m->arena;
	switch (stored->number) {
	case AUDIT_SYSCALL:
		take_call(m, stored);
		return;
	case AUDIT_EXECVE:
		if (is_asked(m, AUDIT_MADE_ARGV) || is_asked(m, AUDIT_MADE_ARGC))
			audit_take_arguments(&m->pieces, arena, stored->body);
		return;
	case AUDIT_PATH:
		if (needs_paths(m))
			take_path(m, stored);
		return;
	case AUDIT_CWD:
		if (is_asked(m, AUDIT_MADE_DIRECTORY) || (m->tables->names && needs_paths(m)))
		{
			take_directory(m); /* of two, the last one counts if it says anything */
			m->directory = stored;
		}
		return;
	case AUDIT_SOCKADDR:
		take_socket(m, stored);
		return;
	case AUDIT_OPENAT2:
		add(m, AUDIT_MADE_OPEN_FLAGS, audit_open_flags(arena, stored->body));
		return;
	case AUDIT_PROCTITLE:
		if (is_asked(m, AUDIT_MADE_TITLE))
			add(m, AUDIT_MADE_TITLE, title_of(m, stored->body));
		return;
	default:
		add_plain(m, stored);
	}
}

static void add_arguments(struct making *m)
{
	const struct audit_pieces *pieces = &m->pieces;
	add(m, AUDIT_MADE_ARGC, pieces->argc);
	for (size_t i = 0; i < pieces->argument_count && is_asked(m, AUDIT_MADE_ARGV); i++)
		if (pieces->arguments[i].there)
			put(m, m->tables->made[AUDIT_MADE_ARGV], pieces->arguments[i].text);
}

static void part_add(struct making *m, enum audit_made made, struct text value)
{
	if (value.length && is_asked(m, made))
		found_add(&m->findings->list, value, m->tables->made[made], (uint32_t)m->findings->parts);
}

static void add_part(struct making *m, const struct audit_path *path)
{
	m->findings->parts++;
	part_add(m, AUDIT_MADE_PATH_NAME, path->name);
	part_add(m, AUDIT_MADE_PATH_PATH, path->path);
	part_add(m, AUDIT_MADE_PATH_TYPE, path->nametype);
	part_add(m, AUDIT_MADE_PATH_MODE, path->mode);
	part_add(m, AUDIT_MADE_PATH_INODE, path->inode);
	part_add(m, AUDIT_MADE_PATH_OWNER, path->owner);
	part_add(m, AUDIT_MADE_PATH_GROUP, path->group);
	part_add(m, AUDIT_MADE_PATH_TARGET, path->target);
}

/* What paths say of the whole event; then each of them. */
static void add_paths(struct making *m)
{
	struct audit_pieces *pieces = &m->pieces;
	bool relative = is_asked(m, AUDIT_MADE_DIRECTORY);
	for (size_t i = 0; i < pieces->path_count && !relative; i++)
		relative = pieces->paths[i].name.length && pieces->paths[i].name.data[0] != '/';
	if (relative)
		take_directory(m);
	audit_resolve(pieces, m->arena);
	add(m, AUDIT_MADE_DIRECTORY, pieces->directory);
	add(m, AUDIT_MADE_MOUNT_TARGET, pieces->mount_target);
	add(m, AUDIT_MADE_MOUNT_SOURCE, pieces->mount_source);
	add(m, AUDIT_MADE_NEW_MODE, pieces->new_mode);
	add(m, AUDIT_MADE_NODE_TYPE, pieces->node_type);
	add(m, AUDIT_MADE_NODE_DEVICE, pieces->node_device);
	for (size_t i = 0; i < pieces->path_count && is_asked(m, AUDIT_MADE_PATHS); i++)
		if (pieces->paths[i].inode.length)
			add(m, AUDIT_MADE_PATHS, pieces->paths[i].path);
	for (size_t i = 0; m->parts && i < pieces->path_count; i++)
		if (!AUDIT_IS(pieces->paths[i].nametype, "PARENT"))
			add_part(m, &pieces->paths[i]);
}

/* The digits of a number below 10^8, the first one in the lowest byte, by halves: 12345678 → 1234 5678 → 12 34 56 78. */
static inline uint64_t eight_digits(uint32_t number)
{
	uint64_t digits = number / 10000 | (uint64_t)(number % 10000) << 32;
	uint64_t high = (digits * 10486 >> 20) & UINT64_C(0x0000007f0000007f);
	digits = high | (digits - high * 100) << 16;
	high = (digits * 103 >> 10) & UINT64_C(0x000f000f000f000f);
	return high | (digits - high * 10) << 8;
}

/* With at least so many digits. */
static char *put_number(char *end, uint64_t number, unsigned least)
{
	char *at = end;
	for (; number >= 100000000; number /= 100000000) {
		uint64_t digits = eight_digits((uint32_t)(number % 100000000)) | UINT64_C(0x3030303030303030);
		at = memcpy(at - sizeof digits, &digits, sizeof digits);
	}
	uint64_t digits = eight_digits((uint32_t)number), shown = digits | UINT64_C(0x3030303030303030);
	unsigned count = digits ? 8 - (unsigned)__builtin_ctzll(digits) / 8 : 0;
	memcpy(at - sizeof shown, &shown, sizeof shown); /* zeroes before the first one, too */
	return at - count > end - least ? end - least : at - count;
}

/* SECONDS.MILLISECONDS:SERIAL; many are of one second. */
static struct text name_event(struct audit_tables *tables, struct arena *arena, const struct audit_event *event)
{
	enum { ROOM = 80 };
	char *room = arena_room(arena, ROOM), *end = room + ROOM, *at = put_number(end, event->serial, 1);
	*--at = ':';
	at = put_number(at, event->milliseconds, 3);
	*--at = '.';
	if (!tables->second_length || tables->seconds != event->seconds) {
		char *from = put_number(tables->second + sizeof tables->second, (uint64_t)event->seconds, 1);
		tables->seconds = event->seconds;
		tables->second_length = (size_t)(tables->second + sizeof tables->second - from);
	}
	at -= tables->second_length;
	memcpy(at, tables->second + sizeof tables->second - tables->second_length, tables->second_length);
	return (struct text){at, (size_t)(end - at)};
}

/* false: what the call is was said twice. */
static bool find(struct audit_tables *tables, const struct audit_event *event, struct arena *arena,
	struct audit_findings *findings, bool whole)
{
	struct making making = {.tables = tables, .event = event, .arena = arena, .findings = findings, .asked = UINT64_MAX,
		.parts = true, .whole = whole};
	findings->list.count = findings->parts = 0;
	add(&making, AUDIT_MADE_NODE, event->node);
	add_types(&making);
	for (size_t i = 0; i < event->count && !making.again; i++)
		take_record(&making, &event->records[i]);
	if (making.again)
		return false;
	add_arguments(&making);
	add_paths(&making);
	return true;
}

void audit_find(struct audit_tables *tables, const struct audit_event *event, struct arena *arena,
	struct audit_findings *findings)
{
	findings->time = (event->seconds * 1000 + event->milliseconds) * 1000000;
	findings->id = name_event(tables, arena, event);
	if (!find(tables, event, arena, findings, false))
		find(tables, event, arena, findings, true);
}

void audit_record(const struct audit_tables *tables, const struct audit_event *event, const struct audit_findings *findings,
	struct arena *arena, const char *file, struct record *record)
{
	record_begin(record, arena, file, event->count ? event->records[0].line : 0);
	record_use(record, tables->plan);
	record->time = findings->time;
	record->id = findings->id;
	for (size_t i = 0; i < findings->parts; i++)
		record_add_part(record, TEXT("PATH"));
	for (size_t i = 0; i < findings->list.count; i++) {
		const struct found *found = &findings->list.items[i];
		record_add_number(record, found->part ? &record->parts[found->part - 1] : NULL, found->number, found->value);
	}
}

void audit_findings_free(struct audit_findings *findings)
{
	free(findings->list.items);
	*findings = (struct audit_findings){.parts = 0};
}
