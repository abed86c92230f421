/*
 * events: the alerts of two runs side by side, and their groups (see compare.h).
 *
 * An alert's key is organization, detection, dataset, file below the dataset's folder, and line; several events may stand on
 * one line, so equal keys are paired in their order. Groups of both runs that share an alert are one unit, and so are
 * groups that are joined that way over several steps.
 */
#include "replay/compare/pairs.h"
#include "replay/readers/fingerprint.h"

#include <stdlib.h>
#include <string.h>

struct keyed {
	size_t organization, detection; /* pairs */
	struct text dataset;
	const char *file;               /* below the dataset's folder */
	uint64_t line;
	size_t order;                   /* in its run */
	const struct alert *alert;
};

static int by_key(const struct keyed *a, const struct keyed *b)
{
	if (a->organization != b->organization)
		return a->organization < b->organization ? -1 : 1;
	if (a->detection != b->detection)
		return a->detection < b->detection ? -1 : 1;
	int order = a->dataset.data == b->dataset.data ? 0 : text_compare(a->dataset, b->dataset);
	if (!order && a->file != b->file)
		order = strcmp(a->file, b->file);
	return order ? order : (a->line > b->line) - (a->line < b->line);
}

static int by_place(const void *left, const void *right)
{
	const struct keyed *a = left, *b = right;
	int order = by_key(a, b);
	return order ? order : (a->order > b->order) - (a->order < b->order);
}

struct list {
	struct keyed *items; /* malloc'd, sorted */
	size_t count;
};

/* Alerts of the organizations that both runs have. */
static struct list list_of(struct comparing *c, const struct results *run)
{
	struct list list = {mem_alloc((run->alert_count + 1) * sizeof *list.items), 0};
	const struct organization *organization = NULL;
	size_t pair = pairs_organization(c, NULL);
	for (size_t i = 0; i < run->alert_count; i++) {
		const struct alert *alert = &run->alerts[i];
		if (alert->organization != organization) {
			organization = alert->organization;
			pair = pairs_organization(c, organization);
		}
		if (pair == SIZE_MAX)
			continue;
		list.items[list.count++] = (struct keyed){pair, (size_t)(pairs_detection(c, run, alert->detection) - c->detections),
			alert->dataset->name, fingerprint_below(alert->dataset->folder, alert->file ? alert->file : ""),
			alert->line, i, alert};
	}
	if (list.count)
		qsort(list.items, list.count, sizeof *list.items, by_place);
	return list;
}

/* Groups: union and find over the groups of both runs. */

struct unit {
	size_t parent;
	bool before, after, counts; /* of the root: which runs have a group in it; is it of the headline, and no attack? */
};

struct units {
	struct unit *items;
	size_t count, most_before; /* a group of the newer run stands most_before behind its number */
};

static size_t root_of(struct units *units, size_t at)
{
	while (units->items[at].parent != at)
		at = units->items[at].parent = units->items[units->items[at].parent].parent;
	return at;
}

static void join(struct units *units, size_t a, size_t b)
{
	size_t one = root_of(units, a), other = root_of(units, b);
	struct unit *to = &units->items[one], *from = &units->items[other];
	if (one == other)
		return;
	from->parent = one;
	to->before = to->before || from->before;
	to->after = to->after || from->after;
	to->counts = to->counts || from->counts;
}

static bool counts(const struct results *run, const struct alert *alert)
{
	bool held_out = alert->dataset->use == USE_HOLD_OUT;
	return alert->label != LABEL_MALICIOUS && (run->headline == PART_ALL || held_out == (run->headline == PART_HOLD_OUT));
}

static void note(struct comparing *c, struct units *units, const struct keyed *keyed, bool after)
{
	if (!keyed->alert->group)
		return;
	struct unit *unit = &units->items[root_of(units, keyed->alert->group + (after ? units->most_before : 0))];
	unit->before = unit->before || !after;
	unit->after = unit->after || after;
	unit->counts = unit->counts || counts(after ? c->after : c->before, keyed->alert);
}

