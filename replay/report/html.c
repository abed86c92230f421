/* html: the report as one page for a browser. */
#include "replay/report/formats.h"
#include "replay/report/html_page.h"
#include "replay/report/show.h"

#include <math.h>

struct page {
	const struct results *results;
	struct arena arena;
	size_t detections; /* of each organization */
	FILE *out;
};

static void section(const struct page *page, const char *id, const char *title, const char *about)
{
	fprintf(page->out, "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n<p class=\"soft\">%s</p>\n", id, id, title,
		about);
}

static void open_table(const struct page *page, const char *class_name, const char *label, const char *const *heads)
{
	fprintf(page->out, "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">"
		"<table class=\"%s\">\n<thead><tr>", label, class_name);
	for (size_t i = 0; heads[i]; i++)
		fprintf(page->out, "<th scope=\"col\">%s</th>", heads[i]);
	fputs("</tr></thead>\n<tbody>\n", page->out);
}

static void close_table(const struct page *page)
{
	fputs("</tbody></table></div>\n", page->out);
}

static void row_head(const struct page *page, struct text text)
{
	fputs("<tr><th scope=\"row\">", page->out);
	html_text(page->out, text);
	fputs("</th>", page->out);
}

static void count_cell(struct page *page, uint64_t count, const char *class_name)
{
	html_number(page->out, count, show_count(&page->arena, count), count ? class_name : NULL);
}

/* Head */

static void write_head(struct page *page)
{
	const struct results *results = page->results;
	static const char *const links[][2] = {{"totals", "Totals"}, {"map", "Map"}, {"detections", "Detections"},
		{"episodes", "Episodes"}, {"hours", "Alerts by hour"}, {"judge", "To judge"}, {"exceptions", "Exceptions"},
		{"datasets", "Datasets"}};
	html_head(page->out, "mews replay");
	fputs("<header>\n<h1>What each detection catches, and what it costs</h1>\n<p>", page->out);
	html_string(page->out, show_count(&page->arena, results->events));
	fprintf(page->out, " events of %zu datasets; catalog <code>%.12s</code>; exceptions as of ", results->dataset_count,
		results->catalog->revision);
	html_text(page->out, results->as_of);
	fprintf(page->out, "; figures are from <strong>%s</strong> datasets unless said otherwise.</p>\n<p class=\"next\">",
		part_name(results->headline));
	html_text(page->out, show_next_step(&page->arena, results));
	fputs("</p>\n<nav aria-label=\"Contents\"><ul>", page->out);
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		fprintf(page->out, "<li><a href=\"#%s\">%s</a></li>", links[i][0], links[i][1]);
	fputs("</ul></nav>\n<p class=\"tools\" hidden><label>Show rows with <input type=\"search\"></label></p>\n"
		"</header>\n<main>\n", page->out);
}

/* Totals */

static void total_row(struct page *page, const struct total *total, enum part part)
{
	FILE *out = page->out;
	row_head(page, show_organization(total->organization));
	html_cell(out, text_of(part_name(part)));
	count_cell(page, total->alerts[OUTCOME_TP], NULL);
	count_cell(page, total->alerts[OUTCOME_BTP], NULL);
	count_cell(page, total->alerts[OUTCOME_FP], "warn");
	count_cell(page, total->fn, "bad");
	count_cell(page, total->alerts[OUTCOME_UNATTRIBUTED], NULL);
	count_cell(page, total->alerts[OUTCOME_UNKNOWN], NULL);
	html_rate(out, &page->arena, &total->recall, BAR_LINEAR);
	html_rate(out, &page->arena, &total->recall_without_baseline, BAR_LINEAR);
	html_rate(out, &page->arena, &total->precision, BAR_LINEAR);
	html_rate(out, &page->arena, &total->false_positive_rate, BAR_LOG);
	fprintf(out, "<td class=\"n\">%s</td>", show_daily(&page->arena, total->groups_per_day));
	count_cell(page, total->excepted, NULL);
	fputs("</tr>\n", out);
}

