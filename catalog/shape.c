/*
 * shape: raw values of a product → values of a field. One row of `rows` a shape.
 */
#include "catalog/shape_reading.h"

#include "catalog/container.h"
#include "catalog/date_layout.h"
#include "catalog/socket.h"

#include <string.h>

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))

struct shape_row {
	const char *name, *about;
	bool (*read)(const struct reading *r, const struct text *raw, size_t count);
};

/* Bit i of a mask has name i. */
struct bit_name {
	uint64_t bit;
	struct text name;
};
#define BIT(bit, name) {bit, {name, sizeof(name) - 1}}

static const struct text capabilities[] = {
#define CAPABILITY(name) {"CAP_" name, sizeof("CAP_" name) - 1}
	CAPABILITY("CHOWN"), CAPABILITY("DAC_OVERRIDE"), CAPABILITY("DAC_READ_SEARCH"), CAPABILITY("FOWNER"),
	CAPABILITY("FSETID"), CAPABILITY("KILL"), CAPABILITY("SETGID"), CAPABILITY("SETUID"), CAPABILITY("SETPCAP"),
	CAPABILITY("LINUX_IMMUTABLE"), CAPABILITY("NET_BIND_SERVICE"), CAPABILITY("NET_BROADCAST"),
	CAPABILITY("NET_ADMIN"), CAPABILITY("NET_RAW"), CAPABILITY("IPC_LOCK"), CAPABILITY("IPC_OWNER"),
	CAPABILITY("SYS_MODULE"), CAPABILITY("SYS_RAWIO"), CAPABILITY("SYS_CHROOT"), CAPABILITY("SYS_PTRACE"),
	CAPABILITY("SYS_PACCT"), CAPABILITY("SYS_ADMIN"), CAPABILITY("SYS_BOOT"), CAPABILITY("SYS_NICE"),
	CAPABILITY("SYS_RESOURCE"), CAPABILITY("SYS_TIME"), CAPABILITY("SYS_TTY_CONFIG"), CAPABILITY("MKNOD"),
	CAPABILITY("LEASE"), CAPABILITY("AUDIT_WRITE"), CAPABILITY("AUDIT_CONTROL"), CAPABILITY("SETFCAP"),
	CAPABILITY("MAC_OVERRIDE"), CAPABILITY("MAC_ADMIN"), CAPABILITY("SYSLOG"), CAPABILITY("WAKE_ALARM"),
	CAPABILITY("BLOCK_SUSPEND"), CAPABILITY("AUDIT_READ"), CAPABILITY("PERFMON"), CAPABILITY("BPF"),
	CAPABILITY("CHECKPOINT_RESTORE"),
#undef CAPABILITY
};
enum { CAPABILITY_SYS_RESOURCE = 24, CAPABILITY_AUDIT_READ = 37 };

static const struct bit_name clone_flags[] = {
	BIT(0x00020000, "mnt"), BIT(0x02000000, "cgroup"), BIT(0x04000000, "uts"), BIT(0x08000000, "ipc"),
	BIT(0x10000000, "user"), BIT(0x20000000, "pid"), BIT(0x40000000, "net"), BIT(0x00000080, "time"),
};

static const struct bit_name mount_flags[] = {
	BIT(0x1, "MS_RDONLY"), BIT(0x2, "MS_NOSUID"), BIT(0x4, "MS_NODEV"), BIT(0x8, "MS_NOEXEC"),
	BIT(0x10, "MS_SYNCHRONOUS"), BIT(0x20, "MS_REMOUNT"), BIT(0x40, "MS_MANDLOCK"), BIT(0x80, "MS_DIRSYNC"),
	BIT(0x100, "MS_NOSYMFOLLOW"), BIT(0x400, "MS_NOATIME"), BIT(0x800, "MS_NODIRATIME"), BIT(0x1000, "MS_BIND"),
	BIT(0x2000, "MS_MOVE"), BIT(0x4000, "MS_REC"), BIT(0x8000, "MS_SILENT"), BIT(0x10000, "MS_POSIXACL"),
	BIT(0x20000, "MS_UNBINDABLE"), BIT(0x40000, "MS_PRIVATE"), BIT(0x80000, "MS_SLAVE"), BIT(0x100000, "MS_SHARED"),
	BIT(0x200000, "MS_RELATIME"), BIT(0x400000, "MS_KERNMOUNT"), BIT(0x800000, "MS_I_VERSION"),
	BIT(0x1000000, "MS_STRICTATIME"), BIT(0x2000000, "MS_LAZYTIME"),
};

