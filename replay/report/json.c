/*
 * json: the report for programs (docs/report.schema.json describes it).
 *
 * `results` and `totals` are the headline's; the figures of the other uses stand under `parts`. Written a
 * piece at a time, so that a million alerts need no memory of their own here.
 */
#include "replay/measure/json_write.h"
#include "replay/report/formats.h"
#include "replay/report/json_beside.h"
#include "replay/report/show.h"

struct json_report {
	const struct results *results;
	struct json_write json;
	struct buffer buffer;
	FILE *out;
};

static void flush(struct json_report *report)
{
	fwrite(report->buffer.data, 1, report->buffer.length, report->out);
	buffer_clear(&report->buffer);
}

/* Datasets */

static void write_rejects(struct json_write *json, const struct ledger *ledger)
{
	jsonw_pair_open(json, "first_rejected", '[');
	for (size_t i = 0; i < ledger->first_count; i++) {
		jsonw_open_flat(json, '{');
		jsonw_pair(json, "file", text_of(ledger->first[i].file));
		jsonw_pair_unsigned(json, "line", ledger->first[i].line);
		jsonw_pair(json, "reason", text_of(ledger->first[i].reason));
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

static void write_kinds(struct json_write *json, const struct ledger *ledger)
{
	jsonw_key(json, "unmapped_kinds");
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < ledger->kind_count; i++) {
		jsonw_open_flat(json, '{');
		jsonw_pair(json, "kind", ledger->kinds[i].kind);
		jsonw_pair_unsigned(json, "events", ledger->kinds[i].count);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

static void write_account(struct json_write *json, const struct ledger *ledger)
{
	jsonw_pair_unsigned(json, "lines", ledger->lines);
	jsonw_pair_unsigned(json, "events", ledger->events);
	jsonw_pair_unsigned(json, "event_lines", ledger->event_lines);
	jsonw_pair_unsigned(json, "continued", ledger->continued);
	jsonw_pair_unsigned(json, "blank", ledger->blank);
	jsonw_pair_unsigned(json, "rejected", ledger->rejected);
	jsonw_pair_unsigned(json, "unmapped", ledger->unmapped);
	jsonw_pair_unsigned(json, "unfilled", ledger->unfilled);
}

static void write_files(struct json_write *json, const struct ledger *ledger)
{
	jsonw_pair_open(json, "files", '[');
	for (size_t i = 0; i < ledger->file_count; i++) {
		const struct ledger *file = &ledger->files[i];
		jsonw_open(json, '{');
		jsonw_pair(json, "file", text_of(file->file));
		jsonw_pair(json, "reader", text_of(file->reader));
		jsonw_key(json, "dialect");
		jsonw_string(json, file->dialect);
		write_account(json, file);
		write_rejects(json, file);
		write_kinds(json, file);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

static void write_dataset(struct json_write *json, const struct dataset_result *result)
{
	const struct ledger *ledger = &result->ledger;
	jsonw_open(json, '{');
	jsonw_pair(json, "name", result->dataset->name);
	jsonw_pair(json, "use", text_of(dataset_use_name(result->dataset->use)));
	write_account(json, ledger);
	jsonw_pair_double(json, "observed_seconds", result->observed);
	jsonw_pair_bool(json, "refused", result->refused);
	write_rejects(json, ledger);
	write_kinds(json, ledger);
	write_files(json, ledger);
	jsonw_close(json, '}');
}

static void write_skipped(struct json_write *json, const struct results *results)
{
	jsonw_pair_open(json, "skipped", '[');
	for (size_t i = 0; i < results->skipped_count; i++) {
		jsonw_open_flat(json, '{');
		jsonw_pair(json, "file", text_of(results->skipped[i].file));
		jsonw_pair(json, "reason", text_of(results->skipped[i].reason));
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

/* Figures */

static void write_counts(struct json_write *json, const uint64_t alerts[OUTCOME_COUNT],
	const uint64_t groups[OUTCOME_COUNT], uint64_t fn)
{
	jsonw_pair_unsigned(json, "tp", alerts[OUTCOME_TP]);
	jsonw_pair_unsigned(json, "btp", alerts[OUTCOME_BTP]);
	jsonw_pair_unsigned(json, "fp", alerts[OUTCOME_FP]);
	jsonw_pair_unsigned(json, "fn", fn);
	jsonw_pair_unsigned(json, "unattributed", alerts[OUTCOME_UNATTRIBUTED]);
	jsonw_pair_unsigned(json, "unknown", alerts[OUTCOME_UNKNOWN]);
	jsonw_pair_unsigned(json, "tp_groups", groups[OUTCOME_TP]);
	jsonw_pair_unsigned(json, "btp_groups", groups[OUTCOME_BTP]);
	jsonw_pair_unsigned(json, "fp_groups", groups[OUTCOME_FP]);
	jsonw_pair_unsigned(json, "unattributed_groups", groups[OUTCOME_UNATTRIBUTED]);
	jsonw_pair_unsigned(json, "unknown_groups", groups[OUTCOME_UNKNOWN]);
}

static void write_measure(struct json_write *json, const struct measure *measure, const char *target)
{
	jsonw_open(json, '{');
	json_organization(json, measure->organization);
	jsonw_pair(json, "detection", measure->detection->name);
	if (target != NULL) {
		jsonw_pair(json, "target", text_of(target));
		jsonw_pair_unsigned(json, "extra", measure->extra);
		jsonw_pair_unsigned(json, "missed", measure->missed);
	} else {
		jsonw_key(json, "target");
		jsonw_null(json);
	}
	jsonw_pair(json, "severity", text_of(severity_name(measure->severity)));
	jsonw_pair_bool(json, "disabled", measure->disabled);
	jsonw_pair_bool(json, "below_severity", measure->below);
	write_counts(json, measure->alerts, measure->groups, measure->fn);
	jsonw_pair_unsigned(json, "fn_without_baseline", measure->fn_without_baseline);
	jsonw_pair_unsigned(json, "matches", measure->matches);
	jsonw_pair_unsigned(json, "excepted", measure->excepted);
	jsonw_pair_unsigned(json, "predicates", measure->predicates);
	jsonw_pair_unsigned(json, "limited", measure->limited);
	jsonw_pair_unsigned(json, "benign_in_scope", measure->benign_in_scope);
	jsonw_pair_unsigned(json, "fp_events", measure->fp_events);
	json_rate(json, "recall", &measure->recall);
	json_rate(json, "recall_without_baseline", &measure->recall_without_baseline);
	json_rate(json, "risky_recall", &measure->risky_recall);
	json_rate(json, "false_positive_rate", &measure->false_positive_rate);
	json_rate(json, "precision", &measure->precision);
	jsonw_pair_double(json, "groups_per_day", measure->groups_per_day);
	jsonw_pair_double(json, "false_groups_per_day", measure->false_groups_per_day);
	jsonw_pair_double(json, "false_groups_per_recorded_hour", measure->false_groups_per_hour);
	jsonw_pair_double(json, "predictive_value", measure->predictive_value);
	jsonw_key(json, "budget");
	if (measure->budget < 0)
		jsonw_null(json);
	else
		jsonw_double(json, measure->budget);
	jsonw_pair(json, "reachability", text_of(reachability_name(measure->reachability)));
	jsonw_close(json, '}');
}

static void write_total(struct json_write *json, const struct total *total)
{
	jsonw_open(json, '{');
	json_organization(json, total->organization);
	jsonw_pair_unsigned(json, "datasets", total->datasets);
	jsonw_pair_double(json, "observed_seconds", total->observed);
	write_counts(json, total->alerts, total->groups, total->fn);
	jsonw_pair_unsigned(json, "excepted", total->excepted);
	jsonw_pair_unsigned(json, "benign_in_scope", total->benign_events);
	jsonw_pair_unsigned(json, "fp_events", total->fp_events);
	json_rate(json, "recall", &total->recall);
	json_rate(json, "recall_without_baseline", &total->recall_without_baseline);
	json_rate(json, "expected", &total->expected);
	json_rate(json, "precision", &total->precision);
	json_rate(json, "false_positive_rate", &total->false_positive_rate);
	jsonw_pair_double(json, "groups_per_day", total->groups_per_day);
	jsonw_pair_double(json, "false_groups_per_day", total->false_groups_per_day);
	jsonw_pair_double(json, "false_groups_per_recorded_hour", total->false_groups_per_hour);
	jsonw_close(json, '}');
}

static void write_part(struct json_report *report, enum part part)
{
	const struct results *results = report->results;
	jsonw_key(&report->json, "results");
	jsonw_open(&report->json, '[');
	for (size_t i = 0; i < results->measure_count; i++) {
		write_measure(&report->json, &results->parts[part].measures[i], results->target);
		flush(report);
	}
	jsonw_close(&report->json, ']');
	jsonw_key(&report->json, "totals");
	jsonw_open(&report->json, '[');
	for (size_t i = 0; i < results->total_count; i++)
		write_total(&report->json, &results->parts[part].totals[i]);
	jsonw_close(&report->json, ']');
}

/* Episodes, exceptions, alerts */

static void key_names(struct json_write *json, const char *key, const struct texts *names)
{
	jsonw_key(json, key);
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < names->count; i++)
		jsonw_text(json, names->items[i]);
	jsonw_close(json, ']');
}

static void write_missed(struct json_write *json, const struct episode_result *episode)
{
	jsonw_key(json, "missed");
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < episode->missed_count; i++) {
		const struct missed *missed = &episode->missed[i];
		jsonw_open_flat(json, '{');
		jsonw_pair(json, "detection", missed->detection->name);
		jsonw_pair(json, "cause", text_of(miss_cause_name(missed->cause)));
		jsonw_key(json, "known_gap");
		if (missed->gap.length)
			jsonw_text(json, missed->gap);
		else
			jsonw_null(json);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

static void write_episode(struct json_write *json, const struct episode_result *episode)
{
	jsonw_open(json, '{');
	json_organization(json, episode->organization);
	jsonw_pair(json, "dataset", episode->dataset->name);
	jsonw_pair(json, "use", text_of(episode->foreign ? "others" : dataset_use_name(episode->dataset->use)));
	jsonw_pair(json, "name", episode->episode->name);
	jsonw_pair(json, "label", text_of(label_name(episode->label)));
	jsonw_pair_unsigned(json, "events", episode->events);
	key_names(json, "expects", &episode->episode->expects);
	jsonw_key(json, "alerted");
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < episode->alerted_count; i++)
		jsonw_text(json, episode->alerted[i]->name);
	jsonw_close(json, ']');
	write_missed(json, episode);
	jsonw_close(json, '}');
}

static void write_exception(struct json_write *json, const struct exception_result *result)
{
	jsonw_open_flat(json, '{');
	json_organization(json, result->organization);
	jsonw_key(json, "detection");
	if (result->detection)
		jsonw_text(json, result->detection->name);
	else
		jsonw_null(json);
	jsonw_pair(json, "name", result->exception->name);
	jsonw_pair(json, "reason", result->exception->reason);
	jsonw_pair(json, "owner", result->exception->owner);
	jsonw_key(json, "expires");
	if (result->exception->expires.length)
		jsonw_text(json, result->exception->expires);
	else
		jsonw_null(json);
	jsonw_pair_bool(json, "expired", result->expired);
	jsonw_key(json, "removed");
	jsonw_open_flat(json, '{');
	for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		jsonw_pair_unsigned(json, outcome_name(outcome), result->removed[outcome]);
	jsonw_close(json, '}');
	jsonw_close(json, '}');
}

/* Of the clock, UTC. */
static void write_hour(struct json_write *json, const struct hour_result *hour)
{
	struct arena arena = {0};
	jsonw_open_flat(json, '{');
	json_organization(json, hour->organization);
	jsonw_pair_string(json, "hour", show_time(&arena, hour->hour * 3600 * INT64_C(1000000000)));
	for (enum outcome outcome = 0; outcome < OUTCOME_COUNT; outcome++)
		jsonw_pair_unsigned(json, outcome_name(outcome), hour->alerts[outcome]);
	jsonw_close(json, '}');
	arena_free(&arena);
}

static void write_fidelity(struct json_write *json, const struct fidelity_result *it)
{
	jsonw_open_flat(json, '{');
	json_organization(json, it->organization);
	jsonw_pair(json, "detection", it->detection->name);
	jsonw_pair(json, "condition", it->condition->name);
	jsonw_pair_string(json, "target", it->target);
	jsonw_pair_string(json, "fidelity", it->fidelity);
	jsonw_pair(json, "reason", it->reason);
	jsonw_close(json, '}');
}

static void write_alert(struct json_write *json, const struct alert *alert, struct arena *arena)
{
	json_organization(json, alert->organization);
	jsonw_pair(json, "detection", alert->detection->name);
	jsonw_pair(json, "condition", alert->conditions);
	jsonw_pair(json, "severity", text_of(severity_name(alert->severity)));
	jsonw_pair(json, "outcome", text_of(outcome_name(alert->outcome)));
	jsonw_pair(json, "label", text_of(label_name(alert->label)));
	jsonw_pair(json, "dataset", alert->dataset->name);
	jsonw_pair(json, "use", text_of(dataset_use_name(alert->dataset->use)));
	jsonw_key(json, "episode");
	if (alert->episode)
		jsonw_text(json, alert->episode->name);
	else
		jsonw_null(json);
	jsonw_key(json, "file");
	jsonw_string(json, alert->file);
	jsonw_pair_unsigned(json, "line", alert->line);
	jsonw_key(json, "time");
	jsonw_string(json, alert->time == INT64_MIN ? NULL : show_time(arena, alert->time));
	jsonw_pair(json, "entity", alert->entity);
	jsonw_pair(json, "fields", alert->fields);
	jsonw_key(json, "id");
	if (alert->id.length)
		jsonw_text(json, alert->id);
	else
		jsonw_null(json);
	jsonw_key(json, "event");
	if (alert->event.length)
		jsonw_raw(json, alert->event);
	else
		jsonw_null(json);
}

void report_json_alert(const struct alert *alert, FILE *out)
{
	struct arena arena = {0};
	struct buffer buffer = {0};
	struct json_write json;
	jsonw_begin(&json, &buffer);
	jsonw_open_flat(&json, '{');
	write_alert(&json, alert, &arena);
	jsonw_close(&json, '}');
	fwrite(buffer.data, 1, buffer.length, out);
	fputc('\n', out);
	buffer_free(&buffer);
	arena_free(&arena);
}

static void write_alerts(struct json_report *report)
{
	struct arena arena = {0};
	jsonw_key(&report->json, "alerts");
	jsonw_open(&report->json, '[');
	for (size_t i = 0; i < report->results->alert_count; i++) {
		jsonw_open(&report->json, '{');
		write_alert(&report->json, &report->results->alerts[i], &arena);
		jsonw_close(&report->json, '}');
		arena_reset(&arena);
		flush(report);
	}
	jsonw_close(&report->json, ']');
	arena_free(&arena);
}

/* The whole */

static void write_head(struct json_report *report)
{
	const struct results *results = report->results;
	struct json_write *json = &report->json;
	jsonw_key(json, "run");
	if (results->run)
		jsonw_signed(json, results->run);
	else
		jsonw_null(json);
	jsonw_pair(json, "revision", text_of(results->catalog->revision));
	jsonw_pair(json, "corpus", text_of(results->corpus_hash));
	jsonw_pair(json, "as_of", results->as_of);
	jsonw_pair_string(json, "target", results->target);
	jsonw_pair(json, "use", text_of(part_name(results->headline)));
	jsonw_pair_unsigned(json, "events", results->events);
	jsonw_pair_unsigned(json, "bytes", results->bytes);
	jsonw_pair_open(json, "datasets", '[');
	for (size_t i = 0; i < results->dataset_count; i++)
		write_dataset(json, &results->datasets[i]);
	jsonw_close(json, ']');
	write_skipped(json, results);
}

static void write_parts(struct json_report *report)
{
	struct json_write *json = &report->json;
	jsonw_pair_open(json, "parts", '{');
	for (enum part part = 0; part < PART_COUNT; part++) {
		bool told = part == report->results->headline || !report->results->part_datasets[part];
		/* Without hold-out datasets, `all` and `develop` are the same figures. */
		if (told || (part == PART_DEVELOP && report->results->headline == PART_ALL))
			continue;
		jsonw_key(json, part_name(part));
		jsonw_open(json, '{');
		write_part(report, part);
		jsonw_close(json, '}');
	}
	jsonw_close(json, '}');
}

static void write_lists(struct json_report *report)
{
	const struct results *results = report->results;
	struct json_write *json = &report->json;
	jsonw_pair_open(json, "episodes", '[');
	for (size_t i = 0; i < results->episode_count; i++) {
		write_episode(json, &results->episodes[i]);
		flush(report);
	}
	jsonw_close(json, ']');
	jsonw_pair_open(json, "exceptions", '[');
	for (size_t i = 0; i < results->exception_count; i++)
		write_exception(json, &results->exceptions[i]);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "hours", '[');
	for (size_t i = 0; i < results->hour_count; i++)
		write_hour(json, &results->hours[i]);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "fidelity", '[');
	for (size_t i = 0; i < results->fidelity_count; i++) {
		write_fidelity(json, &results->fidelity[i]);
		flush(report);
	}
	jsonw_close(json, ']');
}

static void write_beside(struct json_report *report, const struct report_beside *beside)
{
	struct json_write *json = &report->json;
	jsonw_pair_string(json, "reference", beside->reference);
	jsonw_key(json, "gates");
	json_gates(json, beside->gates);
	jsonw_key(json, "comparison");
	json_comparison(json, beside->comparison);
	jsonw_key(json, "proposals");
	json_proposals(json, beside->proposals, beside->proposal_count);
}

int report_json(const struct results *results, const struct report_options *options, FILE *out)
{
	struct json_report report = {.results = results, .out = out};
	jsonw_begin(&report.json, &report.buffer);
	jsonw_open(&report.json, '{');
	write_head(&report);
	write_part(&report, results->headline);
	write_parts(&report);
	write_lists(&report);
	write_beside(&report, &options->beside);
	if (options->alerts)
		write_alerts(&report);
	jsonw_close(&report.json, '}');
	buffer_char(&report.buffer, '\n');
	flush(&report);
	buffer_free(&report.buffer);
	return ferror(out) ? -1 : 0;
}
