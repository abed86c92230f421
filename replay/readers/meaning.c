/*
 * meaning: what a dialect makes of a record (record.h), by the numbers of its plan (record_plan.h).
 */
#include "replay/readers/meaning.h"

#include "catalog/regex.h"
#include "replay/readers/recipe.h"
#include "replay/readers/record_open.h"

#include <string.h>

enum { BITS = 64, ROWS_WORDS = 64 }; /* rows of an event that are looked at by bits: at most BITS * ROWS_WORDS at a time */

static const struct raw_value *part_value(const struct record_part *part, unsigned number)
{
	for (size_t i = 0; part && number && i < part->count; i++)
		if (part->values[i].number == number)
			return &part->values[i];
	return NULL;
}

const struct raw_value *meaning_value(const struct meaning *m, const struct record_part *part, unsigned number)
{
	const struct raw_value *raw = part_value(part, number);
	if (!raw && m->piece)
		raw = part_value(m->piece, number);
	if (raw)
		return raw;
	uint32_t slot = m->record->slots[number];
	return slot ? &m->record->values[slot - 1] : NULL;
}

bool meaning_absent(const struct meaning *m, const struct raw_value *raw)
{
	return !raw || !raw->count || (raw->count == 1 && dialect_is_missing(m->plan->dialect, raw->first));
}

/* Up to sixteen digits of hex; false: it is something else, or nothing. */
static inline bool plain_hex(struct text text, uint64_t *number)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		unsigned digit = byte - '0', letter = (byte | 0x20u) - 'a';
		if (digit > 9 && letter > 5)
			return false;
		sum = sum << 4 | (digit <= 9 ? digit : letter + 10);
	}
	*number = sum;
	return text.length && text.length <= 16;
}

static bool mask_holds(struct text text, const struct dialect_match *match)
{
	uint64_t number;
	if (match->base == 16 && plain_hex(text, &number))
		return (number & match->mask) != 0;
	int base = text_starts(text, TEXT("0x"), true) ? 16 : match->base;
	if (text_starts(text, TEXT("0x"), true))
		text = text_slice(text, 2, text.length);
	return text_to_ulong_base(text, base, &number) && (number & match->mask) != 0;
}

static bool equal_holds(const struct raw_value *raw, const struct dialect_match *match)
{
	for (size_t i = 0; raw && i < raw->count; i++) {
		struct text value = raw->values[i];
		for (size_t k = 0; k < match->count; k++)
			if (value.length == match->values[k].length &&
				(!value.length || (value.data[value.length - 1] == match->values[k].data[value.length - 1] &&
									  memcmp(value.data, match->values[k].data, value.length) == 0)))
				return true;
	}
	return false;
}

static bool regex_one(const struct meaning *m, const struct raw_value *raw, const struct regex *regex)
{
	bool limited = false;
	for (size_t i = 0; raw && i < raw->count; i++)
		if (regex_holds(regex, m->plan->match, raw->values[i], &limited))
			return true;
	return false;
}

bool meaning_value_holds(const struct record_plan *plan, const struct dialect_match *match, const struct found *found,
	size_t count)
{
	bool limited = false;
	if (match->kind == MATCH_MASK)
		return count > 0 && mask_holds(found[0].value, match);
	for (size_t i = 0; i < count; i++)
		if (regex_holds(match->regex, plan->match, found[i].value, &limited))
			return true;
	return false;
}

static bool test_holds(const struct meaning *m, const struct plan_test *test, const struct record_part *part)
{
	const struct raw_value *raw = meaning_value(m, part, test->name);
	switch (test->match->kind) {
	case MATCH_EQUAL:
		return equal_holds(raw, test->match);
	case MATCH_MASK:
		return raw && raw->count && mask_holds(raw->values[0], test->match);
	case MATCH_PRESENT:
		return !meaning_absent(m, raw);
	case MATCH_ABSENT:
		return meaning_absent(m, raw);
	case MATCH_REGEX:
		return regex_one(m, raw, test->match->regex);
	case MATCH_NONE:
		return !meaning_absent(m, raw) && !equal_holds(raw, test->match);
	}
	return false;
}

