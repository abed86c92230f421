/* engine: what an event says, by sieves and programs; sequences in order (see engine.h). */
#include "replay/engine/engine.h"

#include "replay/engine/near.h"
#include "replay/engine/scope_cache.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NO_FACET SIZE_MAX

struct engine {
	struct plan *plan;
	struct plan own;         /* of the first */
	struct engine *first;    /* itself, or the one whose plan it uses */
	struct engine *beside;   /* of the first: the newest beside it; of another: the one before */
	struct evaluator *evaluator;
	struct asker asker;
	struct facet_forms forms;
	struct facet_form form;  /* of the facet at hand */
	size_t at_hand;          /* index of the facet that the asker remembers, of the event at hand; NO_FACET */
	uint64_t turn;           /* events that were asked */
	struct lane *lanes;      /* by partition: what this engine needs of it */
	struct sifter *sifters;  /* those of them that have a sieve */
	struct plan_hit *hits;   /* of the event at hand */
	size_t hit_count, hit_capacity;
	struct plan_step *steps;
	size_t step_count, step_capacity;
	uint64_t *nanoseconds; /* by condition */
	struct engine_sums sums;
	bool timing;
	struct scope_sets *sets; /* the first's */
	struct scope_cache *scope;
	struct near *near;       /* NULL: nobody asked yet */
	struct near_wanted *wanted; /* the first's */
	uint64_t *needed, *found; /* bits over detections: of nearness */
	struct sequencer *sequencer; /* NULL: no dataset has begun, or there are no sequences */
	size_t mark_words;
};

struct lane {
	const struct plan_ready *ready; /* NULL: no facet came yet */
	struct sifter {
		const struct sieve *sieve; /* NULL: none of the variant's */
		struct sifting sifting;
		struct sifter *next; /* another one of the engine's that has a sieve */
	} variants[GUARD_VARIANTS];
};

static void *zeroed(size_t size)
{
	return memset(mem_alloc(size), 0, size);
}

/* Over the plan, which stands. */
static void make_room(struct engine *engine)
{
	engine->evaluator = evaluator_new();
	asker_make(&engine->asker, &engine->plan->predicates, engine->evaluator, engine->plan->level);
	facet_forms_make(&engine->forms, &engine->plan->catalog->registry);
	engine->at_hand = NO_FACET;
	engine->lanes = zeroed((engine->plan->partition_count + 1) * sizeof *engine->lanes);
	engine->nanoseconds = zeroed((engine->plan->condition_count + 1) * sizeof *engine->nanoseconds);
	size_t words = bits_words(engine->plan->catalog->detection_count) + 1;
	engine->needed = zeroed(words * sizeof *engine->needed);
	engine->found = zeroed(words * sizeof *engine->found);
	engine->scope = scope_cache_new(engine->plan, engine->sets, &engine->asker);
}

struct engine *engine_new(const struct catalog *catalog)
{
	return engine_new_at(catalog, simd_level_best());
}

struct engine *engine_new_at(const struct catalog *catalog, enum simd_level level)
{
	struct engine *engine = zeroed(sizeof *engine);
	plan_make(&engine->own, catalog, level);
	engine->plan = &engine->own;
	engine->first = engine;
	engine->wanted = near_wanted_new(bits_words(catalog->detection_count));
	engine->sets = scope_sets_new(bits_words(catalog->detection_count) + (catalog->detection_count == 0));
	make_room(engine);
	return engine;
}

struct engine *engine_beside(struct engine *first)
{
	struct engine *engine = zeroed(sizeof *engine);
	engine->plan = first->plan;
	engine->first = first;
	engine->sets = first->sets;
	engine->wanted = first->wanted;
	engine->beside = first->beside;
	first->beside = engine;
	make_room(engine);
	return engine;
}

static void free_one(struct engine *engine)
{
	sequencer_free(engine->sequencer);
	near_free(engine->near);
	scope_cache_free(engine->scope);
	for (struct sifter *sifter = engine->sifters; sifter; sifter = sifter->next)
		sifting_free(&sifter->sifting);
	free(engine->lanes);
	asker_free(&engine->asker);
	facet_forms_free(&engine->forms);
	evaluator_free(engine->evaluator);
	free(engine->hits);
	free(engine->steps);
	free(engine->nanoseconds);
	free(engine->needed);
	free(engine->found);
	plan_free(&engine->own);
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
	struct scope_sets *sets = engine->sets;
	struct near_wanted *wanted = engine->wanted;
	free_one(engine);
	scope_sets_free(sets);
	near_wanted_free(wanted);
}

