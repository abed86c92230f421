/* tune: false positives of an organization → proposed exceptions. */
#include "catalog/hint.h"
#include "cli/datasets.h"
#include "cli/progress.h"
#include "cli/tune_apply.h"
#include "cli/tune_proposals.h"
#include "cli/tune_report.h"
#include "cli/tune_review.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
	struct datasets datasets;
	struct progress *progress;
	struct replay_options replay;
	struct tune_options tune;
	long soon;
	bool apply, dry, review, stable;
	const char **taken; /* names of proposals to be written; none: all */
	size_t taken_count;
};

static int wrong(struct project *project, const char *message, const char *value)
{
	return diagnostics_error(&project->diagnostics, (struct place){0}, message, value);
}

static int take_numbers(struct project *project, const struct options *options, struct request *request)
{
	struct tune_options *tune = &request->tune;
	const char *budget = options_value(options, "budget", NULL), *most = options_value(options, "most", NULL);
	const char *soon = options_value(options, "soon", NULL);
	int64_t number = 0;
	tune->budget = -1;
	if (budget) {
		char *end = NULL;
		tune->budget = strtod(budget, &end);
		if (end == budget || *end || !(tune->budget >= 0) || isinf(tune->budget))
			return wrong(project, "--budget is alert groups a day, as 2 or 0.5, not \"%s\"", budget);
	}
	if (most && (!text_to_long(text_of(most), &number) || number < 1 || number > 100000))
		return wrong(project, "--most is a number of exceptions, not \"%s\"", most);
	tune->most = (size_t)number;
	number = REVIEW_SOON;
	if (soon && (!text_to_long(text_of(soon), &number) || number < 0 || number > 36500))
		return wrong(project, "--soon is a number of days, not \"%s\"", soon);
	request->soon = (long)number;
	return 0;
}

/* The one organization that is tuned: named, or the only one there is. Reviewed are all that are named, else all. */
static int take_organization(struct project *project, const struct options *options, struct request *request)
{
	const struct organization **list = NULL;
	size_t count = 0;
	if (project_organizations(project, options, &list, &count) != 0)
		return -1;
	if (count != 1 && !request->review)
		return wrong(project, "%s", "name one organization with --org (mews list organizations)");
	request->replay.organizations = list;
	request->replay.organization_count = count;
	request->tune.organization = list[0];
	return 0;
}

static int no_detection(struct project *project, const char *name)
{
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	hint_detections(&hint, &project->catalog);
	return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
		"there is no detection \"%s\"%s (mews list detections)", name, hint_words(&hint, words));
}

static int prepare(struct project *project, const struct options *options, struct request *request)
{
	struct replay_options *how = &request->replay;
	const char *only = options_value(options, "detection", NULL);
	if (take_numbers(project, options, request) != 0 || project_max_rejected(project, options,
		&how->max_rejected) != 0 ||
		project_jobs(project, options, &how->jobs, &how->batch) != 0 ||
		project_open(project) != 0 || project_as_of(project, options, &how->as_of) != 0 ||
		take_organization(project, options, request) != 0)
		return -1;
	if (only && !catalog_detection(&project->catalog, text_of(only)))
		return no_detection(project, only);
	if (datasets_find(project, options, options->operands, options->operand_count, &request->datasets) != 0)
		return -1;
	how->catalog = &project->catalog;
	how->datasets = request->datasets.items;
	how->dataset_count = request->datasets.count;
	progress_begin(request->progress, how);
	request->tune.replay = how;
	request->tune.only = only;
	request->tune.all = options_has(options, "all");
	request->tune.quick = options_has(options, "quick");
	datasets_tell(&request->datasets, false, stderr);
	return 0;
}

static void show(const struct request *request, const struct proposals *proposals, const struct review *review,
	const char *format)
{
	const char *next = request->apply || request->dry ? "What changes in the organization's file stands below."
	                                                : "mews tune --apply writes them into the organization's file.";
	if (strcmp(format, "json") == 0) {
		tune_report_json(proposals, review, stdout);
	} else if (strcmp(format, "yaml") == 0) {
		tune_report_yaml(proposals, stdout);
	} else {
		tune_report_table(proposals, next, stdout);
		if (review == NULL)
			return;
		putchar('\n');
		tune_review_table(review, stdout);
	}
}

