/* labels: see labels.h. */
#include "replay/readers/labels.h"

#include "catalog/yaml_form.h"
#include "replay/readers/files.h"

#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Where an event is more than its first line, so much of it is looked at, too. */
enum { MORE_LINES = 32, MORE_BYTES = 256 };

/* A dataset of plain files has no description. */
static bool is_plain(const struct dataset *dataset)
{
	return dataset->use == USE_NONE;
}

const char *labels_path(struct arena *arena, const struct dataset *dataset, const char *file)
{
	if (is_plain(dataset))
		return arena_printf(arena, "%s.labels.yaml", file);
	return arena_printf(arena, "%s/labels.yaml", dataset->folder);
}

const char *labels_name(const struct dataset *dataset, const char *file)
{
	const size_t length = strlen(dataset->folder);
	if (is_plain(dataset))
		return "";
	return strncmp(file, dataset->folder, length) == 0 && file[length] == '/' ? file + length + 1 : file;
}

/* Ids: one pass over each file */

static const struct source *source_of(const struct dataset *dataset, const char *file)
{
	for (size_t i = 0; i < dataset->source_count; i++)
		for (size_t k = 0; k < dataset->sources[i].file_count; k++)
			if (strcmp(dataset->sources[i].files[k], file) == 0)
				return &dataset->sources[i];
	return NULL;
}

/* Does an event go on behind this first line, which alone says little? */
static bool goes_on(const struct source *source, struct text first)
{
	const char *reader = source->reader->name;
	if (strcmp(reader, "compose") == 0 || strcmp(reader, "kubernetes") == 0)
		return true;
	return text_trim(first).length <= 2 && strcmp(reader, "json") == 0;
}

/* An id in the making: lines are added until there is enough. */
struct making_id {
	struct labelled_place *place;
	struct sha256_ctx hash;
	size_t lines, bytes;
	bool more;
};

static void add_line(struct making_id *making, struct text line)
{
	sha256_update(&making->hash, line.length, (const uint8_t *)line.data);
	sha256_update(&making->hash, 1, (const uint8_t *)"\n");
	making->lines++;
	making->bytes += line.length;
	if (making->lines >= MORE_LINES || making->bytes >= MORE_BYTES)
		making->more = false;
}

static void begin_id(struct making_id *making, const struct dataset *dataset, struct labelled_place *place)
{
	const char *name = labels_name(dataset, place->file);
	char number[24];
	int length = snprintf(number, sizeof number, "%llu", (unsigned long long)place->line);
	*making = (struct making_id){.place = place};
	sha256_init(&making->hash);
	sha256_update(&making->hash, strlen(name) + 1, (const uint8_t *)name);
	sha256_update(&making->hash, (size_t)length + 1, (const uint8_t *)number);
}

static void end_id(struct making_id *making)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_SIZE];
	char *id = making->place->id;
	sha256_digest(&making->hash, sizeof digest, digest);
	for (size_t i = 0; i < LABEL_ID_LENGTH; i++)
		id[i] = digits[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4];
	id[LABEL_ID_LENGTH] = '\0';
}

static int by_place(const void *a, const void *b)
{
	const struct labelled_place *const *one = a, *const *other = b;
	int order = strcmp((*one)->file, (*other)->file);
	return order ? order : ((*one)->line > (*other)->line) - ((*one)->line < (*other)->line);
}

