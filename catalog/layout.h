/*
 * layout: which fields a facet has, and in which order; one for all facets that are alike in that.
 *
 *   process.pid process.name                  layout 1
 *   process.pid process.name user.name        layout 2: follows on layout 1 by user.name
 *   process.name process.pid                  layout 3
 *
 * One producer's events have few layouts. A facet that is made by a recipe (replay/readers/recipe.h) points to the places of
 * its layout and has none of its own: nothing is copied for it, the table stays in the nearest cache, and what follows from
 * the fields alone is kept by the layout's number (replay/engine/facet_form.h). Where the facet gets one more field it goes on
 * with the layout that follows by that one.
 *
 * A layout never changes. Any thread; they live as long as the registry. There are LAYOUTS_MAX at most, so that records that
 * are all different cost no more memory than others: then facets have places of their own.
 */
#ifndef MEWS_LAYOUT_H
#define MEWS_LAYOUT_H

#include "catalog/arena.h"

#include <stdatomic.h>
#include <stdint.h>

enum { LAYOUTS_MAX = 1024 };

struct layout {
	uint32_t number;       /* from 1 on */
	unsigned last;         /* the field by which it follows on the one before */
	struct layout *beside; /* another one that follows on the same */
	_Atomic(struct layout *) follow; /* the newest that follows on it */
	uint16_t position[];   /* [fields]: 0 missing, else 1 + index among the facet's entries */
};

struct layouts;

/* Freed with the arena. */
struct layouts *layouts_new(struct arena *arena);
/* The one with these places, of so many fields; NULL: there is no room for it, or others were of another number of fields.
 * `layouts` may be NULL. */
const struct layout *layouts_get(struct layouts *layouts, const uint16_t *position, size_t fields);
/* The one that has the field as its next entry, the `count`th; NULL where there are LAYOUTS_MAX, and nobody asked for it before
 * that. */
const struct layout *layouts_follow(struct layouts *layouts, const struct layout *layout, unsigned field, size_t count);

/* The same where somebody asked for it before; else NULL. */
static inline const struct layout *layout_follow(const struct layout *layout, unsigned field)
{
	const struct layout *follow = atomic_load_explicit(&layout->follow, memory_order_acquire);
	while (follow && follow->last != field)
		follow = follow->beside;
	return follow;
}

#endif
