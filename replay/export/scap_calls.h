/*
 * scap_calls: an action → the events of the system call that it is.
 *
 * A table names for each action the calls that do it, with their parameters; audit.syscall chooses among them where the
 * event has it, else the last one stands.
 */
#ifndef MEWS_SCAP_CALLS_H
#define MEWS_SCAP_CALLS_H

#include "replay/export/export.h"
#include "replay/export/scap_context.h"

/* The events of the facet's action, by an actor that was told. false: no call does that, as *reason says. */
bool scap_say(struct scap_actor *actor, const struct event *event, const char **reason);
/* Is the program about to begin with this facet (so that it is not told before)? */
bool scap_begins_program(const struct facet *facet);

#endif
