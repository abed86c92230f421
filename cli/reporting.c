/* reporting: see reporting.h. */
#include "cli/reporting.h"
#include "cli/formats.h"
#include "replay/readers/labels.h"
#include "replay/report/to_judge.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

unsigned reporting_width(void)
{
	struct winsize size;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
		return size.ws_col;
	return 80;
}

bool reporting_colour(void)
{
	const char *no_colour = getenv("NO_COLOR");
	return isatty(STDOUT_FILENO) != 0 && (no_colour == NULL || no_colour[0] == '\0');
}

/* --also junit=out/junit.xml */
static int read_also(struct reporting *reporting, const struct verb *verb, const struct options *options)
{
	for (size_t i = 0; i < options->count; i++) {
		const char *value = options->found[i].value, *equals = value != NULL ? strchr(value, '=') : NULL;
		char name[32];
		if (strcmp(options->found[i].spec->name, "also") != 0)
			continue;
		if (equals == NULL || equals[1] == '\0' || (size_t)(equals - value) >= sizeof name)
			return verb_wrong(verb, "--also takes FORMAT=FILE, as junit=junit.xml, not \"%s\"", value), -1;
		if (reporting->also_count == REPORTING_ALSO)
			return verb_wrong(verb, "--also stands there more than %d times", REPORTING_ALSO), -1;
		snprintf(name, sizeof name, "%.*s", (int)(equals - value), value);
		const struct report *report = formats_report(verb, name);
		if (report == NULL)
			return -1;
		reporting->also[reporting->also_count++] = (struct reporting_file){report, equals + 1};
	}
	return 0;
}

int reporting_begin(struct reporting *reporting, const struct verb *verb, const struct options *options)
{
	*reporting = (struct reporting){
		.report = formats_report(verb, options_value(options, "format", "table")),
		.html = options_value(options, "html", NULL),
	};
	reporting->how.alerts = options_has(options, "alerts");
	reporting->how.wide = options_has(options, "wide");
	reporting->how.width = reporting_width();
	reporting->how.colour = reporting_colour();
	return reporting->report != NULL ? read_also(reporting, verb, options) : -1;
}

bool reporting_lists_alerts(const struct reporting *reporting)
{
	bool lists = reporting->how.alerts || reporting->report->every_alert;
	for (size_t i = 0; i < reporting->also_count; i++)
		lists = lists || reporting->also[i].report->every_alert;
	return lists;
}

bool reporting_shows(const struct reporting *reporting, bool (*shows)(const struct report *report))
{
	bool any = shows(reporting->report);
	for (size_t i = 0; i < reporting->also_count; i++)
		any = any || shows(reporting->also[i].report);
	return any;
}

static int name_alerts(struct results *results, struct alert *alerts, size_t alert_count, struct diagnostics *d)
{
	struct labelled_place *places = mem_alloc((alert_count + 1) * sizeof *places);
	struct alert **whose = mem_alloc((alert_count + 1) * sizeof(struct alert *));
	int failed = 0;
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct dataset *dataset = results->datasets[i].dataset;
		size_t count = 0;
		for (size_t k = 0; k < alert_count; k++) {
			struct alert *alert = &alerts[k];
			const bool open = alert->outcome == OUTCOME_UNKNOWN || alert->outcome == OUTCOME_UNATTRIBUTED;
			if (!open || alert->dataset != dataset || alert->file == NULL)
				continue;
			places[count] = (struct labelled_place){.file = alert->file, .line = alert->line};
			whose[count++] = alert;
		}
		failed |= labels_ids(dataset, places, count, d);
		for (size_t k = 0; k < count; k++)
			whose[k]->id = text_of(arena_strdup(&results->arena, places[k].id));
	}
	free(whose);
	free(places);
	return failed;
}

int reporting_name_alerts(const struct reporting *reporting, struct results *results, struct diagnostics *d)
{
	enum report_ids ids = reporting->html != NULL ? IDS_ALL : reporting->report->ids;
	for (size_t i = 0; i < reporting->also_count; i++)
		ids = reporting->also[i].report->ids > ids ? reporting->also[i].report->ids : ids;
	size_t samples = ids == IDS_ALL ? results->sample_count : ids == IDS_FIRST ? to_judge_count(results) : 0;
	return name_alerts(results, results->alerts, results->alert_count, d) | name_alerts(results, results->samples, samples, d);
}

static int write_file(const struct report *report, const struct results *results, const char *path,
	const struct report_options *how, struct diagnostics *d)
{
	struct report_options plain = *how;
	const struct place place = {path, 0, 0};
	FILE *file = fopen(path, "w");
	if (file == NULL)
		return diagnostics_error(d, place, "cannot be written: %s", strerror(errno));
	plain.colour = false;
	plain.width = 0;
	int failed = report->write(results, &plain, file);
	failed |= fclose(file);
	return failed == 0 ? 0 : diagnostics_error(d, place, "could not be written whole");
}

int reporting_write(struct project *project, const struct reporting *reporting, const struct results *results)
{
	int failed = 0;
	if (reporting->html != NULL)
		failed = write_file(report_find(TEXT("html")), results, reporting->html, &reporting->how, &project->diagnostics);
	for (size_t i = 0; i < reporting->also_count; i++)
		failed |= write_file(reporting->also[i].report, results, reporting->also[i].path, &reporting->how,
			&project->diagnostics);
	if (reporting->report->write(results, &reporting->how, stdout) != 0)
		failed = diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"the report could not be written to standard output");
	fflush(stdout); /* the path is the last word, also where both streams are one */
	if (reporting->html != NULL && failed == 0)
		fprintf(stderr, "HTML report: %s\n", reporting->html);
	return failed;
}
