/* scope_cache: signatures and their sets (see scope_cache.h). */
#include "replay/engine/scope_cache.h"

#include <stdlib.h>
#include <string.h>

enum {
	SLOTS_FIRST = 256,
	SIGNATURES_MAX = 1 << 15, /* then all are forgotten */
	OUTCOMES_MAX = 64,        /* different texts of event.outcome that are told apart by a number */
	UNIONS = 1024
};

/* A signature is a word for category, action and outcome, then bits for fields. */
struct slot {
	const struct scope_set *set; /* NULL: free. One without a number is the scope's own */
	uint64_t hash;
	size_t key;                  /* in keys: where its words begin */
	size_t words;
};

struct union_slot {
	const struct scope_set *a, *b, *both;
};

/* The last set of a form, with what its signature was of besides. */
struct recent {
	uint64_t form;               /* 0: of none */
	unsigned category, action;   /* the partition follows from it */
	struct text outcome;         /* empty: none */
	const struct scope_set *set; /* with a number: those stay */
};

struct scope_cache {
	struct recent recent[FORM_PLACES];
	struct plan *plan;
	struct scope_sets *sets;
	struct asker *asker;
	struct slot *slots;
	size_t slot_count, count;
	uint64_t *keys;
	size_t key_count, key_capacity;
	struct arena kept; /* sets without a number */
	struct arena outcome_arena;
	struct text outcomes[OUTCOMES_MAX];
	size_t outcome_count;
	uint64_t *key;      /* of the facet at hand */
	uint64_t *bits;     /* room for a set */
	size_t words;       /* of a set */
	unsigned char *room;
	size_t room_size;
	struct union_slot unions[UNIONS];
	uint64_t misses;
};

static void *zeroed(size_t size)
{
	return memset(mem_alloc(size), 0, size);
}

struct scope_cache *scope_cache_new(struct plan *plan, struct scope_sets *sets, struct asker *asker)
{
	struct scope_cache *scope = zeroed(sizeof *scope);
	size_t detections = plan->catalog->detection_count;
	scope->plan = plan;
	scope->sets = sets;
	scope->asker = asker;
	scope->words = bits_words(detections) + (detections == 0);
	scope->bits = zeroed(scope->words * sizeof *scope->bits);
	scope->key = zeroed((2 + bits_words(plan->catalog->registry.field_count)) * sizeof *scope->key);
	scope->slot_count = SLOTS_FIRST;
	scope->slots = zeroed(scope->slot_count * sizeof *scope->slots);
	return scope;
}

void scope_cache_free(struct scope_cache *scope)
{
	if (!scope)
		return;
	arena_free(&scope->kept);
	arena_free(&scope->outcome_arena);
	free(scope->slots);
	free(scope->keys);
	free(scope->key);
	free(scope->bits);
	free(scope->room);
	free(scope);
}

uint64_t scope_cache_misses(const struct scope_cache *scope)
{
	return scope->misses;
}

/* ---- signatures ---- */

/* A number for event.outcome, 0 for none; OUTCOMES_MAX: this one has none. */
static size_t outcome_of(struct scope_cache *scope, const struct facet *facet)
{
	const struct values *values = facet_get(facet, FIELD_OUTCOME);
	if (!values)
		return 0;
	if (values->count != 1)
		return OUTCOMES_MAX;
	struct text outcome = values->items[0].text;
	for (size_t i = 0; i < scope->outcome_count; i++)
		if (text_equal(scope->outcomes[i], outcome))
			return i + 1;
	if (scope->outcome_count == OUTCOMES_MAX - 1)
		return OUTCOMES_MAX;
	scope->outcomes[scope->outcome_count++] = text_copy(&scope->outcome_arena, outcome);
	return scope->outcome_count;
}

