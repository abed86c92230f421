/*
 * json_scalar: the small comparisons and counts that reading along learnt bytes is made of (json_template.h, json_lane.h).
 */
#ifndef MEWS_JSON_SCALAR_H
#define MEWS_JSON_SCALAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline bool json_is_digit(char byte)
{
	return (unsigned char)(byte - '0') < 10;
}

static inline bool json_same16(const char *a, const char *b)
{
#if defined(__x86_64__)
	__m128i same = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)a),
		_mm_loadu_si128((const __m128i *)(const void *)b));
	return _mm_movemask_epi8(same) == 0xffff;
#else
	return memcmp(a, b, 16) == 0;
#endif
}

/* Are the 32 bytes at `text` those of the head, as far as the mask goes (a bit for each of the first bytes)? */
static inline bool json_head_is(const char *head, uint32_t mask, const char *text)
{
#if defined(__x86_64__)
	__m128i low = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)text),
		_mm_loadu_si128((const __m128i *)(const void *)head));
	__m128i high = _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(text + 16)),
		_mm_loadu_si128((const __m128i *)(const void *)(head + 16)));
	uint32_t same = (uint32_t)_mm_movemask_epi8(low) | (uint32_t)_mm_movemask_epi8(high) << 16;
	return !(~same & mask);
#else
	size_t length = 0;
	while (mask >> length & 1 && ++length < 32)
		;
	return memcmp(head, text, length) == 0;
#endif
}

#if defined(__x86_64__)
/* The same two with wider instructions, for whoever is made for such machines; `length` is at least 16. */
#define JSON_AVX2 __attribute__((target("avx2,bmi,bmi2")))
#define JSON_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,bmi,bmi2")))

JSON_AVX2 static inline bool json_head_is_avx2(const char *head, uint32_t mask, const char *text)
{
	__m256i same = _mm256_cmpeq_epi8(_mm256_loadu_si256((const __m256i *)(const void *)text),
		_mm256_loadu_si256((const __m256i *)(const void *)head));
	return !(~(uint32_t)_mm256_movemask_epi8(same) & mask);
}

JSON_AVX512 static inline bool json_head_is_avx512(const char *head, uint32_t mask, const char *text)
{
	return !_mm256_mask_cmpneq_epi8_mask(mask, _mm256_loadu_si256((const __m256i *)(const void *)text),
		_mm256_loadu_si256((const __m256i *)(const void *)head));
}
#endif

/* How many of the eight bytes, from the first on, are digits. */
static inline size_t json_digits(const char *data)
{
	static const union {
		char bytes[2];
		uint16_t word;
	} order = {{1, 0}};
	uint64_t word;
	memcpy(&word, data, sizeof word);
	if (order.word != 1)
		word = __builtin_bswap64(word);
	word ^= UINT64_C(0x3030303030303030);
	uint64_t others = ((word + UINT64_C(0x7676767676767676)) | word) & UINT64_C(0x8080808080808080);
	return others ? (size_t)__builtin_ctzll(others) / 8 : 8;
}

/* The length of a whole number of at most seven digits that `left` bytes begin with; 0: it is none, or too near to the end. */
static inline size_t json_usual_digits(const char *data, size_t left)
{
	size_t digits = left > 8 ? json_digits(data) : 0;
	char behind = digits ? data[digits] : '.';
	bool usual = digits && digits < 8 && behind != '.' && (behind | 0x20) != 'e' && (data[0] != '0' || digits == 1);
	return usual ? digits : 0;
}

#endif