/* The ids of some places of one file, sorted by line. */
static int ids_in_file(const struct dataset *dataset, struct labelled_place **places, size_t count, struct diagnostics *d)
{
	const char *file = places[0]->file;
	const struct source *source = source_of(dataset, file);
	struct stat status;
	if (source == NULL || strcmp(file, "-") == 0 || stat(file, &status) != 0 || !S_ISREG(status.st_mode))
		return 0;
	struct input *input = input_open(file, d);
	if (input == NULL)
		return -1;
	struct making_id *open = mem_alloc(count * sizeof *open);
	size_t first = 0, begun = 0;
	struct input_line line;
	int got = 0;
	while (begun < count || first < begun) {
		if (first == begun)
			input_pass(input, places[begun]->line, d);
		if ((got = input_next(input, &line, d)) != 1)
			break;
		for (; begun < count && places[begun]->line <= line.number; begun++) {
			begin_id(&open[begun], dataset, places[begun]);
			open[begun].more = places[begun]->line == line.number;
		}
		for (size_t i = first; i < begun; i++) {
			struct making_id *making = &open[i];
			bool single = making->lines == 0 && !goes_on(source, line.text);
			if (making->more)
				add_line(making, line.text);
			making->more = making->more && !single;
		}
		for (; first < begun && !open[first].more; first++)
			if (open[first].lines > 0)
				end_id(&open[first]);
	}
	for (; first < begun; first++)
		end_id(&open[first]);
	free(open);
	input_close(input);
	return got < 0 ? -1 : 0;
}

int labels_ids(const struct dataset *dataset, struct labelled_place *places, size_t count, struct diagnostics *d)
{
	struct labelled_place **sorted = mem_alloc((count + 1) * sizeof(struct labelled_place *));
	int failed = 0;
	for (size_t i = 0; i < count; i++) {
		places[i].id[0] = '\0';
		sorted[i] = &places[i];
	}
	qsort(sorted, count, sizeof(struct labelled_place *), by_place);
	for (size_t i = 0, next; i < count; i = next) {
		for (next = i + 1; next < count && strcmp(sorted[next]->file, sorted[i]->file) == 0;)
			next++;
		failed |= ids_in_file(dataset, sorted + i, next - i, d);
	}
	free(sorted);
	return failed;
}

/* Reading */

static const struct yaml_form filled_form = {.sort = YAML_TEXT, .rules = "\"minLength\":1"};

static const struct yaml_shape decision_shape[] = {
	{"id", YAML_REQUIRED, YAML_FORM(.sort = YAML_TEXT, .pattern = "^[0-9a-fA-F]{12}$", .sample = "\"4389bb04c60e\""),
		"Of the event: `mews label` tells it."},
	{"file", YAML_OPTIONAL, &yaml_any_text, "Below the dataset's folder; not in a plain file's label file."},
	{"line", YAML_REQUIRED, YAML_FORM(.sort = YAML_WHOLE, .rules = "\"minimum\":1"), "Where the event begins."},
	{"time", YAML_OPTIONAL, &yaml_any_text, "When it happened, for people."},
	{"detections", YAML_OPTIONAL, &episode_detections_form, "What it alerted when it was judged."},
	{"label", YAML_REQUIRED, &label_form, "What it is."},
	{"by", YAML_REQUIRED, &filled_form, "Who decided."},
	{"why", YAML_REQUIRED, &filled_form, "Why, for whoever reads it in a year."},
	{"at", YAML_OPTIONAL, &yaml_any_text, "When it was decided."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};

static const struct yaml_form decisions_form = {.sort = YAML_LIST, .of = YAML_FORM(.sort = YAML_RECORD,
	.shape = decision_shape),
	.flags = YAML_OR_NULL};
#define DECISIONS \
	{"decisions", YAML_OPTIONAL, &decisions_form, "What people decided about single events; it goes before all other labels."}

static const struct yaml_shape of_dataset[] = {DECISIONS, {NULL, YAML_OPTIONAL, NULL, NULL}};
static const struct yaml_shape of_file[] = {
	{"default", YAML_OPTIONAL, &label_rule_form, "Of a plain file: the label outside episodes."},
	{"episodes", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &episode_form, .flags = YAML_OR_NULL),
		"Of a plain file: its labelled stretches."},
	DECISIONS,
	{NULL, YAML_OPTIONAL, NULL, NULL},
};
const struct yaml_form labels_form = {.sort = YAML_RECORD, .shape = of_file};

static bool is_id(struct text id)
{
	bool good = id.length == LABEL_ID_LENGTH;
	for (size_t i = 0; good && i < id.length; i++)
		good = text_hex_digit(id.data[i]) >= 0;
	return good;
}

