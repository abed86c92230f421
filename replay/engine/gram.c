/* gram: what a sample's values are made of. Counters are of hashes, so that what shares one counts as common too. */
#include "replay/engine/gram.h"

#include <stdlib.h>

enum {
	COUNTER_BITS = 16,
	VALUE_MAX = 4096,  /* of longer values only the beginning is counted */
	LITERAL_MAX = 64   /* of longer literals only the beginning is looked at */
};

struct gram_counts {
	size_t fields;
	uint32_t **counters; /* [fields], NULL: no value yet */
};

struct gram_counts *gram_counts_new(const struct registry *registry)
{
	struct gram_counts *counts = mem_alloc(sizeof *counts);
	counts->fields = registry->field_count;
	counts->counters = mem_alloc(counts->fields * sizeof *counts->counters);
	for (size_t i = 0; i < counts->fields; i++)
		counts->counters[i] = NULL;
	return counts;
}

void gram_counts_free(struct gram_counts *counts)
{
	if (!counts)
		return;
	for (size_t i = 0; i < counts->fields; i++)
		free(counts->counters[i]);
	free(counts->counters);
	free(counts);
}

static uint32_t *counters_of(struct gram_counts *counts, unsigned field)
{
	if (!counts->counters[field]) /* most fields touch few of its pages: they need not be written to be zeroes */
		counts->counters[field] = calloc(sizeof(uint32_t), (size_t)1 << COUNTER_BITS);
	if (!counts->counters[field])
		counts->counters[field] = mem_alloc(SIZE_MAX); /* ends the process, and says why */
	return counts->counters[field];
}

static void count_value(uint32_t *counters, struct text value)
{
	size_t length = value.length < VALUE_MAX ? value.length : VALUE_MAX;
	for (size_t at = 0; at + GRAM_WIDTH <= length; at++)
		counters[gram_hash(gram_read(value.data + at, GRAM_WIDTH)) >> (32 - COUNTER_BITS)]++;
}

void gram_counts_add(struct gram_counts *counts, const struct facet *facet)
{
	for (size_t i = 0; i < facet->count; i++) {
		const struct facet_entry *entry = &facet->entries[i];
		if (entry->field >= counts->fields)
			continue;
		for (size_t v = 0; v < entry->values.count; v++)
			count_value(counters_of(counts, entry->field), entry->values.items[v].text);
	}
}

int gram_order(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

unsigned gram_commonness(char byte)
{
	static const char common[] = "qzjxkwyvbg_hf=:,ud1mpl20.c-rsinoat/e ";
	size_t rank = text_find(TEXT(common), (char)((unsigned char)byte | 0x20));
	return rank < sizeof common - 1 ? (unsigned)rank + 1 : 0;
}

size_t gram_rarest(const struct gram_counts *counts, unsigned field, struct text text)
{
	const uint32_t *counters = counts && field < counts->fields ? counts->counters[field] : NULL;
	size_t length = text.length < LITERAL_MAX ? text.length : LITERAL_MAX, best = 0;
	uint64_t least = UINT64_MAX;
	for (size_t at = 0; at + GRAM_WIDTH <= length; at++) {
		uint64_t score = 0;
		if (counters)
			score = (uint64_t)counters[gram_hash(gram_read(text.data + at, GRAM_WIDTH)) >> (32 - COUNTER_BITS)] << 16;
		for (size_t i = 0; i < GRAM_WIDTH; i++)
			score += gram_commonness(text.data[at + i]);
		if (score < least) {
			least = score;
			best = at;
		}
	}
	return best;
}
