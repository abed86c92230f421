/* replay: recorded events → true and false positives for each organization. */
#include "cli/datasets.h"
#include "cli/deployed.h"
#include "cli/fidelity.h"
#include "cli/gating.h"
#include "cli/live.h"
#include "cli/progress.h"
#include "cli/reporting.h"
#include "cli/statistics.h"
#include "replay/replay.h"

#include <string.h>

struct request {
	struct datasets datasets;
	struct reporting reporting;
	struct gating gating;
	bool fidelity;     /* is asked for */
	bool failed_gates; /* found by the replay */
};

/* What only those who chose the files know, and what only the generator does. */
static int complete(void *context, struct results *results, struct diagnostics *d)
{
	struct request *request = context;
	(void)datasets_complete(&request->datasets.plain, results, d);
	return request->fidelity ? fidelity_fill(results, d) : 0;
}

/* Making packs of all targets takes longer than a small replay: it is done for those who look at it. */
static bool shows_fidelity(const struct report *report)
{
	return report->fidelity;
}

static bool names_corpus(const struct report *report)
{
	return report->names_corpus;
}

static int prepare(struct project *project, const struct options *options, struct request *request,
	struct replay_options *how)
{
	if (project_max_rejected(project, options, &how->max_rejected) != 0 ||
		project_jobs(project, options, &how->jobs, &how->batch) != 0 || project_open(project) != 0 ||
		project_as_of(project, options, &how->as_of) != 0 ||
		project_organizations(project, options, &how->organizations, &how->organization_count) != 0 ||
		datasets_find(project, options, options->operands, options->operand_count, &request->datasets) != 0)
		return -1;
	how->arguments = options_line(options, &project->arena);
	how->catalog = &project->catalog;
	how->complete = complete;
	how->complete_context = request;
	how->datasets = request->datasets.items;
	how->dataset_count = request->datasets.count;
	how->keep_alerts = reporting_lists_alerts(&request->reporting);
	how->whole_alerts = options_has(options, "keep-events");
	how->store = options_has(options, "no-store") || options_has(options, "follow") ? NULL : project->store;
	datasets_tell(&request->datasets, request->reporting.how.wide, stderr);
	int failed = gating_open(&request->gating, project, options, how);
	how->name_corpus = request->gating.reference != NULL || reporting_shows(&request->reporting, names_corpus);
	request->fidelity = gating_asks_fidelity(&request->gating, how->store != NULL) || request->reporting.html != NULL ||
		reporting_shows(&request->reporting, shows_fidelity);
	return failed;
}

/* Behind the table on standard output; where a program reads that, on standard error. */
static void tell_verdicts(struct request *request)
{
	bool table = strcmp(request->reporting.report->name, "table") == 0;
	request->failed_gates = !gating_fine(&request->gating);
	if (table)
		gating_print(&request->gating, request->reporting.how.width, request->reporting.how.colour, stdout);
	else if (request->failed_gates)
		gating_print(&request->gating, request->reporting.how.width, false, stderr);
}

/* Where a terminal shows both, behind the report. */
static int write_statistics(struct project *project, const struct options *options, const struct stats *stats)
{
	const char *file = options_value(options, "stats", NULL);
	fflush(stdout);
	return statistics_write(stats, file, stderr, &project->diagnostics);
}

static int replay(struct project *project, const struct options *options, struct request *request,
	struct replay_options *how)
{
	struct results *results = NULL;
	struct deployment *deployment = NULL;
	const char *as = options_value(options, "as", NULL);
	struct progress progress = {.on = false};
	struct stats stats = {.bytes = 0};
	if (prepare(project, options, request, how) != 0)
		return -1;
	if (as != NULL) {
		deployment = deployment_new(project, as, how->organizations, how->organization_count, how->as_of);
		if (deployment == NULL)
			return -1;
		how->deployed = deployment_deployed(deployment);
	}
	if (how->alert == NULL)
		progress_begin(&progress, how);
	how->stats = options_has(options, "stats") ? &stats : NULL;
	int failed = replay_run(how, &results, &project->diagnostics);
	progress_end(&progress);
	if (results != NULL) {
		failed |= reporting_name_alerts(&request->reporting, results, &project->diagnostics);
		if (failed == 0)
			failed = gating_judge(&request->gating, project, how, results) |
				gating_suggest(&request->gating, how, &project->diagnostics);
		request->reporting.how.beside = gating_beside(&request->gating);
		failed |= reporting_write(project, &request->reporting, results);
		if (failed == 0)
			tell_verdicts(request);
		if (how->stats != NULL && stats.events > 0)
			failed |= write_statistics(project, options, &stats);
	}
	stats_free(&stats);
	gating_end(&request->gating);
	if (results != NULL)
		results_free(results);
	deployment_free(deployment);
	return failed;
}

