/*
 * corpus: corpus.yaml → datasets with their sources, episodes and labels.
 */
#include "catalog/yaml_form.h"
#include "replay/readers/files.h"
#include "replay/readers/labels.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* 24h, 90m, 3600s, 2d → seconds. */
static int load_observed(struct episode_loading *l, const struct yaml *document, struct dataset *dataset)
{
	static const char units[] = "smhd";
	static const double seconds[] = {1, 60, 3600, 86400};
	struct text text = {NULL, 0};
	int64_t number;
	dataset->observed = -1;
	if (episode_scalar(l, document, "observed", &text) != 0)
		return -1;
	if (text.length == 0)
		return 0;
	const char *unit = memchr(units, text.data[text.length - 1], sizeof units - 1);
	if (unit == NULL || !text_to_long(text_slice(text, 0, text.length - 1), &number) || number <= 0)
		return yaml_error(l->d, yaml_get(document, "observed"), "observed is a duration as 24h, 90m, 3600s or 2d");
	dataset->observed = (double)number * seconds[unit - units];
	return 0;
}

/* Sources */

static int load_format(struct episode_loading *l, const struct yaml *mapping, struct source *source)
{
	struct text format = {NULL, 0}, dialect = {NULL, 0};
	if (episode_scalar(l, mapping, "format", &format) != 0 || episode_scalar(l, mapping, "dialect", &dialect) != 0)
		return -1;
	source->reader = reader_find(format);
	if (source->reader == NULL)
		return yaml_error(l->d, yaml_get(mapping, "format"), "there is no format \"%.*s\" (mews list formats)",
			TEXT_ARGS(format));
	if (dialect.length == 0 && source->reader->dialect != NULL)
		dialect = text_of(source->reader->dialect);
	if (dialect.length == 0 && source->reader->named)
		return yaml_error(l->d, yaml_get(mapping, "format"), "the format %s needs a `dialect` (mews list dialects)",
			source->reader->name);
	if (dialect.length == 0)
		return 0;
	source->options.dialect = catalog_dialect(l->catalog, dialect);
	if (source->options.dialect == NULL)
		return yaml_error(l->d, mapping, "the catalog has no dialect \"%.*s\" (mews list dialects)", TEXT_ARGS(dialect));
	return 0;
}

static int load_columns(struct episode_loading *l, const struct yaml *mapping, struct source *source)
{
	struct texts columns = {NULL, 0};
	struct text separator = {NULL, 0};
	const struct yaml *header = yaml_get(mapping, "header");
	int failed = episode_names(l, mapping, "columns", &columns) | episode_scalar(l, mapping, "separator", &separator) |
		episode_scalar(l, mapping, "label_name", &source->options.label_name);
	source->options.columns = columns.items;
	source->options.column_count = columns.count;
	source->options.csv_header = columns.count == 0;
	if (header != NULL)
		failed |= yaml_bool(header, l->d, "header", &source->options.csv_header);
	if (separator.length == 1)
		source->options.csv_separator = separator.data[0];
	else if (text_is(separator, "\\t"))
		source->options.csv_separator = '\t';
	else if (separator.length > 0)
		failed = yaml_error(l->d, yaml_get(mapping, "separator"), "separator is one character");
	return failed;
}

static int load_year(struct episode_loading *l, const struct yaml *mapping, struct source *source)
{
	const struct yaml *node = yaml_get(mapping, "year");
	int64_t year = 0;
	if (node == NULL)
		return 0;
	if (yaml_long(node, l->d, "year", &year) != 0)
		return -1;
	if (year < 1970 || year > 2261) /* what nanoseconds in 64 bits hold */
		return yaml_error(l->d, node, "year is that of the first line, as 2026");
	source->options.year = (int)year;
	return 0;
}

/* A glob of manifests may name what describes them. */
static void leave_out_ours(struct episode_loading *l, struct source *source, size_t first)
{
	const char *const ours[] = {arena_printf(l->arena, "%s/corpus.yaml", l->folder),
		arena_printf(l->arena, "%s/labels.yaml", l->folder)};
	size_t kept = first;
	for (size_t i = first; i < source->file_count; i++)
		if (strcmp(source->files[i], ours[0]) != 0 && strcmp(source->files[i], ours[1]) != 0)
			source->files[kept++] = source->files[i];
	source->file_count = kept;
}

static int load_files(struct episode_loading *l, const struct yaml *mapping, struct source *source)
{
	struct texts globs = {NULL, 0};
	if (episode_names(l, mapping, "files", &globs) != 0)
		return -1;
	for (size_t i = 0; i < globs.count; i++) {
		const char *pattern = arena_printf(l->arena, "%s/%.*s", files_literal(l->arena, l->folder), TEXT_ARGS(globs.items[i]));
		const size_t first = source->file_count;
		files_expand(l->arena, pattern, &source->files, &source->file_count);
		leave_out_ours(l, source, first);
		if (source->file_count == first)
			return yaml_error(l->d, yaml_get(mapping, "files"), "no file is called %s/%.*s", l->folder,
				TEXT_ARGS(globs.items[i]));
	}
	return 0;
}

