/* help: what the verbs' tables say; and, for scripts and documents, whether a command line is one. */
#include "cli/manual.h"

#include "catalog/hint.h"

#include <string.h>

/* `mews help --check -- replay --use hold-out`: are the verb and its options there? Nothing runs. */
static enum exit_status check_line(int count, char **words)
{
	struct arena arena = {0};
	struct options options;
	char empty[] = "mews", **line = arena_array(&arena, (size_t)count + 2, sizeof *line);
	enum exit_status status = EXIT_WRONG;
	line[0] = empty;
	for (int i = 0; i < count; i++)
		line[i + 1] = words[i];
	if (options_read(&options, &arena, verb_global_options, "", count + 1, line) == 0) {
		const struct verb *verb = options.operand_count > 0 ? verb_find(options.operands[0]) : NULL;
		bool alone = options_has(&options, "help") || options_has(&options, "version");
		if (alone || (verb != NULL && options_read(&options, &arena, verb->options, verb->name, (int)options.operand_count,
						      options.operands) == 0))
			status = EXIT_FINE;
	}
	arena_free(&arena);
	return status;
}

static enum exit_status write_as(const char *as, const struct verb *verb)
{
	if (strcmp(as, "man") == 0)
		manual_man(verb, stdout);
	else if (strcmp(as, "text") == 0 && verb != NULL)
		manual_verb(verb, stdout);
	else if (strcmp(as, "text") == 0)
		manual_program(stdout);
	else if (verb != NULL)
		return verb_wrong(&verb_help, "--as %s is of all verbs at once", as);
	else if (strcmp(as, "markdown") == 0)
		manual_markdown(stdout);
	else if (strcmp(as, "json") == 0)
		manual_json(stdout);
	else
		return verb_wrong(&verb_help, "--as takes text, man, markdown or json, not \"%s\"", as);
	return EXIT_FINE;
}

/* --file KIND, or all. */
static enum exit_status write_file(const char *as, const char *name)
{
	const struct file_kind *kind = file_kind_find(text_of(name));
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	const bool all = strcmp(name, "all") == 0;
	for (const struct file_kind *other = file_kinds; other->name != NULL; other++)
		hint_offer(&hint, text_of(other->name));
	if (kind == NULL && !all)
		return verb_wrong(&verb_help, "there is no kind of file \"%s\"%s (mews schema --list)", name, hint_words(&hint, words));
	if (all && strcmp(as, "markdown") == 0)
		manual_files_markdown(stdout);
	else if (kind != NULL && strcmp(as, "man") == 0)
		manual_file_man(kind, stdout);
	else if (kind != NULL && strcmp(as, "text") == 0)
		manual_file(kind, stdout);
	else
		return verb_wrong(&verb_help, "--file takes a kind with --as text or man, all with --as markdown");
	return EXIT_FINE;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	(void)global;
	if (options_has(options, "check"))
		return check_line((int)options->operand_count, options->operands);
	const char *as = options_value(options, "as", "text"), *file = options_value(options, "file", NULL);
	if (file != NULL)
		return write_file(as, file);
	if (options->operand_count > 1)
		return verb_wrong(&verb_help, "one verb at a time");
	const struct verb *verb = NULL;
	if (options->operand_count == 1 && (verb = verb_find(options->operands[0])) == NULL)
		return EXIT_WRONG;
	return write_as(as, verb);
}

static const struct option_spec options[] = {
	{"as", 'a', "FORM", "text (default), man (a man page), markdown or json (all verbs at once)"},
	{"file", 'F', "KIND", "the keys of a kind of file instead of a verb (mews schema --list)"},
	{"check", 'c', NULL, "say whether the verb and the options of a command line are there; nothing runs"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_help = {
	.group = GROUP_OTHER,
	.name = "help",
	.usage = "[OPTION]… [VERB]\n--file KIND [OPTION]…\n--check -- [OPTION]… VERB [ARGUMENT]…",
	.about = "Says what the verbs do, which options they take, and what stands in files",
	.details = "The texts of --help, of the man pages and of docs/reference are all from the tables that the verbs and\n"
		   "the loaders work with.",
	.examples = "  mews help                                        all verbs\n"
		    "  mews help replay                                 as mews replay --help\n"
		    "  mews help --file organization                    what may stand in an organization's file\n"
		    "  mews help --as man replay | man -l -             the man page, where none is installed\n"
		    "  mews help --check -- replay --use hold-out       is this a command line that mews understands?\n",
	.status = "0 fine, 2 there is no such verb or option",
	.options = options,
	.run = run,
};
