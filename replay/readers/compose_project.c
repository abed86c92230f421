/*
 * compose_project: see compose_project.h.
 */
#include "replay/readers/compose_project.h"

#include <string.h>
#include <sys/stat.h>

enum { OTHERS_MAX = 64, OTHER_BYTES = 1 << 20 };

const struct yaml *compose_get(const struct yaml *mapping, const char *key)
{
	return compose_get_text(mapping, text_of(key));
}

const struct yaml *compose_get_text(const struct yaml *mapping, struct text key)
{
	for (size_t i = 0; mapping && mapping->kind == YAML_MAPPING && i < mapping->count; i++)
		if (text_equal(mapping->keys[i].text, key))
			return mapping->items[i].kind != YAML_NULL ? &mapping->items[i] : NULL;
	return NULL;
}

static struct text scalar(const struct yaml *node)
{
	return node && node->kind == YAML_SCALAR ? node->text : TEXT("");
}

/* The folder of a path; NULL for standard input. */
static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (strcmp(path, "-") == 0)
		return NULL;
	return slash ? arena_strndup(arena, path, slash > path ? (size_t)(slash - path) : 1) : ".";
}

/* A plain file of no great size; a device or pipe would be waited for. */
static bool read_plain(struct arena *arena, const char *path, struct text *content)
{
	struct diagnostics d = {0};
	struct stat status;
	bool read = stat(path, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= OTHER_BYTES &&
		file_read(arena, path, OTHER_BYTES, &d, content) == 0;
	diagnostics_free(&d);
	return read;
}

void compose_project_begin(struct compose_project *project, struct arena *arena, const char *path, const struct yaml *document)
{
	struct text content;
	*project = (struct compose_project){.arena = arena, .main = {path, folder_of(arena, path), document}};
	if (project->main.folder && read_plain(arena, arena_printf(arena, "%s/.env", project->main.folder), &content))
		compose_variables_read(arena, content, &project->variables);
}

static const struct yaml *parse(struct compose_project *project, const char *path)
{
	struct diagnostics d = {0};
	struct yaml *documents = NULL;
	struct text content;
	size_t count = 0;
	bool read = read_plain(project->arena, path, &content) &&
		yaml_parse(project->arena, content, path, NULL, &d, &documents, &count) == 0;
	diagnostics_free(&d);
	return read && count ? documents : NULL;
}

static const struct compose_file *known(const struct compose_project *project, const char *path)
{
	if (strcmp(project->main.path, path) == 0)
		return &project->main;
	for (size_t i = 0; i < project->other_count; i++)
		if (strcmp(project->others[i].path, path) == 0)
			return &project->others[i];
	return NULL;
}

const struct compose_file *compose_project_file(struct compose_project *project, const struct compose_file *beside,
	struct text name)
{
	struct arena *arena = project->arena;
	if (!beside->folder || !name.length || memchr(name.data, '\0', name.length))
		return NULL;
	while (text_starts(name, TEXT("./"), false))
		name = text_slice(name, 2, name.length);
	const char *path = arena_printf(arena, "%s/%.*s", beside->folder, TEXT_ARGS(name));
	if (text_starts(name, TEXT("/"), false))
		path = arena_strndup(arena, name.data, name.length);
	const struct compose_file *file = known(project, path);
	if (!file && project->other_count < OTHERS_MAX) {
		if (!project->others)
			project->others = arena_array(arena, OTHERS_MAX, sizeof *project->others);
		project->others[project->other_count] = (struct compose_file){path, folder_of(arena, path), parse(project, path)};
		file = &project->others[project->other_count++];
	}
	return file && file->document ? file : NULL;
}

bool compose_project_resolve(const struct compose_project *project, struct text text, struct text *resolved)
{
	return compose_resolve(project->arena, &project->variables, text, resolved);
}

/* Is the word one of a comma list? */
static bool lists(struct text list, const char *word)
{
	for (size_t at = 0; at < list.length;) {
		struct text rest = text_slice(list, at, list.length);
		size_t length = text_find(rest, ',');
		if (text_is(text_trim(text_slice(rest, 0, length)), word))
			return true;
		at += length + 1;
	}
	return false;
}

struct text compose_project_volume(const struct compose_project *project, struct text name)
{
	const struct yaml *volume = compose_get_text(compose_get(project->main.document, "volumes"), name);
	const struct yaml *options = compose_get(volume, "driver_opts");
	struct text device, how;
	if (!compose_project_resolve(project, scalar(compose_get(options, "device")), &device) ||
		!compose_project_resolve(project, scalar(compose_get(options, "o")), &how))
		return name;
	return (lists(how, "bind") || lists(how, "rbind")) && device.length ? device : name;
}

struct text compose_project_secret(const struct compose_project *project, const char *kind, struct text name)
{
	const struct yaml *secret = compose_get_text(compose_get(project->main.document, kind), name);
	struct text file;
	return compose_project_resolve(project, scalar(compose_get(secret, "file")), &file) ? file : TEXT("");
}
