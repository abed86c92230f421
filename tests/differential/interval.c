/*
 * Our intervals and tests, for tests/differential/scipy.sh: questions on standard input, a line each; answers on standard
 * output with all digits.
 *
 *   exact K N          low and high of the Clopper–Pearson interval
 *   bounds K N C       the bounds that gates judge shares by, at confidence C
 *   poisson K C        and counts
 *   mcnemar A B        p
 *   cumulative A B X   the regularised incomplete beta function
 *   quantile A B P     its inverse
 *   hours N/D N/D …    value, low and high of a rate by hours
 *   random SEED COUNT  numbers of the generator
 */
#include "replay/gate/gates.h"
#include "replay/measure/interval.h"
#include "replay/measure/paired.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HOURS_MOST = 4096 };

static void answer_hours(char *words, char **rest)
{
	static struct hour hours[HOURS_MOST];
	size_t count = 0;
	for (char *word = words; word && count < HOURS_MOST; word = strtok_r(NULL, " \n", rest), count++) {
		char *end = NULL;
		hours[count] = (struct hour){.key = (int64_t)count, .numerator = strtoull(word, &end, 10)};
		hours[count].denominator = strtoull(end + 1, NULL, 10);
	}
	struct rate rate = rate_by_hours(hours, count);
	printf("%.17g %.17g %.17g\n", rate.value, rate.low, rate.high);
}

static void answer_random(uint64_t state, uint64_t count)
{
	while (count-- > 0)
		printf("%" PRIu64 "%s", interval_random(&state), count > 0 ? " " : "\n");
}

static void answer(char *line)
{
	char *rest = NULL, *what = strtok_r(line, " \n", &rest), *words = strtok_r(NULL, " \n", &rest);
	if (!what || !words)
		return;
	if (strcmp(what, "hours") == 0) {
		answer_hours(words, &rest);
		return;
	}
	const char *two = strtok_r(NULL, " \n", &rest), *three = strtok_r(NULL, " \n", &rest);
	uint64_t a = strtoull(words, NULL, 10), b = two ? strtoull(two, NULL, 10) : 0;
	double x = strtod(words, NULL), y = two ? strtod(two, NULL) : 0, z = three ? strtod(three, NULL) : 0, low, high;
	if (strcmp(what, "exact") == 0) {
		clopper_pearson(a, b, &low, &high);
		printf("%.17g %.17g\n", low, high);
	} else if (strcmp(what, "bounds") == 0) {
		struct gate_bounds bounds = gate_bounds_share(a, b, z);
		printf("%.17g %.17g\n", bounds.low, bounds.high);
	} else if (strcmp(what, "poisson") == 0) {
		struct gate_bounds bounds = gate_bounds_count(a, y);
		printf("%.17g %.17g\n", bounds.low, bounds.high);
	} else if (strcmp(what, "mcnemar") == 0) {
		printf("%.17g\n", mcnemar_exact(a, b));
	} else if (strcmp(what, "cumulative") == 0) {
		printf("%.17g\n", beta_cumulative(x, y, z));
	} else if (strcmp(what, "quantile") == 0) {
		printf("%.17g\n", beta_quantile(x, y, z));
	} else if (strcmp(what, "random") == 0) {
		answer_random(a, b);
	}
}

int main(void)
{
	static char line[1 << 16];
	while (fgets(line, sizeof line, stdin))
		answer(line);
	return 0;
}
