/* plan_guard: the field that rules most units of a partition in or out, and what is known once it is (see plan.h). */
#include "replay/engine/plan.h"

#include "replay/engine/bytes.h"

#include <stdlib.h>
#include <string.h>

enum { UNITS_LEAST = 8, UNITS_SHARE = 4 /* one of so many has to ask for it */ };

/* What units ask of a field. */
struct asked_field {
	size_t units, noted; /* noted: 1 + the unit that was counted last */
	struct text values[GUARD_VALUES];
	size_t count;
	bool too_many; /* words */
};

static void note_value(struct asked_field *field, struct text value)
{
	for (size_t i = 0; i < field->count; i++)
		if (text_equal(field->values[i], value))
			return;
	if (field->count == GUARD_VALUES)
		field->too_many = true;
	else
		field->values[field->count++] = value;
}

/* A unit that can hold only where the predicate does, or only where it does not. */
static void note(const struct plan *plan, struct asked_field *fields, const struct outline *node, size_t unit)
{
	if (node->kind == NODE_NOT)
		node = outline_first(node);
	if (node->kind != NODE_PREDICATE)
		return;
	const struct predicate *p = plan->predicates.items[node->predicate].predicate;
	bool word = p->op == OPERATOR_EQUAL && p->other == FIELD_NONE && !p->length && !p->number;
	if (!word || p->field == FIELD_CATEGORY || p->field == FIELD_ACTION || p->field == FIELD_TYPE
		|| plan->catalog->registry.fields[p->field].type != TYPE_KEYWORD)
		return;
	struct asked_field *field = &fields[p->field];
	field->units += field->noted != unit + 1;
	field->noted = unit + 1;
	for (size_t i = 0; i < p->count && !field->too_many; i++)
		note_value(field, p->values[i].text);
}

/* Of a word of four to eight bytes its first and its last four: of two equally long ones, the words are equal if these are. */
static bool has_key(struct text word)
{
	return word.length >= 4 && word.length <= 8;
}

static uint64_t key_of(struct text word)
{
	uint32_t first, last;
	memcpy(&first, word.data, sizeof first);
	memcpy(&last, word.data + word.length - sizeof last, sizeof last);
	return (uint64_t)last << 32 | first;
}

void plan_guard_add(struct plan_guard *guard, struct text word)
{
	guard->keys[guard->count] = has_key(word) ? key_of(word) : 0;
	guard->values[guard->count++] = word;
}

void plan_guard_find(const struct plan *plan, const struct plan_partition *partition, struct plan_guard *guard)
{
	struct arena arena = {0};
	size_t count = plan->catalog->registry.field_count;
	struct asked_field *fields = arena_array(&arena, count + 1, sizeof *fields), *best = NULL;
	for (size_t i = 0; partition->action && i < partition->count; i++) {
		const struct outline *root = plan->units[partition->units[i]].outline;
		if (root->kind != NODE_AND)
			note(plan, fields, root, i);
		for (const struct outline *child = outline_first(root); root->kind == NODE_AND && child < outline_next(root);
			child = outline_next(child))
			note(plan, fields, child, i);
	}
	for (size_t i = 0; i < count; i++)
		if (fields[i].units && !fields[i].too_many && (!best || fields[i].units > best->units))
			best = &fields[i];
	*guard = (struct plan_guard){.field = FIELD_NONE};
	if (best && best->units >= UNITS_LEAST && best->units * UNITS_SHARE >= partition->count) {
		guard->field = (unsigned)(best - fields);
		for (size_t i = 0; i < best->count; i++)
			plan_guard_add(guard, best->values[i]);
	}
	arena_free(&arena);
}

/* Is it one of the guard's words, in letters of whichever case? */
static bool is_like_word(const struct plan_guard *guard, struct text word)
{
	for (size_t i = 0; i < guard->count; i++) {
		struct text value = guard->values[i];
		bool begins = word.length == value.length && (!word.length || bytes_alike(word.data[0], value.data[0]));
		if (begins && text_equal_fold(word, value))
			return true;
	}
	return false;
}

