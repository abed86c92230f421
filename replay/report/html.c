/* html: the report as one page for a browser: its sections in order, and what they share. */
#include "replay/report/formats.h"
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

#include <stdlib.h>

/* What stands before the sections: style, links, summary. With their shares and what is behind them it is less than 1 MB. */
enum { BEFORE = 24000 };

/* What the sections share */

const struct measure *page_measure(const struct page *page, size_t detection, size_t organization)
{
	return &page->results->measures[organization * page->detections + detection];
}

size_t page_organization(const struct page *page, const struct organization *organization)
{
	size_t i = 0;
	while (i < page->organizations && page->results->totals[i].organization != organization)
		i++;
	return i;
}

bool page_needs(const struct measure *measure)
{
	return measure->fn || measure->alerts[OUTCOME_FP] || measure->alerts[OUTCOME_UNATTRIBUTED] ||
		measure->alerts[OUTCOME_UNKNOWN];
}

bool page_quiet(const struct measure *measure)
{
	uint64_t sum = measure->fn + measure->recall.denominator + measure->risky_recall.denominator + measure->excepted;
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		sum += measure->alerts[i];
	return sum + measure->extra + measure->missed + measure->limited == 0;
}

bool page_hides_attack(const struct page *page, const struct exception_result *exception)
{
	const struct results *results = page->results;
	if (exception->removed[OUTCOME_TP] == 0)
		return false;
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *episode = &results->episodes[i];
		if (episode->label != LABEL_MALICIOUS || episode->foreign || episode->organization != exception->organization)
			continue;
		for (size_t k = 0; k < episode->missed_count; k++) {
			const struct missed *missed = &episode->missed[k];
			const bool covers = exception->detection ? exception->detection == missed->detection
								 : exception_covers(exception->exception, missed->detection);
			if (missed->cause == MISS_EXCEPTED && covers)
				return true;
		}
	}
	return false;
}

size_t page_unjudged(const struct page *page)
{
	size_t sum = 0;
	for (size_t i = 0; i < page->organizations; i++)
		sum += page->results->totals[i].alerts[OUTCOME_UNATTRIBUTED] + page->results->totals[i].alerts[OUTCOME_UNKNOWN];
	return sum;
}

struct rank {
	size_t detection;
	const struct measure *worst;
	bool quiet;
};

static int compare_ranks(const void *left, const void *right)
{
	const struct rank *a = left, *b = right;
	if (a->quiet != b->quiet)
		return a->quiet ? 1 : -1;
	return show_by_attention(&a->worst, &b->worst);
}

const size_t *page_order(struct page *page, size_t *loud)
{
	struct rank *ranks = arena_array(&page->arena, page->detections + 1, sizeof *ranks);
	size_t *order = arena_array(&page->arena, page->detections + 1, sizeof *order);
	for (size_t i = 0; i < page->detections; i++) {
		ranks[i] = (struct rank){i, page_measure(page, i, 0), true};
		for (size_t k = 0; k < page->organizations; k++) {
			const struct measure *measure = page_measure(page, i, k);
			ranks[i].quiet = ranks[i].quiet && page_quiet(measure);
			if (show_by_attention(&measure, &ranks[i].worst) < 0)
				ranks[i].worst = measure;
		}
	}
	qsort(ranks, page->detections, sizeof *ranks, compare_ranks);
	*loud = 0;
	for (size_t i = 0; i < page->detections; i++) {
		order[i] = ranks[i].detection;
		*loud += !ranks[i].quiet;
	}
	return order;
}

void page_row(struct page *page, size_t organization, bool needs)
{
	if (page->organizations > 1 && organization < page->organizations)
		fprintf(page->out, " data-o=\"%zu\"", organization);
	if (!needs)
		fputs(" data-s=\"\"", page->out);
}

void page_count(struct page *page, uint64_t count, const char *one, const char *many)
{
	fprintf(page->out, "%s %s", show_count(&page->arena, count), count == 1 ? one : many);
}

void page_place(struct page *page, const char *file, uint64_t line)
{
	html_string(page->out, file ? file : "?");
	if (line)
		fprintf(page->out, ":%llu", (unsigned long long)line);
}

size_t page_written(struct page *page)
{
	long at = ftell(page->out);
	return at > 0 ? (size_t)at : 0;
}

bool page_full(struct page *page, size_t bytes)
{
	return page_written(page) + bytes >= page->until;
}

void page_left(struct page *page, size_t left, const char *where)
{
	if (left)
		fprintf(page->out, "<p class=\"soft\">%s more %s left out; <code>%s</code> has all.</p>\n",
			show_count(&page->arena, left),
			left == 1 ? "is" : "are", where);
}

