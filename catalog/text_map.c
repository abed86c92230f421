/* text_map: open addressing in a table of a power of two, never more than half full. */
#include "catalog/text_map.h"

enum { FIRST_SLOTS = 64 };

struct text_map_slot {
	uint64_t hash;
	struct text text;
	size_t number;
	bool used; /* the empty text is a text too */
};

/* The slot of a text, or the free one where it would go. */
static struct text_map_slot *slot_of(const struct text_map *map, struct text text, uint64_t hash)
{
	size_t at = hash & map->mask;
	while (map->slots[at].used && (map->slots[at].hash != hash || !text_equal(map->slots[at].text, text)))
		at = (at + 1) & map->mask;
	return &map->slots[at];
}

static void resize(struct text_map *map)
{
	const struct text_map_slot *old = map->slots;
	size_t before = old ? map->mask + 1 : 0, size = old ? before * 2 : FIRST_SLOTS;
	map->slots = arena_array(map->arena, size, sizeof *map->slots);
	map->mask = size - 1;
	for (size_t i = 0; i < before; i++)
		if (old[i].used)
			*slot_of(map, old[i].text, old[i].hash) = old[i];
}

size_t *text_map_at(struct text_map *map, struct text text)
{
	uint64_t hash = text_hash(text);
	if (!map->slots || map->count * 2 > map->mask)
		resize(map);
	struct text_map_slot *slot = slot_of(map, text, hash);
	if (!slot->used) {
		*slot = (struct text_map_slot){hash, text, 0, true};
		map->count++;
	}
	return &slot->number;
}

size_t text_map_get(const struct text_map *map, struct text text)
{
	return map->slots ? slot_of(map, text, text_hash(text))->number : 0;
}