/* Bits of the fields that are there. Of most partitions they are few: those are looked for rather than looked through. */
static void put_fields(const struct facet *facet, const struct plan_ready *ready, uint64_t *bits)
{
	uint64_t only = 0;
	if (ready->asked_count <= 64) {
		for (size_t i = 0; i < ready->asked_count; i++)
			only |= (uint64_t)(facet->position[ready->asked[i]] != 0) << i;
		bits[0] = only;
		return;
	}
	memset(bits, 0, ready->signature_words * sizeof *bits);
	for (size_t i = 0; i < facet->count; i++) {
		unsigned bit = ready->signature[facet->entries[i].field];
		if (bit)
			bits_set(bits, bit - 1);
	}
}

/* The signature's first word; 0: the facet has none. */
static uint64_t sort_of(struct scope_cache *scope, const struct facet *facet)
{
	size_t outcome = outcome_of(scope, facet);
	uint64_t sort = (uint64_t)facet->action << 32 | (uint64_t)(facet->category & 0xffffff) << 8;
	return outcome == OUTCOMES_MAX ? 0 : sort | (outcome + 1);
}

static uint64_t hash_of(const uint64_t *key, size_t words)
{
	uint64_t hash = UINT64_C(0x9e3779b97f4a7c15);
	for (size_t i = 0; i < words; i++) {
		hash = (hash ^ key[i]) * UINT64_C(0xff51afd7ed558ccd);
		hash ^= hash >> 32;
	}
	return hash;
}

/* ---- the cache ---- */

static struct slot *find(struct scope_cache *scope, uint64_t hash, size_t words)
{
	size_t at = hash & (scope->slot_count - 1);
	for (; scope->slots[at].set; at = (at + 1) & (scope->slot_count - 1)) {
		const struct slot *slot = &scope->slots[at];
		if (slot->hash == hash && slot->words == words && memcmp(scope->keys + slot->key, scope->key,
			words * sizeof *scope->key) == 0)
			break;
	}
	return &scope->slots[at];
}

static void forget(struct scope_cache *scope)
{
	memset(scope->slots, 0, scope->slot_count * sizeof *scope->slots);
	scope->count = scope->key_count = 0;
	arena_reset(&scope->kept);
}

static void grow(struct scope_cache *scope)
{
	struct slot *old = scope->slots;
	size_t count = scope->slot_count;
	scope->slot_count *= 2;
	scope->slots = zeroed(scope->slot_count * sizeof *scope->slots);
	for (size_t i = 0; i < count; i++) {
		size_t at = old[i].hash & (scope->slot_count - 1);
		while (old[i].set && scope->slots[at].set)
			at = (at + 1) & (scope->slot_count - 1);
		if (old[i].set)
			scope->slots[at] = old[i];
	}
	free(old);
}

static const struct scope_set *copy_of(const struct scope_cache *scope, const struct scope_set *set, struct arena *arena)
{
	struct scope_set *copy = arena_alloc(arena, sizeof *copy);
	uint64_t *bits = arena_array(arena, scope->words, sizeof *bits);
	memcpy(bits, set->bits, scope->words * sizeof *bits);
	*copy = (struct scope_set){set->number, bits};
	return copy;
}

static void keep(struct scope_cache *scope, uint64_t hash, size_t words, const struct scope_set *set)
{
	if (scope->count == SIGNATURES_MAX)
		forget(scope);
	if (2 * (scope->count + 1) > scope->slot_count)
		grow(scope);
	if (scope->key_count + words > scope->key_capacity) {
		scope->key_capacity = 2 * (scope->key_count + words);
		scope->keys = mem_resize(scope->keys, scope->key_capacity * sizeof *scope->keys);
	}
	memcpy(scope->keys + scope->key_count, scope->key, words * sizeof *scope->key);
	const struct scope_set *kept = set->number ? set : copy_of(scope, set, &scope->kept);
	*find(scope, hash, words) = (struct slot){kept, hash, scope->key_count, words};
	scope->key_count += words;
	scope->count++;
}

/* ---- working it out ---- */

static bool could_match(struct scope_cache *scope, const struct plan_unit *unit, const struct facet *facet, bool failed)
{
	const struct condition *asked = unit->asked;
	if (!unit->ends || (asked->category != CATEGORY_ANY && asked->category != facet->category))
		return false;
	if (failed && !asked->names_outcome)
		return false;
	return program_possible(&scope->plan->questions, unit->program, scope->asker, scope->room);
}

