/* report: a stored run in any format. */
#include "cli/reporting.h"
#include "replay/runs/runs_events.h"

static int report(struct project *project, const struct reporting *reporting, const char *name)
{
	struct diagnostics *d = &project->diagnostics;
	struct stored_run *run = NULL;
	int64_t id = 0;
	const enum run_depth depth = reporting_lists_alerts(reporting) ? RUN_WHOLE : RUN_FIGURES;
	if (project_open_store(project) != 0 || runs_find(project->store, name, &id, d) != 0 ||
		runs_read_deep(project->store, id, depth, &run, d) != 0)
		return -1;
	if (run->head.lacks != NULL)
		diagnostics_warning(d, ((struct place){project->store_file, 0, 0}), "run %lld lacks %s", (long long)id,
			run->head.lacks);
	if (depth == RUN_WHOLE)
		runs_events(run, d);
	int failed = reporting_name_alerts(reporting, run->results, d);
	failed |= reporting_write(project, reporting, run->results);
	stored_run_free(run);
	return failed;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct reporting reporting;
	if (reporting_begin(&reporting, &verb_report, options) != 0)
		return EXIT_WRONG;
	if (options->operand_count > 1)
		return verb_wrong(&verb_report, "one run at a time");
	const char *name = options->operand_count > 0 ? options->operands[0] : "latest";
	int failed = project_begin(&project, global) != 0 || report(&project, &reporting, name) != 0;
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	REPORTING_OPTIONS,
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_report = {
	.group = GROUP_MEASURE,
	.name = "report",
	.usage = "[OPTION]… [RUN]",
	.about = "Writes the report of a stored run, in any format",
	.details = "RUN is a number of mews list runs, latest (default), latest~1 (the one before it), reference, or the name of a "
		   "reference. Nothing is replayed: the figures are those that the run had, with the catalog as it was then.",
	.examples = "  mews report                              the latest run, as a table\n"
		    "  mews report latest~1 --format json       the one before it\n"
		    "  mews report reference --html before.html    the reference, as a page\n",
	.see = "replay compare list",
	.options = options,
	.run = run,
};
