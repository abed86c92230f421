/* difference_table: two runs side by side, for a terminal: what was lost stands first (see difference.h). */
#include "replay/report/difference.h"
#include "replay/report/grid.h"
#include "replay/report/show.h"

#include <math.h>
#include <string.h>

#define BOLD "\033[1m"
#define RED "\033[31m"
#define GREEN "\033[32m"

/* Without --alerts: so many lines of a condition's difference, alerts of a detection, rows of rates. */
enum { LINES_MOST = 24, ALERTS_MOST = 3, RATES_MOST = 30 };

struct table {
	const struct comparison *comparison;
	const struct report_options *how;
	struct arena arena;
	unsigned width;
	FILE *out;
};

static void heading(const struct table *t, const char *text)
{
	fputc('\n', t->out);
	fputs(t->how->colour ? BOLD : "", t->out);
	grid_wrap(text_of(text), t->width, 2, t->out);
	fputs(t->how->colour ? "\033[0m" : "", t->out);
}

static void line(const struct table *t, const char *colour, const char *text, unsigned indent)
{
	fputs(t->how->colour && colour ? colour : "", t->out);
	grid_wrap(text_of(text), t->width, indent, t->out);
	fputs(t->how->colour && colour ? "\033[0m" : "", t->out);
}

/* A line of a difference keeps its blanks; control characters do not reach the terminal. */
static void raw_line(const struct table *t, struct text text)
{
	const char *colour = !t->how->colour || !text.length ? NULL : text.data[0] == '-' ? RED : text.data[0] == '+' ? GREEN : NULL;
	fprintf(t->out, "    %s", colour ? colour : "");
	for (size_t i = 0; i < text.length; i++)
		fputc((unsigned char)text.data[i] < ' ' || text.data[i] == 0x7f ? '?' : text.data[i], t->out);
	fprintf(t->out, "%s\n", colour ? "\033[0m" : "");
}

static void print_lines(const struct table *t, const struct texts *lines)
{
	size_t shown = t->how->wide || lines->count <= LINES_MOST ? lines->count : LINES_MOST;
	for (size_t i = 0; i < shown; i++)
		raw_line(t, lines->items[i]);
	if (shown < lines->count)
		fprintf(t->out, "    … and %zu more lines (--wide shows all)\n", lines->count - shown);
}

/* What changed in the catalog */

static void print_detection(struct table *t, const struct detection_change *change)
{
	static const char *const words[] = {[CHANGE_ADDED] = "is new", [CHANGE_REMOVED] = "was removed",
		[CHANGE_RENAMED] = "was renamed", [CHANGE_CONDITIONS] = "has other conditions",
		[CHANGE_EXCEPTIONS] = "has other exceptions", [CHANGE_METADATA] = "is described in another way"};
	const struct detection *detection = change->after ? change->after : change->before;
	line(t, NULL, arena_printf(&t->arena, "  %.*s %s", TEXT_ARGS(detection->name), words[change->kind]), 4);
	print_lines(t, &change->lines);
}

static void print_catalog(struct table *t)
{
	const struct comparison *comparison = t->comparison;
	if (comparison->detection_count)
		heading(t, "Detections");
	for (size_t i = 0; i < comparison->detection_count; i++)
		print_detection(t, &comparison->detections[i]);
	if (comparison->baseline_count)
		heading(t, "Organizations");
	for (size_t i = 0; i < comparison->baseline_count; i++) {
		const struct baseline_change *change = &comparison->baselines[i];
		const char *what = !change->before ? "is new" : !change->after ? "was removed" : "has another baseline";
		struct text name = (change->after ? change->after : change->before)->name;
		line(t, NULL, arena_printf(&t->arena, "  %.*s %s", TEXT_ARGS(name), what), 4);
		print_lines(t, &change->lines);
	}
}

/* Episodes */

static void print_episodes(struct table *t, bool gained, const char *title)
{
	const struct comparison *comparison = t->comparison;
	bool any = false;
	for (size_t i = 0; i < comparison->episode_count; i++) {
		const struct episode_change *change = &comparison->episodes[i];
		const struct episode_result *episode = change->after;
		if (change->gained != gained)
			continue;
		if (!any)
			heading(t, title);
		any = true;
		struct text name = show_organization(change->organization);
		line(t, gained ? GREEN : RED, arena_printf(&t->arena, "  %.*s / %.*s (%s): %.*s%s%s [%.*s]",
			TEXT_ARGS(episode->dataset->name), TEXT_ARGS(episode->episode->name), label_name(episode->label),
			TEXT_ARGS(change->detection->name),
			change->cause ? ", " : "", change->cause ? change->cause : "", TEXT_ARGS(name)), 4);
	}
}

/* Alerts: those of one organization, detection and direction together */

static bool same_kind(const struct alert_change *a, const struct alert_change *b)
{
	return a->gained == b->gained && a->alert->organization == b->alert->organization &&
		a->alert->detection == b->alert->detection;
}

