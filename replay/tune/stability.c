/* stability: does what was mined from one half remove the other half, too? (see stability.h) */
#include "replay/tune/stability.h"

#include "catalog/text_map.h"
#include "replay/tune/excepting.h"
#include "replay/tune/mine.h"

#include <stdlib.h>

#define HOUR (INT64_C(3600) * 1000000000)

enum unit_kind { UNIT_EPISODE, UNIT_DAY, UNIT_HOUR, UNIT_KINDS };
static const char *const unit_names[][2] = {
	[UNIT_EPISODE] = {"episode", "episodes"},
	[UNIT_DAY] = {"day", "days"},
	[UNIT_HOUR] = {"hour", "hours"},
};

/* The smallest part of the observations that goes into one half as a whole. */
struct atom {
	const struct dataset *dataset;
	const struct episode *episode; /* NULL: outside */
	int64_t hour;                  /* since 1970; INT64_MIN: not known */
	bool *of;                      /* [proposals]: it holds false positives of these */
	size_t units[UNIT_KINDS];      /* counted from 1 */
};

struct units {
	struct text_map map;           /* by name */
	size_t count;
};

struct halves {
	struct arena arena;
	struct proposals *proposals;
	const struct catalog *catalog;
	struct text_map map;           /* atoms by name */
	struct atom *atoms;
	size_t atom_count;
	struct units units[UNIT_KINDS];
	enum unit_kind kind;
	signed char *half;             /* [units of the kind + 1]: 0, 1; -1: not said */
	bool *judged;                  /* [proposals] */
	int wanted;                    /* the half that is mined from */
	struct mined *mined[2];        /* from each half */
	struct evaluator *evaluator;
};

struct halves *stability_new(struct proposals *proposals, const struct catalog *catalog)
{
	struct halves *h = mem_alloc(sizeof *h);
	*h = (struct halves){.proposals = proposals, .catalog = catalog};
	h->map.arena = &h->arena;
	for (size_t i = 0; i < UNIT_KINDS; i++)
		h->units[i].map.arena = &h->arena;
	h->judged = arena_array(&h->arena, proposals->count + 1, sizeof *h->judged);
	return h;
}

void stability_free(struct halves *h)
{
	if (!h)
		return;
	mined_free(h->mined[0]);
	mined_free(h->mined[1]);
	evaluator_free(h->evaluator);
	arena_free(&h->arena);
	free(h);
}

/* --- where false positives are ---------------------------------------------------------------- */

static int64_t hour_of(const struct event *event)
{
	return event->time == INT64_MIN ? INT64_MIN : event->time / HOUR - (event->time % HOUR < 0);
}

/* A name for each: addresses tell datasets and episodes apart, and order nothing. */
static struct text name_of(struct arena *arena, const struct dataset *dataset, const struct episode *episode, int64_t hour)
{
	return text_of(arena_printf(arena, "%p %p %lld", (const void *)dataset, (const void *)episode, (long long)hour));
}

static void number_units(struct halves *h, struct atom *atom)
{
	int64_t day = atom->hour / 24 - (atom->hour % 24 < 0);
	bool timed = atom->hour != INT64_MIN;
	const struct text names[] = {
		[UNIT_EPISODE] = name_of(&h->arena, atom->dataset, atom->episode, 0),
		[UNIT_DAY] = timed ? name_of(&h->arena, NULL, NULL, day) : name_of(&h->arena, atom->dataset, atom->episode, 0),
		[UNIT_HOUR] = timed ? name_of(&h->arena, NULL, NULL, atom->hour) : name_of(&h->arena, atom->dataset, atom->episode, 0),
	};
	for (size_t kind = 0; kind < UNIT_KINDS; kind++) {
		size_t *number = text_map_at(&h->units[kind].map, names[kind]);
		if (*number == 0)
			*number = ++h->units[kind].count;
		atom->units[kind] = *number;
	}
}

/* NULL: no proposal has a false positive there. */
static struct atom *find_atom(struct halves *h, const struct observed_match *match)
{
	struct arena room = {0};
	size_t number = text_map_get(&h->map, name_of(&room, match->at.dataset, match->at.episode, hour_of(match->at.event)));
	arena_free(&room);
	return number ? &h->atoms[number - 1] : NULL;
}

