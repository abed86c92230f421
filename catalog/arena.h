/*
 * arena: memory for what lives and dies together.
 *
 * A catalog, an event, a pack: each owns one arena, allocates from it and never frees single pieces.
 * Everything is zeroed and aligned for any type. Running out of memory ends the process with a
 * sentence on standard error (abort): no caller has to test for NULL.
 */
#ifndef MEWS_ARENA_H
#define MEWS_ARENA_H

#include <stdalign.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif

struct arena_deferred;

/* Sizes are multiples of the alignment. */
struct arena_block {
	struct arena_block *next;
	size_t size, used;
	alignas(max_align_t) char data[];
};

struct arena {
	struct arena_block *blocks; /* newest first */
	struct arena_deferred *deferred;
};

/* An empty arena is all zeroes: `struct arena arena = {0};` */

static inline void *arena_alloc(struct arena *arena, size_t size);
static inline void *arena_room(struct arena *arena, size_t size); /* the same, not zeroed: for what is written at once */
void *arena_array(struct arena *arena, size_t count, size_t size); /* checks the product */
/* Grows an array that was allocated here to hold one more element than `count`; returns it, moved or
 * not. Capacities are powers of two and follow from `count`, so none is kept. Start with NULL, 0. */
void *arena_grow(struct arena *arena, void *array, size_t count, size_t size);
/* A zeroed array for `count` elements that arena_grow may go on with. */
void *arena_growable(struct arena *arena, size_t count, size_t size);
char *arena_strndup(struct arena *arena, const char *data, size_t length); /* NUL-terminated copy */
char *arena_strdup(struct arena *arena, const char *string);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list arguments);

/* Calls `release(object)` when the arena is reset or freed, last deferred first. */
void arena_defer(struct arena *arena, void (*release)(void *), void *object);

void arena_reset(struct arena *arena); /* forgets all pieces, keeps one block: for use once an event */
void arena_free(struct arena *arena);

/* malloc and realloc that end the process like the arena does; for buffers that outlive arenas. */
void *mem_alloc(size_t size);
/* The same for a table of megabytes that is filled bit by bit and lives long: on large pages where the system has them, so that
 * few of its parts cost a page fault. Aligned as a page is. */
void *mem_large(size_t size);
/* The same for an array whose elements are lines of the processor's cache: aligned as those are. */
void *mem_lines(size_t size);
void *mem_resize(void *old, size_t size);

/* A piece by whichever way it takes; most pieces fit into the newest block, which is seen to here. */
void *arena_take(struct arena *arena, size_t size);

static inline void *arena_room(struct arena *arena, size_t size)
{
#ifndef ARENA_ASAN
	struct arena_block *block = arena->blocks;
	if (block && size - 1 < block->size - block->used) { /* not of size 0 */
		char *data = block->data + block->used;
		block->used += (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
		return data;
	}
#endif
	return arena_take(arena, size);
}

static inline void *arena_alloc(struct arena *arena, size_t size)
{
	return memset(arena_room(arena, size), 0, size ? size : 1);
}

#endif
