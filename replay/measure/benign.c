/* benign: counts by scope set, hour and audience, and what becomes of them (see benign.h). */
#include "replay/measure/benign.h"
#include "replay/engine/plan.h"

#include <stdlib.h>
#include <string.h>

/* Events of one bin in one hour. */
struct cell {
	int64_t key;
	uint64_t count;
	uint64_t first;          /* which of the dataset's events was the first */
	struct bin *bin;
	struct cell *next;       /* of the bin */
};

/* What is counted together: a scope set for an audience; or, of sets without a number, one detection, or what a side monitors. */
struct bin {
	const uint64_t *bits;    /* over detections; NULL: only what follows */
	size_t detection;        /* `detections`: what `side` monitors */
	size_t side;
	uint32_t audience;
	struct cell *newest;     /* which was counted in last */
	struct cell *cells;
};

struct audience {
	uint64_t *sides;
	struct bin *numbered[ENGINE_SCOPE_SETS];
	struct bin **loose;      /* [detections + sides]; NULL until one is needed */
};

struct benign {
	size_t detections, words, sides, side_words;
	const uint64_t *const *monitored;
	struct arena arena;      /* the dataset's */
	struct audience **audiences; /* number 1 is the first */
	size_t audience_count;
	struct bin **bins;
	size_t bin_count;
	struct cell **table;     /* open addressing by bin and hour */
	size_t table_size, cell_count;
	uint64_t events;
	/* while lists are made */
	size_t *group;           /* [detections]: those with the same bins so far */
	size_t *renamed;         /* [2 * detections]: what becomes of a group */
	const struct hour_list **made; /* [sides]: lists of the sides before, [detections] each */
};

struct benign *benign_new(size_t detections, const uint64_t *const *monitored, size_t sides)
{
	struct benign *b = mem_alloc(sizeof *b);
	*b = (struct benign){.detections = detections, .words = bits_words(detections) + (detections == 0), .sides = sides,
		.side_words = bits_words(sides), .monitored = monitored};
	b->group = mem_alloc((detections + 1) * sizeof *b->group);
	b->renamed = mem_alloc((2 * detections + 2) * sizeof *b->renamed);
	return b;
}

void benign_free(struct benign *b)
{
	if (!b)
		return;
	arena_free(&b->arena);
	free(b->table);
	free(b->group);
	free(b->renamed);
	free(b);
}

void benign_begin(struct benign *b)
{
	arena_reset(&b->arena);
	b->audiences = NULL;
	b->bins = NULL;
	b->made = NULL;
	b->audience_count = b->bin_count = b->cell_count = 0;
	b->events = 0;
	if (b->table_size)
		memset(b->table, 0, b->table_size * sizeof(struct cell *));
}

uint32_t benign_audience(struct benign *b, const uint64_t *sides)
{
	bool any = false;
	for (size_t i = 0; i < b->side_words; i++)
		any = any || sides[i];
	if (!any)
		return 0;
	for (size_t i = 0; i < b->audience_count; i++)
		if (memcmp(b->audiences[i]->sides, sides, b->side_words * sizeof *sides) == 0)
			return (uint32_t)i + 1;
	struct audience *audience = arena_alloc(&b->arena, sizeof *audience);
	*audience = (struct audience){.sides = arena_array(&b->arena, b->side_words, sizeof *sides)};
	memcpy(audience->sides, sides, b->side_words * sizeof *sides);
	b->audiences = arena_grow(&b->arena, b->audiences, b->audience_count, sizeof(struct audience *));
	b->audiences[b->audience_count++] = audience;
	return (uint32_t)b->audience_count;
}

bool benign_includes(const struct benign *b, uint32_t audience, size_t side)
{
	return audience && bits_get(b->audiences[audience - 1]->sides, side);
}

/* Counting */

