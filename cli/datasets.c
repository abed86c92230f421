/* datasets: see datasets.h. */
#include "cli/datasets.h"

#include <string.h>
#include <sys/stat.h>

struct finding {
	struct datasets *datasets;
	const char *use; /* develop, hold-out or NULL */
	char **files;    /* operands that are plain files */
	size_t file_count;
};

static bool exists(const char *path, bool folder)
{
	struct stat status;
	return stat(path, &status) == 0 && (!folder || S_ISDIR(status.st_mode));
}

static void add_datasets(struct project *project, struct finding *f, struct dataset **list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		bool hold_out = list[i]->use == USE_HOLD_OUT;
		if (f->use != NULL && (strcmp(f->use, "hold-out") == 0) != hold_out)
			continue;
		f->datasets->items = arena_grow(&project->arena, f->datasets->items, f->datasets->count, sizeof *list);
		f->datasets->items[f->datasets->count++] = list[i];
	}
}

static int add_folder(struct project *project, struct finding *f, const char *folder)
{
	struct dataset **list = NULL;
	size_t count = 0;
	if (!exists(folder, true))
		return diagnostics_error(&project->diagnostics, ((struct place){folder, 0, 0}),
			"there is no such folder of datasets: name files to replay them as they are, or say `corpus:` in mews.yaml "
			"(verify --made-only needs none)");
	if (corpus_load(&project->arena, &project->catalog, folder, &list, &count, &project->diagnostics) != 0)
		return -1;
	if (count == 0)
		return diagnostics_error(&project->diagnostics, ((struct place){folder, 0, 0}),
			"no dataset is below this folder (a dataset is a folder with a corpus.yaml; name files to replay them as they are)");
	add_datasets(project, f, list, count);
	return 0;
}

/* A name of a dataset in the project's corpus, a folder, or a file. */
static int add_operand(struct project *project, struct finding *f, char *operand)
{
	const char *named = arena_printf(&project->arena, "%s/%s", project->corpus_folder, operand);
	if (exists(operand, true))
		return add_folder(project, f, operand);
	if (strcmp(operand, "-") != 0 && !exists(operand, false) && strchr(operand, '/') == NULL && exists(named, true))
		return add_folder(project, f, named);
	if (strcmp(operand, "-") != 0 && !exists(operand, false))
		return diagnostics_error(&project->diagnostics, ((struct place){operand, 0, 0}),
			"there is no such file, folder or dataset");
	f->files = arena_grow(&project->arena, f->files, f->file_count, sizeof *f->files);
	f->files[f->file_count++] = operand;
	return 0;
}

int datasets_find(struct project *project, const struct options *options, char *const *operands, size_t operand_count,
	struct datasets *datasets)
{
	struct finding f = {.datasets = datasets, .use = options_value(options, "use", NULL)};
	int failed = 0;
	for (size_t i = 0; i < operand_count; i++)
		failed |= add_operand(project, &f, operands[i]);
	if (operand_count == 0)
		failed = add_folder(project, &f, project->corpus_folder);
	if (failed == 0 && f.file_count > 0) {
		struct dataset *dataset = dataset_of_files(&project->arena, &project->catalog, f.files, f.file_count,
			options_value(options, "reader", NULL), options_value(options, "dialect", NULL), &project->diagnostics);
		if (dataset == NULL)
			return -1;
		add_datasets(project, &f, &dataset, 1);
	}
	if (failed == 0 && datasets->count == 0)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}), "no dataset is of use %s",
			f.use != NULL ? f.use : "");
	return failed;
}
