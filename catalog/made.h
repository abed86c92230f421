/*
 * made: events made for the purpose of asking one condition.
 *
 * From the condition's predicates follow values that satisfy them, values that just miss them (one character, another
 * case, the neighbours of a number, 15 and 16 bytes, a blank inside, a longer list) and none at all. They are combined
 * to all truth assignments that can be where these are few (MADE_ASSIGNMENTS), else to pairs of events that differ
 * in one predicate and in the answer (MC/DC); and each value stands once where it decides.
 *
 *   process where event.action == "exec" and process.name == "docker" and process.args == "run"
 *     {process.executable: /usr/bin/docker, process.args: [docker, run]}          holds
 *     {process.executable: /usr/bin/docker, process.args: [docker, runx]}
 *     {process.executable: /usr/bin/docke, process.args: [docke, run]}             …
 *
 * Fields that depend on each other agree: process.name is the last part of process.executable, the command line
 * its arguments, a file's name and folder those of its path. So events are such as a sensor can see. A container
 * that is asked for is made as itself (native), and as the command lines of its clients (clients not NULL); what those
 * mean is for replay/derive to say, so `holds` is then not known.
 *
 * The same condition gives the same events. Everything lives in the arena.
 */
#ifndef MEWS_MADE_H
#define MEWS_MADE_H

#include "catalog/client.h"
#include "catalog/detection.h"
#include "catalog/evaluate.h"

enum { MADE_ASSIGNMENTS = 4096, MADE_MOST = 6000 };

struct making {
	struct arena *arena;
	const struct registry *registry;
	const struct clients *clients; /* NULL: no command lines of clients */
	struct evaluator *evaluator;
	bool plain;                    /* only fields that the condition asks for, and what they depend on */
	size_t most;                   /* events for one condition; 0: MADE_MOST */
};

struct made {
	struct test_facet facet;
	bool derived; /* the exec of a client: `holds` is not known before it was derived */
	bool holds;   /* the condition holds on the facet, as the plain evaluator says */
};

struct made_list {
	struct made *items;
	size_t count;
};

void made_events(const struct making *making, const struct condition *condition, struct made_list *list);
/* One event that the condition holds on; false: none was found. */
bool made_match(const struct making *making, const struct condition *condition, struct made *made);
/* That event, and one that the condition misses as nearly as can be, for the work of one. */
struct made_both {
	struct made match, miss;
	bool matches, misses; /* false: none was found */
};
void made_both(const struct making *making, const struct condition *condition, struct made_both *both);

/* Fills an event that event_begin was called for. */
void made_event(const struct made *made, struct event *event);
/* {event.category: process, event.action: exec, process.args: [docker, run]}: as tests in detections have it, and as
 * `mews explain` takes it. */
void made_print(const struct test_facet *facet, const struct registry *registry, struct buffer *out);
/* A facet of an event in the same form: what it holds, written down. */
void made_print_facet(const struct facet *facet, struct buffer *out);

#endif
