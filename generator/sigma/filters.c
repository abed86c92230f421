/* filters: an organization's exceptions as Sigma filters. */
#include "generator/sigma/filters.h"

#include "generator/sigma/document.h"
#include "generator/sigma/selections.h"

/* One exception on one log source, in one form: the rules that it is taken from. */
struct sigma_filter {
	const struct exception *exception;
	const struct dialect_group *group;
	const struct rule_node *node;
	struct texts rules;
};

static bool same_source(const struct dialect_group *a, const struct dialect_group *b)
{
	static const char *const keys[] = {"product", "category", "service"};
	bool same = true;

	for (size_t i = 0; a != b && i < sizeof(keys) / sizeof(*keys); i++)
		same = same && text_equal(dialect_attribute(a, keys[i]), dialect_attribute(b, keys[i]));
	return same;
}

static void add_exception(struct sigma_filters *filters, const struct dialect_group *group,
	const struct rule_exception *exception, struct text id)
{
	struct arena *arena = filters->sigma->pack->arena;
	struct sigma_filter *found = NULL;

	for (size_t i = 0; i < filters->count && found == NULL; i++) {
		struct sigma_filter *known = &filters->items[i];

		if (known->exception == exception->exception && same_source(known->group, group)
			&& rule_equal(known->node, exception->node))
			found = known;
	}
	if (found == NULL) {
		filters->items = arena_grow(arena, filters->items, filters->count, sizeof(*filters->items));
		found = &filters->items[filters->count++];
		*found = (struct sigma_filter){exception->exception, group, exception->node, {NULL, 0}};
	}
	reason_add(arena, &found->rules, arena_printf(arena, "%.*s", TEXT_ARGS(id)));
}

void filters_add(struct sigma_filters *filters, const struct rule *rule, struct text id)
{
	for (size_t i = 0; i < rule->exception_count; i++) {
		const struct rule_exception *exception = &rule->exceptions[i];

		/* TRUE would take the whole rule away; no map of Sigma says so. */
		if (!exception->shipped && exception->node->kind != RULE_FALSE && exception->node->kind != RULE_TRUE)
			add_exception(filters, rule->group, exception, id);
	}
}

static void print_filter(struct sigma_filters *filters, const struct sigma_filter *filter, size_t number)
{
	struct pack *pack = filters->sigma->pack;
	struct text name = filter->exception->name, organization = pack_organization(pack);
	char *words = arena_printf(pack->arena, "filter_%.*s", TEXT_ARGS(name));
	struct buffer *out = pack_file(pack, sigma_file(pack, "filters", sigma_prefix(pack->arena, filter->group), words));
	struct selections s = {.arena = pack->arena, .indent = "    ", .plain = true};
	enum rule_kind kind;
	struct text condition = selections_print(&s, filter->node, &kind);
	char *key = arena_printf(pack->arena, "%.*s/%.*s/%.*s/%zu", TEXT_ARGS(organization), TEXT_ARGS(name),
		TEXT_ARGS(filter->group->name), number);
	bool plain = kind == RULE_TEST;

	document_made(pack, out);
	document_pair(out, "title", text_of(arena_printf(pack->arena, "%.*s: %.*s", TEXT_ARGS(organization), TEXT_ARGS(name))));
	buffer_printf(out, "id: %.*s\n", TEXT_ARGS(sigma_id(pack, filter->rules.items[0], key)));
	document_pair(out, "description", filter->exception->reason);
	document_logsource(out, filter->group);
	buffer_string(out, "filter:\n    rules:\n");
	for (size_t i = 0; i < filter->rules.count; i++)
		buffer_printf(out, "        - %.*s\n", TEXT_ARGS(filter->rules.items[i]));
	buffer_text(out, buffer_view(&s.definitions));
	buffer_printf(out, plain ? "    condition: not %.*s\n" : "    condition: not (%.*s)\n", TEXT_ARGS(condition));
	selections_free(&s);
}

void filters_write(struct sigma_filters *filters)
{
	for (size_t i = 0; i < filters->count; i++)
		print_filter(filters, &filters->items[i], i);
}