/* A source's keys; they stand in `sources`, or in the document itself where there is one source alone. */
static const struct yaml_form names_form = {.sort = YAML_LIST, .of = &yaml_any_text, .flags = YAML_OR_ONE | YAML_OR_NULL};
#define SOURCE_KEYS(need) \
	{"format", need, YAML_FORM(.sort = YAML_TEXT, .names = YAML_FORMATS, .sample = "auditd"), \
		"The reader: `mews list formats`."}, \
		{"dialect", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .names = YAML_DIALECTS), \
			"The product's names; json and csv need one: `mews list dialects`."}, \
		{"files", need, YAML_FORM(.sort = YAML_LIST, .of = &yaml_any_text, .flags = YAML_OR_ONE, \
			.sample = "[\"events/*.log.zst\"]"), \
			"Globs below the folder, read in the order of their names."}, \
		{"label_name", YAML_OPTIONAL, &yaml_any_text, "json, csv: the raw name whose value is the event's own label."}, \
		{"columns", YAML_OPTIONAL, &names_form, "csv without a header: the names of its columns."}, \
		{"header", YAML_OPTIONAL, &yaml_flag, "csv: does the first line name the columns?"}, \
		{"separator", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .pattern = "^([\\x00-\\x7f]?|\\\\t)$"), \
			"csv: one character; left out: a comma."}, \
		{"year", YAML_OPTIONAL, YAML_FORM(.sort = YAML_WHOLE, .rules = "\"minimum\":1970,\"maximum\":2261", .sample = "2026"), \
			"syslog whose times name none: the year of the first line."}

static const struct yaml_shape source_shape[] = {SOURCE_KEYS(YAML_REQUIRED), {NULL, YAML_OPTIONAL, NULL, NULL}};

static int load_source(struct episode_loading *l, const struct yaml *mapping, struct source *source)
{
	source->options.catalog = l->catalog;
	return load_format(l, mapping, source) | load_columns(l, mapping, source) | load_year(l, mapping, source) |
		load_files(l, mapping, source);
}

static int add_files(struct episode_loading *l, const struct yaml *node, const struct source *source, struct dataset *dataset)
{
	for (size_t i = 0; i < source->file_count; i++) {
		for (size_t k = 0; k < dataset->file_count; k++)
			if (strcmp(dataset->files[k], source->files[i]) == 0)
				return yaml_error(l->d, node, "%s would be read twice", source->files[i]);
		dataset->files = arena_grow(l->arena, dataset->files, dataset->file_count, sizeof *dataset->files);
		dataset->files[dataset->file_count++] = source->files[i];
	}
	return 0;
}

static int load_sources(struct episode_loading *l, const struct yaml *document, struct dataset *dataset)
{
	const struct yaml *list = yaml_get(document, "sources");
	const size_t count = list != NULL ? list->count : 1;
	int failed = 0;
	if (list != NULL && count == 0)
		return yaml_error(l->d, list, "sources is a list of mappings with format and files");
	dataset->sources = arena_array(l->arena, count, sizeof *dataset->sources);
	dataset->source_count = count;
	for (size_t i = 0; list != NULL && i < sizeof source_shape / sizeof *source_shape - 1; i++)
		if (yaml_get(document, source_shape[i].key) != NULL)
			failed = yaml_error(l->d, yaml_get(document, source_shape[i].key), "%s belongs into each of the sources",
				source_shape[i].key);
	for (size_t i = 0; i < count; i++) {
		const struct yaml *mapping = list != NULL ? &list->items[i] : document;
		if (mapping->kind != YAML_MAPPING)
			return yaml_error(l->d, mapping, "a source is a mapping with format and files");
		if (list != NULL && yaml_check(mapping, source_shape, l->d, "a source") != 0)
			return -1;
		if (load_source(l, mapping, &dataset->sources[i]) != 0)
			return -1;
		failed |= add_files(l, mapping, &dataset->sources[i], dataset);
	}
	return failed;
}

static const char *const use_names[] = {[USE_DEVELOP] = "develop", [USE_HOLD_OUT] = "hold-out", [USE_NONE] = "none"};
static const char *const use_words[] = {"develop", "hold-out", NULL};

const char *dataset_use_name(enum dataset_use use)
{
	return use_names[use];
}

