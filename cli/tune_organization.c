/* tune_organization: the organization as it would be with the proposed exceptions (see tune_organization.h). */
#include "cli/tune_organization.h"

static struct condition *parse(struct arena *arena, const struct catalog *catalog, const struct organization *organization,
	struct text source, struct diagnostics *d)
{
	struct scope scope = catalog_scope(catalog, organization);
	struct place place = {"a proposed exception", 1, 1};
	return condition_parse_expression(arena, &scope, source, place, 0, source, d);
}

static int fill(struct arena *arena, const struct catalog *catalog, const struct proposal *proposal, struct text condition,
	struct exception *exception, struct diagnostics *d)
{
	struct text *names = arena_array(arena, proposal->detection_count + 1, sizeof *names);
	for (size_t i = 0; i < proposal->detection_count; i++)
		names[i] = proposal->detections[i]->name;
	*exception = (struct exception){.name = proposal->name, .detections = {names, proposal->detection_count},
		.condition = parse(arena, catalog, proposal->organization, condition, d), .reason = proposal->reason};
	return exception->condition ? 0 : -1;
}

static struct organization *copy_with(struct arena *arena, const struct organization *from, struct exception *list, size_t count)
{
	struct organization *organization = arena_alloc(arena, sizeof *organization);
	*organization = *from;
	organization->exceptions = list;
	organization->exception_count = count;
	return organization;
}

const struct organization *tune_organization(struct arena *arena, const struct catalog *catalog,
	const struct proposals *proposals, struct diagnostics *d)
{
	const struct organization *from = proposals->organization;
	size_t count = from->exception_count;
	struct exception *list = arena_array(arena, count + proposals->count + 1, sizeof *list);
	for (size_t i = 0; i < from->exception_count; i++)
		list[i] = from->exceptions[i];
	for (size_t i = 0; i < proposals->count; i++)
		if (fill(arena, catalog, &proposals->items[i], proposals->items[i].condition, &list[count++], d))
			return NULL;
	return copy_with(arena, from, list, count);
}

const struct organization *tune_organization_of_parts(struct arena *arena, const struct catalog *catalog,
	const struct proposals *proposals, struct diagnostics *d)
{
	size_t all = 0, count = 0;
	for (size_t i = 0; i < proposals->count; i++)
		all += proposals->items[i].part_count;
	struct exception *list = arena_array(arena, all + 1, sizeof *list);
	for (size_t i = 0; i < proposals->count; i++)
		for (size_t k = 0; k < proposals->items[i].part_count; k++)
			if (fill(arena, catalog, &proposals->items[i], proposals->items[i].parts[k], &list[count++], d))
				return NULL;
	return copy_with(arena, proposals->organization, list, count);
}

static bool is_taken(const struct proposals *proposals, size_t before, struct text name)
{
	const struct organization *organization = proposals->organization;
	for (size_t i = 0; i < organization->exception_count; i++)
		if (text_equal(organization->exceptions[i].name, name))
			return true;
	for (size_t i = 0; i < before; i++)
		if (text_equal(proposals->items[i].name, name))
			return true;
	return false;
}

void tune_name_apart(struct proposals *proposals)
{
	enum { NAME_MOST = 90 }; /* a slug has 100 bytes at most; the rest is for the number */
	for (size_t i = 0; i < proposals->count; i++) {
		struct text base = proposals->items[i].name;
		if (base.length > NAME_MOST) {
			base.length = NAME_MOST;
			while (base.length > 0 && base.data[base.length - 1] == '-')
				base.length--;
		}
		for (unsigned number = 2; is_taken(proposals, i, proposals->items[i].name); number++)
			proposals->items[i].name = text_of(arena_printf(&proposals->arena, "%.*s-%u", TEXT_ARGS(base), number));
	}
}
