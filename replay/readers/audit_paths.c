/*
 * audit_paths: PATH and CWD records, and what each path is to the call that touched it.
 */
#include "catalog/event.h"
#include "replay/readers/audit_pieces.h"

#include <string.h>

enum { MS_BIND = 0x1000, MS_MOVE = 0x2000, MODE_BITS = 07777, TYPE_BITS = 0170000, DIRECTORY_HERE = -100 };

/* A tail that begins with a blank and holds no byte that could close what was opened before it is fields wherever it stands. */
void audit_learn_parent(struct audit_parent *parent, struct text body, const struct audit_path *path)
{
	static const struct text key = {" nametype=", 10};
	const char *end = body.data + body.length, *from = path->nametype.data;
	if (!AUDIT_IS(path->nametype, "PARENT") || from < body.data + key.length || from > end)
		return;
	from -= key.length;
	size_t length = (size_t)(end - from);
	if (length > sizeof parent->tail || memcmp(from, key.data, key.length) != 0)
		return;
	for (size_t i = 0; i < length; i++)
		if (from[i] == '"' || from[i] == '\'' || from[i] == '}')
			return;
	memcpy(parent->tail, from, length);
	parent->length = length;
}

bool audit_is_parent(const struct audit_parent *parent, struct text body)
{
	size_t length = parent->length;
	return length && body.length > length && memcmp(body.data + body.length - length, parent->tail, length) == 0;
}

void audit_take_directory(struct audit_pieces *pieces, struct arena *arena, struct text body)
{
	struct audit_cursor cursor;
	struct audit_field field;
	struct text value;
	if (body.length > 6 && memcmp(body.data, "cwd=\"", 5) == 0 &&
		memchr(body.data + 5, '"', body.length - 5) == body.data + body.length - 1) {
		pieces->directory = (struct text){body.data + 5, body.length - 6};
		return;
	}
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field))
		if (AUDIT_IS(field.key, "cwd") && audit_value(arena, &field, true, &value))
			pieces->directory = value;
}

static struct text octal_mode(struct arena *arena, uint64_t mode)
{
	char *digits = arena_alloc(arena, 5);
	for (size_t i = 0; i < 4; i++)
		digits[i] = (char)('0' + (mode >> 3 * (3 - i) & 7));
	return (struct text){digits, 4};
}

/* 0100644 → 0644 */
static struct text permission_bits(struct arena *arena, struct text octal)
{
	uint64_t mode = 0;
	for (size_t i = 0; i < octal.length; i++) {
		if (octal.data[i] < '0' || octal.data[i] > '7')
			return TEXT("");
		mode = mode << 3 | (uint64_t)(octal.data[i] - '0');
	}
	return octal.length ? octal_mode(arena, mode & MODE_BITS) : TEXT("");
}

void audit_begin_path(struct audit_pieces *pieces, struct arena *arena)
{
	pieces->paths = arena_grow(arena, pieces->paths, pieces->path_count, sizeof *pieces->paths);
	/* Kernels before 3.10 say of no path what it is. */
	pieces->paths[pieces->path_count++] = (struct audit_path){.nametype = TEXT("NORMAL")};
}

void audit_take_path_field(struct audit_pieces *pieces, struct arena *arena, enum audit_key_kind kind,
	const struct audit_field *field)
{
	struct audit_path *path = &pieces->paths[pieces->path_count - 1];
	struct text name;
	switch (kind) {
	case AUDIT_KEY_PATH_NAME:
		if (audit_value(arena, field, true, &name))
			path->name = name;
		return;
	case AUDIT_KEY_PATH_TYPE:
		if (field->value.length)
			path->nametype = field->value;
		return;
	case AUDIT_KEY_PATH_INODE:
		path->inode = field->value;
		return;
	case AUDIT_KEY_PATH_OWNER:
		path->owner = field->value;
		return;
	case AUDIT_KEY_PATH_GROUP:
		path->group = field->value;
		return;
	case AUDIT_KEY_PATH_MODE:
		path->mode = permission_bits(arena, field->value);
		return;
	default:
		return;
	}
}

static bool hex_number(struct text text, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < text.length; i++) {
		int digit = text_hex_digit(text.data[i]);
		if (digit < 0)
			return false;
		*number = *number << 4 | (uint64_t)digit;
	}
	return text.length > 0 && text.length <= 16;
}

/* Where relative names of the call's first or second path begin: in the working directory, if the argument that names
 * another one says so (AT_FDCWD, cut to 32 or written with 64 bits). False: unknown. */
static bool starts_here(const struct audit_call *call, bool second)
{
	unsigned argument = call->info ? (second ? call->info->second : call->info->first) : AUDIT_NO_ARGUMENT;
	uint64_t number;
	if (argument == AUDIT_NO_ARGUMENT)
		return true;
	return hex_number(call->arguments[argument], &number) && (int32_t)(uint32_t)number == DIRECTORY_HERE;
}

/* Takes ../ off the name and a component off the directory: the directory is the kernel's, without links. */
static void climb(struct text *directory, struct text *name)
{
	for (;;) {
		bool up = text_starts(*name, TEXT("../"), false) || AUDIT_IS(*name, "..");
		bool here = text_starts(*name, TEXT("./"), false) || AUDIT_IS(*name, ".");
		if (!up && !here)
			return;
		size_t used = (up ? 2u : 1u);
		*name = text_slice(*name, used, name->length);
		while (name->length && name->data[0] == '/')
			*name = text_slice(*name, 1, name->length);
		while (up && directory->length && directory->data[directory->length - 1] == '/')
			directory->length--;
		while (up && directory->length && directory->data[directory->length - 1] != '/')
			directory->length--;
	}
}

