/* html_volume: alerts by hour and by day, drawn as one row of bars for each outcome, and the same as a table. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <string.h>

enum { ROW_HEIGHT = 34, ROW_GAP = 26, AXIS = 26, LABEL_GAP = 78, TABLE_HOURS = 48, TABLE_DAYS = 31, HOURS_MOST = 168, DAY = 24,
	TABLE_BYTES = 10000 };

/* Alerts of one organization, by hour or by day; the key counts them since 1970. */
struct series {
	const char *unit, *units;
	int64_t seconds;
	bool of_day;             /* hours of the day, over all days: the key is 0 … 23 */
	int64_t *keys;
	uint64_t (*counts)[OUTCOME_COUNT];
	size_t count;
};

/* Outcomes that nobody has to look at come last. */
static const struct outcome_row {
	enum outcome outcome;
	const char *name, *class_name;
} outcome_rows[] = {{OUTCOME_TP, "TP (attacks)", "s-tp"}, {OUTCOME_FP, "FP (ordinary work)", "s-fp"},
	{OUTCOME_BTP, "BTP (risky acts)", "s-btp"}, {OUTCOME_UNATTRIBUTED, "unattributed", "s-ask"},
	{OUTCOME_UNKNOWN, "unknown", "s-ask"}};
enum { OUTCOME_ROWS = sizeof outcome_rows / sizeof *outcome_rows };

static int64_t floor_divide(int64_t value, int64_t by)
{
	return value / by - (value % by < 0);
}

static struct series series_of(struct page *page, const struct hour_result *hours, size_t count, int64_t hours_each)
{
	struct series series = {.unit = hours_each == 1 ? "hour" : "day", .units = hours_each == 1 ? "hours" : "days",
		.seconds = 3600 * hours_each};
	series.keys = arena_array(&page->arena, count + 1, sizeof *series.keys);
	series.counts = arena_array(&page->arena, count + 1, sizeof *series.counts);
	for (size_t i = 0; i < count; i++) {
		int64_t key = floor_divide(hours[i].hour, hours_each);
		if (!series.count || series.keys[series.count - 1] != key)
			series.keys[series.count++] = key;
		for (size_t k = 0; k < OUTCOME_COUNT; k++)
			series.counts[series.count - 1][k] += hours[i].alerts[k];
	}
	return series;
}

/* More hours than anybody reads: at what time of the day do alerts come? */
static struct series hours_of_day(struct page *page, const struct series *hours)
{
	struct series series = *hours;
	series.of_day = true;
	series.unit = "hour of the day";
	series.units = "hours of the day";
	series.count = DAY;
	series.keys = arena_array(&page->arena, DAY, sizeof *series.keys);
	series.counts = arena_array(&page->arena, DAY, sizeof *series.counts);
	for (size_t i = 0; i < DAY; i++)
		series.keys[i] = (int64_t)i;
	for (size_t i = 0; i < hours->count; i++)
		for (size_t k = 0; k < OUTCOME_COUNT; k++)
			series.counts[hours->keys[i] - floor_divide(hours->keys[i], DAY) * DAY][k] += hours->counts[i][k];
	return series;
}

static uint64_t sum_of(const struct series *series, size_t at)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		sum += series->counts[at][i];
	return sum;
}

static uint64_t most_of(const struct series *series, enum outcome outcome)
{
	uint64_t most = 0;
	for (size_t i = 0; i < series->count; i++)
		most = series->counts[i][outcome] > most ? series->counts[i][outcome] : most;
	return most;
}

/* "2026-11-25", or "2026-11-25 14 h" */
static const char *moment_of(struct page *page, const struct series *series, size_t at)
{
	if (series->of_day)
		return arena_printf(&page->arena, "%02zu h", at);
	const char *time = show_time(&page->arena, series->keys[at] * series->seconds * INT64_C(1000000000));
	if (strlen(time) < 16)
		return time;
	return series->seconds == 3600 ? arena_printf(&page->arena, "%.10s %.2s h", time, time + 11) :
		arena_strndup(&page->arena, time, 10);
}

