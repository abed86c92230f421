/*
 * Any bytes, loaded as a detection, an organization and as lists. What is loaded must be whole: every
 * condition has a tree that prints and parses back, every test an event, and NULL means that an error was
 * reported.
 */
#include "catalog/catalog.h"
#include "catalog/lists.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char fields[] =
	"events:\n"
	"  process: {exec: start, other: info}\n"
	"  container: {run: start, other: info}\n"
	"fields:\n"
	"  '@timestamp': {type: date, shared: true, about: a}\n"
	"  event.category: {type: keyword, about: a}\n"
	"  event.action: {type: keyword, about: a}\n"
	"  event.type: {type: keyword, about: a}\n"
	"  event.outcome: {type: keyword, about: a}\n"
	"  user.name: {type: keyword, shared: true, about: a}\n"
	"  process.name: {type: keyword, about: a}\n"
	"  process.args: {type: keyword, list: true, about: a}\n"
	"  process.pid: {type: long, about: a}\n"
	"  process.in_container: {type: boolean, about: a}\n"
	"  destination.ip: {type: ip, about: a}\n"
	"  container.image.name: {type: keyword, about: a}\n"
	"  container.mounts: {type: keyword, list: true, path: true, about: a}\n";

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_condition(struct arena *arena, const struct scope *scope, const struct condition *condition)
{
	struct buffer once = {0}, twice = {0};
	struct diagnostics d = {0};
	condition_print(condition, scope->registry, &once);
	struct condition *again = condition_parse(arena, scope, buffer_view(&once), (struct place){0}, 0, (struct text){0}, &d);
	must(again != NULL);
	condition_print(again, scope->registry, &twice);
	must(text_equal(buffer_view(&once), buffer_view(&twice)));
	buffer_free(&once);
	buffer_free(&twice);
	diagnostics_free(&d);
}

static void check_detection(struct arena *arena, const struct scope *scope, const struct detection *detection)
{
	must(detection->name.length && detection->condition_count && detection->test_count >= 2);
	for (size_t i = 0; i < detection->condition_count; i++)
		check_condition(arena, scope, detection->conditions[i]);
	for (size_t i = 0; i < detection->exception_count; i++)
		must(exception_covers(&detection->exceptions[i], detection));
	for (size_t i = 0; i < detection->test_count; i++) {
		struct event event;
		event_begin(&event, arena, scope->registry);
		detection_test_event(&detection->tests[i], &event);
		must(event.facet_count == detection->tests[i].facet_count && event.unfilled == 0);
		must((detection->tests[i].facet_count == 0) == (detection->tests[i].event_count > 0));
		for (size_t k = 0; k < detection->tests[i].event_count; k++) {
			event_begin(&event, arena, scope->registry);
			test_event_make(&detection->tests[i].events[k], &event);
			must(event.facet_count > 0 && event.unfilled == 0 && event.time != INT64_MIN);
		}
	}
}

static void check_organization(struct arena *arena, const struct scope *scope, const struct organization *organization)
{
	struct scope own = {.registry = scope->registry, .lists = organization->lists,
		.list_count = organization->list_count, .outer = scope};
	for (size_t i = 0; i < organization->exception_count; i++) {
		check_condition(arena, &own, organization->exceptions[i].condition);
		exception_shared_only(&organization->exceptions[i], scope->registry);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct yaml_limits limits = {.bytes = 1 << 16, .depth = 16, .nodes = 5000};
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct registry registry = {0};
	struct scope scope = {.registry = &registry};
	struct yaml *documents;
	size_t count;
	must(!yaml_parse(&arena, TEXT(fields), "fields", NULL, &d, &documents, &count));
	must(!registry_load(&registry, &arena, documents, &d));
	if (!yaml_parse(&arena, (struct text){(const char *)data, size}, "fuzz.yaml", &limits, &d, &documents, &count) && count) {
		size_t errors = d.errors;
		int listed = lists_load_document(&arena, &scope, documents, &d);
		must((listed == 0) == (d.errors == errors));
		if (listed)
			scope = (struct scope){.registry = &registry};
		errors = d.errors;
		/* The name is that of the file; only a first document that says `name: fuzz` gets through. */
		const struct detection *detection = detection_load(&arena, &scope, documents, &d);
		must((detection != NULL) == (d.errors == errors));
		errors = d.errors;
		const struct organization *organization = organization_load(&arena, &scope, documents, &d);
		must((organization != NULL) == (d.errors == errors));
		if (detection)
			check_detection(&arena, &scope, detection);
		if (organization)
			check_organization(&arena, &scope, organization);
	}
	diagnostics_sort(&d);
	diagnostics_free(&d);
	arena_free(&arena);
	return 0;
}