static struct text absolute(struct arena *arena, struct text directory, struct text name)
{
	if (!directory.length || directory.data[0] != '/')
		return TEXT("");
	climb(&directory, &name);
	char *path = arena_alloc(arena, directory.length + name.length + 2);
	memcpy(path, directory.data, directory.length);
	path[directory.length] = '/';
	if (name.length)
		memcpy(path + directory.length + 1, name.data, name.length);
	return path_clean(arena, (struct text){path, directory.length + 1 + name.length});
}

static enum audit_call_kind kind_of(const struct audit_pieces *pieces)
{
	return pieces->call.info ? pieces->call.info->kind : AUDIT_CALL_OTHER;
}

static void resolve_path(const struct audit_pieces *pieces, struct arena *arena, struct audit_path *path)
{
	enum audit_call_kind kind = kind_of(pieces);
	bool moves = kind == AUDIT_CALL_RENAME || kind == AUDIT_CALL_LINK;
	if (!path->name.length)
		return;
	if (path->name.data[0] == '/')
		path->path = path_clean(arena, path->name);
	else if (starts_here(&pieces->call, moves && AUDIT_IS(path->nametype, "CREATE")))
		path->path = absolute(arena, pieces->directory, path->name);
}

static const struct text *created_path(const struct audit_pieces *pieces)
{
	for (size_t i = 0; i < pieces->path_count; i++)
		if (AUDIT_IS(pieces->paths[i].nametype, "CREATE") && pieces->paths[i].path.length)
			return &pieces->paths[i].path;
	return NULL;
}

/* A rename: what was deleted under the old name is created under the new one. */
static void resolve_rename(struct audit_pieces *pieces)
{
	const struct text *created = created_path(pieces);
	for (size_t i = 0; created && i < pieces->path_count; i++)
		if (AUDIT_IS(pieces->paths[i].nametype, "DELETE") && !text_equal(pieces->paths[i].path, *created))
			pieces->paths[i].target = *created;
}

/* A link is created; the item that is neither that nor a parent is what it leads to. */
static void resolve_link(struct audit_pieces *pieces)
{
	const struct audit_path *old = NULL;
	for (size_t i = 0; i < pieces->path_count && !old; i++) {
		struct text type = pieces->paths[i].nametype;
		if (AUDIT_IS(type, "NORMAL") || AUDIT_IS(type, "UNKNOWN"))
			old = &pieces->paths[i];
	}
	for (size_t i = 0; old && i < pieces->path_count; i++)
		if (AUDIT_IS(pieces->paths[i].nametype, "CREATE"))
			pieces->paths[i].target = old->path.length ? old->path : old->name;
}

static struct text path_or_name(const struct audit_path *path)
{
	return path->path.length ? path->path : path->name;
}

/* mount(2) looks its target up first. What a bind or move takes is the next item; of other mounts only a
 * device is shown by an item (overlayfs shows its layers). */
static void resolve_mount(struct audit_pieces *pieces)
{
	uint64_t flags = 0;
	if (!pieces->path_count)
		return;
	hex_number(pieces->call.arguments[3], &flags);
	pieces->mount_target = path_or_name(&pieces->paths[0]);
	if (pieces->path_count < 2)
		return;
	struct text next = path_or_name(&pieces->paths[1]);
	if ((flags & (MS_BIND | MS_MOVE)) || text_starts(next, TEXT("/dev/"), false))
		pieces->mount_source = next;
}

/* What mknod makes, and for a device which: numbers as the kernel takes them from programs (new_decode_dev). */
static void resolve_node(struct audit_pieces *pieces, struct arena *arena, uint64_t mode)
{
	static const struct {
		uint64_t bits;
		const char *name;
	} types[] = {{0010000, "fifo"}, {0020000, "character"}, {0060000, "block"}, {0140000, "socket"}, {0100000, "file"},
		{0, "file"}};
	uint64_t type = mode & TYPE_BITS, device;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (types[i].bits == type)
			pieces->node_type = text_of(types[i].name);
	unsigned argument = pieces->call.info->mode + 1u;
	if ((type != 0020000 && type != 0060000) || !hex_number(pieces->call.arguments[argument], &device))
		return;
	pieces->node_device = text_of(arena_printf(arena, "%llu:%llu", (unsigned long long)(device >> 8 & 0xfff),
		(unsigned long long)((device & 0xff) | (device >> 12 & 0xfff00))));
}

void audit_resolve(struct audit_pieces *pieces, struct arena *arena)
{
	const struct audit_call_info *info = pieces->call.info;
	enum audit_call_kind kind = kind_of(pieces);
	uint64_t mode;
	for (size_t i = 0; i < pieces->path_count; i++)
		resolve_path(pieces, arena, &pieces->paths[i]);
	if (kind == AUDIT_CALL_RENAME)
		resolve_rename(pieces);
	else if (kind == AUDIT_CALL_LINK)
		resolve_link(pieces);
	else if (kind == AUDIT_CALL_MOUNT)
		resolve_mount(pieces);
	else if (kind == AUDIT_CALL_UMOUNT && pieces->path_count)
		pieces->mount_target = path_or_name(&pieces->paths[0]);
	if (info && info->mode != AUDIT_NO_ARGUMENT && hex_number(pieces->call.arguments[info->mode], &mode)) {
		pieces->new_mode = octal_mode(arena, mode & MODE_BITS);
		if (kind == AUDIT_CALL_MKNOD)
			resolve_node(pieces, arena, mode);
	}
}
