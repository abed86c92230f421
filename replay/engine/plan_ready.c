/* plan_ready: what matching needs of a partition, made when it is needed first (see plan.h). */
#include "replay/engine/plan.h"

#include <stdlib.h>
#include <string.h>

/* Facets of a sample that belong to one partition. */
struct sample {
	const struct facet **facets;
	size_t count;
};

/* Choosing for a variant of a partition. */
struct choosing {
	struct trigger_choice choice;
	struct arena arena;
	const unsigned char *known;
	struct sieved *units;
	size_t count;
};

/* Of these units those that could hold on it. */
static void choosing_begin(struct choosing *c, const struct plan *plan, const struct plan_partition *partition,
	const struct plan_guard *guard, size_t variant, const uint32_t *units, size_t count)
{
	*c = (struct choosing){0};
	unsigned char *room = arena_array(&c->arena, plan->questions.longest + 1, 1);
	c->known = plan_guard_known(plan, partition, guard, variant, &c->arena);
	choice_begin(&c->choice, &plan->pool, &plan->predicates, c->known);
	c->units = arena_array(&c->arena, count + 1, sizeof *c->units);
	for (size_t i = 0; i < count; i++) {
		const struct plan_unit *unit = &plan->units[units[i]];
		if (variant != GUARD_ANY && !program_could(&plan->questions, unit->program, c->known, room))
			continue;
		c->units[c->count++] = (struct sieved){.outline = unit->outline, .unit = units[i], .category = unit->asked->category,
			.names_outcome = unit->asked->names_outcome, .program = unit->program};
		choice_count(&c->choice, unit->outline);
	}
}

static void choosing_end(struct choosing *c)
{
	choice_end(&c->choice);
	arena_free(&c->arena);
}

/* What a sample says of a partition: of all its facets, and of each variant's. */
struct sampled {
	struct sample facets[GUARD_VARIANTS];
	uint32_t *hits[GUARD_VARIANTS];  /* by trigger; NULL: it has no facets */
	struct arena arena;
};

static void sampled_split(struct sampled *sampled, const struct plan_ready *ready, const struct sample *sample, size_t triggers)
{
	*sampled = (struct sampled){0};
	for (size_t i = 0; i < sample->count; i++) {
		size_t variant = plan_variant_of(ready, sample->facets[i]);
		struct sample *own = &sampled->facets[variant];
		own->facets = arena_grow(&sampled->arena, own->facets, own->count, sizeof *own->facets);
		own->facets[own->count++] = sample->facets[i];
		if (!sampled->hits[variant])
			sampled->hits[variant] = arena_array(&sampled->arena, triggers + 1, sizeof *sampled->hits[variant]);
	}
}

/* On how many of the sample's facets each trigger of the pool holds that some unit could stand under. */
static const uint32_t *count_hits(const struct trigger_choice *choice, struct sampled *sampled, enum simd_level level,
	struct arena *lasting)
{
	const struct trigger_pool *pool = choice->pool;
	struct arena arena = {0};
	struct trigger *triggers = arena_array(&arena, pool->count + 1, sizeof *triggers);
	uint32_t *from = arena_array(&arena, pool->count + 1, sizeof *from), *found = arena_array(&arena, pool->count + 1,
		sizeof *found);
	uint32_t *hits = arena_array(lasting, pool->count + 1, sizeof *hits);
	size_t count = 0;
	for (size_t i = 0; i < pool->count; i++)
		if (choice->uses[i]) {
			from[count] = (uint32_t)i;
			triggers[count++] = pool->items[i];
		}
	struct trigger_index *index = trigger_index_make(&arena, pool->registry, triggers, count, NULL, level);
	struct trigger_scratch *scratch = trigger_scratch_new(index);
	for (size_t v = 0; v < GUARD_VARIANTS; v++)
		for (size_t i = 0; i < sampled->facets[v].count; i++) {
			size_t held = trigger_index_search(index, scratch, sampled->facets[v].facets[i], found);
			for (size_t k = 0; k < held; k++) {
				hits[from[found[k]]]++;
				sampled->hits[v][from[found[k]]]++;
			}
		}
	trigger_scratch_free(scratch);
	arena_free(&arena);
	return hits;
}

static struct gram_counts *count_grams(const struct plan *plan, const struct sample *sample)
{
	struct gram_counts *grams = gram_counts_new(&plan->catalog->registry);
	for (size_t i = 0; i < sample->count; i++)
		gram_counts_add(grams, sample->facets[i]);
	return grams;
}

