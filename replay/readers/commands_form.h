/*
 * commands_form: in which form a source holds commands: as a script or history, as a session with prompts, or as a table.
 *
 *   #1700000000               bash's history with times: the next line began then
 *   : 1700000000:0;docker ps  zsh's
 *   ann@web1:~$ docker ps     a session: what stands behind a prompt; other lines are what commands printed
 *   T1611<tab>docker run …    a table: the column that is called command…, else the last one
 */
#ifndef MEWS_COMMANDS_FORM_H
#define MEWS_COMMANDS_FORM_H

#include "catalog/text.h"

struct commands_form {
	char separator;   /* of a table; 0: none */
	bool prompts;     /* a session */
	bool bare;        /* its prompts are bare: `$ ` and `# ` */
	bool times;       /* lines #SECONDS stand before entries */
};

/* Told by the beginning of a source. */
void commands_form_find(struct commands_form *form, struct text sample);

enum commands_line {
	COMMANDS_TEXT,    /* part of a command, or a line of its own: the parser knows */
	COMMANDS_ENTRY,   /* the same, and certainly no part of the one before */
	COMMANDS_BLANK,   /* no command: empty, a time, the head of a session */
	COMMANDS_OUTPUT,  /* what a command printed, unless one waits for more lines */
};
/* Takes prompt and time off the line. */
enum commands_line commands_form_line(const struct commands_form *form, struct text *line, struct text *time);

/* Is it a name of a column of commands? */
bool commands_form_names(struct text column);
/* How well a sample fits (reader.h). */
unsigned commands_form_fits(struct text sample);

#endif
