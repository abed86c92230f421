/* schema: JSON Schemas of mews's YAML files, for editors and validators. */
#include "cli/project.h"

#include "catalog/file_write.h"
#include "catalog/hint.h"
#include "catalog/yaml_schema.h"
#include "cli/kinds.h"
#include "replay/readers/reader.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FORMATS_MAX = 64 };

struct making {
	struct project *project;
	struct schema_source source;
	const char *formats[FORMATS_MAX];
};

/* The catalog is asked for names alone: where it cannot be read the schemas do without. */
static void open_catalog(struct making *m)
{
	struct diagnostics ignored = {0};
	struct project *project = m->project;
	for (size_t i = 0; readers[i].name != NULL && i + 1 < FORMATS_MAX; i++)
		m->formats[i] = readers[i].name;
	m->source.formats = m->formats;
	if (catalog_load(&project->catalog, project->catalog_folder, &ignored) == 0)
		m->source.catalog = &project->catalog;
	else
		diagnostics_warning(&project->diagnostics, ((struct place){project->catalog_folder, 0, 0}),
			"the catalog cannot be read (mews check says why): the schemas know none of its names");
	diagnostics_free(&ignored);
}

static void write_one(struct making *m, const struct file_kind *kind, struct buffer *out)
{
	buffer_clear(out);
	yaml_schema_write(kind->form, kind->name, kind->title, &m->source, out);
}

/* A kind's globs, with the catalog's folder in them. */
static const char *place_of(struct project *project, const struct file_kind *kind, size_t at)
{
	const char *glob = kind->places[at];
	if (strncmp(glob, "CATALOG/", 8) != 0)
		return glob;
	return arena_printf(&project->arena, "%s%s", project->catalog_folder, glob + 7);
}

static json_t *places_of(struct project *project, const struct file_kind *kind)
{
	json_t *places = json_array();
	for (size_t i = 0; i < 3 && kind->places[i] != NULL; i++)
		json_array_append_new(places, json_string(place_of(project, kind, i)));
	return places;
}

static void print_json(json_t *document)
{
	char *text = json_dumps(document, JSON_INDENT(2));
	puts(text);
	free(text);
	json_decref(document);
}

static void list_kinds(struct project *project, bool json)
{
	json_t *all = json_array();
	for (const struct file_kind *kind = file_kinds; kind->name != NULL; kind++)
		if (json)
			json_array_append_new(all, json_pack("{s:s, s:s, s:o}", "kind", kind->name, "about", kind->about, "files",
				places_of(project, kind)));
		else
			printf("%-15s %-32s %s\n", kind->name, place_of(project, kind, 0), kind->about);
	if (json)
		print_json(json_incref(all));
	json_decref(all);
}

/* What goes into .vscode/settings.json (and, as `yaml.schemas`, into any editor that runs the same server). */
static void print_settings(struct project *project, const char *folder)
{
	json_t *schemas = json_object();
	bool below = folder[0] != '/' && strncmp(folder, "../", 3) != 0;
	for (const struct file_kind *kind = file_kinds; kind->name != NULL; kind++) {
		json_t *path = json_sprintf("%s%s/%s.json", below ? "./" : "", folder, kind->name);
		json_object_set_new(schemas, json_string_value(path), places_of(project, kind));
		json_decref(path);
	}
	print_json(json_pack("{s:o}", "yaml.schemas", schemas));
}

static int write_all(struct making *m, const char *folder)
{
	struct diagnostics *d = &m->project->diagnostics;
	struct buffer schema = {0};
	int failed = 0;
	if (mkdir(folder, 0777) != 0 && errno != EEXIST)
		return diagnostics_error(d, ((struct place){folder, 0, 0}), "cannot be made: %s", strerror(errno));
	for (const struct file_kind *kind = file_kinds; kind->name != NULL && failed == 0; kind++) {
		write_one(m, kind, &schema);
		failed = file_put(arena_printf(&m->project->arena, "%s/%s.json", folder, kind->name), buffer_view(&schema), d);
	}
	buffer_free(&schema);
	if (failed == 0)
		print_settings(m->project, folder);
	return failed;
}

static enum exit_status no_kind(const char *name)
{
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	for (const struct file_kind *kind = file_kinds; kind->name != NULL; kind++)
		hint_offer(&hint, text_of(kind->name));
	return verb_wrong(&verb_schema, "there is no kind of file \"%s\"%s (mews schema --list)", name, hint_words(&hint, words));
}

static int make(struct project *project, const struct file_kind *kind, const char *folder)
{
	struct making m = {.project = project};
	struct buffer schema = {0};
	open_catalog(&m);
	if (folder != NULL)
		return write_all(&m, folder);
	write_one(&m, kind, &schema);
	fwrite(schema.data, 1, schema.length, stdout);
	buffer_free(&schema);
	return 0;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	const char *folder = options_value(options, "output", NULL), *format = options_value(options, "format", "text");
	const char *name = options->operand_count > 0 ? options->operands[0] : NULL;
	const struct file_kind *kind = name != NULL ? file_kind_find(text_of(name)) : NULL;
	bool listing = options_has(options, "list") || (name == NULL && folder == NULL), json = strcmp(format, "json") == 0;
	if (options->operand_count > 1)
		return verb_wrong(&verb_schema, "one kind at a time, or all with -o DIR");
	if (name != NULL && kind == NULL)
		return no_kind(name);
	if (folder != NULL && (kind != NULL || folder[0] == '\0'))
		return verb_wrong(&verb_schema, "-o takes a folder and writes the schemas of all kinds: leave KIND out");
	if (!json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_schema, "--format takes text or json, not \"%s\"", format);
	int failed = project_begin(&project, global);
	if (failed == 0 && listing)
		list_kinds(&project, json);
	else if (failed == 0)
		failed = make(&project, kind, folder);
	return project_end(&project, failed != 0 ? EXIT_WRONG : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"list", 'l', NULL, "the kinds of files, and where they stand"},
	{"output", 'o', "DIR", "write the schemas of all kinds into DIR, and print the editor's settings for them"},
	{"format", 'f', "FORMAT", "of the list: text (default) or json"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_schema = {
	.group = GROUP_WRITE,
	.name = "schema",
	.usage = "[KIND]\n--list\n-o DIR",
	.about = "Writes JSON Schemas of mews's YAML files, for completion and hover text in editors",
	.details = "The schemas (draft-07) are made of the tables that the loaders check with, and name the fields, events,\n"
		   "detections, organizations and dialects of your catalog: write them again when those change.\n\n"
		   "A file can name its schema itself, in its first line:\n"
		   "  # yaml-language-server: $schema=../../.schemas/detection.json\n\n"
		   "What no schema can say (a condition that does not compile, a test that fails) mews check says.",
	.examples = "  mews schema -o .schemas           all of them; prints what goes into .vscode/settings.json\n"
		    "  mews schema detection             one, to standard output\n"
		    "  mews schema --list                the kinds of files\n",
	.see = "fmt check",
	.options = options,
	.run = run,
};
