/*
 * json_bits: where in a JSON text its quotes and backslashes stand, 64 bytes a word.
 *
 *   text      {"a":"x\"y"}
 *   quotes    .1.1.1....1.    those that begin or end a string: bit i % 64 of word i / 64
 *   slashes   .......1....    every backslash
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
	uint64_t *quotes, *slashes; /* [words], and one of zeroes behind */
	size_t words, capacity;
	bool quote;   /* there is a quote, of whatever kind */
	bool slash;   /* there is a backslash */
	bool control; /* there is a byte below 0x20 */
	bool high;    /* there is a byte above 0x7f */
};

/* Zeroes (with a level) are an empty one; the words stay until the next call. */
void json_bits_find(struct json_bits *bits, struct text text);
/* The same for texts without escapes: every quote, and every `other` byte in the place of backslashes (CSV's separators). */
void json_bits_mark(struct json_bits *bits, struct text text, char other);
void json_bits_free(struct json_bits *bits);

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
