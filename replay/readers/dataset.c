/*
 * dataset: what is done with a dataset once it stands (corpus.h): finding all of a corpus, reading its
 * files, and telling an event's episode.
 */
#include "replay/readers/corpus.h"
#include "replay/readers/detect.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static bool file_fits(const struct episode *episode, const char *file)
{
	for (size_t i = 0; i < episode->file_count; i++)
		if (file != NULL && fnmatch(episode->files[i].data, file, FNM_PATHNAME) == 0)
			return true;
	return episode->file_count == 0;
}

static bool field_fits(const struct event *event, const char *name, struct text wanted)
{
	if (wanted.length == 0)
		return true;
	unsigned field = registry_field(event->registry, text_of(name));
	for (size_t i = 0; i < event->facet_count; i++)
		if (text_equal(facet_text(event->facets[i], field), wanted))
			return true;
	return false;
}

static bool where_fits(const struct condition *where, struct evaluator *evaluator, const struct event *event)
{
	if (where == NULL)
		return true;
	for (size_t i = 0; i < event->facet_count; i++)
		if (evaluate_node(evaluator, where->root, event->facets[i]))
			return true;
	return false;
}

static bool episode_fits(const struct episode *episode, struct evaluator *evaluator, const struct event *event)
{
	bool timed = episode->from != INT64_MIN || episode->to != INT64_MAX;
	if (timed && (event->time == INT64_MIN || event->time < episode->from || event->time > episode->to))
		return false;
	if (episode->first_line != 0 && (event->line < episode->first_line || event->line > episode->last_line))
		return false;
	return file_fits(episode, event->file) && field_fits(event, "session.id", episode->session) &&
		field_fits(event, "container.id", episode->container) && where_fits(episode->where, evaluator, event);
}

long dataset_episode(const struct dataset *dataset, struct evaluator *evaluator, const struct event *event)
{
	for (size_t i = 0; i < dataset->episode_count; i++)
		if (episode_fits(&dataset->episodes[i], evaluator, event))
			return (long)i;
	return -1;
}

bool dataset_event_label(const struct dataset *dataset, const struct event *event, enum label *label)
{
	return dataset->options.label_name.length > 0 && event->label.length > 0 && label_from_name(event->label, label);
}

int dataset_read(const struct dataset *dataset, struct event_sink sink, struct ledger *ledger, struct diagnostics *d)
{
	int failed = 0;
	for (size_t i = 0; i < dataset->file_count; i++) {
		int status = reader_run(dataset->reader, dataset->files[i], &dataset->options, sink, ledger, d);
		if (status > 0)
			return status; /* the sink has seen enough */
		failed |= status;  /* one bad file does not hide the others */
	}
	return failed;
}

static int by_folder(const void *a, const void *b)
{
	const struct dataset *const *one = a, *const *other = b;
	return strcmp((*one)->folder, (*other)->folder);
}

enum { DEEPEST_DATASET = 4 };

int corpus_load(struct arena *arena, const struct catalog *catalog, const char *folder, struct dataset ***datasets,
	size_t *count, struct diagnostics *d)
{
	char **files = NULL;
	size_t file_count = 0;
	int failed = 0;
	const char *stars = "";
	for (int depth = 0; depth <= DEEPEST_DATASET; depth++) {
		files_expand(arena, arena_printf(arena, "%s%s/corpus.yaml", folder, stars), &files, &file_count);
		stars = arena_printf(arena, "%s/*", stars);
	}
	*datasets = arena_array(arena, file_count + 1, sizeof **datasets);
	*count = 0;
	for (size_t i = 0; i < file_count; i++) {
		struct dataset *dataset = dataset_load(arena, catalog, files[i], d);
		if (dataset == NULL) {
			failed = -1;
			continue;
		}
		for (size_t k = 0; k < *count; k++)
			if (text_equal((*datasets)[k]->name, dataset->name))
				failed = diagnostics_error(d, dataset->place, "another dataset is called \"%.*s\" too, in %s",
					TEXT_ARGS(dataset->name), (*datasets)[k]->folder);
		(*datasets)[(*count)++] = dataset;
	}
	qsort(*datasets, *count, sizeof **datasets, by_folder);
	return failed;
}

/* The reader and dialect that all files ask for; where they differ the second one is named. */
static int tell_format(struct dataset *dataset, const char **dialect, struct diagnostics *d)
{
	for (size_t i = 0; i < dataset->file_count; i++) {
		const char *told = NULL;
		const struct reader *reader = format_detect(dataset->options.catalog, dataset->files[i], &told, d);
		if (reader == NULL)
			return -1;
		if (i == 0) {
			dataset->reader = reader;
			*dialect = told;
		} else if (reader != dataset->reader || (told != *dialect && (!told || !*dialect || strcmp(told, *dialect) != 0))) {
			return diagnostics_error(d, ((struct place){dataset->files[i], 0, 0}),
				"this is %s%s%s and %s is %s%s%s: replay them one kind at a time", reader->name, told ? " of " : "",
				told ? told : "", dataset->files[0], dataset->reader->name, *dialect ? " of " : "",
				*dialect ? *dialect : "");
		}
	}
	return 0;
}

/* The reader and dialect named, or told from the files. */
static int settle_format(struct dataset *dataset, const char *format, const char *dialect, struct diagnostics *d)
{
	const struct place place = {dataset->files[0], 0, 0};
	const char *told = NULL;
	dataset->reader = format != NULL ? reader_find(text_of(format)) : NULL;
	if (format != NULL && dataset->reader == NULL)
		return diagnostics_error(d, place, "there is no format \"%s\" (mews list formats)", format);
	if (format == NULL && tell_format(dataset, &told, d) != 0)
		return -1;
	const char *own = dataset->reader->dialect;
	if (dialect != NULL && own != NULL && strcmp(dialect, own) != 0)
		return diagnostics_error(d, place, "this is %s, which is read by the dialect %s alone, not by %s",
			dataset->reader->name, own, dialect);
	if (dialect == NULL)
		dialect = told != NULL ? told : own;
	dataset->options.dialect = dialect != NULL ? catalog_dialect(dataset->options.catalog, text_of(dialect)) : NULL;
	if (dialect != NULL && dataset->options.dialect == NULL)
		return diagnostics_error(d, place, "the catalog has no dialect \"%s\" (mews list dialects)", dialect);
	return 0;
}

struct dataset *dataset_of_files(struct arena *arena, const struct catalog *catalog, char **files, size_t count,
	const char *format, const char *dialect, struct diagnostics *d)
{
	struct dataset *dataset = arena_alloc(arena, sizeof *dataset);
	*dataset = (struct dataset){
		.name = text_of(count == 1 ? files[0] : "files"),
		.folder = ".",
		.options = {.catalog = catalog, .csv_header = true},
		.files = files,
		.file_count = count,
		.observed = -1,
	};
	return settle_format(dataset, format, dialect, d) == 0 ? dataset : NULL;
}
