/* gram_share: literals in the order of their first bytes, where those that share some stand together (see gram_share.h). */
#include "replay/engine/gram_share.h"

#include <stdlib.h>

enum {
	BYTES = 8,
	SHARED_LEAST = 16, /* literals: fewer keep their own grams */
	HOPELESS = 8       /* times as many literals as grams are wanted: words of all sorts, which it would take long to sort */
};

struct beginning {
	uint64_t bytes; /* the first one highest, folded as grams are */
	size_t entry;
	uint32_t before;
};

static int order_beginnings(const void *left, const void *right)
{
	const struct beginning *a = left, *b = right;
	if (a->bytes != b->bytes)
		return a->bytes < b->bytes ? -1 : 1;
	return (a->entry > b->entry) - (a->entry < b->entry);
}

static uint64_t bytes_of(struct text text)
{
	uint64_t bytes = 0;
	for (size_t i = 0; i < BYTES; i++)
		bytes = bytes << 8 | (i < text.length ? (unsigned char)text.data[i] | 0x20u : 0u);
	return bytes;
}

/* How many different grams they are. */
static size_t different(const struct beginning *all, const struct literal_entry *entries, size_t count)
{
	uint32_t *grams = mem_alloc((count + 1) * sizeof *grams);
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		grams[i] = gram_read(entries[all[i].entry].text.data + all[i].before, GRAM_WIDTH);
	qsort(grams, count, sizeof *grams, gram_order);
	for (size_t i = 0; i < count; i++)
		found += i == 0 || grams[i] != grams[i - 1];
	free(grams);
	return found;
}

/* Those that share their first `bytes`, and those alone that do not share more with enough others. */
static void share(struct beginning *all, const struct literal_entry *entries, size_t count, size_t bytes, bool *shared,
	const struct gram_counts *counts, unsigned field)
{
	unsigned shift = (unsigned)(8 * (BYTES - bytes));
	for (size_t first = 0, end; first < count; first = end) {
		struct text text = entries[all[first].entry].text;
		for (end = first + 1; end < count && all[end].bytes >> shift == all[first].bytes >> shift;)
			end++;
		if (end - first < SHARED_LEAST || text.length < bytes)
			continue;
		size_t before = gram_rarest(counts, field, text_slice(text, 0, bytes));
		for (size_t i = first; i < end; i++) {
			all[i].before = shared[i] ? all[i].before : (uint32_t)before;
			shared[i] = true;
		}
	}
}

void gram_share(struct literal_entry *entries, size_t count, size_t most, const struct gram_counts *counts, unsigned field)
{
	if (count <= most || count > HOPELESS * most)
		return;
	struct beginning *all = mem_alloc(count * sizeof *all);
	bool *shared = mem_alloc(count * sizeof *shared);
	for (size_t i = 0; i < count; i++) {
		all[i] = (struct beginning){bytes_of(entries[i].text), i, entries[i].before};
		shared[i] = false;
	}
	if (different(all, entries, count) > most) {
		qsort(all, count, sizeof *all, order_beginnings);
		for (size_t bytes = BYTES; bytes >= GRAM_WIDTH; bytes--)
			share(all, entries, count, bytes, shared, counts, field);
		bool fewer = different(all, entries, count) <= most;
		for (size_t i = 0; i < count && fewer; i++)
			entries[all[i].entry].before = all[i].before;
	}
	free(shared);
	free(all);
}
