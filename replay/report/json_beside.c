/* json_beside: see json_beside.h. */
#include "replay/report/json_beside.h"
#include "replay/report/show.h"

static void pair_name(struct json_write *json, const char *key, const struct detection *detection)
{
	jsonw_key(json, key);
	if (detection)
		jsonw_text(json, detection->name);
	else
		jsonw_null(json);
}

void json_organization(struct json_write *json, const struct organization *organization)
{
	jsonw_key(json, "organization");
	if (organization)
		jsonw_text(json, organization->name);
	else
		jsonw_null(json);
}

void json_rate(struct json_write *json, const char *key, const struct rate *rate)
{
	jsonw_key(json, key);
	jsonw_open_flat(json, '{');
	jsonw_pair_double(json, "value", rate->value);
	jsonw_pair_double(json, "low", rate->low);
	jsonw_pair_double(json, "high", rate->high);
	jsonw_pair_unsigned(json, "numerator", rate->numerator);
	jsonw_pair_unsigned(json, "denominator", rate->denominator);
	jsonw_close(json, '}');
}

static void pair_place(struct json_write *json, const struct place *place)
{
	jsonw_pair_string(json, "file", place->file);
	jsonw_pair_unsigned(json, "line", place->line);
	jsonw_pair_unsigned(json, "column", place->column);
}

/* Gates */

static void write_gate(struct json_write *json, const struct gate_result *gate)
{
	jsonw_open_flat(json, '{');
	jsonw_pair_string(json, "gate", gate->gate);
	jsonw_pair_string(json, "outcome", gate_outcome_name(gate->outcome));
	jsonw_pair_bool(json, "tolerated", gate->tolerated);
	jsonw_pair_bool(json, "notice", gate->notice);
	jsonw_pair_bool(json, "reference_baseline", gate->reference_baseline);
	json_organization(json, gate->organization);
	pair_name(json, "detection", gate->detection);
	jsonw_pair_double(json, "observed", gate->observed);
	jsonw_pair_double(json, "bound", gate->bound);
	jsonw_pair_string(json, "message", gate->message);
	jsonw_pair_string(json, "event", gate->event);
	pair_place(json, &gate->place);
	jsonw_close(json, '}');
}

