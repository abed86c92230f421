/* bytes: words of eight bytes (see bytes.h). Nothing here depends on their order in memory. */
#include "replay/engine/bytes.h"

#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define ONES UINT64_C(0x0101010101010101)
#define TOPS UINT64_C(0x8080808080808080)
enum { WORD = 8 };

static uint64_t word_at(const char *data)
{
	uint64_t word;
	memcpy(&word, data, sizeof word);
	return word;
}

/* A … Z in small letters, all else as it is. */
static uint64_t fold_word(uint64_t word)
{
	uint64_t low = word & ~TOPS;
	uint64_t from_a = low + ONES * (0x80 - 'A'), behind_z = low + ONES * (0x7f - 'Z');
	return word | (((from_a ^ behind_z) & ~word & TOPS) >> 2);
}

static char fold_byte(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

struct text bytes_fold(struct arena *arena, struct text text, bool fold)
{
	return fold ? text_fold(arena, text) : text_copy(arena, text);
}

static bool same_folded(const char *value, const char *literal, size_t length)
{
	if (length < WORD) {
		for (size_t i = 0; i < length; i++)
			if (fold_byte(value[i]) != literal[i])
				return false;
		return true;
	}
	for (size_t i = 0; i + WORD <= length; i += WORD)
		if (fold_word(word_at(value + i)) != word_at(literal + i))
			return false;
	return fold_word(word_at(value + length - WORD)) == word_at(literal + length - WORD);
}

bool bytes_same(const char *value, const char *literal, size_t length, bool fold)
{
	return fold ? same_folded(value, literal, length) : !length || memcmp(value, literal, length) == 0;
}

bool bytes_equal(struct text value, struct text literal, bool fold)
{
	return value.length == literal.length && bytes_same(value.data, literal.data, literal.length, fold);
}

/* The first place from `at` to before `end` where the literal stands, or SIZE_MAX. Its ends are looked at first. */
static size_t find_between(const char *value, size_t at, size_t end, struct text literal, bool fold)
{
	char first = literal.data[0], last = literal.data[literal.length - 1];
	for (; at < end; at++) {
		char begin = value[at], close = value[at + literal.length - 1];
		if (fold ? fold_byte(begin) != first || fold_byte(close) != last : begin != first || close != last)
			continue;
		if (bytes_same(value + at, literal.data, literal.length, fold))
			return at;
	}
	return SIZE_MAX;
}

#if defined(__SSE2__)
enum { BLOCK = 16 };

static __m128i block_at(const char *data, __m128i either)
{
	return _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)data), either);
}

/* The same of sixteen places and more: those whose ends look right are compared. The last block overlaps the one before. */
static size_t find_in_blocks(const char *value, size_t end, struct text literal, bool fold)
{
	const char *close = value + literal.length - 1;
	__m128i either = _mm_set1_epi8(fold ? 0x20 : 0);
	__m128i first = _mm_or_si128(_mm_set1_epi8(literal.data[0]), either);
	__m128i last = _mm_or_si128(_mm_set1_epi8(literal.data[literal.length - 1]), either);
	for (size_t at = 0; at < end; at += BLOCK) {
		size_t from = at + BLOCK <= end ? at : end - BLOCK;
		__m128i same = _mm_and_si128(_mm_cmpeq_epi8(block_at(value + from, either), first),
			_mm_cmpeq_epi8(block_at(close + from, either), last));
		for (unsigned found = (unsigned)_mm_movemask_epi8(same); found; found &= found - 1) {
			size_t place = from + (unsigned)__builtin_ctz(found);
			if (bytes_same(value + place, literal.data, literal.length, fold))
				return place;
		}
	}
	return SIZE_MAX;
}
#endif

size_t bytes_find(struct text value, struct text literal, bool fold)
{
	if (!literal.length)
		return 0;
	if (value.length < literal.length)
		return SIZE_MAX;
	size_t end = value.length - literal.length + 1, at = 0;
#if defined(__SSE2__)
	if (end >= BLOCK)
		return find_in_blocks(value.data, end, literal, fold);
#endif
	/* Letters of both cases have that bit set in one of them; other bytes that differ in it are told apart behind. */
	uint64_t either = fold ? ONES * 0x20 : 0;
	uint64_t first = (ONES * (unsigned char)literal.data[0]) | either;
	uint64_t last = (ONES * (unsigned char)literal.data[literal.length - 1]) | either;
	for (; at + WORD <= end; at += WORD) {
		uint64_t differs = ((word_at(value.data + at) | either) ^ first)
			| ((word_at(value.data + at + literal.length - 1) | either) ^ last);
		uint64_t zeroes = ~(((differs & ~TOPS) + ~TOPS) | differs) & TOPS;
		size_t found = zeroes ? find_between(value.data, at, at + WORD, literal, fold) : SIZE_MAX;
		if (found != SIZE_MAX)
			return found;
	}
	return find_between(value.data, at, end, literal, fold);
}

bool bytes_contains(struct text value, struct text literal, bool fold)
{
	return bytes_find(value, literal, fold) != SIZE_MAX;
}

uint64_t bytes_hash(struct text value, bool fold)
{
	uint64_t hash = value.length * UINT64_C(0x9e3779b97f4a7c15);
	size_t at = 0;
	for (; at + WORD <= value.length; at += WORD) {
		uint64_t word = word_at(value.data + at);
		hash = (hash ^ (fold ? fold_word(word) : word)) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	for (; at < value.length; at++)
		hash = (hash ^ (unsigned char)(fold ? fold_byte(value.data[at]) : value.data[at])) * UINT64_C(0x100000001b3);
	return hash ^ hash >> 29;
}
