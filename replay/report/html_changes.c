/* html_changes: gates, and what changed since the reference run. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <math.h>
#include <stdlib.h>

/* The bytes are what lists keep free for those behind them: rates and alerts. */
enum { ALERTS_MOST = 60, RATES_MOST = 60, LINES_MOST = 60, ALERTS_BYTES = 9000, RATES_BYTES = ALERTS_BYTES + 12000 };
static const char all_changes[] = "mews compare --format json";

/* Gates */

static void gate_number(struct page *page, double number)
{
	if (isnan(number))
		fputs("<td class=\"n zero\">–</td>", page->out);
	else
		fprintf(page->out, "<td class=\"n\">%.4g</td>", number);
}

static void gate_row(struct page *page, const struct gate_result *gate)
{
	static const char *const words[] = {[GATE_PASSED] = "✓ passes", [GATE_FAILED] = "✕ fails",
		[GATE_UNDECIDED] = "? not judged"};
	static const char *const classes[] = {[GATE_PASSED] = "good", [GATE_FAILED] = "bad", [GATE_UNDECIDED] = "ask"};
	FILE *out = page->out;
	fputs("<tr", out);
	page_row(page, page_organization(page, gate->organization), gate->outcome != GATE_PASSED);
	fprintf(out, "><td class=\"%s\">%s</td><th scope=\"row\">", classes[gate->outcome], words[gate->outcome]);
	html_string(out, gate->gate);
	if (gate->place.file) {
		fputs("<small>", out);
		page_place(page, gate->place.file, gate->place.line);
		fputs("</small>", out);
	}
	fputs("</th><td class=\"name\">", out);
	html_cut(out, gate->organization ? show_organization(gate->organization) : TEXT("all"), 60);
	if (gate->detection) {
		fputs("<small>", out);
		html_cut(out, gate->detection->name, 120);
		fputs("</small>", out);
	}
	if (gate->reference_baseline)
		fputs("<small>with the reference’s baseline</small>", out);
	fputs("</td>", out);
	gate_number(page, gate->observed);
	gate_number(page, gate->bound);
	fputs("<td class=\"wrap\">", out);
	html_cut(out, text_of(gate->message), 600);
	if (gate->event) {
		fputs("<small>decided by ", out);
		html_cut(out, text_of(gate->event), 200);
		fputs("</small>", out);
	}
	fputs("</td></tr>\n", out);
}

static void gate_table(struct page *page, const char *id, const char *caption, bool passed)
{
	static const struct html_column columns[] = {{"Verdict", false}, {"Gate", false}, {"Of", false}, {"Observed", true},
		{"Bound", true}, {"Why", false}, {0}};
	const struct gate_results *gates = page->beside->gates;
	html_table(page->out, id, "sort filter", caption, columns);
	for (size_t i = 0; i < gates->count; i++)
		if ((gates->items[i].outcome == GATE_PASSED) == passed)
			gate_row(page, &gates->items[i]);
	html_table_end(page->out);
}

void html_write_gates(struct page *page)
{
	const struct gate_results *gates = page->beside->gates;
	size_t passed = gates->count - gates->failed - gates->undecided;
	fputs("<p><strong>", page->out);
	if (gates->failed) {
		page_count(page, gates->failed, "gate fails", "gates fail");
		fputs(": this change should not be merged as it is.", page->out);
	} else {
		fputs(gates->undecided ? "No gate fails, but some could not be judged." : gates->count ? "All gates pass." :
			"No gate is set.", page->out);
	}
	fputs("</strong></p>\n", page->out);
	if (gates->failed + gates->undecided)
		gate_table(page, "gates-open", "Gates that fail or could not be judged", false);
	if (!passed)
		return;
	fputs("<details class=\"fold\"><summary>", page->out);
	page_count(page, passed, "gate passes", "gates pass");
	fputs("</summary>\n", page->out);
	gate_table(page, "gates-passed", "Gates that pass", true);
	fputs("</details>\n", page->out);
}

/* Changes */