static void write_totals(struct page *page)
{
	static const char *const heads[] = {"Organization", "Datasets", "TP", "BTP", "FP", "FN", "Unattributed", "Unknown",
		"Attacks seen", "Without baseline", "Precision", "FP rate (log)", "Groups a day", "Excepted", NULL};
	const struct results *results = page->results;
	section(page, "totals", "Totals", "TP: alerts inside attacks that name the detection. BTP: on risky acts. FP: on"
		" ordinary work. FN: expected alerts that did not come. Attacks seen: episodes with at least one expected alert."
		" Bars are 95 % intervals; those of FP rates run from 0.001 % to 100 % by powers of ten.");
	open_table(page, "sort", "Totals", heads);
	for (size_t i = 0; i < results->total_count; i++)
		for (enum part part = 0; part < PART_COUNT; part++) {
			const struct total *total = &results->parts[part].totals[i];
			bool repeats = results->headline == PART_ALL && part == PART_DEVELOP;
			if (total->datasets && !repeats)
				total_row(page, total, part);
		}
	close_table(page);
	fputs("</section>\n", page->out);
}

/* The heat map: colour repeats what the words say. */

struct heat {
	const char *class_name, *words;
};

static struct heat heat_of_alerts(struct arena *arena, const struct measure *measure)
{
	uint64_t right = measure->alerts[OUTCOME_TP], risky = measure->alerts[OUTCOME_BTP];
	uint64_t open = measure->alerts[OUTCOME_UNATTRIBUTED];
	if (open)
		return (struct heat){"", arena_printf(arena, "%s to judge", show_count(arena, open))};
	if (right && measure->recall.denominator)
		return (struct heat){"good", arena_printf(arena, "%s caught", show_fraction(arena, &measure->recall))};
	if (right)
		return (struct heat){"good", arena_printf(arena, "%s TP", show_count(arena, right))};
	if (risky)
		return (struct heat){"risk", arena_printf(arena, "%s BTP", show_count(arena, risky))};
	return (struct heat){measure->reachability == REACH_BLIND ? "off" : "", reachability_name(measure->reachability)};
}

static struct heat heat_of(struct arena *arena, const struct measure *measure)
{
	uint64_t fp = measure->alerts[OUTCOME_FP];
	if (measure->below || measure->disabled)
		return (struct heat){"off", measure->below ? "below severity" : "disabled"};
	if (measure->fn && fp)
		return (struct heat){"bad", arena_printf(arena, "%s FN, %s FP", show_count(arena, measure->fn),
			show_count(arena, fp))};
	if (measure->fn)
		return (struct heat){"bad", arena_printf(arena, "%s FN", show_count(arena, measure->fn))};
	if (fp)
		return (struct heat){"warn", arena_printf(arena, "%s FP", show_count(arena, fp))};
	return heat_of_alerts(arena, measure);
}

static void heat_cell(struct page *page, const struct measure *measure)
{
	struct heat heat = heat_of(&page->arena, measure);
	fprintf(page->out, "<td class=\"%s\">%s</td>", heat.class_name, heat.words);
}

static void write_map(struct page *page)
{
	const struct results *results = page->results;
	section(page, "map", "Detections × organizations", "The worst that is to be said of each. “blind” means that no"
		" benign event here could have shown a false positive; “thin” that none came close, or that too little time"
		" was observed for the budget; “measured” that there were enough of them.");
	fputs("<ul class=\"key\"><li class=\"bad\">missed an expected alert</li><li class=\"warn\">false positives</li>"
		"<li class=\"good\">caught all that it should</li><li class=\"risk\">alerts on risky acts only</li>"
		"<li class=\"off\">disabled, below severity, or blind</li><li>no alerts, or alerts to judge</li></ul>\n", page->out);
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Detections by organization\">"
		"<table class=\"map filter\">\n<thead><tr><th scope=\"col\">Detection</th>", page->out);
	for (size_t i = 0; i < results->total_count; i++) {
		fputs("<th scope=\"col\">", page->out);
		html_text(page->out, show_organization(results->totals[i].organization));
		fputs("</th>", page->out);
	}
	fputs("</tr></thead>\n<tbody>\n", page->out);
	for (size_t i = 0; i < page->detections; i++) {
		row_head(page, results->measures[i].detection->name);
		for (size_t k = 0; k < results->total_count; k++)
			heat_cell(page, &results->measures[k * page->detections + i]);
		fputs("</tr>\n", page->out);
	}
	close_table(page);
	fputs("</section>\n", page->out);
}

/* Detections of each organization */

