/* interval: exact and resampled 95 % intervals (see interval.h). */
#include "replay/measure/interval.h"
#include "catalog/arena.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define TAIL 0.025
#define SEED UINT64_C(0x6d657773)

/* The continued fraction of the incomplete beta function (modified Lentz); converges fast for
 * x < (a + 1) / (a + b + 2), within about sqrt(max(a, b)) rounds. */
static double beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1);
	d = 1 / (fabs(d) < tiny ? tiny : d);
	double value = d;
	for (int m = 1; m < 100000; m++) {
		double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 + even * d;
		c = 1 + even / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		value *= d * c;
		double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 + odd * d;
		c = 1 + odd / c;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = fabs(c) < tiny ? tiny : c;
		value *= d * c;
		if (fabs(d * c - 1) < 1e-16)
			break;
	}
	return value;
}

/* ln Γ(z) less Stirling's formula: small, so that nothing is lost where Γ is huge. */
static double stirling_rest(double z)
{
	static const double half_log_two_pi = 0.91893853320467274178;
	const double square = z * z;
	if (z < 15)
		return lgamma(z) - ((z - 0.5) * log(z) - z + half_log_two_pi);
	return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / square) / square) / square) / square) / z;
}

/* k·ln(k / m) + m - k, also where the two are nearly the same. */
static double deviance(double k, double m)
{
	const double v = (k - m) / (k + m);
	double sum = (k - m) * v, term = 2 * k * v;
	if (fabs(v) >= 0.1)
		return k * log(k / m) + m - k;
	for (int j = 1; j < 1000; j++) {
		term *= v * v;
		const double more = sum + term / (2 * j + 1);
		if (more == sum)
			break;
		sum = more;
	}
	return sum;
}

/* x^a (1 - x)^b / B(a, b), as Loader (2000) has the binomial: by deviances, since the difference of the logarithms of three
 * huge gamma functions would keep seven digits only for a million of events. */
static double beta_front(double a, double b, double x)
{
	static const double two_pi = 6.28318530717958647693;
	const double n = a + b;
	const double rest = stirling_rest(n) - stirling_rest(a) - stirling_rest(b);
	return sqrt(a * b / (two_pi * n)) * exp(rest - deviance(a, n * x) - deviance(b, n * (1 - x)));
}

double beta_cumulative(double a, double b, double x)
{
	if (x <= 0)
		return 0;
	if (x >= 1)
		return 1;
	double front = beta_front(a, b, x);
	if (x < (a + 1) / (a + b + 2))
		return front * beta_fraction(a, b, x) / a;
	return 1 - front * beta_fraction(b, a, 1 - x) / b;
}

double beta_quantile(double a, double b, double p)
{
	double low = 0, high = 1;
	/* Halving is slow and sure: some fifty rounds and as many more as the answer has leading zeroes. */
	while (high - low > 1e-15 * high) {
		double middle = low + (high - low) / 2;
		if (middle <= low || middle >= high)
			break;
		if (beta_cumulative(a, b, middle) < p)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

void clopper_pearson(uint64_t k, uint64_t n, double *low, double *high)
{
	if (n == 0) {
		*low = *high = NAN;
		return;
	}
	double hits = (double)k, rest = (double)(n - k);
	if (k == 0)
		*low = 0;
	else if (k == n)
		*low = pow(TAIL, 1 / hits);
	else
		*low = beta_quantile(hits, rest + 1, TAIL);
	if (k == n)
		*high = 1;
	else if (k == 0)
		*high = -expm1(log(TAIL) / rest);
	else
		*high = beta_quantile(hits + 1, rest, 1 - TAIL);
}

struct rate rate_exact(uint64_t k, uint64_t n)
{
	struct rate rate = {.value = n ? (double)k / (double)n : NAN, .numerator = k, .denominator = n};
	clopper_pearson(k, n, &rate.low, &rate.high);
	return rate;
}

uint64_t interval_random(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static void bootstrap(const struct hour *hours, size_t count, struct rate *rate)
{
	double *rates = mem_alloc(INTERVAL_RESAMPLES * sizeof *rates);
	uint64_t state = SEED;
	for (size_t i = 0; i < INTERVAL_RESAMPLES; i++) {
		uint64_t numerator = 0, denominator = 0;
		for (size_t k = 0; k < count; k++) {
			/* The upper half of the number, scaled: even enough for fewer than 2^32 hours. */
			const struct hour *hour = &hours[((interval_random(&state) >> 32) * count) >> 32];
			numerator += hour->numerator;
			denominator += hour->denominator;
		}
		rates[i] = denominator ? (double)numerator / (double)denominator : 0;
	}
	qsort(rates, INTERVAL_RESAMPLES, sizeof *rates, compare_doubles);
	rate->low = fmin(rates[(size_t)floor(TAIL * (INTERVAL_RESAMPLES - 1))], rate->value);
	rate->high = fmax(rates[(size_t)ceil((1 - TAIL) * (INTERVAL_RESAMPLES - 1))], rate->value);
	free(rates);
}

static void exact_over_hours(const struct hour *hours, size_t count, struct rate *rate)
{
	uint64_t affected = 0, all = 0, events = 0;
	for (size_t i = 0; i < count; i++) {
		all += hours[i].denominator > 0;
		if (!hours[i].numerator)
			continue;
		affected++;
		events += hours[i].denominator;
	}
	clopper_pearson(affected, all, &rate->low, &rate->high);
	if (events)
		rate->low *= (double)rate->numerator / (double)events;
	rate->low = fmin(rate->low, rate->value);
	rate->high = fmax(rate->high, rate->value);
}

struct rate rate_by_hours(const struct hour *hours, size_t count)
{
	struct rate rate = {.value = NAN, .low = NAN, .high = NAN};
	size_t affected = 0;
	for (size_t i = 0; i < count; i++) {
		rate.numerator += hours[i].numerator;
		rate.denominator += hours[i].denominator;
		affected += hours[i].numerator > 0;
	}
	if (!rate.denominator)
		return rate;
	rate.value = (double)rate.numerator / (double)rate.denominator;
	if (affected >= INTERVAL_HOURS)
		bootstrap(hours, count, &rate);
	else
		exact_over_hours(hours, count, &rate);
	return rate;
}

double predictive_value(double attacks_per_day, double recall, double false_groups_per_day)
{
	double caught = attacks_per_day * recall, all = caught + false_groups_per_day;
	return all > 0 ? caught / all : NAN;
}
