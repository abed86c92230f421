/* made: from a condition to events (made.h). */
#include "catalog/made.h"

#include "catalog/made_client.h"
#include "catalog/made_cluster.h"
#include "catalog/made_compose.h"

#include <string.h>

enum { PRODUCT_MOST = 400, /* candidates of a cluster with several parts */
	JOINED_MOST = 16,      /* predicates on one field whose values are joined */
	FAILED = 3,            /* events that are made again as failed */
	CLIENT_LINES = 160 };  /* command lines for one action */

/* One condition and one action. */
struct asking {
	const struct making *making;
	const struct condition *condition;
	unsigned category, action;
	struct search search;
	struct made_list *list;
	size_t most;           /* events until the list is full for this action */
	unsigned turn;
	struct tools *tools;
};

/* What all actions of a condition use. */
struct tools {
	struct made_names names;
	struct arena scratch; /* of one candidate */
};

/* --- atoms --- */

static bool is_fixed(unsigned field)
{
	return field == FIELD_CATEGORY || field == FIELD_ACTION || field == FIELD_TYPE;
}

static bool same_predicate(const struct predicate *a, const struct predicate *b)
{
	if (a->field != b->field || a->op != b->op || a->fold != b->fold || a->length != b->length
		|| a->number != b->number || a->other != b->other || a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		bool same = a->length || a->number ? a->values[i].number == b->values[i].number
						   : text_equal(a->values[i].text, b->values[i].text);

		if (!same)
			return false;
	}
	return true;
}

static size_t atom_of(struct search *s, const struct predicate *predicate)
{
	for (size_t i = 0; i < s->atom_count; i++) {
		if (same_predicate(s->atoms[i], predicate))
			return i;
	}
	s->atoms = arena_grow(s->arena, s->atoms, s->atom_count, sizeof(*s->atoms));
	s->atoms[s->atom_count] = predicate;
	return s->atom_count++;
}

static struct shape_node *shape_of(struct asking *a, const struct node *node, const struct facet *fixed)
{
	struct shape_node *shape = arena_alloc(a->search.arena, sizeof(*shape));

	shape->kind = node->kind;
	if (node->kind == NODE_PREDICATE && is_fixed(node->predicate.field))
		shape->kind = evaluate_predicate(a->making->evaluator, &node->predicate, fixed) ? NODE_TRUE : NODE_FALSE;
	else if (node->kind == NODE_PREDICATE)
		shape->atom = atom_of(&a->search, &node->predicate);
	shape->children = arena_array(a->search.arena, node->count + 1, sizeof(*shape->children));
	shape->count = node->count;
	for (size_t i = 0; i < node->count; i++)
		shape->children[i] = shape_of(a, node->children[i], fixed);
	return shape;
}

/* --- candidates --- */

static void set_values(struct made_facet *facet, const struct cluster *cluster, const struct candidate *candidate)
{
	for (size_t i = 0; i < cluster->part_count; i++) {
		if (candidate->values[i]->missing)
			made_set_missing(facet, cluster->parts[i]);
		else
			made_set(facet, cluster->parts[i], candidate->values[i]->texts.items, candidate->values[i]->texts.count);
	}
}

static struct made_facet facet_begin(const struct asking *a)
{
	return (struct made_facet){.names = &a->tools->names, .arena = a->making->arena, .registry = a->making->registry,
		.category = a->category, .action = a->action};
}

void made_event(const struct made *made, struct event *event)
{
	struct detection_test test = {.facets = &made->facet, .facet_count = 1};

	detection_test_event(&test, event);
}

/* Answers the cluster's atoms by a facet that holds the candidate alone. false: it contradicts itself. */
static bool answer_candidate(struct asking *a, struct cluster *cluster, struct candidate *candidate, bool *answers)
{
	struct made_facet facet = facet_begin(a);
	struct event event;

	arena_reset(&a->tools->scratch);
	facet.arena = &a->tools->scratch;
	set_values(&facet, cluster, candidate);
	bool fine = made_finish(&facet, a->making->plain, 0);

	if (fine) {
		struct made made = {.facet = made_finished(&facet)};

		event_begin(&event, &a->tools->scratch, a->making->registry);
		made_event(&made, &event);
		for (size_t i = 0; i < cluster->atom_count; i++)
			answers[i] = evaluate_predicate(a->making->evaluator, a->search.atoms[cluster->atoms[i]], event.facets[0]);
	}
	return fine;
}

