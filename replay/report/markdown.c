/*
 * markdown: the report as a comment on a pull request (docs/reports.md): the verdict, the gates, what changed, the totals;
 * all else is folded away. What it must not do: exceed what GitHub takes, or let a log line speak as markup.
 */
#include "replay/report/findings.h"
#include "replay/report/formats.h"
#include "replay/report/markdown_page.h"
#include "replay/report/misses.h"
#include "replay/report/show.h"

#include <string.h>

enum { TEXT_MOST = 400, NAME_MOST = 100, DETAIL_ROWS = 60 };

void markdown_begin(struct markdown_page *page, const char *head, size_t limit)
{
	page->head = head;
	page->limit = limit;
	page->rows = page->left_out = 0;
}

void markdown_row(struct markdown_page *page)
{
	size_t need = page->row.length + (page->rows ? 0 : strlen(page->head));
	if (page->left_out || page->out.length + need > page->limit) {
		page->left_out++;
	} else {
		buffer_string(&page->out, page->rows++ ? "" : page->head);
		buffer_text(&page->out, buffer_view(&page->row));
	}
	buffer_clear(&page->row);
}

void markdown_end(struct markdown_page *page, const char *what)
{
	if (page->left_out)
		buffer_printf(&page->out, "\n… and %zu more %s, left out for want of room (`mews replay` shows all).\n",
			page->left_out, what);
	if (page->rows || page->left_out)
		buffer_char(&page->out, '\n');
}

static void cell_name(struct markdown_page *page, struct text name)
{
	markdown_code_cell(&page->row, name, NAME_MOST);
}

static void cell_organization(struct markdown_page *page, const struct organization *organization)
{
	if (organization)
		cell_name(page, organization->name);
	else
		buffer_string(&page->row, "(no baseline)");
}

/* The verdict */

static uint64_t open_misses(struct markdown_page *page)
{
	struct misses misses = misses_of(&page->arena, page->results);
	uint64_t count = 0;
	for (size_t i = 0; i < misses.count; i++)
		count += misses.items[i].open;
	return count;
}

static uint64_t false_positives(const struct results *results)
{
	uint64_t count = 0;
	for (size_t i = 0; i < results->total_count; i++)
		count += results->totals[i].alerts[OUTCOME_FP];
	return count;
}

static const char *plural(size_t count)
{
	return count == 1 ? "" : "s";
}

/* Several verdicts may be of one gate: counted is each gate once, by the worst. They come sorted by outcome. */
static size_t count_gates(const struct gate_results *gates, bool any, enum gate_outcome outcome)
{
	size_t count = 0;
	for (size_t i = 0; i < gates->count; i++) {
		bool first = any || (gates->items[i].outcome == outcome && !gates->items[i].tolerated);
		for (size_t k = 0; first && k < i; k++)
			first = strcmp(gates->items[k].gate, gates->items[i].gate) != 0;
		count += first;
	}
	return count;
}

static void write_verdict(struct markdown_page *page)
{
	const struct gate_results *gates = page->options->beside.gates;
	struct buffer *out = &page->out;
	/* So that a script finds the comment again and replaces it. */
	buffer_string(out, "<!-- mews -->\n### mews: ");
	size_t all = gates ? count_gates(gates, true, GATE_PASSED) : 0;
	size_t failed = gates ? count_gates(gates, false, GATE_FAILED) : 0;
	size_t undecided = gates ? count_gates(gates, false, GATE_UNDECIDED) : 0;
	if (failed)
		buffer_printf(out, "%zu of %zu gates failed%s\n\n", failed, all, undecided ? ", others could not be judged" : "");
	else if (undecided)
		buffer_printf(out, "no gate failed, %zu of %zu could not be judged\n\n", undecided, all);
	else if (all)
		buffer_printf(out, "all %zu gates passed\n\n", all);
	else
		buffer_string(out, "measured (no gates were judged)\n\n");
	uint64_t missed = open_misses(page), false_alerts = false_positives(page->results);
	buffer_printf(out, "%s expected alert%s missed, %s false positive%s (%s) in %s events of %zu dataset%s; catalog `%.12s`",
		show_count(&page->arena, missed), plural(missed), show_count(&page->arena, false_alerts), plural(false_alerts),
		part_name(page->results->headline), show_count(&page->arena, page->results->events), page->results->dataset_count,
		plural(page->results->dataset_count), page->results->catalog->revision);
	if (page->options->beside.reference) {
		buffer_string(out, ", compared with ");
		markdown_prose(out, text_of(page->options->beside.reference), NAME_MOST);
	}
	buffer_string(out, ".\n\n");
	if (all) /* then it is the gates that say what to do */
		return;
	markdown_prose(out, show_next_step(&page->arena, page->results), TEXT_MOST);
	buffer_string(out, "\n\n");
}

