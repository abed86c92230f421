/*
 * dialect_plan: rows of a group by the value of one raw name, and the fields that each carries.
 */
#include "catalog/dialect_plan.h"

#include <stdlib.h>

struct names {
	struct text *items;
	size_t count;
};

static bool add_name(struct arena *arena, struct names *names, struct text name)
{
	for (size_t i = 0; i < names->count; i++)
		if (text_equal(names->items[i], name))
			return false;
	names->items = arena_grow(arena, names->items, names->count, sizeof *names->items);
	names->items[names->count++] = name;
	return true;
}

/* The test of one value of the name that the row makes, or NULL. */
static const struct dialect_match *asks(const struct dialect_event *event, struct text name)
{
	for (size_t i = 0; i < event->match_count; i++)
		if (event->matches[i].kind == MATCH_EQUAL && text_equal(event->matches[i].name, name))
			return &event->matches[i];
	return NULL;
}

static bool is_one_of(const struct dialect_match *match, struct text value)
{
	for (size_t i = 0; i < match->count; i++)
		if (text_equal(match->values[i], value))
			return true;
	return false;
}

/* All values that the group's rows ask of the name. */
static struct names values_of(struct arena *arena, const struct dialect_group *group, struct text name)
{
	struct names values = {0};
	for (size_t i = 0; i < group->event_count; i++) {
		const struct dialect_match *match = asks(&group->events[i], name);
		for (size_t k = 0; match && k < match->count; k++)
			add_name(arena, &values, match->values[k]);
	}
	return values;
}

static int compare(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

/* The name of which rows ask the most values. */
static void choose_key(struct arena *arena, const struct dialect_group *group, struct dialect_plan *plan)
{
	struct names tried = {0}, best = {0};
	for (size_t i = 0; i < group->event_count; i++) {
		for (size_t k = 0; k < group->events[i].match_count; k++) {
			const struct dialect_match *match = &group->events[i].matches[k];
			if (match->kind != MATCH_EQUAL || !add_name(arena, &tried, match->name))
				continue;
			struct names values = values_of(arena, group, match->name);
			if (values.count > best.count) {
				best = values;
				plan->key = match->name;
			}
		}
	}
	if (best.count)
		qsort(best.items, best.count, sizeof *best.items, compare);
	plan->values = best.items;
	plan->value_count = best.count;
}

/* The rows that do not ask for the name, and those that ask for the value (NULL: none of them). */
static struct dialect_rows rows_for(struct arena *arena, const struct dialect_group *group, struct text name,
	const struct text *value)
{
	unsigned *rows = arena_array(arena, group->event_count + 1, sizeof *rows);
	size_t count = 0;
	for (unsigned i = 0; i < group->event_count; i++) {
		const struct dialect_match *match = name.length ? asks(&group->events[i], name) : NULL;
		if ((group->events[i].use & USE_READ) && (!match || (value && is_one_of(match, *value))))
			rows[count++] = i;
	}
	return (struct dialect_rows){rows, count};
}

static struct dialect_carried carried_by(struct arena *arena, const struct dialect_group *group, unsigned category,
	unsigned action)
{
	const struct dialect_field **fields = arena_array(arena, group->field_count + 1, sizeof *fields);
	size_t count = 0;
	for (size_t i = 0; i < group->field_count; i++)
		if ((group->fields[i].use & USE_READ) && dialect_field_carries(&group->fields[i], category, action))
			fields[count++] = &group->fields[i];
	return (struct dialect_carried){fields, count};
}

/* Rows of one event carry the same; most rows of a group that has no `events:` in its fields are alike too. */
static void plan_carried(struct arena *arena, const struct registry *registry, const struct dialect_group *group,
	struct dialect_plan *plan)
{
	struct dialect_carried *carried = arena_array(arena, group->event_count + 1, sizeof *carried);
	bool alike = true;
	for (size_t i = 0; i < group->field_count; i++)
		alike = alike && !group->fields[i].events;
	for (size_t i = 0; i < group->event_count; i++)
		carried[i] = alike && i ? carried[0] : carried_by(arena, group, group->events[i].category, group->events[i].action);
	plan->carried = carried;
	if (group->other)
		plan->other = carried_by(arena, group, group->other_category,
			registry_action(registry, group->other_category, TEXT("other")));
}

const struct dialect_plan *dialect_plan_make(struct arena *arena, const struct registry *registry,
	const struct dialect_group *group)
{
	struct dialect_plan *plan = arena_alloc(arena, sizeof *plan);
	plan->reads = group->other;
	for (size_t i = 0; i < group->event_count; i++)
		plan->reads = plan->reads || (group->events[i].use & USE_READ);
	choose_key(arena, group, plan);
	struct dialect_rows *rows = arena_array(arena, plan->value_count + 1, sizeof *rows);
	for (size_t i = 0; i < plan->value_count; i++)
		rows[i] = rows_for(arena, group, plan->key, &plan->values[i]);
	plan->rows = rows;
	plan->all = rows_for(arena, group, TEXT(""), NULL);
	plan->rest = rows_for(arena, group, plan->key, NULL);
	plan_carried(arena, registry, group, plan);
	return plan;
}

struct dialect_rows dialect_plan_rows(const struct dialect_plan *plan, struct text value)
{
	const struct text *found = plan->value_count
		? bsearch(&value, plan->values, plan->value_count, sizeof *plan->values, compare) : NULL;
	return found ? plan->rows[found - plan->values] : plan->rest;
}
