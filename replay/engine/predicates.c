/* predicates: interning, and preparing literals (see predicates.h). */
#include "replay/engine/predicates.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"
#include "replay/engine/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { NAMES_ONE_BY_ONE = 4 };

void predicates_free(struct predicates *predicates)
{
	arena_free(&predicates->arena);
	free(predicates->items);
	slots_free(&predicates->slots);
}

/* ---- equal ones ---- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
	return hash ^ hash >> 32;
}

static uint64_t hash_of(const struct predicate *p)
{
	uint64_t flags = (uint64_t)p->op << 8 | (uint64_t)p->fold << 2 | (uint64_t)p->length << 1 | (uint64_t)p->number;
	uint64_t hash = mix(mix(mix(p->field, p->other), flags), p->count);
	for (size_t i = 0; i < p->count; i++)
		hash = mix(hash, text_hash(p->values[i].text));
	return hash;
}

static bool is_same(const struct predicate *a, const struct predicate *b)
{
	if (a->field != b->field || a->other != b->other || a->op != b->op || a->count != b->count)
		return false;
	if (a->fold != b->fold || a->length != b->length || a->number != b->number)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!text_equal(a->values[i].text, b->values[i].text))
			return false;
	return true;
}

/* ---- preparing ---- */

static void prepare_literals(struct predicates *all, struct interned *one)
{
	const struct predicate *p = one->predicate;
	struct text *literals = arena_array(&all->arena, p->count + 1, sizeof *literals);
	for (size_t i = 0; i < p->count; i++)
		literals[i] = bytes_fold(&all->arena, p->values[i].text, p->fold);
	one->literals = literals;
	one->count = p->count;
}

static void prepare_names(struct predicates *all, struct interned *one)
{
	prepare_literals(all, one);
	one->asking = ASK_NAMES;
	if (one->count <= NAMES_ONE_BY_ONE)
		return;
	uint32_t room = 8;
	while (room < 2 * one->count)
		room *= 2;
	uint32_t *slots = arena_array(&all->arena, room, sizeof *slots);
	for (size_t i = 0; i < one->count; i++) {
		uint32_t at = (uint32_t)bytes_hash(one->literals[i], false) & (room - 1);
		while (slots[at])
			at = (at + 1) & (room - 1);
		slots[at] = (uint32_t)i + 1;
	}
	one->asking = ASK_NAME_SET;
	one->slots = slots;
	one->mask = room - 1;
}

