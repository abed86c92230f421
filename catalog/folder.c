/*
 * folder: the files of a catalog folder, as documents. Declared in catalog/catalog.h.
 */
#include "catalog/catalog.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { DOCUMENT_LIMIT = 16 << 20 };

static const struct {
	const char *path;
	bool required;
} root_files[] = {{"clients.yaml", false}, {"fields.yaml", true}, {"lists.yaml", false}, {"techniques.yaml", false}};

static const char *const subfolders[] = {"detections", "dialects", "fields", "organizations"};

struct reading {
	struct catalog *catalog;
	const char *folder;
	struct diagnostics *d;
};

static const char *full_path(const struct reading *r, const char *path)
{
	size_t length = strlen(r->folder);
	bool slash = !length || r->folder[length - 1] == '/';
	return arena_printf(&r->catalog->arena, "%s%s%s", r->folder, slash ? "" : "/", path);
}

static int read_document(const struct reading *r, const char *path)
{
	struct catalog *catalog = r->catalog;
	struct document document = {.path = text_of(path)};
	if (file_read(&catalog->arena, full_path(r, path), DOCUMENT_LIMIT, r->d, &document.content))
		return -1;
	sha256_hex(document.content, document.hash);
	catalog->documents = arena_grow(&catalog->arena, catalog->documents, catalog->document_count, sizeof document);
	catalog->documents[catalog->document_count++] = document;
	return 0;
}

/* One entry of a subfolder. What is not read is said, since a detection that is silently left out is
 * the worst kind; hidden files are an editor's business. */
static int read_entry(const struct reading *r, const char *subfolder, const char *name)
{
	if (name[0] == '.')
		return 0;
	const char *path = arena_printf(&r->catalog->arena, "%s/%s", subfolder, name);
	struct place place = {.file = full_path(r, path)};
	struct text text = text_of(name);
	struct stat status;
	if (stat(place.file, &status))
		return diagnostics_error(r->d, place, "cannot be read: %s", strerror(errno));
	if (S_ISDIR(status.st_mode))
		return diagnostics_warning(r->d, place, "folders in %s are not read", subfolder);
	if (!text_ends(text, TEXT(".yaml"), false) && !text_ends(text, TEXT(".yml"), false))
		return diagnostics_warning(r->d, place, "is not read: only *.yaml and *.yml files are");
	if (!S_ISREG(status.st_mode))
		return diagnostics_error(r->d, place, "is no regular file");
	return read_document(r, path);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names first, sorted, so that diagnostics come in the same order on every file system. */
static int read_subfolder(const struct reading *r, const char *subfolder)
{
	const char *path = full_path(r, subfolder);
	struct place place = {.file = path};
	char **names = NULL;
	size_t count = 0, errors = r->d->errors;
	DIR *directory = opendir(path);
	if (!directory && errno == ENOENT)
		return 0;
	if (!directory)
		return diagnostics_error(r->d, place, "the folder cannot be read: %s", strerror(errno));
	errno = 0;
	for (struct dirent *entry; (entry = readdir(directory)); count++) {
		names = arena_grow(&r->catalog->arena, names, count, sizeof *names);
		names[count] = arena_strdup(&r->catalog->arena, entry->d_name);
	}
	if (errno)
		diagnostics_error(r->d, place, "the folder cannot be read: %s", strerror(errno));
	closedir(directory);
	if (count)
		qsort(names, count, sizeof *names, compare_names);
	for (size_t i = 0; i < count; i++)
		read_entry(r, subfolder, names[i]);
	return r->d->errors == errors ? 0 : -1;
}

static int compare_paths(const void *a, const void *b)
{
	return text_compare(((const struct document *)a)->path, ((const struct document *)b)->path);
}

int catalog_read_folder(struct catalog *catalog, const char *folder, struct diagnostics *d)
{
	struct reading r = {catalog, folder, d};
	struct place place = {.file = folder};
	struct stat status;
	size_t errors = d->errors;
	if (stat(folder[0] ? folder : ".", &status))
		return diagnostics_error(d, place, "the catalog cannot be read: %s (name the folder of one with mews --catalog DIR)",
			strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return diagnostics_error(d, place, "the catalog must be a folder");
	for (size_t i = 0; i < sizeof root_files / sizeof *root_files; i++) {
		const char *path = full_path(&r, root_files[i].path);
		bool missing = stat(path, &status) != 0 && errno == ENOENT;
		if (missing && root_files[i].required)
			diagnostics_error(d, place, "has no %s: a catalog is the folder that holds it, beside detections/",
				root_files[i].path);
		else if (!missing)
			read_document(&r, root_files[i].path);
	}
	for (size_t i = 0; i < sizeof subfolders / sizeof *subfolders; i++)
		read_subfolder(&r, subfolders[i]);
	if (catalog->document_count)
		qsort(catalog->documents, catalog->document_count, sizeof *catalog->documents, compare_paths);
	catalog_revise(catalog);
	return d->errors == errors ? 0 : -1;
}