static void detection_row(struct page *page, const struct measure *measure)
{
	FILE *out = page->out;
	row_head(page, measure->detection->name);
	fprintf(out, "<td data-v=\"%d\">%s</td>", (int)measure->severity, severity_name(measure->severity));
	count_cell(page, measure->alerts[OUTCOME_TP], NULL);
	count_cell(page, measure->alerts[OUTCOME_BTP], NULL);
	count_cell(page, measure->alerts[OUTCOME_FP], "warn");
	count_cell(page, measure->fn, "bad");
	count_cell(page, measure->alerts[OUTCOME_UNATTRIBUTED], NULL);
	html_rate(out, &page->arena, &measure->recall, BAR_LINEAR);
	html_rate(out, &page->arena, &measure->precision, BAR_LINEAR);
	html_rate(out, &page->arena, &measure->false_positive_rate, BAR_LOG);
	fprintf(out, "<td class=\"n\">%s</td>", show_daily(&page->arena, measure->groups_per_day));
	count_cell(page, measure->excepted, NULL);
	fprintf(out, "<td>%s</td></tr>\n", show_reach(measure));
}

static void write_detections(struct page *page)
{
	static const char *const heads[] = {"Detection", "Severity", "TP", "BTP", "FP", "FN", "Unattributed", "Recall",
		"Precision (groups)", "FP rate (log)", "Groups a day", "Excepted", "Reach", NULL};
	const struct results *results = page->results;
	section(page, "detections", "Detections", "Sorted by what needs attention. Rates stand as numerator/denominator"
		" with their 95 % interval as a bar.");
	for (size_t i = 0; i < results->total_count; i++) {
		const struct organization *organization = results->totals[i].organization;
		const struct measure **measures = show_sorted(&page->arena, results, results->headline, i);
		fputs("<h3>", page->out);
		html_text(page->out, show_organization(organization));
		if (organization && organization->title.length) {
			fputs(": ", page->out);
			html_text(page->out, organization->title);
		}
		fputs("</h3>\n", page->out);
		open_table(page, "sort filter", "Detections of an organization", heads);
		for (size_t k = 0; k < page->detections; k++)
			detection_row(page, measures[k]);
		close_table(page);
	}
	fputs("</section>\n", page->out);
}

/* Episodes */

static void missed_cell(struct page *page, const struct episode_result *episode)
{
	FILE *out = page->out;
	fprintf(out, "<td class=\"wrap%s\">", episode->missed_count && episode->label == LABEL_MALICIOUS ? " bad" : "");
	for (size_t i = 0; i < episode->missed_count; i++) {
		const struct missed *missed = &episode->missed[i];
		fputs(i ? "; " : "", out);
		html_text(out, missed->detection->name);
		fprintf(out, " (%s", miss_cause_name(missed->cause));
		if (missed->gap.length) {
			fputs("; known gap: ", out);
			html_text(out, missed->gap);
		}
		fputs(")", out);
	}
	fputs("</td>", out);
}

static void episode_row(struct page *page, const struct episode_result *episode)
{
	row_head(page, episode->episode->name);
	html_cell(page->out, episode->dataset->name);
	html_cell(page->out, text_of(dataset_use_name(episode->dataset->use)));
	html_cell(page->out, show_organization(episode->organization));
	html_cell(page->out, text_of(label_name(episode->label)));
	count_cell(page, episode->events, NULL);
	fputs("<td class=\"wrap\">", page->out);
	for (size_t i = 0; i < episode->alerted_count; i++) {
		fputs(i ? ", " : "", page->out);
		html_text(page->out, episode->alerted[i]->name);
	}
	fputs("</td>", page->out);
	missed_cell(page, episode);
	fputs("</tr>\n", page->out);
}

static void write_episodes(struct page *page)
{
	static const char *const heads[] = {"Episode", "Dataset", "Use", "Organization", "Label", "Events", "Alerted", "Missed",
		NULL};
	const struct results *results = page->results;
	section(page, "episodes", "Episodes", "Each labelled stretch, what fired in it, and what should have; those with"
		" misses first.");
	open_table(page, "sort filter", "Episodes", heads);
	for (int missed = 1; missed >= 0; missed--)
		for (size_t i = 0; i < results->episode_count; i++)
			if (!results->episodes[i].foreign && (results->episodes[i].missed_count > 0) == missed)
				episode_row(page, &results->episodes[i]);
	close_table(page);
	fputs("</section>\n", page->out);
}

/* Alerts by hour */

static uint64_t alerts_of(const struct hour_result *hour)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		sum += hour->alerts[i];
	return sum;
}

