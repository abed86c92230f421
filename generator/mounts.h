/*
 * mounts: patterns on `source:destination:mode`, taken apart.
 *
 * A mount holds exactly two colons, so the wildcards of a pattern that has fewer of them take the rest.
 *   "/run/docker.sock:*"    → /run/docker.sock  *  rw ro unknown
 *   "/root/…*:rw"           → /root/…*          *  rw
 */
#ifndef MEWS_MOUNTS_H
#define MEWS_MOUNTS_H

#include "catalog/text.h"

enum { MOUNT_RW = 1, MOUNT_RO = 2, MOUNT_UNKNOWN = 4 };
struct mount_pattern {
	struct text source, destination; /* patterns without a colon */
	unsigned modes;                  /* that the third part allows; never 0 */
};

/* Adds all ways in which the pattern can match to `*patterns` (in the arena, `count` of them); returns the new count. */
size_t mounts_split(struct arena *arena, struct text pattern, bool fold, struct mount_pattern **patterns, size_t count);
/* Does the path lie under /run, so that it may also be written /var/run? */
bool mounts_under_run(struct text path);

#endif
