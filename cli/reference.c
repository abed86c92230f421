/* reference: the run that others are compared with. */
#include "cli/project.h"
#include "replay/runs/runs.h"

#include <stdio.h>
#include <string.h>

static int show_reference(struct project *project, const char *name)
{
	struct run_head *list;
	size_t count;
	int64_t id = 0;
	if (runs_find(project->store, name[0] ? name : "reference", &id, &project->diagnostics) != 0 ||
		runs_list(project->store, &project->arena, &list, &count, &project->diagnostics) != 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (list[i].id == id)
			printf("run %lld of %.*s, catalog %.12s, exceptions as of %.*s%s%.*s\n", (long long)id, TEXT_ARGS(list[i].started),
				list[i].revision.data, TEXT_ARGS(list[i].as_of), list[i].target.length ? ", rules for " : "",
				TEXT_ARGS(list[i].target));
	return 0;
}

static int set_reference(struct project *project, const char *run, const char *name)
{
	int64_t id = 0;
	if (runs_find(project->store, run, &id, &project->diagnostics) != 0 ||
		reference_set(project->store, id, name, &project->diagnostics) != 0)
		return -1;
	printf("run %lld is the reference%s%s now\n", (long long)id, name[0] ? " " : "", name);
	return 0;
}

static int clear_reference(struct project *project, const char *name)
{
	if (reference_clear(project->store, name, &project->diagnostics) != 0)
		return -1;
	printf("there is no reference%s%s now\n", name[0] ? " " : "", name);
	return 0;
}

/* Names that runs_find would take for something else. */
static bool is_taken(const char *name)
{
	int64_t number;
	return strcmp(name, "reference") == 0 || strncmp(name, "latest", 6) == 0 || text_to_long(text_of(name), &number);
}

static int act(struct project *project, const struct options *options, const char *what, const char *name)
{
	if (project_open_store(project) != 0)
		return -1;
	if (strcmp(what, "set") == 0)
		return set_reference(project, options->operand_count > 1 ? options->operands[1] : "latest", name);
	return strcmp(what, "clear") == 0 ? clear_reference(project, name) : show_reference(project, name);
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	const char *what = options->operand_count > 0 ? options->operands[0] : "show", *name = options_value(options, "name", "");
	bool known = strcmp(what, "set") == 0 || strcmp(what, "show") == 0 || strcmp(what, "clear") == 0;
	if (!known)
		return verb_wrong(&verb_reference, "it is set, show or clear, not \"%s\"", what);
	if (options->operand_count > (strcmp(what, "set") == 0 ? 2 : 1))
		return verb_wrong(&verb_reference, "set takes one run; show and clear take none");
	if (is_taken(name))
		return verb_wrong(&verb_reference, "a reference cannot be called \"%s\": that names a run already", name);
	int failed = project_begin(&project, global) != 0 || act(&project, options, what, name) != 0;
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"name", 0, "NAME", "a further reference under this name, for mews compare RUN NAME; gates judge against the one without"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_reference = {
	.group = GROUP_CHANGE,
	.name = "reference",
	.usage = "set [OPTION]… [RUN]\nshow|clear [OPTION]…",
	.about = "Sets, shows or clears the run that others are compared with",
	.details = "RUN is a number of mews list runs, latest (default) or latest~1. The reference is what mews compare compares "
		   "with, and what gates judge a change against.",
	.examples = "  mews reference set                    the latest run\n"
		    "  mews reference set 12 --name release-3    a run by its number, under a name\n"
		    "  mews reference show\n",
	.see = "compare replay list",
	.options = options,
	.run = run,
};
