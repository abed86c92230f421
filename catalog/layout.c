/* layout: a list of all, looked through where a recipe is learnt or a field follows for the first time (see layout.h). */
#include "catalog/layout.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct layouts {
	pthread_mutex_t lock;
	size_t fields; /* of all of them; 0: there is none yet */
	struct layout *items[LAYOUTS_MAX];
	size_t count;
	_Atomic bool full; /* then nobody looks for what follows: each event would */
};

static void layouts_free(void *object)
{
	struct layouts *layouts = object;
	for (size_t i = 0; i < layouts->count; i++)
		free(layouts->items[i]);
	pthread_mutex_destroy(&layouts->lock);
	free(layouts);
}

struct layouts *layouts_new(struct arena *arena)
{
	struct layouts *layouts = mem_alloc(sizeof *layouts);
	layouts->fields = layouts->count = 0;
	atomic_init(&layouts->full, false);
	pthread_mutex_init(&layouts->lock, NULL);
	arena_defer(arena, layouts_free, layouts);
	return layouts;
}

static struct layout *find(const struct layouts *layouts, const uint16_t *position)
{
	for (size_t i = 0; i < layouts->count; i++)
		if (memcmp(layouts->items[i]->position, position, layouts->fields * sizeof *position) == 0)
			return layouts->items[i];
	return NULL;
}

static struct layout *add(struct layouts *layouts, const uint16_t *position)
{
	size_t size = layouts->fields * sizeof *position;
	if (layouts->count == LAYOUTS_MAX)
		return NULL;
	struct layout *layout = mem_alloc(sizeof *layout + size);
	layout->number = (uint32_t)layouts->count + 1;
	layout->last = 0;
	layout->beside = NULL;
	atomic_init(&layout->follow, NULL);
	memcpy(layout->position, position, size);
	layouts->items[layouts->count++] = layout;
	atomic_store_explicit(&layouts->full, layouts->count == LAYOUTS_MAX, memory_order_relaxed);
	return layout;
}

static struct layout *find_or_add(struct layouts *layouts, const uint16_t *position)
{
	struct layout *layout = find(layouts, position);
	return layout ? layout : add(layouts, position);
}

const struct layout *layouts_get(struct layouts *layouts, const uint16_t *position, size_t fields)
{
	struct layout *layout = NULL;
	if (!layouts)
		return NULL;
	pthread_mutex_lock(&layouts->lock);
	if (!layouts->count)
		layouts->fields = fields;
	if (layouts->fields == fields)
		layout = find_or_add(layouts, position);
	pthread_mutex_unlock(&layouts->lock);
	return layout;
}

static bool follows(const struct layout *layout, const struct layout *next)
{
	const struct layout *follow = atomic_load_explicit(&layout->follow, memory_order_relaxed);
	while (follow && follow != next)
		follow = follow->beside;
	return follow != NULL;
}

const struct layout *layouts_follow(struct layouts *layouts, const struct layout *layout, unsigned field, size_t count)
{
	if (atomic_load_explicit(&layouts->full, memory_order_relaxed))
		return NULL;
	pthread_mutex_lock(&layouts->lock);
	struct layout *before = layouts->items[layout->number - 1];
	uint16_t *position = mem_alloc(layouts->fields * sizeof *position);
	memcpy(position, layout->position, layouts->fields * sizeof *position);
	position[field] = (uint16_t)count;
	struct layout *next = find_or_add(layouts, position);
	free(position);
	/* It follows on this one alone: an entry less is one layout. */
	if (next && !follows(before, next)) {
		next->last = field;
		next->beside = atomic_load_explicit(&before->follow, memory_order_relaxed);
		atomic_store_explicit(&before->follow, next, memory_order_release);
	}
	pthread_mutex_unlock(&layouts->lock);
	return next;
}
