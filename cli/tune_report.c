/* tune_report: see tune_report.h. */
#include "cli/tune_report.h"

#include "cli/tune_review.h"
#include "cli/tune_safety.h"
#include "replay/report/json_beside.h"
#include "replay/measure/json_write.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#define DAY 86400.0

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

/* --- for people --- */

static void print_daily(double daily, FILE *out)
{
	if (isnan(daily))
		fprintf(out, "%8s", "-");
	else
		fprintf(out, "%8.1f", daily);
}

static void print_tuned(const struct proposals *proposals, FILE *out)
{
	size_t quiet = 0;
	fprintf(out, "%-40s %15s  %-17s\n", "", "false alerts", "groups a day");
	fprintf(out, "%-40s %7s %7s %8s%8s\n", "detection", "now", "after", "now", "after");
	for (size_t i = 0; i < proposals->tuned_count; i++) {
		const struct tuned *tuned = &proposals->tuned[i];
		if (!tuned->noisy) {
			quiet++;
			continue;
		}
		fprintf(out, "%-40.*s %7" PRIu64 " %7" PRIu64 " ", TEXT_ARGS(tuned->detection->name), tuned->false_alerts,
			tuned->left_alerts);
		print_daily(tuned->daily, out);
		print_daily(tuned->left_daily, out);
		fputc('\n', out);
		if (tuned->left_alerts > 0 && tuned->note)
			fprintf(out, "    %s\n", tuned->note);
	}
	if (quiet > 0)
		fprintf(out, "%zu more detection%s false alerts within budget, left alone (--all looks at them, too)\n", quiet,
			quiet == 1 ? " has" : "s have");
}

static void print_proof(const struct proposal *proposal, FILE *out)
{
	fprintf(out, "  removes %" PRIu64 " false alert%s (%" PRIu64 " group%s), loses %" PRIu64 " true positives",
		proposal->removed_alerts,
		plural(proposal->removed_alerts), proposal->removed_groups, plural(proposal->removed_groups), proposal->lost);
	if (proposal->removed_benign > 0)
		fprintf(out, ", hides %" PRIu64 " risky", proposal->removed_benign);
	if (proposal->removed_unknown > 0)
		fprintf(out, ", hides %" PRIu64 " that nobody judged", proposal->removed_unknown);
	fputc('\n', out);
	tune_safety_table(proposal, out);
	if (proposal->bare)
		fprintf(out, "  careful: nothing narrower was found than this one clause\n");
}

static void print_proposal(const struct proposals *proposals, size_t index, FILE *out)
{
	const struct proposal *proposal = &proposals->items[index];
	fprintf(out, "\n%zu. %.*s\n", index + 1, TEXT_ARGS(proposal->name));
	fprintf(out, "  for");
	for (size_t i = 0; i < proposal->detection_count; i++)
		fprintf(out, "%s %.*s", i > 0 ? "," : "", TEXT_ARGS(proposal->detections[i]->name));
	fputc('\n', out);
	for (size_t i = 0; i < proposal->part_count; i++)
		fprintf(out, "    %s%.*s\n", i > 0 ? "and " : "", TEXT_ARGS(proposal->parts[i]));
	print_proof(proposal, out);
}

static uint64_t left_alerts(const struct proposals *proposals)
{
	uint64_t left = 0;
	for (size_t i = 0; i < proposals->tuned_count; i++)
		left += proposals->tuned[i].noisy ? proposals->tuned[i].left_alerts : 0;
	return left;
}

static const char *why_none(const struct proposals *proposals)
{
	const uint64_t left = left_alerts(proposals);
	uint64_t held_out = 0;
	for (size_t i = 0; i < proposals->tuned_count; i++)
		held_out += proposals->tuned[i].noisy ? proposals->tuned[i].held_out_left : 0;
	if (left == 0)
		return "every detection is within its budget";
	if (left == held_out)
		return "the false positives stand in held-out datasets, of which nothing is mined";
	return "nothing tells the false positives from what must stay visible";
}