/* "3 benign, 1 unknown" */
static const char *labels_of(struct table *t, size_t from, size_t to)
{
	const struct alert_change *first = &t->comparison->alerts[from];
	size_t counts[LABEL_MALICIOUS + 1] = {0};
	const char *words = "";
	for (size_t i = from; i < to; i++)
		if (same_kind(first, &t->comparison->alerts[i]))
			counts[t->comparison->alerts[i].alert->label]++;
	for (int label = LABEL_MALICIOUS; label >= LABEL_UNKNOWN; label--)
		if (counts[label])
			words = arena_printf(&t->arena, "%s%s%zu %s", words, words[0] ? ", " : "", counts[label],
				label_name((enum label)label));
	return words;
}

static void print_alert(struct table *t, const struct alert *alert)
{
	const char *when = alert->time == INT64_MIN ? "" : arena_printf(&t->arena, ", %s", show_time(&t->arena, alert->time));
	const char *within = alert->episode ? arena_printf(&t->arena, " (episode %.*s)", TEXT_ARGS(alert->episode->name)) : "";
	line(t, NULL, arena_printf(&t->arena, "    %s:%llu %s%s%s", alert->file ? alert->file : "", (unsigned long long)alert->line,
		label_name(alert->label), when, within), 6);
}

static void print_kind(struct table *t, size_t from, size_t to)
{
	const struct comparison *comparison = t->comparison;
	const struct alert_change *first = &comparison->alerts[from];
	struct text name = show_organization(first->alert->organization);
	size_t count = 0;
	for (size_t i = from; i < to; i++)
		count += same_kind(first, &comparison->alerts[i]);
	line(t, first->gained ? NULL : RED, arena_printf(&t->arena, "  %s %s: %.*s [%.*s], %s%s%s", show_count(&t->arena, count),
		first->gained ? "gained" : "lost", TEXT_ARGS(first->alert->detection->name), TEXT_ARGS(name), labels_of(t, from, to),
		first->cause ? "; " : "", first->cause ? first->cause : ""), 4);
	for (size_t i = from, shown = 0; i < to; i++) {
		if (!same_kind(first, &comparison->alerts[i]))
			continue;
		if (shown++ == ALERTS_MOST && !t->how->alerts) {
			fprintf(t->out, "    … and %zu more (--alerts lists all)\n", count - ALERTS_MOST);
			break;
		}
		print_alert(t, comparison->alerts[i].alert);
	}
}

/* The end of the alerts of this organization and detection: by its id, since before and after have one each. */
static size_t end_of(const struct comparison *comparison, size_t from)
{
	const struct alert *first = comparison->alerts[from].alert;
	size_t end = from;
	while (end < comparison->alert_count && text_equal(comparison->alerts[end].alert->detection->id, first->detection->id) &&
		text_equal(show_organization(comparison->alerts[end].alert->organization), show_organization(first->organization)))
		end++;
	return end;
}

static void print_alerts(struct table *t)
{
	const struct comparison *comparison = t->comparison;
	size_t gained = 0;
	for (size_t i = 0; i < comparison->alert_count; i++)
		gained += comparison->alerts[i].gained;
	if (!comparison->alert_count)
		return;
	heading(t, arena_printf(&t->arena, "Alerts: %s lost, %s gained", show_count(&t->arena, comparison->alert_count - gained),
		show_count(&t->arena, gained)));
	for (size_t from = 0, to; from < comparison->alert_count; from = to) {
		to = end_of(comparison, from);
		for (int gain = 0; gain < 2; gain++)
			for (size_t i = from; i < to; i++)
				if (comparison->alerts[i].gained == (gain == 1)) {
					print_kind(t, i, to);
					break;
				}
	}
}

/* Figures */

static const char *show_p(struct table *t, const struct paired *paired)
{
	if (!paired->first && !paired->second)
		return show_nothing;
	return paired->p < 0.001 ? "<0.001" : arena_printf(&t->arena, "%.3f", paired->p);
}

static const char *change_of(struct table *t, const char *before, const char *after)
{
	return strcmp(before, after) == 0 ? after : arena_printf(&t->arena, "%s → %s", before, after);
}

static const char *count_change(struct table *t, const uint64_t *before, const uint64_t *after)
{
	return change_of(t, before ? show_count(&t->arena, *before) : show_nothing,
		after ? show_count(&t->arena, *after) : show_nothing);
}

