/* choose: see choose.h. */
#include "replay/tune/choose.h"
#include "replay/tune/ways.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAMPLES_MOST = 400, SPLITS = 8, PARTS_MOST = 6, PART_LEAST = 3, WAYS_MOST = 4 };
#define PART_GAIN 0.5
#define NEARNESS 0.2
#define EVERYWHERE 0.97
#define AIM_SHARE 0.95
#define LEAST_GAIN 0.005

struct candidates {
	const struct choosing *how;
	struct arena *arena;
	struct candidate **items;
	size_t count;
};

/* --- what must stay visible --- */

static bool is_shielded(const struct sighting *sighting)
{
	switch (sighting->outcome) {
	case OUTCOME_TP:
	case OUTCOME_UNATTRIBUTED:
	case OUTCOME_BTP:
		return true;
	default:
		return false;
	}
}

static bool speaks_of(const struct candidate *candidate, uint32_t detection)
{
	for (size_t i = 0; i < candidate->detection_count; i++)
		if (candidate->detections[i] == detection)
			return true;
	return false;
}

static bool hides(const struct candidates *c, const struct node *node, uint32_t detection)
{
	const struct observations *o = c->how->observations;
	for (size_t i = 0; i < o->sighting_count; i++) {
		const struct sighting *sighting = &o->sightings[i];
		if (sighting->detection != detection || !is_shielded(sighting))
			continue;
		for (size_t k = 0; k < sighting->sample_count; k++)
			if (describer_holds(c->how->describer, node, &sighting->samples[k]))
				return true;
	}
	return false;
}

static bool hides_any(const struct candidates *c, const struct candidate *candidate)
{
	for (size_t i = 0; i < candidate->detection_count; i++)
		if (hides(c, candidate->node, candidate->detections[i]))
			return true;
	return false;
}

/* --- from a cause to a condition --- */

static size_t gather_samples(struct arena *arena, const struct cause *cause, struct weighed_sample **list)
{
	size_t all = 0, count = 0;
	for (size_t i = 0; i < cause->count; i++)
		all += cause->sightings[i]->sample_count;
	size_t each = all > SAMPLES_MOST ? SAMPLES_MOST / cause->count + 1 : SIGHTING_SAMPLES;
	*list = arena_array(arena, all + 1, sizeof **list);
	for (size_t i = 0; i < cause->count; i++) {
		const struct sighting *sighting = cause->sightings[i];
		size_t taken = sighting->sample_count < each ? sighting->sample_count : each;
		for (size_t k = 0; k < taken; k++)
			(*list)[count++] = (struct weighed_sample){&sighting->samples[k], sighting->samples[k].count};
	}
	return count;
}

static void set_detections(struct arena *arena, const struct cause *cause, struct candidate *candidate)
{
	for (size_t i = 0; i < cause->count; i++) {
		if (speaks_of(candidate, cause->sightings[i]->detection))
			continue;
		candidate->detections = arena_grow(arena, candidate->detections, candidate->detection_count, sizeof(uint32_t));
		candidate->detections[candidate->detection_count++] = cause->sightings[i]->detection;
	}
}

static double worth(const struct candidates *c, const struct clause *clause)
{
	const struct aspect *aspect = &c->how->observations->aspects.items[clause->field];
	return aspect->weight * (0.25 + clause->narrow) * (1 - 0.5 * clause->rate);
}

static bool is_implied(const struct candidates *c, const struct candidate *candidate, const struct clause *clause)
{
	for (size_t i = 0; i < candidate->clause_count; i++)
		if (aspects_covers(&c->how->observations->aspects, candidate->clauses[i]->field, clause->field))
			return true;
	return false;
}

static bool has_clause(const struct candidate *candidate, const struct clause *clause)
{
	for (size_t i = 0; i < candidate->clause_count; i++)
		if (candidate->clauses[i] == clause)
			return true;
	return false;
}

/* Does it narrow anything? */
static bool tells(const struct candidates *c, const struct clause *clause)
{
	const struct aspect *aspect = &c->how->observations->aspects.items[clause->field];
	return !clause->required && aspect->use == ASPECT_USED && (clause->rate < EVERYWHERE || aspect->weight >= 0.6);
}

/* What a parent was told to do matters where it does what it is told: a shell or an interpreter. Elsewhere its path says
 * enough, and few targets can say more. */
