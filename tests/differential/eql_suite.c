/*
 * eql_suite: conditions over the events of a public EQL test suite, for eql_suite.py, which judges the answers.
 *
 *   eql_suite EVENTS.json <QUERIES.json >ANSWERS.json
 *
 * The events' own names become the registry's fields, and event_type the category. A query is a list of conditions; the
 * answer to each is {"ids": […]}, the serial_event_id of the events that match (of a sequence: the last ones, by the
 * oracle; "engine": by the automata), or {"error": "…"}.
 */
#include "replay/engine/engine.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* The suite counts 100 ns since 1601. */
static const int64_t unix_epoch = INT64_C(116444736000000000);

struct suite {
	struct arena arena;
	struct catalog catalog;
	struct adopting adopting;
	struct event **events;
	size_t count;
	json_t *json;
};

static void give_up(const char *what)
{
	fprintf(stderr, "eql_suite: %s\n", what);
	exit(2);
}

/* ---- the registry ---- */

static const char *type_of(const json_t *value)
{
	const json_t *first = json_is_array(value) ? json_array_get(value, 0) : value;
	return json_is_integer(first) ? "long" : json_is_boolean(first) ? "boolean" : "keyword";
}

static void describe_fields(const struct suite *s, struct buffer *out)
{
	json_t *seen = json_object(), *event, *value;
	size_t i;
	const char *name;

	buffer_string(out, "fields:\n  \"@timestamp\": {type: date, about: x}\n  event.category: {type: keyword, about: x}\n"
		"  event.action: {type: keyword, about: x}\n  event.type: {type: keyword, about: x}\n"
		"  event.outcome: {type: keyword, about: x}\n");
	json_array_foreach(s->json, i, event) json_object_foreach(event, name, value)
	{
		if (json_object_get(seen, name) != NULL || json_is_object(value))
			continue;
		json_object_set_new(seen, name, json_true());
		buffer_printf(out, "  %s: {type: %s, list: %s, about: x}\n", name, type_of(value), json_is_array(value) ? "true" : "false");
	}
	json_decref(seen);
}

static unsigned adopt(void *context, struct text name, enum value_type type)
{
	struct suite *s = context;
	struct field field = {.name = text_copy(&s->arena, name), .type = type};
	return registry_add(&s->catalog.registry, &s->arena, &field);
}

static void make_registry(struct suite *s)
{
	static const char *const categories[] = {"process", "file", "network", "registry", "dns", "image"};
	struct buffer text = {0};
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;

	buffer_string(&text, "events:\n");
	for (size_t i = 0; i < sizeof(categories) / sizeof(categories[0]); i++)
		buffer_printf(&text, "  %s: {other: info}\n", categories[i]);
	describe_fields(s, &text);
	if (yaml_parse(&s->arena, text_copy(&s->arena, buffer_view(&text)), "suite", NULL, &d, &documents, &count) != 0 ||
		registry_load(&s->catalog.registry, &s->arena, documents, &d) != 0) {
		diagnostics_print(&d, stderr);
		give_up("the suite's fields make no registry");
	}
	s->adopting = (struct adopting){adopt, s};
	s->catalog.scope = (struct scope){.registry = &s->catalog.registry, .adopting = &s->adopting};
	diagnostics_free(&d);
	buffer_free(&text);
}

/* ---- the events ---- */

static struct text text_of_json(struct suite *s, const json_t *value)
{
	if (json_is_integer(value))
		return text_of(arena_printf(&s->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value)));
	return text_of(json_is_string(value) ? json_string_value(value) : json_is_true(value) ? "true" : "false");
}

static void set_field(struct suite *s, struct event *event, const char *name, json_t *value)
{
	unsigned field = registry_field(&s->catalog.registry, text_of(name));
	struct text one, *many;

	if (field == FIELD_NONE)
		return;
	if (!json_is_array(value)) {
		one = text_of_json(s, value);
		facet_set_text(event, event->facets[0], field, one);
		return;
	}
	many = arena_array(&s->arena, json_array_size(value) + 1, sizeof(*many));
	for (size_t i = 0; i < json_array_size(value); i++)
		many[i] = text_of_json(s, json_array_get(value, i));
	facet_set_texts(event, event->facets[0], field, many, json_array_size(value));
}

