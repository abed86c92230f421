/* parse: what the items of rule files define, append to and switch. */
#include "generator/falco/parse.h"

#include "generator/falco/expand.h"
#include "generator/falco/item.h"

#include <string.h>

/* --- lists and macros --- */

/* A later definition takes the first one's place, but sees all that stands before itself. */
static void define_place(struct falco_rules *rules, size_t *index, size_t *visibility, bool again)
{
	*visibility = rules->definitions++;
	if (!again)
		*index = *visibility;
}

static void mark_replaced(struct reading *r)
{
	for (struct falco_item *item = r->rules->items; item < r->item; item++) {
		if (item->kind == r->item->kind && item->defines && text_equal(item->name, r->item->name))
			item->replaced = true;
	}
}

static struct falco_list *list_named(const struct falco_rules *rules, struct text name)
{
	for (size_t i = 0; i < rules->list_count; i++) {
		if (text_equal(rules->lists[i].name, name))
			return &rules->lists[i];
	}
	return NULL;
}

static void read_list(struct reading *r)
{
	static const char *const known[] = {"list", "items", "append", "override", NULL};
	struct falco_rules *rules = r->rules;
	struct falco_list *list = list_named(rules, r->item->name);
	struct texts items;
	bool append;

	if (!item_texts(r, "items", true, &items))
		return;
	bool update = item_overrides(r, falco_list_keys, &append);

	append = append || item_override(r, "items") == OVERRIDE_APPEND;
	item_warn_unknown(r, known);
	if (update && append && list == NULL)
		item_fault(r, "no list of this name is there to append to");
	if (r->item->fault != NULL)
		return;
	bool again = list != NULL;

	if (!again) {
		rules->lists = arena_grow(rules->arena, rules->lists, rules->list_count, sizeof(*rules->lists));
		list = &rules->lists[rules->list_count++];
		*list = (struct falco_list){.name = r->item->name};
	}
	r->item->defines = !append;
	if (!append)
		mark_replaced(r);
	if (!append)
		list->items = (struct texts){NULL, 0};
	for (size_t i = 0; i < items.count; i++)
		item_add_text(rules->arena, &list->items, items.items[i]);
	define_place(rules, &list->index, &list->visibility, again);
}

static struct falco_macro *macro_named(const struct falco_rules *rules, struct text name)
{
	for (size_t i = 0; i < rules->macro_count; i++) {
		if (text_equal(rules->macros[i].name, name))
			return &rules->macros[i];
	}
	return NULL;
}

static void read_macro(struct reading *r)
{
	static const char *const known[] = {"macro", "condition", "append", "override", NULL};
	struct falco_rules *rules = r->rules;
	struct falco_macro *macro = macro_named(rules, r->item->name);
	struct text condition;
	bool append;

	if (!item_text(r, "condition", true, &condition))
		return;
	bool update = item_overrides(r, falco_macro_keys, &append);

	append = append || item_override(r, "condition") == OVERRIDE_APPEND;
	item_warn_unknown(r, known);
	if (update && append && macro == NULL)
		item_fault(r, "no macro of this name is there to append to");
	if (r->item->fault != NULL)
		return;
	bool again = macro != NULL;

	if (!again) {
		rules->macros = arena_grow(rules->arena, rules->macros, rules->macro_count, sizeof(*rules->macros));
		macro = &rules->macros[rules->macro_count++];
		*macro = (struct falco_macro){.name = r->item->name};
	}
	r->item->defines = !append;
	if (!append)
		mark_replaced(r);
	macro->condition = append ? item_appended(rules->arena, macro->condition, condition) : condition;
	macro->place = r->item->place;
	define_place(rules, &macro->index, &macro->visibility, again);
}

/* --- exceptions --- */

static bool read_entry(struct reading *r, const struct yaml *node, unsigned depth, struct falco_entry *entry)
{
	*entry = (struct falco_entry){.there = true};
	if (node->kind == YAML_SCALAR && node->text.length > 0) {
		entry->text = node->text;
		return true;
	}
	if (node->kind != YAML_SEQUENCE || depth == 0)
		return item_fault(r, "fields, comps and values of exceptions are texts or lists of texts") == NULL;
	entry->list = true;
	entry->count = node->count;
	entry->items = arena_array(r->rules->arena, node->count + 1, sizeof(*entry->items));
	for (size_t i = 0; i < node->count; i++) {
		if (!read_entry(r, &node->items[i], depth - 1, &entry->items[i]))
			return false;
	}
	return true;
}

