/* gram_sieve: which grams share a bucket. See gram_scan.h. */
#include "replay/engine/gram_scan.h"

#include <stdlib.h>

enum { GROUP_GRAMS = 64, COARSE_MAX = 256 /* with more, too much falls through */ };

struct bucket {
	uint64_t classes[GRAM_WIDTH]; /* of its grams' bytes */
	double mass[GRAM_WIDTH];      /* how often a byte of a text is one of them */
};

static unsigned class_of(uint32_t gram, unsigned at)
{
	unsigned byte = gram >> 8 * at & 0xff;
	return (byte & 0x1f) | (byte >> 1 & 0x20);
}

static double mass_of(unsigned class)
{
	char byte = (char)((class & 0x1f) | (class & 0x20) << 1 | 0x20);
	double common = gram_commonness(byte) + 1;
	return common * common / 20000;
}

/* How much oftener a place falls through with the gram in the bucket too. */
static double added_cost(const struct bucket *bucket, uint32_t gram, unsigned width)
{
	double before = 1, after = 1;
	for (unsigned at = 0; at < width; at++) {
		unsigned class = class_of(gram, at);
		before *= bucket->mass[at];
		after *= bucket->mass[at] + (bucket->classes[at] >> class & 1 ? 0 : mass_of(class));
	}
	return after - before;
}

static void put(struct bucket *bucket, uint32_t gram, unsigned width)
{
	for (unsigned at = 0; at < width; at++) {
		unsigned class = class_of(gram, at);
		if (!(bucket->classes[at] >> class & 1))
			bucket->mass[at] += mass_of(class);
		bucket->classes[at] |= UINT64_C(1) << class;
	}
}

static void write_tables(struct gram_sieve *sieve, size_t bucket, const struct bucket *filled)
{
	size_t group = bucket / BUCKETS;
	uint8_t bit = (uint8_t)(1u << bucket % BUCKETS);
	for (unsigned at = 0; at < GRAM_WIDTH; at++)
		for (unsigned kind = 0; kind < BYTE_CLASSES; kind++) {
			if (at < sieve->width && !(filled->classes[at] >> kind & 1))
				continue;
			sieve->buckets[group][at][kind] |= bit;
			/* The high half of a byte: bits 4 and 6 as in the class, 5 and 7 as they come. */
			unsigned high = (kind >> 4 & 1) | (kind >> 5 & 1) << 2;
			for (unsigned lane = 0; lane < 32; lane += 16) {
				sieve->halves[group][at][0][lane + (kind & 15)] |= bit;
				for (unsigned other = 0; other < 4; other++)
					sieve->halves[group][at][1][lane + (high | (other & 1) << 1 | (other & 2) << 2)] |= bit;
			}
		}
}

struct gram_sieve *gram_sieve_make(struct arena *arena, unsigned width, const uint32_t *grams, size_t count, const uint32_t *bits,
	unsigned shift)
{
	struct gram_sieve *sieve = arena_alloc(arena, sizeof *sieve);
	*sieve = (struct gram_sieve){.width = width, .bits = bits, .shift = shift};
	if (count > COARSE_MAX)
		return sieve;
	for (sieve->groups = 1; sieve->groups < BUCKET_GROUPS_MAX && sieve->groups * GROUP_GRAMS < count;)
		sieve->groups *= 2;
	size_t bucket_count = (size_t)sieve->groups * BUCKETS;
	struct bucket *buckets = mem_alloc(bucket_count * sizeof *buckets);
	memset(buckets, 0, bucket_count * sizeof *buckets);
	for (size_t i = 0; i < count; i++) {
		size_t best = 0;
		double least = added_cost(&buckets[0], grams[i], width);
		for (size_t b = 1; b < bucket_count; b++) {
			double cost = added_cost(&buckets[b], grams[i], width);
			if (cost < least) {
				least = cost;
				best = b;
			}
		}
		put(&buckets[best], grams[i], width);
	}
	sieve->buckets = arena_array(arena, sieve->groups, sizeof *sieve->buckets);
	sieve->halves = arena_array(arena, sieve->groups, sizeof *sieve->halves);
	for (size_t b = 0; b < bucket_count; b++)
		write_tables(sieve, b, &buckets[b]);
	free(buckets);
	return sieve;
}
