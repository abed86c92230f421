/* slots: open addressing, at most half full (see slots.h). */
#include "replay/engine/slots.h"

#include "catalog/arena.h"

#include <stdlib.h>
#include <string.h>

enum { ROOM_FIRST = 256 };

static struct number_slot *free_slot(struct slots *slots, uint32_t hash)
{
	size_t at = hash & (slots->room - 1);
	while (slots->items[at].number)
		at = (at + 1) & (slots->room - 1);
	return &slots->items[at];
}

static void grow(struct slots *slots)
{
	struct slots larger = {.room = slots->room ? slots->room * 2 : ROOM_FIRST, .count = slots->count};
	larger.items = memset(mem_alloc(larger.room * sizeof *larger.items), 0, larger.room * sizeof *larger.items);
	for (size_t i = 0; i < slots->room; i++)
		if (slots->items[i].number)
			*free_slot(&larger, slots->items[i].hash) = slots->items[i];
	free(slots->items);
	*slots = larger;
}

const struct number_slot *slots_at(struct slots *slots, uint32_t hash)
{
	if (2 * (slots->count + 1) > slots->room)
		grow(slots);
	return &slots->items[hash & (slots->room - 1)];
}

void slots_add(struct slots *slots, uint32_t hash, uint32_t number)
{
	*free_slot(slots, hash) = (struct number_slot){hash, number + 1};
	slots->count++;
}

void slots_free(struct slots *slots)
{
	free(slots->items);
	*slots = (struct slots){0};
}
