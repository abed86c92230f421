/*
 * corpus: corpus.yaml → datasets with their episodes and labels.
 */
#include "replay/readers/corpus.h"

#include "replay/readers/detect.h"

#include <string.h>
#include <sys/stat.h>

static const char *const labels[] = {"unknown", "benign", "risky", "malicious"};
enum { LABELS = sizeof labels / sizeof *labels };

const char *label_name(enum label label)
{
	return labels[label];
}

bool label_from_name(struct text name, enum label *label)
{
	for (unsigned i = 0; i < LABELS; i++)
		if (text_is(name, labels[i])) {
			*label = (enum label)i;
			return true;
		}
	return false;
}

enum label label_for(const struct label_rule *rule, struct text organization)
{
	for (size_t i = 0; i < rule->count; i++)
		if (text_equal(rule->organizations[i], organization))
			return rule->labels[i];
	return rule->otherwise;
}

/* What loading a corpus.yaml needs to know everywhere. */
struct loading {
	struct arena *arena;
	const struct catalog *catalog;
	struct diagnostics *d;
	const char *folder;
};

static int load_label(struct loading *l, const struct yaml *node, enum label *label)
{
	struct text name;
	if (yaml_text(node, l->d, "a label", &name) != 0)
		return -1;
	if (!label_from_name(name, label))
		return yaml_error(l->d, node, "a label is malicious, risky, benign or unknown, not \"%.*s\"", TEXT_ARGS(name));
	return 0;
}

/* `risky`, or {default: risky, build-farm: benign}. */
static int load_label_rule(struct loading *l, const struct yaml *node, struct label_rule *rule)
{
	struct text *names;
	enum label *values;
	int failed = 0;
	if (node->kind != YAML_MAPPING)
		return load_label(l, node, &rule->otherwise);
	const struct yaml *otherwise = yaml_get(node, "default");
	if (otherwise == NULL)
		return yaml_error(l->d, node, "a label by organization needs `default`");
	names = arena_array(l->arena, node->count, sizeof *names);
	values = arena_array(l->arena, node->count, sizeof *values);
	for (size_t i = 0; i < node->count; i++) {
		enum label label = LABEL_UNKNOWN;
		if (load_label(l, &node->items[i], &label) != 0) {
			failed = -1;
		} else if (&node->items[i] == otherwise) {
			rule->otherwise = label;
		} else {
			if (catalog_organization(l->catalog, node->keys[i].text) == NULL)
				diagnostics_warning(l->d, node->keys[i].place, "the catalog has no organization \"%.*s\"",
					TEXT_ARGS(node->keys[i].text));
			names[rule->count] = node->keys[i].text;
			values[rule->count++] = label;
		}
	}
	rule->organizations = names;
	rule->labels = values;
	return failed;
}

static int load_names(struct loading *l, const struct yaml *mapping, const char *key, struct texts *texts)
{
	const struct yaml *node = yaml_get(mapping, key);
	struct text *items = NULL;
	if (node == NULL || node->kind == YAML_NULL)
		return 0;
	int failed = yaml_texts(node, l->arena, l->d, key, &items, &texts->count);
	texts->items = items;
	return failed;
}

static int load_detections(struct loading *l, const struct yaml *mapping, const char *key, struct texts *texts)
{
	if (load_names(l, mapping, key, texts) != 0)
		return -1;
	for (size_t i = 0; i < texts->count; i++)
		if (catalog_detection(l->catalog, texts->items[i]) == NULL)
			diagnostics_warning(l->d, yaml_get(mapping, key)->place, "%s: the catalog has no detection \"%.*s\"", key,
				TEXT_ARGS(texts->items[i]));
	return 0;
}

static int load_scalar(struct loading *l, const struct yaml *mapping, const char *key, struct text *text)
{
	const struct yaml *node = yaml_get(mapping, key);
	return node == NULL || node->kind == YAML_NULL ? 0 : yaml_text(node, l->d, key, text);
}