bool meaning_all_hold(const struct meaning *m, const struct plan_test *tests, size_t count, const struct record_part *part)
{
	for (size_t i = 0; i < count; i++)
		if (!test_holds(m, &tests[i], part))
			return false;
	return true;
}

/* Is the raw value a marker of "missing" for this row? Lists of several values hold none. */
static bool row_is_missing(const struct meaning *m, const struct dialect_field *row, const struct raw_value *raw)
{
	return raw->count == 1 && dialect_field_is_missing(m->plan->dialect, row, raw->first);
}

void meaning_fill_row(const struct meaning *m, struct facet *facet, const struct plan_row *row, const struct record_part *part)
{
	const struct dialect_field *field = row->field;
	if (facet->position[field->field])
		return;
	if (field->source) {
		struct text *values;
		size_t count = row_source_values(m, row, part, &values);
		if (count || field->shape.shape == SHAPE_PRESENT)
			shape_read(&field->shape, m->event, facet, field->field, values, count);
		return;
	}
	for (size_t i = 0; i < field->name_count; i++) {
		const struct raw_value *raw = meaning_value(m, part, row->names[i]);
		if (!raw)
			continue;
		bool missing = row_is_missing(m, field, raw);
		if (missing && field->shape.shape != SHAPE_PRESENT)
			continue;
		shape_read(&field->shape, m->event, facet, field->field, raw->values, missing ? 0 : raw->count);
		if (facet->position[field->field])
			return;
	}
}

/* Sets the bits of the rows from `base` on that read one of the values. */
static void mark_rows(const struct plan_carried *carried, const struct raw_value *values, size_t count, size_t base,
	uint64_t bits[ROWS_WORDS])
{
	for (size_t i = 0; i < count; i++) {
		unsigned number = values[i].number;
		for (uint32_t k = carried->first[number]; number && k < carried->first[number + 1]; k++) {
			size_t row = carried->by_name[k] - base;
			if (row < BITS * ROWS_WORDS)
				bits[row / BITS] |= UINT64_C(1) << (row % BITS);
		}
	}
}

/* The rows, in their order, for which the record has a value. */
static void fill_rows(const struct meaning *m, struct facet *facet, const struct plan_carried *carried,
	const struct record_part *part)
{
	for (size_t base = 0; base < carried->count; base += BITS * ROWS_WORDS) {
		uint64_t bits[ROWS_WORDS];
		size_t left = carried->count - base, words = left >= BITS * ROWS_WORDS ? ROWS_WORDS : (left + BITS - 1) / BITS;
		memset(bits, 0, words * sizeof *bits);
		mark_rows(carried, m->record->values, m->record->count, base, bits);
		if (part)
			mark_rows(carried, part->values, part->count, base, bits);
		if (m->piece)
			mark_rows(carried, m->piece->values, m->piece->count, base, bits);
		for (size_t i = 0; i < carried->always_count; i++)
			if (carried->always[i] - base < BITS * ROWS_WORDS)
				bits[(carried->always[i] - base) / BITS] |= UINT64_C(1) << ((carried->always[i] - base) % BITS);
		for (size_t word = 0; word < words; word++)
			for (uint64_t left_bits = bits[word]; left_bits; left_bits &= left_bits - 1)
				meaning_fill_row(m, facet, &carried->rows[base + word * BITS + (size_t)__builtin_ctzll(left_bits)], part);
	}
}

static bool has_need(const struct meaning *m, const struct facet *facet, const struct plan_need *need,
	const struct record_part *part)
{
	if (need->field != FIELD_NONE)
		return facet->position[need->field] != 0;
	for (size_t i = 0; i < m->record->part_count; i++)
		if (text_equal(m->record->parts[i].kind, need->kind))
			return true;
	return !meaning_absent(m, meaning_value(m, part, need->name));
}

