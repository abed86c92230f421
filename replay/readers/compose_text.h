/*
 * compose_text: how compose reads texts: variables, command lines, volumes, ports.
 */
#ifndef MEWS_COMPOSE_TEXT_H
#define MEWS_COMPOSE_TEXT_H

#include "catalog/text.h"

/* Variables whose values are known: those of a file .env. */
struct compose_variables {
	struct text *names, *values;
	size_t count;
};
/* NAME=value lines, with `export`, comments and quotes; the last of a name counts. */
void compose_variables_read(struct arena *arena, struct text content, struct compose_variables *variables);
const struct text *compose_variable(const struct compose_variables *variables, struct text name); /* NULL: not known */

/* Fills in variables. One without a value here makes it false (the text cannot be known), but ${NAME:-default} is its
 * default. $$ is a dollar. `variables` may be NULL. */
bool compose_resolve(struct arena *arena, const struct compose_variables *variables, struct text text, struct text *resolved);
/* Splits a command line at blanks, with quotes and backslashes as a shell has them. */
size_t compose_words(struct arena *arena, struct text line, struct text **words);
/* [source:]destination[:mode]; a drive letter belongs to its path. */
void compose_volume(struct text text, struct text *source, struct text *destination, struct text *mode);
/* [[address:]published:]target[/protocol] → address:published:target; empty where it is no port. */
struct text compose_port(struct arena *arena, struct text text);

#endif