static void rate_row(struct table *t, struct grid *grid, const struct rate_change *change)
{
	const struct measure *before = change->before, *after = change->after, *any = after ? after : before;
	struct grid_row *row = grid_row(grid);
	struct text organization = show_organization(change->organization);
	row->colour = t->how->colour && change->episodes.first ? RED : NULL;
	grid_cell(grid, any ? any->detection->name.data : "");
	grid_cell(grid, arena_strndup(&t->arena, organization.data, organization.length));
	grid_cell(grid, change_of(t, before ? show_fraction(&t->arena, &before->recall) : show_nothing,
		after ? show_fraction(&t->arena, &after->recall) : show_nothing));
	grid_cell(grid, show_p(t, &change->episodes));
	grid_cell(grid, count_change(t, before ? &before->fp_events : NULL, after ? &after->fp_events : NULL));
	grid_cell(grid, count_change(t, before ? &before->groups[OUTCOME_FP] : NULL, after ? &after->groups[OUTCOME_FP] : NULL));
	grid_cell(grid, show_p(t, &change->groups));
}

static void total_row(struct table *t, struct grid *grid, const struct total_change *change)
{
	const struct total *before = change->before, *after = change->after;
	struct text organization = show_organization(change->organization);
	grid_row(grid);
	grid_cell(grid, arena_strndup(&t->arena, organization.data, organization.length));
	grid_cell(grid, change_of(t, show_fraction(&t->arena, &before->recall), show_fraction(&t->arena, &after->recall)));
	grid_cell(grid, show_p(t, &change->episodes));
	grid_cell(grid, count_change(t, &before->fp_events, &after->fp_events));
	grid_cell(grid, change_of(t, show_percent(&t->arena, before->false_positive_rate.value),
		show_percent(&t->arena, after->false_positive_rate.value)));
	grid_cell(grid, change_of(t, show_daily(&t->arena, before->groups_per_day), show_daily(&t->arena, after->groups_per_day)));
	grid_cell(grid, show_p(t, &change->groups));
}

static void columns(struct grid *grid, const char *const *heads)
{
	for (; *heads; heads++)
		grid_column(grid, *heads, strcmp(*heads, "detection") == 0 || strcmp(*heads, "organization") == 0);
}

static void print_figures(struct table *t)
{
	static const char *const of_rates[] = {"detection", "organization", "recall", "p", "FP", "FP groups", "p", NULL};
	static const char *const of_totals[] = {"organization", "attacks", "p", "FP", "FP rate", "groups/d", "p", NULL};
	const struct comparison *comparison = t->comparison;
	struct grid rates = {.arena = &t->arena}, totals = {.arena = &t->arena};
	size_t shown = t->how->wide || comparison->rate_count < RATES_MOST ? comparison->rate_count : RATES_MOST;
	columns(&rates, of_rates);
	for (size_t i = 0; i < shown; i++)
		rate_row(t, &rates, &comparison->rates[i]);
	if (shown) {
		heading(t, arena_printf(&t->arena, "Rates that differ (%s; p: exact McNemar test over paired episodes, and over alert"
			" groups outside attacks)", part_name(comparison->after->headline)));
		grid_print(&rates, t->width, t->out);
	}
	if (shown < comparison->rate_count)
		fprintf(t->out, "… and %zu more (--wide shows all)\n", comparison->rate_count - shown);
	columns(&totals, of_totals);
	for (size_t i = 0; i < comparison->total_count; i++)
		total_row(t, &totals, &comparison->totals[i]);
	heading(t, "Totals");
	grid_print(&totals, t->width, t->out);
}

static void print_verdict(struct table *t)
{
	const struct comparison *comparison = t->comparison;
	size_t lost = difference_lost(comparison), noise = 0, attacks = 0;
	for (size_t i = 0; i < comparison->alert_count; i++) {
		const struct alert_change *change = &comparison->alerts[i];
		noise += change->gained && change->alert->outcome == OUTCOME_FP;
		attacks += !change->gained && change->alert->label == LABEL_MALICIOUS;
	}
	if (comparison->same)
		heading(t, "No detection, organization, episode or alert differs.");
	else if (lost)
		heading(t, arena_printf(&t->arena, "%zu expected alert%s lost: mews explain DETECTION FILE:LINE says why"
			" an event does not match.", lost, lost == 1 ? " is" : "s are"));
	else
		heading(t, arena_printf(&t->arena, "No expected alert is lost%s; %s.", attacks ? arena_printf(&t->arena,
			" (but %zu other%s on attacks)", attacks, attacks == 1 ? "" : "s") : "", noise ? arena_printf(&t->arena,
			"%zu false positive%s new", noise, noise == 1 ? " is" : "s are") : "no false positive is new"));
}

int difference_table(const struct comparison *comparison, const struct difference_words *words,
	const struct report_options *how, FILE *out)
{
	struct table t = {.comparison = comparison, .how = how, .width = how->width ? how->width : 80, .out = out};
	line(&t, NULL, arena_printf(&t.arena, "%s against %s", words->after, words->before), 2);
	print_episodes(&t, false, "Lost: expected alerts that do not come any more");
	print_episodes(&t, true, "Gained: expected alerts that come now");
	print_alerts(&t);
	print_catalog(&t);
	print_figures(&t);
	print_verdict(&t);
	arena_free(&t.arena);
	return ferror(out) ? -1 : 0;
}
