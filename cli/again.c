/* again: see again.h. */
#include "cli/again.h"
#include "cli/progress.h"
#include "cli/reporting.h"
#include "replay/replay.h"

#include <string.h>
#include <unistd.h>

/* A dataset's folder, where it stood; else below the project's corpus, which may be called from elsewhere now. */
static const char *folder_of(const struct project *project, struct arena *arena, const struct dataset *dataset)
{
	const char *slash = strrchr(dataset->folder, '/');
	if (access(dataset->folder, F_OK) == 0)
		return dataset->folder;
	return arena_printf(arena, "%s/%s", project->corpus_folder, slash ? slash + 1 : dataset->folder);
}

/* The run's datasets as operands: a dataset is its folder, plain files are themselves. */
static char **operands_of(struct project *project, const struct results *results, struct text only, size_t *count)
{
	struct arena *arena = &project->arena;
	char **operands = NULL;
	*count = 0;
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct dataset *dataset = results->datasets[i].dataset;
		const bool plain = dataset->use == USE_NONE;
		if (only.length > 0 && !text_equal(only, dataset->name))
			continue;
		for (size_t k = 0; k < (plain ? dataset->file_count : 1); k++) {
			operands = arena_grow(arena, operands, *count, sizeof *operands);
			operands[(*count)++] = arena_strdup(arena, plain ? dataset->files[k] : folder_of(project, arena, dataset));
		}
	}
	return operands;
}

/* Those of the run that the catalog still has; a comparison says which are gone. */
static int take_organizations(struct project *project, const struct results *results, struct replay_options *how)
{
	const char **names = arena_array(&project->arena, results->total_count + 1, sizeof *names);
	size_t count = 0;
	for (size_t i = 0; i < results->total_count; i++) {
		const struct organization *organization = results->totals[i].organization;
		if (organization && catalog_organization(&project->catalog, organization->name))
			names[count++] = organization->name.data;
	}
	return project_named(project, names, count, &how->organizations, &how->organization_count);
}

/* Standard input was read once. */
static bool can_be_read_again(char *const *operands, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(operands[i], "-") == 0)
			return false;
	return true;
}

int again_replay(struct project *project, const struct options *options, const struct stored_run *like, struct again *again)
{
	const struct results *results = like->results;
	struct replay_options how = {.store = again->store, .keep_alerts = true, .name_corpus = true, .max_rejected = 1,
		.catalog = &project->catalog};
	struct progress progress = {.on = false};
	size_t count = 0;
	char **operands = operands_of(project, results, again->only, &count);
	if (!can_be_read_again(operands, count))
		return diagnostics_error(&project->diagnostics, (struct place){0},
			"run %lld read standard input, which cannot be read again (mews reference set a run over files)",
			(long long)like->head.id);
	if (project_as_of(project, options, &how.as_of) != 0 ||
		project_jobs(project, options, &how.jobs, &how.batch) != 0 || take_organizations(project, results, &how) != 0 ||
		datasets_find(project, options, operands, count, &again->datasets) != 0)
		return -1;
	if (again->look)
		return 0;
	how.arguments = again->arguments;
	how.complete = datasets_complete;
	how.complete_context = &again->datasets.plain;
	how.datasets = again->datasets.items;
	how.dataset_count = again->datasets.count;
	if (!again->quiet)
		progress_begin(&progress, &how);
	if (results->target != NULL) {
		again->deployment = deployment_new(project, results->target, how.organizations, how.organization_count, how.as_of);
		if (again->deployment == NULL)
			return -1;
		how.deployed = deployment_deployed(again->deployment);
	}
	int failed = replay_run(&how, &again->results, &project->diagnostics);
	progress_end(&progress);
	return failed;
}

void again_free(struct again *again)
{
	results_free(again->results);
	deployment_free(again->deployment);
	again->results = NULL;
	again->deployment = NULL;
}
