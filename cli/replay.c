/* replay: recorded events → true and false positives for each organization. */
#include "cli/datasets.h"
#include "cli/deployed.h"
#include "cli/formats.h"
#include "cli/live.h"
#include "replay/replay.h"
#include "replay/readers/labels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

struct request {
	struct datasets datasets;
	const struct report *report;
	struct report_options how;
	const char *html;
};

static int write_html(const struct results *results, const char *path, const struct report_options *how,
	struct diagnostics *d)
{
	const struct place place = {path, 0, 0};
	FILE *file = fopen(path, "w");
	if (file == NULL)
		return diagnostics_error(d, place, "cannot be written: %s", strerror(errno));
	int failed = report_find(TEXT("html"))->write(results, how, file);
	failed |= fclose(file);
	return failed == 0 ? 0 : diagnostics_error(d, place, "could not be written whole");
}

static void progress(void *context, uint64_t bytes, uint64_t events, uint64_t alerts)
{
	(void)context;
	fprintf(stderr, "\r%8.1f MB  %9llu events  %7llu alerts ", (double)bytes / 1e6, (unsigned long long)events,
		(unsigned long long)alerts);
}

static int write_reports(struct project *project, const struct request *request, const struct results *results)
{
	int failed = 0;
	if (request->html != NULL)
		failed = write_html(results, request->html, &request->how, &project->diagnostics);
	if (request->report->write(results, &request->how, stdout) != 0)
		failed = diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"the report could not be written to standard output");
	fflush(stdout); /* the path is the last word, also where both streams are one */
	if (request->html != NULL && failed == 0)
		fprintf(stderr, "HTML report: %s\n", request->html);
	return failed;
}

static void add_skipped(struct project *project, const struct plain *plain, struct results *results)
{
	struct skipped_file *list = arena_array(&project->arena, plain->count + 1, sizeof *list);
	results->skipped = list;
	for (size_t i = 0; i < plain->count; i++)
		if (plain->files[i].skipped != NULL)
			list[results->skipped_count++] = (struct skipped_file){plain->files[i].path, plain->files[i].skipped};
}

/* Alerts that somebody should judge get the ids that mews label takes. */
static int name_alerts(const struct datasets *datasets, struct arena *arena, struct alert *alerts, size_t alert_count,
	struct diagnostics *d)
{
	struct labelled_place *places = mem_alloc((alert_count + 1) * sizeof *places);
	struct alert **whose = mem_alloc((alert_count + 1) * sizeof(struct alert *));
	int failed = 0;
	for (size_t i = 0; i < datasets->count; i++) {
		size_t count = 0;
		for (size_t k = 0; k < alert_count; k++) {
			struct alert *alert = &alerts[k];
			const bool open = alert->outcome == OUTCOME_UNKNOWN || alert->outcome == OUTCOME_UNATTRIBUTED;
			if (!open || alert->dataset != datasets->items[i] || alert->file == NULL)
				continue;
			places[count] = (struct labelled_place){.file = alert->file, .line = alert->line};
			whose[count++] = alert;
		}
		failed |= labels_ids(datasets->items[i], places, count, d);
		for (size_t k = 0; k < count; k++)
			whose[k]->id = text_of(arena_strdup(arena, places[k].id));
	}
	free(whose);
	free(places);
	return failed;
}

static int prepare(struct project *project, const struct options *options, struct request *request,
	struct replay_options *how)
{
	if (project_max_rejected(project, options, &how->max_rejected) != 0 || project_open(project) != 0 ||
		project_as_of(project, options, &how->as_of) != 0 ||
		project_organizations(project, options, &how->organizations, &how->organization_count) != 0 ||
		datasets_find(project, options, options->operands, options->operand_count, &request->datasets) != 0)
		return -1;
	how->arguments = options_line(options, &project->arena);
	how->catalog = &project->catalog;
	how->datasets = request->datasets.items;
	how->dataset_count = request->datasets.count;
	how->keep_alerts = request->how.alerts || request->report->every_alert;
	how->store = options_has(options, "no-store") || options_has(options, "follow") ? NULL : project->store;
	datasets_tell(&request->datasets, request->how.wide, stderr);
	return 0;
}

