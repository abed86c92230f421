/* bytes: words of eight bytes, and blocks of more to find by (see bytes.h). Nothing here depends on their order in memory. */
#include "replay/engine/bytes.h"

#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
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

/* ---- finding ---- */

/* Two bytes of a literal that are looked at first at each place: its ends, or what stands beside a blank there, since blanks are
 * everywhere. */
struct looked_at {
	struct text literal;
	size_t first, last;
	bool fold;
};

static inline struct looked_at look_at(struct text literal, bool fold)
{
	size_t first = 0, last = literal.length - 1;
	first += first < last && literal.data[first] == ' ';
	last -= first < last && literal.data[last] == ' ';
	return (struct looked_at){literal, first, last, fold};
}

static inline bool stands_at(const struct looked_at *l, const char *place)
{
	return bytes_same(place, l->literal.data, l->literal.length, l->fold);
}

/* The first place from `at` to before `end` where the literal stands, or SIZE_MAX. */
static size_t find_between(const struct looked_at *l, const char *value, size_t at, size_t end)
{
	char first = l->literal.data[l->first], last = l->literal.data[l->last];
	for (; at < end; at++) {
		char begin = value[at + l->first], close = value[at + l->last];
		if (l->fold ? fold_byte(begin) != first || fold_byte(close) != last : begin != first || close != last)
			continue;
		if (stands_at(l, value + at))
			return at;
	}
	return SIZE_MAX;
}

/* How many places there are: 0 where the answer is *found without looking at any. */
static inline size_t places_of(struct text value, struct text literal, size_t *found)
{
	*found = literal.length ? SIZE_MAX : 0;
	return literal.length && value.length >= literal.length ? value.length - literal.length + 1 : 0;
}

static size_t find_plain(struct text value, struct text literal, bool fold)
{
	size_t found, at = 0, end = places_of(value, literal, &found);
	if (!end)
		return found;
	struct looked_at l = look_at(literal, fold);
	/* Letters of both cases have that bit set in one of them; other bytes that differ in it are told apart behind. */
	uint64_t either = fold ? ONES * 0x20 : 0;
	uint64_t first = (ONES * (unsigned char)literal.data[l.first]) | either;
	uint64_t last = (ONES * (unsigned char)literal.data[l.last]) | either;
	for (; at + WORD <= end; at += WORD) {
		uint64_t differs = ((word_at(value.data + at + l.first) | either) ^ first)
			| ((word_at(value.data + at + l.last) | either) ^ last);
		uint64_t zeroes = ~(((differs & ~TOPS) + ~TOPS) | differs) & TOPS;
		found = zeroes ? find_between(&l, value.data, at, at + WORD) : SIZE_MAX;
		if (found != SIZE_MAX)
			return found;
	}
	return find_between(&l, value.data, at, end);
}

#if defined(__x86_64__)
enum { STEP_SSE2 = 16,
	STEP_AVX2 = 32,
	STEP_AVX512 = 64 };

static inline __m128i block_sse2(const char *data, __m128i either)
{
	return _mm_or_si128(_mm_loadu_si128((const __m128i *)(const void *)data), either);
}

/* Of sixteen places and more; the last block overlaps the one before. */
static size_t find_sse2(struct text value, struct text literal, bool fold)
{
	size_t found, end = places_of(value, literal, &found);
	if (end < STEP_SSE2)
		return find_plain(value, literal, fold);
	struct looked_at l = look_at(literal, fold);
	__m128i either = _mm_set1_epi8(fold ? 0x20 : 0);
	__m128i first = _mm_or_si128(_mm_set1_epi8(literal.data[l.first]), either);
	__m128i last = _mm_or_si128(_mm_set1_epi8(literal.data[l.last]), either);
	for (size_t at = 0; at < end; at += STEP_SSE2) {
		const char *from = value.data + (at + STEP_SSE2 <= end ? at : end - STEP_SSE2);
		__m128i same = _mm_and_si128(_mm_cmpeq_epi8(block_sse2(from + l.first, either), first),
			_mm_cmpeq_epi8(block_sse2(from + l.last, either), last));
		for (unsigned bits = (unsigned)_mm_movemask_epi8(same); bits; bits &= bits - 1)
			if (stands_at(&l, from + __builtin_ctz(bits)))
				return (size_t)(from - value.data) + (unsigned)__builtin_ctz(bits);
	}
	return SIZE_MAX;
}

