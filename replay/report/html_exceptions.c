/* html_exceptions: alerts that somebody should look at, what exceptions removed, and exceptions that were suggested. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <stdlib.h>

enum { JUDGE_MOST = 80, ROW_BYTES = 700, TUNED_BYTES = 200, HIDDEN_MOST = 8 }; /* a row with its fields, without its event */

/* Alerts to look at: one row an event and detection, whatever the number of organizations. */

static int outcome_rank(enum outcome outcome)
{
	return outcome == OUTCOME_FP ? 0 : outcome == OUTCOME_UNATTRIBUTED ? 1 : 2;
}

static int compare_samples(const void *left, const void *right)
{
	const struct alert *a = *(const struct alert *const *)left, *b = *(const struct alert *const *)right;
	int order = outcome_rank(a->outcome) - outcome_rank(b->outcome);
	order = order ? order : text_compare(a->detection->name, b->detection->name);
	order = order ? order : text_compare(text_of(a->file), text_of(b->file));
	if (order == 0 && a->line != b->line)
		order = a->line < b->line ? -1 : 1;
	return order ? order : a < b ? -1 : a > b;
}

static bool same_sample(const struct alert *a, const struct alert *b)
{
	return a->outcome == b->outcome && a->detection == b->detection && a->line == b->line &&
		text_equal(text_of(a->file), text_of(b->file));
}

static void whose_cell(struct page *page, const struct alert *const *samples, size_t count)
{
	fputs("<td class=\"name\">", page->out);
	for (size_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", page->out);
		html_cut(page->out, show_organization(samples[i]->organization), 60);
	}
	fputs("</td>", page->out);
}

static void sample_row(struct page *page, const struct alert *const *samples, size_t count, size_t ahead)
{
	const struct alert *alert = samples[0];
	FILE *out = page->out;
	fputs("<tr", out);
	if (page->organizations > 1) {
		fputs(" data-o=\"", out);
		for (size_t i = 0; i < count; i++)
			fprintf(out, "%s%zu", i ? " " : "", page_organization(page, samples[i]->organization));
		fputs("\"", out);
	}
	fputs("><th scope=\"row\">", out);
	html_cut(out, alert->detection->name, 120);
	fprintf(out, "</th><td><span class=\"tag %s\">%s</span></td>", alert->outcome == OUTCOME_FP ? "warn" : "ask",
		outcome_name(alert->outcome));
	whose_cell(page, samples, count);
	fputs("<td class=\"wrap\">", out);
	page_place(page, alert->file, alert->line);
	fputs("<small>", out);
	html_cut(out, alert->dataset->name, 80);
	if (alert->episode) {
		fputs(", ", out);
		html_cut(out, alert->episode->name, 80);
	}
	if (alert->id.length) {
		fputs("<br>id ", out);
		html_text(out, alert->id);
	}
	fputs("</small></td><td class=\"wrap\">", out);
	page_event(page, alert->conditions, alert->fields, alert->event, ahead);
	fputs("</td></tr>\n", out);
}

void html_write_judge(struct page *page)
{
	static const struct html_column columns[] = {{"Detection", false}, {"Outcome", false}, {"Organization", false},
		{"Where", false}, {"Matched by", false}, {0}};
	const struct results *results = page->results;
	const struct alert **list = arena_array(&page->arena, results->sample_count + 1, sizeof *list);
	size_t shown = 0;
	for (size_t i = 0; i < results->sample_count; i++)
		list[i] = &results->samples[i];
	qsort(list, results->sample_count, sizeof(const struct alert *), compare_samples);
	html_table(page->out, "samples", "sort filter", "Alerts to look at: false positives first", columns);
	size_t from = 0, to;
	for (; from < results->sample_count && shown < JUDGE_MOST && !page_full(page, 0); from = to, shown++) {
		for (to = from + 1; to < results->sample_count && same_sample(list[from], list[to]); to++) {
		}
		size_t behind = results->sample_count - to < JUDGE_MOST - shown ? results->sample_count - to : JUDGE_MOST - shown;
		sample_row(page, &list[from], to - from, behind * ROW_BYTES);
	}
	html_table_end(page->out);
	page_left(page, results->sample_count - from, "mews replay --alerts");
}