static int load_time(struct loading *l, const struct yaml *mapping, const char *key, int64_t *time)
{
	struct text text = {NULL, 0};
	if (load_scalar(l, mapping, key, &text) != 0)
		return -1;
	if (text.length > 0 && !date_parse(text, time))
		return yaml_error(l->d, yaml_get(mapping, key), "%s is a time as 2026-11-23T10:00:00Z, not \"%.*s\"", key,
			TEXT_ARGS(text));
	return 0;
}

/* lines: [first, last] */
static int load_lines(struct loading *l, const struct yaml *mapping, struct episode *episode)
{
	const struct yaml *node = yaml_get(mapping, "lines");
	int64_t first = 0, last = 0;
	if (node == NULL)
		return 0;
	if (node->kind != YAML_SEQUENCE || node->count != 2 || yaml_long(&node->items[0], l->d, "a line", &first) != 0 ||
		yaml_long(&node->items[1], l->d, "a line", &last) != 0 || first < 1 || last < first)
		return yaml_error(l->d, node, "lines is [first, last], both from 1");
	episode->first_line = (uint64_t)first;
	episode->last_line = (uint64_t)last;
	return 0;
}

static int load_where(struct loading *l, const struct yaml *mapping, struct episode *episode)
{
	const struct yaml *node = yaml_get(mapping, "where");
	struct text source = {NULL, 0};
	if (node == NULL)
		return 0;
	if (yaml_text(node, l->d, "where", &source) != 0)
		return -1;
	episode->where = condition_parse_expression(l->arena, &l->catalog->scope, source, node->place, 0, node->document, l->d);
	return episode->where != NULL ? 0 : -1;
}

static const struct yaml_shape episode_shape[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR},
	{"note", YAML_OPTIONAL, YAML_SCALAR},
	{"files", YAML_OPTIONAL, YAML_NULL},
	{"from", YAML_OPTIONAL, YAML_SCALAR},
	{"to", YAML_OPTIONAL, YAML_SCALAR},
	{"lines", YAML_OPTIONAL, YAML_SEQUENCE},
	{"session", YAML_OPTIONAL, YAML_SCALAR},
	{"container", YAML_OPTIONAL, YAML_SCALAR},
	{"where", YAML_OPTIONAL, YAML_SCALAR},
	{"label", YAML_REQUIRED, YAML_NULL},
	{"expects", YAML_OPTIONAL, YAML_NULL},
	{"allows", YAML_OPTIONAL, YAML_NULL},
	{"gap", YAML_OPTIONAL, YAML_SCALAR},
	{NULL, YAML_OPTIONAL, YAML_NULL},
};

static int load_episode(struct loading *l, const struct yaml *node, struct episode *episode)
{
	struct texts files = {NULL, 0};
	int failed = 0;
	*episode = (struct episode){.from = INT64_MIN, .to = INT64_MAX, .place = node->place};
	if (node->kind != YAML_MAPPING)
		return yaml_error(l->d, node, "an episode is a mapping with name and label");
	if (yaml_check(node, episode_shape, l->d, "an episode") != 0)
		return -1;
	failed |= load_scalar(l, node, "name", &episode->name);
	failed |= load_names(l, node, "files", &files);
	failed |= load_time(l, node, "from", &episode->from);
	failed |= load_time(l, node, "to", &episode->to);
	failed |= load_lines(l, node, episode);
	failed |= load_scalar(l, node, "session", &episode->session);
	failed |= load_scalar(l, node, "container", &episode->container);
	failed |= load_where(l, node, episode);
	failed |= load_label_rule(l, yaml_get(node, "label"), &episode->label);
	failed |= load_detections(l, node, "expects", &episode->expects);
	failed |= load_detections(l, node, "allows", &episode->allows);
	failed |= load_scalar(l, node, "gap", &episode->gap);
	episode->files = arena_array(l->arena, files.count + 1, sizeof *episode->files);
	episode->file_count = files.count;
	for (size_t i = 0; i < files.count; i++) /* as events name their files */
		episode->files[i] = text_of(arena_printf(l->arena, "%s/%.*s", l->folder, TEXT_ARGS(files.items[i])));
	return failed;
}

