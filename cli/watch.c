/* watch: on each save, what it changed: faults, tests, alerts, episodes, rates. */
#include "cli/teller.h"
#include "cli/watcher.h"

#include "replay/report/show.h"
#include "replay/runs/runs.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* With what a save is compared. */
enum against { AGAINST_SAVE, AGAINST_START, AGAINST_REFERENCE };

struct watch {
	const struct global *global;
	const struct options *options;
	enum against against;
	struct teller teller;
	struct watcher *watcher;    /* NULL: --once */
	struct snapshot *good;      /* the newest; NULL: none yet */
	struct snapshot *first;     /* AGAINST_START: may be the newest, too */
	struct store *store;        /* AGAINST_REFERENCE */
	struct stored_run *reference;
	size_t lost, failed_tests;  /* of the newest round */
	bool misused;               /* the newest round failed by what was asked for, not by a file that may be mended */
	bool shown;                 /* progress is */
};

enum { SLOW = 2 }; /* seconds after which a hint how to be quicker is due */

static bool is_stopped(void *context)
{
	struct watch *watch = context;
	return watch->watcher != NULL && watcher_pending(watch->watcher);
}

static void progress(void *context, uint64_t bytes, uint64_t events, uint64_t alerts)
{
	(void)context, (void)bytes;
	fprintf(stderr, "\rreplaying: %9llu events %7llu alerts ", (unsigned long long)events, (unsigned long long)alerts);
}

/* --- what a round is compared with --- */

static int find_reference(struct watch *watch, const struct project *project, struct diagnostics *d)
{
	int64_t id = 0;
	if (access(project->store_file, F_OK) != 0)
		return 0;
	watch->store = store_open(project->store_file, d);
	if (watch->store == NULL || reference_get(watch->store, &id, d) != 0)
		return -1;
	return id == 0 ? 0 : runs_read(watch->store, id, &watch->reference, d);
}

static const struct results *before_of(const struct watch *watch)
{
	if (watch->against == AGAINST_REFERENCE)
		return watch->reference != NULL ? watch->reference->results : NULL;
	const struct snapshot *before = watch->against == AGAINST_START ? watch->first : watch->good;
	return before != NULL ? before->results : NULL;
}

/* --- a round --- */

