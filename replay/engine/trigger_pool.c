/* trigger_pool: the triggers of each predicate (see triggers.h). */
#include "replay/engine/bytes.h"
#include "replay/engine/literals.h"
#include "replay/engine/triggers.h"

#include <stdlib.h>
#include <string.h>

/* Alternatives that are kept of one literal. */
enum { SETS_MOST = 4 };

void trigger_pool_free(struct trigger_pool *pool)
{
	arena_free(&pool->arena);
	free(pool->items);
	slots_free(&pool->slots);
	free(pool->of);
}

/* ---- each once ---- */

static uint64_t hash_of(const struct trigger *t)
{
	uint64_t hash = bytes_hash(t->text, false) + t->field * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)t->kind * 2 + t->fold;
	hash = (hash ^ (uint64_t)t->low) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 32 ^ (uint64_t)t->high) * UINT64_C(0xff51afd7ed558ccd);
	if (t->cidr)
		hash ^= bytes_hash((struct text){(const char *)t->cidr->network.bytes, sizeof t->cidr->network.bytes},
			false) + t->cidr->bits;
	return hash ^ hash >> 32;
}

static bool same_network(const struct cidr *a, const struct cidr *b)
{
	if (!a || !b)
		return a == b;
	return a->bits == b->bits && memcmp(a->network.bytes, b->network.bytes, sizeof a->network.bytes) == 0;
}

static bool is_same(const struct trigger *a, const struct trigger *b)
{
	return a->field == b->field && a->kind == b->kind && a->fold == b->fold && a->low == b->low && a->high == b->high
		&& text_equal(a->text, b->text) && same_network(a->cidr, b->cidr);
}

static uint32_t intern(struct trigger_pool *pool, const struct trigger *trigger)
{
	uint32_t hash = (uint32_t)hash_of(trigger);
	for (const struct number_slot *slot = slots_at(&pool->slots, hash); slot->number; slot = slots_next(&pool->slots, slot))
		if (slot->hash == hash && is_same(&pool->items[slot->number - 1], trigger))
			return slot->number - 1;
	if (pool->count == pool->capacity) {
		pool->capacity = pool->capacity ? pool->capacity * 2 : 256;
		pool->items = mem_resize(pool->items, pool->capacity * sizeof *pool->items);
	}
	pool->items[pool->count] = *trigger;
	slots_add(&pool->slots, hash, (uint32_t)pool->count);
	return (uint32_t)pool->count++;
}

/* ---- one literal ---- */

static bool trigger_of_order(const struct predicate *p, int64_t bound, struct trigger *trigger)
{
	trigger->kind = TRIGGER_RANGE;
	trigger->low = p->op == OPERATOR_GREATER || p->op == OPERATOR_GREATER_EQUAL ? bound : INT64_MIN;
	trigger->high = p->op == OPERATOR_LESS || p->op == OPERATOR_LESS_EQUAL ? bound : INT64_MAX;
	if ((p->op == OPERATOR_GREATER && bound == INT64_MAX) || (p->op == OPERATOR_LESS && bound == INT64_MIN))
		return false;
	trigger->low += p->op == OPERATOR_GREATER;
	trigger->high -= p->op == OPERATOR_LESS;
	return true;
}

static bool trigger_of_value(struct arena *arena, enum value_type type, const struct value *value, struct trigger *trigger)
{
	struct cidr *address;
	switch (type) {
	case TYPE_KEYWORD:
		trigger->kind = TRIGGER_EQUAL;
		return true;
	case TYPE_LONG:
	case TYPE_DATE:
		trigger->kind = TRIGGER_RANGE;
		trigger->low = trigger->high = value->number;
		return true;
	case TYPE_BOOLEAN:
		trigger->kind = TRIGGER_RANGE;
		trigger->low = trigger->high = value->truth;
		return true;
	case TYPE_IP:
		address = arena_alloc(arena, sizeof *address);
		*address = (struct cidr){value->ip, 128};
		trigger->kind = TRIGGER_NETWORK;
		trigger->cidr = address;
		return true;
	}
	return false;
}

/* What must be there where a value fits the predicate's literal of that index. */
static bool trigger_of(struct arena *arena, enum value_type type, const struct predicate *p, size_t index,
	struct trigger *trigger)
{
	const struct value *literal = &p->values[index];
	*trigger = (struct trigger){.field = p->field, .fold = p->fold, .text = literal->text};
	switch (p->op) {
	case OPERATOR_EQUAL:
		return trigger_of_value(arena, type, literal, trigger);
	case OPERATOR_LESS:
	case OPERATOR_LESS_EQUAL:
	case OPERATOR_GREATER:
	case OPERATOR_GREATER_EQUAL:
		return (type == TYPE_LONG || type == TYPE_DATE) && trigger_of_order(p, literal->number, trigger);
	case OPERATOR_CIDR:
		trigger->kind = TRIGGER_NETWORK;
		trigger->cidr = &p->cidrs[index];
		return true;
	case OPERATOR_STARTS:
		trigger->kind = TRIGGER_STARTS;
		return type == TYPE_KEYWORD;
	case OPERATOR_ENDS:
		trigger->kind = TRIGGER_ENDS;
		return type == TYPE_KEYWORD;
	case OPERATOR_CONTAINS:
		trigger->kind = TRIGGER_CONTAINS;
		return type == TYPE_KEYWORD;
	default:
		return false;
	}
}

