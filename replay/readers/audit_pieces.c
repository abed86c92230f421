/*
 * audit_pieces: values, arguments and socket addresses.
 */
#include "replay/readers/audit_pieces.h"

#include <arpa/inet.h>
#include <string.h>

/* More arguments than the kernel could pass (each takes a pointer and a NUL of 6 MB at most). */
/* LOST_MAX: more arguments than the records hold that the kernel drops under load; it writes at most some hundreds in one. */
enum { ARGUMENTS_MAX = 700000, LOST_MAX = 8192 };

static bool is_nothing(struct text value)
{
	if (value.length && value.data[0] != '(' && value.data[0] != '?')
		return false;
	return !value.length || AUDIT_IS(value, "(null)") || AUDIT_IS(value, "(none)") || AUDIT_IS(value, "?");
}

bool audit_value(struct arena *arena, const struct audit_field *field, bool encoded, struct text *value)
{
	*value = field->value;
	if (field->quoted)
		return value->length > 0;
	if (is_nothing(*value))
		return false;
	if (encoded && !field->enriched && value->length % 2 == 0)
		audit_unhex(arena, field->value, value);
	return true;
}

/* a1, a1_len, a1[0]: the number, and what follows it. */
static bool argument_key(struct text key, uint64_t *number, struct text *rest)
{
	size_t digits = 1;
	while (digits < key.length && key.data[digits] >= '0' && key.data[digits] <= '9')
		digits++;
	*rest = text_slice(key, digits, key.length);
	return key.length && key.data[0] == 'a' && text_to_ulong_base(text_slice(key, 1, digits), 10, number) &&
		*number < ARGUMENTS_MAX;
}

/* A number far beyond the others is no place to make room up to: the argument comes next. */
static struct audit_argument *argument_at(struct audit_pieces *pieces, struct arena *arena, uint64_t number)
{
	if (number > pieces->argument_count + LOST_MAX)
		number = pieces->argument_count;
	while (pieces->argument_count <= number) {
		pieces->arguments = arena_grow(arena, pieces->arguments, pieces->argument_count, sizeof *pieces->arguments);
		pieces->arguments[pieces->argument_count++] = (struct audit_argument){0};
	}
	return &pieces->arguments[number];
}

/* A further piece of a long argument. Grows by doubling, so that many pieces do not cost the square. */
static void append(struct arena *arena, struct audit_argument *argument, struct text piece)
{
	size_t length = argument->text.length + piece.length;
	if (length > argument->room) {
		argument->room = length * 2;
		char *larger = arena_alloc(arena, argument->room);
		if (argument->text.length)
			memcpy(larger, argument->text.data, argument->text.length);
		argument->own = larger;
	}
	if (piece.length)
		memcpy(argument->own + argument->text.length, piece.data, piece.length);
	argument->text = (struct text){argument->own, length};
}

static void take_argument(struct audit_pieces *pieces, struct arena *arena, const struct audit_field *field)
{
	uint64_t number;
	struct text rest;
	if (field->enriched || !argument_key(field->key, &number, &rest) || (rest.length && rest.data[0] != '['))
		return;
	struct audit_argument *argument = argument_at(pieces, arena, number);
	bool piece = rest.length > 0;
	/* An argument may well read (null) or ?: here it is what was passed, not the lack of it. */
	struct text bytes = field->value;
	if (!field->quoted)
		audit_unhex(arena, field->value, &bytes);
	if (piece)
		append(arena, argument, bytes);
	else
		*argument = (struct audit_argument){.text = bytes};
	argument->there = true;
}

void audit_take_arguments(struct audit_pieces *pieces, struct arena *arena, struct text body)
{
	struct audit_cursor cursor;
	struct audit_field field;
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field)) {
		if (AUDIT_IS(field.key, "argc"))
			pieces->argc = field.value;
		else
			take_argument(pieces, arena, &field);
	}
}

static struct text hex_text(struct arena *arena, uint64_t number)
{
	enum { ROOM = 16 };
	char *room = arena_room(arena, ROOM), *end = room + ROOM, *at = end;
	do
		*--at = "0123456789abcdef"[number & 15];
	while (number >>= 4);
	return (struct text){at, (size_t)(end - at)};
}

static struct text number_text(struct arena *arena, unsigned number)
{
	char *room = arena_room(arena, TEXT_NUMBER_MAX), *end = room + TEXT_NUMBER_MAX, *at = text_put_number(end, number);
	return (struct text){at, (size_t)(end - at)};
}

struct text audit_open_flags(struct arena *arena, struct text body)
{
	struct audit_cursor cursor;
	struct audit_field field;
	uint64_t flags;
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field))
		if (AUDIT_IS(field.key, "oflag") && text_to_ulong_base(field.value, 8, &flags))
			return hex_text(arena, flags);
	return TEXT("");
}

