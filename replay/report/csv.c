/*
 * csv: one line for each organization and detection, of the headline; with `alerts`, one for each alert.
 *
 * RFC 4180, with lines that end in a line feed alone. A spreadsheet takes a cell that begins with = + - @ (or a tab or a
 * return before them) for a formula, and logs hold what attackers wrote: such a text gets an apostrophe in front.
 */
#include "replay/report/formats.h"
#include "replay/report/show.h"

#include <math.h>
#include <string.h>

static bool is_formula(struct text text)
{
	return text.length && text.data[0] && strchr("=+-@\t\r", text.data[0]);
}

static void field(FILE *out, struct text text, bool first)
{
	bool quote = false;
	for (size_t i = 0; i < text.length; i++)
		quote = quote || text.data[i] == '"' || text.data[i] == ',' || text.data[i] == '\n' || text.data[i] == '\r';
	if (!first)
		fputc(',', out);
	if (quote)
		fputc('"', out);
	if (is_formula(text))
		fputc('\'', out);
	for (size_t i = 0, step; i < text.length; i += step) {
		step = utf8_step(text.data + i, text.length - i);
		if (text.data[i] == '"')
			fputc('"', out);
		/* Neither NUL nor broken UTF-8 passes through all readers. */
		if (!text.data[i] || (step == 1 && (unsigned char)text.data[i] >= 0x80))
			fputs("\xef\xbf\xbd", out);
		else
			fwrite(text.data + i, 1, step, out);
	}
	if (quote)
		fputc('"', out);
}

static void count(FILE *out, uint64_t number)
{
	fprintf(out, ",%llu", (unsigned long long)number);
}

static void real(FILE *out, double number)
{
	if (isnan(number))
		fputc(',', out);
	else
		fprintf(out, ",%.9g", number);
}

static void rate(FILE *out, const struct rate *value)
{
	real(out, value->value);
	real(out, value->low);
	real(out, value->high);
	count(out, value->numerator);
	count(out, value->denominator);
}

#define RATE(name) "," name "," name "_low," name "_high," name "_numerator," name "_denominator"
static const char head[] = "organization,detection,use,severity,disabled,below_severity,tp,btp,fp,fn,unattributed,unknown,"
	"tp_groups,btp_groups,fp_groups,excepted,fn_without_baseline,benign_in_scope,fp_events"
	RATE("recall") RATE("recall_without_baseline") RATE("risky_recall") RATE("false_positive_rate") RATE("precision")
	",groups_per_day,false_groups_per_day,predictive_value,reachability,target,extra,missed,budget,matches,predicates,limited\n";

static void write_measure(FILE *out, const struct results *results, const struct measure *measure)
{
	const uint64_t counts[] = {measure->disabled, measure->below, measure->alerts[OUTCOME_TP],
		measure->alerts[OUTCOME_BTP], measure->alerts[OUTCOME_FP], measure->fn,
		measure->alerts[OUTCOME_UNATTRIBUTED], measure->alerts[OUTCOME_UNKNOWN], measure->groups[OUTCOME_TP],
		measure->groups[OUTCOME_BTP], measure->groups[OUTCOME_FP], measure->excepted,
		measure->fn_without_baseline, measure->benign_in_scope, measure->fp_events};
	field(out, measure->organization ? measure->organization->name : TEXT(""), true);
	field(out, measure->detection->name, false);
	field(out, text_of(part_name(results->headline)), false);
	field(out, text_of(severity_name(measure->severity)), false);
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		count(out, counts[i]);
	rate(out, &measure->recall);
	rate(out, &measure->recall_without_baseline);
	rate(out, &measure->risky_recall);
	rate(out, &measure->false_positive_rate);
	rate(out, &measure->precision);
	real(out, measure->groups_per_day);
	real(out, measure->false_groups_per_day);
	real(out, measure->predictive_value);
	field(out, text_of(reachability_name(measure->reachability)), false);
	field(out, text_of(results->target), false);
	count(out, measure->extra);
	count(out, measure->missed);
	real(out, measure->budget < 0 ? NAN : measure->budget);
	count(out, measure->matches);
	count(out, measure->predicates);
	count(out, measure->limited);
	fputc('\n', out);
}

static void write_alerts(FILE *out, const struct results *results)
{
	struct arena arena = {0};
	fputs("organization,detection,condition,severity,outcome,label,dataset,episode,file,line,time,entity,event,fields,id\n", out);
	for (size_t i = 0; i < results->alert_count; i++) {
		const struct alert *alert = &results->alerts[i];
		field(out, alert->organization ? alert->organization->name : TEXT(""), true);
		field(out, alert->detection->name, false);
		field(out, alert->conditions, false);
		field(out, text_of(severity_name(alert->severity)), false);
		field(out, text_of(outcome_name(alert->outcome)), false);
		field(out, text_of(label_name(alert->label)), false);
		field(out, alert->dataset->name, false);
		field(out, alert->episode ? alert->episode->name : TEXT(""), false);
		field(out, text_of(alert->file), false);
		count(out, alert->line);
		field(out, alert->time == INT64_MIN ? TEXT("") : text_of(show_time(&arena, alert->time)), false);
		field(out, alert->entity, false);
		field(out, alert->event, false);
		field(out, alert->fields, false);
		field(out, alert->id, false);
		fputc('\n', out);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

int report_csv(const struct results *results, const struct report_options *options, FILE *out)
{
	if (options->alerts) {
		write_alerts(out, results);
		return ferror(out) ? -1 : 0;
	}
	fputs(head, out);
	for (size_t i = 0; i < results->measure_count; i++)
		write_measure(out, results, &results->measures[i]);
	return ferror(out) ? -1 : 0;
}
