/* html_next: what to do next, most urgent first, each with a link to what it speaks of. */
#include "replay/report/html_sections.h"
#include "replay/report/show.h"

enum { NEXT_MOST = 6 };

struct next {
	struct page *page;
	size_t count;
};

static bool item_begin(struct next *next)
{
	if (next->count == NEXT_MOST)
		return false;
	if (!next->count++)
		fputs("<div class=\"next\">\n<h3>What to do next</h3>\n<ol>\n", next->page->out);
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

static void name(struct next *next, const struct organization *organization)
{
	html_cut(next->page->out, show_organization(organization), 60);
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

static const char *advice(enum miss_cause cause)
{
	switch (cause) {
	case MISS_NO_EVENT: return "record what it needs, or say in the episode’s <code>gap</code> why that cannot be.";
	case MISS_UNMATCHED: return "<code>mews explain</code> shows which predicate fails.";
	case MISS_EXCEPTED: return "an exception hides it: narrow the exception.";
	default: return "";
	}
}

/* Misses that nobody chose: not switched off, no known gap. Each detection is named once. */
static void missed(struct next *next)
{
	const struct results *results = next->page->results;
	const struct detection *said[2] = {NULL, NULL};
	for (size_t i = 0, count = 0; i < results->episode_count && count < 2; i++) {
		const struct episode_result *episode = &results->episodes[i];
		for (size_t k = 0; k < episode->missed_count && count < 2; k++) {
			const struct missed *miss = &episode->missed[k];
			bool chosen = miss->gap.length || miss->cause == MISS_DISABLED || miss->cause == MISS_BELOW_SEVERITY;
			bool own = !episode->foreign && episode->label == LABEL_MALICIOUS;
			if (!own || chosen || miss->detection == said[0] || !item_begin(next))
				continue;
			said[count++] = miss->detection;
			name(next, episode->organization);
			fputs(" misses ", next->page->out);
			strong(next, miss->detection->name);
			fputs(" in the attack ", next->page->out);
			html_cut(next->page->out, episode->episode->name, 60);
			fprintf(next->page->out, " (%s); %s", miss_cause_name(miss->cause), advice(miss->cause));
			item_end(next, "episodes", "Episodes");
		}
	}
}

static bool proposed(struct next *next)
{
	const struct report_beside *beside = next->page->beside;
	bool any = false;
	for (size_t i = 0; i < beside->proposal_count; i++) {
		const struct proposals *proposals = beside->proposals[i];
		uint64_t removed = 0;
		for (size_t k = 0; k < proposals->count; k++)
			removed += proposals->items[k].removed_alerts;
		if (!removed || !item_begin(next))
			continue;
		any = true;
		fputs("Read ", next->page->out);
		page_count(next->page, proposals->count, "suggested exception", "suggested exceptions");
		fputs(" for ", next->page->out);
		strong(next, show_organization(proposals->organization));
		fputs(": they would remove ", next->page->out);
		page_count(next->page, removed, "false positive", "false positives");
		fputs(" and no labelled attack.", next->page->out);
		item_end(next, "proposals", "Suggestions");
	}
	return any;
}

static const struct measure *noisiest(const struct page *page, enum outcome outcome)
{
	const struct measure *worst = NULL;
	for (size_t i = 0; i < page->results->measure_count; i++) {
		const struct measure *measure = &page->results->measures[i];
		if (measure->alerts[outcome] > (worst ? worst->alerts[outcome] : 0))
			worst = measure;
	}
	return worst;
}

static void noisy(struct next *next, enum outcome outcome)
{
	static const char *const words[OUTCOME_COUNT][3] = {
		[OUTCOME_FP] = {"false positive", "false positives", "narrow the condition, or let <code>mews tune</code> find what is"
			" normal there."},
		[OUTCOME_UNATTRIBUTED] = {"alert inside attacks that do not name it", "alerts inside attacks that do not name it",
			"judge them, and put it under the episode’s <code>allows</code> where it is right."},
		[OUTCOME_UNKNOWN] = {"alert on unlabelled events", "alerts on unlabelled events",
			"judge them: <code>mews label</code> lists them and stores what you decide."}};
	const struct measure *measure = noisiest(next->page, outcome);
	if (!measure || !item_begin(next))
		return;
	strong(next, measure->detection->name);
	fputs(" gives ", next->page->out);
	name(next, measure->organization);
	fputs(" ", next->page->out);
	page_count(next->page, measure->alerts[outcome], words[outcome][0], words[outcome][1]);
	fprintf(next->page->out, ": %s", next->page->results->target && outcome == OUTCOME_FP ?
		"the target’s rule matches more than the detection; its fidelity says why." : words[outcome][2]);
	item_end(next, next->page->results->sample_count ? "judge" : "detections", "Look at them");
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

void html_write_next(struct page *page)
{
	struct next next = {.page = page};
	failed_gates(&next);
	missed(&next);
	if (!proposed(&next))
		noisy(&next, OUTCOME_FP);
	noisy(&next, OUTCOME_UNATTRIBUTED);
	noisy(&next, OUTCOME_UNKNOWN);
	stale(&next);
	blind(&next);
	fputs(next.count ? "</ol>\n</div>\n" : "<div class=\"next\"><h3>What to do next</h3><p>Nothing needs"
		" attention.</p></div>\n",
		page->out);
}
