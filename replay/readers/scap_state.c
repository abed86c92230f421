/*
 * scap_state: threads by a hash of their ids, descriptors and accounts in arrays by number.
 */
#include "replay/readers/scap_state.h"

#include "replay/readers/scap_table.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 4096, CONTAINER_SLOTS = 1024 };

struct scap_shared {
	uint32_t owners, length;
	char text[];
};

static struct scap_shared *shared_new(struct scap_state *state, struct text text)
{
	if (state->bytes + text.length > SCAP_BYTES_MAX) {
		state->dropped++;
		return NULL;
	}
	struct scap_shared *shared = mem_alloc(sizeof *shared + text.length);
	shared->owners = 1;
	shared->length = (uint32_t)text.length;
	if (text.length)
		memcpy(shared->text, text.data, text.length);
	state->bytes += text.length;
	return shared;
}

static struct scap_shared *shared_take(struct scap_shared *shared)
{
	if (shared)
		shared->owners++;
	return shared;
}

static void shared_drop(struct scap_state *state, struct scap_shared *shared)
{
	if (!shared || --shared->owners)
		return;
	state->bytes -= shared->length;
	free(shared);
}

static struct text shared_text(const struct scap_shared *shared)
{
	return shared ? (struct text){shared->text, shared->length} : TEXT("");
}

/* Threads */

static size_t slot_of(const struct scap_state *state, int64_t tid)
{
	return (size_t)((uint64_t)tid * UINT64_C(0x9e3779b97f4a7c15) >> 40) & (state->size - 1);
}

struct scap_state *scap_state_new(void)
{
	struct scap_state *state = mem_alloc(sizeof *state);
	memset(state, 0, sizeof *state);
	state->size = SLOTS;
	state->slots = mem_alloc(SLOTS * sizeof *state->slots);
	memset(state->slots, 0, SLOTS * sizeof *state->slots);
	state->container_slots = mem_alloc(CONTAINER_SLOTS * sizeof *state->container_slots);
	memset(state->container_slots, 0, CONTAINER_SLOTS * sizeof *state->container_slots);
	return state;
}

struct scap_thread *scap_thread_find(const struct scap_state *state, int64_t tid)
{
	struct scap_thread *thread = state->slots[slot_of(state, tid)];
	while (thread && thread->tid != tid)
		thread = thread->next;
	return thread;
}

static void grow(struct scap_state *state)
{
	size_t old_size = state->size;
	struct scap_thread **old = state->slots;
	state->size = old_size * 2;
	state->slots = mem_alloc(state->size * sizeof *state->slots);
	memset(state->slots, 0, state->size * sizeof *state->slots);
	for (size_t i = 0; i < old_size; i++) {
		for (struct scap_thread *thread = old[i], *next; thread; thread = next) {
			struct scap_thread **slot = &state->slots[slot_of(state, thread->tid)];
			next = thread->next;
			thread->next = *slot;
			*slot = thread;
		}
	}
	free(old);
}

static void each_text(struct scap_thread *thread, struct buffer *texts[static 7])
{
	texts[0] = &thread->comm;
	texts[1] = &thread->exe;
	texts[2] = &thread->args;
	texts[3] = &thread->exepath;
	texts[4] = &thread->directory;
	texts[5] = &thread->container;
	texts[6] = &thread->begun;
}

static void fds_clear(struct scap_state *state, struct scap_fds *fds)
{
	for (size_t i = 0; i < fds->count; i++)
		shared_drop(state, fds->items[i].name);
	state->descriptors -= fds->count;
	fds->count = 0;
}

/* A blank thread that keeps the memory of its texts. */
static void blank(struct scap_state *state, struct scap_thread *thread)
{
	struct buffer *texts[7];
	each_text(thread, texts);
	for (size_t i = 0; i < 7; i++) {
		state->bytes -= texts[i]->length;
		texts[i]->length = 0;
	}
	fds_clear(state, &thread->fds);
	*thread = (struct scap_thread){.pid = -1, .parent = -1, .session = -1, .group = -1, .vtid = -1, .vpid = -1,
		.uid = UINT32_MAX, .gid = UINT32_MAX, .login = UINT32_MAX, .comm = thread->comm, .exe = thread->exe,
		.args = thread->args, .exepath = thread->exepath, .directory = thread->directory,
		.container = thread->container, .begun = thread->begun, .fds = thread->fds};
}

void scap_thread_forget(struct scap_state *state, struct scap_thread *thread)
{
	struct buffer *texts[7];
	blank(state, thread);
	each_text(thread, texts);
	for (size_t i = 0; i < 7; i++)
		buffer_free(texts[i]);
	free(thread->fds.items);
	thread->fds = (struct scap_fds){NULL, 0, 0};
}

