/* coverage: see coverage.h. */
#include "replay/report/coverage.h"

#include <stdlib.h>

const char *coverage_state_name(enum coverage_state state)
{
	static const char *const names[] = {[COVERAGE_MEASURED] = "measured", [COVERAGE_BRIEF] = "brief", [COVERAGE_THIN] = "thin",
		[COVERAGE_UNTESTED] = "untested", [COVERAGE_BLIND] = "blind", [COVERAGE_OFF] = "off"};
	return names[state];
}

struct pair {
	struct text technique;
	const struct measure *measure;
};

static int by_technique(const void *left, const void *right)
{
	const struct pair *a = left, *b = right;
	int order = text_compare(a->technique, b->technique);
	return order ? order : (a->measure > b->measure) - (a->measure < b->measure);
}

static struct pair *pairs_of(struct arena *arena, const struct results *results, size_t total, size_t *count)
{
	size_t measures = results->total_count ? results->measure_count / results->total_count : 0;
	struct pair *pairs = NULL;
	*count = 0;
	for (size_t i = 0; i < measures; i++) {
		const struct measure *measure = &results->parts[PART_ALL].measures[total * measures + i];
		for (size_t k = 0; k < measure->detection->techniques.count; k++) {
			pairs = arena_grow(arena, pairs, *count, sizeof *pairs);
			pairs[(*count)++] = (struct pair){measure->detection->techniques.items[k], measure};
		}
	}
	if (*count)
		qsort(pairs, *count, sizeof *pairs, by_technique);
	return pairs;
}

enum coverage_state coverage_of_reach(enum reachability reachability)
{
	switch (reachability) {
	case REACH_MEASURED: return COVERAGE_MEASURED;
	case REACH_BRIEF: return COVERAGE_BRIEF;
	case REACH_THIN:
	case REACH_BLIND: break;
	}
	return COVERAGE_THIN;
}

static void judge(struct covered *it)
{
	uint64_t numerator = 0, denominator = 0;
	size_t on = 0;
	it->reachability = REACH_BLIND;
	for (size_t i = 0; i < it->measure_count; i++) {
		const struct measure *measure = it->measures[i];
		if (measure->disabled || measure->below)
			continue;
		on++;
		numerator += measure->recall.numerator;
		denominator += measure->recall.denominator;
		it->false_positives += measure->alerts[OUTCOME_FP];
		if (measure->reachability > it->reachability)
			it->reachability = measure->reachability;
	}
	it->recall = rate_exact(numerator, denominator);
	if (!on)
		it->state = COVERAGE_OFF;
	else if (denominator)
		it->state = coverage_of_reach(it->reachability);
	else
		it->state = it->reachability == REACH_BLIND ? COVERAGE_BLIND : COVERAGE_UNTESTED;
}

struct coverage coverage_of(struct arena *arena, const struct results *results, size_t total)
{
	struct coverage coverage = {0};
	size_t count;
	struct pair *pairs = pairs_of(arena, results, total, &count);
	for (size_t i = 0, end; i < count; i = end) {
		coverage.items = arena_grow(arena, coverage.items, coverage.count, sizeof *coverage.items);
		struct covered *it = &coverage.items[coverage.count++];
		*it = (struct covered){.technique = pairs[i].technique};
		for (end = i; end < count && text_equal(pairs[end].technique, pairs[i].technique); end++) {
			it->measures = arena_grow(arena, it->measures, it->measure_count, sizeof(const struct measure *));
			it->measures[it->measure_count++] = pairs[end].measure;
		}
		judge(it);
	}
	return coverage;
}