void tune_report_table(const struct proposals *proposals, const char *next, FILE *out)
{
	struct text name = proposals->organization->name;
	if (proposals->tuned_count == 0) {
		fprintf(out, "%.*s has no false positives on these datasets: nothing to tune.\n", TEXT_ARGS(name));
		return;
	}
	fprintf(out, "%.*s", TEXT_ARGS(name));
	if (proposals->observed >= LEAST_OBSERVED)
		fprintf(out, ", %.1f days observed\n\n", proposals->observed / DAY);
	else
		fprintf(out, ", %.1f hours observed: too little for a daily figure, so all false positives are aimed at\n\n",
			proposals->observed / 3600);
	print_tuned(proposals, out);
	for (size_t i = 0; i < proposals->count; i++)
		print_proposal(proposals, i, out);
	if (proposals->overflow > 0)
		fprintf(out, "\n%" PRIu64 " alerts were of too many kinds to be looked at\n", proposals->overflow);
	if (proposals->count == 0) {
		fprintf(out, "\nNo exception is proposed: %s.\n", why_none(proposals));
		if (left_alerts(proposals) > 0)
			fprintf(out, "Look at them (mews replay --org %.*s --alerts): where an attack looks the same, narrow the detection,\n"
				     "record what tells them apart, or let the budget allow for them.\n",
				TEXT_ARGS(name));
	}
	if (proposals->count > 0)
		fprintf(out, "\n%zu exception%s proposed. %s\n", proposals->count, proposals->count == 1 ? " is" : "s are", next);
}

/* --- for the organization's file --- */

void tune_report_yaml(const struct proposals *proposals, FILE *out)
{
	struct buffer yaml = {0};
	buffer_string(&yaml, proposals->count > 0 ? "exceptions:\n" : "exceptions: []\n");
	for (size_t i = 0; i < proposals->count; i++)
		proposal_yaml(&proposals->items[i], 2, &yaml);
	fwrite(yaml.data, 1, yaml.length, out);
	buffer_free(&yaml);
}

/* --- for programs --- */

static void json_count(struct json_write *json, const char *key, uint64_t count)
{
	jsonw_key(json, key);
	jsonw_unsigned(json, count);
}

static void json_text(struct json_write *json, const char *key, struct text text)
{
	jsonw_key(json, key);
	jsonw_text(json, text);
}

static void json_tuned(struct json_write *json, const struct tuned *tuned)
{
	jsonw_open(json, '{');
	json_text(json, "detection", tuned->detection->name);
	jsonw_key(json, "noisy");
	jsonw_bool(json, tuned->noisy);
	json_count(json, "fp", tuned->false_alerts);
	json_count(json, "fp_after", tuned->left_alerts);
	json_count(json, "held_out", tuned->held_out_alerts);
	json_count(json, "held_out_after", tuned->held_out_left);
	json_count(json, "fp_groups", tuned->false_groups);
	json_count(json, "fp_groups_after", tuned->left_groups);
	jsonw_key(json, "groups_per_day");
	jsonw_double(json, tuned->daily);
	jsonw_key(json, "groups_per_day_after");
	jsonw_double(json, tuned->left_daily);
	jsonw_key(json, "budget");
	jsonw_double(json, tuned->budget < 0 ? (double)NAN : tuned->budget);
	jsonw_key(json, "note");
	jsonw_string(json, tuned->note);
	jsonw_close(json, '}');
}

void tune_report_json(const struct proposals *proposals, const struct review *review, FILE *out)
{
	struct buffer buffer = {0};
	struct json_write json;
	jsonw_begin(&json, &buffer);
	jsonw_open(&json, '{');
	json_text(&json, "organization", proposals->organization->name);
	jsonw_key(&json, "observed");
	jsonw_double(&json, proposals->observed);
	jsonw_key(&json, "detections");
	jsonw_open(&json, '[');
	for (size_t i = 0; i < proposals->tuned_count; i++)
		json_tuned(&json, &proposals->tuned[i]);
	jsonw_close(&json, ']');
	jsonw_key(&json, "proposals");
	jsonw_open(&json, '[');
	for (size_t i = 0; i < proposals->count; i++)
		json_proposal(&json, &proposals->items[i]);
	jsonw_close(&json, ']');
	json_count(&json, "overflow", proposals->overflow);
	if (review != NULL) {
		jsonw_key(&json, "review");
		tune_review_json(review, &json);
	}
	jsonw_close(&json, '}');
	fprintf(out, "%.*s\n", TEXT_ARGS(buffer_view(&buffer)));
	buffer_free(&buffer);
}
