/*
 * cases: the loader of tests/cases/conditions.yaml, for every test that runs an engine over the table.
 *
 * A header of static functions, since each test file stands alone. Lists and macros of the file make
 * the scope; each event is built anew by cases_event into an arena that the caller resets.
 */
#ifndef MEWS_TESTS_CASES_H
#define MEWS_TESTS_CASES_H

#include "catalog/condition.h"

#include <stdio.h>
#include <stdlib.h>

struct cases {
	struct arena arena;
	struct diagnostics diagnostics;
	struct registry registry;
	struct scope scope;
	const struct yaml *document, *items; /* items: the sequence `cases` */
};

static void cases_give_up(const struct diagnostics *d, const char *what)
{
	fprintf(stderr, "tests/cases: %s\n", what);
	diagnostics_print(d, stderr);
	abort();
}

static const struct yaml *cases_read(struct cases *cases, const char *path)
{
	struct yaml *documents;
	size_t count;
	if (yaml_parse_file(&cases->arena, path, NULL, &cases->diagnostics, &documents, &count) != 0 || count != 1)
		cases_give_up(&cases->diagnostics, path);
	return &documents[0];
}

static void cases_scope(struct cases *cases)
{
	const struct yaml *lists = yaml_get(cases->document, "lists"), *macros = yaml_get(cases->document, "macros");
	size_t list_count = lists != NULL ? lists->count : 0, macro_count = macros != NULL ? macros->count : 0;
	struct named_list *list = arena_array(&cases->arena, list_count, sizeof(*list));
	struct named_macro *macro = arena_array(&cases->arena, macro_count, sizeof(*macro));

	for (size_t i = 0; i < list_count; i++) {
		list[i].name = lists->keys[i].text;
		list[i].place = lists->keys[i].place;
		yaml_texts(&lists->items[i], &cases->arena, &cases->diagnostics, "a list", &list[i].items, &list[i].count);
	}
	for (size_t i = 0; i < macro_count; i++)
		macro[i] = (struct named_macro){macros->keys[i].text, macros->items[i].text, macros->items[i].place};
	cases->scope = (struct scope){&cases->registry, list, list_count, macro, macro_count, NULL, NULL};
}

/* Loads the registry and the table at `path`; ends the process with a message where that fails. */
__attribute__((unused)) static void cases_load(struct cases *cases, const char *path)
{
	*cases = (struct cases){0};
	const struct yaml *fields = cases_read(cases, "rulesets/fields.yaml");
	if (registry_load(&cases->registry, &cases->arena, fields, &cases->diagnostics) != 0)
		cases_give_up(&cases->diagnostics, "rulesets/fields.yaml");
	cases->document = cases_read(cases, path);
	cases->items = yaml_get(cases->document, "cases");
	cases_scope(cases);
	if (cases->items == NULL || cases->diagnostics.errors > 0)
		cases_give_up(&cases->diagnostics, path);
}

__attribute__((unused)) static void cases_free(struct cases *cases)
{
	diagnostics_free(&cases->diagnostics);
	arena_free(&cases->arena);
}

/* The condition of a case, in the arena; NULL and diagnostics where it does not parse. */
__attribute__((unused)) static struct condition *cases_condition(const struct cases *cases, const struct yaml *item, struct arena *arena,
	struct diagnostics *d)
{
	const struct yaml *source = yaml_get(item, "condition");
	struct place place = {source->place.file, 1, 1};
	return condition_parse(arena, &cases->scope, source->text, place, 0, (struct text){0}, d);
}

static void cases_field(struct event *event, struct facet *facet, struct text name, const struct yaml *value)
{
	unsigned field = registry_field(event->registry, name);
	struct diagnostics d = {0};
	struct text *texts = NULL;
	size_t count = 0;
	bool good = field != FIELD_NONE;

	if (value->kind == YAML_NULL)
		return;
	if (value->kind == YAML_SEQUENCE) {
		good = good && yaml_texts(value, event->arena, &d, "values", &texts, &count) == 0 &&
			facet_set_texts(event, facet, field, texts, count);
	} else if (value->text.length > 0) {
		good = good && facet_set_text(event, facet, field, value->text);
	}
	if (!good) {
		fprintf(stderr, "tests/cases:%u: the field %.*s cannot be set\n", value->place.line, TEXT_ARGS(name));
		abort();
	}
	diagnostics_free(&d);
}

static void cases_facet(struct event *event, const struct yaml *fields, unsigned category)
{
	const struct yaml *named = yaml_get(fields, "event.category"), *acted = yaml_get(fields, "event.action");
	bool found = true;

	if (named != NULL)
		category = registry_category(event->registry, named->text, &found);
	else if (category == CATEGORY_ANY)
		category = registry_category(event->registry, TEXT("process"), &found);
	unsigned action = event->registry->categories[category].first_action;
	if (acted != NULL)
		action = registry_action(event->registry, category, acted->text);
	if (!found || action == 0) {
		fprintf(stderr, "tests/cases:%u: unknown category or action\n", fields->place.line);
		abort();
	}
	struct facet *facet = event_add_facet(event, category, action);
	for (size_t i = 0; i < fields->count; i++)
		if (!text_is(fields->keys[i].text, "at") && !text_is(fields->keys[i].text, "id") &&
			!text_is(fields->keys[i].text, "event.category") && !text_is(fields->keys[i].text, "event.action"))
			cases_field(event, facet, fields->keys[i].text, &fields->items[i]);
}

/* Builds an event of the table; `category` is the condition's. */
__attribute__((unused)) static void cases_event(const struct cases *cases, const struct yaml *item, unsigned category, struct arena *arena,
	struct event *event)
{
	event_begin(event, arena, &cases->registry);
	if (item->kind == YAML_MAPPING)
		cases_facet(event, item, category);
	else
		for (size_t i = 0; i < item->count; i++)
			cases_facet(event, &item->items[i], category);
	event_share(event);
}

#endif
