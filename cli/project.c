/* project: see project.h. */
#include "cli/project.h"

#include "catalog/hint.h"
#include "catalog/yaml_form.h"
#include "replay/pipeline/pipeline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct yaml_shape project_shape[] = {
	{"catalog", YAML_OPTIONAL, &yaml_any_text, "The catalog's folder, seen from this file."},
	{"corpus", YAML_OPTIONAL, &yaml_any_text, "The folder of datasets."},
	{"store", YAML_OPTIONAL, &yaml_any_text, "The SQLite file."},
	{"organizations", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = YAML_FORM(.sort = YAML_TEXT, .names = YAML_ORGANIZATIONS,
		.open = true)), "For which organizations verbs work where nobody names one; left out: all."},
	{"max_rejected", YAML_OPTIONAL, YAML_FORM(.sort = YAML_REAL, .rules = "\"minimum\":0,\"maximum\":1", .sample = "0.01"),
		"Which share of lines may be rejected before a run fails."},
	{"gates", YAML_OPTIONAL, &gates_form, "What a change of the catalog must not do: `mews replay --gate` judges it."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};

const struct yaml_form project_form = {.sort = YAML_RECORD, .shape = project_shape};

static bool is_folder(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* What `make install` put beside the program: PREFIX/share/mews/NAME for PREFIX/bin/mews. */
static const char *installed(struct arena *arena, const char *name)
{
	char program[4096];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
	program[length > 0 ? length : 0] = '\0';
	char *slash = strrchr(program, '/');
	if (slash == NULL)
		return arena_printf(arena, "/usr/local/share/mews/%s", name);
	*slash = '\0';
	return arena_printf(arena, "%s/../share/mews/%s", program, name);
}

/* Where nobody named one; where there is none at all, the one that was to be expected here. */
static const char *default_catalog(struct arena *arena)
{
	const char *with_program = installed(arena, "rulesets");
	return is_folder("rulesets") || !is_folder(with_program) ? "rulesets" : with_program;
}

/* A path that the project file gives, seen from where mews is called. */
static const char *beside(struct arena *arena, const char *file, struct text path)
{
	const char *slash = strrchr(file, '/');
	if (slash == NULL || (path.length > 0 && path.data[0] == '/'))
		return arena_strndup(arena, path.data, path.length);
	return arena_printf(arena, "%.*s/%.*s", (int)(slash - file), file, TEXT_ARGS(path));
}

static int read_path(struct project *project, const struct yaml *document, const char *file, const char *key,
	const char **path)
{
	const struct yaml *node = yaml_get(document, key);
	struct text text;
	if (node == NULL)
		return 0;
	if (yaml_text(node, &project->diagnostics, key, &text) != 0)
		return -1;
	*path = beside(&project->arena, file, text);
	return 0;
}

static int read_share(struct project *project, const struct yaml *document)
{
	const struct yaml *node = yaml_get(document, "max_rejected");
	struct text text;
	char *end = NULL;
	if (node == NULL)
		return 0;
	if (yaml_text(node, &project->diagnostics, "max_rejected", &text) != 0)
		return -1;
	project->max_rejected = strtod(arena_strndup(&project->arena, text.data, text.length), &end);
	if (text.length == 0 || end == NULL || *end != '\0' || !(project->max_rejected >= 0 && project->max_rejected <= 1))
		return yaml_error(&project->diagnostics, node, "max_rejected is a share from 0 to 1, as 0.01");
	return 0;
}

static int read_organizations(struct project *project, const struct yaml *document)
{
	const struct yaml *node = yaml_get(document, "organizations");
	struct text *names = NULL;
	if (node == NULL)
		return 0;
	if (yaml_texts(node, &project->arena, &project->diagnostics, "organizations", &names,
		    &project->organization_count) != 0)
		return -1;
	project->organizations = arena_array(&project->arena, project->organization_count + 1, sizeof *project->organizations);
	for (size_t i = 0; i < project->organization_count; i++)
		project->organizations[i] = arena_strndup(&project->arena, names[i].data, names[i].length);
	return 0;
}

/* The file's mapping, checked. NULL: reported. */
static const struct yaml *document_of(struct project *project, const char *file)
{
	struct yaml *documents = NULL;
	size_t count = 0;
	if (yaml_parse_file(&project->arena, file, NULL, &project->diagnostics, &documents, &count) != 0)
		return NULL;
	if (count != 1 || documents[0].kind != YAML_MAPPING) {
		diagnostics_error(&project->diagnostics, ((struct place){file, 1, 1}),
			"a project file is one mapping with the keys catalog, corpus, store, organizations, max_rejected and gates");
		return NULL;
	}
	return yaml_check(documents, project_shape, &project->diagnostics, "the project file") == 0 ? documents : NULL;
}

static int read_gates(struct project *project, const struct yaml *document, const struct gates **gates)
{
	const struct yaml *node = yaml_get(document, "gates");
	*gates = NULL;
	if (node == NULL)
		return 0;
	*gates = gates_read(&project->arena, node, &project->diagnostics);
	return *gates != NULL ? 0 : -1;
}

int project_gates(struct project *project, const char *file, const struct gates **gates)
{
	const struct yaml *document = document_of(project, file);
	return document != NULL ? read_gates(project, document, gates) : -1;
}

static int read_file(struct project *project, const char *file)
{
	const struct yaml *documents = document_of(project, file);
	int failed = 0;
	if (documents == NULL)
		return -1;
	failed |= read_path(project, documents, file, "catalog", &project->catalog_folder);
	failed |= read_path(project, documents, file, "corpus", &project->corpus_folder);
	failed |= read_path(project, documents, file, "store", &project->store_file);
	failed |= read_share(project, documents);
	failed |= read_organizations(project, documents);
	failed |= read_gates(project, documents, &project->gates);
	return failed;
}

int project_begin(struct project *project, const struct global *global)
{
	int failed = 0;
	*project = (struct project){.max_rejected = 0.01};
	if (global->project != NULL)
		failed = read_file(project, global->project);
	else if (access("mews.yaml", F_OK) == 0)
		failed = read_file(project, "mews.yaml");
	if (global->catalog != NULL) {
		project->catalog_folder = global->catalog;
		project->organization_count = 0; /* the project's are those of its own catalog */
	}
	if (global->store != NULL)
		project->store_file = global->store;
	if (project->catalog_folder == NULL)
		project->catalog_folder = default_catalog(&project->arena);
	if (project->corpus_folder == NULL)
		project->corpus_folder = "corpus";
	if (project->store_file == NULL)
		project->store_file = "mews.db";
	return failed;
}

/* Folder → store, where the folder's revision is not the store's current one. */
static int bring_up_to_date(struct project *project)
{
	struct diagnostics *d = &project->diagnostics;
	char current[65] = "";
	bool added = false;
	struct catalog folder = {0};
	int failed = catalog_read_folder(&folder, project->catalog_folder, d);
	if (failed == 0)
		failed = store_current_revision(project->store, current, d);
	if (failed == 0 && strcmp(current, folder.revision) != 0) {
		failed = catalog_parse(&folder, project->catalog_folder, d);
		if (failed == 0)
			failed = store_load_catalog(project->store, &folder, &added, d);
	}
	catalog_free(&folder);
	return failed;
}

/* Nothing to begin with: no store is made for that. */
static int no_catalog(struct project *project, const char *and_store)
{
	return diagnostics_error(&project->diagnostics, ((struct place){project->catalog_folder, 0, 0}),
		"no catalog is there%s: go where mews.yaml is, or name one with mews --catalog DIR", and_store);
}

int project_open(struct project *project)
{
	struct diagnostics *d = &project->diagnostics;
	struct diagnostics again = {0}; /* the folder's warnings were reported when it was loaded */
	char current[65] = "";
	if (!is_folder(project->catalog_folder) && access(project->store_file, F_OK) != 0)
		return no_catalog(project, "");
	project->store = store_open(project->store_file, d);
	if (project->store == NULL)
		return -1;
	if (is_folder(project->catalog_folder)) {
		if (bring_up_to_date(project) != 0)
			return -1;
	} else if (store_current_revision(project->store, current, d) != 0 || current[0] == '\0') {
		return no_catalog(project, arena_printf(&project->arena, ", and none in the store %s", project->store_file));
	} else {
		diagnostics_warning(d, ((struct place){project->catalog_folder, 0, 0}),
			"no catalog is there; revision %.12s serves, from the store %s", current, project->store_file);
	}
	int failed = store_read_catalog(project->store, "", project->catalog_folder, &project->catalog, &again);
	if (failed != 0)
		diagnostics_print(&again, stderr);
	diagnostics_free(&again);
	return failed != 0 ? -1 : 0;
}

int project_open_store(struct project *project)
{
	if (access(project->store_file, F_OK) != 0)
		return diagnostics_error(&project->diagnostics, ((struct place){project->store_file, 0, 0}),
			"there is no store here yet, so no run (mews replay makes both)");
	project->store = store_open(project->store_file, &project->diagnostics);
	return project->store != NULL ? 0 : -1;
}

enum exit_status project_end(struct project *project, enum exit_status status)
{
	bool wrong = project->diagnostics.errors > 0;
	fflush(stdout);
	diagnostics_sort(&project->diagnostics);
	diagnostics_print(&project->diagnostics, stderr);
	diagnostics_free(&project->diagnostics);
	catalog_free(&project->catalog);
	if (project->store != NULL)
		store_close(project->store);
	arena_free(&project->arena);
	return wrong ? EXIT_WRONG : status;
}

int project_named(struct project *project, const char *const *names, size_t named, const struct organization ***list,
	size_t *count)
{
	char words[HINT_LENGTH];
	int failed = 0;
	*count = 0;
	*list = arena_array(&project->arena, named + 1, sizeof **list);
	for (size_t i = 0; i < named; i++) {
		const struct organization *organization = catalog_organization(&project->catalog, text_of(names[i]));
		struct hint hint = {.word = text_of(names[i])};
		size_t k = 0;
		while (k < *count && (*list)[k] != organization)
			k++;
		hint_organizations(&hint, &project->catalog);
		if (organization == NULL)
			failed = diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
				"there is no organization \"%s\" in the catalog%s (mews list organizations)", names[i], hint_words(&hint, words));
		else if (k == *count)
			(*list)[(*count)++] = organization;
	}
	return failed;
}

