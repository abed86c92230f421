/*
 * json_bits: one kernel a level, and what is the same for all.
 */
#include "replay/readers/json_bits.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = 64, KEPT_WORDS = 1 << 15 /* of 2 MiB of text: larger ones are given back */ };

/* What one kernel call saw beside the words that it wrote. */
struct seen {
	uint64_t quote, slash, control, high;
};

/* `other`: the byte that goes to `slashes`, a backslash where JSON is read. */
typedef void (*kernel)(const unsigned char *data, size_t blocks, char other, uint64_t *quotes, uint64_t *slashes,
	struct seen *seen);

static void find_plain(const unsigned char *data, size_t blocks, char other, uint64_t *quotes, uint64_t *slashes,
	struct seen *seen)
{
	for (size_t block = 0; block < blocks; block++, data += BLOCK) {
		uint64_t quote = 0, slash = 0;
		for (unsigned i = 0; i < BLOCK; i++) {
			quote |= (uint64_t)(data[i] == '"') << i;
			slash |= (uint64_t)(data[i] == (unsigned char)other) << i;
			seen->control |= data[i] < 0x20;
			seen->high |= data[i] > 0x7f;
		}
		quotes[block] = quote;
		slashes[block] = slash;
		seen->quote |= quote;
		seen->slash |= slash;
	}
}

#if defined(__x86_64__)
static void find_sse2(const unsigned char *data, size_t blocks, char other, uint64_t *quotes, uint64_t *slashes,
	struct seen *seen)
{
	const __m128i quote_byte = _mm_set1_epi8('"'), slash_byte = _mm_set1_epi8(other), last_control = _mm_set1_epi8(0x1f);
	__m128i control = _mm_setzero_si128(), high = _mm_setzero_si128();
	for (size_t block = 0; block < blocks; block++) {
		uint64_t quote = 0, slash = 0;
		for (unsigned part = 0; part < 4; part++, data += 16) {
			__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)data);
			quote |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote_byte)) << (16 * part);
			slash |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, slash_byte)) << (16 * part);
			control = _mm_or_si128(control, _mm_cmpeq_epi8(_mm_max_epu8(bytes, last_control), last_control));
			high = _mm_or_si128(high, bytes);
		}
		quotes[block] = quote;
		slashes[block] = slash;
		seen->quote |= quote;
		seen->slash |= slash;
	}
	seen->control |= (unsigned)_mm_movemask_epi8(control);
	seen->high |= (unsigned)_mm_movemask_epi8(high);
}

__attribute__((target("avx2"))) static void find_avx2(const unsigned char *data, size_t blocks, char other,
	uint64_t *quotes, uint64_t *slashes, struct seen *seen)
{
	const __m256i quote_byte = _mm256_set1_epi8('"'), slash_byte = _mm256_set1_epi8(other);
	const __m256i last_control = _mm256_set1_epi8(0x1f);
	__m256i control = _mm256_setzero_si256(), high = _mm256_setzero_si256();
	for (size_t block = 0; block < blocks; block++, data += BLOCK) {
		__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)data);
		__m256i top = _mm256_loadu_si256((const __m256i *)(const void *)(data + 32));
		uint64_t quote = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, quote_byte));
		uint64_t slash = (unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, slash_byte));
		quote |= (uint64_t)(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(top, quote_byte)) << 32;
		slash |= (uint64_t)(unsigned)_mm256_movemask_epi8(_mm256_cmpeq_epi8(top, slash_byte)) << 32;
		__m256i least = _mm256_min_epu8(low, top);
		control = _mm256_or_si256(control, _mm256_cmpeq_epi8(_mm256_max_epu8(least, last_control), last_control));
		high = _mm256_or_si256(high, _mm256_or_si256(low, top));
		quotes[block] = quote;
		slashes[block] = slash;
		seen->quote |= quote;
		seen->slash |= slash;
	}
	seen->control |= (unsigned)_mm256_movemask_epi8(control);
	seen->high |= (unsigned)_mm256_movemask_epi8(high);
}