/* Gates */

static void gate_row(struct markdown_page *page, const struct gate_result *gate)
{
	static const char *const verdicts[] = {
		[GATE_PASSED] = "passed", [GATE_FAILED] = "**failed**", [GATE_UNDECIDED] = "undecided"};
	struct buffer *row = &page->row;
	buffer_printf(row, "| %s | ", gate->tolerated ? "undecided, passes" : verdicts[gate->outcome]);
	markdown_code_cell(row, text_of(gate->gate), NAME_MOST);
	buffer_string(row, gate->reference_baseline ? " with the reference baseline | " : " | ");
	if (gate->organization || !gate->detection)
		buffer_string(row, gate->organization ? "" : "all");
	if (gate->organization)
		cell_organization(page, gate->organization);
	if (gate->detection) {
		buffer_string(row, gate->organization ? " " : "");
		cell_name(page, gate->detection->name);
	}
	buffer_string(row, " | ");
	markdown_prose(row, text_of(gate->message), TEXT_MOST);
	buffer_string(row, " | ");
	if (gate->event)
		markdown_code_cell(row, text_of(gate->event), TEXT_MOST);
	buffer_string(row, " |\n");
	markdown_row(page);
}

static void write_gates(struct markdown_page *page)
{
	const struct gate_results *gates = page->options->beside.gates;
	const char *head = "#### Gates\n\n| verdict | gate | of | why | decided by |\n|---|---|---|---|---|\n";
	if (!gates || !gates->count)
		return;
	markdown_begin(page, head, MARKDOWN_GATES);
	for (size_t i = 0; i < gates->count; i++)
		if (gates->items[i].outcome != GATE_PASSED)
			gate_row(page, &gates->items[i]);
	markdown_end(page, "gates");
}

static void write_passed_gates(struct markdown_page *page)
{
	const struct gate_results *gates = page->options->beside.gates;
	const char *head = "<details><summary>Gates that passed</summary>\n\n| verdict | gate | of | why | decided by |\n"
		"|---|---|---|---|---|\n";
	if (!gates)
		return;
	markdown_begin(page, head, MARKDOWN_DETAILS);
	for (size_t i = 0; i < gates->count; i++)
		if (gates->items[i].outcome == GATE_PASSED)
			gate_row(page, &gates->items[i]);
	markdown_end(page, "gates");
	buffer_string(&page->out, page->rows ? "</details>\n\n" : "");
}

/* Totals */

static const struct total *total_before(const struct markdown_page *page, const struct total *total)
{
	const struct comparison *comparison = page->options->beside.comparison;
	for (size_t i = 0; comparison && i < comparison->total_count; i++)
		if (comparison->totals[i].after == total)
			return comparison->totals[i].before;
	return NULL;
}

