/*
 * audit_tables: tables of keys and calls for one plan.
 */
#include "replay/readers/audit_tables.h"

#include "replay/readers/audit_layout.h"

static const struct text made_names[] = {
#define X(id, name) [AUDIT_MADE_##id] = {name, sizeof(name) - 1},
	AUDIT_MADE(X)
#undef X
};

/* Keys whose values are untrusted: quoted, or hex when they hold a blank, a quote or a control byte. */
static const char *const encoded_keys[] = {"comm", "exe", "name", "cwd", "cmd", "acct", "key", "path", "dir", "watch",
	"ocomm",
	"proctitle", "data", "file", "vm", "new-disk", "old-disk", "new-fs", "old-fs", "device", "cgroup", "grp",
		"new_group", "sw",
	"root_dir", "invalid_context"};

/* Keys that the reader itself reads. */
struct own_key {
	unsigned type;
	const char *key;
	enum audit_key_kind kind;
	enum audit_made made; /* asked for under this name: only then it is read; AUDIT_MADE_COUNT: always */
};
static const struct own_key own_keys[] = {
	{AUDIT_SYSCALL, "arch", AUDIT_KEY_ARCH, AUDIT_MADE_COUNT}, {AUDIT_SYSCALL, "syscall", AUDIT_KEY_NUMBER,
		AUDIT_MADE_COUNT},
	{AUDIT_SYSCALL, "success", AUDIT_KEY_SUCCESS, AUDIT_MADE_COUNT}, {AUDIT_SYSCALL, "exit", AUDIT_KEY_EXIT,
		AUDIT_MADE_COUNT},
	{AUDIT_SYSCALL, "a0", AUDIT_KEY_A0, AUDIT_MADE_COUNT}, {AUDIT_SYSCALL, "a1", AUDIT_KEY_A1, AUDIT_MADE_COUNT},
	{AUDIT_SYSCALL, "a2", AUDIT_KEY_A2, AUDIT_MADE_COUNT}, {AUDIT_SYSCALL, "a3", AUDIT_KEY_A3, AUDIT_MADE_COUNT},
	{AUDIT_SYSCALL, "SYSCALL", AUDIT_KEY_ADDED_NAME, AUDIT_MADE_COUNT},
	{AUDIT_PATH, "name", AUDIT_KEY_PATH_NAME, AUDIT_MADE_COUNT}, {AUDIT_PATH, "nametype", AUDIT_KEY_PATH_TYPE,
		AUDIT_MADE_COUNT},
	{AUDIT_PATH, "objtype", AUDIT_KEY_PATH_TYPE, AUDIT_MADE_COUNT}, {AUDIT_PATH, "inode", AUDIT_KEY_PATH_INODE,
		AUDIT_MADE_COUNT},
	{AUDIT_PATH, "mode", AUDIT_KEY_PATH_MODE, AUDIT_MADE_PATH_MODE}, {AUDIT_PATH, "ouid", AUDIT_KEY_PATH_OWNER,
		AUDIT_MADE_PATH_OWNER},
	{AUDIT_PATH, "ogid", AUDIT_KEY_PATH_GROUP, AUDIT_MADE_PATH_GROUP},
};

/* Calls that take a directory's descriptor, and in which argument; a second one for the second path. */
struct directory_call {
	const char *name;
	unsigned char first, second;
};
static const struct directory_call directory_calls[] = {
	{"openat", 0, 0}, {"openat2", 0, 0}, {"unlinkat", 0, 0}, {"mkdirat", 0, 0}, {"mknodat", 0, 0}, {"fchmodat", 0, 0},
	{"fchmodat2", 0, 0}, {"fchownat", 0, 0}, {"renameat", 0, 2}, {"renameat2", 0, 2}, {"linkat", 0, 2},
	{"symlinkat", 1, 1}, {"execveat", 0, 0}, {"newfstatat", 0, 0}, {"faccessat", 0, 0}, {"faccessat2", 0, 0},
	{"utimensat", 0, 0}, {"move_mount", 0, 2}, {"open_tree", 0, 0}, {"mount_setattr", 0, 0}, {"readlinkat", 0, 0},
};

