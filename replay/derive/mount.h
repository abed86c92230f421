/*
 * mount: the mount options of container clients → source:destination:mode.
 *
 * -v [source:]destination[:options], --mount key=value,… and --tmpfs destination[:options]. Paths of the
 * host are resolved as the clients do: relative ones against the working directory, `..` by name. An
 * anonymous volume and a tmpfs have no source: ":/data:rw". A text that no client takes gives an empty text.
 */
#ifndef MEWS_MOUNT_H
#define MEWS_MOUNT_H

#include "catalog/text.h"

struct text mount_of_volume(struct arena *arena, struct text directory, struct text value);
struct text mount_of_mount(struct arena *arena, struct text directory, struct text value);
struct text mount_of_tmpfs(struct arena *arena, struct text value);
/* How the mount passes on others, as source:rshared (container_propagation), or empty. `keys`: the value is a --mount's. */
struct text mount_propagation(struct arena *arena, struct text mount, struct text value, bool keys);

/* Absolute and without `.` and `..`, by name only. Where the directory is not known a relative path stays. */
struct text mount_path(struct arena *arena, struct text directory, struct text path);

/* Fields of one CSV record, as Go's encoding/csv reads them ("a,b" is one field). */
size_t mount_csv(struct arena *arena, struct text record, struct text **fields);

#endif
