/* explain: why a detection matched an event or did not, or fired in an episode or did not. */
#include "cli/place.h"

#include "catalog/hint.h"
#include "replay/readers/plain.h"
#include "cli/sample.h"
#include "replay/derive/derive.h"
#include "replay/explain/tell.h"

#include <string.h>
#include <sys/stat.h>

enum { EVENT_MAX = 1 << 20 };
/* Events are handed on when they are complete: a later one may come a few lines before an earlier one. */
enum { LINES_LATE = 4096 };

struct request {
	struct project *project;
	const struct options *options;
	const struct detection *detection; /* NULL: those that the episode expects */
	struct accountant *accountant;
	struct deriver *deriver;
	struct json_write json;            /* `out` NULL: in words */
	uint64_t line, passed;             /* the line asked for, or 0: all; the last event's line before it */
	const char *file;                  /* whose line that is; NULL: any */
	size_t told;
	struct engine *engine;             /* of the first pass */
	struct surroundings around;
};

/* --- one event --- */

static void tell(struct request *r, const struct event *event, const struct surroundings *around)
{
	struct arena arena = {0};
	struct account account;
	account_make(r->accountant, &arena, event, r->detection, around, &account);
	if (r->json.out != NULL)
		account_json(&account, &r->project->catalog, &r->json);
	else
		account_print(&account, &r->project->catalog, stdout);
	arena_free(&arena);
	r->told++;
}

