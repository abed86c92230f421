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
	KEPT_WORDS = 1 << 15, /* of 2 MiB of text: more are given back */
	LINES_FIRST = 256,
};

/* The bytes that are marks. */
struct marked {
	char bytes[3];
	unsigned char nibbles[16]; /* by its low half: the byte that is one, or another one that has not this half */
};

/* A text that is being looked at. */
struct scan {
	struct json_bits *bits;
	struct text text;
	struct marked marked;
	bool only_marks;             /* and lines, if those are asked for */
	struct json_lines_of *lines; /* NULL: a newline is a control character as others are */
	bool control, bad;           /* in the newest line or, without lines, in the text */
	size_t checked;              /* up to there it is known what is no UTF-8 */
};

/* A block's. */
struct look {
	uint64_t marks;
	bool special; /* it has one of those: */
};

struct special {
	uint64_t newlines, controls, highs; /* controls: newlines too */
};

/* One instruction set each: `look` for all blocks, `special` for few. */

static inline struct look look_plain(const struct marked *marked, const unsigned char *data)
{
	struct look look = {0, false};
	for (unsigned i = 0; i < BLOCK; i++) {
		char byte = (char)data[i];
		bool mark = byte == marked->bytes[0] || byte == marked->bytes[1] || byte == marked->bytes[2];
		look.marks |= (uint64_t)mark << i;
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

static inline struct look look_sse2(const struct marked *marked, const unsigned char *data)
{
	const __m128i a = _mm_set1_epi8(marked->bytes[0]), b = _mm_set1_epi8(marked->bytes[1]), c = _mm_set1_epi8(marked->bytes[2]);
	__m128i marks[4], less = _mm_setzero_si128();
	for (unsigned i = 0; i < 4; i++) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(data + 16 * i));
		marks[i] = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, a), _mm_cmpeq_epi8(bytes, b)), _mm_cmpeq_epi8(bytes, c));
		less = _mm_or_si128(less, _mm_cmplt_epi8(bytes, _mm_set1_epi8(' ')));
	}
	return (struct look){word_sse2(marks), _mm_movemask_epi8(less) != 0};
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

/* A byte is a mark where it is the one that its low half names: one comparison for all of them. */
AVX2 static inline struct look look_avx2(const struct marked *marked, const unsigned char *data)
{
	__m256i nibbles = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(const void *)marked->nibbles));
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)data);
	__m256i top = _mm256_loadu_si256((const __m256i *)(const void *)(data + 32));
	__m256i less = _mm256_cmpgt_epi8(_mm256_set1_epi8(' '), _mm256_min_epi8(low, top));
	return (struct look){word_avx2(_mm256_cmpeq_epi8(low, _mm256_shuffle_epi8(nibbles, low)),
				     _mm256_cmpeq_epi8(top, _mm256_shuffle_epi8(nibbles, top))),
		_mm256_movemask_epi8(less) != 0};
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

