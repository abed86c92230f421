/* test_paired: McNemar's exact test, against values worked out by hand. */
#include "replay/measure/paired.h"
#include "tests/unit/unit.h"

#include <math.h>

static void test_by_hand(void)
{
	/* 2 · P(X <= least) of B(first + second, 1/2), as fractions of powers of two. */
	static const struct { uint64_t first, second; double p; } cases[] = {
		{0, 0, 1}, {1, 0, 1}, {0, 1, 1}, {1, 1, 1}, {7, 7, 1}, {2, 0, 0.5}, {0, 5, 2.0 / 32}, {6, 0, 2.0 / 64},
		{1, 5, 2 * 7.0 / 64}, {5, 1, 2 * 7.0 / 64}, {10, 2, 2 * 79.0 / 4096}, {3, 4, 1}, {20, 0, 2.0 / 1048576}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CU_ASSERT(fabs(mcnemar_exact(cases[i].first, cases[i].second) - cases[i].p) < 1e-12);
}

static void test_large(void)
{
	CU_ASSERT(mcnemar_exact(500000, 500001) == 1);
	CU_ASSERT(mcnemar_exact(0, 1000) > 0 && mcnemar_exact(0, 1000) < 1e-299);
	CU_ASSERT(mcnemar_exact(0, 100000) == 0); /* less than a double holds */
	/* Two standard deviations apart, where the normal distribution says 0.0455. */
	double p = mcnemar_exact(501000, 499000);
	CU_ASSERT(p > 0.045 && p < 0.046);
	struct paired paired = {.both = 40, .first = 1, .second = 5, .neither = 2};
	paired_test(&paired);
	CU_ASSERT(fabs(paired.p - 14.0 / 64) < 1e-12);
}

void suite_paired(void)
{
	CU_pSuite suite = unit_suite("paired");
	UNIT_TEST(suite, test_by_hand);
	UNIT_TEST(suite, test_large);
}
