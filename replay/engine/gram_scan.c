/*
 * gram_scan: one kernel a level. SSE2 has neither table look-ups in registers nor gathers: it does as plain C.
 *
 * A load of 32 or 64 bytes holds every fourth gram of them, loads that begin one, two and three bytes further the others:
 * for the coarse sieve a byte of every gram, for a gather of the bitmap a fourth of the grams.
 */
#include "replay/engine/gram_scan.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

/* Has the gram that begins there, four bytes wide, its bit in one of the sets? */
static inline unsigned has_bit(const struct gram_sieve *sieve, uint32_t gram)
{
	unsigned any = 0;
	for (const struct gram_set *set = sieve->sets; set < sieve->sets + sieve->set_count; set++) {
		uint32_t bit = gram_hash(gram & set->mask) >> set->shift;
		any |= set->bits[bit / 32] >> bit % 32;
	}
	return any & 1;
}

static inline size_t put_place(const struct gram_sieve *sieve, struct text text, size_t at, uint32_t *places, size_t count)
{
	places[count] = (uint32_t)at;
	return count + has_bit(sieve, gram_at(text, at));
}

static size_t scan_plain(const struct gram_sieve *sieve, struct text text, size_t from, size_t to, uint32_t *places)
{
	/* A copy, since `places` might point to anything. */
	const struct gram_sieve copy = *sieve;
	size_t count = 0;
	for (size_t at = from; at < to; at++)
		count = put_place(&copy, text, at, places, count);
	return count;
}

#if defined(__x86_64__)
enum { STEP_AVX2 = 32,
	STEP_AVX512 = 64,
	LEAST_AVX2 = 4 /* places: fewer are asked one by one */ };

#define TARGET_AVX2 __attribute__((target("avx2")))

/* The first bytes of the grams of 32 places, their second ones … */
struct bytes_avx2 {
	__m256i of[GRAM_WIDTH];
};

TARGET_AVX2 static inline struct bytes_avx2 load_avx2(const char *data)
{
	struct bytes_avx2 block;
	for (unsigned j = 0; j < GRAM_WIDTH; j++)
		block.of[j] = _mm256_loadu_si256((const __m256i *)(const void *)(data + j));
	return block;
}

/* The same of a text's last 32 places, with zeroes behind its end. */
TARGET_AVX2 static inline struct bytes_avx2 load_end_avx2(struct text text)
{
	__m256i last = _mm256_loadu_si256((const __m256i *)(const void *)(text.data + text.length - STEP_AVX2));
	__m256i next = _mm256_permute2x128_si256(last, last, 0x81); /* its upper half, then zeroes */
	return (struct bytes_avx2){{last, _mm256_alignr_epi8(next, last, 1), _mm256_alignr_epi8(next, last, 2),
		_mm256_alignr_epi8(next, last, 3)}};
}

/* Bits of the block's places that fall through the coarse sieve. */
TARGET_AVX2 static inline uint32_t coarse_avx2(const struct gram_sieve *sieve, const struct bytes_avx2 *block)
{
	const __m256i half = _mm256_set1_epi8(15);
	__m256i low[GRAM_WIDTH], high[GRAM_WIDTH], any = _mm256_setzero_si256();
	for (unsigned j = 0; j < GRAM_WIDTH; j++) {
		low[j] = _mm256_and_si256(block->of[j], half);
		high[j] = _mm256_and_si256(_mm256_srli_epi16(block->of[j], 4), half);
	}
	for (unsigned group = 0; group < sieve->groups; group++) {
		__m256i common = _mm256_set1_epi8(-1);
		for (unsigned j = 0; j < GRAM_WIDTH; j++) {
			const __m256i *tables = (const __m256i *)(const void *)sieve->halves[group][j];
			common = _mm256_and_si256(common, _mm256_shuffle_epi8(_mm256_loadu_si256(tables), low[j]));
			common = _mm256_and_si256(common, _mm256_shuffle_epi8(_mm256_loadu_si256(tables + 1), high[j]));
		}
		any = _mm256_or_si256(any, common);
	}
	return ~(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(any, _mm256_setzero_si256()));
}

/* Bits of those that have their bit in the bitmap: bit 8 * j + i is of the place 4 * i + j. */
TARGET_AVX2 static inline uint32_t fine_avx2(const struct gram_set *set, const struct bytes_avx2 *block)
{
	const __m256i fold = _mm256_set1_epi32(GRAM_FOLD), mask = _mm256_set1_epi32((int)set->mask);
	const __m256i factor = _mm256_set1_epi32((int)gram_hash(1)), low = _mm256_set1_epi32(31);
	const __m128i shift = _mm_cvtsi32_si128((int)set->shift);
	uint32_t found = 0;
	for (unsigned j = 0; j < GRAM_WIDTH; j++) {
		__m256i gram = _mm256_and_si256(_mm256_or_si256(block->of[j], fold), mask);
		__m256i bit = _mm256_srl_epi32(_mm256_mullo_epi32(gram, factor), shift);
		__m256i word = _mm256_i32gather_epi32((const int *)set->bits, _mm256_srli_epi32(bit, 5), 4);
		word = _mm256_sllv_epi32(word, _mm256_andnot_si256(bit, low)); /* the bit becomes the top one */
		found |= (uint32_t)_mm256_movemask_ps(_mm256_castsi256_ps(word)) << 8 * j;
	}
	return found;
}

