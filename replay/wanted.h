/*
 * wanted: which fields of an event anybody will ask for in a replay, so that readers need not make the others.
 *
 * Conditions of detections (the steps, keys and counted fields of sequences among them) and of exceptions, episodes'
 * `where`, what derivation reads or sets, what alerts are grouped by, and what the events' kind is made of. An alert stores
 * the whole event all the same: event_complete makes it from the record, which still lives.
 */
#ifndef MEWS_WANTED_H
#define MEWS_WANTED_H

#include "replay/readers/corpus.h"

/* [registry.field_count] 1: wanted. Of all detections and organizations of the catalog, and of the datasets. */
uint8_t *wanted_fields(struct arena *arena, const struct catalog *catalog, struct dataset *const *datasets, size_t count);
/* Adds what the exceptions of an organization ask for that is none of the catalog's (one with proposed exceptions). */
void wanted_of_organization(uint8_t *wanted, const struct registry *registry, const struct organization *organization);

#endif