struct scap_thread *scap_thread_add(struct scap_state *state, int64_t tid)
{
	struct scap_thread *thread = scap_thread_find(state, tid);
	if (thread)
		scap_thread_remove(state, thread);
	if (state->threads == SCAP_THREADS_MAX) {
		state->dropped++;
		return NULL;
	}
	if (state->threads >= state->size)
		grow(state);
	thread = state->spare;
	if (thread) {
		state->spare = thread->next;
	} else {
		thread = mem_alloc(sizeof *thread);
		memset(thread, 0, sizeof *thread);
	}
	blank(state, thread);
	thread->tid = tid;
	thread->serial = ++state->serial;
	struct scap_thread **slot = &state->slots[slot_of(state, tid)];
	thread->next = *slot;
	*slot = thread;
	state->threads++;
	return thread;
}

/* Large texts are given back; small ones serve the next thread. */
static void keep_spare(struct scap_state *state, struct scap_thread *thread)
{
	struct buffer *texts[7];
	each_text(thread, texts);
	for (size_t i = 0; i < 7; i++)
		if (texts[i]->capacity > 1024)
			buffer_free(texts[i]);
	free(thread->fds.items);
	thread->fds = (struct scap_fds){NULL, 0, 0};
	thread->next = state->spare;
	state->spare = thread;
}

void scap_thread_remove(struct scap_state *state, struct scap_thread *thread)
{
	struct scap_thread **slot = &state->slots[slot_of(state, thread->tid)];
	while (*slot != thread)
		slot = &(*slot)->next;
	*slot = thread->next;
	state->threads--;
	blank(state, thread);
	keep_spare(state, thread);
}

struct scap_thread *scap_leader(const struct scap_state *state, struct scap_thread *thread)
{
	struct scap_thread *leader = thread->pid == thread->tid || thread->pid < 0 ? NULL : scap_thread_find(state, thread->pid);
	return leader ? leader : thread;
}

struct scap_thread *scap_parent(const struct scap_state *state, struct scap_thread *thread)
{
	struct scap_thread *leader = scap_leader(state, thread);
	struct scap_thread *parent = leader->parent > 0 ? scap_thread_find(state, leader->parent) : NULL;
	return parent ? scap_leader(state, parent) : NULL;
}

void scap_text_set(struct scap_state *state, struct buffer *into, struct text text)
{
	state->bytes -= into->length;
	buffer_clear(into);
	if (state->bytes + text.length > SCAP_BYTES_MAX) {
		state->dropped++;
		return;
	}
	buffer_text(into, text);
	state->bytes += into->length;
}

/* Descriptors */

