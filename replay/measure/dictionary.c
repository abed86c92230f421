/* dictionary: see dictionary.h. */
#include "replay/measure/dictionary.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_SIZE = 64 };

static struct dictionary_entry *slot_of(const struct dictionary *d, struct text key, uint64_t hash)
{
	size_t at = (size_t)hash & (d->size - 1);
	while (d->slots[at].number && (d->slots[at].hash != hash || !text_equal(d->slots[at].key, key)))
		at = (at + 1) & (d->size - 1);
	return &d->slots[at];
}

static void enlarge(struct dictionary *d)
{
	struct dictionary_entry *old = d->slots;
	const size_t size = d->size;
	d->size = size ? 2 * size : FIRST_SIZE;
	d->slots = memset(mem_alloc(d->size * sizeof *d->slots), 0, d->size * sizeof *d->slots);
	for (size_t i = 0; i < size; i++)
		if (old[i].number)
			*slot_of(d, old[i].key, old[i].hash) = old[i];
	free(old);
}

static void forget(struct dictionary *d)
{
	arena_reset(&d->arena);
	memset(d->slots, 0, d->size * sizeof *d->slots);
	d->count = 0;
}

uint64_t dictionary_number(struct dictionary *d, struct text key, bool *added)
{
	const uint64_t hash = text_hash(key);
	if (d->count == DICTIONARY_KEYS)
		forget(d);
	if (2 * d->count >= d->size)
		enlarge(d);
	struct dictionary_entry *entry = slot_of(d, key, hash);
	*added = !entry->number;
	if (*added) {
		*entry = (struct dictionary_entry){text_copy(&d->arena, key), hash, ++d->newest};
		d->count++;
	}
	return entry->number;
}

void dictionary_free(struct dictionary *d)
{
	arena_free(&d->arena);
	free(d->slots);
	*d = (struct dictionary){0};
}
