/*
 * junit: the report as test results, for CI servers: a suite for each organization with a case for each detection, one
 * for gates, one for datasets (docs/reports.md).
 *
 * What is written is what all of the usual schemas allow (Ant's, Jenkins' and xUnit's): a case holds one failure or one
 * `skipped`, figures stand in the suite's properties and places in its system-out.
 */
#include "catalog/version.h"
#include "replay/report/formats.h"
#include "replay/report/misses.h"
#include "replay/report/show.h"
#include "replay/report/xml_text.h"

#include <math.h>
#include <string.h>

/* Places listed in one suite; GitLab takes files up to 30 MB. */
enum { PLACES_MOST = 10000 };

enum verdict { PASSED, FAILED, SKIPPED };

struct test_case {
	struct text class_name, name;
	enum verdict verdict;
	const char *type;            /* of a failure: missed, gate, budget, rejected */
	const char *message, *text;  /* text: of a failure, more lines */
	double seconds;
};

struct junit {
	const struct results *results;
	const struct report_options *options;
	struct arena arena;
	struct test_case *cases; /* of the suite in the making */
	size_t case_count;
	size_t suite;
	FILE *out;
};

static struct test_case *new_case(struct junit *j, struct text class_name, struct text name)
{
	j->cases = arena_grow(&j->arena, j->cases, j->case_count, sizeof *j->cases);
	j->cases[j->case_count] = (struct test_case){.class_name = class_name, .name = name, .message = "", .text = ""};
	return &j->cases[j->case_count++];
}

/* A further reason for the failure: the first one gives its type. */
static void fail(struct junit *j, struct test_case *it, const char *type, const char *message)
{
	if (it->verdict != FAILED) {
		*it = (struct test_case){.class_name = it->class_name, .name = it->name, .verdict = FAILED, .type = type,
			.message = message, .text = "", .seconds = it->seconds};
		return;
	}
	it->message = arena_printf(&j->arena, "%s; %s", it->message, message);
}

static void add_line(struct junit *j, struct test_case *it, const char *line)
{
	it->text = arena_printf(&j->arena, "%s%s\n", it->text, line);
}

static void skip(struct test_case *it, const char *reason)
{
	it->verdict = SKIPPED;
	it->message = reason;
}

/* Figures as `name=value`, for programs and people */

static const char *rate_words(struct arena *arena, const char *name, const struct rate *rate)
{
	if (!rate->denominator)
		return arena_printf(arena, " %s=0/0", name);
	return arena_printf(arena, " %s=%llu/%llu [%.4g,%.4g]", name, (unsigned long long)rate->numerator,
		(unsigned long long)rate->denominator, rate->low, rate->high);
}

static const char *real_words(struct arena *arena, const char *name, double number)
{
	return isnan(number) || number < 0 ? "" : arena_printf(arena, " %s=%.4g", name, number);
}

static const char *figures(struct arena *arena, const struct measure *m)
{
	const uint64_t *alerts = m->alerts, *groups = m->groups;
	typedef unsigned long long count;
	return arena_printf(arena,
		"tp=%llu btp=%llu fp=%llu fn=%llu unattributed=%llu unknown=%llu tp_groups=%llu fp_groups=%llu excepted=%llu%s%s%s%s%s%s"
		" reach=%s severity=%s",
		(count)alerts[OUTCOME_TP], (count)alerts[OUTCOME_BTP], (count)alerts[OUTCOME_FP], (count)m->fn,
		(count)alerts[OUTCOME_UNATTRIBUTED], (count)alerts[OUTCOME_UNKNOWN], (count)groups[OUTCOME_TP],
		(count)groups[OUTCOME_FP], (count)m->excepted, rate_words(arena, "recall", &m->recall),
		rate_words(arena, "recall_without_baseline", &m->recall_without_baseline),
		rate_words(arena, "false_positive_rate", &m->false_positive_rate), rate_words(arena, "precision", &m->precision),
		real_words(arena, "groups_per_day", m->groups_per_day), real_words(arena, "budget", m->budget),
		show_reach(m), severity_name(m->severity));
}

/* Suites */

static void attribute(struct junit *j, const char *name, struct text value)
{
	fprintf(j->out, " %s=\"", name);
	xml_text(j->out, value);
	fputc('"', j->out);
}

