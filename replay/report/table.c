/* table: the report for a terminal. */
#include "replay/report/formats.h"
#include "replay/report/file_accounts.h"
#include "replay/report/findings.h"
#include "replay/report/grid.h"
#include "replay/report/misses.h"
#include "replay/report/show.h"
#include "replay/report/to_judge.h"

#include <math.h>
#include <string.h>

#define BOLD "\033[1m"
#define RED "\033[31m"
#define YELLOW "\033[33m"
#define DIM "\033[2m"

/* Beyond so many, detections without alerts, misses or expectations are only counted. */
enum { SILENT_ROWS = 40, MISSES_SHOWN = 40 };

struct table {
	const struct results *results;
	const struct report_options *options;
	struct arena arena;
	unsigned width;
	FILE *out;
};

static void heading(const struct table *table, struct text text)
{
	fputc('\n', table->out);
	fputs(table->options->colour ? BOLD : "", table->out);
	grid_wrap(text, table->width, 2, table->out);
	fputs(table->options->colour ? "\033[0m" : "", table->out);
}

static struct grid grid_of(struct table *table)
{
	return (struct grid){.arena = &table->arena};
}

/* Detections of one organization */

static bool any_alert(const struct measure **measures, size_t count, enum outcome outcome)
{
	for (size_t i = 0; i < count; i++)
		if (measures[i]->alerts[outcome])
			return true;
	return false;
}

static bool is_silent(const struct measure *measure)
{
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		if (measure->alerts[i])
			return false;
	return !measure->recall.denominator && !measure->risky_recall.denominator && !measure->missed && !measure->limited;
}

struct extra {
	bool unattributed, unknown, wide, deployed;
};

/* What may be left out on a narrow terminal has a rank: the higher, the sooner it goes. */
struct column {
	const char *head;
	bool left;
	unsigned char rank;
};

static void add_columns(struct grid *grid, const struct column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		grid_column_ranked(grid, columns[i].head, columns[i].left, columns[i].rank);
}
#define ADD_COLUMNS(grid, columns) add_columns((grid), (columns), sizeof(columns) / sizeof *(columns))

static void detection_columns(struct grid *grid, const struct extra *extra)
{
	static const struct column first[] = {{"detection", true, 0}, {"sev", true, 3}, {"TP", false, 0}, {"BTP", false, 5},
		{"FP", false, 0}, {"FN", false, 0}};
	static const struct column deployed[] = {{"extra", false, 1}, {"missed", false, 1}};
	static const struct column wide[] = {{"95 %", false, 7}, {"precision", false, 6}, {"95 %", false, 7}, {"groups/d", false, 5},
		{"excepted", false, 6}, {"asked", false, 8}};
	ADD_COLUMNS(grid, first);
	if (extra->unattributed)
		grid_column_ranked(grid, "?", false, 2);
	if (extra->unknown)
		grid_column_ranked(grid, "unk", false, 2);
	if (extra->deployed)
		ADD_COLUMNS(grid, deployed);
	grid_column(grid, "recall", false);
	if (extra->wide)
		grid_column_ranked(grid, "95 %", false, 7);
	grid_column_ranked(grid, "FP rate", false, 4);
	if (extra->wide)
		ADD_COLUMNS(grid, wide);
	grid_column_ranked(grid, "reach", true, 3);
}

