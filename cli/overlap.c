/* overlap: see overlap.h. */
#include "cli/overlap.h"

#include "cli/sample.h"

#include <stdlib.h>
#include <string.h>

static uint32_t *cell(const struct overlaps *overlaps, size_t one, size_t other)
{
	return &overlaps->together[one * overlaps->catalog->detection_count + other];
}

/* One event, and the detections that fire at it. */
static void add(struct overlaps *overlaps, const size_t *fired, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			(*cell(overlaps, fired[i], fired[k]))++;
}

static void add_test(struct overlaps *overlaps, struct evaluator *evaluator, const struct detection_test *test, size_t *fired)
{
	const struct catalog *catalog = overlaps->catalog;
	struct arena arena = {0};
	struct sample sample;
	size_t count = 0;
	sample_of_test(catalog, test, &arena, &sample);
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct condition *condition = NULL;
		if (sample_matches(evaluator, catalog->detections[i], &sample, &condition))
			fired[count++] = i;
	}
	overlaps->events++;
	add(overlaps, fired, count);
	arena_free(&arena);
}

void overlaps_tests(struct overlaps *overlaps, const struct catalog *catalog)
{
	struct evaluator *evaluator = evaluator_new();
	const size_t count = catalog->detection_count;
	size_t *fired = mem_alloc((count + 1) * sizeof *fired);
	overlaps->catalog = catalog;
	overlaps->together = mem_alloc((count * count + 1) * sizeof *overlaps->together);
	memset(overlaps->together, 0, (count * count + 1) * sizeof *overlaps->together);
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < catalog->detections[i]->test_count; k++)
			add_test(overlaps, evaluator, &catalog->detections[i]->tests[k], fired);
	free(fired);
	evaluator_free(evaluator);
}

static int by_moment(const void *left, const void *right)
{
	const struct alert *a = *(const struct alert *const *)left, *b = *(const struct alert *const *)right;
	if (a->moment != b->moment)
		return a->moment < b->moment ? -1 : 1;
	return text_compare(a->detection->name, b->detection->name);
}

static size_t number_of(const struct catalog *catalog, const struct detection *detection)
{
	for (size_t i = 0; i < catalog->detection_count; i++)
		if (text_equal(catalog->detections[i]->name, detection->name))
			return i;
	return catalog->detection_count;
}

void overlaps_alerts(struct overlaps *overlaps, const struct results *results)
{
	const struct catalog *catalog = overlaps->catalog;
	const struct alert **sorted = mem_alloc((results->alert_count + 1) * sizeof *sorted);
	size_t *fired = mem_alloc((catalog->detection_count + 1) * sizeof *fired), count = 0;
	for (size_t i = 0; i < results->alert_count; i++)
		sorted[i] = &results->alerts[i];
	if (results->alert_count > 0)
		qsort(sorted, results->alert_count, sizeof *sorted, by_moment);
	for (size_t i = 0; i < results->alert_count; i++) {
		const bool again = i > 0 && sorted[i]->moment == sorted[i - 1]->moment;
		if (i > 0 && !again) {
			overlaps->recorded++;
			add(overlaps, fired, count);
			count = 0;
		}
		const size_t number = number_of(catalog, sorted[i]->detection);
		if (number < catalog->detection_count && !(again && count > 0 && fired[count - 1] == number))
			fired[count++] = number;
	}
	overlaps->recorded += results->alert_count > 0;
	add(overlaps, fired, count);
	free(fired);
	free(sorted);
}

static struct text reason_of(const struct detection *one, const struct detection *other)
{
	for (size_t i = 0; i < one->overlap_count; i++)
		if (text_equal(one->overlaps[i].detection, other->name))
			return one->overlaps[i].reason;
	for (size_t i = 0; i < other->overlap_count; i++)
		if (text_equal(other->overlaps[i].detection, one->name))
			return other->overlaps[i].reason;
	return (struct text){0};
}

