/*
 * bytes: comparing values with literals, eight bytes at a time.
 *
 * A literal that folds is folded once, when it is prepared (bytes_fold); values never are. Folding is ASCII's. The
 * answers are those of catalog/text.h, byte for byte.
 */
#ifndef MEWS_BYTES_H
#define MEWS_BYTES_H

#include "catalog/simd_level.h"
#include "catalog/text.h"

/* A copy that is folded where `fold` says so: what the others take as `literal`. */
struct text bytes_fold(struct arena *arena, struct text text, bool fold);

/* Are `length` bytes of the value the literal's? */
bool bytes_same(const char *value, const char *literal, size_t length, bool fold);
bool bytes_equal(struct text value, struct text literal, bool fold);
/* Where the literal stands first; SIZE_MAX: nowhere. Every level has the same answer. */
typedef size_t bytes_finder(struct text value, struct text literal, bool fold);
bytes_finder *bytes_finder_of(enum simd_level level);
/* In lists of beginnings and endings most are ruled out by one byte. */
static inline bool bytes_alike(char a, char b)
{
	return ((a ^ b) & ~0x20) == 0;
}

static inline bool bytes_starts(struct text value, struct text literal, bool fold)
{
	if (value.length < literal.length || !literal.length)
		return !literal.length;
	return bytes_alike(value.data[0], literal.data[0]) && bytes_same(value.data, literal.data, literal.length, fold);
}

static inline bool bytes_ends(struct text value, struct text literal, bool fold)
{
	if (value.length < literal.length || !literal.length)
		return !literal.length;
	const char *end = value.data + value.length;
	return bytes_alike(end[-1], literal.data[literal.length - 1])
		&& bytes_same(end - literal.length, literal.data, literal.length, fold);
}

/* Of texts that are equal (with folding, if it is asked for) it is the same. */
uint64_t bytes_hash(struct text value, bool fold);

#endif
