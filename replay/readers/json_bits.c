/*
 * json_bits: one kernel a level, and what is the same for all.
 *
 * A kernel makes the words, and looks closer only at blocks in which something stands that few have: the end of a line, another
 * control character, a byte above 0x7f.
 */
#include "replay/readers/json_bits.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define ALWAYS_INLINE __attribute__((always_inline)) inline

enum {
	BLOCK = 64,
	BEHIND = 2,            /* words of zeroes */
	KEPT_WORDS = 1 << 15,  /* of 2 MiB of text: more are given back */
	LINES_FIRST = 256,
};

/* A text that is being looked at. */
struct scan {
	struct json_bits *bits;
	struct text text;
	char other;                   /* the byte that goes to `slashes` */
	bool json;                    /* else all that is asked for are quotes and `other` */
	struct json_lines_of *lines;  /* NULL: a newline is a control character as others are */
	uint64_t slash;               /* of the newest line, or of the text: not 0 if there is one */
	uint64_t control, bad;
	size_t checked;               /* up to there it is known what is no UTF-8 */
};

/* A block's. */
struct look {
	uint64_t quotes, slashes;
	bool special; /* it has one of those: */
};

struct special {
	uint64_t newlines, controls, highs; /* controls: newlines too */
};

/* One instruction set each: `look` for all blocks, `special` for few. */

static inline struct look look_plain(const unsigned char *data, char other)
{
	struct look look = {0, 0, false};
	for (unsigned i = 0; i < BLOCK; i++) {
		look.quotes |= (uint64_t)(data[i] == '"') << i;
		look.slashes |= (uint64_t)(data[i] == (unsigned char)other) << i;
		look.special |= data[i] < 0x20 || data[i] > 0x7f;
	}
	return look;
}

static inline struct special special_plain(const unsigned char *data)
{
	struct special special = {0, 0, 0};
	for (unsigned i = 0; i < BLOCK; i++) {
		special.newlines |= (uint64_t)(data[i] == '\n') << i;
		special.controls |= (uint64_t)(data[i] < 0x20) << i;
		special.highs |= (uint64_t)(data[i] > 0x7f) << i;
	}
	return special;
}

#if defined(__x86_64__)
/* Bytes above 0x7f are below zero here, so what is special is less than a space. */
static inline uint64_t word_sse2(const __m128i parts[4])
{
	uint64_t low = (unsigned)_mm_movemask_epi8(parts[0]) | (unsigned)_mm_movemask_epi8(parts[1]) << 16;
	uint64_t top = (unsigned)_mm_movemask_epi8(parts[2]) | (unsigned)_mm_movemask_epi8(parts[3]) << 16;
	return low | top << 32;
}

static inline struct look look_sse2(const unsigned char *data, char other)
{
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8(other), space = _mm_set1_epi8(' ');
	__m128i quotes[4], slashes[4], less = _mm_setzero_si128();
	for (unsigned i = 0; i < 4; i++) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + 16 * i));
		quotes[i] = _mm_cmpeq_epi8(bytes, quote);
		slashes[i] = _mm_cmpeq_epi8(bytes, slash);
		less = _mm_or_si128(less, _mm_cmplt_epi8(bytes, space));
	}
	return (struct look){word_sse2(quotes), word_sse2(slashes), _mm_movemask_epi8(less) != 0};
}

static inline struct special special_sse2(const unsigned char *data)
{
	const __m128i newline = _mm_set1_epi8('\n'), last = _mm_set1_epi8(0x1f);
	__m128i newlines[4], controls[4], highs[4];
	for (unsigned i = 0; i < 4; i++) {
		highs[i] = _mm_loadu_si128((const __m128i *)(const void *)(data + 16 * i));
		newlines[i] = _mm_cmpeq_epi8(highs[i], newline);
		controls[i] = _mm_cmpeq_epi8(_mm_max_epu8(highs[i], last), last);
	}
	return (struct special){word_sse2(newlines), word_sse2(controls), word_sse2(highs)};
}

#define AVX2 __attribute__((target("avx2,bmi,bmi2")))
#define AVX512 __attribute__((target("avx512f,avx512bw,bmi,bmi2")))

AVX2 static inline uint64_t word_avx2(__m256i low, __m256i top)
{
	return (unsigned)_mm256_movemask_epi8(low) | (uint64_t)(unsigned)_mm256_movemask_epi8(top) << 32;
}

AVX2 static inline struct look look_avx2(const unsigned char *data, char other)
{
	const __m256i quote = _mm256_set1_epi8('"'), slash = _mm256_set1_epi8(other), space = _mm256_set1_epi8(' ');
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)data);
	__m256i top = _mm256_loadu_si256((const __m256i *)(const void *)(data + 32));
	return (struct look){word_avx2(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(top, quote)),
		word_avx2(_mm256_cmpeq_epi8(low, slash), _mm256_cmpeq_epi8(top, slash)),
		_mm256_movemask_epi8(_mm256_cmpgt_epi8(space, _mm256_min_epi8(low, top))) != 0};
}

