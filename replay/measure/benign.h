/*
 * benign: how many benign events are in scope of each detection, hour by hour, for each organization.
 *
 * Nearly every event is benign and matches nothing, and a loop over organizations and detections for each of them would be
 * all that a replay does. So an event is counted once, by the number of its scope set (replay/engine/scope_sets.h), its
 * hour, and its audience: the organizations for which it is benign. When the dataset ends the counts are spread:
 *
 *   audience {shop, farm}   scope set 7 = {mount, exec}    hour 10: 4,000 events, hour 11: 3,000
 *   audience {shop}         scope set 9 = {exec}           hour 11: 12
 *   → shop, exec: hour 10: 4,000, hour 11: 3,012;  shop and farm, mount: 4,000 and 3,000; …
 *
 * Hours stand in the order of their first event in scope, whatever numbers the sets got. Detections that share all of
 * their sets share one list, as do organizations. Sets without a number are counted by detection.
 *
 *   benign_begin(b);                                                 a dataset begins
 *   uint32_t audience = benign_audience(b, sides);                   once a label rule
 *   benign_count(b, audience, scope, hour);                          an event
 *   benign_lists(b, side, &arena, lists);                            the dataset ends
 */
#ifndef MEWS_BENIGN_H
#define MEWS_BENIGN_H

#include "replay/engine/scope_sets.h"
#include "replay/measure/tally.h"

#include <stdbool.h>

struct benign;

/* `monitored`: of each side (an organization) the detections that may alert there; must outlive it. */
struct benign *benign_new(size_t detections, const uint64_t *const *monitored, size_t sides);
void benign_free(struct benign *benign);
void benign_begin(struct benign *benign);
/* The number of a set of sides, as bits, until the next dataset; 0: nobody. */
uint32_t benign_audience(struct benign *benign, const uint64_t *sides);
/* Is the side in the audience? */
bool benign_includes(const struct benign *benign, uint32_t audience, size_t side);
/* One event. `key` is its hour (or its file's hash); audience 0 counts nothing. */
void benign_count(struct benign *benign, uint32_t audience, const struct scope_set *scope, int64_t key);
/* lists[detections + 1]: the hours of events in scope of each detection, and last of those in scope of any that the side
 * monitors. In the arena; NULL where there are none. Sides are asked in order, with the same arena. */
void benign_lists(struct benign *benign, size_t side, struct arena *arena, const struct hour_list **lists);

#endif
