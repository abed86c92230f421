/* check: validates the catalog and runs each detection's tests. Touches no store. */
#include "cli/project.h"
#include "cli/sample.h"

#include <jansson.h>
#include <string.h>

/* One test that did not come out as expected, or a known gap. */
struct verdict {
	const struct detection *detection;
	const struct detection_test *test;
	bool matched;
	struct text condition; /* that matched, or empty */
};

struct tally {
	struct verdict *failed, *gaps, *closed; /* closed: todo tests that pass by now */
	size_t failed_count, gap_count, closed_count, tests;
};

static void tally_add(struct arena *arena, struct verdict **list, size_t *count, struct verdict verdict)
{
	*list = arena_grow(arena, *list, *count, sizeof **list);
	(*list)[(*count)++] = verdict;
}

static void run_test(struct project *project, struct evaluator *evaluator, struct verdict verdict, struct tally *tally)
{
	struct arena arena = {0}, *keep = &project->arena;
	struct sample sample;
	const struct condition *condition = NULL;
	enum expectation expect = verdict.test->expect;
	bool wanted = expect == EXPECT_MATCH || expect == EXPECT_TODO_MATCH;
	bool todo = expect == EXPECT_TODO_MATCH || expect == EXPECT_TODO_NO_MATCH;
	sample_of_test(&project->catalog, verdict.test, &arena, &sample);
	verdict.matched = sample_matches(evaluator, verdict.detection, &sample, &condition);
	if (condition != NULL)
		verdict.condition = condition->name;
	tally->tests++;
	if (todo && verdict.matched == wanted)
		tally_add(keep, &tally->closed, &tally->closed_count, verdict);
	else if (todo)
		tally_add(keep, &tally->gaps, &tally->gap_count, verdict);
	else if (verdict.matched != wanted)
		tally_add(keep, &tally->failed, &tally->failed_count, verdict);
	arena_free(&arena);
}

static void run_tests(struct project *project, struct tally *tally)
{
	struct evaluator *evaluator = evaluator_new();
	for (size_t i = 0; i < project->catalog.detection_count; i++) {
		const struct detection *detection = project->catalog.detections[i];
		for (size_t k = 0; k < detection->test_count; k++)
			run_test(project, evaluator, (struct verdict){detection, &detection->tests[k], false, {NULL, 0}}, tally);
	}
	evaluator_free(evaluator);
}

static void print_verdict(const struct verdict *verdict, const char *what)
{
	struct place place = verdict->test->place;
	printf("%s:%u: %s: %.*s: \"%.*s\" expects %s, and it ", place.file, place.line, what,
		TEXT_ARGS(verdict->detection->name), TEXT_ARGS(verdict->test->name), expectation_name(verdict->test->expect));
	if (verdict->matched)
		printf("matches by %.*s\n", TEXT_ARGS(verdict->condition));
	else
		printf("does not match\n");
}

static void print_text(const struct project *project, const struct tally *tally)
{
	for (size_t i = 0; i < tally->failed_count; i++)
		print_verdict(&tally->failed[i], "failed");
	for (size_t i = 0; i < tally->gap_count; i++)
		print_verdict(&tally->gaps[i], "known gap");
	for (size_t i = 0; i < tally->closed_count; i++)
		print_verdict(&tally->closed[i], "gap closed (drop the todo-)");
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

static void print_json(const struct project *project, const struct tally *tally)
{
	json_t *root = json_pack("{s:I, s:I, s:o, s:o}", "detections", (json_int_t)project->catalog.detection_count, "tests",
		(json_int_t)tally->tests, "failed", json_verdicts(tally->failed, tally->failed_count), "gaps",
		json_verdicts(tally->gaps, tally->gap_count));
	json_dumpf(root, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(root);
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
	run_tests(&project, &tally);
	if (json)
		print_json(&project, &tally);
	else
		print_text(&project, &tally);
	return project_end(&project, tally.failed_count > 0 ? EXIT_FINDINGS : EXIT_FINE);
}

static const struct option_spec options[] = {
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
		   "or todo-no-match are known gaps: they are shown and do not fail.",
	.examples = "  mews check                    the project's catalog\n"
		    "  mews check my-rules           another folder\n"
		    "  mews check --format json      for a pipeline\n",
	.see = "explain replay",
	.options = options,
	.run = run,
};
