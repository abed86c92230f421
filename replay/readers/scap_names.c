/*
 * scap_names: what is joined, and what is put into dots and colons.
 */
#include "replay/readers/scap_names.h"

#include "replay/readers/scap_bytes.h"
#include "replay/readers/scap_table.h"

#include <arpa/inet.h>
#include <string.h>

enum { FAMILY_UNIX = 1, FAMILY_IPV4 = 2, FAMILY_IPV6 = 10, PATHS_MAX = 1023 };

/* Paths */

/* `..` takes the last name away, as far as there is one; above / is /. */
static void step_up(char *joined, size_t *length, size_t *at, size_t skip)
{
	bool root = *length && joined[0] == '/';
	if (*length)
		--*length;
	while (*length && joined[*length - 1] != '/')
		--*length;
	*length += root && !*length;
	*at += skip;
}

struct text scap_path_join(struct arena *arena, struct text directory, struct text path)
{
	bool absolute = !path.length || path.data[0] == '/';
	size_t length = absolute ? 0 : directory.length, at = 0;
	if (length + path.length > PATHS_MAX)
		return TEXT("/DIR_TOO_LONG/FILENAME_TOO_LONG");
	char *joined = arena_alloc(arena, length + path.length + 1);
	if (length)
		memcpy(joined, directory.data, length);
	bool based = length > 0;
	while (at < path.length) {
		char byte = path.data[at], next = at + 1 < path.length ? path.data[at + 1] : '\0';
		char after = at + 2 < path.length ? path.data[at + 2] : '\0';
		bool first = !length || joined[length - 1] == '/';
		if (byte == '.' && first && next == '.' && (after == '/' || !after))
			step_up(joined, &length, &at, after ? 3 : 2);
		else if (byte == '.' && first && (next == '/' || !next))
			at += next ? 2 : 1;
		else if (byte == '/' && first && (length || based))
			at++;
		else
			joined[length++] = path.data[at++];
	}
	if (length > 1 && joined[length - 1] == '/')
		length--;
	joined[length] = '\0';
	return (struct text){joined, length};
}

void scap_directory_set(struct scap_state *state, struct scap_thread *thread, struct text directory)
{
	scap_text_set(state, &thread->directory, directory);
	if (directory.length && directory.data[directory.length - 1] != '/' && thread->directory.length) {
		buffer_char(&thread->directory, '/');
		state->bytes++;
	}
}

void scap_directory_change(struct scap_state *state, struct scap_thread *process, struct text path)
{
	struct arena arena = {0};
	struct text joined = scap_path_join(&arena, buffer_view(&process->directory), path);
	scap_directory_set(state, process, joined.length ? joined : TEXT("/"));
	arena_free(&arena);
}

/* Addresses */

static bool is_mapped(const uint8_t *address)
{
	static const uint8_t nothing[16];
	return memcmp(address, nothing, 10) == 0 &&
		((address[10] == 0xff && address[11] == 0xff) || memcmp(address + 10, nothing, 6) == 0);
}

static bool take_endpoint(struct scap_bytes *bytes, unsigned family, struct scap_endpoint *endpoint)
{
	struct text address = scap_take(bytes, family == FAMILY_IPV4 ? 4 : 16);
	memset(endpoint, 0, sizeof *endpoint);
	if (bytes->failed)
		return false;
	memcpy(endpoint->address, address.data, address.length);
	endpoint->port = scap_u16(bytes);
	return !bytes->failed;
}

static struct text endpoint_text(struct arena *arena, bool ipv6, const struct scap_endpoint *endpoint, bool port)
{
	char text[INET6_ADDRSTRLEN];
	if (!inet_ntop(ipv6 ? AF_INET6 : AF_INET, endpoint->address, text, sizeof text))
		return TEXT("");
	return text_of(port ? arena_printf(arena, "%s:%u", text, endpoint->port) : arena_strdup(arena, text));
}

/* IPv4 in IPv6 is IPv4. */
static bool unmap(struct scap_endpoint *endpoint)
{
	if (!is_mapped(endpoint->address))
		return false;
	memmove(endpoint->address, endpoint->address + 12, 4);
	memset(endpoint->address + 4, 0, 12);
	return true;
}

struct text scap_address_text(struct arena *arena, struct text packed)
{
	struct scap_bytes bytes = scap_bytes_of(packed);
	unsigned family = scap_u8(&bytes);
	struct scap_endpoint endpoint;
	if (family == FAMILY_UNIX)
		return scap_until_nul(scap_take(&bytes, bytes.left));
	if ((family != FAMILY_IPV4 && family != FAMILY_IPV6) || !take_endpoint(&bytes, family, &endpoint))
		return TEXT("");
	return endpoint_text(arena, family == FAMILY_IPV6, &endpoint, true);
}

/* The two ends of a pair of IP. */
static bool take_pair(struct text packed, struct scap_endpoint *source, struct scap_endpoint *destination, bool *ipv6)
{
	struct scap_bytes bytes = scap_bytes_of(packed);
	unsigned family = scap_u8(&bytes);
	if (family != FAMILY_IPV4 && family != FAMILY_IPV6)
		return false;
	if (!take_endpoint(&bytes, family, source) || !take_endpoint(&bytes, family, destination))
		return false;
	*ipv6 = family == FAMILY_IPV6;
	if (*ipv6 && is_mapped(source->address) && is_mapped(destination->address))
		*ipv6 = !unmap(source) || !unmap(destination);
	return true;
}

