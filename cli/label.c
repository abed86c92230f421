/* label: alerts that nobody has judged, and storing what somebody decided. */
#include "cli/datasets.h"
#include "cli/label_file.h"
#include "cli/place.h"
#include "cli/sightings.h"
#include "replay/measure/json_write.h"
#include "replay/report/show.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

struct request {
	struct project *project;
	const struct options *options;
	char **ids;              /* of events, as the list shows them, or FILE:LINE */
	size_t id_count;
	char **operands;         /* what is replayed */
	size_t operand_count;
	struct datasets datasets;
	struct sightings sightings;
	bool json;
};

static bool exists(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0;
}

static bool is_id(const char *operand)
{
	size_t length = strlen(operand);
	bool good = length == LABEL_ID_LENGTH && !exists(operand);
	for (size_t i = 0; good && i < length; i++)
		good = text_hex_digit(operand[i]) >= 0;
	return good;
}

/* FILE:LINE: the file is replayed, too. */
static char *file_of_place(struct arena *arena, const char *operand, uint64_t *line)
{
	const char *colon = strrchr(operand, ':');
	int64_t number = 0;
	if (colon == NULL || exists(operand) || !text_to_long(text_of(colon + 1), &number) || number < 1)
		return NULL;
	char *file = arena_strndup(arena, operand, (size_t)(colon - operand));
	*line = (uint64_t)number;
	return exists(file) ? file : NULL;
}

static void add_operand(struct request *r, char *operand)
{
	for (size_t i = 0; i < r->operand_count; i++)
		if (strcmp(r->operands[i], operand) == 0)
			return;
	r->operands[r->operand_count++] = operand;
}

static void sort_operands(struct request *r)
{
	struct arena *arena = &r->project->arena;
	const size_t count = r->options->operand_count;
	r->ids = arena_array(arena, count + 1, sizeof(char *));
	r->operands = arena_array(arena, count + 1, sizeof(char *));
	for (size_t i = 0; i < count; i++) {
		char *operand = r->options->operands[i];
		uint64_t line;
		char *file = file_of_place(arena, operand, &line);
		if (is_id(operand) || file != NULL)
			r->ids[r->id_count++] = operand;
		else
			add_operand(r, operand);
		if (file != NULL)
			add_operand(r, file);
	}
}

/* A file of a dataset is replayed as what it is. */
static void find_homes(struct request *r)
{
	struct project *project = r->project;
	char **files = r->operands;
	const size_t count = r->operand_count;
	r->operands = arena_array(&project->arena, count + 1, sizeof(char *));
	r->operand_count = 0;
	for (size_t i = 0; i < count; i++) {
		struct stat status;
		const bool file = stat(files[i], &status) == 0 && S_ISREG(status.st_mode);
		const struct dataset *home = file ? place_of_file(project, files[i]) : NULL;
		add_operand(r, home != NULL ? arena_strdup(&project->arena, home->folder) : files[i]);
	}
}

/* Replays without a baseline (or with that of --org) and keeps what alerted. */
static int look(struct request *r)
{
	struct project *project = r->project;
	struct replay_options how = {.catalog = &project->catalog, .max_rejected = 1, .alert = sightings_alert,
		.event_done = sightings_event_done, .alert_context = &r->sightings};
	struct results *results = NULL;
	if (project_open(project) != 0 || project_as_of(project, r->options, &how.as_of) != 0 ||
		project_jobs(project, r->options, &how.jobs, &how.batch) != 0)
		return -1;
	find_homes(r);
	if (datasets_find(project, r->options, r->operands, r->operand_count, &r->datasets) != 0)
		return -1;
	if (options_has(r->options, "org") &&
		project_organizations(project, r->options, &how.organizations, &how.organization_count) != 0)
		return -1;
	how.datasets = r->datasets.items;
	how.dataset_count = r->datasets.count;
	int failed = replay_run(&how, &results, &project->diagnostics);
	if (results != NULL)
		results_free(results);
	return failed != 0 ? -1
		: sightings_name(&r->sightings, r->datasets.items, r->datasets.count, &project->diagnostics);
}

/* Listing */

static const char *names_of(struct arena *arena, const struct sighting_group *group)
{
	const char *names = "";
	for (size_t i = 0; i < group->detection_count; i++)
		names = arena_printf(arena, "%s%s%.*s", names, i > 0 ? ", " : "", TEXT_ARGS(group->detections[i]->name));
	return names;
}

