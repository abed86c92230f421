/* html_map: detections × organizations, and each organization's totals. Colour repeats what marks and words say. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <math.h>

struct heat {
	const char *class_name, *words;
};

static const char *plural(struct arena *arena, const char *mark, uint64_t count, const char *one, const char *many)
{
	return arena_printf(arena, "%s %s %s", mark, show_count(arena, count), count == 1 ? one : many);
}

static struct heat heat_of_silence(const struct measure *measure)
{
	switch (measure->reachability) {
	case REACH_BLIND: return (struct heat){"off", "– blind"};
	case REACH_THIN: return (struct heat){"none", "– silent, thin"};
	case REACH_BRIEF:
	case REACH_MEASURED: break;
	}
	return (struct heat){"none", "– silent, measured"};
}

static struct heat heat_of(struct arena *arena, const struct measure *measure)
{
	uint64_t noise = measure->groups[OUTCOME_FP], open = measure->alerts[OUTCOME_UNATTRIBUTED];
	uint64_t unknown = measure->alerts[OUTCOME_UNKNOWN], right = measure->alerts[OUTCOME_TP];
	if (measure->fn)
		return (struct heat){"bad", plural(arena, "✕", measure->fn, "missed", "missed")};
	if (measure->below || measure->disabled)
		return (struct heat){"off", measure->below ? "○ below severity" : "○ disabled"};
	if (noise)
		return (struct heat){noise >= 10 ? "warn f3" : noise >= 2 ? "warn f2" : "warn", plural(arena, "▲", noise, "false group",
			"false groups")};
	if (open || unknown)
		return (struct heat){"ask", plural(arena, "?", open + unknown, "to judge", "to judge")};
	if (right && measure->recall.denominator)
		return (struct heat){"good", arena_printf(arena, "✓ %s caught", show_fraction(arena, &measure->recall))};
	if (right)
		return (struct heat){"good", plural(arena, "✓", right, "true alert", "true alerts")};
	if (measure->alerts[OUTCOME_BTP])
		return (struct heat){"risk", plural(arena, "◆", measure->alerts[OUTCOME_BTP], "on risky acts", "on risky acts")};
	return heat_of_silence(measure);
}

/* What the worst does not say: recall where something was caught or missed, and noise beside a miss. */
static const char *second_line(struct arena *arena, const struct measure *measure)
{
	uint64_t noise = measure->groups[OUTCOME_FP];
	bool attention = measure->fn || noise || measure->alerts[OUTCOME_UNATTRIBUTED] || measure->alerts[OUTCOME_UNKNOWN];
	const char *recall = measure->recall.denominator && attention ?
		arena_printf(arena, "recall %s", show_fraction(arena, &measure->recall)) : "";
	if (measure->fn && noise)
		return arena_printf(arena, "%s, %s false", recall, show_count(arena, noise));
	return recall;
}

static void heat_cell(struct page *page, size_t detection, size_t organization)
{
	const struct measure *measure = page_measure(page, detection, organization);
	struct heat heat = heat_of(&page->arena, measure);
	const char *second = second_line(&page->arena, measure);
	bool linked = !page_quiet(measure);
	fprintf(page->out, "<td class=\"%s\">", heat.class_name);
	if (linked)
		fprintf(page->out, "<a href=\"#r%zu.%zu\">", organization, detection);
	fputs(heat.words, page->out);
	if (*second)
		fprintf(page->out, "<small>%s</small>", second);
	fputs(linked ? "</a></td>" : "</td>", page->out);
}

static void organization_heads(struct page *page)
{
	for (size_t i = 0; i < page->organizations; i++) {
		fprintf(page->out, "<th scope=\"col\" class=\"name\" data-o=\"%zu\">", i);
		html_cut(page->out, show_organization(page->results->totals[i].organization), 60);
		fputs("</th>", page->out);
	}
}

static void map_row(struct page *page, size_t detection)
{
	bool needs = false;
	for (size_t k = 0; k < page->organizations; k++)
		needs = needs || page_needs(page_measure(page, detection, k));
	fputs("<tr", page->out);
	page_row(page, SIZE_MAX, needs);
	fputs("><th scope=\"row\">", page->out);
	const struct detection *it = page_measure(page, detection, 0)->detection;
	html_cut(page->out, it->name, 120);
	if (it->title.length) {
		fputs("<small>", page->out);
		html_cut(page->out, it->title, 110);
		fputs("</small>", page->out);
	}
	fputs("</th>", page->out);
	for (size_t k = 0; k < page->organizations; k++)
		heat_cell(page, detection, k);
	fputs("</tr>\n", page->out);
}

static void write_key(struct page *page)
{
	fputs("<ul class=\"key\"><li class=\"bad\">✕ an expected alert is missing</li>"
		"<li class=\"warn\">▲ false alarms</li><li class=\"ask\">? to judge</li>"
		"<li class=\"good\">✓ caught what it should</li>"
		"<li class=\"risk\">◆ alerts on risky acts only</li><li class=\"none\">– silent</li>"
		"<li class=\"off\">○ off, or – blind</li></ul>\n", page->out);
}