static bool says_no_more(const struct candidates *c, const struct description *description, const struct clause *clause)
{
	static const char *const told[] = {"sh", "bash", "dash", "ash", "zsh", "ksh", "fish", "python", "perl", "ruby",
		"node", "php", "java",
		"busybox", "env", "sudo", "su", "xargs", "make", "ssh"};
	const struct registry *registry = c->how->observations->aspects.registry;
	if (!text_is(registry->fields[clause->field].name, "process.parent.command_line"))
		return false;
	for (size_t i = 0; i < description->count; i++) {
		const struct clause *other = &description->clauses[i];
		if (!text_is(registry->fields[other->field].name, "process.parent.executable"))
			continue;
		struct text name = path_name(other->text);
		for (size_t k = 0; k < sizeof told / sizeof *told; k++)
			if (text_starts(name, text_of(told[k]), false))
				return false;
		return other->closed;
	}
	return false;
}

static void take_best(const struct candidates *c, const struct description *description,
	struct candidate *candidate, size_t most,
	bool spare)
{
	while (candidate->clause_count < most) {
		const struct clause *best = NULL;
		for (size_t i = 0; i < description->count; i++) {
			const struct clause *clause = &description->clauses[i];
			if (has_clause(candidate, clause) || is_implied(c, candidate, clause) || clause->required)
				continue;
			if (!spare && (!tells(c, clause) || says_no_more(c, description, clause)))
				continue;
			if (best == NULL || worth(c, clause) > worth(c, best))
				best = clause;
		}
		if (best == NULL)
			return;
		candidate->clauses[candidate->clause_count++] = best;
	}
}

static int by_kind(const void *a, const void *b)
{
	const struct clause *left = *(const struct clause *const *)a, *right = *(const struct clause *const *)b;
	return left->kind != right->kind ? (left->kind < right->kind ? -1 : 1) : left->field < right->field ? -1 : 1;
}

static void compose(const struct candidates *c, struct candidate *candidate)
{
	struct buffer text = {0};
	qsort(candidate->clauses, candidate->clause_count, sizeof *candidate->clauses, by_kind);
	candidate->width = 1;
	for (size_t i = 0; i < candidate->clause_count; i++) {
		if (i > 0)
			buffer_string(&text, " and ");
		buffer_text(&text, candidate->clauses[i]->text);
		candidate->width *= candidate->clauses[i]->rate;
	}
	if (candidate->way_count > 0) {
		buffer_string(&text, text.length > 0 ? " and " : "");
		ways_print(candidate->ways, candidate->way_count, &text);
	}
	candidate->condition = text_copy(c->arena, buffer_view(&text));
	struct condition *condition = describer_parse(c->how->describer, candidate->condition);
	candidate->node = condition ? condition->root : NULL;
	const struct clause *only = candidate->clause_count == 1 ? candidate->clauses[0] : NULL;
	candidate->bare = only && (only->kind == ASPECT_PROGRAM || only->kind == ASPECT_WHO);
	buffer_free(&text);
}

/* Clauses implied by later ones (process.name, once process.executable is there) go. */
static void drop_implied(const struct candidates *c, struct candidate *candidate)
{
	size_t kept = 0;
	for (size_t i = 0; i < candidate->clause_count; i++) {
		bool implied = false;
		for (size_t k = 0; k < candidate->clause_count; k++)
			implied = implied || aspects_covers(&c->how->observations->aspects, candidate->clauses[k]->field,
				candidate->clauses[i]->field);
		if (!implied)
			candidate->clauses[kept++] = candidate->clauses[i];
	}
	candidate->clause_count = kept;
}

/* false: no condition tells this cause from what must stay visible. */
static bool make_candidate(const struct candidates *c, const struct cause *cause, struct candidate *candidate)
{
	struct weighed_sample *samples;
	struct description *description = arena_alloc(c->arena, sizeof *description);
	*candidate = (struct candidate){.cause = *cause};
	set_detections(c->arena, cause, candidate);
	size_t count = gather_samples(c->arena, cause, &samples);
	describe(c->how->describer, samples, count, candidate->detections, candidate->detection_count, description);
	candidate->clauses = arena_array(c->arena, description->count + 1, sizeof *candidate->clauses);
	take_best(c, description, candidate, CLAUSES_MOST, false);
	drop_implied(c, candidate);
	if (candidate->clause_count == 0)
		take_best(c, description, candidate, 1, true);
	if (candidate->clause_count == 0)
		return false;
	compose(c, candidate);
	while (candidate->node && hides_any(c, candidate)) {
		size_t before = candidate->clause_count;
		take_best(c, description, candidate, before + 1, true);
		if (candidate->clause_count == before)
			return false;
		compose(c, candidate);
	}
	return candidate->node != NULL;
}