static int load_episodes(struct loading *l, const struct yaml *document, struct dataset *dataset)
{
	const struct yaml *node = yaml_get(document, "episodes");
	int failed = 0;
	if (node == NULL || node->kind == YAML_NULL)
		return 0;
	dataset->episodes = arena_array(l->arena, node->count + 1, sizeof *dataset->episodes);
	dataset->episode_count = node->count;
	for (size_t i = 0; i < node->count; i++) {
		failed |= load_episode(l, &node->items[i], &dataset->episodes[i]);
		for (size_t k = 0; k < i && failed == 0; k++)
			if (text_equal(dataset->episodes[k].name, dataset->episodes[i].name))
				failed = yaml_error(l->d, &node->items[i], "two episodes are called \"%.*s\"",
					TEXT_ARGS(dataset->episodes[i].name));
	}
	return failed;
}

/* 24h, 90m, 3600s, 2d → seconds. */
static int load_observed(struct loading *l, const struct yaml *document, struct dataset *dataset)
{
	static const char units[] = "smhd";
	static const double seconds[] = {1, 60, 3600, 86400};
	struct text text = {NULL, 0};
	int64_t number;
	dataset->observed = -1;
	if (load_scalar(l, document, "observed", &text) != 0)
		return -1;
	if (text.length == 0)
		return 0;
	const char *unit = memchr(units, text.data[text.length - 1], sizeof units - 1);
	if (unit == NULL || !text_to_long(text_slice(text, 0, text.length - 1), &number) || number <= 0)
		return yaml_error(l->d, yaml_get(document, "observed"), "observed is a duration as 24h, 90m, 3600s or 2d");
	dataset->observed = (double)number * seconds[unit - units];
	return 0;
}

static int load_format(struct loading *l, const struct yaml *document, struct dataset *dataset)
{
	struct text format = {NULL, 0}, dialect = {NULL, 0};
	if (load_scalar(l, document, "format", &format) != 0 || load_scalar(l, document, "dialect", &dialect) != 0)
		return -1;
	dataset->reader = reader_find(format);
	if (dataset->reader == NULL)
		return yaml_error(l->d, yaml_get(document, "format"), "there is no format \"%.*s\" (mews list formats)",
			TEXT_ARGS(format));
	if (dialect.length == 0 && dataset->reader->dialect != NULL)
		dialect = text_of(dataset->reader->dialect);
	if (dialect.length == 0)
		return 0;
	dataset->options.dialect = catalog_dialect(l->catalog, dialect);
	if (dataset->options.dialect == NULL)
		return yaml_error(l->d, document, "the catalog has no dialect \"%.*s\" (mews list dialects)", TEXT_ARGS(dialect));
	return 0;
}

static int load_columns(struct loading *l, const struct yaml *document, struct dataset *dataset)
{
	struct texts columns = {NULL, 0};
	struct text separator = {NULL, 0};
	const struct yaml *header = yaml_get(document, "header");
	int failed = load_names(l, document, "columns", &columns) | load_scalar(l, document, "separator", &separator) |
		load_scalar(l, document, "label_name", &dataset->options.label_name);
	dataset->options.columns = columns.items;
	dataset->options.column_count = columns.count;
	dataset->options.csv_header = columns.count == 0;
	if (header != NULL)
		failed |= yaml_bool(header, l->d, "header", &dataset->options.csv_header);
	if (separator.length == 1)
		dataset->options.csv_separator = separator.data[0];
	else if (text_is(separator, "\\t"))
		dataset->options.csv_separator = '\t';
	else if (separator.length > 0)
		failed = yaml_error(l->d, yaml_get(document, "separator"), "separator is one character");
	return failed;
}

static int load_use(struct loading *l, const struct yaml *document, struct dataset *dataset)
{
	struct text use = {NULL, 0};
	if (load_scalar(l, document, "use", &use) != 0)
		return -1;
	dataset->use = text_is(use, "hold-out") ? USE_HOLD_OUT : USE_DEVELOP;
	if (use.length > 0 && !text_is(use, "hold-out") && !text_is(use, "develop"))
		return yaml_error(l->d, yaml_get(document, "use"), "use is develop or hold-out");
	return 0;
}

