/*
 * gram_scan: at which places of a text a gram begins that a bitmap of hashes has.
 *
 *   bit of a gram: gram_hash(gram) >> shift
 *
 * Every level finds the same places, in another order maybe. Nothing beyond the text's bytes is read.
 */
#ifndef MEWS_GRAM_SCAN_H
#define MEWS_GRAM_SCAN_H

#include "catalog/simd_level.h"
#include "replay/engine/gram.h"

struct gram_filter {
	const uint32_t *bits;
	unsigned shift;
	unsigned width; /* of the grams */
};

/* The places at which a gram of the filter's begins among [from, to), written to `places`; their number. `to` is at most the
 * text's length - width + 1. */
typedef size_t gram_scanner(const struct gram_filter *filter, struct text text, size_t from, size_t to, uint32_t *places);

gram_scanner *gram_scanner_of(enum simd_level level);

#endif
