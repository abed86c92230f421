/* bisect: which changed documents make an alert come or go, between a stored run's catalog and the one at hand. */
#include "catalog/text_diff.h"
#include "cli/again.h"
#include "cli/delta.h"
#include "cli/reporting.h"
#include "cli/suspects.h"
#include "replay/compare/compare.h"
#include "replay/measure/json_write.h"
#include "replay/readers/fingerprint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is looked for: does this detection alert in the episode, or at the place? */
struct wanted {
	struct text organization, dataset, episode, file; /* episode or file; file: below the dataset's folder */
	uint64_t line;
	struct text detection;                            /* its id */
	const char *words;
};

struct bisect {
	struct project *project;
	const struct options *options;
	const struct stored_run *good;
	struct catalog bad;
	struct suspects suspects;
	struct wanted wanted;
	bool shown_by_bad;       /* the alert is there with the catalog at hand; so with the good one it is not */
	size_t *needed;          /* changes without which the catalog or the corpus cannot be read */
	size_t needed_count, replays, unresolved;
};

static int wrong(struct bisect *b, const char *format, const char *value)
{
	return diagnostics_error(&b->project->diagnostics, (struct place){0}, format, value);
}

/* Looking at results */

static bool same_organization(const struct organization *organization, struct text name)
{
	return text_equal(organization ? organization->name : TEXT(""), name);
}

static bool alerts_in_episode(const struct results *results, const struct wanted *wanted)
{
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *episode = &results->episodes[i];
		if (!text_equal(episode->episode->name, wanted->episode) || !text_equal(episode->dataset->name, wanted->dataset) ||
			!same_organization(episode->organization, wanted->organization))
			continue;
		for (size_t k = 0; k < episode->alerted_count; k++)
			if (text_equal(episode->alerted[k]->id, wanted->detection))
				return true;
	}
	return false;
}

static bool is_there(const struct results *results, const struct wanted *wanted)
{
	if (wanted->episode.length)
		return alerts_in_episode(results, wanted);
	for (size_t i = 0; i < results->alert_count; i++) {
		const struct alert *alert = &results->alerts[i];
		if (alert->line == wanted->line && text_equal(alert->detection->id, wanted->detection) &&
			text_equal(alert->dataset->name, wanted->dataset) && same_organization(alert->organization, wanted->organization) &&
			text_is(wanted->file, fingerprint_below(alert->dataset->folder, alert->file ? alert->file : "")))
			return true;
	}
	return false;
}

/* Replaying a catalog */

/* 1 or 0: is the alert there; -1: this catalog, or the corpus with it, cannot be read. With `look` nothing is replayed. */
static int try_catalog(struct bisect *b, const size_t *items, size_t count, bool look)
{
	struct project project = *b->project;
	struct again again = {.quiet = true, .look = look, .only = b->wanted.dataset};
	project.arena = (struct arena){0};
	project.diagnostics = (struct diagnostics){0};
	int outcome = -1;
	if (suspects_compose(&b->suspects, items, count, b->project->catalog_folder, &project.catalog, &project.diagnostics) == 0 &&
		again_replay(&project, b->options, b->good, &again) == 0)
		outcome = look ? 1 : is_there(again.results, &b->wanted);
	b->replays += !look;
	again_free(&again);
	catalog_free(&project.catalog);
	diagnostics_free(&project.diagnostics);
	arena_free(&project.arena);
	return outcome;
}

static bool shows(void *context, const size_t *items, size_t count)
{
	struct bisect *b = context;
	size_t *all = mem_alloc((b->needed_count + count + 1) * sizeof *all);
	for (size_t i = 0; i < count; i++)
		all[i] = items[i];
	for (size_t i = 0; i < b->needed_count; i++)
		all[count + i] = b->needed[i];
	if (isatty(STDERR_FILENO) != 0)
		fprintf(stderr, "\r%zu replays, %zu of %zu changes at hand ", b->replays, count, b->suspects.count);
	int outcome = try_catalog(b, all, count + b->needed_count, false);
	free(all);
	b->unresolved += outcome < 0;
	return outcome >= 0 && (outcome == 1) == b->shown_by_bad;
}