/* Drawing */

static unsigned step_of(const struct series *series)
{
	return series->count <= 60 ? 12 : series->count <= 200 ? 6 : 3;
}

static void draw_row(struct page *page, const struct series *series, const struct outcome_row *row, unsigned top)
{
	FILE *out = page->out;
	unsigned step = step_of(series), base = top + ROW_GAP + ROW_HEIGHT;
	uint64_t most = most_of(series, row->outcome);
	fprintf(out, "<text class=\"s\" x=\"0\" y=\"%u\">%s: at most %s in %s %s</text>", top + 20, row->name,
		show_count(&page->arena, most), series->seconds == 3600 ? "an" : "a", series->unit);
	fprintf(out, "<path class=\"%s\" stroke-width=\"%u\" d=\"", row->class_name, step - 1);
	for (size_t i = 0; i < series->count; i++) {
		uint64_t count = series->counts[i][row->outcome];
		double height = ROW_HEIGHT * (double)count / (double)most;
		if (count)
			fprintf(out, "M%.1f %uv-%.1f", (double)(i * step) + step / 2.0, base, height < 1.5 ? 1.5 : height);
	}
	fprintf(out, "\"/><path class=\"axis\" d=\"M0 %u.5h%zu\"/>", base, series->count * step);
}

/* Dashes where time is missing, and dates as often as there is room. */
static void draw_axis(struct page *page, const struct series *series, unsigned height)
{
	FILE *out = page->out;
	unsigned step = step_of(series);
	double free_from = 0;
	fputs("<path class=\"gap\" d=\"", out);
	for (size_t i = 1; i < series->count; i++)
		if (series->keys[i] != series->keys[i - 1] + 1)
			fprintf(out, "M%zu.5 %dV%u", i * step - 1, 0, height - AXIS);
	fputs("\"/>", out);
	for (size_t i = 0; i < series->count; i++) {
		double at = (double)(i * step);
		if (at < free_from)
			continue;
		fprintf(out, "<text x=\"%.0f\" y=\"%u\">%s</text>", at, height - 8, moment_of(page, series, i));
		free_from = at + (series->of_day ? LABEL_GAP / 2 : series->seconds == 3600 ? LABEL_GAP + 24 : LABEL_GAP);
	}
}

static void draw(struct page *page, const struct series *series, const char *title)
{
	FILE *out = page->out;
	unsigned top = 0, height = AXIS, width = (unsigned)series->count * step_of(series) + 130;
	for (size_t i = 0; i < OUTCOME_ROWS; i++)
		height += most_of(series, outcome_rows[i].outcome) ? ROW_HEIGHT + ROW_GAP : 0;
	if (width < 330)
		width = 330;
	fprintf(out, "<svg class=\"vol\" role=\"img\" width=\"%u\" height=\"%u\" viewBox=\"0 0 %u"
		" %u\"><title>", width, height, width,
		height);
	html_string(out, title);
	fputs("</title>", out);
	for (size_t i = 0; i < OUTCOME_ROWS; i++)
		if (most_of(series, outcome_rows[i].outcome)) {
			draw_row(page, series, &outcome_rows[i], top);
			top += ROW_HEIGHT + ROW_GAP;
		}
	draw_axis(page, series, height);
	fputs("</svg>", out);
}

/* The table */

static void table_row(struct page *page, const struct series *series, size_t at)
{
	fprintf(page->out, "<tr><th scope=\"row\">%s</th>", moment_of(page, series, at));
	for (size_t i = 0; i < OUTCOME_ROWS; i++)
		html_count(page->out, &page->arena, series->counts[at][outcome_rows[i].outcome], NULL);
	html_count(page->out, &page->arena, sum_of(series, at), NULL);
	fputs("</tr>\n", page->out);
}

