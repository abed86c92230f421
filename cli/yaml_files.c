/* yaml_files: see yaml_files.h. */
#include "cli/yaml_files.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 16 };

struct names {
	const char **items;
	size_t count;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int read_names(struct arena *arena, const char *folder, struct names *names, struct diagnostics *d)
{
	DIR *open = opendir(folder);
	if (open == NULL)
		return diagnostics_error(d, ((struct place){folder, 0, 0}), "cannot be read: %s", strerror(errno));
	for (const struct dirent *entry; (entry = readdir(open)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		names->items = arena_grow(arena, names->items, names->count, sizeof(const char *));
		names->items[names->count++] = arena_printf(arena, "%s/%s", folder, entry->d_name);
	}
	closedir(open);
	if (names->count > 0)
		qsort(names->items, names->count, sizeof(const char *), by_name);
	return 0;
}

static int find(struct yaml_files *files, struct arena *arena, const char *folder, unsigned depth, struct diagnostics *d)
{
	struct names names = {0};
	struct stat status;
	int failed = depth < DEPTH_MAX ? read_names(arena, folder, &names, d) : 0;
	for (size_t i = 0; i < names.count; i++) {
		struct text name = text_of(names.items[i]);
		if (lstat(names.items[i], &status) == 0 && S_ISDIR(status.st_mode)) {
			failed |= find(files, arena, names.items[i], depth + 1, d);
		} else if (text_ends(name, TEXT(".yaml"), false) || text_ends(name, TEXT(".yml"), false)) {
			files->items = arena_grow(arena, files->items, files->count, sizeof(const char *));
			files->items[files->count++] = names.items[i];
		}
	}
	return failed;
}

int yaml_files_find(struct yaml_files *files, struct arena *arena, const char *folder, struct diagnostics *d)
{
	size_t length = strlen(folder);
	while (length > 1 && folder[length - 1] == '/')
		length--;
	return find(files, arena, arena_strndup(arena, folder, length), 0, d);
}