/* Changes without which nothing can be tried: a corpus names a detection by its new name, a condition a new macro. */
static size_t *find_needed(struct bisect *b, size_t *count)
{
	size_t *free_items = arena_array(&b->project->arena, b->suspects.count + 1, sizeof *free_items);
	size_t *rest = arena_array(&b->project->arena, b->suspects.count + 1, sizeof *rest);
	b->needed = arena_array(&b->project->arena, b->suspects.count + 1, sizeof *b->needed);
	*count = 0;
	for (size_t i = 0; i < b->suspects.count; i++) {
		size_t others = 0;
		for (size_t k = 0; k < b->suspects.count; k++)
			if (k != i)
				rest[others++] = k;
		if (try_catalog(b, rest, others, true) < 0)
			b->needed[b->needed_count++] = i;
		else
			free_items[(*count)++] = i;
	}
	return free_items;
}

/* What is asked for */

static const struct detection *detection_called(const struct bisect *b, const char *name)
{
	const struct detection *detection = catalog_detection(&b->bad, text_of(name));
	return detection ? detection : catalog_detection(&b->good->catalog, text_of(name));
}

static const struct dataset *dataset_called(const struct bisect *b, struct text name)
{
	for (size_t i = 0; i < b->good->results->dataset_count; i++)
		if (text_equal(b->good->results->datasets[i].dataset->name, name))
			return b->good->results->datasets[i].dataset;
	return NULL;
}

/* FILE:LINE, with the file as reports name it. */
static int take_place(struct bisect *b, const char *where)
{
	const char *colon = strrchr(where, ':');
	int64_t line = 0;
	if (!colon || !text_to_long(text_of(colon + 1), &line) || line < 1)
		return wrong(b, "\"%s\" is neither DATASET/EPISODE of the reference run nor FILE:LINE", where);
	struct text file = {where, (size_t)(colon - where)};
	for (size_t i = 0; i < b->good->results->dataset_count; i++) {
		const struct dataset *dataset = b->good->results->datasets[i].dataset;
		for (size_t k = 0; k < dataset->file_count; k++)
			if (text_is(file, dataset->files[k])) {
				b->wanted.dataset = dataset->name;
				b->wanted.file = text_of(fingerprint_below(dataset->folder, dataset->files[k]));
				b->wanted.line = (uint64_t)line;
				return 0;
			}
	}
	return wrong(b, "the reference run has no file %s", arena_strndup(&b->project->arena, file.data, file.length));
}

static int take_where(struct bisect *b, const char *where)
{
	struct text text = text_of(where);
	size_t slash = text_find(text, '/');
	const struct dataset *dataset = dataset_called(b, text_slice(text, 0, slash));
	for (size_t i = 0; dataset && slash < text.length && i < dataset->episode_count; i++)
		if (text_equal(dataset->episodes[i].name, text_slice(text, slash + 1, text.length))) {
			b->wanted.dataset = dataset->name;
			b->wanted.episode = dataset->episodes[i].name;
			return 0;
		}
	return take_place(b, where);
}

static int take_operands(struct bisect *b, char *const *operands)
{
	const struct detection *detection = detection_called(b, operands[1]);
	const struct total *first = b->good->results->totals;
	const char *organization = options_value(b->options, "org", NULL);
	if (!detection)
		return wrong(b, "neither catalog has a detection \"%s\" (mews list detections)", operands[1]);
	b->wanted.detection = detection->id;
	if (organization && !catalog_organization(&b->good->catalog, text_of(organization)))
		return wrong(b, "the reference run's catalog has no organization \"%s\"", organization);
	b->wanted.organization = organization ? text_of(organization) : first->organization ? first->organization->name : TEXT("");
	b->wanted.words = arena_printf(&b->project->arena, "%s at %s", operands[1], operands[0]);
	return take_where(b, operands[0]);
}

static void want_episode(struct bisect *b, const struct episode_change *change)
{
	struct arena *arena = &b->project->arena;
	const struct dataset *dataset = change->after->dataset;
	b->wanted = (struct wanted){.organization = change->organization ? text_copy(arena, change->organization->name) : TEXT(""),
		.dataset = text_copy(arena, dataset->name), .episode = text_copy(arena, change->after->episode->name),
		.detection = text_copy(arena, change->detection->id)};
	b->wanted.words = arena_printf(arena, "%.*s in %.*s/%.*s", TEXT_ARGS(change->detection->name), TEXT_ARGS(dataset->name),
		TEXT_ARGS(change->after->episode->name));
}

static void want_alert(struct bisect *b, const struct alert *alert)
{
	struct arena *arena = &b->project->arena;
	const char *file = alert->file ? alert->file : "";
	b->wanted = (struct wanted){.organization = alert->organization ? text_copy(arena, alert->organization->name) : TEXT(""),
		.dataset = text_copy(arena, alert->dataset->name), .line = alert->line,
		.file = text_copy(arena, text_of(fingerprint_below(alert->dataset->folder, file))),
		.detection = text_copy(arena, alert->detection->id)};
	b->wanted.words = arena_printf(arena, "%.*s at %s:%llu", TEXT_ARGS(alert->detection->name), file,
		(unsigned long long)alert->line);
}