static struct atom *atom_of(struct halves *h, const struct observed_match *match)
{
	struct atom *known = find_atom(h, match);
	if (known)
		return known;
	h->atoms = arena_grow(&h->arena, h->atoms, h->atom_count, sizeof *h->atoms);
	struct atom *atom = &h->atoms[h->atom_count++];
	*atom = (struct atom){.dataset = match->at.dataset, .episode = match->at.episode, .hour = hour_of(match->at.event)};
	atom->of = arena_array(&h->arena, h->proposals->count + 1, sizeof *atom->of);
	*text_map_at(&h->map, name_of(&h->arena, atom->dataset, atom->episode, atom->hour)) = h->atom_count;
	number_units(h, atom);
	return atom;
}

static bool is_false(const struct observed_match *match)
{
	return match->alerts && match->at.own && match->outcome == OUTCOME_FP;
}

void stability_see(struct halves *h, const struct observed_match *match, const bool *holds)
{
	struct atom *atom = NULL;
	if (!is_false(match))
		return;
	for (size_t i = 0; i < h->proposals->count; i++) {
		if (!holds[i])
			continue;
		atom = atom ? atom : atom_of(h, match);
		atom->of[i] = true;
	}
}

/* --- halves ----------------------------------------------------------------------------------- */

/* How many units of the kind a proposal's false positives fall into, in each half where that is said. */
static size_t count_units(struct halves *h, size_t proposal, enum unit_kind kind, size_t in_half[2])
{
	struct arena room = {0};
	bool *seen = arena_array(&room, h->units[kind].count + 1, sizeof *seen);
	size_t count = 0;
	for (size_t i = 0; i < h->atom_count; i++) {
		size_t unit = h->atoms[i].units[kind];
		if (!h->atoms[i].of[proposal] || seen[unit])
			continue;
		seen[unit] = true;
		count++;
		if (in_half && h->half[unit] >= 0)
			in_half[h->half[unit]]++;
	}
	arena_free(&room);
	return count;
}

/* The coarsest kind of which most proposals have enough. */
static void choose_kind(struct halves *h)
{
	size_t best = 0;
	h->kind = UNIT_HOUR;
	for (size_t kind = UNIT_KINDS; kind-- > 0;) {
		size_t enough = 0;
		for (size_t i = 0; i < h->proposals->count; i++)
			enough += count_units(h, i, (enum unit_kind)kind, NULL) >= UNITS_NEEDED;
		if (enough >= best && enough > 0) {
			best = enough;
			h->kind = (enum unit_kind)kind;
		}
	}
}

/* A proposal's units in turn, what removes most first. */
static void part(struct halves *h)
{
	h->half = arena_array(&h->arena, h->units[h->kind].count + 1, sizeof *h->half);
	for (size_t i = 0; i <= h->units[h->kind].count; i++)
		h->half[i] = -1;
	for (size_t i = 0; i < h->proposals->count; i++) {
		size_t in_half[2] = {0, 0};
		count_units(h, i, h->kind, in_half);
		for (size_t k = 0; k < h->atom_count; k++) {
			signed char *half = &h->half[h->atoms[k].units[h->kind]];
			if (!h->atoms[k].of[i] || *half >= 0)
				continue;
			*half = in_half[0] > in_half[1];
			in_half[(int)*half]++;
		}
	}
}

/* --- mining from one half, looking at the other ----------------------------------------------- */

static int half_of(struct halves *h, const struct observed_match *match)
{
	const struct atom *atom = find_atom(h, match);
	return atom && h->half[atom->units[h->kind]] > 0;
}

static bool takes(void *context, const struct observed_match *match)
{
	struct halves *h = context;
	return half_of(h, match) == h->wanted;
}

static bool speaks_of(const struct mined_item *item, uint32_t detection)
{
	for (size_t i = 0; i < item->detection_count; i++)
		if (item->detections[i] == detection)
			return true;
	return false;
}

static bool removes(struct halves *h, const struct mined *mined, const struct event *event, const struct match *match)
{
	for (size_t i = 0; i < mined->count; i++)
		if (speaks_of(&mined->items[i], match->detection) &&
			excepting_holds(h->evaluator, mined->items[i].node, event->facets, match))
			return true;
	return false;
}

static bool covers(const struct halves *h, const struct proposal *proposal, uint32_t detection)
{
	for (size_t i = 0; i < proposal->detection_count; i++)
		if (proposal->detections[i] == h->catalog->detections[detection])
			return true;
	return false;
}