/* Hex with or without 0x. */
static bool hex_number(struct text raw, uint64_t *number)
{
	if (text_starts(raw, TEXT("0x"), true))
		raw = text_slice(raw, 2, raw.length);
	return text_to_ulong_base(raw, 16, number);
}

static bool read_plain(const struct reading *r, const struct text *raw, size_t count)
{
	return reading_set_texts(r, raw, count);
}

/* The pieces of all raw values, split at `separator`. */
static bool read_split(const struct reading *r, const struct text *raw, size_t count, char separator)
{
	struct text *all = NULL;
	size_t total = 0;
	if (!reading_is_list(r))
		return read_plain(r, raw, count);
	for (size_t i = 0; i < count; i++) {
		struct text *pieces;
		size_t found = text_split(r->event->arena, raw[i], separator, &pieces);
		for (size_t k = 0; k < found; k++) {
			all = arena_grow(r->event->arena, all, total, sizeof *all);
			all[total++] = pieces[k];
		}
	}
	return facet_set_texts(r->event, r->facet, r->field, all, total);
}

/* For a field that is no list (a command line) a raw list is joined. */
static bool read_joined(const struct reading *r, const struct text *raw, size_t count)
{
	if (!reading_is_list(r))
		return reading_set_text(r, count == 1 ? raw[0] : text_join(r->event->arena, raw, count, ' '));
	return read_split(r, raw, count, ' ');
}

static bool read_separated(const struct reading *r, const struct text *raw, size_t count)
{
	return read_split(r, raw, count, r->use->separator ? r->use->separator : ',');
}

static bool read_basename(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return reading_set_text(r, path_name(raw[0]));
}

/* All before the last colon, where that is an address and a port stands behind it. */
static struct text without_port(struct text end)
{
	size_t colon = end.length;
	struct ip ip;

	while (colon > 0 && end.data[colon - 1] != ':')
		colon--;
	return colon > 1 && ip_parse(text_slice(end, 0, colon - 1), &ip) ? text_slice(end, 0, colon - 1) : end;
}

static bool read_endpoint(const struct reading *r, const struct text *raw, size_t count)
{
	struct text end = raw[0];

	(void)count;
	for (size_t at = 0; at + 2 <= raw[0].length && raw[0].data[at] != ' '; at++) {
		if (raw[0].data[at] == '-' && raw[0].data[at + 1] == '>') {
			end = text_slice(raw[0], at + 2, raw[0].length);
			size_t blank = text_find(end, ' ');

			if (blank < end.length)
				return reading_set_text(r, text_slice(end, blank + 1, end.length));
			break;
		}
	}
	return reading_set_text(r, without_port(end));
}

static bool read_command_line(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	size_t blank = text_find(raw[0], ' ');

	return reading_set_text(r, blank + 1 == raw[0].length ? text_slice(raw[0], 0, blank) : raw[0]);
}

static bool read_dirname(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	size_t length = raw[0].length - path_name(raw[0]).length; /* with its last slash; 0: no slash */
	return reading_set_text(r, text_slice(raw[0], 0, length > 1 ? length - 1 : length));
}

bool shape_map_find(const struct shape_map *map, size_t count, struct text raw, struct text *value)
{
	for (size_t i = 0; i < count; i++) {
		if (!text_equal(map[i].raw, raw) && !text_is(map[i].raw, "*"))
			continue;
		*value = map[i].value;
		return true;
	}
	return false;
}