struct kind_call {
	const char *name;
	enum audit_call_kind kind;
};
static const struct kind_call kind_calls[] = {
	{"rename", AUDIT_CALL_RENAME},
	{"renameat", AUDIT_CALL_RENAME},
	{"renameat2", AUDIT_CALL_RENAME},
	{"link",
		AUDIT_CALL_LINK},
	{"linkat", AUDIT_CALL_LINK},
	{"symlink", AUDIT_CALL_LINK},
	{"symlinkat", AUDIT_CALL_LINK},
	{"mount",
		AUDIT_CALL_MOUNT},
	{"umount2", AUDIT_CALL_UMOUNT},
	{"connect", AUDIT_CALL_CONNECT},
	{"mknod", AUDIT_CALL_MKNOD},
	{"mknodat", AUDIT_CALL_MKNOD},
	{"socketcall", AUDIT_CALL_SOCKETCALL},
};

struct mode_call {
	const char *name;
	unsigned char argument;
};
static const struct mode_call mode_calls[] = {{"chmod", 1}, {"fchmod", 1}, {"fchmodat", 2}, {"fchmodat2", 2}, {"mknod", 1},
	{"mknodat", 2}};

static const struct text arch_codes[AUDIT_ARCHES] = {{"c000003e", 8}, {"40000003", 8}, {"c00000b7", 8}};

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

bool audit_key_encoded(struct text key)
{
	for (size_t i = 0; i < COUNT_OF(encoded_keys); i++)
		if (key.length && key.data[0] == encoded_keys[i][0] && text_is(key, encoded_keys[i]))
			return true;
	return false;
}

unsigned audit_tables_arch(struct text code)
{
	for (unsigned i = 0; i < AUDIT_ARCHES; i++)
		if (code.length == 8 && memcmp(code.data, arch_codes[i].data, 8) == 0) /* of all the same length */
			return i;
	return AUDIT_ARCHES;
}

/* Adds a key to a type's table, or its number to the row that is there. */
static void add_key(struct audit_tables *tables, struct arena *arena, unsigned type, struct audit_key row)
{
	struct audit_keys *keys = (struct audit_keys *)tables->keys[type];
	uint64_t head = 0;
	if (!keys) {
		tables->keys[type] = keys = arena_alloc(arena, sizeof *keys);
		keys->layouts = arena_alloc(arena, sizeof *keys->layouts);
	}
	memcpy(&head, row.key.data, row.key.length < sizeof head ? row.key.length : sizeof head);
	const struct audit_key **slot = &keys->slots[(head * UINT64_C(0x9e3779b97f4a7c15)) >> 58];
	for (const struct audit_key *other = *slot; other; other = other->next)
		if (text_equal(other->key, row.key)) {
			if (row.number)
				((struct audit_key *)other)->number = row.number;
			return;
		}
	struct audit_key *added = arena_alloc(arena, sizeof *added);
	*added = row;
	added->head = head;
	added->encoded = audit_key_encoded(row.key);
	added->next = *slot;
	*slot = added;
}

/* Names that the reader makes itself (type, node, MOUNT.source) are of no record type. */
static void ask(struct audit_tables *tables, struct arena *arena, struct text name, unsigned number)
{
	size_t dot = text_find(name, '.');
	struct text type = text_slice(name, 0, dot), key = text_slice(name, dot + 1, name.length);
	bool user = AUDIT_IS(type, "USER");
	unsigned type_number = user ? 0 : audit_type_number(type);
	if ((!user && !type_number) || type_number >= AUDIT_TYPES || !key.length)
		return;
	enum audit_key_kind kind = AUDIT_KEY_PLAIN;
	if (AUDIT_IS(key, "key"))
		kind = AUDIT_KEY_KEYS;
	else if (AUDIT_IS(key, "exe") && type_number == AUDIT_SYSCALL)
		kind = AUDIT_KEY_EXE;
	add_key(tables, arena, type_number, (struct audit_key){.key = key, .number = number, .kind = kind});
}

/* Has the plan an event for each path of the call? */
static bool asks_for_parts(const struct record_plan *plan, struct text call)
{
	for (size_t i = 0; i < plan->group_count; i++) {
		const struct dialect_group *group = plan->groups[i].group;
		for (size_t k = 0; k < group->event_count; k++) {
			const struct dialect_event *event = &group->events[k];
			bool may = event->each.length || event->need_count;
			for (size_t m = 0; may && call.length && m < event->match_count; m++) {
				const struct dialect_match *match = &event->matches[m];
				if (match->kind != MATCH_EQUAL || !text_is(match->name, "SYSCALL.syscall"))
					continue;
				may = false;
				for (size_t v = 0; v < match->count; v++)
					may = may || text_equal(match->values[v], call);
			}
			if (may)
				return true;
		}
	}
	return false;
}

