/*
 * command_line: shell text → the commands that it would run, as argument lists.
 *
 *   sudo -u build docker run -v "$PWD":/src alpine sh -c 'id; ls /src' | tee >out
 *
 * is six commands: sudo with all its words, docker with its own (user build), … and tee. What counts:
 *
 *   quotes '…' "…" $'…' $"…", backslashes, comments, continued lines; {a,b} and {1..3} are expanded
 *   | |& ; & && || ( ) { } if/while/until/for/select/case, functions, [[ ]], (( )), time, !
 *   $( ) ` ` <( ) >( ), also within "…", ${…}, $((…)) and here-documents: their commands come before the command
 *     in whose words they stand; the word keeps them as they are written, and so do variables, ~ and globs
 *   cd, pushd and popd: each command has the folder that it runs in, where that is known (command_folder.h)
 *   redirections are taken off (and listed), VAR=x before a command too
 *   what runs another command (sudo, env, xargs, find -exec …: command_wrap.h) is a command, then what it runs is;
 *     `sh -c TEXT`, eval and a here-document of a shell are shell text again
 *
 * Every command that stands there is listed, whether its branch is taken or not. Nothing is executed or looked up.
 * All texts are in the arena or in `text`.
 */
#ifndef MEWS_COMMAND_LINE_H
#define MEWS_COMMAND_LINE_H

#include "replay/readers/command_folder.h"

enum command_kind {
	COMMAND_EXEC,     /* a program */
	COMMAND_BUILTIN,  /* bash does it itself: cd, echo, export … */
	COMMAND_FUNCTION, /* of a name that the text defined as a function */
};

struct command_redirect {
	struct text operator; /* > >> >| &> &>> >& < <> <& << <<< */
	struct text target;   /* the word after it; of << the delimiter */
	bool exact;           /* nothing in the target is left to a shell */
};

struct command {
	enum command_kind kind;
	struct text *words;     /* argv: at least one */
	size_t count;
	struct text *settings;  /* NAME=value that stood before it, or that env and sudo were given for it */
	size_t setting_count;
	struct command_redirect *redirects; /* those that the shell opens; what the command runs has none */
	size_t redirect_count;
	struct command_folder folder; /* where it runs, as far as the text tells */
	struct text user;       /* whom sudo, doas, su or runuser was asked to become; empty: nobody was asked */
	size_t begin, end;      /* bytes of `text`; of shell text within a word: those of the command that it stands in */
	size_t line;            /* newlines before it */
	bool exact;             /* every word is what a shell hands over: no variable, substitution, glob or ~ is left */
};

struct command_line {
	struct command *commands;
	size_t count;
	size_t consumed;    /* bytes that were read */
	struct command_folder folder; /* where the shell is afterwards */
	/* of COMMAND_WRONG and COMMAND_INCOMPLETE */
	const char *reason; /* one sentence without a dot */
	size_t at;          /* the byte where it was noticed */
	struct text awaits; /* of COMMAND_INCOMPLETE: text that has to come before it can end; empty: any line */
};

enum command_status {
	COMMAND_DONE,
	COMMAND_INCOMPLETE, /* a quote, a here-document, `if` …, a last `|`: more lines may complete it */
	COMMAND_WRONG,      /* no shell takes this */
};

/* The whole text. What was found before the place that is wrong or incomplete is in `line`. */
enum command_status command_line_parse(struct arena *arena, struct text text, struct command_line *line);
/* One complete line of it: to the newline that ends it (`consumed` is behind that), further lines where it needs them.
 * `from`: where the line before left the shell; NULL: nobody knows. */
enum command_status command_line_next(struct arena *arena, struct text text, const struct command_folder *from,
	struct command_line *line);
/* An argument list that somebody else split: the command itself, and what it runs. */
void command_line_words(struct arena *arena, const struct text *words, size_t count, struct command_line *line);
/* The same of words that were joined by blanks, as logs of sudo have them: quotes and operators mean nothing there. */
void command_line_joined(struct arena *arena, struct text text, struct command_line *line);

enum { COMMAND_DEPTH_MAX = 24, COMMAND_COUNT_MAX = 65536, COMMAND_BRACES_MAX = 1024 };

#endif
