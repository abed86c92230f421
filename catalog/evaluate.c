/*
 * evaluate: the oracle. It walks the tree and asks each predicate afresh: simple enough to be believed.
 */
#include "catalog/sequence.h"

#include "catalog/pattern.h"
#include "catalog/regex_cache.h"

#include <stdlib.h>

struct evaluator {
	struct regex_match *match;
	struct regex_cache *cache; /* NULL until it is needed */
	size_t limited;
	uint64_t asked;
};

struct evaluator *evaluator_new(void)
{
	struct evaluator *e = mem_alloc(sizeof(*e));
	e->match = regex_match_new();
	e->cache = NULL;
	e->limited = 0;
	e->asked = 0;
	return e;
}

void evaluator_free(struct evaluator *e)
{
	if (e == NULL)
		return;
	regex_match_free(e->match);
	regex_cache_free(e->cache);
	free(e);
}

size_t evaluator_limited(const struct evaluator *e)
{
	return e->limited;
}

uint64_t evaluator_asked(const struct evaluator *e)
{
	return e->asked;
}

/* ---- one value against one literal ---- */

static int64_t character_count(struct text text)
{
	int64_t count = 0;
	for (size_t at = 0; at < text.length; at += utf8_step(text.data + at, text.length - at))
		count++;
	return count;
}

static bool holds_ordered(enum predicate_operator op, int order)
{
	switch (op) {
	case OPERATOR_EQUAL:
	case OPERATOR_NOT_EQUAL: /* the caller negates */
		return order == 0;
	case OPERATOR_LESS:
		return order < 0;
	case OPERATOR_LESS_EQUAL:
		return order <= 0;
	case OPERATOR_GREATER:
		return order > 0;
	default:
		return order >= 0;
	}
}

static bool matches_regex(struct evaluator *e, const struct regex *regex, struct text text)
{
	bool limited = false;
	bool holds = regex_holds(regex, e->match, text, &limited);
	if (limited)
		e->limited++;
	return holds;
}

bool evaluate_regex(struct evaluator *e, struct text pattern, bool fold, struct text text)
{
	if (e->cache == NULL)
		e->cache = regex_cache_new();
	const struct regex *regex = regex_cache_get(e->cache, pattern, fold);
	return regex != NULL && matches_regex(e, regex, text);
}

/* `literal`: one of the predicate's, or a value of its other field. */
static bool compare(const struct predicate *p, enum value_type type, const struct value *value, const struct value *literal)
{
	if (p->length) {
		struct value length = {.number = character_count(value->text)};
		return holds_ordered(p->op, value_compare(TYPE_LONG, &length, literal));
	}
	if (p->number) {
		struct value number = {.number = 0};
		bool whole = text_to_long(value->text, &number.number);
		return whole && holds_ordered(p->op, value_compare(TYPE_LONG, &number, literal));
	}
	if (type == TYPE_KEYWORD && p->fold)
		return text_equal_fold(value->text, literal->text);
	return holds_ordered(p->op, value_compare(type, value, literal));
}

/* A text that is no address is in no network. */
static bool text_in_cidr(const struct cidr *cidr, struct text text)
{
	struct ip ip;
	return ip_parse(text, &ip) && cidr_holds(cidr, &ip);
}

/* Does the value fit the literal (with this index, where it is the predicate's own)? */
static bool fits(struct evaluator *e, const struct predicate *p, enum value_type type, const struct value *value,
	const struct value *literal, size_t index)
{
	switch (p->op) {
	case OPERATOR_LIKE:
		return pattern_match(literal->text, value->text, p->fold);
	case OPERATOR_REGEX:
		return matches_regex(e, p->regexes[index], value->text);
	case OPERATOR_STARTS:
		return text_starts(value->text, literal->text, p->fold);
	case OPERATOR_ENDS:
		return text_ends(value->text, literal->text, p->fold);
	case OPERATOR_CONTAINS:
		return text_contains(value->text, literal->text, p->fold);
	case OPERATOR_CIDR:
		return type == TYPE_IP ? cidr_holds(&p->cidrs[index], &value->ip) : text_in_cidr(&p->cidrs[index], value->text);
	default:
		return compare(p, type, value, literal);
	}
}

/* ---- predicates, trees, conditions ---- */