static int load_files(struct loading *l, const struct yaml *document, struct dataset *dataset)
{
	struct texts globs = {NULL, 0};
	if (load_names(l, document, "files", &globs) != 0)
		return -1;
	for (size_t i = 0; i < globs.count; i++) {
		const char *pattern = arena_printf(l->arena, "%s/%.*s", l->folder, TEXT_ARGS(globs.items[i]));
		if (files_expand(l->arena, pattern, &dataset->files, &dataset->file_count) == 0)
			return yaml_error(l->d, yaml_get(document, "files"), "no file is called %s", pattern);
	}
	return 0;
}

static const struct yaml_shape dataset_shape[] = {
	{"name", YAML_REQUIRED, YAML_SCALAR},
	{"title", YAML_OPTIONAL, YAML_SCALAR},
	{"format", YAML_REQUIRED, YAML_SCALAR},
	{"dialect", YAML_OPTIONAL, YAML_SCALAR},
	{"files", YAML_REQUIRED, YAML_NULL},
	{"organizations", YAML_OPTIONAL, YAML_NULL},
	{"use", YAML_OPTIONAL, YAML_SCALAR},
	{"origin", YAML_REQUIRED, YAML_SCALAR},
	{"license", YAML_REQUIRED, YAML_SCALAR},
	{"episodes", YAML_OPTIONAL, YAML_SEQUENCE},
	{"default", YAML_REQUIRED, YAML_NULL},
	{"observed", YAML_OPTIONAL, YAML_SCALAR},
	{"label_name", YAML_OPTIONAL, YAML_SCALAR},
	{"columns", YAML_OPTIONAL, YAML_NULL},
	{"header", YAML_OPTIONAL, YAML_SCALAR},
	{"separator", YAML_OPTIONAL, YAML_SCALAR},
	{NULL, YAML_OPTIONAL, YAML_NULL},
};

static int load_document(struct loading *l, const struct yaml *document, struct dataset *dataset)
{
	int failed = 0;
	if (document->kind != YAML_MAPPING)
		return yaml_error(l->d, document, "a corpus.yaml is one mapping");
	if (yaml_check(document, dataset_shape, l->d, "a dataset") != 0)
		return -1;
	dataset->place = document->place;
	failed |= load_scalar(l, document, "name", &dataset->name);
	failed |= load_scalar(l, document, "title", &dataset->title);
	failed |= load_scalar(l, document, "origin", &dataset->origin);
	failed |= load_scalar(l, document, "license", &dataset->license);
	failed |= load_names(l, document, "organizations", &dataset->organizations);
	failed |= load_use(l, document, dataset);
	failed |= load_format(l, document, dataset);
	failed |= load_columns(l, document, dataset);
	failed |= load_files(l, document, dataset);
	failed |= load_episodes(l, document, dataset);
	failed |= load_label_rule(l, yaml_get(document, "default"), &dataset->label);
	failed |= load_observed(l, document, dataset);
	return failed;
}

struct dataset *dataset_load(struct arena *arena, const struct catalog *catalog, const char *path, struct diagnostics *d)
{
	struct dataset *dataset = arena_alloc(arena, sizeof *dataset);
	struct yaml *documents = NULL;
	struct stat status;
	size_t count = 0;
	const char *file = path;
	if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		file = arena_printf(arena, "%s/corpus.yaml", path);
	const char *slash = strrchr(file, '/');
	dataset->folder = slash != NULL ? arena_strndup(arena, file, (size_t)(slash - file)) : ".";
	dataset->options.catalog = catalog;
	struct loading loading = {arena, catalog, d, dataset->folder};
	if (yaml_parse_file(arena, file, NULL, d, &documents, &count) != 0)
		return NULL;
	if (count != 1) {
		diagnostics_error(d, ((struct place){file, 1, 1}), "a corpus.yaml holds one document, not %zu", count);
		return NULL;
	}
	return load_document(&loading, documents, dataset) == 0 ? dataset : NULL;
}
