/*
 * audit_paths: PATH and CWD records, and what each path is to the call that touched it.
 */
#include "catalog/event.h"
#include "replay/readers/audit_pieces.h"

#include <string.h>

enum { MS_BIND = 0x1000, MS_MOVE = 0x2000, MODE_BITS = 07777, DIRECTORY_HERE = -100 };

/* Calls that take a directory's descriptor, and in which argument; a second one for the second path. */
struct directory_call {
	const char *name;
	unsigned first, second;
};
static const struct directory_call directory_calls[] = {
	{"openat", 0, 0}, {"openat2", 0, 0}, {"unlinkat", 0, 0}, {"mkdirat", 0, 0}, {"mknodat", 0, 0}, {"fchmodat", 0, 0},
	{"fchmodat2", 0, 0}, {"fchownat", 0, 0}, {"renameat", 0, 2}, {"renameat2", 0, 2}, {"linkat", 0, 2},
	{"symlinkat", 1, 1}, {"execveat", 0, 0}, {"newfstatat", 0, 0}, {"faccessat", 0, 0}, {"faccessat2", 0, 0},
	{"utimensat", 0, 0}, {"move_mount", 0, 2}, {"open_tree", 0, 0}, {"mount_setattr", 0, 0}, {"readlinkat", 0, 0},
};

static const char *const rename_calls[] = {"rename", "renameat", "renameat2", NULL};
static const char *const link_calls[] = {"link", "linkat", "symlink", "symlinkat", NULL};

struct mode_call {
	const char *name;
	unsigned argument;
};
static const struct mode_call mode_calls[] = {{"chmod", 1}, {"fchmod", 1}, {"fchmodat", 2}, {"fchmodat2", 2}};

static bool is_one_of(struct text name, const char *const *names)
{
	for (; *names; names++)
		if (text_is(name, *names))
			return true;
	return false;
}

void audit_take_directory(struct audit_pieces *pieces, struct arena *arena, struct text body)
{
	struct audit_cursor cursor;
	struct audit_field field;
	struct text value;
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field))
		if (AUDIT_IS(field.key, "cwd") && audit_value(arena, &field, &value))
			pieces->directory = value;
}

/* 0100644 → 0644 */
static struct text permission_bits(struct arena *arena, struct text octal)
{
	uint64_t mode;
	if (!text_to_ulong_base(octal, 8, &mode))
		return TEXT("");
	return text_of(arena_printf(arena, "%04o", (unsigned)(mode & MODE_BITS)));
}

void audit_take_path(struct audit_pieces *pieces, struct arena *arena, struct text body)
{
	struct audit_path path = {0};
	struct audit_cursor cursor;
	struct audit_field field;
	struct text name;
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field)) {
		if (AUDIT_IS(field.key, "name") && audit_value(arena, &field, &name))
			path.name = name;
		else if (AUDIT_IS(field.key, "nametype") || AUDIT_IS(field.key, "objtype"))
			path.nametype = field.value;
		else if (AUDIT_IS(field.key, "inode"))
			path.inode = field.value;
		else if (AUDIT_IS(field.key, "ouid"))
			path.owner = field.value;
		else if (AUDIT_IS(field.key, "ogid"))
			path.group = field.value;
		else if (AUDIT_IS(field.key, "mode"))
			path.mode = permission_bits(arena, field.value);
	}
	if (!path.nametype.length)
		path.nametype = TEXT("NORMAL"); /* kernels before 3.10 do not say */
	pieces->paths = arena_grow(arena, pieces->paths, pieces->path_count, sizeof *pieces->paths);
	pieces->paths[pieces->path_count++] = path;
}

/* Does the call's argument name the working directory (AT_FDCWD, cut to 32 or written with 64 bits)? */
static bool is_here(struct text argument)
{
	uint64_t number;
	return text_to_ulong_base(argument, 16, &number) && (int32_t)(uint32_t)number == DIRECTORY_HERE;
}

/* Where relative names of the call's first or second path begin; false: unknown. */
static bool starts_here(const struct audit_call *call, bool second)
{
	for (size_t i = 0; i < sizeof directory_calls / sizeof *directory_calls; i++) {
		const struct directory_call *row = &directory_calls[i];
		if (text_is(call->name, row->name))
			return is_here(call->arguments[second ? row->second : row->first]);
	}
	return true;
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
	return path_clean(arena, text_of(arena_printf(arena, "%.*s/%.*s", TEXT_ARGS(directory), TEXT_ARGS(name))));
}

static void resolve_path(const struct audit_pieces *pieces, struct arena *arena, struct audit_path *path)
{
	bool moves = is_one_of(pieces->call.name, rename_calls) || is_one_of(pieces->call.name, link_calls);
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
	text_to_ulong_base(pieces->call.arguments[3], 16, &flags);
	pieces->mount_target = path_or_name(&pieces->paths[0]);
	if (pieces->path_count < 2)
		return;
	struct text next = path_or_name(&pieces->paths[1]);
	if ((flags & (MS_BIND | MS_MOVE)) || text_starts(next, TEXT("/dev/"), false))
		pieces->mount_source = next;
}

static void find_new_mode(struct audit_pieces *pieces, struct arena *arena)
{
	uint64_t mode;
	for (size_t i = 0; i < sizeof mode_calls / sizeof *mode_calls; i++)
		if (text_is(pieces->call.name, mode_calls[i].name) &&
			text_to_ulong_base(pieces->call.arguments[mode_calls[i].argument], 16, &mode))
			pieces->new_mode = text_of(arena_printf(arena, "%04o", (unsigned)(mode & MODE_BITS)));
}

void audit_resolve(struct audit_pieces *pieces, struct arena *arena)
{
	struct text name = pieces->call.name;
	for (size_t i = 0; i < pieces->path_count; i++)
		resolve_path(pieces, arena, &pieces->paths[i]);
	if (is_one_of(name, rename_calls))
		resolve_rename(pieces);
	else if (is_one_of(name, link_calls))
		resolve_link(pieces);
	else if (AUDIT_IS(name, "mount"))
		resolve_mount(pieces);
	else if (AUDIT_IS(name, "umount2") && pieces->path_count)
		pieces->mount_target = path_or_name(&pieces->paths[0]);
	find_new_mode(pieces, arena);
}
