/*
 * scap_head: machine, processes, descriptors, users.
 */
#include "replay/readers/scap_head.h"

#include "replay/readers/scap_bytes.h"
#include "replay/readers/scap_names.h"
#include "replay/readers/scap_table.h"

#include <string.h>

/* Blocks whose numbers were others before the format was released. */
static const struct {
	uint32_t old, number;
} aliases[] = {
	{0x8000abcd, SCAP_BLOCK_PROCESSES_1}, {0x8013abcd, SCAP_BLOCK_PROCESSES_2}, {0x8014abcd, SCAP_BLOCK_PROCESSES_3},
	{0x8001abcd, SCAP_BLOCK_DESCRIPTORS}, {0x8002abcd, SCAP_BLOCK_MACHINE}, {0x8011abcd, SCAP_BLOCK_INTERFACES},
	{0x8012abcd, SCAP_BLOCK_USERS},
};

static uint32_t number_of(uint32_t block)
{
	for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
		if (aliases[i].old == block)
			return aliases[i].number;
	return block;
}

/* Which of the nine; 0: no such block. */
static unsigned process_version(uint32_t block)
{
	static const uint32_t versions[] = {SCAP_BLOCK_PROCESSES_1, SCAP_BLOCK_PROCESSES_2, SCAP_BLOCK_PROCESSES_3};
	for (unsigned i = 0; i < 3; i++)
		if (block == versions[i])
			return i + 1;
	return block >= SCAP_BLOCK_PROCESSES_4 && block <= SCAP_BLOCK_PROCESSES_9 ? block - SCAP_BLOCK_PROCESSES_4 + 4 : 0;
}

bool scap_head_knows(uint32_t block)
{
	block = number_of(block);
	return process_version(block) || block == SCAP_BLOCK_MACHINE || block == SCAP_BLOCK_DESCRIPTORS ||
		block == SCAP_BLOCK_DESCRIPTORS_2 || block == SCAP_BLOCK_INTERFACES || block == SCAP_BLOCK_INTERFACES_2 ||
		block == SCAP_BLOCK_USERS || block == SCAP_BLOCK_USERS_2;
}

/* Processes */

/* What an entry of the ninth version may go on with. Two of the fields came later than those behind them: entries that
 * end within 29 bytes are from before. */
static void take_tail(struct scap_thread *thread, struct scap_bytes *bytes)
{
	if (bytes->left > 29) {
		scap_u64(bytes); /* when its pid namespace began */
		thread->tty = scap_u32(bytes);
	}
	if (bytes->left >= 4)
		thread->login = scap_u32(bytes);
	if (bytes->left >= 1)
		scap_u8(bytes); /* its file can be written */
	if (bytes->left >= 24) {
		thread->inheritable = scap_u64(bytes);
		thread->permitted = scap_u64(bytes);
		thread->effective = scap_u64(bytes);
		thread->capabilities = true;
	}
}

/* The texts, sizes and ids behind the pids. */
static void take_process(struct scap_state *state, struct scap_thread *thread, unsigned version, struct scap_bytes *bytes)
{
	scap_text_set(state, &thread->comm, scap_until_nul(scap_text16(bytes)));
	scap_text_set(state, &thread->exe, scap_until_nul(scap_text16(bytes)));
	if (version >= 7)
		scap_text_set(state, &thread->exepath, scap_until_nul(scap_text16(bytes)));
	scap_text_set(state, &thread->args, scap_text16(bytes));
	scap_directory_set(state, thread, scap_until_nul(scap_text16(bytes)));
	scap_u64(bytes); /* how many descriptors it may have */
	thread->flags = scap_u32(bytes);
	thread->uid = scap_u32(bytes);
	thread->gid = scap_u32(bytes);
	if (version >= 2)
		scap_take(bytes, 3 * 4 + 2 * 8); /* memory, page faults */
	if (version >= 3)
		scap_text16(bytes); /* environment */
	if (version >= 4) {
		thread->vtid = (int64_t)scap_u64(bytes);
		thread->vpid = (int64_t)scap_u64(bytes);
		scap_text_set(state, &thread->container, scap_container_of(scap_text16(bytes)));
	}
	if (version >= 5)
		scap_text16(bytes); /* root */
}