static void write_case(struct junit *j, const struct test_case *it)
{
	fputs("    <testcase", j->out);
	attribute(j, "name", it->name);
	attribute(j, "classname", it->class_name);
	fprintf(j->out, " time=\"%.3f\"", it->seconds);
	if (it->verdict == PASSED) {
		fputs("/>\n", j->out);
		return;
	}
	fputs(">\n      ", j->out);
	if (it->verdict == SKIPPED) {
		fputs("<skipped>", j->out);
		xml_text(j->out, text_of(it->message));
		fputs("</skipped>\n", j->out);
	} else {
		fputs("<failure", j->out);
		attribute(j, "type", text_of(it->type));
		attribute(j, "message", text_of(it->message));
		fputc('>', j->out);
		xml_text(j->out, text_of(it->text));
		fputs("</failure>\n", j->out);
	}
	fputs("    </testcase>\n", j->out);
}

static void property(struct junit *j, const char *name, struct text value)
{
	fputs("      <property", j->out);
	attribute(j, "name", text_of(name));
	attribute(j, "value", value);
	fputs("/>\n", j->out);
}

/* Hostname and time of day would only make two reports of one run differ. */
static void begin_suite(struct junit *j, struct text name)
{
	size_t failures = 0, skipped = 0;
	double seconds = 0;
	for (size_t i = 0; i < j->case_count; i++) {
		failures += j->cases[i].verdict == FAILED;
		skipped += j->cases[i].verdict == SKIPPED;
		seconds += j->cases[i].seconds;
	}
	fputs("  <testsuite", j->out);
	attribute(j, "name", name);
	fprintf(j->out, " package=\"mews\" id=\"%zu\" hostname=\"localhost\" timestamp=\"%.*sT00:00:00\" tests=\"%zu\""
		" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"%.3f\">\n    <properties>\n",
		j->suite++, TEXT_ARGS(j->results->as_of), j->case_count, failures, skipped, seconds);
}

static void begin_system_out(struct junit *j)
{
	fputs("    </properties>\n", j->out);
	for (size_t i = 0; i < j->case_count; i++)
		write_case(j, &j->cases[i]);
	fputs("    <system-out>", j->out);
}

static void end_suite(struct junit *j)
{
	fputs("</system-out>\n    <system-err/>\n  </testsuite>\n", j->out);
	j->cases = NULL;
	j->case_count = 0;
}

/* Detections of one organization */

static void judge_misses(struct junit *j, struct test_case *it, const struct measure *m)
{
	const struct results *results = j->results;
	size_t open = 0, known = 0;
	const char *gap = "";
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *episode = &results->episodes[i];
		bool own = !episode->foreign && episode->organization == m->organization && episode->label == LABEL_MALICIOUS;
		for (size_t k = 0; own && k < episode->missed_count; k++) {
			const struct missed *missed = &episode->missed[k];
			const struct place *place = &episode->episode->place;
			if (missed->detection != m->detection)
				continue;
			if (!misses_is_open(episode, missed)) {
				known += missed->gap.length > 0;
				gap = missed->gap.length ? arena_printf(&j->arena, "%.*s", TEXT_ARGS(missed->gap)) : gap;
				continue;
			}
			const char *what = arena_printf(&j->arena, "episode %.*s of %.*s missed (%s)", TEXT_ARGS(episode->episode->name),
				TEXT_ARGS(episode->dataset->name), miss_cause_name(missed->cause));
			if (open++ == 0)
				fail(j, it, "missed", what);
			add_line(j, it, place->file ? arena_printf(&j->arena, "%s:%u:%u: %s", place->file, place->line, place->column, what)
				: what);
		}
	}
	if (open > 1)
		it->message = arena_printf(&j->arena, "%s and %zu more", it->message, open - 1);
	else if (!open && known && !m->recall.numerator)
		skip(it, arena_printf(&j->arena, "known gap: %s", gap));
}

static void judge_gates(struct junit *j, struct test_case *it, const struct measure *m)
{
	const struct gate_results *gates = j->options->beside.gates;
	for (size_t i = 0; gates && i < gates->count; i++) {
		const struct gate_result *gate = &gates->items[i];
		if (gate->outcome != GATE_FAILED || gate->detection != m->detection ||
			(gate->organization && gate->organization != m->organization))
			continue;
		fail(j, it, "gate", arena_printf(&j->arena, "gate %s: %s", gate->gate, gate->message));
		if (gate->event)
			add_line(j, it, arena_printf(&j->arena, "%s: decides gate %s", gate->event, gate->gate));
	}
}

static void judge_budget(struct junit *j, struct test_case *it, const struct measure *m)
{
	if (m->budget < 0 || isnan(m->groups_per_day) || m->groups_per_day <= m->budget)
		return;
	fail(j, it, "budget", arena_printf(&j->arena, "%s alert groups a day outside attacks, the budget is %s",
		show_daily(&j->arena, m->groups_per_day), show_daily(&j->arena, m->budget)));
}

