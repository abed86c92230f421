/* names: the catalog's macros in a pack. */
#include "generator/falco/names.h"

#include "generator/falco/tidy.h"

/* Shorter parts are read sooner than looked up. */
enum { SHORTEST = 50 };

struct rule_node *falco_reference(struct arena *arena, struct text name)
{
	struct rule_test test = {.name = name, .op = TEST_PRESENT};

	return rule_test(arena, &test);
}

/* --- gathering --- */

static bool long_enough(const struct rule_node *node, const struct falco_lists *lists)
{
	struct buffer written = {0};

	if (node->kind == RULE_TRUE || node->kind == RULE_FALSE)
		return false;
	falco_print(&written, node, lists);
	bool enough = written.length >= SHORTEST;

	buffer_free(&written);
	return enough;
}

bool falco_names_have(const struct falco_names *names, struct text name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (text_equal(names->items[i].name, name))
			return true;
	}
	return false;
}

struct gathering {
	struct falco_names *names;
	const struct falco_lists *lists;
	struct pack *pack;
	struct act *acts;
	size_t act_count;
	struct text *seen; /* lists of patterns, by the names of their macros */
	size_t seen_count;
};

/* mews_NAME, mews_NAME_file, mews_NAME_file_2 …; what is below a part that is not said exactly is mews_surely_NAME. */
static struct text name_of(const struct falco_names *names, struct text part, struct text category, bool surely)
{
	const char *prefix = surely ? "surely_" : "";
	struct text name = text_of(arena_printf(names->arena, "mews_%s%.*s", prefix, TEXT_ARGS(part)));

	if (falco_names_have(names, name))
		name = text_of(arena_printf(names->arena, "mews_%s%.*s_%.*s", prefix, TEXT_ARGS(part), TEXT_ARGS(category)));
	for (unsigned number = 2; falco_names_have(names, name); number++)
		name = text_of(arena_printf(names->arena, "mews_%s%.*s_%.*s_%u", prefix, TEXT_ARGS(part), TEXT_ARGS(category), number));
	return name;
}

static void add(struct gathering *g, struct text part, struct text category, bool surely, struct rule_node *node)
{
	struct falco_names *names = g->names;

	node = falco_tidy(names->arena, node);
	for (size_t i = 0; i < names->count; i++) {
		if (rule_equal(names->items[i].node, node))
			return;
	}
	if (!long_enough(node, g->lists))
		return;
	struct text name = name_of(names, part, category, surely);

	names->items = arena_grow(names->arena, names->items, names->count, sizeof(*names->items));
	names->items[names->count++] = (struct falco_named){name, node, false};
}

struct act {
	const struct dialect_group *group;
	unsigned category, action;
};

/* The acts that the pack's rules are about, each once. */
static size_t acts_of(const struct pack *pack, struct act **acts)
{
	size_t count = 0;

	*acts = NULL;
	for (size_t i = 0; i < pack->rule_count; i++) {
		const struct rule *rule = pack->rules[i].rule;

		for (size_t k = 0; k < rule->action_count && !rule->derived; k++) {
			struct act act = {rule->group, rule->category, rule->actions[k]};
			bool known = false;

			for (size_t j = 0; j < count && !known; j++)
				known = (*acts)[j].group == act.group && (*acts)[j].action == act.action;
			if (known)
				continue;
			*acts = arena_grow(pack->arena, *acts, count, sizeof(**acts));
			(*acts)[count++] = act;
		}
	}
	return count;
}

/* The part as each act's rules say it. */
static void add_part(struct gathering *g, struct text part, const struct node *node)
{
	const struct pack_request *request = g->pack->request;
	struct lowering lowering = {
		.arena = g->pack->arena, .catalog = request->catalog, .target = request->target, .dialect = g->pack->dialect};

	for (size_t k = 0; k < g->act_count; k++) {
		const struct act *act = &g->acts[k];
		struct bounds bounds = lower_part(&lowering, act->group, act->category, act->action, node);
		struct text category = request->catalog->registry.categories[act->category].name;

		add(g, part, category, false, bounds.upper);
		if (!bounds.exact)
			add(g, part, category, true, bounds.lower);
	}
}

