/*
 * engine_check: what an engine says of one event, beside what the plain evaluator says of every condition, facet by facet.
 *
 *   struct said oracle = oracle_says(&arena, evaluator, catalog, &besides, event);
 *   struct said said = engine_says(&arena, engine, &besides, event);       any thread, with an engine of its own
 *   if (!said_agree(catalog, &besides, &oracle, &said, &difference)) …
 */
#ifndef MEWS_TESTS_ENGINE_CHECK_H
#define MEWS_TESTS_ENGINE_CHECK_H

#include "replay/engine/engine.h"

#include <stdlib.h>
#include <string.h>

/* Conditions that belong to no detection, and what is asked besides what always is. */
struct besides {
	struct condition **conditions;
	const uint32_t *numbers;     /* of engine_register */
	size_t count;
	bool near;                   /* ask for nearness too, which costs as much as the oracle does */
	const uint64_t *needed;      /* of these detections; NULL: all, one by one */
	uint64_t wanted;             /* what engine_want_near gave for them: the answer says it; 0: it was not called */
	bool turn;                   /* come to the event again before the conditions are asked */
};

/* Of one event, by either side. */
struct said {
	size_t facets;
	uint64_t *hits;     /* bits over condition * facets + facet */
	uint64_t *possible; /* bits over detections */
	uint64_t *near;     /* bits over detections */
	uint64_t *fits;     /* bits over besides.conditions * (facets + 1) + facet; behind the last facet: on any */
	uint64_t hit_count; /* of the engine: as many as it gave */
};

enum difference_kind { DIFFERENCE_HIT, DIFFERENCE_TWICE, DIFFERENCE_SCOPE, DIFFERENCE_NEAR, DIFFERENCE_FITS };
struct difference {
	enum difference_kind kind;
	size_t detection, condition, facet; /* condition: of all, counted through the catalog */
	bool expected;
};
__attribute__((unused)) static const char *const difference_names[] = {"a condition holds", "a hit is told once",
	"the event is in scope", "the event is near", "a condition of no detection holds"};

static size_t condition_count_of(const struct catalog *catalog)
{
	size_t count = 0;
	for (size_t i = 0; i < catalog->detection_count; i++)
		count += catalog->detections[i]->condition_count;
	return count;
}

static struct said said_new(struct arena *arena, const struct catalog *catalog, const struct besides *besides,
	const struct event *event)
{
	size_t detections = bits_words(catalog->detection_count) + 1;
	return (struct said){
		.facets = event->facet_count,
		.hits = arena_array(arena, bits_words(condition_count_of(catalog) * event->facet_count) + 1, sizeof(uint64_t)),
		.possible = arena_array(arena, detections, sizeof(uint64_t)),
		.near = arena_array(arena, detections, sizeof(uint64_t)),
		.fits = arena_array(arena, bits_words(besides->count * (event->facet_count + 1)) + 1, sizeof(uint64_t)),
	};
}

/* Category and tree; outcomes are the detections' affair. */
static bool plain_fits(struct evaluator *e, const struct condition *condition, const struct facet *facet)
{
	return (condition->category == CATEGORY_ANY || condition->category == facet->category) && evaluate_node(e, condition->root, facet);
}

static void oracle_fits(struct evaluator *e, const struct besides *besides, const struct event *event, struct said *said)
{
	for (size_t i = 0; i < besides->count; i++)
		for (size_t f = 0; f < event->facet_count; f++)
			if (plain_fits(e, besides->conditions[i], event->facets[f])) {
				bits_set(said->fits, i * (event->facet_count + 1) + f);
				bits_set(said->fits, i * (event->facet_count + 1) + event->facet_count);
			}
}

/* The plain evaluator asks everything. */
__attribute__((unused)) static struct said oracle_says(struct arena *arena, struct evaluator *e, const struct catalog *catalog,
	const struct besides *besides, const struct event *event)
{
	struct said said = said_new(arena, catalog, besides, event);
	size_t index = 0;

	for (size_t i = 0; i < catalog->detection_count; i++)
		for (size_t k = 0; k < catalog->detections[i]->condition_count; k++, index++)
			for (size_t f = 0; f < event->facet_count; f++) {
				const struct condition *condition = catalog->detections[i]->conditions[k];
				const struct facet *facet = event->facets[f];
				if (evaluate_condition(e, condition, facet)) {
					bits_set(said.hits, index * event->facet_count + f);
					said.hit_count++;
				}
				if (evaluate_possible(e, condition, facet).can_be_true)
					bits_set(said.possible, i);
				if (besides->near && !bits_get(said.near, i) && evaluate_distance(e, condition, facet) <= 1)
					bits_set(said.near, i);
			}
	oracle_fits(e, besides, event, &said);
	return said;
}

