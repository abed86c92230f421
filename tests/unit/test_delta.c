/* test_delta: the smallest part that shows it, with one culprit, several together, and few questions. */
#include "cli/delta.h"
#include "tests/unit/unit.h"

struct culprits {
	size_t list[8], count;
	size_t asked;
	bool odd_fails; /* parts of odd size cannot be tried */
};

static bool shows(void *context, const size_t *items, size_t count)
{
	struct culprits *c = context;
	size_t found = 0;
	c->asked++;
	for (size_t i = 0; i < c->count; i++)
		for (size_t k = 0; k < count; k++)
			found += items[k] == c->list[i];
	return found == c->count && !(c->odd_fails && count % 2);
}

static void check(struct culprits c, size_t of, size_t most_questions)
{
	size_t items[200];
	for (size_t i = 0; i < of; i++)
		items[i] = i;
	size_t left = delta_minimise(items, of, shows, &c);
	CHECK_LONG(left, c.count);
	for (size_t i = 0; i < left; i++)
		CHECK_LONG(items[i], c.list[i]);
	CU_ASSERT(c.asked <= most_questions);
}

static void test_delta(void)
{
	check((struct culprits){{0}, 1, 0, false}, 1, 0);
	for (size_t i = 0; i < 128; i++)
		check((struct culprits){{i}, 1, 0, false}, 128, 14);
	check((struct culprits){{3, 4}, 2, 0, false}, 100, 100);
	check((struct culprits){{0, 99}, 2, 0, false}, 100, 100);
	check((struct culprits){{1, 50, 51, 98}, 4, 0, false}, 100, 200);
	check((struct culprits){{0, 1, 2, 3, 4, 5, 6, 7}, 8, 0, false}, 8, 40);
}

/* Where many parts cannot be tried, what is left may not be the smallest, but still shows it. */
static void test_unresolved(void)
{
	struct culprits c = {{7, 90}, 2, 0, true};
	size_t items[100];
	for (size_t i = 0; i < 100; i++)
		items[i] = i;
	size_t left = delta_minimise(items, 100, shows, &c);
	CU_ASSERT(left < 100 && shows(&c, items, left));
}

void suite_delta(void)
{
	CU_pSuite suite = unit_suite("delta");
	UNIT_TEST(suite, test_delta);
	UNIT_TEST(suite, test_unresolved);
}
