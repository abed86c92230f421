/* html_summary: the top of the page, for somebody who reads nothing else: three sentences and a few figures. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <math.h>

enum { NAMED_MOST = 5 }; /* organizations that a sentence names */

static void name_organization(struct page *page, const struct organization *organization)
{
	html_cut(page->out, organization ? show_organization(organization) : TEXT("the run without a baseline"), 60);
}

/* The total with the least share, of those that have one. */
static const struct total *worst_recall(const struct page *page)
{
	const struct total *worst = NULL;
	for (size_t i = 0; i < page->organizations; i++) {
		const struct total *total = &page->results->totals[i];
		if (total->recall.denominator && (!worst || total->recall.value < worst->recall.value))
			worst = total;
	}
	return worst;
}

static bool same_recall(const struct page *page)
{
	const struct total *totals = page->results->totals;
	for (size_t i = 1; i < page->organizations; i++)
		if (totals[i].recall.numerator != totals[0].recall.numerator ||
			totals[i].recall.denominator != totals[0].recall.denominator)
			return false;
	return true;
}

static uint64_t sum_false_groups(const struct page *page)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < page->organizations; i++)
		sum += page->results->totals[i].groups[OUTCOME_FP];
	return sum;
}

static uint64_t sum_benign(const struct page *page)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < page->organizations; i++)
		sum += page->results->totals[i].benign_events;
	return sum;
}

/* "16 of 17" */
static void noticed(struct page *page, const struct rate *rate)
{
	fprintf(page->out, "%s of %s", show_count(&page->arena, rate->numerator), show_count(&page->arena, rate->denominator));
}

static void noticed_by_organization(struct page *page)
{
	size_t named = 0, all = 0;
	for (size_t i = 0; i < page->organizations; i++)
		all += page->results->totals[i].recall.denominator > 0;
	fputs("Of the recorded attacks, ", page->out);
	for (size_t i = 0; i < page->organizations && named < NAMED_MOST; i++) {
		const struct total *total = &page->results->totals[i];
		if (!total->recall.denominator)
			continue;
		fputs(named ? ", " : "", page->out);
		noticed(page, &total->recall);
		fputs(named++ ? " in " : " were noticed in ", page->out);
		name_organization(page, total->organization);
	}
	if (all > named)
		fprintf(page->out, " (%zu more organizations stand below)", all - named);
}

/* Number and sign stay together. */
static void say_percent(struct page *page, double share)
{
	struct text text = text_of(show_percent(&page->arena, share));
	size_t blank = text_find(text, ' ');
	html_text(page->out, text_slice(text, 0, blank));
	fputs(blank < text.length ? "&nbsp;%" : "", page->out);
}

static void say_caught(struct page *page)
{
	const struct total *worst = worst_recall(page);
	FILE *out = page->out;
	fputs("<p>", out);
	if (!worst) {
		html_prose(out, "No recorded attack was replayed, so nothing can be said about [what would be caught|recall].</p>\n");
		return;
	}
	if (!same_recall(page)) {
		noticed_by_organization(page);
	} else {
		const struct rate *rate = &worst->recall;
		const char *count = show_count(&page->arena, rate->denominator);
		if (rate->denominator == 1)
			fprintf(out, "<strong>The one recorded attack was %snoticed</strong>", rate->numerator ? "" : "not ");
		else if (rate->numerator == rate->denominator)
			fprintf(out, "<strong>All %s recorded attacks were noticed</strong>", count);
		else
			fprintf(out, "<strong>%s of %s recorded attacks were noticed</strong>",
				show_count(&page->arena, rate->numerator), count);
		fputs(page->organizations > 1 ? " in every organization" : "", out);
	}
	if (!(worst->recall.low > 0)) {
		html_prose(out, "; so few attacks show nothing about others ([interval]).</p>\n");
		return;
	}
	fputs("; so at least ", out);
	say_percent(page, worst->recall.low);
	html_prose(out, " of attacks like these would be (95&nbsp;% [interval]).</p>\n");
}

static void say_daily(struct page *page)
{
	const struct total *worst = NULL;
	double observed = 0;
	for (size_t i = 0; i < page->organizations; i++) {
		const struct total *total = &page->results->totals[i];
		observed = fmax(observed, total->observed);
		if (!isnan(total->false_groups_per_day) && (!worst || total->false_groups_per_day > worst->false_groups_per_day))
			worst = total;
	}
	if (!worst) {
		fputs("; ", page->out);
		fputs(observed > 0 ? show_duration(&page->arena, observed) : "no time", page->out);
		fputs(" of recordings is too little for a daily figure", page->out);
		return;
	}
	if (!(worst->false_groups_per_day > 0)) {
		fprintf(page->out, " in %s", show_duration(&page->arena, observed));
		return;
	}
	fprintf(page->out, "; at worst %s a day, in ", show_daily(&page->arena, worst->false_groups_per_day));
	name_organization(page, worst->organization);
}