static bool comparison_known(struct text *comparison, bool lists_only)
{
	*comparison = text_trim(*comparison);
	struct text word = text_slice(*comparison, 0, text_find(*comparison, ' '));
	struct text modifier = text_trim(text_slice(*comparison, word.length, comparison->length));
	bool modified = text_is(modifier, "oneof") || text_is(modifier, "anyof") || text_is(modifier, "allof");

	if (modifier.length > 0 && !modified)
		return false;
	for (enum filter_operator op = 0; op < FILTER_OPERATOR_COUNT; op++) {
		bool list = op == FILTER_IN || op == FILTER_INTERSECTS || op == FILTER_PMATCH;
		bool text = op == FILTER_EQUAL || op == FILTER_NOT_EQUAL || (op >= FILTER_CONTAINS && op <= FILTER_REGEX);

		if (text_is(word, filter_operators[op]) || (op == FILTER_EQUAL && text_is(word, "==")))
			return modified ? text : !lists_only || list;
	}
	return false;
}

/* Fills in what the engine takes for `comps`, and checks them. */
static bool complete_exception(struct reading *r, struct falco_exception *exception)
{
	struct falco_entry *fields = &exception->fields, *comps = &exception->comps;

	if (!comps->there && fields->list) {
		*comps = (struct falco_entry){.there = true, .list = true, .count = fields->count};
		comps->items = arena_array(r->rules->arena, fields->count + 1, sizeof(*comps->items));
		for (size_t i = 0; i < fields->count; i++)
			comps->items[i] = (struct falco_entry){.there = true, .text = TEXT("=")};
	} else if (!comps->there) {
		*comps = (struct falco_entry){.there = true, .text = TEXT("in")};
	}
	if (comps->list != fields->list || comps->count != fields->count)
		return item_fault(r, "exception %.*s: fields and comps must be as many", TEXT_ARGS(exception->name)) == NULL;
	for (size_t i = 0; i < comps->count; i++) {
		if (!comparison_known(&comps->items[i].text, false))
			return item_fault(r, "exception %.*s: %.*s is no operator", TEXT_ARGS(exception->name),
				       TEXT_ARGS(comps->items[i].text)) == NULL;
	}
	if (!comps->list && !comparison_known(&comps->text, true))
		return item_fault(r, "exception %.*s: one field is compared by in, intersects or pmatch, or by an operator with oneof, "
				"anyof or allof", TEXT_ARGS(exception->name)) == NULL;
	return true;
}

static bool read_exception(struct reading *r, const struct yaml *node, struct falco_exception *exception)
{
	struct reading inner = {r->rules, r->item, node};
	const struct yaml *fields, *comps, *values;

	*exception = (struct falco_exception){.name = TEXT("")};
	if (node->kind != YAML_MAPPING || !item_text(&inner, "name", true, &exception->name))
		return item_fault(r, "an exception must have a name") == NULL;
	fields = yaml_get(node, "fields");
	comps = yaml_get(node, "comps");
	values = yaml_get(node, "values");
	if (fields != NULL && !read_entry(r, fields, 1, &exception->fields))
		return false;
	if (comps != NULL && !read_entry(r, comps, 1, &exception->comps))
		return false;
	if (values == NULL)
		return true;
	if (values->kind != YAML_SEQUENCE)
		return item_fault(r, "exception %.*s: values must be a sequence", TEXT_ARGS(exception->name)) == NULL;
	exception->value_count = values->count;
	exception->values = arena_array(r->rules->arena, values->count + 1, sizeof(*exception->values));
	for (size_t i = 0; i < values->count; i++) {
		if (!read_entry(r, &values->items[i], 2, &exception->values[i]))
			return false;
	}
	return true;
}

static void append_values(struct arena *arena, struct falco_exception *to, const struct falco_exception *from)
{
	struct falco_entry *values = arena_array(arena, to->value_count + from->value_count + 1, sizeof(*values));

	if (to->value_count > 0)
		memcpy(values, to->values, to->value_count * sizeof(*values));
	if (from->value_count > 0)
		memcpy(values + to->value_count, from->values, from->value_count * sizeof(*values));
	to->values = values;
	to->value_count += from->value_count;
}

static void add_exception(struct reading *r, struct falco_rule *rule, struct falco_exception *exception, bool append)
{
	struct falco_exception *there = NULL;

	for (size_t i = 0; append && i < rule->exception_count; i++) {
		if (text_equal(rule->exceptions[i].name, exception->name))
			there = &rule->exceptions[i];
	}
	if (there != NULL && (exception->fields.there || exception->comps.there)) {
		item_fault(r, "exception %.*s is there already: only values can be appended", TEXT_ARGS(exception->name));
	} else if (there != NULL) {
		append_values(r->rules->arena, there, exception);
	} else if (!exception->fields.there || (append && exception->value_count == 0)) {
		item_fault(r, "exception %.*s must have fields%s", TEXT_ARGS(exception->name), append ? " and values" : "");
	} else if (complete_exception(r, exception)) {
		rule->exceptions = arena_grow(r->rules->arena, rule->exceptions, rule->exception_count, sizeof(*rule->exceptions));
		rule->exceptions[rule->exception_count++] = *exception;
	}
}

