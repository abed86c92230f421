/* yaml_schema: forms → JSON Schema; names of the catalog. Snippets are made in yaml_snippet.c. */
#include "catalog/yaml_schema.h"

#include "catalog/yaml_snippet.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Definitions are made when they are first asked for, so that a schema holds those alone that it needs. */
struct writing {
	const struct schema_source *source;
	json_t *definitions;
};

static json_t *schema_of(struct writing *w, const struct yaml_form *form);

static json_t *json_text(struct text text)
{
	return json_stringn(text.data, text.length);
}

static void set_string(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, json_string(value));
}

/* `"minimum":0` and the like: members of a schema, as a table's row has them. */
static void add_rules(json_t *schema, const char *rules)
{
	if (rules == NULL)
		return;
	struct buffer whole = {0};
	buffer_printf(&whole, "{%s}", rules);
	json_t *members = json_loads(whole.data, 0, NULL);
	json_object_update_new(schema, members);
	buffer_free(&whole);
}

/* One alternative alone needs no anyOf. Takes the reference to both. */
static json_t *either(json_t *one, json_t *other)
{
	if (other == NULL)
		return one;
	json_t *all = json_object_get(one, "anyOf");
	if (all != NULL && json_object_size(one) == 1) {
		json_array_append_new(all, other);
		return one;
	}
	return json_pack("{s:[o,o]}", "anyOf", one, other);
}

/* --- names ------------------------------------------------------------------------------------ */

static void add_events(const struct registry *registry, json_t *names)
{
	for (size_t i = 1; i < registry->category_count; i++) {
		const struct category *category = &registry->categories[i];
		json_array_append_new(names, json_sprintf("%.*s.*", TEXT_ARGS(category->name)));
		for (unsigned k = 0; k < category->action_count; k++)
			json_array_append_new(names, json_sprintf("%.*s.%.*s", TEXT_ARGS(category->name),
				TEXT_ARGS(registry->actions[category->first_action + k].name)));
	}
}

static void add_actions(const struct registry *registry, unsigned category, json_t *names)
{
	for (unsigned k = 0; k < registry->categories[category].action_count; k++)
		json_array_append_new(names, json_text(registry->actions[registry->categories[category].first_action + k].name));
}

static void add_registered(const struct registry *registry, enum yaml_names which, json_t *names)
{
	bool found;
	if (which == YAML_EVENTS)
		add_events(registry, names);
	if (which == YAML_ACTIONS_OF_CONTAINERS)
		add_actions(registry, registry_category(registry, TEXT("container"), &found), names);
	for (size_t i = 1; which == YAML_FIELDS && i < registry->field_count; i++)
		json_array_append_new(names, json_text(registry->fields[i].name));
	for (size_t i = 1; which == YAML_CATEGORIES && i < registry->category_count; i++)
		json_array_append_new(names, json_text(registry->categories[i].name));
}

/* All names of that sort; NULL where nobody knows them. */
static json_t *names_of(const struct writing *w, enum yaml_names which)
{
	const struct catalog *catalog = w->source->catalog;
	json_t *names = json_array();
	for (unsigned i = 0; which == YAML_SHAPES && i < SHAPE_COUNT; i++)
		json_array_append_new(names, json_string(shape_name((enum shape)i)));
	for (const char *const *each = w->source->formats; which == YAML_FORMATS && each != NULL && *each != NULL; each++)
		json_array_append_new(names, json_string(*each));
	if (catalog != NULL) {
		add_registered(&catalog->registry, which, names);
		for (size_t i = 0; which == YAML_DETECTIONS && i < catalog->detection_count; i++)
			json_array_append_new(names, json_text(catalog->detections[i]->name));
		for (size_t i = 0; which == YAML_ORGANIZATIONS && i < catalog->organization_count; i++)
			json_array_append_new(names, json_text(catalog->organizations[i]->name));
		for (size_t i = 0; which == YAML_DIALECTS && i < catalog->dialect_count; i++)
			json_array_append_new(names, json_text(catalog->dialects[i]->name));
	}
	if (json_array_size(names) > 0)
		return names;
	json_decref(names);
	return NULL;
}

