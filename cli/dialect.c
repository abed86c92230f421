/* dialect: writing and judging the YAML that says how a product names things. */
#include "cli/dialect_new.h"
#include "catalog/hint.h"
#include "cli/dialect_table.h"
#include "cli/project.h"

#include <string.h>
#include <sys/stat.h>

struct request {
	struct project *project;
	const struct options *options;
	const struct dialect *dialect;
	const struct reader *reader;
};

static int fail(const struct request *r, const char *file, const char *format, ...) __attribute__((format(printf, 3, 4)));
static int fail(const struct request *r, const char *file, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *message = arena_vprintf(&r->project->arena, format, arguments);
	va_end(arguments);
	return diagnostics_error(&r->project->diagnostics, ((struct place){.file = file}), "%s", message);
}

/* A file, or the name of a dialect of the catalog. */
static int load_dialect(struct request *r, const char *name)
{
	struct project *project = r->project;
	struct stat status;
	struct yaml *documents;
	size_t count;
	if (stat(name, &status) != 0) {
		struct hint hint = {.word = text_of(name)};
		char words[HINT_LENGTH];
		hint_dialects(&hint, &project->catalog);
		r->dialect = catalog_dialect(&project->catalog, text_of(name));
		return r->dialect ? 0 : fail(r, name, "there is no such file, and no such dialect%s (mews list dialects)",
						hint_words(&hint, words));
	}
	if (yaml_parse_file(&project->arena, name, NULL, &project->diagnostics, &documents, &count) != 0)
		return -1;
	if (count != 1)
		return fail(r, name, "a dialect is one YAML document, not %zu", count);
	r->dialect = dialect_load(&project->arena, &project->catalog.registry, documents, &project->diagnostics);
	return r->dialect ? 0 : -1;
}

static int find_reader(struct request *r)
{
	struct text reads = text_is(r->dialect->reads, "audit") ? TEXT("auditd") : r->dialect->reads;
	const char *named = options_value(r->options, "reader", NULL);
	r->reader = reader_find(named ? text_of(named) : reads);
	if (r->reader)
		return 0;
	if (named)
		return fail(r, named, "there is no such reader (mews list formats)");
	return fail(r, r->dialect->place.file, "the dialect reads nothing: it needs `reads`, or name a --reader");
}

/* How the samples' CSV stands: with --columns it has no line of its own that names them. */
static struct reader_options csv_options(const struct request *r)
{
	struct reader_options options = {.csv_header = true};
	const char *columns = options_value(r->options, "columns", NULL), *separator = options_value(r->options, "separator", NULL);
	if (separator)
		options.csv_separator = strcmp(separator, "\\t") == 0 ? '\t' : separator[0];
	if (columns) {
		struct text *names = NULL;
		options.column_count = text_split(&r->project->arena, text_of(columns), ',', &names);
		options.columns = names;
		options.csv_header = false;
	}
	return options;
}

static enum exit_status check(struct request *r)
{
	struct project *project = r->project;
	struct reader_options options = csv_options(r);
	const char *format = options_value(r->options, "format", "table");
	if (load_dialect(r, r->options->operands[1]) != 0 || find_reader(r) != 0)
		return EXIT_WRONG;
	struct dialect_check *found = dialect_check_new(&project->arena, &project->catalog, r->dialect);
	for (size_t i = 2; i < r->options->operand_count; i++)
		dialect_check_file(found, r->reader, r->options->operands[i], &options, &project->diagnostics);
	dialect_check_end(found);
	if (strcmp(format, "json") == 0)
		dialect_table_json(found, stdout);
	else
		dialect_table_print(found, options_has(r->options, "all"), stdout);
	enum exit_status status = found->understood ? EXIT_FINE : EXIT_FINDINGS;
	dialect_check_free(found);
	return status;
}