static double seconds_now(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The last line of a round: how long all of it took, and the sum. */
static void tell_replayed(struct watch *watch, const struct snapshot *now, const struct comparison *comparison, double seconds)
{
	struct arena *arena = &watch->teller.arena;
	const uint64_t events = now->results->events;
	const size_t failed = now->tally.failed_count;
	size_t gained = 0, lost = 0;
	const char *words = arena_printf(arena, "%s events, in %.2f s", show_count(arena, events), seconds);
	json_t *object = json_pack("{s:I, s:f, s:I, s:I}", "events", (json_int_t)events, "seconds", seconds, "tests",
		(json_int_t)now->tally.tests, "failed_tests", (json_int_t)failed);
	for (size_t i = 0; comparison != NULL && i < comparison->alert_count; i++)
		*(comparison->alerts[i].gained ? &gained : &lost) += 1;
	if (comparison != NULL && gained + lost + comparison->episode_count == 0)
		words = arena_printf(arena, "%s: no alert and no episode differs", words);
	else if (comparison != NULL)
		words = arena_printf(arena, "%s: %s alerts gained, %s lost; episodes lost: %zu", words, show_count(arena, gained),
			show_count(arena, lost), watch->lost);
	if (comparison != NULL)
		json_object_update_new(object, json_pack("{s:I, s:I, s:I, s:b}", "gained", (json_int_t)gained, "lost", (json_int_t)lost,
					       "episodes_lost", (json_int_t)watch->lost, "same", comparison->same));
	if (failed > 0)
		words = arena_printf(arena, "%s; tests that fail: %zu", words, failed);
	tell(&watch->teller, "replayed", watch->lost > 0 || failed > 0 ? TONE_BAD : TONE_PLAIN, words, object);
}

static void tell_round(struct watch *watch, const struct snapshot *now, double started)
{
	const struct results *before = before_of(watch);
	struct diagnostics d = {0};
	struct comparison *comparison = before != NULL ? compare_runs(before, now->results, &d) : NULL;
	watch->failed_tests = tell_tests(&watch->teller, watch->good != NULL ? &watch->good->tally : NULL, &now->tally);
	watch->lost = comparison != NULL ? tell_comparison(&watch->teller, comparison, now->results->total_count) : 0;
	/* The corpus itself changed: which dataset comes first, that alerts cannot be compared last. */
	for (size_t i = 0; i < d.count && (i == 0 || i + 1 < d.count); i++)
		tell(&watch->teller, "corpus", TONE_PLAIN, d.items[i].message, json_pack("{s:s}", "message", d.items[i].message));
	if (d.count > 0)
		tell_figures(&watch->teller, before, now->results);
	tell_replayed(watch, now, comparison, seconds_now() - started);
	compare_free(comparison);
	diagnostics_free(&d);
}

static void keep(struct watch *watch, struct snapshot *now)
{
	if (watch->first == NULL)
		watch->first = now;
	else if (watch->good != watch->first)
		snapshot_free(watch->good);
	watch->good = now;
}

/* An organization, a day, a use that is none: on the command line, since what stands in files has a place. */
static bool without_place(const struct diagnostics *d)
{
	for (size_t i = 0; i < d->count; i++)
		if (d->items[i].severity == DIAGNOSTIC_ERROR && d->items[i].place.file != NULL)
			return false;
	return d->errors > 0;
}

/* The newest state takes the place of the last good one, if it is good. */
static enum snapshot_outcome round_once(struct watch *watch)
{
	const double started = seconds_now();
	const struct snapshot_options how = {is_stopped, watch, watch->shown ? progress : NULL};
	struct snapshot *now = snapshot_take(watch->global, watch->options, &how);
	const enum snapshot_outcome outcome = now->outcome;
	if (watch->shown)
		fprintf(stderr, "\r%50s\r", "");
	if (outcome == SNAPSHOT_GOOD) {
		tell_round(watch, now, started);
		keep(watch, now);
	} else {
		if (outcome == SNAPSHOT_WRONG)
			tell_wrong(&watch->teller, &now->project.diagnostics);
		watch->misused = without_place(&now->project.diagnostics);
		snapshot_free(now);
	}
	return outcome;
}

/* --- until somebody ends it --- */

static void tell_saved(struct watch *watch, const struct texts *files)
{
	struct arena *arena = &watch->teller.arena;
	const time_t now = time(NULL);
	struct tm parts;
	char clock[16];
	const char *names = "";
	json_t *list = json_array();
	localtime_r(&now, &parts);
	strftime(clock, sizeof clock, "%H:%M:%S", &parts);
	for (size_t i = 0; i < files->count; i++) {
		enum { SHOWN = 4 };
		if (i < SHOWN)
			names = arena_printf(arena, "%s %.*s", names, TEXT_ARGS(files->items[i]));
		else if (i == SHOWN)
			names = arena_printf(arena, "%s and %zu more", names, files->count - SHOWN);
		json_array_append_new(list, json_stringn(files->items[i].data, files->items[i].length));
	}
	tell(&watch->teller, "saved", TONE_FAINT, arena_printf(arena, "%s%s", clock, names), json_pack("{s:o}", "files", list));
}

static void tell_watching(struct watch *watch, const struct project *project)
{
	struct arena *arena = &watch->teller.arena;
	const struct snapshot *now = watch->good;
	const char *words = arena_printf(arena, "%s, %s, mews.yaml (Ctrl-C ends)", project->catalog_folder, project->corpus_folder);
	if (now != NULL)
		words = arena_printf(arena, "%s: %zu detections, %zu tests, %zu organizations, %zu datasets", words,
			now->project.catalog.detection_count, now->tally.tests, now->organization_count, now->datasets.count);
	tell(&watch->teller, "watching", TONE_PLAIN, words,
		json_pack("{s:s, s:s}", "catalog", project->catalog_folder, "corpus", project->corpus_folder));
	if (now != NULL && now->results->seconds > SLOW)
		tell(&watch->teller, "slow", TONE_FAINT,
			"each save replays all of this, and a newer save begins anew; name datasets, or --use develop, to be quicker", NULL);
}

static int add_paths(struct watch *watch, const struct project *project, struct diagnostics *d)
{
	const char *file = watch->global->project != NULL ? watch->global->project : "mews.yaml";
	int failed = watcher_add(watch->watcher, project->catalog_folder, d);
	failed |= watcher_add(watch->watcher, project->corpus_folder, d);
	failed |= watcher_add(watch->watcher, file, d);
	for (size_t i = 0; i < watch->options->operand_count; i++)
		if (access(watch->options->operands[i], F_OK) == 0)
			failed |= watcher_add(watch->watcher, watch->options->operands[i], d);
	return failed;
}

static int rounds(struct watch *watch, const struct project *project)
{
	bool told = false;
	for (;;) {
		struct texts files;
		const enum snapshot_outcome outcome = round_once(watch);
		if (!told && outcome == SNAPSHOT_WRONG && watch->misused)
			return -1;
		if (outcome != SNAPSHOT_STOPPED && !told) {
			tell_watching(watch, project);
			told = true;
		}
		arena_reset(&watch->teller.arena);
		if (watcher_wait(watch->watcher, &watch->teller.arena, &files) == WATCH_ENDED)
			return 0;
		tell_saved(watch, &files);
	}
}

static int watch_all(struct watch *watch, struct project *project)
{
	struct diagnostics *d = &project->diagnostics;
	int failed = 0;
	if (watch->against == AGAINST_REFERENCE && find_reference(watch, project, d) != 0)
		return -1;
	if (watch->against == AGAINST_REFERENCE && watch->reference == NULL)
		tell(&watch->teller, "reference", TONE_FAINT, "none is set, so nothing is compared (mews reference set)",
			json_pack("{s:n}", "run"));
	if (options_has(watch->options, "once"))
		return round_once(watch) == SNAPSHOT_GOOD ? 0 : -1;
	watch->watcher = watcher_open(d);
	if (watch->watcher == NULL || (failed = add_paths(watch, project, d)) != 0)
		return -1;
	return rounds(watch, project);
}

static void watch_end(struct watch *watch)
{
	watcher_close(watch->watcher);
	if (watch->good != watch->first)
		snapshot_free(watch->good);
	snapshot_free(watch->first);
	stored_run_free(watch->reference);
	if (watch->store != NULL)
		store_close(watch->store);
	arena_free(&watch->teller.arena);
}

static int read_against(const char *word, enum against *against)
{
	static const char *const words[] = {[AGAINST_SAVE] = "save", [AGAINST_START] = "start", [AGAINST_REFERENCE] = "reference"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], word) == 0) {
			*against = (enum against)i;
			return 0;
		}
	return -1;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct watch watch = {.global = global, .options = options};
	const bool once = options_has(options, "once");
	const char *format = options_value(options, "format", "text"), *no_colour = getenv("NO_COLOR");
	const char *against = options_value(options, "against", once ? "reference" : "save");
	watch.teller.json = strcmp(format, "json") == 0;
	watch.teller.out = stdout;
	watch.teller.colour = isatty(STDOUT_FILENO) != 0 && (no_colour == NULL || no_colour[0] == '\0');
	watch.shown = isatty(STDERR_FILENO) != 0;
	if (!watch.teller.json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_watch, "--format takes text or json, not \"%s\"", format);
	if (read_against(against, &watch.against) != 0)
		return verb_wrong(&verb_watch, "--against takes save, start or reference, not \"%s\"", against);
	int failed = project_begin(&project, global);
	if (failed == 0)
		failed = watch_all(&watch, &project);
	watch_end(&watch);
	return project_end(&project, failed ? EXIT_WRONG : once && watch.lost + watch.failed_tests > 0 ? EXIT_FINDINGS : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"org", 'O', "ORG", "an organization; may be repeated (default: mews.yaml's, else all)"},
	{"use", 'u', "USE", "only datasets of use develop or hold-out"},
	{"against", 0, "WHAT", "a round is compared with the last good save (default), the start, or the reference run"},
	{"once", '1', NULL, "one round, compared with the reference run, then end"},
	{"as-of", 0, "DAY", "exceptions that expired before this day do not apply (default: today)"},
	{"format", 'f', "FORMAT", "text (default) or json, an object on each line"},
	OPTION_JOBS,
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_watch = {
	.group = GROUP_CHANGE,
	.name = "watch",
	.usage = "[OPTION]… [DATASET|FOLDER|FILE]…",
	.about = "Checks and replays on every save, and shows what the save changed",
	.details = "Catalog, corpus descriptions and mews.yaml are watched. After each save come, a line each: what is wrong, with\n"
		   "its place; tests that fail; which detections and baselines changed; episodes lost and won; alerts gained and\n"
		   "lost, on which line of the corpus; and rates that moved. A file that is broken halts nothing: the last good\n"
		   "state stays what the next one is compared with. A newer save ends the replay that is under way. Nothing is\n"
		   "stored. Ctrl-C ends it.",
	.examples = "  mews watch                                the whole corpus\n"
		    "  mews watch --use develop --org web-shop   what is tuned on, for one organization\n"
		    "  mews watch --against start                what all saves together changed\n"
		    "  mews watch --once                         once, against the reference run: before a commit\n"
		    "  mews watch --format json | jq -c 'select(.event == \"alert\")'\n",
	.status = "0 fine, 1 with --once: a test fails or an episode is lost, 2 wrong use or wrong input",
	.see = "check replay compare",
	.options = options,
	.run = run,
};
