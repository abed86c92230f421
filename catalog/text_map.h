/*
 * text_map: texts → numbers, for what would else be looked for from the front each time.
 *
 * A number is 0 until it is set, so that a map serves as a set, as a counter and as an index of places counted from 1:
 *
 *   struct text_map seen = {.arena = &arena};
 *
 *   for (size_t i = 0; i < count; i++)
 *   	if ((*text_map_at(&seen, names[i]))++ > 0)
 *   		…a name that was there before…
 *
 * Texts are kept as they are: their bytes must live as long. What text_map_at gave is good until the next text is added.
 */
#ifndef MEWS_TEXT_MAP_H
#define MEWS_TEXT_MAP_H

#include "catalog/text.h"

struct text_map {
	struct arena *arena;
	struct text_map_slot *slots; /* NULL: empty */
	size_t count, mask;
};

/* The text's number, which is the caller's to change; added as 0 where it was not there. */
size_t *text_map_at(struct text_map *map, struct text text);
/* The text's number; 0 where it is not there. Adds nothing. */
size_t text_map_get(const struct text_map *map, struct text text);

#endif
