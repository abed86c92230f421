/* datasets: see datasets.h. */
#include "cli/datasets.h"

#include "catalog/hint.h"
#include "replay/readers/files.h"

#include <string.h>
#include <sys/stat.h>

enum { TOLD_SINGLY = 8, SKIPPED_SHOWN = 10 };

struct finding {
	struct datasets *datasets;
	const char *use; /* develop, hold-out or NULL */
};

static bool exists(const char *path, bool folder)
{
	struct stat status;
	return stat(path, &status) == 0 && (!folder || S_ISDIR(status.st_mode));
}

static void add_datasets(struct project *project, struct finding *f, struct dataset **list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (f->use != NULL && strcmp(f->use, dataset_use_name(list[i]->use)) != 0)
			continue;
		f->datasets->items = arena_grow(&project->arena, f->datasets->items, f->datasets->count, sizeof *list);
		f->datasets->items[f->datasets->count++] = list[i];
	}
}

static int load_folder(struct project *project, const char *folder, struct dataset ***list, size_t *count)
{
	return corpus_load(&project->arena, &project->catalog, folder, list, count, &project->diagnostics);
}

/* The project's whole corpus. */
static int add_corpus(struct project *project, struct finding *f)
{
	const char *folder = project->corpus_folder;
	struct dataset **list = NULL;
	size_t count = 0;
	if (!exists(folder, true))
		return diagnostics_error(&project->diagnostics, ((struct place){folder, 0, 0}),
			"there is no such folder of datasets: name files to replay them as they are, or say `corpus:` in mews.yaml "
			"(verify --made-only needs none)");
	if (load_folder(project, folder, &list, &count) != 0)
		return -1;
	if (count == 0)
		return diagnostics_error(&project->diagnostics, ((struct place){folder, 0, 0}),
			"no dataset is below this folder (a dataset is a folder with a corpus.yaml; name files to replay them as they are)");
	add_datasets(project, f, list, count);
	return 0;
}

/* Datasets where there are some, else the files below it as they are. */
static int add_folder(struct project *project, struct finding *f, const char *folder)
{
	struct dataset **list = NULL;
	size_t count = 0;
	if (load_folder(project, folder, &list, &count) != 0)
		return -1;
	if (count == 0)
		plain_add_below(&f->datasets->plain, folder);
	add_datasets(project, f, list, count);
	return 0;
}

static int add_glob(struct project *project, struct finding *f, const char *operand)
{
	char **paths = NULL;
	size_t count = 0;
	int failed = 0;
	if (files_expand(&project->arena, operand, &paths, &count) == 0)
		return diagnostics_error(&project->diagnostics, ((struct place){operand, 0, 0}), "nothing is called so");
	for (size_t i = 0; i < count; i++)
		if (exists(paths[i], true))
			failed |= add_folder(project, f, paths[i]);
		else
			plain_add(&f->datasets->plain, paths[i]);
	return failed;
}

/* The corpus's datasets by their folders, which is how they are named here. */
static void hint_datasets(struct hint *hint, const char *corpus, struct arena *arena)
{
	char **paths = NULL;
	size_t count = 0;
	files_expand(arena, arena_printf(arena, "%s/*", corpus), &paths, &count);
	for (size_t i = 0; i < count; i++)
		if (exists(paths[i], true))
			hint_offer(hint, text_of(strrchr(paths[i], '/') + 1));
}

/* A folder, a file, a dataset of the project's corpus by its name, or a glob. */
static int add_operand(struct project *project, struct finding *f, const char *operand)
{
	const char *named = arena_printf(&project->arena, "%s/%s", project->corpus_folder, operand);
	if (exists(operand, true))
		return add_folder(project, f, operand);
	if (strcmp(operand, "-") == 0 || exists(operand, false)) {
		plain_add(&f->datasets->plain, operand);
		return 0;
	}
	if (strchr(operand, '/') == NULL && exists(named, true))
		return add_folder(project, f, named);
	if (files_is_glob(operand))
		return add_glob(project, f, operand);
	struct hint hint = {.word = text_of(operand)};
	char words[HINT_LENGTH];
	hint_datasets(&hint, project->corpus_folder, &project->arena);
	return diagnostics_error(&project->diagnostics, ((struct place){operand, 0, 0}),
		"there is no such file, folder or dataset%s", hint_words(&hint, words));
}

/* --year: what times without one begin with. */
static int take_year(struct project *project, const struct options *options, int *year)
{
	const char *value = options_value(options, "year", NULL);
	int64_t number = 0;
	if (value != NULL && (!text_to_long(text_of(value), &number) || number < 1970 || number > 2261))
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"--year is that of the first line, as 2026");
	*year = (int)number;
	return 0;
}

