/*
 * mews: the command. Reads what stands before the verb, finds the verb, and ends with its exit status.
 * This is the only file that ends the process.
 */
#include "catalog/version.h"
#include "cli/verb.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

const struct verb *const verbs[] = {
	&verb_check, &verb_load, &verb_generate, &verb_verify, &verb_replay, &verb_label, &verb_explain, &verb_import,
	&verb_export, &verb_list, &verb_show, &verb_dialect, NULL,
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
	fputs("mews keeps one catalog of detections, writes it as rules of Falco, Sigma, auditd, Elastic and rsyslog, proves\n"
	      "that they mean the same, and replays recorded events through it to measure true and false positives for each\n"
	      "organization.\n\n"
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

/* NULL after a sentence on standard error. */
static const struct verb *verb_find(const char *name)
{
	for (const struct verb *const *verb = verbs; *verb != NULL; verb++)
		if (strcmp((*verb)->name, name) == 0)
			return *verb;
	fprintf(stderr, "mews: error: there is no verb \"%s\" (see mews --help)\n", name);
	return NULL;
}

/* `mews help [VERB]` says what --help says. */
static enum exit_status run_help(size_t count, char **names)
{
	const struct verb *verb = count > 0 ? verb_find(names[0]) : NULL;
	if (count > 0 && verb == NULL)
		return EXIT_WRONG;
	if (verb != NULL)
		verb_help(verb, stdout);
	else
		help(stdout);
	return EXIT_FINE;
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
	if (options_read(&options, &arena, global_options, "", argc, argv) != 0) {
		arena_free(&arena);
		return EXIT_WRONG;
	}
	global.catalog = options_value(&options, "catalog", NULL);
	global.store = options_value(&options, "store", NULL);
	global.project = options_value(&options, "project", NULL);
	bool version = options_has(&options, "version"), asked = options_has(&options, "help");
	char **words = options.operands;
	size_t count = options.operand_count;
	arena_free(&arena);
	if (version || asked) {
		if (version)
			puts("mews " MEWS_VERSION);
		else
			help(stdout);
		return EXIT_FINE;
	}
	if (count == 0) {
		help(stderr);
		return EXIT_WRONG;
	}
	if (strcmp(words[0], "help") == 0)
		return run_help(count - 1, words + 1);
	const struct verb *verb = verb_find(words[0]);
	return verb != NULL ? run_verb(verb, &global, (int)count, words) : EXIT_WRONG;
}

/* A standard stream that is closed must not become the next file that is opened: it is held, and stays unusable. */
static void hold_standard_streams(void)
{
	static const int modes[] = {O_WRONLY, O_RDONLY, O_RDONLY};
	for (int stream = 0; stream < 3; stream++)
		if (fcntl(stream, F_GETFD) == -1 && errno == EBADF && open("/dev/null", modes[stream]) != stream)
			exit(EXIT_WRONG);
}

int main(int argc, char **argv)
{
	hold_standard_streams();
	exit((int)run(argc, argv));
}
