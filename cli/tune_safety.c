/* tune_safety: what makes a proposal safe, for people and programs (see tune_safety.h). */
#include "cli/tune_safety.h"

#include <inttypes.h>
#include <string.h>

/* --- for people --- */

static void print_event(const struct hidden_event *hidden, FILE *out)
{
	fprintf(out, "    %s:%" PRIu64 " %.*s", hidden->file ? hidden->file : "-", hidden->line, TEXT_ARGS(hidden->detection->name));
	if (hidden->episode)
		fprintf(out, ", episode %.*s", TEXT_ARGS(hidden->episode->name));
	if (hidden->mutation)
		fprintf(out, "\n      %s\n", hidden->mutation);
	else
		fprintf(out, ": %s\n", hidden->what);
}

static void print_blind_spot(const struct proposal *proposal, FILE *out)
{
	size_t at = 0;
	if (proposal->hidden_recorded > 0)
		fprintf(out, "  hides %" PRIu64 " recorded event%s that %s no false positive%s:\n", proposal->hidden_recorded,
			proposal->hidden_recorded == 1 ? "" : "s", proposal->hidden_recorded == 1 ? "is" : "are",
			proposal->hidden_recorded == 1 ? "" : "s");
	for (; at < proposal->hidden_count && !proposal->hidden[at].mutation; at++)
		print_event(&proposal->hidden[at], out);
	if (proposal->imitation_note)
		fprintf(out, "  blind spot: %s\n", proposal->imitation_note);
	if (proposal->mutants > 0)
		fprintf(out, "    tried on %" PRIu64 " recorded attack event%s: %" PRIu64 " of %" PRIu64 " imitations are hidden%s\n",
			proposal->attacks, proposal->attacks == 1 ? "" : "s", proposal->mutants_hidden, proposal->mutants,
			at < proposal->hidden_count ? ", as" : "");
	for (; at < proposal->hidden_count; at++)
		print_event(&proposal->hidden[at], out);
}

static bool same_reason(const struct said *a, const struct said *b)
{
	return strcmp(a->fidelity, b->fidelity) == 0 && !a->reason == !b->reason && (!a->reason || strcmp(a->reason, b->reason) == 0);
}

/* Targets that say it alike in one line. */
static void print_said(const struct proposal *proposal, FILE *out)
{
	for (size_t i = 0; i < proposal->said_count; i++) {
		bool told = false;
		for (size_t k = 0; k < i; k++)
			told = told || same_reason(&proposal->said[k], &proposal->said[i]);
		if (told)
			continue;
		fprintf(out, "  %s: %s", proposal->said[i].fidelity, proposal->said[i].target);
		for (size_t k = i + 1; k < proposal->said_count; k++)
			if (same_reason(&proposal->said[k], &proposal->said[i]))
				fprintf(out, ", %s", proposal->said[k].target);
		fprintf(out, "%s%s%s\n", proposal->said[i].reason ? " (" : "", proposal->said[i].reason ? proposal->said[i].reason : "",
			proposal->said[i].reason ? ")" : "");
	}
}

void tune_safety_table(const struct proposal *proposal, FILE *out)
{
	bool known = proposal->stability != STABILITY_UNKNOWN;
	if (proposal->stability_note)
		fprintf(out, "  %s: %s\n", known ? stability_name(proposal->stability) : "stability unknown", proposal->stability_note);
	print_blind_spot(proposal, out);
	print_said(proposal, out);
}

/* --- for programs --- */

static void json_event(struct json_write *json, const struct hidden_event *hidden)
{
	jsonw_open(json, '{');
	jsonw_pair(json, "detection", hidden->detection->name);
	jsonw_pair(json, "dataset", hidden->dataset ? hidden->dataset->name : TEXT(""));
	jsonw_pair(json, "episode", hidden->episode ? hidden->episode->name : TEXT(""));
	jsonw_pair_string(json, "file", hidden->file);
	jsonw_pair_unsigned(json, "line", hidden->line);
	jsonw_pair_string(json, "what", hidden->what);
	jsonw_pair_string(json, "mutation", hidden->mutation);
	jsonw_pair_bool(json, "malicious", hidden->malicious);
	jsonw_close(json, '}');
}

static void json_said(struct json_write *json, const struct said *said)
{
	jsonw_open_flat(json, '{');
	jsonw_pair_string(json, "target", said->target);
	jsonw_pair_string(json, "fidelity", said->fidelity);
	jsonw_pair_string(json, "reason", said->reason);
	jsonw_close(json, '}');
}

void tune_safety_json(const struct proposal *proposal, struct json_write *json)
{
	jsonw_key(json, "held_out");
	jsonw_open_flat(json, '{');
	jsonw_pair_unsigned(json, "removed", proposal->held_out_removed);
	jsonw_pair_unsigned(json, "all", proposal->held_out_all);
	jsonw_close(json, '}');
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
	jsonw_key(json, "hidden");
	jsonw_open(json, '[');
	for (size_t i = 0; i < proposal->hidden_count; i++)
		json_event(json, &proposal->hidden[i]);
	jsonw_close(json, ']');
	jsonw_key(json, "said");
	jsonw_open(json, '[');
	for (size_t i = 0; i < proposal->said_count; i++)
		json_said(json, &proposal->said[i]);
	jsonw_close(json, ']');
}