static int add_plain(struct project *project, struct finding *f, const struct options *options)
{
	const struct format_wish wish = {options_value(options, "reader", NULL), options_value(options, "dialect", NULL)};
	struct dataset **list = NULL;
	size_t count = 0;
	if (f->datasets->plain.count == 0)
		return 0;
	if (take_year(project, options, &f->datasets->plain.year) != 0 ||
		plain_tell(&f->datasets->plain, &wish, &project->diagnostics) != 0 ||
		plain_datasets(&f->datasets->plain, &list, &count, &project->diagnostics) != 0)
		return -1;
	add_datasets(project, f, list, count);
	return 0;
}

int datasets_find(struct project *project, const struct options *options, char *const *operands, size_t operand_count,
	struct datasets *datasets)
{
	struct finding f = {.datasets = datasets, .use = options_value(options, "use", NULL)};
	int failed = 0;
	if (f.use != NULL && strcmp(f.use, "develop") != 0 && strcmp(f.use, "hold-out") != 0)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"--use takes develop or hold-out, not \"%s\"", f.use);
	datasets->plain = (struct plain){
		.arena = &project->arena, .catalog = &project->catalog, .follow = datasets->follow};
	for (size_t i = 0; i < operand_count; i++)
		failed |= add_operand(project, &f, operands[i]);
	if (operand_count == 0)
		failed = add_corpus(project, &f);
	if (failed == 0)
		failed = add_plain(project, &f, options);
	for (size_t i = 0; failed == 0 && datasets->follow != NULL && i < datasets->count; i++)
		if (!datasets->items[i]->live)
			failed = diagnostics_error(&project->diagnostics, datasets->items[i]->place,
				"a dataset is a recording that has ended: --follow takes plain files");
	if (failed == 0 && datasets->count == 0)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}), "no dataset is of use %s%s",
			f.use != NULL ? f.use : "", datasets->plain.count > 0 ? " (plain files are of none)" : "");
	return failed;
}

int datasets_complete(void *context, struct results *results, struct diagnostics *d)
{
	const struct plain *plain = context;
	struct skipped_file *list = arena_array(&results->arena, plain->count + 1, sizeof *list);
	(void)d;
	results->skipped = list;
	for (size_t i = 0; i < plain->count; i++)
		if (plain->files[i].skipped != NULL)
			list[results->skipped_count++] = (struct skipped_file){plain->files[i].path, plain->files[i].skipped};
	return 0;
}

static void tell_line(const char *path, const char *what, FILE *out)
{
	diagnostic_print_safely(strcmp(path, "-") == 0 ? "standard input" : path, out);
	fputs(": ", out);
	diagnostic_print_safely(what, out);
	fputc('\n', out);
}

static void tell_skipped(const struct plain *plain, bool all, FILE *out)
{
	size_t skipped = 0;
	for (size_t i = 0; i < plain->count; i++) {
		const struct plain_file *file = &plain->files[i];
		if (file->skipped == NULL || (++skipped > SKIPPED_SHOWN && !all))
			continue;
		fputs("skipped ", out);
		tell_line(file->path, file->skipped, out);
	}
	if (skipped > SKIPPED_SHOWN && !all)
		fprintf(out, "… and %zu more files are skipped (--wide lists all)\n", skipped - SKIPPED_SHOWN);
}

void datasets_tell(const struct datasets *datasets, bool all, FILE *out)
{
	const struct plain *plain = &datasets->plain;
	size_t read = 0;
	for (size_t i = 0; i < plain->count; i++)
		read += plain->files[i].skipped == NULL;
	for (size_t i = 0; i < plain->count && (all || read <= TOLD_SINGLY); i++)
		if (plain->files[i].skipped == NULL)
			tell_line(plain->files[i].path, plain->files[i].told.what, out);
	for (size_t i = 0; i < datasets->count && !all && read > TOLD_SINGLY; i++) {
		const struct dataset *dataset = datasets->items[i];
		const struct dialect *dialect = dataset->sources[0].options.dialect;
		if (dataset->use == USE_NONE)
			fprintf(out, "%zu file%s read as %s%s%s, from %s on\n", dataset->file_count, dataset->file_count == 1 ? "" : "s",
				dataset_format(dataset), dialect != NULL ? ", dialect " : "", dialect != NULL ? dialect->name.data : "",
				dataset->files[0]);
	}
	tell_skipped(plain, all, out);
}