/* The diff goes to standard output with the table, beside it where that holds what programs read. */
static int apply(struct project *project, const struct request *request, struct proposals *proposals, const char *format)
{
	FILE *out = strcmp(format, "table") == 0 ? stdout : stderr;
	const char *no_colour = getenv("NO_COLOR");
	bool terminal = isatty(fileno(out)) != 0;
	struct tune_apply how = {.project = project, .replay = &request->replay, .dry = request->dry,
		.colour = terminal && (no_colour == NULL || no_colour[0] == '\0'), .terminal = terminal, .out = out};
	fputc('\n', out);
	how.proposals = tune_take(proposals, request->taken, request->taken_count, request->stable, &project->diagnostics);
	if (how.proposals == NULL)
		return -1;
	if (how.proposals->count < proposals->count)
		fprintf(out, "%zu of %zu proposals are taken.\n\n", how.proposals->count, proposals->count);
	return tune_apply(&how);
}

static struct review *review(struct project *project, const struct request *request)
{
	struct review_options how = {&request->replay, request->soon};
	return review_run(&how, &project->diagnostics);
}

static void clear_progress(const struct request *request)
{
	progress_end(request->progress);
}

static int tune(struct project *project, const struct request *request, const char *format)
{
	struct proposals *proposals = tune_propose(&request->tune, &project->diagnostics);
	bool wanted = proposals && !request->tune.quick;
	struct review *reviewed = wanted ? review(project, request) : NULL;
	clear_progress(request);
	int failed = proposals == NULL || (wanted && reviewed == NULL);
	if (!failed)
		show(request, proposals, reviewed, format);
	if (!failed && (request->apply || request->dry))
		failed = apply(project, request, proposals, format);
	clear_progress(request);
	review_free(reviewed);
	proposals_free(proposals);
	return failed ? -1 : 0;
}

/* Exceptions that are there, alone; organization by organization. */
static int review_alone(struct project *project, const struct request *request, const char *format, bool *findings)
{
	const struct replay_options *all = &request->replay;
	bool json_asked = strcmp(format, "json") == 0;
	struct buffer buffer = {0};
	struct json_write json;
	int failed = 0;
	jsonw_begin(&json, &buffer);
	if (all->organization_count != 1)
		jsonw_open(&json, '[');
	for (size_t i = 0; i < all->organization_count && failed == 0; i++) {
		struct request one = *request;
		one.replay.organizations = all->organizations + i;
		one.replay.organization_count = 1;
		struct review *reviewed = review(project, &one);
		clear_progress(request);
		failed = reviewed == NULL;
		if (failed)
			break;
		*findings = *findings || reviewed->finding_count > 0;
		if (!json_asked && i > 0)
			putchar('\n');
		if (!json_asked)
			tune_review_table(reviewed, stdout);
		tune_review_json(reviewed, &json);
		review_free(reviewed);
	}
	if (all->organization_count != 1)
		jsonw_close(&json, ']');
	if (json_asked && !failed)
		printf("%.*s\n", TEXT_ARGS(buffer_view(&buffer)));
	buffer_free(&buffer);
	return failed ? -1 : 0;
}

