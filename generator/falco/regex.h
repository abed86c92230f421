/*
 * regex: the catalog's regular expressions and Falco's, both ways.
 *
 * The engine compiles with RE2's POSIX syntax: no (?…), no \d \w \s, no lazy forms (`a+?` would be `(a+)?` there). So the
 * writer spells those out, and what a rule brings is read back into the subset of catalog/regex.h.
 *
 *   (?:a|b)\s+?x, without regard to case   →   ([aA]|[bB])[\t\n\f\r ]+[xX]
 *   ^[[:alpha:]]+$                         ←   [A-Za-z]+
 */
#ifndef MEWS_FALCO_REGEX_H
#define MEWS_FALCO_REGEX_H

#include "catalog/text.h"

/* An expression of the catalog's subset (it was checked) → the same for the engine. `lines`: its dots take newlines, too. */
void falco_regex_write(struct buffer *out, struct text regex, bool fold, bool lines);
/* Is what would be written no longer than `most` bytes? Nothing is written beyond them, however long the expression is. */
bool falco_regex_fits(struct text regex, bool fold, bool lines, size_t most);

/* The other way. false: *error says what the engine, or the subset, does not take. */
bool falco_regex_read(struct arena *arena, struct text regex, struct text *subset, const char **error);

/* A glob as fnmatch reads it → a regular expression of the subset. *plain: it is a pattern of `like`, too (no brackets). */
struct text falco_glob_regex(struct arena *arena, struct text glob, bool *plain);
/* A component of a path as pmatch reads it: literally, or as a glob that stays within slashes. */
void falco_glob_component(struct buffer *out, struct text component, bool glob);

#endif