static const char *when(struct arena *arena, const struct sighting *sighting)
{
	return sighting->time == INT64_MIN ? "" : show_time(arena, sighting->time);
}

static void print_group(struct arena *arena, const struct request *r, const struct sighting_group *group)
{
	const struct sighting *first = &r->sightings.items[group->first];
	const char *time = when(arena, first);
	const char *more = group->count > 1 ? arena_printf(arena, "  and %zu more of its group", group->count - 1) : "";
	const char *line = arena_printf(arena, "%-12s  %s%s%-8s %s  %s:%llu%s%s", first->id[0] != '\0' ? first->id : "-", time,
		time[0] != '\0' ? "  " : "", severity_name(group->severity), names_of(arena, group), first->file,
		(unsigned long long)first->line, group->outcome == OUTCOME_UNATTRIBUTED ? "  (unattributed)" : "", more);
	diagnostic_print_safely(line, stdout);
	fputc('\n', stdout);
	line = arena_printf(arena, "              %.*s%s%.*s", TEXT_ARGS(group->entity), group->entity.length > 0 ? "  " : "",
		TEXT_ARGS(group->fields));
	diagnostic_print_safely(line, stdout);
	fputc('\n', stdout);
}

static void write_group(struct arena *arena, const struct request *r, const struct sighting_group *group, struct buffer *out)
{
	const struct sighting *first = &r->sightings.items[group->first];
	const size_t index = (size_t)(group - r->sightings.groups);
	struct json_write json;
	buffer_clear(out);
	jsonw_begin(&json, out);
	jsonw_open_flat(&json, '{');
	jsonw_key(&json, "id");
	jsonw_string(&json, first->id[0] != '\0' ? first->id : NULL);
	jsonw_key(&json, "dataset");
	jsonw_text(&json, group->dataset->name);
	jsonw_key(&json, "detections");
	jsonw_open_flat(&json, '[');
	for (size_t i = 0; i < group->detection_count; i++)
		jsonw_text(&json, group->detections[i]->name);
	jsonw_close(&json, ']');
	jsonw_key(&json, "severity");
	jsonw_string(&json, severity_name(group->severity));
	jsonw_key(&json, "label");
	jsonw_string(&json, label_name(group->label));
	jsonw_key(&json, "time");
	jsonw_string(&json, first->time == INT64_MIN ? NULL : show_time(arena, first->time));
	jsonw_key(&json, "file");
	jsonw_string(&json, first->file);
	jsonw_key(&json, "line");
	jsonw_unsigned(&json, first->line);
	jsonw_key(&json, "entity");
	jsonw_text(&json, group->entity);
	jsonw_key(&json, "fields");
	jsonw_text(&json, group->fields);
	jsonw_key(&json, "group");
	jsonw_open_flat(&json, '[');
	for (size_t i = group->first; i < r->sightings.count; i++)
		if (r->sightings.items[i].group == index)
			jsonw_string(&json, r->sightings.items[i].id);
	jsonw_close(&json, ']');
	jsonw_close(&json, '}');
}

static void list(const struct request *r)
{
	struct arena arena = {0};
	struct buffer out = {0};
	size_t groups = 0, events = 0;
	if (r->json)
		putchar('[');
	for (size_t i = 0; i < r->sightings.group_count; i++) {
		const struct sighting_group *group = &r->sightings.groups[i];
		if (!sightings_is_open(group))
			continue;
		if (r->json) {
			write_group(&arena, r, group, &out);
			printf("%s\n  %.*s", groups > 0 ? "," : "", TEXT_ARGS(buffer_view(&out)));
		} else {
			print_group(&arena, r, group);
		}
		groups++;
		events += group->count;
		arena_reset(&arena);
	}
	if (r->json)
		puts(groups > 0 ? "\n]" : "]");
	else if (groups == 0)
		puts("No alert waits for a label.");
	else
		printf("\n%zu event%s in %zu group%s to judge. What is it? mews label ID… %s--as malicious|risky|benign --by WHO --why "
		       "TEXT\n(--group: the whole group of each; mews explain DETECTION FILE:LINE shows an event)\n",
			events, events == 1 ? "" : "s", groups, groups == 1 ? "" : "s", r->operand_count > 0 ? "[FILE|DATASET]… " : "");
	buffer_free(&out);
	arena_free(&arena);
}

/* Storing */

