/*
 * literal_table: literals of one place (the whole value, its start, its end, inside) by a key of a few of their bytes.
 *
 *   key of the value → a bit (is there such a key at all?) → groups → literals
 *
 * A group holds the literals of one key that begin equally far before it and all fold or all do not, in order of their
 * bytes (literals of an end: read backwards). Those that the value begins with are found by one search for the greatest that
 * is not above the value, and the chain of its prefixes: however many literals share a key, a look costs the logarithm
 * of their number.
 *
 *   chain of     /etc/ → /etc/cron → /etc/cron.d/        the value /etc/cron.daily/x: greatest not above it is /etc/cron.d/,
 *                                                         nine bytes are common: /etc/cron and /etc/ hold
 *
 * Where a group of literals inside has many, the gram behind what all of them begin with is asked for first: hundreds of hashes
 * behind `IMPHASH=` are told from a value's by one bit.
 */
#ifndef MEWS_LITERAL_TABLE_H
#define MEWS_LITERAL_TABLE_H

#include "replay/engine/gram.h"

/* What was found of one facet: each once. */
struct finds {
	uint32_t *stamps; /* by trigger: the last facet that it was found on */
	uint32_t epoch;
	uint32_t *found;
	size_t count;
	uint64_t compared;
};

/* false: it was found already. */
static inline bool finds_add(struct finds *finds, uint32_t trigger)
{
	if (finds->stamps[trigger] == finds->epoch)
		return false;
	finds->stamps[trigger] = finds->epoch;
	finds->found[finds->count++] = trigger;
	return true;
}

enum literal_place { LITERAL_WHOLE, LITERAL_START, LITERAL_END, LITERAL_INSIDE };

/* Bytes of a key: of the first, the last or a gram inside. A whole value's key is of all of these and the length: width 0. */
enum { KEY_WIDTHS = 5 };
extern const unsigned key_widths[KEY_WIDTHS]; /* 8, 4, 3, 2, 1 */

struct literal {
	const char *data; /* folded where its group folds */
	uint32_t length;
	uint32_t trigger;
	uint32_t parent;  /* the longest other one of the group that it begins with (an equal one too), or LITERAL_NONE */
};
#define LITERAL_NONE UINT32_MAX

struct literal_group {
	uint64_t key;
	uint32_t first, count; /* literals */
	uint32_t before;       /* bytes of them before the key */
	bool fold;
	uint32_t skip;         /* bytes that all of them begin with */
	const uint32_t *next;  /* bits by hash of the gram behind those; NULL: they are few, or one ends within it */
};

struct literal_table {
	enum literal_place place;
	unsigned width;        /* bytes of the key */
	unsigned bits_shift;   /* hash >> shift: which bit */
	unsigned starts_shift; /* hash >> shift: which groups, from starts[] of it to starts[] of the next */
	uint32_t *bits;
	uint32_t *starts;
	struct literal_group *groups; /* those of one key stand together */
	size_t group_count;
	struct literal *literals;
};

/* A literal to put in; `text` not empty (but for LITERAL_WHOLE), as long as the table's width or longer. */
struct literal_entry {
	struct text text;
	bool fold;
	uint32_t trigger;
	uint32_t before; /* LITERAL_INSIDE: where its gram stands */
};
/* All is in the arena, texts are copied. */
struct literal_table *literal_table_make(struct arena *arena, enum literal_place place, unsigned width,
	const struct literal_entry *entries, size_t count);

/* Eight bytes, the first one lowest. */
static inline uint64_t literal_load(const char *data)
{
	uint64_t bytes;
	memcpy(&bytes, data, sizeof bytes);
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
	bytes = __builtin_bswap64(bytes);
#endif
	return bytes;
}

/* START: of the value's begin; END: of its last `width` bytes. */
static inline uint64_t literal_key_edge(const char *data, unsigned width)
{
	if (width == 8)
		return literal_load(data) | UINT64_C(0x2020202020202020);
	return gram_read(data, width);
}

static inline uint64_t literal_key_whole(struct text value)
{
	uint64_t key = value.length * UINT64_C(0xC2B2AE3D27D4EB4F);
	if (value.length >= 8) {
		uint64_t last = literal_key_edge(value.data + value.length - 8, 8) * UINT64_C(0x9FB21C651E98DF25);
		return key + literal_key_edge(value.data, 8) + (last ^ last >> 32);
	}
	if (value.length >= 4)
		return key ^ (literal_key_edge(value.data, 4) | literal_key_edge(value.data + value.length - 4, 4) << 32);
	return key ^ literal_key_edge(value.data, (unsigned)value.length);
}

static inline uint32_t literal_hash(enum literal_place place, uint64_t key)
{
	return place == LITERAL_INSIDE ? gram_hash((uint32_t)key) : (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> 32);
}

/* Is there a literal with a key of that hash? By the table's bits and their shift. */
static inline bool literal_bit(const uint32_t *bits, unsigned shift, uint32_t hash)
{
	uint32_t bit = hash >> shift;
	return bits[bit / 32] >> bit % 32 & 1;
}

/* Finds the literals with that key that hold where it stands in the value: at `at` (INSIDE; else it does not count). */
void literal_table_find(const struct literal_table *table, uint64_t key, uint32_t hash, struct text value, size_t at,
	struct finds *finds);

#endif
