/* delta: see delta.h. */
#include "cli/delta.h"

#include "catalog/arena.h"

#include <stdlib.h>
#include <string.h>

struct delta {
	size_t *items, *part; /* part: room for as many */
	size_t count;
	delta_shows *shows;
	void *context;
};

/* Piece `at` of `pieces`, or all but it. How many items that are. */
static size_t take(struct delta *d, size_t pieces, size_t at, bool others)
{
	const size_t from = at * d->count / pieces, to = (at + 1) * d->count / pieces;
	size_t count = 0;
	for (size_t i = 0; i < d->count; i++)
		if ((i >= from && i < to) != others)
			d->part[count++] = d->items[i];
	return count;
}

/* Does a piece show it (or what is left without one)? Then that is what remains. */
static bool reduce(struct delta *d, size_t pieces, bool others)
{
	for (size_t i = 0; i < pieces; i++) {
		const size_t count = take(d, pieces, i, others);
		if (count == d->count || !d->shows(d->context, d->part, count))
			continue;
		memcpy(d->items, d->part, count * sizeof *d->items);
		d->count = count;
		return true;
	}
	return false;
}

size_t delta_minimise(size_t *items, size_t count, delta_shows *shows, void *context)
{
	struct delta d = {items, mem_alloc((count + 1) * sizeof *items), count, shows, context};
	size_t pieces = 2;
	while (d.count > 1) {
		if (reduce(&d, pieces, false))
			pieces = 2;
		else if (pieces > 2 && reduce(&d, pieces, true))
			pieces = pieces - 1 < d.count ? pieces - 1 : d.count;
		else if (pieces == d.count)
			break;
		else
			pieces = 2 * pieces < d.count ? 2 * pieces : d.count;
	}
	free(d.part);
	return d.count;
}
