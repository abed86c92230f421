/* mutate: how robust detections are against other spellings, and how precise against what looks alike. */
#include "cli/mutate_corpus.h"

#include "catalog/hint.h"
#include "replay/measure/json_write.h"

#include <stdlib.h>
#include <string.h>

struct run {
	struct project *project;
	const struct options *options;
	const struct detection **detections;
	struct mutation **mutations; /* beside them */
	size_t count;
	double minimum;
	bool misses;
};

static double value_of(const struct mutation *mutation)
{
	const struct mutate_score score = mutation_score(mutation);
	return mutate_value(&score);
}

static int compare_values(const void *a, const void *b)
{
	const double left = *(const double *)a, right = *(const double *)b;
	return left < right ? -1 : left > right;
}

struct summary {
	double median, mean, least;
	size_t below; /* the minimum */
};

static struct summary summarize(const struct run *r)
{
	struct summary summary = {1, 1, 1, 0};
	double *values = arena_array(&r->project->arena, r->count + 1, sizeof *values), sum = 0;
	for (size_t i = 0; i < r->count; i++) {
		values[i] = value_of(r->mutations[i]);
		sum += values[i];
		summary.below += values[i] < r->minimum;
	}
	if (r->count == 0)
		return summary;
	qsort(values, r->count, sizeof *values, compare_values);
	summary.least = values[0];
	summary.mean = sum / (double)r->count;
	summary.median = r->count % 2 == 1 ? values[r->count / 2] : (values[r->count / 2 - 1] + values[r->count / 2]) / 2;
	return summary;
}

/* --- in words --- */

static void print_miss(const struct detection *detection, const struct mutate_miss *miss)
{
	printf("\n  %s: %s%s%s\n", miss->kind == MUTANT_EQUIVALENT ? "not caught" : "not silent", miss->first->name,
		miss->second != NULL ? ", then " : "", miss->second != NULL ? miss->second->name : "");
	printf("    test      %.*s\n    event     %.*s\n    mutant    %.*s\n", TEXT_ARGS(miss->origin), TEXT_ARGS(miss->before),
		TEXT_ARGS(miss->spelled));
	if (miss->condition.length > 0)
		printf("    matches   %.*s\n", TEXT_ARGS(miss->condition));
	struct arena arena = {0};
	const struct text quoted = act_quoted(&arena, miss->event);
	printf("    see why   mews explain %.*s %.*s\n", TEXT_ARGS(detection->name), TEXT_ARGS(quoted));
	arena_free(&arena);
}

static void print_text(const struct run *r)
{
	printf("%-40s %15s %15s %7s\n", "detection", "caught", "silent", "score");
	for (size_t i = 0; i < r->count; i++) {
		const struct mutate_score score = mutation_score(r->mutations[i]);
		char caught[48], silent[48];
		size_t count = 0;
		snprintf(caught, sizeof caught, "%zu/%zu", score.caught, score.equivalents);
		snprintf(silent, sizeof silent, "%zu/%zu", score.silent, score.near_misses);
		printf("%-40.*s %15s %15s %7.3f\n", TEXT_ARGS(r->detections[i]->name), caught, silent, mutate_value(&score));
		const struct mutate_miss *misses = mutation_misses(r->mutations[i], &count);
		for (size_t k = 0; r->misses && k < count; k++)
			print_miss(r->detections[i], &misses[k]);
		if (r->misses && count > 0)
			putchar('\n');
	}
	const struct summary summary = summarize(r);
	printf("%zu detections: median %.3f, mean %.3f, least %.3f", r->count, summary.median, summary.mean, summary.least);
	if (r->minimum > 0)
		printf("; %zu below %.3f", summary.below, r->minimum);
	putchar('\n');
	if (!r->misses && summary.least < 1)
		puts("See what was missed: mews mutate --misses DETECTION");
}

/* --- JSON --- */

static void json_miss(struct json_write *json, const struct mutate_miss *miss)
{
	jsonw_open(json, '{');
	jsonw_pair_string(json, "kind", miss->kind == MUTANT_EQUIVALENT ? "equivalent" : "near miss");
	jsonw_pair_open(json, "operators", '[');
	jsonw_string(json, miss->first->name);
	if (miss->second != NULL)
		jsonw_string(json, miss->second->name);
	jsonw_close(json, ']');
	jsonw_pair(json, "origin", miss->origin);
	jsonw_pair(json, "event", miss->before);
	jsonw_pair(json, "mutant", miss->spelled);
	jsonw_key(json, "condition");
	if (miss->condition.length > 0)
		jsonw_text(json, miss->condition);
	else
		jsonw_null(json);
	jsonw_close(json, '}');
}

