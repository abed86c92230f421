/*
 * record_plan: the dialect's tables, with names as numbers.
 */
#include "replay/readers/record_plan.h"

#include "catalog/regex.h"
#include "replay/readers/kubernetes_body.h"

#include <string.h>

struct plan_names {
	uint16_t *slots; /* 0: free, else the number; a power of two, never more than half full */
	size_t size;
};

struct planning {
	struct arena *arena;
	const struct registry *registry;
	const uint8_t *wanted;
	struct record_plan *plan;
	struct plan_names *index;
	struct text *names;
	struct text *kinds;
	struct plan_carried **carried; /* made so far */
	size_t carried_count;
	uint8_t *needed;               /* [field_count]: an event needs it */
};

/* Names differ in length or at their ends (SYSCALL.exe, SYSCALL.egid). */
static size_t name_hash(struct text name)
{
	uint64_t head = 0, tail = 0;
	size_t size = name.length < sizeof tail ? name.length : sizeof tail;
	if (size) {
		memcpy(&head, name.data, size);
		memcpy(&tail, name.data + name.length - size, size);
	}
	uint64_t mixed = (head ^ (tail * UINT64_C(0xff51afd7ed558ccd)) ^ name.length) * UINT64_C(0x9e3779b97f4a7c15);
	return (size_t)(mixed >> 32);
}

static uint16_t *slot_of(const struct plan_names *index, const struct text *names, struct text name)
{
	size_t at = name_hash(name) & (index->size - 1);
	while (index->slots[at] && !text_equal(names[index->slots[at]], name))
		at = (at + 1) & (index->size - 1);
	return &index->slots[at];
}

/* `*.process.pid` is asked for as `.process.pid`: whatever stands before the first dot. */
static struct text starred(struct text name)
{
	return text_starts(name, TEXT("*."), false) ? text_slice(name, 1, name.length) : name;
}

unsigned record_plan_name(const struct record_plan *plan, struct text name)
{
	unsigned number = *slot_of(plan->index, plan->names, name);
	if (number || !plan->starred)
		return number;
	return *slot_of(plan->index, plan->names, text_slice(name, text_find(name, '.'), name.length));
}

static void index_resize(struct planning *p, size_t size)
{
	p->index->slots = arena_array(p->arena, size, sizeof *p->index->slots);
	p->index->size = size;
	for (size_t i = 1; i <= p->plan->name_count; i++)
		*slot_of(p->index, p->names, p->names[i]) = (uint16_t)i;
}

/* The name's number, a new one where it has none yet. */
static uint16_t number_of(struct planning *p, struct text name)
{
	if (!name.length)
		return 0;
	p->plan->starred = p->plan->starred || text_starts(name, TEXT("*."), false);
	name = starred(name);
	if (p->plan->name_count * 2 + 2 >= p->index->size)
		index_resize(p, p->index->size * 2);
	uint16_t *slot = slot_of(p->index, p->names, name);
	if (!*slot && p->plan->name_count < RECORD_NAMES_MAX) {
		*slot = (uint16_t)++p->plan->name_count;
		p->names = arena_grow(p->arena, p->names, *slot, sizeof *p->names);
		p->names[*slot] = name;
		p->plan->names = p->names;
	}
	return *slot;
}

static const struct plan_test *tests_of(struct planning *p, const struct dialect_match *matches, size_t count)
{
	struct plan_test *tests = arena_array(p->arena, count + 1, sizeof *tests);
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct plan_test){&matches[i], number_of(p, matches[i].name)};
	return tests;
}

static bool is_wanted(const struct planning *p, unsigned field)
{
	return !p->wanted || field < FIELD_FIRST_OTHER || p->wanted[field] || p->needed[field];
}

/* Names → the rows that read them, as counts, then as running sums. */
static void index_rows(struct planning *p, struct plan_carried *carried)
{
	size_t names = p->plan->name_count + 1, total = 0;
	uint32_t *first = arena_array(p->arena, names + 1, sizeof *first);
	for (size_t i = 0; i < carried->count; i++) {
		for (size_t k = 0; k < carried->rows[i].field->name_count; k++)
			first[carried->rows[i].names[k] + 1]++;
		total += carried->rows[i].field->name_count;
	}
	for (size_t i = 0; i < names; i++)
		first[i + 1] += first[i];
	uint16_t *by_name = arena_array(p->arena, total + 1, sizeof *by_name);
	uint32_t *next = arena_array(p->arena, names + 1, sizeof *next);
	memcpy(next, first, names * sizeof *next);
	for (size_t i = 0; i < carried->count; i++)
		for (size_t k = 0; k < carried->rows[i].field->name_count; k++)
			by_name[next[carried->rows[i].names[k]]++] = (uint16_t)i;
	carried->first = first;
	carried->by_name = by_name;
}

