/*
 * dataset: what is done with a dataset once it stands (corpus.h): finding all of a corpus, reading its
 * files, and telling an event's episode.
 */
#include "replay/readers/corpus.h"
#include "replay/readers/files.h"
#include "replay/readers/follow.h"
#include "replay/readers/labels.h"
#include "replay/readers/merge.h"

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
	const struct decision *decision = labels_decision(dataset, event);
	if (decision != NULL) {
		*label = decision->label;
		return true;
	}
	return event->label.length > 0 && label_from_name(event->label, label);
}

bool dataset_labels_events(const struct dataset *dataset)
{
	for (size_t i = 0; i < dataset->source_count; i++)
		if (dataset->sources[i].options.label_name.length > 0)
			return true;
	return dataset->decisions != NULL;
}

/* One file of a source; its account goes into the ledger. */
static int read_file(const struct source *source, size_t file, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d)
{
	struct ledger account = {0};
	const struct dialect *dialect = reader_dialect(source->reader, &source->options);
	struct input *input = source->inputs != NULL ? source->inputs[file] : NULL;
	int status = input != NULL
		? reader_read(source->reader, input, &source->options, sink, &account, d)
		: reader_run(source->reader, source->files[file], &source->options, sink, &account, d);
	ledger_add_file(ledger, &account, source->files[file], source->reader->name,
		dialect != NULL ? dialect->name.data : NULL);
	ledger_free(&account);
	return status;
}

int source_read(const struct source *source, struct event_sink sink, struct ledger *ledger, struct diagnostics *d)
{
	int failed = 0;
	for (size_t i = 0; i < source->file_count; i++) {
		int status = read_file(source, i, sink, ledger, d);
		if (status > 0)
			return status; /* the sink has seen enough */
		failed |= status;  /* one bad file does not hide the others */
	}
	return failed;
}

int dataset_read(const struct dataset *dataset, struct event_sink sink, struct ledger *ledger, struct diagnostics *d)
{
	if (dataset->live)
		return sources_follow(dataset->sources, dataset->source_count, sink, ledger, d);
	if (dataset->source_count == 1)
		return source_read(&dataset->sources[0], sink, ledger, d);
	return sources_merge(dataset->sources, dataset->source_count, sink, ledger, d);
}

const char *dataset_format(const struct dataset *dataset)
{
	for (size_t i = 1; i < dataset->source_count; i++)
		if (dataset->sources[i].reader != dataset->sources[0].reader)
			return "several";
	return dataset->source_count > 0 ? dataset->sources[0].reader->name : "";
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
		files_expand(arena, arena_printf(arena, "%s%s/corpus.yaml", files_literal(arena, folder), stars), &files, &file_count);
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
