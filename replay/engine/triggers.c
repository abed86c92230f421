/* triggers: which trigger set a condition stands under (see triggers.h). */
#include "replay/engine/triggers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A set that does not exist. */
#define NO_SET ((double)INFINITY)
/* A trigger that always holds. */
#define COST_HIT 1000.0
/* Without a sample: one that all conditions of the partition have as a candidate. */
#define COST_POPULAR 100.0
/* What verifying most conditions costs. */
#define COST_USUAL 50.0
/* Without a sample: that a field is there. */
#define COST_THERE 300.0

void choice_begin(struct trigger_choice *choice, const struct trigger_pool *pool, const struct predicates *predicates,
	const unsigned char *known)
{
	*choice = (struct trigger_choice){.pool = pool, .predicates = predicates, .known = known};
	choice->weight = 1;
	choice->costs = mem_alloc((pool->count + 1) * sizeof *choice->costs);
	choice->shares = mem_alloc((pool->count + 1) * sizeof *choice->shares);
	choice->uses = mem_alloc((pool->count + 1) * sizeof *choice->uses);
	choice->noted = mem_alloc((pool->count + 1) * sizeof *choice->noted);
	memset(choice->uses, 0, (pool->count + 1) * sizeof *choice->uses);
	memset(choice->noted, 0, (pool->count + 1) * sizeof *choice->noted);
}

void choice_end(struct trigger_choice *choice)
{
	free(choice->costs);
	free(choice->shares);
	free(choice->uses);
	free(choice->noted);
}

/* ---- costs ---- */

static void count_use(struct trigger_choice *choice, uint32_t trigger)
{
	if (trigger == NO_TRIGGER || choice->noted[trigger] == choice->conditions)
		return;
	choice->noted[trigger] = choice->conditions;
	choice->uses[trigger]++;
}

void choice_count(struct trigger_choice *choice, const struct outline *root)
{
	choice->conditions++;
	for (const struct outline *node = root; node < outline_next(root); node++) {
		if (node->kind != NODE_PREDICATE)
			continue;
		const struct predicate_triggers *of = &choice->pool->of[node->predicate];
		for (size_t i = 0; of->literal_count && i < of->first[of->literal_count]; i++)
			for (size_t k = 0; k < of->sets[i].count; k++)
				count_use(choice, of->sets[i].items[k]);
		count_use(choice, of->exists);
		count_use(choice, of->other);
	}
}

/* By kind and length: what looking for it costs, and how likely a short literal stands anywhere. Against a hit it is little:
 * verifying a list of hundreds of words is dearer than looking for them all. */
static double cost_of_kind(const struct trigger *trigger)
{
	double length = (double)trigger->text.length + 1;
	switch (trigger->kind) {
	case TRIGGER_EXISTS:
		return 5;
	case TRIGGER_EQUAL:
		return 0.05;
	case TRIGGER_STARTS:
	case TRIGGER_ENDS:
		return 0.1 + 4 / (length * length);
	case TRIGGER_CONTAINS:
		return 0.2 + (trigger->text.length < 4 ? 40 : 8) / (length * length);
	case TRIGGER_RANGE:
	case TRIGGER_NETWORK:
		return 1;
	}
	return 0;
}

void choice_set_costs(struct trigger_choice *choice, const struct trigger_sample *sample)
{
	bool sampled = choice->sampled = sample->hits != NULL;
	for (size_t i = 0; i < choice->pool->count; i++) {
		const struct trigger *trigger = &choice->pool->items[i];
		double share = trigger->kind == TRIGGER_EXISTS && !sampled ? COST_THERE : 0;
		if (sampled && i < sample->count)
			share = COST_HIT * sample->hits[i] / (sample->facets ? sample->facets : 1);
		/* A rare word that many rules ask for may yet come: where it did not, this still tells two apart. */
		if (trigger->kind != TRIGGER_EXISTS && choice->conditions > 8)
			share += (sampled ? 0.02 : 1) * COST_POPULAR * (choice->uses[i] - 1) / choice->conditions;
		choice->costs[i] = cost_of_kind(trigger);
		choice->shares[i] = share;
	}
}

/* ---- choosing ---- */

struct cost {
	double holds, near; /* of the cheapest set; NO_SET */
};

static double cost_of_one(const struct trigger_choice *choice, uint32_t trigger)
{
	return trigger == NO_TRIGGER ? NO_SET : choice->costs[trigger] + choice->weight * choice->shares[trigger];
}

static double sum_of(const struct trigger_choice *choice, const struct trigger_set *set)
{
	double sum = 0;
	for (size_t i = 0; i < set->count; i++)
		sum += cost_of_one(choice, set->items[i]);
	return sum;
}

