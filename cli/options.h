/*
 * options: the words after a verb, read by a table that also prints the verb's help.
 *
 * Uses getopt_long. Options and operands may mix; `--` ends options. Before the verb (`verb` is "") the first
 * word that is no option ends them. Everything lives in the arena.
 */
#ifndef MEWS_OPTIONS_H
#define MEWS_OPTIONS_H

#include "catalog/text.h"

#include <stdbool.h>
#include <stdio.h>

struct option_spec {
	const char *name;     /* organization */
	char letter;          /* o, or 0 */
	const char *argument; /* ORG; [=FILE]: may be left out, and is joined by = where it is not; or NULL for a switch */
	const char *about;
};

struct option_found {
	const struct option_spec *spec;
	const char *value; /* NULL for a switch, and where it was left out */
};

/* Is the next word its value? */
static inline bool option_waits(const struct option_spec *spec)
{
	return spec->argument != NULL && spec->argument[0] != '[';
}
/* The argument's name: FILE of [=FILE]. */
struct text option_argument(const struct option_spec *spec);


struct options {
	struct option_found *found; /* in the order given */
	size_t count;
	char **operands;
	size_t operand_count;
};

/* `specs` ends with name NULL. 0; -1 after a sentence on standard error. */
int options_read(struct options *options, struct arena *arena, const struct option_spec *specs, const char *verb, int argc,
	char **argv);
bool options_has(const struct options *options, const char *name);
/* The last value given, or `otherwise`. */
const char *options_value(const struct options *options, const char *name, const char *otherwise);
/* All values given, in order. */
size_t options_values(const struct options *options, struct arena *arena, const char *name, const char ***values);
/* What was asked for, as one line: options with their values, then operands. */
const char *options_line(const struct options *options, struct arena *arena);

#endif
