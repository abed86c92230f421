/* files: see files.h. */
#include "replay/readers/files.h"

#include <dirent.h>
#include <errno.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEEPEST_FOLDER = 64 };

size_t files_expand(struct arena *arena, const char *pattern, char ***files, size_t *count)
{
	glob_t found;
	size_t added = 0;
	if (glob(pattern, 0, NULL, &found) == 0)
		for (; added < found.gl_pathc; added++) {
			*files = arena_grow(arena, *files, *count, sizeof **files);
			(*files)[(*count)++] = arena_strdup(arena, found.gl_pathv[added]);
		}
	globfree(&found);
	return added;
}

const char *files_literal(struct arena *arena, const char *path)
{
	char *glob = arena_alloc(arena, 2 * strlen(path) + 1), *out = glob;
	for (; *path != '\0'; path++) {
		if (strchr("*?[]\\", *path) != NULL)
			*out++ = '\\';
		*out++ = *path;
	}
	return glob;
}

bool files_is_glob(const char *operand)
{
	return strpbrk(operand, "*?[") != NULL;
}

static void add(struct arena *arena, const char *path, const char *skipped, struct found_file **found, size_t *count)
{
	*found = arena_grow(arena, *found, *count, sizeof **found);
	(*found)[(*count)++] = (struct found_file){path, skipped};
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t names_in(struct arena *arena, DIR *folder, const char ***names)
{
	size_t count = 0;
	for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		*names = arena_grow(arena, *names, count, sizeof **names);
		(*names)[count++] = arena_strdup(arena, entry->d_name);
	}
	if (count > 0)
		qsort(*names, count, sizeof **names, by_name);
	return count;
}

static void walk(struct arena *arena, const char *folder, int depth, struct found_file **found, size_t *count);

static void take(struct arena *arena, const char *path, const char *name, int depth, struct found_file **found, size_t *count)
{
	struct stat status, link;
	if (name[0] == '.')
		add(arena, path, "it is hidden: name it to read it", found, count);
	else if (lstat(path, &link) != 0 || stat(path, &status) != 0)
		add(arena, path, arena_strdup(arena, strerror(errno)), found, count);
	else if (S_ISDIR(status.st_mode) && S_ISLNK(link.st_mode))
		add(arena, path, "it is a link to a folder: name it to read it", found, count);
	else if (S_ISDIR(status.st_mode))
		walk(arena, path, depth + 1, found, count);
	else if (!S_ISREG(status.st_mode))
		add(arena, path, "it is no ordinary file: name it to read it", found, count);
	else
		add(arena, path, NULL, found, count);
}

static void walk(struct arena *arena, const char *folder, int depth, struct found_file **found, size_t *count)
{
	const char **names = NULL;
	DIR *open = depth < DEEPEST_FOLDER ? opendir(folder) : NULL;
	if (open == NULL) {
		add(arena, folder, depth < DEEPEST_FOLDER ? arena_strdup(arena, strerror(errno)) : "it lies too deep", found, count);
		return;
	}
	const size_t length = strlen(folder), named = names_in(arena, open, &names);
	closedir(open);
	for (size_t i = 0; i < named; i++)
		take(arena, arena_printf(arena, "%s%s%s", folder, length > 0 && folder[length - 1] == '/' ? "" : "/", names[i]), names[i],
			depth, found, count);
}

void files_below(struct arena *arena, const char *folder, struct found_file **found, size_t *count)
{
	walk(arena, folder, 0, found, count);
}