__attribute__((target("avx512f,avx512bw"))) static void find_avx512(const unsigned char *data, size_t blocks, char other,
	uint64_t *quotes, uint64_t *slashes, struct seen *seen)
{
	const __m512i quote_byte = _mm512_set1_epi8('"'), slash_byte = _mm512_set1_epi8(other);
	const __m512i first_text = _mm512_set1_epi8(0x20);
	for (size_t block = 0; block < blocks; block++, data += BLOCK) {
		__m512i bytes = _mm512_loadu_si512((const void *)data);
		quotes[block] = _mm512_cmpeq_epi8_mask(bytes, quote_byte);
		slashes[block] = _mm512_cmpeq_epi8_mask(bytes, slash_byte);
		seen->control |= _mm512_cmplt_epu8_mask(bytes, first_text);
		seen->high |= _mm512_movepi8_mask(bytes);
		seen->quote |= quotes[block];
		seen->slash |= slashes[block];
	}
}
#else
#define find_sse2 find_plain
#define find_avx2 find_plain
#define find_avx512 find_plain
#endif

static const kernel kernels[SIMD_LEVELS] = {
	[SIMD_PLAIN] = find_plain, [SIMD_SSE2] = find_sse2, [SIMD_AVX2] = find_avx2, [SIMD_AVX512] = find_avx512,
};

static void make_room(struct json_bits *bits, size_t words)
{
	bool much = bits->capacity > KEPT_WORDS && words <= KEPT_WORDS;
	if (words <= bits->capacity && !much)
		return;
	size_t capacity = 64;
	while (capacity < words)
		capacity *= 2;
	bits->quotes = mem_resize(bits->quotes, capacity * sizeof *bits->quotes);
	bits->slashes = mem_resize(bits->slashes, capacity * sizeof *bits->slashes);
	bits->capacity = capacity;
}

/* Takes the escaped quotes out. Of a run of backslashes every second one is escaped itself, counted from its begin;
 * adding the begins at odd places to the runs carries a bit to the end of those that begin there, which tells the parity
 * of all 64 at once. */
static void drop_escaped(struct json_bits *bits)
{
	const uint64_t even = UINT64_C(0x5555555555555555);
	uint64_t escaped_first = 0; /* the first byte of the next word is escaped */
	for (size_t i = 0; i < bits->words; i++) {
		uint64_t slash = bits->slashes[i] & ~escaped_first;
		uint64_t follows = slash << 1 | escaped_first;
		uint64_t odd_begins = slash & ~even & ~follows, even_runs;
		escaped_first = __builtin_add_overflow(odd_begins, slash, &even_runs);
		bits->quotes[i] &= ~((even ^ (even_runs << 1)) & follows);
	}
}

void json_bits_mark(struct json_bits *bits, struct text text, char other)
{
	struct seen seen = {0, 0, 0, 0};
	size_t whole = text.length / BLOCK, rest = text.length % BLOCK;
	kernel find = kernels[bits->level];
	unsigned char last[BLOCK];
	bits->words = whole + (rest > 0);
	make_room(bits, bits->words + 1);
	bits->quotes[bits->words] = bits->slashes[bits->words] = 0;
	find((const unsigned char *)text.data, whole, other, bits->quotes, bits->slashes, &seen);
	if (rest) {
		memset(last, ' ', sizeof last);
		memcpy(last, text.data + whole * BLOCK, rest);
		find(last, 1, other, bits->quotes + whole, bits->slashes + whole, &seen);
	}
	bits->slash = seen.slash != 0;
	bits->control = seen.control != 0;
	bits->high = seen.high != 0;
	bits->quote = seen.quote != 0;
}

void json_bits_find(struct json_bits *bits, struct text text)
{
	json_bits_mark(bits, text, '\\');
	if (bits->slash)
		drop_escaped(bits);
}

void json_bits_free(struct json_bits *bits)
{
	free(bits->quotes);
	free(bits->slashes);
	bits->quotes = bits->slashes = NULL;
	bits->words = bits->capacity = 0;
}
