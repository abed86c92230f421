/*
 * turn_form: what a step's expression asks of one event of the dialect. Internal to turn.c.
 *
 *   event.type == "start" and process.name : "x*" of endpoint's process.exec → process.name like~ "x*"
 */
#ifndef MEWS_ELASTIC_TURN_FORM_H
#define MEWS_ELASTIC_TURN_FORM_H

#include "generator/elastic/turn.h"

/* One event of the dialect as the step sees it. */
struct sightline {
	struct turning *t;
	const struct dialect_group *group;
	const struct dialect_event *event; /* NULL: one that no row knows */
	unsigned category, action;
	bool any_system;                   /* host.os.type is left open */
	const char *error;
};

/* What makes the expression true. *failures is set where it holds on failed acts too. */
const struct form *turn_form(struct sightline *s, const struct eql_node *where, bool *failures);
/* The same, so that failed acts fit: an action means a successful one, unless the outcome is named. */
const struct form *turn_failures(struct arena *arena, const struct form *form);
/* The name that the dialect has for it: event.dataset is data_stream.dataset. */
struct text turn_raw_name(struct text name);
/* The registered field whose plain value stands under the raw name in this event; FIELD_NONE: none. */
unsigned turn_field(const struct sightline *s, struct text name);

#endif