/* Detections of which no organization has anything to say, with the best reachability of any. */
static void write_quiet(struct page *page, const size_t *order, size_t loud)
{
	enum { OFF = REACH_MEASURED + 1, STATES };
	size_t counts[STATES] = {0};
	static const char *const words[] = {"blind", "thin", "brief", "measured", "off"};
	size_t *state = arena_array(&page->arena, page->detections + 1, sizeof *state);
	if (loud == page->detections)
		return;
	for (size_t i = loud; i < page->detections; i++) {
		size_t best = OFF;
		for (size_t k = 0; k < page->organizations; k++) {
			const struct measure *measure = page_measure(page, order[i], k);
			if (!measure->disabled && !measure->below && (best == OFF || measure->reachability > best))
				best = measure->reachability;
		}
		state[i] = best;
		counts[best]++;
	}
	fprintf(page->out, "<details class=\"fold\"><summary>%zu more detections neither alerted nor were expected"
		" to:", page->detections - loud);
	for (size_t k = 0, said = 0; k < STATES; k++)
		if (counts[k])
			fprintf(page->out, "%s %zu %s", said++ ? "," : "", counts[k], words[k]);
	fputs("</summary>\n<ul class=\"cols\">", page->out);
	for (size_t i = loud; i < page->detections; i++) {
		fputs("<li>", page->out);
		html_cut(page->out, page_measure(page, order[i], 0)->detection->name, 120);
		fprintf(page->out, " <small>%s</small></li>\n", words[state[i]]);
	}
	fputs("</ul></details>\n", page->out);
}

void html_write_map(struct page *page)
{
	size_t loud;
	const size_t *order = page_order(page, &loud);
	if (loud) {
		write_key(page);
		html_table_begin(page->out, "heat", "map filter", "Detections by organization, worst first");
		html_column(page->out, "Detection", false);
		organization_heads(page);
		html_table_body(page->out);
		for (size_t i = 0; i < loud; i++)
			map_row(page, order[i]);
		html_table_end(page->out);
	} else {
		fputs("<p>No detection alerted, and none was expected to.</p>\n", page->out);
	}
	write_quiet(page, order, loud);
}

/* Organizations */

static void daily_cell(struct page *page, double per_day)
{
	fprintf(page->out, "<td class=\"n%s\">%s</td>", isnan(per_day) || per_day == 0 ? " zero" : "",
		show_daily(&page->arena, per_day));
}

static void total_row(struct page *page, size_t index, enum part part)
{
	const struct total *total = &page->results->parts[part].totals[index];
	FILE *out = page->out;
	fputs("<tr", out);
	page_row(page, index, total->fn || total->alerts[OUTCOME_FP] || total->alerts[OUTCOME_UNATTRIBUTED] ||
		total->alerts[OUTCOME_UNKNOWN]);
	fputs("><th scope=\"row\">", out);
	html_cut(out, show_organization(total->organization), 120);
	if (total->organization && total->organization->title.length && part == page->results->headline) {
		fputs("<small>", out);
		html_cut(out, total->organization->title, 110);
		fputs("</small>", out);
	}
	fprintf(out, "</th><td>%s</td>", part_name(part));
	html_rate(out, &page->arena, &total->recall, BAR_LINEAR);
	html_rate(out, &page->arena, &total->recall_without_baseline, BAR_LINEAR);
	html_rate(out, &page->arena, &total->expected, BAR_LINEAR);
	html_rate(out, &page->arena, &total->precision, BAR_LINEAR);
	html_rate(out, &page->arena, &total->false_positive_rate, BAR_LOG);
	html_count(out, &page->arena, total->alerts[OUTCOME_TP], NULL);
	html_count(out, &page->arena, total->alerts[OUTCOME_BTP], NULL);
	html_count(out, &page->arena, total->alerts[OUTCOME_FP], "warn");
	html_count(out, &page->arena, total->fn, "bad");
	html_count(out, &page->arena, total->alerts[OUTCOME_UNATTRIBUTED], "ask");
	html_count(out, &page->arena, total->alerts[OUTCOME_UNKNOWN], "ask");
	daily_cell(page, total->groups_per_day);
	daily_cell(page, total->false_groups_per_day);
	html_count(out, &page->arena, total->excepted, NULL);
	fprintf(out, "<td class=\"n\">%s</td></tr>\n", show_duration(&page->arena, total->observed));
}

void html_write_organizations(struct page *page)
{
	static const struct html_column columns[] = {{"Organization", false}, {"Datasets", false}, {"Attacks noticed", false},
		{"Without its baseline", false}, {"Expected alerts that came", false}, {"Precision (groups)", false},
		{"FP rate (log scale)", false}, {"TP", true}, {"BTP", true}, {"FP", true}, {"FN", true}, {"Unattributed", true},
		{"Unknown", true}, {"Groups a day", true}, {"False groups a day", true}, {"Excepted", true}, {"Observed", true}, {0}};
	const struct results *results = page->results;
	html_table(page->out, "totals", "sort filter", "Totals by organization and by what the datasets are for", columns);
	for (size_t i = 0; i < page->organizations; i++)
		for (enum part part = 0; part < PART_COUNT; part++) {
			bool repeats = results->headline == PART_ALL && part == PART_DEVELOP;
			if (results->parts[part].totals[i].datasets && !repeats)
				total_row(page, i, part);
		}
	html_table_end(page->out);
}
