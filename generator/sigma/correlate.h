/*
 * correlate: a Sigma correlation over rules that were taken → a condition over several events.
 *
 *   event_count      gte 5 of one rule, by user       sequence by user.name with maxspan=5m [ … ] with runs=5
 *   value_count      gte 5 of field X                 sequence by … with maxspan=5m [ … ] with distinct(X)=5
 *   temporal         rules a, b                       sample by … with maxspan=5m [ … ] [ … ]
 *   temporal_ordered rules a, b                       sequence by … with maxspan=5m [ … ] [ … ]
 *
 * Bounds other than "at least" and "more than" are refused, since nothing here fires on what stays away.
 */
#ifndef MEWS_SIGMA_CORRELATE_H
#define MEWS_SIGMA_CORRELATE_H

#include "generator/sigma/site.h"

/* The taken rules that the correlation names, one each. Adds the condition to the draft, or refuses. */
void correlate_conditions(struct taking *correlation, struct taking *const *rules, size_t count);

#endif