AVX2 static inline struct special special_avx2(const unsigned char *data)
{
	const __m256i newline = _mm256_set1_epi8('\n'), last = _mm256_set1_epi8(0x1f);
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)data);
	__m256i top = _mm256_loadu_si256((const __m256i *)(const void *)(data + 32));
	return (struct special){word_avx2(_mm256_cmpeq_epi8(low, newline), _mm256_cmpeq_epi8(top, newline)),
		word_avx2(_mm256_cmpeq_epi8(_mm256_max_epu8(low, last), last), _mm256_cmpeq_epi8(_mm256_max_epu8(top, last), last)),
		word_avx2(low, top)};
}

AVX512 static inline struct look look_avx512(const unsigned char *data, char other)
{
	__m512i bytes = _mm512_loadu_si512((const void *)data);
	return (struct look){_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('"')),
		_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(other)),
		_mm512_cmplt_epi8_mask(bytes, _mm512_set1_epi8(' ')) != 0};
}

AVX512 static inline struct special special_avx512(const unsigned char *data)
{
	__m512i bytes = _mm512_loadu_si512((const void *)data);
	return (struct special){_mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n')),
		_mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(' ')), _mm512_movepi8_mask(bytes)};
}
#endif

/* `level` is known where these become part of the kernels. */
ALWAYS_INLINE static struct look look_at(enum simd_level level, const unsigned char *data, char other)
{
#if defined(__x86_64__)
	if (level != SIMD_PLAIN)
		return level == SIMD_SSE2 ? look_sse2(data, other) : level == SIMD_AVX2 ? look_avx2(data, other)
										     : look_avx512(data, other);
#else
	(void)level;
#endif
	return look_plain(data, other);
}

ALWAYS_INLINE static struct special special_at(enum simd_level level, const unsigned char *data)
{
#if defined(__x86_64__)
	if (level != SIMD_PLAIN)
		return level == SIMD_SSE2 ? special_sse2(data) : level == SIMD_AVX2 ? special_avx2(data) : special_avx512(data);
#else
	(void)level;
#endif
	return special_plain(data);
}

/* What is the same for all */

/* Is the first byte of the block behind an odd number of backslashes? */
static uint64_t begins_escaped(const uint64_t *slashes, size_t block)
{
	size_t run = 0;
	while (block-- && slashes[block] == UINT64_MAX)
		run += BLOCK;
	if (block != SIZE_MAX)
		run += (size_t)__builtin_clzll(~slashes[block]);
	return run % 2;
}

/* The block's quotes without the escaped ones. Of a run of backslashes every second one is escaped itself, counted from its
 * begin; adding the begins at odd places to the runs carries a bit to the end of those that begin there, which tells the parity
 * of all 64 at once. */
static uint64_t not_escaped(const struct scan *scan, size_t block, uint64_t quotes)
{
	const uint64_t even = UINT64_C(0x5555555555555555);
	if (!scan->json)
		return quotes;
	uint64_t first = begins_escaped(scan->bits->slashes, block);
	uint64_t slashes = scan->bits->slashes[block] & ~first, follows = slashes << 1 | first;
	uint64_t even_runs = slashes + (slashes & ~even & ~follows);
	return quotes & ~((even ^ (even_runs << 1)) & follows);
}

/* Which of these bytes above 0x7f are none of a character. */
static uint64_t bad_of(struct scan *scan, size_t base, uint64_t highs)
{
	uint64_t bad = 0;
	if (scan->checked > base)
		highs &= UINT64_MAX << (scan->checked - base);
	while (highs) {
		unsigned bit = (unsigned)__builtin_ctzll(highs);
		size_t step = utf8_step(scan->text.data + base + bit, scan->text.length - base - bit);
		scan->checked = base + bit + step;
		bad |= (uint64_t)(step == 1) << bit;
		highs &= bit + step < BLOCK ? UINT64_MAX << (bit + step) : 0;
	}
	return bad;
}

/* The control characters without newlines, and CRs in front of them or of the end. */
static uint64_t within_lines(const struct scan *scan, size_t base, uint64_t newlines, uint64_t controls)
{
	controls &= ~newlines;
	for (uint64_t left = controls; left; left &= left - 1) {
		size_t at = base + (size_t)__builtin_ctzll(left);
		if (scan->text.data[at] == '\r' && (at + 1 == scan->text.length || scan->text.data[at + 1] == '\n'))
			controls &= ~(left & (0 - left));
	}
	return controls;
}

static void end_line(struct scan *scan, size_t end)
{
	struct json_lines_of *lines = scan->lines;
	if (lines->count == lines->capacity) {
		lines->capacity = lines->capacity ? lines->capacity * 2 : LINES_FIRST;
		lines->items = mem_resize(lines->items, lines->capacity * sizeof *lines->items);
	}
	lines->items[lines->count++] = (struct json_line){(uint32_t)end, scan->slash != 0, scan->control != 0, scan->bad != 0};
	scan->slash = scan->control = scan->bad = 0;
}