/* Exceptions */

static uint64_t removed_all(const struct exception_result *result)
{
	uint64_t all = 0;
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		all += result->removed[i];
	return all;
}

static void exception_row(struct page *page, const struct exception_result *result)
{
	FILE *out = page->out;
	const bool hides = page_hides_attack(page, result), touches = result->removed[OUTCOME_TP] > 0;
	fputs("<tr", out);
	page_row(page, page_organization(page, result->organization), hides || result->expired);
	fputs("><th scope=\"row\">", out);
	html_cut(out, result->exception->name, 120);
	fputs("</th><td class=\"name\">", out);
	html_cut(out, show_organization(result->organization), 60);
	if (result->detection) {
		fputs("<small>shipped with ", out);
		html_cut(out, result->detection->name, 120);
		fputs("</small>", out);
	}
	const bool used = removed_all(result) > 0;
	static const char *const states[][2] = {{"bad", "✕ hides attacks"}, {"warn", "▲ expired"},
		{"", "used, also on attacks that are noticed"}, {"", "used"}, {"zero", "unused here"}};
	const size_t state = hides ? 0 : result->expired ? 1 : touches ? 2 : used ? 3 : 4;
	fprintf(out, "</td><td class=\"state %s\">%s</td>", states[state][0], states[state][1]);
	fputs("<td class=\"r\">", out);
	html_cut(out, result->exception->expires.length ? result->exception->expires : TEXT("never"), 20);
	fputs("</td>", out);
	fputs("<td class=\"wrap\">", out);
	html_cut(out, result->exception->reason, 300);
	if (result->exception->owner.length) {
		fputs("<small>owner: ", out);
		html_cut(out, result->exception->owner, 80);
		fputs("</small>", out);
	}
	fputs("</td>", out);
	html_count(out, &page->arena, result->removed[OUTCOME_FP], NULL);
	html_count(out, &page->arena, result->removed[OUTCOME_BTP], NULL);
	html_count(out, &page->arena, result->removed[OUTCOME_TP], "bad");
	html_count(out, &page->arena, result->removed[OUTCOME_UNATTRIBUTED] + result->removed[OUTCOME_UNKNOWN], NULL);
	fputs("</tr>\n", out);
}

static void exception_table(struct page *page, const char *id, const char *caption, bool used)
{
	static const struct html_column columns[] = {{"Exception", false}, {"Organization", false}, {"State", false},
		{"Expires", false}, {"Reason", false}, {"FP removed", true}, {"BTP removed", true}, {"TP removed", true},
		{"Unjudged removed", true}, {0}};
	size_t left = 0;
	html_table(page->out, id, "sort filter", caption, columns);
	for (size_t i = 0; i < page->results->exception_count; i++) {
		const struct exception_result *result = &page->results->exceptions[i];
		if ((removed_all(result) > 0 || result->expired) != used)
			continue;
		if (page_full(page, 0))
			left++;
		else
			exception_row(page, result);
	}
	html_table_end(page->out);
	page_left(page, left, "--format json");
}

void html_write_exceptions(struct page *page)
{
	size_t used = 0, all = page->results->exception_count;
	for (size_t i = 0; i < all; i++)
		used += removed_all(&page->results->exceptions[i]) > 0 || page->results->exceptions[i].expired;
	if (used)
		exception_table(page, "excepted", "Exceptions that removed alerts, or expired", true);
	if (used == all)
		return;
	fputs("<details class=\"fold\"><summary>", page->out);
	page_count(page, all - used, "exception", "exceptions");
	fputs(" removed nothing on this corpus</summary>\n", page->out);
	exception_table(page, "unused", "Exceptions without work here", false);
	fputs("</details>\n", page->out);
}

/* Suggestions */