static void add_candidate(struct asking *a, struct cluster *cluster, struct candidate candidate)
{
	bool *answers = arena_array(a->search.arena, cluster->atom_count + 1, sizeof(*answers));
	size_t v = 0;

	if (!answer_candidate(a, cluster, &candidate, answers))
		return;
	while (v < cluster->vector_count && memcmp(cluster->vectors[v], answers, cluster->atom_count * sizeof(bool)) != 0)
		v++;
	if (v == cluster->vector_count) {
		cluster->vectors = arena_grow(a->search.arena, cluster->vectors, v, sizeof(*cluster->vectors));
		cluster->first = arena_grow(a->search.arena, cluster->first, v, sizeof(*cluster->first));
		cluster->vectors[v] = answers;
		cluster->first[v] = cluster->candidate_count;
		cluster->vector_count++;
	}
	candidate.vector = v;
	cluster->candidates = arena_grow(a->search.arena, cluster->candidates, cluster->candidate_count, sizeof(candidate));
	cluster->candidates[cluster->candidate_count++] = candidate;
}

/* Every combination of the parts' values, or as many of them, evenly spread, as are allowed. Missing comes last. */
static void make_candidates(struct asking *a, struct cluster *cluster)
{
	size_t total = 1, step;

	for (size_t i = 0; i < cluster->part_count; i++)
		total *= cluster->pools[i].count;
	step = cluster->part_count > 1 && total > PRODUCT_MOST ? total / PRODUCT_MOST | 1 : 1;
	for (size_t n = 0; n < total; n += step) {
		struct candidate candidate = {.vector = 0};
		size_t rest = n + 1;

		candidate.values = arena_array(a->search.arena, cluster->part_count, sizeof(*candidate.values));
		for (size_t i = 0; i < cluster->part_count; i++) {
			candidate.values[i] = &cluster->pools[i].items[rest % cluster->pools[i].count];
			rest /= cluster->pools[i].count;
		}
		add_candidate(a, cluster, candidate);
	}
}

/* A candidate that the atom holds for; NULL: none. */
static const struct candidate *witness(const struct cluster *cluster, size_t atom)
{
	for (size_t i = 0; i < cluster->candidate_count; i++) {
		if (cluster->vectors[cluster->candidates[i].vector][atom])
			return &cluster->candidates[i];
	}
	return NULL;
}

/* Both values in one: a list of both, or a text that begins as one and ends as the other. */
static void add_joined(struct asking *a, struct cluster *cluster, const struct made_value *one, const struct made_value *other)
{
	struct made_value *value = arena_alloc(a->search.arena, sizeof(*value));
	struct text *texts = arena_array(a->search.arena, one->texts.count + other->texts.count + 1, sizeof(*texts));
	struct candidate candidate = {.vector = 0};
	size_t count = 0, from = 0;

	if (one->missing || other->missing || one->texts.count == 0 || other->texts.count == 0)
		return;
	if (cluster->pools[0].field->list) {
		from = other->texts.items[0].length == 0; /* the program's name stands once */
		for (size_t i = 0; i < one->texts.count; i++)
			texts[count++] = one->texts.items[i];
		for (size_t i = from; i < other->texts.count; i++)
			texts[count++] = other->texts.items[i];
	} else {
		texts[count++] = text_of(arena_printf(a->search.arena, "%.*s%.*s", TEXT_ARGS(one->texts.items[0]),
			TEXT_ARGS(other->texts.items[0])));
	}
	*value = (struct made_value){false, {texts, count}};
	candidate.values = arena_alloc(a->search.arena, sizeof(*candidate.values));
	candidate.values[0] = value;
	add_candidate(a, cluster, candidate);
}

static void add_texts(struct asking *a, struct cluster *cluster, struct text *texts, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct made_value *value = arena_alloc(a->search.arena, sizeof(*value));
		struct candidate candidate = {.vector = 0};

		if (texts[i].length == 0)
			continue;
		*value = (struct made_value){false, {&texts[i], 1}};
		candidate.values = arena_alloc(a->search.arena, sizeof(*candidate.values));
		candidate.values[0] = value;
		add_candidate(a, cluster, candidate);
	}
}

