/*
 * lists: named lists and macros.
 */
#include "catalog/lists.h"

#define IDENTIFIER "^[A-Za-z_][A-Za-z0-9_]*$"

const struct yaml_form named_lists_form = {.sort = YAML_TABLE, .of = &yaml_texts_of, .pattern = IDENTIFIER};

static const struct yaml_shape lists_shape[] = {
	{"lists", YAML_OPTIONAL, &named_lists_form, "Name → texts. A list stands wherever a condition may have a list of values."},
	{"macros", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = &yaml_expression, .pattern = IDENTIFIER),
		"Name → expression. A macro stands for it, in parentheses as it were; it may name lists and other macros."},
	{0},
};

const struct yaml_form lists_form = {.sort = YAML_RECORD, .shape = lists_shape};

/* Words that mean something else in a condition. */
static const char *const reserved[] = {
	"and", "or", "not", "in", "like", "regex", "where", "any", "null", "true", "false", "by", "with", "until",
	"sequence", "maxspan", "length", "cidrmatch", "startswith", "endswith", "stringcontains", NULL,
};

static int check_name(const struct registry *registry, const struct yaml *mapping, size_t key, const char *what,
	struct diagnostics *d)
{
	struct text name = mapping->keys[key].text;
	if (registry_field(registry, name) != FIELD_NONE)
		return yaml_error_key(d, mapping, key, "a %s cannot be named %.*s, which is a field", what, TEXT_ARGS(name));
	if (!name_is_identifier(name))
		return yaml_error_key(d, mapping, key, "\"%.*s\" is no name for a %s; names are like trusted_images",
			TEXT_ARGS(name), what);
	for (size_t i = 0; reserved[i]; i++)
		if (text_equal_fold(name, text_of(reserved[i])))
			return yaml_error_key(d, mapping, key, "a %s cannot be named %.*s, which is a word of conditions", what,
				TEXT_ARGS(name));
	return 0;
}

int lists_load(struct arena *arena, const struct registry *registry, const struct yaml *mapping,
	struct diagnostics *d, const struct named_list **lists, size_t *count)
{
	size_t errors = d->errors;
	if (!mapping || mapping->kind != YAML_MAPPING || !mapping->count)
		return 0;
	struct named_list *all = arena_array(arena, mapping->count, sizeof *all);
	for (size_t i = 0; i < mapping->count; i++) {
		const struct yaml *node = &mapping->items[i];
		all[i].name = mapping->keys[i].text;
		all[i].place = mapping->keys[i].place;
		check_name(registry, mapping, i, "list", d);
		if (node->kind == YAML_NULL)
			yaml_error_key(d, mapping, i, "the list %.*s must be a list; an empty one is []", TEXT_ARGS(all[i].name));
		else
			yaml_texts(node, arena, d, "list", &all[i].items, &all[i].count);
	}
	*lists = all;
	*count = mapping->count;
	return d->errors == errors ? 0 : -1;
}

static void load_macros(struct arena *arena, struct scope *scope, const struct yaml *mapping, struct diagnostics *d)
{
	if (!mapping || mapping->kind != YAML_MAPPING || !mapping->count)
		return;
	struct named_macro *all = arena_array(arena, mapping->count, sizeof *all);
	for (size_t i = 0; i < mapping->count; i++) {
		const struct yaml *node = &mapping->items[i];
		check_name(scope->registry, mapping, i, "macro", d);
		struct named_macro *macro = &all[i];
		macro->name = mapping->keys[i].text;
		if (node->kind != YAML_SCALAR || !text_trim(node->text).length) {
			yaml_error(d, node, "a macro must be an expression");
			macro->source = TEXT("false");
			macro->place = node->place;
			continue;
		}
		struct scalar_source source = scalar_source(node);
		macro->source = source.text;
		macro->place = source.place;
		for (size_t j = 0; j < scope->list_count; j++)
			if (text_equal(scope->lists[j].name, macro->name))
				yaml_error_key(d, mapping, i, "%.*s is a list already", TEXT_ARGS(macro->name));
	}
	scope->macros = all;
	scope->macro_count = mapping->count;
}

int lists_load_document(struct arena *arena, struct scope *scope, const struct yaml *document, struct diagnostics *d)
{
	size_t errors = d->errors;
	if (document->kind != YAML_MAPPING)
		return yaml_error(d, document, "lists and macros must be a mapping");
	yaml_check(document, lists_shape, d, "file");
	lists_load(arena, scope->registry, yaml_get(document, "lists"), d, &scope->lists, &scope->list_count);
	const struct yaml *macros = yaml_get(document, "macros");
	load_macros(arena, scope, macros, d);
	for (size_t i = 0; i < scope->macro_count; i++) {
		const struct yaml *node = &macros->items[i];
		if (node->kind != YAML_SCALAR || !text_trim(node->text).length)
			continue;
		struct scalar_source source = scalar_source(node);
		condition_parse_expression(arena, scope, source.text, source.place, source.indent, node->document, d);
	}
	return d->errors == errors ? 0 : -1;
}