static const char *severity_short(enum severity severity)
{
	static const char *const names[] = {
		[SEVERITY_INFORMATIONAL] = "info", [SEVERITY_LOW] = "low", [SEVERITY_MEDIUM] = "med",
		[SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "crit"};
	return names[severity];
}

static void detection_row(struct table *table, struct grid *grid, const struct measure *measure,
	const struct extra *extra)
{
	struct arena *arena = &table->arena;
	struct grid_row *row = grid_row(grid);
	const uint64_t counts[] = {measure->alerts[OUTCOME_TP], measure->alerts[OUTCOME_BTP],
		measure->alerts[OUTCOME_FP], measure->fn};
	bool missed = measure->fn && !measure->disabled && !measure->below;
	if (table->options->colour && (missed || measure->alerts[OUTCOME_FP]))
		row->colour = missed ? RED : YELLOW;
	else if (table->options->colour && is_silent(measure))
		row->colour = DIM;
	/* marked: what it says below the table is part of its figures */
	grid_cell(grid, measure->limited ? arena_printf(arena, "%.*s !", TEXT_ARGS(measure->detection->name))
		: measure->detection->name.data);
	grid_cell(grid, severity_short(measure->severity));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		grid_cell(grid, show_count(arena, counts[i]));
	if (extra->unattributed)
		grid_cell(grid, show_count(arena, measure->alerts[OUTCOME_UNATTRIBUTED]));
	if (extra->unknown)
		grid_cell(grid, show_count(arena, measure->alerts[OUTCOME_UNKNOWN]));
	if (extra->deployed) {
		grid_cell(grid, show_count(arena, measure->extra));
		grid_cell(grid, show_count(arena, measure->missed));
	}
	grid_cell(grid, show_fraction(arena, &measure->recall));
	if (extra->wide)
		grid_cell(grid, show_interval(arena, &measure->recall));
	grid_cell(grid, show_fraction(arena, &measure->false_positive_rate));
	if (extra->wide) {
		grid_cell(grid, show_interval(arena, &measure->false_positive_rate));
		grid_cell(grid, show_fraction(arena, &measure->precision));
		grid_cell(grid, show_interval(arena, &measure->precision));
		grid_cell(grid, show_daily(arena, measure->groups_per_day));
		grid_cell(grid, show_count(arena, measure->excepted));
		grid_cell(grid, show_count(arena, measure->predicates));
	}
	grid_cell(grid, show_reach(measure));
}

/* Of all organizations the same: said once. */
static void print_limited(struct table *table)
{
	const struct results *results = table->results;
	for (size_t i = 0; results->total_count && i < results->measure_count / results->total_count; i++) {
		const char *words = show_limited(&table->arena, &results->measures[i]);
		if (words)
			grid_wrap(text_of(arena_printf(&table->arena, "! %s.", words)), table->width, 2, table->out);
	}
}

static void say_silent(struct table *table, size_t silent, size_t blind, bool more)
{
	if (silent)
		grid_wrap(text_of(arena_printf(&table->arena, "%zu %s without alerts or expectations (%zu blind).", silent,
			more ? "more" : silent == 1 ? "detection" : "detections", blind)), table->width, 2, table->out);
}

/* Who gives more alerts a day than the organization wants to look at. */
static void say_budgets(struct table *table, const struct measure *const *measures, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct measure *m = measures[i];
		if (m->budget < 0 || isnan(m->groups_per_day) || m->groups_per_day <= m->budget)
			continue;
		grid_wrap(text_of(arena_printf(&table->arena, "Over its budget: %.*s gives %s alert groups a day outside attacks, "
			"%s are wanted.", TEXT_ARGS(m->detection->name), show_daily(&table->arena, m->groups_per_day),
			show_daily(&table->arena, m->budget))), table->width, 2, table->out);
	}
}

/* Nothing benign and no attack: rows without alerts would only say so again. */
static bool is_unlabelled(const struct total *total)
{
	return total->false_positive_rate.denominator == 0 && total->recall.denominator == 0;
}