/* One decision about some events. */
struct verdict {
	const char *label, *by, *why, *at;
	bool group;
};

/* An operand that names events. */
struct meaning {
	const char *id;
	const char *file; /* of FILE:LINE, or NULL */
	uint64_t line;
	struct stat status;
};

static struct meaning meaning_of(struct request *r, const char *operand)
{
	struct meaning meaning = {.id = operand};
	meaning.file = file_of_place(&r->project->arena, operand, &meaning.line);
	if (meaning.file != NULL && stat(meaning.file, &meaning.status) != 0)
		meaning.file = NULL;
	return meaning;
}

static bool is_meant(const struct meaning *meaning, const struct sighting *sighting)
{
	struct stat status;
	if (meaning->file == NULL)
		return strcmp(sighting->id, meaning->id) == 0;
	return sighting->line == meaning->line && stat(sighting->file, &status) == 0 &&
		status.st_ino == meaning->status.st_ino && status.st_dev == meaning->status.st_dev;
}

/* Marks what the ids mean. -1: one means nothing (reported). */
static int mark(struct request *r, bool group, bool *marked)
{
	struct sightings *s = &r->sightings;
	int failed = 0;
	for (size_t i = 0; i < r->id_count; i++) {
		const struct meaning meaning = meaning_of(r, r->ids[i]);
		size_t found = 0;
		for (size_t k = 0; k < s->count; k++) {
			if (!is_meant(&meaning, &s->items[k]))
				continue;
			found++;
			if (s->items[k].id[0] == '\0')
				failed = diagnostics_error(&r->project->diagnostics, ((struct place){s->items[k].file, 0, 0}),
					"what cannot be read again cannot be labelled: keep it in a file");
			for (size_t j = 0; j < s->count; j++)
				marked[j] |= j == k || (group && s->items[j].group == s->items[k].group);
		}
		if (found == 0)
			failed = diagnostics_error(&r->project->diagnostics, ((struct place){NULL, 0, 0}),
				"no alert of %s is of an event \"%s\" (mews label%s lists those that wait; name the file it is in)",
				r->operand_count > 0 ? "what was replayed" : "the corpus", r->ids[i], r->operand_count > 0 ? " FILE" : "");
	}
	return failed;
}

static int put(struct request *r, const struct sighting *sighting, const struct verdict *verdict, struct label_file *file,
	const char *path, size_t *changed)
{
	static const char *const words[] = {[LABEL_ADDED] = "new", [LABEL_CHANGED] = "changed", [LABEL_SAME] = "as before"};
	struct arena *arena = &r->project->arena;
	const struct sighting_group *group = &r->sightings.groups[sighting->group];
	const char **names = arena_array(arena, group->detection_count, sizeof *names);
	enum label_change change;
	struct text before;
	for (size_t i = 0; i < group->detection_count; i++)
		names[i] = arena_strndup(arena, group->detections[i]->name.data, group->detections[i]->name.length);
	const struct label_entry entry = {.id = sighting->id, .file = labels_name(sighting->dataset, sighting->file),
		.line = sighting->line, .time = when(arena, sighting), .detections = names, .detection_count = group->detection_count,
		.label = verdict->label, .by = verdict->by, .why = verdict->why, .at = verdict->at};
	if (label_file_put(file, &entry, &change, &before, &r->project->diagnostics) != 0)
		return -1;
	*changed += change != LABEL_SAME;
	const char *was = change == LABEL_CHANGED ? arena_printf(arena, " (was %.*s)", TEXT_ARGS(before)) : "";
	diagnostic_print_safely(arena_printf(arena, "%s  %s%s  %s  %s:%llu  %s in %s", sighting->id, verdict->label, was,
		names_of(arena, group), sighting->file, (unsigned long long)sighting->line, words[change], path), stdout);
	fputc('\n', stdout);
	return 0;
}

/* All marked events of one label file after another; nothing is written where one of them fails. */
static int store(struct request *r, const struct verdict *verdict, const bool *marked)
{
	struct arena *arena = &r->project->arena;
	struct sightings *s = &r->sightings;
	struct label_file **files = arena_array(arena, s->count + 1, sizeof *files);
	const char **paths = arena_array(arena, s->count + 1, sizeof *paths);
	size_t count = 0, changed = 0;
	int failed = 0;
	for (size_t i = 0; i < s->count && failed == 0; i++) {
		size_t at = 0;
		if (!marked[i])
			continue;
		const char *path = labels_path(arena, s->items[i].dataset, s->items[i].file);
		while (at < count && strcmp(paths[at], path) != 0)
			at++;
		if (at == count) {
			paths[count] = path;
			files[count] = label_file_open(arena, path, &r->project->diagnostics);
			if (files[count++] == NULL)
				return -1;
		}
		failed = put(r, &s->items[i], verdict, files[at], path, &changed);
	}
	for (size_t i = 0; i < count && failed == 0; i++)
		failed = label_file_write(files[i], &r->project->diagnostics);
	if (failed == 0 && changed == 0)
		puts("Nothing changed.");
	return failed;
}

