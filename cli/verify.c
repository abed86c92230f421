/* verify: rules against the conditions that they claim to mean, over recorded events and events made for the purpose. */
#include "catalog/made_sequence.h"
#include "cli/alike.h"
#include "cli/datasets.h"
#include "cli/packs.h"
#include "cli/trial_report.h"
#include "replay/derive/derive.h"
#include "replay/engine/engine.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MADE_FOR_EXCEPTION = 400, VARIED_MOST = 16, FILE_MOST = 64 << 20,
	ACROSS_EVERY = 16 }; /* of the events made for a detection, one in so many is judged by the rules of all others, too */

struct request {
	struct project *project;
	const struct options *options;
	struct packs packs;
	struct text as_of;
	struct text *only; /* names of detections, conditions or rules; none: all */
	size_t only_count;
	struct datasets datasets;
	bool made, corpus, json, all, across;
	const char *folder;     /* of a pack that was written, or NULL */
	struct trial **trials;
	size_t trial_count;
	struct pack_summary *summaries; /* beside trials: whose texts the judges point into */
	struct pack_summary made_now;   /* beside a pack that was written: the one that the catalog makes */
	struct deriver *deriver;
	struct catalog chained; /* the catalog with those detections alone that have sequences and are asked */
	struct engine *engine;  /* over these; NULL: there are none */
	const char *origin;     /* of the events at hand */
	struct alike *alike;    /* recorded events so far; NULL: each is judged, those made and those of a pack that was edited */
	const struct organization *organization; /* whose trials see them */
	bool everybody;         /* all trials do */
	const struct target *varied; /* whose trials alone do; NULL: those of all targets */
};

/* --- packs --- */

static int read_file(struct request *r, const char *path, struct text *text)
{
	struct diagnostics *d = &r->project->diagnostics;
	struct buffer content = {0};
	char block[1 << 16];
	size_t got;
	FILE *file = fopen(path, "rb");
	if (file == NULL)
		return diagnostics_error(d, ((struct place){path, 0, 0}), "cannot be opened");
	while ((got = fread(block, 1, sizeof block, file)) > 0 && content.length < FILE_MOST)
		buffer_add(&content, block, got);
	bool failed = ferror(file) != 0 || content.length >= FILE_MOST;
	fclose(file);
	*text = text_copy(&r->project->arena, buffer_view(&content));
	buffer_free(&content);
	return failed ? diagnostics_error(d, ((struct place){path, 0, 0}), "cannot be read whole") : 0;
}

static int by_name(const void *a, const void *b)
{
	return text_compare(((const struct pack_text *)a)->name, ((const struct pack_text *)b)->name);
}

/* All files of the folder, and of folders in it. */
static int read_folder(struct request *r, struct pack_summary *summary, const char *folder, const char *below, int depth)
{
	DIR *directory = opendir(folder);
	int failed = 0;
	if (directory == NULL)
		return diagnostics_error(&r->project->diagnostics, ((struct place){folder, 0, 0}), "is no folder that can be read");
	for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
		struct stat status;
		const char *path = arena_printf(&r->project->arena, "%s/%s", folder, entry->d_name);
		const char *name = arena_printf(&r->project->arena, "%s%s", below, entry->d_name);
		struct text content;
		if (entry->d_name[0] == '.' || stat(path, &status) != 0)
			continue;
		if (S_ISDIR(status.st_mode) && depth < 3) {
			failed |= read_folder(r, summary, path, arena_printf(&r->project->arena, "%s/", name), depth + 1);
			continue;
		}
		if (!S_ISREG(status.st_mode) || read_file(r, path, &content) != 0) {
			failed |= S_ISREG(status.st_mode) ? -1 : 0;
			continue;
		}
		summary->texts = arena_grow(&summary->arena, summary->texts, summary->text_count, sizeof *summary->texts);
		summary->texts[summary->text_count++] = (struct pack_text){text_of(name), content};
	}
	closedir(directory);
	return failed;
}

/* Beside the pack that the catalog makes; where a pack is just that, there is nothing to compare. */
static int compare_made(struct request *r, struct trial *trial, const struct pack_summary *written)
{
	struct pack_summary *made = &r->made_now;
	bool same = written->text_count == made->text_count;
	if (made->text_count > 0)
		qsort(made->texts, made->text_count, sizeof *made->texts, by_name);
	for (size_t i = 0; i < made->text_count && same; i++)
		same = text_equal(written->texts[i].name, made->texts[i].name) &&
			text_equal(written->texts[i].content, made->texts[i].content);
	return same ? 0 : trial_compare(trial, made->texts, made->text_count, &r->project->diagnostics);
}

