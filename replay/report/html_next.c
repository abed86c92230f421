/* html_next: what to do next: by organization, each with a link to what it speaks of, and what concerns all of them. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

enum { NEXT_MOST = 6, NAMED_MOST = 3, BLIND_MOST = 20 };

struct next {
	struct page *page;
	size_t count;
};

static void end(struct next *next)
{
	if (next->count)
		fputs("</ol>\n</div>\n", next->page->out);
}

static bool item_begin(struct next *next)
{
	if (next->count == NEXT_MOST)
		return false;
	if (!next->count++)
		fputs("<div class=\"next\">\n<ol>\n", next->page->out);
	fputs("<li>", next->page->out);
	return true;
}

static void item_end(struct next *next, const char *section, const char *link)
{
	fprintf(next->page->out, " <a href=\"#%s\">%s</a></li>\n", section, link);
}

static void strong(struct next *next, struct text text)
{
	fputs("<strong>", next->page->out);
	html_cut(next->page->out, text, 100);
	fputs("</strong>", next->page->out);
}

static void failed_gates(struct next *next)
{
	const struct gate_results *gates = next->page->beside->gates;
	for (size_t i = 0, said = 0; gates && i < gates->count && said < 2; i++) {
		const struct gate_result *gate = &gates->items[i];
		if (gate->outcome != GATE_FAILED || !item_begin(next))
			continue;
		fputs("The gate ", next->page->out);
		strong(next, text_of(gate->gate));
		fputs(" fails: ", next->page->out);
		html_cut(next->page->out, text_of(gate->message), 300);
		item_end(next, "gates", "Gates");
		said++;
	}
}

static void proposed(struct next *next)
{
	const struct report_beside *beside = next->page->beside;
	for (size_t i = 0; i < beside->proposal_count; i++) {
		const struct proposals *proposals = beside->proposals[i];
		uint64_t removed = 0;
		for (size_t k = 0; k < proposals->count; k++)
			removed += proposals->items[k].removed_alerts;
		if (!removed || !item_begin(next))
			continue;
		fputs("Read ", next->page->out);
		page_count(next->page, proposals->count, "suggested exception", "suggested exceptions");
		fputs(" for ", next->page->out);
		strong(next, show_organization(proposals->organization));
		fputs(": they would remove ", next->page->out);
		page_count(next->page, removed, "false positive", "false positives");
		fputs(" and no labelled attack.", next->page->out);
		item_end(next, "proposals", "Suggestions");
	}
}

static void stale(struct next *next)
{
	const struct results *results = next->page->results;
	size_t expired = 0, hiding = 0;
	for (size_t i = 0; i < results->exception_count; i++) {
		expired += results->exceptions[i].expired;
		hiding += page_hides_attack(next->page, &results->exceptions[i]);
	}
	if (hiding && item_begin(next)) {
		page_count(next->page, hiding, "exception hides", "exceptions hide");
		fputs(" attacks from detections that should have noticed them: narrow what hides them.", next->page->out);
		item_end(next, "exceptions", "Exceptions");
	}
	if (expired && item_begin(next)) {
		page_count(next->page, expired, "exception has", "exceptions have");
		fputs(" expired and no longer apply: renew or remove.", next->page->out);
		item_end(next, "exceptions", "Exceptions");
	}
}

static size_t count_blind(const struct page *page)
{
	size_t blind = 0;
	for (size_t i = 0; i < page->detections; i++) {
		bool all = true, on = false;
		for (size_t k = 0; k < page->organizations; k++) {
			const struct measure *measure = page_measure(page, i, k);
			bool off = measure->disabled || measure->below;
			on = on || !off;
			all = all && (off || measure->reachability == REACH_BLIND);
		}
		blind += all && on;
	}
	return blind;
}

static void blind(struct next *next)
{
	size_t count = count_blind(next->page);
	if (!count || !item_begin(next))
		return;
	fputs("Record more ordinary work: ", next->page->out);
	page_count(next->page, count, "detection", "detections");
	html_prose(next->page->out, " met nothing that they look at ([blind|reachability]).");
	item_end(next, "map", "Heat map");
}

/* By organization */

/* Attacks' expected alerts that did not come, in the datasets of the headline: those that nobody chose, the first of which is
 * given, and those that are switched off, below the severity that is monitored, or a gap that is known. */
struct misses {
	size_t open, chosen;
	const struct missed *miss[NAMED_MOST]; /* of different detections */
	const struct episode_result *episode;  /* of the first */
	size_t named;
};

static bool is_chosen(const struct missed *miss)
{
	return miss->gap.length || miss->cause == MISS_DISABLED || miss->cause == MISS_BELOW_SEVERITY;
}

static void add_miss(struct misses *misses, const struct episode_result *episode, const struct missed *miss)
{
	if (is_chosen(miss)) {
		misses->chosen++;
		return;
	}
	if (!misses->open++)
		misses->episode = episode;
	for (size_t i = 0; i < misses->named; i++)
		if (misses->miss[i]->detection == miss->detection)
			return;
	if (misses->named < NAMED_MOST)
		misses->miss[misses->named++] = miss;
}