static bool says_nothing(const struct measure *m)
{
	for (size_t i = 0; i < OUTCOME_COUNT; i++)
		if (m->alerts[i])
			return false;
	return !m->recall.denominator && !m->risky_recall.denominator && m->reachability == REACH_BLIND;
}

static void judge(struct junit *j, struct text class_name, const struct measure *m)
{
	struct test_case *it = new_case(j, class_name, m->detection->name);
	const struct place *place = &m->detection->place;
	if (m->disabled)
		skip(it, "disabled in this organization");
	else if (m->below)
		skip(it, arena_printf(&j->arena, "%s is below the organization's minimum severity %s", severity_name(m->severity),
			m->organization ? severity_name(m->organization->minimum_severity) : ""));
	else if (says_nothing(m))
		skip(it, "blind: no benign event is in scope, and no attack expects it");
	if (it->verdict != SKIPPED)
		judge_misses(j, it, m);
	judge_gates(j, it, m);
	judge_budget(j, it, m);
	if (it->verdict != FAILED)
		return;
	const char *lines = it->text;
	it->text = place->file ? arena_printf(&j->arena, "\n%s:%u:%u: %.*s\n%s%s\n", place->file, place->line, place->column,
		TEXT_ARGS(m->detection->title), lines, figures(&j->arena, m)) : arena_printf(&j->arena, "\n%s%s\n", lines,
		figures(&j->arena, m));
}

static void write_places(struct junit *j, const struct organization *organization)
{
	static const char *const outcomes[OUTCOME_COUNT] = {[OUTCOME_TP] = "TP", [OUTCOME_BTP] = "BTP", [OUTCOME_FP] = "FP"};
	const struct results *results = j->results;
	const struct alert *alerts = j->options->alerts ? results->alerts : results->samples;
	size_t count = j->options->alerts ? results->alert_count : results->sample_count, shown = 0;
	for (size_t i = 0; i < count; i++) {
		const struct alert *alert = &alerts[i];
		if (alert->organization != organization || shown++ >= PLACES_MOST)
			continue;
		struct arena arena = {0};
		const char *outcome = outcomes[alert->outcome] ? outcomes[alert->outcome] : outcome_name(alert->outcome);
		const char *within = alert->episode ? arena_printf(&arena, " (episode %.*s)", TEXT_ARGS(alert->episode->name)) : "";
		xml_text(j->out, text_of(arena_printf(&arena, "\n%s:%llu: %.*s: %s%s: %.*s", alert->file, (unsigned long long)alert->line,
			TEXT_ARGS(alert->detection->name), outcome, within, TEXT_ARGS(alert->fields))));
		arena_free(&arena);
	}
	if (shown > PLACES_MOST)
		fprintf(j->out, "\nand %zu more alerts, which are not listed", shown - PLACES_MOST);
	fputs(shown ? "\n" : "", j->out);
}

static void write_organization(struct junit *j, size_t index)
{
	const struct results *results = j->results;
	const struct total *total = &results->totals[index];
	size_t count = results->measure_count / results->total_count;
	const struct measure *measures = &results->measures[index * count];
	struct text name = total->organization ? total->organization->name : TEXT("no-baseline");
	struct text class_name = text_of(arena_printf(&j->arena, "mews.%.*s", TEXT_ARGS(name)));
	for (size_t i = 0; i < count; i++)
		judge(j, class_name, &measures[i]);
	begin_suite(j, name);
	property(j, "mews", TEXT(MEWS_VERSION));
	property(j, "revision", text_of(results->catalog->revision));
	property(j, "corpus", text_of(results->corpus_hash));
	property(j, "as_of", results->as_of);
	property(j, "use", text_of(part_name(results->headline)));
	property(j, "target", text_of(results->target ? results->target : ""));
	property(j, "total", text_of(arena_printf(&j->arena, "tp=%llu btp=%llu fp=%llu fn=%llu%s%s%s",
		(unsigned long long)total->alerts[OUTCOME_TP], (unsigned long long)total->alerts[OUTCOME_BTP],
		(unsigned long long)total->alerts[OUTCOME_FP], (unsigned long long)total->fn,
		rate_words(&j->arena, "recall", &total->recall), rate_words(&j->arena, "precision", &total->precision),
		rate_words(&j->arena, "false_positive_rate", &total->false_positive_rate))));
	for (size_t i = 0; i < count; i++)
		property(j, arena_printf(&j->arena, "%.*s", TEXT_ARGS(measures[i].detection->name)),
			text_of(figures(&j->arena, &measures[i])));
	begin_system_out(j);
	write_places(j, total->organization);
	end_suite(j);
}

/* Gates */