static int open_trial(struct request *r, const struct target *target, const struct organization *organization)
{
	struct diagnostics *d = &r->project->diagnostics;
	struct pack_summary *summary = &r->summaries[r->trial_count];
	struct pack_request request = {.catalog = &r->project->catalog, .organization = organization, .target = target,
		.as_of = r->as_of};
	int failed = r->folder != NULL ? read_folder(r, summary, r->folder, "", 0) : pack_build(&request, summary, d);
	if (failed == 0 && summary->text_count > 0)
		qsort(summary->texts, summary->text_count, sizeof *summary->texts, by_name);
	struct trial *trial = failed == 0 ? trial_new(&request, summary->texts, summary->text_count, d) : NULL;
	if (trial == NULL) {
		pack_summary_free(summary);
		return -1;
	}
	r->trials[r->trial_count++] = trial;
	if (r->folder != NULL && (pack_build(&request, &r->made_now, d) != 0 || compare_made(r, trial, summary) != 0))
		return -1;
	trial_ask_only(trial, r->only, r->only_count);
	return 0;
}

static int open_trials(struct request *r)
{
	size_t most = r->packs.target_count * r->packs.organization_count;
	r->trials = arena_array(&r->project->arena, most + 1, sizeof *r->trials);
	r->summaries = arena_array(&r->project->arena, most + 1, sizeof *r->summaries);
	for (size_t i = 0; i < r->packs.target_count; i++)
		for (size_t k = 0; k < r->packs.organization_count; k++)
			if (open_trial(r, r->packs.targets[i], r->packs.organizations[k]) != 0)
				return -1;
	return 0;
}

/* --- events --- */

/* Earlier events of which the engine knows by now what sequences end in them. */
static void take_settled(struct request *r)
{
	const struct settled *settled;
	while ((settled = engine_settled(r->engine)) != NULL) {
		struct trial_event what = {settled->event, r->origin};
		for (size_t i = 0; i < settled->matches.count; i++) {
			const struct match *match = &settled->matches.items[i];
			const struct detection *detection = r->chained.detections[match->detection];
			for (size_t k = 0; k < match->count; k++) {
				const struct condition *condition = detection->conditions[match->hits[k].condition];
				for (size_t t = 0; t < r->trial_count && condition->sequence != NULL; t++)
					trial_sequence_ends(r->trials[t], condition, &what);
			}
		}
	}
}

static int take(void *context, struct event *event)
{
	struct request *r = context;
	struct arena scratch = {0};
	struct trial_event what = {event, r->origin};
	derive_event(r->deriver, event);
	bool again = r->alike != NULL && alike_known(r->alike, event);
	for (size_t i = 0; i < r->trial_count; i++)
		if ((r->everybody || r->trials[i]->organization == r->organization) &&
			(r->varied == NULL || r->trials[i]->target == r->varied))
			(again ? trial_take_again : trial_take)(r->trials[i], &what, &scratch);
	if (r->engine != NULL) {
		struct matches matches;
		engine_match(r->engine, event, &matches);
		take_settled(r);
	}
	arena_free(&scratch);
	return 0;
}

static void begin_recording(struct request *r, const struct dataset *dataset, const char *origin)
{
	deriver_reset(r->deriver, dataset);
	if (r->engine != NULL)
		engine_begin(r->engine);
	for (size_t i = 0; i < r->trial_count; i++)
		trial_reset(r->trials[i]);
	r->origin = origin;
	r->everybody = true;
}

static void end_recording(struct request *r)
{
	if (r->engine == NULL)
		return;
	engine_finish(r->engine);
	take_settled(r);
	for (size_t i = 0; i < r->trial_count; i++)
		trial_end(r->trials[i]);
}

static int replay_corpus(struct request *r)
{
	struct project *project = r->project;
	int failed = 0;
	r->alike = r->folder == NULL ? alike_new(&project->catalog) : NULL;
	for (size_t i = 0; i < r->datasets.count; i++) {
		const struct dataset *dataset = r->datasets.items[i];
		struct ledger ledger = {0};
		begin_recording(r, dataset, arena_strndup(&project->arena, dataset->name.data, dataset->name.length));
		failed |= dataset_read(dataset, (struct event_sink){take, r}, &ledger, &project->diagnostics);
		end_recording(r);
		ledger_free(&ledger);
	}
	alike_free(r->alike);
	r->alike = NULL;
	return failed;
}