static void describe(const struct audit_tables *tables, struct audit_call_info *info)
{
	info->first = info->second = info->mode = AUDIT_NO_ARGUMENT;
	for (size_t i = 0; i < COUNT_OF(directory_calls); i++)
		if (text_is(info->name, directory_calls[i].name)) {
			info->first = directory_calls[i].first;
			info->second = directory_calls[i].second;
		}
	for (size_t i = 0; i < COUNT_OF(kind_calls); i++)
		if (text_is(info->name, kind_calls[i].name))
			info->kind = kind_calls[i].kind;
	for (size_t i = 0; i < COUNT_OF(mode_calls); i++)
		if (text_is(info->name, mode_calls[i].name))
			info->mode = mode_calls[i].argument;
	info->asked = UINT64_MAX;
	info->parts = !info->name.length || tables->made[AUDIT_MADE_PATHS] || asks_for_parts(tables->plan, info->name);
}

const struct audit_call_info *audit_tables_describe(struct audit_tables *tables, struct audit_call_info *info,
	struct text name)
{
	*info = (struct audit_call_info){.name = name, .ready = true};
	describe(tables, info);
	return info;
}

static bool tests_ask(const struct plan_test *tests, size_t count, unsigned name)
{
	for (size_t i = 0; i < count; i++)
		if (tests[i].name == name)
			return true;
	return false;
}

static bool rows_ask(const struct plan_carried *carried, unsigned name)
{
	for (size_t i = 0; carried && i < carried->count; i++) {
		const struct plan_row *row = &carried->rows[i];
		for (size_t k = 0; k < row->field->name_count; k++)
			if (row->names[k] == name)
				return true;
		if (row->field->source && (row->base == name || tests_ask(row->where, row->field->source->where_count, name)))
			return true;
	}
	return false;
}

/* Do the event's tests leave it to the call? */
static bool is_of_call(const struct audit_tables *tables, const struct plan_event *event, struct text call)
{
	bool may = event->event != NULL;
	for (size_t i = 0; may && i < event->test_count; i++) {
		const struct dialect_match *match = event->tests[i].match;
		if (match->kind != MATCH_EQUAL || event->tests[i].name != tables->made[AUDIT_MADE_CALL])
			continue;
		may = false;
		for (size_t v = 0; v < match->count; v++)
			may = may || text_equal(match->values[v], call);
	}
	return may;
}

static bool group_asks(const struct audit_tables *tables, const struct plan_group *group, struct text call, unsigned name)
{
	if (group->key == name || tests_ask(group->when, group->when_count, name) || rows_ask(group->other, name))
		return true;
	for (size_t i = 0; i < group->group->event_count; i++) {
		const struct plan_event *event = &group->events[i];
		if (!is_of_call(tables, event, call))
			continue;
		if (tests_ask(event->tests, event->test_count, name) || rows_ask(event->carried, name))
			return true;
		for (size_t k = 0; k < event->need_count; k++)
			if (event->needs[k].name == name)
				return true;
	}
	return false;
}

/* Names outside of groups, or that others are made of, may count for any call. */
static bool plan_asks(const struct audit_tables *tables, struct text call, unsigned name)
{
	const struct record_plan *plan = tables->plan;
	const struct dialect *dialect = plan->dialect;
	if (tables->all || dialect->made_count || dialect->pair_count || dialect->unpack_count || dialect->split_count ||
		dialect->manifest_count || dialect->request_count || dialect->once.length || plan->starred || plan->also ||
		plan->member_count || plan->label == name || plan->id == name || plan->records == name)
		return true;
	for (size_t i = 0; i < dialect->time_count; i++)
		if (plan->times[i] == name)
			return true;
	for (size_t i = 0; i < plan->group_count; i++)
		if (group_asks(tables, &plan->groups[i], call, name))
			return true;
	return false;
}