static void print_organization(struct table *table, size_t index)
{
	const struct results *results = table->results;
	const struct total *total = &results->totals[index];
	size_t count = results->measure_count / results->total_count, silent = 0, blind = 0;
	const struct measure **measures = show_sorted(&table->arena, results, results->headline, index);
	struct extra extra = {any_alert(measures, count, OUTCOME_UNATTRIBUTED), any_alert(measures, count, OUTCOME_UNKNOWN),
		table->options->wide, results->target != NULL};
	struct grid grid = grid_of(table);
	struct text name = show_organization(total->organization);
	struct text title = total->organization ? total->organization->title : TEXT("");
	const char *as = results->target ? arena_printf(&table->arena, ", as %s rules", results->target) : "";
	const char *hourly = isnan(total->false_groups_per_hour) ? "" : arena_printf(&table->arena,
		", %s false alert groups a recorded hour", show_daily(&table->arena, total->false_groups_per_hour));
	heading(table, text_of(arena_printf(&table->arena, "%.*s%s%.*s%s (%s, %zu dataset%s, %s observed%s)", TEXT_ARGS(name),
		title.length ? ": " : "", TEXT_ARGS(title), as, part_name(results->headline), total->datasets,
		total->datasets == 1 ? "" : "s",
		total->observed > 0 ? show_duration(&table->arena, total->observed) : "no time", hourly)));
	detection_columns(&grid, &extra);
	for (size_t i = 0; i < count; i++) {
		if ((count > SILENT_ROWS || is_unlabelled(total)) && is_silent(measures[i])) {
			silent++;
			blind += measures[i]->reachability == REACH_BLIND;
			continue;
		}
		detection_row(table, &grid, measures[i], &extra);
	}
	if (grid.count)
		grid_print(&grid, table->width, table->out);
	say_silent(table, silent, blind, grid.count > 0);
	say_budgets(table, measures, count);
}

/* Totals, side by side */

static void total_row(struct table *table, struct grid *grid, const struct total *total, const char *name,
	enum part part)
{
	struct arena *arena = &table->arena;
	const uint64_t counts[] = {total->alerts[OUTCOME_TP], total->alerts[OUTCOME_BTP], total->alerts[OUTCOME_FP],
		total->fn, total->alerts[OUTCOME_UNATTRIBUTED], total->alerts[OUTCOME_UNKNOWN]};
	struct grid_row *row = grid_row(grid);
	if (table->options->colour && part != table->results->headline)
		row->colour = DIM;
	grid_cell(grid, name);
	grid_cell(grid, part_name(part));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		grid_cell(grid, show_count(arena, counts[i]));
	grid_cell(grid, show_fraction(arena, &total->recall));
	grid_cell(grid, show_fraction(arena, &total->false_positive_rate));
	grid_cell(grid, show_daily(arena, total->groups_per_day));
	if (!table->options->wide)
		return;
	grid_cell(grid, show_interval(arena, &total->recall));
	grid_cell(grid, show_fraction(arena, &total->recall_without_baseline));
	grid_cell(grid, show_interval(arena, &total->false_positive_rate));
	grid_cell(grid, show_fraction(arena, &total->precision));
	grid_cell(grid, show_count(arena, total->excepted));
}

static void total_columns(struct table *table, struct grid *grid)
{
	static const struct column columns[] = {{"organization", true, 0}, {"use", true, 0}, {"TP", false, 0}, {"BTP", false, 5},
		{"FP", false, 0}, {"FN", false, 0}, {"?", false, 4}, {"unk", false, 4}, {"attacks", false, 1}, {"FP rate", false, 2},
		{"groups/d", false, 3}};
	static const struct column wide[] = {{"95 %", false, 8}, {"no baseline", false, 7}, {"95 %", false, 8},
		{"precision", false, 7}, {"excepted", false, 7}};
	ADD_COLUMNS(grid, columns);
	if (table->options->wide)
		ADD_COLUMNS(grid, wide);
}

/* Beside the headline: the other use, and other organizations' datasets, where there are such. */
static void print_totals(struct table *table)
{
	static const enum part beside[] = {PART_DEVELOP, PART_OTHERS};
	const struct results *results = table->results;
	struct grid grid = grid_of(table);
	heading(table, TEXT("Totals (attacks: episodes with at least one expected alert; ?: unattributed)"));
	total_columns(table, &grid);
	for (size_t i = 0; i < results->total_count; i++) {
		struct text name = show_organization(results->totals[i].organization);
		total_row(table, &grid, &results->totals[i], arena_strndup(&table->arena, name.data, name.length),
			results->headline);
		for (size_t k = 0; k < sizeof beside / sizeof *beside; k++) {
			const struct total *other = &results->parts[beside[k]].totals[i];
			bool covered = results->headline == PART_ALL && beside[k] == PART_DEVELOP;
			if (other->datasets && !covered)
				total_row(table, &grid, other, "", beside[k]);
		}
	}
	grid_print(&grid, table->width, table->out);
	grid_wrap(TEXT("Reach: could the benign events here have shown a false positive? measured: yes; brief: yes, but in "
		"fewer hours than a budget of a day asks for; thin: hardly; blind: not at all."), table->width, 2, table->out);
}