/* An event on its own: nothing came before it. False: the target knows no such other way of it. */
static bool take_alone(struct request *r, struct arena *arena, const struct made *made, const char *origin, size_t way)
{
	struct event event;
	event_begin(&event, arena, &r->project->catalog.registry);
	made_event(made, &event);
	if (r->varied != NULL && !r->varied->judging->vary(&event, way))
		return false;
	begin_recording(r, NULL, origin);
	r->everybody = r->organization == NULL;
	take(r, &event);
	end_recording(r);
	return true;
}

/* The same in all other ways that a target tells apart. */
static void take_ways(struct request *r, struct arena *arena, const struct made *made, const char *origin)
{
	for (size_t i = 0; i < r->packs.target_count; i++) {
		r->varied = r->packs.targets[i];
		for (size_t way = 0; r->varied->judging->vary != NULL && take_alone(r, arena, made,
			arena_printf(arena, "%s, in another way", origin), way); way++)
			continue;
	}
	r->varied = NULL;
}

/* A sequence: events that end in a match, and all of them but the first. */
static void take_chain(struct request *r, const struct condition *condition, const char *purpose)
{
	struct arena arena = {0};
	struct making making = {.arena = &arena, .registry = &r->project->catalog.registry, .evaluator = evaluator_new()};
	struct made_chain chain;
	bool found = made_chain(&making, condition, &chain);
	for (size_t first = 0; found && first < 2; first++) {
		begin_recording(r, NULL, arena_printf(&r->project->arena, "made for %s%s", purpose,
					   first > 0 ? ", without its first event" : ""));
		for (size_t i = first; i < chain.count; i++) {
			struct event event;
			event_begin(&event, &arena, &r->project->catalog.registry);
			test_event_make(&chain.events[i], &event);
			event.line = i + 1;
			take(r, &event);
		}
		end_recording(r);
	}
	evaluator_free(making.evaluator);
	arena_free(&arena);
}

static void narrow(struct request *r, const struct detection *detection)
{
	for (size_t i = 0; i < r->trial_count; i++)
		trial_narrow(r->trials[i], detection);
}

static bool is_drawn(const struct request *r, size_t event)
{
	return r->across || event % ACROSS_EVERY == 0;
}

/* Those that are drawn are judged by all rows, the others by those of the detection that they were made for. */
static void take_made_part(struct request *r, const struct made_list *list, const char *purpose, bool drawn)
{
	struct arena one = {0};
	size_t varied = 0;
	for (size_t i = 0; i < list->count; i++) {
		bool vary = (list->items[i].holds || list->items[i].derived) && varied++ < VARIED_MOST;
		if (is_drawn(r, i) != drawn)
			continue;
		const char *origin = arena_printf(&one, "made for %s, event %zu", purpose, i + 1);
		take_alone(r, &one, &list->items[i], origin, 0);
		if (vary)
			take_ways(r, &one, &list->items[i], origin);
		arena_reset(&one);
	}
	arena_free(&one);
}

static void take_made(struct request *r, const struct detection *detection, const struct condition *condition,
	const char *purpose, size_t most)
{
	struct arena arena = {0};
	struct making making = {.arena = &arena, .registry = &r->project->catalog.registry, .clients = &r->project->catalog.clients,
		.evaluator = evaluator_new(), .most = most};
	struct made_list list;
	made_events(&making, condition, &list);
	take_made_part(r, &list, purpose, true);
	if (!r->across) {
		narrow(r, detection);
		take_made_part(r, &list, purpose, false);
		narrow(r, NULL);
	}
	evaluator_free(making.evaluator);
	arena_free(&arena);
}

/* The condition's events where the exception decides: both trees in one condition. */
static void take_excepted(struct request *r, const struct detection *detection, const struct condition *condition,
	const struct exception *exception)
{
	struct arena arena = {0};
	struct node *children[] = {condition->root, node_not(&arena, exception->condition->root)};
	struct condition both = *condition;
	if (condition->sequence != NULL || exception_expired(exception, r->as_of))
		return;
	both.root = node_and(&arena, children, 2);
	take_made(r, detection, &both, arena_printf(&arena, "%.*s, %.*s, but %.*s", TEXT_ARGS(detection->name),
		TEXT_ARGS(condition->name), TEXT_ARGS(exception->name)), MADE_FOR_EXCEPTION);
	arena_free(&arena);
}

