/* check: validates the catalog and runs each detection's tests. Touches no store. */
#include "catalog/demands.h"
#include "cli/cost.h"
#include "cli/overlap.h"
#include "cli/project.h"
#include "cli/tally.h"
#include "replay/runs/runs.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

static void print_verdict(struct arena *arena, const struct verdict *verdict, const char *what)
{
	printf("%s:%u: %s: %s\n", verdict->test->place.file, verdict->test->place.line, what, verdict_words(arena, verdict));
}

static void print_text(struct project *project, const struct tally *tally)
{
	for (size_t i = 0; i < tally->failed_count; i++)
		print_verdict(&project->arena, &tally->failed[i], "failed");
	for (size_t i = 0; i < tally->gap_count; i++)
		print_verdict(&project->arena, &tally->gaps[i], "known gap");
	for (size_t i = 0; i < tally->closed_count; i++)
		print_verdict(&project->arena, &tally->closed[i], "gap closed (drop the todo-)");
	printf("%zu detections, %zu organizations, %zu tests: %zu passed, %zu failed, %zu known gaps\n",
		project->catalog.detection_count, project->catalog.organization_count, tally->tests,
		tally->tests - tally->failed_count - tally->gap_count, tally->failed_count, tally->gap_count);
	if (tally->failed_count > 0)
		puts("See why: mews explain DETECTION test:NAME");
}

static json_t *json_verdicts(const struct verdict *list, size_t count)
{
	json_t *array = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(array,
			json_pack("{s:s%, s:s%, s:s, s:b, s:s, s:i}", "detection", list[i].detection->name.data,
				list[i].detection->name.length, "test", list[i].test->name.data, list[i].test->name.length,
				"expect", expectation_name(list[i].test->expect), "matched", list[i].matched, "file",
				list[i].test->place.file, "line", (int)list[i].test->place.line));
	return array;
}

/* `cost`, `overlaps` NULL: nobody asked. */
static void print_json(const struct project *project, const struct tally *tally, const struct cost *cost,
	const struct overlaps *overlaps)
{
	json_t *root = json_pack("{s:I, s:I, s:o, s:o}", "detections", (json_int_t)project->catalog.detection_count, "tests",
		(json_int_t)tally->tests, "failed", json_verdicts(tally->failed, tally->failed_count), "gaps",
		json_verdicts(tally->gaps, tally->gap_count));
	if (cost != NULL)
		json_object_set_new(root, "cost", cost_json(cost));
	if (overlaps != NULL)
		json_object_set_new(root, "overlap", overlaps_json(overlaps));
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
}

/* Alerts of the newest run, where there is one of this very catalog; else the tests alone tell. */
static void add_run(struct project *project, struct overlaps *overlaps)
{
	struct diagnostics ignored = {0};
	struct stored_run *run = NULL;
	int64_t id;
	if (access(project->store_file, F_OK) == 0 && project_open_store(project) == 0 &&
		runs_find(project->store, "latest", &id, &ignored) == 0 &&
		runs_read_deep(project->store, id, RUN_PLACES, &run, &ignored) == 0 &&
		text_is(run->head.revision, project->catalog.revision))
		overlaps_alerts(overlaps, run->results);
	stored_run_free(run);
	diagnostics_free(&ignored);
}

/* What is owed is no wrong input: it is told beside what is wrong, and is a finding where it must be met. */
static bool owes(struct project *project, bool strict)
{
	struct diagnostics owed = {0};
	const bool unmet = catalog_demands(&project->catalog, strict, &owed) != 0;
	diagnostics_sort(&owed);
	fflush(stdout);
	diagnostics_print(&owed, stderr);
	diagnostics_free(&owed);
	return unmet;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct tally tally = {0};
	const char *format = options_value(options, "format", "text");
	bool json = strcmp(format, "json") == 0;
	if (!json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_check, "--format takes text or json, not \"%s\"", format);
	if (options->operand_count > 1)
		return verb_wrong(&verb_check, "one catalog folder at a time");
	if (project_begin(&project, global) != 0)
		return project_end(&project, EXIT_WRONG);
	if (options->operand_count == 1)
		project.catalog_folder = options->operands[0];
	if (catalog_load(&project.catalog, project.catalog_folder, &project.diagnostics) != 0)
		return project_end(&project, EXIT_WRONG);
	const bool unmet = owes(&project, options_has(options, "strict"));
	tally_run(&project.catalog, &project.arena, &tally);
	struct cost cost = {.count = 0};
	const bool asks_cost = options_has(options, "cost");
	if (asks_cost)
		cost_find(&cost, &project.catalog);
	struct overlaps overlaps = {0};
	const bool asks_overlap = options_has(options, "overlap");
	if (asks_overlap) {
		overlaps_tests(&overlaps, &project.catalog);
		add_run(&project, &overlaps);
		overlaps_find(&overlaps, &project.arena);
	}
	if (json)
		print_json(&project, &tally, asks_cost ? &cost : NULL, asks_overlap ? &overlaps : NULL);
	else
		print_text(&project, &tally);
	if (asks_cost && !json)
		cost_print(&cost, stdout);
	cost_free(&cost);
	if (asks_overlap && !json)
		overlaps_print(&overlaps, stdout);
	const size_t same = overlaps_owed(&overlaps, false);
	overlaps_free(&overlaps);
	return project_end(&project, tally.failed_count > 0 || unmet || same > 0 ? EXIT_FINDINGS : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"cost", 0, NULL, "name conditions that a replay looks at for many events in vain, and what would help"},
	{"overlap", 0, NULL, "name detections that always fire together without a reason given (exit status 1)"},
	{"strict", 0, NULL, "what a detection should say and prove, it must (exit status 1)"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_check = {
	.group = GROUP_WRITE,
	.name = "check",
	.usage = "[OPTION]… [CATALOG]",
	.about = "Validates the catalog and runs the tests in its detections",
	.details = "Every fault is reported with file, line and column. Nothing is stored. Tests that expect todo-match\n"
		   "or todo-no-match are known gaps: they are shown and do not fail.\n\n"
		   "A warning says where a detection names no technique, surface, reference or false positive, has fewer than two tests\n"
		   "that match or two near misses that do not, or names a technique that ATT&CK does not have; and which technique of\n"
		   "ATT&CK's Containers matrix has neither a detection nor a reason (techniques.yaml). With --strict these are errors.\n"
		   "Detections of status experimental are not asked.\n\n"
		   "--overlap asks every detection about the events of all tests, and looks at the alerts of the newest "
			"stored run where\n"
		   "that is of this catalog. Two that fire at the very same events are one too many, unless a detection says why\n"
		   "(overlaps: {OTHER: REASON}); one that never fires without a wider one is named, and changes no exit status.\n\n"
		   "--cost names conditions without a trigger: no word, ending or number must be in an event for them to be true\n"
		   "(`not` alone, a pattern of wildcards alone), so that a replay looks at them for every event of their category and\n"
		   "action. Weak ones, by a word of one or two characters or by a field being there, are named too. They are right\n"
		   "all the same, and change no exit status.",
	.examples = "  mews check                    the project's catalog\n"
		    "  mews check my-rules           another folder\n"
		    "  mews check --cost             which detections make a replay slow\n"
		    "  mews check --strict           nothing is owed: what a shipped catalog must pass\n"
		    "  mews check --format json      for a pipeline\n",
	.see = "explain replay",
	.options = options,
	.run = run,
};