/* What hovering over a name says. */
static struct text about_name(const struct writing *w, enum yaml_names which, size_t at, struct buffer *about)
{
	const struct catalog *catalog = w->source->catalog;
	buffer_clear(about);
	if (which == YAML_FIELDS) {
		const struct field *field = &catalog->registry.fields[at + 1];
		buffer_printf(about, "%.*s (%s%s)", TEXT_ARGS(field->about), value_type_name(field->type),
			field->list ? ", several values" : "");
	} else if (which == YAML_DETECTIONS) {
		buffer_text(about, catalog->detections[at]->title);
	} else if (which == YAML_ORGANIZATIONS) {
		buffer_text(about, catalog->organizations[at]->title);
	}
	return buffer_view(about);
}

static json_t *names_schema(const struct writing *w, const struct yaml_form *form)
{
	json_t *names = names_of(w, form->names);
	json_t *free_text = json_pack("{s:s}", "type", "string");
	if (form->pattern != NULL)
		set_string(free_text, "pattern", form->pattern);
	if (names == NULL)
		return free_text;
	json_t *known = json_pack("{s:s, s:o}", "type", "string", "enum", names);
	if (form->open)
		return either(known, free_text);
	json_decref(free_text);
	return known;
}

/* --- single values ---------------------------------------------------------------------------- */

static json_t *text_schema(const struct writing *w, const struct yaml_form *form)
{
	if (form->names != YAML_NO_NAMES)
		return names_schema(w, form);
	json_t *schema = json_object();
	if (form->words != NULL) {
		json_t *words = json_array();
		for (const char *const *word = form->words; *word != NULL; word++)
			json_array_append_new(words, json_string(*word));
		json_object_set_new(schema, "enum", words);
		return schema;
	}
	/* A text is a text whatever YAML takes it for, unless it must look like something. */
	bool any = form->pattern == NULL || strcmp(form->pattern, "\\S") == 0 || form->flags & YAML_DIGITS;
	json_object_set_new(schema, "type", any ? json_pack("[s,s,s]", "string", "number", "boolean") : json_string("string"));
	if (form->pattern != NULL)
		set_string(schema, "pattern", form->pattern);
	if (form->flags & YAML_DATE)
		set_string(schema, "format", "date");
	return schema;
}

static json_t *number_schema(void)
{
	return json_pack("{s:[s,s], s:s}", "type", "number", "string", "pattern",
		"^[ \\t]*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?$");
}

static json_t *condition_schema(const struct writing *w, const struct yaml_form *form)
{
	json_t *schema = json_pack("{s:[s,s], s:s}", "type", "string", "boolean", "pattern", "\\S");
	if (form->sort == YAML_EQL)
		set_string(schema, "type", "string");
	json_t *snippets = yaml_snippets_of_conditions(w->source->catalog, form->sort == YAML_EQL);
	if (snippets != NULL)
		json_object_set_new(schema, "defaultSnippets", snippets);
	return schema;
}

/* --- the fields of an event ------------------------------------------------------------------- */

static json_t *value_schema(const struct field *field)
{
	json_t *one = NULL;
	switch (field->type) {
	case TYPE_LONG:
		one = json_pack("{s:[s,s], s:s}", "type", "integer", "string", "pattern", "^[-+]?[0-9]+$");
		break;
	case TYPE_BOOLEAN:
		one = json_pack("{s:[b,b,s,s]}", "enum", 1, 0, "true", "false");
		break;
	case TYPE_KEYWORD:
	case TYPE_IP:
	case TYPE_DATE:
		one = json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
		break;
	}
	if (field->list)
		one = either(json_pack("{s:s, s:O}", "type", "array", "items", one), one);
	return either(one, json_pack("{s:s}", "type", "null"));
}

static json_t *field_schema(const struct writing *w, unsigned number)
{
	const struct registry *registry = &w->source->catalog->registry;
	struct buffer about = {0};
	json_t *schema;
	if (number == FIELD_CATEGORY)
		schema = json_pack("{s:o}", "enum", names_of(w, YAML_CATEGORIES));
	else if (number == FIELD_ACTION)
		schema = json_pack("{s:s}", "type", "string");
	else
		schema = value_schema(&registry->fields[number]);
	json_object_set_new(schema, "description", json_text(about_name(w, YAML_FIELDS, number - 1, &about)));
	buffer_free(&about);
	return schema;
}