/* "17/17 (80–100 %)", and what it was where that is another. */
static void rate_cell(struct markdown_page *page, const struct rate *now, const struct rate *before)
{
	buffer_string(&page->row, show_fraction(&page->arena, now));
	if (now->denominator)
		buffer_printf(&page->row, " (%s)", show_interval(&page->arena, now));
	if (before && (before->numerator != now->numerator || before->denominator != now->denominator))
		buffer_printf(&page->row, ", was %s", show_fraction(&page->arena, before));
	buffer_string(&page->row, " | ");
}

static void count_cell(struct markdown_page *page, uint64_t now, const uint64_t *before)
{
	buffer_string(&page->row, show_count(&page->arena, now));
	if (before && *before != now)
		buffer_printf(&page->row, ", was %s", show_count(&page->arena, *before));
	buffer_string(&page->row, " | ");
}

static void write_totals(struct markdown_page *page)
{
	const struct results *results = page->results;
	const char *head = arena_printf(&page->arena, "#### Totals (%s)\n\n| organization | attacks seen | FN | FP | FP rate |"
		" precision | groups/day |\n|---|---|---|---|---|---|---|\n", part_name(results->headline));
	markdown_begin(page, head, MARKDOWN_TOTALS);
	for (size_t i = 0; i < results->total_count; i++) {
		const struct total *total = &results->totals[i], *before = total_before(page, total);
		buffer_string(&page->row, "| ");
		cell_organization(page, total->organization);
		buffer_string(&page->row, " | ");
		rate_cell(page, &total->recall, before ? &before->recall : NULL);
		count_cell(page, total->fn, before ? &before->fn : NULL);
		count_cell(page, total->alerts[OUTCOME_FP], before ? &before->alerts[OUTCOME_FP] : NULL);
		rate_cell(page, &total->false_positive_rate, before ? &before->false_positive_rate : NULL);
		rate_cell(page, &total->precision, before ? &before->precision : NULL);
		buffer_printf(&page->row, "%s |\n", show_daily(&page->arena, total->groups_per_day));
		markdown_row(page);
	}
	markdown_end(page, "organizations");
}

/* Folded away: findings, detections, proposals, datasets */

static void open_details(struct markdown_page *page, const char *summary, const char *head)
{
	markdown_begin(page, arena_printf(&page->arena, "<details><summary>%s</summary>\n\n%s", summary, head), MARKDOWN_DETAILS);
}

static void close_details(struct markdown_page *page, const char *what)
{
	markdown_end(page, what);
	buffer_string(&page->out, page->rows ? "</details>\n\n" : "");
}

static void write_findings(struct markdown_page *page)
{
	static const char *const levels[] = {[LEVEL_ERROR] = "error", [LEVEL_WARNING] = "warning", [LEVEL_NOTE] = "note"};
	struct findings findings = findings_of(&page->arena, page->results, &page->options->beside);
	open_details(page, "Findings, each with the line where it is mended", "| | where | what |\n|---|---|---|\n");
	for (size_t i = 0; i < findings.count; i++) {
		const struct finding *it = &findings.items[i];
		if (it->kind == FINDING_GATE)
			continue;
		buffer_printf(&page->row, "| %s | ", it->accepted ? "known gap" : levels[it->level]);
		markdown_code_cell(&page->row, text_of(arena_printf(&page->arena, "%s:%llu", it->place.file ? it->place.file : "-",
			(unsigned long long)it->place.line)), TEXT_MOST);
		buffer_string(&page->row, " | ");
		markdown_prose(&page->row, text_of(it->message), TEXT_MOST);
		buffer_string(&page->row, " |\n");
		markdown_row(page);
	}
	close_details(page, "findings");
}

static bool needs_attention(const struct measure *measure)
{
	const uint64_t *alerts = measure->alerts;
	return measure->fn || measure->limited || alerts[OUTCOME_FP] || alerts[OUTCOME_UNATTRIBUTED] || alerts[OUTCOME_UNKNOWN];
}

