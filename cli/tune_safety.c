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