static void work_out(struct scope_cache *scope, const struct facet *facet, const struct plan_partition *partition)
{
	const struct plan *plan = scope->plan;
	bool failed = text_is(facet_text(facet, FIELD_OUTCOME), "failure");
	if (plan->questions.longest + 1 > scope->room_size) {
		scope->room_size = plan->questions.longest + 1;
		scope->room = mem_resize(scope->room, scope->room_size);
	}
	memset(scope->bits, 0, scope->words * sizeof *scope->bits);
	for (size_t i = 0; i < partition->count; i++) {
		const struct plan_unit *unit = &plan->units[partition->units[i]];
		uint32_t detection = plan->conditions[unit->condition].detection;
		if (!bits_get(scope->bits, detection) && could_match(scope, unit, facet, failed))
			bits_set(scope->bits, detection);
	}
	scope->misses++;
}

/* By the signature, whose first word is `sort`. */
static const struct scope_set *look_up(struct scope_cache *scope, const struct facet *facet, uint64_t sort,
	const struct plan_partition *partition, const struct plan_ready *ready, struct arena *arena)
{
	size_t words = 1 + ready->signature_words;
	scope->key[0] = sort;
	put_fields(facet, ready, scope->key + 1);
	uint64_t hash = hash_of(scope->key, words);
	const struct slot *slot = find(scope, hash, words);
	if (slot->set)
		return slot->set->number ? slot->set : copy_of(scope, slot->set, arena);
	work_out(scope, facet, partition);
	const struct scope_set *set = scope_sets_get(scope->sets, scope->bits, arena);
	keep(scope, hash, words, set);
	return set;
}

static __attribute__((noinline)) const struct scope_set *not_recent(struct scope_cache *scope, const struct facet *facet,
	struct facet_form form, const struct plan_partition *partition, const struct plan_ready *ready, struct arena *arena)
{
	uint64_t sort = sort_of(scope, facet);
	if (!sort) {
		work_out(scope, facet, partition);
		return scope_sets_get(scope->sets, scope->bits, arena);
	}
	const struct scope_set *set = look_up(scope, facet, sort, partition, ready, arena);
	size_t outcome = outcome_of(scope, facet);
	if (set->number)
		scope->recent[form.place] = (struct recent){form.number, facet->category, facet->action,
			outcome ? scope->outcomes[outcome - 1] : TEXT(""), set};
	return set;
}

static inline bool has_outcome(const struct facet *facet, struct text outcome)
{
	const struct values *values = facet_get(facet, FIELD_OUTCOME);
	return values ? values->count == 1 && text_equal(values->items[0].text, outcome) : !outcome.length;
}

const struct scope_set *scope_cache_of_facet(struct scope_cache *scope, const struct facet *facet, struct facet_form form,
	const struct plan_partition *partition, const struct plan_ready *ready, struct arena *arena)
{
	const struct recent *recent = &scope->recent[form.place];
	if (form.number && recent->form == form.number && recent->action == facet->action && recent->category == facet->category
		&& has_outcome(facet, recent->outcome))
		return recent->set;
	return not_recent(scope, facet, form, partition, ready, arena);
}

const struct scope_set *scope_cache_union(struct scope_cache *scope, const struct scope_set *a,
	const struct scope_set *b, struct arena *arena)
{
	if (a == b)
		return a;
	bool numbered = a->number && b->number;
	struct union_slot *slot = &scope->unions[(a->number * 31u + b->number) % UNIONS];
	if (numbered && slot->a == a && slot->b == b)
		return slot->both;
	for (size_t i = 0; i < scope->words; i++)
		scope->bits[i] = a->bits[i] | b->bits[i];
	const struct scope_set *both = scope_sets_get(scope->sets, scope->bits, arena);
	if (numbered && both->number)
		*slot = (struct union_slot){a, b, both};
	return both;
}

const struct scope_set *scope_cache_none(struct scope_cache *scope, struct arena *arena)
{
	memset(scope->bits, 0, scope->words * sizeof *scope->bits);
	return scope_sets_get(scope->sets, scope->bits, arena);
}
