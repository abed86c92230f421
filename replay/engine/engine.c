/* engine: matching, scope and nearness by the plain evaluator over the plan (see engine.h). */
#include "replay/engine/engine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

/* The scope cache: open addressing, forgotten whole when half full. */
enum { CACHE_SLOTS = 4096 };
/* What a signature holds besides presence: action, outcome and type have their values fixed too. */
enum { KEY_ACTION, KEY_OUTCOME, KEY_TYPE, KEY_WORDS };

struct engine {
	const struct plan *plan;
	struct plan own;         /* of the first */
	struct evaluator *evaluator;
	struct plan_hit *hits; /* of the event at hand */
	size_t hit_count, hit_capacity;
	size_t words;            /* of a set of detections */
	size_t key_words;        /* of a signature: KEY_WORDS, then a bit a field */
	uint64_t *scope;         /* the answer */
	uint64_t *key;           /* of the facet at hand */
	uint64_t *cache;         /* [CACHE_SLOTS] × (used, key, set) */
	size_t cached;
	uint64_t misses;
	uint64_t *asked;         /* [condition_count]: predicates */
	struct engine_cost *costs; /* [condition_count], all but what is in `asked` */
	struct engine_sums sums;
	uint64_t turn;
	bool timed;
	const struct condition **registered; /* the first's */
	size_t registered_count;
	struct engine *first;    /* itself, or the one whose plan it uses */
	struct engine *beside;   /* of the first: the newest beside it; of another: the one before */
	struct scope_sets *sets; /* the first's */
	struct sequencer *sequencer; /* NULL: no dataset has begun, or there are no sequences */
	size_t mark_words;
};

static size_t slot_words(const struct engine *engine)
{
	return 1 + engine->key_words + engine->words;
}

static void *zeroed(size_t size)
{
	return memset(mem_alloc(size), 0, size);
}

/* All but the plan and the sets. */
static struct engine *make_engine(void)
{
	struct engine *engine = zeroed(sizeof *engine);
	engine->evaluator = evaluator_new();
	return engine;
}

static void make_room(struct engine *engine)
{
	const struct catalog *catalog = engine->plan->catalog;
	engine->words = bits_words(catalog->detection_count) + (catalog->detection_count == 0);
	engine->key_words = KEY_WORDS + bits_words(catalog->registry.field_count);
	engine->scope = zeroed(engine->words * sizeof *engine->scope);
	engine->key = zeroed(engine->key_words * sizeof *engine->key);
	engine->cache = zeroed(CACHE_SLOTS * slot_words(engine) * sizeof *engine->cache);
	engine->asked = zeroed((engine->plan->condition_count + 1) * sizeof *engine->asked);
	engine->costs = zeroed((engine->plan->condition_count + 1) * sizeof *engine->costs);
}

struct engine *engine_new(const struct catalog *catalog)
{
	return engine_new_at(catalog, simd_level_best());
}

struct engine *engine_new_at(const struct catalog *catalog, enum simd_level level)
{
	(void)level; /* the plain evaluator looks at bytes one by one */
	struct engine *engine = make_engine();
	plan_make(&engine->own, catalog, engine->evaluator);
	engine->plan = &engine->own;
	engine->first = engine;
	make_room(engine);
	engine->sets = scope_sets_new(engine->words);
	return engine;
}

struct engine *engine_beside(struct engine *first)
{
	struct engine *engine = make_engine();
	engine->plan = first->plan;
	engine->first = first;
	engine->sets = first->sets;
	engine->beside = first->beside;
	first->beside = engine;
	make_room(engine);
	return engine;
}

static void free_one(struct engine *engine)
{
	sequencer_free(engine->sequencer);
	plan_free(&engine->own);
	evaluator_free(engine->evaluator);
	free(engine->hits);
	free(engine->scope);
	free(engine->key);
	free(engine->cache);
	free(engine->asked);
	free(engine->costs);
	free(engine->registered);
	free(engine);
}

