/*
 * mews: the command. Reads what stands before the verb, finds the verb, and ends with its exit status.
 * This is the only file that ends the process.
 */
#include "catalog/version.h"
#include "cli/verb.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct verb *const verbs[] = {
	&verb_check, &verb_load, &verb_generate, &verb_replay, &verb_explain, &verb_list, &verb_show, NULL,
};

static const struct option_spec global_options[] = {
	{"catalog", 'C', "DIR", "the catalog's folder (default: mews.yaml's, else ./rulesets)"},
	{"store", 'S', "FILE", "the SQLite file (default: mews.yaml's, else ./mews.db)"},
	{"project", 'P', "FILE", "the project file (default: ./mews.yaml where it is there)"},
	{"version", 'V', NULL, "print the version"},
	OPTION_HELP,
	OPTION_END,
};

static void help(FILE *out)
{
	fputs("mews keeps one catalog of detections, writes it as Falco, Sigma and auditd rules, and replays\n"
	      "recorded events through it to measure true and false positives for each organization.\n\n"
	      "Usage: mews [OPTION]… VERB [ARGUMENT]…\n\nVerbs:\n",
		out);
	for (const struct verb *const *verb = verbs; *verb != NULL; verb++)
		fprintf(out, "  %-10s %s\n", (*verb)->name, (*verb)->about);
	fputs("\nOptions before the verb:\n", out);
	options_help(global_options, out);
	fputs("\nExit status: 0 fine, 1 findings, 2 wrong use or wrong input.\n"
	      "`mews VERB --help` says more. Begin with: mews check, then mews replay.\n",
		out);
}

void verb_help(const struct verb *verb, FILE *out)
{
	const char *line = verb->usage;
	fprintf(out, "%s\n\nUsage:\n", verb->about);
	while (*line != '\0') {
		size_t length = strcspn(line, "\n");
		fprintf(out, "  mews %s %.*s\n", verb->name, (int)length, line);
		line += length + (line[length] == '\n');
	}
	if (verb->details != NULL)
		fprintf(out, "\n%s\n", verb->details);
	fputs("\nOptions:\n", out);
	options_help(verb->options, out);
	fprintf(out, "\nExamples:\n%s", verb->examples);
}

enum exit_status verb_wrong(const struct verb *verb, const char *format, ...)
{
	va_list arguments;
	fprintf(stderr, "mews %s: error: ", verb->name);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fprintf(stderr, " (see mews %s --help)\n", verb->name);
	return EXIT_WRONG;
}

/* Where the verb stands: the first word that is neither an option nor an option's value. */
static int verb_position(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (argv[i][0] != '-' || argv[i][1] == '\0')
			return i;
		for (const struct option_spec *spec = global_options; spec->name != NULL; spec++) {
			bool letter = argv[i][1] == spec->letter && argv[i][2] == '\0';
			bool name = argv[i][1] == '-' && strcmp(argv[i] + 2, spec->name) == 0;
			if (spec->argument != NULL && (letter || name)) {
				i++;
				break;
			}
		}
	}
	return argc;
}

static const struct verb *verb_find(const char *name)
{
	for (const struct verb *const *verb = verbs; *verb != NULL; verb++)
		if (strcmp((*verb)->name, name) == 0)
			return *verb;
	return NULL;
}

static enum exit_status run_verb(const struct verb *verb, const struct global *global, int argc, char **argv)
{
	struct arena arena = {0};
	struct options options;
	enum exit_status status = EXIT_WRONG;
	if (options_read(&options, &arena, verb->options, verb->name, argc, argv) == 0) {
		if (options_has(&options, "help")) {
			verb_help(verb, stdout);
			status = EXIT_FINE;
		} else {
			status = verb->run(global, &options);
		}
	}
	arena_free(&arena);
	/* Results that could not be written (a full disk, a closed pipe) are no success. */
	if ((fflush(stdout) != 0 || ferror(stdout)) && status == EXIT_FINE) {
		perror("mews: error: standard output");
		status = EXIT_WRONG;
	}
	return status;
}

static enum exit_status run(int argc, char **argv)
{
	struct arena arena = {0};
	struct options options;
	struct global global;
	int at = verb_position(argc, argv);
	if (options_read(&options, &arena, global_options, "", at, argv) != 0) {
		arena_free(&arena);
		return EXIT_WRONG;
	}
	global.catalog = options_value(&options, "catalog", NULL);
	global.store = options_value(&options, "store", NULL);
	global.project = options_value(&options, "project", NULL);
	bool version = options_has(&options, "version"), asked = options_has(&options, "help");
	arena_free(&arena);
	if (version || asked) {
		if (version)
			puts("mews " MEWS_VERSION);
		else
			help(stdout);
		return EXIT_FINE;
	}
	if (at >= argc) {
		help(stderr);
		return EXIT_WRONG;
	}
	const struct verb *verb = verb_find(argv[at]);
	if (verb == NULL) {
		fprintf(stderr, "mews: error: there is no verb \"%s\" (see mews --help)\n", argv[at]);
		return EXIT_WRONG;
	}
	return run_verb(verb, &global, argc - at, argv + at);
}

int main(int argc, char **argv)
{
	exit((int)run(argc, argv));
}