/* Hours without alerts take no room: recordings may lie years apart. */
static void write_organization_hours(struct page *page, const struct hour_result *hours, size_t count)
{
	FILE *out = page->out;
	uint64_t most = 1;
	for (size_t i = 0; i < count; i++)
		most = alerts_of(&hours[i]) > most ? alerts_of(&hours[i]) : most;
	const int64_t hour = INT64_C(3600) * 1000000000;
	fputs("<h3>", out);
	html_text(out, show_organization(hours->organization));
	fprintf(out, "</h3>\n<p class=\"soft\">%zu hour%s with alerts, from %s to %s; the fullest has %s.</p>\n", count,
		count == 1 ? "" : "s",
		show_time(&page->arena, hours[0].hour * hour), show_time(&page->arena, hours[count - 1].hour * hour),
		show_count(&page->arena, most));
	fputs("<div class=\"scroll\" tabindex=\"0\" role=\"img\" aria-label=\"Bars: alerts in each hour that has any\">"
		"<div class=\"hours\">", out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "<i style=\"height:%.1f%%\" title=\"%s: %llu alerts, %llu of them FP\"></i>",
			100.0 * (double)alerts_of(&hours[i]) / (double)most, show_time(&page->arena, hours[i].hour * hour),
			(unsigned long long)alerts_of(&hours[i]), (unsigned long long)hours[i].alerts[OUTCOME_FP]);
	fputs("</div></div>\n", out);
}

static void write_hours(struct page *page)
{
	const struct results *results = page->results;
	section(page, "hours", "Alerts by hour", "All uses together, in UTC; hours without alerts are left out, and so are"
		" events without a time, such as manifests.");
	for (size_t from = 0, to; from < results->hour_count; from = to) {
		for (to = from; to < results->hour_count; to++)
			if (results->hours[to].organization != results->hours[from].organization)
				break;
		write_organization_hours(page, &results->hours[from], to - from);
	}
	if (!results->hour_count)
		fputs("<p>None.</p>\n", page->out);
	fputs("</section>\n", page->out);
}

/* Alerts that somebody should look at */

static void write_samples(struct page *page)
{
	static const char *const heads[] = {"Detection", "Organization", "Outcome", "Dataset", "Episode", "Where", "Event", NULL};
	const struct results *results = page->results;
	section(page, "judge", "To judge", "The first few false positives, unattributed alerts and alerts on unlabelled"
		" events of each detection and organization; <code>mews label</code> stores what somebody decides about those that"
		" have an id. An unattributed alert is inside an attack that does not name it: if it is right, put the"
		" detection under the episode’s <code>allows</code>.");
	open_table(page, "sort filter", "Alerts to judge", heads);
	for (size_t i = 0; i < results->sample_count; i++) {
		const struct alert *alert = &results->samples[i];
		row_head(page, alert->detection->name);
		html_cell(page->out, show_organization(alert->organization));
		html_cell(page->out, text_of(outcome_name(alert->outcome)));
		html_cell(page->out, alert->dataset->name);
		html_cell(page->out, alert->episode ? alert->episode->name : TEXT(""));
		fputs("<td>", page->out);
		html_string(page->out, alert->file);
		fprintf(page->out, ":%llu", (unsigned long long)alert->line);
		if (alert->id.length)
			fprintf(page->out, "<br>%.*s", TEXT_ARGS(alert->id));
		fputs("</td><td class=\"wrap\"><details><summary>", page->out);
		html_text(page->out, alert->conditions);
		fputs("</summary><pre>", page->out);
		html_text(page->out, alert->event);
		fputs("</pre></details></td></tr>\n", page->out);
	}
	close_table(page);
	fputs("</section>\n", page->out);
}

static void write_exceptions(struct page *page)
{
	static const char *const heads[] = {"Exception", "Organization", "Of detection", "Reason", "Expires", "FP removed",
		"BTP removed", "TP removed", "State", NULL};
	const struct results *results = page->results;
	section(page, "exceptions", "Exceptions", "What each exception took away in the organization’s own and everybody’s"
		" datasets. One that removes nothing may be stale; one that removes true positives may hide an attack; what was"
		" missed so stands under Episodes.");
	open_table(page, "sort filter", "Exceptions", heads);
	for (size_t i = 0; i < results->exception_count; i++) {
		const struct exception_result *result = &results->exceptions[i];
		uint64_t all = 0;
		for (size_t k = 0; k < OUTCOME_COUNT; k++)
			all += result->removed[k];
		row_head(page, result->exception->name);
		html_cell(page->out, show_organization(result->organization));
		html_cell(page->out, result->detection ? result->detection->name : TEXT("the organization’s"));
		html_cell(page->out, result->exception->reason);
		html_cell(page->out, result->exception->expires.length ? result->exception->expires : TEXT("never"));
		count_cell(page, result->removed[OUTCOME_FP], NULL);
		count_cell(page, result->removed[OUTCOME_BTP], NULL);
		count_cell(page, result->removed[OUTCOME_TP], "warn");
		html_cell(page->out, result->expired ? TEXT("expired") : all ? TEXT("used") : TEXT("unused here"));
		fputs("</tr>\n", page->out);
	}
	close_table(page);
	fputs("</section>\n", page->out);
}

