/* compare: two stored runs, or this catalog against a stored run, event by event. */
#include "cli/again.h"
#include "cli/reporting.h"
#include "replay/report/difference.h"

#include <string.h>

struct request {
	const struct difference_format *format;
	struct report_options how;
	const char *before, *after; /* runs by name; `after` NULL: now */
	bool now, exit_code, differs;
};

static const char *words_of(struct project *project, const struct run_head *head)
{
	const char *name = head->name.length > 0 ? arena_printf(&project->arena, ", %.*s", TEXT_ARGS(head->name)) : "";
	return arena_printf(&project->arena, "run %lld of %.*s (catalog %.12s)%s%s", (long long)head->id, TEXT_ARGS(head->started),
		head->revision.data, head->reference ? ", the reference" : "", name);
}

static int read_run(struct project *project, const char *name, struct stored_run **run)
{
	struct diagnostics *d = &project->diagnostics;
	int64_t id = 0;
	if (runs_find(project->store, name, &id, d) != 0 || runs_read_deep(project->store, id, RUN_PLACES, run, d) != 0)
		return -1;
	if ((*run)->head.lacks != NULL)
		diagnostics_warning(d, ((struct place){project->store_file, 0, 0}), "run %lld lacks %s", (long long)id,
			(*run)->head.lacks);
	return 0;
}

static int tell(struct project *project, struct request *request, const struct results *before, const struct results *after,
	const struct difference_words *words)
{
	struct comparison *comparison = compare_runs(before, after, &project->diagnostics);
	if (comparison == NULL)
		return -1;
	request->differs = !comparison->same;
	int failed = request->format->write(comparison, words, &request->how, stdout);
	compare_free(comparison);
	if (failed != 0)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"the comparison could not be written to standard output");
	return 0;
}

/* Does the latest run say what the catalog at hand does? */
static void warn_of_revision(struct project *project, const struct run_head *head)
{
	struct diagnostics none = {0};
	struct catalog folder = {0};
	if (catalog_read_folder(&folder, project->catalog_folder, &none) == 0 && !text_is(head->revision, folder.revision))
		diagnostics_warning(&project->diagnostics, ((struct place){project->catalog_folder, 0, 0}),
			"the catalog has changed since run %lld (mews compare --now replays and compares it as it is)", (long long)head->id);
	catalog_free(&folder);
	diagnostics_free(&none);
}

static int compare_stored(struct project *project, struct request *request)
{
	struct stored_run *before = NULL, *after = NULL;
	int failed = project_open_store(project);
	if (failed == 0)
		failed = read_run(project, request->before, &before);
	if (failed == 0)
		failed = read_run(project, request->after, &after);
	if (failed == 0 && before->head.id == after->head.id)
		failed = diagnostics_error(&project->diagnostics, ((struct place){project->store_file, 0, 0}),
			"that would compare run %lld with itself (mews compare --now replays and compares the catalog as it is)",
			(long long)before->head.id);
	if (failed == 0) {
		const struct difference_words words = {words_of(project, &before->head), words_of(project, &after->head)};
		if (strcmp(request->after, "latest") == 0)
			warn_of_revision(project, &after->head);
		failed = tell(project, request, before->results, after->results, &words);
	}
	stored_run_free(before);
	stored_run_free(after);
	return failed;
}

static int compare_now(struct project *project, const struct options *options, struct request *request)
{
	struct stored_run *before = NULL;
	struct again again = {.arguments = options_line(options, &project->arena)};
	int failed = project_open(project) != 0 || read_run(project, request->before, &before) != 0;
	again.store = options_has(options, "no-store") ? NULL : project->store;
	if (failed == 0)
		failed = again_replay(project, options, before, &again);
	if (failed == 0) {
		struct difference_words words = {words_of(project, &before->head), NULL};
		const int64_t id = again.results->run;
		const char *run = id != 0 ? arena_printf(&project->arena, ", kept as run %lld", (long long)id) : "";
		words.after = arena_printf(&project->arena, "The catalog as it is now (%.12s%s)", project->catalog.revision, run);
		failed = tell(project, request, before->results, again.results, &words);
	}
	again_free(&again);
	stored_run_free(before);
	return failed;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	const char *format = options_value(options, "format", "table");
	struct request request = {.format = difference_find(text_of(format)), .before = "reference", .after = "latest"};
	request.now = options_has(options, "now");
	request.how = (struct report_options){.alerts = options_has(options, "alerts"), .wide = options_has(options, "wide"),
		.width = reporting_width(), .colour = reporting_colour()};
	if (request.format == NULL)
		return verb_wrong(&verb_compare, "--format takes table, json or markdown, not \"%s\"", format);
	if (options->operand_count > (request.now ? 1 : 2))
		return verb_wrong(&verb_compare, request.now ? "--now takes one run, which the catalog is compared with"
			: "two runs are compared: the newer one, then the one it is compared with");
	if (options->operand_count > 0 && request.now)
		request.before = options->operands[0];
	else if (options->operand_count > 0)
		request.after = options->operands[0];
	if (options->operand_count > 1)
		request.before = options->operands[1];
	int failed = project_begin(&project, global);
	if (failed == 0)
		failed = request.now ? compare_now(&project, options, &request) : compare_stored(&project, &request);
	enum exit_status status = failed ? EXIT_WRONG : EXIT_FINE;
	if (failed == 0 && options_has(options, "exit-code") && request.differs)
		status = EXIT_FINDINGS;
	return project_end(&project, status);
}

static const struct option_spec options[] = {
	{"now", 'n', NULL, "replay now what the reference run replayed, with the catalog as it is"},
	{"format", 'f', "FORMAT", "table (default), json or markdown"},
	{"alerts", 'a', NULL, "table: list every alert that was gained or lost"},
	{"wide", 'w', NULL, "table: all lines and rows"},
	{"exit-code", 0, NULL, "exit with 1 where anything differs"},
	{"as-of", 0, "DAY", "--now: exceptions that expired before this day do not apply (default: today)"},
	{"no-store", 0, NULL, "--now: keep no rows of this run"},
	OPTION_JOBS,
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_compare = {
	.group = GROUP_CHANGE,
	.name = "compare",
	.usage = "[OPTION]… [RUN [REFERENCE]]\n--now [OPTION]… [REFERENCE]",
	.about = "Compares two runs event by event: what was lost, gained, changed",
	.details = "RUN (default: latest) is compared with REFERENCE (default: reference, which mews reference set sets). Each is a "
		   "number of mews list runs, latest, latest~1 or the name of a reference. Nothing is replayed, save with --now.\n\n"
		   "Detections are the same by their id, so a renamed one keeps its alerts. The order of keys and of lists makes no "
		   "difference. Runs over different data are refused, with what differs.\n\n"
		   "p is that of McNemar's exact test: how often a difference as large as this one would come by chance, if both were as "
		   "good. It is over attack episodes that both runs expect the detection in, and over alert groups outside attacks.",
	.examples = "  mews compare                          the latest run with the reference\n"
		    "  mews compare --now                    the catalog as it is, replayed, with the reference\n"
		    "  mews compare latest latest~1          the two newest runs\n"
		    "  mews compare --now --format markdown    for a pull request\n",
	.status = "0 compared, 1 with --exit-code where anything differs, 2 wrong use, or runs that cannot be compared",
	.see = "reference report replay",
	.options = options,
	.run = run,
};
