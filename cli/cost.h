/*
 * cost: `mews check --cost`: conditions that a replay has to look at for many events, and what would help.
 *
 * A replay looks at a condition where one of its triggers holds: a word, an ending, a number that an event must hold for the
 * condition to be true (docs/speed.md). One without any is looked at for every event of its category and action; a weak
 * one (a word of one or two characters, or that a field is there at all) for nearly as many.
 */
#ifndef MEWS_COST_H
#define MEWS_COST_H

#include "replay/engine/engine.h"

#include <jansson.h>
#include <stdio.h>

enum { COST_WEAK = 2 }; /* characters of a word that is no help */

struct costly {
	const struct detection *detection;
	const struct condition *condition; /* of a sequence: its step's, "NAME, step 2" */
	const char *reason; /* a phrase */
	const char *help; /* a phrase: what would help */
	bool weak; /* it has a trigger, but a weak one; else it has none */
};

struct cost {
	struct arena arena;
	struct costly *items; /* detections in the catalog's order */
	size_t count, none, weak;
	size_t conditions; /* steps of sequences counted each */
};

void cost_find(struct cost *cost, const struct catalog *catalog);
void cost_free(struct cost *cost);
void cost_print(const struct cost *cost, FILE *out);
json_t *cost_json(const struct cost *cost);

#endif
