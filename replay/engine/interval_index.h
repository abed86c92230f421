/*
 * interval_index: which of many ranges of numbers hold a number, and which of many networks hold an address.
 *
 * Ranges stand in order of their lower bounds with the greatest upper bound of each half beside them (an interval tree
 * in an array), so that what is looked at is little more than what holds. Networks are nested or apart: they stand in order,
 * each with the next wider one that holds it, and an address asks one of them and those around it (a prefix tree in an
 * array).
 */
#ifndef MEWS_INTERVAL_INDEX_H
#define MEWS_INTERVAL_INDEX_H

#include "replay/engine/literal_table.h"

struct range {
	int64_t low, high;
	uint32_t trigger;
	int64_t highest; /* of the part of the array that has this one in its middle */
};

/* Sorts the ranges and fills in `highest`. Those with low > high hold nothing. */
void ranges_sort(struct range *ranges, size_t count);
void ranges_find(const struct range *ranges, size_t count, int64_t number, struct finds *finds);

struct network {
	struct cidr cidr;
	uint32_t trigger;
	uint32_t wider; /* the least that holds it, or LITERAL_NONE */
};

void networks_sort(struct network *networks, size_t count);
void networks_find(const struct network *networks, size_t count, const struct ip *ip, struct finds *finds);

#endif