/* The least sum that is among the `most` fullest. */
static uint64_t least_shown(struct page *page, const struct series *series, size_t most)
{
	bool *taken = arena_array(&page->arena, series->count + 1, sizeof *taken);
	uint64_t least = 0;
	if (series->count <= most)
		return 0;
	for (size_t n = 0; n < most; n++) {
		size_t best = SIZE_MAX;
		for (size_t i = 0; i < series->count; i++)
			if (!taken[i] && (best == SIZE_MAX || sum_of(series, i) > sum_of(series, best)))
				best = i;
		taken[best] = true;
		least = sum_of(series, best);
	}
	return least;
}

static void write_table(struct page *page, const struct series *series, const char *id, size_t organization)
{
	static const struct html_column columns[] = {{"From", false}, {"TP", true}, {"FP", true}, {"BTP", true},
		{"Unattributed", true}, {"Unknown", true}, {"All", true}, {0}};
	size_t most = series->seconds == 3600 ? TABLE_HOURS : TABLE_DAYS;
	uint64_t least = least_shown(page, series, most);
	FILE *out = page->out;
	fprintf(out, "<details><summary>the same as a table</summary>\n");
	struct text whose = show_organization(page->results->totals[organization].organization);
	const int length = (int)utf8_skip(whose, 0, 80);
	const char *caption = series->count > most ?
		arena_printf(&page->arena, "%.*s: the %zu fullest %s of %zu", length, whose.data, most, series->units, series->count) :
		arena_printf(&page->arena, "%.*s: alerts by %s (UTC)", length, whose.data, series->unit);
	html_table(out, id, "sort", caption, columns);
	for (size_t i = 0, shown = 0; i < series->count && shown < most; i++)
		if (sum_of(series, i) >= least) {
			table_row(page, series, i);
			shown++;
		}
	html_table_end(out);
	fputs("</details>\n", out);
}

static void write_series(struct page *page, const struct series *series, size_t organization)
{
	FILE *out = page->out;
	const char *id = arena_printf(&page->arena, "volume-%s-%zu", series->seconds == 3600 ? "hour" : "day",
		organization);
	uint64_t sum = 0;
	for (size_t i = 0; i < series->count; i++)
		sum += sum_of(series, i);
	const char *title = series->of_day ?
		arena_printf(&page->arena, "%s alerts by hour of the day, over all days (UTC)", show_count(&page->arena, sum)) :
		arena_printf(&page->arena, "%s alert%s in %zu %s, from %s to %s (UTC)", show_count(&page->arena, sum),
			sum == 1 ? "" : "s", series->count, series->count == 1 ? series->unit : series->units, moment_of(page, series, 0),
			moment_of(page, series, series->count - 1));
	fprintf(out, "<figure><figcaption id=\"%s-t\">%s</figcaption>\n<section class=\"scroll\" tabindex=\"0\" "
		"aria-labelledby=\"%s-t\">", id, title, id);
	draw(page, series, title);
	fputs("</section></figure>\n", out);
	if (page_full(page, TABLE_BYTES))
		fputs("<p class=\"soft\">Its table has no room here; <code>--format json</code> has it.</p>\n", out);
	else
		write_table(page, series, id, organization);
}

void html_write_volume(struct page *page)
{
	const struct results *results = page->results;
	for (size_t from = 0, to; from < results->hour_count; from = to) {
		const struct organization *organization = results->hours[from].organization;
		for (to = from; to < results->hour_count && results->hours[to].organization == organization; to++) {
		}
		fputs("<h3>", page->out);
		html_cut(page->out, show_organization(organization), 120);
		fputs("</h3>\n", page->out);
		struct series hours = series_of(page, &results->hours[from], to - from, 1);
		struct series days = series_of(page, &results->hours[from], to - from, 24);
		size_t index = page_organization(page, organization);
		struct series by_hour = hours.count > HOURS_MOST ? hours_of_day(page, &hours) : hours;
		write_series(page, &by_hour, index);
		if (days.count > 1)
			write_series(page, &days, index);
	}
	if (!results->hour_count)
		fputs("<p>No alert of an event with a time.</p>\n", page->out);
}
