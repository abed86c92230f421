/* rulefile: detection rules as Elastic keeps them. */
#include "generator/elastic/rulefile.h"

#include <string.h>

static struct text text_at(struct arena *arena, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		return TEXT("");
	return text_trim(text_of(arena_strndup(arena, json_string_value(value), json_string_length(value))));
}

static void add_text(struct arena *arena, struct texts *texts, struct text text)
{
	struct text *items = arena_grow(arena, (void *)(uintptr_t)texts->items, texts->count, sizeof(*items));

	items[texts->count] = text;
	*texts = (struct texts){items, texts->count + 1};
}

/* One text, or a list of them. */
static struct texts texts_at(struct arena *arena, const json_t *object, const char *key)
{
	const json_t *list = json_object_get(object, key);
	struct texts texts = {NULL, 0};

	if (json_is_string(list))
		add_text(arena, &texts, text_at(arena, object, key));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		if (json_is_string(item) && json_string_length(item) > 0)
			add_text(arena, &texts, text_trim(text_of(arena_strdup(arena, json_string_value(item)))));
	}
	return texts;
}

/* 2024/03/13, 2024-03-13T… → 2024-03-13 */
static struct text date_of(struct arena *arena, struct text text)
{
	struct text digits = text_slice(text, 0, 10);
	char *date = arena_strndup(arena, digits.data != NULL ? digits.data : "", digits.length);

	for (size_t i = 0; i < digits.length; i++) {
		if ((i == 4 || i == 7) && (date[i] == '/' || date[i] == '-'))
			date[i] = '-';
		else if (date[i] < '0' || date[i] > '9')
			return TEXT("");
	}
	return digits.length == 10 ? text_of(date) : TEXT("");
}

static enum severity severity_of(struct text name)
{
	enum severity severity = SEVERITY_MEDIUM;

	severity_from_name(name, &severity);
	return severity;
}

static enum status status_of(struct text maturity)
{
	if (text_is(maturity, "production"))
		return STATUS_STABLE;
	return text_is(maturity, "deprecated") ? STATUS_DEPRECATED : STATUS_EXPERIMENTAL;
}

static void add_technique(struct arena *arena, struct texts *texts, struct text id)
{
	for (size_t i = 0; i < texts->count; i++) {
		if (text_equal(texts->items[i], id))
			return;
	}
	if (id.length >= 5 && id.data[0] == 'T')
		add_text(arena, texts, id);
}

/* A technique's sub-techniques, or itself where it has none. */
static void add_techniques(struct arena *arena, struct texts *texts, const json_t *technique)
{
	const json_t *subs = json_object_get(technique, "subtechnique");

	for (size_t i = 0; i < json_array_size(subs); i++)
		add_technique(arena, texts, text_at(arena, json_array_get(subs, i), "id"));
	if (json_array_size(subs) == 0)
		add_technique(arena, texts, text_at(arena, technique, "id"));
}

static struct texts techniques_of(struct arena *arena, const json_t *threat)
{
	struct texts texts = {NULL, 0};

	for (size_t i = 0; i < json_array_size(threat); i++) {
		const json_t *list = json_object_get(json_array_get(threat, i), "technique");

		for (size_t k = 0; k < json_array_size(list); k++)
			add_techniques(arena, &texts, json_array_get(list, k));
	}
	return texts;
}

static struct text joined_authors(struct arena *arena, struct texts authors)
{
	struct buffer out = {0};

	for (size_t i = 0; i < authors.count; i++)
		buffer_printf(&out, "%s%.*s", i > 0 ? ", " : "", TEXT_ARGS(authors.items[i]));
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

void elastic_rule_read(struct arena *arena, const json_t *rule, const json_t *metadata, struct elastic_rule *out)
{
	struct text created = text_at(arena, metadata != NULL ? metadata : rule, metadata != NULL ? "creation_date" : "created_at");
	struct text updated = text_at(arena, metadata != NULL ? metadata : rule, metadata != NULL ? "updated_date" : "updated_at");

	*out = (struct elastic_rule){
		.id = text_at(arena, rule, "rule_id"),
		.name = text_at(arena, rule, "name"),
		.description = text_at(arena, rule, "description"),
		.type = text_at(arena, rule, "type"),
		.language = text_at(arena, rule, "language"),
		.query = text_at(arena, rule, "query"),
		.author = joined_authors(arena, texts_at(arena, rule, "author")),
		.date = date_of(arena, created),
		.modified = date_of(arena, updated),
		.from = text_at(arena, rule, "from"),
		.severity = severity_of(text_at(arena, rule, "severity")),
		.status = status_of(text_at(arena, metadata, "maturity")),
		.indices = texts_at(arena, rule, "index"),
		.techniques = techniques_of(arena, json_object_get(rule, "threat")),
		.references = texts_at(arena, rule, "references"),
		.false_positives = texts_at(arena, rule, "false_positives"),
		.filters = json_array_size(json_object_get(rule, "filters")) > 0,
		.exceptions = json_array_size(json_object_get(rule, "exceptions_list")) > 0,
	};
}