static void say_cost(struct page *page)
{
	const struct total *totals = page->results->totals;
	FILE *out = page->out;
	size_t named = 0, more = 0;
	uint64_t sum = sum_false_groups(page);
	fputs("<p>", out);
	if (!sum && !sum_benign(page)) {
		html_prose(out, "No ordinary work that a detection looks at was replayed, so nothing can be said about"
			" [false alarms|fp].</p>\n");
		return;
	}
	if (!sum) {
		html_prose(out, "<strong>Ordinary work raised no [false alarm|fp]</strong>");
		say_daily(page);
		fputs(".</p>\n", out);
		return;
	}
	fputs("<strong>Ordinary work raised ", out);
	page_count(page, sum, "false alarm", "false alarms");
	html_prose(out, "</strong> ([alert groups|group]: ");
	for (size_t i = 0; i < page->organizations; i++) {
		uint64_t count = totals[i].groups[OUTCOME_FP];
		if (!count)
			continue;
		if (named == NAMED_MOST) {
			more++;
			continue;
		}
		fprintf(out, "%s%s in ", named++ ? ", " : "", show_count(&page->arena, count));
		name_organization(page, totals[i].organization);
	}
	if (more)
		fprintf(out, ", others in %zu more organizations", more);
	fputs(")", out);
	say_daily(page);
	fputs(".</p>\n", out);
}

/* How many detections could have shown noise somewhere, and how many are on anywhere. */
static size_t count_measured(const struct page *page, size_t *monitored)
{
	size_t measured = 0;
	*monitored = 0;
	for (size_t i = 0; i < page->detections; i++) {
		bool on = false, reached = false;
		for (size_t k = 0; k < page->organizations; k++) {
			const struct measure *measure = page_measure(page, i, k);
			bool off = measure->disabled || measure->below;
			on = on || !off;
			reached = reached || (!off && measure->reachability >= REACH_BRIEF);
		}
		*monitored += on;
		measured += reached;
	}
	return measured;
}

static void say_trust(struct page *page)
{
	size_t monitored, measured = count_measured(page, &monitored);
	uint64_t open = page_unjudged(page);
	FILE *out = page->out;
	fputs("<p>", out);
	if (!monitored)
		fputs("No detection is switched on", out);
	else if (measured == monitored)
		html_prose(out, "<strong>Every detection met ordinary events that came [close|reachability]</strong>, so their silence"
			" means something");
	else if (!measured) {
		fprintf(out, "<strong>None of %zu detections was put to the test</strong> by ordinary events", monitored);
		html_prose(out, " that came [close|reachability]: that they were silent says little");
	} else {
		fprintf(out, "<strong>%s%zu of %zu detections %s put to the test</strong> by ordinary events",
			measured * 2 < monitored ? "Only " : "", measured, monitored, measured == 1 ? "was" : "were");
		html_prose(out, " that came [close|reachability]");
		fprintf(out, "; that the other%s silent says little", monitored - measured == 1 ? " was" : "s were");
	}
	if (open) {
		fputs("; ", out);
		page_count(page, open, "alert waits", "alerts wait");
		html_prose(out, " for [somebody’s judgement|unattributed]");
	}
	fputs(".</p>\n", out);
}

void html_write_lead(struct page *page)
{
	fputs("<div class=\"lead\">\n", page->out);
	say_caught(page);
	say_cost(page);
	say_trust(page);
	fputs("</div>\n", page->out);
}

/* Figures */

static void tile_begin(struct page *page, const char *state, const char *section, const char *name)
{
	fprintf(page->out, "<li class=\"%s\"><span class=\"name\"><a href=\"#%s\">%s</a></span><strong>", state, section, name);
}

static void tile_more(struct page *page)
{
	fputs("</strong><span class=\"more\">", page->out);
}

static void tile_end(struct page *page)
{
	fputs("</span></li>\n", page->out);
}