void engine_free(struct engine *engine)
{
	if (!engine)
		return;
	for (struct engine *beside = engine->beside, *next; beside; beside = next) {
		next = beside->beside;
		free_one(beside);
	}
	scope_sets_free(engine->sets);
	free_one(engine);
}

struct evaluator *engine_evaluator(struct engine *engine)
{
	return engine->evaluator;
}

const struct plan *engine_plan(const struct engine *engine)
{
	return engine->plan;
}

void engine_calibrate(struct engine *first, const struct event *const *events, size_t count)
{
	(void)first, (void)events, (void)count; /* the plain evaluator has nothing to choose */
}

void engine_cost_of(const struct engine *first, uint32_t detection, struct engine_cost *cost)
{
	*cost = (struct engine_cost){0};
	for (const struct engine *one = first; one; one = one->beside)
		for (uint32_t i = first->plan->first[detection]; i < first->plan->first[detection + 1]; i++) {
			cost->candidates += one->costs[i].candidates;
			cost->verified += one->asked[i];
			cost->nanoseconds += one->costs[i].nanoseconds;
			cost->limited += one->costs[i].limited;
		}
}

uint64_t engine_asked(const struct engine *first, uint32_t detection)
{
	struct engine_cost cost;
	engine_cost_of(first, detection, &cost);
	return cost.verified;
}

void engine_totals(const struct engine *first, struct engine_sums *sums)
{
	*sums = (struct engine_sums){0};
	for (const struct engine *one = first; one; one = one->beside) {
		sums->events += one->sums.events;
		sums->facets += one->sums.facets;
		sums->candidates += one->sums.candidates;
		sums->verified += one->sums.verified;
		sums->compared += one->sums.compared;
	}
}

void engine_time(struct engine *engine, bool on)
{
	engine->timed = on;
}

uint64_t engine_scope_misses(const struct engine *engine)
{
	return engine->misses;
}

static const struct plan_partition *partition_of(const struct engine *engine, const struct facet *facet)
{
	unsigned action = facet->action < engine->plan->catalog->registry.action_count ? facet->action : 0;
	return &engine->plan->partitions[action];
}

/* Matching */

static void add_hit(struct engine *engine, uint32_t condition, size_t facet)
{
	if (engine->hit_count == engine->hit_capacity) {
		engine->hit_capacity = engine->hit_capacity ? engine->hit_capacity * 2 : 64;
		engine->hits = mem_resize(engine->hits, engine->hit_capacity * sizeof *engine->hits);
	}
	engine->hits[engine->hit_count++] = (struct plan_hit){condition, (uint32_t)facet};
}

static uint64_t nanoseconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Asks the condition, and counts what it cost. */
static bool ask_condition(struct engine *engine, uint32_t index, const struct facet *facet, bool timed)
{
	struct engine_cost *cost = &engine->costs[index];
	uint64_t asked = evaluator_asked(engine->evaluator), begun = timed ? nanoseconds_now() : 0;
	size_t limited = evaluator_limited(engine->evaluator);
	bool holds = evaluate_condition(engine->evaluator, engine->plan->conditions[index].condition, facet);
	if (timed)
		cost->nanoseconds += (nanoseconds_now() - begun) * ENGINE_TIMED;
	asked = evaluator_asked(engine->evaluator) - asked;
	engine->asked[index] += asked;
	engine->sums.verified += asked;
	engine->sums.candidates++;
	cost->candidates++;
	cost->limited += evaluator_limited(engine->evaluator) > limited;
	return holds;
}

