/* gram_sieve: which grams share a bucket. See gram_scan.h. */
#include "replay/engine/gram_scan.h"

#include <stdlib.h>

enum { GROUP_GRAMS = 64, ROUNDS = 2 /* more bring little */ };

/* A gram in its bucket. */
struct member {
	uint32_t gram;
	unsigned width;
	size_t bucket;
};

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

/* The bucket with the gram in it too: behind it, any byte will do. */
static struct bucket with_gram(const struct bucket *bucket, const struct member *gram)
{
	struct bucket with = *bucket;
	for (unsigned at = 0; at < GRAM_WIDTH; at++) {
		uint64_t class = UINT64_C(1) << class_of(gram->gram, at);
		if (at >= gram->width) {
			with.classes[at] = UINT64_MAX;
			with.mass[at] = 1;
		} else if (!(with.classes[at] & class)) {
			with.classes[at] |= class;
			with.mass[at] += mass_of(class_of(gram->gram, at));
		}
	}
	return with;
}

/* How often a place falls through. */
static double cost_of(const struct bucket *bucket)
{
	double cost = 1;
	for (unsigned at = 0; at < GRAM_WIDTH; at++)
		cost *= bucket->mass[at];
	return cost;
}

/* The bucket that the gram makes least dearer. */
static size_t best_for(const struct bucket *buckets, size_t count, const struct member *gram)
{
	size_t best = 0;
	double least = 0;
	for (size_t i = 0; i < count; i++) {
		struct bucket with = with_gram(&buckets[i], gram);
		double cost = cost_of(&with) - cost_of(&buckets[i]);
		if (!i || cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

/* A bucket with its grams, all but one of them. */
static struct bucket without(const struct member *grams, size_t count, size_t bucket, size_t one)
{
	struct bucket filled = {{0}, {0}};
	for (size_t i = 0; i < count; i++)
		if (i != one && grams[i].bucket == bucket)
			filled = with_gram(&filled, &grams[i]);
	return filled;
}

/* One after the other into the best bucket; then each once more, now that the others are there. */
static void spread(struct bucket *buckets, size_t bucket_count, struct member *grams, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		grams[i].bucket = best_for(buckets, bucket_count, &grams[i]);
		buckets[grams[i].bucket] = with_gram(&buckets[grams[i].bucket], &grams[i]);
	}
	for (size_t round = 0; round < ROUNDS; round++)
		for (size_t i = 0; i < count; i++) {
			buckets[grams[i].bucket] = without(grams, count, grams[i].bucket, i);
			grams[i].bucket = best_for(buckets, bucket_count, &grams[i]);
			buckets[grams[i].bucket] = with_gram(&buckets[grams[i].bucket], &grams[i]);
		}
}

static void write_tables(struct gram_sieve *sieve, size_t bucket, const struct bucket *filled)
{
	size_t group = bucket / BUCKETS;
	uint8_t bit = (uint8_t)(1u << bucket % BUCKETS);
	for (unsigned at = 0; at < GRAM_WIDTH; at++)
		for (unsigned kind = 0; kind < BYTE_CLASSES; kind++) {
			if (!(filled->classes[at] >> kind & 1))
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

struct gram_sieve *gram_sieve_make(struct arena *arena, const struct gram_set *sets, size_t count)
{
	struct gram_sieve *sieve = arena_alloc(arena, sizeof *sieve);
	size_t grams = 0;
	sieve->least = GRAM_WIDTH;
	for (size_t i = 0; i < count; i++) {
		sieve->sets[sieve->set_count++] = sets[i];
		sieve->least = sets[i].width < sieve->least ? sets[i].width : sieve->least;
		grams += sets[i].count;
	}
	if (grams > COARSE_MAX)
		return sieve;
	for (sieve->groups = 1; sieve->groups < BUCKET_GROUPS_MAX && sieve->groups * GROUP_GRAMS < grams;)
		sieve->groups *= 2;
	size_t bucket_count = (size_t)sieve->groups * BUCKETS;
	struct bucket *buckets = mem_alloc(bucket_count * sizeof *buckets);
	memset(buckets, 0, bucket_count * sizeof *buckets);
	struct member *members = mem_alloc((grams + 1) * sizeof *members);
	size_t member_count = 0;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < sets[i].count; k++)
			members[member_count++] = (struct member){sets[i].grams[k], sets[i].width, 0};
	spread(buckets, bucket_count, members, member_count);
	free(members);
	sieve->buckets = arena_array(arena, sieve->groups, sizeof *sieve->buckets);
	sieve->halves = arena_array(arena, sieve->groups, sizeof *sieve->halves);
	for (size_t b = 0; b < bucket_count; b++)
		write_tables(sieve, b, &buckets[b]);
	free(buckets);
	return sieve;
}
