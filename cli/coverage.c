/* coverage: see coverage.h. */
#include "cli/coverage.h"

#include "cli/reporting.h"
#include "replay/report/grid.h"
#include "replay/report/json_beside.h"
#include "replay/report/markdown_text.h"
#include "replay/report/show.h"
#include "replay/runs/runs.h"

#include <string.h>
#include <unistd.h>

enum { STATES = COVERAGE_OFF + 1 };
static const char missed[] = "missed";

/* In the order in which rows stand. */
static const struct {
	const char *name, *means;
} states[STATES] = {
	{missed, "a recorded attack or bad practice expects it, and no organization had the alert"},
	{"blind", "neither an episode nor a benign event reaches it: nothing is known"},
	{"untested", "no episode expects it; benign events could have shown a false positive"},
	{"thin", "episodes expect it; of what it costs little is known"},
	{"brief", "episodes expect it, and benign events came near; fewer hours than its budget asks for"},
	{"measured", "episodes expect it, and benign events came near enough to show a false positive"},
};

static const char *state_name(const struct proof *proof)
{
	return proof_misses(proof) ? missed : coverage_state_name(proof->state);
}

const char *coverage_no_state(const char *state)
{
	for (size_t i = 0; i < STATES; i++)
		if (strcmp(states[i].name, state) == 0)
			return NULL;
	return "missed, blind, untested, thin, brief or measured";
}

static bool wanted(const struct coverage_request *request, const struct proof *proof)
{
	bool fits = request->technique == NULL;
	if (request->surface != NULL && !text_is(proof->detection->surface, request->surface))
		return false;
	if (request->state != NULL && strcmp(state_name(proof), request->state) != 0)
		return false;
	for (size_t i = 0; !fits && i < proof->detection->techniques.count; i++)
		fits = technique_within(proof->detection->techniques.items[i], text_of(request->technique));
	return fits;
}

static const char *at(struct arena *arena, const struct proof_measure *it)
{
	if (it == NULL)
		return show_nothing;
	const struct text name = show_organization(it->measure->organization);
	return arena_strndup(arena, name.data, name.length);
}

static const char *or_nothing(const char *text)
{
	return text[0] != '\0' ? text : show_nothing;
}

/* The cells of a row, the same in a terminal and in Markdown. */
static const struct {
	const char *head;
	bool left;
	unsigned char rank;
} columns[] = {{"detection", true, 0}, {"severity", true, 4}, {"state", true, 0}, {"recall", false, 0}, {"95 %", false, 3},
	{"FP rate", false, 0}, {"95 %", false, 3}, {"worst in", true, 5}, {"shown by", true, 1}, {"not yet", true, 2}};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void cells_of(struct arena *arena, const struct proof *proof, const char **cells)
{
	static const struct rate nothing;
	const struct rate *recall = proof->recall != NULL ? &proof->recall->tested : &nothing;
	const struct rate *rate = proof->rate != NULL ? &proof->rate->measure->false_positive_rate : &nothing;
	const bool costs = proof->rate != NULL && rate->numerator > 0;
	cells[0] = arena_strndup(arena, proof->detection->name.data, proof->detection->name.length);
	cells[1] = severity_name(proof->detection->severity);
	cells[2] = state_name(proof);
	cells[3] = show_fraction(arena, recall);
	cells[4] = show_interval(arena, recall);
	cells[5] = show_fraction(arena, rate);
	cells[6] = show_interval(arena, rate);
	cells[7] = proof->off ? "(off)" : at(arena, costs ? proof->rate : proof->recall);
	cells[8] = or_nothing(proof_evidence_names(arena, proof, true));
	cells[9] = or_nothing(proof_evidence_names(arena, proof, false));
}

struct counts {
	size_t shown, of[STATES];
};

static struct counts count(const struct proofs *proofs, const struct coverage_request *request)
{
	struct counts counts = {0};
	for (size_t i = 0; i < proofs->count; i++)
		for (size_t k = 0; wanted(request, &proofs->items[i]) && k < STATES; k++)
			if (strcmp(states[k].name, state_name(&proofs->items[i])) == 0) {
				counts.shown++;
				counts.of[k]++;
			}
	return counts;
}

static void print_counts(const struct counts *counts, const char *mark, FILE *out)
{
	fprintf(out, "%zu detection%s\n", counts->shown, counts->shown == 1 ? "" : "s");
	for (size_t i = 0; i < STATES; i++)
		if (counts->of[i] > 0)
			fprintf(out, "%s%zu %s: %s\n", mark, counts->of[i], states[i].name, states[i].means);
}

static void print_text(struct arena *arena, const struct proofs *proofs, const struct coverage_request *request)
{
	struct grid grid = {.arena = arena};
	const char *cells[COLUMNS];
	for (size_t k = 0; k < COLUMNS; k++)
		grid_column_ranked(&grid, columns[k].head, columns[k].left, columns[k].rank);
	for (size_t i = 0; i < proofs->count; i++) {
		if (!wanted(request, &proofs->items[i]))
			continue;
		cells_of(arena, &proofs->items[i], cells);
		grid_row(&grid);
		for (size_t k = 0; k < COLUMNS; k++)
			grid_cell(&grid, cells[k]);
	}
	const struct counts counts = count(proofs, request);
	if (counts.shown > 0)
		grid_print(&grid, isatty(STDOUT_FILENO) ? reporting_width() : 400, stdout);
	if (counts.shown > 0)
		putchar('\n');
	print_counts(&counts, "  ", stdout);
	if (counts.shown > 0)
		puts("Recall is over attack and risky episodes that expect the detection, in the organization where it is worst;"
			" so is the FP rate.\nWhich of its conditions held in such an episode stands under \"shown by\". (off): "
				"every organization has it"
			" disabled or below its\nminimum severity; recall is then of what it matches, and nothing is known of "
				"false positives.");
}