int project_organizations(struct project *project, const struct options *options, const struct organization ***list,
	size_t *count)
{
	const char **names = NULL;
	const struct catalog *catalog = &project->catalog;
	size_t named = options_values(options, &project->arena, "org", &names);
	if (named > 0)
		return project_named(project, names, named, list, count);
	if (project->organization_count > 0)
		return project_named(project, project->organizations, project->organization_count, list, count);
	*list = arena_array(&project->arena, catalog->organization_count + 1, sizeof **list);
	for (*count = 0; *count < catalog->organization_count; (*count)++)
		(*list)[*count] = catalog->organizations[*count];
	return 0;
}

int project_as_of(struct project *project, const struct options *options, struct text *day)
{
	const char *given = options_value(options, "as-of", NULL);
	int64_t time_of_day;
	char today[16];
	time_t now = time(NULL);
	struct tm parts;
	if (given != NULL) {
		*day = text_of(given);
		if (day->length == 10 && date_parse(*day, &time_of_day))
			return 0;
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"--as-of takes a day as 2027-03-31, not \"%s\"", given);
	}
	gmtime_r(&now, &parts);
	strftime(today, sizeof today, "%Y-%m-%d", &parts);
	*day = text_of(arena_strdup(&project->arena, today));
	return 0;
}