static void made_for_organization(struct request *r, const struct organization *organization,
	const struct detection *detection)
{
	for (size_t i = 0; i < detection->condition_count; i++) {
		r->organization = NULL;
		for (size_t k = 0; organization == NULL && k < detection->exception_count; k++)
			take_excepted(r, detection, detection->conditions[i], &detection->exceptions[k]);
		r->organization = organization;
		for (size_t k = 0; organization != NULL && k < organization->exception_count; k++)
			if (exception_covers(&organization->exceptions[k], detection))
				take_excepted(r, detection, detection->conditions[i], &organization->exceptions[k]);
	}
	r->organization = NULL;
}

/* A name that is no detection's may be a rule's of any. */
static bool concerns(const struct request *r, const struct detection *detection)
{
	bool all = r->only_count == 0;
	for (size_t i = 0; i < r->only_count; i++)
		all = all || catalog_detection(&r->project->catalog, r->only[i]) == NULL;
	return all || text_among(r->only, r->only_count, detection->name);
}

static void replay_made(struct request *r)
{
	const struct catalog *catalog = &r->project->catalog;
	struct arena arena = {0};
	for (size_t i = 0; i < catalog->detection_count; i++) {
		const struct detection *detection = catalog->detections[i];
		if (!concerns(r, detection))
			continue;
		for (size_t k = 0; k < detection->condition_count; k++) {
			const struct condition *condition = detection->conditions[k];
			if (condition->sequence != NULL)
				take_chain(r, condition, arena_printf(&arena, "%.*s, %.*s", TEXT_ARGS(detection->name),
					TEXT_ARGS(condition->name)));
			else
				take_made(r, detection, condition, arena_printf(&arena, "%.*s, %.*s", TEXT_ARGS(detection->name),
					TEXT_ARGS(condition->name)), 0);
		}
		for (size_t k = 0; k < r->packs.organization_count; k++)
			made_for_organization(r, r->packs.organizations[k], detection);
		arena_reset(&arena);
	}
	arena_free(&arena);
}

/* --- the verb --- */

/* Targets first, then what to replay. */
static int read_operands(struct request *r)
{
	const struct options *options = r->options;
	size_t targets_named = 0;
	while (targets_named < options->operand_count && packs_is_target(options->operands[targets_named]))
		targets_named++;
	if (targets_named == 0 && options->operand_count > 0)
		return packs_add_target(r->project, &r->packs, options->operands[0]);
	for (size_t i = 0; i < targets_named; i++) {
		const char *word = options->operands[i];
		for (const struct target *target = targets; strcmp(word, "all") == 0 && target->name != NULL; target++)
			if (target->judging != NULL && packs_add_target(r->project, &r->packs, target->name) != 0)
				return -1;
		if (strcmp(word, "all") != 0 && packs_add_target(r->project, &r->packs, word) != 0)
			return -1;
	}
	if (r->packs.target_count == 0)
		return diagnostics_error(&r->project->diagnostics, ((struct place){NULL, 0, 0}), "no target's packs can be judged");
	if (!r->corpus)
		return 0;
	return datasets_find(r->project, options, options->operands + targets_named, options->operand_count - targets_named,
		&r->datasets);
}

static bool has_sequences(const struct detection *detection)
{
	for (size_t i = 0; i < detection->condition_count; i++)
		if (detection->conditions[i]->sequence != NULL)
			return true;
	return false;
}

/* What single events mean is the trials' to say. The engine says where sequences end. */
static void open_engine(struct request *r)
{
	const struct catalog *catalog = &r->project->catalog;
	r->chained = *catalog;
	r->chained.detections = arena_array(&r->project->arena, catalog->detection_count + 1, sizeof(struct detection *));
	r->chained.detection_count = 0;
	for (size_t i = 0; i < catalog->detection_count; i++)
		if (has_sequences(catalog->detections[i]) && concerns(r, catalog->detections[i]))
			r->chained.detections[r->chained.detection_count++] = catalog->detections[i];
	if (r->chained.detection_count > 0)
		r->engine = engine_new(&r->chained);
}

static void read_names(struct request *r)
{
	const char **names;
	r->only_count = options_values(r->options, &r->project->arena, "rules", &names);
	r->only = arena_array(&r->project->arena, r->only_count + 1, sizeof *r->only);
	for (size_t i = 0; i < r->only_count; i++)
		r->only[i] = text_of(names[i]);
}

