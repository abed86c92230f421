/*
 * json_bits: where in a JSON text its quotes and backslashes stand, 64 bytes a word; and where its lines end.
 *
 *   text      {"a":"x\"y"}
 *   quotes    .1.1.1....1.1   those that begin or end a string, and the end of the text: bit i % 64 of word i / 64
 *   slashes   .......1.....   every backslash
 *
 * The bytes are looked at 16, 32 or 64 at a time where the machine can, else one by one; every level gives the
 * same answers. A quote behind an odd number of backslashes is none; whether a backslash may stand where it does is for
 * whoever walks the text.
 */
#ifndef MEWS_JSON_BITS_H
#define MEWS_JSON_BITS_H

#include "catalog/simd_level.h"
#include "catalog/text.h"

struct json_bits {
	enum simd_level level;
	uint64_t *quotes, *slashes; /* [words], and two of zeroes behind, but for the mark at the end */
	size_t words;
	bool quote;   /* json_bits_mark's: there is a quote */
	bool slash;   /* there is a backslash */
	bool control; /* there is a byte below 0x20 */
	bool bad;     /* there is a byte that is no UTF-8 */
	uint64_t *room; /* its own words: quotes and slashes may be others' */
	size_t capacity;
};

/* A line of a text. */
struct json_line {
	uint32_t end; /* its newline's position, or the text's length */
	bool slash, control, bad; /* as above, but for the newline and a CR in front of it */
};

struct json_lines_of {
	struct json_line *items;
	size_t count, capacity;
};

/* Zeroes (with a level) are an empty one; the words stay until the next call. */
void json_bits_find(struct json_bits *bits, struct text text);
/* The same of many lines, in one pass: what stands in them is told for each alone. There is no mark at their ends. */
void json_bits_find_lines(struct json_bits *bits, struct text text, struct json_lines_of *lines);
/* The same for texts without escapes: every quote, and every `other` byte in the place of backslashes (CSV's separators); bytes
 * of other kinds are not told apart. */
void json_bits_mark(struct json_bits *bits, struct text text, char other);
void json_bits_free(struct json_bits *bits);

/* From now on a string that does not end before `at` ends there. */
static inline void json_bits_end(const struct json_bits *bits, size_t at)
{
	bits->quotes[at / 64] |= UINT64_C(1) << at % 64;
}

/* The marks of the 64 bytes from `at` on, which is in the text or its end. */
static inline uint64_t json_bits_from(const uint64_t *words, size_t at)
{
	const uint64_t *word = &words[at / 64];
	unsigned shift = at % 64;
	return shift ? word[0] >> shift | word[1] << (64 - shift) : word[0];
}

/* The marks of the bytes from `at` on, 57 of them at least; faster than json_bits_from. */
static inline uint64_t json_bits_near(const uint64_t *words, size_t at)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	uint64_t word;
	memcpy(&word, (const char *)words + at / 8, sizeof word);
	return word >> at % 8;
#else
	return json_bits_from(words, at);
#endif
}

#endif