bool evaluate_predicate(struct evaluator *e, const struct predicate *p, const struct facet *facet)
{
	const struct values *values = facet_get(facet, p->field);
	struct values own = {p->values, p->count};
	const struct values *literals = p->other != FIELD_NONE ? facet_get(facet, p->other) : &own;
	enum value_type type = facet->registry->fields[p->field].type;
	bool any = false;

	e->asked++;
	if (p->op == OPERATOR_EXISTS || p->op == OPERATOR_MISSING)
		return (values != NULL) == (p->op == OPERATOR_EXISTS);
	if (values == NULL || literals == NULL)
		return false;
	for (size_t v = 0; v < values->count && !any; v++)
		for (size_t i = 0; i < literals->count && !any; i++)
			any = fits(e, p, type, &values->items[v], &literals->items[i], i);
	return p->op == OPERATOR_NOT_EQUAL ? !any : any;
}

bool evaluate_node(struct evaluator *e, const struct node *node, const struct facet *facet)
{
	switch (node->kind) {
	case NODE_FALSE:
		return false;
	case NODE_TRUE:
		return true;
	case NODE_NOT:
		return !evaluate_node(e, node->children[0], facet);
	case NODE_PREDICATE:
		return evaluate_predicate(e, &node->predicate, facet);
	case NODE_AND:
		for (size_t i = 0; i < node->count; i++)
			if (!evaluate_node(e, node->children[i], facet))
				return false;
		return true;
	case NODE_OR:
		for (size_t i = 0; i < node->count; i++)
			if (evaluate_node(e, node->children[i], facet))
				return true;
		return false;
	}
	return false;
}

/* Is the facet of the kind that the condition asks about at all? */
static bool asks(const struct condition *condition, const struct facet *facet)
{
	if (condition->category != CATEGORY_ANY && condition->category != facet->category)
		return false;
	return condition->names_outcome || !text_is(facet_text(facet, FIELD_OUTCOME), "failure");
}

bool evaluate_condition(struct evaluator *e, const struct condition *condition, const struct facet *facet)
{
	return asks(condition, facet) && evaluate_node(e, condition->root, facet);
}

/* ---- what could be, with other values ---- */

/* What sort of event it is does not vary: these fields keep their values. */
static bool is_fixed(unsigned field)
{
	return field == FIELD_CATEGORY || field == FIELD_ACTION || field == FIELD_TYPE || field == FIELD_OUTCOME;
}

static bool is_free(const struct predicate *p, const struct facet *facet)
{
	bool fixed = is_fixed(p->field) && (p->other == FIELD_NONE || is_fixed(p->other));

	if (p->op == OPERATOR_EXISTS || p->op == OPERATOR_MISSING || fixed)
		return false;
	return facet_get(facet, p->field) != NULL && (p->other == FIELD_NONE || facet_get(facet, p->other) != NULL);
}

/* The tree as if predicates were independent of each other: at least what could be. */
static struct possible possible_node(struct evaluator *e, const struct node *node, const struct facet *facet)
{
	struct possible all, one;
	bool truth;

	switch (node->kind) {
	case NODE_PREDICATE:
		truth = evaluate_predicate(e, &node->predicate, facet);
		all.can_be_true = truth || is_free(&node->predicate, facet);
		all.can_be_false = !truth || is_free(&node->predicate, facet);
		return all;
	case NODE_NOT:
		one = possible_node(e, node->children[0], facet);
		return (struct possible){one.can_be_false, one.can_be_true};
	case NODE_AND:
		all = (struct possible){true, false};
		for (size_t i = 0; i < node->count; i++) {
			one = possible_node(e, node->children[i], facet);
			all = (struct possible){all.can_be_true && one.can_be_true, all.can_be_false || one.can_be_false};
		}
		return all;
	case NODE_OR:
		all = (struct possible){false, true};
		for (size_t i = 0; i < node->count; i++) {
			one = possible_node(e, node->children[i], facet);
			all = (struct possible){all.can_be_true || one.can_be_true, all.can_be_false && one.can_be_false};
		}
		return all;
	default:
		return (struct possible){node->kind == NODE_TRUE, node->kind == NODE_FALSE};
	}
}

/* The steps that an alert could sit at: [*first, *end). */
static void last_steps(const struct sequence *sequence, const struct sequence_step **first, const struct sequence_step **end)
{
	*first = sequence->sample ? sequence->steps : sequence_last(sequence);
	*end = sequence->sample ? sequence->steps + sequence->count : *first + 1;
}

