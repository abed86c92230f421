/* misses: see misses.h. */
#include "replay/report/misses.h"
#include "replay/report/show.h"

#include <stdlib.h>

/* One organization's; `order` is its place among all. */
struct entry {
	const struct episode_result *episode;
	const struct missed *missed;
	bool off;
	size_t order;
};

static int compare_numbers(uintptr_t a, uintptr_t b)
{
	return (a > b) - (a < b);
}

/* By what makes them one miss. Addresses only bring equals together; what is shown is sorted by `order`. */
static int by_sight(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;
	const uintptr_t keys[][2] = {
		{(uintptr_t)a->episode->episode, (uintptr_t)b->episode->episode},
		{(uintptr_t)a->missed->detection, (uintptr_t)b->missed->detection},
		{(uintptr_t)a->missed->cause, (uintptr_t)b->missed->cause},
		{(uintptr_t)a->episode->label, (uintptr_t)b->episode->label},
		{a->off, b->off},
		{a->order, b->order},
	};
	int order = 0;
	for (size_t i = 0; !order && i < sizeof keys / sizeof *keys; i++)
		order = compare_numbers(keys[i][0], keys[i][1]);
	return order;
}

static bool same_sight(const struct entry *a, const struct entry *b)
{
	return a->episode->episode == b->episode->episode && a->missed->detection == b->missed->detection &&
		a->missed->cause == b->missed->cause && a->episode->label == b->episode->label && a->off == b->off;
}

struct grouped {
	struct miss miss;
	size_t order;
};

static int by_order(const void *left, const void *right)
{
	const struct grouped *a = left, *b = right;
	return compare_numbers(a->order, b->order);
}

static bool is_off(const struct episode_result *episode, const struct missed *missed)
{
	struct baseline_decision decision = catalog_decide(episode->organization, missed->detection);
	return decision.disabled || decision.below;
}

static struct entry *entries_of(struct arena *arena, const struct results *results, size_t *count)
{
	struct entry *entries = NULL;
	*count = 0;
	for (size_t i = 0; i < results->episode_count; i++) {
		const struct episode_result *episode = &results->episodes[i];
		for (size_t k = 0; !episode->foreign && k < episode->missed_count; k++) {
			entries = arena_grow(arena, entries, *count, sizeof *entries);
			entries[*count] = (struct entry){episode, &episode->missed[k], is_off(episode, &episode->missed[k]), *count};
			++*count;
		}
	}
	return entries;
}

struct misses misses_of(struct arena *arena, const struct results *results)
{
	size_t count, grouped_count = 0;
	struct entry *entries = entries_of(arena, results, &count);
	struct grouped *grouped = arena_array(arena, count + 1, sizeof *grouped);
	if (count)
		qsort(entries, count, sizeof *entries, by_sight);
	for (size_t i = 0, end; i < count; i = end) {
		struct grouped *group = &grouped[grouped_count++];
		*group = (struct grouped){{.episode = entries[i].episode, .missed = entries[i].missed, .off = entries[i].off,
			.open = misses_is_open(entries[i].episode, entries[i].missed)}, entries[i].order};
		for (end = i + 1; end < count && same_sight(&entries[i], &entries[end]);)
			end++;
		group->miss.organizations = arena_array(arena, end - i, sizeof(const struct organization *));
		for (size_t k = i; k < end; k++)
			group->miss.organizations[group->miss.organization_count++] = entries[k].episode->organization;
	}
	qsort(grouped, grouped_count, sizeof *grouped, by_order);
	struct misses misses = {arena_array(arena, grouped_count + 1, sizeof *misses.items), grouped_count};
	for (size_t i = 0; i < grouped_count; i++)
		misses.items[i] = grouped[i].miss;
	return misses;
}

const char *misses_organizations(struct arena *arena, const struct miss *miss)
{
	struct buffer out = {0};
	for (size_t i = 0; i < miss->organization_count; i++) {
		buffer_string(&out, i ? ", " : "");
		buffer_text(&out, show_organization(miss->organizations[i]));
	}
	const char *text = arena_strndup(arena, out.data ? out.data : "", out.length);
	buffer_free(&out);
	return text;
}

bool misses_is_open(const struct episode_result *episode, const struct missed *missed)
{
	return episode->label == LABEL_MALICIOUS && !missed->gap.length && !is_off(episode, missed);
}