/* process_name_sandboxes */
static struct text list_part(const struct gathering *g, const struct predicate *predicate)
{
	struct text field = g->pack->request->catalog->registry.fields[predicate->field].name;
	char *name = arena_printf(g->pack->arena, "%.*s_%.*s", TEXT_ARGS(field), TEXT_ARGS(predicate->list));

	for (char *at = name; *at; at++)
		*at = *at == '.' || *at == '-' || *at == '@' ? '_' : *at;
	return text_of(name);
}

static void note_list(const struct predicate *predicate, void *context)
{
	struct gathering *g = context;

	if (predicate->list.length == 0 || predicate->count < 2)
		return;
	struct text part = list_part(g, predicate);

	for (size_t i = 0; i < g->seen_count; i++) {
		if (text_equal(g->seen[i], part))
			return;
	}
	g->seen = arena_grow(g->pack->arena, g->seen, g->seen_count, sizeof(*g->seen));
	g->seen[g->seen_count++] = part;
	add_part(g, part, node_predicate(g->pack->arena, predicate));
}

void falco_names_gather(struct falco_names *names, struct pack *pack, const struct falco_lists *lists, struct diagnostics *d)
{
	const struct catalog *catalog = pack->request->catalog;
	struct gathering g = {.names = names, .lists = lists, .pack = pack};

	g.act_count = acts_of(pack, &g.acts);
	for (size_t i = 0; i < catalog->scope.macro_count; i++) {
		const struct named_macro *macro = &catalog->scope.macros[i];
		struct condition *condition =
			condition_parse_expression(pack->arena, &catalog->scope, macro->source, macro->place, 0, TEXT(""), d);

		if (condition != NULL)
			add_part(&g, macro->name, condition->root);
	}
	for (size_t i = 0; i < pack->rule_count; i++) {
		if (!pack->rules[i].rule->derived)
			condition_visit(pack->rules[i].rule->condition, note_list, &g);
	}
}

/* --- references --- */

static size_t place_among(const struct rule_node *node, const struct rule_node *child)
{
	size_t i = 0;

	while (i < node->count && !rule_equal(node->children[i], child))
		i++;
	return i;
}

/* Are all the part's children among the node's? */
static bool is_within(const struct rule_node *part, const struct rule_node *node)
{
	if (part->kind != node->kind || part->count >= node->count)
		return false;
	for (size_t i = 0; i < part->count; i++) {
		if (place_among(node, part->children[i]) == node->count)
			return false;
	}
	return true;
}

/* The node with the reference in the place of the part's first child, and without its others. */
static struct rule_node *with_reference(struct falco_names *names, const struct rule_node *node, const struct falco_named *named)
{
	struct rule_node **children = arena_array(names->arena, node->count, sizeof(*children));
	size_t count = 0, first = node->count;

	for (size_t i = 0; i < node->count; i++) {
		if (place_among(named->node, node->children[i]) == named->node->count) {
			children[count++] = node->children[i];
		} else if (first == node->count) {
			first = i;
			children[count++] = falco_reference(names->arena, named->name);
		}
	}
	return node->kind == RULE_AND ? rule_and(names->arena, children, count) : rule_or(names->arena, children, count);
}

struct rule_node *falco_names_apply(struct falco_names *names, struct rule_node *node)
{
	for (size_t i = 0; i < names->count; i++) {
		if (rule_equal(names->items[i].node, node)) {
			names->items[i].used = true;
			return falco_reference(names->arena, names->items[i].name);
		}
	}
	for (size_t i = 0; i < names->count && (node->kind == RULE_AND || node->kind == RULE_OR); i++) {
		if (is_within(names->items[i].node, node)) {
			names->items[i].used = true;
			node = with_reference(names, node, &names->items[i]);
		}
	}
	if (node->kind == RULE_NOT)
		return rule_not(names->arena, falco_names_apply(names, node->children[0]));
	if (node->kind != RULE_AND && node->kind != RULE_OR)
		return node;
	struct rule_node **children = arena_array(names->arena, node->count, sizeof(*children));

	for (size_t i = 0; i < node->count; i++)
		children[i] = falco_names_apply(names, node->children[i]);
	return node->kind == RULE_AND ? rule_and(names->arena, children, node->count)
				      : rule_or(names->arena, children, node->count);
}