static bool same_file(const char *a, const char *b)
{
	struct stat one, other;
	if (strcmp(a, b) == 0)
		return true;
	return stat(a, &one) == 0 && stat(b, &other) == 0 && one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

static int take(void *context, struct event *event)
{
	struct request *r = context;
	derive_event(r->deriver, event);
	if (r->line == 0) {
		if (r->told > 0 && r->json.out == NULL)
			putchar('\n');
		tell(r, event, &r->around);
		return 0;
	}
	bool here = r->file == NULL || event->file == NULL || same_file(r->file, event->file);
	if (!here)
		return r->passed > 0; /* the file is over */
	if (event->line > r->line + LINES_LATE)
		return 1;
	if (event->line == r->line)
		tell(r, event, &r->around);
	else if (event->line < r->line && event->line > r->passed)
		r->passed = event->line;
	return 0;
}

/* --- what stands around it --- */

static void take_settled(struct request *r)
{
	const struct settled *settled;
	uint32_t detection = account_index(&r->project->catalog, r->detection);
	while ((settled = engine_settled(r->engine)) != NULL) {
		const struct event *event = settled->event;
		bool here = event->line == r->line && (r->file == NULL || event->file == NULL || same_file(r->file, event->file));
		for (size_t i = 0; here && i < settled->matches.count; i++) {
			const struct match *match = &settled->matches.items[i];
			if (match->detection != detection)
				continue;
			struct hit *hits = arena_array(&r->project->arena, match->count, sizeof *hits);
			memcpy(hits, match->hits, match->count * sizeof *hits);
			r->around.hits = hits;
			r->around.count = match->count;
		}
	}
}

static int take_around(void *context, struct event *event)
{
	struct request *r = context;
	struct matches matches;
	derive_event(r->deriver, event);
	engine_match(r->engine, event, &matches);
	take_settled(r);
	return 0;
}

static bool has_sequence(const struct detection *detection)
{
	bool any = false;
	for (size_t i = 0; i < detection->condition_count; i++)
		any = any || detection->conditions[i]->sequence != NULL;
	return any;
}

/* A first pass over the dataset: do sequences end at the event? */
static int look_around(struct request *r, const struct dataset *dataset)
{
	struct ledger ledger = {0};
	deriver_reset(r->deriver, dataset);
	if (r->line == 0 || !has_sequence(r->detection))
		return 0;
	r->engine = engine_new(&r->project->catalog);
	engine_begin(r->engine);
	int failed = dataset_read(dataset, (struct event_sink){take_around, r}, &ledger, &r->project->diagnostics);
	engine_finish(r->engine);
	take_settled(r);
	engine_free(r->engine);
	deriver_reset(r->deriver, dataset);
	ledger_free(&ledger);
	r->around.known = true;
	return failed;
}

/* A log's event, or all of them. The dataset is read from its beginning: descent is learnt from what came before. */
static int explain_log(struct request *r, const char *file, uint64_t line)
{
	struct project *project = r->project;
	const char *reader = options_value(r->options, "reader", NULL), *dialect = options_value(r->options, "dialect", NULL);
	const struct format_wish wish = {reader, dialect};
	struct ledger ledger = {0};
	struct dataset *dataset = reader == NULL && dialect == NULL ? place_of_file(project, file) : NULL;
	if (dataset == NULL)
		dataset = plain_dataset(&project->arena, &project->catalog, file, &wish, &project->diagnostics);
	if (dataset == NULL)
		return -1;
	r->line = line;
	r->file = strcmp(file, "-") == 0 ? NULL : file;
	if (strcmp(file, "-") != 0 && look_around(r, dataset) < 0)
		return -1;
	int failed = dataset_read(dataset, (struct event_sink){take, r}, &ledger, &project->diagnostics);
	if (failed >= 0 && r->told == 0 && ledger.rejected > 0 && ledger.first[0].line == line)
		failed = diagnostics_error(&project->diagnostics, ((struct place){file, (unsigned)line, 0}),
			"this line was rejected: %s", ledger.first[0].reason);
	else if (failed >= 0 && r->told == 0)
		failed = diagnostics_error(&project->diagnostics, ((struct place){file, (unsigned)line, 0}),
			"no event begins at this line; the last one before it begins at line %llu", (unsigned long long)r->passed);
	ledger_free(&ledger);
	return failed < 0 ? -1 : 0;
}

static int explain_text(struct request *r, struct text text)
{
	struct project *project = r->project;
	struct event event;
	if (sample_of_text(&project->catalog, text, &project->arena, &event, &project->diagnostics) != 0)
		return -1;
	tell(r, &event, &r->around);
	return 0;
}

/* An event as YAML or JSON. */
static int explain_stream(struct request *r, const char *name, FILE *in)
{
	struct diagnostics *d = &r->project->diagnostics;
	char *data = arena_alloc(&r->project->arena, EVENT_MAX + 1);
	if (in == NULL)
		return diagnostics_error(d, ((struct place){name, 0, 0}), "cannot be read");
	size_t length = fread(data, 1, EVENT_MAX + 1, in);
	bool bad = ferror(in) != 0;
	if (in != stdin)
		fclose(in);
	if (bad)
		return diagnostics_error(d, ((struct place){name, 0, 0}), "cannot be read");
	if (length > EVENT_MAX)
		return diagnostics_error(d, ((struct place){name, 0, 0}),
			"is no single event (it has more than 1 MB): name one of its lines as %s:LINE, or say --reader", name);
	return explain_text(r, (struct text){data, length});
}

static void tell_sample(struct request *r, const struct sample *sample)
{
	const struct event *const *events = (const struct event *const *)sample->events;
	struct hit *hits = arena_array(&r->project->arena, r->detection->condition_count + 1, sizeof *hits);
	for (size_t i = 0; i < sample->count; i++) {
		struct surroundings around = {.known = sample->count > 1, .hits = hits};
		around.count = account_ends(engine_evaluator(accountant_engine(r->accountant)), r->detection, events, sample->count,
			i, hits);
		if (i > 0 && r->json.out == NULL)
			putchar('\n');
		tell(r, sample->events[i], &around);
	}
}

static int explain_test(struct request *r, struct text name)
{
	const struct detection *detection = r->detection;
	for (size_t i = 0; i < detection->test_count; i++)
		if (text_equal(detection->tests[i].name, name)) {
			struct sample sample;
			sample_of_test(&r->project->catalog, &detection->tests[i], &r->project->arena, &sample);
			tell_sample(r, &sample);
			if (r->json.out == NULL)
				printf("the test expects: %s\n", expectation_name(detection->tests[i].expect));
			return 0;
		}
	return diagnostics_error(&r->project->diagnostics, detection->place, "the detection has no test \"%.*s\"",
		TEXT_ARGS(name));
}

static bool is_file(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

static int explain_operand(struct request *r, const char *operand)
{
	const char *colon = strrchr(operand, ':');
	bool log = options_has(r->options, "reader") || options_has(r->options, "dialect");
	int64_t line = 0;
	if (strncmp(operand, "test:", 5) == 0)
		return explain_test(r, text_of(operand + 5));
	if (operand[0] == '{' || operand[0] == '[')
		return explain_text(r, text_of(operand));
	if (strcmp(operand, "-") == 0)
		return log ? explain_log(r, operand, 0) : explain_stream(r, "standard input", stdin);
	if (is_file(operand))
		return log ? explain_log(r, operand, 0) : explain_stream(r, operand, fopen(operand, "r"));
	if (colon != NULL && text_to_long(text_of(colon + 1), &line) && line > 0)
		return explain_log(r, arena_strndup(&r->project->arena, operand, (size_t)(colon - operand)), (uint64_t)line);
	return diagnostics_error(&r->project->diagnostics, ((struct place){NULL, 0, 0}),
		"an event is FILE:LINE, FILE, -, test:NAME, or {event.category: …}, not \"%s\"", operand);
}

/* --- an episode --- */

static int take_episode(void *context, struct event *event)
{
	void **both = context;
	struct request *r = both[0];
	derive_event(r->deriver, event);
	inquest_take(both[1], event);
	return 0;
}

static int explain_episode(struct request *r, const char *operand, size_t *missed)
{
	struct project *project = r->project;
	struct inquest_question question = {
		.catalog = &project->catalog, .detection = r->detection, .accountant = r->accountant};
	struct ledger ledger = {0};
	question.dataset = place_episode(project, operand, &question.episode);
	if (question.dataset == NULL)
		return -1;
	struct inquest *inquest = inquest_new(&question);
	int failed = dataset_read(question.dataset, (struct event_sink){take_episode, (void *[]){r, inquest}}, &ledger,
		&project->diagnostics);
	*missed = inquest_end(inquest);
	if (failed == 0 && r->json.out != NULL)
		inquest_json(inquest, &r->json);
	else if (failed == 0)
		inquest_print(inquest, stdout);
	inquest_free(inquest);
	ledger_free(&ledger);
	return failed;
}

/* --- the verb --- */

static int find_detection(struct request *r)
{
	const struct options *options = r->options;
	char words[HINT_LENGTH];
	if (options->operand_count == 0)
		return 0;
	struct hint hint = {.word = text_of(options->operands[0])};
	hint_detections(&hint, &r->project->catalog);
	r->detection = catalog_detection(&r->project->catalog, text_of(options->operands[0]));
	if (r->detection == NULL)
		return diagnostics_error(&r->project->diagnostics, ((struct place){NULL, 0, 0}),
			"there is no detection \"%s\"%s (mews list detections)", options->operands[0], hint_words(&hint, words));
	return 0;
}

static int explain(struct request *r, size_t *missed)
{
	struct project *project = r->project;
	const char *episode = options_value(r->options, "episode", NULL);
	const struct organization **organizations = NULL;
	struct buffer out = {0};
	struct text as_of;
	size_t count = 0;
	if (project_open(project) != 0 || project_as_of(project, r->options, &as_of) != 0 ||
		project_organizations(project, r->options, &organizations, &count) != 0 || find_detection(r) != 0)
		return -1;
	bool json = strcmp(options_value(r->options, "format", "text"), "json") == 0;
	if (json)
		jsonw_begin(&r->json, &out);
	if (json && episode == NULL)
		jsonw_open(&r->json, '[');
	r->accountant = accountant_new(&project->catalog, organizations, count, as_of);
	r->deriver = deriver_new(&project->catalog);
	int failed = episode != NULL ? explain_episode(r, episode, missed) : explain_operand(r, r->options->operands[1]);
	deriver_free(r->deriver);
	accountant_free(r->accountant);
	if (json && episode == NULL)
		jsonw_close(&r->json, ']');
	if (json && failed == 0)
		printf("%.*s\n", TEXT_ARGS(buffer_view(&out)));
	buffer_free(&out);
	return failed;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct request request = {.project = &project, .options = options};
	const char *format = options_value(options, "format", "text");
	bool episode = options_has(options, "episode");
	size_t missed = 0;
	if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return verb_wrong(&verb_explain, "--format takes text or json, not \"%s\"", format);
	if (episode ? options->operand_count > 1 : options->operand_count != 2)
		return verb_wrong(&verb_explain, "a detection and an event are wanted, or --episode and at most a detection");
	int failed = project_begin(&project, global) != 0 || explain(&request, &missed) != 0;
	return project_end(&project, failed ? EXIT_WRONG : missed > 0 ? EXIT_FINDINGS : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"episode", 'e', "DATASET/EPISODE", "why something fired in an episode or nothing did (default: all that it expects)"},
	{"org", 'O', "ORG", "an organization; may be repeated (default: mews.yaml's, else all)"},
	{"as-of", 0, "DAY", "exceptions that expired before this day do not apply (default: today)"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	{"reader", 'r', "READER", "how a log is read (default: as its dataset says, else told from it)"},
	{"dialect", 'd', "DIALECT", "whose names a json or csv log uses"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_explain = {
	.group = GROUP_MEASURE,
	.name = "explain",
	.usage = "DETECTION FILE:LINE\nDETECTION FILE|-\nDETECTION test:NAME\n"
		 "DETECTION '{event.category: …, event.action: …, …}'\n--episode DATASET/EPISODE [DETECTION]",
	.about = "Shows why a detection matches an event or not, or why nothing fired in an episode",
	.details =
		"An event: each facet with its fields; each condition that asks its category, predicate by predicate, with what\n"
		"stood there and why that holds or not; then what each organization makes of a match: an alert, or which\n"
		"exception, severity or switch decided, and which exception would have if it had not expired.\n"
		"FILE and - hold one event as YAML or JSON; with --reader they are a log, and all its events are explained.\n"
		"FILE:LINE of a dataset is read from the dataset's beginning, as in replay.\n\n"
		"An episode: how many events each expected detection had in scope, the nearest ones with the predicates that were\n"
		"missing, what the recording lacks, and what each organization made of matches. Exit status 1: an alert that the\n"
		"episode expects did not come.",
	.examples = "  mews explain privileged-container 'test:the plain flag'\n"
		    "  mews explain docker-socket-mount '{event.category: process,\n"
		    "      event.action: exec, process.name: docker,\n"
		    "      process.args: [docker, run, -v, /run:/r, box]}'\n"
		    "  mews explain core-pattern-written audit.log:1234    a line of a log\n"
		    "  mews replay -af json | jq .alerts[0].event | mews explain secrets-read -\n"
		    "  mews explain --episode container-attacks-holdout/core-pattern-written\n"
		    "  mews explain -e everyday-holdout/ci-runner --org build-farm\n",
	.see = "replay label",
	.options = options,
	.run = run,
};
