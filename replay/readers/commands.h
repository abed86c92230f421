/*
 * commands: a shell command → a record with raw names; what commands.c reads, command by command.
 *
 *   command_line  its text as it stands in the source      args        argv, one value each
 *   executable    argv[0] with a slash at its beginning    name        the last component of argv[0]
 *   kind          exec, builtin, function                  exact       yes, or no where a shell has something left to expand
 *   folder        where it runs, where the text tells (cd …)
 *   user          whom sudo, su … was asked to become      settings    NAME=value before it
 *   time          seconds since 1970, where the source has times
 * A pipeline is a record besides, and so is what echo puts into a file: what it does shows in none of its commands.
 *
 *   kind          pipeline                                 into        names of the commands behind a |
 *   args          sh, -c and its text: as a shell that is told to run it has it in its arguments; `name` is sh
 *   command_line, exact (no), time as above
 *
 * and parts REDIRECT: REDIRECT.operator (without the descriptor), REDIRECT.target as written, REDIRECT.path where that is
 * complete and absolute, or the folder is known. Columns of a table stand beside them under their own names.
 */
#ifndef MEWS_COMMANDS_H
#define MEWS_COMMANDS_H

#include "replay/readers/command_line.h"
#include "replay/readers/command_pipes.h"
#include "replay/readers/record.h"

/* Adds the command of `text` to the record, which has begun. */
void commands_record(struct record *record, struct text text, const struct command *command);

/* Adds the pipeline of `line`, whose source is `text`. */
void commands_record_pipe(struct record *record, struct text text, const struct command_line *line,
	const struct command_pipe *pipe);

#endif
