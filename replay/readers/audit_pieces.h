/*
 * audit_pieces: what stands in several records or several fields of an audit event, put together: the
 * arguments of an execve, paths, socket addresses.
 */
#ifndef MEWS_AUDIT_PIECES_H
#define MEWS_AUDIT_PIECES_H

#include "replay/readers/audit_parse.h"
#include "replay/readers/audit_tables.h"

struct audit_call {
	bool there;
	struct text arch, number, success, exit, arguments[4]; /* as logged */
	struct text added_name; /* enriched: SYSCALL= */
	struct text name;       /* execve */
	const struct audit_call_info *info;
};

struct audit_argument {
	struct text text;
	char *own;   /* of one in pieces: where text stands, with room for more */
	size_t room;
	bool there;
};

struct audit_path {
	struct text name, path, nametype, mode, inode, owner, group, target;
};

struct audit_pieces {
	struct audit_call call;
	struct audit_argument *arguments;
	size_t argument_count;
	struct text argc;
	struct audit_path *paths;
	size_t path_count;
	struct text directory;
	struct text mount_target, mount_source, new_mode, node_type, node_device;
};

struct audit_socket {
	struct text family, address, ip, port;
};

/* A field's value, decoded: false where it says that there is none. */
bool audit_value(struct arena *arena, const struct audit_field *field, bool encoded, struct text *value);
void audit_take_arguments(struct audit_pieces *pieces, struct arena *arena, struct text body);
/* One more path, and then its fields one by one. */
void audit_begin_path(struct audit_pieces *pieces, struct arena *arena);
void audit_take_path_field(struct audit_pieces *pieces, struct arena *arena, enum audit_key_kind kind,
	const struct audit_field *field);
/* Is it surely a record of a parent (the last word on what it is says so), as the learnt one was? False: it may be. */
bool audit_is_parent(const struct audit_parent *parent, struct text body);
void audit_learn_parent(struct audit_parent *parent, struct text body, const struct audit_path *path);
void audit_take_directory(struct audit_pieces *pieces, struct arena *arena, struct text body);
/* When all records were taken: absolute paths, and what a path is to its call. */
void audit_resolve(struct audit_pieces *pieces, struct arena *arena);
bool audit_socket(struct arena *arena, struct text body, struct audit_socket *socket);
struct text audit_open_flags(struct arena *arena, struct text body);
struct text audit_title(struct arena *arena, struct text body);

#endif
