/*
 * commands: a shell command → a record with raw names; what commands.c reads, command by command.
 *
 *   command_line  its text as it stands in the source      args        argv, one value each
 *   executable    argv[0] with a slash at its beginning    name        the last component of argv[0]
 *   kind          exec, builtin, function                  exact       yes, or no where a shell has something left to expand
 *   user          whom sudo, su … was asked to become      settings    NAME=value before it
 *   time          seconds since 1970, where the source has times
 * and parts REDIRECT: REDIRECT.operator (without the descriptor), REDIRECT.target as written, REDIRECT.path where that is
 * absolute and complete. Columns of a table stand beside them under their own names.
 */
#ifndef MEWS_COMMANDS_H
#define MEWS_COMMANDS_H

#include "replay/readers/command_line.h"
#include "replay/readers/record.h"

/* Adds the command of `text` to the record, which has begun. */
void commands_record(struct record *record, struct text text, const struct command *command);

#endif