static void add_kind(struct planning *p, struct text kind)
{
	for (size_t i = 0; i < p->plan->kind_count; i++)
		if (text_equal(p->kinds[i], kind))
			return;
	p->kinds = arena_grow(p->arena, p->kinds, p->plan->kind_count, sizeof *p->kinds);
	p->kinds[p->plan->kind_count++] = kind;
	p->plan->kinds = p->kinds;
}

static bool is_constant(const struct dialect_source *source)
{
	for (size_t i = 0; i < source->format_count; i++)
		if (source->format[i].name.length && !source->format[i].optional)
			return false;
	return source->format_count > 0;
}

/* What a row's source asks for beside the row's names. Its place among the rows is the carried count. */
static void plan_source(struct planning *p, const struct dialect_source *source, struct plan_carried *carried)
{
	if (!source)
		return;
	if (source->each.length)
		add_kind(p, source->each);
	if (!source->each.length && !is_constant(source))
		return;
	uint16_t *always = (uint16_t *)(uintptr_t)carried->always;
	always = arena_grow(p->arena, always, carried->always_count, sizeof *always);
	always[carried->always_count++] = (uint16_t)carried->count;
	carried->always = always;
}

static struct plan_row plan_row(struct planning *p, const struct dialect_field *field)
{
	uint16_t *names = arena_array(p->arena, field->name_count + 1, sizeof *names);
	for (size_t i = 0; i < field->name_count; i++)
		names[i] = number_of(p, field->names[i]);
	struct plan_row row = {.field = field, .names = names};
	if (field->source) {
		row.base = number_of(p, field->source->base);
		row.where = tests_of(p, field->source->where, field->source->where_count);
	}
	return row;
}

/* A whole event is made of the same record by another plan: what opening it gives must be there, and parts. */
static void plan_unwanted(struct planning *p, const struct dialect_field *field)
{
	const struct dialect *dialect = p->plan->dialect;
	if (dialect->pair_count || dialect->unpack_count || dialect->split_count)
		plan_row(p, field);
	if (field->source && field->source->each.length)
		add_kind(p, field->source->each);
}

static const struct plan_carried *carried_of(struct planning *p, struct dialect_carried list)
{
	for (size_t i = 0; i < p->carried_count; i++)
		if (p->carried[i]->items == list.items)
			return p->carried[i];
	struct plan_carried *carried = arena_alloc(p->arena, sizeof *carried);
	struct plan_row *rows = arena_array(p->arena, list.count + 1, sizeof *rows);
	carried->items = list.items;
	carried->rows = rows;
	for (size_t i = 0; i < list.count; i++) {
		const struct dialect_field *field = list.items[i];
		if (!is_wanted(p, field->field)) {
			plan_unwanted(p, field);
			continue;
		}
		rows[carried->count] = plan_row(p, field);
		plan_source(p, field->source, carried);
		carried->count++;
	}
	p->carried = arena_grow(p->arena, p->carried, p->carried_count, sizeof *p->carried);
	p->carried[p->carried_count++] = carried;
	return carried;
}

static void plan_event(struct planning *p, const struct dialect_event *event, struct plan_event *planned)
{
	struct plan_need *needs = arena_array(p->arena, event->need_count + 1, sizeof *needs);
	planned->event = event;
	planned->tests = tests_of(p, event->matches, event->match_count);
	planned->test_count = event->match_count;
	planned->needs = needs;
	planned->need_count = event->need_count;
	for (size_t i = 0; i < event->need_count; i++) {
		needs[i].field = registry_field(p->registry, event->needs[i]);
		needs[i].kind = event->needs[i];
		if (needs[i].field == FIELD_NONE)
			needs[i].name = number_of(p, event->needs[i]);
		else
			p->needed[needs[i].field] = 1;
	}
	if (event->each.length)
		add_kind(p, event->each);
}

static void plan_group(struct planning *p, const struct dialect_group *group, struct plan_group *planned)
{
	struct plan_event *events = arena_array(p->arena, group->event_count + 1, sizeof *events);
	planned->group = group;
	planned->when = tests_of(p, group->when, group->when_count);
	planned->when_count = group->when_count;
	planned->key = number_of(p, group->plan->key);
	planned->events = events;
	memset(p->needed, 0, p->registry->field_count);
	if (p->plan->dialect->manifest_count)
		kubernetes_body_needs(p->registry, p->needed);
	for (size_t i = 0; i < group->event_count; i++)
		if (group->events[i].use & USE_READ)
			plan_event(p, &group->events[i], &events[i]);
	for (size_t i = 0; i < group->event_count; i++)
		if (group->events[i].use & USE_READ)
			events[i].carried = carried_of(p, group->plan->carried[i]);
	if (!group->other)
		return;
	planned->other = carried_of(p, group->plan->other);
	planned->other_action = registry_action(p->registry, group->other_category, TEXT("other"));
}