static void read_exceptions(struct reading *r, struct falco_rule *rule, bool append)
{
	const struct yaml *list = yaml_get(r->node, "exceptions");

	if (list == NULL || list->kind == YAML_NULL)
		return;
	if (list->kind != YAML_SEQUENCE)
		item_fault(r, "exceptions must be a sequence");
	for (size_t i = 0; list->kind == YAML_SEQUENCE && i < list->count; i++) {
		struct falco_exception exception;

		if (read_exception(r, &list->items[i], &exception))
			add_exception(r, rule, &exception, append);
	}
}

/* --- rules --- */

static bool read_priority(struct reading *r, enum falco_priority *priority)
{
	static const char *const names[] = {"emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug"};
	struct text text;

	if (!item_text(r, "priority", true, &text))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (text_equal_fold(text, text_of(names[i])) || (i == FALCO_INFORMATIONAL && text_equal_fold(text, TEXT("info")))) {
			*priority = (enum falco_priority)i;
			return true;
		}
	}
	item_fault(r, "%.*s is no priority", TEXT_ARGS(text));
	return false;
}

static void update_text(struct reading *r, const char *key, struct text *to)
{
	unsigned how = item_override(r, key);
	struct text text;

	if (how != 0 && item_text(r, key, true, &text))
		*to = how == OVERRIDE_APPEND ? item_appended(r->rules->arena, *to, text) : text;
}

static void update_rule(struct reading *r, struct falco_rule *rule)
{
	struct texts tags;

	update_text(r, "condition", &rule->condition);
	update_text(r, "output", &rule->output);
	update_text(r, "desc", &rule->description);
	if (item_override(r, "tags") != 0 && item_texts(r, "tags", true, &tags)) {
		if (item_override(r, "tags") == OVERRIDE_REPLACE)
			rule->tags = (struct texts){NULL, 0};
		for (size_t i = 0; i < tags.count; i++)
			item_add_text(r->rules->arena, &rule->tags, tags.items[i]);
	}
	if (item_override(r, "exceptions") == OVERRIDE_REPLACE)
		rule->exception_count = 0;
	if (item_override(r, "exceptions") != 0)
		read_exceptions(r, rule, item_override(r, "exceptions") == OVERRIDE_APPEND);
	if (item_override(r, "priority") != 0)
		read_priority(r, &rule->priority);
	if (item_override(r, "enabled") != 0)
		item_bool(r, "enabled", &rule->enabled);
	if (item_override(r, "skip-if-unknown-filter") != 0)
		item_bool(r, "skip-if-unknown-filter", &rule->skip_unknown);
}

/* `append: true`: condition and exceptions. */
static void append_rule(struct reading *r, struct falco_rule *rule)
{
	struct text condition;

	if (item_text(r, "condition", false, &condition))
		rule->condition = item_appended(r->rules->arena, rule->condition, condition);
	read_exceptions(r, rule, true);
}

static void define_rule(struct reading *r, struct falco_rule *there)
{
	struct falco_rules *rules = r->rules;
	struct falco_rule rule = {.name = r->item->name, .source = TEXT("syscall"), .enabled = true, .place = r->item->place};

	item_text(r, "condition", true, &rule.condition);
	item_text(r, "output", true, &rule.output);
	item_text(r, "desc", true, &rule.description);
	read_priority(r, &rule.priority);
	item_text(r, "source", false, &rule.source);
	item_bool(r, "enabled", &rule.enabled);
	item_bool(r, "skip-if-unknown-filter", &rule.skip_unknown);
	item_texts(r, "tags", false, &rule.tags);
	read_exceptions(r, &rule, false);
	if (there != NULL && !text_equal(there->source, rule.source))
		item_fault(r, "the rule is there already, with another source");
	if (r->item->fault != NULL)
		return;
	r->item->defines = true;
	mark_replaced(r);
	if (there == NULL) {
		rules->rules = arena_grow(rules->arena, rules->rules, rules->rule_count, sizeof(*rules->rules));
		there = &rules->rules[rules->rule_count++];
	}
	*there = rule;
}