static void write_detections(struct markdown_page *page)
{
	const struct results *results = page->results;
	open_details(page, "Detections that need attention",
		"| organization | detection | severity | TP | BTP | FP | FN | recall | FP rate | reach |\n"
		"|---|---|---|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < results->total_count; i++) {
		const struct measure **sorted = show_sorted(&page->arena, results, results->headline, i);
		for (size_t k = 0; k < results->measure_count / results->total_count; k++) {
			const struct measure *m = sorted[k];
			if (!needs_attention(m))
				continue;
			buffer_string(&page->row, "| ");
			cell_organization(page, m->organization);
			buffer_string(&page->row, " | ");
			cell_name(page, m->detection->name);
			if (m->limited)
				buffer_printf(&page->row, " (%s regex matches hit the match limit)", show_count(&page->arena, m->limited));
			buffer_printf(&page->row, " | %s | ", severity_name(m->severity));
			const uint64_t counts[] = {m->alerts[OUTCOME_TP], m->alerts[OUTCOME_BTP], m->alerts[OUTCOME_FP], m->fn};
			for (size_t n = 0; n < sizeof counts / sizeof *counts; n++)
				count_cell(page, counts[n], NULL);
			rate_cell(page, &m->recall, NULL);
			rate_cell(page, &m->false_positive_rate, NULL);
			buffer_printf(&page->row, "%s |\n", show_reach(m));
			markdown_row(page);
		}
	}
	close_details(page, "detections");
}

static void write_proposals(struct markdown_page *page)
{
	const struct report_beside *beside = &page->options->beside;
	open_details(page, "Suggested exceptions (`mews tune`)",
		"| organization | exception | condition | FP removed | attacks lost | stability | blind spot |\n"
		"|---|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < beside->proposal_count; i++)
		for (size_t k = 0; k < beside->proposals[i]->count; k++) {
			const struct proposal *it = &beside->proposals[i]->items[k];
			buffer_string(&page->row, "| ");
			cell_organization(page, it->organization);
			buffer_string(&page->row, " | ");
			cell_name(page, it->name);
			buffer_string(&page->row, " | ");
			markdown_code_cell(&page->row, it->condition, TEXT_MOST);
			buffer_printf(&page->row, " | %s | %s | %s | ", show_count(&page->arena, it->removed_alerts),
				show_count(&page->arena, it->lost), stability_name(it->stability));
			markdown_prose(&page->row, it->imitation_note ? text_of(it->imitation_note) : TEXT("not looked at"), TEXT_MOST);
			buffer_string(&page->row, " |\n");
			markdown_row(page);
		}
	close_details(page, "proposals");
}

static void write_datasets(struct markdown_page *page)
{
	open_details(page, "Datasets", "| dataset | use | lines | events | rejected | observed |\n|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < page->results->dataset_count; i++) {
		const struct dataset_result *it = &page->results->datasets[i];
		buffer_string(&page->row, "| ");
		cell_name(page, it->dataset->name);
		buffer_printf(&page->row, " | %s | %s | %s | %s%s | %s |\n", dataset_use_name(it->dataset->use),
			show_count(&page->arena, it->ledger.lines), show_count(&page->arena, it->ledger.events),
			show_count(&page->arena, it->ledger.rejected), it->refused ? " (**refused**)" : "",
			show_duration(&page->arena, it->observed));
		markdown_row(page);
	}
	close_details(page, "datasets");
}

int report_markdown(const struct results *results, const struct report_options *options, FILE *out)
{
	struct markdown_page page = {.results = results, .options = options};
	write_verdict(&page);
	write_gates(&page);
	markdown_changes(&page);
	write_totals(&page);
	write_detections(&page);
	write_findings(&page);
	write_proposals(&page);
	write_passed_gates(&page);
	write_datasets(&page);
	fwrite(page.out.data, 1, page.out.length, out);
	buffer_free(&page.out);
	buffer_free(&page.row);
	arena_free(&page.arena);
	return ferror(out) ? -1 : 0;
}
