/* place: see place.h. */
#include "cli/place.h"

#include "catalog/hint.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FOLDERS_UP = 3 };

static const char *description(struct project *project, const char *folder)
{
	const char *file = arena_printf(&project->arena, "%s/corpus.yaml", folder);
	return access(file, F_OK) == 0 ? file : NULL;
}

static struct dataset *load(struct project *project, const char *file)
{
	return dataset_load(&project->arena, &project->catalog, file, &project->diagnostics);
}

struct dataset *place_dataset(struct project *project, const char *operand)
{
	struct diagnostics *d = &project->diagnostics;
	struct dataset **list = NULL;
	struct hint hint = {.word = text_of(operand)};
	char words[HINT_LENGTH];
	size_t count = 0;
	const char *file = description(project, operand);
	if (file == NULL)
		file = description(project, arena_printf(&project->arena, "%s/%s", project->corpus_folder, operand));
	if (file != NULL)
		return load(project, file);
	if (access(project->corpus_folder, F_OK) == 0 &&
		corpus_load(&project->arena, &project->catalog, project->corpus_folder, &list, &count, d) != 0)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (text_is(list[i]->name, operand))
			return list[i];
		hint_offer(&hint, list[i]->name);
	}
	diagnostics_error(d, ((struct place){NULL, 0, 0}), "there is no dataset \"%s\", neither as a folder nor below %s%s", operand,
		project->corpus_folder, hint_words(&hint, words));
	return NULL;
}

struct dataset *place_episode(struct project *project, const char *operand, size_t *episode)
{
	const char *slash = strrchr(operand, '/'), *names = "";
	if (slash == NULL || slash == operand || slash[1] == '\0') {
		diagnostics_error(&project->diagnostics, ((struct place){NULL, 0, 0}), "an episode is DATASET/EPISODE, not \"%s\"",
			operand);
		return NULL;
	}
	struct dataset *dataset = place_dataset(project, arena_strndup(&project->arena, operand, (size_t)(slash - operand)));
	if (dataset == NULL)
		return NULL;
	for (*episode = 0; *episode < dataset->episode_count; ++*episode) {
		struct text name = dataset->episodes[*episode].name;
		if (text_is(name, slash + 1))
			return dataset;
		names = arena_printf(&project->arena, "%s%s%.*s", names, *episode > 0 ? ", " : "", TEXT_ARGS(name));
	}
	diagnostics_error(&project->diagnostics, dataset->place, "the dataset has no episode \"%s\"; it has %s", slash + 1,
		names[0] != '\0' ? names : "none");
	return NULL;
}

/* Is the file one of the dataset's? The same file may have several paths. */
static bool reads(const struct dataset *dataset, const struct stat *wanted)
{
	struct stat status;
	for (size_t i = 0; i < dataset->file_count; i++)
		if (stat(dataset->files[i], &status) == 0 && status.st_ino == wanted->st_ino && status.st_dev == wanted->st_dev)
			return true;
	return false;
}

struct dataset *place_of_file(struct project *project, const char *file)
{
	const char *slash = strrchr(file, '/');
	struct stat wanted;
	if (stat(file, &wanted) != 0)
		return NULL;
	const char *folder = slash != NULL ? arena_strndup(&project->arena, file, (size_t)(slash - file)) : ".";
	for (unsigned up = 0; up <= FOLDERS_UP; up++) {
		const char *at = description(project, folder);
		struct dataset *dataset = at != NULL ? load(project, at) : NULL;
		if (dataset != NULL && reads(dataset, &wanted))
			return dataset;
		folder = arena_printf(&project->arena, "%s/..", folder);
	}
	return NULL;
}