/* What does not go together. EXIT_FINE: it does. */
static enum exit_status check_request(const struct request *request, const char *format)
{
	if (request->review && (request->apply || request->dry || strcmp(format, "yaml") == 0))
		return verb_wrong(&verb_tune,
			"--review proposes nothing: it cannot be asked for with --apply, --dry-run or --format yaml");
	if ((request->taken_count > 0 || request->stable) && !request->apply && !request->dry)
		return verb_wrong(&verb_tune, "--take and --stable choose what is written: say --apply or --dry-run with them");
	return EXIT_FINE;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	static const char *const formats[] = {"table", "json", "yaml"};
	struct project project;
	const char *format = options_value(options, "format", "table"), *use = options_value(options, "use", NULL);
	bool known = false;
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		known = known || strcmp(format, formats[i]) == 0;
	if (!known)
		return verb_wrong(&verb_tune, "--format takes table, json or yaml, not \"%s\"", format);
	if (use != NULL && strcmp(use, "develop") != 0 && strcmp(use, "hold-out") != 0)
		return verb_wrong(&verb_tune, "--use takes develop or hold-out, not \"%s\"", use);
	struct progress progress = {.on = false};
	struct request request = {.progress = &progress, .apply = options_has(options, "apply"),
		.dry = options_has(options, "dry-run"), .review = options_has(options, "review"),
		.stable = options_has(options, "stable")};
	bool findings = false;
	struct arena arena = {0};
	request.taken_count = options_values(options, &arena, "take", &request.taken);
	enum exit_status status = check_request(&request, format);
	if (status != EXIT_FINE) {
		arena_free(&arena);
		return status;
	}
	int failed = project_begin(&project, global) != 0 || prepare(&project, options, &request) != 0;
	if (failed == 0)
		failed = request.review ? review_alone(&project, &request, format, &findings) : tune(&project, &request, format);
	arena_free(&arena);
	return project_end(&project, failed ? EXIT_WRONG : findings ? EXIT_FINDINGS : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"org", 'O', "ORG", "the organization (default: mews.yaml's, where that is one; --review takes several, default: all)"},
	{"detection", 0, "NAME", "only this detection"},
	{"budget", 'b', "GROUPS",
		"alert groups a day that each detection may have (default: the organization's); 0: remove all"},
	{"quick", 'q', NULL, "the proposals and their figures alone: no stability, blind spot and review (large corpora)"},
	{"all", 'a', NULL, "look also at detections that are within their budget"},
	{"most", 'm', "N", "propose at most N exceptions"},
	{"format", 'f', "FORMAT", "table (default), json, or yaml as in the organization's file"},
	{"apply", 0, NULL, "write the proposals into the organization's file, show what changed, and replay again"},
	{"dry-run", 0, NULL, "show the change that --apply would make, and make none"},
	{"take", 0, "NAME", "write this proposal alone; may be repeated"},
	{"stable", 0, NULL, "write those alone that were proved stable"},
	{"review", 0, NULL, "only judge the exceptions that there are; exit status 1 where one is to be mended"},
	{"soon", 0, "DAYS", "an exception that ends within so many days is a finding (default: 30)"},
	{"use", 'u', "USE", "only datasets of use develop or hold-out"},
	{"as-of", 0, "DAY", "exceptions that expired before this day do not apply (default: today)"},
	{"reader", 'r', "READER", "how plain files are read, one of mews list formats (default: told from them)"},
	{"dialect", 'd', "DIALECT", "whose names json and csv files use (mews list dialects)"},
	{"year", 0, "YEAR", "of the first line, where times name no year (default: told from the file)"},
	{"max-rejected", 0, "SHARE",
		"rejected lines of a dataset that fail the run, as 0.02 or 2% (default: mews.yaml's, else 1%)"},
	OPTION_JOBS,
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_tune = {
	.group = GROUP_CHANGE,
	.name = "tune",
	.usage = "--org ORG [OPTION]… [DATASET|FOLDER|FILE|-]…",
	.about = "Proposes the fewest, narrowest exceptions for an organization's false positives",
	.details = "A detection is noisy if it gives more alert groups a day than the organization's budget. What its false\n"
		   "positives have in common is put together into causes, and each cause into a condition over fields that the\n"
		   "events carry. No proposal hides an alert that is a true positive, that stands in an attack, or that is risky;\n"
		   "a second pass over all events proves it and gives the figures. Mined are datasets of use develop where there\n"
		   "are any; those held out show whether the proposals hold elsewhere; without such datasets half of the episodes,\n"
		   "days or hours are held out. The blind spot is what a proposal hides beside false positives: recorded events, and\n"
		   "recorded attacks that imitate the normal cause, one field at a time. The exceptions that there are, the\n"
		   "detections' and the organization's, are reviewed: expired, unused, shadowed, unreachable, hiding an attack.",
	.examples = "  mews tune --org web-shop                            what to except there, and what it costs\n"
		    "  mews tune --org build-farm --budget 0                all false positives, not only those above the budget\n"
		    "  mews tune --org build-farm --detection docker-socket-mount\n"
		    "  mews tune --org web-shop --dry-run                  what --apply would change in its file\n"
		    "  mews tune --org web-shop --apply --stable           write what holds on what it was not mined from\n"
		    "  mews tune --org web-shop --review                   are the exceptions that there are still right?\n",
	.status = "0 fine, 1 --review found something to mend, 2 wrong use or wrong input",
	.see = "replay compare explain",
	.options = options,
	.run = run,
};
