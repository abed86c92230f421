/*
 * arena: memory for what lives and dies together. Blocks double up to a bound; a piece that is larger
 * than a block gets one of its own behind the current block, whose rest stays in use.
 *
 * Under AddressSanitizer unused room is poisoned and pieces are kept apart, so that an overrun inside
 * an arena is found as one outside would be.
 */
#include "catalog/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define POISON(data, size) ASAN_POISON_MEMORY_REGION(data, size)
#define UNPOISON(data, size) ASAN_UNPOISON_MEMORY_REGION(data, size)
enum { RED_ZONE = 16 };
#else
#define POISON(data, size) ((void)(data), (void)(size))
#define UNPOISON(data, size) ((void)(data), (void)(size))
enum { RED_ZONE = 0 };
#endif

enum {
	ALIGNMENT = alignof(max_align_t),
	FIRST_BLOCK = 4096,
	LARGEST_BLOCK = 1 << 20, /* also the most that arena_reset keeps */
	FIRST_CAPACITY = 4,
};

struct arena_deferred {
	struct arena_deferred *next;
	void (*release)(void *);
	void *object;
};

static _Noreturn void out_of_memory(size_t size)
{
	fprintf(stderr, "mews: out of memory (%zu bytes were asked for)\n", size);
	abort();
}

void *mem_alloc(size_t size)
{
	void *data = malloc(size ? size : 1);
	if (!data)
		out_of_memory(size);
	return data;
}

#if defined(__linux__)
/* No part of POSIX: <sys/mman.h> shows it, and its advice, to those alone who ask for more than that. */
int madvise(void *data, size_t length, int advice);
enum { ADVICE_LARGE_PAGES = 14 };
#else
#define madvise(data, length, advice) ((void)0)
#endif

void *mem_lines(size_t size)
{
	enum { LINE = 64 };
	void *data = NULL;
	if (posix_memalign(&data, LINE, size ? size : LINE))
		out_of_memory(size);
	return data;
}

void *mem_large(size_t size)
{
	enum { PAGE = 2 << 20 };
	size_t whole = (size / PAGE + 1) * PAGE;
	void *data = NULL;
	if (whole < size || posix_memalign(&data, PAGE, whole))
		out_of_memory(size);
	madvise(data, whole, ADVICE_LARGE_PAGES); /* it may be refused */
	return data;
}

void *mem_resize(void *old, size_t size)
{
	void *data = realloc(old, size ? size : 1);
	if (!data)
		out_of_memory(size);
	return data;
}

static struct arena_block *block_new(size_t size)
{
	if (size > SIZE_MAX - sizeof(struct arena_block))
		out_of_memory(size);
	struct arena_block *block = mem_alloc(sizeof *block + size);
	block->next = NULL;
	block->size = size;
	block->used = 0;
	POISON(block->data, size);
	return block;
}

static void block_free(struct arena_block *block)
{
	UNPOISON(block->data, block->size);
	free(block);
}

/* What a piece takes in a block: aligned, with the red zone behind it. */
static size_t room_of(size_t size)
{
	if (size > SIZE_MAX / 2)
		out_of_memory(size);
	return (size + RED_ZONE + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static struct arena_block *block_for(struct arena *arena, size_t room)
{
	struct arena_block *newest = arena->blocks;
	if (newest && newest->size - newest->used >= room)
		return newest;
	size_t size = FIRST_BLOCK;
	if (newest)
		size = newest->size >= LARGEST_BLOCK / 2 ? LARGEST_BLOCK : newest->size * 2;
	if (room <= size) {
		struct arena_block *block = block_new(size);
		block->next = newest;
		arena->blocks = block;
		return block;
	}
	struct arena_block *block = block_new(room);
	if (newest) {
		block->next = newest->next;
		newest->next = block;
	} else {
		arena->blocks = block;
	}
	return block;
}

void *arena_take(struct arena *arena, size_t size)
{
	size_t room = room_of(size ? size : 1);
	struct arena_block *block = block_for(arena, room);
	char *data = block->data + block->used;
	block->used += room;
	UNPOISON(data, size ? size : 1);
	return data;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		out_of_memory(SIZE_MAX);
	return arena_alloc(arena, count * size);
}

/* Makes the newest piece larger where it stands, if it is the newest one and there is room. */
static bool extend(struct arena *arena, char *data, size_t old_size, size_t new_size)
{
	struct arena_block *block = arena->blocks;
	size_t old_room = room_of(old_size), new_room = room_of(new_size);
	if (!block || block->used < old_room || data != block->data + block->used - old_room)
		return false;
	if (block->size - block->used < new_room - old_room)
		return false;
	block->used += new_room - old_room;
	UNPOISON(data, new_size);
	memset(data + old_size, 0, new_size - old_size);
	return true;
}

void *arena_grow(struct arena *arena, void *array, size_t count, size_t size)
{
	if (!array || !count)
		return array ? array : arena_array(arena, FIRST_CAPACITY, size);
	if (count < FIRST_CAPACITY || (count & (count - 1)))
		return array;
	if (size && count > SIZE_MAX / 4 / size)
		out_of_memory(SIZE_MAX);
	if (extend(arena, array, count * size, count * 2 * size))
		return array;
	void *larger = arena_alloc(arena, count * 2 * size);
	return memcpy(larger, array, count * size);
}

void *arena_growable(struct arena *arena, size_t count, size_t size)
{
	size_t capacity = FIRST_CAPACITY;
	while (capacity < count && capacity <= SIZE_MAX / 2)
		capacity *= 2;
	return arena_array(arena, capacity, size);
}

char *arena_strndup(struct arena *arena, const char *data, size_t length)
{
	if (length == SIZE_MAX)
		out_of_memory(length);
	char *copy = arena_room(arena, length + 1);
	if (length)
		memcpy(copy, data, length);
	copy[length] = '\0';
	return copy;
}

char *arena_strdup(struct arena *arena, const char *string)
{
	return arena_strndup(arena, string, strlen(string));
}

char *arena_vprintf(struct arena *arena, const char *format, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	size_t size = length < 0 ? 1 : (size_t)length + 1;
	char *string = arena_alloc(arena, size);
	if (length > 0)
		vsnprintf(string, size, format, again);
	va_end(again);
	return string;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *string = arena_vprintf(arena, format, arguments);
	va_end(arguments);
	return string;
}

void arena_defer(struct arena *arena, void (*release)(void *), void *object)
{
	struct arena_deferred *deferred = arena_alloc(arena, sizeof *deferred);
	*deferred = (struct arena_deferred){arena->deferred, release, object};
	arena->deferred = deferred;
}

static void run_deferred(struct arena *arena)
{
	while (arena->deferred) {
		struct arena_deferred *first = arena->deferred;
		arena->deferred = first->next;
		first->release(first->object);
	}
}

void arena_reset(struct arena *arena)
{
	run_deferred(arena);
	struct arena_block *kept = NULL, *next;
	for (struct arena_block *block = arena->blocks; block; block = next) {
		next = block->next;
		struct arena_block *loser = block;
		if (block->size <= LARGEST_BLOCK && (!kept || block->size > kept->size)) {
			loser = kept;
			kept = block;
		}
		if (loser)
			block_free(loser);
	}
	if (kept) {
		kept->next = NULL;
		kept->used = 0;
		POISON(kept->data, kept->size);
	}
	arena->blocks = kept;
}

void arena_free(struct arena *arena)
{
	run_deferred(arena);
	struct arena_block *next;
	for (struct arena_block *block = arena->blocks; block; block = next) {
		next = block->next;
		block_free(block);
	}
	arena->blocks = NULL;
}
