/*
 * command_wrap: commands that run another command: which of their words are theirs.
 *
 *   sudo -u build FOO=1 docker ps    → user build, settings FOO=1, the inner command begins at `docker`
 *   bash -lc 'docker ps' name        → the script is `docker ps`
 *   find / -exec rm {} +             → the inner command is `rm {}`
 *
 * A table (command_wrap.c): names, options that take a value, operands that come before the command.
 */
#ifndef MEWS_COMMAND_WRAP_H
#define MEWS_COMMAND_WRAP_H

#include "catalog/text.h"

struct command_wrap {
	size_t from, to;            /* the inner command is words[from … to); from == to: none */
	size_t script, script_to;   /* words that hold shell text (joined by blanks); equal: none */
	struct text script_text;    /* it is only this end of the one word: --command=TEXT */
	size_t settings, settings_to; /* words NAME=value */
	struct text user;
	struct text folder;         /* where it is told to start it; empty: where it runs itself */
	bool executed;      /* it is a program; false: the shell does it (exec, command, builtin, eval) */
	bool replaces;      /* what it runs is a program whatever its name: exec, and all that are programs */
	bool shell;         /* sh, bash …: without script and operands it reads its standard input */
};

/* false: the command runs no other. `skip`: the position to go on with, for commands that run several (find). */
bool command_wrap_find(const struct text *words, size_t count, size_t skip, struct command_wrap *wrap);
/* NAME=…, NAME+=…, as settings are written. */
bool command_is_setting(struct text word);
bool command_is_builtin(struct text word); /* of bash */

#endif