static void p_cell(struct page *page, const struct paired *paired)
{
	if (paired->first + paired->second == 0)
		fputs("<td class=\"n zero\">–</td>", page->out);
	else if (paired->p < 0.001)
		fputs("<td class=\"n\" data-v=\"0\"><strong>&lt;0.001</strong></td>", page->out);
	else
		fprintf(page->out, paired->p < 0.05 ? "<td class=\"n\"><strong>%.3f</strong></td>" : "<td"
			" class=\"n\">%.3f</td>", paired->p);
}

/* "3 lost, 1 won" */
static void discordant_cell(struct page *page, const struct paired *paired, const char *first, const char *second, bool first_bad)
{
	bool bad = first_bad ? paired->first > 0 : paired->second > 0;
	if (paired->first + paired->second == 0) {
		fputs("<td class=\"zero\">none</td>", page->out);
		return;
	}
	fprintf(page->out, "<td class=\"%s\">%s %s, %s %s</td>", bad ? first_bad ? "bad" : "warn" : "",
		show_count(&page->arena, paired->first), first, show_count(&page->arena, paired->second), second);
}

static void side_rate(struct page *page, const struct rate *rate, enum bar_scale scale)
{
	static const struct rate none;
	html_rate(page->out, &page->arena, rate ? rate : &none, scale);
}

static void paired_cells(struct page *page, const struct paired *episodes, const struct paired *groups)
{
	discordant_cell(page, episodes, "lost", "won", true);
	p_cell(page, episodes);
	discordant_cell(page, groups, "gone", "new", false);
	p_cell(page, groups);
}

static const struct html_column rate_columns[] = {{"Detection", false}, {"Organization", false}, {"Recall before", false},
	{"now", false}, {"Attacks", false}, {"p", true}, {"Alert groups, no attack", false}, {"p", true},
	{"FP rate before (log)", false}, {"now", false}, {0}};

/* The rates of one run; NULL: it has none. */
struct side {
	const struct rate *recall, *false_positive_rate;
};

/* Of a measure or a total. */
#define SIDE(figures) ((figures) ? (struct side){&(figures)->recall, &(figures)->false_positive_rate} : (struct side){0})

static void side_cells(struct page *page, const struct side *before, const struct side *after, const struct paired *episodes,
	const struct paired *groups)
{
	side_rate(page, before->recall, BAR_LINEAR);
	side_rate(page, after->recall, BAR_LINEAR);
	paired_cells(page, episodes, groups);
	side_rate(page, before->false_positive_rate, BAR_LOG);
	side_rate(page, after->false_positive_rate, BAR_LOG);
	fputs("</tr>\n", page->out);
}

static void total_rows(struct page *page)
{
	static const struct html_column columns[] = {{"Organization", false}, {"Attacks noticed before", false}, {"now", false},
		{"Attacks", false}, {"p", true}, {"Alert groups, no attack", false}, {"p", true}, {"FP rate before (log)", false},
		{"now", false}, {0}};
	const struct comparison *comparison = page->beside->comparison;
	html_table(page->out, "change-totals", "sort filter", "Organizations, before and now", columns);
	for (size_t i = 0; i < comparison->total_count; i++) {
		const struct total_change *change = &comparison->totals[i];
		const struct side before = SIDE(change->before), after = SIDE(change->after);
		fputs("<tr", page->out);
		page_row(page, page_organization(page, change->organization), change->episodes.first || change->groups.second);
		fputs("><th scope=\"row\">", page->out);
		html_cut(page->out, show_organization(change->organization), 120);
		fputs("</th>", page->out);
		side_cells(page, &before, &after, &change->episodes, &change->groups);
	}
	html_table_end(page->out);
}

static void rate_rows(struct page *page)
{
	const struct comparison *comparison = page->beside->comparison;
	if (!comparison->rate_count)
		return;
	fputs("<h3>Rates that changed</h3>\n", page->out);
	html_table(page->out, "change-rates", "sort filter", "Detections whose figures changed", rate_columns);
	size_t shown = 0;
	for (; shown < comparison->rate_count && shown < RATES_MOST && !page_full(page, ALERTS_BYTES); shown++) {
		const struct rate_change *change = &comparison->rates[shown];
		const struct side before = SIDE(change->before), after = SIDE(change->after);
		const struct measure *known = change->after ? change->after : change->before;
		fputs("<tr", page->out);
		page_row(page, page_organization(page, change->organization), change->episodes.first || change->groups.second);
		fputs("><th scope=\"row\">", page->out);
		html_cut(page->out, known->detection->name, 120);
		fputs(change->after ? "" : "<small>removed</small>", page->out);
		fputs(change->before ? "" : "<small>new</small>", page->out);
		fputs("</th><td class=\"name\">", page->out);
		html_cut(page->out, show_organization(change->organization), 60);
		fputs("</td>", page->out);
		side_cells(page, &before, &after, &change->episodes, &change->groups);
	}
	html_table_end(page->out);
	page_left(page, comparison->rate_count - shown, all_changes);
}