/* Which of the guard's words it is; the number of those: none. Hosts come in any order: which word it is, is no branch. */
static size_t place_of(const struct plan_guard *guard, struct text word)
{
	size_t place = guard->count;
	if (!has_key(word)) {
		for (size_t i = 0; i < guard->count; i++)
			if (text_equal(word, guard->values[i]))
				return i;
		return place;
	}
	uint64_t key = key_of(word);
	for (size_t i = 0; i < guard->count; i++) {
		bool same = (guard->values[i].length == word.length) & (guard->keys[i] == key);
		place = same ? i : place;
	}
	return place;
}

size_t plan_variant_by(const struct plan_guard *guard, const struct facet *facet)
{
	const struct values *values = facet_get(facet, guard->field);
	if (!values)
		return GUARD_MISSING;
	if (values->count != 1)
		return GUARD_ANY;
	struct text word = values->items[0].text;
	size_t place = place_of(guard, word);
	if (place < guard->count)
		return GUARD_FIRST + place;
	return is_like_word(guard, word) ? GUARD_ANY : GUARD_OTHER;
}

/* What is known of a predicate of the field, where it has one word that is none of the guard's: as in plan_guard_known. */
static unsigned char known_of_other(const struct plan_guard *guard, const struct interned *one)
{
	if (one->asking == ASK_PRESENT || one->asking == ASK_ABSENT)
		return one->asking == ASK_PRESENT ? 1 : 2;
	if (one->asking != ASK_NAMES && one->asking != ASK_NAME_SET)
		return 0;
	for (size_t i = 0; i < one->count; i++)
		if (!is_like_word(guard, one->literals[i]))
			return 0;
	return one->negated ? 1 : 2;
}

/* A facet like all those of the variant, as far as they are alike. false: the field keeps no such word. */
static bool make_facet(struct event *event, struct facet *facet, const struct plan_guard *guard, size_t variant)
{
	if (variant < GUARD_FIRST)
		return variant == GUARD_MISSING;
	struct text word = guard->values[variant - GUARD_FIRST];
	return facet_set_text(event, facet, guard->field, word) && text_equal(facet_text(facet, guard->field), word);
}

const unsigned char *plan_guard_known(const struct plan *plan, const struct plan_partition *partition,
	const struct plan_guard *guard, size_t variant, struct arena *arena)
{
	const struct predicates *predicates = &plan->predicates;
	struct event event;
	struct asker asker;
	if (!partition->action)
		return NULL;
	unsigned char *known = arena_array(arena, predicates->count + 1, sizeof *known);
	event_begin(&event, arena, &plan->catalog->registry);
	struct facet *facet = event_add_facet(&event, plan->catalog->registry.actions[partition->action].category, partition->action);
	bool guarded = make_facet(&event, facet, guard, variant);
	asker_make(&asker, predicates, plan->evaluator, plan->level);
	asker_begin(&asker, facet);
	for (size_t i = 0; i < predicates->count; i++) {
		const struct interned *one = &predicates->items[i];
		bool category = one->field == FIELD_CATEGORY || one->field == FIELD_ACTION;
		bool sort = category && i < plan->own_predicate_count; /* others may tell a partition's actions apart */
		bool alone = one->other == FIELD_NONE || (sort && (one->other == FIELD_CATEGORY || one->other == FIELD_ACTION));
		bool guards = !category && one->field == guard->field;
		if (alone && guards && variant == GUARD_OTHER)
			known[i] = known_of_other(guard, one);
		else if (alone && (sort || (guarded && guards)))
			known[i] = asker_ask(&asker, (uint32_t)i) & ANSWER_HOLDS ? 1 : 2;
	}
	asker_free(&asker);
	return known;
}
