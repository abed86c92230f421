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

/* What stands behind "<td": in the same words, whatever the organization's figures behind them. */
static struct text heat_cell(struct page *page, size_t detection, size_t organization)
{
	const struct measure *measure = page_measure(page, detection, organization);
	struct heat heat = heat_of(&page->arena, measure);
	const char *second = second_line(&page->arena, measure);
	return text_of(arena_printf(&page->arena, " class=\"%s\">%s%s%s%s", heat.class_name, heat.words, *second ? "<small>" : "",
		second, *second ? "</small>" : ""));
}

/* The cell, leading to its figures. */
static void linked_cell(struct page *page, size_t detection, size_t organization, struct text cell)
{
	size_t tag = text_find(cell, '>') + 1;
	if (page_quiet(page_measure(page, detection, organization))) {
		fprintf(page->out, "<td%.*s</td>", TEXT_ARGS(cell));
		return;
	}
	fprintf(page->out, "<td%.*s<a href=\"#r%zu.%zu\">%.*s</a></td>", (int)tag, cell.data, organization, detection,
		TEXT_ARGS(text_slice(cell, tag, cell.length)));
}

static void map_row(struct page *page, size_t detection, const struct text *cells, bool needs)
{
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
		linked_cell(page, detection, k, cells[k]);
	fputs("</tr>\n", page->out);
}

/* Detections of which all organizations say the same, and nobody has to do anything: a line each. */

struct calm {
	size_t *detections; /* with the cell of each */
	struct text *cells;
	size_t count;
};

static void write_calm(struct page *page, const struct calm *calm)
{
	if (!calm->count)
		return;
	fprintf(page->out, "<details class=\"fold\"><summary>%zu more %s%s:", calm->count, calm->count == 1 ? "detection needs" :
		"detections need", page->organizations > 1 ? " nothing, and every organization says the same" : " nothing");
	static const struct { const char *class_name, *words; } kinds[] = {{"good", "caught what they should"},
		{"risk", "on risky acts only"}, {"off", "off"}, {"none", "silent"}};
	size_t said = 0;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		size_t count = 0;
		const struct text begin = text_of(arena_printf(&page->arena, " class=\"%s\"", kinds[k].class_name));
		for (size_t i = 0; i < calm->count; i++)
			count += text_starts(calm->cells[i], begin, false);
		if (count)
			fprintf(page->out, "%s %zu %s", said++ ? "," : "", count, kinds[k].words);
	}
	fputs("</summary>\n<ul class=\"cols filter\" data-s=\"\">", page->out);
	for (size_t i = 0; i < calm->count; i++) {
		const struct text cell = calm->cells[i];
		fputs("<li>", page->out);
		html_cut(page->out, page_measure(page, calm->detections[i], 0)->detection->name, 120);
		fprintf(page->out, " <small>%.*s</small></li>\n", TEXT_ARGS(text_slice(cell, text_find(cell, '>') + 1, cell.length)));
	}
	fputs("</ul></details>\n", page->out);
}

struct map {
	size_t *rows; /* detections with something to do, or something else in each organization */
	struct text **cells;
	bool *needs;
	size_t count;
	struct calm calm;
};

static struct map map_of(struct page *page, const size_t *order, size_t loud)
{
	struct arena *arena = &page->arena;
	struct map map = {.rows = arena_array(arena, loud + 1, sizeof *map.rows),
		.cells = arena_array(arena, loud + 1, sizeof *map.cells),
		.needs = arena_array(arena, loud + 1, sizeof *map.needs),
		.calm = {.detections = arena_array(arena, loud + 1, sizeof *map.calm.detections),
			.cells = arena_array(arena, loud + 1, sizeof *map.calm.cells)}};
	for (size_t i = 0; i < loud; i++) {
		struct text *cells = arena_array(arena, page->organizations + 1, sizeof *cells);
		bool needs = false;
		for (size_t k = 0; k < page->organizations; k++) {
			cells[k] = heat_cell(page, order[i], k);
			needs = needs || page_needs(page_measure(page, order[i], k));
		}
		if (!needs && page_same(page, cells)) {
			map.calm.detections[map.calm.count] = order[i];
			map.calm.cells[map.calm.count++] = cells[0];
			continue;
		}
		map.rows[map.count] = order[i];
		map.needs[map.count] = needs;
		map.cells[map.count++] = cells;
	}
	return map;
}

static void write_key(struct page *page)
{
	fputs("<ul class=\"key\"><li class=\"bad\">✕ an expected alert is missing</li>"
		"<li class=\"warn\">▲ false alarms</li><li class=\"ask\">? to judge</li>"
		"<li class=\"good\">✓ caught what it should</li>"
		"<li class=\"risk\">◆ alerts on risky acts only</li><li class=\"none\">– silent</li>"
		"<li class=\"off\">○ off, or – blind</li></ul>\n", page->out);
}

static void write_map_rows(struct page *page, const struct map *map)
{
	enum { LINE = 120 }; /* bytes of a detection in the list behind */
	size_t shown = 0;
	if (!map->count)
		return;
	write_key(page);
	html_table_begin(page->out, "heat", "map filter", "Detections by organization, worst first");
	html_column(page->out, "Detection", false);
	page_heads(page);
	html_table_body(page->out);
	for (; shown < map->count && !page_full(page, map->calm.count * LINE); shown++)
		map_row(page, map->rows[shown], map->cells[shown], map->needs[shown]);
	html_table_end(page->out);
	if (shown < map->count)
		fprintf(page->out, "<p class=\"soft\">%zu more have no room here; their figures stand "
			"<a href=\"#detections\">below</a>.</p>\n",
			map->count - shown);
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
	fputs("</summary>\n<ul class=\"cols filter\" data-s=\"\">", page->out);
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
	struct map map = map_of(page, order, loud);
	write_map_rows(page, &map);
	if (!loud)
		fputs("<p>No detection alerted, and none was expected to.</p>\n", page->out);
	else if (!map.count)
		fputs("<p>No detection needs anything, and all organizations say the same of each.</p>\n", page->out);
	write_calm(page, &map.calm);
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
