/*
 * derive: adds to an event what it implies, by tables that are data (DESIGN section 4).
 *
 * Stateless: file names, command lines, the container request in a client's command line (request.h). Stateful, in event
 * order: descent of processes (lineage.h): process.in_container, entity.id, parent process. Everything is
 * a pure addition: fields that a source gave are never changed.
 *
 *   derive_alone(deriver, event, &actors[i])          any thread, in any order
 *   derive_in_order(deriver, events, actors, count)   then one thread, in their order
 */
#ifndef MEWS_DERIVE_H
#define MEWS_DERIVE_H

#include "catalog/catalog.h"
#include "replay/derive/lineage.h"

struct deriver;
struct dataset;

/* State of one dataset; what is known of a host's processes ends with its recording (recording.h). Memory is bounded (oldest
 * pids are forgotten). */
struct deriver *deriver_new(const struct catalog *catalog);
void deriver_free(struct deriver *deriver);
/* Another dataset begins, which must outlive its events; NULL: events that are of none. */
void deriver_reset(struct deriver *deriver, const struct dataset *dataset);

/* Marks the fields that derivation reads or sets: [registry.field_count]. An event that holds at least these is derived from
 * as the whole one is. */
void deriver_wants(const struct registry *registry, uint8_t *wanted);

/* The two halves of all derivations, event_share included. `actor`: what the first one finds for the second, which alone
 * changes the deriver: it takes the next events, and is quicker of several than of each alone. */
void derive_alone(const struct deriver *deriver, struct event *event, struct actor *actor);
void derive_in_order(struct deriver *deriver, struct event *const *events, struct actor *actors, size_t count);
/* The actor of an event that derive_alone had. */
void derive_look(const struct deriver *deriver, struct event *event, struct actor *actor);
/* Both. Call once for each event, in order. */
void derive_event(struct deriver *deriver, struct event *event);

#endif