const struct audit_call_info *audit_tables_slow(struct audit_tables *tables, unsigned arch, uint64_t number)
{
	struct text name = audit_syscall_name(audit_arch_name(arch_codes[arch]), number);
	struct audit_call_info *info = &tables->calls[arch][number];
	audit_tables_describe(tables, info, name);
	for (unsigned i = 0; name.length && i < AUDIT_MADE_COUNT; i++)
		if (!plan_asks(tables, name, tables->made[i]))
			info->asked &= ~(UINT64_C(1) << i);
	return info;
}

/* What a test sees of the types: whether one is among its values, or that there is any; others see all. */
static void ask_test(struct audit_tables *tables, const struct plan_test *test)
{
	const struct dialect_match *match = test->match;
	if (test->name != tables->made[AUDIT_MADE_TYPE])
		return;
	tables->some_type = tables->some_type || match->kind != MATCH_EQUAL;
	tables->any_type = tables->any_type || match->kind == MATCH_MASK || match->kind == MATCH_REGEX;
	for (size_t v = 0; (match->kind == MATCH_EQUAL || match->kind == MATCH_NONE) && v < match->count; v++) {
		unsigned type = audit_type_number(match->values[v]);
		tables->any_type = tables->any_type || !type || type >= AUDIT_TYPES;
		if (type < AUDIT_TYPES)
			tables->types[type] = true;
	}
}

/* The types that matter: those that a test asks for; all, where a row gives them to a field. */
static void ask_types(struct audit_tables *tables, const struct record_plan *plan)
{
	unsigned number = tables->made[AUDIT_MADE_TYPE];
	tables->any_type = number && plan->label == number;
	for (size_t i = 0; number && i < plan->group_count; i++) {
		const struct plan_group *group = &plan->groups[i];
		for (size_t k = 0; k < group->when_count; k++)
			ask_test(tables, &group->when[k]);
		for (size_t k = 0; k < group->group->event_count; k++)
			for (size_t m = 0; m < group->events[k].test_count; m++)
				ask_test(tables, &group->events[k].tests[m]);
		for (size_t k = 0; k < group->group->event_count; k++)
			for (size_t m = 0; m < group->events[k].need_count; m++)
				tables->some_type = tables->some_type || group->events[k].needs[m].name == number;
		for (size_t k = 0; k < group->group->field_count; k++)
			for (size_t m = 0; m < group->group->fields[k].name_count; m++)
				tables->any_type = tables->any_type || text_is(group->group->fields[k].names[m], "type");
	}
}

/* Does anything come of a path's name? */
static bool asks_for_names(const struct audit_tables *tables)
{
	static const enum audit_made of_names[] = {AUDIT_MADE_PATH_NAME, AUDIT_MADE_PATH_PATH, AUDIT_MADE_PATH_TARGET,
		AUDIT_MADE_PATHS, AUDIT_MADE_MOUNT_TARGET, AUDIT_MADE_MOUNT_SOURCE};
	for (size_t i = 0; i < COUNT_OF(of_names); i++)
		if (tables->made[of_names[i]])
			return true;
	return false;
}

static bool is_read(const struct audit_tables *tables, const struct own_key *own)
{
	if (own->kind == AUDIT_KEY_PATH_NAME)
		return tables->names;
	if (own->kind == AUDIT_KEY_PATH_INODE)
		return tables->made[AUDIT_MADE_PATH_INODE] || tables->made[AUDIT_MADE_PATHS];
	return own->made == AUDIT_MADE_COUNT || tables->made[own->made];
}

struct audit_tables *audit_tables_new(struct arena *arena, const struct record_plan *plan)
{
	struct audit_tables *tables = arena_alloc(arena, sizeof *tables);
	tables->plan = plan;
	tables->arena = arena;
	for (size_t i = 0; i < AUDIT_MADE_COUNT; i++)
		tables->made[i] = record_plan_name(plan, made_names[i]);
	tables->names = asks_for_names(tables);
	for (size_t i = 0; i < COUNT_OF(own_keys); i++)
		if (is_read(tables, &own_keys[i]))
			add_key(tables, arena, own_keys[i].type, (struct audit_key){.key = text_of(own_keys[i].key),
				.kind = own_keys[i].kind});
	for (size_t i = 1; i <= plan->name_count; i++)
		ask(tables, arena, plan->names[i], (unsigned)i);
	ask_types(tables, plan);
	return tables;
}