static void copied_yaml(struct page *page, const struct proposal *proposal)
{
	struct buffer yaml = {0};
	proposal_yaml(proposal, 2, &yaml);
	fputs("<pre class=\"copy\" data-what=\"exception ", page->out);
	html_cut(page->out, proposal->name, 80);
	fputs("\">", page->out);
	html_text(page->out, buffer_view(&yaml));
	fputs("</pre>\n", page->out);
	buffer_free(&yaml);
}

static void fact(struct page *page, const char *name)
{
	fprintf(page->out, "<dt>%s</dt><dd>", name);
}

static void proposal_stability(struct page *page, const struct proposal *proposal)
{
	static const char *const words[] = {[STABLE] = "✓ holds", [UNSTABLE] = "✕ does not hold",
		[STABILITY_UNKNOWN] = "? too little to tell"};
	static const char *const classes[] = {[STABLE] = "good", [UNSTABLE] = "bad", [STABILITY_UNKNOWN] = "ask"};
	FILE *out = page->out;
	fact(page, "On what it was not mined from");
	fprintf(out, "<span class=\"tag %s\">%s</span>", classes[proposal->stability], words[proposal->stability]);
	if (proposal->held_out_all)
		fprintf(out, " removes %s of %s false positives there", show_count(&page->arena, proposal->held_out_removed),
			show_count(&page->arena, proposal->held_out_all));
	if (proposal->stability_note) {
		fputs(proposal->held_out_all ? "; " : " ", out);
		html_string(out, proposal->stability_note);
	}
	fputs("</dd>\n", out);
}

static void proposal_hidden(struct page *page, const struct proposal *proposal)
{
	FILE *out = page->out;
	fact(page, "<a href=\"#g-blind-spot\">Blind spot</a>");
	if (proposal->mutants)
		fprintf(out, "hides %s of %s attack events that were moved into what it allows",
			show_count(&page->arena, proposal->mutants_hidden), show_count(&page->arena, proposal->mutants));
	else
		fputs("no attack event could be moved into what it allows", out);
	if (proposal->hidden_recorded) {
		fputs("; newly hides ", out);
		page_count(page, proposal->hidden_recorded, "recorded event that is", "recorded events that are");
		fputs(" no false positive", out);
	}
	if (proposal->imitation_note) {
		fputs("<br>", out);
		html_string(out, proposal->imitation_note);
	}
	for (size_t i = 0; i < proposal->hidden_count && i < HIDDEN_MOST; i++) {
		const struct hidden_event *hidden = &proposal->hidden[i];
		fputs(i ? "<li>" : "<ul>\n<li>", out);
		fprintf(out, "<span class=\"tag %s\">", hidden->malicious ? "bad" : "risk");
		html_string(out, hidden->what ? hidden->what : hidden->malicious ? "attack" : hidden->mutation ? "changed" : "recorded");
		fputs("</span> ", out);
		page_place(page, hidden->file, hidden->line);
		fputs(" (", out);
		html_cut(out, hidden->episode ? hidden->episode->name : hidden->dataset->name, 80);
		fputs(")", out);
		if (hidden->mutation) {
			fputs(", if ", out);
			html_cut(out, text_of(hidden->mutation), 160);
		}
		fputs("</li>\n", out);
	}
	fputs(proposal->hidden_count ? "</ul></dd>\n" : "</dd>\n", out);
}

static void proposal_said(struct page *page, const struct proposal *proposal)
{
	if (!proposal->said_count)
		return;
	fact(page, "<a href=\"#g-fidelity\">In the targets</a>");
	for (size_t i = 0; i < proposal->said_count; i++) {
		const struct said *said = &proposal->said[i];
		fputs(i ? "; " : "", page->out);
		html_string(page->out, said->target);
		fputs(": ", page->out);
		html_string(page->out, said->fidelity);
		if (said->reason && *said->reason) {
			fputs(" (", page->out);
			html_cut(page->out, text_of(said->reason), 200);
			fputs(")", page->out);
		}
	}
	fputs("</dd>\n", page->out);
}

