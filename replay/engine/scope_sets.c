/* scope_sets: a hash of sets behind a lock (see scope_sets.h). */
#include "replay/engine/scope_sets.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * ENGINE_SCOPE_SETS };

struct scope_sets {
	pthread_mutex_t lock;
	struct arena arena;
	size_t words;
	uint32_t count;
	const struct scope_set *slots[SLOTS]; /* open addressing */
};

struct scope_sets *scope_sets_new(size_t words)
{
	struct scope_sets *sets = mem_alloc(sizeof *sets);
	*sets = (struct scope_sets){.words = words};
	pthread_mutex_init(&sets->lock, NULL);
	return sets;
}

void scope_sets_free(struct scope_sets *sets)
{
	if (!sets)
		return;
	pthread_mutex_destroy(&sets->lock);
	arena_free(&sets->arena);
	free(sets);
}

static size_t hash_of(const struct scope_sets *sets, const uint64_t *bits)
{
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < sets->words; i++) {
		hash = (hash ^ bits[i]) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	return (size_t)(hash % SLOTS);
}

static struct scope_set *copy_of(const struct scope_sets *sets, const uint64_t *bits, uint32_t number, struct arena *arena)
{
	struct scope_set *set = arena_alloc(arena, sizeof *set);
	uint64_t *copy = arena_array(arena, sets->words, sizeof *copy);
	memcpy(copy, bits, sets->words * sizeof *copy);
	*set = (struct scope_set){number, copy};
	return set;
}

/* With the lock held. NULL: it is new, and there is no room. */
static const struct scope_set *numbered(struct scope_sets *sets, const uint64_t *bits)
{
	size_t at = hash_of(sets, bits);
	for (; sets->slots[at]; at = (at + 1) % SLOTS)
		if (memcmp(sets->slots[at]->bits, bits, sets->words * sizeof *bits) == 0)
			return sets->slots[at];
	if (sets->count + 1 == ENGINE_SCOPE_SETS)
		return NULL;
	return sets->slots[at] = copy_of(sets, bits, ++sets->count, &sets->arena);
}

const struct scope_set *scope_sets_get(struct scope_sets *sets, const uint64_t *bits, struct arena *arena)
{
	pthread_mutex_lock(&sets->lock);
	const struct scope_set *set = numbered(sets, bits);
	pthread_mutex_unlock(&sets->lock);
	return set ? set : copy_of(sets, bits, 0, arena);
}