/* Differences */

static void write_lines(struct page *page, const struct texts *lines)
{
	if (!lines->count)
		return;
	fputs("<pre>", page->out);
	for (size_t i = 0; i < lines->count && i < LINES_MOST; i++) {
		struct text line = lines->items[i];
		const char *tag = text_starts(line, TEXT("+"), false) ? "ins" : text_starts(line, TEXT("-"), false) ? "del" : NULL;
		if (tag)
			fprintf(page->out, "<%s>", tag);
		html_cut(page->out, line, 400);
		if (tag)
			fprintf(page->out, "</%s>", tag);
		else
			fputs("\n", page->out);
	}
	if (lines->count > LINES_MOST)
		fprintf(page->out, "… %zu more lines", lines->count - LINES_MOST);
	fputs("</pre>", page->out);
}

static const char *const change_words[] = {[CHANGE_ADDED] = "new", [CHANGE_REMOVED] = "removed", [CHANGE_RENAMED] = "renamed",
	[CHANGE_CONDITIONS] = "matches something else", [CHANGE_EXCEPTIONS] = "its shipped exceptions",
	[CHANGE_METADATA] = "metadata only"};

static void detection_changes(struct page *page)
{
	const struct comparison *comparison = page->beside->comparison;
	if (comparison->detection_count + comparison->baseline_count == 0)
		return;
	fputs("<h3>Detections and organizations that changed</h3>\n<ul class=\"plain\">\n", page->out);
	size_t shown = 0;
	for (; shown < comparison->detection_count && !page_full(page, RATES_BYTES); shown++) {
		const struct detection_change *change = &comparison->detections[shown];
		const struct detection *it = change->after ? change->after : change->before;
		fputs("<li><strong>", page->out);
		html_cut(page->out, it->name, 120);
		fprintf(page->out, "</strong> <span class=\"tag off\">%s</span>", change_words[change->kind]);
		if (change->kind == CHANGE_RENAMED && change->before) {
			fputs(" was ", page->out);
			html_cut(page->out, change->before->name, 120);
		}
		write_lines(page, &change->lines);
		fputs("</li>\n", page->out);
	}
	size_t whose = 0;
	for (; whose < comparison->baseline_count && !page_full(page, RATES_BYTES); whose++) {
		const struct baseline_change *change = &comparison->baselines[whose];
		fputs("<li>organization <strong>", page->out);
		html_cut(page->out, (change->after ? change->after : change->before)->name, 120);
		fprintf(page->out, "</strong> <span class=\"tag"
			" off\">%s</span>", !change->before ? "new" : change->after ? "its baseline" :
			"removed");
		write_lines(page, &change->lines);
		fputs("</li>\n", page->out);
	}
	fputs("</ul>\n", page->out);
	page_left(page, comparison->detection_count - shown + comparison->baseline_count - whose, all_changes);
}

static void episode_row(struct page *page, const struct episode_change *change)
{
	const struct episode_result *episode = change->after ? change->after : change->before;
	fputs("<tr", page->out);
	page_row(page, page_organization(page, change->organization), !change->gained);
	fprintf(page->out, "><td class=\"%s\">%s</td><th scope=\"row\">", change->gained ? "good" : "bad",
		change->gained ? "✓ won" : "✕ lost");
	html_cut(page->out, change->detection->name, 120);
	fputs("</th><td class=\"name\">", page->out);
	html_cut(page->out, show_organization(change->organization), 60);
	fputs("</td><td class=\"name\">", page->out);
	html_cut(page->out, episode->episode->name, 120);
	fputs("<small>", page->out);
	html_cut(page->out, episode->dataset->name, 80);
	fputs("</small></td>", page->out);
	html_cell(page->out, text_of(change->cause));
	fputs("</tr>\n", page->out);
}