static void find_hits(struct engine *engine, const struct event *event)
{
	bool timed = engine->timed && engine->sums.events % ENGINE_TIMED == 0;
	engine->hit_count = 0;
	engine->turn++;
	engine->sums.events++;
	engine->sums.facets += event->facet_count;
	for (size_t f = 0; f < event->facet_count; f++) {
		const struct plan_partition *partition = partition_of(engine, event->facets[f]);
		for (size_t i = 0; i < partition->count; i++) {
			uint32_t index = partition->conditions[i];
			const struct condition *condition = engine->plan->conditions[index].condition;
			if (condition->sequence)
				continue;
			if (ask_condition(engine, index, event->facets[f], timed))
				add_hit(engine, index, f);
		}
	}
}

static const struct scope_set *set_of(struct engine *engine, const struct event *event)
{
	return scope_sets_get(engine->sets, engine_scope(engine, event), event->arena);
}

void engine_ask(struct engine *engine, const struct event *event, struct answer *answer)
{
	find_hits(engine, event);
	*answer = (struct answer){NULL, engine->hit_count, set_of(engine, event), engine, engine->turn};
	if (!answer->count)
		return;
	answer->hits = arena_array(event->arena, answer->count, sizeof *answer->hits);
	memcpy(answer->hits, engine->hits, answer->count * sizeof *answer->hits);
}

void engine_order(struct engine *engine, const struct event *event, const struct answer *answer, struct matches *matches)
{
	size_t count = answer->count;
	engine_turn(engine, event, answer);
	*matches = (struct matches){0};
	if (engine->sequencer)
		count = sequencer_take(engine->sequencer, event, answer->hits, count);
	if (count)
		plan_matches(engine->plan, answer->hits, count, event->arena, matches);
}

void engine_match(struct engine *engine, const struct event *event, struct matches *matches)
{
	find_hits(engine, event);
	struct answer answer = {engine->hits, engine->hit_count, NULL, engine, engine->turn};
	engine_order(engine, event, &answer, matches);
}

/* Conditions of others */

uint32_t engine_register(struct engine *first, const struct condition *condition)
{
	for (size_t i = 0; i < first->registered_count; i++)
		if (first->registered[i] == condition)
			return (uint32_t)i;
	first->registered = mem_resize(first->registered, (first->registered_count + 1) * sizeof(struct condition *));
	first->registered[first->registered_count] = condition;
	return (uint32_t)first->registered_count++;
}

bool engine_fits(struct engine *engine, uint32_t registered, const struct event *event, size_t facet)
{
	const struct condition *condition = engine->first->registered[registered];
	if (condition->category != CATEGORY_ANY && condition->category != event->facets[facet]->category)
		return false;
	return evaluate_node(engine->evaluator, condition->root, event->facets[facet]);
}

bool engine_fits_any(struct engine *engine, uint32_t registered, const struct event *event)
{
	for (size_t i = 0; i < event->facet_count; i++)
		if (engine_fits(engine, registered, event, i))
			return true;
	return false;
}

void engine_turn(struct engine *engine, const struct event *event, const struct answer *answer)
{
	(void)event;
	if (!answer || answer->by != engine || answer->turn != engine->turn)
		engine->turn++;
}

/* Sequences */

void engine_begin(struct engine *engine)
{
	if (engine->sequencer)
		sequencer_reset(engine->sequencer);
	else if (engine->plan->sequence_count)
		engine->sequencer = sequencer_new(engine->plan, engine->evaluator, engine->mark_words, engine->asked);
}

void engine_mark_words(struct engine *engine, size_t words)
{
	engine->mark_words = words;
}

const struct settled *engine_settled(struct engine *engine)
{
	return engine->sequencer ? sequencer_settled(engine->sequencer) : NULL;
}

void engine_finish(struct engine *engine)
{
	if (engine->sequencer)
		sequencer_finish(engine->sequencer);
}

uint64_t *engine_marks(struct engine *engine)
{
	return engine->sequencer ? sequencer_marks(engine->sequencer) : NULL;
}

struct engine_losses engine_losses(const struct engine *engine)
{
	if (!engine->sequencer)
		return (struct engine_losses){0, 0};
	return (struct engine_losses){sequencer_dropped(engine->sequencer), sequencer_late(engine->sequencer)};
}

