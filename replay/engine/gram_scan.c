/* gram_scan: one kernel a level. */
#include "replay/engine/gram_scan.h"

static inline uint32_t bit_at(const struct gram_filter *filter, uint32_t gram)
{
	uint32_t bit = gram_hash(gram) >> filter->shift;
	return filter->bits[bit / 32] >> bit % 32 & 1;
}

static size_t scan_plain(const struct gram_filter *filter, struct text text, size_t from, size_t to, uint32_t *places)
{
	size_t count = 0;
	for (size_t at = from; at < to; at++) {
		places[count] = (uint32_t)at;
		count += bit_at(filter, gram_read(text.data + at, filter->width));
	}
	return count;
}

gram_scanner *gram_scanner_of(enum simd_level level)
{
	(void)level;
	return scan_plain;
}
