/*
 * interval: 95 % intervals of rates (DESIGN section 8, docs/measures.md).
 *
 * Clopper–Pearson is exact for independent units (episodes, groups). Events come in bursts, so event
 * rates are resampled by the hour; where too few hours say anything, hours are the units.
 */
#ifndef MEWS_INTERVAL_H
#define MEWS_INTERVAL_H

#include <stddef.h>
#include <stdint.h>

/* value is NAN where the denominator is 0; low and high are a 95 % interval (NAN likewise). */
struct rate {
	double value, low, high;
	uint64_t numerator, denominator;
};

/* The regularised incomplete beta function I_x(a, b), a, b > 0. */
double beta_cumulative(double a, double b, double x);
/* The x for which I_x(a, b) is p. */
double beta_quantile(double a, double b, double p);

/* The exact two-sided interval of k of n at 95 %. k ≤ n; n = 0 gives NAN twice. */
void clopper_pearson(uint64_t k, uint64_t n, double *low, double *high);

/* k of n with its Clopper–Pearson interval. */
struct rate rate_exact(uint64_t k, uint64_t n);

/* One hour of events (or one file, where events have no time): how many counted, of how many. */
struct hour {
	int64_t key;
	uint64_t numerator, denominator;
};

enum { INTERVAL_HOURS = 5, INTERVAL_RESAMPLES = 1000 };
/* The rate of the sums over all hours. Where at least INTERVAL_HOURS hours have a numerator: a percentile
 * bootstrap over the hours, with INTERVAL_RESAMPLES resamples and a fixed seed: the same hours give the same
 * interval. Else Clopper–Pearson over hours: `high` is the upper bound of the share of hours that
 * have one (all events of such an hour might count), `low` is the lower bound of that share times the
 * share of events in those hours. The value always lies within. */
struct rate rate_by_hours(const struct hour *hours, size_t count);

/* SplitMix64 (Steele, Lea, Flood 2014): 64 bits of state, one addition and two multiplications a number. */
uint64_t interval_random(uint64_t *state);

/* A·recall / (A·recall + false groups a day): the share of alert groups that are attacks, if A attacks
 * happen a day. NAN where either is. */
double predictive_value(double attacks_per_day, double recall, double false_groups_per_day);

#endif
