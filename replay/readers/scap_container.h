/*
 * scap_container: what a capture says of a container, as JSON → the state.
 */
#ifndef MEWS_SCAP_CONTAINER_H
#define MEWS_SCAP_CONTAINER_H

#include "replay/readers/scap_state.h"

/* `{"container":{"id":…,"name":…,"image":…}}`. false: it is no such text. */
bool scap_container_take(struct scap_state *state, struct text json);
/* `docker` for 0; empty: no such number. */
struct text scap_container_type(int64_t number);

#endif
