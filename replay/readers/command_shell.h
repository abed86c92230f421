/*
 * command_shell: what the modules of command_line share: one shell text on its way into commands.
 */
#ifndef MEWS_COMMAND_SHELL_H
#define MEWS_COMMAND_SHELL_H

#include "replay/readers/command_line.h"
#include "replay/readers/command_word.h"

/* A here-document whose body comes after the line. */
struct command_here {
	struct text delimiter;
	bool quoted, strip;
	bool script; /* a shell reads it */
};

struct command_names {
	struct text *items;
	size_t count;
};

struct command_shell {
	struct command_source source; /* first: its callbacks find the rest by it */
	struct arena *arena;
	struct command_line *line;
	struct command_names *functions;
	char *open;                   /* what stands open: enum in command_line.c */
	struct command_folder *outside; /* for each: where the shell was before it */
	size_t open_count;
	struct command_here *heres;
	size_t here_count;
	unsigned nested;              /* texts within texts */
	size_t begin, end;            /* nested: of the command that it stands in */
	struct command_folder folder; /* where the shell is */
	bool otherwise;               /* behind ||: done only where what stands before it failed */
	bool silent;                  /* commands are passed over */
	bool expanded;                /* an outer shell expanded `$( )` here: they are passed over */
};

/* A simple command that was read. */
struct command_call {
	struct text *words;
	char *marks;             /* for each word: 's' if a substitution is left in it, else 'w' */
	size_t count;
	struct text *settings;
	size_t setting_count;
	struct command_redirect *redirects;
	size_t redirect_count;
	struct command_folder folder;
	struct text user;
	size_t begin, end;
	bool exact;
	bool program;            /* not the shell runs it: no builtin, no function */
	unsigned depth;
};

/* Lists the command and what it runs. True: in the end a shell reads its standard input. */
bool command_run(struct command_shell *shell, const struct command_call *call);
/* Shell text within shell text: `expanded` says that its substitutions are not its own. */
void command_script(struct command_shell *shell, struct text script, size_t begin, size_t end, bool expanded);
/* Reads commands up to the end, or `close`; `one`: only to the newline that ends the first. */
void command_list(struct command_shell *shell, char close, bool one);

#endif