/* --- coverage --- */

static double share_of(const struct candidates *c, const struct candidate *candidate, const struct sighting *sighting)
{
	uint64_t all = 0, held = 0;
	for (size_t i = 0; i < sighting->sample_count; i++) {
		all += sighting->samples[i].count;
		if (describer_holds(c->how->describer, candidate->node, &sighting->samples[i]))
			held += sighting->samples[i].count;
	}
	return all ? (double)held / (double)all : 0;
}

/* The same cause may alert elsewhere, too: those detections are named as well where nothing is lost by it. */
static void measure_share(const struct candidates *c, struct candidate *candidate)
{
	const struct observations *o = c->how->observations;
	signed char *safe = arena_array(c->arena, o->catalog->detection_count + 1, 1); /* 1: named or safe, -1: not */
	candidate->share = arena_array(c->arena, o->sighting_count + 1, sizeof *candidate->share);
	for (size_t i = 0; i < candidate->detection_count; i++)
		safe[candidate->detections[i]] = 1;
	for (size_t i = 0; i < o->sighting_count; i++) {
		const struct sighting *sighting = &o->sightings[i];
		uint32_t detection = sighting->detection;
		if (!c->how->taken[i] || safe[detection] < 0)
			continue;
		double share = share_of(c, candidate, sighting);
		if (share > 0 && safe[detection] == 0)
			safe[detection] = hides(c, candidate->node, detection) ? -1 : 1;
		if (share <= 0 || safe[detection] < 0)
			continue;
		candidate->share[i] = share;
		if (speaks_of(candidate, detection))
			continue;
		candidate->detections = arena_grow(c->arena, candidate->detections, candidate->detection_count, sizeof(uint32_t));
		candidate->detections[candidate->detection_count++] = detection;
	}
}

static void add_candidate(struct candidates *c, struct candidate *candidate)
{
	measure_share(c, candidate);
	c->items = arena_grow(c->arena, c->items, c->count, sizeof *c->items);
	c->items[c->count++] = candidate;
}

/* What the clauses pin down, by what their fields say: all of a field that is closed, less of one that is open. */
static double pinned(const struct candidates *c, const struct candidate *candidate)
{
	double sum = 0;
	for (size_t i = 0; i < candidate->clause_count; i++) {
		const struct clause *clause = candidate->clauses[i];
		double weight = c->how->observations->aspects.items[clause->field].weight;
		if (weight >= 1)
			sum += weight * (clause->closed ? 1 : clause->narrow * 0.8);
	}
	return sum;
}

static void split_cause(const struct candidates *c, const struct cause *cause, double distance, struct causes *nearer)
{
	const struct observations *o = c->how->observations;
	bool *taken = arena_array(c->arena, o->sighting_count + 1, sizeof *taken);
	for (size_t i = 0; i < cause->count; i++)
		taken[cause->sightings[i] - o->sightings] = true;
	causes_find(c->arena, o, taken, distance, nearer);
}

/* Two causes that were taken for one: each by itself has a narrower description. What is rare in them does not count. */
static bool is_two(const struct candidates *c, const struct candidate *whole, const struct causes *parts)
{
	double gain = 0;
	uint64_t rare = 0;
	size_t count = 0;
	for (size_t i = 0; i < parts->count; i++) {
		if (parts->items[i].alerts < PART_LEAST)
			rare += parts->items[i].alerts;
		else
			count++;
	}
	if (count < 2 || count > PARTS_MOST || rare * 5 > whole->cause.alerts)
		return false;
	for (size_t i = 0; i < parts->count; i++) {
		struct candidate part;
		if (parts->items[i].alerts < PART_LEAST)
			continue;
		if (!make_candidate(c, &parts->items[i], &part))
			return false;
		gain += (pinned(c, &part) - pinned(c, whole)) * (double)parts->items[i].alerts / (double)whole->cause.alerts;
	}
	return gain >= PART_GAIN * (double)(count - 1);
}