/* The actions that a category has, so that choosing the category leaves those alone. */
static json_t *action_rules(const struct registry *registry)
{
	json_t *rules = json_array();
	for (unsigned i = 1; i < registry->category_count; i++) {
		json_t *actions = json_array();
		add_actions(registry, i, actions);
		json_t *category = json_text(registry->categories[i].name);
		json_array_append_new(rules, json_pack("{s:{s:{s:{s:o}}}, s:{s:{s:{s:o}}}}", "if", "properties", "event.category",
			"const", category, "then", "properties", "event.action", "enum", actions));
	}
	return rules;
}

static json_t *facet_schema(struct writing *w)
{
	const struct catalog *catalog = w->source->catalog;
	json_t *schema = json_pack("{s:s, s:[s,s]}", "type", "object", "required", "event.category", "event.action");
	if (catalog == NULL)
		return schema;
	json_t *fields = json_object();
	for (unsigned i = 1; i < catalog->registry.field_count; i++) {
		struct text name = catalog->registry.fields[i].name;
		json_object_setn_new(fields, name.data, name.length, field_schema(w, i));
	}
	json_object_set_new(schema, "properties", fields);
	json_object_set_new(schema, "additionalProperties", json_false());
	json_object_set_new(schema, "allOf", action_rules(&catalog->registry));
	json_object_set_new(schema, "defaultSnippets", yaml_snippets_of_events(&catalog->registry));
	return schema;
}

static json_t *facet_reference(struct writing *w)
{
	if (json_object_get(w->definitions, "facet") == NULL) {
		json_object_set_new(w->definitions, "facet", json_null());
		json_object_set_new(w->definitions, "facet", facet_schema(w));
	}
	return json_pack("{s:s}", "$ref", "#/definitions/facet");
}

/* --- what holds others ------------------------------------------------------------------------ */

static json_t *list_schema(struct writing *w, const struct yaml_form *form)
{
	json_t *items = schema_of(w, form->of);
	json_t *schema = json_pack("{s:s, s:O}", "type", "array", "items", items);
	if (form->flags & YAML_UNIQUE)
		json_object_set_new(schema, "uniqueItems", json_true());
	if (form->flags & YAML_FILLED)
		json_object_set_new(schema, "minItems", json_integer(1));
	add_rules(schema, form->rules);
	if (form->flags & YAML_OR_ONE)
		return either(schema, items);
	json_decref(items);
	return schema;
}

/* A table's keys that have names: each with what it is. `registered` stands among a dialect's fields. */
static void add_known_keys(struct writing *w, const struct yaml_form *form, const json_t *value, json_t *schema)
{
	json_t *names = names_of(w, form->names), *keys = json_object();
	struct buffer about = {0};
	size_t i;
	json_t *name;
	json_array_foreach(names, i, name) {
		struct text says = about_name(w, form->names, i, &about);
		json_t *key = json_pack("{s:[O]}", "allOf", value);
		if (says.length > 0)
			json_object_set_new(key, "description", json_text(says));
		json_object_set_new(keys, json_string_value(name), key);
	}
	if (form->names == YAML_FIELDS)
		json_object_set_new(keys, "registered", json_pack("{s:s, s:s}", "type", "boolean", "description",
			"true: all other registered fields, by their own names."));
	json_object_set_new(schema, "properties", keys);
	if (names != NULL && !form->open)
		json_object_set_new(schema, "additionalProperties", json_false());
	json_decref(names);
	buffer_free(&about);
}

static json_t *table_schema(struct writing *w, const struct yaml_form *form)
{
	json_t *value = schema_of(w, form->of);
	json_t *schema = json_pack("{s:s, s:O}", "type", "object", "additionalProperties", value);
	if (form->names != YAML_NO_NAMES) {
		char name[24];
		snprintf(name, sizeof name, "value-%zu", json_object_size(w->definitions) + 1);
		json_object_set_new(w->definitions, name, value);
		value = json_pack("{s:s+}", "$ref", "#/definitions/", name);
		json_object_set(schema, "additionalProperties", value);
		add_known_keys(w, form, value, schema);
	}
	if (form->pattern != NULL)
		json_object_set_new(schema, "propertyNames", json_pack("{s:s}", "pattern", form->pattern));
	if (form->flags & YAML_FILLED)
		json_object_set_new(schema, "minProperties", json_integer(1));
	add_rules(schema, form->rules);
	json_decref(value);
	return schema;
}