void engine_calibrate(struct engine *first, const struct event *const *events, size_t count)
{
	plan_calibrate(first->plan, events, count < ENGINE_SAMPLE ? count : ENGINE_SAMPLE);
}

struct evaluator *engine_evaluator(struct engine *engine)
{
	return engine->evaluator;
}

struct plan *engine_plan(const struct engine *engine)
{
	return engine->plan;
}

/* What it costs */

static uint64_t compared_by(const struct engine *engine)
{
	uint64_t sum = 0;
	for (const struct sifter *sifter = engine->sifters; sifter; sifter = sifter->next)
		sum += trigger_scratch_compared(sifter->sifting.scratch);
	return sum;
}

/* Adds what the condition's units cost as they were sifted. They stand there in rising order. */
static void add_sifted(const struct sifting *sifting, const struct plan_condition *condition, struct engine_cost *cost)
{
	size_t low = 0, high = sifting->unit_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (sifting->all[middle].unit < condition->first_unit)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < sifting->unit_count && sifting->all[low].unit - condition->first_unit < condition->unit_count; low++) {
		cost->candidates += sifting->all[low].cost.candidates;
		cost->verified += sifting->all[low].cost.verified;
		cost->limited += sifting->all[low].cost.limited;
	}
}

void engine_cost_of(const struct engine *first, uint32_t detection, struct engine_cost *cost)
{
	const struct plan *plan = first->plan;
	*cost = (struct engine_cost){0};
	for (const struct engine *one = first; one; one = one->beside)
		for (uint32_t i = plan->first[detection]; i < plan->first[detection + 1]; i++) {
			cost->nanoseconds += one->nanoseconds[i];
			for (const struct sifter *sifter = one->sifters; sifter; sifter = sifter->next)
				add_sifted(&sifter->sifting, &plan->conditions[i], cost);
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
		sums->compared += compared_by(one);
	}
}

void engine_time(struct engine *engine, bool on)
{
	engine->timing = on;
}

static uint64_t nanoseconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Matching */

/* The facet is at hand: of the event at hand, the one with that index. */
static void begin_facet(struct engine *engine, const struct event *event, size_t facet)
{
	if (engine->at_hand == facet && engine->asker.capacity >= engine->plan->predicates.count)
		return;
	asker_begin(&engine->asker, event->facets[facet]);
	engine->form = facet_form_of(&engine->forms, event->facets[facet]);
	engine->at_hand = facet;
}

static void add_hit(struct engine *engine, struct plan_hit hit)
{
	if (engine->hit_count == engine->hit_capacity) {
		engine->hit_capacity = engine->hit_capacity ? engine->hit_capacity * 2 : 64;
		engine->hits = mem_resize(engine->hits, engine->hit_capacity * sizeof *engine->hits);
	}
	engine->hits[engine->hit_count++] = hit;
}

/* Steps stand in order: by facet, condition and step. */
static void add_step(struct engine *engine, struct plan_step step)
{
	if (engine->step_count == engine->step_capacity) {
		engine->step_capacity = engine->step_capacity ? engine->step_capacity * 2 : 64;
		engine->steps = mem_resize(engine->steps, engine->step_capacity * sizeof *engine->steps);
	}
	size_t at = engine->step_count++;
	for (; at > 0; at--) {
		const struct plan_step *before = &engine->steps[at - 1];
		bool later = before->condition != step.condition ? before->condition > step.condition : before->step > step.step;
		if (before->facet != step.facet || !later)
			break;
		engine->steps[at] = *before;
	}
	engine->steps[at] = step;
}

/* A unit that the sieve let through. */
static void verify(struct engine *engine, const struct sieve *sieve, struct sifted *sifted, const struct facet *facet,
	uint32_t number, bool failed)
{
	bool limited = false;
	sifted->cost.candidates++;
	engine->sums.candidates++;
	if ((sifted->category != CATEGORY_ANY && sifted->category != facet->category) || (failed && !sifted->names_outcome))
		return;
	bool holds = program_holds(sifted->own ? &sieve->questions : &engine->plan->questions, sifted->program, &engine->asker,
		&sifted->cost.verified, &limited);
	sifted->cost.limited += limited;
	if (!holds)
		return;
	const struct plan_unit *unit = &engine->plan->units[sifted->unit];
	if (unit->is_step)
		add_step(engine, (struct plan_step){unit->condition, unit->step, number});
	else
		add_hit(engine, (struct plan_hit){unit->condition, number});
}

