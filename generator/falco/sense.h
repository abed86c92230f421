/*
 * sense: could this facet be one of Falco's events, and is enough of it known?
 *
 * The sensor always knows some things: whether it is a container, the file's whole path, the other end of a socket. Where a facet
 * leaves them open, or says what no single event shows (a name that is not the path's, a mount with four parts, an
 * exec with mount flags), there is nothing that the view could stand for.
 */
#ifndef MEWS_FALCO_SENSE_H
#define MEWS_FALCO_SENSE_H

#include "catalog/event.h"

/* `recorded`: the event was read from somewhere, not made up: a place that it does not tell is the host's. */
bool falco_sense(const struct registry *registry, const struct facet *facet, bool recorded);

#endif
