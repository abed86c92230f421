/* load: catalog → store, all or nothing. */
#include "cli/project.h"

static enum exit_status load(struct project *project)
{
	struct diagnostics *d = &project->diagnostics;
	bool added = false;
	if (catalog_load(&project->catalog, project->catalog_folder, d) != 0)
		return EXIT_WRONG;
	project->store = store_open(project->store_file, d);
	if (project->store == NULL || store_load_catalog(project->store, &project->catalog, &added, d) != 0)
		return EXIT_WRONG;
	printf("%s: revision %.12s %s: %zu detections, %zu organizations, %zu dialects from %s\n", project->store_file,
		project->catalog.revision, added ? "loaded" : "was there already", project->catalog.detection_count,
		project->catalog.organization_count, project->catalog.dialect_count, project->catalog_folder);
	return EXIT_FINE;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	enum exit_status status = EXIT_WRONG;
	if (options->operand_count > 1)
		return verb_wrong(&verb_load, "one catalog folder at a time");
	if (project_begin(&project, global) == 0) {
		if (options->operand_count == 1)
			project.catalog_folder = options->operands[0];
		status = load(&project);
	}
	status = project_end(&project, status);
	if (status != EXIT_FINE)
		fprintf(stderr, "mews load: nothing was stored\n");
	return status;
}

static const struct option_spec options[] = {OPTION_HELP, OPTION_END};

const struct verb verb_load = {
	.group = GROUP_OTHER,
	.name = "load",
	.usage = "[OPTION]… [CATALOG]",
	.about = "Loads the catalog into the store, in one transaction",
	.details = "A catalog with a fault changes nothing. The same content has the same revision and is stored once.\n"
		   "Other verbs load by themselves when the folder differs from the store.",
	.examples = "  mews load\n  mews --store /tmp/try.db load my-rules\n",
	.see = "list",
	.options = options,
	.run = run,
};