static struct lane *lane_of(struct engine *engine, struct plan_partition *partition)
{
	struct lane *lane = &engine->lanes[partition->number];
	if (!lane->ready)
		lane->ready = plan_ready_of(engine->plan, partition);
	return lane;
}

/* Where the facet's units are looked for. */
static struct sifter *sifter_of(struct engine *engine, struct plan_partition *partition, struct lane *lane,
	const struct facet *facet)
{
	size_t variant = plan_variant_of(lane->ready, facet);
	struct sifter *sifter = &lane->variants[variant];
	if (!sifter->sieve) {
		sifter->sieve = plan_sieve_of(engine->plan, partition, lane->ready, variant);
		sifting_make(&sifter->sifting, sifter->sieve);
		sifter->next = engine->sifters;
		engine->sifters = sifter;
	}
	return sifter;
}

/* What the sieve let through. */
static void verify_all(struct engine *engine, const struct sifter *sifter, const struct facet *facet, size_t number, bool timed)
{
	bool failed = text_equal(facet_text(facet, FIELD_OUTCOME), TEXT("failure"));
	uint64_t before = engine->asker.worked_out;
	for (size_t i = 0; i < sifter->sifting.count; i++) {
		struct sifted *unit = sifter->sifting.units[i];
		uint64_t begun = timed ? nanoseconds_now() : 0;
		verify(engine, sifter->sieve, unit, facet, (uint32_t)number, failed);
		if (timed)
			engine->nanoseconds[engine->plan->units[unit->unit].condition] += (nanoseconds_now() - begun) * ENGINE_TIMED;
	}
	engine->sums.verified += engine->asker.worked_out - before;
}

/* Of the facet at hand, and of the others in the set; that may be NULL. */
static const struct scope_set *add_scope(struct engine *engine, const struct event *event, struct plan_partition *partition,
	struct lane *lane, const struct scope_set *set)
{
	const struct facet *facet = event->facets[engine->at_hand];
	const struct scope_set *own = scope_cache_of_facet(engine->scope, facet, engine->form, partition, lane->ready, event->arena);
	return set ? scope_cache_union(engine->scope, set, own, event->arena) : own;
}

/* `set`: as `ask` has it; of the facets before. */
static void ask_facet(struct engine *engine, const struct event *event, size_t number, bool timed, const struct scope_set **set)
{
	const struct facet *facet = event->facets[number];
	struct plan_partition *partition = plan_partition_of(engine->plan, facet->action);
	struct lane *lane = lane_of(engine, partition);
	struct sifter *sifter = sifter_of(engine, partition, lane, facet);
	begin_facet(engine, event, number);
	sieve_search(sifter->sieve, &sifter->sifting, facet, engine->form, &engine->asker);
	if (sifter->sifting.count)
		verify_all(engine, sifter, facet, number, timed);
	if (set)
		*set = add_scope(engine, event, partition, lane, *set);
}

/* Hits and steps into the engine's room; `set` may be NULL: nobody wants to know. */
static void ask(struct engine *engine, const struct event *event, const struct scope_set **set)
{
	bool timed = engine->timing && engine->sums.events % ENGINE_TIMED == 0;
	engine->turn++;
	engine->at_hand = NO_FACET;
	engine->hit_count = engine->step_count = 0;
	engine->sums.events++;
	engine->sums.facets += event->facet_count;
	for (size_t i = 0; i < event->facet_count; i++)
		ask_facet(engine, event, i, timed, set);
}

static void *copied(struct arena *arena, const void *items, size_t count, size_t size)
{
	if (!count)
		return NULL;
	return memcpy(arena_array(arena, count, size), items, count * size);
}

static struct near *near_of(struct engine *engine)
{
	if (!engine->near)
		engine->near = near_new(engine->plan, &engine->asker);
	return engine->near;
}

/* Which of the needed detections the event is near, as bits in engine->found. */
static void find_near(struct engine *engine, const struct event *event, const uint64_t *needed)
{
	memset(engine->found, 0, bits_words(engine->plan->catalog->detection_count) * sizeof *engine->found);
	for (size_t i = event->facet_count; i-- > 0;) { /* the last one is at hand still */
		begin_facet(engine, event, i);
		near_find(near_of(engine), event->facets[i], needed, engine->found);
	}
}

