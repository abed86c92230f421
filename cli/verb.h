/*
 * verb: what `mews WORD …` does. A verb is one row of `verbs` (main.c) and one file beside this one.
 *
 * Exit statuses: 0 fine; 1 findings (a failed test, gate or verification); 2 wrong use or wrong input.
 */
#ifndef MEWS_VERB_H
#define MEWS_VERB_H

#include "cli/options.h"

enum exit_status { EXIT_FINE = 0, EXIT_FINDINGS = 1, EXIT_WRONG = 2 };

/* What stands before the verb: mews [--catalog DIR] [--store FILE] [--project FILE] VERB … */
struct global {
	const char *catalog, *store, *project; /* NULL: from the project file, or the default */
};

struct verb {
	const char *name;
	const char *usage;    /* after `mews name `; one line a form, joined by newlines */
	const char *about;    /* one sentence */
	const char *details;  /* paragraphs for --help, or NULL */
	const char *examples; /* command lines with a word of explanation */
	const struct option_spec *options;
	enum exit_status (*run)(const struct global *global, const struct options *options);
};

extern const struct verb verb_check, verb_load, verb_generate, verb_verify, verb_replay, verb_label, verb_explain, verb_import,
	verb_list,
	verb_show, verb_export, verb_dialect;
extern const struct verb *const verbs[]; /* ends with NULL */

/* Prints a verb's help. */
void verb_help(const struct verb *verb, FILE *out);
/* A sentence on standard error: `mews VERB: error: …`. Returns EXIT_WRONG. */
enum exit_status verb_wrong(const struct verb *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Rows that many verbs share. */
#define OPTION_HELP {"help", 'h', NULL, "show this help"}
#define OPTION_END {NULL, 0, NULL, NULL}

#endif
