/*
 * arena: memory for what lives and dies together.
 *
 * A catalog, an event, a pack: each owns one arena, allocates from it and never frees single pieces.
 * Everything is zeroed and aligned for any type. Running out of memory ends the process with a
 * sentence on standard error (abort): no caller has to test for NULL.
 */
#ifndef MEWS_ARENA_H
#define MEWS_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena_block;
struct arena_deferred;

struct arena {
	struct arena_block *blocks; /* newest first */
	struct arena_deferred *deferred;
};

/* An empty arena is all zeroes: `struct arena arena = {0};` */

void *arena_alloc(struct arena *arena, size_t size);
void *arena_room(struct arena *arena, size_t size); /* the same, not zeroed: for what is written at once */
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
void *mem_resize(void *old, size_t size);

#endif