/* JSON begins with a brace or a bracket; all else that has columns is CSV. A stream is read but once: it is JSON unless said. */
static const char *reads_of(struct request *r, const char *path)
{
	const char *named = options_value(r->options, "reader", NULL);
	struct diagnostics *d = &r->project->diagnostics;
	struct text begin = {0};
	bool stream = strcmp(path, "-") == 0;
	struct input *input = named || stream ? NULL : input_open(path, d);
	bool json = input && input_peek(input, READER_SAMPLE, &begin, d) == 0 && reader_find(TEXT("json"))->fits(begin) > 0;
	input_close(input);
	return named ? named : json || stream ? "json" : "csv";
}

static enum exit_status begin(struct request *r)
{
	struct project *project = r->project;
	struct reader_options options = csv_options(r);
	const char *sample = r->options->operands[1], *reads = reads_of(r, sample);
	r->dialect = dialect_blank(&project->arena, &project->catalog.registry, reads);
	r->reader = reader_find(text_of(reads));
	if (!r->dialect || !r->reader) {
		fail(r, reads, "a new dialect reads json or csv");
		return EXIT_WRONG;
	}
	struct dialect_check *found = dialect_check_new(&project->arena, &project->catalog, r->dialect);
	for (size_t i = 1; i < r->options->operand_count; i++)
		dialect_check_file(found, r->reader, r->options->operands[i], &options, &project->diagnostics);
	dialect_check_end(found);
	if (found->ledger.events && !project->diagnostics.errors)
		dialect_new_print(found, options_value(r->options, "name", "new"), sample, stdout);
	else if (!project->diagnostics.errors)
		fail(r, sample, "there is no whole record of %s in it", reads);
	enum exit_status status = found->ledger.events ? EXIT_FINE : EXIT_WRONG;
	dialect_check_free(found);
	return status;
}

static const struct option_spec specs[] = {
	{"reader", 'r', "READER", "how the samples are read (default: what the dialect reads)"},
	{"columns", 'c', "NAMES", "csv: the columns, joined by commas, where the first line does not name them"},
	{"separator", 's', "BYTE", "csv: what stands between fields (default: a comma); \\t is a tab"},
	{"name", 'n', "NAME", "new: the dialect's name (default: new)"},
	{"all", 'a', NULL, "every row that gave nothing and every name that nobody asks for, not just the first 20"},
	{"format", 'f', "FORMAT", "table (default) or json"},
	OPTION_HELP,
	OPTION_END,
};

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct request request = {.project = &project, .options = options};
	const char *format = options_value(options, "format", "table");
	bool checks = options->operand_count > 2 && strcmp(options->operands[0], "check") == 0;
	if (!checks && (options->operand_count < 2 || strcmp(options->operands[0], "new") != 0))
		return verb_wrong(&verb_dialect, "it takes: check FILE SAMPLE…, or new SAMPLE…");
	if (strcmp(format, "table") != 0 && strcmp(format, "json") != 0)
		return verb_wrong(&verb_dialect, "--format takes table or json, not \"%s\"", format);
	enum exit_status status = EXIT_WRONG;
	if (project_begin(&project, global) == 0 && project_open(&project) == 0)
		status = checks ? check(&request) : begin(&request);
	return project_end(&project, status);
}

const struct verb verb_dialect = {
	.group = GROUP_WRITE,
	.name = "dialect",
	.usage = "check FILE SAMPLE… [OPTION]…\nnew SAMPLE… [OPTION]…",
	.about = "Says what a dialect makes of recorded samples; guesses a new one from a sample",
	.details = "FILE is the YAML of a dialect (docs/dialects.md), which need not be in the catalog, or the name of one that is.\n"
		   "SAMPLE holds recorded events of what the dialect reads: json, csv, …; - is standard input. Printed is how many\n"
		   "events were understood, which fields were filled, which rows gave nothing and why, and which raw names of the\n"
		   "sample nobody asks for. Exit status 1: nothing at all was understood.\n\n"
		   "`new` prints the beginning of a dialect, guessed by what other dialects know. docs/new-dialect.md walks\n"
		   "through both.",
	.examples = "  mews dialect new -n acme events.json >acme.yaml   a beginning\n"
		    "  mews dialect check acme.yaml events.json          a dialect in the making\n"
		    "  mews dialect check tetragon export.log            what a shipped one makes of it\n",
	.options = specs,
	.run = run,
};