static struct facet *add_facet(struct meaning *m, unsigned category, unsigned action, const struct plan_carried *carried,
	const struct record_part *part)
{
	struct facet *facet = event_add_facet(m->event, category, action);
	facet->record = part ? (unsigned)(part - m->record->parts) + 1 : 0;
	fill_rows(m, facet, carried, part);
	return facet;
}

static bool make_facet(struct meaning *m, const struct plan_event *event, const struct record_part *part)
{
	struct facet *facet = add_facet(m, event->event->category, event->event->action, event->carried, part);
	if (m->draft)
		recipe_draft_add(m->draft, &(struct draft_facet){event->event->category, event->event->action, facet->record, event,
			event->carried});
	for (size_t i = 0; i < event->need_count; i++) {
		if (has_need(m, facet, &event->needs[i], part))
			continue;
		m->event->facet_count--;
		if (m->draft)
			recipe_draft_drop(m->draft, event->needs[i].field != FIELD_NONE);
		return false;
	}
	return true;
}

static bool part_has(const struct record_part *part, unsigned number)
{
	for (size_t i = 0; i < part->count; i++)
		if (part->values[i].number == number)
			return true;
	return false;
}

/* Has a row of the group made a facet of that category of the part already? */
static bool is_taken(const struct meaning *m, unsigned category, size_t part)
{
	for (size_t i = m->from; i < m->event->facet_count; i++)
		if (m->event->facets[i]->record == part + 1 && m->event->facets[i]->category == category)
			return true;
	return false;
}

/* Do the row's tests ask for something that the part itself tells? */
static bool asks_part(const struct plan_event *event, const struct record_part *part)
{
	for (size_t i = 0; i < event->test_count; i++)
		if (part_has(part, event->tests[i].name))
			return true;
	return false;
}

/* `again`: an earlier row took parts of this category. Only a row that tells parts apart goes on with the others. */
static bool try_parts(struct meaning *m, const struct plan_event *event, bool again)
{
	bool made = false;
	for (size_t i = 0; i < m->record->part_count; i++) {
		const struct record_part *part = &m->record->parts[i];
		if (!text_equal(part->kind, event->event->each) || !meaning_all_hold(m, event->tests, event->test_count, part))
			continue;
		if (again && (!asks_part(event, part) || is_taken(m, event->event->category, i)))
			continue;
		made = make_facet(m, event, part) || made;
	}
	return made;
}

static bool try_event(struct meaning *m, const struct plan_event *event, bool again)
{
	if (event->event->each.length)
		return try_parts(m, event, again);
	return !again && meaning_all_hold(m, event->tests, event->test_count, NULL) && make_facet(m, event, NULL);
}

/* The rows that the record can be. A part may have a value of its own, and a list several: then all. */
static struct dialect_rows rows_of(const struct meaning *m)
{
	const struct dialect_plan *plan = m->group->group->plan;
	if (!m->group->key)
		return plan->rest;
	const struct raw_value *raw = meaning_value(m, NULL, m->group->key);
	if (raw && raw->count > 1)
		return plan->all;
	for (size_t i = 0; i < m->record->part_count; i++)
		if (part_has(&m->record->parts[i], m->group->key))
			return plan->all;
	return raw && raw->count ? dialect_plan_rows(plan, raw->first) : plan->rest;
}

static void try_group(struct meaning *m)
{
	struct dialect_rows rows = rows_of(m);
	uint64_t whole = 0, parts = 0; /* categories that have a facet of the record, and of parts of it, by bit */
	m->from = m->event->facet_count;
	for (size_t i = 0; i < rows.count; i++) {
		const struct plan_event *event = &m->group->events[rows.items[i]];
		uint64_t bit = UINT64_C(1) << (event->event->category % 64);
		if ((whole & bit) || !try_event(m, event, (parts & bit) != 0))
			continue;
		*(event->event->each.length ? &parts : &whole) |= bit;
	}
}

