/* value_memo: one place for each hash; what falls upon another takes its place. See value_memo.h. */
#include "replay/engine/value_memo.h"

#include "catalog/arena.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLACES = 1024,     /* values at most */
	UNITS = 6 << 10,   /* of eight bytes: of their texts and what holds on them; when they are used up, all is forgotten */
	TRIGGERS_OF_ONE = 64,
	TRIAL = 512,       /* values after which it is seen whether it is worth it */
	REST = 1 << 14     /* … and where it was not, so many are let by */
};

/* Small, so that all of them stay in the nearest cache. */
struct place {
	uint32_t tag;   /* of the hash; 0: free */
	uint32_t first; /* unit: where the entry begins */
};

/* All that is known of a value stands together: struct recalled, its triggers, then the text. */
struct value_memo_room {
	size_t unit_count;
	struct place places[PLACES];
	uint64_t units[UNITS];
};

void value_memo_free(struct value_memo *memo)
{
	free(memo->room);
	*memo = (struct value_memo){0};
}

/* So many bytes from there, by one factor of its own for each place. */
static inline uint64_t part_of(const char *data, size_t bytes, uint64_t factor)
{
	uint64_t word = 0;
	memcpy(&word, data, bytes);
	return (word ^ word >> 31) * factor;
}

enum { WORD = 8, HALF = 4 };

/* Of longer values of those bytes at the end, where paths differ most, and in the middle: what shares them shares a place, and is
 * told by its text. Lengths come as they will, so that few of them are told apart by a branch. Never 0. */
static uint64_t hash_of(struct text value)
{
	const char *begin = value.data, *end = value.data + value.length;
	uint64_t hash = value.length * UINT64_C(0xC2B2AE3D27D4EB4F);
	if (value.length >= WORD) {
		size_t longer = value.length - WORD, next = longer < WORD ? longer : WORD;
		hash += part_of(begin + longer / 2, WORD, UINT64_C(0x9E3779B97F4A7C15))
			+ part_of(end - WORD - next, WORD, UINT64_C(0xD6E8FEB86659FD93))
			+ part_of(end - WORD, WORD, UINT64_C(0x9FB21C651E98DF25));
	} else if (value.length >= HALF) {
		hash += part_of(begin, HALF, UINT64_C(0x9E3779B97F4A7C15)) + part_of(end - HALF, HALF, UINT64_C(0x9FB21C651E98DF25));
	} else {
		hash += part_of(begin, 1, UINT64_C(0x9E3779B97F4A7C15))
			+ part_of(begin + value.length / 2, 1, UINT64_C(0xD6E8FEB86659FD93))
			+ part_of(end - 1, 1, UINT64_C(0x9FB21C651E98DF25));
	}
	hash = (hash ^ hash >> 32) * UINT64_C(0xFF51AFD7ED558CCD);
	return (hash ^ hash >> 32) | UINT64_C(1) << 63;
}

static struct place *place_of(struct value_memo_room *room, uint64_t hash)
{
	return &room->places[hash % PLACES];
}

/* Never 0. */
static uint32_t tag_of(uint64_t hash)
{
	return (uint32_t)(hash >> 32);
}

static struct recalled *entry_at(struct value_memo_room *room, uint32_t first)
{
	return (struct recalled *)(void *)&room->units[first];
}

static char *text_of_entry(struct recalled *entry)
{
	return (char *)(entry->triggers + entry->count);
}

/* After a trial: does it go on? A third of the values known is worth it. */
static void judge(struct value_memo *memo)
{
	if (3 * memo->known < memo->asked)
		memo->rest = REST;
	memo->asked = memo->known = 0;
}

static void forget_all(struct value_memo_room *room)
{
	memset(room->places, 0, sizeof room->places);
	room->unit_count = 0;
}

static struct value_memo_room *room_of(struct value_memo *memo)
{
	if (!memo->room) {
		memo->room = mem_alloc(sizeof *memo->room);
		forget_all(memo->room);
	}
	return memo->room;
}

struct recalled *value_memo_look(struct value_memo *memo, struct text value)
{
	if (memo->asked == TRIAL)
		judge(memo);
	memo->asked++;
	memo->at = 0;
	if (value.length > VALUE_MEMO_LONGEST || !value.length)
		return NULL;
	memo->at = hash_of(value);
	struct value_memo_room *room = room_of(memo);
	const struct place *place = place_of(room, memo->at);
	if (place->tag != tag_of(memo->at))
		return NULL;
	struct recalled *entry = entry_at(room, place->first);
	if (entry->length != value.length || memcmp(text_of_entry(entry), value.data, value.length) != 0)
		return NULL;
	memo->known++;
	return entry;
}

struct recalled *value_memo_store(struct value_memo *memo, struct text value, const uint32_t *triggers, size_t count,
	uint64_t compared)
{
	struct value_memo_room *room = memo->room;
	struct recalled recalled = {.length = (uint32_t)value.length, .count = (uint32_t)count, .compared = (uint32_t)compared};
	size_t units = (sizeof recalled + count * sizeof *triggers + value.length + sizeof *room->units - 1) / sizeof *room->units;
	if (!memo->at || count > TRIGGERS_OF_ONE || compared > UINT32_MAX)
		return NULL;
	if (room->unit_count + units > UNITS)
		forget_all(room);
	struct recalled *entry = entry_at(room, (uint32_t)room->unit_count);
	*place_of(room, memo->at) = (struct place){tag_of(memo->at), (uint32_t)room->unit_count};
	room->unit_count += units;
	*entry = recalled;
	if (count)
		memcpy(entry->triggers, triggers, count * sizeof *triggers);
	memcpy(text_of_entry(entry), value.data, value.length);
	return entry;
}