/* Datasets */

static void write_counts(struct page *page, const struct ledger *ledger)
{
	count_cell(page, ledger->lines, NULL);
	count_cell(page, ledger->events, NULL);
	count_cell(page, ledger->continued, NULL);
	count_cell(page, ledger->blank, NULL);
	count_cell(page, ledger->rejected, "warn");
	count_cell(page, ledger->unmapped, NULL);
}

static void write_first_rejected(struct page *page, const struct ledger *ledger)
{
	for (size_t k = 0; k < ledger->first_count; k++) {
		fputs(k ? "<br>" : "", page->out);
		html_string(page->out, ledger->first[k].file);
		fprintf(page->out, ":%llu: ", (unsigned long long)ledger->first[k].line);
		html_string(page->out, ledger->first[k].reason);
	}
}

static void write_skipped(struct page *page)
{
	const struct results *results = page->results;
	if (!results->skipped_count)
		return;
	fputs("<p>Not read:</p><ul>\n", page->out);
	for (size_t i = 0; i < results->skipped_count; i++) {
		fputs("<li>", page->out);
		html_string(page->out, results->skipped[i].file);
		fputs(": ", page->out);
		html_string(page->out, results->skipped[i].reason);
		fputs("</li>\n", page->out);
	}
	fputs("</ul>\n", page->out);
}

static void write_datasets(struct page *page)
{
	static const char *const heads[] = {"Dataset", "Use", "Lines", "Events", "Continued", "Blank", "Rejected", "Unmapped",
		"Observed", "First rejected lines", NULL};
	const struct results *results = page->results;
	section(page, "datasets", "Datasets", "Every line that was read is the first of an event, continues one, is blank,"
		" or was rejected.");
	open_table(page, "sort filter", "Datasets", heads);
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct dataset_result *result = &results->datasets[i];
		const struct ledger *ledger = &result->ledger;
		row_head(page, result->dataset->name);
		html_cell(page->out, text_of(dataset_use_name(result->dataset->use)));
		write_counts(page, ledger);
		fprintf(page->out, "<td class=\"n\">%s</td><td class=\"wrap\">", show_duration(&page->arena, result->observed));
		write_first_rejected(page, ledger);
		fputs("</td></tr>\n", page->out);
	}
	close_table(page);
	fputs("</section>\n", page->out);
}

static void write_files(struct page *page)
{
	static const char *const heads[] = {"File", "Dataset", "Reader", "Dialect", "Lines", "Events", "Continued", "Blank",
		"Rejected", "Unmapped", "Unfilled", "First rejected lines", NULL};
	const struct results *results = page->results;
	section(page, "files", "Files", "Each file that was read, as what, and what became of its lines.");
	open_table(page, "sort filter", "Files", heads);
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct ledger *ledger = &results->datasets[i].ledger;
		for (size_t k = 0; k < ledger->file_count; k++) {
			const struct ledger *file = &ledger->files[k];
			row_head(page, text_of(file->file));
			html_cell(page->out, results->datasets[i].dataset->name);
			html_cell(page->out, text_of(file->reader));
			html_cell(page->out, text_of(file->dialect));
			write_counts(page, file);
			count_cell(page, file->unfilled, NULL);
			fputs("<td class=\"wrap\">", page->out);
			write_first_rejected(page, file);
			fputs("</td></tr>\n", page->out);
		}
	}
	close_table(page);
	write_skipped(page);
	fputs("</section>\n", page->out);
}

int report_html(const struct results *results, const struct report_options *options, FILE *out)
{
	static void (*const parts[])(struct page *) = {write_head, write_totals, write_map, write_detections, write_episodes,
		write_hours, write_samples, write_exceptions, write_datasets,
		write_files};
	struct page page = {.results = results, .out = out};
	(void)options;
	page.detections = results->total_count ? results->measure_count / results->total_count : 0;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		parts[i](&page);
	fputs("</main>\n<footer><p class=\"soft\">Every figure is defined in docs/measures.md.</p></footer>\n", out);
	html_foot(out);
	arena_free(&page.arena);
	return ferror(out) ? -1 : 0;
}