static int compare_numbers(const void *left, const void *right)
{
	int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

static void prepare_numbers(struct predicates *all, struct interned *one)
{
	const struct predicate *p = one->predicate;
	int64_t *numbers = arena_array(&all->arena, p->count + 1, sizeof *numbers);
	for (size_t i = 0; i < p->count; i++)
		numbers[i] = p->values[i].number;
	qsort(numbers, p->count, sizeof *numbers, compare_numbers);
	one->asking = ASK_NUMBERS;
	one->numbers = numbers;
	one->count = p->count;
}

static void prepare_equal(struct predicates *all, struct interned *one, enum value_type type)
{
	one->negated = one->predicate->op == OPERATOR_NOT_EQUAL;
	if (type == TYPE_KEYWORD)
		prepare_names(all, one);
	else if (type == TYPE_LONG || type == TYPE_DATE)
		prepare_numbers(all, one);
}

static struct wildcard cut(struct arena *arena, struct text pattern, bool fold)
{
	struct pattern_part *parts;
	size_t count = pattern_parts(arena, pattern, &parts);
	struct text *literals = arena_array(arena, count + 1, sizeof *literals);
	struct wildcard wildcard = {.parts = literals, .whole = count == 0};
	wildcard.plain = !utf8_valid(pattern); /* a star takes whole characters: a literal might begin within one */
	for (size_t i = 0; i < count; i++) {
		wildcard.plain = wildcard.plain || parts[i].kind == PATTERN_ONE;
		if (parts[i].kind == PATTERN_LITERAL)
			literals[wildcard.count++] = bytes_fold(arena, parts[i].text, fold);
	}
	wildcard.at_start = count && parts[0].kind == PATTERN_LITERAL;
	wildcard.at_end = count && parts[count - 1].kind == PATTERN_LITERAL;
	wildcard.whole = !count || (count == 1 && wildcard.at_start);
	return wildcard;
}

/* Most patterns are one of the simple forms. */
static enum asking form_of(const struct wildcard *wildcard)
{
	if (wildcard->plain || wildcard->count != 1)
		return ASK_LIKE;
	if (wildcard->whole)
		return ASK_NAMES;
	return wildcard->at_start ? ASK_STARTS : wildcard->at_end ? ASK_ENDS : ASK_CONTAINS;
}

static void prepare_like(struct predicates *all, struct interned *one)
{
	const struct predicate *p = one->predicate;
	struct text *literals = arena_array(&all->arena, p->count + 1, sizeof *literals);
	struct wildcard *wildcards = arena_array(&all->arena, p->count + 1, sizeof *wildcards);
	for (size_t i = 0; i < p->count; i++) {
		wildcards[i] = cut(&all->arena, p->values[i].text, p->fold);
		enum asking form = form_of(&wildcards[i]);
		one->asking = i && form != one->asking ? ASK_LIKE : form;
		if (wildcards[i].count == 1)
			literals[i] = wildcards[i].parts[0];
	}
	one->literals = literals;
	one->wildcards = wildcards;
	one->count = p->count;
}

/* What sort of event it is does not vary (catalog/evaluate.c). */
static bool is_sort(unsigned field)
{
	return field == FIELD_CATEGORY || field == FIELD_ACTION || field == FIELD_TYPE || field == FIELD_OUTCOME;
}

static bool is_variable(const struct predicate *p)
{
	if (p->op == OPERATOR_EXISTS || p->op == OPERATOR_MISSING)
		return false;
	return !is_sort(p->field) || (p->other != FIELD_NONE && !is_sort(p->other));
}

/* The length of the shortest literal, where a value must hold one. */
static size_t least_of(const struct interned *one)
{
	size_t least = 0;
	if (one->asking != ASK_NAMES && one->asking != ASK_NAME_SET && one->asking != ASK_STARTS && one->asking != ASK_ENDS
		&& one->asking != ASK_CONTAINS)
		return 0;
	for (size_t i = 0; i < one->count; i++)
		least = !i || one->literals[i].length < least ? one->literals[i].length : least;
	return least;
}

static void prepare(struct predicates *all, struct interned *one, const struct registry *registry)
{
	const struct predicate *p = one->predicate;
	static const enum asking askings[] = {[OPERATOR_EXISTS] = ASK_PRESENT, [OPERATOR_MISSING] = ASK_ABSENT,
		[OPERATOR_STARTS] = ASK_STARTS, [OPERATOR_ENDS] = ASK_ENDS, [OPERATOR_CONTAINS] = ASK_CONTAINS,
		[OPERATOR_REGEX] = ASK_REGEX};
	one->asking = ASK_PLAIN;
	if (p->op == OPERATOR_EXISTS || p->op == OPERATOR_MISSING)
		one->asking = askings[p->op];
	else if (p->other != FIELD_NONE || p->length || p->number)
		return;
	else if (p->op == OPERATOR_EQUAL || p->op == OPERATOR_NOT_EQUAL)
		prepare_equal(all, one, registry->fields[p->field].type);
	else if (p->op == OPERATOR_LIKE)
		prepare_like(all, one);
	else if (p->op == OPERATOR_STARTS || p->op == OPERATOR_ENDS || p->op == OPERATOR_CONTAINS || p->op == OPERATOR_REGEX) {
		one->asking = askings[p->op];
		prepare_literals(all, one);
	}
}

/* ---- the set ---- */

uint32_t predicates_intern(struct predicates *all, const struct registry *registry, const struct predicate *predicate)
{
	uint32_t hash = (uint32_t)hash_of(predicate);
	for (const struct number_slot *slot = slots_at(&all->slots, hash); slot->number; slot = slots_next(&all->slots, slot))
		if (slot->hash == hash && is_same(all->items[slot->number - 1].predicate, predicate))
			return slot->number - 1;
	if (all->count == all->capacity) {
		all->capacity = all->capacity ? all->capacity * 2 : 64;
		all->items = mem_resize(all->items, all->capacity * sizeof *all->items);
	}
	struct interned *one = &all->items[all->count];
	*one = (struct interned){.predicate = predicate, .fold = predicate->fold, .variable = is_variable(predicate),
		.field = predicate->field, .other = predicate->other};
	prepare(all, one, registry);
	one->least = least_of(one);
	slots_add(&all->slots, hash, (uint32_t)all->count);
	return (uint32_t)all->count++;
}