/* Names that the dialect asks for before any row does. */
static void plan_dialect(struct planning *p, const struct dialect *dialect)
{
	uint16_t *times = arena_array(p->arena, dialect->time_count + 1, sizeof *times);
	for (size_t i = 0; i < dialect->time_count; i++)
		times[i] = number_of(p, dialect->times[i].name);
	p->plan->times = times;
	for (size_t i = 0; i < dialect->split_count; i++)
		add_kind(p, dialect->splits[i]);
	for (size_t i = 0; i < dialect->unpack_count; i++)
		number_of(p, dialect->unpacks[i]);
	for (size_t i = 0; i < dialect->pair_count; i++) {
		add_kind(p, dialect->pairs[i].array);
		number_of(p, dialect->pairs[i].name);
		number_of(p, dialect->pairs[i].value);
	}
}

static void plan_made(struct planning *p, const struct dialect *dialect)
{
	struct plan_made *made = arena_array(p->arena, dialect->made_count + 1, sizeof *made);
	for (size_t i = 0; i < dialect->made_count; i++) {
		struct plan_row *rows = arena_array(p->arena, dialect->made[i].row_count + 1, sizeof *rows);
		for (size_t k = 0; k < dialect->made[i].row_count; k++) {
			rows[k] = plan_row(p, &dialect->made[i].rows[k]);
			if (rows[k].field->source && rows[k].field->source->each.length)
				add_kind(p, rows[k].field->source->each);
		}
		made[i] = (struct plan_made){number_of(p, dialect->made[i].name), rows, dialect->made[i].row_count};
	}
	p->plan->made = made;
}

/* Names that are asked for in full and by their end. */
static void find_also(struct planning *p)
{
	uint16_t *also = NULL;
	for (size_t i = 1; p->plan->starred && i <= p->plan->name_count; i++) {
		size_t dot = text_find(p->names[i], '.');
		uint16_t other = dot ? *slot_of(p->index, p->names, text_slice(p->names[i], dot, p->names[i].length)) : 0;
		if (!other || dot == p->names[i].length)
			continue;
		if (!also)
			also = arena_array(p->arena, p->plan->name_count + 1, sizeof *also);
		also[i] = other;
	}
	p->plan->also = also;
}

static void find_members(struct planning *p)
{
	struct plan_members *members = NULL;
	for (unsigned i = 1; i <= p->plan->name_count; i++) {
		struct text name = p->names[i];
		if (!text_ends(name, TEXT(".*"), false))
			continue;
		members = arena_grow(p->arena, members, p->plan->member_count, sizeof *members);
		members[p->plan->member_count++] = (struct plan_members){text_slice(name, 0, name.length - 1), (uint16_t)i};
	}
	p->plan->members = members;
}

static void release_match(void *match)
{
	regex_match_free(match);
}

const struct record_plan *record_plan_make(struct arena *arena, const struct dialect *dialect,
	const struct registry *registry, const uint8_t *wanted, struct text label)
{
	struct record_plan *plan = arena_alloc(arena, sizeof *plan);
	struct planning planning = {.arena = arena, .registry = registry, .wanted = wanted, .plan = plan}, *p = &planning;
	struct plan_group *groups = arena_array(arena, dialect->group_count + 1, sizeof *groups);
	plan->dialect = dialect;
	if (dialect->match) {
		plan->match = regex_match_new();
		arena_defer(arena, release_match, plan->match);
	}
	plan->groups = groups;
	p->needed = arena_array(arena, registry->field_count, sizeof *p->needed);
	p->index = arena_alloc(arena, sizeof *p->index);
	p->names = arena_grow(arena, NULL, 0, sizeof *p->names);
	plan->names = p->names;
	plan->index = p->index;
	index_resize(p, 64);
	plan->dataset = registry_field(registry, TEXT("event.dataset"));
	plan_dialect(p, dialect);
	plan_made(p, dialect);
	plan->label = number_of(p, label);
	plan->id = number_of(p, dialect->id);
	plan->records = number_of(p, dialect->records);
	number_of(p, dialect->once);
	tests_of(p, dialect->once_unless, dialect->once_unless_count);
	for (size_t i = 0; i < dialect->group_count; i++)
		if (dialect->groups[i].plan->reads)
			plan_group(p, &dialect->groups[i], &groups[plan->group_count++]);
	find_members(p);
	find_also(p);
	for (size_t i = 0; i < p->carried_count; i++)
		index_rows(p, p->carried[i]); /* now that all names have their numbers */
	return plan;
}

bool record_plan_splits(const struct record_plan *plan, struct text kind)
{
	for (size_t i = 0; i < plan->dialect->split_count; i++)
		if (text_equal(plan->dialect->splits[i], kind))
			return true;
	return false;
}