void page_heads(struct page *page)
{
	for (size_t i = 0; i < page->organizations; i++) {
		fprintf(page->out, "<th scope=\"col\" class=\"name\" data-o=\"%zu\">", i);
		html_cut(page->out, show_organization(page->results->totals[i].organization), 60);
		fputs("</th>", page->out);
	}
}

bool page_same(const struct page *page, const struct text *cells)
{
	for (size_t i = 1; i < page->organizations; i++)
		if (!text_equal(cells[i], cells[0]))
			return false;
	return true;
}

void page_across(struct page *page, const struct text *cells)
{
	const bool same = page->organizations > 1 && page_same(page, cells);
	for (size_t i = 0; i < (same ? 1 : page->organizations); i++) {
		if (same)
			fprintf(page->out, "<td colspan=\"%zu\"", page->organizations);
		else
			fputs("<td", page->out);
		fwrite(cells[i].data, 1, cells[i].length, page->out);
		fputs("</td>", page->out);
	}
}

void page_event(struct page *page, struct text conditions, struct text fields, struct text event, size_t ahead)
{
	FILE *out = page->out;
	enum { FIELDS = 300, EVENT = 4000 };
	if (fields.length && !page_full(page, ahead + (fields.length < FIELDS ? fields.length : FIELDS))) {
		fputs("<code>", out);
		html_cut(out, fields, FIELDS);
		fputs("</code>", out);
	}
	size_t size = event.length < EVENT ? event.length : EVENT;
	if (!event.length || page_full(page, ahead + size + size / 4))
		return;
	fputs("<details><summary>event, by condition ", out);
	html_text(out, conditions);
	fputs("</summary><pre>", out);
	html_cut(out, event, EVENT);
	fputs("</pre></details>", out);
}

/* Sections */

static bool always(const struct page *page)
{
	return page->results != NULL;
}

static bool has_gates(const struct page *page)
{
	return page->beside->gates != NULL;
}

static bool has_comparison(const struct page *page)
{
	return page->beside->comparison != NULL;
}

static bool has_proposals(const struct page *page)
{
	return page->beside->proposal_count > 0;
}

static bool has_fidelity(const struct page *page)
{
	return page->results->fidelity_count > 0;
}

static bool has_samples(const struct page *page)
{
	return page->results->sample_count > 0;
}

static bool has_exceptions(const struct page *page)
{
	return page->results->exception_count > 0;
}

static uint64_t count_gates(const struct page *page)
{
	return page->beside->gates->failed;
}

static uint64_t count_lost(const struct page *page)
{
	uint64_t lost = 0;
	for (size_t i = 0; i < page->beside->comparison->episode_count; i++)
		lost += !page->beside->comparison->episodes[i].gained;
	return lost;
}

static uint64_t count_proposals(const struct page *page)
{
	uint64_t count = 0;
	for (size_t i = 0; i < page->beside->proposal_count; i++)
		count += page->beside->proposals[i]->count;
	return count;
}

static uint64_t count_samples(const struct page *page)
{
	return page->results->sample_count;
}

static uint64_t count_exceptions(const struct page *page)
{
	return page->results->exception_count;
}

static uint64_t count_datasets(const struct page *page)
{
	return page->results->dataset_count;
}

struct section {
	const char *id, *title, *link;
	bool (*shown)(const struct page *page);
	uint64_t (*count)(const struct page *page); /* beside its link; NULL: none */
	bool alarm;        /* a count that is not 0 is bad */
	unsigned share;    /* of the page, in kB; what is left of it is the following sections' */
	void (*write)(struct page *page);
	const char *about; /* prose */
	const char *missing; /* where it is not shown: why, and how to get it */
};

