/* import: somebody else's rules → a catalog folder, and an account of what was taken. */
#include "cli/project.h"
#include "generator/import.h"

#include <jansson.h>
#include <string.h>

/* How many reasons of one kind are listed in the summary, and how many items at the most without --all. */
enum { SHOWN_MOST = 20 };

struct request {
	const struct target *target;
	const char *output; /* NULL: only the account */
	bool json, all, force;
};

static const char *known_formats(struct arena *arena)
{
	const char *names = "";

	for (const struct target *target = targets; target->name != NULL; target++)
		if (target->read != NULL)
			names = arena_printf(arena, "%s%s%s", names, *names ? ", " : "", target->name);
	return names;
}

/* --- the account --- */

static json_t *json_texts(const struct texts *texts)
{
	json_t *list = json_array();
	for (size_t i = 0; i < texts->count; i++)
		json_array_append_new(list, json_stringn(texts->items[i].data, texts->items[i].length));
	return list;
}

static json_t *json_item(const struct import_item *item)
{
	json_t *object = json_pack("{s:s%, s:s, s:s*, s:i, s:o}", "name", item->name.data, item->name.length, "taken",
		taken_name(item->taken), "file", item->place.file, "line", (int)item->place.line, "notes", json_texts(&item->notes));
	if (item->file.length > 0)
		json_object_set_new(object, "detection", json_stringn(item->file.data, item->file.length));
	return object;
}

static void print_json(const struct import *import)
{
	json_t *items = json_array();
	for (size_t i = 0; i < import->count; i++)
		json_array_append_new(items, json_item(import->items[i]));
	json_t *root = json_pack("{s:I, s:I, s:I, s:I, s:o}", "files", (json_int_t)import->file_count, "taken",
		(json_int_t)import->taken, "noted", (json_int_t)import->noted, "refused", (json_int_t)import->refused, "items", items);
	json_object_set_new(root, "parts", json_integer((json_int_t)import->parts));
	json_dumpf(root, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER);
	putchar('\n');
	json_decref(root);
}

/* What a rule file holds must not steer the terminal. */
static void print_line(struct text text)
{
	struct arena arena = {0};
	diagnostic_print_safely(arena_strndup(&arena, text.data, text.length), stdout);
	putchar('\n');
	arena_free(&arena);
}

static void print_item(const struct import_item *item)
{
	if (item->place.file != NULL && item->place.line > 0)
		printf("  %s:%u: ", item->place.file, item->place.line);
	else if (item->place.file != NULL)
		printf("  %s: ", item->place.file);
	else
		printf("  ");
	print_line(item->name);
	for (size_t i = 0; i < item->notes.count; i++) {
		printf("      ");
		print_line(item->notes.items[i]);
	}
}

static void print_kind(const struct import *import, enum taken taken, const char *head, bool all)
{
	size_t shown = 0, count = 0;
	for (size_t i = 0; i < import->count; i++)
		count += import->items[i]->taken == taken;
	if (count == 0)
		return;
	printf("%s\n", head);
	for (size_t i = 0; i < import->count && (all || shown < SHOWN_MOST); i++)
		if (import->items[i]->taken == taken) {
			print_item(import->items[i]);
			shown++;
		}
	if (shown < count)
		printf("  … and %zu more (--all shows them)\n", count - shown);
}

static void print_text(const struct import *import, const struct request *request)
{
	size_t whole = import->taken + import->noted, made = 0;
	for (size_t i = 0; i < import->count; i++)
		made += import->items[i]->file.length > 0;
	print_kind(import, TAKEN_WITH_NOTE, "Taken with a note:", request->all);
	print_kind(import, REFUSED, "Refused:", true);
	size_t rules = whole + import->refused;
	printf("%zu %s, %zu %s: %zu taken exactly, %zu with a note, %zu refused (%.1f %% taken)\n", import->file_count,
		import->file_count == 1 ? "file" : "files", rules, rules == 1 ? "rule" : "rules", import->taken, import->noted,
		import->refused, rules > 0 ? 100.0 * (double)whole / (double)rules : 0.0);
	if (import->parts > 0)
		printf("%zu lists, macros and other parts of rules were read\n", import->parts);
	if (request->output != NULL && whole > 0)
		printf("%zu %s in %s: try mews --catalog %s check\n", made, made == 1 ? "detection" : "detections", request->output,
			request->output);
	else if (request->output == NULL)
		puts("Nothing was written: say where the catalog goes with -o DIR");
}

