/* gating: see gating.h. */
#include "cli/gating.h"
#include "cli/fidelity.h"
#include "cli/tune_proposals.h"

#include "catalog/version.h"

#include <string.h>
#include <sys/stat.h>

#define NO_REFERENCE \
	"there is no reference run to compare with: replay the state that this one should not be worse than, say `mews reference " \
	"set`, and replay again"

int gating_begin(struct gating *gating, const struct verb *verb, const struct options *options)
{
	*gating = (struct gating){
		.judges = options_has(options, "gate") || options_has(options, "gates"),
		.gates_file = options_value(options, "gates", NULL),
		.suggests = options_has(options, "suggest"),
		.asked = options_value(options, "compare", NULL),
	};
	const char *other = options_has(options, "follow") ? "--follow" : options_has(options, "as") ? "--as" : NULL;
	if (other == NULL || (!gating->judges && !gating->suggests && gating->asked == NULL))
		return 0;
	verb_wrong(verb, "%s cannot be used with %s: detections are judged, over a corpus that ends",
		gating->judges ? "--gate" : gating->suggests ? "--suggest" : "--compare", other);
	return -1;
}

/* Is this a replay of the project's whole corpus, for all its organizations? */
static bool is_whole(const struct options *options)
{
	return options->operand_count == 0 && !options_has(options, "use") && !options_has(options, "org") &&
		!options_has(options, "follow") && !options_has(options, "as");
}

static const char *words_of(struct arena *arena, const struct run_head *head)
{
	return arena_printf(arena, "run %lld%s%.*s of %.*s", (long long)head->id, head->name.length > 0 ? " " : "",
		TEXT_ARGS(head->name), (int)(head->started.length < 10 ? head->started.length : 10), head->started.data);
}

static bool judges_fidelity(const struct gating *gating)
{
	return gating->judges && (gating->gates == NULL || gates_ask_fidelity(gating->gates));
}

bool gating_asks_fidelity(const struct gating *gating, bool stored)
{
	return judges_fidelity(gating) || (stored && gating->whole && gating->gates != NULL && gates_ask_fidelity(gating->gates));
}

static int find_gates(struct gating *gating, struct project *project)
{
	if (gating->gates_file != NULL)
		return project_gates(project, gating->gates_file, &gating->gates);
	gating->gates = project->gates;
	return 0;
}

/* What targets could say then; of a run that does not hold it, or holds what an older generator could, it is made now. */
static int complete_reference(struct gating *gating, struct diagnostics *d)
{
	struct stored_run *run = gating->reference;
	if (run->results->fidelity_count > 0 && text_is(run->head.version, MEWS_VERSION))
		return 0;
	return fidelity_fill(run->results, d);
}

int gating_open(struct gating *gating, struct project *project, const struct options *options, struct replay_options *how)
{
	struct diagnostics *d = &project->diagnostics;
	int64_t id = 0;
	if (find_gates(gating, project) != 0)
		return -1;
	gating->whole = is_whole(options);
	if (!gating->judges && gating->asked == NULL && !gating->whole)
		return 0;
	int failed = gating->asked != NULL ? runs_find(project->store, gating->asked, &id, d) : reference_get(project->store, &id, d);
	if (failed != 0)
		return -1;
	gating->no_comparison = NO_REFERENCE;
	if (id == 0)
		return 0;
	if (runs_read_deep(project->store, id, RUN_PLACES, &gating->reference, d) != 0)
		return -1;
	gating->words = words_of(&gating->arena, &gating->reference->head);
	how->keep_alerts = true;
	return judges_fidelity(gating) ? complete_reference(gating, d) : 0;
}

/* --- comparing --- */

static const char *first_error(struct arena *arena, const struct diagnostics *found, const char *otherwise)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->items[i].severity == DIAGNOSTIC_ERROR)
			return arena_strdup(arena, found->items[i].message);
	return otherwise;
}

static void compare(struct gating *gating, const struct results *results)
{
	struct diagnostics found = {0};
	gating->comparison = compare_runs(gating->reference->results, results, &found);
	gating->no_comparison = NULL;
	if (gating->comparison == NULL) {
		gating->no_comparison = arena_printf(&gating->arena, "it cannot be compared with %s: %s", gating->words,
			first_error(&gating->arena, &found, "the corpora differ"));
		fprintf(stderr, "mews: note: ");
		diagnostic_print_safely(gating->no_comparison, stderr);
		fputc('\n', stderr);
	}
	diagnostics_free(&found);
}

/* --- under the reference run's baselines --- */

static bool can_be_read_twice(const struct replay_options *how)
{
	for (size_t i = 0; i < how->dataset_count; i++)
		for (size_t k = 0; k < how->datasets[i]->file_count; k++) {
			struct stat status;
			if (stat(how->datasets[i]->files[k], &status) != 0 || !S_ISREG(status.st_mode))
				return false;
		}
	return true;
}

