/* near_wanted: bits that one thread writes and others read, without a lock (see near.h). */
#include "replay/engine/near.h"

#include <stdatomic.h>
#include <stdlib.h>

/*
 * Bits come before their number: who reads a number reads bits at least as new as it. They may be newer ones. Where these are
 * fewer, nobody needs the others any more; where they are others, the event that is asked about belongs to what they
 * are for, or else is behind it, and the old number makes whoever gets the answer ask again.
 */
struct near_wanted {
	size_t words;
	atomic_uint_fast64_t number, changes; /* 0: nothing is wanted; how often something new was */
	atomic_uint_fast64_t bits[];
};

struct near_wanted *near_wanted_new(size_t words)
{
	struct near_wanted *wanted = mem_alloc(sizeof *wanted + words * sizeof wanted->bits[0]);
	wanted->words = words;
	atomic_init(&wanted->number, 0);
	atomic_init(&wanted->changes, 0);
	for (size_t i = 0; i < words; i++)
		atomic_init(&wanted->bits[i], 0);
	return wanted;
}

void near_wanted_free(struct near_wanted *wanted)
{
	free(wanted);
}

uint64_t near_wanted_set(struct near_wanted *wanted, const uint64_t *needed)
{
	uint64_t fresh = 0, any = 0;
	for (size_t i = 0; i < wanted->words; i++) {
		fresh |= needed[i] & ~atomic_load_explicit(&wanted->bits[i], memory_order_relaxed);
		any |= needed[i];
		atomic_store_explicit(&wanted->bits[i], needed[i], memory_order_relaxed);
	}
	uint64_t changes = atomic_load_explicit(&wanted->changes, memory_order_relaxed) + (fresh != 0);
	atomic_store_explicit(&wanted->changes, changes, memory_order_relaxed);
	atomic_store_explicit(&wanted->number, any ? changes : 0, memory_order_release);
	return any ? changes : 0;
}

uint64_t near_wanted_get(const struct near_wanted *wanted, uint64_t *needed)
{
	uint64_t number = atomic_load_explicit(&wanted->number, memory_order_acquire);
	for (size_t i = 0; number && i < wanted->words; i++)
		needed[i] = atomic_load_explicit(&wanted->bits[i], memory_order_relaxed);
	return number;
}