static bool is_textual(enum trigger_kind kind)
{
	return kind == TRIGGER_EQUAL || kind == TRIGGER_STARTS || kind == TRIGGER_ENDS || kind == TRIGGER_CONTAINS;
}

/* ---- a predicate ---- */

static uint32_t presence_of(struct trigger_pool *pool, unsigned field)
{
	return field == FIELD_NONE ? NO_TRIGGER : intern(pool, &(struct trigger){.field = field, .kind = TRIGGER_EXISTS});
}

/* With its text folded; false: every value holds the empty text. */
static bool add_trigger(struct trigger_pool *pool, struct trigger trigger, uint32_t *id)
{
	bool textual = is_textual(trigger.kind);
	if (textual && !trigger.text.length)
		return false;
	trigger.fold = textual && trigger.fold;
	trigger.text = textual ? bytes_fold(&pool->arena, trigger.text, trigger.fold) : TEXT("");
	*id = intern(pool, &trigger);
	return true;
}

/* Sets of triggers of one predicate, as they are found. */
struct finding {
	struct trigger_pool *pool;
	const struct predicate *predicate;
	enum value_type type;
	struct trigger_set *sets;
	size_t count;
};

static bool add_set(struct finding *f, const struct required_literal *literals, size_t count)
{
	uint32_t *items = arena_array(&f->pool->arena, count + 1, sizeof *items);
	for (size_t i = 0; i < count; i++) {
		struct trigger trigger = {.field = f->predicate->field, .kind = literals[i].kind, .fold = literals[i].fold,
			.text = literals[i].text};
		if (!add_trigger(f->pool, trigger, &items[i]))
			return false;
	}
	f->sets = arena_grow(&f->pool->arena, f->sets, f->count, sizeof *f->sets);
	f->sets[f->count++] = (struct trigger_set){items, count};
	return true;
}

/* What a pattern or an expression requires: some sets, of which each would do. */
static void add_required(struct finding *f, size_t index)
{
	struct arena scratch = {0};
	struct literal_sets sets;
	if (f->type == TYPE_KEYWORD) {
		literals_of(&scratch, f->predicate, index, &sets);
		for (size_t i = 0; i < sets.count && i < SETS_MOST; i++)
			add_set(f, sets.items[i].items, sets.items[i].count);
	}
	arena_free(&scratch);
}

static void add_single(struct finding *f, size_t index)
{
	struct trigger trigger;
	uint32_t *item = arena_alloc(&f->pool->arena, sizeof *item);
	if (!trigger_of(&f->pool->arena, f->type, f->predicate, index, &trigger) || !add_trigger(f->pool, trigger, item))
		return;
	f->sets = arena_grow(&f->pool->arena, f->sets, f->count, sizeof *f->sets);
	f->sets[f->count++] = (struct trigger_set){item, 1};
}

static void add_literals(struct finding *f, struct predicate_triggers *of)
{
	const struct predicate *p = f->predicate;
	uint32_t *first = arena_array(&f->pool->arena, p->count + 1, sizeof *first);
	for (size_t i = 0; i < p->count; i++) {
		size_t before = f->count;
		if (p->op == OPERATOR_LIKE || p->op == OPERATOR_REGEX)
			add_required(f, i);
		else
			add_single(f, i);
		if (f->count == before)
			return;
		first[i + 1] = (uint32_t)f->count;
	}
	of->sets = f->sets;
	of->first = first;
	of->literal_count = p->count;
	of->exact = p->op != OPERATOR_LIKE && p->op != OPERATOR_REGEX;
}

static struct predicate_triggers triggers_of(struct trigger_pool *pool, const struct interned *one)
{
	const struct predicate *p = one->predicate;
	struct predicate_triggers of = {.exists = presence_of(pool, p->field), .other = presence_of(pool, p->other)};
	struct finding finding = {pool, p, pool->registry->fields[p->field].type, NULL, 0};
	if (p->other == FIELD_NONE && !p->length && !p->number && p->count && p->op != OPERATOR_NOT_EQUAL)
		add_literals(&finding, &of);
	return of;
}

void trigger_pool_extend(struct trigger_pool *pool, const struct registry *registry, const struct predicates *predicates)
{
	pool->registry = registry;
	if (predicates->count > pool->predicate_capacity) {
		pool->predicate_capacity = 2 * predicates->count;
		pool->of = mem_resize(pool->of, pool->predicate_capacity * sizeof *pool->of);
	}
	for (; pool->predicate_count < predicates->count; pool->predicate_count++)
		pool->of[pool->predicate_count] = triggers_of(pool, &predicates->items[pool->predicate_count]);
}