static int replay_excused(struct gating *gating, const struct replay_options *how, struct diagnostics *d)
{
	const struct organization **organizations = arena_array(&gating->arena, how->organization_count + 1, sizeof *organizations);
	struct replay_options again = {
		.catalog = excused_catalog(gating->baselines),
		.jobs = how->jobs,
		.batch = how->batch,
		.datasets = how->datasets,
		.dataset_count = how->dataset_count,
		.organizations = organizations,
		.organization_count = how->organization_count,
		.as_of = how->as_of,
		.keep_alerts = true,
		.name_corpus = true,
		.max_rejected = 1, /* today's run has judged them */
	};
	for (size_t i = 0; i < how->organization_count; i++)
		organizations[i] = excused_organization(gating->baselines, how->organizations[i]->name);
	if (replay_run(&again, &gating->excused_results, d) != 0)
		return -1;
	gating->excused = compare_runs(gating->reference->results, gating->excused_results, d);
	return gating->excused != NULL ? 0 : -1;
}

/* The detections of today with what was normal then: an exception of this change does not excuse what it hides. */
static void compare_excused(struct gating *gating, struct project *project, const struct replay_options *how)
{
	struct diagnostics found = {0};
	if (excused_same(&project->catalog, &gating->reference->catalog))
		return;
	if (!can_be_read_twice(how)) {
		gating->no_excused = "the events come from a stream that cannot be read twice";
		return;
	}
	gating->baselines = excused_make(&project->catalog, &gating->reference->catalog, &found);
	for (size_t i = 0; i < found.count; i++) /* an error is no wrong input here: the gates are undecided */
		diagnostics_warning(&project->diagnostics, found.items[i].place, "%s", found.items[i].message);
	if (gating->baselines == NULL || replay_excused(gating, how, &found) != 0)
		gating->no_excused = first_error(&gating->arena, &found, "they cannot be taken over");
	diagnostics_free(&found);
}

/* --- judging --- */

int gating_judge(struct gating *gating, struct project *project, const struct replay_options *how, const struct results *results)
{
	if (gating->reference != NULL)
		compare(gating, results);
	if (!gating->judges)
		return 0;
	if (gating->gates != NULL)
		gates_check(gating->gates, &project->catalog, gating->reference != NULL ? &gating->reference->catalog : NULL,
			&project->diagnostics);
	if (gating->comparison != NULL)
		compare_excused(gating, project, how);
	struct gate_subject subject = {
		.results = results,
		.comparison = gating->comparison,
		.excused = gating->excused,
		.as_of = how->as_of,
		.no_comparison = gating->no_comparison,
		.no_excused = gating->no_excused,
	};
	gating->verdicts = gates_judge(gating->gates, &subject);
	return 0;
}

int gating_suggest(struct gating *gating, const struct replay_options *how, struct diagnostics *d)
{
	struct replay_options again = *how;
	if (!gating->suggests)
		return 0;
	if (!can_be_read_twice(how))
		return diagnostics_error(d, ((struct place){NULL, 0, 0}), "--suggest reads the events again, and a stream is over");
	again.store = NULL;
	again.progress = NULL;
	again.complete = NULL;
	again.max_rejected = 1; /* the run has judged them */
	gating->proposals = arena_array(&gating->arena, how->organization_count + 1, sizeof(struct proposals *));
	for (size_t i = 0; i < how->organization_count; i++) {
		struct diagnostics found = {0}; /* what it warns of, the run has warned of */
		struct tune_options tune = {.replay = &again, .organization = how->organizations[i], .budget = -1};
		again.organizations = &how->organizations[i];
		again.organization_count = 1;
		struct proposals *proposals = tune_propose(&tune, &found);
		if (proposals == NULL)
			diagnostics_print(&found, stderr);
		diagnostics_free(&found);
		if (proposals == NULL)
			return diagnostics_error(d, ((struct place){NULL, 0, 0}), "no exceptions could be proposed for %.*s",
				TEXT_ARGS(how->organizations[i]->name));
		gating->proposals[gating->proposal_count++] = proposals;
	}
	return 0;
}

struct report_beside gating_beside(const struct gating *gating)
{
	return (struct report_beside){
		.comparison = gating->comparison,
		.gates = gating->verdicts,
		.proposals = (const struct proposals *const *)gating->proposals,
		.proposal_count = gating->proposal_count,
		.reference = gating->words,
	};
}

void gating_print(const struct gating *gating, unsigned width, bool colour, FILE *out)
{
	if (gating->verdicts != NULL)
		gates_print(gating->verdicts, width, colour, out);
}

bool gating_fine(const struct gating *gating)
{
	return gating->verdicts == NULL || gate_results_fine(gating->verdicts);
}

void gating_end(struct gating *gating)
{
	for (size_t i = 0; i < gating->proposal_count; i++)
		proposals_free(gating->proposals[i]);
	gate_results_free(gating->verdicts);
	compare_free(gating->excused);
	if (gating->excused_results != NULL)
		results_free(gating->excused_results);
	excused_free(gating->baselines);
	compare_free(gating->comparison);
	stored_run_free(gating->reference);
	arena_free(&gating->arena);
}
