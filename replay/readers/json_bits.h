/*
 * json_bits: where in a JSON text its quotes and backslashes stand, 64 bytes a word; and where its lines end.
 *
 *   text      {"a":"x\"y"}
 *   marks     .1.1.1.11.1.    bit i % 64 of word i / 64
 *
 * A string without escapes reaches from one mark to the next; where that is a backslash, it is for whoever walks the text to see
 * what is escaped. The bytes are looked at 16, 32 or 64 at a time where the machine can, else one by one; every level gives
 * the same answers.
 */
#ifndef MEWS_JSON_BITS_H
#define MEWS_JSON_BITS_H

#include "catalog/simd_level.h"
#include "catalog/text.h"

struct json_bits {
	enum simd_level level;
	uint64_t *marks; /* [words], and one of zeroes behind */
	size_t words;
	bool control;    /* there is a byte below 0x20 */
	bool bad;        /* there is a byte that is no UTF-8 */
	uint64_t *room;  /* its own words: the marks may be others' */
	size_t capacity;
};

/* A line of a text. */
struct json_line {
	uint32_t end; /* its newline's position, or the text's length */
	bool control, bad; /* as above, but for the newline and a CR in front of it */
};

struct json_lines_of {
	struct json_line *items;
	size_t count, capacity;
};

/* Zeroes (with a level) are an empty one; the words stay until the next call. */
void json_bits_find(struct json_bits *bits, struct text text);
/* The same of many lines, in one pass: what stands in them is told for each alone, and their newlines are marks too. */
void json_bits_find_lines(struct json_bits *bits, struct text text, struct json_lines_of *lines);
/* Marks are quotes and `other` bytes (CSV's separators) or, with lines, newlines too; what else stands there is not told. */
void json_bits_mark(struct json_bits *bits, struct text text, char other, struct json_lines_of *lines);
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