static const struct section sections[] = {
	{"gates", "Gates", "Gates", has_gates, count_gates, true, 15, html_write_gates,
		"What the project says a change must not do. A bound is judged by the end of the [interval] that has been shown, not by"
		" the point; a gate that cannot be judged says so.",
		"Gates: none were judged (`gates:` in mews.yaml, then `mews replay --gate`)"},
	{"changes", "What changed since the reference", "Changes", has_comparison, count_lost, true, 50, html_write_changes,
		"Event by event, over the same corpus. A change of a rate counts where both runs were asked about the same attacks and"
		" alert groups; p is [McNemar’s exact test|mcnemar]: small where chance hardly explains the change.",
		"Changes: there is no reference run to compare with (`mews reference set`)"},
	{"map", "Detections and organizations", "Heat map", always, NULL, false, 80, html_write_map,
		"The worst that is to be said of each detection in each organization; what needs attention stands first. Mark and words"
		" say what the colour says. Each cell leads to its figures.", NULL},
	{"organizations", "Organizations", "Organizations", always, NULL, false, 20, html_write_organizations,
		"All detections of an organization together. [Attacks noticed|recall] are recorded attacks with at least one alert that"
		" they expect; bars are 95 % [intervals|interval], those of false positive rates by powers of ten from 0.001 % to"
		" 100 %. Alerts on [other organizations’ normal|foreign] are counted apart, under “others”.", NULL},
	{"detections", "Detections", "Detections", always, NULL, false, 320, html_write_detections,
		"Each [rate|interval] as a share, as numerator/denominator, and as a 95 % [interval]. What stands under “Could it be"
		" noisy here?” is its [reachability]: whether this corpus could have shown a [false positive|fp] at all.", NULL},
	{"episodes", "Episodes and what fired in them", "Episodes", always, NULL, false, 200, html_write_episodes,
		"Each labelled stretch of a recording: how many of the [expected|recall] detections came in each organization, and the"
		" first event of each detection that [alerted|alert] there, with the fields by which it matched.", NULL},
	{"volume", "Alert volume by hour and by day", "Volume", always, NULL, false, 60, html_write_volume,
		"[Alerts|alert] in UTC, all uses together. Hours and days without alerts are left out: recordings may lie years apart,"
		" and a dashed line stands where time is missing. Events without a time, such as manifests, are not in it.", NULL},
	{"judge", "Alerts to look at", "To look at", has_samples, count_samples, false, 50, html_write_judge,
		"The first few [false positives|fp], [unattributed] alerts and alerts on [unlabelled] events of each detection. Those"
		" with an id are judged by `mews label`. An unattributed alert is inside an attack that does not name it: where it is"
		" right, put the detection under the episode’s `allows`.",
		"Alerts to look at: there are none"},
	{"proposals", "Suggested exceptions", "Suggestions", has_proposals, count_proposals, false, 40, html_write_proposals,
		"The fewest and narrowest [exceptions|exception] that were found for the noise, each with its proof. Read the condition"
		" and the [blind spot] before taking one over; `mews tune --apply` writes them into the organization’s file.",
		"Suggested exceptions: nobody asked for them (`mews replay --suggest`, `mews tune`)"},
	{"exceptions", "Exceptions, and what they removed", "Exceptions", has_exceptions, count_exceptions, false, 35,
		html_write_exceptions,
		"What each [exception] took away in the organization’s own and everybody’s datasets. One that removes nothing may be"
		" stale; one that removes [true positives|tp] may hide an attack.",
		"Exceptions: the catalog has none for these organizations"},
	{"fidelity", "Fidelity: how each target says it", "Fidelity", has_fidelity, NULL, false, 45, html_write_fidelity,
		"The best that a generated rule claims for each condition: [exact|fidelity], wider or approximate in what it matches,"
		" merely collecting, or not supported, and why.",
		"Fidelity: it was not worked out for this run"},
	{"coverage", "Coverage by technique", "Coverage", always, NULL, false, 17, html_write_coverage,
		"ATT&amp;CK techniques by what was measured, not by what was written: expected alerts that came in recorded attacks.",
		NULL},
	{"datasets", "Datasets, and what became of each line", "Datasets", always, count_datasets, false, 20, html_write_datasets,
		"Every line that was read is the first of an event, continues one, is blank, or was rejected with a reason.", NULL},
	{"glossary", "Glossary", "Glossary", always, NULL, false, 0, html_write_glossary,
		"Every figure is defined in docs/measures.md; this is the short of it.", NULL},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

static void write_section(struct page *page, const struct section *section)
{
	fprintf(page->out, "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 id=\"%s-h\">%s</h2>\n<p"
		" class=\"about\">", section->id,
		section->id, section->id, section->title);
	html_prose(page->out, section->about);
	fputs("</p>\n", page->out);
	page->until += section->share * 1000U;
	section->write(page);
	fputs("</section>\n", page->out);
}

/* Around them */

static void write_head(struct page *page)
{
	const struct results *results = page->results;
	FILE *out = page->out;
	html_head(out, "mews report");
	fputs("<a class=\"skip\" href=\"#summary\">Skip to the summary</a>\n<header class=\"top\">\n"
		"<h1>What the detections catch, and what they cost</h1>\n<p class=\"meta\">", out);
	page_count(page, results->events, "event", "events");
	fputs(" of ", out);
	page_count(page, results->dataset_count, "dataset", "datasets");
	fprintf(out, " · catalog <code>%.12s</code> · exceptions as of ", results->catalog->revision);
	html_text(out, results->as_of);
	if (results->run)
		fprintf(out, " · run %lld", (long long)results->run);
	if (results->target) {
		fputs(" · <strong>rules as deployed in ", out);
		html_string(out, results->target);
		fputs("</strong>", out);
	}
	if (results->headline != PART_ALL)
		fputs(" · figures are from <a href=\"#g-hold-out\">hold-out</a> datasets unless said otherwise", out);
	fputs("</p>\n</header>\n", out);
}

static void write_links(struct page *page)
{
	FILE *out = page->out;
	fputs("<nav aria-label=\"Contents\"><ul>\n<li><a href=\"#summary\">Summary</a></li>\n", out);
	for (size_t i = 0; i < SECTIONS; i++) {
		const struct section *section = &sections[i];
		if (!section->shown(page))
			continue;
		uint64_t count = section->count ? section->count(page) : 0;
		fprintf(out, "<li><a href=\"#%s\">%s", section->id, section->link);
		if (count)
			fprintf(out, " <b%s>%s</b>", section->alarm && count ? " class=\"bad\"" : "", show_count(&page->arena, count));
		fputs("</a></li>\n", out);
	}
	fputs("</ul></nav>\n", out);
}

/* Of use with scripts only: they show it. */
static void write_tools(struct page *page)
{
	FILE *out = page->out;
	fputs("<div class=\"tools\" role=\"search\" aria-label=\"Filter and colours\" hidden>"
		"<label>Show rows with <input type=\"search\" id=\"words\"></label>", out);
	if (page->organizations > 1) {
		fputs("<label>in <select id=\"whose\"><option value=\"\">all organizations</option>", out);
		for (size_t i = 0; i < page->organizations; i++) {
			fprintf(out, "<option value=\"%zu\">", i);
			html_cut(out, show_organization(page->results->totals[i].organization), 40);
			fputs("</option>", out);
		}
		fputs("</select></label>", out);
	}
	fputs("<label><input type=\"checkbox\" id=\"only\"> needs attention</label>"
		"<button type=\"button\" class=\"do\" id=\"open\" aria-pressed=\"false\">Open all details</button>"
		"<label>Colours <select id=\"theme\"><option value=\"auto\">system</option><option value=\"light\">light</option>"
		"<option value=\"dark\">dark</option></select></label><output aria-live=\"polite\"></output></div>\n", out);
}

static void write_foot(struct page *page)
{
	FILE *out = page->out;
	bool any = false;
	fputs("</main>\n</div>\n<footer>\n", out);
	for (size_t i = 0; i < SECTIONS; i++) {
		if (sections[i].shown(page))
			continue;
		fputs(any ? "<li>" : "<p>Not in this report:</p>\n<ul>\n<li>", out);
		html_prose(out, sections[i].missing);
		fputs("</li>\n", out);
		any = true;
	}
	fputs(any ? "</ul>\n" : "", out);
	fputs("<p>Made by mews. The page is one file and asks nobody for anything.</p>\n</footer>\n", out);
}

static void write_page(struct page *page)
{
	write_head(page);
	fputs("<div class=\"page\">\n", page->out);
	write_links(page);
	fputs("<main>\n", page->out);
	fputs("<section id=\"summary\" aria-labelledby=\"summary-h\">\n<h2 id=\"summary-h\">Summary</h2>\n", page->out);
	html_write_lead(page);
	html_write_next(page);
	html_write_tiles(page);
	fputs("</section>\n", page->out);
	write_tools(page);
	page->until = BEFORE;
	for (size_t i = 0; i < SECTIONS; i++)
		if (sections[i].shown(page))
			write_section(page, &sections[i]);
		else
			page->until += sections[i].share * 1000U;
	write_foot(page);
	html_foot(page->out);
}

/* The page is made in memory, so that sections know how much there is already. */
int report_html(const struct results *results, const struct report_options *options, FILE *out)
{
	struct page page = {.results = results, .beside = &options->beside};
	char *data = NULL;
	size_t size = 0;
	page.organizations = results->total_count;
	page.detections = results->total_count ? results->measure_count / results->total_count : 0;
	page.out = open_memstream(&data, &size);
	if (!page.out)
		return -1;
	write_page(&page);
	int failed = fclose(page.out);
	failed |= fwrite(data, 1, size, out) != size;
	free(data);
	arena_free(&page.arena);
	return failed || ferror(out) ? -1 : 0;
}
