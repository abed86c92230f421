/* files: what is made, on the disk; written beside and renamed. An older pack's leftovers are removed. */
#include "generator/files.h"

#include "generator/build.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int fail(struct diagnostics *d, const char *doing, const char *path)
{
	return diagnostics_error(d, ((struct place){path, 0, 0}), "cannot %s: %s", doing, strerror(errno));
}

/* All folders of the path up to its last slash. */
static int make_folders(struct arena *arena, const char *path, struct diagnostics *d)
{
	char *copy = arena_strdup(arena, path);

	for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(copy, 0777) != 0 && errno != EEXIST)
			return fail(d, "make the folder", copy);
		*slash = '/';
	}
	return 0;
}

static int write_file(const char *path, const struct buffer *content, struct diagnostics *d)
{
	FILE *file = fopen(path, "wb");

	if (file == NULL)
		return fail(d, "write", path);
	bool whole = content->length == 0 || fwrite(content->data, 1, content->length, file) == content->length;

	if (fclose(file) != 0 || !whole)
		return fail(d, "write", path);
	return 0;
}

static bool made_now(const struct pack *pack, const char *name)
{
	for (size_t i = 0; i < pack->file_count; i++) {
		if (text_is(pack->files[i]->name, name))
			return true;
	}
	return false;
}

/* A name within the pack: no way out of it. */
static bool name_stays_inside(const char *name)
{
	return name[0] != '/' && name[0] != '\0' && strstr(name, "..") == NULL;
}

/* Files that the older pack's fidelity.json names and that are not made any more. */
static void remove_leftovers(struct pack *pack, const char *folder)
{
	json_t *old = json_load_file(arena_printf(pack->arena, "%s/fidelity.json", folder), 0, NULL), *name;
	size_t i;

	json_array_foreach(json_object_get(old, "files"), i, name) {
		const char *text = json_string_value(name);

		if (text != NULL && name_stays_inside(text) && !made_now(pack, text))
			unlink(arena_printf(pack->arena, "%s/%s", folder, text));
	}
	json_decref(old);
}

/* What was written beside before something failed. */
static void remove_written(struct arena *arena, const char *folder, struct made_file *const *files, size_t count)
{
	for (size_t i = 0; i < count; i++)
		unlink(arena_printf(arena, "%s/%.*s.new", folder, TEXT_ARGS(files[i]->name)));
}

static int write_beside(struct arena *arena, const char *folder, struct made_file *const *files, size_t count,
	struct diagnostics *d)
{
	struct text made = {NULL, 0}; /* the folder of the file before */

	for (size_t i = 0; i < count; i++) {
		char *beside = arena_printf(arena, "%s/%.*s.new", folder, TEXT_ARGS(files[i]->name));
		struct text own = {beside, (size_t)(strrchr(beside, '/') - beside)};
		bool known = made.length > 0 && text_equal(made, own);

		made = own;
		if ((!known && make_folders(arena, beside, d) != 0) || write_file(beside, &files[i]->content, d) != 0) {
			remove_written(arena, folder, files, i + 1);
			return -1;
		}
	}
	return 0;
}

static int rename_all(struct arena *arena, const char *folder, struct made_file *const *files, size_t count,
	struct diagnostics *d)
{
	for (size_t i = 0; i < count; i++) {
		char *name = arena_printf(arena, "%s/%.*s", folder, TEXT_ARGS(files[i]->name));

		if (rename(arena_printf(arena, "%s.new", name), name) != 0)
			return fail(d, "rename to", name);
	}
	return 0;
}

int files_store(struct arena *arena, const char *folder, struct made_file *const *files, size_t count, struct diagnostics *d)
{
	return write_beside(arena, folder, files, count, d) != 0 ? -1 : rename_all(arena, folder, files, count, d);
}

int pack_store(struct pack *pack, const char **path, struct diagnostics *d)
{
	const char *folder = arena_printf(pack->arena, "%s/%s/%.*s", pack->request->directory, pack->request->target->name,
		TEXT_ARGS(pack_organization(pack)));

	*path = folder;
	if (write_beside(pack->arena, folder, pack->files, pack->file_count, d) != 0)
		return -1;
	remove_leftovers(pack, folder);
	return rename_all(pack->arena, folder, pack->files, pack->file_count, d);
}
