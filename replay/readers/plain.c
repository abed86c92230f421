/* plain: see plain.h. */
#include "replay/readers/plain.h"

#include "replay/readers/files.h"
#include "replay/readers/labels.h"
#include "replay/readers/rotation.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct plain_file *add(struct plain *plain, const char *path)
{
	plain->files = arena_grow(plain->arena, plain->files, plain->count, sizeof *plain->files);
	struct plain_file *file = &plain->files[plain->count++];
	*file = (struct plain_file){.path = arena_strdup(plain->arena, path)};
	return file;
}

void plain_add(struct plain *plain, const char *path)
{
	add(plain, path);
}

/* Files of ours that stand beside the data. */
static bool is_ours(const char *path)
{
	const struct text text = text_of(path);
	return text_ends(text, TEXT(".labels.yaml"), false) || text_ends(text, TEXT("/labels.yaml"), false) ||
		text_ends(text, TEXT("/corpus.yaml"), false);
}

void plain_add_below(struct plain *plain, const char *folder)
{
	struct found_file *found = NULL;
	size_t count = 0;
	files_below(plain->arena, folder, &found, &count);
	for (size_t i = 0; i < count; i++) {
		if (found[i].skipped == NULL && is_ours(found[i].path))
			continue;
		struct plain_file *file = add(plain, found[i].path);
		file->found = true;
		file->skipped = found[i].skipped;
	}
}

/* Which file it is, whatever it is called. */
struct identity {
	dev_t device;
	ino_t inode;
	size_t index;
};

static int by_identity(const void *a, const void *b)
{
	const struct identity *one = a, *other = b;
	if (one->device != other->device)
		return one->device < other->device ? -1 : 1;
	if (one->inode != other->inode)
		return one->inode < other->inode ? -1 : 1;
	return (one->index > other->index) - (one->index < other->index);
}

static void skip_repetitions(struct plain *plain)
{
	struct identity *list = mem_alloc((plain->count + 1) * sizeof *list);
	size_t count = 0;
	for (size_t i = 0; i < plain->count; i++) {
		struct stat status = {0};
		const char *path = plain->files[i].path;
		const bool standard = strcmp(path, "-") == 0;
		if (plain->files[i].skipped != NULL || (standard ? fstat(0, &status) : stat(path, &status)) != 0)
			continue;
		if (standard || S_ISREG(status.st_mode) || S_ISFIFO(status.st_mode))
			list[count++] = (struct identity){status.st_dev, status.st_ino, i};
	}
	qsort(list, count, sizeof *list, by_identity);
	for (size_t i = 1; i < count; i++)
		if (list[i].device == list[i - 1].device && list[i].inode == list[i - 1].inode)
			plain->files[list[i].index].skipped = "it is there already, by another name or twice";
	free(list);
}