static struct possible possible_sequence(struct evaluator *e, const struct sequence *sequence, const struct facet *facet)
{
	const struct sequence_step *step, *end;
	struct possible any = {false, true};

	for (last_steps(sequence, &step, &end); step < end; step++)
		any.can_be_true = any.can_be_true || evaluate_possible(e, step->condition, facet).can_be_true;
	return any;
}

struct possible evaluate_possible(struct evaluator *e, const struct condition *condition, const struct facet *facet)
{
	if (condition->sequence != NULL)
		return possible_sequence(e, condition->sequence, facet);
	if (!asks(condition, facet))
		return (struct possible){false, true};
	return possible_node(e, condition->root, facet);
}

/* ---- how far it is from holding ---- */

/* How many answers must change for the node to be true, and to be false. One of the two is 0. */
struct cost {
	size_t to_true, to_false;
};

static size_t add(size_t a, size_t b)
{
	return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static struct cost cost_of_answer(bool truth, size_t change)
{
	return truth ? (struct cost){0, change} : (struct cost){change, 0};
}

static struct cost cost_of(struct evaluator *e, const struct node *node, const struct facet *facet)
{
	struct cost cost, one;

	switch (node->kind) {
	case NODE_PREDICATE:
		return cost_of_answer(evaluate_predicate(e, &node->predicate, facet),
			is_free(&node->predicate, facet) ? 1 : SIZE_MAX);
	case NODE_NOT:
		cost = cost_of(e, node->children[0], facet);
		return (struct cost){cost.to_false, cost.to_true};
	case NODE_AND:
		cost = (struct cost){0, SIZE_MAX};
		for (size_t i = 0; i < node->count; i++) {
			one = cost_of(e, node->children[i], facet);
			cost = (struct cost){add(cost.to_true, one.to_true), least(cost.to_false, one.to_false)};
		}
		return cost;
	case NODE_OR:
		cost = (struct cost){SIZE_MAX, 0};
		for (size_t i = 0; i < node->count; i++) {
			one = cost_of(e, node->children[i], facet);
			cost = (struct cost){least(cost.to_true, one.to_true), add(cost.to_false, one.to_false)};
		}
		return cost;
	default:
		return cost_of_answer(node->kind == NODE_TRUE, SIZE_MAX);
	}
}

static size_t sequence_distance(struct evaluator *e, const struct sequence *sequence, const struct facet *facet)
{
	const struct sequence_step *step, *end;
	size_t best = SIZE_MAX;

	for (last_steps(sequence, &step, &end); step < end; step++)
		best = least(best, evaluate_distance(e, step->condition, facet));
	return best;
}

size_t evaluate_distance(struct evaluator *e, const struct condition *condition, const struct facet *facet)
{
	if (condition->sequence != NULL)
		return sequence_distance(e, condition->sequence, facet);
	return asks(condition, facet) ? cost_of(e, condition->root, facet).to_true : SIZE_MAX;
}

/* ---- the walk, written down ---- */

struct explanation {
	struct evaluator *e;
	struct arena *arena;
	const struct facet *facet;
	struct explained *lines;
	size_t count;
};

static struct values seen_of(const struct facet *facet, unsigned field)
{
	static const struct value nothing;
	const struct values *seen = facet_get(facet, field);

	if (seen == NULL)
		return (struct values){NULL, 0};
	return (struct values){seen->items != NULL ? seen->items : &nothing, seen->count};
}

static void explain(struct explanation *x, const struct node *node, unsigned depth)
{
	x->lines = arena_grow(x->arena, x->lines, x->count, sizeof(*x->lines));
	struct explained *line = &x->lines[x->count++];
	*line = (struct explained){.node = node, .depth = depth, .holds = evaluate_node(x->e, node, x->facet)};
	if (node->kind == NODE_PREDICATE) {
		line->seen = seen_of(x->facet, node->predicate.field);
		if (node->predicate.other != FIELD_NONE)
			line->other = seen_of(x->facet, node->predicate.other);
	}
	for (size_t i = 0; i < node->count; i++)
		explain(x, node->children[i], depth + 1);
}

size_t evaluate_explain(struct evaluator *e, struct arena *arena, const struct node *node, const struct facet *facet,
	struct explained **lines)
{
	struct explanation x = {.e = e, .arena = arena, .facet = facet};
	explain(&x, node, 0);
	*lines = x.lines;
	return x.count;
}
