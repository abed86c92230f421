/* yaml_snippet: see yaml_snippet.h. */
#include "catalog/yaml_snippet.h"

#include <string.h>

struct filling {
	const struct catalog *catalog;
	unsigned place; /* the newest place to fill in */
};

static json_t *value_of(struct filling *f, const struct yaml_form *form);

/* `$`, `}` and `\` mean something in a place's text. */
static void add_escaped(const char *text, struct buffer *out)
{
	for (; *text != '\0'; text++) {
		if (strchr("$}\\", *text) != NULL)
			buffer_char(out, '\\');
		buffer_char(out, *text);
	}
}

static json_t *finished(struct buffer *text)
{
	json_t *string = json_stringn(text->data, text->length);
	buffer_free(text);
	return string;
}

static json_t *place(struct filling *f, const char *sample)
{
	struct buffer text = {0};
	buffer_printf(&text, "${%u:", ++f->place);
	add_escaped(sample, &text);
	buffer_char(&text, '}');
	return finished(&text);
}

static json_t *choice(struct filling *f, const char *const *words)
{
	struct buffer text = {0};
	buffer_printf(&text, "${%u|", ++f->place);
	for (size_t i = 0; words[i] != NULL; i++)
		buffer_printf(&text, "%s%s", i > 0 ? "," : "", words[i]);
	buffer_string(&text, "|}");
	return finished(&text);
}

static void add_actions(struct filling *f, const struct registry *registry, unsigned category, struct buffer *out)
{
	const struct category *known = &registry->categories[category];
	buffer_printf(out, "${%u|", ++f->place);
	for (unsigned i = 0; i < known->action_count; i++)
		buffer_printf(out, "%s%.*s", i > 0 ? "," : "", TEXT_ARGS(registry->actions[known->first_action + i].name));
	buffer_string(out, "|}");
}

static json_t *facet(struct filling *f, const struct registry *registry, unsigned category)
{
	struct buffer actions = {0};
	add_actions(f, registry, category, &actions);
	return json_pack("{s:s%, s:o}", "event.category", registry->categories[category].name.data,
		registry->categories[category].name.length, "event.action", finished(&actions));
}

static json_t *record(struct filling *f, const struct yaml_form *form)
{
	json_t *keys = json_object();
	for (const struct yaml_shape *row = form->shape; row->key != NULL; row++)
		if (row->need == YAML_REQUIRED || strcmp(row->key, "event") == 0)
			json_object_set_new(keys, row->key, value_of(f, row->form));
	return keys;
}

static json_t *table(struct filling *f, const struct yaml_form *form)
{
	json_t *key = place(f, form->sample != NULL ? form->sample : "name"), *keys = json_object();
	json_object_set_new(keys, json_string_value(key), value_of(f, form->of));
	json_decref(key);
	return keys;
}

static json_t *value_of(struct filling *f, const struct yaml_form *form)
{
	if (form->sort == YAML_EITHER)
		return value_of(f, form->of);
	if (form->sort == YAML_LIST)
		return json_pack("[o]", value_of(f, form->of));
	if (form->sort == YAML_RECORD)
		return record(f, form);
	if (form->sort == YAML_TABLE)
		return table(f, form);
	if (form->sort == YAML_FACET && f->catalog != NULL)
		return facet(f, &f->catalog->registry, 1);
	if (form->words != NULL)
		return choice(f, form->words);
	return place(f, form->sample != NULL ? form->sample : "");
}

json_t *yaml_snippets_of_record(const struct yaml_form *form, const struct catalog *catalog)
{
	struct filling f = {.catalog = catalog};
	json_t *body = record(&f, form);
	if (json_object_size(body) == 0 && form->shape->key != NULL)
		json_object_set_new(body, form->shape->key, value_of(&f, form->shape->form));
	return json_pack("[{s:s, s:s, s:o}]", "label", "new", "description", "the keys that must be there", "body", body);
}

json_t *yaml_snippets_of_events(const struct registry *registry)
{
	json_t *all = json_array();
	for (unsigned i = 1; i < registry->category_count; i++) {
		struct filling f = {0};
		struct text name = registry->categories[i].name;
		json_array_append_new(all, json_pack("{s:o, s:o}", "label", json_sprintf("%.*s event", TEXT_ARGS(name)), "body",
			facet(&f, registry, i)));
	}
	return all;
}

json_t *yaml_snippets_of_conditions(const struct catalog *catalog, bool whole)
{
	if (catalog == NULL || !whole)
		return NULL;
	json_t *all = json_array();
	for (unsigned i = 1; i < catalog->registry.category_count; i++) {
		struct filling f = {0};
		struct text name = catalog->registry.categories[i].name;
		struct buffer body = {0};
		buffer_printf(&body, "%.*s where event.action == \"", TEXT_ARGS(name));
		add_actions(&f, &catalog->registry, i, &body);
		buffer_string(&body, "\" and ${2:process.name} == \"${3:value}\"");
		json_array_append_new(all, json_pack("{s:o, s:o}", "label", json_sprintf("%.*s where …", TEXT_ARGS(name)), "body",
			finished(&body)));
	}
	return all;
}
