/*
 * compose_text: how compose reads texts: variables, command lines, volumes, ports.
 */
#ifndef MEWS_COMPOSE_TEXT_H
#define MEWS_COMPOSE_TEXT_H

#include "catalog/text.h"

/* Fills in variables. None has a value here, so ${NAME:-default} is its default and any other one makes it
 * false: the text cannot be known. $$ is a dollar. */
bool compose_resolve(struct arena *arena, struct text text, struct text *resolved);
/* Splits a command line at blanks, with quotes and backslashes as a shell has them. */
size_t compose_words(struct arena *arena, struct text line, struct text **words);
/* [source:]destination[:mode]; a drive letter belongs to its path. */
void compose_volume(struct text text, struct text *source, struct text *destination, struct text *mode);
/* [[address:]published:]target[/protocol] → address:published:target; empty where it is no port. */
struct text compose_port(struct arena *arena, struct text text);

#endif