static const char *take_processes(struct scap_state *state, unsigned version, struct scap_bytes *bytes)
{
	while (bytes->left >= 4) {
		struct scap_bytes entry = *bytes, *from = bytes;
		if (version == 9) {
			uint32_t length = scap_u32(bytes); /* with itself */
			if (length < 4)
				return "a process has no length";
			entry = scap_bytes_of(scap_take(bytes, length - 4));
			from = &entry;
		}
		int64_t tid = (int64_t)scap_u64(from);
		int64_t pid = (int64_t)scap_u64(from), parent = (int64_t)scap_u64(from);
		int64_t session = version >= 6 ? (int64_t)scap_u64(from) : -1;
		int64_t group = version >= 8 ? (int64_t)scap_u64(from) : -1;
		if (from->failed || bytes->failed)
			return "a process is cut";
		struct scap_thread *thread = scap_thread_add(state, tid), spare = {0};
		if (!thread)
			thread = &spare;
		thread->pid = pid;
		thread->parent = parent;
		thread->session = session;
		thread->group = group;
		take_process(state, thread, version, from);
		if (version == 9)
			take_tail(thread, from);
		if (thread == &spare)
			scap_thread_forget(state, thread);
		if (from->failed)
			return "a process is cut";
	}
	return NULL;
}

/* Descriptors */

static void take_endpoint(struct scap_bytes *bytes, struct scap_endpoint *endpoint, size_t size)
{
	struct text address = scap_take(bytes, size);
	if (address.length)
		memcpy(endpoint->address, address.data, address.length);
}

static void take_sockets(struct scap_fd *fd, struct scap_bytes *bytes)
{
	size_t size = fd->type == SCAP_FD_IPV4 || fd->type == SCAP_FD_IPV4_SERVER ? 4 : 16;
	bool server = fd->type == SCAP_FD_IPV4_SERVER || fd->type == SCAP_FD_IPV6_SERVER;
	if (!server)
		take_endpoint(bytes, &fd->source, size);
	take_endpoint(bytes, &fd->destination, size);
	if (!server)
		fd->source.port = scap_u16(bytes);
	fd->destination.port = scap_u16(bytes);
	fd->protocol = scap_u8(bytes);
	fd->role = server ? SCAP_SERVER : SCAP_ROLE_NONE;
}

/* What stands behind the type; the name, where it has one of its own. */
static struct text take_descriptor(struct scap_fd *fd, struct scap_bytes *bytes)
{
	switch (fd->type) {
	case SCAP_FD_IPV4:
	case SCAP_FD_IPV6:
	case SCAP_FD_IPV4_SERVER:
	case SCAP_FD_IPV6_SERVER:
		take_sockets(fd, bytes);
		return TEXT("");
	case SCAP_FD_UNIX:
		scap_take(bytes, 16);
		return scap_text16(bytes);
	case SCAP_FD_FILE_2:
		fd->flags = scap_u32(bytes);
		return scap_text16(bytes);
	case SCAP_FD_UNKNOWN:
		return TEXT("");
	default:
		return fd->type <= SCAP_FD_LAST ? scap_text16(bytes) : TEXT("");
	}
}