static void add_words(const struct yaml_form *form, struct buffer *out)
{
	for (size_t i = 0; form->words != NULL && form->words[i] != NULL; i++)
		buffer_printf(out, "%s`%s`", i == 0 ? "\n\nOne of " : ", ", form->words[i]);
	if (form->words == NULL && form->sample != NULL)
		buffer_printf(out, "\n\nExample: `%s`", form->sample);
}

static json_t *key_schema(struct writing *w, const struct yaml_shape *row)
{
	json_t *schema = schema_of(w, row->form);
	struct buffer markdown = {0};
	if (json_object_get(schema, "$ref") != NULL)
		schema = json_pack("{s:[o]}", "allOf", schema);
	buffer_printf(&markdown, "%s%s", row->need == YAML_REQUIRED ? "**Required.** " : "", row->about);
	add_words(row->form, &markdown);
	set_string(schema, "description", row->about);
	json_object_set_new(schema, "markdownDescription", json_text(buffer_view(&markdown)));
	buffer_free(&markdown);
	return schema;
}

static json_t *record_schema(struct writing *w, const struct yaml_form *form)
{
	json_t *keys = json_object(), *required = json_array();
	for (const struct yaml_shape *row = form->shape; row->key != NULL; row++) {
		json_object_set_new(keys, row->key, key_schema(w, row));
		if (row->need == YAML_REQUIRED)
			json_array_append_new(required, json_string(row->key));
	}
	json_t *schema = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", keys, "additionalProperties", 0);
	if (json_array_size(required) > 0)
		json_object_set(schema, "required", required);
	json_decref(required);
	add_rules(schema, form->rules);
	json_object_set_new(schema, "defaultSnippets", yaml_snippets_of_record(form, w->source->catalog));
	return schema;
}

static json_t *either_schema(struct writing *w, const struct yaml_form *form)
{
	json_t *all = json_array();
	for (const struct yaml_form *each = form->of; each->sort != YAML_END; each++)
		json_array_append_new(all, schema_of(w, each));
	return json_pack("{s:o}", "anyOf", all);
}

static json_t *plain_schema(struct writing *w, const struct yaml_form *form)
{
	switch (form->sort) {
	case YAML_TEXT:
		return text_schema(w, form);
	case YAML_FLAG:
		return json_pack("{s:s}", "type", "boolean");
	case YAML_WHOLE:
		return json_pack("{s:s}", "type", "integer");
	case YAML_REAL:
		return number_schema();
	case YAML_EQL:
	case YAML_EQL_PART:
		return condition_schema(w, form);
	case YAML_FACET:
		return facet_reference(w);
	case YAML_LIST:
		return list_schema(w, form);
	case YAML_RECORD:
		return record_schema(w, form);
	case YAML_TABLE:
		return table_schema(w, form);
	case YAML_EITHER:
		return either_schema(w, form);
	case YAML_ANYTHING:
	case YAML_END:
		break;
	}
	return json_object();
}

static json_t *schema_of(struct writing *w, const struct yaml_form *form)
{
	json_t *schema = plain_schema(w, form);
	bool single = form->sort >= YAML_TEXT && form->sort <= YAML_EQL_PART;
	if (single) {
		add_rules(schema, form->rules);
		if (form->sample != NULL)
			json_object_set_new(schema, "examples", json_pack("[s]", form->sample));
	}
	return form->flags & YAML_OR_NULL ? either(schema, json_pack("{s:s}", "type", "null")) : schema;
}

void yaml_schema_write(const struct yaml_form *form, const char *name, const char *title, const struct schema_source *source,
	struct buffer *out)
{
	struct writing w = {.source = source, .definitions = json_object()};
	json_t *schema = json_pack("{s:s, s:s+, s:s}", "$schema", "http://json-schema.org/draft-07/schema#", "$id",
		"urn:mews:schema:", name, "title", title);
	json_object_update_new(schema, schema_of(&w, form));
	if (json_object_size(w.definitions) > 0)
		json_object_set(schema, "definitions", w.definitions);
	char *text = json_dumps(schema, JSON_INDENT(1));
	buffer_string(out, text);
	buffer_char(out, '\n');
	free(text);
	json_decref(w.definitions);
	json_decref(schema);
}