static void engine_says_near(struct engine *engine, const struct event *event, const struct answer *answer, const struct besides *besides,
	size_t detections, struct said *said)
{
	bool told = besides->wanted != 0 && answer->near_wanted == besides->wanted;
	for (size_t i = 0; told && i < answer->near_count; i++)
		bits_set(said->near, answer->near[i]);
	if (besides->needed && !told)
		engine_near_in(engine, event, besides->needed, said->near);
	for (uint32_t i = 0; !besides->needed && i < detections; i++)
		if (engine_near(engine, event, i))
			bits_set(said->near, i);
}

__attribute__((unused)) static struct said engine_says(struct arena *arena, struct engine *engine, const struct besides *besides,
	const struct event *event)
{
	const struct catalog *catalog = engine_plan(engine)->catalog;
	struct said said = said_new(arena, catalog, besides, event);
	struct answer answer;

	engine_ask(engine, event, &answer);
	said.hit_count = answer.count;
	for (size_t i = 0; i < answer.count; i++)
		bits_set(said.hits, answer.hits[i].condition * event->facet_count + answer.hits[i].facet);
	memcpy(said.possible, answer.scope->bits, bits_words(catalog->detection_count) * sizeof(uint64_t));
	if (besides->near)
		engine_says_near(engine, event, &answer, besides, catalog->detection_count, &said);
	if (besides->turn)
		engine_turn(engine, event, besides->near ? NULL : &answer);
	for (size_t i = besides->count; i-- > 0;) {
		if (engine_fits_any(engine, besides->numbers[i], event))
			bits_set(said.fits, i * (event->facet_count + 1) + event->facet_count);
		for (size_t f = 0; f < event->facet_count; f++)
			if (engine_fits(engine, besides->numbers[i], event, f))
				bits_set(said.fits, i * (event->facet_count + 1) + f);
	}
	return said;
}

/* The first bit that differs; SIZE_MAX: none. */
static size_t bits_differ(const uint64_t *a, const uint64_t *b, size_t count)
{
	for (size_t word = 0; word < bits_words(count); word++)
		if (a[word] != b[word])
			return word * 64 + (size_t)__builtin_ctzll(a[word] ^ b[word]);
	return SIZE_MAX;
}

static size_t detection_of(const struct catalog *catalog, size_t condition)
{
	size_t i = 0;
	for (; condition >= catalog->detections[i]->condition_count; i++)
		condition -= catalog->detections[i]->condition_count;
	return i;
}

static size_t first_condition_of(const struct catalog *catalog, size_t detection)
{
	size_t index = 0;
	for (size_t i = 0; i < detection; i++)
		index += catalog->detections[i]->condition_count;
	return index;
}

static bool agree_bits(const uint64_t *oracle, const uint64_t *said, size_t count, enum difference_kind kind, const struct catalog *catalog,
	struct difference *difference)
{
	size_t at = bits_differ(oracle, said, count);
	if (at != SIZE_MAX)
		*difference = (struct difference){kind, at, kind == DIFFERENCE_FITS ? 0 : first_condition_of(catalog, at), 0, bits_get(oracle, at)};
	return at == SIZE_MAX;
}

/* What the oracle says of nearness, where it was asked of some. */
static bool agree_near(const struct catalog *catalog, const struct besides *besides, const struct said *oracle, const struct said *said,
	struct difference *difference)
{
	if (!besides->near)
		return true;
	for (size_t i = 0; i < catalog->detection_count; i++) {
		bool expected = bits_get(oracle->near, i) && (!besides->needed || bits_get(besides->needed, i));
		if (expected == bits_get(said->near, i))
			continue;
		*difference = (struct difference){DIFFERENCE_NEAR, i, first_condition_of(catalog, i), 0, expected};
		return false;
	}
	return true;
}

__attribute__((unused)) static bool said_agree(const struct catalog *catalog, const struct besides *besides, const struct said *oracle,
	const struct said *said, struct difference *difference)
{
	size_t at = bits_differ(oracle->hits, said->hits, condition_count_of(catalog) * oracle->facets);
	if (at != SIZE_MAX) {
		size_t condition = at / oracle->facets;
		*difference = (struct difference){DIFFERENCE_HIT, detection_of(catalog, condition), condition, at % oracle->facets,
			bits_get(oracle->hits, at)};
		return false;
	}
	if (oracle->hit_count != said->hit_count) {
		*difference = (struct difference){.kind = DIFFERENCE_TWICE, .expected = true};
		return false;
	}
	if (!agree_bits(oracle->possible, said->possible, catalog->detection_count, DIFFERENCE_SCOPE, catalog, difference) ||
		!agree_near(catalog, besides, oracle, said, difference))
		return false;
	if (agree_bits(oracle->fits, said->fits, besides->count * (oracle->facets + 1), DIFFERENCE_FITS, catalog, difference))
		return true;
	difference->condition = difference->detection / (oracle->facets + 1);
	difference->facet = difference->detection % (oracle->facets + 1);
	return false;
}

#endif
