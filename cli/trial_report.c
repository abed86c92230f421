/* trial_report: see trial_report.h. */
#include "cli/trial_report.h"

#include "cli/packs.h"

#include <jansson.h>

enum { FIDELITIES = FIDELITY_UNSUPPORTED + 1 };

struct sum {
	uint64_t events, both, rule_only, condition_only;
	size_t rows, wrong;
};

static void add(struct sum *sum, const struct row_trial *row)
{
	sum->events += row->events;
	sum->both += row->both;
	sum->rule_only += row->rule_only;
	sum->condition_only += row->condition_only;
	sum->rows++;
	sum->wrong += row_wrong(row);
}

static struct sum total(const struct trial *trial)
{
	struct sum sum = {0};
	for (size_t i = 0; i < trial->claims.count; i++)
		if (trial->rows[i].claim->fidelity != FIDELITY_UNSUPPORTED)
			add(&sum, &trial->rows[i]);
		else
			sum.wrong += row_wrong(&trial->rows[i]);
	return sum;
}

size_t trial_wrong(const struct trial *trial)
{
	return total(trial).wrong;
}

/* --- words --- */

static void print_lines(FILE *out, struct text lines, const char *before)
{
	size_t from = 0;
	for (size_t i = 0; i < lines.length; i++) {
		if (lines.data[i] != '\n')
			continue;
		fprintf(out, "%s%.*s\n", before, (int)(i - from), lines.data + from);
		from = i + 1;
	}
}

static void print_difference(FILE *out, const struct difference *difference)
{
	fprintf(out, "    %s: %.*s\n", difference->rule_only ? "the rule fires, the condition does not hold"
		: "the condition holds, the rule does not fire", TEXT_ARGS(difference->origin));
	fprintf(out, "      event: '%.*s'\n", TEXT_ARGS(difference->event));
	print_lines(out, difference->predicates, "      ");
	fputs("      as the target sees it:\n", out);
	print_lines(out, difference->sight, "        ");
}

static void print_row(FILE *out, const struct row_trial *row)
{
	const struct claim *claim = row->claim;
	fprintf(out, "  %.*s, %.*s: %.*s%s, %s\n", TEXT_ARGS(claim->detection->name), TEXT_ARGS(claim->condition->name),
		TEXT_ARGS(claim->action), claim->derived ? ", derived" : "", fidelity_name(claim->fidelity));
	fprintf(out, "    rule %.*s%s%.*s: both %llu, rule only %llu, condition only %llu, of %llu\n",
		TEXT_ARGS(claim->rule), claim->group.length ? " in " : "", TEXT_ARGS(claim->group), (unsigned long long)row->both,
		(unsigned long long)row->rule_only, (unsigned long long)row->condition_only, (unsigned long long)row->events);
	for (size_t i = 0; i < claim->reasons.count; i++)
		fprintf(out, "    because %.*s\n", TEXT_ARGS(claim->reasons.items[i]));
}

static void print_sums(const struct trial *trial, FILE *out)
{
	struct sum sums[FIDELITIES] = {{0}};
	for (size_t i = 0; i < trial->claims.count; i++)
		add(&sums[trial->rows[i].claim->fidelity], &trial->rows[i]);
	fprintf(out, "  %-12s %5s %9s %9s %10s %15s %6s\n", "claim", "rows", "judged", "both", "rule only", "condition only",
		"wrong");
	for (int i = 0; i < FIDELITIES; i++)
		if (sums[i].rows > 0)
			fprintf(out, "  %-12s %5zu %9llu %9llu %10llu %15llu %6zu\n", fidelity_name((enum fidelity)i), sums[i].rows,
				(unsigned long long)sums[i].events, (unsigned long long)sums[i].both, (unsigned long long)sums[i].rule_only,
				(unsigned long long)sums[i].condition_only, sums[i].wrong);
}

void trial_print(const struct trial *trial, bool all, FILE *out)
{
	fprintf(out, "%s, %s: %zu rules, %zu rows, %llu events seen\n", trial->target->name, packs_name(trial->organization),
		trial->claims.rules, trial->claims.count, (unsigned long long)trial->events);
	print_sums(trial, out);
	for (size_t i = 0; i < trial->claims.count; i++) {
		const struct row_trial *row = &trial->rows[i];
		bool wrong = row_wrong(row);
		if (!wrong && (!all || row->events == 0))
			continue;
		if (wrong)
			fprintf(out, "WRONG CLAIM: %s\n", row_fault(row));
		print_row(out, row);
		for (size_t k = 0; k < row->difference_count; k++)
			if (all || row->differences[k].wrong)
				print_difference(out, &row->differences[k]);
	}
}

/* --- JSON --- */

static json_t *json_text(struct text text)
{
	json_t *json = json_stringn(text.data != NULL ? text.data : "", text.length);
	return json != NULL ? json : json_string("(not UTF-8)");
}

static json_t *json_difference(const struct difference *difference)
{
	return json_pack("{s:s, s:b, s:o, s:o, s:o, s:o}", "differs", difference->rule_only ? "rule only" : "condition only", "wrong",
		difference->wrong, "origin", json_text(difference->origin), "event", json_text(difference->event), "predicates",
		json_text(difference->predicates), "sight", json_text(difference->sight));
}

static json_t *json_row(const struct row_trial *row)
{
	const struct claim *claim = row->claim;
	json_t *reasons = json_array(), *differences = json_array();
	for (size_t i = 0; i < claim->reasons.count; i++)
		json_array_append_new(reasons, json_text(claim->reasons.items[i]));
	for (size_t i = 0; i < row->difference_count; i++)
		json_array_append_new(differences, json_difference(&row->differences[i]));
	json_t *json = json_pack("{s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "detection",
		json_text(claim->detection->name), "condition", json_text(claim->condition->name), "action", json_text(claim->action),
		"source", claim->derived ? "derived" : "native", "fidelity", fidelity_name(claim->fidelity), "events_of",
		json_text(claim->group), "rule", json_text(claim->rule), "events", (json_int_t)row->events, "agree",
		(json_int_t)(row->events - row->rule_only - row->condition_only), "both", (json_int_t)row->both, "rule_only",
		(json_int_t)row->rule_only, "condition_only", (json_int_t)row->condition_only, "reasons", reasons, "differences",
		differences);
	if (row_fault(row) != NULL)
		json_object_set_new(json, "fault", json_string(row_fault(row)));
	return json;
}

static json_t *json_trial(const struct trial *trial)
{
	struct sum sum = total(trial);
	json_t *wrong = json_array(), *rows = json_array();
	for (size_t i = 0; i < trial->claims.count; i++) {
		json_t *row = json_row(&trial->rows[i]);
		if (row_wrong(&trial->rows[i]))
			json_array_append(wrong, row);
		json_array_append_new(rows, row);
	}
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:o}", "target", trial->target->name, "organization",
		packs_name(trial->organization), "rules", (json_int_t)trial->claims.rules, "events", (json_int_t)trial->events, "agree",
		(json_int_t)(sum.events - sum.rule_only - sum.condition_only), "both", (json_int_t)sum.both, "rule_only",
		(json_int_t)sum.rule_only, "condition_only", (json_int_t)sum.condition_only, "wrong_claims", wrong, "rows", rows);
}

void trials_json(struct trial *const *trials, size_t count, FILE *out)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_trial(trials[i]));
	json_dumpf(count == 1 ? json_array_get(list, 0) : list, out, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(list);
}