static int replay(struct project *project, const struct options *options, struct request *request,
	struct replay_options *how)
{
	struct results *results = NULL;
	struct deployment *deployment = NULL;
	const char *as = options_value(options, "as", NULL);
	bool shown = isatty(STDERR_FILENO) != 0 && how->alert == NULL;
	if (prepare(project, options, request, how) != 0)
		return -1;
	if (as != NULL) {
		deployment = deployment_new(project, as, how->organizations, how->organization_count, how->as_of);
		if (deployment == NULL)
			return -1;
		how->deployed = deployment_deployed(deployment);
	}
	how->progress = shown ? progress : NULL;
	int failed = replay_run(how, &results, &project->diagnostics);
	if (shown)
		fprintf(stderr, "\r%60s\r", "");
	if (results != NULL) {
		add_skipped(project, &request->datasets.plain, results);
		failed |= name_alerts(&request->datasets, &results->arena, results->alerts, results->alert_count, &project->diagnostics) |
			name_alerts(&request->datasets, &results->arena, results->samples, results->sample_count, &project->diagnostics);
		failed |= write_reports(project, request, results);
		results_free(results);
	}
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
	live_begin(&live, strcmp(request->report->name, "json") == 0);
	request->datasets.follow = &live.control;
	how.alert = live_alert;
	how.event_done = live_event_done;
	how.alert_context = &live;
	int failed = replay(project, options, request, &how);
	live_end(&live);
	return failed;
}

/* Columns of the terminal; 80 where there is none. */
static unsigned terminal_width(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 80;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	const char *format = options_value(options, "format", "table"), *no_colour = getenv("NO_COLOR");
	struct request request = {
		.report = formats_report(&verb_replay, format),
		.html = options_value(options, "html", NULL),
	};
	request.how.alerts = options_has(options, "alerts");
	request.how.wide = options_has(options, "wide");
	request.how.width = terminal_width();
	request.how.colour = isatty(STDOUT_FILENO) != 0 && (no_colour == NULL || no_colour[0] == '\0');
	if (request.report == NULL)
		return EXIT_WRONG;
	const char *use = options_value(options, "use", NULL);
	if (use != NULL && strcmp(use, "develop") != 0 && strcmp(use, "hold-out") != 0)
		return verb_wrong(&verb_replay, "--use takes develop or hold-out, not \"%s\"", use);
	struct replay_options how = {.store = NULL};
	int failed = project_begin(&project, global);
	if (failed == 0)
		failed = (options_has(options, "follow") ? follow : replay)(&project, options, &request, &how);
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"org", 'O', "ORG", "an organization; may be repeated (default: mews.yaml's, else all)"},
	{"format", 'f', "FORMAT", "table (default), json, csv, junit, sarif or html (mews list formats)"},
	{"html", 0, "FILE", "also write the HTML report to FILE"},
	{"alerts", 'a', NULL, "list every alert with its place (csv: instead of the figures; json: with its event)"},
	{"wide", 'w', NULL, "table: intervals and more columns"},
	{"as", 0, "TARGET", "measure the rules as they are deployed there, instead of the detections"},
	{"use", 'u', "USE", "only datasets of use develop or hold-out"},
	{"as-of", 0, "DAY", "exceptions that expired before this day do not apply (default: today)"},
	{"reader", 'r', "READER", "how plain files are read, one of mews list formats (default: told from them)"},
	{"dialect", 'd', "DIALECT", "whose names json and csv files use (mews list dialects)"},
	{"year", 0, "YEAR", "of the first line, where times name no year (default: told from the file)"},
	{"follow", 'F', NULL, "files that grow: read on until Ctrl-C, alerts as they come, then the report (keeps no rows)"},
	{"max-rejected", 0, "SHARE", "rejected lines of a dataset that fail the run, as 0.02 or 2% (default: mews.yaml's, else 1%)"},
	{"no-store", 0, NULL, "keep no rows of this run"},
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
		   "--as measures a target's rules, each organization's own pack, as that target would evaluate them: extra are\n"
		   "alerts that the detection would not give, missed those that it alone would. Of a target that records (auditd),\n"
		   "what is recorded goes on to the detections.",
	.examples = "  mews replay                                     the corpus, all organizations\n"
		    "  mews replay --use hold-out --org build-farm     what was not tuned on\n"
		    "  mews replay --html report.html                  and a page for the browser\n"
		    "  mews replay --alerts /var/log/audit/audit.log    your own log\n"
		    "  mews replay manifests '/var/log/audit/audit.log*'   a folder, and a log with its rotated files\n"
		    "  ssh host cat /var/log/audit/audit.log | mews replay -\n"
		    "  mews replay --follow /var/log/audit/audit.log    alerts as they come\n",
	.see = "explain label list",
	.options = options,
	.run = run,
};