/* With the lock held. `sample`: of the variant's facets, to choose grams by; NULL: there is none. */
static const struct sieve *make_sieve(struct plan *plan, const struct plan_partition *partition, const struct plan_ready *ready,
	size_t variant, const struct sample *sample, const struct trigger_sample *hits)
{
	struct choosing c;
	struct sieve *sieve = arena_alloc(&plan->arena, sizeof *sieve);
	choosing_begin(&c, plan, partition, &ready->guard, variant, partition->units, partition->count);
	struct gram_counts *grams = sample ? count_grams(plan, sample) : NULL;
	choice_set_costs(&c.choice, hits);
	sieve_make(sieve, &plan->arena, &c.choice, CHOICE_HOLDS, c.units, c.count, grams, plan->level);
	if (sample)
		plan_programs_make(plan, sieve, c.known, sample->facets, sample->count);
	if (grams)
		gram_counts_free(grams);
	choosing_end(&c);
	atomic_store_explicit(&ready->sieves[variant], sieve, memory_order_release);
	return sieve;
}

/* The sieves of the variants that the sample has facets of: few of them say little, then all do. */
static void make_sieves(struct plan *plan, const struct plan_partition *partition, struct plan_ready *ready,
	const struct sample *sample)
{
	enum { FACETS_LEAST = 32 };
	struct sampled sampled;
	struct choosing c;
	sampled_split(&sampled, ready, sample, plan->pool.count);
	choosing_begin(&c, plan, partition, &ready->guard, GUARD_ANY, partition->units, partition->count);
	ready->sample = (struct trigger_sample){count_hits(&c.choice, &sampled, plan->level, &plan->arena), plan->pool.count,
		(uint32_t)sample->count};
	choosing_end(&c);
	for (size_t v = 0; v < GUARD_VARIANTS; v++) {
		const struct sample *own = &sampled.facets[v];
		struct trigger_sample hits = {sampled.hits[v], plan->pool.count, (uint32_t)own->count};
		bool enough = own->count >= FACETS_LEAST;
		if (own->count)
			make_sieve(plan, partition, ready, v, enough ? own : sample, enough ? &hits : &ready->sample);
	}
	arena_free(&sampled.arena);
}

static void note_field(uint16_t *signature, uint16_t *asked, unsigned field, size_t *count)
{
	if (field == FIELD_NONE || signature[field])
		return;
	asked[*count] = (uint16_t)field;
	signature[field] = (uint16_t)(++*count);
}

/* Which fields' presence decides what could be true. */
static void make_signature(struct plan *plan, const struct plan_partition *partition, struct plan_ready *ready)
{
	size_t fields = plan->catalog->registry.field_count;
	uint16_t *signature = arena_array(&plan->arena, fields + 1, sizeof *signature);
	uint16_t *asked = arena_array(&plan->arena, fields + 1, sizeof *asked);
	size_t count = 0;
	for (size_t i = 0; i < partition->count; i++) {
		const struct program *program = &plan->units[partition->units[i]].program;
		for (uint32_t k = 0; k < program->count; k++) {
			const struct interned *one = &plan->predicates.items[plan->questions.items[program->first + k].predicate];
			note_field(signature, asked, one->field, &count);
			note_field(signature, asked, one->other, &count);
		}
	}
	ready->signature = signature;
	ready->signature_words = bits_words(count);
	ready->asked = asked;
	ready->asked_count = count;
}

/* With the lock held. */
static const struct plan_ready *make_ready(struct plan *plan, struct plan_partition *partition, const struct sample *sample)
{
	const struct plan_ready *known = atomic_load_explicit(&partition->ready, memory_order_acquire);
	if (known)
		return known;
	struct plan_ready *ready = arena_alloc(&plan->arena, sizeof *ready);
	ready->sieves = arena_array(&plan->arena, GUARD_VARIANTS, sizeof *ready->sieves);
	plan_guard_find(plan, partition, &ready->guard);
	make_signature(plan, partition, ready);
	if (sample)
		make_sieves(plan, partition, ready, sample);
	atomic_store_explicit(&partition->ready, ready, memory_order_release);
	return ready;
}

