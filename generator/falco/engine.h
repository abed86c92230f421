/*
 * engine: a condition checked and evaluated as Falco's engine does, over the values of a sight.
 *
 *   compile   fd.num contains 1        refused: numbers have no `contains`
 *             proc.name regex "\\s"    refused: RE2's POSIX syntax has no such escape
 *   holds     fd.sport != 22           false where fd.sport is not there
 *             fd.net != "10.0.0.0/8"   neither end is in it
 *             proc.aname != sshd       one of the ancestors is another
 */
#ifndef MEWS_FALCO_ENGINE_H
#define MEWS_FALCO_ENGINE_H

#include "catalog/regex.h"
#include "generator/falco/filter.h"
#include "generator/sight.h"

struct engine_node;

/* NULL: *error says what the engine refuses. Regular expressions are freed with the arena. */
struct engine_node *engine_compile(struct arena *arena, const struct filter *filter, const char **error);

/* `scratch` for what is made of values; `match`: a regex_match_new(). */
struct engine_run {
	const struct sight *sight;
	struct arena *scratch;
	struct regex_match *match;
};
bool engine_holds(const struct engine_node *node, const struct engine_run *run);

#endif