/* With a separator, each piece of the raw value is mapped (CLONE_NEWNS|CLONE_NEWPID). */
static bool read_mapped(const struct reading *r, const struct text *raw, size_t count)
{
	struct text *values = NULL, *pieces = NULL, value;
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		size_t parts = 1;
		const struct text *piece = &raw[i];
		if (r->use->separator) {
			parts = text_split(r->event->arena, raw[i], r->use->separator, &pieces);
			piece = pieces;
		}
		for (size_t k = 0; k < parts; k++) {
			if (!shape_map_find(r->use->map, r->use->map_count, piece[k], &value) || !value.length)
				continue;
			values = arena_grow(r->event->arena, values, found, sizeof *values);
			values[found++] = value;
		}
	}
	if (r->use->separator && r->event->registry->fields[r->field].type == TYPE_BOOLEAN) {
		bool truth = false;

		for (size_t i = 0; i < found; i++)
			truth = truth || text_is(values[i], "true");
		return reading_set_text(r, truth ? TEXT("true") : TEXT("false"));
	}
	return found == 0 || reading_set_texts(r, values, found);
}

static bool read_present(const struct reading *r, const struct text *raw, size_t count)
{
	(void)raw;
	facet_set_bool(r->event, r->facet, r->field, count > 0);
	return true;
}

static bool read_hex(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	size_t length = raw[0].length / 2;
	char *bytes = arena_alloc(r->event->arena, length + 1);
	if (raw[0].length % 2)
		return reading_unfit(r);
	for (size_t i = 0; i < length; i++) {
		int high = text_hex_digit(raw[0].data[2 * i]), low = text_hex_digit(raw[0].data[2 * i + 1]);
		if (high < 0 || low < 0)
			return reading_unfit(r);
		bytes[i] = (char)(high * 16 + low);
		if (!bytes[i])
			bytes[i] = ' ';
	}
	return reading_set_text(r, text_trim((struct text){bytes, length}));
}

static bool read_hex_number(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	uint64_t number;
	if (!hex_number(raw[0], &number))
		return reading_unfit(r);
	facet_set_long(r->event, r->facet, r->field, (int64_t)number);
	return true;
}

static bool read_capabilities(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	struct text names[64];
	size_t found = 0;
	uint64_t mask;
	if (!hex_number(raw[0], &mask))
		return reading_unfit(r);
	for (unsigned bit = 0; bit < COUNT_OF(capabilities); bit++)
		if (mask >> bit & 1)
			names[found++] = capabilities[bit];
	return facet_set_texts(r->event, r->facet, r->field, names, found);
}

static bool read_capabilities_full(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	uint64_t mask;
	if (!hex_number(raw[0], &mask))
		return reading_unfit(r);
	facet_set_bool(r->event, r->facet, r->field, capability_mask_full(mask));
	return true;
}

static bool blank_or_comma(char byte)
{
	return byte == ' ' || byte == ',' || byte == '\t';
}

/* The next piece between blanks or commas, from *at on. */
static bool next_word(struct text text, size_t *at, struct text *word)
{
	while (*at < text.length && blank_or_comma(text.data[*at]))
		++*at;
	size_t from = *at;
	while (*at < text.length && !blank_or_comma(text.data[*at]))
		++*at;
	*word = text_slice(text, from, *at);
	return word->length > 0;
}

static bool read_capability_names(const struct reading *r, const struct text *raw, size_t count)
{
	struct text *names = NULL, word;
	size_t found = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t at = 0; next_word(raw[i], &at, &word);) {
			names = arena_grow(r->event->arena, names, found, sizeof *names);
			names[found++] = container_capability(r->event->arena, word);
		}
	}
	return facet_set_texts(r->event, r->facet, r->field, names, found);
}

