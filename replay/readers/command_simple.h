/*
 * command_simple: a simple command: settings, words, redirections; and the here-documents behind its line.
 */
#ifndef MEWS_COMMAND_SIMPLE_H
#define MEWS_COMMAND_SIMPLE_H

#include "replay/readers/command_shell.h"

void command_blanks(struct command_source *source);   /* blanks, comments, continued lines */
void command_newlines(struct command_source *source); /* and newlines */

/* Reads the rest of a command whose first word (NULL: none) was read, and lists it. False: it defines a function. */
bool command_simple(struct command_shell *shell, const struct command_word *first, const char *start);
bool command_is_redirect(const struct command_source *source);
void command_redirects(struct command_shell *shell); /* behind a compound command */

void command_function_brackets(struct command_source *source);
void command_function(struct command_shell *shell, struct text name);

/* At the beginning of a line: the bodies of the here-documents that the line before asked for. */
void command_here_bodies(struct command_shell *shell);
void command_here_end(struct command_shell *shell); /* the text ended before they came */

#endif
