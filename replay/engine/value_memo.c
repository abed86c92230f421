/* value_memo: one place for each hash; what falls upon another takes its place. See value_memo.h. */
#include "replay/engine/value_memo.h"

#include "catalog/arena.h"

#include <stdlib.h>
#include <string.h>

enum {
	PLACES = 1024,      /* values at most */
	BYTES = 32 << 10,   /* of their texts; when they are used up, all is forgotten */
	TRIGGERS = 4 << 10, /* … and of what holds on them */
	TRIGGERS_OF_ONE = 64,
	TRIAL = 512,        /* values after which it is seen whether it is worth it */
	REST = 1 << 14      /* … and where it was not, so many are let by */
};

struct place {
	uint64_t hash; /* 0: free */
	const char *text;
	uint32_t length;
	struct recalled recalled;
};

struct value_memo_room {
	size_t byte_count, trigger_count;
	struct place places[PLACES];
	uint32_t triggers[TRIGGERS];
	char bytes[BYTES];
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

/* Of all bytes of most values, of longer ones of those at both ends and in the middle: what shares them shares a place,
 * and is told by its text. Never 0. */
static uint64_t hash_of(struct text value)
{
	const char *begin = value.data, *end = value.data + value.length, *middle = begin + value.length / 2;
	uint64_t hash = value.length * UINT64_C(0xC2B2AE3D27D4EB4F);
	if (value.length >= 2 * WORD) {
		hash += part_of(begin, WORD, UINT64_C(0x9E3779B97F4A7C15))
			+ part_of(begin + WORD, WORD, UINT64_C(0xD6E8FEB86659FD93));
		hash += part_of(middle - WORD, WORD, UINT64_C(0xA24BAED4963EE407))
			+ part_of(middle, WORD, UINT64_C(0x8EBC6AF09C88C6E3));
		hash += part_of(end - 2 * WORD, WORD, UINT64_C(0x589965CC75374CC3))
			+ part_of(end - WORD, WORD, UINT64_C(0x9FB21C651E98DF25));
	} else if (value.length >= WORD) {
		hash += part_of(begin, WORD, UINT64_C(0x9E3779B97F4A7C15))
			+ part_of(end - WORD, WORD, UINT64_C(0x9FB21C651E98DF25));
	} else if (value.length >= HALF) {
		hash += part_of(begin, HALF, UINT64_C(0x9E3779B97F4A7C15)) + part_of(end - HALF, HALF, UINT64_C(0x9FB21C651E98DF25));
	} else {
		hash += part_of(begin, 1, UINT64_C(0x9E3779B97F4A7C15)) + part_of(middle, 1, UINT64_C(0xD6E8FEB86659FD93))
			+ part_of(end - 1, 1, UINT64_C(0x9FB21C651E98DF25));
	}
	hash = (hash ^ hash >> 32) * UINT64_C(0xFF51AFD7ED558CCD);
	return (hash ^ hash >> 32) | UINT64_C(1) << 63;
}

static struct place *place_of(struct value_memo_room *room, uint64_t hash)
{
	return &room->places[hash % PLACES];
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
	room->byte_count = room->trigger_count = 0;
}

static struct value_memo_room *room_of(struct value_memo *memo)
{
	if (!memo->room) {
		memo->room = mem_alloc(sizeof *memo->room);
		forget_all(memo->room);
	}
	return memo->room;
}

const struct recalled *value_memo_look(struct value_memo *memo, struct text value)
{
	if (memo->asked == TRIAL)
		judge(memo);
	memo->asked++;
	memo->at = 0;
	if (value.length > VALUE_MEMO_LONGEST || !value.length)
		return NULL;
	memo->at = hash_of(value);
	const struct place *place = place_of(room_of(memo), memo->at);
	if (place->hash != memo->at || place->length != value.length || memcmp(place->text, value.data, value.length) != 0)
		return NULL;
	memo->known++;
	return &place->recalled;
}

void value_memo_store(struct value_memo *memo, struct text value, const uint32_t *triggers, size_t count, uint64_t compared)
{
	struct value_memo_room *room = memo->room;
	if (!memo->at || count > TRIGGERS_OF_ONE || compared > UINT32_MAX)
		return;
	if (room->byte_count + value.length > BYTES || room->trigger_count + count > TRIGGERS)
		forget_all(room);
	char *text = room->bytes + room->byte_count;
	uint32_t *kept = room->triggers + room->trigger_count;
	memcpy(text, value.data, value.length);
	if (count)
		memcpy(kept, triggers, count * sizeof *kept);
	room->byte_count += value.length;
	room->trigger_count += count;
	struct recalled recalled = {kept, (uint32_t)count, (uint32_t)compared};
	*place_of(room, memo->at) = (struct place){memo->at, text, (uint32_t)value.length, recalled};
}
