/*
 * recent: see recent.h. Two tables: what is in the old one is forgotten when the new one is full.
 */
#include "replay/readers/recent.h"

#include <stdlib.h>
#include <string.h>

enum { SLOTS = 2 * RECENT_MAX };

struct recent {
	uint64_t tables[2][SLOTS]; /* 0: free */
	unsigned newer;
	size_t count; /* in the newer */
};

struct recent *recent_new(void)
{
	struct recent *recent = mem_alloc(sizeof *recent);
	memset(recent, 0, sizeof *recent);
	return recent;
}

void recent_free(struct recent *recent)
{
	free(recent);
}

static uint64_t *slot_of(uint64_t *table, uint64_t hash)
{
	size_t slot = hash % SLOTS;
	while (table[slot] && table[slot] != hash)
		slot = (slot + 1) % SLOTS;
	return &table[slot];
}

bool recent_seen(struct recent *recent, struct text text)
{
	uint64_t hash = text_hash(text);
	hash += !hash;
	uint64_t *slot = slot_of(recent->tables[recent->newer], hash);
	bool seen = *slot || *slot_of(recent->tables[!recent->newer], hash);
	if (*slot)
		return true;
	if (recent->count == RECENT_MAX) {
		recent->newer = !recent->newer;
		memset(recent->tables[recent->newer], 0, sizeof recent->tables[0]);
		recent->count = 0;
		slot = slot_of(recent->tables[recent->newer], hash);
	}
	*slot = hash;
	recent->count++;
	return seen;
}