static struct misses misses_of(const struct page *page, size_t organization)
{
	const struct results *results = page->results;
	struct misses misses = {0};
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *episode = &results->episodes[i];
		if (episode->foreign || episode->label != LABEL_MALICIOUS ||
			episode->organization != results->totals[organization].organization ||
			(results->headline == PART_HOLD_OUT && episode->dataset->use != USE_HOLD_OUT))
			continue;
		for (size_t k = 0; k < episode->missed_count; k++)
			add_miss(&misses, episode, &episode->missed[k]);
	}
	return misses;
}

size_t page_misses(const struct page *page, size_t *chosen)
{
	size_t open = 0;
	*chosen = 0;
	for (size_t i = 0; i < page->organizations; i++) {
		struct misses misses = misses_of(page, i);
		open += misses.open;
		*chosen += misses.chosen;
	}
	return open;
}

/* A detection's name, leading to its figures. */
static void figures_link(struct page *page, size_t organization, const struct detection *detection)
{
	size_t at = 0;
	while (at < page->detections && page_measure(page, at, organization)->detection != detection)
		at++;
	const bool there = at < page->detections && !page_quiet(page_measure(page, at, organization));
	if (there)
		fprintf(page->out, "<a href=\"#r%zu.%zu\">", organization, at);
	html_cut(page->out, detection->name, 60);
	fputs(there ? "</a>" : "", page->out);
}

static void missed_cell(struct page *page, size_t organization, const struct misses *misses)
{
	const struct total *total = &page->results->totals[organization];
	const uint64_t attacks = total->recall.denominator, unseen = attacks - total->recall.numerator;
	FILE *out = page->out;
	if (!total->expected.denominator) {
		fputs("<td class=\"zero\">no attack was replayed</td>", out);
		return;
	}
	fprintf(out, "<td class=\"%s\">", unseen || misses->open ? "bad" : "good");
	if (unseen)
		fprintf(out, "✕ %s of %s attacks not noticed", show_count(&page->arena, unseen), show_count(&page->arena, attacks));
	else
		fprintf(out, "✓ all %s attacks noticed", show_count(&page->arena, attacks));
	if (misses->open + misses->chosen == 0) {
		fputs("<small>every expected alert came</small></td>", out);
		return;
	}
	fputs("<small>", out);
	for (size_t i = 0; i < misses->named; i++) {
		fputs(i ? ", " : "missing: ", out);
		figures_link(page, organization, misses->miss[i]->detection);
		fprintf(out, " (%s)", miss_cause_name(misses->miss[i]->cause));
	}
	if (misses->open)
		fprintf(out, ", <a href=\"#episodes\">%zu in all</a>", misses->open);
	if (misses->chosen)
		fprintf(out, "%s%zu expected %s missing by choice", misses->open ? "; " : "", misses->chosen,
			misses->chosen == 1 ? "alert is" : "alerts are");
	fputs("</small></td>", out);
}

/* The detections with the most false alarms, best first. */
static size_t noisiest(const struct page *page, size_t organization, const struct measure *worst[NAMED_MOST], size_t *noisy)
{
	size_t count = 0;
	*noisy = 0;
	for (size_t i = 0; i < page->detections; i++) {
		const struct measure *measure = page_measure(page, i, organization);
		if (!measure->groups[OUTCOME_FP])
			continue;
		++*noisy;
		size_t at = count < NAMED_MOST ? count++ : NAMED_MOST;
		for (; at > 0 && worst[at - 1]->groups[OUTCOME_FP] < measure->groups[OUTCOME_FP]; at--)
			if (at < NAMED_MOST)
				worst[at] = worst[at - 1];
		if (at < NAMED_MOST)
			worst[at] = measure;
	}
	return count;
}

static void noise_cell(struct page *page, size_t organization)
{
	const struct measure *worst[NAMED_MOST];
	size_t noisy, count = noisiest(page, organization, worst, &noisy);
	const struct total *total = &page->results->totals[organization];
	FILE *out = page->out;
	if (!count) {
		fputs(total->benign_events ? "<td class=\"good\">✓ none</td>" :
			"<td class=\"zero\">no ordinary work was replayed</td>", out);
		return;
	}
	fputs("<td class=\"warn\">▲ ", out);
	page_count(page, total->groups[OUTCOME_FP], "false alarm", "false alarms");
	fputs("<small>", out);
	for (size_t i = 0; i < count; i++) {
		fputs(i ? ", " : "", out);
		figures_link(page, organization, worst[i]->detection);
		fprintf(out, " %s", show_count(&page->arena, worst[i]->groups[OUTCOME_FP]));
	}
	if (noisy > count)
		fprintf(out, " and %zu more", noisy - count);
	fputs("</small></td>", out);
}

