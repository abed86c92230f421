/* selection: maps, lists of maps and keywords. */
#include "generator/sigma/selection.h"

#include "generator/sigma/modifier.h"

enum { DEPTH_MAX = 20 };

static struct rule_node *read_definition(struct sigma_reading *reading, const struct yaml *definition, unsigned depth);

static struct rule_node *fail(struct sigma_reading *reading, const struct yaml *node, const char *sentence)
{
	sigma_fault(reading, node->place, "%s", sentence);
	return NULL;
}

static struct rule_node *read_map(struct sigma_reading *reading, const struct yaml *map)
{
	struct rule_node **nodes = arena_array(reading->arena, map->count + 1, sizeof(*nodes));

	if (map->count == 0)
		return fail(reading, map, "a search identifier is empty");
	for (size_t i = 0; i < map->count; i++) {
		nodes[i] = modifier_item(reading, map->keys[i].text, map->keys[i].place, &map->items[i]);
		if (nodes[i] == NULL)
			return NULL;
	}
	return rule_and(reading->arena, nodes, map->count);
}

static struct rule_node *read_list(struct sigma_reading *reading, const struct yaml *list, unsigned depth)
{
	struct rule_node **nodes = arena_array(reading->arena, list->count + 1, sizeof(*nodes));
	bool plain = true;

	for (size_t i = 0; i < list->count; i++)
		plain = plain && (list->items[i].kind == YAML_SCALAR || list->items[i].kind == YAML_NULL);
	if (plain)
		return modifier_item(reading, TEXT(""), list->place, list);
	for (size_t i = 0; i < list->count; i++) {
		nodes[i] = read_definition(reading, &list->items[i], depth + 1);
		if (nodes[i] == NULL)
			return NULL;
	}
	return rule_or(reading->arena, nodes, list->count);
}

static struct rule_node *read_definition(struct sigma_reading *reading, const struct yaml *definition, unsigned depth)
{
	if (depth > DEPTH_MAX)
		return fail(reading, definition, "a search identifier is nested too deeply");
	if (definition->kind == YAML_MAPPING)
		return read_map(reading, definition);
	if (definition->kind == YAML_SEQUENCE)
		return read_list(reading, definition, depth);
	return modifier_item(reading, TEXT(""), definition->place, definition);
}

struct rule_node *selection_read(struct sigma_reading *reading, const struct yaml *definition)
{
	return read_definition(reading, definition, 0);
}

static bool skipped(struct text name, const char *const *skip)
{
	for (; *skip != NULL; skip++) {
		if (text_is(name, *skip))
			return true;
	}
	return false;
}

bool selection_read_all(struct sigma_reading *reading, const struct yaml *detection, const char *const *skip,
	struct identifiers *identifiers)
{
	*identifiers = (struct identifiers){arena_array(reading->arena, detection->count + 1, sizeof(struct identifier)), 0};
	for (size_t i = 0; i < detection->count; i++) {
		struct text name = detection->keys[i].text;

		if (skipped(name, skip))
			continue;
		struct rule_node *node = selection_read(reading, &detection->items[i]);

		if (node == NULL)
			return false;
		identifiers->items[identifiers->count++] = (struct identifier){name, node};
	}
	return true;
}