/* A cause that cannot be told from what must stay falls apart, and so does one that is two. */
static void add_cause(struct candidates *c, const struct cause *cause, double distance, unsigned splits)
{
	struct candidate *candidate = arena_alloc(c->arena, sizeof *candidate);
	bool made = make_candidate(c, cause, candidate), two = false;
	struct causes nearer = {0};
	for (unsigned i = splits; i > 0 && cause->count > 1 && !two; i--) {
		distance = i == 1 ? 0 : distance * 0.8;
		split_cause(c, cause, distance, &nearer);
		two = nearer.count > 1 && (!made || is_two(c, candidate, &nearer));
	}
	if (made && !two)
		add_candidate(c, candidate);
	for (size_t i = 0; two && i < nearer.count; i++)
		add_cause(c, &nearer.items[i], distance, splits - 1);
}

/* --- choice --- */

struct covering {
	const struct candidates *c;
	const struct observations *o;
	double *left;       /* [sighting_count]: share of its alerts that nothing removes yet */
	double *alerts, *alerts_left; /* [detection_count] */
	double *units, *units_left;   /* [detection_count]: hours and episodes with alerts, as a measure of groups */
};

static double units_of(const struct sighting *sighting)
{
	double units = 0;
	for (size_t i = 0; i < sighting->unit_count; i++)
		units += sighting->units[i].count < 12 ? (double)sighting->units[i].count : 12; /* five minutes, an hour's twelfth */
	return units;
}

static bool is_done(const struct covering *v, uint32_t detection)
{
	const struct aim *aim = &v->c->how->aims[detection];
	double groups = (double)v->c->how->groups[detection];
	double left = v->units[detection] > 0 ? groups * v->units_left[detection] / v->units[detection] : 0;
	return left <= aim->groups && v->alerts_left[detection] <= (1 - AIM_SHARE) * v->alerts[detection];
}

/* What it would remove beyond what is removed: as shares of each detection's alerts and groups. */
static double gain_of(const struct covering *v, const struct candidate *candidate)
{
	double gain = 0;
	for (size_t i = 0; i < v->o->sighting_count; i++) {
		const struct sighting *sighting = &v->o->sightings[i];
		uint32_t detection = sighting->detection;
		double removed = candidate->share[i] < v->left[i] ? candidate->share[i] : v->left[i];
		if (removed <= 0 || is_done(v, detection))
			continue;
		gain += removed * ((double)sighting->count / v->alerts[detection] + units_of(sighting) / v->units[detection]) / 2;
	}
	return gain;
}

static void cover(struct covering *v, const struct candidate *candidate)
{
	for (size_t i = 0; i < v->o->sighting_count; i++) {
		const struct sighting *sighting = &v->o->sightings[i];
		double removed = candidate->share[i] < v->left[i] ? candidate->share[i] : v->left[i];
		if (removed <= 0)
			continue;
		v->left[i] -= removed;
		v->alerts_left[sighting->detection] -= removed * (double)sighting->count;
		v->units_left[sighting->detection] -= removed * units_of(sighting);
	}
}

static void begin_covering(struct covering *v, const struct candidates *c)
{
	const struct observations *o = c->how->observations;
	size_t detections = o->catalog->detection_count + 1;
	*v = (struct covering){.c = c, .o = o};
	v->left = arena_array(c->arena, o->sighting_count + 1, sizeof *v->left);
	v->alerts = arena_array(c->arena, detections, sizeof *v->alerts);
	v->alerts_left = arena_array(c->arena, detections, sizeof *v->alerts_left);
	v->units = arena_array(c->arena, detections, sizeof *v->units);
	v->units_left = arena_array(c->arena, detections, sizeof *v->units_left);
	for (size_t i = 0; i < o->sighting_count; i++) {
		if (!c->how->taken[i])
			continue;
		v->left[i] = 1;
		v->alerts[o->sightings[i].detection] += (double)o->sightings[i].count;
		v->units[o->sightings[i].detection] += units_of(&o->sightings[i]);
	}
	memcpy(v->alerts_left, v->alerts, detections * sizeof *v->alerts);
	memcpy(v->units_left, v->units, detections * sizeof *v->units);
}

/* Detections of which it removes nothing are not named. */
static void trim_detections(const struct covering *v, struct candidate *candidate)
{
	size_t kept = 0;
	for (size_t i = 0; i < candidate->detection_count; i++) {
		bool any = false;
		for (size_t k = 0; k < v->o->sighting_count && !any; k++)
			any = candidate->share[k] > 0 && v->o->sightings[k].detection == candidate->detections[i];
		if (any)
			candidate->detections[kept++] = candidate->detections[i];
	}
	candidate->detection_count = kept;
}

/* --- one actor, several ways --- */

