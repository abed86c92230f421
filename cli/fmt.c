/* fmt: mews's YAML files in their canonical form. */
#include "cli/project.h"

#include "catalog/canonical.h"
#include "catalog/file_write.h"
#include "catalog/hint.h"
#include "catalog/text_diff.h"
#include "cli/kinds.h"
#include "cli/yaml_files.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum mode { MODE_WRITE, MODE_CHECK, MODE_DIFF };

struct formatting {
	struct project *project;
	enum mode mode;
	const struct file_kind *kind; /* of all operands; NULL: each is asked */
	bool json;
	size_t files;
	const char **changed;
	size_t changed_count, failed;
};

static int refuse(struct formatting *f, const char *path, const char *format, const char *what)
{
	return diagnostics_error(&f->project->diagnostics, ((struct place){path, 0, 0}), format, what);
}

/* NULL in *kind: none of ours. -1: it was named and is not ours, or is no YAML (reported). */
static int find_kind(struct formatting *f, const char *path, struct text source, bool named, const struct file_kind **kind)
{
	struct arena arena = {0};
	struct diagnostics ignored = {0}, *d = &f->project->diagnostics;
	struct yaml *documents = NULL;
	size_t count = 0;
	int failed = 0;
	*kind = f->kind != NULL ? f->kind : file_kind_of_path(path);
	if (yaml_parse(&arena, source, path, NULL, named || *kind != NULL ? d : &ignored, &documents, &count) != 0) {
		failed = named || *kind != NULL ? -1 : 0;
		*kind = NULL;
	} else {
		const char *others = count > 0 ? file_kind_of_others(documents) : NULL;
		if (count == 0 && named)
			failed = refuse(f, path, "there is nothing to format: the file is empty%s", "");
		if (others != NULL || count != 1)
			*kind = NULL;
		else if (*kind == NULL)
			*kind = file_kind_of_keys(documents);
		if (*kind == NULL && named && failed == 0 && others != NULL)
			failed = refuse(f, path, "this is %s; mews formats its own files alone (mews schema --list)", others);
		else if (*kind == NULL && named && failed == 0)
			failed = refuse(f, path, "neither its place nor its keys say that it is one of mews's files (mews schema --list)%s",
				f->kind == NULL ? "; --kind says what it is" : "");
	}
	diagnostics_free(&ignored);
	arena_free(&arena);
	return failed;
}

static void print_diff(struct arena *arena, const char *path, struct text before, struct text after)
{
	const bool terminal = isatty(STDOUT_FILENO);
	struct text_diff diff = text_diff(arena, before, after);
	struct buffer out = {0};
	struct text_diff_style style = {.before = arena_printf(arena, "a/%s", path), .after = arena_printf(arena, "b/%s", path),
		.context = 3, .colour = terminal && getenv("NO_COLOR") == NULL, .safe = terminal};
	text_diff_print(&diff, &style, &out);
	fwrite(out.data, 1, out.length, stdout);
	buffer_free(&out);
}

static void note_changed(struct formatting *f, const char *path)
{
	struct arena *arena = &f->project->arena;
	f->changed = arena_grow(arena, f->changed, f->changed_count, sizeof(const char *));
	f->changed[f->changed_count++] = arena_strdup(arena, path);
}

/* One source that is ours: `-` goes to standard output. */
static int format_source(struct formatting *f, struct arena *arena, const char *path, struct text source,
	const struct yaml_form *form)
{
	struct buffer out = {0};
	const bool piped = strcmp(path, "-") == 0;
	int failed = canonical_write(source, piped ? "<standard input>" : path, form, &out, &f->project->diagnostics);
	bool same = failed == 0 && text_equal(source, buffer_view(&out));
	f->files++;
	if (failed == 0 && !same)
		note_changed(f, path);
	if (failed == 0 && !same && f->mode == MODE_DIFF && !f->json)
		print_diff(arena, path, source, buffer_view(&out));
	else if (failed == 0 && piped && f->mode == MODE_WRITE)
		fwrite(out.data, 1, out.length, stdout);
	else if (failed == 0 && !same && f->mode == MODE_WRITE)
		failed = file_put(path, buffer_view(&out), &f->project->diagnostics);
	buffer_free(&out);
	return failed;
}

static int format_file(struct formatting *f, const char *path, bool named)
{
	struct arena arena = {0};
	struct text source;
	const struct file_kind *kind = NULL;
	const char *read = strcmp(path, "-") == 0 ? "/dev/stdin" : path;
	int failed = file_read(&arena, read, 0, &f->project->diagnostics, &source);
	if (failed == 0)
		failed = find_kind(f, strcmp(path, "-") == 0 ? "<standard input>" : path, source, named, &kind);
	if (failed == 0 && kind != NULL)
		failed = format_source(f, &arena, path, source, kind->form);
	f->failed += failed != 0;
	arena_free(&arena);
	return failed;
}

static void format_folder(struct formatting *f, const char *folder)
{
	struct yaml_files files = {0};
	if (yaml_files_find(&files, &f->project->arena, folder, &f->project->diagnostics) != 0)
		f->failed++;
	for (size_t i = 0; i < files.count; i++)
		format_file(f, files.items[i], false);
}

static void format_operand(struct formatting *f, const char *path)
{
	struct stat status;
	if (strcmp(path, "-") != 0 && stat(path, &status) == 0 && S_ISDIR(status.st_mode))
		format_folder(f, path);
	else
		format_file(f, path, true);
}