static void tile_attacks(struct page *page)
{
	const struct total *worst = worst_recall(page);
	if (!worst)
		return;
	tile_begin(page, worst->recall.numerator < worst->recall.denominator ? "no" : "ok", "organizations", "Attacks noticed");
	fputs(show_fraction(&page->arena, &worst->recall), page->out);
	tile_more(page);
	fputs("at least ", page->out);
	say_percent(page, worst->recall.low);
	if (page->organizations > 1 && !same_recall(page)) {
		fputs("; worst: ", page->out);
		name_organization(page, worst->organization);
	}
	tile_end(page);
}

static void tile_missing(struct page *page)
{
	uint64_t expected = 0;
	for (size_t i = 0; i < page->organizations; i++)
		expected += page->results->totals[i].expected.denominator;
	if (!expected)
		return;
	size_t chosen, open = page_misses(page, &chosen);
	tile_begin(page, open ? "no" : "ok", "episodes", "Expected alerts missing");
	fputs(show_count(&page->arena, open + chosen), page->out);
	tile_more(page);
	fprintf(page->out, "of %s in all organizations", show_count(&page->arena, expected));
	if (chosen)
		fprintf(page->out, "; %s by choice (off, below a severity, a known gap)",
			open ? show_count(&page->arena, chosen) : "all");
	tile_end(page);
}

static void tile_false(struct page *page)
{
	uint64_t groups = sum_false_groups(page), alerts = 0;
	for (size_t i = 0; i < page->organizations; i++)
		alerts += page->results->totals[i].alerts[OUTCOME_FP];
	tile_begin(page, groups ? "so" : "ok", "map", "False alarms");
	fputs(show_count(&page->arena, groups), page->out);
	tile_more(page);
	fputs("groups, of ", page->out);
	page_count(page, alerts, "alert", "alerts");
	tile_end(page);
}

static void tile_open(struct page *page)
{
	uint64_t open = page_unjudged(page);
	tile_begin(page, open ? "so" : "ok", page->results->sample_count ? "judge" : "organizations", "Alerts to judge");
	fputs(show_count(&page->arena, open), page->out);
	tile_more(page);
	fputs("on events that nobody labelled", page->out);
	tile_end(page);
}

static void tile_tested(struct page *page)
{
	size_t monitored, measured = count_measured(page, &monitored);
	tile_begin(page, measured * 2 < monitored ? "so" : "", "detections", "Put to the test");
	fprintf(page->out, "%zu/%zu", measured, monitored);
	tile_more(page);
	fputs("detections whose noise this corpus can show", page->out);
	tile_end(page);
}

static void tile_gates(struct page *page)
{
	const struct gate_results *gates = page->beside->gates;
	if (!gates)
		return;
	size_t passed = gates->count - gates->failed - gates->undecided;
	tile_begin(page, gates->failed ? "no" : gates->undecided ? "so" : "ok", "gates", "Gates");
	if (gates->failed)
		fprintf(page->out, "%zu %s", gates->failed, gates->failed == 1 ? "fails" : "fail");
	else
		fputs(gates->undecided ? "not all judged" : gates->count ? "all pass" : "none", page->out);
	tile_more(page);
	fprintf(page->out, "%zu passed, %zu could not be judged", passed, gates->undecided);
	tile_end(page);
}

static void tile_changes(struct page *page)
{
	const struct comparison *comparison = page->beside->comparison;
	if (!comparison)
		return;
	size_t lost = 0, found = 0, gained = 0;
	for (size_t i = 0; i < comparison->episode_count; i++)
		comparison->episodes[i].gained ? found++ : lost++;
	for (size_t i = 0; i < comparison->alert_count; i++)
		gained += comparison->alerts[i].gained;
	tile_begin(page, lost ? "no" : comparison->same ? "ok" : "", "changes", "Since the reference");
	if (comparison->same)
		fputs("same", page->out);
	else
		fprintf(page->out, "+%zu −%zu", gained, comparison->alert_count - gained);
	tile_more(page);
	if (comparison->same)
		fputs("no alert, attack or detection differs", page->out);
	else
		fprintf(page->out, "alerts; %zu expected ones lost, %zu won", lost, found);
	tile_end(page);
}

void html_write_tiles(struct page *page)
{
	static void (*const tiles[])(struct page *) = {tile_gates, tile_changes, tile_attacks, tile_missing, tile_false, tile_open,
		tile_tested};
	fputs("<ul class=\"tiles\">\n", page->out);
	for (size_t i = 0; i < sizeof tiles / sizeof *tiles; i++)
		tiles[i](page);
	fputs("</ul>\n", page->out);
}