static bool shares_clause(const struct candidate *candidate, const struct clause *clause)
{
	for (size_t i = 0; i < candidate->clause_count; i++)
		if (text_equal(candidate->clauses[i]->text, clause->text))
			return true;
	return false;
}

static struct text behind_name(const struct candidates *c, const struct clause *clause)
{
	size_t length = c->how->observations->aspects.registry->fields[clause->field].name.length;
	return text_slice(clause->text, length < clause->text.length ? length : clause->text.length, clause->text.length);
}

/* Is the parent that one asks for the other's program: does a job's child alert, too? */
static bool is_child(const struct candidates *c, const struct candidate *child, const struct candidate *parent)
{
	const struct registry *registry = c->how->observations->aspects.registry;
	for (size_t i = 0; i < child->clause_count; i++) {
		if (!text_is(registry->fields[child->clauses[i]->field].name, "process.parent.executable"))
			continue;
		for (size_t k = 0; k < parent->clause_count; k++)
			if (text_is(registry->fields[parent->clauses[k]->field].name, "process.executable") &&
				text_equal(behind_name(c, child->clauses[i]), behind_name(c, parent->clauses[k])))
				return true;
	}
	return false;
}

/* The same program, or one started by the other, and the same parent or user. */
static bool same_actor(const struct candidates *c, const struct candidate *a, const struct candidate *b)
{
	bool program = is_child(c, a, b) || is_child(c, b, a), beside = false;
	size_t shared = 0;
	for (size_t i = 0; i < a->clause_count; i++) {
		const struct clause *clause = a->clauses[i];
		if (!shares_clause(b, clause))
			continue;
		shared++;
		program = program || clause->kind == ASPECT_PROGRAM;
		beside = beside || clause->kind == ASPECT_PARENT || clause->kind == ASPECT_WHO;
	}
	return program && beside && shared < b->clause_count && shared < a->clause_count;
}

static const struct candidate *branch(const struct candidate *candidate, size_t index)
{
	return candidate->branch_count > 0 ? candidate->branches[index] : candidate;
}

static bool speak_alike(const struct candidate *a, const struct candidate *b)
{
	for (size_t i = 0; i < b->detection_count; i++)
		if (!speaks_of(a, b->detections[i]))
			return false;
	return a->detection_count == b->detection_count;
}

/* The one clause that `a` asks and `b` does not; NULL: there are several, or none. */
static const struct clause *only_own(const struct candidate *a, const struct candidate *b)
{
	const struct clause *own = NULL;
	for (size_t i = 0; i < a->clause_count; i++) {
		if (shares_clause(b, a->clauses[i]))
			continue;
		if (own)
			return NULL;
		own = a->clauses[i];
	}
	return own;
}

/* Do both say the same of the same detections, save what one field holds? As each by itself, so far as they were joined. */
static bool same_but_value(const struct candidate *a, const struct candidate *b)
{
	if (!speak_alike(a, b))
		return false;
	for (size_t i = 0; i == 0 || i < a->branch_count; i++)
		for (size_t k = 0; k == 0 || k < b->branch_count; k++) {
			const struct clause *left = only_own(branch(a, i), branch(b, k)), *right = only_own(branch(b, k), branch(a, i));
			if (!left || !right || left->field != right->field)
				return false;
		}
	return true;
}

/* Any way of one, and any of the other; and all have something in common. They speak of different detections. */
static bool are_joinable(const struct candidates *c, const struct candidate *a, const struct candidate *b)
{
	bool actor = false, shared = false;
	for (size_t i = 0; i < b->detection_count; i++)
		if (speaks_of(a, b->detections[i]))
			return false;
	for (size_t i = 0; i < a->clause_count; i++)
		shared = shared || shares_clause(b, a->clauses[i]);
	for (size_t i = 0; shared && (i == 0 || i < a->branch_count); i++)
		for (size_t k = 0; k == 0 || k < b->branch_count; k++)
			actor = actor || same_actor(c, branch(a, i), branch(b, k));
	return actor;
}

static void add_branches(const struct candidates *c, struct candidate *to, const struct candidate *from)
{
	for (size_t i = 0; i == 0 || i < from->branch_count; i++) {
		to->branches = arena_grow(c->arena, to->branches, to->branch_count, sizeof(const struct candidate *));
		to->branches[to->branch_count++] = branch(from, i);
	}
}