/* All that the project names. */
static void format_project(struct formatting *f)
{
	const char *places[] = {f->project->catalog_folder, f->project->corpus_folder, "mews.yaml"};
	bool any = false;
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		if (access(places[i], F_OK) == 0) {
			format_operand(f, places[i]);
			any = true;
		}
	if (!any)
		diagnostics_error(&f->project->diagnostics, ((struct place){NULL, 0, 0}),
			"nothing is here to format: no catalog %s, no corpus %s, no mews.yaml; name files, or go where the project is",
			places[0], places[1]);
}

static void print_json(const struct formatting *f)
{
	json_t *changed = json_array();
	for (size_t i = 0; i < f->changed_count; i++)
		json_array_append_new(changed, json_string(f->changed[i]));
	json_t *whole = json_pack("{s:I, s:I, s:o}", "files", (json_int_t)f->files, "failed", (json_int_t)f->failed,
		"changed", changed);
	char *text = json_dumps(whole, JSON_INDENT(2));
	puts(text);
	free(text);
	json_decref(whole);
}

static void report(const struct formatting *f, bool piped)
{
	static const char *const said[] = {[MODE_WRITE] = "formatted", [MODE_CHECK] = "not formatted",
		[MODE_DIFF] = "not formatted"};
	if (f->json) {
		print_json(f);
		return;
	}
	for (size_t i = 0; f->mode != MODE_DIFF && !piped && i < f->changed_count; i++)
		puts(f->changed[i]);
	if (!piped && f->files > 0)
		fprintf(stderr, "%zu of %zu files %s%s\n", f->changed_count, f->files, said[f->mode],
			f->mode == MODE_CHECK && f->changed_count > 0 ? " (mews fmt formats them)" : "");
}

static enum exit_status no_kind(const char *name)
{
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	for (const struct file_kind *kind = file_kinds; kind->name != NULL; kind++)
		hint_offer(&hint, text_of(kind->name));
	return verb_wrong(&verb_fmt, "there is no kind of file \"%s\"%s (mews schema --list)", name, hint_words(&hint, words));
}

/* EXIT_FINE: the options are right. */
static enum exit_status read_options(struct formatting *f, const struct options *options)
{
	const char *kind = options_value(options, "kind", NULL), *format = options_value(options, "format", "text");
	f->json = strcmp(format, "json") == 0;
	f->mode = options_has(options, "diff") ? MODE_DIFF : options_has(options, "check") ? MODE_CHECK : MODE_WRITE;
	f->kind = kind != NULL ? file_kind_find(text_of(kind)) : NULL;
	if (kind != NULL && f->kind == NULL)
		return no_kind(kind);
	if (!f->json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_fmt, "--format takes text or json, not \"%s\"", format);
	for (size_t i = 0; i < options->operand_count; i++)
		if (strcmp(options->operands[i], "-") == 0 && (options->operand_count > 1 || (f->json && f->mode == MODE_WRITE)))
			return verb_wrong(&verb_fmt, "- stands alone, and its result is not JSON");
	return EXIT_FINE;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct formatting f = {.project = &project};
	enum exit_status status = read_options(&f, options);
	if (status != EXIT_FINE)
		return status;
	if (project_begin(&project, global) != 0)
		return project_end(&project, EXIT_WRONG);
	for (size_t i = 0; i < options->operand_count; i++)
		format_operand(&f, options->operands[i]);
	if (options->operand_count == 0)
		format_project(&f);
	report(&f, options->operand_count > 0 && strcmp(options->operands[0], "-") == 0);
	if (f.mode != MODE_WRITE && f.changed_count > 0)
		status = EXIT_FINDINGS;
	return project_end(&project, f.failed > 0 ? EXIT_WRONG : status);
}

static const struct option_spec options[] = {
	{"check", 'c', NULL, "write nothing; name the files that are not formatted, and exit with 1 if there are any"},
	{"diff", 'd', NULL, "write nothing; show what would change, and exit with 1 if anything would"},
	{"kind", 'k', "KIND", "what the files are, where neither place nor keys tell (mews schema --list)"},
	{"format", 'f', "FORMAT", "of the summary: text (default) or json"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_fmt = {
	.group = GROUP_WRITE,
	.name = "fmt",
	.usage = "[PATH…]\n--check [PATH…]\n--diff [PATH…]\n-",
	.about = "Writes mews's YAML files in their canonical form, comments kept",
	.details = "PATH is a file or a folder; left out: the project's catalog, its corpus and mews.yaml. - reads standard input\n"
		   "and writes standard output. Of a folder, files of others (rules of Falco, manifests) are passed over.\n\n"
		   "The form: keys in one order, two blanks of indentation, quotes only where they are needed, conditions in one\n"
		   "spelling with your line breaks, at most one empty line. Whether a list stands in [] or in lines is yours.\n\n"
		   "Nothing ever changes its meaning: the result is read again and compared, comments are counted, and a file\n"
		   "that does not pass is left as it is.",
	.examples = "  mews fmt                            all files of the project\n"
		    "  mews fmt --check rulesets corpus    for continuous integration\n"
		    "  mews fmt --diff rulesets/lists.yaml\n"
		    "  mews fmt - < rule.yaml              as an editor calls it\n",
	.status = "0 fine, 1 --check or --diff found files that are not formatted, 2 wrong use, or a file that cannot be read",
	.see = "schema check",
	.options = options,
	.run = run,
};
