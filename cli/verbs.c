/* verbs: the table of all verbs, and what is said of one that is not there. See verb.h. */
#include "catalog/diagnostic.h"
#include "catalog/hint.h"
#include "cli/verb.h"

#include <stdarg.h>
#include <string.h>

/* Of a group, in the order in which somebody would use them. */
const struct verb *const verbs[] = {
	&verb_check,
	&verb_mutate,
	&verb_list,
	&verb_show,
	&verb_dialect,
	&verb_schema,
	&verb_fmt,
	&verb_docs,
	&verb_import,
	&verb_replay,
	&verb_report,
	&verb_explain,
	&verb_label,
	&verb_watch,
	&verb_reference,
	&verb_compare,
	&verb_bisect,
	&verb_tune,
	&verb_export,
	&verb_generate,
	&verb_verify,
	&verb_load,
	&verb_completion,
	&verb_help,
	NULL,
};

const struct option_spec verb_global_options[] = {
	{"catalog", 'C', "DIR", "the catalog's folder (default: mews.yaml's, else ./rulesets)"},
	{"store", 'S', "FILE", "the SQLite file (default: mews.yaml's, else ./mews.db)"},
	{"project", 'P', "FILE", "the project file (default: ./mews.yaml where it is there)"},
	{"version", 'V', NULL, "print the version"},
	OPTION_HELP,
	OPTION_END,
};

const char *verb_group_title(enum verb_group group)
{
	static const char *const titles[GROUP_COUNT] = {
		[GROUP_WRITE] = "Write detections",
		[GROUP_MEASURE] = "Measure them over recordings",
		[GROUP_CHANGE] = "Change them without losing anything",
		[GROUP_RULES] = "Rules for engines",
		[GROUP_OTHER] = "Also",
	};
	return titles[group];
}

const struct verb *verb_find(const char *name)
{
	struct hint hint = {.word = text_of(name)};
	char words[HINT_LENGTH];
	for (const struct verb *const *verb = verbs; *verb != NULL; verb++) {
		if (strcmp((*verb)->name, name) == 0)
			return *verb;
		hint_offer(&hint, text_of((*verb)->name));
	}
	fprintf(stderr, "mews: error: there is no verb \"%s\"%s (see mews --help)\n", name, hint_words(&hint, words));
	return NULL;
}

enum exit_status verb_wrong(const struct verb *verb, const char *format, ...)
{
	struct arena arena = {0};
	va_list arguments;
	va_start(arguments, format);
	const char *message = arena_vprintf(&arena, format, arguments);
	va_end(arguments);
	fprintf(stderr, "mews %s: error: ", verb->name);
	diagnostic_print_safely(message, stderr);
	if (text_ends(text_of(message), TEXT(")"), false)) /* it says itself where to look */
		fputc('\n', stderr);
	else
		fprintf(stderr, " (see mews %s --help)\n", verb->name);
	arena_free(&arena);
	return EXIT_WRONG;
}