/* Where the number stands, or would. */
static size_t fd_position(const struct scap_fds *fds, int64_t number)
{
	size_t low = 0, high = fds->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (fds->items[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct scap_fd *scap_fd_find(const struct scap_thread *process, int64_t number)
{
	size_t at = fd_position(&process->fds, number);
	return at < process->fds.count && process->fds.items[at].number == number ? &process->fds.items[at] : NULL;
}

static void reserve(struct scap_fds *fds, size_t count)
{
	if (count <= fds->capacity)
		return;
	fds->capacity = count < 8 ? 8 : count * 2;
	fds->items = mem_resize(fds->items, fds->capacity * sizeof *fds->items);
}

struct scap_fd *scap_fd_add(struct scap_state *state, struct scap_thread *process, int64_t number)
{
	struct scap_fds *fds = &process->fds;
	size_t at = fd_position(fds, number);
	if (at < fds->count && fds->items[at].number == number) {
		shared_drop(state, fds->items[at].name);
	} else if (fds->count == SCAP_FDS_MAX || state->descriptors == SCAP_FDS_ALL) {
		state->dropped++;
		return NULL;
	} else {
		reserve(fds, fds->count + 1);
		memmove(fds->items + at + 1, fds->items + at, (fds->count - at) * sizeof *fds->items);
		fds->count++;
		state->descriptors++;
	}
	fds->items[at] = (struct scap_fd){.number = number};
	return &fds->items[at];
}

static void remove_at(struct scap_state *state, struct scap_fds *fds, size_t at)
{
	shared_drop(state, fds->items[at].name);
	fds->count--;
	state->descriptors--;
	memmove(fds->items + at, fds->items + at + 1, (fds->count - at) * sizeof *fds->items);
}

void scap_fd_remove(struct scap_state *state, struct scap_thread *process, int64_t number)
{
	size_t at = fd_position(&process->fds, number);
	if (at < process->fds.count && process->fds.items[at].number == number)
		remove_at(state, &process->fds, at);
}

void scap_fds_copy(struct scap_state *state, struct scap_thread *to, const struct scap_thread *from)
{
	size_t count = from->fds.count;
	fds_clear(state, &to->fds);
	if (count > SCAP_FDS_ALL - state->descriptors) {
		state->dropped += count;
		return;
	}
	reserve(&to->fds, count);
	if (count)
		memcpy(to->fds.items, from->fds.items, count * sizeof *to->fds.items);
	for (size_t i = 0; i < count; i++)
		shared_take(to->fds.items[i].name);
	to->fds.count = count;
	state->descriptors += count;
}

void scap_fds_exec(struct scap_state *state, struct scap_thread *process)
{
	for (size_t i = process->fds.count; i-- > 0;)
		if (process->fds.items[i].flags & SCAP_O_CLOEXEC)
			remove_at(state, &process->fds, i);
}

void scap_fd_rename(struct scap_state *state, struct scap_fd *fd, struct text name)
{
	shared_drop(state, fd->name);
	fd->name = shared_new(state, name);
}

void scap_fd_assign(struct scap_state *state, struct scap_fd *to, const struct scap_fd *from)
{
	int64_t number = to->number;
	struct scap_shared *name = shared_take(from->name);
	shared_drop(state, to->name);
	*to = *from;
	to->number = number;
	to->name = name;
}

void scap_fd_drop(struct scap_state *state, struct scap_fd *fd)
{
	shared_drop(state, fd->name);
	fd->name = NULL;
}

struct text scap_fd_name(const struct scap_fd *fd)
{
	return shared_text(fd->name);
}

/* Users, groups */

static size_t account_position(const struct scap_accounts *accounts, uint32_t id)
{
	size_t low = 0, high = accounts->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (accounts->items[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void scap_account_set(struct scap_state *state, struct scap_accounts *accounts, uint32_t id, struct text name)
{
	size_t at = account_position(accounts, id);
	if (at < accounts->count && accounts->items[at].id == id) {
		shared_drop(state, accounts->items[at].name);
		accounts->items[at].name = shared_new(state, name);
		return;
	}
	if (accounts->count == SCAP_ACCOUNTS_MAX) {
		state->dropped++;
		return;
	}
	if (accounts->count == accounts->capacity) {
		accounts->capacity = accounts->capacity ? accounts->capacity * 2 : 64;
		accounts->items = mem_resize(accounts->items, accounts->capacity * sizeof *accounts->items);
	}
	memmove(accounts->items + at + 1, accounts->items + at, (accounts->count - at) * sizeof *accounts->items);
	accounts->items[at] = (struct scap_account){id, shared_new(state, name)};
	accounts->count++;
}

struct text scap_account_name(const struct scap_accounts *accounts, uint32_t id)
{
	size_t at = account_position(accounts, id);
	return at < accounts->count && accounts->items[at].id == id ? shared_text(accounts->items[at].name) : TEXT("");
}

static void accounts_clear(struct scap_state *state, struct scap_accounts *accounts)
{
	for (size_t i = 0; i < accounts->count; i++)
		shared_drop(state, accounts->items[i].name);
	free(accounts->items);
	*accounts = (struct scap_accounts){NULL, 0, 0};
}

/* Containers */

static struct scap_container **container_slot(const struct scap_state *state, struct text id)
{
	struct scap_container **slot = &state->container_slots[text_hash(id) & (CONTAINER_SLOTS - 1)];
	while (*slot && !text_equal((*slot)->id, id))
		slot = &(*slot)->next;
	return slot;
}

struct scap_container *scap_container_find(const struct scap_state *state, struct text id)
{
	return *container_slot(state, id);
}

static void container_remove(struct scap_state *state, struct scap_container **slot)
{
	struct scap_container *container = *slot;
	*slot = container->next;
	arena_free(&container->arena);
	free(container);
	state->containers--;
}

struct scap_container *scap_container_add(struct scap_state *state, struct text id)
{
	struct scap_container **slot = container_slot(state, id);
	if (*slot)
		container_remove(state, slot);
	if (state->containers == SCAP_CONTAINERS_MAX) {
		state->dropped++;
		return NULL;
	}
	struct scap_container *container = mem_alloc(sizeof *container);
	*container = (struct scap_container){.privileged = -1};
	container->id = text_copy(&container->arena, id);
	slot = container_slot(state, id);
	*slot = container;
	state->containers++;
	return container;
}

void scap_state_reset(struct scap_state *state)
{
	for (size_t i = 0; i < state->size; i++)
		while (state->slots[i])
			scap_thread_remove(state, state->slots[i]);
	for (size_t i = 0; i < CONTAINER_SLOTS; i++)
		while (state->container_slots[i])
			container_remove(state, &state->container_slots[i]);
	accounts_clear(state, &state->users);
	accounts_clear(state, &state->groups);
	state->host[0] = '\0';
}

void scap_state_free(struct scap_state *state)
{
	scap_state_reset(state);
	while (state->spare) {
		struct scap_thread *thread = state->spare;
		state->spare = thread->next;
		scap_thread_forget(state, thread);
		free(thread);
	}
	free(state->slots);
	free(state->container_slots);
	free(state);
}