/* Files that grow, until a signal ends it. */
static int follow(struct project *project, const struct options *options, struct request *request,
	struct replay_options *given)
{
	struct live live;
	struct replay_options how = *given;
	if (options->operand_count == 0)
		return diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"--follow needs a file that grows, as mews replay --follow /var/log/audit/audit.log");
	live_begin(&live, strcmp(request->reporting.report->name, "json") == 0);
	request->datasets.follow = &live.control;
	how.alert = live_alert;
	how.event_done = live_event_done;
	how.alert_context = &live;
	int failed = replay(project, options, request, &how);
	live_end(&live);
	return failed;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct request request = {0};
	if (reporting_begin(&request.reporting, &verb_replay, options) != 0 ||
		gating_begin(&request.gating, &verb_replay, options) != 0)
		return EXIT_WRONG;
	const char *use = options_value(options, "use", NULL);
	if (use != NULL && strcmp(use, "develop") != 0 && strcmp(use, "hold-out") != 0)
		return verb_wrong(&verb_replay, "--use takes develop or hold-out, not \"%s\"", use);
	struct replay_options how = {.store = NULL};
	int failed = project_begin(&project, global);
	if (failed == 0)
		failed = (options_has(options, "follow") ? follow : replay)(&project, options, &request, &how);
	return project_end(&project, failed ? EXIT_WRONG : request.failed_gates ? EXIT_FINDINGS : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"org", 'O', "ORG", "an organization; may be repeated (default: mews.yaml's, else all)"},
	REPORTING_OPTIONS,
	GATING_OPTIONS,
	{"as", 0, "TARGET", "measure the rules as they are deployed there, instead of the detections"},
	{"use", 'u', "USE", "only datasets of use develop or hold-out"},
	{"as-of", 0, "DAY", "exceptions that expired before this day do not apply (default: today)"},
	{"reader", 'r', "READER", "how plain files are read, one of mews list formats (default: told from them)"},
	{"dialect", 'd', "DIALECT", "whose names json and csv files use (mews list dialects)"},
	{"year", 0, "YEAR", "of the first line, where times name no year (default: told from the file)"},
	{"follow", 'F', NULL, "files that grow: read on until Ctrl-C, alerts as they come, then the report (keeps no rows)"},
	{"max-rejected", 0, "SHARE", "rejected lines of a dataset that fail the run, as 0.02 or 2% (default: mews.yaml's, else 1%)"},
	OPTION_JOBS,
	{"stats", 0, "[=FILE]", "tell on standard error what the replay cost and which detections are dear; FILE: as JSON there"},
	{"no-store", 0, NULL, "keep no rows of this run"},
	{"keep-events", 0, NULL, "store the event of every alert, not only of the first 1,000 of each detection and organization"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_replay = {
	.group = GROUP_MEASURE,
	.name = "replay",
	.usage = "[OPTION]… [DATASET|FOLDER|FILE|-]…",
	.about = "Replays recorded events and measures true and false positives",
	.details = "Without operands the project's whole corpus is replayed. A folder is datasets (a corpus.yaml each); one that\n"
		   "has none is all files below it, taken as they are, and so are files, globs in quotes, FIFOs and - for standard\n"
		   "input, packed by gzip and zstd or not. What each is taken for is said on standard error; what is nothing that\n"
		   "mews reads is skipped in a folder, with the reason, and an error where it was named. Plain files carry no\n"
		   "labels: their alerts are counted as unknown until somebody judges them (mews label). What was read is accounted\n"
		   "for line by line and file by file (--wide); too many rejected lines are exit status 2, and so is a dataset of\n"
		   "which no event is understood.\n\n"
		   "--stats says how fast it was, how many conditions and predicates an event was looked at for, and which detections\n"
		   "took longest and why; the report is the same with and without. --stats=FILE writes all of it as JSON, with every\n"
		   "detection that some event was looked at for, and tells nothing.\n\n"
		   "--as measures a target's rules, each organization's own pack, as that target would evaluate them: extra are\n"
		   "alerts that the detection would not give, missed those that it alone would. Of a target that records (auditd),\n"
		   "what is recorded goes on to the detections.",
	.examples = "  mews replay                                     the corpus, all organizations\n"
		    "  mews replay --use hold-out --org build-farm     what was not tuned on\n"
		    "  mews replay --html report.html                  and a page for the browser\n"
		    "  mews replay --gate --also junit=junit.xml --also sarif=mews.sarif    for a pipeline\n"
		    "  mews replay --alerts /var/log/audit/audit.log    your own log\n"
		    "  mews replay manifests '/var/log/audit/audit.log*'   a folder, and a log with its rotated files\n"
		    "  ssh host cat /var/log/audit/audit.log | mews replay -\n"
		    "  mews replay --stats --no-store /var/log/audit/audit.log    which detection is expensive\n"
		    "  mews replay --follow /var/log/audit/audit.log    alerts as they come\n",
	.see = "explain label list check",
	.options = options,
	.run = run,
};