/* --- the run --- */

static enum exit_status take_in(struct project *project, const struct options *options, const struct request *request)
{
	struct import import = {.arena = &project->arena, .catalog = &project->catalog, .target = request->target,
		.d = &project->diagnostics};
	if (catalog_load(&project->catalog, project->catalog_folder, &project->diagnostics) != 0)
		return EXIT_WRONG;
	import.dialect = catalog_dialect(&project->catalog, text_of(request->target->dialect));
	if (import.dialect == NULL) {
		diagnostics_error(&project->diagnostics, ((struct place){project->catalog_folder, 0, 0}),
			"the catalog has no dialect %s, which %s rules are read by", request->target->dialect, request->target->name);
		return EXIT_WRONG;
	}
	const char *const *paths = (const char *const *)(options->operands + 1);
	if (import_files(&import, paths, options->operand_count - 1, request->target->endings) != 0)
		return EXIT_WRONG;
	import.evaluator = evaluator_new();
	int failed = import_run(&import, request->output, request->force);
	evaluator_free(import.evaluator);
	if (failed != 0)
		return EXIT_WRONG;
	if (request->json)
		print_json(&import);
	else
		print_text(&import, request);
	if (import.count == 0)
		diagnostics_warning(&project->diagnostics, ((struct place){options->operands[1], 0, 0}), "no rule is in there");
	return import.refused > 0 || import.count == 0 ? EXIT_FINDINGS : EXIT_FINE;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct request request = {.output = options_value(options, "output", NULL), .all = options_has(options, "all"),
		.force = options_has(options, "force")};
	const char *format = options_value(options, "format", "text");
	request.json = strcmp(format, "json") == 0;
	if (!request.json && strcmp(format, "text") != 0)
		return verb_wrong(&verb_import, "--format takes text or json, not \"%s\"", format);
	if (options->operand_count < 2)
		return verb_wrong(&verb_import, "say what the rules are written in, and where they are");
	request.target = target_find(text_of(options->operands[0]));
	enum exit_status status = EXIT_WRONG;
	if (project_begin(&project, global) != 0)
		return project_end(&project, EXIT_WRONG);
	if (request.target == NULL || request.target->read == NULL)
		diagnostics_error(&project.diagnostics, ((struct place){NULL, 0, 0}),
			"rules of \"%s\" cannot be taken in, those of %s can (mews import FORMAT PATH…)", options->operands[0],
			known_formats(&project.arena));
	else
		status = take_in(&project, options, &request);
	return project_end(&project, status);
}

static const struct option_spec options[] = {
	{"output", 'o', "DIR", "the catalog folder to write to; a new one becomes a catalog of its own"},
	{"force", 0, NULL, "write detections again that are there already"},
	{"all", 'a', NULL, "list every rule that was taken with a note"},
	{"format", 'f', "FORMAT", "text (default) or json"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_import = {
	.group = GROUP_WRITE,
	.name = "import",
	.usage = "FORMAT PATH… [-o DIR] [OPTION]…",
	.about = "Takes in other people's rules as detections",
	.details = "FORMAT is sigma, falco, auditd or elastic. Each rule is taken exactly, taken with a note that says what\n"
		   "differs, or refused with the reason; what could not be taken stands as a comment in the detection's file. Names\n"
		   "that no dialect maps become fields of the new catalog (DIR/fields/FORMAT.yaml). Without -o only the account is\n"
		   "given.\n"
		   "Exit status: 0 all taken, 1 some were refused, 2 wrong use or input.",
	.examples = "  mews import sigma rules/linux -o taken                  a folder of Sigma rules → a catalog in ./taken\n"
		    "  mews import falco falco_rules.yaml local.yaml -o taken  files in the order that Falco would load them\n"
		    "  mews --catalog taken check                              then validate it and run its tests\n",
	.see = "check generate",
	.options = options,
	.run = run,
};
