/*
 * json_walk: the values of one JSON object that a plan asks for, in one pass over the text.
 *
 * Quotes come from bitmaps (json_bits.h), so a string costs the same whatever its length; keys are looked up only where
 * something below them is asked for (json_paths.h); a value without escapes is a slice of the text. All of the text is
 * checked as RFC 8259 has it, also what nobody asks for: structure, strings, escapes, numbers, UTF-8.
 *
 * What one producer writes in one order is learnt, and then read faster (json_template.h).
 *
 * Two things are left to whoever knows the whole tree (WALK_TREE): an object that has an asked-for key twice, and more
 * than JSON_MEMBERS_MAX paths at once (arrays of objects in arrays of objects, each also asked for by index).
 */
#ifndef MEWS_JSON_WALK_H
#define MEWS_JSON_WALK_H

#include "replay/readers/json_lane.h"
#include "replay/readers/json_paths.h"

enum { JSON_DEPTH_MAX = 64, JSON_MEMBERS_MAX = 512 };

enum json_verdict { WALK_GOOD, WALK_BAD, WALK_TREE };

struct json_walk;

/* `paths` and the root's name (a member of the top that names do not tell) must outlive it. */
struct json_walk *json_walk_new(const struct json_paths *paths, struct text root, enum simd_level level);
void json_walk_free(struct json_walk *walk);

/* What was found stays until the next call; values are slices of the text or, where they had escapes, in the arena.
 * WALK_BAD: *why says what is wrong, *where at which byte. */
enum json_verdict json_walk(struct json_walk *walk, struct text text, struct arena *arena, const char **why, size_t *where);
const struct found *json_walk_found(const struct json_walk *walk, size_t *count);
/* The same in two steps: what stands between may read the text by a lane of the walk's (NULL: it goes none, or is no UTF-8; then
 * it is still to be read), and after json_walk_rest had it from the template, get to know the lane of it. `lines`: the text is
 * the one at hand there; NULL: nobody has looked at its bytes yet. */
struct lane_end *json_walk_lane(struct json_walk *walk, struct text text, const struct json_lines *lines, struct arena *arena);
enum json_verdict json_walk_rest(struct json_walk *walk, const char **why, size_t *where);
struct lane_end *json_walk_learn_lane(struct json_walk *walk);
const struct found *json_walk_lane_found(const struct json_walk *walk);
/* Kinds of the parts in the order of their objects: positions in the plan's kinds. */
const uint16_t *json_walk_parts(const struct json_walk *walk, size_t *count);

#endif