#define TARGET_AVX2 __attribute__((target("avx2")))

TARGET_AVX2 static inline __m256i block_avx2(const char *data, __m256i either)
{
	return _mm256_or_si256(_mm256_loadu_si256((const __m256i *)(const void *)data), either);
}

TARGET_AVX2 static size_t find_avx2(struct text value, struct text literal, bool fold)
{
	size_t found, end = places_of(value, literal, &found);
	if (end < STEP_AVX2)
		return find_sse2(value, literal, fold);
	struct looked_at l = look_at(literal, fold);
	__m256i either = _mm256_set1_epi8(fold ? 0x20 : 0);
	__m256i first = _mm256_or_si256(_mm256_set1_epi8(literal.data[l.first]), either);
	__m256i last = _mm256_or_si256(_mm256_set1_epi8(literal.data[l.last]), either);
	for (size_t at = 0; at < end; at += STEP_AVX2) {
		const char *from = value.data + (at + STEP_AVX2 <= end ? at : end - STEP_AVX2);
		__m256i same = _mm256_and_si256(_mm256_cmpeq_epi8(block_avx2(from + l.first, either), first),
			_mm256_cmpeq_epi8(block_avx2(from + l.last, either), last));
		for (unsigned bits = (unsigned)_mm256_movemask_epi8(same); bits; bits &= bits - 1)
			if (stands_at(&l, from + __builtin_ctz(bits)))
				return (size_t)(from - value.data) + (unsigned)__builtin_ctz(bits);
	}
	return SIZE_MAX;
}

#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl")))

/* However few places there are: bytes beyond the value are not read. */
TARGET_AVX512 static size_t find_avx512(struct text value, struct text literal, bool fold)
{
	size_t found, end = places_of(value, literal, &found);
	if (!end)
		return found;
	struct looked_at l = look_at(literal, fold);
	__m512i either = _mm512_set1_epi8(fold ? 0x20 : 0);
	__m512i first = _mm512_or_si512(_mm512_set1_epi8(literal.data[l.first]), either);
	__m512i last = _mm512_or_si512(_mm512_set1_epi8(literal.data[l.last]), either);
	for (size_t at = 0; at < end; at += STEP_AVX512) {
		__mmask64 there = end - at < STEP_AVX512 ? (UINT64_C(1) << (end - at)) - 1 : UINT64_MAX;
		__m512i begin = _mm512_maskz_loadu_epi8(there, value.data + at + l.first);
		__m512i close = _mm512_maskz_loadu_epi8(there, value.data + at + l.last);
		__mmask64 same = _mm512_mask_cmpeq_epi8_mask(there, _mm512_or_si512(begin, either), first);
		same = _mm512_mask_cmpeq_epi8_mask(same, _mm512_or_si512(close, either), last);
		for (uint64_t bits = same; bits; bits &= bits - 1)
			if (stands_at(&l, value.data + at + __builtin_ctzll(bits)))
				return at + (unsigned)__builtin_ctzll(bits);
	}
	return SIZE_MAX;
}
#else
#define find_sse2 find_plain
#define find_avx2 find_plain
#define find_avx512 find_plain
#endif

bytes_finder *bytes_finder_of(enum simd_level level)
{
	static bytes_finder *const finders[SIMD_LEVELS] = {find_plain, find_sse2, find_avx2, find_avx512};
	return finders[level];
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
