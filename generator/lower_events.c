/* lower_events: which records of a group are an action. */
#include "generator/lower_site.h"

static struct rule_node *match_test(struct arena *arena, const struct dialect_match *match)
{
	struct rule_test test = {.name = match->name, .act = true, .values = match->values, .count = match->count};
	struct text *mask = arena_array(arena, 1, sizeof(*mask));

	switch (match->kind) {
	case MATCH_EQUAL:
		test.op = TEST_EQUAL;
		return rule_test(arena, &test);
	case MATCH_MASK:
		mask[0] = text_of(arena_printf(arena, "%llu", (unsigned long long)match->mask));
		test.op = TEST_MASK;
		test.values = mask;
		test.count = 1;
		return rule_test(arena, &test);
	default:
		test.op = TEST_PRESENT;
		test.count = 0;
		return match->kind == MATCH_PRESENT ? rule_test(arena, &test) : rule_not(arena, rule_test(arena, &test));
	}
}

static struct rule_node *matches_all(struct arena *arena, const struct dialect_match *matches, size_t count)
{
	struct rule_node *node = rule_true();

	for (size_t i = 0; i < count; i++)
		node = rule_both(arena, node, match_test(arena, &matches[i]));
	return node;
}

/* What no row of the group is: its records that are none of its events. */
static bool is_other(const struct lowering *l, const struct dialect_group *group, unsigned category, unsigned action)
{
	return l->target->others && group->other && category == group->other_category
		&& text_is(l->catalog->registry.actions[action].name, "other");
}

static struct rule_node *other_events(struct arena *arena, const struct dialect_group *group)
{
	struct rule_node *node = rule_false();

	for (size_t i = 0; i < group->event_count; i++)
		node = rule_either(arena, node, matches_all(arena, group->events[i].matches, group->events[i].match_count));
	return rule_not(arena, node);
}

bool events_known(const struct lowering *l, const struct dialect_group *group, unsigned category, unsigned action)
{
	if (is_other(l, group, category, action))
		return true;
	for (size_t i = 0; i < group->event_count; i++) {
		const struct dialect_event *event = &group->events[i];

		if (event->category == category && event->action == action && (event->use & USE_WRITE))
			return true;
	}
	return false;
}

/* The group's own condition, and which of its records are one of these actions. */
struct rule_node *events_of(const struct lowering *l, const struct dialect_group *group, unsigned category,
	const unsigned *actions, size_t count)
{
	struct arena *arena = l->arena;
	struct rule_node *node = rule_false();

	for (size_t k = 0; k < count; k++) {
		if (is_other(l, group, category, actions[k]))
			node = rule_either(arena, node, other_events(arena, group));
		for (size_t i = 0; i < group->event_count; i++) {
			const struct dialect_event *event = &group->events[i];

			if (event->category == category && event->action == actions[k] && (event->use & USE_WRITE))
				node = rule_either(arena, node, matches_all(arena, event->matches, event->match_count));
		}
	}
	return rule_both(arena, matches_all(arena, group->when, group->when_count), node);
}
