/* markdown_changes: what changed since the reference run, as a part of the comment (markdown.c). */
#include "replay/report/markdown_page.h"
#include "replay/report/show.h"

#include <string.h>

enum { NAME_MOST = 100, CAUSE_MOST = 200, LINES_MOST = 80 };

static void name(struct markdown_page *page, struct text text)
{
	markdown_code(&page->row, text, NAME_MOST);
}

static void organization_cell(struct markdown_page *page, const struct organization *organization)
{
	struct text text = show_organization(organization);
	markdown_code_cell(&page->row, text, NAME_MOST);
}

/* Detections and organizations, a line each */

static void detection_line(struct markdown_page *page, const struct detection_change *change)
{
	static const char *const words[] = {[CHANGE_ADDED] = "is new", [CHANGE_REMOVED] = "is gone",
		[CHANGE_RENAMED] = "is now called", [CHANGE_CONDITIONS] = "matches something else",
		[CHANGE_EXCEPTIONS] = "has other exceptions",
		[CHANGE_METADATA] = "is described in another way"};
	bool of_old = change->kind == CHANGE_RENAMED || !change->after;
	const struct detection *first = of_old ? change->before : change->after;
	buffer_string(&page->row, "- ");
	name(page, first->name);
	buffer_printf(&page->row, " %s", words[change->kind]);
	if (change->kind == CHANGE_RENAMED && change->after) {
		buffer_char(&page->row, ' ');
		name(page, change->after->name);
	}
	buffer_char(&page->row, '\n');
	markdown_row(page);
}

static void write_changed(struct markdown_page *page, const struct comparison *comparison)
{
	markdown_begin(page, "", MARKDOWN_CHANGES);
	for (size_t i = 0; i < comparison->detection_count; i++)
		detection_line(page, &comparison->detections[i]);
	for (size_t i = 0; i < comparison->baseline_count; i++) {
		const struct baseline_change *change = &comparison->baselines[i];
		const struct organization *first = change->after ? change->after : change->before;
		buffer_string(&page->row, "- organization ");
		name(page, show_organization(first));
		buffer_printf(&page->row, " %s\n", !change->before ? "is new" : !change->after ? "is gone" : "has another baseline");
		markdown_row(page);
	}
	markdown_end(page, "changes");
}

/* Differences, folded away */

static void write_lines(struct markdown_page *page, struct text title, const struct texts *lines)
{
	if (!lines->count)
		return;
	size_t count = lines->count < LINES_MOST ? lines->count : LINES_MOST;
	buffer_char(&page->row, '\n');
	name(page, title);
	buffer_string(&page->row, "\n\n");
	markdown_block(&page->row, "diff", lines->items, count);
	if (count < lines->count)
		buffer_printf(&page->row, "\n… and %zu more lines\n", lines->count - count);
	markdown_row(page);
}

static void write_differences(struct markdown_page *page, const struct comparison *comparison)
{
	markdown_begin(page, "<details><summary>Differences</summary>\n", MARKDOWN_CHANGES);
	for (size_t i = 0; i < comparison->detection_count; i++) {
		const struct detection_change *change = &comparison->detections[i];
		write_lines(page, (change->after ? change->after : change->before)->name, &change->lines);
	}
	for (size_t i = 0; i < comparison->baseline_count; i++) {
		const struct baseline_change *change = &comparison->baselines[i];
		write_lines(page, show_organization(change->after ? change->after : change->before), &change->lines);
	}
	markdown_end(page, "differences");
	buffer_string(&page->out, page->rows ? "</details>\n\n" : "");
}

/* Episodes and alerts, lost first */

static void episode_row(struct markdown_page *page, const struct episode_change *change)
{
	const struct episode_result *episode = change->after ? change->after : change->before;
	buffer_printf(&page->row, "| %s | ", change->gained ? "gained" : "**lost**");
	markdown_code_cell(&page->row, change->detection->name, NAME_MOST);
	buffer_string(&page->row, " | ");
	organization_cell(page, change->organization);
	buffer_printf(&page->row, " | %s ", label_name(episode->label));
	markdown_code_cell(&page->row, text_of(arena_printf(&page->arena, "%.*s/%.*s", TEXT_ARGS(episode->dataset->name),
		TEXT_ARGS(episode->episode->name))), CAUSE_MOST);
	buffer_string(&page->row, " | ");
	markdown_prose(&page->row, text_of(change->cause), CAUSE_MOST);
	buffer_string(&page->row, " |\n");
	markdown_row(page);
}

static void write_episodes(struct markdown_page *page, const struct comparison *comparison)
{
	markdown_begin(page, "| episodes | detection | organization | episode | cause |\n|---|---|---|---|---|\n", MARKDOWN_CHANGES);
	for (int gained = 0; gained < 2; gained++)
		for (size_t i = 0; i < comparison->episode_count; i++)
			if (comparison->episodes[i].gained == (gained == 1))
				episode_row(page, &comparison->episodes[i]);
	markdown_end(page, "episodes");
}

static bool same_alerts(const struct alert_change *a, const struct alert_change *b)
{
	return a->gained == b->gained && a->alert->organization == b->alert->organization &&
		text_equal(a->alert->detection->id, b->alert->detection->id) && a->alert->label == b->alert->label;
}

/* Alerts come by organization and detection: those of one label in one row, with the first one's place. */
static void alert_row(struct markdown_page *page, const struct comparison *comparison, size_t first)
{
	const struct alert_change *change = &comparison->alerts[first];
	size_t count = 0;
	for (size_t i = first; i < comparison->alert_count; i++)
		count += same_alerts(change, &comparison->alerts[i]);
	buffer_printf(&page->row, "| %s %s on %s | ", show_count(&page->arena, count), change->gained ? "gained" : "lost",
		label_name(change->alert->label));
	markdown_code_cell(&page->row, change->alert->detection->name, NAME_MOST);
	buffer_string(&page->row, " | ");
	organization_cell(page, change->alert->organization);
	buffer_string(&page->row, " | ");
	markdown_code_cell(&page->row, text_of(arena_printf(&page->arena, "%s:%llu", change->alert->file,
		(unsigned long long)change->alert->line)), CAUSE_MOST);
	buffer_string(&page->row, " | ");
	markdown_prose(&page->row, text_of(change->cause), CAUSE_MOST);
	buffer_string(&page->row, " |\n");
	markdown_row(page);
}

static void write_alerts(struct markdown_page *page, const struct comparison *comparison)
{
	markdown_begin(page, "| alerts | detection | organization | the first | cause |\n|---|---|---|---|---|\n", MARKDOWN_CHANGES);
	for (size_t i = 0; i < comparison->alert_count; i++) {
		bool first = true;
		for (size_t k = i; first && k > 0; k--) {
			const struct alert *before = comparison->alerts[k - 1].alert;
			if (before->organization != comparison->alerts[i].alert->organization)
				break;
			first = !same_alerts(&comparison->alerts[k - 1], &comparison->alerts[i]);
		}
		if (first)
			alert_row(page, comparison, i);
	}
	markdown_end(page, "alerts");
}

void markdown_changes(struct markdown_page *page)
{
	const struct comparison *comparison = page->options->beside.comparison;
	if (!comparison)
		return;
	buffer_string(&page->out, "#### Since the reference run\n\n");
	if (comparison->same) {
		buffer_string(&page->out, "No detection, episode or alert differs.\n\n");
		return;
	}
	write_episodes(page, comparison);
	write_alerts(page, comparison);
	write_changed(page, comparison);
	write_differences(page, comparison);
}
