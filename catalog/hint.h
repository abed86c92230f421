/*
 * hint: the name that somebody may have meant who wrote one that is not there.
 *
 *   struct hint hint = {.word = text_of(name)};
 *   char words[HINT_LENGTH];
 *   for each name that there is: hint_offer(&hint, that);
 *   error("there is no organization \"%s\"%s", name, hint_words(&hint, words));    -- "; did you mean \"web-shop\"?" or ""
 */
#ifndef MEWS_HINT_H
#define MEWS_HINT_H

#include "catalog/catalog.h"

enum { HINT_LENGTH = 128 };

struct hint {
	struct text word;
	struct text nearest; /* among those offered: a likely spelling; or empty */
	size_t distance;
};

void hint_offer(struct hint *hint, struct text candidate);
const char *hint_words(const struct hint *hint, char words[HINT_LENGTH]);

/* All detections, organizations, dialects of a catalog. */
void hint_detections(struct hint *hint, const struct catalog *catalog);
void hint_organizations(struct hint *hint, const struct catalog *catalog);
void hint_dialects(struct hint *hint, const struct catalog *catalog);

#endif