/* Can it be opened again, from its beginning? */
static bool is_lasting(const char *path)
{
	struct stat status;
	return strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static void close_input(void *input)
{
	input_close(input);
}

static int tell(struct plain *plain, struct plain_file *file, const struct format_wish *wish, struct diagnostics *d)
{
	struct diagnostics aside = {0};
	struct diagnostics *reports = file->found ? &aside : d;
	struct input *input = plain->follow != NULL ? follow_open(file->path, plain->follow, reports)
						     : input_open(file->path, reports);
	int failed = input != NULL ? format_tell(plain->catalog, input, wish, plain->arena, &file->told, reports) : -1;
	if (failed == 0 && file->told.reader == NULL)
		failed = diagnostics_error(reports, ((struct place){file->path, 0, 0}), "%s%s", file->told.what,
			file->told.empty && plain->follow != NULL ? ": say with --reader what will come (mews list formats)" : "");
	if (failed != 0 && file->found) {
		file->skipped = arena_strdup(plain->arena, aside.items[0].message);
		failed = 0;
	}
	if (input != NULL && failed == 0 && file->skipped == NULL && (plain->follow != NULL || !is_lasting(file->path))) {
		file->input = input;
		arena_defer(plain->arena, close_input, input);
	} else if (input != NULL) {
		input_close(input);
	}
	diagnostics_free(&aside);
	return failed;
}

int plain_tell(struct plain *plain, const struct format_wish *wish, struct diagnostics *d)
{
	int failed = format_wish_check(plain->catalog, wish, d);
	size_t told = 0;
	if (failed != 0)
		return -1;
	for (size_t i = 0; i < plain->count; i++)
		if (plain->files[i].skipped == NULL && is_ours(plain->files[i].path))
			plain->files[i].skipped = "it describes data, and is none";
	skip_repetitions(plain);
	for (size_t i = 0; i < plain->count; i++) {
		if (plain->files[i].skipped == NULL)
			failed |= tell(plain, &plain->files[i], wish, d);
		told += plain->files[i].skipped == NULL;
	}
	if (failed == 0 && told == 0)
		return diagnostics_error(d, ((struct place){plain->count > 0 ? plain->files[0].path : NULL, 0, 0}),
			plain->count > 0 ? "nothing is left to read: %s" : "there is no file to read%s",
			plain->count > 0 ? plain->files[0].skipped : "");
	return failed;
}

static void add_to_source(struct arena *arena, struct source *source, const struct plain_file *file)
{
	const size_t count = source->file_count;
	source->files = arena_grow(arena, source->files, count, sizeof *source->files);
	source->inputs = arena_grow(arena, source->inputs, count, sizeof *source->inputs);
	source->files[count] = arena_strdup(arena, file->path);
	source->inputs[count] = file->input;
	source->file_count++;
}

static void add_file(const struct plain *plain, struct dataset *dataset, const struct plain_file *file)
{
	struct arena *arena = plain->arena;
	if (dataset->source_count == 0 || plain->follow != NULL) {
		dataset->sources = arena_grow(arena, dataset->sources, dataset->source_count, sizeof *dataset->sources);
		dataset->sources[dataset->source_count++] = (struct source){.reader = file->told.reader,
			.options = {.catalog = plain->catalog, .dialect = file->told.dialect, .csv_header = true,
				.csv_separator = file->told.csv_separator, .year = plain->year}};
	}
	add_to_source(arena, &dataset->sources[dataset->source_count - 1], file);
	dataset->files = arena_grow(arena, dataset->files, dataset->file_count, sizeof *dataset->files);
	dataset->files[dataset->file_count++] = arena_strdup(arena, file->path);
}

static void name(const struct plain *plain, struct dataset *dataset, bool only)
{
	const struct source *source = &dataset->sources[0];
	const struct dialect *dialect = source->options.dialect;
	if (dataset->file_count == 1)
		dataset->name = text_of(dataset->files[0]);
	else if (only)
		dataset->name = TEXT("files");
	else if (dialect != NULL)
		dataset->name = text_of(arena_printf(plain->arena, "%s files, dialect %.*s", source->reader->name,
			TEXT_ARGS(dialect->name)));
	else
		dataset->name = text_of(arena_printf(plain->arena, "%s files", source->reader->name));
}

/* The dataset that takes the file: that of its format, or a new one. */
static struct dataset *dataset_for(const struct plain *plain, const struct plain_file *file, size_t first,
	struct dataset ***datasets, size_t *count)
{
	for (size_t i = first; i < *count; i++) {
		const struct source *source = &(*datasets)[i]->sources[0];
		if (plain->follow != NULL || (source->reader == file->told.reader && source->options.dialect == file->told.dialect &&
			source->options.csv_separator == file->told.csv_separator))
			return (*datasets)[i];
	}
	*datasets = arena_grow(plain->arena, *datasets, *count, sizeof **datasets);
	struct dataset *dataset = (*datasets)[(*count)++] = arena_alloc(plain->arena, sizeof *dataset);
	*dataset = (struct dataset){.folder = ".", .use = USE_NONE, .observed = -1, .live = plain->follow != NULL};
	return dataset;
}

/* Label files that stand beside the data. */
static int load_labels(const struct plain *plain, struct dataset *dataset, struct diagnostics *d)
{
	struct episode_loading loading = {.arena = plain->arena, .catalog = plain->catalog, .d = d, .folder = "."};
	int failed = 0;
	for (size_t i = 0; i < dataset->file_count; i++) {
		const char *labels = labels_path(plain->arena, dataset, dataset->files[i]);
		if (strcmp(dataset->files[i], "-") != 0 && access(labels, F_OK) == 0)
			failed |= labels_load(&loading, labels, dataset->files[i], dataset);
	}
	episode_warn(&loading, dataset->name);
	return failed;
}

int plain_datasets(const struct plain *plain, struct dataset ***datasets, size_t *count, struct diagnostics *d)
{
	const size_t first = *count;
	int failed = 0;
	const char **paths = arena_array(plain->arena, plain->count + 1, sizeof *paths);
	size_t *order = arena_array(plain->arena, plain->count + 1, sizeof *order);
	for (size_t i = 0; i < plain->count; i++)
		paths[i] = plain->files[i].path;
	rotation_order(paths, plain->count, order);
	for (size_t i = 0; i < plain->count; i++) {
		const struct plain_file *file = &plain->files[order[i]];
		if (file->skipped == NULL)
			add_file(plain, dataset_for(plain, file, first, datasets, count), file);
	}
	for (size_t i = first; i < *count; i++) {
		name(plain, (*datasets)[i], *count == first + 1);
		failed |= load_labels(plain, (*datasets)[i], d);
	}
	return failed;
}

struct dataset *plain_dataset(struct arena *arena, const struct catalog *catalog, const char *path,
	const struct format_wish *wish, struct diagnostics *d)
{
	struct plain plain = {.arena = arena, .catalog = catalog};
	struct dataset **datasets = NULL;
	size_t count = 0;
	plain_add(&plain, path);
	if (plain_tell(&plain, wish, d) != 0 || plain_datasets(&plain, &datasets, &count, d) != 0)
		return NULL;
	return datasets[0];
}