static void answer_near(struct engine *engine, const struct event *event, struct answer *answer)
{
	size_t words = bits_words(engine->plan->catalog->detection_count), count = 0;
	answer->near_wanted = near_wanted_get(engine->wanted, engine->needed);
	if (!answer->near_wanted)
		return;
	find_near(engine, event, engine->needed);
	for (size_t i = 0; i < words; i++)
		count += (size_t)__builtin_popcountll(engine->found[i]);
	if (!count)
		return;
	uint32_t *near = arena_array(event->arena, count, sizeof *near);
	for (size_t i = 0; i < words; i++)
		for (uint64_t rest = engine->found[i]; rest; rest &= rest - 1)
			near[answer->near_count++] = (uint32_t)(i * 64 + (size_t)__builtin_ctzll(rest));
	answer->near = near;
}

void engine_ask(struct engine *engine, const struct event *event, struct answer *answer)
{
	const struct scope_set *set = NULL;
	ask(engine, event, &set);
	*answer = (struct answer){
		.hits = copied(event->arena, engine->hits, engine->hit_count, sizeof *engine->hits),
		.count = engine->hit_count,
		.steps = copied(event->arena, engine->steps, engine->step_count, sizeof *engine->steps),
		.step_count = engine->step_count,
		.scope = set ? set : scope_cache_none(engine->scope, event->arena),
		.by = engine,
		.turn = engine->turn,
	};
	answer_near(engine, event, answer);
}

uint64_t engine_want_near(struct engine *first, const uint64_t *needed)
{
	return near_wanted_set(first->wanted, needed);
}

void engine_order(struct engine *engine, const struct event *event, const struct answer *answer, struct matches *matches)
{
	size_t count = answer->count;
	engine_turn(engine, event, answer);
	*matches = (struct matches){0};
	if (engine->sequencer)
		count = sequencer_take(engine->sequencer, event, answer->steps, answer->step_count, answer->hits, count);
	if (count)
		plan_matches(engine->plan, answer->hits, count, event->arena, matches);
}

void engine_match(struct engine *engine, const struct event *event, struct matches *matches)
{
	ask(engine, event, NULL);
	struct answer answer = {
		.hits = engine->hits,
		.count = engine->hit_count,
		.steps = engine->steps,
		.step_count = engine->step_count,
		.by = engine,
		.turn = engine->turn,
	};
	engine_order(engine, event, &answer, matches);
}

/* Conditions of others */

uint32_t engine_register(struct engine *first, const struct condition *condition)
{
	return plan_register(first->plan, condition);
}

bool engine_fits(struct engine *engine, uint32_t registered, const struct event *event, size_t facet)
{
	const struct plan_unit *unit = &engine->plan->units[registered];
	uint64_t asked = 0;
	bool limited = false;
	if (unit->asked->category != CATEGORY_ANY && unit->asked->category != event->facets[facet]->category)
		return false;
	begin_facet(engine, event, facet);
	return program_holds(&engine->plan->questions, unit->program, &engine->asker, &asked, &limited);
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
	if (answer && answer->by == engine && answer->turn == engine->turn)
		return;
	engine->turn++;
	engine->at_hand = NO_FACET;
}

/* Sequences */

void engine_begin(struct engine *engine)
{
	if (engine->sequencer)
		sequencer_reset(engine->sequencer);
	else if (engine->plan->sequence_count)
		engine->sequencer = sequencer_new(engine->plan, engine->mark_words);
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

/* Scope and nearness: of an event that need not be at hand */

const uint64_t *engine_scope(struct engine *engine, const struct event *event)
{
	const struct scope_set *set = NULL;
	engine_turn(engine, event, NULL);
	for (size_t i = event->facet_count; i-- > 0;) {
		struct plan_partition *partition = plan_partition_of(engine->plan, event->facets[i]->action);
		begin_facet(engine, event, i);
		set = add_scope(engine, event, partition, lane_of(engine, partition), set);
	}
	return (set ? set : scope_cache_none(engine->scope, event->arena))->bits;
}

uint64_t engine_scope_misses(const struct engine *engine)
{
	return scope_cache_misses(engine->scope);
}

bool engine_near(struct engine *engine, const struct event *event, uint32_t detection)
{
	engine_turn(engine, event, NULL);
	for (size_t i = 0; i < event->facet_count; i++) {
		begin_facet(engine, event, i);
		if (near_is(near_of(engine), event->facets[i], detection))
			return true;
	}
	return false;
}

void engine_near_in(struct engine *engine, const struct event *event, const uint64_t *needed, uint64_t *near)
{
	engine_turn(engine, event, NULL);
	find_near(engine, event, needed);
	memcpy(near, engine->found, bits_words(engine->plan->catalog->detection_count) * sizeof *near);
}