/* Misses */

static void print_missed(struct table *table, const struct miss *miss)
{
	const struct episode_result *episode = miss->episode;
	const struct missed *missed = miss->missed;
	bool said = missed->cause == MISS_DISABLED || missed->cause == MISS_BELOW_SEVERITY;
	grid_wrap(text_of(arena_printf(&table->arena, "  %.*s / %.*s (%s): %.*s %s [%s]%s%s%.*s", TEXT_ARGS(episode->dataset->name),
		TEXT_ARGS(episode->episode->name), label_name(episode->label), TEXT_ARGS(missed->detection->name),
		miss_cause_name(missed->cause), misses_organizations(&table->arena, miss),
		miss->off && !said ? ", who have it switched off" : "",
		missed->gap.length ? "; known gap: " : "", TEXT_ARGS(missed->gap))), table->width, 4, table->out);
}

/* The same miss of several organizations is one line; those to be mended come first. */
static void print_misses(struct table *table)
{
	struct misses misses = misses_of(&table->arena, table->results);
	size_t shown = 0;
	if (misses.count)
		heading(table, TEXT("Missed: expected alerts that did not come"));
	for (int open = 1; open >= 0; open--)
		for (size_t i = 0; i < misses.count; i++)
			if (misses.items[i].open == (open == 1) && (shown++ < MISSES_SHOWN || table->options->wide))
				print_missed(table, &misses.items[i]);
	if (shown > MISSES_SHOWN && !table->options->wide)
		grid_wrap(text_of(arena_printf(&table->arena, "  … and %zu more (--wide shows all)", shown - MISSES_SHOWN)),
			table->width, 4, table->out);
}

/* Alerts, each with the place that `mews explain` takes; one event's alerts of several organizations together */

static bool same_event(const struct alert *alert, const struct alert *other)
{
	return alert->line == other->line && strcmp(alert->file, other->file) == 0;
}

static bool same_sight(const struct alert *alert, const struct alert *other)
{
	return alert->detection == other->detection && alert->outcome == other->outcome;
}

static void print_alert(struct table *table, const struct alert *alert, const char *names)
{
	static const char *const outcomes[OUTCOME_COUNT] = {[OUTCOME_TP] = "TP", [OUTCOME_BTP] = "BTP", [OUTCOME_FP] = "FP"};
	struct arena *arena = &table->arena;
	const char *outcome = outcomes[alert->outcome] ? outcomes[alert->outcome] : outcome_name(alert->outcome);
	const char *when = alert->time == INT64_MIN ? "" : arena_printf(arena, "%s ", show_time(arena, alert->time));
	const char *within = alert->episode ? arena_printf(arena, " (episode %.*s)", TEXT_ARGS(alert->episode->name)) : "";
	const char *id = alert->id.length ? arena_printf(arena, ", id %.*s", TEXT_ARGS(alert->id)) : "";
	grid_wrap(text_of(arena_printf(arena, "  %s%.*s: %s for %s, at %s:%llu%s%s", when, TEXT_ARGS(alert->detection->name), outcome,
		names, alert->file, (unsigned long long)alert->line, within, id)), table->width, 4, table->out);
}

/* The alerts of one event. */
static void print_event(struct table *table, const struct alert *alerts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *names = "";
		bool first = true;
		for (size_t k = 0; k < i; k++)
			first = first && !same_sight(&alerts[k], &alerts[i]);
		for (size_t k = i; first && k < count; k++) {
			struct text name = show_organization(alerts[k].organization);
			if (same_sight(&alerts[i], &alerts[k]))
				names = arena_printf(&table->arena, "%s%s%.*s", names, k > i ? ", " : "", TEXT_ARGS(name));
		}
		if (first)
			print_alert(table, &alerts[i], names);
	}
}

