/* trigger_pool: the triggers of each predicate (see triggers.h). */
#include "catalog/pattern.h"
#include "replay/engine/bytes.h"
#include "replay/engine/triggers.h"

#include <stdlib.h>
#include <string.h>

void trigger_pool_free(struct trigger_pool *pool)
{
	arena_free(&pool->arena);
	free(pool->items);
	free(pool->slots);
	free(pool->of);
}

/* ---- each once ---- */

static uint64_t hash_of(const struct trigger *t)
{
	uint64_t hash = bytes_hash(t->text, false) + t->field * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)t->kind * 2 + t->fold;
	hash = (hash ^ (uint64_t)t->low) * UINT64_C(0xff51afd7ed558ccd);
	hash = (hash ^ hash >> 32 ^ (uint64_t)t->high) * UINT64_C(0xff51afd7ed558ccd);
	if (t->cidr)
		hash ^= bytes_hash((struct text){(const char *)t->cidr->network.bytes, sizeof t->cidr->network.bytes}, false) + t->cidr->bits;
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

static void grow_slots(struct trigger_pool *pool)
{
	size_t room = pool->slot_count ? pool->slot_count * 2 : 256;
	pool->slots = mem_resize(pool->slots, room * sizeof *pool->slots);
	memset(pool->slots, 0, room * sizeof *pool->slots);
	pool->slot_count = room;
	for (size_t i = 0; i < pool->count; i++) {
		size_t at = hash_of(&pool->items[i]) & (room - 1);
		while (pool->slots[at])
			at = (at + 1) & (room - 1);
		pool->slots[at] = (uint32_t)i + 1;
	}
}

static uint32_t intern(struct trigger_pool *pool, const struct trigger *trigger)
{
	if (2 * (pool->count + 1) > pool->slot_count)
		grow_slots(pool);
	size_t at = hash_of(trigger) & (pool->slot_count - 1);
	for (; pool->slots[at]; at = (at + 1) & (pool->slot_count - 1))
		if (is_same(&pool->items[pool->slots[at] - 1], trigger))
			return pool->slots[at] - 1;
	if (pool->count == pool->capacity) {
		pool->capacity = pool->capacity ? pool->capacity * 2 : 256;
		pool->items = mem_resize(pool->items, pool->capacity * sizeof *pool->items);
	}
	pool->items[pool->count] = *trigger;
	pool->slots[at] = (uint32_t)++pool->count;
	return (uint32_t)pool->count - 1;
}

/* ---- one literal ---- */

/* The best that a value must hold where it fits the pattern; false: it need not hold anything. */
static bool trigger_of_pattern(struct arena *arena, struct text pattern, struct trigger *trigger)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts), best = 0;
	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind != PATTERN_LITERAL)
			continue;
		/* At an end it is found more easily, and is as good as one that is a little longer. */
		size_t worth = 2 * parts[i].text.length + (i == 0 || i == count - 1);
		if (worth <= best)
			continue;
		best = worth;
		trigger->text = parts[i].text;
		trigger->kind = count == 1 ? TRIGGER_EQUAL : i == 0 ? TRIGGER_STARTS : i == count - 1 ? TRIGGER_ENDS : TRIGGER_CONTAINS;
	}
	return best > 0;
}

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
static bool trigger_of(struct arena *arena, enum value_type type, const struct predicate *p, size_t index, struct trigger *trigger)
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
	case OPERATOR_LIKE:
		return type == TYPE_KEYWORD && trigger_of_pattern(arena, literal->text, trigger);
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

static void add_literals(struct trigger_pool *pool, const struct predicate *p, struct predicate_triggers *of)
{
	enum value_type type = pool->registry->fields[p->field].type;
	uint32_t *literals = arena_array(&pool->arena, p->count + 1, sizeof *literals);
	for (size_t i = 0; i < p->count; i++) {
		struct trigger trigger;
		if (!trigger_of(&pool->arena, type, p, i, &trigger))
			return;
		bool textual = is_textual(trigger.kind);
		if (textual && !trigger.text.length)
			return; /* every value holds the empty text */
		trigger.fold = textual && trigger.fold;
		trigger.text = textual ? bytes_fold(&pool->arena, trigger.text, trigger.fold) : TEXT("");
		literals[i] = intern(pool, &trigger);
	}
	of->literals = literals;
	of->count = p->count;
}

static struct predicate_triggers triggers_of(struct trigger_pool *pool, const struct interned *one)
{
	const struct predicate *p = one->predicate;
	struct predicate_triggers of = {.exists = presence_of(pool, p->field), .other = presence_of(pool, p->other)};
	if (p->other == FIELD_NONE && !p->length && !p->number && p->count)
		add_literals(pool, p, &of);
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