/* Values that satisfy two predicates at once, and one that gathers what satisfies each. */
static void join_candidates(struct asking *a, struct cluster *cluster)
{
	const struct candidate *all = NULL;

	const struct field *field = cluster->pools[0].field;

	if (cluster->part_count > 1 || field->type != TYPE_KEYWORD)
		return;
	if (a->search.words_only && !field->list && made_is_closed(field))
		return;
	for (size_t i = 0; i < cluster->atom_count && i < JOINED_MOST; i++) {
		for (size_t k = 0; k < cluster->atom_count && k < JOINED_MOST; k++) {
			const struct candidate *one = witness(cluster, i), *other = witness(cluster, k);

			if (i != k && one != NULL && other != NULL && !cluster->vectors[one->vector][k])
				add_joined(a, cluster, one->values[0], other->values[0]);
		}
	}
	if (!cluster->pools[0].field->list && cluster->atom_count > 1) {
		struct text *texts;
		size_t count = made_compose(&a->search, cluster, &texts);

		add_texts(a, cluster, texts, count);
	}
	for (size_t i = 0; i < cluster->atom_count && cluster->pools[0].field->list; i++) {
		const struct candidate *one = witness(cluster, i);

		if (all != NULL && one != NULL && !cluster->vectors[all->vector][i])
			add_joined(a, cluster, all->values[0], one->values[0]);
		all = all == NULL ? one : &cluster->candidates[cluster->candidate_count - 1];
	}
}

/* --- events --- */

/* An event of one candidate for each cluster. */
static bool add_event(struct asking *a, const size_t *candidates, const char *outcome)
{
	struct made_facet facet = facet_begin(a);
	struct event event;
	struct made made = {.derived = false};

	for (size_t i = 0; i < a->search.cluster_count; i++)
		set_values(&facet, &a->search.clusters[i], &a->search.clusters[i].candidates[candidates[i]]);
	if (outcome != NULL) {
		struct text text = text_of(outcome);

		made_set_missing(&facet, FIELD_OUTCOME);
		if (text.length > 0)
			made_set(&facet, FIELD_OUTCOME, &text, 1);
	}
	if (!made_finish(&facet, a->making->plain, a->turn++))
		return false;
	made.facet = made_finished(&facet);
	event_begin(&event, a->making->arena, a->making->registry);
	made_event(&made, &event);
	made.holds = evaluate_condition(a->making->evaluator, a->condition, event.facets[0]);
	a->list->items = arena_grow(a->making->arena, a->list->items, a->list->count, sizeof(made));
	a->list->items[a->list->count++] = made;
	return true;
}

/* A candidate of the vector: each time another, so that all are used. */
static size_t pick(const struct asking *a, size_t cluster, size_t vector)
{
	const struct cluster *c = &a->search.clusters[cluster];
	size_t skip = a->turn % 7;

	for (size_t i = 0; skip > 0 && i < c->candidate_count; i++) {
		size_t at = (a->turn + i) % c->candidate_count;

		if (c->candidates[at].vector == vector)
			return at;
	}
	return c->first[vector];
}

static bool add_choice(struct asking *a, const size_t *choice, size_t cluster, size_t candidate)
{
	size_t *candidates = arena_array(a->making->arena, a->search.cluster_count + 1, sizeof(*candidates));

	for (size_t i = 0; i < a->search.cluster_count; i++)
		candidates[i] = i == cluster ? candidate : pick(a, i, choice[i]);
	return add_event(a, candidates, NULL);
}

static bool full(const struct asking *a)
{
	return a->list->count >= a->most;
}

static void all_assignments(struct asking *a, size_t total)
{
	size_t *choice = arena_array(a->search.arena, a->search.cluster_count + 1, sizeof(*choice));

	for (size_t n = 0; n < total && !full(a); n++) {
		size_t rest = n;

		for (size_t i = 0; i < a->search.cluster_count; i++) {
			choice[i] = rest % a->search.clusters[i].vector_count;
			rest /= a->search.clusters[i].vector_count;
		}
		add_choice(a, choice, SIZE_MAX, 0);
	}
}

static void open_choice(const struct asking *a, size_t *choice)
{
	for (size_t i = 0; i < a->search.cluster_count; i++)
		choice[i] = SIZE_MAX;
}

/* Two vectors of one cluster in surroundings where they decide; false: nowhere do they. */
static bool decided(struct asking *a, size_t *choice, size_t cluster, size_t one, size_t other)
{
	open_choice(a, choice);
	if (search_decide(&a->search, choice, cluster, one, other))
		return true;
	open_choice(a, choice);
	return search_decide(&a->search, choice, cluster, other, one);
}

