/*
 * slots: numbers of things that stand elsewhere, found by the hash of the thing. What is not equal is told by the hash that
 * stands beside the number, nearly always: things are only looked at where they are equal, and never when the table grows.
 *
 *   for (const struct number_slot *slot = slots_at(&slots, hash); slot->number; slot = slots_next(&slots, slot))
 *           if (slot->hash == hash && is_same(&items[slot->number - 1], item))
 *                   return slot->number - 1;
 *   slots_add(&slots, hash, count);
 *
 * Zeroes are an empty table.
 */
#ifndef MEWS_SLOTS_H
#define MEWS_SLOTS_H

#include <stddef.h>
#include <stdint.h>

struct number_slot {
	uint32_t hash, number; /* 1 + number; 0: free */
};

struct slots {
	struct number_slot *items;
	size_t room, count; /* room: a power of two, or 0 */
};

/* Where a thing of that hash stands, if it is there: that slot or one of those that follow, up to a free one. Makes room for one
 * more. */
const struct number_slot *slots_at(struct slots *slots, uint32_t hash);
static inline const struct number_slot *slots_next(const struct slots *slots, const struct number_slot *slot)
{
	return slot + 1 < slots->items + slots->room ? slot + 1 : slots->items;
}
/* A thing that is not there. */
void slots_add(struct slots *slots, uint32_t hash, uint32_t number);
void slots_free(struct slots *slots);

#endif
