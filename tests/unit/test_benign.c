/* test_benign: events counted by scope set, hour and audience give each detection and side what a plain loop gives. */
#include "replay/measure/benign.h"
#include "replay/engine/plan.h"
#include "replay/measure/interval.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

enum { DETECTIONS = 70, SIDES = 3, SETS = 12, HOURS = 9, WORDS = 2, EVENTS = 3000 };

/* What a loop over sides and detections counts. */
struct plain {
	struct hour hours[HOURS];
	size_t count;
};

struct trial {
	struct benign *benign;
	struct arena arena;
	uint64_t monitored[SIDES][WORDS], bits[SETS][WORDS];
	const uint64_t *all[SIDES];
	struct scope_set sets[SETS];
	struct plain plain[SIDES][DETECTIONS + 1];
	uint64_t random;
};

static size_t below(struct trial *t, size_t limit)
{
	return (size_t)(interval_random(&t->random) % limit);
}

static void plain_count(struct plain *plain, int64_t key)
{
	size_t i = 0;
	while (i < plain->count && plain->hours[i].key != key)
		i++;
	plain->hours[i].key = key;
	plain->hours[i].denominator++;
	plain->count += i == plain->count;
}

/* Every third set has no number. */
static void begin(struct trial *t, uint64_t seed)
{
	*t = (struct trial){.random = seed};
	for (size_t i = 0; i < SIDES; i++) {
		t->all[i] = t->monitored[i];
		for (size_t k = 0; k < DETECTIONS; k++)
			if (below(t, 4) == 0)
				bits_set(t->monitored[i], k);
	}
	for (size_t i = 0; i < SETS; i++) {
		t->sets[i] = (struct scope_set){i % 3 ? (uint32_t)i : 0, t->bits[i]};
		for (size_t k = 0; k < DETECTIONS; k++) /* whole stretches: detections that share their sets */
			if ((k / 9 + i) % 4 == 0 && below(t, 20) != 0)
				bits_set(t->bits[i], k);
	}
	t->benign = benign_new(DETECTIONS, t->all, SIDES);
}

static void count(struct trial *t, uint32_t audience, const struct scope_set *set, int64_t key)
{
	benign_count(t->benign, audience, set, key);
	for (size_t i = 0; i < SIDES; i++) {
		bool any = false;
		if (!benign_includes(t->benign, audience, i))
			continue;
		for (size_t k = 0; k < DETECTIONS; k++) {
			if (!bits_get(set->bits, k))
				continue;
			any = any || bits_get(t->monitored[i], k);
			plain_count(&t->plain[i][k], key);
		}
		if (any)
			plain_count(&t->plain[i][DETECTIONS], key);
	}
}

static bool same(const struct hour_list *list, const struct plain *plain)
{
	if (!list)
		return plain->count == 0;
	return list->count == plain->count && memcmp(list->items, plain->hours, list->count * sizeof *list->items) == 0;
}

static size_t differences(struct trial *t)
{
	const struct hour_list *lists[DETECTIONS + 1];
	size_t count = 0;
	for (size_t i = 0; i < SIDES; i++) {
		benign_lists(t->benign, i, &t->arena, lists);
		for (size_t k = 0; k <= DETECTIONS; k++)
			count += !same(lists[k], &t->plain[i][k]);
	}
	return count;
}

static void dataset(struct trial *t, size_t events)
{
	uint32_t audiences[1 << SIDES];
	memset(t->plain, 0, sizeof t->plain);
	benign_begin(t->benign);
	for (uint64_t sides = 0; sides < 1 << SIDES; sides++)
		audiences[sides] = benign_audience(t->benign, &sides);
	CHECK_LONG(audiences[0], 0);
	CHECK_LONG(benign_audience(t->benign, &(uint64_t){5}), audiences[5]);
	for (size_t i = 0; i < events; i++) /* hours are a little out of order */
		count(t, audiences[below(t, 3) ? 7 : below(t, 1 << SIDES)], &t->sets[below(t, SETS)],
			(int64_t)(i * HOURS / (events + 1)) - (below(t, 10) == 0 && i > events / HOURS));
	CHECK_LONG(differences(t), 0);
}

static void test_equal(void)
{
	struct trial t;
	for (uint64_t seed = 1; seed <= 20; seed++) {
		begin(&t, seed);
		dataset(&t, EVENTS);
		dataset(&t, seed); /* nothing of the first one is left */
		dataset(&t, 0);
		benign_free(t.benign);
		arena_free(&t.arena);
	}
}

/* What is the same stands in memory once. */
static void test_shared(void)
{
	struct trial t;
	const struct hour_list *one[DETECTIONS + 1], *other[DETECTIONS + 1];
	begin(&t, 1);
	benign_begin(t.benign);
	uint32_t audience = benign_audience(t.benign, &(uint64_t){7});
	memset(t.bits[1], 0xff, sizeof t.bits[1]);
	count(&t, audience, &t.sets[1], 5);
	benign_lists(t.benign, 0, &t.arena, one);
	benign_lists(t.benign, 1, &t.arena, other);
	for (size_t i = 1; i < DETECTIONS; i++)
		CU_ASSERT(one[i] == one[0] && other[i] == one[0]);
	benign_free(t.benign);
	arena_free(&t.arena);
}

void suite_benign(void)
{
	CU_pSuite suite = unit_suite("benign");
	UNIT_TEST(suite, test_equal);
	UNIT_TEST(suite, test_shared);
}
