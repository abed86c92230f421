/*
 * event: what happened, as facets of registered fields.
 */
#include "catalog/event.h"

#include <inttypes.h>
#include <string.h>

/* Room that every facet has from its beginning: most never need more. */
enum { ENTRIES_FIRST = 32, DATE_ROOM = 32 };

void event_begin(struct event *event, struct arena *arena, const struct registry *registry)
{
	*event = (struct event){.arena = arena, .registry = registry, .time = INT64_MIN};
}

/* Without places. */
static struct facet *append_bare(struct event *event, unsigned category, unsigned action)
{
	struct facet *facet = arena_alloc(event->arena, sizeof *facet);
	facet->registry = event->registry;
	facet->category = category;
	facet->action = action;
	facet->entries = arena_growable(event->arena, ENTRIES_FIRST, sizeof *facet->entries);
	event->facets = arena_grow(event->arena, event->facets, event->facet_count, sizeof *event->facets);
	event->facets[event->facet_count++] = facet;
	return facet;
}

static struct facet *append_facet(struct event *event, unsigned category, unsigned action)
{
	struct facet *facet = append_bare(event, category, action);
	facet->position = arena_array(event->arena, event->registry->field_count, sizeof *facet->position);
	return facet;
}

/* The same places as another facet's. */
static void copy_positions(struct arena *arena, struct facet *facet, const struct facet *from)
{
	size_t fields = from->registry->field_count;
	facet->layout = from->layout;
	facet->position = from->position;
	if (!from->layout)
		facet->position = memcpy(arena_array(arena, fields, sizeof *facet->position), from->position,
			fields * sizeof *facet->position);
}

uint16_t *facet_own_positions(struct arena *arena, struct facet *facet)
{
	if (facet->layout) {
		size_t fields = facet->registry->field_count;
		uint16_t *own = arena_array(arena, fields, sizeof *own);
		facet->position = memcpy(own, facet->position, fields * sizeof *own);
		facet->layout = NULL;
	}
	return (uint16_t *)(uintptr_t)facet->position; /* only a layout's are nobody's to write */
}

static void place_last(struct facet *facet, const struct layout *layout)
{
	facet->count++;
	facet->layout = layout;
	facet->position = layout->position;
}

static __attribute__((noinline)) void append_anew(struct arena *arena, struct facet *facet, unsigned field)
{
	const struct layout *follow = NULL;
	if (facet->layout)
		follow = layouts_follow(facet->registry->layouts, facet->layout, field, facet->count + 1);
	if (follow)
		place_last(facet, follow);
	else
		facet_own_positions(arena, facet)[field] = (uint16_t)++facet->count;
}

void facet_append(struct arena *arena, struct facet *facet, unsigned field)
{
	const struct layout *follow = facet->layout ? layout_follow(facet->layout, field) : NULL;
	if (follow)
		place_last(facet, follow);
	else
		append_anew(arena, facet, field);
}

/* The entry of a field; made where there is none. */
static struct facet_entry *entry_of(struct event *event, struct facet *facet, unsigned field)
{
	if (!facet->position[field]) {
		if (facet->count >= ENTRIES_FIRST)
			facet->entries = arena_grow(event->arena, facet->entries, facet->count, sizeof *facet->entries);
		facet->entries[facet->count].field = field;
		facet_append(event->arena, facet, field);
	}
	return &facet->entries[facet->position[field] - 1];
}

static void set_one(struct event *event, struct facet *facet, unsigned field, const struct value *value)
{
	struct value *copy = arena_alloc(event->arena, sizeof *copy);
	*copy = *value;
	entry_of(event, facet, field)->values = (struct values){copy, 1};
}

static void set_name(struct event *event, struct facet *facet, unsigned field, struct text name)
{
	if (name.length)
		set_one(event, facet, field, &(struct value){.text = name});
}

/* The fields that follow from what the facet is. */
static void set_kind(struct event *event, struct facet *facet)
{
	const struct registry *registry = event->registry;
	set_name(event, facet, FIELD_CATEGORY, registry->categories[facet->category].name);
	set_name(event, facet, FIELD_ACTION, registry->actions[facet->action].name);
	set_name(event, facet, FIELD_TYPE, registry->actions[facet->action].type);
}

struct facet *event_add_facet(struct event *event, unsigned category, unsigned action)
{
	struct facet *facet = append_facet(event, category, action);
	set_kind(event, facet);
	return facet;
}

