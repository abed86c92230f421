/* interval_index: see interval_index.h. */
#include "replay/engine/interval_index.h"

#include <stdlib.h>

/* ---- ranges ---- */

static int order_ranges(const void *left, const void *right)
{
	const struct range *a = left, *b = right;
	return (a->low > b->low) - (a->low < b->low);
}

static int64_t fill_highest(struct range *ranges, size_t from, size_t to)
{
	if (from >= to)
		return INT64_MIN;
	size_t middle = from + (to - from) / 2;
	int64_t before = fill_highest(ranges, from, middle), behind = fill_highest(ranges, middle + 1, to);
	int64_t highest = ranges[middle].high > before ? ranges[middle].high : before;
	ranges[middle].highest = highest > behind ? highest : behind;
	return ranges[middle].highest;
}

void ranges_sort(struct range *ranges, size_t count)
{
	qsort(ranges, count, sizeof *ranges, order_ranges);
	fill_highest(ranges, 0, count);
}

static void find_between(const struct range *ranges, size_t from, size_t to, int64_t number, struct finds *finds)
{
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct range *range = &ranges[middle];
		if (range->highest < number)
			return;
		find_between(ranges, from, middle, number, finds);
		if (range->low > number)
			return;
		if (range->high >= number)
			finds_add(finds, range->trigger);
		from = middle + 1;
	}
}

void ranges_find(const struct range *ranges, size_t count, int64_t number, struct finds *finds)
{
	find_between(ranges, 0, count, number, finds);
}

/* ---- networks ---- */

static int order_networks(const void *left, const void *right)
{
	const struct network *a = left, *b = right;
	int order = memcmp(a->cidr.network.bytes, b->cidr.network.bytes, sizeof a->cidr.network.bytes);
	return order ? order : (a->cidr.bits > b->cidr.bits) - (a->cidr.bits < b->cidr.bits);
}

void networks_sort(struct network *networks, size_t count)
{
	qsort(networks, count, sizeof *networks, order_networks);
	for (size_t i = 0; i < count; i++) {
		uint32_t wider = i ? (uint32_t)i - 1 : LITERAL_NONE;
		while (wider != LITERAL_NONE && !cidr_holds(&networks[wider].cidr, &networks[i].cidr.network))
			wider = networks[wider].wider;
		networks[i].wider = wider;
	}
}

void networks_find(const struct network *networks, size_t count, const struct ip *ip, struct finds *finds)
{
	size_t low = 0, high = count;
	while (low < high) { /* the first above the address */
		size_t middle = low + (high - low) / 2;
		if (memcmp(networks[middle].cidr.network.bytes, ip->bytes, sizeof ip->bytes) > 0)
			high = middle;
		else
			low = middle + 1;
	}
	for (uint32_t i = low ? (uint32_t)low - 1 : LITERAL_NONE; i != LITERAL_NONE; i = networks[i].wider)
		if (cidr_holds(&networks[i].cidr, ip) && !finds_add(finds, networks[i].trigger))
			return; /* then the wider ones were found with it */
}
