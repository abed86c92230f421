/* snapshot: see snapshot.h. */
#include "cli/snapshot.h"

#include "replay/replay.h"

#include <stdlib.h>

static int replay(struct snapshot *s, const struct options *options, const struct snapshot_options *how)
{
	struct project *project = &s->project;
	struct replay_options replay = {
		.catalog = &project->catalog,
		.keep_alerts = true,
		.name_corpus = true,
		.max_rejected = project->max_rejected,
		.progress = how->progress,
		.stopped = how->stopped,
		.stopped_context = how->context,
	};
	if (project_as_of(project, options, &replay.as_of) != 0 ||
		project_jobs(project, options, &replay.jobs, &replay.batch) != 0 ||
		project_organizations(project, options, &s->organizations, &s->organization_count) != 0 ||
		datasets_find(project, options, options->operands, options->operand_count, &s->datasets) != 0)
		return -1;
	replay.datasets = s->datasets.items;
	replay.dataset_count = s->datasets.count;
	replay.organizations = s->organizations;
	replay.organization_count = s->organization_count;
	return replay_run(&replay, &s->results, &project->diagnostics);
}

static enum snapshot_outcome take(struct snapshot *s, const struct global *global, const struct options *options,
	const struct snapshot_options *how)
{
	struct project *project = &s->project;
	if (project_begin(project, global) != 0 ||
		catalog_load(&project->catalog, project->catalog_folder, &project->diagnostics) != 0)
		return SNAPSHOT_WRONG;
	tally_run(&project->catalog, &project->arena, &s->tally);
	if (how->stopped != NULL && how->stopped(how->context))
		return SNAPSHOT_STOPPED;
	if (replay(s, options, how) == 0)
		return SNAPSHOT_GOOD;
	return project->diagnostics.errors > 0 ? SNAPSHOT_WRONG : SNAPSHOT_STOPPED;
}

struct snapshot *snapshot_take(const struct global *global, const struct options *options, const struct snapshot_options *how)
{
	struct snapshot *s = mem_alloc(sizeof *s);
	*s = (struct snapshot){0};
	s->outcome = take(s, global, options, how);
	diagnostics_sort(&s->project.diagnostics);
	return s;
}

void snapshot_free(struct snapshot *s)
{
	if (s == NULL)
		return;
	if (s->results != NULL)
		results_free(s->results);
	diagnostics_free(&s->project.diagnostics);
	catalog_free(&s->project.catalog);
	arena_free(&s->project.arena);
	free(s);
}