static const char *take_descriptors(struct scap_state *state, bool lengths, struct scap_bytes *bytes)
{
	int64_t tid = (int64_t)scap_u64(bytes);
	struct scap_thread *thread = scap_thread_find(state, tid);
	if (bytes->failed)
		return "a list of descriptors is cut";
	while (bytes->left >= 4) {
		struct scap_bytes entry = *bytes, *from = bytes;
		if (lengths) {
			uint32_t length = scap_u32(bytes);
			if (length < 4)
				return "a descriptor has no length";
			entry = scap_bytes_of(scap_take(bytes, length - 4));
			from = &entry;
		}
		struct scap_fd made = {.number = (int64_t)scap_u64(from)};
		scap_u64(from); /* inode */
		made.type = scap_u8(from);
		struct text name = scap_until_nul(take_descriptor(&made, from));
		if (from->failed || bytes->failed)
			return "a descriptor is cut";
		struct scap_fd *fd = thread ? scap_fd_add(state, scap_leader(state, thread), made.number) : NULL;
		if (!fd)
			continue;
		*fd = made;
		scap_fd_rename(state, fd, name);
		if (!name.length)
			scap_fd_name_sockets(state, fd);
	}
	if (thread)
		scap_fds_roles(state, scap_leader(state, thread));
	return NULL;
}

/* Users and groups */

static const char *take_users(struct scap_state *state, bool lengths, struct scap_bytes *bytes)
{
	while (bytes->left >= 4) {
		struct scap_bytes entry = *bytes, *from = bytes;
		if (lengths) {
			uint32_t length = scap_u32(bytes);
			if (length < 4)
				return "a user has no length";
			entry = scap_bytes_of(scap_take(bytes, length - 4));
			from = &entry;
		}
		bool user = scap_u8(from) == 0;
		uint32_t id = scap_u32(from);
		if (user)
			scap_u32(from); /* group */
		struct text name = scap_until_nul(scap_text16(from));
		if (user) {
			scap_text16(from); /* home */
			scap_text16(from); /* shell */
		}
		if (from->failed || bytes->failed)
			return "a user is cut";
		scap_account_set(state, user ? &state->users : &state->groups, id, name);
	}
	return NULL;
}

static const char *take_machine(struct scap_state *state, struct scap_bytes *bytes)
{
	scap_take(bytes, 4 + 8 + 8); /* processors, memory, highest pid */
	struct text host = scap_until_nul(scap_take(bytes, 128));
	if (bytes->failed)
		return "the machine's block is cut";
	memcpy(state->host, host.data, host.length);
	state->host[host.length] = '\0';
	return NULL;
}

const char *scap_head_take(struct scap_state *state, uint32_t block, struct text payload)
{
	struct scap_bytes bytes = scap_bytes_of(payload);
	block = number_of(block);
	if (process_version(block))
		return take_processes(state, process_version(block), &bytes);
	switch (block) {
	case SCAP_BLOCK_MACHINE:
		return take_machine(state, &bytes);
	case SCAP_BLOCK_DESCRIPTORS:
	case SCAP_BLOCK_DESCRIPTORS_2:
		return take_descriptors(state, block == SCAP_BLOCK_DESCRIPTORS_2, &bytes);
	case SCAP_BLOCK_USERS:
	case SCAP_BLOCK_USERS_2:
		return take_users(state, block == SCAP_BLOCK_USERS_2, &bytes);
	default:
		return NULL;
	}
}

/* Containers: the last 64 hexadecimal digits in a row that stand alone, as Docker, containerd, CRI-O and Podman name
 * their groups. */

static bool is_end(char byte)
{
	return byte == '/' || byte == '-' || byte == ':' || byte == '.' || (unsigned char)byte <= ' ';
}

struct text scap_container_of(struct text cgroups)
{
	enum { DIGITS = 64, SHORT = 12 };
	size_t run = 0;
	for (size_t i = 0; i <= cgroups.length; i++) {
		char byte = i < cgroups.length ? cgroups.data[i] : '/';
		if (text_hex_digit(byte) >= 0 && !(byte >= 'A' && byte <= 'F')) {
			run++;
			continue;
		}
		bool begins = i == run || is_end(cgroups.data[i - run - 1]);
		if (run == DIGITS && begins && is_end(byte))
			return text_slice(cgroups, i - run, i - run + SHORT);
		run = 0;
	}
	return TEXT("");
}
