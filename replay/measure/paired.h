/*
 * paired: the same units judged twice, and McNemar's exact test of whether the two differ.
 *
 * Of n units, both counts those that were caught twice, `first` and `second` those caught only once. Under the null
 * hypothesis each of the first + second discordant units falls on either side with probability one half, so the two-sided
 * p is that of a binomial test: min(1, 2 · P(X <= min(first, second))) with X ~ B(first + second, 1/2). Without discordant
 * units it is 1.
 */
#ifndef MEWS_PAIRED_H
#define MEWS_PAIRED_H

#include <stdint.h>

struct paired {
	uint64_t both, first, second, neither;
	double p;
};

/* Fills p from the counts. */
void paired_test(struct paired *paired);
double mcnemar_exact(uint64_t first, uint64_t second);

#endif