/* For each atom two events that differ in it and in the answer. */
static void pairs_of_atoms(struct asking *a)
{
	size_t *choice = arena_array(a->search.arena, a->search.cluster_count + 1, sizeof(*choice));

	for (size_t c = 0; c < a->search.cluster_count; c++) {
		const struct cluster *cluster = &a->search.clusters[c];

		for (size_t k = 0; k < cluster->atom_count; k++) {
			bool found = false;

			for (size_t v = 0; v < cluster->vector_count && !found && !full(a); v++) {
				for (size_t w = v + 1; w < cluster->vector_count && !found; w++) {
					found = cluster->vectors[v][k] != cluster->vectors[w][k] && decided(a, choice, c, v, w);
					if (found) {
						add_choice(a, choice, c, cluster->first[v]);
						add_choice(a, choice, c, cluster->first[w]);
					}
				}
			}
		}
	}
}

/* Each candidate once, where its vector decides. */
static void each_candidate(struct asking *a)
{
	size_t *choice = arena_array(a->search.arena, a->search.cluster_count + 1, sizeof(*choice));

	for (size_t c = 0; c < a->search.cluster_count; c++) {
		const struct cluster *cluster = &a->search.clusters[c];

		for (size_t v = 0; v < cluster->vector_count; v++) {
			bool found = false;

			for (size_t w = 0; w < cluster->vector_count && !found; w++)
				found = w != v && decided(a, choice, c, v, w);
			if (!found) {
				open_choice(a, choice);
				choice[c] = v;
				if (!search_choose(&a->search, choice, true))
					continue;
			}
			for (size_t i = 0; i < cluster->candidate_count && !full(a); i++) {
				if (cluster->candidates[i].vector == v)
					add_choice(a, choice, c, i);
			}
		}
	}
}

/* The same events, had the act failed. */
static void failed_acts(struct asking *a, size_t from)
{
	size_t end = a->list->count, made = 0;
	struct text failure = TEXT("failure");

	for (size_t i = from; i < end && made < FAILED; i++) {
		const struct test_facet *of = &a->list->items[i].facet;
		struct made_facet facet = facet_begin(a);
		struct made again = {.derived = false};
		struct event event;

		if (!a->list->items[i].holds)
			continue;
		made++;
		for (size_t f = 2; f < of->count; f++)
			made_set(&facet, of->fields[f].field, of->fields[f].values.items, of->fields[f].values.count);
		made_set(&facet, FIELD_OUTCOME, &failure, 1);
		if (!made_finish(&facet, true, 0))
			continue;
		again.facet = made_finished(&facet);
		event_begin(&event, a->making->arena, a->making->registry);
		made_event(&again, &event);
		again.holds = evaluate_condition(a->making->evaluator, a->condition, event.facets[0]);
		a->list->items = arena_grow(a->making->arena, a->list->items, a->list->count, sizeof(again));
		a->list->items[a->list->count++] = again;
	}
}

/* --- one action, one condition --- */

static void ask(struct asking *a)
{
	const struct making *making = a->making;
	struct event event;

	a->search = (struct search){.arena = making->arena, .words_only = !making->plain};
	event_begin(&event, making->arena, making->registry);
	a->search.root = shape_of(a, a->condition->root, event_add_facet(&event, a->category, a->action));
	for (size_t i = 0; i < a->search.atom_count; i++)
		cluster_atom(&a->search, a->making->registry, i);
	for (size_t i = 0; i < a->search.cluster_count; i++) {
		make_candidates(a, &a->search.clusters[i]);
		join_candidates(a, &a->search.clusters[i]);
	}
}

static bool can_hold(struct asking *a)
{
	size_t *choice = arena_array(a->search.arena, a->search.cluster_count + 1, sizeof(*choice));

	open_choice(a, choice);
	return search_choose(&a->search, choice, true);
}

static void make_action(struct asking *a)
{
	size_t from = a->list->count, total;

	ask(a);
	total = search_total(&a->search);
	if (!can_hold(a)) {
		a->most = from + 4 < a->most ? from + 4 : a->most;
		all_assignments(a, total < 4 ? total : 4);
		return;
	}
	pairs_of_atoms(a);
	each_candidate(a);
	if (total <= MADE_ASSIGNMENTS)
		all_assignments(a, total);
	failed_acts(a, from);
	if (a->making->clients != NULL && !a->making->plain)
		made_clients(a->making, a->list, from, CLIENT_LINES);
}