struct facet *event_copy_facet(struct event *event, const struct facet *from, unsigned category, unsigned action)
{
	struct facet *facet = append_bare(event, category, action);
	facet->record = from->record;
	facet->copied = from;
	if (category == from->category && action == from->action && from->count <= ENTRIES_FIRST) {
		copy_positions(event->arena, facet, from);
		memcpy(facet->entries, from->entries, from->count * sizeof *facet->entries);
		facet->count = from->count;
		return facet;
	}
	facet->position = arena_array(event->arena, event->registry->field_count, sizeof *facet->position);
	set_kind(event, facet);
	for (size_t i = 0; i < from->count; i++) {
		unsigned field = from->entries[i].field;
		if (field != FIELD_CATEGORY && field != FIELD_ACTION && field != FIELD_TYPE)
			entry_of(event, facet, field)->values = from->entries[i].values;
	}
	return facet;
}

static void clone_facet(const struct facet *from, struct facet *to, struct arena *arena)
{
	*to = *from;
	to->copied = NULL;
	copy_positions(arena, to, from);
	to->entries = arena_growable(arena, from->count > ENTRIES_FIRST ? from->count : ENTRIES_FIRST, sizeof *to->entries);
	for (size_t i = 0; i < from->count; i++) {
		const struct values *values = &from->entries[i].values;
		struct value *items = arena_array(arena, values->count + 1, sizeof *items);
		for (size_t k = 0; k < values->count; k++) {
			items[k] = values->items[k];
			items[k].text = text_copy(arena, values->items[k].text);
		}
		to->entries[i] = (struct facet_entry){from->entries[i].field, {items, values->count}};
	}
}

const struct event *event_complete(const struct event *event)
{
	return event->complete ? event->complete(event) : event;
}

/* The facet of `whole` in the place of this one of `event`; NULL: there is none. */
static const struct facet *whole_of(const struct event *event, const struct facet *facet, const struct event *whole)
{
	for (size_t i = 0; i < event->facet_count && i < whole->facet_count; i++)
		if (event->facets[i] == facet)
			return whole->facets[i];
	return NULL;
}

/* A copy has what it was a copy of, but for what was taken away from it. */
static void join_copied(struct event *joined, struct facet *facet, const struct facet *copied, const struct facet *whole)
{
	for (size_t i = 0; whole && i < whole->count; i++) {
		unsigned field = whole->entries[i].field;
		if (!facet->position[field] && !copied->position[field])
			entry_of(joined, facet, field)->values = whole->entries[i].values;
	}
}

static struct facet *join_facet(struct event *joined, const struct facet *part, const struct facet *whole)
{
	struct facet *facet = append_facet(joined, part->category, part->action);
	facet->derived = part->derived;
	facet->record = part->record;
	for (size_t i = 0; i < part->count; i++)
		entry_of(joined, facet, part->entries[i].field)->values = part->entries[i].values;
	for (size_t i = 0; whole && i < whole->count; i++)
		if (!facet->position[whole->entries[i].field])
			entry_of(joined, facet, whole->entries[i].field)->values = whole->entries[i].values;
	return facet;
}

const struct event *event_join(const struct event *event, const struct event *whole)
{
	struct event *joined = arena_alloc(event->arena, sizeof *joined);
	*joined = *event;
	joined->complete = NULL;
	joined->facets = NULL;
	joined->facet_count = 0;
	for (size_t i = 0; i < event->facet_count; i++) {
		const struct facet *part = event->facets[i], *copied = part->copied;
		struct facet *facet = join_facet(joined, part, i < whole->facet_count ? whole->facets[i] : NULL);
		if (copied && i >= whole->facet_count)
			join_copied(joined, facet, copied, whole_of(event, copied, whole));
	}
	event_share(joined);
	return joined;
}

struct event *event_clone(const struct event *event, struct arena *arena)
{
	struct event *copy = arena_alloc(arena, sizeof *copy);
	event = event_complete(event);
	*copy = *event;
	copy->arena = arena;
	copy->complete = NULL;
	copy->id = text_copy(arena, event->id);
	copy->label = text_copy(arena, event->label);
	copy->file = event->file ? arena_strdup(arena, event->file) : NULL;
	copy->facets = arena_growable(arena, event->facet_count, sizeof *copy->facets);
	for (size_t i = 0; i < event->facet_count; i++) {
		copy->facets[i] = arena_alloc(arena, sizeof *copy->facets[i]);
		clone_facet(event->facets[i], copy->facets[i], arena);
	}
	return copy;
}