/* The first lost expectation, else the first new false positive, else the first alert that came or went. */
static int take_first(struct bisect *b, const struct comparison *comparison)
{
	const struct alert *first = NULL;
	for (size_t i = 0; i < comparison->episode_count; i++)
		if (!comparison->episodes[i].gained) {
			want_episode(b, &comparison->episodes[i]);
			return 0;
		}
	for (size_t i = 0; i < comparison->alert_count && !first; i++)
		if (comparison->alerts[i].gained && comparison->alerts[i].alert->outcome == OUTCOME_FP)
			first = comparison->alerts[i].alert;
	if (!first && comparison->alert_count)
		first = comparison->alerts[0].alert;
	if (!first)
		return wrong(b, "no alert differs from run %s", arena_printf(&b->project->arena, "%lld", (long long)b->good->head.id));
	want_alert(b, first);
	return 0;
}

static int compare_all(struct bisect *b)
{
	struct project project = *b->project;
	struct again again = {.quiet = true};
	struct comparison *comparison = NULL;
	project.arena = (struct arena){0};
	int failed = again_replay(&project, b->options, b->good, &again);
	b->replays++;
	if (failed == 0)
		comparison = compare_runs(b->good->results, again.results, &project.diagnostics);
	b->project->diagnostics = project.diagnostics;
	failed = comparison ? take_first(b, comparison) : -1;
	compare_free(comparison);
	again_free(&again);
	arena_free(&project.arena);
	return failed;
}

/* Saying */

static const char *kind_of(const struct suspect *suspect)
{
	if (!suspect->before || !suspect->after)
		return suspect->before ? "removed" : "added";
	return text_equal(suspect->before->path, suspect->after->path) ? "changed" : "renamed";
}

static void print_suspect(const struct suspect *suspect, bool colour)
{
	struct arena arena = {0};
	struct buffer out = {0};
	struct text_diff diff = text_diff(&arena, suspect->before ? suspect->before->content : TEXT(""),
		suspect->after ? suspect->after->content : TEXT(""));
	const struct text_diff_style style = {.context = 2, .colour = colour, .safe = true};
	printf("%s (%s)\n", suspect_path(suspect), kind_of(suspect));
	text_diff_print(&diff, &style, &out);
	fwrite(out.data ? out.data : "", 1, out.length, stdout);
	buffer_free(&out);
	arena_free(&arena);
}

static void print_table(const struct bisect *b, const size_t *items, size_t count)
{
	const char *now = b->shown_by_bad ? "comes now" : "does not come any more";
	printf("%s [%.*s] is %s run %lld, and %s. ", b->wanted.words, TEXT_ARGS(b->wanted.organization),
		b->shown_by_bad ? "not in" : "in", (long long)b->good->head.id, now);
	printf("%s makes the difference:\n\n", count == 1 ? "One change" : "Only these changes together");
	for (size_t i = 0; i < count; i++)
		print_suspect(&b->suspects.items[items[i]], reporting_colour());
	for (size_t i = 0; i < b->needed_count && items != b->needed; i++)
		printf("%s%s", i ? ", " : "\nTaken along, since nothing can be read without: ",
			suspect_path(&b->suspects.items[b->needed[i]]));
	puts(b->needed_count && items != b->needed ? "." : "");
	printf("%zu changed document%s, %zu replays", b->suspects.count, b->suspects.count == 1 ? "" : "s", b->replays);
	if (b->unresolved)
		printf(", %zu combinations could not be read", b->unresolved);
	puts(".");
}

static void print_json(const struct bisect *b, const size_t *items, size_t count)
{
	struct buffer buffer = {0};
	struct json_write json;
	jsonw_begin(&json, &buffer);
	jsonw_open(&json, '{');
	jsonw_pair_string(&json, "what", b->wanted.words);
	jsonw_pair(&json, "organization", b->wanted.organization);
	jsonw_pair_string(&json, "change", b->shown_by_bad ? "gained" : "lost");
	jsonw_key(&json, "documents");
	jsonw_open(&json, '[');
	for (size_t i = 0; i < count; i++) {
		jsonw_open_flat(&json, '{');
		jsonw_pair_string(&json, "path", suspect_path(&b->suspects.items[items[i]]));
		jsonw_pair_string(&json, "change", kind_of(&b->suspects.items[items[i]]));
		jsonw_close(&json, '}');
	}
	jsonw_close(&json, ']');
	jsonw_key(&json, "taken_along");
	jsonw_open_flat(&json, '[');
	for (size_t i = 0; i < b->needed_count && items != b->needed; i++)
		jsonw_string(&json, suspect_path(&b->suspects.items[b->needed[i]]));
	jsonw_close(&json, ']');
	jsonw_pair_unsigned(&json, "candidates", b->suspects.count);
	jsonw_pair_unsigned(&json, "replays", b->replays);
	jsonw_pair_unsigned(&json, "unresolved", b->unresolved);
	jsonw_close(&json, '}');
	printf("%.*s\n", TEXT_ARGS(buffer_view(&buffer)));
	buffer_free(&buffer);
}