static void make_events(struct suite *s)
{
	json_t *json, *value;
	size_t i;
	const char *name;
	bool found;

	s->events = arena_array(&s->arena, json_array_size(s->json) + 1, sizeof(struct event *));
	json_array_foreach(s->json, i, json)
	{
		struct event *event = s->events[s->count++] = arena_alloc(&s->arena, sizeof(*event));
		struct text type = text_of(json_string_value(json_object_get(json, "event_type")));
		unsigned category = registry_category(&s->catalog.registry, type, &found);
		event_begin(event, &s->arena, &s->catalog.registry);
		event->time = (json_integer_value(json_object_get(json, "timestamp")) - unix_epoch) * 100;
		event->line = i + 1;
		event_add_facet(event, found ? category : 0, s->catalog.registry.categories[found ? category : 0].first_action);
		json_object_foreach(json, name, value) set_field(s, event, name, value);
		event_share(event);
	}
}

/* A query may name fields that no event has; facets that were made before must know them. */
static void make_again(struct suite *s)
{
	s->count = 0;
	make_events(s);
}

/* ---- the queries ---- */

static json_t *ids_of(const struct suite *s, const bool *matched)
{
	json_t *ids = json_array();
	for (size_t i = 0; i < s->count; i++)
		if (matched[i])
			json_array_append(ids, json_object_get(json_array_get(s->json, i), "serial_event_id"));
	return ids;
}

static void ask_engine(struct suite *s, struct condition *condition, bool *matched)
{
	struct condition *conditions[] = {condition};
	struct detection detection = {.name = TEXT("one"), .conditions = conditions, .condition_count = 1}, *detections[] = {&detection};
	const struct settled *settled;

	s->catalog.detections = detections;
	s->catalog.detection_count = 1;
	struct engine *engine = engine_new(&s->catalog);
	engine_begin(engine);
	memset(matched, 0, s->count * sizeof(*matched));
	for (size_t i = 0; i < s->count; i++) {
		struct matches matches;
		engine_match(engine, s->events[i], &matches);
		matched[i] = matches.count > 0;
	}
	engine_finish(engine);
	while ((settled = engine_settled(engine)) != NULL)
		matched[settled->event->line - 1] = true;
	engine_free(engine);
	s->catalog.detection_count = 0;
}

static json_t *ask(struct suite *s, const char *query)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	json_t *answer = json_object();
	size_t fields = s->catalog.registry.field_count;
	struct condition *condition = condition_parse(&arena, &s->catalog.scope, text_of(query), (struct place){"query", 1, 1}, 0,
		(struct text){0}, &d);

	if (condition == NULL) {
		json_object_set_new(answer, "error", json_string(d.count > 0 ? d.items[0].message : "?"));
	} else {
		struct evaluator *e = evaluator_new();
		bool *matched = mem_alloc((s->count + 1) * sizeof(*matched));
		if (s->catalog.registry.field_count != fields)
			make_again(s);
		memset(matched, 0, s->count * sizeof(*matched));
		if (condition->sequence != NULL)
			sequence_evaluate(e, condition->sequence, (const struct event *const *)s->events, s->count, matched);
		for (size_t i = 0; condition->sequence == NULL && i < s->count; i++)
			matched[i] = evaluate_condition(e, condition, s->events[i]->facets[0]);
		json_object_set_new(answer, "ids", ids_of(s, matched));
		ask_engine(s, condition, matched);
		json_object_set_new(answer, "engine", ids_of(s, matched));
		free(matched);
		evaluator_free(e);
	}
	diagnostics_free(&d);
	arena_free(&arena);
	return answer;
}

int main(int count, char **arguments)
{
	struct suite s = {0};
	json_error_t error;
	json_t *queries, *query, *condition, *answers = json_array();
	size_t i, k;

	if (count != 2 || (s.json = json_load_file(arguments[1], 0, &error)) == NULL)
		give_up("the events cannot be read");
	if ((queries = json_loadf(stdin, 0, &error)) == NULL)
		give_up("the queries cannot be read");
	make_registry(&s);
	make_events(&s);
	json_array_foreach(queries, i, query)
	{
		json_t *list = json_array();
		json_array_foreach(query, k, condition) json_array_append_new(list, ask(&s, json_string_value(condition)));
		json_array_append_new(answers, list);
	}
	json_dumpf(answers, stdout, JSON_INDENT(1));
	json_decref(answers);
	json_decref(queries);
	json_decref(s.json);
	arena_free(&s.arena);
	return 0;
}