static void print_alerts(struct table *table)
{
	const struct results *results = table->results;
	size_t next;
	if (!table->options->alerts)
		return;
	heading(table, !results->alert_count ? TEXT("No alerts")
		: TEXT("Alerts (mews explain DETECTION FILE:LINE shows why, mews label ID stores what it was)"));
	for (size_t i = 0; i < results->alert_count; i = next) {
		for (next = i + 1; next < results->alert_count && same_event(&results->alerts[i], &results->alerts[next]);)
			next++;
		print_event(table, &results->alerts[i], next - i);
	}
}

/* Datasets */

static void print_datasets(struct table *table)
{
	static const struct column columns[] = {{"dataset", true, 0}, {"use", true, 2}, {"lines", false, 1}, {"events", false, 0},
		{"continued", false, 5}, {"blank", false, 4}, {"rejected", false, 0}, {"observed", false, 3}};
	const struct results *results = table->results;
	struct arena *arena = &table->arena;
	struct grid grid = grid_of(table);
	heading(table, TEXT("Datasets"));
	ADD_COLUMNS(&grid, columns);
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct dataset_result *result = &results->datasets[i];
		const struct ledger *ledger = &result->ledger;
		const uint64_t counts[] = {ledger->lines, ledger->events, ledger->continued, ledger->blank, ledger->rejected};
		struct grid_row *row = grid_row(&grid);
		row->colour = table->options->colour && ledger->rejected ? YELLOW : NULL;
		grid_cell(&grid, arena_strndup(arena, result->dataset->name.data, result->dataset->name.length));
		grid_cell(&grid, dataset_use_name(result->dataset->use));
		for (size_t k = 0; k < sizeof counts / sizeof *counts; k++)
			grid_cell(&grid, show_count(arena, counts[k]));
		grid_cell(&grid, show_duration(arena, result->observed));
	}
	grid_print(&grid, table->width, table->out);
	file_accounts_print(results, table->options, table->width, arena, table->out);
}

/* Exceptions that are stale, or that an expected alert was missed by. */

static bool hides_expected(const struct results *results, const struct exception_result *exception)
{
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *episode = &results->episodes[i];
		bool own = !episode->foreign && episode->organization == exception->organization;
		for (size_t k = 0; own && k < episode->missed_count; k++)
			if (episode->missed[k].cause == MISS_EXCEPTED
				&& exception_covers(exception->exception, episode->missed[k].detection))
				return true;
	}
	return false;
}

static const char *worth_saying(struct table *table, const struct exception_result *result)
{
	const struct exception *exception = result->exception;
	uint64_t removed = result->removed[OUTCOME_TP] + result->removed[OUTCOME_BTP];
	if (!result->organization || result->detection)
		return NULL;
	int64_t left = findings_days_left(table->results, exception);
	if (result->expired)
		return arena_printf(&table->arena, "expired on %.*s and does not apply", TEXT_ARGS(exception->expires));
	if (left <= EXPIRING_DAYS)
		return arena_printf(&table->arena, "applies until %.*s, %lld more day%s", TEXT_ARGS(exception->expires), (long long)left,
			left == 1 ? "" : "s");
	if (removed && hides_expected(table->results, result))
		return arena_printf(&table->arena, "hides expected alerts (it removed %s inside episodes)",
			show_count(&table->arena, removed));
	return NULL;
}

static void print_exceptions(struct table *table)
{
	const struct results *results = table->results;
	bool any = false;
	for (size_t i = 0; i < results->exception_count; i++) {
		const struct exception_result *result = &results->exceptions[i];
		const char *what = worth_saying(table, result);
		if (!what)
			continue;
		if (!any)
			heading(table, TEXT("Exceptions to look at"));
		any = true;
		struct text name = show_organization(result->organization);
		grid_wrap(text_of(arena_printf(&table->arena, "  %.*s: %.*s %s", TEXT_ARGS(name),
			TEXT_ARGS(result->exception->name), what)), table->width, 4, table->out);
	}
}

