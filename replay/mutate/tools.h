/*
 * tools: programs that are no container clients, as far as operators need them: their options with true arity, and programs
 * that do the same.
 *
 * nsenter -t 1 -m sh   nsenter -mt1 sh   nsenter --mount --target=1 sh   are one command by this table.
 */
#ifndef MEWS_MUTATE_TOOLS_H
#define MEWS_MUTATE_TOOLS_H

#include "catalog/client.h"

struct tools;

/* How a program reads its options. getopt_long: -tX, -t X, -abX, --long=X, --long X, unambiguous beginnings of long names,
 * a value that may be left out only joined. */
enum option_style { OPTIONS_PFLAG, OPTIONS_GOFLAG, OPTIONS_GETOPT };

struct tools *tools_new(struct arena *arena);
/* The options of the program of this file name; NULL: not known. */
const struct option_set *tools_options(const struct tools *tools, struct text name);

#endif
