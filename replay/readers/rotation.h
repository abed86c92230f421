/*
 * rotation: logs that were rotated, in the order in which they were written.
 *
 * `audit.log audit.log.1 audit.log.2.gz` are one log, the newest first by name; `messages messages-20261101` too. Read so,
 * time would run backwards: parents would come after their children, and sequences would never end.
 */
#ifndef MEWS_ROTATION_H
#define MEWS_ROTATION_H

#include <stdbool.h>
#include <stddef.h>

/* Fills `order` with the numbers 0 … count-1: as the paths stand, but the files of one log together, at the place of its
 * first one, the oldest first: a higher number behind the dot, an earlier date behind the dash, the name alone last. */
void rotation_order(const char *const *paths, size_t count, size_t *order);

/* Are they files of one log? */
bool rotation_same(const char *one, const char *other);

#endif