static struct text gate_name(struct junit *j, const struct gate_result *gate)
{
	struct text organization = gate->organization ? gate->organization->name : TEXT("");
	struct text detection = gate->detection ? gate->detection->name : TEXT("");
	const char *of = organization.length || detection.length ? arena_printf(&j->arena, " [%.*s%s%.*s]", TEXT_ARGS(organization),
		organization.length && detection.length ? "/" : "", TEXT_ARGS(detection)) : "";
	return text_of(arena_printf(&j->arena, "%s%s%s", gate->gate, of,
		gate->reference_baseline ? " with the reference baseline" : ""));
}

/* Readers drop a second case of the same name: several verdicts of one gate on the same thing are one case. */
static struct test_case *case_named(struct junit *j, struct text class_name, struct text name)
{
	for (size_t i = 0; i < j->case_count; i++)
		if (text_equal(j->cases[i].name, name))
			return &j->cases[i];
	return new_case(j, class_name, name);
}

static void write_gates(struct junit *j)
{
	const struct gate_results *gates = j->options->beside.gates;
	if (!gates)
		return;
	for (size_t i = 0; i < gates->count; i++) {
		const struct gate_result *gate = &gates->items[i];
		struct test_case *it = case_named(j, TEXT("mews.gates"), gate_name(j, gate));
		if (gate->outcome == GATE_FAILED) {
			fail(j, it, "gate", gate->message);
			add_line(j, it, arena_printf(&j->arena, "\n%s:%u:%u: %s%s%s", gate->place.file ? gate->place.file : "mews.yaml",
				gate->place.line, gate->place.column, gate->message, gate->event ? "\ndecided by " : "",
				gate->event ? gate->event : ""));
		} else if (gate->outcome == GATE_UNDECIDED && !gate->tolerated) {
			fail(j, it, "undecided", arena_printf(&j->arena, "undecided: %s", gate->message));
		} else if (gate->outcome == GATE_UNDECIDED && it->verdict == PASSED) {
			skip(it, arena_printf(&j->arena, "undecided, which passes here: %s", gate->message));
		}
	}
	begin_suite(j, TEXT("gates"));
	property(j, "reference", text_of(j->options->beside.reference ? j->options->beside.reference : ""));
	begin_system_out(j);
	end_suite(j);
}

/* Datasets; they have the time of the run, by their events */

static void write_datasets(struct junit *j)
{
	const struct results *results = j->results;
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct dataset_result *result = &results->datasets[i];
		const struct ledger *ledger = &result->ledger;
		struct test_case *it = new_case(j, TEXT("mews.datasets"), result->dataset->name);
		it->seconds = results->events ? results->seconds * (double)ledger->events / (double)results->events : 0;
		if (!result->refused)
			continue;
		fail(j, it, "rejected", arena_printf(&j->arena, "%s of %s lines were rejected, %s of %s events were not understood",
			show_count(&j->arena, ledger->rejected), show_count(&j->arena, ledger->lines),
			show_count(&j->arena, ledger->unmapped), show_count(&j->arena, ledger->events)));
		for (size_t k = 0; k < ledger->first_count; k++)
			add_line(j, it, arena_printf(&j->arena, "%s%s:%llu: %s", k ? "" : "\n", ledger->first[k].file,
				(unsigned long long)ledger->first[k].line, ledger->first[k].reason));
	}
	begin_suite(j, TEXT("datasets"));
	for (size_t i = 0; i < results->dataset_count; i++) {
		const struct ledger *ledger = &results->datasets[i].ledger;
		typedef unsigned long long count;
		const struct dataset *dataset = results->datasets[i].dataset;
		property(j, arena_printf(&j->arena, "%.*s", TEXT_ARGS(dataset->name)), text_of(arena_printf(&j->arena,
			"use=%s lines=%llu events=%llu continued=%llu blank=%llu rejected=%llu unmapped=%llu%s",
			dataset_use_name(dataset->use), (count)ledger->lines, (count)ledger->events, (count)ledger->continued,
			(count)ledger->blank, (count)ledger->rejected, (count)ledger->unmapped,
			real_words(&j->arena, "observed_seconds", results->datasets[i].observed))));
	}
	begin_system_out(j);
	end_suite(j);
}

int report_junit(const struct results *results, const struct report_options *options, FILE *out)
{
	struct junit j = {.results = results, .options = options, .out = out};
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n", out);
	for (size_t i = 0; i < results->total_count; i++)
		write_organization(&j, i);
	write_gates(&j);
	write_datasets(&j);
	fputs("</testsuites>\n", out);
	arena_free(&j.arena);
	return ferror(out) ? -1 : 0;
}