static void find_pair(struct overlaps *overlaps, struct arena *arena, size_t one, size_t other)
{
	const struct catalog *catalog = overlaps->catalog;
	const size_t both = *cell(overlaps, one, other), of_one = *cell(overlaps, one, one), of_other = *cell(overlaps, other, other);
	if (both == 0 || both < of_one || (both == of_other && one > other))
		return;
	overlaps->pairs = arena_grow(arena, overlaps->pairs, overlaps->pair_count, sizeof *overlaps->pairs);
	overlaps->pairs[overlaps->pair_count++] = (struct overlap_pair){.one = catalog->detections[one],
		.other = catalog->detections[other], .within = both < of_other, .together = both, .alone = of_other - both,
		.reason = reason_of(catalog->detections[one], catalog->detections[other])};
}

static int by_need(const void *left, const void *right)
{
	const struct overlap_pair *a = left, *b = right;
	if ((a->reason.length > 0) != (b->reason.length > 0))
		return a->reason.length > 0 ? 1 : -1;
	if (a->within != b->within)
		return a->within ? 1 : -1;
	const int order = text_compare(a->one->name, b->one->name);
	return order != 0 ? order : text_compare(a->other->name, b->other->name);
}

void overlaps_find(struct overlaps *overlaps, struct arena *arena)
{
	const size_t count = overlaps->catalog->detection_count;
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count; k++)
			if (i != k)
				find_pair(overlaps, arena, i, k);
	if (overlaps->pair_count > 0)
		qsort(overlaps->pairs, overlaps->pair_count, sizeof *overlaps->pairs, by_need);
}

json_t *overlaps_json(const struct overlaps *overlaps)
{
	json_t *array = json_array();
	for (size_t i = 0; i < overlaps->pair_count; i++) {
		const struct overlap_pair *pair = &overlaps->pairs[i];
		json_array_append_new(array, json_pack("{s:s%, s:s%, s:b, s:I, s:I, s:s%}", "detection", pair->one->name.data,
			pair->one->name.length, "other", pair->other->name.data, pair->other->name.length, "within", pair->within, "together",
			(json_int_t)pair->together, "other_alone", (json_int_t)pair->alone, "reason",
			pair->reason.data != NULL ? pair->reason.data : "", pair->reason.length));
	}
	return array;
}

void overlaps_free(struct overlaps *overlaps)
{
	free(overlaps->together);
}

size_t overlaps_owed(const struct overlaps *overlaps, bool strictly)
{
	size_t owed = 0;
	for (size_t i = 0; i < overlaps->pair_count; i++)
		owed += overlaps->pairs[i].reason.length == 0 && (strictly || !overlaps->pairs[i].within);
	return owed;
}

void overlaps_print(const struct overlaps *overlaps, FILE *out)
{
	size_t same = overlaps_owed(overlaps, false), within = overlaps_owed(overlaps, true) - same;
	fprintf(out, "\nOver %zu tests", overlaps->events);
	if (overlaps->recorded > 0)
		fprintf(out, " and %zu recorded events with an alert", overlaps->recorded);
	fprintf(out, ": %zu pair%s always fire%s together, %zu never fire without another one, %zu say why\n", same,
		same == 1 ? "" : "s", same == 1 ? "s" : "", within, overlaps->pair_count - same - within);
	for (size_t i = 0; i < overlaps->pair_count; i++) {
		const struct overlap_pair *pair = &overlaps->pairs[i];
		if (pair->reason.length > 0)
			continue;
		if (pair->within)
			fprintf(out, "  %.*s never without %.*s, which fires %zu× with it and %zu× alone\n",
				TEXT_ARGS(pair->one->name), TEXT_ARGS(pair->other->name), pair->together, pair->alone);
		else
			fprintf(out, "  %.*s and %.*s always, %zu×\n", TEXT_ARGS(pair->one->name), TEXT_ARGS(pair->other->name),
				pair->together);
	}
	if (same > 0)
		fputs("Merge two that are the same, test what one of them sees alone, or say why both are there (overlaps).\n", out);
}