/* Blanks for NULs, eight bytes at a time: there is room behind the text. */
static void separate(char *title, size_t length)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
	for (size_t i = 0; i < length; i += sizeof(uint64_t)) {
		uint64_t bytes;
		memcpy(&bytes, title + i, sizeof bytes);
		bytes |= ~(((bytes & low) + low) | bytes | low) >> 2; /* 0x80 where a byte is 0 → 0x20 */
		memcpy(title + i, &bytes, sizeof bytes);
	}
}

struct text audit_title(struct arena *arena, struct text body)
{
	static const struct text key = {"proctitle=", 10};
	struct audit_cursor cursor;
	struct audit_field field;
	struct text bytes;
	if (body.length > key.length && memcmp(body.data, key.data, key.length) == 0 &&
		audit_unhex(arena, text_slice(body, key.length, body.length), &bytes)) {
		separate((char *)bytes.data, bytes.length);
		return text_trim(bytes);
	}
	audit_fields(&cursor, body);
	if (!audit_next(&cursor, &field) || !AUDIT_IS(field.key, "proctitle"))
		return TEXT("");
	if (field.quoted || is_nothing(field.value) || !audit_unhex(arena, field.value, &bytes))
		return is_nothing(field.value) && !field.quoted ? TEXT("") : text_trim(field.value);
	separate((char *)bytes.data, bytes.length); /* ours: it was just made */
	return text_trim(bytes);
}

enum { FAMILY_UNIX = 1, FAMILY_INET = 2, FAMILY_INET6 = 10, FAMILY_NETLINK = 16, FAMILY_PACKET = 17, FAMILY_VSOCK = 40 };

struct family_name {
	unsigned family;
	const char *name;
};
static const struct family_name families[] = {
	{0, "unspec"}, {FAMILY_UNIX, "unix"}, {FAMILY_INET, "inet"}, {FAMILY_INET6, "inet6"}, {FAMILY_NETLINK, "netlink"},
	{FAMILY_PACKET, "packet"}, {31, "bluetooth"}, {38, "alg"}, {FAMILY_VSOCK, "vsock"},
};

static struct text family_name(struct arena *arena, unsigned family)
{
	for (size_t i = 0; i < sizeof families / sizeof *families; i++)
		if (families[i].family == family)
			return text_of(families[i].name);
	return number_text(arena, family);
}

/* The path up to its NUL; a name in the abstract name space begins with a NUL, shown as @. */
static struct text unix_path(struct arena *arena, struct text path)
{
	bool abstract = path.length > 1 && !path.data[0] && path.data[1];
	struct text name = text_slice(path, abstract, path.length);
	name = text_slice(name, 0, text_find(name, '\0'));
	if (!abstract)
		return text_copy(arena, name);
	return text_of(arena_printf(arena, "@%.*s", TEXT_ARGS(name)));
}

static void set_ip(struct arena *arena, int family, const void *address, struct audit_socket *socket)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char text[INET6_ADDRSTRLEN];
	/* A socket that speaks both shows IPv4 addresses mapped: the address is the IPv4 one. */
	if (family == AF_INET6 && memcmp(address, mapped, sizeof mapped) == 0) {
		family = AF_INET;
		address = (const char *)address + sizeof mapped;
	}
	if (!inet_ntop(family, address, text, sizeof text))
		return;
	socket->ip = text_of(arena_strdup(arena, text));
	socket->address = socket->ip;
}

static void decode_address(struct arena *arena, unsigned family, struct text bytes, struct audit_socket *socket)
{
	const unsigned char *raw = (const unsigned char *)bytes.data;
	bool inet = family == FAMILY_INET && bytes.length >= 8, inet6 = family == FAMILY_INET6 && bytes.length >= 24;
	socket->family = family_name(arena, family);
	if (family == FAMILY_UNIX)
		socket->address = unix_path(arena, text_slice(bytes, 2, bytes.length));
	if (inet || inet6)
		socket->port = number_text(arena, raw[2] * 256u + raw[3]);
	if (inet)
		set_ip(arena, AF_INET, raw + 4, socket);
	if (inet6)
		set_ip(arena, AF_INET6, raw + 8, socket);
}

bool audit_socket(struct arena *arena, struct text body, struct audit_socket *socket)
{
	struct audit_cursor cursor;
	struct audit_field field;
	struct text bytes;
	*socket = (struct audit_socket){0};
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field)) {
		if (!AUDIT_IS(field.key, "saddr") || !audit_unhex(arena, field.value, &bytes) || bytes.length < 2)
			continue;
		const unsigned char *raw = (const unsigned char *)bytes.data;
		unsigned little = raw[0] + raw[1] * 256u, big = raw[0] * 256u + raw[1];
		decode_address(arena, little > 255 && big <= 255 ? big : little, bytes, socket);
		return true;
	}
	return false;
}