static const char *time_now(struct arena *arena)
{
	char now[32];
	const time_t seconds = time(NULL);
	struct tm parts;
	gmtime_r(&seconds, &parts);
	strftime(now, sizeof now, "%Y-%m-%dT%H:%M:%SZ", &parts);
	return arena_strdup(arena, now);
}

/* Asking */

/* A line of the answer, without blanks at its ends; NULL: there is no more. */
static const char *ask(struct arena *arena, const char *question)
{
	char line[1024];
	fputs(question, stdout);
	fflush(stdout);
	if (fgets(line, sizeof line, stdin) == NULL)
		return NULL;
	const struct text answer = text_trim(text_of(line));
	return arena_strndup(arena, answer.data, answer.length);
}

static const char *ask_until(struct arena *arena, const char *question)
{
	const char *answer;
	do
		answer = ask(arena, question);
	while (answer != NULL && answer[0] == '\0');
	return answer;
}

/* What a letter means; NULL: something else. A capital letter is for the whole group. */
static const char *label_of_letter(char letter)
{
	static const char letters[] = "mrb";
	static const char *const labels[] = {"malicious", "risky", "benign"};
	const char *at = letter != '\0' ? strchr(letters, letter | 0x20) : NULL;
	return at != NULL ? labels[at - letters] : NULL;
}

/* One group. 1: enough; -1: reported. */
static int ask_about(struct request *r, const struct sighting_group *group, const char *by)
{
	struct arena *arena = &r->project->arena;
	const char *answer = "?";
	struct verdict verdict = {.by = by, .at = time_now(arena)};
	print_group(arena, r, group);
	while (verdict.label == NULL) {
		answer = ask(arena, group->count > 1 ? "m(alicious) r(isky) b(enign), in capitals for the whole group; s(kip) q(uit) > "
			: "m(alicious) r(isky) b(enign) s(kip) q(uit) > ");
		if (answer == NULL || answer[0] == 'q')
			return 1;
		if (answer[0] == 's' || answer[0] == '\0')
			return 0;
		verdict.label = label_of_letter(answer[0]);
	}
	verdict.group = answer[0] < 'a';
	verdict.why = ask_until(arena, "why > ");
	if (verdict.why == NULL)
		return 1;
	bool *marked = arena_array(arena, r->sightings.count + 1, sizeof *marked);
	const size_t index = (size_t)(group - r->sightings.groups);
	for (size_t i = group->first; i < r->sightings.count; i++)
		marked[i] = i == group->first || (verdict.group && r->sightings.items[i].group == index);
	return store(r, &verdict, marked);
}

/* Group by group; each answer is stored at once. */
static int ask_all(struct request *r)
{
	struct arena *arena = &r->project->arena;
	const char *by = options_value(r->options, "by", NULL);
	size_t asked = 0;
	int status = 0;
	for (size_t i = 0; i < r->sightings.group_count && status == 0; i++) {
		const struct sighting_group *group = &r->sightings.groups[i];
		if (!sightings_is_open(group) || r->sightings.items[group->first].id[0] == '\0')
			continue;
		if (by == NULL && (by = ask_until(arena, "Who decides? > ")) == NULL)
			break;
		asked++;
		status = ask_about(r, group, by);
	}
	if (asked == 0)
		puts("No alert waits for a label.");
	return status < 0 ? -1 : 0;
}

static int label(struct request *r)
{
	struct arena *arena = &r->project->arena;
	const struct verdict verdict = {.label = options_value(r->options, "as", NULL), .by = options_value(r->options, "by", NULL),
		.why = options_value(r->options, "why", NULL), .at = time_now(arena), .group = options_has(r->options, "group")};
	if (look(r) != 0)
		return -1;
	if (options_has(r->options, "interactive"))
		return ask_all(r);
	if (verdict.label == NULL) {
		list(r);
		return 0;
	}
	bool *marked = arena_array(arena, r->sightings.count + 1, sizeof *marked);
	return mark(r, verdict.group, marked) != 0 ? -1 : store(r, &verdict, marked);
}

