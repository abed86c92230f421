/* program: trees become questions from the last to the first (see program.h). */
#include "replay/engine/program.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void questions_free(struct questions *questions)
{
	free(questions->items);
}

/* ---- making ---- */

struct making {
	struct questions *questions;
	const struct predicates *predicates;
	const struct program_facets *facets;
	size_t first; /* of the program; those before belong to others */
};

struct child {
	const struct outline *node;
	double cost;
};

static unsigned char known_of(const struct making *making, uint32_t predicate)
{
	return making->facets->known ? making->facets->known[predicate] : 0;
}

/* What asking a node costs, as far as it is asked, and on which share of the facets it holds. */
struct weight {
	double cost, share;
};

static struct weight weight_of(const struct making *making, const struct outline *node)
{
	const struct program_facets *facets = making->facets;
	bool both = node->kind == NODE_AND;
	double left = 1, cost = 0; /* where the children before do not decide */
	if (node->kind == NODE_PREDICATE) {
		uint32_t one = node->predicate;
		if (known_of(making, one))
			return (struct weight){0, known_of(making, one) == 1};
		return (struct weight){outline_cost(making->predicates, node), (facets->held[one] + 0.5) / (facets->asked[one] + 1)};
	}
	if (node->kind == NODE_TRUE || node->kind == NODE_FALSE)
		return (struct weight){0, node->kind == NODE_TRUE};
	for (const struct outline *child = outline_first(node); child < outline_next(node); child = outline_next(child)) {
		struct weight own = weight_of(making, child);
		if (node->kind == NODE_NOT)
			return (struct weight){own.cost, 1 - own.share};
		cost += left * own.cost;
		left *= both ? own.share : 1 - own.share;
	}
	return (struct weight){cost, both ? left : 1 - left};
}

/* Of two children the one goes first that costs less for each time that it decides. Without a sample, the cheaper one. */
static double cost_of_child(const struct making *making, const struct outline *node, bool decides)
{
	if (!making->facets->asked)
		return outline_cost(making->predicates, node);
	struct weight weight = weight_of(making, node);
	double share = decides ? weight.share : 1 - weight.share;
	return weight.cost <= 0 ? 0 : share > 0 ? weight.cost / share : HUGE_VAL;
}

static struct child *sorted_children(const struct making *making, const struct outline *node)
{
	struct child *children = mem_alloc(node->count * sizeof *children);
	const struct outline *next = outline_first(node);
	for (size_t i = 0; i < node->count; i++, next = outline_next(next)) {
		struct child child = {next, cost_of_child(making, next, node->kind == NODE_OR)};
		size_t at = i;
		for (; at > 0 && children[at - 1].cost > child.cost; at--)
			children[at] = children[at - 1];
		children[at] = child;
	}
	return children;
}

static uint32_t add_question(struct making *making, struct question question)
{
	struct questions *q = making->questions;
	if (q->count == q->capacity) {
		q->capacity = q->capacity ? q->capacity * 2 : 256;
		q->items = mem_resize(q->items, q->capacity * sizeof *q->items);
	}
	q->items[q->count] = question;
	return (uint32_t)(q->count++ - making->first);
}

/* Adds the node's questions; answers lead on to `yes` and `no`. Returns where asking begins: numbers count from the end yet. */
static uint32_t add_node(struct making *making, const struct outline *node, uint32_t yes, uint32_t no)
{
	switch (node->kind) {
	case NODE_FALSE:
		return no;
	case NODE_TRUE:
		return yes;
	case NODE_NOT:
		return add_node(making, outline_first(node), no, yes);
	case NODE_PREDICATE:
		if (known_of(making, node->predicate))
			return known_of(making, node->predicate) == 1 ? yes : no;
		return add_question(making, (struct question){node->predicate, yes, no});
	case NODE_AND:
	case NODE_OR:
		break;
	}
	struct child *children = sorted_children(making, node);
	uint32_t entry = node->kind == NODE_AND ? yes : no;
	for (size_t i = node->count; i-- > 0;)
		entry = node->kind == NODE_AND ? add_node(making, children[i].node, entry, no)
					       : add_node(making, children[i].node, yes, entry);
	free(children);
	return entry;
}

static uint32_t turned(uint32_t target, uint32_t count)
{
	return target < count ? count - 1 - target : target;
}

struct program program_make(struct questions *questions, const struct predicates *predicates, const struct outline *root)
{
	return program_make_for(questions, predicates, root, &(struct program_facets){NULL, NULL, NULL});
}

