/*
 * scap_head: the tables before the events of a capture → the state.
 *
 * The machine, the processes (nine versions of their block, the last with a length of each), their descriptors, users and
 * groups; interfaces say nothing that is read here. What a later version appends to an entry is passed over.
 */
#ifndef MEWS_SCAP_HEAD_H
#define MEWS_SCAP_HEAD_H

#include "replay/readers/scap_state.h"

/* Is it such a block? */
bool scap_head_knows(uint32_t block);
/* NULL, or what is wrong with it: entries before the wrong one were taken. */
const char *scap_head_take(struct scap_state *state, uint32_t block, struct text payload);

/* The container that a process is in, by the paths of its control groups (joined by any byte below '!'); empty: none. */
struct text scap_container_of(struct text cgroups);

#endif