void event_take_facets(struct event *event, const struct event *from)
{
	from = event_complete(from);
	for (size_t i = 0; i < from->facet_count; i++) {
		event->facets = arena_grow(event->arena, event->facets, event->facet_count, sizeof *event->facets);
		event->facets[event->facet_count] = arena_alloc(event->arena, sizeof **event->facets);
		clone_facet(from->facets[i], event->facets[event->facet_count++], event->arena);
	}
	event->unfilled += from->unfilled;
}

/* Gives the shared fields of one facet to those that lack them. */
static void share_from(struct event *event, const struct facet *from)
{
	for (size_t i = 0; i < from->count; i++) {
		unsigned field = from->entries[i].field;
		if (!event->registry->fields[field].shared)
			continue;
		for (size_t j = 0; j < event->facet_count; j++)
			if (!event->facets[j]->position[field])
				entry_of(event, event->facets[j], field)->values = from->entries[i].values;
	}
}

void event_share(struct event *event)
{
	const struct facet *timed = NULL;
	for (size_t i = 0; event->time != INT64_MIN && i < event->facet_count; i++) {
		if (event->facets[i]->position[FIELD_TIMESTAMP])
			continue;
		if (timed)
			facet_share(event, event->facets[i], timed, FIELD_TIMESTAMP);
		else
			facet_set_long(event, event->facets[i], FIELD_TIMESTAMP, event->time);
		timed = event->facets[i];
	}
	for (size_t i = 0; event->facet_count > 1 && i < event->facet_count; i++)
		share_from(event, event->facets[i]);
}

/* Counts mostly are small. */
#define SMALL(n) {.text = {#n, 1}, .number = (n)}
static const struct value small[] = {
	SMALL(0), SMALL(1), SMALL(2), SMALL(3), SMALL(4), SMALL(5), SMALL(6), SMALL(7), SMALL(8), SMALL(9),
};

static bool is_small(int64_t number)
{
	return number >= 0 && number <= 9;
}

static struct text number_text(struct arena *arena, int64_t number)
{
	if (is_small(number))
		return small[number].text;
	char room[TEXT_NUMBER_MAX], *end = room + sizeof room, *at = text_put_number(end, number);
	return (struct text){arena_strndup(arena, at, (size_t)(end - at)), (size_t)(end - at)};
}

static struct text date_text(struct arena *arena, int64_t nanoseconds)
{
	char *room = arena_room(arena, DATE_ROOM);
	return (struct text){room, date_format(nanoseconds, room)};
}

struct text field_clean(struct arena *arena, const struct field *field, struct text text)
{
	if (!field->path)
		return text;
	return field->mount ? mount_clean(arena, text) : path_clean(arena, text);
}

/* Is the text of a time what date_text would write? 2026-11-23T10:00:00Z, or with 3, 6 or 9 digits that do not end in three
 * zeroes. That it is a time is known. */
static bool is_canonical_date(struct text text)
{
	const char *d = text.data;
	size_t digits = text.length >= 22 ? text.length - 21 : 0;
	if (text.length < 20 || d[text.length - 1] != 'Z' || d[10] != 'T' || d[4] != '-' || (d[17] == '6' && d[18] == '0'))
		return false;
	if (!digits)
		return text.length == 20;
	return d[19] == '.' && (digits == 3 || digits == 6 || digits == 9) && memcmp(d + text.length - 4, "000", 3) != 0;
}

/* "7" is canonical, "+7", "007" and "-0" are not. */
static bool is_canonical_number(struct text text)
{
	struct text digits = text_slice(text, text.data[0] == '-', text.length);
	if (digits.data[0] == '0')
		return text.length == 1;
	return digits.data[0] != '+';
}

void value_canonical_date(struct arena *arena, struct value *value)
{
	if (!is_canonical_date(value->text))
		value->text = date_text(arena, value->number);
}

bool value_make(struct arena *arena, const struct field *field, struct text text, struct value *value)
{
	if (!value_parse(field->type, field_clean(arena, field, text), value))
		return false;
	if (field->type == TYPE_LONG && !is_canonical_number(text))
		value->text = number_text(arena, value->number);
	else if (field->type == TYPE_DATE)
		value_canonical_date(arena, value);
	return true;
}

