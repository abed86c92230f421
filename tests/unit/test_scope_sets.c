/* scope_sets: numbers of sets; when there is no room; asked by several threads at once. */
#include "replay/engine/scope_sets.h"
#include "tests/unit/unit.h"

#include <pthread.h>
#include <string.h>

enum { WORDS = 3, THREADS = 4, SHARED = 3000, ROOM = ENGINE_SCOPE_SETS - 1 };

static void bits_of(uint64_t bits[WORDS], uint64_t number)
{
	bits[0] = number << 40;
	bits[1] = 0;
	bits[2] = number * 3 + 1;
}

static void test_numbers(void)
{
	struct arena arena = {0};
	struct scope_sets *sets = scope_sets_new(WORDS);
	uint64_t one[WORDS], other[WORDS], zero[WORDS] = {0};

	bits_of(one, 1);
	bits_of(other, 2);
	const struct scope_set *first = scope_sets_get(sets, one, &arena), *second = scope_sets_get(sets, other, &arena);
	CHECK_LONG(first->number, 1);
	CHECK_LONG(second->number, 2);
	CU_ASSERT(first->bits != one);
	CHECK_LONG(memcmp(first->bits, one, sizeof(one)), 0);
	one[0] = 99; /* it was copied */
	CU_ASSERT(first->bits[0] == UINT64_C(1) << 40);
	bits_of(one, 1);
	CU_ASSERT_PTR_EQUAL(scope_sets_get(sets, one, &arena), first);
	CHECK_LONG(scope_sets_get(sets, zero, &arena)->number, 3);
	arena_reset(&arena);
	CHECK_LONG(memcmp(second->bits, other, sizeof(other)), 0); /* lives as long as the sets */
	scope_sets_free(sets);
	scope_sets_free(NULL);
	arena_free(&arena);
}

/* 100,000 sets: memory of the sets stays; those that came too late are the asker's. */
static void test_room_is_full(void)
{
	struct arena arena = {0}, late = {0};
	struct scope_sets *sets = scope_sets_new(WORDS);
	size_t wrong = 0;
	uint64_t bits[WORDS];

	for (uint64_t i = 0; i < 100000; i++) {
		bits_of(bits, i);
		const struct scope_set *set = scope_sets_get(sets, bits, i < ROOM ? &arena : &late);
		wrong += set->number != (i < ROOM ? i + 1 : 0) || memcmp(set->bits, bits, sizeof(bits)) != 0;
		if (i >= ROOM)
			arena_reset(&late);
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT_PTR_NULL(arena.blocks); /* nothing of a numbered set is the asker's */
	for (uint64_t i = 0; i < ROOM; i++) {
		bits_of(bits, i);
		const struct scope_set *set = scope_sets_get(sets, bits, &arena);
		wrong += set->number != i + 1 || memcmp(set->bits, bits, sizeof(bits)) != 0;
	}
	CHECK_LONG(wrong, 0);
	scope_sets_free(sets);
	arena_free(&arena);
	arena_free(&late);
}

struct asker {
	struct scope_sets *sets;
	struct arena arena;
	unsigned number;
	const struct scope_set *got[SHARED];
};

static void *ask_all(void *context)
{
	static const uint64_t steps[THREADS] = {1, SHARED - 1, 7, 1001}; /* prime to SHARED: each comes once */
	struct asker *asker = context;
	for (uint64_t i = 0; i < SHARED; i++) {
		uint64_t bits[WORDS], at = (i * steps[asker->number] + asker->number * 911) % SHARED;
		bits_of(bits, at);
		asker->got[at] = scope_sets_get(asker->sets, bits, &asker->arena);
	}
	return NULL;
}

static void test_threads(void)
{
	static struct asker askers[THREADS]; /* large */
	pthread_t threads[THREADS];
	bool seen[ENGINE_SCOPE_SETS] = {false};
	struct scope_sets *sets = scope_sets_new(WORDS);
	size_t wrong = 0;

	for (unsigned i = 0; i < THREADS; i++) {
		askers[i] = (struct asker){.sets = sets, .number = i};
		CHECK_LONG(pthread_create(&threads[i], NULL, ask_all, &askers[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (uint64_t i = 0; i < SHARED; i++) {
		uint64_t bits[WORDS];
		const struct scope_set *set = askers[0].got[i];
		bits_of(bits, i);
		wrong += memcmp(set->bits, bits, sizeof(bits)) != 0 || set->number == 0 || set->number > SHARED || seen[set->number];
		seen[set->number % ENGINE_SCOPE_SETS] = true;
		for (unsigned k = 1; k < THREADS; k++)
			wrong += askers[k].got[i] != set;
	}
	CHECK_LONG(wrong, 0);
	for (unsigned i = 0; i < THREADS; i++)
		arena_free(&askers[i].arena);
	scope_sets_free(sets);
}

void suite_scope_sets(void)
{
	CU_pSuite suite = unit_suite("scope_sets");
	UNIT_TEST(suite, test_numbers);
	UNIT_TEST(suite, test_room_is_full);
	UNIT_TEST(suite, test_threads);
}
