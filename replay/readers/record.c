/*
 * record: raw names and values. What a dialect makes of them: meaning.c.
 */
#include "replay/readers/record.h"

#include <string.h>

enum {
	INDEX_FIRST = 64,  /* slots; a power of two, never more than half full */
	VALUES_FIRST = 32,
};

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

/* A name's place in a growing list. A lone value stands inside its raw_value, so its address moves with the list. */
static struct raw_value *append_value(struct arena *arena, struct raw_value **values, size_t *count, size_t *capacity)
{
	if (*count == *capacity) {
		size_t more = *capacity ? *capacity * 2 : VALUES_FIRST;
		struct raw_value *larger = arena_array(arena, more, sizeof *larger);
		for (size_t i = 0; i < *count; i++) {
			larger[i] = (*values)[i];
			if (larger[i].count == 1)
				larger[i].values = &larger[i].first;
		}
		*values = larger;
		*capacity = more;
	}
	return &(*values)[(*count)++];
}

/* One value stands in the raw_value, several in an array of the arena. */
static void push(struct arena *arena, struct raw_value *raw, struct text value)
{
	if (!raw->count) {
		raw->first = value;
		raw->values = &raw->first;
		raw->count = 1;
		return;
	}
	if (raw->count == 1) {
		raw->values = arena_grow(arena, NULL, 0, sizeof *raw->values);
		raw->values[0] = raw->first;
	}
	raw->values = arena_grow(arena, raw->values, raw->count, sizeof *raw->values);
	raw->values[raw->count++] = value;
}

static struct raw_value *append_name(struct record *record, struct text name, unsigned number)
{
	struct raw_value *raw = append_value(record->arena, &record->values, &record->count, &record->capacity);
	raw->name = name;
	raw->number = number;
	return raw;
}

static struct raw_value *numbered_value(struct record *record, unsigned number)
{
	uint16_t *slot = &record->slots[number];
	if (*slot)
		return &record->values[*slot - 1];
	struct raw_value *raw = append_name(record, record->plan->names[number], number);
	*slot = (uint16_t)record->count;
	return raw;
}

/* A member of `labels.*` is a value of it, as key=value. */
static void add_member(struct record *record, struct record_part *part, struct text name, struct text value)
{
	for (size_t i = 0; i < record->plan->member_count; i++) {
		const struct plan_members *members = &record->plan->members[i];
		size_t from = members->prefix.data[0] == '.' ? text_find(name, '.') : 0;
		struct text rest = text_slice(name, from, name.length);
		if (!text_starts(rest, members->prefix, false))
			continue;
		struct text key = text_slice(rest, members->prefix.length, rest.length);
		char *pair = arena_printf(record->arena, "%.*s=%.*s", TEXT_ARGS(key), TEXT_ARGS(value));
		record_add_number(record, part, members->number, text_of(pair));
	}
}

/* The number of `.x` where the value's name a.x is asked for in full too, and no use by an earlier plan has copied it. */
static uint16_t also_new(const struct record *record, size_t index, size_t before)
{
	uint16_t also = record->plan->also ? record->plan->also[record->values[index].number] : 0;
	uint16_t slot = also ? record->slots[also] : 0;
	return slot && slot <= before && record->values[slot - 1].name.data[0] == '.' ? 0 : also;
}

/* Members and names that are asked for twice, among those that stood there before the plan came. */
static void use_again(struct record *record)
{
	size_t before = record->count;
	/* By another plan of the same dialect they stand there already. */
	if (record->plan->member_count && record->slots[record->plan->members[0].number])
		return;
	for (size_t i = 0; i < before; i++) {
		uint16_t also = also_new(record, i, before);
		for (size_t k = 0; k < record->values[i].count; k++) {
			if (also)
				push(record->arena, numbered_value(record, also), record->values[i].values[k]);
			add_member(record, NULL, record->values[i].name, record->values[i].values[k]);
		}
	}
	for (size_t i = 0; i < record->part_count; i++) {
		size_t names = record->parts[i].count;
		for (size_t k = 0; k < names; k++)
			for (size_t n = 0; n < record->parts[i].values[k].count; n++)
				add_member(record, &record->parts[i], record->parts[i].values[k].name, record->parts[i].values[k].values[n]);
	}
}