static bool read_capability_names_full(const struct reading *r, const struct text *raw, size_t count)
{
	struct text word;
	uint64_t mask = 0;
	for (size_t i = 0; i < count; i++) {
		for (size_t at = 0; next_word(raw[i], &at, &word);) {
			int bit = capability_bit(word);
			mask |= bit >= 0 ? UINT64_C(1) << bit : 0;
		}
	}
	facet_set_bool(r->event, r->facet, r->field, capability_mask_full(mask));
	return true;
}

/* A decimal number with a unit of 10^digits nanoseconds and an optional fraction. */
static bool scaled_time(struct text raw, unsigned digits, int64_t *nanoseconds)
{
	char number[32];
	size_t dot = text_find(raw, '.');
	size_t fraction = dot < raw.length ? raw.length - dot - 1 : 0;
	size_t length = dot;
	if (!dot || dot > 20 || (dot < raw.length && !fraction))
		return false;
	memcpy(number, raw.data, dot);
	for (size_t i = 0; i < digits; i++)
		number[length++] = i < fraction ? raw.data[dot + 1 + i] : '0';
	return text_to_long((struct text){number, length}, nanoseconds);
}

bool reading_set_time(const struct reading *r, int64_t nanoseconds)
{
	char formatted[40];
	if (r->event->registry->fields[r->field].type == TYPE_DATE) {
		facet_set_long(r->event, r->facet, r->field, nanoseconds);
		return true;
	}
	size_t length = date_format(nanoseconds, formatted);
	return facet_set_text(r->event, r->facet, r->field, text_copy(r->event->arena, (struct text){formatted, length}));
}

static bool read_scaled(const struct reading *r, struct text raw, unsigned digits)
{
	int64_t nanoseconds;
	if (scaled_time(raw, digits, &nanoseconds))
		return reading_set_time(r, nanoseconds);
	return reading_unfit(r);
}

static bool read_seconds(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_scaled(r, raw[0], 9);
}

static bool read_milliseconds(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_scaled(r, raw[0], 6);
}

static bool read_microseconds(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_scaled(r, raw[0], 3);
}

static bool read_nanoseconds(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_scaled(r, raw[0], 0);
}

static bool read_image(const struct reading *r, struct text raw, bool want_tag)
{
	struct text name, tag;
	if (!container_image(raw, &name, &tag))
		return true;
	return reading_set_text(r, want_tag ? tag : name);
}

static bool read_image_name(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_image(r, raw[0], false);
}

static bool read_image_tag(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_image(r, raw[0], true);
}

/* source:destination:word:true|false:propagation; the destination and what follows hold no colon. */
static bool falco_mount(struct arena *arena, struct text item, struct text *mount)
{
	size_t colon[4], found = 0;
	for (size_t i = item.length; i > 0 && found < 4; i--)
		if (item.data[i - 1] == ':')
			colon[found++] = i - 1;
	if (found < 4)
		return false;
	struct text writable = text_slice(item, colon[1] + 1, colon[0]);
	struct text source = text_slice(item, 0, colon[3]), destination = text_slice(item, colon[3] + 1, colon[2]);
	if (text_is(writable, "true"))
		*mount = container_mount(arena, source, destination, TEXT("rw"));
	else if (text_is(writable, "false"))
		*mount = container_mount(arena, source, destination, TEXT("ro"));
	else
		return false;
	return true;
}

static bool read_mounts(const struct reading *r, const struct text *raw, size_t count)
{
	struct text *mounts = NULL, word;
	size_t found = 0;
	bool fits = true;
	for (size_t i = 0; i < count; i++) {
		for (size_t at = 0; next_word(raw[i], &at, &word);) {
			mounts = arena_grow(r->event->arena, mounts, found, sizeof *mounts);
			if (falco_mount(r->event->arena, word, &mounts[found]))
				found++;
			else
				fits = reading_unfit(r);
		}
	}
	return facet_set_texts(r->event, r->facet, r->field, mounts, found) && fits;
}

