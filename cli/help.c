/* help: what the verbs' tables say; and, for scripts and documents, whether a command line is one. */
#include "cli/manual.h"

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

static enum exit_status run(const struct global *global, const struct options *options)
{
	(void)global;
	if (options_has(options, "check"))
		return check_line((int)options->operand_count, options->operands);
	if (options->operand_count > 1)
		return verb_wrong(&verb_help, "one verb at a time");
	const struct verb *verb = NULL;
	if (options->operand_count == 1 && (verb = verb_find(options->operands[0])) == NULL)
		return EXIT_WRONG;
	return write_as(options_value(options, "as", "text"), verb);
}

static const struct option_spec options[] = {
	{"as", 'a', "FORM", "text (default), man (a man page), markdown or json (all verbs at once)"},
	{"check", 'c', NULL, "say whether the verb and the options of a command line are there; nothing runs"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_help = {
	.group = GROUP_OTHER,
	.name = "help",
	.usage = "[OPTION]… [VERB]\n--check -- [OPTION]… VERB [ARGUMENT]…",
	.about = "Says what the verbs do and which options they take",
	.details = "The texts of --help, of the man pages and of docs/reference/commands.md are all from the verbs' own tables.",
	.examples = "  mews help                                        all verbs\n"
		    "  mews help replay                                 as mews replay --help\n"
		    "  mews help --as man replay | man -l -             the man page, where none is installed\n"
		    "  mews help --check -- replay --use hold-out       is this a command line that mews understands?\n",
	.status = "0 fine, 2 there is no such verb or option",
	.options = options,
	.run = run,
};
