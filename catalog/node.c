/*
 * node: builders that keep a tree in its normal form. Nodes are shared between trees and never changed.
 */
#include "catalog/sequence.h"

struct node *node_true(void)
{
	static const struct node node = {.kind = NODE_TRUE};
	return (struct node *)&node; /* nobody changes a node */
}

struct node *node_false(void)
{
	static const struct node node = {.kind = NODE_FALSE};
	return (struct node *)&node; /* nobody changes a node */
}

struct node *node_predicate(struct arena *arena, const struct predicate *predicate)
{
	struct node *node = arena_alloc(arena, sizeof(*node));
	node->kind = NODE_PREDICATE;
	node->predicate = *predicate;
	return node;
}

struct node *node_not(struct arena *arena, struct node *child)
{
	if (child->kind == NODE_TRUE)
		return node_false();
	if (child->kind == NODE_FALSE)
		return node_true();
	struct node *node = arena_alloc(arena, sizeof(*node));
	node->kind = NODE_NOT;
	node->children = arena_alloc(arena, sizeof(*node->children));
	node->children[0] = child;
	node->count = 1;
	return node;
}

/* How many children the join would have: neutral ones go, those of the same kind give their own. */
static size_t joined_count(enum node_kind kind, struct node **children, size_t count)
{
	enum node_kind neutral = kind == NODE_AND ? NODE_TRUE : NODE_FALSE;
	size_t joined = 0;

	for (size_t i = 0; i < count; i++)
		if (children[i]->kind != neutral)
			joined += children[i]->kind == kind ? children[i]->count : 1;
	return joined;
}

static struct node *join(struct arena *arena, enum node_kind kind, struct node **children, size_t count)
{
	enum node_kind neutral = kind == NODE_AND ? NODE_TRUE : NODE_FALSE;
	enum node_kind absorbing = kind == NODE_AND ? NODE_FALSE : NODE_TRUE;

	for (size_t i = 0; i < count; i++)
		if (children[i]->kind == absorbing)
			return kind == NODE_AND ? node_false() : node_true();
	size_t joined = joined_count(kind, children, count);
	if (joined == 0)
		return kind == NODE_AND ? node_true() : node_false();

	struct node *node = arena_alloc(arena, sizeof(*node));
	node->kind = kind;
	node->children = arena_array(arena, joined, sizeof(*node->children));
	for (size_t i = 0; i < count; i++) {
		if (children[i]->kind == neutral)
			continue;
		bool same = children[i]->kind == kind;
		struct node **from = same ? children[i]->children : &children[i];
		for (size_t j = 0; j < (same ? children[i]->count : 1); j++)
			node->children[node->count++] = from[j];
	}
	return joined == 1 ? node->children[0] : node;
}

struct node *node_and(struct arena *arena, struct node **children, size_t count)
{
	return join(arena, NODE_AND, children, count);
}

struct node *node_or(struct arena *arena, struct node **children, size_t count)
{
	return join(arena, NODE_OR, children, count);
}

void node_visit(const struct node *node, void (*visit)(const struct predicate *, void *), void *context)
{
	if (node->kind == NODE_PREDICATE)
		visit(&node->predicate, context);
	for (size_t i = 0; i < node->count; i++)
		node_visit(node->children[i], visit, context);
}

void condition_visit(const struct condition *condition, void (*visit)(const struct predicate *, void *), void *context)
{
	const struct sequence *sequence = condition->sequence;

	node_visit(condition->root, visit, context);
	for (size_t i = 0; sequence != NULL && i < sequence->count; i++)
		node_visit(sequence->steps[i].condition->root, visit, context);
	if (sequence != NULL && sequence->until != NULL)
		node_visit(sequence->until->condition->root, visit, context);
}