static int load_use(struct episode_loading *l, const struct yaml *document, struct dataset *dataset)
{
	struct text use = {NULL, 0};
	if (episode_scalar(l, document, "use", &use) != 0)
		return -1;
	dataset->use = text_is(use, "hold-out") ? USE_HOLD_OUT : USE_DEVELOP;
	if (use.length > 0 && !text_is(use, "hold-out") && !text_is(use, "develop"))
		return yaml_error(l->d, yaml_get(document, "use"), "use is develop or hold-out");
	return 0;
}

#define DATASET_KEYS(need) \
	{"name", YAML_REQUIRED, &yaml_any_text, "Unique name of the dataset."}, \
		{"title", YAML_OPTIONAL, &yaml_any_text, "Its name for people."}, \
		SOURCE_KEYS(need), \
		{"organizations", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .flags = YAML_OR_ONE | YAML_OR_NULL, \
			.of = YAML_FORM(.sort = YAML_TEXT, .names = YAML_ORGANIZATIONS, .open = true)), \
			"Whose normal this is; left out: everybody's."}, \
		{"use", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = use_words), \
			"develop, or hold-out: headline figures come from what nobody tuned on."}, \
		{"origin", YAML_REQUIRED, &yaml_any_text, "How and when it was recorded, or where it comes from."}, \
		{"license", YAML_REQUIRED, &yaml_any_text, "Under which license: an SPDX identifier."}, \
		{"observed", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .pattern = "^[0-9]+[smhd]$", .sample = "24h"), \
			"How long it was watched: 24h, 90m; left out: from the events' times."}, \
		{"sources", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &source_form, .flags = YAML_FILLED), \
			"Several sensors of one recording, in place of `format` and `files`."}, \
		{"episodes", YAML_OPTIONAL, YAML_FORM(.sort = YAML_LIST, .of = &episode_form), \
			"Labelled stretches; the first that an event fits counts."}, \
		{"default", YAML_REQUIRED, &label_rule_form, "The label outside episodes; unknown wherever attacks ran."}

static const struct yaml_form source_form = {.sort = YAML_RECORD, .shape = source_shape};
static const struct yaml_shape one_source[] = {DATASET_KEYS(YAML_REQUIRED), {NULL, YAML_OPTIONAL, NULL, NULL}};
static const struct yaml_shape several_sources[] = {DATASET_KEYS(YAML_OPTIONAL), {NULL, YAML_OPTIONAL, NULL, NULL}};

/* What the loader asks in two shapes is one for editors: either `sources` or a source's keys. */
const struct yaml_form dataset_form = {.sort = YAML_RECORD, .shape = several_sources,
	.rules = "\"oneOf\":[{\"required\":[\"sources\"],\"properties\":{\"format\":false,\"files\":false,\"dialect\":false,"
		"\"label_name\":false,\"columns\":false,\"header\":false,\"separator\":false,\"year\":false}},"
		"{\"required\":[\"format\",\"files\"],\"properties\":{\"sources\":false}}]"};

static int load_document(struct episode_loading *l, const struct yaml *document, struct dataset *dataset)
{
	int failed = 0;
	if (document->kind != YAML_MAPPING)
		return yaml_error(l->d, document, "a corpus.yaml is one mapping");
	if (yaml_check(document, yaml_get(document, "sources") != NULL ? several_sources : one_source, l->d, "a dataset") != 0)
		return -1;
	dataset->place = document->place;
	failed |= episode_scalar(l, document, "name", &dataset->name);
	failed |= episode_scalar(l, document, "title", &dataset->title);
	failed |= episode_scalar(l, document, "origin", &dataset->origin);
	failed |= episode_scalar(l, document, "license", &dataset->license);
	failed |= episode_names(l, document, "organizations", &dataset->organizations);
	failed |= load_use(l, document, dataset);
	failed |= load_sources(l, document, dataset);
	failed |= episodes_load(l, yaml_get(document, "episodes"), &dataset->episodes, &dataset->episode_count);
	failed |= episode_label_rule(l, yaml_get(document, "default"), &dataset->label);
	failed |= load_observed(l, document, dataset);
	const char *labels = labels_path(l->arena, dataset, "");
	if (failed == 0 && access(labels, F_OK) == 0)
		failed = labels_load(l, labels, NULL, dataset);
	episode_warn(l, dataset->name);
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
	struct episode_loading loading = {.arena = arena, .catalog = catalog, .d = d, .folder = dataset->folder};
	if (yaml_parse_file(arena, file, NULL, d, &documents, &count) != 0)
		return NULL;
	if (count != 1) {
		diagnostics_error(d, ((struct place){file, 1, 1}), "a corpus.yaml holds one document, not %zu", count);
		return NULL;
	}
	return load_document(&loading, documents, dataset) == 0 ? dataset : NULL;
}