struct program program_make_for(struct questions *questions, const struct predicates *predicates, const struct outline *root,
	const struct program_facets *facets)
{
	struct making making = {questions, predicates, facets, questions->count};
	uint32_t entry = add_node(&making, root, PROGRAM_TRUE, PROGRAM_FALSE);
	uint32_t count = (uint32_t)(questions->count - making.first);
	struct question *own = count ? questions->items + making.first : NULL;
	for (uint32_t i = 0; i < count / 2; i++) {
		struct question other = own[i];
		own[i] = own[count - 1 - i];
		own[count - 1 - i] = other;
	}
	for (uint32_t i = 0; i < count; i++) {
		own[i].on_true = turned(own[i].on_true, count);
		own[i].on_false = turned(own[i].on_false, count);
	}
	questions->longest = count > questions->longest ? count : questions->longest;
	return (struct program){(uint32_t)making.first, count, turned(entry, count)};
}

/* ---- asking ---- */

bool program_holds(const struct questions *questions, struct program program, struct asker *asker, uint64_t *asked,
	bool *limited)
{
	const struct question *own = questions_of(questions, &program);
	uint32_t at = program.entry;
	uint64_t count = 0;
	unsigned answers = 0;
	while (at < PROGRAM_FALSE) {
		unsigned answer = asker_ask(asker, own[at].predicate);
		at = answer & ANSWER_HOLDS ? own[at].on_true : own[at].on_false;
		answers |= answer;
		count++;
	}
	*asked += count;
	*limited = *limited || (answers & ANSWER_LIMITED);
	return at == PROGRAM_TRUE;
}

/* Marks in [program.count + 1] which questions can be reached: the first one. Is the program true without any? */
static bool begin_reach(struct program program, unsigned char *room)
{
	memset(room, 0, program.count + 1);
	if (program.entry < program.count)
		room[program.entry] = 1;
	return program.entry == PROGRAM_TRUE;
}

bool program_could(const struct questions *questions, struct program program, const unsigned char *known, unsigned char *room)
{
	const struct question *own = questions_of(questions, &program);
	bool reached = begin_reach(program, room);
	for (uint32_t at = 0; at < program.count && !reached; at++) {
		unsigned char answer = known[own[at].predicate];
		uint32_t ways[] = {answer == 2 ? PROGRAM_FALSE : own[at].on_true, answer == 1 ? PROGRAM_FALSE : own[at].on_false};
		for (size_t i = 0; i < 2 && room[at]; i++) {
			reached = reached || ways[i] == PROGRAM_TRUE;
			if (ways[i] < program.count)
				room[ways[i]] = 1;
		}
	}
	return reached;
}

bool program_possible(const struct questions *questions, struct program program, struct asker *asker, unsigned char *room)
{
	const struct question *own = questions_of(questions, &program);
	bool reached = begin_reach(program, room);
	for (uint32_t at = 0; at < program.count && !reached; at++) {
		if (!room[at])
			continue;
		bool both = asker_free_to_change(asker, own[at].predicate);
		bool holds = both || (asker_ask(asker, own[at].predicate) & ANSWER_HOLDS);
		uint32_t ways[] = {holds ? own[at].on_true : own[at].on_false, both ? own[at].on_false : PROGRAM_FALSE};
		for (size_t i = 0; i < 2; i++) {
			reached = reached || ways[i] == PROGRAM_TRUE;
			if (ways[i] < program.count)
				room[ways[i]] = 1;
		}
	}
	return reached;
}

/* What may be reached with no changed answer is marked 2, with one 1. */
enum { REACHED_BY_ONE = 1, REACHED = 2 };

static void reach(unsigned char *room, uint32_t count, uint32_t way, unsigned char mark, bool *near)
{
	*near = *near || way == PROGRAM_TRUE;
	if (way < count && room[way] < mark)
		room[way] = mark;
}

bool program_near(const struct questions *questions, struct program program, struct asker *asker, unsigned char *room)
{
	const struct question *own = questions_of(questions, &program);
	bool near = false;
	memset(room, 0, program.count + 1);
	reach(room, program.count, program.entry, REACHED, &near);
	for (uint32_t at = 0; at < program.count && !near; at++) {
		if (!room[at])
			continue;
		bool holds = asker_ask(asker, own[at].predicate) & ANSWER_HOLDS;
		reach(room, program.count, holds ? own[at].on_true : own[at].on_false, room[at], &near);
		if (room[at] == REACHED && asker_free_to_change(asker, own[at].predicate))
			reach(room, program.count, holds ? own[at].on_false : own[at].on_true, REACHED_BY_ONE, &near);
	}
	return near;
}