static bool read_bits(const struct reading *r, struct text raw, const struct bit_name *bits, size_t bit_count,
	bool zero_is_missing)
{
	struct text names[32];
	size_t found = 0;
	uint64_t mask;
	if (!hex_number(raw, &mask))
		return reading_unfit(r);
	for (size_t i = 0; i < bit_count; i++)
		if (mask & bits[i].bit)
			names[found++] = bits[i].name;
	return (found == 0 && zero_is_missing) || facet_set_texts(r->event, r->facet, r->field, names, found);
}

static bool read_clone_flags(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_bits(r, raw[0], clone_flags, COUNT_OF(clone_flags), true);
}

static bool read_mount_flags(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_bits(r, raw[0], mount_flags, COUNT_OF(mount_flags), false);
}

static bool read_bits_set(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	uint64_t mask;
	if (!hex_number(raw[0], &mask))
		return reading_unfit(r);
	facet_set_bool(r->event, r->facet, r->field, (mask & r->use->size) != 0);
	return true;
}

static bool read_mount_source(const struct reading *r, const struct text *raw, size_t count)
{
	struct text *mounts = arena_array(r->event->arena, count, sizeof(*mounts));

	for (size_t i = 0; i < count; i++)
		mounts[i] = text_of(arena_printf(r->event->arena, "%.*s::unknown", TEXT_ARGS(raw[i])));
	return facet_set_texts(r->event, r->facet, r->field, mounts, count);
}

/* What the address lacks (the port of a path) is missing. */
static bool read_socket(const struct reading *r, struct text raw, enum shape part)
{
	struct socket_address address;

	if (!socket_address_read(r->event->arena, raw, &address))
		return reading_unfit(r);
	if (part == SHAPE_SOCKET_PORT) {
		if (address.family != SOCKET_UNIX)
			facet_set_long(r->event, r->facet, r->field, address.port);
		return true;
	}
	if (address.text.length == 0 || (part == SHAPE_SOCKET_IP && address.family == SOCKET_UNIX))
		return true;
	return reading_set_text(r, address.text);
}

static bool read_socket_address(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_socket(r, raw[0], SHAPE_SOCKET_ADDRESS);
}

static bool read_socket_ip(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_socket(r, raw[0], SHAPE_SOCKET_IP);
}

static bool read_socket_port(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return read_socket(r, raw[0], SHAPE_SOCKET_PORT);
}

/* A part of a query as it was before it was put into a URL. */
static struct text url_decoded(struct arena *arena, struct text part)
{
	char *text = arena_strndup(arena, part.data, part.length);
	size_t length = 0;
	for (size_t i = 0; i < part.length; i++) {
		int high = i + 2 < part.length ? text_hex_digit(part.data[i + 1]) : -1;
		int low = i + 2 < part.length ? text_hex_digit(part.data[i + 2]) : -1;
		bool escaped = part.data[i] == '%' && high >= 0 && low >= 0;
		text[length++] = escaped ? (char)(high * 16 + low) : part.data[i] == '+' ? ' ' : part.data[i];
		i += escaped ? 2 : 0;
	}
	return (struct text){text, length};
}

/* A URL without the parameter leaves the field missing. */
static bool read_query(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	struct text query = text_slice(raw[0], text_find(raw[0], '?') + 1, text_find(raw[0], '#'));
	struct text *pieces, *values = NULL;
	size_t found = text_split(r->event->arena, query, '&', &pieces), kept = 0;
	for (size_t i = 0; i < found; i++) {
		size_t equals = text_find(pieces[i], '=');
		if (!text_equal(url_decoded(r->event->arena, text_slice(pieces[i], 0, equals)), r->use->key))
			continue;
		values = arena_grow(r->event->arena, values, kept, sizeof *values);
		values[kept++] = url_decoded(r->event->arena, text_slice(pieces[i], equals + 1, pieces[i].length));
	}
	return !kept || reading_set_texts(r, values, kept);
}

