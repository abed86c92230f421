/*
 * literals: what must stand in a value for a wildcard pattern or a regular expression to match it.
 *
 * Most expressions cannot match without some fixed text. Who knows that text asks an index of literals (trigger_index.h) and
 * runs the expression on what is left. What is given is a list of sets: of EACH set, one literal at least holds on
 * every value that the expression matches. So any one set will do; the one that stands first is thought to hold least often.
 *
 *   (curl|wget) +[^|]*https?://[^ ]*\.sh *\| *(ba|z)?sh.*
 *
 * is read from the inside to the outside. Of each part we know one of two things: all texts that it matches, where they are
 * few ("curl", "wget"); or else with what its matches begin, with what they end, and sets of which one stands
 * somewhere in them. A concatenation joins what touches: `(curl|wget)` and ` +` begin with "curl " or "wget ". What can
 * not be joined any more is kept as a set. A repetition that may be left out (`*`, `?`, `{0,…}`) tells nothing; one that may
 * not tells what its body does. Of alternatives that are not all known, each gives its best set, and the set of all these holds.
 * At the end the whole value is matched, so beginnings become `starts` and endings `ends`:
 *
 *   starts "curl " | "wget "     contains "http://" | "https://"     contains ".sh"
 *
 * Small classes are written out ([xy] is x or y, \s is five, [Pp] folds), `.` and large ones part what stands on both
 * sides. U+FFFD in an expression matches stray bytes too (regex.h) and counts as `.`. Nothing is found in what is too
 * large: sets hold at most STRING_SET_MAX literals.
 */
#ifndef MEWS_LITERALS_H
#define MEWS_LITERALS_H

#include "catalog/condition.h"
#include "replay/engine/string_set.h"
#include "replay/engine/trigger_index.h"

struct required_literal {
	enum trigger_kind kind; /* EQUAL, STARTS, ENDS, CONTAINS */
	bool fold;
	struct text text;       /* not empty, but for EQUAL */
};

struct literal_set {
	const struct required_literal *items; /* one or more: one of them holds */
	size_t count;
	double share; /* a guess at how many values it holds on, from 0 to 1 */
};

enum { LITERAL_SETS_MAX = 8 };
struct literal_sets {
	struct literal_set items[LITERAL_SETS_MAX]; /* the best first */
	size_t count; /* 0: nothing is required */
};

/* Of the predicate's literal with that index: LIKE, REGEX, STARTS, ENDS or CONTAINS; none of other predicates, of those that
 * ask for lengths or numbers, or of those that compare with another field. In the arena. */
void literals_of(struct arena *arena, const struct predicate *predicate, size_t index, struct literal_sets *sets);
void literals_of_pattern(struct arena *arena, struct text pattern, bool fold, struct literal_sets *sets);
/* `pattern` is of the subset; of another one nothing is said that would be wrong where regex_compile refuses it. */
void literals_of_regex(struct arena *arena, struct text pattern, bool fold, struct literal_sets *sets);

#endif