static void see_other_half(void *context, const struct observed_match *match)
{
	struct halves *h = context;
	const struct event *event = NULL;
	if (!is_false(match))
		return;
	int half = half_of(h, match);
	for (size_t i = 0; i < h->proposals->count; i++) {
		struct proposal *proposal = &h->proposals->items[i];
		if (!h->judged[i] || !covers(h, proposal, match->match->detection))
			continue;
		event = event ? event : event_complete(match->at.event);
		if (!excepting_holds(h->evaluator, proposal->node, event->facets, match->match))
			continue;
		proposal->held_out_all++;
		proposal->held_out_removed += removes(h, h->mined[1 - half], event, match->match);
	}
}

static int mine_and_look(struct halves *h, const struct tune_options *options, struct diagnostics *d)
{
	struct fold fold = {takes, h};
	struct observer observer = {NULL, see_other_half, h};
	struct replay_options how = *options->replay;
	struct results *results = NULL;
	struct tune_options all = *options;
	all.budget = 0; /* what is rare in a half is mined, too */
	for (h->wanted = 0; h->wanted < 2; h->wanted++) {
		h->mined[h->wanted] = tune_mine(&all, &fold, d);
		if (!h->mined[h->wanted])
			return -1;
	}
	h->evaluator = evaluator_new();
	how.observer = &observer;
	how.store = NULL;
	int failed = replay_run(&how, &results, d);
	results_free(results);
	return failed ? -1 : 0;
}

/* --- verdicts --------------------------------------------------------------------------------- */

static const char *unit_name(const struct halves *h, size_t count)
{
	return unit_names[h->kind][count != 1];
}

static void judge_halves(struct halves *h, struct proposal *proposal)
{
	unsigned long long removed = proposal->held_out_removed, all = proposal->held_out_all;
	bool stable = all > 0 && (double)removed >= STABLE_SHARE * (double)all;
	proposal->stability = stable ? STABLE : UNSTABLE;
	proposal->stability_note = arena_printf(&h->proposals->arena,
		"its false alerts fall into %zu %s; mined from half of them, the other half's are removed: %llu of %llu",
		proposal->stability_units, unit_name(h, proposal->stability_units), removed, all);
}

static void say_too_few(struct halves *h, struct proposal *proposal)
{
	proposal->stability = STABILITY_UNKNOWN;
	proposal->held_out_removed = proposal->held_out_all = 0;
	proposal->stability_note = arena_printf(&h->proposals->arena,
		"its false alerts fall into %zu %s; %d are needed to mine from half of them and look at the other",
		proposal->stability_units, unit_name(h, proposal->stability_units), UNITS_NEEDED);
}

/* By datasets that were kept apart for that. */
static void judge_held_out(struct halves *h, struct proposal *proposal)
{
	unsigned long long removed = proposal->held_out_removed, all = proposal->held_out_all;
	struct arena *arena = &h->proposals->arena;
	if (all == 0) {
		proposal->stability = STABILITY_UNKNOWN;
		proposal->stability_note = "no dataset of use hold-out has false alerts of these detections";
	} else {
		proposal->stability = removed > 0 ? STABLE : UNSTABLE;
		proposal->stability_note = arena_printf(arena,
			"mined from datasets of use develop; of the hold-out's false alerts of these detections it removes %llu of %llu",
			removed, all);
	}
}

static bool develops(const struct tune_options *options)
{
	for (size_t i = 0; i < options->replay->dataset_count; i++)
		if (options->replay->datasets[i]->use == USE_DEVELOP)
			return true;
	return false;
}

int stability_judge(struct halves *h, const struct tune_options *options, struct diagnostics *d)
{
	struct proposals *proposals = h->proposals;
	bool held_out = proposals->hold_out && develops(options);
	size_t judged = 0;
	choose_kind(h);
	part(h);
	for (size_t i = 0; i < proposals->count; i++) {
		size_t in_half[2] = {0, 0};
		proposals->items[i].stability_units = count_units(h, i, h->kind, in_half);
		h->judged[i] = !held_out && proposals->items[i].stability_units >= UNITS_NEEDED && in_half[0] > 0 && in_half[1] > 0;
		judged += h->judged[i];
		if (h->judged[i])
			proposals->items[i].held_out_removed = proposals->items[i].held_out_all = 0;
	}
	if (judged > 0 && mine_and_look(h, options, d))
		return -1;
	for (size_t i = 0; i < proposals->count; i++) {
		if (held_out)
			judge_held_out(h, &proposals->items[i]);
		else if (h->judged[i])
			judge_halves(h, &proposals->items[i]);
		else
			say_too_few(h, &proposals->items[i]);
	}
	return 0;
}