static uint64_t most_group(const struct keyed *items, size_t count)
{
	uint64_t most = 0;
	for (size_t i = 0; i < count; i++)
		most = items[i].alert->group > most ? items[i].alert->group : most;
	return most;
}

/* The alerts of one organization and detection. */

struct stretch {
	const struct keyed *before, *after;
	size_t before_count, after_count;
};

static void add_change(struct comparing *c, const struct keyed *keyed, bool gained, const char *cause)
{
	struct comparison *out = c->out;
	out->alerts = arena_grow(c->arena, out->alerts, out->alert_count, sizeof *out->alerts);
	out->alerts[out->alert_count++] = (struct alert_change){gained, keyed->alert, cause};
}

/* `causes`: of a loss, of a gain. */
static void compare_alerts(struct comparing *c, const struct stretch *s, struct units *units, const char *const causes[2])
{
	size_t i = 0, k = 0;
	while (i < s->before_count || k < s->after_count) {
		int order = i == s->before_count ? 1 : k == s->after_count ? -1 : by_key(&s->before[i], &s->after[k]);
		if (!order && s->before[i].alert->group && s->after[k].alert->group)
			join(units, s->before[i].alert->group, s->after[k].alert->group + units->most_before);
		if (order < 0)
			add_change(c, &s->before[i], false, causes[0]);
		if (order > 0)
			add_change(c, &s->after[k], true, causes[1]);
		if (order <= 0)
			note(c, units, &s->before[i++], false);
		if (order >= 0)
			note(c, units, &s->after[k++], true);
	}
}

static void count_groups(struct units *units, struct paired *groups)
{
	for (size_t i = 0; i < units->count; i++) {
		const struct unit *unit = &units->items[i];
		if (unit->parent != i || !unit->counts)
			continue;
		groups->both += unit->before && unit->after;
		groups->first += unit->before && !unit->after;
		groups->second += unit->after && !unit->before;
	}
}

static void compare_stretch(struct comparing *c, const struct stretch *s, struct paired *groups)
{
	const struct keyed *any = s->before_count ? s->before : s->after;
	const struct organization_pair *organization = &c->organizations[any->organization];
	const struct detection_pair *detection = &c->detections[any->detection];
	const char *const causes[2] = {changes_cause(c, organization, detection, false),
		changes_cause(c, organization, detection, true)};
	struct units units = {.most_before = most_group(s->before, s->before_count) + 1};
	units.count = units.most_before + most_group(s->after, s->after_count) + 1;
	units.items = mem_alloc(units.count * sizeof *units.items);
	for (size_t i = 0; i < units.count; i++)
		units.items[i] = (struct unit){.parent = i};
	compare_alerts(c, s, &units, causes);
	count_groups(&units, &groups[any->organization * c->detection_count + any->detection]);
	free(units.items);
	arena_reset(&c->scratch);
}

/* Items from `at` on that belong to this organization and detection. */
static size_t stretch_of(const struct list *list, size_t at, const struct keyed *of)
{
	size_t end = at;
	while (end < list->count && list->items[end].organization == of->organization && list->items[end].detection == of->detection)
		end++;
	return end - at;
}

static const struct keyed *earlier(const struct list *before, size_t i, const struct list *after, size_t k)
{
	if (i == before->count)
		return &after->items[k];
	if (k == after->count)
		return &before->items[i];
	const struct keyed *a = &before->items[i], *b = &after->items[k];
	bool first = a->organization != b->organization ? a->organization < b->organization : a->detection <= b->detection;
	return first ? a : b;
}

void events_find(struct comparing *c, struct paired *groups)
{
	struct list before = list_of(c, c->before), after = list_of(c, c->after);
	size_t i = 0, k = 0;
	while (i < before.count || k < after.count) {
		const struct keyed *next = earlier(&before, i, &after, k);
		struct stretch s = {before.items + i, after.items + k, stretch_of(&before, i, next), stretch_of(&after, k, next)};
		compare_stretch(c, &s, groups);
		i += s.before_count;
		k += s.after_count;
	}
	free(before.items);
	free(after.items);
}