/* The dataset's own file of that name, as events name it; NULL: it has none. */
static const char *file_called(const struct dataset *dataset, struct text name)
{
	for (size_t i = 0; i < dataset->file_count; i++)
		if (text_is(name, labels_name(dataset, dataset->files[i])))
			return dataset->files[i];
	return NULL;
}

static int load_decision(struct episode_loading *l, const struct yaml *node, const char *file, const struct dataset *dataset,
	struct decision *decision)
{
	struct text name = {NULL, 0};
	int64_t line = 0;
	*decision = (struct decision){.place = node->place, .file = file};
	if (node->kind != YAML_MAPPING)
		return yaml_error(l->d, node, "a decision is a mapping with id, line, label, by and why");
	if (yaml_check(node, decision_shape, l->d, "a decision") != 0)
		return -1;
	int failed = episode_scalar(l, node, "id", &decision->id) | episode_scalar(l, node, "file", &name) |
		yaml_long(yaml_get(node, "line"), l->d, "line", &line) | episode_label(l, yaml_get(node, "label"), &decision->label) |
		episode_detections(l, node, "detections", &decision->detections) | episode_scalar(l, node, "by", &decision->by) |
		episode_scalar(l, node, "why", &decision->why) | episode_scalar(l, node, "at", &decision->at);
	decision->line = (uint64_t)line;
	if (failed == 0 && (!is_id(decision->id) || line < 1))
		return yaml_error(l->d, node, "an event is named by an id of %d hexadecimal digits and its line, from 1",
			LABEL_ID_LENGTH);
	if (failed == 0 && (decision->by.length == 0 || decision->why.length == 0))
		return yaml_error(l->d, node, "a decision says by whom it is, and why");
	if (failed == 0 && file != NULL && name.length > 0)
		return yaml_error(l->d, yaml_get(node, "file"), "a plain file's labels name no file");
	if (failed == 0 && file == NULL && name.length == 0)
		return yaml_error(l->d, node, "a decision lacks the key `file`, below the dataset's folder");
	if (failed == 0 && file == NULL && (decision->file = file_called(dataset, name)) == NULL)
		decision->file = arena_printf(l->arena, "%s/%.*s", dataset->folder, TEXT_ARGS(name)); /* labels_check says so */
	return failed;
}

static int load_decisions(struct episode_loading *l, const struct yaml *list, const char *file, struct dataset *dataset)
{
	struct decisions *decisions = dataset->decisions;
	int failed = 0;
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		decisions->items = arena_grow(l->arena, decisions->items, decisions->count, sizeof *decisions->items);
		struct decision *decision = &decisions->items[decisions->count];
		if (load_decision(l, &list->items[i], file, dataset, decision) != 0) {
			failed = -1;
			continue;
		}
		for (size_t k = 0; k < decisions->count; k++)
			if (text_equal(decisions->items[k].id, decision->id) && strcmp(decisions->items[k].file, decision->file) == 0)
				failed = yaml_error(l->d, &list->items[i], "the event %.*s is decided about twice", TEXT_ARGS(decision->id));
		decisions->count++;
	}
	return failed;
}

/* `default` and `episodes` of a plain file: they lie in it alone. */
static int load_stretches(struct episode_loading *l, const struct yaml *document, const char *file, struct dataset *dataset)
{
	const struct yaml *otherwise = yaml_get(document, "default");
	const size_t before = dataset->episode_count;
	struct episode rest = {.name = text_of(file), .from = INT64_MIN, .to = INT64_MAX};
	int failed = episodes_load(l, yaml_get(document, "episodes"), &dataset->episodes, &dataset->episode_count);
	if (failed == 0 && otherwise != NULL) {
		failed = episode_label_rule(l, otherwise, &rest.label);
		rest.place = otherwise->place;
		dataset->episodes = arena_grow(l->arena, dataset->episodes, dataset->episode_count, sizeof *dataset->episodes);
		dataset->episodes[dataset->episode_count++] = rest;
	}
	for (size_t i = before; failed == 0 && i < dataset->episode_count; i++) {
		struct episode *episode = &dataset->episodes[i];
		if (episode->file_count > 0)
			failed = diagnostics_error(l->d, episode->place, "a plain file's labels are of that file alone: leave `files` out");
		episode->files = arena_alloc(l->arena, sizeof *episode->files);
		episode->files[0] = text_of(files_literal(l->arena, file));
		episode->file_count = 1;
	}
	return failed;
}

