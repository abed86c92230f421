/*
 * regex: full-match regular expressions in the subset that PCRE2, RE2 and SQL engines read alike.
 *
 * Allowed: literals, `.`, `[…]` and `[^…]` with ranges, escapes \d \w \s \D \W \S \n \r \t \f \xHH and \ before
 * punctuation, groups `(…)` and `(?:…)`, `|`, `* + ?` and `{n}`, `{n,}`, `{n,m}` (up to 1,000) and their lazy
 * forms. Not: look-around, back-references, anchors (the whole value is matched), inline flags, \b,
 * POSIX classes, Unicode properties, possessive and atomic groups. `.` does not match a newline.
 * \d \w \s are ASCII's (\s: space, \t \n \f \r, as in RE2), and so is folding: é and É differ, the Kelvin
 * sign is no k. In a text that is not UTF-8 each stray byte is one character, as for `?` in patterns.
 */
#ifndef MEWS_REGEX_H
#define MEWS_REGEX_H

#include "catalog/text.h"

struct regex;

/* NULL: `*error` is a sentence and `*offset` the byte where it went wrong. Freed by regex_free. */
struct regex *regex_compile(struct text pattern, bool fold, const char **error, size_t *offset);
void regex_free(struct regex *regex);
struct text regex_pattern(const struct regex *regex);

/* Match data for one thread. */
struct regex_match;
struct regex_match *regex_match_new(void);
void regex_match_free(struct regex_match *match);
/* Whole text. *limited is set where PCRE2's match limit was hit (the answer is then false). */
bool regex_holds(const struct regex *regex, struct regex_match *match, struct text text, bool *limited);

/* For regex_take: the first group written `(…)` is what is taken. An expression without one is an error. */
struct regex *regex_compile_taking(struct text pattern, const char **error, size_t *offset);
/* What that group holds where the whole text matches: empty where the group took no part, and false where nothing matches
 * or the text is no UTF-8. */
bool regex_take(const struct regex *regex, struct regex_match *match, struct text text, struct text *taken);

/* Escapes a literal for a regular expression of the subset. */
void regex_escape(struct buffer *out, struct text literal);

#endif
