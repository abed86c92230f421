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

/* What a verb is for: the headings of `mews help`. */
enum verb_group { GROUP_OTHER, GROUP_WRITE, GROUP_MEASURE, GROUP_CHANGE, GROUP_RULES, GROUP_COUNT };

struct verb {
	enum verb_group group;
	const char *name;
	const char *usage;    /* after `mews name `; one line a form, joined by newlines */
	const char *about;    /* one sentence */
	const char *details;  /* paragraphs, an empty line between them, or NULL; lines that begin with a blank stay as they are */
	/* A line each: "  mews name …    a word of explanation", two blanks or more between; a line with six blanks goes on. */
	const char *examples;
	const char *status;   /* exit statuses where they are the verb's own: "0 …, 1 …, 2 …"; else NULL */
	const char *see;      /* verbs and pages that a reader may want next, with blanks between: "explain label"; or NULL */
	const struct option_spec *options;
	enum exit_status (*run)(const struct global *global, const struct options *options);
};

extern const struct verb verb_check, verb_load, verb_generate, verb_verify, verb_replay, verb_label, verb_explain, verb_import;
extern const struct verb verb_list, verb_show, verb_export, verb_dialect, verb_tune, verb_help, verb_completion, verb_watch;
extern const struct verb verb_mutate;
extern const struct verb verb_report, verb_compare, verb_reference, verb_bisect; /* stored runs */
extern const struct verb verb_schema, verb_fmt, verb_docs; /* files in editors, and pages */
extern const struct verb *const verbs[];               /* verbs.c; ends with NULL */
extern const struct option_spec verb_global_options[]; /* what may stand before the verb */

/* NULL after a sentence on standard error that names the nearest one. */
const struct verb *verb_find(const char *name);
const char *verb_group_title(enum verb_group group);
/* A sentence on standard error: `mews VERB: error: …`. Returns EXIT_WRONG. */
enum exit_status verb_wrong(const struct verb *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Rows that many verbs share. */
#define OPTION_HELP {"help", 'h', NULL, "show this help"}
#define OPTION_END {NULL, 0, NULL, NULL}

#endif
