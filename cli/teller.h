/*
 * teller: what `mews watch` says, a line for each thing: words for people, or an object for programs.
 *
 *   lost      TP docker-socket-mount [web-shop] corpus/lab/audit.log:17, episode socket: no condition matches
 *   {"event": "alert", "change": "lost", "outcome": "TP", …}
 *
 * Lines are flushed as they are written. The first word of a line says what it is about.
 */
#ifndef MEWS_TELLER_H
#define MEWS_TELLER_H

#include "cli/snapshot.h"
#include "replay/compare/compare.h"

#include <jansson.h>

struct teller {
	bool json, colour;
	FILE *out;
	struct arena arena; /* of the round in hand */
};

enum tone { TONE_PLAIN, TONE_BAD, TONE_GOOD, TONE_FAINT };

/* One line. `object` (stolen) is what programs get, with `kind` as its event; NULL: people alone are told. `words` NULL:
 * programs alone. */
void tell(struct teller *teller, const char *kind, enum tone tone, const char *words, json_t *object);

/* Errors with their places, the first few; failed tests. */
void tell_wrong(struct teller *teller, const struct diagnostics *d);
/* `before` (or NULL): tests that failed there as well are counted, not told again; those that pass again are told. Returns
 * how many fail. */
size_t tell_tests(struct teller *teller, const struct tally *before, const struct tally *tally);
/* All that differs; `organizations`: of how many there were figures. Returns how many episodes were lost. */
size_t tell_comparison(struct teller *teller, const struct comparison *comparison, size_t organizations);
/* Rates that moved, where the runs cannot be compared alert by alert: somebody changed the corpus. */
void tell_figures(struct teller *teller, const struct results *before, const struct results *after);

#endif