/* The search */

static int search(struct bisect *b, bool json)
{
	size_t *all = arena_array(&b->project->arena, b->suspects.count + 1, sizeof *all), count = b->suspects.count;
	for (size_t i = 0; i < count; i++)
		all[i] = i;
	const int before = try_catalog(b, all, 0, false), after = try_catalog(b, all, count, false);
	if (after < 0)
		return wrong(b, "%s", "the catalog at hand cannot be replayed (mews check says why)");
	if (before == after)
		return wrong(b, after ? "%s: it alerts with both catalogs" : "%s: it alerts with neither catalog", b->wanted.words);
	b->shown_by_bad = after == 1;
	size_t *items = find_needed(b, &count);
	if (b->needed_count && shows(b, items, 0)) {
		items = b->needed;
		count = b->needed_count;
	} else {
		count = delta_minimise(items, count, shows, b);
	}
	if (isatty(STDERR_FILENO) != 0)
		fprintf(stderr, "\r%60s\r", "");
	(json ? print_json : print_table)(b, items, count);
	return 0;
}

/* `bad`: a stored run's catalog, or NULL: the one at hand. */
static int bisect(struct bisect *b, const char *good, bool json)
{
	struct project *project = b->project;
	struct stored_run *run = NULL;
	int64_t id = 0;
	if (project_open(project) != 0 || runs_find(project->store, good, &id, &project->diagnostics) != 0 ||
		runs_read_deep(project->store, id, RUN_PLACES, &run, &project->diagnostics) != 0)
		return -1;
	b->good = run;
	b->bad = project->catalog;
	suspects_find(&b->suspects, &project->arena, &run->catalog, &b->bad);
	int failed = 0;
	if (b->suspects.count == 0)
		failed = diagnostics_error(&project->diagnostics, (struct place){0},
			"the catalog is that of run %lld: nothing has changed", (long long)id);
	else
		failed = b->options->operand_count > 0 ? take_operands(b, b->options->operands) : compare_all(b);
	if (failed == 0)
		failed = search(b, json);
	stored_run_free(run);
	return failed;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct bisect b = {.project = &project, .options = options};
	const char *format = options_value(options, "format", "text");
	const bool json = strcmp(format, "json") == 0;
	if (!json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_bisect, "--format takes text or json, not \"%s\"", format);
	if (options->operand_count != 0 && options->operand_count != 2)
		return verb_wrong(&verb_bisect, "name where (DATASET/EPISODE or FILE:LINE) and which detection, or nothing");
	int failed = project_begin(&project, global) != 0 || bisect(&b, options_value(options, "run", "reference"), json) != 0;
	return project_end(&project, failed ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"run", 0, "RUN", "the stored run whose catalog is taken as the good one (default: reference)"},
	{"org", 'O', "ORG", "in which organization (default: the run's first)"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	{"as-of", 0, "DAY", "exceptions that expired before this day do not apply (default: today)"},
	OPTION_JOBS,
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_bisect = {
	.group = GROUP_CHANGE,
	.name = "bisect",
	.usage = "[OPTION]… [DATASET/EPISODE|FILE:LINE DETECTION]",
	.about = "Finds which changed file makes an alert come or go",
	.details = "Between the catalog of the reference run and the one at hand, combinations of the changed files are replayed "
		   "until the smallest set is left that still makes the difference. Without operands it looks at the first expected "
		   "alert that was lost, else at the first new false positive. Only the dataset in question is replayed, so a try "
		   "takes a moment.",
	.examples = "  mews bisect                                        the first that was lost\n"
		    "  mews bisect lab/breakout docker-socket-mount       why this episode is missed\n"
		    "  mews bisect --org shop corpus/day/app.log:12 my-rule    why this alert is new\n",
	.status = "0 found, 2 nothing differs, or wrong use",
	.see = "compare reference explain",
	.options = options,
	.run = run,
};