/* Those of the `valid` places from `at` on that are to be found. */
TARGET_AVX2 static inline size_t block_avx2(const struct gram_sieve *sieve, struct text text, struct bytes_avx2 block, size_t at,
	uint32_t valid, uint32_t *places, size_t count)
{
	if (sieve->groups > 0) {
		for (uint32_t found = coarse_avx2(sieve, &block) & valid; found; found &= found - 1)
			count = put_place(sieve, text, at + (unsigned)__builtin_ctz(found), places, count);
		return count;
	}
	for (uint32_t found = fine_avx2(&sieve->sets[0], &block); found; found &= found - 1) {
		unsigned bit = (unsigned)__builtin_ctz(found), place = 4 * (bit % 8) + bit / 8;
		places[count] = (uint32_t)(at + place);
		count += valid >> place & 1;
	}
	return count;
}

/* So many places from the first on, 32 at most. */
static inline uint32_t first_places(size_t count)
{
	return count < STEP_AVX2 ? (UINT32_C(1) << count) - 1 : UINT32_MAX;
}

/* As many places as are left are a block at most, of whose grams some end with the text. */
TARGET_AVX2 static size_t scan_end_avx2(const struct gram_sieve *sieve, struct text text, size_t at, size_t to, uint32_t *places,
	size_t count)
{
	enum { BYTES = STEP_AVX2 + GRAM_WIDTH - 1 };
	size_t last = text.length < STEP_AVX2 ? 0 : text.length - STEP_AVX2;
	for (; at < to && (at < last || to - at < LEAST_AVX2); at++)
		count = put_place(sieve, text, at, places, count);
	if (at == to)
		return count;
	if (text.length >= STEP_AVX2) { /* a block that overlaps */
		uint32_t valid = first_places(to - last) & ~first_places(at - last);
		return block_avx2(sieve, text, load_end_avx2(text), last, valid, places, count);
	}
	char copy[BYTES] = {0};
	memcpy(copy, text.data + at, text.length - at);
	return block_avx2(sieve, text, load_avx2(copy), at, first_places(to - at), places, count);
}

TARGET_AVX2 static size_t scan_avx2(const struct gram_sieve *sieve, struct text text, size_t from, size_t to, uint32_t *places)
{
	size_t count = 0, at = from;
	for (; at < to && at + STEP_AVX2 + GRAM_WIDTH - 1 <= text.length; at += STEP_AVX2)
		count = block_avx2(sieve, text, load_avx2(text.data + at), at, first_places(to - at), places, count);
	return at < to ? scan_end_avx2(sieve, text, at, to, places, count) : count;
}

#define TARGET_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,bmi2")))

/* 64 bytes, or as many as are left: `whole` says that they are enough. */
TARGET_AVX512 static inline __m512i load_avx512(const char *data, bool whole, size_t left)
{
	if (whole)
		return _mm512_loadu_si512((const void *)data);
	return _mm512_maskz_loadu_epi8(_bzhi_u64(UINT64_MAX, left), data);
}

/* Bits of the 64 places from `at` that fall through the coarse sieve. */
TARGET_AVX512 static inline uint64_t coarse_avx512(const struct gram_sieve *sieve, struct text text, size_t at)
{
	const __m512i low = _mm512_set1_epi8(0x1f);
	__m512i class[GRAM_WIDTH], any = _mm512_setzero_si512();
	size_t left = text.length - at;
	bool whole = left >= STEP_AVX512 + GRAM_WIDTH - 1;
	for (unsigned j = 0; j < GRAM_WIDTH; j++) {
		__m512i bytes = load_avx512(text.data + at + j, whole, left > j ? left - j : 0);
		/* bits 0 to 4 as they are, bit 6 to 5; those above do not count */
		class[j] = _mm512_ternarylogic_epi32(low, bytes, _mm512_srli_epi16(bytes, 1), 0xca);
	}
	for (unsigned group = 0; group < sieve->groups; group++) {
		__m512i common = _mm512_set1_epi8(-1);
		for (unsigned j = 0; j < GRAM_WIDTH; j++) {
			__m512i table = _mm512_loadu_si512((const void *)sieve->buckets[group][j]);
			common = _mm512_and_si512(common, _mm512_permutexvar_epi8(class[j], table));
		}
		any = _mm512_or_si512(any, common);
	}
	return _mm512_test_epi8_mask(any, any);
}

/* Gathers of 64 bytes are no quicker than two of 32. */
TARGET_AVX512 static size_t scan_avx512(const struct gram_sieve *sieve, struct text text, size_t from, size_t to,
	uint32_t *places)
{
	size_t count = 0;
	if (!sieve->groups)
		return scan_avx2(sieve, text, from, to, places);
	for (size_t at = from; at < to; at += STEP_AVX512) {
		uint64_t found = coarse_avx512(sieve, text, at);
		if (to - at < STEP_AVX512)
			found &= (UINT64_C(1) << (to - at)) - 1;
		for (; found; found &= found - 1)
			count = put_place(sieve, text, at + (unsigned)__builtin_ctzll(found), places, count);
	}
	return count;
}
#else
#define scan_avx2 scan_plain
#define scan_avx512 scan_plain
#endif

gram_scanner *gram_scanner_of(enum simd_level level)
{
	static gram_scanner *const scanners[SIMD_LEVELS] = {scan_plain, scan_plain, scan_avx2, scan_avx512};
	return scanners[level];
}