static void json_operators(struct json_write *json, const struct run *r)
{
	jsonw_pair_open(json, "operators", '[');
	for (size_t o = 0; mutate_operators[o].name != NULL; o++) {
		size_t made = 0, right = 0;
		for (size_t i = 0; i < r->count; i++) {
			made += mutation_operators(r->mutations[i])[o].made;
			right += mutation_operators(r->mutations[i])[o].right;
		}
		jsonw_open_flat(json, '{');
		jsonw_pair_string(json, "name", mutate_operators[o].name);
		jsonw_pair_string(json, "kind", mutate_operators[o].kind == MUTANT_EQUIVALENT ? "equivalent" : "near miss");
		jsonw_pair_unsigned(json, "made", made);
		jsonw_pair_unsigned(json, "right", right);
		jsonw_close(json, '}');
	}
	jsonw_close(json, ']');
}

static void json_detection(struct json_write *json, const struct detection *detection, const struct mutation *mutation)
{
	const struct mutate_score score = mutation_score(mutation);
	size_t count = 0;
	const struct mutate_miss *misses = mutation_misses(mutation, &count);
	jsonw_open(json, '{');
	jsonw_pair(json, "detection", detection->name);
	jsonw_pair_unsigned(json, "events", mutation_origins(mutation));
	jsonw_pair_unsigned(json, "caught", score.caught);
	jsonw_pair_unsigned(json, "equivalents", score.equivalents);
	jsonw_pair_unsigned(json, "silent", score.silent);
	jsonw_pair_unsigned(json, "near_misses", score.near_misses);
	jsonw_pair_double(json, "score", mutate_value(&score));
	jsonw_pair_open(json, "misses", '[');
	for (size_t i = 0; i < count; i++)
		json_miss(json, &misses[i]);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

static void print_json(const struct run *r)
{
	struct buffer out = {0};
	struct json_write json;
	const struct summary summary = summarize(r);
	jsonw_begin(&json, &out);
	jsonw_open(&json, '{');
	jsonw_pair_string(&json, "revision", r->project->catalog.revision);
	jsonw_pair_double(&json, "median", summary.median);
	jsonw_pair_double(&json, "mean", summary.mean);
	jsonw_pair_double(&json, "least", summary.least);
	jsonw_pair_open(&json, "results", '[');
	for (size_t i = 0; i < r->count; i++)
		json_detection(&json, r->detections[i], r->mutations[i]);
	jsonw_close(&json, ']');
	json_operators(&json, r);
	jsonw_close(&json, '}');
	fwrite(out.data, 1, out.length, stdout);
	putchar('\n');
	buffer_free(&out);
}

/* --- the verb --- */

static int add_detection(struct run *r, const char *name)
{
	const struct catalog *catalog = &r->project->catalog;
	const struct detection *detection = catalog_detection(catalog, text_of(name));
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	hint_detections(&hint, catalog);
	if (detection == NULL)
		return diagnostics_error(&r->project->diagnostics, ((struct place){NULL, 0, 0}),
			"there is no detection \"%s\"%s (mews list)", name, hint_words(&hint, words));
	for (size_t i = 0; i < r->count; i++)
		if (r->detections[i] == detection)
			return 0;
	r->detections[r->count++] = detection;
	return 0;
}

static int choose(struct run *r)
{
	const struct catalog *catalog = &r->project->catalog;
	const size_t most = catalog->detection_count + r->options->operand_count + 1;
	r->detections = arena_array(&r->project->arena, most, sizeof *r->detections);
	r->mutations = arena_array(&r->project->arena, most, sizeof *r->mutations);
	int failed = 0;
	for (size_t i = 0; i < r->options->operand_count; i++)
		failed |= add_detection(r, r->options->operands[i]);
	for (size_t i = 0; r->options->operand_count == 0 && i < catalog->detection_count; i++)
		r->detections[r->count++] = catalog->detections[i];
	return failed;
}

static enum exit_status mutate(struct run *r, const struct mutate_options *options, bool json)
{
	const char **datasets = NULL;
	const size_t dataset_count = options_values(r->options, &r->project->arena, "dataset", &datasets);
	int failed = 0;
	for (size_t i = 0; i < r->count; i++) {
		r->mutations[i] = mutation_new(&r->project->catalog, r->detections[i], options);
		mutation_tests(r->mutations[i]);
	}
	for (size_t i = 0; i < dataset_count; i++)
		failed |= mutate_corpus(r->project, datasets[i], r->detections, r->mutations, r->count);
	if (failed == 0)
		(json ? print_json : print_text)(r);
	const bool below = summarize(r).below > 0;
	for (size_t i = 0; i < r->count; i++)
		mutation_free(r->mutations[i]);
	return failed != 0 ? EXIT_WRONG : below ? EXIT_FINDINGS : EXIT_FINE;
}

static void print_operators(void)
{
	printf("%-20s %-10s %-42s %s\n", "operator", "makes", "of", "what it does");
	for (const struct mutate_operator *o = mutate_operators; o->name != NULL; o++)
		printf("%-20s %-10s %-42s %s\n", o->name, o->kind == MUTANT_EQUIVALENT ? "equivalent" : "near miss",
			o->applies, o->about);
}

static bool read_number(const struct options *options, const char *name, double least, double most, double *number)
{
	const char *text = options_value(options, name, NULL);
	char *end = NULL;
	if (text == NULL)
		return true;
	*number = strtod(text, &end);
	return end != text && *end == '\0' && *number >= least && *number <= most;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct run r = {.project = &project, .options = options,
		.misses = options_has(options, "misses") || options_has(options, "verbose")};
	struct mutate_options mutate_options = {0};
	double seed = 0, most = 0;
	const char *format = options_value(options, "format", "text");
	const bool json = strcmp(format, "json") == 0;
	if (!json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_mutate, "--format takes text or json, not \"%s\"", format);
	if (!read_number(options, "minimum", 0, 1, &r.minimum))
		return verb_wrong(&verb_mutate, "--minimum takes a score from 0 to 1");
	if (!read_number(options, "seed", 0, 1e9, &seed) || !read_number(options, "most", 1, 64, &most))
		return verb_wrong(&verb_mutate, "--seed takes a number up to 1000000000, --most one from 1 to 64");
	if (options_has(options, "operators")) {
		print_operators();
		return EXIT_FINE;
	}
	mutate_options.seed = (uint64_t)seed;
	mutate_options.most = (size_t)most;
	if (project_begin(&project, global) != 0)
		return project_end(&project, EXIT_WRONG);
	if (catalog_load(&project.catalog, project.catalog_folder, &project.diagnostics) != 0 || choose(&r) != 0)
		return project_end(&project, EXIT_WRONG);
	return project_end(&project, mutate(&r, &mutate_options, json));
}

static const struct option_spec options[] = {
	{"misses", 0, NULL, "show each mutant that went wrong: its spelling, the operators that made it, what explains it"},
	{"verbose", 'v', NULL, "the same"},
	{"minimum", 'm', "SCORE", "exit with 1 where a detection scores less, as 0.95"},
	{"dataset", 'd', "DATASET", "attacks recorded there are mutated, too: events on which a detection alerts rightly"},
	{"operators", 0, NULL, "list what is done to events, and end"},
	{"most", 0, "N", "mutants of one event by one operator (default: 8)"},
	{"seed", 0, "N", "chooses others where there are more than that (default: 0)"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_mutate = {
	.group = GROUP_WRITE,
	.name = "mutate",
	.usage = "[OPTION]… [DETECTION]…",
	.about = "Tries detections on other spellings of their events, and on what nearly looks like them",
	.details = "Each test of a detection that expects a match is spelt otherwise (options in another order and form, other\n"
		   "clients, shells and launchers, paths with detours …), and made harmless (--privileged=false, the words behind the\n"
		   "image or behind echo, the file beside it …). A robust detection catches the former and is silent on the latter.\n"
		   "The score is the mean of both shares. The same catalog and seed give the same mutants.",
	.examples = "  mews mutate                                  all detections\n"
		    "  mews mutate --misses docker-socket-mount     what it misses, each with a line that explains it\n"
		    "  mews mutate --minimum 0.9                    a gate: exit 1 where one scores less\n"
		    "  mews mutate --dataset docker-host-lab        recorded attacks, too\n"
		    "  mews mutate --format json                    with the figures of each operator\n",
	.status = "0 fine, 1 a detection scores less than --minimum, 2 wrong use or wrong input",
	.see = "check explain",
	.options = options,
	.run = run,
};