static void print_markdown(struct arena *arena, const struct proofs *proofs, const struct coverage_request *request)
{
	struct buffer out = {0};
	const char *cells[COLUMNS];
	for (size_t k = 0; k < COLUMNS; k++)
		buffer_printf(&out, "| %s ", columns[k].head);
	buffer_string(&out, "|\n");
	for (size_t k = 0; k < COLUMNS; k++)
		buffer_string(&out, columns[k].left ? "|---" : "|---:");
	buffer_string(&out, "|\n");
	for (size_t i = 0; i < proofs->count; i++) {
		if (!wanted(request, &proofs->items[i]))
			continue;
		cells_of(arena, &proofs->items[i], cells);
		for (size_t k = 0; k < COLUMNS; k++) {
			buffer_string(&out, "| ");
			markdown_prose(&out, text_of(cells[k]), 0);
			buffer_char(&out, ' ');
		}
		buffer_string(&out, "|\n");
	}
	buffer_char(&out, '\n');
	fwrite(out.data, 1, out.length, stdout);
	buffer_free(&out);
	const struct counts counts = count(proofs, request);
	print_counts(&counts, "- ", stdout);
}

/* --- JSON --- */

static void json_texts(struct json_write *json, const char *key, struct texts texts)
{
	jsonw_key(json, key);
	jsonw_open_flat(json, '[');
	for (size_t i = 0; i < texts.count; i++)
		jsonw_text(json, texts.items[i]);
	jsonw_close(json, ']');
}

static void json_measure(struct json_write *json, const struct proof_measure *it)
{
	const struct measure *measure = it->measure;
	jsonw_open(json, '{');
	json_organization(json, measure->organization);
	jsonw_pair_string(json, "state", coverage_state_name(it->state));
	jsonw_pair_string(json, "reachability", show_reach(measure));
	json_rate(json, "tested", &it->tested);
	json_rate(json, "recall", &measure->recall);
	json_rate(json, "risky_recall", &measure->risky_recall);
	json_rate(json, "false_positive_rate", &measure->false_positive_rate);
	jsonw_close(json, '}');
}

static void json_evidence(struct json_write *json, const struct proof_evidence *it)
{
	jsonw_open_flat(json, '{');
	jsonw_pair(json, "condition", it->condition->name);
	jsonw_key(json, "kinds");
	jsonw_open_flat(json, '[');
	for (unsigned k = 0; k < EVIDENCE_COUNT; k++)
		if (it->kinds & 1u << k)
			jsonw_string(json, evidence_name((enum evidence)k));
	jsonw_close(json, ']');
	jsonw_pair_bool(json, "shown", it->shown);
	jsonw_close(json, '}');
}

static void json_proof(struct json_write *json, const struct proof *proof)
{
	jsonw_open(json, '{');
	jsonw_pair(json, "detection", proof->detection->name);
	jsonw_pair_string(json, "severity", severity_name(proof->detection->severity));
	jsonw_pair(json, "surface", proof->detection->surface);
	json_texts(json, "techniques", proof->detection->techniques);
	jsonw_pair_string(json, "state", state_name(proof));
	jsonw_pair_bool(json, "off", proof->off);
	jsonw_pair_open(json, "evidence", '[');
	for (size_t i = 0; i < proof->evidence_count; i++)
		json_evidence(json, &proof->evidence[i]);
	jsonw_close(json, ']');
	jsonw_pair_open(json, "episodes", '[');
	for (size_t i = 0; i < proof->episode_count; i++) {
		jsonw_open_flat(json, '{');
		jsonw_pair(json, "dataset", proof->datasets[i]->name);
		jsonw_pair(json, "episode", proof->episodes[i]->name);
		jsonw_pair_bool(json, "alerted", proof->seen[i]);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
	jsonw_pair_open(json, "organizations", '[');
	for (size_t i = 0; i < proof->measure_count; i++)
		json_measure(json, &proof->measures[i]);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void print_json(const struct proofs *proofs, const struct coverage_request *request)
{
	struct buffer out = {0};
	struct json_write json;
	jsonw_begin(&json, &out);
	jsonw_open(&json, '[');
	for (size_t i = 0; i < proofs->count; i++)
		if (wanted(request, &proofs->items[i]))
			json_proof(&json, &proofs->items[i]);
	jsonw_close(&json, ']');
	buffer_char(&out, '\n');
	fwrite(out.data, 1, out.length, stdout);
	buffer_free(&out);
}

int coverage_list(struct project *project, const struct coverage_request *request)
{
	struct stored_run *run = NULL;
	struct arena arena = {0};
	int64_t id;
	if (project_open(project) != 0 || runs_find(project->store, "latest", &id, &project->diagnostics) != 0 ||
		runs_read_deep(project->store, id, RUN_PLACES, &run, &project->diagnostics) != 0)
		return -1;
	if (!text_is(run->head.revision, project->catalog.revision))
		diagnostics_warning(&project->diagnostics, ((struct place){NULL, 0, 0}),
			"run %lld is of another catalog than this one: mews replay measures what is there now", (long long)id);
	const struct proofs proofs = proofs_of(&arena, run->results);
	if (strcmp(request->format, "json") == 0)
		print_json(&proofs, request);
	else if (strcmp(request->format, "markdown") == 0)
		print_markdown(&arena, &proofs, request);
	else
		print_text(&arena, &proofs, request);
	arena_free(&arena);
	stored_run_free(run);
	return 0;
}