static int verify(struct request *r)
{
	struct project *project = r->project;
	read_names(r);
	if (project_open(project) != 0 || read_operands(r) != 0 || packs_organizations(project, r->options, &r->packs) != 0 ||
		project_as_of(project, r->options, &r->as_of) != 0)
		return -1;
	if (r->folder != NULL && (r->packs.target_count != 1 || r->packs.organization_count != 1))
		return diagnostics_error(&project->diagnostics, ((struct place){r->folder, 0, 0}),
			"a pack that was written is one target's, for one organization: name both (--org plain)");
	if (open_trials(r) != 0)
		return -1;
	r->deriver = deriver_new(&project->catalog);
	open_engine(r);
	int failed = r->corpus ? replay_corpus(r) : 0;
	if (r->made)
		replay_made(r);
	deriver_free(r->deriver);
	engine_free(r->engine);
	return failed;
}

static enum exit_status finish(struct request *r)
{
	size_t wrong = 0;
	for (size_t i = 0; i < r->trial_count; i++) {
		wrong += trial_wrong(r->trials[i]);
		if (!r->json)
			trial_print(r->trials[i], r->all, stdout);
	}
	if (r->json)
		trials_json(r->trials, r->trial_count, stdout);
	else
		printf("%s\n", wrong == 0 ? "No claim is wrong." : "Claims are wrong: see above.");
	return wrong > 0 ? EXIT_FINDINGS : EXIT_FINE;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	const char *format = options_value(options, "format", "text");
	struct request r = {.project = &project, .options = options, .json = strcmp(format, "json") == 0,
		.folder = options_value(options, "pack", NULL), .all = options_has(options, "all"),
		.across = options_has(options, "across"),
		.made = !options_has(options, "corpus-only"), .corpus = !options_has(options, "made-only")};
	if (!r.json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_verify, "--format takes text or json, not \"%s\"", format);
	if (options->operand_count == 0)
		return verb_wrong(&verb_verify, "name a target, or all");
	if (!r.made && !r.corpus)
		return verb_wrong(&verb_verify, "--made-only and --corpus-only leave nothing to verify with");
	int failed = project_begin(&project, global) != 0 || verify(&r) != 0;
	enum exit_status status = failed ? EXIT_WRONG : finish(&r);
	for (size_t i = 0; i < r.trial_count; i++) {
		trial_free(r.trials[i]);
		pack_summary_free(&r.summaries[i]);
	}
	pack_summary_free(&r.made_now);
	return project_end(&project, status);
}

static const struct option_spec options[] = {
	{"org", 'O', "ORG", "an organization, or plain; may be repeated (default: plain and all)"},
	{"pack", 'p', "DIR", "the pack that stands there, held against the one that the catalog makes, too"},
	{"made-only", 'm', NULL, "only events made for the purpose"},
	{"across", 0, NULL, "events made for one detection are judged by the rules of all: slow (default: one in 16 of them)"},
	{"corpus-only", 'c', NULL, "only recorded events"},
	{"rules", 'R', "NAME", "only rows of this detection, condition or rule; may be repeated"},
	{"all", 'a', NULL, "every row, with what differs within its claim"},
	{"as-of", 0, "DAY", "exceptions that expired before this day are left out (default: today)"},
	{"use", 'u', "USE", "only datasets of use develop or hold-out"},
	{"reader", 'r', "READER", "how plain files are read (default: told from them)"},
	{"dialect", 'd', "DIALECT", "whose names json and csv files use"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_verify = {
	.group = GROUP_RULES,
	.name = "verify",
	.usage = "TARGET… [OPTION]… [DATASET|FOLDER|FILE]…",
	.about = "Checks that rules mean what their conditions mean, as far as they claim to",
	.details = "Each rule is read back from its text and asked of events as its target sees them; each condition is asked\n"
		   "of the events themselves. A rule that claims `exact` and differs once, `wider` and misses once, or `collects` and\n"
		   "does not record, is a wrong claim: exit status 1; so is a rule of --pack that is wrong about an event on which\n"
		   "the rule that the catalog makes is right. Events are the corpus's, or those of the files named, and\n"
		   "events made for each condition: values that meet its predicates, just miss them, and lack them.",
	.examples = "  mews verify all                                 every target, plain and every organization\n"
		    "  mews verify falco --org plain --made-only       without a corpus\n"
		    "  mews verify sigma --org plain --pack packs/sigma/plain   a pack as it was deployed\n"
		    "  mews verify falco --rules docker-socket-mount --all      what differs for one detection\n",
	.see = "generate explain",
	.options = options,
	.run = run,
};
