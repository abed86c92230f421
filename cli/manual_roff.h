/*
 * manual_roff: text in the macros of man(7): what is quoted, and how; shared by the pages of verbs and of files.
 */
#ifndef MEWS_MANUAL_ROFF_H
#define MEWS_MANUAL_ROFF_H

#include "cli/manual.h"

/* Text that roff prints as it is, in one line. */
void roff_quoted(FILE *out, const char *text, size_t length);
/* Words, in short lines of source. */
void roff_words(FILE *out, const char *words);
/* A macro with its text as one argument. */
void roff_macro(FILE *out, const char *name, const char *text);
/* .TH and NAME. */
void roff_head(FILE *out, struct arena *arena, const char *page, int section, const char *about);

#endif