static void episode_changes(struct page *page)
{
	static const struct html_column columns[] = {{"", false}, {"Detection", false}, {"Organization", false}, {"Attack", false},
		{"Why", false}, {0}};
	const struct comparison *comparison = page->beside->comparison;
	if (!comparison->episode_count)
		return;
	fputs("<h3>Expected alerts lost and won</h3>\n", page->out);
	html_table_begin(page->out, "change-episodes", "sort filter", "Expected detections that alerted in one run alone");
	html_column(page->out, "Change", false);
	for (size_t i = 1; columns[i].head; i++)
		html_column(page->out, columns[i].head, columns[i].number);
	html_table_body(page->out);
	size_t left = 0;
	for (int gained = 0; gained <= 1; gained++)
		for (size_t i = 0; i < comparison->episode_count; i++) {
			if (comparison->episodes[i].gained != (gained == 1))
				continue;
			if (page_full(page, RATES_BYTES))
				left++;
			else
				episode_row(page, &comparison->episodes[i]);
		}
	html_table_end(page->out);
	page_left(page, left, all_changes);
}

static void alert_row(struct page *page, const struct alert_change *change)
{
	const struct alert *alert = change->alert;
	FILE *out = page->out;
	bool attack = alert->outcome == OUTCOME_TP;
	bool bad = change->gained != attack;
	fputs("<tr", out);
	page_row(page, page_organization(page, alert->organization), bad);
	fprintf(out, "><td class=\"%s\">%s</td><th scope=\"row\">", bad ? attack ? "bad" : "warn" : "",
		change->gained ? "+ gained" : "− lost");
	html_cut(out, alert->detection->name, 120);
	fputs("</th><td class=\"name\">", out);
	html_cut(out, show_organization(alert->organization), 60);
	fprintf(out, "</td><td>%s</td><td class=\"wrap\">", outcome_name(alert->outcome));
	page_place(page, alert->file, alert->line);
	if (change->cause) {
		fputs("<small>", out);
		html_string(out, change->cause);
		fputs("</small>", out);
	}
	fputs("</td><td class=\"wrap\">", out);
	page_event(page, alert->conditions, alert->fields, TEXT(""), 0);
	fputs("</td></tr>\n", out);
}

static void alert_changes(struct page *page)
{
	static const struct html_column columns[] = {{"Change", false}, {"Detection", false}, {"Organization", false},
		{"Outcome", false}, {"Where", false}, {"Matched by", false}, {0}};
	const struct comparison *comparison = page->beside->comparison;
	size_t gained = 0;
	for (size_t i = 0; i < comparison->alert_count; i++)
		gained += comparison->alerts[i].gained;
	if (!comparison->alert_count)
		return;
	fputs("<h3>Alerts gained and lost</h3>\n<details class=\"fold\"><summary>", page->out);
	page_count(page, gained, "alert", "alerts");
	fputs(" gained, ", page->out);
	fprintf(page->out, "%s lost</summary>\n", show_count(&page->arena, comparison->alert_count - gained));
	html_table(page->out, "change-alerts", "sort filter", "Alerts that one run has alone", columns);
	size_t shown = 0;
	for (; shown < comparison->alert_count && shown < ALERTS_MOST && !page_full(page, 0); shown++)
		alert_row(page, &comparison->alerts[shown]);
	html_table_end(page->out);
	page_left(page, comparison->alert_count - shown, all_changes);
	fputs("</details>\n", page->out);
}

void html_write_changes(struct page *page)
{
	const struct comparison *comparison = page->beside->comparison;
	fputs("<p>", page->out);
	if (page->beside->reference) {
		fputs("Reference: ", page->out);
		html_string(page->out, page->beside->reference);
		fputs(". ", page->out);
	}
	fputs(comparison->same ? "<strong>No alert, episode or detection differs.</strong></p>\n" : "</p>\n", page->out);
	if (comparison->total_count && !comparison->same)
		total_rows(page);
	episode_changes(page);
	detection_changes(page);
	rate_rows(page);
	alert_changes(page);
}
