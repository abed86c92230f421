/* outline: flattening (see outline.h). */
#include "replay/engine/outline.h"

static uint32_t size_of(const struct node *node)
{
	uint32_t size = 1;
	for (size_t i = 0; i < node->count; i++)
		size += size_of(node->children[i]);
	return size;
}

static uint32_t put(struct outline *outline, struct predicates *predicates, const struct registry *registry, const struct node *node)
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