static const struct shape_row rows[SHAPE_COUNT] = {
	[SHAPE_PLAIN] = {"plain", "the value itself; a raw list gives several values", read_plain},
	[SHAPE_JOINED] = {"joined", "a list joined by single spaces; where the field is no list, a raw list is joined", read_joined},
	[SHAPE_SEPARATED] = {"separated", "a list joined by `separator` (a comma)", read_separated},
	[SHAPE_TRUNCATED] = {"truncated", "cut to `size` bytes", read_plain},
	[SHAPE_BASENAME] = {"basename", "a path whose last component is the value", read_basename},
	[SHAPE_DIRNAME] = {"dirname", "a path whose directory is the value", read_dirname},
	[SHAPE_MAPPED] = {"mapped", "by `map` (`*`: any other raw value), with `separator` piece by piece; what it lacks is missing",
		read_mapped},
	[SHAPE_PRESENT] = {"present", "true if the raw value is there, false if it is a missing marker", read_present},
	[SHAPE_HEX] = {"hex", "bytes in hex; NULs become blanks", read_hex},
	[SHAPE_HEX_NUMBER] = {"hex-number", "a number in hex", read_hex_number},
	[SHAPE_CAPABILITIES] = {"capabilities", "a bit mask in hex: the names of its capabilities", read_capabilities},
	[SHAPE_CAPABILITIES_FULL] = {"capabilities-full", "a bit mask in hex: is it the whole set?", read_capabilities_full},
	[SHAPE_CAPABILITY_NAMES] = {"capability-names", "capability names in any spelling", read_capability_names},
	[SHAPE_CAPABILITY_WORDS] = {"capability-words", "capability names as they are asked for, mostly without CAP_, or ALL",
		read_capability_names},
	[SHAPE_CAPABILITY_NAMES_FULL] = {"capability-names-full", "capability names in any spelling: are they the whole set?",
		read_capability_names_full},
	[SHAPE_SECONDS] = {"seconds", "seconds since 1970, with or without a fraction", read_seconds},
	[SHAPE_MILLISECONDS] = {"milliseconds", "milliseconds since 1970", read_milliseconds},
	[SHAPE_MICROSECONDS] = {"microseconds", "microseconds since 1970", read_microseconds},
	[SHAPE_NANOSECONDS] = {"nanoseconds", "nanoseconds since 1970", read_nanoseconds},
	[SHAPE_IMAGE_NAME] = {"image-name", "image reference: its repository", read_image_name},
	[SHAPE_IMAGE_TAG] = {"image-tag", "image reference: its tag", read_image_tag},
	[SHAPE_MOUNTS] = {"mounts", "items source:destination:word:true|false:propagation", read_mounts},
	[SHAPE_CLONE_FLAGS] = {"clone-flags", "CLONE_NEW bits in hex: namespace names; 0 is missing", read_clone_flags},
	[SHAPE_MOUNT_FLAGS] = {"mount-flags", "MS_ bits in hex: their names", read_mount_flags},
	[SHAPE_BITS_SET] = {"bits-set", "a number in hex: is a bit of `size` set?", read_bits_set},
	[SHAPE_POSITIONAL] = {"positional", "items under names of their own (a0, a1, …)", read_plain},
	[SHAPE_MOUNT_SOURCE] = {"mount-source", "the source of a mount, without destination and mode", read_mount_source},
	[SHAPE_IP_ADDRESS] = {"ip-address", "an IP address, of a field that may hold a path elsewhere", read_plain},
	[SHAPE_SOCKET_ADDRESS] = {"socket-address", "a struct sockaddr in hex: the IP address or the socket's path",
		read_socket_address},
	[SHAPE_SOCKET_IP] = {"socket-ip", "a struct sockaddr in hex: the IP address", read_socket_ip},
	[SHAPE_SOCKET_PORT] = {"socket-port", "a struct sockaddr in hex: the port", read_socket_port},
	[SHAPE_ENDPOINT] = {"endpoint", "the other end of a socket: address and port, or kernel addresses and a path", read_endpoint},
	[SHAPE_COMMAND_LINE] = {"command-line", "arguments joined by blanks, with a blank behind a lone one", read_command_line},
	[SHAPE_SLASHED] = {"slashed", "a directory with a slash behind it", read_plain},
	[SHAPE_QUERY] = {"query", "a URL: the values of its query's parameter `key`", read_query},
	[SHAPE_DATE] = {"date", "a time written by `layout`", shape_read_date},
	[SHAPE_SHELL_WORDS] = {"shell-words", "arguments in one text, quoted as for a shell", shape_read_shell_words},
	[SHAPE_LOWER] = {"lower", "the value in other cases: it is lower-cased", shape_read_lower},
	[SHAPE_TRUTH] = {"truth", "yes, true, on, enabled, 1 or no, false, off, disabled, 0 in any case", shape_read_truth},
	[SHAPE_BASE64] = {"base64", "base64; NULs become blanks", shape_read_base64},
	[SHAPE_ADDRESS_IP] = {"address-ip", "ADDRESS:port or [ADDRESS]:port: the IP address", shape_read_address_ip},
	[SHAPE_ADDRESS_PORT] = {"address-port", "ADDRESS:port or [ADDRESS]:port: the port", shape_read_address_port},
	[SHAPE_BINDS] = {"binds", "mounts as engines take them: source:destination[:mode]", shape_read_binds},
};