/* What changed since the reference run, in a sentence */

struct change_words {
	size_t count;
	const char *one, *several;
};

static const char *changes_in_words(struct table *table, const struct comparison *comparison)
{
	size_t episodes[2] = {0}, false_alerts[2] = {0}, others = 0;
	const char *words = "";
	for (size_t i = 0; i < comparison->episode_count; i++)
		episodes[comparison->episodes[i].gained]++;
	for (size_t i = 0; i < comparison->alert_count; i++) {
		bool is_false = comparison->alerts[i].alert->outcome == OUTCOME_FP;
		false_alerts[comparison->alerts[i].gained] += is_false;
		others += !is_false;
	}
	const struct change_words parts[] = {
		{episodes[0], "expected alert lost", "expected alerts lost"},
		{episodes[1], "expected alert gained", "expected alerts gained"},
		{false_alerts[1], "new false positive", "new false positives"},
		{false_alerts[0], "false positive less", "false positives less"},
		{others, "other alert differs", "other alerts differ"},
		{comparison->detection_count, "change of a detection", "changes of detections"},
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (parts[i].count)
			words = arena_printf(&table->arena, "%s%s%zu %s", words, words[0] ? ", " : "", parts[i].count,
				parts[i].count == 1 ? parts[i].one : parts[i].several);
	return words[0] ? words : "baselines alone differ";
}

static void print_changes(struct table *table)
{
	const struct report_beside *beside = &table->options->beside;
	if (!beside->comparison)
		return;
	fputc('\n', table->out);
	grid_wrap(text_of(arena_printf(&table->arena, "Since %s: %s.", beside->reference ? beside->reference : "the reference run",
		beside->comparison->same ? "no detection, episode or alert differs"
		: arena_printf(&table->arena, "%s (mews compare says which)", changes_in_words(table, beside->comparison)))),
		table->width, 2, table->out);
}

static void print_proposals(struct table *table)
{
	const struct report_beside *beside = &table->options->beside;
	bool any = false;
	for (size_t i = 0; i < beside->proposal_count; i++)
		for (size_t k = 0; k < beside->proposals[i]->count; k++) {
			const struct proposal *it = &beside->proposals[i]->items[k];
			struct text name = show_organization(it->organization);
			if (!any)
				heading(table, TEXT("Suggested exceptions (mews tune proves and applies them)"));
			any = true;
			grid_wrap(text_of(arena_printf(&table->arena, "  %.*s, %.*s: %.*s (removes %s false positive%s, loses %s attacks)",
				TEXT_ARGS(name), TEXT_ARGS(it->name), TEXT_ARGS(it->condition), show_count(&table->arena, it->removed_alerts),
				it->removed_alerts == 1 ? "" : "s", it->lost ? show_count(&table->arena, it->lost) : "no")),
				table->width, 4, table->out);
		}
}

int report_table(const struct results *results, const struct report_options *options, FILE *out)
{
	struct table table = {.results = results, .options = options, .out = out};
	table.width = options->width ? options->width : 80;
	if (options->wide && table.width < 200)
		table.width = 200;
	grid_wrap(text_of(arena_printf(&table.arena, "%s events of %zu dataset%s, catalog %.12s, exceptions as of %.*s",
		show_count(&table.arena, results->events), results->dataset_count, results->dataset_count == 1 ? "" : "s",
		results->catalog->revision, TEXT_ARGS(results->as_of))), table.width, 2, out);
	for (size_t i = 0; i < results->total_count; i++)
		print_organization(&table, i);
	print_limited(&table);
	print_totals(&table);
	print_misses(&table);
	print_exceptions(&table);
	print_proposals(&table);
	print_alerts(&table);
	if (!options->alerts)
		to_judge_print(results, table.width, &table.arena, out);
	print_datasets(&table);
	print_changes(&table);
	fputc('\n', out);
	grid_wrap(show_next_step(&table.arena, results), table.width, 0, out);
	arena_free(&table.arena);
	return ferror(out) ? -1 : 0;
}