/* Scope */

static void make_key(struct engine *engine, const struct facet *facet)
{
	memset(engine->key, 0, engine->key_words * sizeof *engine->key);
	engine->key[KEY_ACTION] = (uint64_t)facet->category << 32 | facet->action;
	engine->key[KEY_OUTCOME] = text_hash(facet_text(facet, FIELD_OUTCOME));
	engine->key[KEY_TYPE] = text_hash(facet_text(facet, FIELD_TYPE));
	for (size_t i = 0; i < facet->count; i++) {
		unsigned field = facet->entries[i].field;
		if (facet_get(facet, field))
			bits_set(engine->key + KEY_WORDS, field);
	}
}

static size_t hash_key(const struct engine *engine)
{
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < engine->key_words; i++) {
		hash = (hash ^ engine->key[i]) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	return (size_t)(hash % CACHE_SLOTS);
}

static void work_out_scope(struct engine *engine, const struct facet *facet, uint64_t *set)
{
	const struct plan_partition *partition = partition_of(engine, facet);
	memset(set, 0, engine->words * sizeof *set);
	for (size_t i = 0; i < partition->count; i++) {
		const struct plan_condition *condition = &engine->plan->conditions[partition->conditions[i]];
		if (bits_get(set, condition->detection))
			continue;
		if (evaluate_possible(engine->evaluator, condition->condition, facet).can_be_true)
			bits_set(set, condition->detection);
	}
	engine->misses++;
}

static const uint64_t *facet_scope(struct engine *engine, const struct facet *facet)
{
	make_key(engine, facet);
	size_t words = slot_words(engine), key_bytes = engine->key_words * sizeof *engine->key;
	size_t at = hash_key(engine);
	for (;; at = (at + 1) % CACHE_SLOTS) {
		uint64_t *slot = engine->cache + at * words;
		if (!slot[0])
			break;
		if (memcmp(slot + 1, engine->key, key_bytes) == 0)
			return slot + 1 + engine->key_words;
	}
	if (engine->cached >= CACHE_SLOTS / 2) {
		memset(engine->cache, 0, CACHE_SLOTS * words * sizeof *engine->cache);
		engine->cached = 0;
		at = hash_key(engine);
	}
	uint64_t *slot = engine->cache + at * words;
	slot[0] = 1;
	memcpy(slot + 1, engine->key, key_bytes);
	work_out_scope(engine, facet, slot + 1 + engine->key_words);
	engine->cached++;
	return slot + 1 + engine->key_words;
}

const uint64_t *engine_scope(struct engine *engine, const struct event *event)
{
	memset(engine->scope, 0, engine->words * sizeof *engine->scope);
	for (size_t i = 0; i < event->facet_count; i++)
		bits_or(engine->scope, facet_scope(engine, event->facets[i]), engine->words);
	return engine->scope;
}

/* Nearness */

bool engine_near(struct engine *engine, const struct event *event, uint32_t detection)
{
	const struct plan *plan = engine->plan;
	for (size_t f = 0; f < event->facet_count; f++) {
		const struct plan_partition *partition = partition_of(engine, event->facets[f]);
		for (uint32_t i = plan->first[detection]; i < plan->first[detection + 1]; i++)
			if (bits_get(partition->members, i)
				&& evaluate_distance(engine->evaluator, plan->conditions[i].condition, event->facets[f]) <= 1)
				return true;
	}
	return false;
}

void engine_near_in(struct engine *engine, const struct event *event, const uint64_t *needed, uint64_t *near)
{
	size_t detections = engine->plan->catalog->detection_count;
	memset(near, 0, bits_words(detections) * sizeof *near);
	for (uint32_t i = 0; i < detections; i++)
		if (bits_get(needed, i) && engine_near(engine, event, i))
			bits_set(near, i);
}
