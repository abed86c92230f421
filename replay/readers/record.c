/*
 * record: raw names and values, and what a dialect makes of them.
 */
#include "replay/readers/record.h"

#include "catalog/dialect_plan.h"

#include <string.h>

enum { INDEX_FIRST = 64 }; /* slots; a power of two, never more than half full */

struct record_index {
	uint32_t *slots; /* 0: free, else 1 + position in values */
	size_t size;
};

void record_begin(struct record *record, struct arena *arena, const char *file, uint64_t line)
{
	*record = (struct record){.arena = arena, .file = file, .line = line, .time = INT64_MIN};
}

/* Names differ in length or at their end (SYSCALL.exe, SYSCALL.egid): the last bytes tell enough. */
static size_t name_hash(struct text name)
{
	uint64_t tail = 0;
	size_t size = name.length < sizeof tail ? name.length : sizeof tail;
	if (size)
		memcpy(&tail, name.data + name.length - size, size);
	return (size_t)((tail ^ name.length) * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* The slot that holds the name, or the free one where it would go. */
static uint32_t *slot_of(const struct record *record, struct text name)
{
	const struct record_index *index = record->index;
	size_t at = name_hash(name) & (index->size - 1);
	while (index->slots[at] && !text_equal(record->values[index->slots[at] - 1].name, name))
		at = (at + 1) & (index->size - 1);
	return &index->slots[at];
}

static void index_resize(struct record *record, size_t size)
{
	struct record_index *index = arena_alloc(record->arena, sizeof *index);
	index->slots = arena_array(record->arena, size, sizeof *index->slots);
	index->size = size;
	record->index = index;
	for (size_t i = 0; i < record->count; i++)
		*slot_of(record, record->values[i].name) = (uint32_t)(i + 1);
}

static void push(struct arena *arena, struct raw_value *raw, struct text value)
{
	raw->values = arena_grow(arena, raw->values, raw->count, sizeof *raw->values);
	raw->values[raw->count++] = value;
}

void record_add(struct record *record, struct text name, struct text value)
{
	if (!record->index)
		index_resize(record, INDEX_FIRST);
	else if (record->count * 2 >= record->index->size)
		index_resize(record, record->index->size * 2);
	uint32_t *slot = slot_of(record, name);
	if (!*slot) {
		record->values = arena_grow(record->arena, record->values, record->count, sizeof *record->values);
		record->values[record->count] = (struct raw_value){.name = name};
		*slot = (uint32_t)++record->count;
	}
	push(record->arena, &record->values[*slot - 1], value);
}

struct record_part *record_add_part(struct record *record, struct text kind)
{
	record->parts = arena_grow(record->arena, record->parts, record->part_count, sizeof *record->parts);
	record->parts[record->part_count] = (struct record_part){.kind = kind};
	return &record->parts[record->part_count++];
}

static struct raw_value *part_find(const struct record_part *part, struct text name)
{
	for (size_t i = 0; i < part->count; i++)
		if (text_equal(part->values[i].name, name))
			return &part->values[i];
	return NULL;
}

void record_part_add(struct record *record, struct record_part *part, struct text name, struct text value)
{
	struct raw_value *raw = part_find(part, name);
	if (!raw) {
		part->values = arena_grow(record->arena, part->values, part->count, sizeof *part->values);
		raw = &part->values[part->count++];
		*raw = (struct raw_value){.name = name};
	}
	push(record->arena, raw, value);
}

const struct raw_value *record_get(const struct record *record, const struct record_part *part, struct text name)
{
	const struct raw_value *raw = part ? part_find(part, name) : NULL;
	if (raw || !record->index)
		return raw;
	uint32_t slot = *slot_of(record, name);
	return slot ? &record->values[slot - 1] : NULL;
}

/* One record on its way through a dialect. */
struct meaning {
	const struct record *record;
	const struct dialect *dialect;
	struct event *event;
	const struct dialect_group *group;
	uint64_t done; /* categories that have their event, by bit */
	struct text asked; /* the newest name that a match asked for, and its answer: rows ask for the same in turn */
	const struct raw_value *answer;
};

static const struct raw_value *ask(struct meaning *m, struct text name, const struct record_part *part)
{
	if (part)
		return record_get(m->record, part, name);
	if (!text_equal(m->asked, name)) {
		m->asked = name;
		m->answer = record_get(m->record, NULL, name);
	}
	return m->answer;
}

/* A raw name that is not there, or whose only value says so. */
static bool is_absent(const struct meaning *m, const struct raw_value *raw)
{
	return !raw || (raw->count == 1 && dialect_is_missing(m->dialect, raw->values[0]));
}

static bool mask_holds(const struct raw_value *raw, uint64_t mask)
{
	uint64_t number;
	if (!raw || !raw->count)
		return false;
	struct text text = raw->values[0];
	if (text_starts(text, TEXT("0x"), true))
		text = text_slice(text, 2, text.length);
	return text_to_ulong_base(text, 16, &number) && (number & mask) != 0;
}

static bool equal_holds(const struct raw_value *raw, const struct dialect_match *match)
{
	for (size_t i = 0; raw && i < raw->count; i++)
		for (size_t k = 0; k < match->count; k++)
			if (text_equal(raw->values[i], match->values[k]))
				return true;
	return false;
}

static bool match_holds(struct meaning *m, const struct dialect_match *match, const struct record_part *part)
{
	const struct raw_value *raw = ask(m, match->name, part);
	switch (match->kind) {
	case MATCH_EQUAL:
		return equal_holds(raw, match);
	case MATCH_MASK:
		return mask_holds(raw, match->mask);
	case MATCH_PRESENT:
		return !is_absent(m, raw);
	case MATCH_ABSENT:
		return is_absent(m, raw);
	}
	return false;
}

static bool all_hold(struct meaning *m, const struct dialect_match *matches, size_t count,
	const struct record_part *part)
{
	for (size_t i = 0; i < count; i++)
		if (!match_holds(m, &matches[i], part))
			return false;
	return true;
}

/* Is the raw value a marker of "missing" for this row? Lists of several values hold none. */
static bool row_is_missing(const struct meaning *m, const struct dialect_field *row, const struct raw_value *raw)
{
	return raw->count == 1 && dialect_field_is_missing(m->dialect, row, raw->values[0]);
}

static void fill_row(const struct meaning *m, struct facet *facet, const struct dialect_field *row,
	const struct record_part *part)
{
	for (size_t i = 0; i < row->name_count; i++) {
		const struct raw_value *raw = record_get(m->record, part, row->names[i]);
		if (!raw)
			continue;
		bool missing = row_is_missing(m, row, raw);
		if (missing && row->shape.shape != SHAPE_PRESENT)
			continue;
		shape_read(&row->shape, m->event, facet, row->field, raw->values, missing ? 0 : raw->count);
		if (facet->position[row->field])
			return;
	}
}

static bool has_need(const struct meaning *m, const struct facet *facet, struct text need, const struct record_part *part)
{
	unsigned field = registry_field(m->event->registry, need);
	if (field != FIELD_NONE)
		return facet->position[field] != 0;
	for (size_t i = 0; i < m->record->part_count; i++)
		if (text_equal(m->record->parts[i].kind, need))
			return true;
	return !is_absent(m, record_get(m->record, part, need));
}

static bool add_facet(struct meaning *m, unsigned category, unsigned action, const struct dialect_event *event,
	const struct record_part *part)
{
	const struct dialect_plan *plan = m->group->plan;
	struct dialect_carried carried = event ? plan->carried[event - m->group->events] : plan->other;
	struct facet *facet = event_add_facet(m->event, category, action);
	facet->record = part ? (unsigned)(part - m->record->parts) + 1 : 0;
	for (size_t i = 0; i < carried.count; i++)
		if (!facet->position[carried.items[i]->field])
			fill_row(m, facet, carried.items[i], part);
	for (size_t i = 0; event && i < event->need_count; i++) {
		if (has_need(m, facet, event->needs[i], part))
			continue;
		m->event->facet_count--;
		return false;
	}
	return true;
}

static bool try_event(struct meaning *m, const struct dialect_event *event)
{
	bool made = false;
	if (!event->each.length) {
		if (!all_hold(m, event->matches, event->match_count, NULL))
			return false;
		return add_facet(m, event->category, event->action, event, NULL);
	}
	for (size_t i = 0; i < m->record->part_count; i++) {
		const struct record_part *part = &m->record->parts[i];
		if (text_equal(part->kind, event->each) && all_hold(m, event->matches, event->match_count, part) &&
			add_facet(m, event->category, event->action, event, part))
			made = true;
	}
	return made;
}

/* The rows that the record can be. A part may have a value of its own, and a list several: then all. */
static struct dialect_rows rows_of(struct meaning *m)
{
	const struct dialect_plan *plan = m->group->plan;
	const struct raw_value *raw = ask(m, plan->key, NULL);
	if (raw && raw->count > 1)
		return plan->all;
	for (size_t i = 0; i < m->record->part_count; i++)
		if (part_find(&m->record->parts[i], plan->key))
			return plan->all;
	return raw ? dialect_plan_rows(plan, raw->values[0]) : plan->rest;
}

static void try_group(struct meaning *m)
{
	struct dialect_rows rows = rows_of(m);
	m->done = 0;
	for (size_t i = 0; i < rows.count; i++) {
		const struct dialect_event *event = &m->group->events[rows.items[i]];
		uint64_t bit = UINT64_C(1) << (event->category % 64);
		if (!(m->done & bit) && try_event(m, event))
			m->done |= bit;
	}
}

/* The time of the event: the reader's, else the one that the dialect names. */
static void find_time(const struct meaning *m)
{
	const struct raw_value *raw;
	m->event->time = m->record->time;
	if (m->record->time != INT64_MIN || !m->dialect->time.length)
		return;
	raw = record_get(m->record, NULL, m->dialect->time);
	if (!is_absent(m, raw) && !shape_time(&m->dialect->time_shape, raw->values[0], &m->event->time)) {
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
	unsigned field = registry_field(m->event->registry, TEXT("event.dataset"));
	struct facet *facet = m->event->facets[0];
	if (field != FIELD_NONE && !facet->position[field])
		facet_set_text(m->event, facet, field, m->dialect->name);
}

int record_to_event(const struct record *record, const struct dialect *dialect, struct event *event)
{
	struct meaning m = {.record = record, .dialect = dialect, .event = event};
	const struct dialect_group *other = NULL;
	event->file = record->file;
	event->line = record->line;
	event->id = record->id;
	find_time(&m);
	for (size_t i = 0; i < dialect->group_count; i++) {
		m.group = &dialect->groups[i];
		if (!m.group->plan->reads || !all_hold(&m, m.group->when, m.group->when_count, NULL))
			continue;
		try_group(&m);
		if (m.group->other && !other)
			other = m.group;
	}
	if (!event->facet_count && other) {
		m.group = other;
		add_facet(&m, other->other_category,
			registry_action(event->registry, other->other_category, TEXT("other")), NULL, NULL);
	}
	if (!event->facet_count)
		return 1;
	time_from_facet(&m);
	name_dataset(&m);
	return 0;
}