/* A block that has something special. */
static void note(struct scan *scan, size_t block, uint64_t newlines, uint64_t controls, uint64_t highs)
{
	size_t base = block * BLOCK;
	uint64_t slashes = scan->bits->slashes[block], bad = 0;
	if (!scan->json)
		return;
	if (highs)
		bad = bad_of(scan, base, highs);
	if (scan->lines)
		controls = controls == newlines ? 0 : within_lines(scan, base, newlines, controls);
	for (uint64_t left = scan->lines ? newlines : 0; left; left &= left - 1) {
		uint64_t before = (left & (0 - left)) - 1; /* those of earlier lines are gone */
		scan->slash |= slashes & before;
		scan->control |= controls & before;
		scan->bad |= bad & before;
		end_line(scan, base + (size_t)__builtin_ctzll(left));
		slashes &= ~before;
		controls &= ~before;
		bad &= ~before;
	}
	scan->slash |= slashes;
	scan->control |= controls;
	scan->bad |= bad;
}

/* Blocks [block, end), the first of which is at `data`. */
ALWAYS_INLINE static void find_at(enum simd_level level, struct scan *scan, const unsigned char *data, size_t block, size_t end)
{
	uint64_t *const quotes = scan->bits->quotes, *const slashes = scan->bits->slashes;
	const char other = scan->other;
	uint64_t before = block ? slashes[block - 1] >> (BLOCK - 1) : 0, slash = 0;
	for (; block < end; block++, data += BLOCK) {
		struct look look = look_at(level, data, other);
		uint64_t follows = look.slashes << 1 | before;
		slashes[block] = look.slashes;
		before = look.slashes >> (BLOCK - 1);
		quotes[block] = look.quotes & follows ? not_escaped(scan, block, look.quotes) : look.quotes;
		if (look.special) {
			scan->slash |= slash;
			slash = 0;
			struct special special = special_at(level, data);
			note(scan, block, special.newlines, special.controls, special.highs);
		} else {
			slash |= look.slashes;
		}
	}
	scan->slash |= slash;
}

typedef void (*kernel)(struct scan *scan, const unsigned char *data, size_t block, size_t end);

static void find_plain(struct scan *scan, const unsigned char *data, size_t block, size_t end)
{
	find_at(SIMD_PLAIN, scan, data, block, end);
}

#if defined(__x86_64__)
static void find_sse2(struct scan *scan, const unsigned char *data, size_t block, size_t end)
{
	find_at(SIMD_SSE2, scan, data, block, end);
}

AVX2 static void find_avx2(struct scan *scan, const unsigned char *data, size_t block, size_t end)
{
	find_at(SIMD_AVX2, scan, data, block, end);
}

AVX512 static void find_avx512(struct scan *scan, const unsigned char *data, size_t block, size_t end)
{
	find_at(SIMD_AVX512, scan, data, block, end);
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
	size_t need = 2 * (words + BEHIND);
	bool much = bits->capacity > 2 * KEPT_WORDS && need <= 2 * KEPT_WORDS;
	if (need > bits->capacity || much) {
		size_t capacity = 128;
		while (capacity < need)
			capacity *= 2;
		free(bits->room);
		bits->room = mem_alloc(capacity * sizeof *bits->room);
		bits->capacity = capacity;
	}
	bits->words = words;
	bits->quotes = bits->room;
	bits->slashes = bits->room + words + BEHIND;
	memset(bits->quotes + words, 0, BEHIND * sizeof *bits->quotes);
	memset(bits->slashes + words, 0, BEHIND * sizeof *bits->slashes);
}

static void find(struct scan *scan)
{
	struct json_bits *bits = scan->bits;
	struct text text = scan->text;
	size_t whole = text.length / BLOCK, rest = text.length % BLOCK;
	make_room(bits, whole + (rest > 0));
	kernels[bits->level](scan, (const unsigned char *)text.data, 0, whole);
	if (rest) {
		unsigned char last[BLOCK];
		memset(last, ' ', sizeof last);
		memcpy(last, text.data + whole * BLOCK, rest);
		kernels[bits->level](scan, last, whole, whole + 1);
	}
	bits->slash = scan->slash != 0;
	bits->control = scan->control != 0;
	bits->bad = scan->bad != 0;
}

void json_bits_mark(struct json_bits *bits, struct text text, char other)
{
	uint64_t quotes = 0;
	find(&(struct scan){.bits = bits, .text = text, .other = other});
	for (size_t i = 0; i < bits->words; i++)
		quotes |= bits->quotes[i];
	bits->quote = quotes != 0;
}

void json_bits_find(struct json_bits *bits, struct text text)
{
	find(&(struct scan){.bits = bits, .text = text, .other = '\\', .json = true});
	json_bits_end(bits, text.length);
}

void json_bits_find_lines(struct json_bits *bits, struct text text, struct json_lines_of *lines)
{
	struct scan scan = {.bits = bits, .text = text, .other = '\\', .json = true, .lines = lines};
	lines->count = 0;
	find(&scan);
	if (text.length && text.data[text.length - 1] != '\n')
		end_line(&scan, text.length);
}

void json_bits_free(struct json_bits *bits)
{
	free(bits->room);
	bits->room = bits->quotes = bits->slashes = NULL;
	bits->words = bits->capacity = 0;
}