static int by_line(const void *a, const void *b)
{
	const struct decision *one = a, *other = b;
	return (one->line > other->line) - (one->line < other->line);
}

/* Which decisions' events still stand where they were. */
static int find_events(struct dataset *dataset, struct diagnostics *d)
{
	struct decisions *decisions = dataset->decisions;
	struct labelled_place *places = mem_alloc((decisions->count + 1) * sizeof *places);
	for (size_t i = 0; i < decisions->count; i++)
		places[i] = (struct labelled_place){.file = decisions->items[i].file, .line = decisions->items[i].line};
	int failed = labels_ids(dataset, places, decisions->count, d);
	for (size_t i = 0; i < decisions->count; i++)
		decisions->items[i].stands = text_is(decisions->items[i].id, places[i].id);
	free(places);
	if (decisions->count > 0)
		qsort(decisions->items, decisions->count, sizeof *decisions->items, by_line);
	return failed;
}

int labels_load(struct episode_loading *l, const char *path, const char *file, struct dataset *dataset)
{
	struct yaml *documents = NULL;
	size_t count = 0;
	if (yaml_parse_file(l->arena, path, NULL, l->d, &documents, &count) != 0)
		return -1;
	if (count == 0)
		return 0;
	if (count != 1 || documents->kind != YAML_MAPPING)
		return diagnostics_error(l->d, ((struct place){path, 1, 1}), "a label file is one mapping with `decisions`");
	if (yaml_check(documents, file != NULL ? of_file : of_dataset, l->d, "a label file") != 0)
		return -1;
	if (dataset->decisions == NULL)
		dataset->decisions = arena_alloc(l->arena, sizeof *dataset->decisions);
	struct decisions *decisions = dataset->decisions;
	decisions->files = arena_grow(l->arena, decisions->files, decisions->file_count, sizeof *decisions->files);
	decisions->files[decisions->file_count++] = arena_strdup(l->arena, path);
	if (file != NULL && load_stretches(l, documents, file, dataset) != 0)
		return -1;
	if (load_decisions(l, yaml_get(documents, "decisions"), file, dataset) != 0)
		return -1;
	return find_events(dataset, l->d);
}

/* Asking */

const struct decision *labels_decision(const struct dataset *dataset, const struct event *event)
{
	const struct decisions *decisions = dataset->decisions;
	size_t low = 0, high = decisions != NULL ? decisions->count : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (decisions->items[middle].line < event->line)
			low = middle + 1;
		else
			high = middle;
	}
	for (; decisions != NULL && low < decisions->count && decisions->items[low].line == event->line; low++) {
		struct decision *decision = &decisions->items[low];
		if (decision->stands && event->file != NULL && strcmp(decision->file, event->file) == 0) {
			decision->met = true;
			return decision;
		}
	}
	return NULL;
}

void labels_check(const struct dataset *dataset, struct diagnostics *d)
{
	const struct decisions *decisions = dataset->decisions;
	for (size_t i = 0; decisions != NULL && i < decisions->count; i++) {
		const struct decision *decision = &decisions->items[i];
		if (!decision->met)
			diagnostics_warning(d, decision->place,
				"the event %.*s is gone: %s line %llu of %s; this decision counts for nothing (was the file changed or rotated? "
				"then label again and remove it)", TEXT_ARGS(decision->id),
				decision->stands ? "no event begins at" : "something else stands in", (unsigned long long)decision->line,
				decision->file);
	}
}
