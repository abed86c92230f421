/* import_files: the files that an import reads. Declared in generator/import.h. */
#include "generator/import.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_LIMIT = 64 << 20, DEPTH_MAX = 32 };

struct collecting {
	struct import *import;
	const char *const *endings;
	unsigned depth;
};

static bool wanted(const struct collecting *c, const char *name)
{
	for (const char *const *ending = c->endings; *ending != NULL; ending++) {
		if (text_ends(text_of(name), text_of(*ending), true))
			return true;
	}
	return false;
}

static int add_file(struct import *import, const char *path)
{
	struct import_file file = {.path = text_of(path)};

	if (file_read(import->arena, path, FILE_LIMIT, import->d, &file.content) != 0)
		return -1;
	import->files = arena_grow(import->arena, import->files, import->file_count, sizeof(*import->files));
	import->files[import->file_count++] = file;
	return 0;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int collect(struct collecting *c, const char *path, bool named);

static int collect_folder(struct collecting *c, const char *path)
{
	struct import *import = c->import;
	struct place place = {.file = path};
	DIR *directory = c->depth < DEPTH_MAX ? opendir(path) : NULL;
	const char *slash = path[strlen(path) - 1] == '/' ? "" : "/";
	char **names = NULL;
	size_t count = 0;
	int status = 0;

	if (directory == NULL)
		return diagnostics_error(import->d, place, "the folder cannot be read: %s",
			c->depth < DEPTH_MAX ? strerror(errno) : "too many folders in each other");
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		names = arena_grow(import->arena, names, count, sizeof(*names));
		names[count++] = arena_strdup(import->arena, entry->d_name);
	}
	closedir(directory);
	if (count > 0)
		qsort(names, count, sizeof(*names), compare_names);
	c->depth++;
	for (size_t i = 0; i < count; i++)
		status |= collect(c, arena_printf(import->arena, "%s%s%s", path, slash, names[i]), false);
	c->depth--;
	return status;
}

/* Below a folder only files of the right ending are rules; a file that was named is one whatever its name. */
static int collect(struct collecting *c, const char *path, bool named)
{
	struct place place = {.file = path};
	struct stat status;

	if (stat(path, &status) != 0)
		return diagnostics_error(c->import->d, place, "cannot be read: %s", strerror(errno));
	if (S_ISDIR(status.st_mode))
		return collect_folder(c, path);
	return named || wanted(c, path) ? add_file(c->import, path) : 0;
}

int import_files(struct import *import, const char *const *paths, size_t count, const char *const *endings)
{
	struct collecting c = {import, endings, 0};
	int status = 0;

	for (size_t i = 0; i < count; i++) {
		size_t before = import->file_count;

		if (*paths[i] == '\0')
			status = diagnostics_error(import->d, ((struct place){NULL, 0, 0}), "an empty path names no file");
		else if (collect(&c, paths[i], true) != 0)
			status = -1;
		else if (import->file_count == before)
			status = diagnostics_error(import->d, ((struct place){.file = paths[i]}), "no file of %s rules (*%s) is in there",
				import->target->name, endings[0]);
	}
	return status;
}