static size_t slot_of(const struct benign *b, const struct bin *bin, int64_t key)
{
	uint64_t hash = ((uint64_t)(uintptr_t)bin ^ (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xff51afd7ed558ccd);
	size_t at = (size_t)(hash >> 32) & (b->table_size - 1);
	while (b->table[at] && (b->table[at]->bin != bin || b->table[at]->key != key))
		at = (at + 1) & (b->table_size - 1);
	return at;
}

static void enlarge(struct benign *b)
{
	struct cell **old = b->table;
	size_t size = b->table_size;
	b->table_size = size ? 2 * size : 256;
	b->table = memset(mem_alloc(b->table_size * sizeof(struct cell *)), 0, b->table_size * sizeof(struct cell *));
	for (size_t i = 0; i < size; i++)
		if (old[i])
			b->table[slot_of(b, old[i]->bin, old[i]->key)] = old[i];
	free(old);
}

static struct cell *cell_of(struct benign *b, struct bin *bin, int64_t key)
{
	if (2 * b->cell_count >= b->table_size)
		enlarge(b);
	size_t at = slot_of(b, bin, key);
	if (b->table[at])
		return b->table[at];
	struct cell *cell = arena_alloc(&b->arena, sizeof *cell);
	*cell = (struct cell){.key = key, .first = b->events, .bin = bin, .next = bin->cells};
	bin->cells = cell;
	b->cell_count++;
	return b->table[at] = cell;
}

static void count_in(struct benign *b, struct bin *bin, int64_t key)
{
	if (!bin->newest || bin->newest->key != key)
		bin->newest = cell_of(b, bin, key);
	bin->newest->count++;
}

static struct bin *add_bin(struct benign *b, struct bin like)
{
	struct bin *bin = arena_alloc(&b->arena, sizeof *bin);
	*bin = like;
	b->bins = arena_grow(&b->arena, b->bins, b->bin_count, sizeof(struct bin *));
	b->bins[b->bin_count++] = bin;
	return bin;
}

static void count_loose(struct benign *b, uint32_t number, size_t at, int64_t key)
{
	struct audience *audience = b->audiences[number - 1];
	if (!audience->loose)
		audience->loose = arena_array(&b->arena, b->detections + b->sides, sizeof(struct bin *));
	if (!audience->loose[at])
		audience->loose[at] = add_bin(b, (struct bin){.audience = number,
			.detection = at < b->detections ? at : b->detections, .side = at < b->detections ? 0 : at - b->detections});
	count_in(b, audience->loose[at], key);
}

static bool meet(const uint64_t *a, const uint64_t *b, size_t words)
{
	for (size_t i = 0; i < words; i++)
		if (a[i] & b[i])
			return true;
	return false;
}

void benign_count(struct benign *b, uint32_t audience, const struct scope_set *scope, int64_t key)
{
	if (!audience)
		return;
	b->events++;
	if (scope->number) {
		struct bin **bin = &b->audiences[audience - 1]->numbered[scope->number];
		if (!*bin)
			*bin = add_bin(b, (struct bin){.bits = scope->bits, .audience = audience});
		count_in(b, *bin, key);
		return;
	}
	for (size_t i = 0; i < b->detections; i++)
		if (bits_get(scope->bits, i))
			count_loose(b, audience, i, key);
	for (size_t i = 0; i < b->sides; i++)
		if (benign_includes(b, audience, i) && meet(scope->bits, b->monitored[i], b->words))
			count_loose(b, audience, b->detections + i, key);
}

/* Spreading */

static int by_key(const void *left, const void *right)
{
	const struct cell *a = left, *b = right;
	return (a->key > b->key) - (a->key < b->key);
}

static int by_first(const void *left, const void *right)
{
	const struct cell *a = left, *b = right;
	return (a->first > b->first) - (a->first < b->first);
}

/* The cells as hours, equal ones together, in the order of their first events. */
static const struct hour_list *list_of(struct cell *cells, size_t count, struct arena *arena)
{
	size_t kept = 0;
	if (!count)
		return NULL;
	qsort(cells, count, sizeof *cells, by_key);
	for (size_t i = 1; i < count; i++) {
		if (cells[i].key != cells[kept].key) {
			cells[++kept] = cells[i];
			continue;
		}
		cells[kept].count += cells[i].count;
		cells[kept].first = cells[i].first < cells[kept].first ? cells[i].first : cells[kept].first;
	}
	qsort(cells, ++kept, sizeof *cells, by_first);
	struct hour *hours = arena_array(arena, kept, sizeof *hours);
	for (size_t i = 0; i < kept; i++)
		hours[i] = (struct hour){.key = cells[i].key, .denominator = cells[i].count};
	struct hour_list *list = arena_alloc(arena, sizeof *list);
	*list = (struct hour_list){hours, kept};
	return list;
}

static void collect(const struct bin *bin, struct cell *cells, size_t *count)
{
	for (const struct cell *cell = bin->cells; cell; cell = cell->next)
		cells[(*count)++] = *cell;
}

static bool holds(const struct benign *b, const struct bin *bin, size_t detection)
{
	return bin->bits ? bits_get(bin->bits, detection) : bin->detection == detection && detection < b->detections;
}

/* Numbers groups of detections that stand in the same of the side's bins. */
static size_t group_detections(struct benign *b, size_t side)
{
	size_t groups = 1;
	memset(b->group, 0, (b->detections + 1) * sizeof *b->group);
	for (size_t i = 0; i < b->bin_count; i++) {
		size_t before = groups;
		if (!benign_includes(b, b->bins[i]->audience, side))
			continue;
		memset(b->renamed, 0, before * sizeof *b->renamed);
		for (size_t k = 0; k < b->detections; k++) {
			if (!holds(b, b->bins[i], k))
				continue;
			size_t *renamed = &b->renamed[b->group[k]];
			if (!*renamed)
				*renamed = groups++;
			b->group[k] = *renamed;
		}
		/* Groups that went over whole leave their numbers empty: close the gaps. */
		memset(b->renamed, 0xff, groups * sizeof *b->renamed);
		groups = 0;
		for (size_t k = 0; k < b->detections; k++) {
			size_t *renamed = &b->renamed[b->group[k]];
			if (*renamed == SIZE_MAX)
				*renamed = groups++;
			b->group[k] = *renamed;
		}
		groups += groups == 0;
	}
	return groups;
}

static void list_detections(struct benign *b, size_t side, struct cell *cells, struct arena *arena,
	const struct hour_list **lists)
{
	size_t groups = group_detections(b, side);
	const struct hour_list **of_group = arena_array(&b->arena, groups, sizeof(struct hour_list *));
	bool *known = arena_array(&b->arena, groups, sizeof *known);
	for (size_t i = 0; i < b->detections; i++) {
		size_t group = b->group[i], count = 0;
		if (!known[group]) {
			for (size_t k = 0; k < b->bin_count; k++)
				if (benign_includes(b, b->bins[k]->audience, side) && holds(b, b->bins[k], i))
					collect(b->bins[k], cells, &count);
			of_group[group] = list_of(cells, count, arena);
			known[group] = true;
		}
		lists[i] = of_group[group];
	}
}

static bool alike(const struct benign *b, size_t one, size_t other)
{
	for (uint32_t i = 1; i <= b->audience_count; i++)
		if (benign_includes(b, i, one) != benign_includes(b, i, other))
			return false;
	return true;
}

void benign_lists(struct benign *b, size_t side, struct arena *arena, const struct hour_list **lists)
{
	struct cell *cells = mem_alloc((b->cell_count + 1) * sizeof *cells);
	size_t same = 0, count = 0;
	if (!b->made)
		b->made = arena_array(&b->arena, b->sides * b->detections + 1, sizeof(struct hour_list *));
	while (same < side && !alike(b, same, side))
		same++;
	if (same < side)
		memcpy(lists, b->made + same * b->detections, b->detections * sizeof(struct hour_list *));
	else
		list_detections(b, side, cells, arena, lists);
	memcpy(b->made + side * b->detections, lists, b->detections * sizeof(struct hour_list *));
	for (size_t i = 0; i < b->bin_count; i++) {
		const struct bin *bin = b->bins[i];
		bool mine = benign_includes(b, bin->audience, side) && (bin->bits ? meet(bin->bits, b->monitored[side], b->words)
			: bin->detection == b->detections && bin->side == side);
		if (mine)
			collect(bin, cells, &count);
	}
	lists[b->detections] = list_of(cells, count, arena);
	free(cells);
}
