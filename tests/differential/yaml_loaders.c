/*
 * What mews's loaders say of YAML files, one at a time, for comparison with the JSON Schemas of `mews schema`:
 *
 *   yaml_loaders CATALOG < LIST        LIST has lines `KIND PATH`; a line each: `ok`, or the first error without its place
 *
 * Each file is looked at by itself, in the shipped catalog: what a loader says of one file, not what a catalog says of all.
 * The name of the file is not held against the name in it.
 */
#include "catalog/detection_test.h"
#include "catalog/exception.h"
#include "catalog/lists.h"
#include "cli/project.h"
#include "replay/readers/labels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct asking {
	struct arena arena;
	struct catalog *catalog;
	struct diagnostics d;
};

static int load_catalog_file(struct asking *a, struct text kind, struct yaml *document)
{
	struct catalog *catalog = a->catalog;
	struct registry registry = {0};
	struct scope scope = {.registry = &catalog->registry};
	struct clients clients;
	document->place.file = NULL; /* else its name would have to be that of the file */
	if (text_is(kind, "detection"))
		return detection_load(&a->arena, &catalog->scope, document, &a->d) == NULL;
	if (text_is(kind, "organization"))
		return organization_load(&a->arena, &catalog->scope, document, &a->d) == NULL;
	if (text_is(kind, "lists"))
		return lists_load_document(&a->arena, &scope, document, &a->d);
	if (text_is(kind, "fields"))
		return registry_load(&registry, &a->arena, document, &a->d);
	if (text_is(kind, "dialect"))
		return dialect_load(&a->arena, &catalog->registry, document, &a->d) == NULL;
	return clients_load(&clients, &a->arena, &catalog->registry, document, &a->d);
}

static int load_labels(struct asking *a, const char *path)
{
	struct dataset dataset = {.use = USE_NONE, .folder = "."};
	struct episode_loading loading = {.arena = &a->arena, .catalog = a->catalog, .d = &a->d, .folder = "."};
	return labels_load(&loading, path, "recorded.log", &dataset);
}

static int load_project(struct asking *a, const char *path)
{
	struct global global = {.project = path};
	struct project project;
	int failed = project_begin(&project, &global);
	for (size_t i = 0; i < project.diagnostics.count; i++)
		diagnostics_add(&a->d, project.diagnostics.items[i].severity, project.diagnostics.items[i].place, "%s",
			project.diagnostics.items[i].message);
	diagnostics_free(&project.diagnostics);
	arena_free(&project.arena);
	return failed;
}

static int load(struct asking *a, struct text kind, const char *path)
{
	struct yaml *documents = NULL;
	size_t count = 0;
	if (text_is(kind, "corpus"))
		return dataset_load(&a->arena, a->catalog, path, &a->d) == NULL;
	if (text_is(kind, "labels"))
		return load_labels(a, path);
	if (text_is(kind, "project"))
		return load_project(a, path);
	if (yaml_parse_file(&a->arena, path, NULL, &a->d, &documents, &count) != 0)
		return -1;
	return load_catalog_file(a, kind, documents);
}

static void answer(struct asking *a, char *line)
{
	struct text whole = text_trim(text_of(line));
	const size_t blank = text_find(whole, ' ');
	const char *path = arena_printf(&a->arena, "%.*s", TEXT_ARGS(text_slice(whole, blank + 1, whole.length)));
	int failed = load(a, text_slice(whole, 0, blank), path);
	const char *message = failed != 0 ? "refused without a word" : NULL;
	for (size_t i = a->d.count; i-- > 0;)
		if (a->d.items[i].severity == DIAGNOSTIC_ERROR)
			message = a->d.items[i].message;
	for (const char *at = message == NULL ? "ok" : message; *at != '\0'; at++)
		putchar(*at == '\n' ? ' ' : *at);
	putchar('\n');
	diagnostics_free(&a->d);
	a->d = (struct diagnostics){0};
	arena_reset(&a->arena);
}

int main(int argc, char **argv)
{
	static struct catalog catalog;
	struct asking asking = {.catalog = &catalog};
	char line[4096];
	if (argc != 2 || catalog_load(&catalog, argv[1], &asking.d) != 0) {
		diagnostics_print(&asking.d, stderr);
		return 2;
	}
	diagnostics_free(&asking.d);
	asking.d = (struct diagnostics){0};
	while (fgets(line, sizeof line, stdin) != NULL)
		answer(&asking, line);
	arena_free(&asking.arena);
	catalog_free(&catalog);
	return 0;
}
