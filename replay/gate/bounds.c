/* bounds: exact intervals at any confidence, and how much more would have to be observed (see gates.h). */
#include "replay/gate/gates.h"

#include <math.h>

struct gate_bounds gate_bounds_share(uint64_t k, uint64_t n, double confidence)
{
	double tail = (1 - confidence) / 2;
	if (n == 0)
		return (struct gate_bounds){NAN, NAN};
	return (struct gate_bounds){
		k == 0 ? 0 : beta_quantile((double)k, (double)(n - k) + 1, tail),
		k == n ? 1 : beta_quantile((double)k + 1, (double)(n - k), 1 - tail),
	};
}

/* P(X <= k) of a Poisson variable with this mean: the tail on k's own side of the mean is summed, largest term first. */
static double poisson_cumulative(uint64_t k, double mean)
{
	bool below = (double)k < mean;
	uint64_t i = below ? k : k + 1;
	double term = exp((double)i * log(mean) - mean - lgamma((double)i + 1)), sum = 0;
	while (term > sum * 1e-18) {
		sum += term;
		if (below && i == 0)
			break;
		term *= below ? (double)i / mean : mean / ((double)i + 1);
		i = below ? i - 1 : i + 1;
	}
	return below ? sum : 1 - sum;
}

/* The mean at which P(X <= k) is p. It falls as the mean rises. */
static double poisson_mean(uint64_t k, double p)
{
	double low = 0, high = (double)k + 10 * sqrt((double)k + 1) + 40;
	for (int i = 0; i < 200 && high - low > 1e-12 * high; i++) {
		double middle = low + (high - low) / 2;
		if (poisson_cumulative(k, middle) > p)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

struct gate_bounds gate_bounds_count(uint64_t k, double confidence)
{
	double tail = (1 - confidence) / 2;
	return (struct gate_bounds){k == 0 ? 0 : poisson_mean(k - 1, 1 - tail), poisson_mean(k, tail)};
}

uint64_t gate_bounds_more(uint64_t k, uint64_t n, double confidence, double least)
{
	uint64_t few = 0, enough = 1;
	if (n > 0 && gate_bounds_share(k, n, confidence).low >= least)
		return 0;
	while (gate_bounds_share(k + enough, n + enough, confidence).low < least && enough < UINT64_C(1) << 40)
		enough *= 2;
	while (enough - few > 1) {
		uint64_t middle = few + (enough - few) / 2;
		if (gate_bounds_share(k + middle, n + middle, confidence).low < least)
			few = middle;
		else
			enough = middle;
	}
	return enough;
}

uint64_t gate_bounds_none(double confidence, double most)
{
	return most >= 1 || most <= 0 ? 0 : (uint64_t)ceil(log((1 - confidence) / 2) / log1p(-most));
}
