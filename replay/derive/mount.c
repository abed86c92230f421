/*
 * mount: reads -v, --mount and --tmpfs.
 */
#include "replay/derive/mount.h"

#include "catalog/container.h"

#include <string.h>

/* One field from `from`; returns where the next one begins, or one more than the record's length. */
static size_t csv_field(struct arena *arena, struct text record, size_t from, struct text *field)
{
	size_t at = from;
	if (at == record.length || record.data[at] != '"') {
		at += text_find(text_slice(record, from, record.length), ',');
		*field = text_slice(record, from, at);
		return at + 1;
	}
	char *copy = arena_alloc(arena, record.length - from + 1);
	size_t length = 0;
	for (at++; at < record.length; at++) {
		if (record.data[at] != '"')
			copy[length++] = record.data[at];
		else if (at + 1 < record.length && record.data[at + 1] == '"')
			copy[length++] = record.data[at++];
		else
			break;
	}
	at += at < record.length; /* the closing quote */
	while (at < record.length && record.data[at] != ',')
		copy[length++] = record.data[at++];
	*field = (struct text){copy, length};
	return at + 1;
}

size_t mount_csv(struct arena *arena, struct text record, struct text **fields)
{
	size_t count = 0, at = 0;
	*fields = NULL;
	if (record.length == 0)
		return 0;
	while (at <= record.length) {
		*fields = arena_grow(arena, *fields, count, sizeof(**fields));
		at = csv_field(arena, record, at, &(*fields)[count]);
		count++;
	}
	return count;
}

struct text mount_path(struct arena *arena, struct text directory, struct text path)
{
	struct text parts[2] = {directory, path}, *pieces, whole = path;
	bool absolute = text_starts(path, TEXT("/"), false);
	if (!absolute) {
		if (!text_starts(directory, TEXT("/"), false))
			return path;
		whole = text_join(arena, parts, 2, '/');
	}
	size_t count = text_split(arena, whole, '/', &pieces), kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (text_is(pieces[i], "."))
			continue;
		if (!text_is(pieces[i], ".."))
			pieces[kept++] = pieces[i];
		else if (kept > 0)
			kept--;
	}
	struct text joined = text_join(arena, pieces, kept, '/');
	char *clean = arena_alloc(arena, joined.length + 2);
	clean[0] = '/';
	if (joined.length > 0)
		memcpy(clean + 1, joined.data, joined.length);
	return (struct text){clean, joined.length + 1};
}

/* A source that begins with a dot is a path, any other relative one is the name of a volume. */
static struct text host_path(struct arena *arena, struct text directory, struct text source, bool bind)
{
	bool path = bind || text_starts(source, TEXT("/"), false) || text_starts(source, TEXT("."), false);
	return path && source.length > 0 ? mount_path(arena, directory, source) : source;
}

/* Does the list hold the word? */
static bool lists(struct text list, char separator, const char *word)
{
	for (size_t from = 0; from <= list.length;) {
		struct text rest = text_slice(list, from, list.length);
		size_t end = text_find(rest, separator);
		if (text_is(text_slice(rest, 0, end), word))
			return true;
		from += end + 1;
	}
	return false;
}

