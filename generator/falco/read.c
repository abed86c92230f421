/* read: items of Falco's rule files as items of an import. */
#include "generator/falco/read.h"

#include "generator/falco/parse.h"
#include "generator/falco/raw.h"
#include "generator/raise.h"

#include <string.h>

static const enum severity severities[] = {
	[FALCO_EMERGENCY] = SEVERITY_CRITICAL, [FALCO_ALERT] = SEVERITY_CRITICAL, [FALCO_CRITICAL] = SEVERITY_CRITICAL,
	[FALCO_ERROR] = SEVERITY_HIGH, [FALCO_WARNING] = SEVERITY_MEDIUM, [FALCO_NOTICE] = SEVERITY_LOW,
	[FALCO_INFORMATIONAL] = SEVERITY_INFORMATIONAL, [FALCO_DEBUG] = SEVERITY_INFORMATIONAL};

struct taking {
	struct import *import;
	struct import_item *item;
	const struct falco_rule *rule;
	const struct dialect_group *group;
};

/* --- what goes beside the conditions --- */

/* T1611, T1552.001 */
static bool is_technique(struct text tag)
{
	bool sub = tag.length == 9;

	if ((tag.length != 5 && !sub) || tag.data[0] != 'T' || (sub && tag.data[5] != '.'))
		return false;
	for (size_t i = 1; i < tag.length; i++) {
		if ((tag.data[i] < '0' || tag.data[i] > '9') && i != 5)
			return false;
	}
	return true;
}

static struct texts techniques(struct import *import, const struct texts *tags)
{
	struct text *items = arena_array(import->arena, tags->count + 1, sizeof(*items));
	size_t count = 0;

	for (size_t i = 0; i < tags->count; i++) {
		bool known = !is_technique(tags->items[i]);

		for (size_t k = 0; k < count && !known; k++)
			known = text_equal(items[k], tags->items[i]);
		if (!known)
			items[count++] = tags->items[i];
	}
	return (struct texts){items, count};
}

static void describe(const struct taking *t)
{
	struct draft *draft = import_draft(t->import, t->item);

	draft->name = t->rule->name;
	draft->title = t->rule->name;
	draft->description = text_trim(t->rule->description);
	draft->severity = severities[t->rule->priority];
	draft->techniques = techniques(t->import, &t->rule->tags);
	if (!t->rule->enabled)
		import_note(t->import, t->item, "the rule is switched off (enabled: false); an organization may disable the detection");
}

/* --- conditions and exceptions --- */

static struct rule_node *tree_of(const struct taking *t, const struct filter *filter, bool placeholders)
{
	struct falco_raw raw = {.arena = t->import->arena, .placeholders = placeholders};
	struct rule_node *tree = falco_raw_tree(&raw, filter);

	for (size_t i = 0; i < raw.notes.count; i++)
		import_note(t->import, t->item, "%.*s", TEXT_ARGS(raw.notes.items[i]));
	if (raw.error != NULL)
		import_refuse(t->import, t->item, "%s", raw.error);
	return tree;
}

static void see_event(const struct rule_test *test, void *found)
{
	bool *sees = found;

	*sees = *sees || text_starts(test->name, TEXT("evt."), false) || text_is(test->name, "proc.vpid");
}

/* May each exception stand by itself: beside conditions of one category, and without a word about the kind of event? */
static bool apart(const struct taking *t, struct rule_node *const *excluded)
{
	bool sees = t->item->draft == NULL || t->item->draft->condition_count != 1;

	for (size_t i = 0; i < t->rule->exception_count; i++) {
		if (excluded[i] != NULL)
			rule_visit(excluded[i], see_event, &sees);
	}
	return !sees;
}

static void take_exceptions(const struct taking *t, struct rule_node *const *excluded)
{
	struct draft *draft = t->item->draft;
	struct raising site = {t->import, t->item, t->group, draft->conditions[0].condition->category, 0};

	for (size_t i = 0; i < t->rule->exception_count && t->item->draft != NULL; i++) {
		const struct falco_exception *exception = &t->rule->exceptions[i];

		if (excluded[i] == NULL || excluded[i]->kind == RULE_FALSE)
			continue;
		struct node *node = raise_tree(&site, excluded[i]);

		if (t->item->draft != NULL)
			draft_add_exception(t->import->arena, draft, exception->name, TEXT("an exception of the rule in Falco"),
				node);
	}
}