static struct text unix_text(struct arena *arena, struct text packed)
{
	struct scap_bytes bytes = scap_bytes_of(packed);
	scap_u8(&bytes);
	uint64_t source = scap_u64(&bytes), destination = scap_u64(&bytes);
	struct text path = scap_until_nul(scap_take(&bytes, bytes.left));
	if (bytes.failed)
		return TEXT("");
	return text_of(arena_printf(arena, "%llx->%llx %.*s", (unsigned long long)source, (unsigned long long)destination,
		TEXT_ARGS(path)));
}

static struct text pair_text(struct arena *arena, bool ipv6, const struct scap_endpoint *source,
	const struct scap_endpoint *destination, bool ports)
{
	struct text from = endpoint_text(arena, ipv6, source, ports), to = endpoint_text(arena, ipv6, destination, ports);
	return text_of(arena_printf(arena, "%.*s->%.*s", TEXT_ARGS(from), TEXT_ARGS(to)));
}

struct text scap_tuple_text(struct arena *arena, struct text packed)
{
	struct scap_endpoint source, destination;
	bool ipv6;
	if (packed.length && packed.data[0] == FAMILY_UNIX)
		return unix_text(arena, packed);
	if (!take_pair(packed, &source, &destination, &ipv6))
		return TEXT("");
	return pair_text(arena, ipv6, &source, &destination, true);
}

/* Sockets */

bool scap_fd_connect(struct scap_fd *fd, struct text tuple)
{
	bool ipv6;
	if (tuple.length && tuple.data[0] == FAMILY_UNIX) {
		fd->type = SCAP_FD_UNIX;
		return true;
	}
	if (!take_pair(tuple, &fd->source, &fd->destination, &ipv6))
		return false;
	fd->type = ipv6 ? SCAP_FD_IPV6 : SCAP_FD_IPV4;
	return true;
}

/* Where the far or the own address goes: `into` of the descriptor. */
static bool take_address(struct text address, struct scap_endpoint *into, bool *ipv6)
{
	struct scap_bytes bytes = scap_bytes_of(address);
	unsigned family = scap_u8(&bytes);
	struct scap_endpoint endpoint;
	if ((family != FAMILY_IPV4 && family != FAMILY_IPV6) || !take_endpoint(&bytes, family, &endpoint))
		return false;
	*ipv6 = family == FAMILY_IPV6 && !unmap(&endpoint);
	*into = endpoint;
	return true;
}

bool scap_fd_connect_to(struct scap_fd *fd, struct text address)
{
	bool ipv6;
	if (!take_address(address, &fd->destination, &ipv6))
		return false;
	fd->type = ipv6 ? SCAP_FD_IPV6 : SCAP_FD_IPV4;
	return true;
}

bool scap_fd_bind(struct scap_fd *fd, struct text address)
{
	struct scap_endpoint own;
	bool ipv6;
	if (!take_address(address, &own, &ipv6))
		return false;
	if (!own.port)
		return true;
	fd->destination = own;
	fd->type = ipv6 ? SCAP_FD_IPV6_SERVER : SCAP_FD_IPV4_SERVER;
	fd->role = SCAP_SERVER;
	return true;
}

static bool is_ipv6(const struct scap_fd *fd)
{
	return fd->type == SCAP_FD_IPV6 || fd->type == SCAP_FD_IPV6_SERVER;
}

static bool is_listening(const struct scap_fd *fd)
{
	return fd->type == SCAP_FD_IPV4_SERVER || fd->type == SCAP_FD_IPV6_SERVER;
}

struct text scap_endpoint_ip(struct arena *arena, const struct scap_fd *fd, const struct scap_endpoint *endpoint)
{
	return endpoint_text(arena, is_ipv6(fd), endpoint, false);
}

struct text scap_socket_name(struct arena *arena, const struct scap_fd *fd)
{
	if (is_listening(fd))
		return endpoint_text(arena, is_ipv6(fd), &fd->destination, true);
	if (fd->type != SCAP_FD_IPV4 && fd->type != SCAP_FD_IPV6)
		return TEXT("");
	bool ports = fd->protocol == SCAP_L4_TCP || fd->protocol == SCAP_L4_UDP;
	if (!ports && fd->protocol == SCAP_L4_UNKNOWN)
		return TEXT("<unknown>");
	return pair_text(arena, is_ipv6(fd), &fd->source, &fd->destination, ports);
}

void scap_fd_name_sockets(struct scap_state *state, struct scap_fd *fd)
{
	struct arena arena = {0};
	struct text name = scap_socket_name(&arena, fd);
	if (name.length)
		scap_fd_rename(state, fd, name);
	arena_free(&arena);
}

static bool listens_on(const struct scap_thread *process, uint16_t port)
{
	for (size_t i = 0; i < process->fds.count; i++)
		if (is_listening(&process->fds.items[i]) && process->fds.items[i].destination.port == port)
			return true;
	return false;
}

void scap_fds_roles(struct scap_state *state, struct scap_thread *process)
{
	for (size_t i = 0; i < process->fds.count; i++) {
		struct scap_fd *fd = &process->fds.items[i];
		if ((fd->type != SCAP_FD_IPV4 && fd->type != SCAP_FD_IPV6) || fd->role != SCAP_ROLE_NONE)
			continue;
		fd->role = SCAP_CLIENT;
		if (!listens_on(process, fd->source.port))
			continue;
		struct scap_endpoint own = fd->source;
		fd->source = fd->destination;
		fd->destination = own;
		fd->role = SCAP_SERVER;
		scap_fd_name_sockets(state, fd);
	}
}