/* The cheapest of a literal's sets. */
static const struct trigger_set *best_set(const struct trigger_choice *choice, const struct predicate_triggers *of,
	size_t literal)
{
	const struct trigger_set *best = &of->sets[of->first[literal]];
	for (size_t i = of->first[literal] + 1; i < of->first[literal + 1]; i++)
		if (sum_of(choice, &of->sets[i]) < sum_of(choice, best))
			best = &of->sets[i];
	return best;
}

/* That a value fits one of the literals. */
static double cost_of_literals(const struct trigger_choice *choice, const struct predicate_triggers *of)
{
	double sum = of->literal_count ? 0 : NO_SET;
	for (size_t i = 0; i < of->literal_count; i++)
		sum += sum_of(choice, best_set(choice, of, i));
	return sum;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

/* That one of its fields is there. */
static double cost_of_presence(const struct trigger_choice *choice, const struct predicate_triggers *of)
{
	return least(cost_of_one(choice, of->exists), cost_of_one(choice, of->other));
}

/* Is the answer the same on all facets that will be asked? The partition saw to it. */
static bool is_known(const struct trigger_choice *choice, uint32_t predicate)
{
	const struct interned *one = &choice->predicates->items[predicate];
	bool other = one->other == FIELD_NONE || one->other == FIELD_CATEGORY || one->other == FIELD_ACTION;
	if (choice->known && choice->known[predicate])
		return true;
	return other && (one->field == FIELD_CATEGORY || one->field == FIELD_ACTION);
}

static struct cost cost_of_predicate(const struct trigger_choice *choice, const struct outline *node, bool negated)
{
	const struct interned *one = &choice->predicates->items[node->predicate];
	const struct predicate_triggers *of = &choice->pool->of[node->predicate];
	struct cost cost = {NO_SET, NO_SET};
	if (is_known(choice, node->predicate)) {
		bool may = !choice->known || (choice->known[node->predicate] == 1) != negated;
		return may ? cost : (struct cost){0, 0};
	}
	if (negated && one->asking == ASK_ABSENT)
		cost.holds = cost.near = cost_of_presence(choice, of);
	if (negated || one->asking == ASK_ABSENT)
		return cost;
	cost.holds = least(cost_of_presence(choice, of), cost_of_literals(choice, of));
	cost.near = one->variable ? cost_of_presence(choice, of) : cost.holds;
	return cost;
}

/* Of a node that is negated where `negated` says so: then `and` is `or`. */
static bool is_conjunction(const struct outline *node, bool negated)
{
	return (node->kind == NODE_AND) != negated;
}

static struct cost cost_of(const struct trigger_choice *choice, const struct outline *node, bool negated)
{
	if (node->kind == NODE_PREDICATE)
		return cost_of_predicate(choice, node, negated);
	if (node->kind == NODE_NOT)
		return cost_of(choice, outline_first(node), !negated);
	if (node->kind == NODE_TRUE || node->kind == NODE_FALSE) {
		bool holds = (node->kind == NODE_TRUE) != negated;
		return holds ? (struct cost){NO_SET, NO_SET} : (struct cost){0, 0};
	}
	bool both = is_conjunction(node, negated);
	struct cost all = both ? (struct cost){NO_SET, NO_SET} : (struct cost){0, 0};
	double second = NO_SET; /* of `holds` */
	for (const struct outline *child = outline_first(node); child < outline_next(node); child = outline_next(child)) {
		struct cost one = cost_of(choice, child, negated);
		second = least(second, one.holds > all.holds ? one.holds : all.holds);
		all.holds = both ? least(all.holds, one.holds) : all.holds + one.holds;
		all.near = both ? least(all.near, one.near) : all.near + one.near;
	}
	if (both)
		all.near = least(all.near, all.holds + second);
	return all;
}

static void add(struct chosen *chosen, uint32_t trigger)
{
	if (chosen->count == chosen->capacity) {
		chosen->capacity = chosen->capacity ? chosen->capacity * 2 : 64;
		chosen->triggers = mem_resize(chosen->triggers, chosen->capacity * sizeof *chosen->triggers);
	}
	chosen->triggers[chosen->count++] = trigger;
}

static void add_exact(struct chosen *chosen, uint32_t predicate)
{
	if (chosen->exact_count == chosen->exact_capacity) {
		chosen->exact_capacity = chosen->exact_capacity ? chosen->exact_capacity * 2 : 16;
		chosen->exact = mem_resize(chosen->exact, chosen->exact_capacity * sizeof *chosen->exact);
	}
	chosen->exact[chosen->exact_count++] = predicate;
}

static void take_predicate(const struct trigger_choice *choice, const struct outline *node, bool negated, enum choice_for purpose,
	struct chosen *chosen)
{
	const struct interned *one = &choice->predicates->items[node->predicate];
	const struct predicate_triggers *of = &choice->pool->of[node->predicate];
	if (is_known(choice, node->predicate))
		return; /* it does not hold: else it would not be taken */
	bool presence = negated || (purpose == CHOICE_NEAR && one->variable)
		|| cost_of_presence(choice, of) < cost_of_literals(choice, of);
	if (presence) {
		add(chosen, cost_of_one(choice, of->exists) <= cost_of_one(choice, of->other) ? of->exists : of->other);
		return;
	}
	for (size_t i = 0; i < of->literal_count; i++) {
		const struct trigger_set *set = best_set(choice, of, i);
		for (size_t k = 0; k < set->count; k++)
			add(chosen, set->items[k]);
	}
	if (of->exact)
		add_exact(chosen, node->predicate);
}

static void take(const struct trigger_choice *choice, const struct outline *node, bool negated,
	enum choice_for purpose, struct chosen *chosen);

/* The cheapest child that holds, but for one. */
static const struct outline *cheapest(const struct trigger_choice *choice, const struct outline *node, bool negated,
	enum choice_for purpose,
	const struct outline *but)
{
	const struct outline *best = NULL;
	double least_cost = NO_SET;
	for (const struct outline *child = outline_first(node); child < outline_next(node); child = outline_next(child)) {
		if (child == but)
			continue;
		struct cost cost = cost_of(choice, child, negated);
		double one = purpose == CHOICE_NEAR ? cost.near : cost.holds;
		if (one < least_cost) {
			least_cost = one;
			best = child;
		}
	}
	return best;
}

static void take_conjunction(const struct trigger_choice *choice, const struct outline *node, bool negated,
	enum choice_for purpose,
	struct chosen *chosen)
{
	const struct outline *one = cheapest(choice, node, negated, purpose, NULL);
	if (purpose == CHOICE_NEAR) {
		const struct outline *first = cheapest(choice, node, negated, CHOICE_HOLDS, NULL);
		const struct outline *second = first ? cheapest(choice, node, negated, CHOICE_HOLDS, first) : NULL;
		double pair = second ? cost_of(choice, first, negated).holds + cost_of(choice, second, negated).holds : NO_SET;
		if (!one || pair < cost_of(choice, one, negated).near) {
			take(choice, first, negated, CHOICE_HOLDS, chosen);
			take(choice, second, negated, CHOICE_HOLDS, chosen);
			return;
		}
	}
	take(choice, one, negated, purpose, chosen);
}

/* The set of a node that has one. */
static void take(const struct trigger_choice *choice, const struct outline *node, bool negated,
	enum choice_for purpose, struct chosen *chosen)
{
	if (node->kind == NODE_PREDICATE)
		take_predicate(choice, node, negated, purpose, chosen);
	else if (node->kind == NODE_NOT)
		take(choice, outline_first(node), !negated, purpose, chosen);
	else if (node->count && is_conjunction(node, negated))
		take_conjunction(choice, node, negated, purpose, chosen);
	else
		for (const struct outline *child = outline_first(node); child < outline_next(node); child = outline_next(child))
			take(choice, child, negated, purpose, chosen);
}

double choice_cost(struct trigger_choice *choice, const struct outline *root)
{
	choice->weight = 1 + outline_cost(choice->predicates, root) / COST_USUAL;
	return cost_of(choice, root, false).holds;
}

static int compare_triggers(const void *left, const void *right)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	return (a > b) - (a < b);
}

void choice_take(struct trigger_choice *choice, const struct outline *root, enum choice_for purpose, struct chosen *chosen)
{
	choice->weight = 1 + outline_cost(choice->predicates, root) / COST_USUAL;
	struct cost cost = cost_of(choice, root, false);
	chosen->count = chosen->exact_count = 0;
	chosen->always = (purpose == CHOICE_NEAR ? cost.near : cost.holds) == NO_SET;
	if (chosen->always)
		return;
	take(choice, root, false, purpose, chosen);
	if (!chosen->count)
		return;
	qsort(chosen->triggers, chosen->count, sizeof *chosen->triggers, compare_triggers);
	size_t kept = 1;
	for (size_t i = 1; i < chosen->count; i++)
		if (chosen->triggers[i] != chosen->triggers[kept - 1])
			chosen->triggers[kept++] = chosen->triggers[i];
	chosen->count = kept;
}

void chosen_free(struct chosen *chosen)
{
	free(chosen->triggers);
	free(chosen->exact);
}