/* Exceptions go into the condition where they cannot stand by themselves. */
static void raise_rule(const struct taking *t, struct rule_node *tree, struct rule_node *const *excluded)
{
	struct raising site = {t->import, t->item, t->group, CATEGORY_ANY, 0};
	size_t count = 0;

	raise_events(&site, tree, TEXT("condition"));
	for (size_t i = 0; i < t->rule->exception_count; i++)
		count += excluded[i] != NULL;
	if (t->item->draft == NULL || count == 0)
		return;
	if (apart(t, excluded)) {
		take_exceptions(t, excluded);
		return;
	}
	for (size_t i = 0; i < t->rule->exception_count; i++) {
		if (excluded[i] != NULL)
			tree = rule_both(t->import->arena, tree, rule_not(t->import->arena, excluded[i]));
	}
	t->item->draft->condition_count = 0;
	raise_events(&site, tree, TEXT("condition"));
}

/* A rule that can never fire as it stands (a macro says never until it is overridden) is kept as it is written. */
static void take_idle(const struct taking *t, struct rule_node *tree)
{
	struct raising site = {t->import, t->item, NULL, CATEGORY_ANY, 0};
	struct node *node = raise_tree(&site, tree);

	if (t->item->draft == NULL)
		return;
	import_note(t->import, t->item, "it can never fire as it stands: a macro that says never is to be filled in");
	if (node->kind == NODE_FALSE)
		import_refuse(t->import, t->item, "the condition can never hold");
	else
		draft_add_condition(t->import->arena, t->item->draft, TEXT("condition"), import_condition(t->import, CATEGORY_ANY, node));
}

static void take_rule(const struct taking *t)
{
	struct arena *arena = t->import->arena;
	struct rule_node **excluded = arena_array(arena, t->rule->exception_count + 1, sizeof(*excluded));

	if (t->rule->error != NULL) {
		import_refuse(t->import, t->item, "%s", t->rule->error);
		return;
	}
	describe(t);
	struct rule_node *tree = tree_of(t, t->rule->bare, false);

	for (size_t i = 0; i < t->rule->exception_count; i++)
		excluded[i] = t->rule->exceptions[i].filter != NULL ? tree_of(t, t->rule->exceptions[i].filter, false) : NULL;
	if (t->item->draft == NULL)
		return;
	if (tree->kind != RULE_FALSE)
		raise_rule(t, tree, excluded);
	if (t->item->draft != NULL && t->item->draft->condition_count == 0)
		take_idle(t, tree_of(t, t->rule->bare, true));
}

/* --- items --- */

/* The group of the dialect that shows the source's events, or NULL. */
static const struct dialect_group *group_of(const struct import *import, struct text source)
{
	for (size_t i = 0; i < import->dialect->group_count; i++) {
		if (text_equal(dialect_attribute(&import->dialect->groups[i], "source"), source))
			return &import->dialect->groups[i];
	}
	return NULL;
}

static const char *macro_error(const struct falco_rules *rules, struct text name)
{
	for (size_t i = 0; i < rules->macro_count; i++) {
		if (text_equal(rules->macros[i].name, name))
			return rules->macros[i].error;
	}
	return NULL;
}

static void take_item(struct import *import, const struct falco_rules *rules, const struct falco_item *source)
{
	static const char *const kinds[] = {"item", "", "", "list ", "macro ", "", ""};
	struct text name = text_of(arena_printf(import->arena, "%s%.*s", kinds[source->kind], TEXT_ARGS(source->name)));
	struct import_item *item = import_rule(import, name, source->place);

	item->part = source->kind != FALCO_RULE || !source->defines || source->replaced;
	const char *error = source->kind == FALCO_MACRO && source->fault == NULL ? macro_error(rules, source->name) : NULL;

	for (size_t i = 0; i < source->notes.count; i++)
		import_note(import, item, "%.*s", TEXT_ARGS(source->notes.items[i]));
	if (source->fault != NULL || error != NULL) {
		import_refuse(import, item, "%s", source->fault != NULL ? source->fault : error);
		return;
	}
	if (source->kind != FALCO_RULE || !source->defines || source->replaced)
		return;
	struct taking taking = {import, item, falco_rule_find(rules, source->name), NULL};

	taking.group = group_of(import, taking.rule->source);
	take_rule(&taking);
}

int falco_read(struct import *import)
{
	struct falco_source *sources = arena_array(import->arena, import->file_count + 1, sizeof(*sources));

	for (size_t i = 0; i < import->file_count; i++)
		sources[i] = (struct falco_source){text_copy(import->arena, import->files[i].path), import->files[i].content};
	struct falco_rules *rules = falco_parse(import->arena, sources, import->file_count);

	for (size_t i = 0; i < rules->item_count; i++)
		take_item(import, rules, &rules->items[i]);
	return 0;
}
