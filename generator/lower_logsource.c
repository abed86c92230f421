/* lower_logsource: conditions that name their log source themselves. */
#include "generator/lower_site.h"

static const char *const logsource_fields[LOGSOURCE_COUNT] = {"logsource.product", "logsource.category", "logsource.service"};

/* Does the predicate name the log source? Which of LOGSOURCE_FIELDS: its place there, or LOGSOURCE_COUNT. */
static size_t logsource_part(const struct registry *registry, const struct node *node)
{
	const struct predicate *p = &node->predicate;
	size_t part = 0;

	if (node->kind != NODE_PREDICATE || p->op != OPERATOR_EQUAL || p->count != 1 || p->length || p->other != FIELD_NONE)
		return LOGSOURCE_COUNT;
	while (part < LOGSOURCE_COUNT && !text_is(registry->fields[p->field].name, logsource_fields[part]))
		part++;
	return part;
}

/* The log source that the condition is of; *rest: what else it asks. false: it names none. */
bool logsource_of(const struct lowering *l, const struct condition *condition, struct text named[LOGSOURCE_COUNT],
	struct node **rest)
{
	const struct registry *registry = &l->catalog->registry;
	const struct node *root = condition->root, *const *children = (const struct node *const *)root->children;
	size_t count = root->kind == NODE_AND ? root->count : 1, kept = 0;
	struct node **others = arena_array(l->arena, count, sizeof(*others));
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		const struct node *child = root->kind == NODE_AND ? children[i] : root;
		size_t part = condition->category == CATEGORY_ANY ? logsource_part(registry, child) : LOGSOURCE_COUNT;

		if (part == LOGSOURCE_COUNT || named[part].length > 0) {
			others[kept++] = root->kind == NODE_AND ? root->children[i] : condition->root;
			continue;
		}
		named[part] = child->predicate.values[0].text;
		found = true;
	}
	*rest = kept > 0 ? node_and(l->arena, others, kept) : node_true();
	return found;
}

/* The dialect's group for any log source, as one for this log source. NULL: it has none. */
const struct dialect_group *logsource_group(const struct lowering *l, const struct text named[LOGSOURCE_COUNT])
{
	static const char *const keys[LOGSOURCE_COUNT] = {"product", "category", "service"};
	const struct dialect_group *any = NULL;

	for (size_t i = 0; i < l->dialect->group_count && any == NULL; i++) {
		if (text_is(dialect_attribute(&l->dialect->groups[i], "logsource"), "any"))
			any = &l->dialect->groups[i];
	}
	if (any == NULL)
		return NULL;
	struct dialect_group *group = arena_alloc(l->arena, sizeof(*group));
	struct dialect_attribute *attributes = arena_array(l->arena, LOGSOURCE_COUNT, sizeof(*attributes));

	for (size_t i = 0; i < LOGSOURCE_COUNT; i++)
		attributes[i] = (struct dialect_attribute){text_of(keys[i]), named[i]};
	*group = *any;
	group->attributes = attributes;
	group->attribute_count = LOGSOURCE_COUNT;
	group->name = text_join(l->arena, named, LOGSOURCE_COUNT, '/');
	return group;
}
