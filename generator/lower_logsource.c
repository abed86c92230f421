/* lower_logsource: conditions that name their log source themselves, or the system that it is of. */
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

/* --- systems --- */

static const char system_field[] = "host.os.type";

struct asking {
	unsigned field;
	bool found;
};

static void ask_field(const struct predicate *p, void *context)
{
	struct asking *asking = context;

	asking->found = asking->found || p->field == asking->field || p->other == asking->field;
}

static const struct dialect_group *group_for(const struct lowering *l, const struct dialect_group *group, struct text system)
{
	struct dialect_group *made = arena_alloc(l->arena, sizeof(*made));
	struct dialect_attribute *attributes = arena_array(l->arena, group->attribute_count, sizeof(*attributes));

	*made = *group;
	made->attribute_count = 0;
	for (size_t i = 0; i < group->attribute_count; i++) {
		struct dialect_attribute attribute = group->attributes[i];

		if (text_is(attribute.name, "product") || text_is(attribute.name, "os"))
			attribute.value = system;
		if (!text_is(attribute.name, "prefix") && !text_is(attribute.name, "systems"))
			attributes[made->attribute_count++] = attribute;
	}
	made->attributes = attributes;
	made->name = text_of(arena_printf(l->arena, "%.*s_%.*s", TEXT_ARGS(group->name), TEXT_ARGS(system)));
	return made;
}

static void add_group(const struct lowering *l, struct site *s, const struct dialect_group *group)
{
	s->groups = arena_grow(l->arena, s->groups, s->group_count, sizeof(*s->groups));
	s->groups[s->group_count++] = group;
}

void groups_of(const struct lowering *l, const struct condition *condition, struct site *s)
{
	struct asking asking = {registry_field(&l->catalog->registry, text_of(system_field)), false};

	if (asking.field != FIELD_NONE)
		condition_visit(condition, ask_field, &asking);
	for (size_t i = 0; i < l->dialect->group_count; i++) {
		const struct dialect_group *group = &l->dialect->groups[i];
		struct text *systems;
		size_t count = asking.found ? text_split(l->arena, dialect_attribute(group, "systems"), ' ', &systems) : 0;

		add_group(l, s, group);
		for (size_t k = 0; k < count; k++)
			add_group(l, s, group_for(l, group, systems[k]));
	}
}

bool group_system(const struct site *s, const struct predicate *p, bool *holds)
{
	const struct registry *registry = &s->l->catalog->registry;
	struct text system = s->group != NULL ? dialect_attribute(s->group, "os") : TEXT("");
	struct arena scratch = {0};
	struct event event;

	if (system.length == 0 || p->other != FIELD_NONE || !text_is(registry->fields[p->field].name, system_field))
		return false;
	event_begin(&event, &scratch, registry);
	struct facet *facet = event_add_facet(&event, 1, registry->categories[1].first_action);

	facet_set_text(&event, facet, p->field, system);
	*holds = evaluate_predicate(s->evaluator, p, facet);
	arena_free(&scratch);
	return true;
}
