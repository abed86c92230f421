/*
 * manual: what the verbs' tables say, as text for a terminal, as man pages, and as one page of Markdown.
 *
 *   manual_verb(verb, stdout);           -- mews VERB --help: no line longer than 80 columns
 *   manual_man(verb, stdout);            -- mews-VERB.1, in the macros of man(7)
 *   manual_markdown(stdout);             -- docs/reference/commands.md
 *
 * One text serves all: who writes a verb fills its table (cli/verb.h) and formats nothing.
 */
#ifndef MEWS_MANUAL_H
#define MEWS_MANUAL_H

#include "cli/kinds.h"
#include "cli/verb.h"

enum { MANUAL_WIDTH = 80 };

void manual_program(FILE *out);                          /* mews --help */
void manual_verb(const struct verb *verb, FILE *out);
void manual_man(const struct verb *verb, FILE *out);     /* NULL: mews.1 */
void manual_markdown(FILE *out);
/* The files that people write: mews-KIND.5, and docs/reference/files.md. */
void manual_file(const struct file_kind *kind, FILE *out); /* mews help --file KIND */
void manual_file_man(const struct file_kind *kind, FILE *out);
void manual_files_markdown(FILE *out);
/* All verbs' tables as JSON, for tests and tools. */
void manual_json(FILE *out);

/* --- the pieces of a table, for the writers --- */

struct manual_example {
	const char *command, *about; /* command: may have more lines; about: may be empty */
};
struct manual_paragraph {
	const char *text;
	bool verbatim;               /* its lines stay as they are */
};
size_t manual_examples(struct arena *arena, const struct verb *verb, struct manual_example **list);
size_t manual_paragraphs(struct arena *arena, const char *details, struct manual_paragraph **list);
/* -o, --output DIR */
const char *manual_option(struct arena *arena, const struct option_spec *spec);
/* A key of a file, with its path: "exceptions[].condition". */
struct manual_key {
	const char *path, *value, *about; /* value: in words */
	bool required;
};
size_t manual_keys(struct arena *arena, const struct file_kind *kind, struct manual_key **list);
/* The statuses of a verb, or those of all. */
const char *manual_status(const struct verb *verb);
/* Words with line breaks before MANUAL_WIDTH; the first line begins at `column`, where the cursor is, the others at `indent`. */
void manual_wrap(FILE *out, const char *words, size_t column, size_t indent);

extern const char manual_what[]; /* what the program is: one sentence */

#endif
