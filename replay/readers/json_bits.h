/*
 * json_bits: where in a JSON text its quotes and backslashes stand, 64 bytes a word.
 *
 *   text      {"a":"x\"y"}
 *   quotes    .1.1.1....1.    those that begin or end a string: bit i % 64 of word i / 64
 *   slashes   .......1....    every backslash
 *
 * The bytes are looked at 16 or 32 at a time where the machine can (SSE2, AVX2), else one by one; every level gives the
 * same answers. A quote behind an odd number of backslashes is none; whether a backslash may stand where it does is for
 * whoever walks the text.
 */
#ifndef MEWS_JSON_BITS_H
#define MEWS_JSON_BITS_H

#include "catalog/text.h"

enum json_level { JSON_PLAIN, JSON_SSE2, JSON_AVX2, JSON_LEVELS };

struct json_bits {
	enum json_level level;
	uint64_t *quotes, *slashes;
	size_t words, capacity;
	bool quote;   /* there is a quote, of whatever kind */
	bool slash;   /* there is a backslash */
	bool control; /* there is a byte below 0x20 */
	bool high;    /* there is a byte above 0x7f */
};

/* The highest level of this machine. */
enum json_level json_level_best(void);
const char *json_level_name(enum json_level level);

/* Zeroes (with a level) are an empty one; the words stay until the next call. */
void json_bits_find(struct json_bits *bits, struct text text);
/* The same for texts without escapes: every quote, and every `other` byte in the place of backslashes (CSV's separators). */
void json_bits_mark(struct json_bits *bits, struct text text, char other);
void json_bits_free(struct json_bits *bits);

#endif
