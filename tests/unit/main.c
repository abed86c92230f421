/*
 * The unit tests' program: runs all suites, or those that its arguments name, and closes with
 * `N passed, N failed, N skipped`. Run it from the root of the repository.
 */
#include "tests/unit/unit.h"

#include <CUnit/Basic.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUITE(name) void suite_##name(void);
#include "suites.h"
#undef SUITE

static const struct {
	const char *name;
	void (*add)(void);
} suites[] = {
#define SUITE(name) {#name, suite_##name},
#include "suites.h"
#undef SUITE
};

enum { SUITE_COUNT = sizeof suites / sizeof suites[0] };

CU_pSuite unit_suite(const char *name)
{
	CU_pSuite suite = CU_add_suite(name, NULL, NULL);
	if (!suite) {
		fprintf(stderr, "unit: no suite %s: %s\n", name, CU_get_error_msg());
		exit(2);
	}
	return suite;
}

void unit_add(CU_pSuite suite, const char *name, CU_TestFunc function)
{
	if (!CU_add_test(suite, name, function)) {
		fprintf(stderr, "unit: no test %s: %s\n", name, CU_get_error_msg());
		exit(2);
	}
}

static bool complain(bool fine, const char *file, unsigned line, struct text got, const char *verb, struct text expected)
{
	if (!fine)
		printf("\n    %s:%u: got \"%.*s\", expected %s\"%.*s\"", file, line, TEXT_ARGS(got), verb,
			TEXT_ARGS(expected));
	return fine;
}

bool unit_text(struct text got, struct text expected, const char *file, unsigned line)
{
	return complain(text_equal(got, expected), file, line, got, "", expected);
}

bool unit_contains(struct text got, struct text part, const char *file, unsigned line)
{
	return complain(text_contains(got, part, false), file, line, got, "a text with ", part);
}

bool unit_long(int64_t got, int64_t expected, const char *file, unsigned line)
{
	if (got != expected)
		printf("\n    %s:%u: got %lld, expected %lld", file, line, (long long)got, (long long)expected);
	return got == expected;
}

static _Noreturn void give_up(const struct diagnostics *d, const char *what)
{
	diagnostics_print(d, stderr);
	fprintf(stderr, "unit: %s\n", what);
	abort();
}

const struct registry *unit_registry(struct arena *arena)
{
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;
	struct registry *registry = arena_alloc(arena, sizeof *registry);
	if (yaml_parse_file(arena, "rulesets/fields.yaml", NULL, &d, &documents, &count) || count != 1)
		give_up(&d, "rulesets/fields.yaml cannot be read");
	if (registry_load(registry, arena, &documents[0], &d))
		give_up(&d, "rulesets/fields.yaml is no registry");
	diagnostics_free(&d);
	return registry;
}

void unit_clients(struct arena *arena, const struct registry *registry, struct clients *clients)
{
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;
	if (yaml_parse_file(arena, "rulesets/clients.yaml", NULL, &d, &documents, &count) || count != 1)
		give_up(&d, "rulesets/clients.yaml cannot be read");
	if (clients_load(clients, arena, registry, &documents[0], &d))
		give_up(&d, "rulesets/clients.yaml holds no clients");
	diagnostics_free(&d);
}

unsigned unit_field(const struct registry *registry, const char *name)
{
	unsigned field = registry_field(registry, text_of(name));
	if (!field)
		give_up(&(struct diagnostics){0}, name);
	return field;
}

unsigned unit_category(const struct registry *registry, const char *name)
{
	bool found;
	unsigned category = registry_category(registry, text_of(name), &found);
	if (!found)
		give_up(&(struct diagnostics){0}, name);
	return category;
}

unsigned unit_action(const struct registry *registry, const char *category, const char *action)
{
	unsigned number = registry_action(registry, unit_category(registry, category), text_of(action));
	if (!number)
		give_up(&(struct diagnostics){0}, action);
	return number;
}

struct yaml *unit_yaml(struct arena *arena, const char *source)
{
	struct diagnostics d = {0};
	struct yaml *documents;
	size_t count;
	if (yaml_parse(arena, text_of(source), "test.yaml", NULL, &d, &documents, &count) || count != 1)
		give_up(&d, "the test's YAML cannot be read");
	diagnostics_free(&d);
	return documents;
}

struct text unit_printed(struct arena *arena, const struct diagnostics *d)
{
	char *data = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&data, &length);
	if (!out)
		abort();
	diagnostics_print(d, out);
	fclose(out);
	struct text printed = text_copy(arena, (struct text){data, length});
	free(data);
	return printed;
}

static void remove_all(const char *path)
{
	struct stat status;
	struct arena arena = {0};
	if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
		DIR *folder = opendir(path);
		for (struct dirent *entry = folder ? readdir(folder) : NULL; entry; entry = readdir(folder))
			if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
				remove_all(arena_printf(&arena, "%s/%s", path, entry->d_name));
		if (folder)
			closedir(folder);
	}
	remove(path);
	arena_free(&arena);
}

static void release_folder(void *path)
{
	remove_all(path);
	free(path);
}

const char *unit_folder(struct arena *arena)
{
	const char *base = getenv("TMPDIR");
	struct buffer path = {0};
	buffer_printf(&path, "%s/mews-unit-XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(path.data))
		give_up(&(struct diagnostics){0}, "no temporary folder can be made");
	arena_defer(arena, release_folder, path.data);
	return path.data;
}

const char *unit_file(struct arena *arena, const char *folder, const char *name, struct text content)
{
	char *path = arena_printf(arena, "%s/%s", folder, name);
	for (char *slash = strchr(path + strlen(folder) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(path, 0700);
		*slash = '/';
	}
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(content.data, 1, content.length, file) != content.length)
		give_up(&(struct diagnostics){0}, "a test's file cannot be written");
	fclose(file);
	return path;
}

static bool is_chosen(const char *name, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (strcmp(name, argv[i]) == 0)
			return true;
	return argc < 2;
}

int main(int argc, char **argv)
{
	size_t chosen = 0;
	if (CU_initialize_registry() != CUE_SUCCESS)
		return 2;
	for (size_t i = 0; i < SUITE_COUNT; i++) {
		if (is_chosen(suites[i].name, argc, argv)) {
			suites[i].add();
			chosen++;
		}
	}
	if (chosen < (size_t)(argc > 1 ? argc - 1 : 1)) {
		fprintf(stderr, "unit: no such suite among the arguments\n");
		return 2;
	}
	CU_basic_set_mode(CU_BRM_NORMAL);
	CU_basic_run_tests();
	unsigned run = CU_get_number_of_tests_run(), failed = CU_get_number_of_tests_failed();
	CU_cleanup_registry();
	printf("%u passed, %u failed, 0 skipped\n", run - failed, failed);
	return failed ? 1 : 0;
}