const struct plan_ready *plan_ready_of(struct plan *plan, struct plan_partition *partition)
{
	const struct plan_ready *ready = atomic_load_explicit(&partition->ready, memory_order_acquire);
	if (ready)
		return ready;
	pthread_mutex_lock(&plan->lock);
	ready = make_ready(plan, partition, NULL);
	pthread_mutex_unlock(&plan->lock);
	return ready;
}

const struct sieve *plan_sieve_of(struct plan *plan, const struct plan_partition *partition, const struct plan_ready *ready,
	size_t variant)
{
	const struct sieve *sieve = atomic_load_explicit(&ready->sieves[variant], memory_order_acquire);
	if (sieve)
		return sieve;
	pthread_mutex_lock(&plan->lock);
	sieve = atomic_load_explicit(&ready->sieves[variant], memory_order_acquire);
	if (!sieve)
		sieve = make_sieve(plan, partition, ready, variant, NULL, &ready->sample);
	pthread_mutex_unlock(&plan->lock);
	return sieve;
}

void plan_calibrate(struct plan *plan, const struct event *const *events, size_t count)
{
	struct sample *samples = mem_alloc((plan->partition_count + 1) * sizeof *samples);
	struct arena arena = {0};
	memset(samples, 0, (plan->partition_count + 1) * sizeof *samples);
	for (size_t i = 0; i < count; i++)
		for (size_t f = 0; f < events[i]->facet_count; f++) {
			struct sample *sample = &samples[plan_partition_of(plan, events[i]->facets[f]->action)->number];
			sample->facets = arena_grow(&arena, sample->facets, sample->count, sizeof *sample->facets);
			sample->facets[sample->count++] = events[i]->facets[f];
		}
	pthread_mutex_lock(&plan->lock);
	for (size_t i = 0; i < plan->partition_count; i++)
		if (samples[i].count)
			make_ready(plan, &plan->partitions[i], &samples[i]);
	pthread_mutex_unlock(&plan->lock);
	arena_free(&arena);
	free(samples);
}

void plan_near_sieve(struct plan *plan, struct plan_partition *partition, const uint32_t *units, size_t count,
	struct arena *arena, struct sieve *sieve)
{
	struct choosing c;
	pthread_mutex_lock(&plan->lock);
	const struct plan_ready *ready = make_ready(plan, partition, NULL);
	choosing_begin(&c, plan, partition, &ready->guard, GUARD_ANY, units, count);
	choice_set_costs(&c.choice, &ready->sample);
	sieve_make(sieve, arena, &c.choice, CHOICE_NEAR, c.units, c.count, NULL, plan->level);
	choosing_end(&c);
	pthread_mutex_unlock(&plan->lock);
}

/* ---- saying so ---- */

static const char *why_none(const struct plan *plan, const struct outline *root)
{
	if (root->kind == NODE_TRUE)
		return "it holds on every event";
	if (root->kind == NODE_NOT)
		return "a negation is all there is";
	if (root->kind == NODE_PREDICATE)
		return plan->predicates.items[root->predicate].asking == ASK_ABSENT ? "it asks for a field that is missing"
										 : "it asks for a category or an action alone";
	return root->kind == NODE_OR ? "one side of `or` can hold on any event" : "no side of `and` needs a word to be there";
}

static struct trigger_choice *shown(struct plan *plan)
{
	if (plan->shown)
		return plan->shown;
	plan->shown = arena_alloc(&plan->arena, sizeof *plan->shown);
	choice_begin(plan->shown, &plan->pool, &plan->predicates, NULL);
	for (size_t i = 0; i < plan->own_unit_count; i++)
		choice_count(plan->shown, plan->units[i].outline);
	choice_set_costs(plan->shown, &(struct trigger_sample){0});
	return plan->shown;
}

void plan_triggers_of(struct plan *plan, uint32_t condition, size_t step, struct arena *arena, struct plan_triggers *triggers)
{
	const struct plan_unit *unit = &plan->units[plan->conditions[condition].first_unit + step];
	struct chosen chosen = {0};
	choice_take(shown(plan), unit->outline, CHOICE_HOLDS, &chosen);
	struct trigger *items = arena_array(arena, chosen.count + 1, sizeof *items);
	for (size_t i = 0; i < chosen.count; i++)
		items[i] = plan->pool.items[chosen.triggers[i]];
	*triggers = (struct plan_triggers){items, chosen.count, chosen.always ? why_none(plan, unit->outline) : NULL};
	chosen_free(&chosen);
}
