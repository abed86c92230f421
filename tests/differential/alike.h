/*
 * alike: recorded events that are alike but for their numbers: of those, a few are enough for a comparison that costs much.
 *
 *   struct alike alike = alike_of(2, 200);     the first two of a kind, and each 200th of it
 *   if (alike_takes(&alike, event)) …
 *   alike_free(&alike);
 *
 * Two events are of a kind where they have the same acts, fields and values, words with a digit in them (process ids,
 * addresses, times, hashes) aside. FULL=1 in the environment takes every event.
 */
#ifndef MEWS_ALIKE_H
#define MEWS_ALIKE_H

#include "catalog/event.h"
#include "catalog/arena.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { ALIKE_KINDS = 1 << 21 }; /* kinds that are told apart; further ones are all taken */

struct alike {
	uint64_t first, every;
	struct kind {
		uint64_t hash, count;
	} *kinds;                /* open addressing */
	uint64_t known, left_out;
	bool all;
};

static inline struct alike alike_of(uint64_t first, uint64_t every)
{
	const char *full = getenv("FULL");
	struct alike alike = {.first = first, .every = every, .all = full != NULL && strcmp(full, "1") == 0};
	alike.kinds = mem_alloc((ALIKE_KINDS + 1) * sizeof *alike.kinds);
	memset(alike.kinds, 0, (ALIKE_KINDS + 1) * sizeof *alike.kinds);
	return alike;
}

static inline void alike_free(struct alike *alike)
{
	free(alike->kinds);
}

static inline uint64_t alike_mix(uint64_t hash, uint64_t with)
{
	return (hash ^ with) * UINT64_C(0x100000001b3);
}

/* Words with a digit count as one that is called 0. */
static inline uint64_t alike_text(uint64_t hash, struct text text)
{
	for (size_t at = 0, end; at < text.length; at = end) {
		bool digit = false;
		for (end = at; end < text.length && isalnum((unsigned char)text.data[end]); end++)
			digit = digit || isdigit((unsigned char)text.data[end]);
		for (size_t i = at; i < end && !digit; i++)
			hash = alike_mix(hash, (unsigned char)text.data[i]);
		hash = digit ? alike_mix(hash, '0') : hash;
		for (; end < text.length && !isalnum((unsigned char)text.data[end]); end++)
			hash = alike_mix(hash, (unsigned char)text.data[end]);
	}
	return alike_mix(hash, 256);
}

static inline uint64_t alike_hash(const struct event *event)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);
	for (size_t f = 0; f < event->facet_count; f++) {
		const struct facet *facet = event->facets[f];
		hash = alike_mix(alike_mix(alike_mix(hash, facet->category), facet->action), 512U + facet->derived);
		for (size_t i = 0; i < facet->count; i++) {
			const struct facet_entry *entry = &facet->entries[i];
			hash = alike_mix(hash, 1024U + entry->field);
			for (size_t k = 0; k < entry->values.count; k++)
				hash = alike_text(hash, entry->values.items[k].text);
		}
	}
	return hash ? hash : 1;
}

static inline bool alike_takes(struct alike *alike, const struct event *event)
{
	if (alike->all || alike->known >= ALIKE_KINDS / 2)
		return true;
	uint64_t hash = alike_hash(event), at = (hash >> 20) % ALIKE_KINDS;
	while (alike->kinds[at].hash != 0 && alike->kinds[at].hash != hash)
		at = (at + 1) % ALIKE_KINDS;
	alike->known += alike->kinds[at].hash == 0;
	alike->kinds[at].hash = hash;
	uint64_t count = ++alike->kinds[at].count;
	bool takes = count <= alike->first || count % alike->every == 0;
	alike->left_out += !takes;
	return takes;
}

#endif