AVX512 static inline struct look look_avx512(const struct marked *marked, const unsigned char *data)
{
	__m512i nibbles = _mm512_broadcast_i32x4(_mm_loadu_si128((const __m128i *)(const void *)marked->nibbles));
	__m512i bytes = _mm512_loadu_si512((const void *)data);
	return (struct look){_mm512_cmpeq_epi8_mask(bytes, _mm512_shuffle_epi8(nibbles, bytes)),
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
ALWAYS_INLINE static struct look look_at(enum simd_level level, const struct marked *marked, const unsigned char *data)
{
#if defined(__x86_64__)
	if (level != SIMD_PLAIN)
		return level == SIMD_SSE2 ? look_sse2(marked, data) : level == SIMD_AVX2 ? look_avx2(marked, data)
											 : look_avx512(marked, data);
#else
	(void)level;
#endif
	return look_plain(marked, data);
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

/* The control characters without CRs in front of a newline or of the end. */
static uint64_t within_lines(const struct scan *scan, size_t base, uint64_t controls)
{
	for (uint64_t left = controls; left; left &= left - 1) {
		size_t at = base + (size_t)__builtin_ctzll(left);
		if (scan->text.data[at] == '\r' && (at + 1 == scan->text.length || scan->text.data[at + 1] == '\n'))
			controls &= ~(left & (0 - left));
	}
	return controls;
}

static void more_lines(struct json_lines_of *lines)
{
	lines->capacity = lines->capacity ? lines->capacity * 2 : LINES_FIRST;
	lines->items = mem_resize(lines->items, lines->capacity * sizeof *lines->items);
}

static inline void end_line(struct scan *scan, size_t end)
{
	struct json_lines_of *lines = scan->lines;
	if (lines->count == lines->capacity)
		more_lines(lines);
	lines->items[lines->count++] = (struct json_line){(uint32_t)end, scan->control, scan->bad};
	scan->control = scan->bad = false;
}

/* A block that has something special. */
static void note(struct scan *scan, size_t block, uint64_t newlines, uint64_t controls, uint64_t highs)
{
	size_t base = block * BLOCK;
	if (scan->only_marks)
		controls = highs = 0;
	if (!scan->lines)
		newlines = 0;
	uint64_t bad = highs ? bad_of(scan, base, highs) : 0;
	controls &= ~newlines;
	if (controls && scan->lines)
		controls = within_lines(scan, base, controls);
	for (; newlines; newlines &= newlines - 1) {
		uint64_t behind = 0 - (newlines & (0 - newlines)); /* what stood before earlier ones is gone */
		scan->control |= (controls & ~behind) != 0;
		scan->bad |= (bad & ~behind) != 0;
		end_line(scan, base + (size_t)__builtin_ctzll(newlines));
		controls &= behind;
		bad &= behind;
	}
	scan->control |= controls != 0;
	scan->bad |= bad != 0;
}

/* Blocks [block, end), the first of which is at `data`. */
ALWAYS_INLINE static void find_at(enum simd_level level, struct scan *scan, const unsigned char *data, size_t block, size_t end)
{
	uint64_t *const marks = scan->bits->marks;
	const struct marked marked = scan->marked; /* nothing that is written can change it */
	const bool notes = scan->lines || !scan->only_marks;
	for (; block < end; block++, data += BLOCK) {
		struct look look = look_at(level, &marked, data);
		marks[block] = look.marks;
		if (look.special && notes) {
			struct special special = special_at(level, data);
			note(scan, block, special.newlines, special.controls, special.highs);
		}
	}
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
	size_t need = words + 1;
	bool much = bits->capacity > KEPT_WORDS && need <= KEPT_WORDS;
	if (need > bits->capacity || much) {
		size_t capacity = 64;
		while (capacity < need)
			capacity *= 2;
		free(bits->room);
		bits->room = mem_alloc(capacity * sizeof *bits->room);
		bits->capacity = capacity;
	}
	bits->words = words;
	bits->marks = bits->room;
	bits->marks[words] = 0;
}

/* The bytes by their low halves; false: two of them have the same, or one is above 0x7f. */
static bool make_nibbles(struct marked *marked)
{
	memset(marked->nibbles, 0, sizeof marked->nibbles);
	marked->nibbles[0] = 1;
	for (size_t i = 0; i < sizeof marked->bytes; i++) {
		unsigned char byte = (unsigned char)marked->bytes[i], *nibble = &marked->nibbles[byte % 16];
		if (byte > 0x7f || (*nibble % 16 == byte % 16 && *nibble != byte))
			return false;
		*nibble = byte;
	}
	return true;
}

static void find(struct scan *scan)
{
	struct json_bits *bits = scan->bits;
	struct text text = scan->text;
	size_t whole = text.length / BLOCK, rest = text.length % BLOCK;
	enum simd_level level = make_nibbles(&scan->marked) || bits->level < SIMD_SSE2 ? bits->level : SIMD_SSE2;
	make_room(bits, whole + (rest > 0));
	kernels[level](scan, (const unsigned char *)text.data, 0, whole);
	if (rest) {
		unsigned char last[BLOCK];
		memset(last, 'x', sizeof last);
		memcpy(last, text.data + whole * BLOCK, rest);
		kernels[level](scan, last, whole, whole + 1);
		bits->marks[whole] &= UINT64_MAX >> (BLOCK - rest);
	}
	bits->control = scan->control;
	bits->bad = scan->bad;
}

static void find_lines(struct scan *scan)
{
	struct text text = scan->text;
	scan->lines->count = 0;
	find(scan);
	if (text.length && text.data[text.length - 1] != '\n')
		end_line(scan, text.length);
}

void json_bits_mark(struct json_bits *bits, struct text text, char other, struct json_lines_of *lines)
{
	struct scan scan = {.bits = bits, .text = text, .marked.bytes = {'"', other, lines ? '\n' : other}, .only_marks = true,
		.lines = lines};
	if (lines)
		find_lines(&scan);
	else
		find(&scan);
}

void json_bits_find(struct json_bits *bits, struct text text)
{
	find(&(struct scan){.bits = bits, .text = text, .marked.bytes = {'"', '\\', '\\'}});
}

void json_bits_find_lines(struct json_bits *bits, struct text text, struct json_lines_of *lines)
{
	find_lines(&(struct scan){.bits = bits, .text = text, .marked.bytes = {'"', '\\', '\n'}, .lines = lines});
}

void json_bits_free(struct json_bits *bits)
{
	free(bits->room);
	bits->room = bits->marks = NULL;
	bits->words = bits->capacity = 0;
}
