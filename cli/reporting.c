/* reporting: see reporting.h. */
#include "cli/reporting.h"
#include "cli/formats.h"
#include "replay/readers/labels.h"

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

void reporting_progress(void *context, uint64_t bytes, uint64_t events, uint64_t alerts)
{
	(void)context;
	fprintf(stderr, "\r%8.1f MB  %9llu events  %7llu alerts ", (double)bytes / 1e6, (unsigned long long)events,
		(unsigned long long)alerts);
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
	return reporting->report != NULL ? 0 : -1;
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

int reporting_name_alerts(struct results *results, struct diagnostics *d)
{
	return name_alerts(results, results->alerts, results->alert_count, d) |
		name_alerts(results, results->samples, results->sample_count, d);
}

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

int reporting_write(struct project *project, const struct reporting *reporting, const struct results *results)
{
	int failed = 0;
	if (reporting->html != NULL)
		failed = write_html(results, reporting->html, &reporting->how, &project->diagnostics);
	if (reporting->report->write(results, &reporting->how, stdout) != 0)
		failed = diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"the report could not be written to standard output");
	fflush(stdout); /* the path is the last word, also where both streams are one */
	if (reporting->html != NULL && failed == 0)
		fprintf(stderr, "HTML report: %s\n", reporting->html);
	return failed;
}
