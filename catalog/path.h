/*
 * path: the one spelling of a path, and its name.
 *
 *   path_clean(arena, TEXT("/var/run//docker.sock"))    /run/docker.sock
 *   path_name(TEXT("/usr/bin/runc"))                    runc
 */
#ifndef MEWS_PATH_H
#define MEWS_PATH_H

#include "catalog/simd_level.h"
#include "catalog/text.h"

/* /var/run → /run, //, /./ and a final / go; .. stays. For "source:destination:mode" the first
 * two parts are cleaned each. Wildcards are left as they are, so that literals are cleaned alike. A text
 * that is clean already is returned as it is, not copied. */
struct text path_clean(struct arena *arena, struct text path);
struct text mount_clean(struct arena *arena, struct text mount);
/* All behind the last slash; the whole path where there is none. */
struct text path_name(struct text path);

/* The same by the instructions of one level: the answers are those of all others. */
struct text path_clean_at(enum simd_level level, struct arena *arena, struct text path);
struct text path_name_at(enum simd_level level, struct text path);

#endif