/* What the candidate asks beside the clauses that `with` has, too; its ways, if it has some. */
static void add_ways(const struct candidates *c, const struct candidate *from, const struct candidate *with, struct candidate *to)
{
	struct buffer rest = {0};
	for (size_t i = 0; i < from->clause_count; i++) {
		if (shares_clause(with, from->clauses[i]))
			continue;
		buffer_string(&rest, rest.length > 0 ? " and " : "");
		buffer_text(&rest, from->clauses[i]->text);
	}
	for (size_t i = 0; i < from->way_count || (i == 0 && from->way_count == 0); i++) {
		struct text way = from->way_count > 0 ? from->ways[i] : TEXT("");
		const char *joint = rest.length > 0 && way.length > 0 ? " and " : "";
		to->ways = arena_grow(c->arena, to->ways, to->way_count, sizeof *to->ways);
		to->ways[to->way_count++] =
			text_of(arena_printf(c->arena, "%.*s%s%.*s", TEXT_ARGS(buffer_view(&rest)), joint, TEXT_ARGS(way)));
	}
	buffer_free(&rest);
}

static void add_detections(const struct candidates *c, struct candidate *to, const struct candidate *from)
{
	for (size_t i = 0; i < from->detection_count; i++) {
		if (speaks_of(to, from->detections[i]))
			continue;
		to->detections = arena_grow(c->arena, to->detections, to->detection_count, sizeof(uint32_t));
		to->detections[to->detection_count++] = from->detections[i];
	}
}

static struct candidate *joined(const struct candidates *c, const struct candidate *a, const struct candidate *b)
{
	struct candidate *both = arena_alloc(c->arena, sizeof *both);
	*both = (struct candidate){.cause = a->cause, .share = a->share};
	both->clauses = arena_array(c->arena, a->clause_count + 1, sizeof *both->clauses);
	for (size_t i = 0; i < a->clause_count; i++)
		if (shares_clause(b, a->clauses[i]))
			both->clauses[both->clause_count++] = a->clauses[i];
	add_ways(c, a, b, both);
	add_ways(c, b, a, both);
	add_detections(c, both, a);
	add_detections(c, both, b);
	add_branches(c, both, a);
	add_branches(c, both, b);
	compose(c, both);
	both->width = a->width + b->width;
	both->bare = false;
	both->cause.alerts = a->cause.alerts + b->cause.alerts;
	return both;
}

/* One exception for each actor, and for each act with a few objects: nothing more is hidden by it, and whoever reads it sees
 * one cause. */
static void join_alike(const struct candidates *c, struct choice *choice)
{
	for (size_t i = 0; i < choice->count; i++)
		for (size_t k = i + 1; k < choice->count; k++) {
			const struct candidate *a = choice->items[i], *b = choice->items[k];
			if (a->way_count + b->way_count >= WAYS_MOST ||
				!(are_joinable(c, a, b) || same_but_value(a, b)))
				continue;
			struct candidate *both = joined(c, a, b);
			if (both->node == NULL || hides_any(c, both))
				continue;
			choice->items[i] = both;
			memmove(&choice->items[k], &choice->items[k + 1], (choice->count - k - 1) * sizeof *choice->items);
			choice->count--;
			k = i;
		}
}

static bool better(double gain, const struct candidate *a, double best_gain, const struct candidate *b)
{
	if (b == NULL || gain > best_gain * 1.001)
		return true;
	return gain > best_gain * 0.999 && a->width < b->width;
}

void choose(const struct choosing *choosing, struct choice *choice)
{
	struct candidates c = {.how = choosing, .arena = describer_arena(choosing->describer)};
	struct covering v;
	struct causes causes;
	*choice = (struct choice){0};
	causes_find(c.arena, choosing->observations, choosing->taken, NEARNESS, &causes);
	for (size_t i = 0; i < causes.count; i++)
		add_cause(&c, &causes.items[i], NEARNESS, SPLITS);
	begin_covering(&v, &c);
	choice->items = arena_array(c.arena, c.count + 1, sizeof *choice->items);
	choice->left = v.alerts_left;
	while (choosing->most == 0 || choice->count < choosing->most) {
		struct candidate *best = NULL;
		double best_gain = 0;
		for (size_t i = 0; i < c.count; i++) {
			double gain = gain_of(&v, c.items[i]);
			if (gain > LEAST_GAIN && better(gain, c.items[i], best_gain, best)) {
				best = c.items[i];
				best_gain = gain;
			}
		}
		if (best == NULL)
			break;
		cover(&v, best);
		trim_detections(&v, best);
		choice->items[choice->count++] = best;
	}
	join_alike(&c, choice);
}