static void read_rule(struct reading *r)
{
	static const char *const known[] = {"rule", "condition", "output", "desc", "priority", "source", "enabled", "capture",
		"capture_duration", "warn_evttypes", "skip-if-unknown-filter", "tags", "exceptions", "override", "append", NULL};
	struct falco_rule *there = falco_rule_find(r->rules, r->item->name);
	bool append, update = item_overrides(r, falco_rule_keys, &append);
	bool whole = item_has(r, "condition") || item_has(r, "output") || item_has(r, "desc") || item_has(r, "priority");

	item_warn_unknown(r, known);
	if (r->item->fault != NULL)
		return;
	if ((update || !whole) && there == NULL) {
		item_fault(r, "no rule of this name is there to be changed");
	} else if (update) {
		struct falco_rule changed = *there; /* all of it or nothing */

		if (append)
			append_rule(r, &changed);
		else
			update_rule(r, &changed);
		if (r->item->fault == NULL)
			*there = changed;
	} else if (!whole && !item_has(r, "enabled")) {
		item_fault(r, "a rule has a condition, an output, a desc and a priority");
	} else if (!whole) {
		item_bool(r, "enabled", &there->enabled);
	} else {
		define_rule(r, there);
	}
}

/* --- files --- */

static bool identifier(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		char byte = name.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');

		if (!letter && (i == 0 || ((byte < '0' || byte > '9') && byte != '_')))
			return false;
	}
	return name.length > 0;
}

static void read_named(struct reading *r, enum falco_kind kind, const char *key)
{
	static void (*const read[])(struct reading *) = {
		[FALCO_LIST] = read_list, [FALCO_MACRO] = read_macro, [FALCO_RULE] = read_rule};

	r->item->kind = kind;
	if (!item_text(r, key, true, &r->item->name))
		return;
	if (kind == FALCO_MACRO && !identifier(r->item->name))
		item_fault(r, "a macro's name is of letters, digits and _");
	else
		read[kind](r);
}

static void read_item(struct reading *r)
{
	if (item_has(r, "required_engine_version")) {
		r->item->kind = FALCO_ENGINE;
		item_text(r, "required_engine_version", true, &r->rules->engine_version);
		r->item->name = TEXT("required_engine_version");
	} else if (item_has(r, "required_plugin_versions")) {
		r->item->kind = FALCO_PLUGINS;
		r->item->name = TEXT("required_plugin_versions");
	} else if (item_has(r, "list")) {
		read_named(r, FALCO_LIST, "list");
	} else if (item_has(r, "macro")) {
		read_named(r, FALCO_MACRO, "macro");
	} else if (item_has(r, "rule")) {
		read_named(r, FALCO_RULE, "rule");
	} else {
		item_note(r, "the engine knows no such item and leaves it out");
	}
}

static struct falco_item *add_item(struct falco_rules *rules, struct place place)
{
	rules->items = arena_grow(rules->arena, rules->items, rules->item_count, sizeof(*rules->items));
	struct falco_item *item = &rules->items[rules->item_count++];

	*item = (struct falco_item){.place = place};
	return item;
}

static void fail_file(struct falco_rules *rules, struct text name, struct place place, const char *sentence)
{
	struct falco_item *item = add_item(rules, place);

	item->kind = FALCO_FILE;
	item->name = name;
	item->fault = sentence;
}

static void read_document(struct falco_rules *rules, const struct falco_source *source, const struct yaml *document)
{
	if (document->kind == YAML_NULL)
		return;
	if (document->kind != YAML_SEQUENCE) {
		fail_file(rules, source->name, document->place, "a file of rules is a sequence of items");
		return;
	}
	for (size_t i = 0; i < document->count; i++) {
		const struct yaml *node = &document->items[i];
		struct reading reading = {rules, NULL, node};

		if (node->kind == YAML_NULL)
			continue;
		reading.item = add_item(rules, node->place);
		if (node->kind != YAML_MAPPING)
			item_fault(&reading, "an item of a file of rules is a mapping");
		else
			read_item(&reading);
	}
}

static void read_source(struct falco_rules *rules, const struct falco_source *source)
{
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;

	if (yaml_parse(rules->arena, source->content, source->name.data, NULL, &d, &documents, &count) != 0) {
		struct place place = d.count > 0 ? d.items[0].place : (struct place){source->name.data, 0, 0};

		place.file = source->name.data;
		fail_file(rules, source->name, place,
			arena_printf(rules->arena, "%s", d.count > 0 ? d.items[0].message : "the file cannot be read"));
		count = 0;
	}
	for (size_t i = 0; i < count; i++)
		read_document(rules, source, &documents[i]);
	diagnostics_free(&d);
}

struct falco_rule *falco_rule_find(const struct falco_rules *rules, struct text name)
{
	for (size_t i = 0; i < rules->rule_count; i++) {
		if (text_equal(rules->rules[i].name, name))
			return &rules->rules[i];
	}
	return NULL;
}

struct falco_rules *falco_parse(struct arena *arena, const struct falco_source *sources, size_t count)
{
	struct falco_rules *rules = arena_alloc(arena, sizeof(*rules));

	rules->arena = arena;
	for (size_t i = 0; i < count; i++)
		read_source(rules, &sources[i]);
	falco_expand(rules);
	return rules;
}