const char *shape_name(enum shape shape)
{
	return rows[shape].name;
}

const char *shape_about(enum shape shape)
{
	return rows[shape].about;
}

bool shape_from_name(struct text name, enum shape *shape)
{
	for (size_t i = 0; i < SHAPE_COUNT; i++) {
		if (!text_is(name, rows[i].name))
			continue;
		*shape = (enum shape)i;
		return true;
	}
	return false;
}

bool shape_is_plain(enum shape shape)
{
	return rows[shape].read == read_plain;
}

bool shape_read(const struct shape_use *use, struct event *event, struct facet *facet, unsigned field,
	const struct text *raw, size_t count)
{
	struct reading reading = {use, event, facet, field};
	/* Only a list and a question of presence can be made of nothing. */
	if (!count && use->shape != SHAPE_PRESENT && !reading_is_list(&reading))
		return true;
	if (!count && use->shape != SHAPE_PRESENT)
		return facet_set_texts(event, facet, field, NULL, 0);
	return rows[use->shape].read(&reading, raw, count);
}

bool shape_time_is_plain(const struct shape_use *use)
{
	return shape_is_plain(use->shape);
}

bool shape_time(const struct shape_use *use, struct text raw, int64_t *nanoseconds)
{
	switch (use->shape) {
	case SHAPE_SECONDS:
		return scaled_time(raw, 9, nanoseconds);
	case SHAPE_MILLISECONDS:
		return scaled_time(raw, 6, nanoseconds);
	case SHAPE_MICROSECONDS:
		return scaled_time(raw, 3, nanoseconds);
	case SHAPE_NANOSECONDS:
		return scaled_time(raw, 0, nanoseconds);
	case SHAPE_DATE:
		return date_by_layout(use->layout, raw, nanoseconds);
	default:
		return date_parse(raw, nanoseconds);
	}
}

int capability_bit(struct text name)
{
	struct text bare = text_trim(name);
	if (text_starts(bare, TEXT("CAP_"), true))
		bare = text_slice(bare, 4, bare.length);
	for (size_t i = 0; i < COUNT_OF(capabilities); i++)
		if (text_equal_fold(bare, text_slice(capabilities[i], 4, capabilities[i].length)))
			return (int)i;
	return -1;
}

const char *capability_name(unsigned bit)
{
	return bit < COUNT_OF(capabilities) ? capabilities[bit].data : NULL;
}

bool capability_mask_full(uint64_t mask)
{
	uint64_t all = (UINT64_C(1) << (CAPABILITY_AUDIT_READ + 1)) - 1;
	uint64_t needed = all & ~(UINT64_C(1) << CAPABILITY_SYS_RESOURCE);
	return (mask & needed) == needed;
}
