/*
 * wording: what texts have in common where they vary by numbers, hashes, dates and names.
 *
 *   wording_mask    /builds/web/4711/src → /builds/web/#/src            equal for texts that differ in numbers alone
 *   wording_alike   /builds/web/#/src, /builds/shop/#/src → 0.75         how much of two masked texts is the same
 *   wording_make    /builds/web/4711/src, /builds/web/4712/src → /builds/web/[0-9]+/src    the narrowest pattern of all
 *
 * A pattern is narrow: what varies is matched by the characters that were seen there, one part at a time. So a number
 * stands for numbers, one part of a path for one part, one word of a command line for one word.
 */
#ifndef MEWS_TUNE_WORDING_H
#define MEWS_TUNE_WORDING_H

#include "catalog/text.h"

/* Adds the text with what a machine made (numbers, hashes, UUIDs) as #. */
void wording_mask(struct text text, struct buffer *out);
/* 0 … 1, of masked texts; 1: the same. */
double wording_alike(struct text a, struct text b);

enum wording_kind {
	WORDING_EXACT,
	WORDING_PREFIX, /* `text` is a pattern of like that ends in the only star */
	WORDING_REGEX,
};
struct wording {
	enum wording_kind kind;
	struct text text;
	double narrow; /* 1: exact … 0: anything */
	bool closed;   /* what varies are numbers, hashes and listed words; nothing is open to any word */
};
/* The narrowest pattern that fits all values (one or more). `weights`: how often each was seen; a place where few
 * words come again and again lists them, (web|shop), one where many come once takes any word. The text is the
 * arena's. What a machine made (hashes, UUIDs, long numbers) is never taken literally, even if it was seen but once. */
void wording_make(struct arena *arena, const struct text *values, const uint64_t *weights, size_t count,
	struct wording *wording);
/* The text as a regular expression that fits nothing else. */
void wording_quote(struct text text, struct buffer *out);

#endif
