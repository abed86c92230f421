/* outline: flattening (see outline.h). */
#include "replay/engine/outline.h"

static uint32_t size_of(const struct node *node)
{
	uint32_t size = 1;
	for (size_t i = 0; i < node->count; i++)
		size += size_of(node->children[i]);
	return size;
}

static uint32_t put(struct outline *outline, struct predicates *predicates, const struct registry *registry,
	const struct node *node)
{
	uint32_t size = 1;
	for (size_t i = 0; i < node->count; i++)
		size += put(outline + size, predicates, registry, node->children[i]);
	*outline = (struct outline){node->kind, (uint32_t)node->count, size, 0};
	if (node->kind == NODE_PREDICATE)
		outline->predicate = predicates_intern(predicates, registry, &node->predicate);
	return size;
}

const struct outline *outline_make(struct arena *arena, struct predicates *predicates, const struct registry *registry,
	const struct node *root)
{
	struct outline *outline = arena_array(arena, size_of(root), sizeof *outline);
	put(outline, predicates, registry, root);
	return outline;
}

unsigned outline_cost(const struct predicates *predicates, const struct outline *node)
{
	static const unsigned costs[] = {[ASK_PRESENT] = 0, [ASK_ABSENT] = 0, [ASK_NAMES] = 1, [ASK_NAME_SET] = 1, [ASK_NUMBERS] = 1,
		[ASK_STARTS] = 2, [ASK_ENDS] = 2, [ASK_CONTAINS] = 12, [ASK_LIKE] = 20, [ASK_REGEX] = 60,
		[ASK_PLAIN] = 6};
	unsigned sum = 0;
	if (node->kind == NODE_PREDICATE) {
		const struct interned *one = &predicates->items[node->predicate];
		unsigned count = (unsigned)one->predicate->count;
		return 1 + costs[one->asking] * (one->asking == ASK_NAME_SET || one->asking == ASK_NUMBERS || !count ? 1 : count);
	}
	for (const struct outline *child = outline_first(node); child < outline_next(node); child = outline_next(child))
		sum += outline_cost(predicates, child);
	return sum;
}