struct text mount_of_volume(struct arena *arena, struct text directory, struct text value)
{
	struct text parts[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
	size_t count = 0, from = 0;
	while (from <= value.length) {
		struct text rest = text_slice(value, from, value.length);
		if (count == 3)
			return TEXT("");
		parts[count] = text_slice(rest, 0, text_find(rest, ':'));
		from += parts[count++].length + 1;
	}
	struct text source = count > 1 ? parts[0] : TEXT(""), destination = count > 1 ? parts[1] : parts[0];
	if ((count > 1 && source.length == 0) || !text_starts(destination, TEXT("/"), false))
		return TEXT("");
	/* podman's overlay: the container writes beside the source, never into it. */
	struct text mode = lists(parts[2], ',', "O") ? TEXT("ro") : parts[2];
	return container_mount(arena, host_path(arena, directory, source, false), mount_path(arena, TEXT(""), destination), mode);
}

struct text mount_propagation(struct arena *arena, struct text mount, struct text value, bool keys)
{
	struct text word = TEXT(""), *fields;
	if (!keys) {
		size_t from = value.length;
		while (from > 0 && value.data[from - 1] != ':')
			from--;
		word = container_propagation(text_slice(value, from, value.length), ',');
	}
	size_t count = keys ? mount_csv(arena, value, &fields) : 0;
	for (size_t i = 0; i < count; i++) {
		size_t equals = text_find(fields[i], '=');
		struct text key = text_trim(text_slice(fields[i], 0, equals));
		if (equals == fields[i].length && container_propagation(key, ',').length > 0)
			word = container_propagation(key, ',');
		else if (text_equal_fold(key, TEXT("bind-propagation")) || text_equal_fold(key, TEXT("options")))
			word = container_propagation(text_slice(fields[i], equals + (equals < fields[i].length), fields[i].length), ':');
	}
	struct text source = text_slice(mount, 0, text_find(mount, ':'));
	return word.length == 0 || source.length == 0 ? TEXT("") :
		text_of(arena_printf(arena, "%.*s:%.*s", TEXT_ARGS(source), TEXT_ARGS(word)));
}

struct text mount_of_tmpfs(struct arena *arena, struct text value)
{
	size_t colon = text_find(value, ':');
	struct text destination = text_slice(value, 0, colon);
	if (!text_starts(destination, TEXT("/"), false))
		return TEXT("");
	return container_mount(arena, TEXT(""), mount_path(arena, TEXT(""), destination),
		colon < value.length ? text_slice(value, colon + 1, value.length) : TEXT(""));
}

enum mount_key { KEY_OTHER, KEY_TYPE, KEY_SOURCE, KEY_DESTINATION, KEY_READ_ONLY, KEY_READ_WRITE, KEY_OPTIONS };

static const struct {
	const char *name;
	enum mount_key key;
} mount_keys[] = {
	{"type", KEY_TYPE}, {"source", KEY_SOURCE}, {"src", KEY_SOURCE}, {"destination", KEY_DESTINATION},
	{"dst", KEY_DESTINATION}, {"target", KEY_DESTINATION}, {"dest", KEY_DESTINATION}, {"readonly", KEY_READ_ONLY},
	{"ro", KEY_READ_ONLY}, {"rro", KEY_READ_ONLY}, {"rw", KEY_READ_WRITE}, {"options", KEY_OPTIONS},
};

static enum mount_key key_of(struct text name)
{
	for (size_t i = 0; i < sizeof(mount_keys) / sizeof(*mount_keys); i++) {
		if (text_equal_fold(name, text_of(mount_keys[i].name)))
			return mount_keys[i].key;
	}
	return KEY_OTHER;
}

/* Go's strconv.ParseBool, where a bare key is true. What it refuses counts as false. */
static bool says_true(struct text value, bool bare)
{
	return bare || text_is(value, "1") || text_is(value, "t") || text_is(value, "T") || text_is(value, "true") ||
		text_is(value, "TRUE") || text_is(value, "True");
}

struct mount_said {
	struct text type, source, destination;
	bool read_only;
};

static void mount_say(struct mount_said *said, struct text field)
{
	size_t equals = text_find(field, '=');
	bool bare = equals == field.length;
	struct text value = bare ? TEXT("") : text_slice(field, equals + 1, field.length);
	switch (key_of(text_trim(text_slice(field, 0, equals)))) {
	case KEY_TYPE: said->type = value; break;
	case KEY_SOURCE: said->source = value; break;
	case KEY_DESTINATION: said->destination = value; break;
	case KEY_READ_ONLY: said->read_only = says_true(value, bare); break;
	case KEY_READ_WRITE: said->read_only = !says_true(value, bare); break;
	case KEY_OPTIONS: said->read_only = lists(value, ':', "ro") || lists(value, ':', "rro"); break;
	case KEY_OTHER: break;
	}
}

/* Types that bring something of the host, or a volume; all others make an empty file system of their own. */
static bool has_source(struct text type)
{
	return type.length == 0 || text_equal_fold(type, TEXT("bind")) || text_equal_fold(type, TEXT("glob")) ||
		text_equal_fold(type, TEXT("volume"));
}

struct text mount_of_mount(struct arena *arena, struct text directory, struct text value)
{
	struct mount_said said = {.read_only = false};
	struct text *fields;
	size_t count = mount_csv(arena, value, &fields);
	for (size_t i = 0; i < count; i++)
		mount_say(&said, fields[i]);
	bool bind = text_equal_fold(said.type, TEXT("bind")) || text_equal_fold(said.type, TEXT("glob"));
	if (text_equal_fold(said.type, TEXT("image")) || (bind && said.source.length == 0))
		return TEXT("");
	/* A glob may leave the destination out: each match lands at its own path. */
	if (text_equal_fold(said.type, TEXT("glob")) && said.destination.length == 0)
		said.destination = said.source;
	if (!text_starts(said.destination, TEXT("/"), false))
		return TEXT("");
	struct text source = has_source(said.type) ? host_path(arena, directory, said.source, bind) : TEXT("");
	return container_mount(arena, source, mount_path(arena, TEXT(""), said.destination),
		said.read_only ? TEXT("ro") : TEXT("rw"));
}
