/*
 * gram: one to four bytes of a text as a number, folded roughly, and its hash.
 *
 *   "Pri" of "--Privileged", three bytes wide: 'p' | 'r' << 8 | 'i' << 16
 *
 * Every byte gets its bit 0x20: A and a are one, and so are @ and `, [ and {, control bytes and what stands 0x20 above them.
 * That never loses a literal, whether it folds or not; who finds a gram compares the literal. The hash's top bits count.
 */
#ifndef MEWS_GRAM_H
#define MEWS_GRAM_H

#include "catalog/event.h"

#include <string.h>

enum { GRAM_WIDTH = 4, GRAM_FOLD = 0x20202020 };

static inline uint32_t gram_mask(unsigned width)
{
	return width >= GRAM_WIDTH ? UINT32_MAX : (UINT32_C(1) << 8 * width) - 1;
}

/* `width` bytes at `data`, and none beyond. */
static inline uint32_t gram_read(const char *data, unsigned width)
{
	uint32_t gram = 0;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (width == GRAM_WIDTH) {
		memcpy(&gram, data, GRAM_WIDTH);
		return gram | GRAM_FOLD;
	}
#endif
	for (unsigned i = 0; i < width; i++)
		gram |= (uint32_t)((unsigned char)data[i] | 0x20) << 8 * i;
	return gram;
}

/* Four bytes at a place of a text; where it ends before, zeroes behind what there is. */
static inline uint32_t gram_at(struct text text, size_t at)
{
	if (at + GRAM_WIDTH <= text.length)
		return gram_read(text.data + at, GRAM_WIDTH);
	return gram_read(text.data + at, (unsigned)(text.length - at));
}

static inline uint32_t gram_hash(uint32_t gram)
{
	return gram * UINT32_C(0x9E3779B1);
}

/* For qsort. */
int gram_order(const void *left, const void *right);

/* How common a byte is in command lines and paths: from 0 to GRAM_COMMON for the blank. */
enum { GRAM_COMMON = 37 };
unsigned gram_commonness(char byte);

/* How common grams are in a field's values, of a sample (calibration): chooses which gram of a literal is looked for. */
struct gram_counts;
struct gram_counts *gram_counts_new(const struct registry *registry);
void gram_counts_free(struct gram_counts *counts);
void gram_counts_add(struct gram_counts *counts, const struct facet *facet);

/* Where in a text of GRAM_WIDTH bytes or more the gram stands that is met least in the field's values; `counts` may be NULL,
 * and is by default what is rare in command lines. Only the first bytes of a long text are looked at. */
size_t gram_rarest(const struct gram_counts *counts, unsigned field, struct text text);

#endif