/* What is wrong with the words, or NULL. */
static const char *check_words(const struct request *r)
{
	const char *as = options_value(r->options, "as", NULL), *by = options_value(r->options, "by", NULL);
	const char *why = options_value(r->options, "why", NULL);
	enum label known;
	if (options_has(r->options, "interactive"))
		return as != NULL || why != NULL || r->json || r->id_count > 0
			? "--interactive asks by itself: only --by may be said"
			: NULL;
	if (as == NULL && (by != NULL || why != NULL || options_has(r->options, "group")))
		return "--by, --why and --group go with --as malicious, risky or benign";
	if (as == NULL)
		return r->id_count > 0 ? "say what the event is: --as malicious, risky or benign" : NULL;
	if (!label_from_name(text_of(as), &known) || known == LABEL_UNKNOWN)
		return "--as takes malicious, risky or benign, nothing else";
	if (r->id_count == 0)
		return "name the events to label by the ids that mews label lists, or as FILE:LINE";
	if (by == NULL || why == NULL)
		return "a decision says by whom it is (--by) and why (--why)";
	return NULL;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct request request = {.project = &project, .options = options};
	const char *format = options_value(options, "format", "text");
	if (strcmp(format, "text") != 0 && strcmp(format, "json") != 0)
		return verb_wrong(&verb_label, "--format takes text or json, not \"%s\"", format);
	request.json = strcmp(format, "json") == 0;
	int failed = project_begin(&project, global);
	sort_operands(&request);
	const char *wrong = check_words(&request);
	if (wrong != NULL) {
		project_end(&project, EXIT_WRONG);
		return verb_wrong(&verb_label, "%s", wrong);
	}
	if (failed == 0)
		failed = label(&request);
	sightings_free(&request.sightings);
	return project_end(&project, failed != 0 ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"as", 'a', "LABEL", "what the events are: malicious, risky (bad practice, no attack) or benign"},
	{"by", 'b', "WHO", "who decided"},
	{"why", 'w', "TEXT", "why"},
	{"group", 'g', NULL, "also all other events of each one's group (same detections and entity, five minutes)"},
	{"interactive", 'i', NULL, "ask about each group in turn; every answer is stored at once"},
	{"org", 'O', "ORG", "only what this organization's baseline lets through; may be repeated (default: no baseline)"},
	{"format", 'f', "FORMAT", "text (default) or json, for the list"},
	{"use", 'u', "USE", "only datasets of use develop or hold-out"},
	{"as-of", 0, "DAY", "exceptions that expired before this day do not apply (default: today)"},
	{"reader", 'r', "READER", "how plain files are read (default: told from them)"},
	{"dialect", 'd', "DIALECT", "whose names json and csv files use"},
	{"year", 0, "YEAR", "of the first line, where times name no year (default: told from the file)"},
	OPTION_JOBS,
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_label = {
	.group = GROUP_MEASURE,
	.name = "label",
	.usage = "[OPTION]… [DATASET|FOLDER|FILE]…\nID… --as LABEL --by WHO --why TEXT [OPTION]… [DATASET|FOLDER|FILE]…",
	.about = "Lists alerts that nobody has judged, and stores what somebody decides about them",
	.details = "The first form replays and lists alerts on events of unknown label, and those in an attack's episode that it\n"
		   "does not expect, in groups, each with the id of its first event, the place, and the fields that matched. The\n"
		   "second form stores a decision about events, by their ids or as FILE:LINE: beside a plain file in\n"
		   "FILE.labels.yaml, in a dataset's folder in labels.yaml, never in the data. Replay applies it from then on. What\n"
		   "stands in a label file stays as it is; a decision about the same event is changed. See docs/corpus.md.",
	.examples = "  mews label                                      what the project's corpus leaves open\n"
		    "  mews label /var/log/audit/audit.log              your own log\n"
		    "  mews label 5b0c7d21e9aa audit.log --as benign --by soc --why \"backup\" --group\n"
		    "  mews label -i --by soc audit.log                asks, one group after the other\n"
		    "  mews label audit.log:1487 --as malicious --by soc --why \"incident 42\"\n",
	.see = "replay explain",
	.options = options,
	.run = run,
};