void record_use(struct record *record, const struct record_plan *plan)
{
	if (record->plan == plan)
		return;
	record->plan = plan;
	record->slots = arena_array(record->arena, plan->name_count + 1, sizeof *record->slots);
	for (size_t i = 0; i < record->count; i++) {
		unsigned number = record_plan_name(plan, record->values[i].name);
		record->values[i].number = number;
		record->slots[number] = (uint16_t)(i + 1);
	}
	record->slots[0] = 0;
	for (size_t i = 0; i < record->part_count; i++)
		for (size_t k = 0; k < record->parts[i].count; k++)
			record->parts[i].values[k].number = record_plan_name(plan, record->parts[i].values[k].name);
	if (plan->member_count || plan->also)
		use_again(record);
}

static struct raw_value *named_value(struct record *record, struct text name)
{
	if (!record->index)
		index_resize(record, INDEX_FIRST);
	else if (record->count * 2 >= record->index->size)
		index_resize(record, record->index->size * 2);
	uint32_t *slot = slot_of(record, name);
	if (!*slot) {
		append_name(record, name, 0);
		*slot = (uint32_t)record->count;
	}
	return &record->values[*slot - 1];
}

static struct raw_value *find_other(const struct record *record, struct text name)
{
	for (size_t i = 0; i < record->count; i++)
		if (!record->values[i].number && text_equal(record->values[i].name, name))
			return &record->values[i];
	return NULL;
}

/* A name that the plan does not know. Readers that take in by plan have few of them. */
static struct raw_value *other_value(struct record *record, struct text name)
{
	struct raw_value *raw = find_other(record, name);
	return raw ? raw : append_name(record, name, 0);
}

/* The record's values of a name; made where there are none. */
static struct raw_value *value_of(struct record *record, struct text name, unsigned number)
{
	if (number)
		return numbered_value(record, number);
	return record->plan ? other_value(record, name) : named_value(record, name);
}

void record_add(struct record *record, struct text name, struct text value)
{
	unsigned number = record->plan ? record_plan_name(record->plan, name) : 0;
	push(record->arena, value_of(record, name, number), value);
	if (record->plan && record->plan->also && record->plan->also[number])
		push(record->arena, numbered_value(record, record->plan->also[number]), value);
	if (record->plan && record->plan->member_count)
		add_member(record, NULL, name, value);
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

static struct raw_value *part_find_number(const struct record_part *part, unsigned number)
{
	for (size_t i = 0; i < part->count; i++)
		if (part->values[i].number == number)
			return &part->values[i];
	return NULL;
}

/* The part's values of a name; made where there are none. */
static struct raw_value *part_value(struct record *record, struct record_part *part, struct text name, unsigned number)
{
	struct raw_value *raw = number ? part_find_number(part, number) : part_find(part, name);
	if (!raw) {
		raw = append_value(record->arena, &part->values, &part->count, &part->capacity);
		raw->name = name;
		raw->number = number;
	}
	return raw;
}

void record_part_add(struct record *record, struct record_part *part, struct text name, struct text value)
{
	unsigned number = record->plan ? record_plan_name(record->plan, name) : 0;
	push(record->arena, part_value(record, part, name, number), value);
	if (record->plan && record->plan->member_count)
		add_member(record, part, name, value);
}

void record_add_empty(struct record *record, struct record_part *part, struct text name)
{
	unsigned number = record->plan ? record_plan_name(record->plan, name) : 0;
	if (part)
		part_value(record, part, name, number);
	else
		value_of(record, name, number);
}

void record_add_number(struct record *record, struct record_part *part, unsigned number, struct text value)
{
	if (!part && !record->slots[number] && value.data) { /* nearly always */
		struct raw_value *fresh = append_name(record, record->plan->names[number], number);
		record->slots[number] = (uint16_t)record->count;
		fresh->first = value;
		fresh->values = &fresh->first;
		fresh->count = 1;
		return;
	}
	struct raw_value *raw = part ? part_value(record, part, record->plan->names[number], number)
		: numbered_value(record, number);
	if (value.data)
		push(record->arena, raw, value);
	if (value.data && !part && record->plan->also && record->plan->also[number])
		push(record->arena, numbered_value(record, record->plan->also[number]), value);
}

const struct raw_value *record_get(const struct record *record, const struct record_part *part, struct text name)
{
	const struct raw_value *raw = part ? part_find(part, name) : NULL;
	if (raw)
		return raw;
	unsigned number = record->plan ? record_plan_name(record->plan, name) : 0;
	uint32_t slot = 0;
	if (record->plan && !number)
		return find_other(record, name);
	if (record->plan)
		slot = record->slots[number];
	else if (record->index)
		slot = *slot_of(record, name);
	return slot ? &record->values[slot - 1] : NULL;
}
