/*
 * found: values as a reader finds them in its source, by the numbers of a plan's names (record_plan.h): what a record is made of
 * (record_add_number), or an event without one (recipes.h).
 */
#ifndef MEWS_FOUND_H
#define MEWS_FOUND_H

#include "catalog/text.h"

struct found {
	struct text value; /* data NULL: an array that is empty */
	uint16_t number;   /* of the name, in the plan; not 0 */
	uint32_t part;     /* 1 + position among the parts; 0: of the record itself */
};

/* Kept from record to record. */
struct found_list {
	struct found *items;
	size_t count, capacity;
};
void found_grow(struct found_list *list);

static inline void found_add(struct found_list *list, struct text value, unsigned number, uint32_t part)
{
	if (list->count == list->capacity)
		found_grow(list);
	list->items[list->count++] = (struct found){value, (uint16_t)number, part};
}

#endif