static bool is_kind(unsigned field)
{
	return field == FIELD_CATEGORY || field == FIELD_ACTION || field == FIELD_TYPE;
}

bool facet_set_text(struct event *event, struct facet *facet, unsigned field, struct text text)
{
	struct value value;
	if (is_kind(field))
		return text_equal(facet_text(facet, field), text);
	if (!text.length) {
		facet_unset(event->arena, facet, field);
		return true;
	}
	if (!value_make(event->arena, &event->registry->fields[field], text, &value)) {
		event->unfilled++;
		return false;
	}
	set_one(event, facet, field, &value);
	return true;
}

void facet_set_keyword(struct event *event, struct facet *facet, unsigned field, struct text text)
{
	if (!text.length || is_kind(field) || event->registry->fields[field].type != TYPE_KEYWORD)
		facet_set_text(event, facet, field, text);
	else
		set_one(event, facet, field, &(struct value){.text = text});
}

static __attribute__((noinline)) void set_number(struct event *event, struct facet *facet, unsigned field, int64_t number)
{
	enum value_type type = event->registry->fields[field].type;
	if (is_kind(field))
		return;
	if (type == TYPE_BOOLEAN || type == TYPE_IP) {
		event->unfilled++;
		return;
	}
	struct value value = {.number = number};
	value.text = type == TYPE_DATE ? date_text(event->arena, number) : number_text(event->arena, number);
	set_one(event, facet, field, &value);
}

void facet_set_long(struct event *event, struct facet *facet, unsigned field, int64_t number)
{
	if (is_small(number) && event->registry->fields[field].type == TYPE_LONG)
		entry_of(event, facet, field)->values = (struct values){&small[number], 1};
	else
		set_number(event, facet, field, number);
}

void facet_set_bool(struct event *event, struct facet *facet, unsigned field, bool truth)
{
	enum value_type type = event->registry->fields[field].type;
	struct value value = {.text = truth ? TEXT("true") : TEXT("false")};
	if (is_kind(field))
		return;
	if (type == TYPE_BOOLEAN)
		value.truth = truth;
	else if (type != TYPE_KEYWORD) {
		event->unfilled++;
		return;
	}
	set_one(event, facet, field, &value);
}

bool facet_set_texts(struct event *event, struct facet *facet, unsigned field, const struct text *texts, size_t count)
{
	const struct field *shape = &event->registry->fields[field];
	if (is_kind(field))
		return count == 1 && text_equal(facet_text(facet, field), texts[0]);
	struct value *items = arena_array(event->arena, count ? count : 1, sizeof *items);
	size_t kept = 0, filled = 0, unfilled = 0, empty = 0;
	for (size_t i = 0; i < count; i++) {
		if (!texts[i].length) {
			empty++;
			if (shape->list && shape->type == TYPE_KEYWORD) /* an empty argument has its place */
				items[kept++].text = TEXT("");
		} else if ((filled && !shape->list) || !value_make(event->arena, shape, texts[i], &items[kept])) {
			unfilled++;
		} else {
			filled++;
			kept++;
		}
	}
	event->unfilled += (unsigned)unfilled;
	bool missing = !filled && (empty || !shape->list);
	if (missing && !unfilled)
		facet_unset(event->arena, facet, field);
	else if (filled || !unfilled)
		entry_of(event, facet, field)->values = (struct values){items, filled ? kept : 0};
	return !unfilled;
}

void facet_unset(struct arena *arena, struct facet *facet, unsigned field)
{
	size_t at = facet->position[field];
	if (!at || is_kind(field))
		return;
	uint16_t *position = facet_own_positions(arena, facet);
	position[field] = 0;
	facet->count--;
	for (size_t i = at - 1; i < facet->count; i++) {
		facet->entries[i] = facet->entries[i + 1];
		position[facet->entries[i].field] = (uint16_t)(i + 1);
	}
}

void facet_share(struct event *event, struct facet *facet, const struct facet *from, unsigned field)
{
	entry_of(event, facet, field)->values = from->entries[from->position[field] - 1].values;
}

bool values_equal(const struct values *a, const struct values *b)
{
	if (!a || !b)
		return a == b;
	bool same = a->count == b->count;
	if (a->items == b->items) /* of a facet and its copy */
		return same;
	for (size_t i = 0; same && i < a->count; i++)
		same = text_equal(a->items[i].text, b->items[i].text);
	return same;
}