/* Actions of the condition's category, or of all; how many of them can hold? */
static size_t each_action(const struct making *making, const struct condition *condition, struct made_list *list,
	size_t share, void (*visit)(struct asking *))
{
	const struct registry *registry = making->registry;
	struct tools tools = {.scratch = {0}};
	size_t count = 0;

	for (unsigned action = 1; action < registry->action_count; action++) {
		struct asking a = {.making = making, .condition = condition, .category = registry->actions[action].category,
			.action = action, .list = list, .most = list->count + share, .tools = &tools};

		if (condition->category != CATEGORY_ANY && condition->category != a.category)
			continue;
		if (visit != NULL) {
			visit(&a);
			continue;
		}
		ask(&a);
		count += can_hold(&a);
	}
	arena_free(&tools.scratch);
	return count;
}

void made_events(const struct making *making, const struct condition *condition, struct made_list *list)
{
	size_t most = making->most > 0 ? making->most : MADE_MOST;
	struct arena scratch = {0};
	struct making counting = *making;

	*list = (struct made_list){NULL, 0};
	counting.arena = &scratch;
	size_t actions = each_action(&counting, condition, list, 0, NULL);

	arena_free(&scratch);
	each_action(making, condition, list, most / (actions > 0 ? actions : 1) + 1, make_action);
}

/* --- one event --- */

/* The first event that answers so; of those that miss, one beside an event that holds. */
static bool find_pair(struct asking *a, bool holds, struct made *made)
{
	size_t *choice = arena_array(a->search.arena, a->search.cluster_count + 1, sizeof(*choice));

	for (size_t c = 0; c < a->search.cluster_count && !holds; c++) {
		const struct cluster *cluster = &a->search.clusters[c];

		for (size_t i = 0; i < cluster->candidate_count; i++) {
			size_t v = cluster->candidates[i].vector;
			bool found = false;

			for (size_t w = 0; w < cluster->vector_count && !found; w++) {
				open_choice(a, choice);
				found = w != v && search_decide(&a->search, choice, c, w, v);
			}
			if (found && add_choice(a, choice, c, i) && !a->list->items[a->list->count - 1].holds) {
				*made = a->list->items[a->list->count - 1];
				return true;
			}
		}
	}
	open_choice(a, choice);
	if (!search_choose(&a->search, choice, holds))
		return false;
	for (a->turn = 0; a->turn < 7;) {
		if (add_choice(a, choice, SIZE_MAX, 0) && a->list->items[a->list->count - 1].holds == holds) {
			*made = a->list->items[a->list->count - 1];
			return true;
		}
		a->turn++;
	}
	return false;
}

/* An event that is looked for, and whether one was found. */
struct wanted {
	bool holds, found;
	struct made *made;
};

/* Those that are still looked for, among the events of one action. */
static bool find_wanted(const struct asking *a, struct wanted *wanted, size_t count)
{
	bool all = true;

	for (size_t i = 0; i < count; i++) {
		struct asking own = *a;

		if (!wanted[i].found)
			wanted[i].found = find_pair(&own, wanted[i].holds, wanted[i].made);
		all = all && wanted[i].found;
	}
	return all;
}

static void find(const struct making *making, const struct condition *condition, struct wanted *wanted, size_t count)
{
	const struct registry *registry = making->registry;
	struct tools tools = {.scratch = {0}};
	struct made_list list = {NULL, 0};
	bool all = false;

	for (int pass = 0; pass < 2 && !all; pass++) { /* an action that can hold before others */
		for (unsigned action = 1; action < registry->action_count && !all; action++) {
			struct asking a = {.making = making, .condition = condition, .category = registry->actions[action].category,
				.action = action, .list = &list, .most = SIZE_MAX, .tools = &tools};

			if (condition->category != CATEGORY_ANY && condition->category != a.category)
				continue;
			ask(&a);
			if (pass > 0 || can_hold(&a))
				all = find_wanted(&a, wanted, count);
		}
	}
	arena_free(&tools.scratch);
}

bool made_match(const struct making *making, const struct condition *condition, struct made *made)
{
	struct made match = {.holds = false};
	struct wanted wanted = {true, false, &match};

	find(making, condition, &wanted, 1);
	if (wanted.found)
		*made = match;
	return wanted.found;
}

void made_both(const struct making *making, const struct condition *condition, struct made_both *both)
{
	struct wanted wanted[] = {{true, false, &both->match}, {false, false, &both->miss}};

	find(making, condition, wanted, 2);
	both->matches = wanted[0].found;
	both->misses = wanted[1].found;
}