static void write_proposal(struct page *page, const struct proposal *proposal)
{
	FILE *out = page->out;
	fputs("<article class=\"card\"><h4>", out);
	html_cut(out, proposal->name, 120);
	fputs("</h4>\n", out);
	copied_yaml(page, proposal);
	if (proposal->bare)
		fputs("<p><span class=\"tag warn\">▲ wide</span> It names a program or a user alone:"
			" nothing narrower serves.</p>\n", out);
	fputs("<dl class=\"facts\">\n", out);
	fact(page, "Removes");
	page_count(page, proposal->removed_alerts, "false positive", "false positives");
	fputs(" in ", out);
	page_count(page, proposal->removed_groups, "group", "groups");
	if (proposal->removed_benign + proposal->removed_unknown)
		fprintf(out, ", and %s on risky acts, %s that nobody judged", show_count(&page->arena, proposal->removed_benign),
			show_count(&page->arena, proposal->removed_unknown));
	fputs("</dd>\n", out);
	fact(page, "Loses");
	fprintf(out, "<span class=\"tag %s\">%s</span> labelled alerts on attacks</dd>\n", proposal->lost ? "bad" : "good",
		show_count(&page->arena, proposal->lost));
	proposal_stability(page, proposal);
	proposal_hidden(page, proposal);
	proposal_said(page, proposal);
	fputs("</dl></article>\n", out);
}

static void tuned_row(struct page *page, const struct tuned *tuned)
{
	FILE *out = page->out;
	bool over = tuned->budget >= 0 && (double)tuned->left_groups > tuned->budget;
	fputs("<tr><th scope=\"row\">", out);
	html_cut(out, tuned->detection->name, 120);
	fputs("</th>", out);
	html_count(out, &page->arena, tuned->false_alerts, NULL);
	html_count(out, &page->arena, tuned->false_groups, NULL);
	html_count(out, &page->arena, tuned->left_alerts, NULL);
	html_count(out, &page->arena, tuned->left_groups, over ? "warn" : NULL);
	if (tuned->budget < 0)
		fputs("<td class=\"n zero\">–</td>", out);
	else
		fprintf(out, "<td class=\"n\">%.1f</td>", tuned->budget);
	html_cell(out, text_of(tuned->note));
	fputs("</tr>\n", out);
}

static void write_organization_proposals(struct page *page, const struct proposals *proposals)
{
	static const struct html_column columns[] = {{"Detection", false}, {"FP before", true}, {"Groups before", true},
		{"FP left", true}, {"Groups left", true}, {"Budget (groups)", true}, {"What is left", false}, {0}};
	FILE *out = page->out;
	size_t index = page_organization(page, proposals->organization);
	fputs("<h3>", out);
	html_cut(out, show_organization(proposals->organization), 120);
	fputs("</h3>\n", out);
	if (!proposals->count)
		fputs(proposals->tuned_count ? "<p>Nothing that is narrow enough and safe was found.</p>\n" :
			"<p>There is no false positive to remove.</p>\n", out);
	size_t shown = 0;
	for (; shown < proposals->count && !page_full(page, proposals->tuned_count * TUNED_BYTES); shown++)
		write_proposal(page, &proposals->items[shown]);
	page_left(page, proposals->count - shown, "mews tune");
	if (!proposals->tuned_count)
		return;
	struct text whose = show_organization(proposals->organization);
	html_table(out, arena_printf(&page->arena, "tuned-%zu", index), "sort", arena_printf(&page->arena,
		"What they do to each noisy detection of %.*s", (int)utf8_skip(whose, 0, 80), whose.data), columns);
	size_t told = 0;
	for (; told < proposals->tuned_count && !page_full(page, 0); told++)
		tuned_row(page, &proposals->tuned[told]);
	html_table_end(out);
	page_left(page, proposals->tuned_count - told, "mews tune");
}

void html_write_proposals(struct page *page)
{
	for (size_t i = 0; i < page->beside->proposal_count; i++)
		write_organization_proposals(page, page->beside->proposals[i]);
}