static void judge_cell(struct page *page, const struct total *total)
{
	uint64_t open = total->alerts[OUTCOME_UNATTRIBUTED] + total->alerts[OUTCOME_UNKNOWN];
	if (!open)
		fputs("<td class=\"zero\">nothing</td>", page->out);
	else
		fprintf(page->out, page->results->sample_count ? "<td class=\"ask\"><a href=\"#judge\">? %s to judge</a></td>" :
			"<td class=\"ask\">? %s to judge</td>", show_count(&page->arena, open));
}

static size_t blind_of(const struct page *page, size_t organization, size_t *on)
{
	size_t blind = 0;
	*on = 0;
	for (size_t i = 0; i < page->detections; i++) {
		const struct measure *measure = page_measure(page, i, organization);
		bool off = measure->disabled || measure->below;
		*on += !off;
		blind += !off && measure->reachability == REACH_BLIND;
	}
	return blind;
}

static void blind_cell(struct page *page, size_t organization, size_t blind, size_t on)
{
	FILE *out = page->out;
	if (!blind) {
		fputs("<td class=\"zero\">none blind</td>", out);
		return;
	}
	fprintf(out, "<td class=\"wrap\"><details><summary>%zu of %zu blind</summary>", blind, on);
	size_t named = 0;
	for (size_t i = 0; i < page->detections && named < BLIND_MOST; i++) {
		const struct measure *measure = page_measure(page, i, organization);
		if (measure->disabled || measure->below || measure->reachability != REACH_BLIND)
			continue;
		fputs(named++ ? ", " : "", out);
		html_cut(out, measure->detection->name, 60);
	}
	if (blind > named)
		fprintf(out, " and %zu more", blind - named);
	fputs("</details></td>", out);
}

/* One step: what is missed comes before noise, noise before what is open, that before what cannot be known. */
static void step_cell(struct page *page, const struct total *total, const struct misses *misses, size_t blind)
{
	const struct text whose = show_organization(total->organization);
	FILE *out = page->out;
	const char *command = misses->open && misses->miss[0]->cause == MISS_EXCEPTED ? NULL : misses->open ? "explain" :
		total->groups[OUTCOME_FP] ? page->results->target ? NULL : "tune" :
		total->alerts[OUTCOME_UNATTRIBUTED] + total->alerts[OUTCOME_UNKNOWN] ? "label" : NULL;
	fputs("<td class=\"wrap\">", out);
	if (misses->open)
		fputs(command ? "see what was not met: " : "narrow the <a href=\"#exceptions\">exception</a> that hides it", out);
	else if (total->groups[OUTCOME_FP])
		fputs(command ? "narrow the condition, or except what is normal: " :
			"the target’s rule matches more than the detection: its <a href=\"#fidelity\">fidelity</a> says why", out);
	else if (command)
		fputs("judge them: ", out);
	else
		fputs(blind ? "record ordinary work that the blind ones look at" : "nothing", out);
	if (command) {
		fprintf(out, "<code>mews %s", command);
		if (misses->open) {
			fputs(" --episode ", out);
			html_cut(out, misses->episode->dataset->name, 80);
			fputc('/', out);
			html_cut(out, misses->episode->episode->name, 80);
		}
		if (total->organization) {
			fputs(" --org ", out);
			html_cut(out, whose, 60);
		}
		fputs("</code>", out);
	}
	fputs("</td></tr>\n", out);
}

/* Is there anything to do? */
static bool organization_row(struct page *page, size_t organization)
{
	const struct total *total = &page->results->totals[organization];
	struct misses misses = misses_of(page, organization);
	size_t on, blind = blind_of(page, organization, &on);
	fputs("<tr", page->out);
	const bool needs = misses.open || total->groups[OUTCOME_FP] || total->alerts[OUTCOME_UNATTRIBUTED] ||
		total->alerts[OUTCOME_UNKNOWN];
	page_row(page, organization, needs);
	fputs("><th scope=\"row\">", page->out);
	html_cut(page->out, show_organization(total->organization), 120);
	fputs("</th>", page->out);
	missed_cell(page, organization, &misses);
	noise_cell(page, organization);
	judge_cell(page, total);
	blind_cell(page, organization, blind, on);
	step_cell(page, total, &misses, blind);
	return needs || blind;
}

static bool by_organization(struct page *page)
{
	static const struct html_column columns[] = {{"Organization", false}, {"Attacks", false}, {"Ordinary work", false},
		{"To judge", false}, {"Detections", false}, {"Next step", false}, {0}};
	bool needs = false;
	if (!page->detections)
		return false;
	html_table(page->out, "steps", "filter", "Each organization’s next step", columns);
	for (size_t i = 0; i < page->organizations; i++)
		needs |= organization_row(page, i);
	html_table_end(page->out);
	return needs;
}

void html_write_next(struct page *page)
{
	struct next gates = {.page = page}, next = {.page = page};
	fputs("<h3>What to do next</h3>\n", page->out);
	failed_gates(&gates);
	end(&gates);
	bool needs = by_organization(page);
	proposed(&next);
	stale(&next);
	blind(&next);
	end(&next);
	if (!needs && gates.count + next.count == 0)
		fputs("<p>Nothing needs attention.</p>\n", page->out);
}
