/*
 * gram_scan: at which places of a text a gram begins that is one of many, of one width or several.
 *
 * Two sieves, one behind the other. The fine one is a bitmap of hashes: gram_hash(gram) >> shift is a bit. Asking memory for
 * every place of a text is slow, so a coarse sieve goes before it that needs nothing but registers (Hyperscan's Teddy): grams
 * are put into buckets, eight to a group, and for each byte of a gram there is a table of which buckets have a gram with that
 * byte there. Where the tables of all four bytes have a bucket in common, a gram may begin.
 *
 *   bucket 0: "--pr", "--pu"     bucket 1: "wget"         first byte: '-' → 0, 'w' → 1     third: 'p' → 0, 'e' → 1 …
 *   the text "--pu…" has bucket 0 in common, and so has "--pr…"; "wpet" has none
 *
 * A place falls through it the more often the more grams a bucket holds, so buckets gather what is alike, and there are
 * more groups for more grams, up to where asking memory alone is cheaper. Grams of all widths go through one coarse sieve: of
 * shorter ones any byte may be the fourth.
 *
 * Every level finds the same places (the coarse sieve loses none), in another order maybe. Nothing beyond the text's bytes
 * is read.
 */
#ifndef MEWS_GRAM_SCAN_H
#define MEWS_GRAM_SCAN_H

#include "catalog/simd_level.h"
#include "replay/engine/gram.h"

enum { BUCKET_GROUPS_MAX = 4, BUCKETS = 8 /* of a group */, BYTE_CLASSES = 64 /* bytes without bits 5 and 7 */ };

/* Grams of one width, each once, and the bitmap of their hashes. */
struct gram_set {
	unsigned width;
	unsigned shift;
	uint32_t mask;
	const uint32_t *bits;
	const uint32_t *grams;
	size_t count;
};

struct gram_sieve {
	struct gram_set sets[GRAM_WIDTH]; /* without a coarse sieve: one */
	size_t set_count;
	unsigned least;  /* width */
	unsigned groups; /* 0: no coarse sieve */
	/* [group][byte of the gram]: buckets that have a gram with such a byte there */
	uint8_t (*buckets)[GRAM_WIDTH][BYTE_CLASSES];
	/* The same by the low and the high half of a byte; twice, for two lanes. */
	uint8_t (*halves)[GRAM_WIDTH][2][32];
};

enum { COARSE_MAX = 256 /* grams: of more, too much falls through */ };
/* For sets of different widths: one, or several that are COARSE_MAX grams together at most. In the arena, with the bitmaps
 * as they are; the grams are the caller's. */
struct gram_sieve *gram_sieve_make(struct arena *arena, const struct gram_set *sets, size_t count);

/* The places at which a gram that has its bit in one of the sets begins among [from, to), written to `places`; their number.
 * `to` is at most the text's length - least + 1, `places` has room for to - from and one more. Where a text ends
 * within a gram, its place may be among them. */
typedef size_t gram_scanner(const struct gram_sieve *sieve, struct text text, size_t from, size_t to, uint32_t *places);

gram_scanner *gram_scanner_of(enum simd_level level);

#endif