int project_jobs(struct project *project, const struct options *options, unsigned *jobs, size_t *batch)
{
	const char *given = options_value(options, "jobs", NULL), *bytes = getenv("MEWS_TEST_BATCH");
	uint64_t number = 0;
	if (bytes != NULL && text_to_ulong_base(text_of(bytes), 10, &number) && number <= 64 << 20)
		*batch = (size_t)number;
	number = 0;
	if (given != NULL && (!text_to_ulong_base(text_of(given), 10, &number) || number < 1 || number > PIPELINE_JOBS_MAX))
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"--jobs takes a number of threads from 1 to %d, not \"%s\"", PIPELINE_JOBS_MAX, given);
	*jobs = (unsigned)number;
	return 0;
}

int project_max_rejected(struct project *project, const struct options *options, double *share)
{
	const char *given = options_value(options, "max-rejected", NULL);
	char *end = NULL;
	*share = project->max_rejected;
	if (given == NULL)
		return 0;
	*share = strtod(given, &end);
	if (*end == '%' && end != given && end[1] == '\0')
		*share /= 100;
	else if (end == given || *end != '\0')
		*share = -1;
	if (*share >= 0 && *share <= 1)
		return 0;
	return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
		"--max-rejected takes a share from 0 to 1, as 0.01 or 1%%, not \"%s\"", given);
}