/* The time of the event: the reader's, else the first that the dialect names. */
static void find_time(const struct meaning *m)
{
	const struct dialect *dialect = m->plan->dialect;
	m->event->time = m->record->time;
	for (size_t i = 0; i < dialect->time_count && m->event->time == INT64_MIN; i++) {
		const struct raw_value *raw = meaning_value(m, NULL, m->plan->times[i]);
		if (meaning_absent(m, raw) || shape_time(&dialect->times[i].shape, raw->values[0], &m->event->time))
			continue;
		m->event->time = INT64_MIN;
		m->event->unfilled++;
	}
}

/* Where the record has no time of its own, a row for @timestamp may have found one. */
static void time_from_facet(const struct meaning *m)
{
	const struct values *values = facet_get(m->event->facets[0], FIELD_TIMESTAMP);
	if (m->event->time == INT64_MIN && values && values->count)
		m->event->time = values->items[0].number;
}

static void name_dataset(const struct meaning *m)
{
	struct facet *facet = m->event->facets[0];
	if (m->plan->dataset != FIELD_NONE && !facet->position[m->plan->dataset])
		facet_set_text(m->event, facet, m->plan->dataset, m->plan->dialect->name);
}

/* The value of a name that the dialect itself asks for, or an empty text. */
static struct text own_value(const struct meaning *m, unsigned number)
{
	const struct raw_value *raw = number ? meaning_value(m, NULL, number) : NULL;
	return meaning_absent(m, raw) ? TEXT("") : raw->values[0];
}

/* The event's own name, and in how many records it stands. */
static void name_event(const struct meaning *m)
{
	int64_t records;
	m->event->id = m->record->id.length ? m->record->id : own_value(m, m->plan->id);
	if (text_to_long(own_value(m, m->plan->records), &records) && records > 1 && records <= UINT32_MAX)
		m->event->records = (unsigned)records;
}

static int mean(struct meaning *m)
{
	const struct record *record = m->record;
	const struct record_plan *plan = m->plan;
	struct event *event = m->event;
	const struct plan_group *other = NULL;
	event->file = record->file;
	event->line = record->line;
	name_event(m);
	find_time(m);
	for (size_t i = 0; i < plan->group_count; i++) {
		m->group = &plan->groups[i];
		if (!meaning_all_hold(m, m->group->when, m->group->when_count, NULL))
			continue;
		try_group(m);
		if (m->group->other && !other)
			other = m->group;
	}
	event->other = !event->facet_count && other;
	if (event->other)
		add_facet(m, other->group->other_category, other->other_action, other->other, NULL);
	if (event->other && m->draft)
		recipe_draft_add(m->draft, &(struct draft_facet){other->group->other_category, other->other_action, 0, NULL,
			other->other});
	if (!event->facet_count)
		return 1;
	time_from_facet(m);
	name_dataset(m);
	return 0;
}

int record_mean_piece(struct record *record, const struct record_part *piece, const struct record_plan *plan, struct event *event)
{
	struct meaning m = {.record = record, .piece = piece, .plan = plan, .event = event};
	return mean(&m);
}

int meaning_draft(struct record *record, const struct record_plan *plan, struct event *event, struct recipe_draft *draft)
{
	struct meaning m = {.record = record, .plan = plan, .event = event, .draft = draft};
	return mean(&m);
}

int record_mean(struct record *record, const struct record_plan *plan, struct event *event)
{
	record_use(record, plan);
	record_open(record);
	return record_mean_piece(record, NULL, plan, event);
}

int record_to_event(struct record *record, const struct dialect *dialect, struct event *event)
{
	return record_mean(record, record_plan_make(record->arena, dialect, event->registry, NULL, TEXT("")), event);
}