void json_gates(struct json_write *json, const struct gate_results *gates)
{
	if (!gates) {
		jsonw_null(json);
		return;
	}
	jsonw_open(json, '{');
	jsonw_pair_unsigned(json, "failed", gates->failed);
	jsonw_pair_unsigned(json, "undecided", gates->undecided);
	jsonw_pair_open(json, "results", '[');
	for (size_t i = 0; i < gates->count; i++)
		write_gate(json, &gates->items[i]);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

/* Comparisons */

static void pair_lines(struct json_write *json, const struct texts *lines)
{
	jsonw_pair_open(json, "lines", '[');
	for (size_t i = 0; i < lines->count; i++)
		jsonw_text(json, lines->items[i]);
	jsonw_close(json, ']');
}

static void write_detections(struct json_write *json, const struct comparison *comparison)
{
	static const char *const kinds[] = {[CHANGE_ADDED] = "added", [CHANGE_REMOVED] = "removed", [CHANGE_RENAMED] = "renamed",
		[CHANGE_CONDITIONS] = "conditions", [CHANGE_EXCEPTIONS] = "exceptions", [CHANGE_METADATA] = "metadata"};
	jsonw_pair_open(json, "detections", '[');
	for (size_t i = 0; i < comparison->detection_count; i++) {
		const struct detection_change *change = &comparison->detections[i];
		jsonw_open(json, '{');
		jsonw_pair(json, "id", (change->after ? change->after : change->before)->id);
		jsonw_pair_string(json, "change", kinds[change->kind]);
		pair_name(json, "before", change->before);
		pair_name(json, "after", change->after);
		pair_lines(json, &change->lines);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
	jsonw_pair_open(json, "baselines", '[');
	for (size_t i = 0; i < comparison->baseline_count; i++) {
		const struct baseline_change *change = &comparison->baselines[i];
		jsonw_open(json, '{');
		json_organization(json, change->after ? change->after : change->before);
		jsonw_pair_string(json, "change", !change->before ? "added" : !change->after ? "removed" : "changed");
		pair_lines(json, &change->lines);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

static void write_episodes(struct json_write *json, const struct comparison *comparison)
{
	jsonw_pair_open(json, "episodes", '[');
	for (size_t i = 0; i < comparison->episode_count; i++) {
		const struct episode_change *change = &comparison->episodes[i];
		const struct episode_result *episode = change->after ? change->after : change->before;
		jsonw_open_flat(json, '{');
		jsonw_pair_string(json, "change", change->gained ? "gained" : "lost");
		json_organization(json, change->organization);
		pair_name(json, "detection", change->detection);
		jsonw_pair(json, "dataset", episode->dataset->name);
		jsonw_pair(json, "episode", episode->episode->name);
		jsonw_pair_string(json, "label", label_name(episode->label));
		jsonw_pair_string(json, "cause", change->cause);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

static void write_alerts(struct json_write *json, const struct comparison *comparison)
{
	jsonw_pair_open(json, "alerts", '[');
	for (size_t i = 0; i < comparison->alert_count; i++) {
		const struct alert_change *change = &comparison->alerts[i];
		const struct alert *alert = change->alert;
		struct arena arena = {0};
		jsonw_open_flat(json, '{');
		jsonw_pair_string(json, "change", change->gained ? "gained" : "lost");
		json_organization(json, alert->organization);
		pair_name(json, "detection", alert->detection);
		jsonw_pair_string(json, "label", label_name(alert->label));
		jsonw_pair_string(json, "outcome", outcome_name(alert->outcome));
		jsonw_pair(json, "dataset", alert->dataset->name);
		jsonw_key(json, "episode");
		if (alert->episode)
			jsonw_text(json, alert->episode->name);
		else
			jsonw_null(json);
		jsonw_pair_string(json, "file", alert->file);
		jsonw_pair_unsigned(json, "line", alert->line);
		jsonw_pair_string(json, "time", alert->time == INT64_MIN ? NULL : show_time(&arena, alert->time));
		jsonw_pair_string(json, "cause", change->cause);
		jsonw_close(json, '}');
		arena_free(&arena);
	}
	jsonw_close(json, ']');
}

static void pair_paired(struct json_write *json, const char *key, const struct paired *paired)
{
	jsonw_key(json, key);
	jsonw_open_flat(json, '{');
	jsonw_pair_unsigned(json, "both", paired->both);
	jsonw_pair_unsigned(json, "before_only", paired->first);
	jsonw_pair_unsigned(json, "after_only", paired->second);
	jsonw_pair_unsigned(json, "neither", paired->neither);
	jsonw_pair_double(json, "p", paired->p);
	jsonw_close(json, '}');
}

static void pair_measure(struct json_write *json, const char *key, const struct measure *measure)
{
	jsonw_key(json, key);
	if (!measure) {
		jsonw_null(json);
		return;
	}
	jsonw_open_flat(json, '{');
	jsonw_pair_unsigned(json, "tp", measure->alerts[OUTCOME_TP]);
	jsonw_pair_unsigned(json, "btp", measure->alerts[OUTCOME_BTP]);
	jsonw_pair_unsigned(json, "fp", measure->alerts[OUTCOME_FP]);
	jsonw_pair_unsigned(json, "fn", measure->fn);
	json_rate(json, "recall", &measure->recall);
	json_rate(json, "false_positive_rate", &measure->false_positive_rate);
	json_rate(json, "precision", &measure->precision);
	jsonw_close(json, '}');
}

static void write_rates(struct json_write *json, const struct comparison *comparison)
{
	jsonw_pair_open(json, "results", '[');
	for (size_t i = 0; i < comparison->rate_count; i++) {
		const struct rate_change *change = &comparison->rates[i];
		jsonw_open(json, '{');
		json_organization(json, change->organization);
		pair_name(json, "detection", (change->after ? change->after : change->before)->detection);
		pair_measure(json, "before", change->before);
		pair_measure(json, "after", change->after);
		pair_paired(json, "episodes", &change->episodes);
		pair_paired(json, "groups", &change->groups);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
	jsonw_pair_open(json, "totals", '[');
	for (size_t i = 0; i < comparison->total_count; i++) {
		const struct total_change *change = &comparison->totals[i];
		jsonw_open(json, '{');
		json_organization(json, change->organization);
		pair_paired(json, "episodes", &change->episodes);
		pair_paired(json, "groups", &change->groups);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

void json_comparison(struct json_write *json, const struct comparison *comparison)
{
	if (!comparison) {
		jsonw_null(json);
		return;
	}
	jsonw_open(json, '{');
	jsonw_pair_bool(json, "same", comparison->same);
	write_detections(json, comparison);
	write_episodes(json, comparison);
	write_alerts(json, comparison);
	write_rates(json, comparison);
	jsonw_close(json, '}');
}

/* Proposals */

static void pair_episode(struct json_write *json, const struct episode *episode)
{
	jsonw_key(json, "episode");
	if (episode)
		jsonw_text(json, episode->name);
	else
		jsonw_null(json);
}

static void write_hidden(struct json_write *json, const struct hidden_event *hidden)
{
	jsonw_open_flat(json, '{');
	jsonw_pair(json, "detection", hidden->detection ? hidden->detection->name : TEXT(""));
	jsonw_pair(json, "dataset", hidden->dataset ? hidden->dataset->name : TEXT(""));
	pair_episode(json, hidden->episode);
	jsonw_pair_string(json, "file", hidden->file);
	jsonw_pair_unsigned(json, "line", hidden->line);
	jsonw_pair_string(json, "what", hidden->what);
	jsonw_pair_string(json, "mutation", hidden->mutation);
	jsonw_pair_bool(json, "malicious", hidden->malicious);
	jsonw_close(json, '}');
}

static void write_said(struct json_write *json, const struct said *said)
{
	jsonw_open_flat(json, '{');
	jsonw_pair_string(json, "target", said->target);
	jsonw_pair_string(json, "fidelity", said->fidelity);
	jsonw_pair_string(json, "reason", said->reason);
	jsonw_close(json, '}');
}

/* What it removes, here and in what was held out. */
static void write_removed(struct json_write *json, const struct proposal *proposal)
{
	jsonw_key(json, "removed");
	jsonw_open_flat(json, '{');
	jsonw_pair_unsigned(json, "fp", proposal->removed_alerts);
	jsonw_pair_unsigned(json, "fp_groups", proposal->removed_groups);
	jsonw_pair_unsigned(json, "btp", proposal->removed_benign);
	jsonw_pair_unsigned(json, "unknown", proposal->removed_unknown);
	jsonw_pair_unsigned(json, "tp", proposal->lost);
	jsonw_close(json, '}');
	jsonw_pair_bool(json, "bare", proposal->bare);
	jsonw_key(json, "held_out");
	jsonw_open_flat(json, '{');
	jsonw_pair_unsigned(json, "removed", proposal->held_out_removed);
	jsonw_pair_unsigned(json, "all", proposal->held_out_all);
	jsonw_close(json, '}');
}

/* Whether it holds elsewhere, and what it would hide. */
static void write_safety(struct json_write *json, const struct proposal *proposal)
{
	jsonw_pair_string(json, "stability", stability_name(proposal->stability));
	jsonw_pair_unsigned(json, "stability_units", proposal->stability_units);
	jsonw_pair_string(json, "stability_note", proposal->stability_note);
	jsonw_pair_unsigned(json, "hidden_recorded", proposal->hidden_recorded);
	jsonw_pair_unsigned(json, "attacks", proposal->attacks);
	jsonw_pair_unsigned(json, "mutants", proposal->mutants);
	jsonw_pair_unsigned(json, "mutants_hidden", proposal->mutants_hidden);
	jsonw_key(json, "imitation_distance");
	if (proposal->imitation > 0)
		jsonw_signed(json, proposal->imitation);
	else
		jsonw_null(json);
	jsonw_pair_string(json, "imitation_note", proposal->imitation_note);
	jsonw_pair_open(json, "hidden", '[');
	for (size_t i = 0; i < proposal->hidden_count; i++)
		write_hidden(json, &proposal->hidden[i]);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "said", '[');
	for (size_t i = 0; i < proposal->said_count; i++)
		write_said(json, &proposal->said[i]);
	jsonw_close(json, ']');
}

void json_proposal(struct json_write *json, const struct proposal *proposal)
{
	jsonw_open(json, '{');
	json_organization(json, proposal->organization);
	jsonw_pair(json, "name", proposal->name);
	jsonw_key(json, "detections");
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < proposal->detection_count; i++)
		jsonw_text(json, proposal->detections[i]->name);
	jsonw_close(json, ']');
	jsonw_pair(json, "condition", proposal->condition);
	jsonw_pair(json, "reason", proposal->reason);
	jsonw_pair(json, "owner", proposal->owner);
	jsonw_pair(json, "expires", proposal->expires);
	write_removed(json, proposal);
	write_safety(json, proposal);
	jsonw_close(json, '}');
}

void json_proposals(struct json_write *json, const struct proposals *const *proposals, size_t count)
{
	jsonw_open(json, '[');
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < proposals[i]->count; k++)
			json_proposal(json, &proposals[i]->items[k]);
	jsonw_close(json, ']');
}
