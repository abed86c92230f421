/*
 * search: an expression that is looked for somewhere in a value (Sigma's `re`) → one of the whole value, in the
 * catalog's subset (catalog/regex.h).
 *
 *   -D              CONTAINS "-D": no operator stands in it, so no expression is needed
 *   ^s?bin=         REGEX s?bin=ANY         where ANY is [\s\S]*, any run of characters
 *   (^|=)a+         REGEX (|ANY=)a+ANY
 *   (?i)net\s+use   REGEX ANYnet\s+useANY   without regard to case
 *
 * Exact: the whole-value form holds for the values in which the expression is found. `^` and `$` may stand where an
 * alternative begins or ends; `$` is the very end, as RE2 reads it, not the place before a last newline. What no
 * engine of ours can say (look-around, back-references, anchors elsewhere) is an error with a sentence.
 */
#ifndef MEWS_SIGMA_SEARCH_H
#define MEWS_SIGMA_SEARCH_H

#include "generator/rule.h"

#define SEARCH_ANY "[\\s\\S]*" /* any run of characters, newlines too */

struct search_flags {
	bool fold, multiline, dot_all; /* i, m, s */
};

struct search {
	enum test_operator op; /* EQUAL, STARTS, ENDS, CONTAINS of a literal, LIKE, or REGEX */
	bool fold;
	struct text text;
};

/* false: *error is a sentence. */
bool search_convert(struct arena *arena, struct text expression, struct search_flags flags, struct search *search,
	const char **error);

#endif
