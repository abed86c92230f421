/* paired: see paired.h. The binomial's tail is an incomplete beta function: P(X <= k) = I_{1/2}(n - k, k + 1). */
#include "replay/measure/paired.h"
#include "replay/measure/interval.h"

double mcnemar_exact(uint64_t first, uint64_t second)
{
	const uint64_t least = first < second ? first : second, most = first < second ? second : first;
	if (most - least <= 1) /* also where there is none: at least half of all outcomes are as far out on each side */
		return 1;
	const double p = 2 * beta_cumulative((double)most, (double)least + 1, 0.5);
	return p < 1 ? p : 1;
}

void paired_test(struct paired *paired)
{
	paired->p = mcnemar_exact(paired->first, paired->second);
}
